// SPDX-License-Identifier: Apache-2.0
#include "patterns.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include <lowp/lowp.hpp>

#include "../code_text.hpp"

namespace lowp::tool {

namespace {

// Classes without sign, as sets of those of IEEE 754.
struct kind {
  value_class of[2];
  const char* words;
  bool has(const format& f, code_t code) const {
    const value_class c = classify(f, code);
    return c == of[0] || c == of[1];
  }
};
constexpr kind nans{{value_class::signalling_nan, value_class::quiet_nan}, "NaN"};
constexpr kind kinds[] = {
    nans,
    {{value_class::signalling_nan, value_class::signalling_nan}, "a signalling NaN"},
    {{value_class::positive_infinity, value_class::negative_infinity}, "infinite"},
    {{value_class::positive_zero, value_class::negative_zero}, "zero"},
    {{value_class::positive_subnormal, value_class::negative_subnormal}, "subnormal"},
};

// A class of operands or of expected results.
struct input_class {
  std::string words;
  std::function<bool(const judged_case&)> holds;
};

std::vector<input_class> input_classes(const claim& c) {
  std::vector<input_class> out;
  std::size_t at = 0;
  for (const field& f : c.in) {
    const std::size_t begin = at;
    const std::size_t end = at += f.count;
    if (f.random || f.count == 0) continue;
    const std::string who = f.count == 1 ? f.name : "an element of " + f.name;
    for (const kind& k : kinds) {
      out.push_back({fmt::format("{} is {}", who, k.words), [=, of = f.of](const judged_case& x) {
                       return std::any_of(x.in + begin, x.in + end,
                                          [&](code_t code) { return k.has(of, code); });
                     }});
    }
    out.push_back({fmt::format("{} is negative", who), [=, of = f.of](const judged_case& x) {
                     return std::any_of(x.in + begin, x.in + end, [&](code_t code) {
                       const exact value = decode(of, code);
                       return value.negative && value.cls != number_class::nan;
                     });
                   }});
  }
  if (code_count(c.out) != 1) return out;
  const format of = c.out[0].of;
  for (const kind& k : kinds) {
    out.push_back({fmt::format("the expected result is {}", k.words),
                   [=](const judged_case& x) { return k.has(of, *x.expected); }});
  }
  return out;
}

std::size_t first_difference(const claim& c, const judged_case& x) {
  return static_cast<std::size_t>(
      std::mismatch(x.got, x.got + code_count(c.out), x.expected).first - x.got);
}

// What became of the result in one case, in all words that fit.
std::vector<std::string> outcomes_of(const claim& c, const judged_case& x) {
  const std::size_t k = first_difference(c, x);
  const format f = code_format(c.out, k);
  const code_t expected = x.expected[k];
  const code_t got = x.got[k];
  std::vector<std::string> out;
  for (const kind& k : kinds) {
    if (k.has(f, got)) out.push_back(fmt::format("the result is {}", k.words));
  }
  if (is_nan(f, got) || is_nan(f, expected)) return out;
  const code_t sign = f.is_signed ? code_t{1} << (f.width - 1) : 0;
  if (f.kind == number_kind::minifloat && (expected ^ got) == sign) {
    out.emplace_back("the sign of the result is wrong");
    return out;
  }
  const code_t most = lowp::detail::low_mask(f.width);
  if (f.kind == number_kind::minifloat) {
    if (((expected ^ got) & sign) != 0) return out;
    const auto difference = static_cast<std::int64_t>(got & ~sign & most) -
                            static_cast<std::int64_t>(expected & ~sign & most);
    out.push_back(fmt::format("the magnitude is {} code{} too {}", std::abs(difference),
                              std::abs(difference) == 1 ? "" : "s",
                              difference > 0 ? "high" : "low"));
    out.emplace_back(difference > 0 ? "the magnitude is too great" : "the magnitude is too small");
  } else {
    out.push_back(fmt::format("the result is {} codes further modulo 2^{}", (got - expected) & most,
                              f.width));
  }
  const exact right = decode(f, expected);
  for (const int e : {1, -1, 2, -2, 8, -8}) {
    if (right.cls != number_class::finite) break;
    exact scaled = right;
    scaled.exponent += e;
    if (encode(f, scaled, {}) == got) {
      out.push_back(fmt::format("the result is 2^{} times the right one", e));
    }
  }
  return out;
}

}  // namespace

std::string common_pattern(const claim& c, const std::vector<judged_case>& wrong,
                           const std::vector<judged_case>& right) {
  if (wrong.empty()) return {};
  std::vector<std::string> words;
  for (const input_class& k : input_classes(c)) {
    if (!std::all_of(wrong.begin(), wrong.end(), k.holds)) continue;
    const auto others = std::count_if(right.begin(), right.end(), k.holds);
    if (2 * static_cast<std::size_t>(others) < right.size() || right.empty()) {
      words.push_back(k.words);
    }
  }
  std::vector<std::string> outcomes = outcomes_of(c, wrong.front());
  for (const judged_case& x : wrong) {
    const std::vector<std::string> mine = outcomes_of(c, x);
    std::erase_if(outcomes, [&](const std::string& o) {
      return std::find(mine.begin(), mine.end(), o) == mine.end();
    });
    if (outcomes.empty()) break;
  }
  // The first says most.
  if (!outcomes.empty()) words.push_back(outcomes.front());
  return fmt::format("{}", fmt::join(words, "; "));
}

}  // namespace lowp::tool
