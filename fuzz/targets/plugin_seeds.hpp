// SPDX-License-Identifier: Apache-2.0
/// \file
/// Seeds of the fuzz target for plug-ins, from the directed cases of a claim. GLD-16.
#ifndef LOWP_FUZZ_TARGETS_PLUGIN_SEEDS_HPP
#define LOWP_FUZZ_TARGETS_PLUGIN_SEEDS_HPP

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "../vectors/coverage_counts.hpp"
#include "../vectors/vector_claim.hpp"

namespace lowp::tool {

/// The operands of a case as the target reads them: each code in the bytes of its array.
inline std::string operand_bytes(const claim& c, const code_t* operands) {
  std::string bytes;
  for (const field& f : c.in) {
    for (std::size_t j = 0; j < f.count; ++j, ++operands) {
      for (std::size_t b = 0; b < f.bytes(); ++b) bytes += static_cast<char>(*operands >> 8 * b);
    }
  }
  return bytes;
}

/// Directed cases, each of which hits a class of lowp vectors --coverage that none before it hit,
/// then some of them in batches.
inline std::vector<std::string> seeds_of(const vector_claim& v) {
  constexpr std::uint64_t most_directed = 1 << 14;
  constexpr std::size_t batches = 8, of_batch = 17;
  const auto classes_hit = [](const coverage_counts& coverage) {
    std::size_t n = 0;
    for (const class_counts& c : coverage.counts()) {
      for (const auto& [name, count] : c.classes) n += count != 0;
    }
    return n;
  };
  std::vector<code_t> operands(v.operands()), results(v.results());
  coverage_counts coverage(v);
  std::size_t hit = 0;
  std::vector<std::string> found;
  const std::uint64_t directed = v.functions.directed;
  for (std::uint64_t i = 0; i < std::min(directed, most_directed); ++i) {
    // From all over them.
    v.functions.make(1, i * 0x9e3779b1 % directed, operands.data());
    v.functions.golden(operands.data(), results.data());
    coverage.add(operands.data(), results.data());
    const std::size_t now = classes_hit(coverage);
    if (now != hit || i == 0) found.push_back(operand_bytes(v.functions, operands.data()));
    hit = now;
  }
  const std::size_t single = found.size();
  for (std::size_t b = 0; single != 0 && b < batches; ++b) {
    std::string all;
    for (std::size_t i = 0; i < of_batch; ++i) all += found[(b * of_batch + i) % single];
    found.push_back(all);
  }
  return found;
}

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_TARGETS_PLUGIN_SEEDS_HPP
