// SPDX-License-Identifier: Apache-2.0
/// \file
/// The semantics of a conversion from its results alone: which rule an implementation follows, and
/// what is wrong with one that follows none. spec/diagnosis.md DIA-1.
#ifndef LOWP_GOLDEN_IDENTIFY_CONVERSION_HPP
#define LOWP_GOLDEN_IDENTIFY_CONVERSION_HPP

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <lowp/hardware/all_rules.hpp>

#include "identify_conversion_findings.hpp"
#include "identify_conversion_fit.hpp"
#include "identify_conversion_random.hpp"

namespace lowp::golden {

/// What an implementation turned out to do.
struct identified_conversion {
  /// As the registry would write it, with the name of the first registered rule that agrees; else
  /// the name is "identified".
  conversion_rule rule{};
  std::vector<std::string> names;  ///< registered rules that agree on every case
  std::uint64_t cases = 0;         ///< cases asked
  std::uint64_t supporting = 0;    ///< cases in which the rule gives what was returned
  bool complete = false;           ///< every input of the source was asked
  std::vector<finding> findings;   ///< what the rule does not explain
};

namespace detail {

inline std::vector<conversion_case> ask_cases(const conversion_question& q, const black_box& box,
                                              const identify_options& options) {
  std::vector<conversion_case> cases;
  if (q.has_random) {
    cases = random_cases(q, options);
  } else if (q.from.width <= exhaustive_width) {
    for (code_t c = 0; c <= low_mask(q.from.width); ++c) cases.push_back({c, 0, 0});
  } else {
    for (const code_t c : directed_codes(q.from, q.to, options.seed)) cases.push_back({c, 0, 0});
    constexpr int few_results = 8;
    if (q.to.width <= few_results) ask_steps(q, box, cases);
    for (std::uint64_t i = 0; cases.size() < options.max_cases; ++i) {
      cases.push_back({random_code(q.from, q.to, options.seed, i), 0, 0});
    }
  }
  ask(q, box, cases);
  return cases;
}

inline std::vector<finding> differences(const conversion_rule& claim, bool has_random,
                                        std::span<const cell> cells) {
  explainer causes{claim, deviation_list{claim}.take()};
  const std::vector<explained_cell> failing = causes.explain(cells);
  return finding_list{claim, has_random, causes}.make(failing);
}

inline bool agrees(const conversion_rule& rule, std::span<const conversion_case> cases) {
  return std::all_of(cases.begin(), cases.end(), [&](const conversion_case& c) {
    return lowp::apply(rule, c.code, c.random) == c.got;
  });
}

}  // namespace detail

/// Infers the rule that an implementation follows. Sources of up to 16 bits are asked completely
/// (but for random bits), wider ones at every kind of boundary and at random.
inline identified_conversion identify(const conversion_question& question, const black_box& box,
                                      const identify_options& options = {}) {
  const std::vector<conversion_case> cases = detail::ask_cases(question, box, options);
  const std::vector<detail::cell> cells = detail::make_cells(question.from, question.to, cases);
  detail::projection_fit fit{question, cells};
  identified_conversion out;
  out.rule = fit.run();
  out.cases = cases.size();
  out.supporting = fit.supporting();
  out.complete = !question.has_random && question.from.width <= detail::exhaustive_width;
  for (const conversion_rule& rule : all_conversion_rules) {
    if (rule.from != question.from || rule.to != question.to) continue;
    if (is_stochastic(rule.last.round) && !question.has_random) continue;
    if (detail::agrees(rule, cases)) out.names.push_back(rule.name);
    if (out.names.size() == 1 && out.names.front() == rule.name) out.rule.name = rule.name;
  }
  if (out.supporting != out.cases) {
    out.findings = detail::differences(out.rule, question.has_random, cells);
  }
  return out;
}

/// In what an implementation differs from the rule that it claims to follow; empty where it does
/// not. It takes a word of random bits if the claim is stochastic.
inline std::vector<finding> diagnose(const conversion_rule& claim, const black_box& box,
                                     const identify_options& options = {}) {
  const bool has_random =
      is_stochastic(claim.last.round) || (rounds_twice(claim) && is_stochastic(claim.first.round));
  const conversion_question question{claim.from, claim.to, has_random};
  const std::vector<conversion_case> cases = detail::ask_cases(question, box, options);
  return detail::differences(claim, has_random, detail::make_cells(claim.from, claim.to, cases));
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_IDENTIFY_CONVERSION_HPP
