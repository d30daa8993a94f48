// SPDX-License-Identifier: Apache-2.0
#include "diagnose.hpp"

#include <iterator>

#include <fmt/format.h>

#include <lowp/golden/identify_conversion.hpp>

#include "box.hpp"
#include "identify.hpp"
#include "randomness.hpp"
#include "suspects.hpp"
#include "tail.hpp"

namespace lowp::tool {

namespace {

// Of an implementation that treats all places of a batch alike.
std::vector<golden::finding> diagnose_box(const implementation& row, const claim& c,
                                          const golden::black_box& box, std::uint64_t seed) {
  if (const auto* rule = std::get_if<conversion_rule>(&row.model)) {
    golden::identify_options options;
    options.seed = seed;
    return golden::diagnose(*rule, box, options);
  }
  if (const auto* dot = std::get_if<dot_model>(&row.model)) return diagnose_dot(*dot, box, seed);
  return explain_by_suspects(c, box, seed);
}

}  // namespace

std::vector<golden::finding> diagnose(const implementation& row, std::uint64_t seed) {
  const claim c = claim_of(row.model);
  if (c.own_random) {
    std::vector<golden::finding> out = audit_randomness(row, c, seed);
    for (golden::finding& f : explain_by_suspects(c, box_of(row), seed)) {
      out.push_back(std::move(f));
    }
    return out;
  }
  const auto place = row.any_length ? find_place_dependence(row, c, seed) : std::nullopt;
  if (!place) return diagnose_box(row, c, box_of(row), seed);
  golden::finding f;
  f.inputs = "batches of any length";
  f.cause = words(*place);
  f.cases = 1;
  f.in = place->in;
  f.expected = place->among;
  f.got = place->alone;
  std::vector<golden::finding> out{f};
  // Body and tail one by one.
  const std::size_t body = place->width == 0 ? 64 : place->width;
  for (const auto& [name, length] : {std::pair{"body", body}, {"tail", std::size_t{1}}}) {
    for (golden::finding& part :
         diagnose_box(row, c, box_of(row, {.cases_per_batch = length}), seed)) {
      part.inputs = fmt::format("{}: {}", name, part.inputs);
      out.push_back(std::move(part));
    }
  }
  return out;
}

}  // namespace lowp::tool
