// SPDX-License-Identifier: Apache-2.0
/// \file
/// Explained cells as findings: one for each deviation, with the inputs where it shows, their
/// number, the simplest example and the cause in words. spec/diagnosis.md DIA-6.
#ifndef LOWP_GOLDEN_IDENTIFY_CONVERSION_FINDINGS_HPP
#define LOWP_GOLDEN_IDENTIFY_CONVERSION_FINDINGS_HPP

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "finding.hpp"
#include "identify_conversion_explain.hpp"
#include "identify_conversion_outcomes.hpp"

namespace lowp::golden::detail {

/// Lower is simpler: positive, few fraction bits, near 1.
inline auto complexity(format f, const conversion_case& c) {
  const exact x = normalized(decode(f, c.code));
  return std::tuple{x.negative,
                    std::popcount(x.significand) > 3,
                    std::abs(binade(x)),
                    std::popcount(x.significand),
                    c.code,
                    c.random};
}

/// The findings of a claim from its failing cells.
class finding_list {
 public:
  finding_list(const conversion_rule& claim, bool has_random, const explainer& causes)
      : claim_{claim}, has_random_{has_random}, causes_{causes} {}

  std::vector<finding> make(std::span<const explained_cell> failing) {
    for (const explained_cell& f : failing) {
      if (!is_finite_class(f.where->key.cls)) {
        add_special(f);
      } else if (f.cause) {
        add_caused(f, *f.cause, f.wrong);
      } else {
        add_pattern(f, failing);
      }
    }
    std::vector<finding> out;
    for (const auto& [key, g] : groups_) out.push_back(finish(g));
    std::stable_sort(out.begin(), out.end(),
                     [](const finding& a, const finding& b) { return a.cases > b.cases; });
    if (claim_.from == claim_.to && !out.empty()) {
      out.front().cause.insert(0, "not an identity: ");
    }
    return out;
  }

 private:
  enum class group_kind : std::uint8_t { named, special, constant };
  struct group {
    group_kind kind = group_kind::named;
    std::string cause;  ///< of special inputs: the rule behind what they become, or empty
    std::vector<cell_key> cells;
    std::vector<conversion_case> cases;
  };

  void add(const std::string& key, group_kind kind, const std::vector<std::string>& causes,
           const cell_key& where, std::span<const conversion_case> cases) {
    if (cases.empty()) return;
    group& g = groups_[key];
    g.kind = kind;
    for (const std::string& cause : causes) {
      if (cause.empty() || g.cause.find(cause) != std::string::npos) continue;
      g.cause += (g.cause.empty() ? "" : "; ") + cause;
    }
    g.cells.push_back(where);
    g.cases.insert(g.cases.end(), cases.begin(), cases.end());
  }

  // The cases of a cell whose result changes without this deviation.
  std::vector<conversion_case> matters(const combination& all, std::size_t row,
                                       std::span<const conversion_case> cases) const {
    combination rest = all;
    std::erase(rest, row);
    const conversion_behaviour without = causes_.behaviour(rest);
    std::vector<conversion_case> out;
    for (const conversion_case& c : cases) {
      if (golden::apply(without, c.code, c.random) != c.got) out.push_back(c);
    }
    return out;
  }

  void add_caused(const explained_cell& f, const combination& all,
                  std::span<const conversion_case> cases) {
    const conversion_behaviour whole = causes_.behaviour(all);
    std::size_t most = 0;
    for (const std::size_t row : all) {
      const std::vector<conversion_case> here = matters(all, row, cases);
      most = std::max(most, here.size());
      const std::string text = causes_.list()[row].words(whole);
      add(text, group_kind::named, {text}, f.where->key, here);
    }
    if (most != 0 || all.empty()) return;  // else each alone would do
    const std::string text = causes_.list()[all.front()].words(whole);
    add(text, group_kind::named, {text}, f.where->key, cases);
  }

  // Zeros, infinities and NaNs: what they become, and by which rule. Signs, and kinds of NaN, that
  // do the same for the same reason are one finding.
  void add_special(const explained_cell& f) {
    std::vector<std::string> texts;
    std::string reason;
    if (f.cause) {
      const conversion_behaviour b = causes_.behaviour(*f.cause);
      for (const std::size_t row : *f.cause) {
        reason += std::to_string(row) + " ";
        if (matters(*f.cause, row, f.wrong).empty()) continue;
        texts.push_back(causes_.list()[row].words(b));
      }
    }
    if (stays_nan(f)) {
      if (texts.empty()) texts.push_back("NaN gives another NaN than claimed");
      return add("NaN " + reason, group_kind::named, texts, f.where->key, f.wrong);
    }
    std::string what = outcome_words(claim_.from, claim_.to, f.wrong);
    std::erase_if(what, [](char c) { return c == '-' || c == '+'; });
    const std::string cls =
        is_nan_class(f.where->key.cls) ? "NaN" : std::to_string(static_cast<int>(f.where->key.cls));
    add("special " + cls + what + reason, group_kind::special, texts, f.where->key, f.wrong);
  }

  bool stays_nan(const explained_cell& f) const {
    return is_nan_class(f.where->key.cls) &&
           std::all_of(f.wrong.begin(), f.wrong.end(), [&](const conversion_case& c) {
             return is_nan(claim_.to, c.got) && is_nan(claim_.to, expected(c));
           });
  }

