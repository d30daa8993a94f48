// SPDX-License-Identifier: Apache-2.0
#include "identify.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <lowp/golden/identify_conversion.hpp>
#include <lowp/golden/identify_mma.hpp>

#include "../projection_words.hpp"
#include "suspects.hpp"

namespace lowp::tool {

namespace {

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
  out.names = std::move(found.names);
  out.names.insert(out.names.end(), found.not_told_apart.begin(), found.not_told_apart.end());
  out.cases = found.cases;
  out.supporting = found.supporting;
  out.unexplained = std::move(found.unexplained);
  return out;
}

}  // namespace

identity identify(const implementation& row, const golden::black_box& box, std::uint64_t seed) {
  if (const auto* rule = std::get_if<conversion_rule>(&row.model)) {
    return identify_conversion(*rule, box, seed);
  }
  if (const auto* dot = std::get_if<dot_model>(&row.model)) {
    return identify_dot(dot->value, box, seed);
  }
  const claim c = claim_of(row.model);
  identity out;
  std::vector<golden::finding> findings = explain_by_suspects(c, box, seed, &out.cases);
  out.supporting = out.cases;
  if (findings.empty()) {
    out.words = {c.words + ", as claimed"};
    return out;
  }
  for (golden::finding& f : findings) {
    out.supporting -= f.cause.empty() ? f.cases : 0;
    if (f.cause.empty()) {
      out.unexplained.push_back(std::move(f));
    } else {
      out.words.push_back(f.cause);
    }
  }
  return out;
}

std::vector<golden::finding> diagnose_dot(const dot_model& claimed, const golden::black_box& box,
                                          std::uint64_t seed) {
  const claim c = claim_of(golden_model(claimed));
  std::vector<golden::finding> differing = explain_by_suspects(c, box, seed);
  if (differing.empty()) return differing;
  const identity found = identify_dot(claimed.value, box, seed);
  golden::finding& f = differing.front();
  f.cause = fmt::format("{}", fmt::join(found.words, "; "));
  if (!found.names.empty()) f.cause += fmt::format("; that is {}", found.names.front());
  if (found.supporting != found.cases) {
    f.cause += fmt::format("; this explains {} of {} cases", found.supporting, found.cases);
  }
  return differing;
}

}  // namespace lowp::tool
