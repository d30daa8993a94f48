// SPDX-License-Identifier: Apache-2.0
#include "identify.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <lowp/golden/identify_conversion.hpp>
#include <lowp/golden/identify_mma.hpp>

#include "../model_words.hpp"
#include "../projection_words.hpp"
#include "box.hpp"
#include "diagnose.hpp"
#include "suspects.hpp"
#include "tail.hpp"

namespace lowp::tool {

namespace {

// As `lowp claims` reads it.
std::string rule_words(const conversion_rule& rule) {
  std::string out = fmt::format("convert {} {}", format_name(rule.from), format_name(rule.to));
  if (rounds_twice(rule)) {
    out += fmt::format(" via={}", format_name(rule.via));
    std::string first = projection_words(rule.first);
    if (!first.empty()) {
      for (std::size_t at = 0; (at = first.find(' ', at)) != std::string::npos; at += 5) {
        first.replace(at, 1, " via.");
      }
      out += " via." + first;
    }
  }
  const std::string last = projection_words(rule.last);
  return last.empty() ? out : out + ' ' + last;
}

identity identify_conversion(const conversion_rule& claimed, const golden::black_box& box,
                             std::uint64_t seed) {
  golden::identify_options options;
  options.seed = seed;
  golden::identified_conversion found =
      golden::identify({claimed.from, claimed.to, is_stochastic(claimed.last.round)}, box, options);
  identity out;
  out.words.push_back(operation_text(golden_model(found.rule)));
  out.model = rule_words(found.rule);
  out.names = std::move(found.names);
  out.cases = found.cases;
  out.supporting = found.supporting;
  out.unexplained = std::move(found.findings);
  return out;
}

identity identify_dot(const mma_model& claimed, const golden::black_box& box, std::uint64_t seed) {
  golden::mma_options options;
  options.seed = seed;
  golden::identified_mma found = golden::identify(golden::question_of(claimed), box, options);
  identity out;
  out.words = std::move(found.words);
  out.model = fmt::format("{}", fmt::join(model_words(found.model), ", "));
  out.names = std::move(found.names);
  out.not_told_apart = std::move(found.not_told_apart);
  out.cases = found.cases;
  out.supporting = found.supporting;
  out.unexplained = std::move(found.unexplained);
  return out;
}

// Of an operation that is not inferred: as claimed, or what is wrong with it.
identity identify_other(const claim& c, bool open, std::vector<golden::finding> findings,
                        std::uint64_t cases) {
  identity out;
  out.cases = cases;
  out.supporting = cases;
  if (findings.empty()) out.words = {open ? c.words : c.words + ", as claimed"};
  for (golden::finding& f : findings) {
    if (f.cause.empty()) {
      out.supporting -= std::min(out.supporting, f.cases);
      out.unexplained.push_back(std::move(f));
    } else {
      out.words.push_back(f.cause);
    }
  }
  if (out.words.empty()) out.words = {c.words};
  return out;
}

bool all_explained(const std::vector<golden::finding>& findings) {
  return std::all_of(findings.begin(), findings.end(),
                     [](const golden::finding& f) { return !f.cause.empty(); });
}

// What the claim with the mistakes of a diagnosis says, where the inference leaves cases over.
void prefer_claim(identity& found, const implementation& row, const golden::black_box& box,
                  std::uint64_t seed) {
  const auto* rule = std::get_if<conversion_rule>(&row.model);
  if (row.open || rule == nullptr || found.unexplained.empty()) return;
  golden::identify_options options;
  options.seed = seed;
  const std::vector<golden::finding> causes = golden::diagnose(*rule, box, options);
  if (causes.empty() || !all_explained(causes)) return;
  found.words = {operation_text(row.model) + ", as claimed, but:"};
  for (const golden::finding& f : causes) found.words.push_back(f.cause);
  found.model.clear();
  found.names.clear();
  found.unexplained.clear();
  found.cases = 0;
  found.supporting = 0;
}

// What no function of the operands of a case can be: a result that depends on the call or on the
// place in a batch.
std::optional<golden::finding> find_unsteady(const implementation& row, const claim& c,
                                             std::uint64_t seed) {
  constexpr std::size_t cases = 4096;
  const std::size_t n_in = code_count(c.in);
  std::vector<code_t> in(cases * n_in);
  for (std::size_t i = 0; i < cases; ++i) c.make(seed, c.directed + i, &in[i * n_in]);
  std::vector<code_t> first(cases * code_count(c.out));
  std::vector<code_t> second(first.size());
  const golden::black_box box = box_of(row);
  box(in, first);
  box(in, second);
  golden::finding f;
  if (first != second) {
    f.inputs = "equal calls give different results";
    return f;
  }
  const auto place = row.any_length ? find_place_dependence(row, c, seed) : std::nullopt;
  if (!place) return std::nullopt;
  f.inputs = words(*place);
  return f;
}

identity identify_steady(const implementation& row, const claim& c, std::uint64_t seed) {
  const golden::black_box box = box_of(row);
  if (const auto* rule = std::get_if<conversion_rule>(&row.model)) {
    identity found = identify_conversion(*rule, box, seed);
    prefer_claim(found, row, box, seed);
    return found;
  }
  if (const auto* dot = std::get_if<dot_model>(&row.model)) {
    return identify_dot(dot->value, box, seed);
  }
  std::uint64_t cases = 0;
  std::vector<golden::finding> findings = explain_by_suspects(c, box, seed, &cases);
  return identify_other(c, row.open, std::move(findings), cases);
}

}  // namespace

identity identify(const implementation& row, std::uint64_t seed) {
  const claim c = claim_of(row.model);
  if (c.own_random) return identify_other(c, row.open, diagnose(row, seed), 0);
  const auto unsteady = find_unsteady(row, c, seed);
  identity found = identify_steady(row, c, seed);
  if (unsteady) found.unexplained.push_back(*unsteady);
  return found;
}

std::vector<golden::finding> diagnose_dot(const dot_model& claimed, const golden::black_box& box,
                                          std::uint64_t seed) {
  const claim c = claim_of(golden_model(claimed));
  std::vector<golden::finding> differing = explain_by_suspects(c, box, seed);
  // Operands in other places are no matter of how sums are rounded.
  if (differing.empty() || all_explained(differing)) return differing;
  const identity found = identify_dot(claimed.value, box, seed);
  const std::string behaviour =
      fmt::format("{}{}", fmt::join(found.words, "; "),
                  found.names.empty() ? "" : "; that is " + found.names.front());
  golden::finding& f = differing.front();
  // A model is a cause if it gives nearly all results.
  if (20 * found.supporting >= 19 * found.cases) {
    differing.resize(1);
    f.cause = behaviour;
    if (found.supporting != found.cases) {
      f.cause += fmt::format("; this explains {} of {} cases", found.supporting, found.cases);
    }
  } else {
    f.inputs += fmt::format("; the nearest model gives {} of {} results: {}", found.supporting,
                            found.cases, behaviour);
  }
  return differing;
}

}  // namespace lowp::tool