  // A cell that nothing explains: on top of the claim or of what explains others, results that stay
  // constant, or a constant distance in codes.
  void add_pattern(const explained_cell& f, std::span<const explained_cell> failing) {
    std::set<combination> bases{combination{}};
    for (const explained_cell& other : failing) {
      if (other.cause && is_finite_class(other.where->key.cls)) bases.insert(*other.cause);
    }
    combination base;
    std::vector<conversion_case> rest = f.wrong;
    for (const combination& b : bases) {
      const conversion_behaviour how = causes_.behaviour(b);
      std::vector<conversion_case> left;
      for (const auto* part : {&f.wrong, &f.right}) {
        for (const conversion_case& c : *part) {
          if (golden::apply(how, c.code, c.random) != c.got) left.push_back(c);
        }
      }
      const bool better = pattern_rank(how, left) > pattern_rank(causes_.behaviour(base), rest);
      if (!better) continue;
      base = b;
      rest = std::move(left);
    }
    std::vector<conversion_case> patterned;
    std::vector<conversion_case> caused;
    for (const conversion_case& c : f.wrong) {
      const bool left = std::any_of(rest.begin(), rest.end(), [&](const conversion_case& r) {
        return r.code == c.code && r.random == c.random;
      });
      (left ? patterned : caused).push_back(c);
    }
    if (!patterned.empty()) add_rest(f, causes_.behaviour(base), patterned);
    if (!caused.empty()) add_caused(f, base, caused);
  }

  bool is_constant(std::span<const conversion_case> cases) const {
    return cases.size() > 1 &&
           std::all_of(cases.begin(), cases.end(), [&](const conversion_case& c) {
             return magnitude_of(claim_.to, c.got) == magnitude_of(claim_.to, cases.front().got);
           });
  }

  // The distance in codes, 0 if it is not the same everywhere.
  std::int64_t distance(const conversion_behaviour& how,
                        std::span<const conversion_case> cases) const {
    const auto of = [&](const conversion_case& c) {
      return static_cast<std::int64_t>(c.got - golden::apply(how, c.code, c.random));
    };
    const std::int64_t first = of(cases.front());
    const bool same = std::all_of(cases.begin(), cases.end(),
                                  [&](const conversion_case& c) { return of(c) == first; });
    return same ? first : 0;
  }

  int pattern_rank(const conversion_behaviour& how, std::span<const conversion_case> cases) const {
    return is_constant(cases) ? 2 : distance(how, cases) != 0 ? 1 : 0;
  }

  void add_rest(const explained_cell& f, const conversion_behaviour& how,
                std::span<const conversion_case> rest) {
    if (is_constant(rest)) {
      const std::string key =
          "constant " + value_words(claim_.to, magnitude_of(claim_.to, rest.front().got));
      return add(key, group_kind::constant, {}, f.where->key, rest);
    }
    std::string text;
    if (const std::int64_t steps = distance(how, rest); steps != 0) {
      const std::int64_t size = steps < 0 ? -steps : steps;
      text = (f.right.empty() ? "results are " : "some results are ") + std::to_string(size) +
             (size == 1 ? " code" : " codes") + (steps < 0 ? " too low" : " too high");
    }
    add("~" + text, group_kind::named, {text}, f.where->key, rest);
  }

  // "NaN codes 0x7f 0xff" for narrow formats; else the class.
  std::string input_words(const group& g) const {
    constexpr int narrow = 8;
    constexpr std::size_t few = 4;
    if (is_nan_class(g.cells.front().cls) && claim_.from.width <= narrow && g.cases.size() <= few) {
      std::string out = g.cases.size() == 1 ? "NaN code" : "NaN codes";
      for (const conversion_case& c : g.cases) out += " " + code_words(claim_.from, c.code);
      return out;
    }
    const std::string text = cell_words(claim_.from, claim_.to, g.cells);
    const bool infinite = g.cells.front().cls == input_class::infinity;
    return infinite ? "an infinite input (" + text + ")" : text;
  }

  std::string cause_words(const group& g) const {
    switch (g.kind) {
      case group_kind::named: return g.cause;
      case group_kind::constant: return constant_words(claim_.from, claim_.to, g.cases);
      case group_kind::special: break;
    }
    const std::string what =
        input_words(g) + " becomes " + outcome_words(claim_.from, claim_.to, g.cases);
    return g.cause.empty() ? what : what + " (" + g.cause + ")";
  }

  code_t expected(const conversion_case& c) const { return lowp::apply(claim_, c.code, c.random); }

  finding finish(const group& g) const {
    const auto& c = *std::min_element(
        g.cases.begin(), g.cases.end(), [&](const conversion_case& a, const conversion_case& b) {
          return complexity(claim_.from, a) < complexity(claim_.from, b);
        });
    finding f;
    f.inputs = cell_words(claim_.from, claim_.to, g.cells);
    f.cause = cause_words(g);
    f.cases = g.cases.size();
    f.in = has_random_ ? std::vector<code_t>{c.code, c.random} : std::vector<code_t>{c.code};
    f.expected = {expected(c)};
    f.got = {c.got};
    f.example = code_and_value(claim_.from, c.code);
    if (has_random_) f.example += " with random bits " + code_words(formats::binary32, c.random);
    f.example += " -> " + code_and_value(claim_.to, c.got) + ", expected " +
                 code_and_value(claim_.to, f.expected.front());
    return f;
  }

  conversion_rule claim_;
  bool has_random_;
  const explainer& causes_;
  std::map<std::string, group> groups_;
};

}  // namespace lowp::golden::detail

#endif  // LOWP_GOLDEN_IDENTIFY_CONVERSION_FINDINGS_HPP
