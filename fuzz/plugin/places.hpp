// SPDX-License-Identifier: Apache-2.0
/// \file
/// Wrong results by their place in short batches: tails, bodies and lanes of vector loops.
#ifndef LOWP_FUZZ_PLUGIN_PLACES_HPP
#define LOWP_FUZZ_PLUGIN_PLACES_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "conduct.hpp"

namespace lowp::tool {

/// How often a result was wrong at every place of batches of 1...longest_short cases.
class place_counts {
 public:
  void count(const place_in_batch& p);
  void add(const place_counts& other);
  /// Wrong results at one place; place < length <= longest_short.
  std::uint64_t wrong(std::size_t length, std::size_t place) const;
  /// All counts, by length and then place; empty: none.
  std::vector<std::uint64_t>& counts() { return wrong_; }

 private:
  std::vector<std::uint64_t> wrong_;  // empty: none
};

/// "index >= 8 floor(n/8) in batches of n cases: the tail differs from the body (width 8)": the
/// narrowest known pattern that all wrong places lie in, if they fill most of it; else empty.
std::string describe_places(const place_counts& counts);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PLUGIN_PLACES_HPP
