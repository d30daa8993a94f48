// SPDX-License-Identifier: Apache-2.0
/// \file
/// Implementations whose results depend on where in a batch a case stands.
#ifndef LOWP_FUZZ_DIAGNOSIS_TAIL_HPP
#define LOWP_FUZZ_DIAGNOSIS_TAIL_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "../claim.hpp"
#include "../implementation.hpp"

namespace lowp::tool {

/// A case whose result depends on its place.
struct place_dependence {
  std::vector<code_t> in;
  std::vector<code_t> alone;  ///< its result in a batch of one
  std::vector<code_t> among;  ///< in the middle of a long batch
  /// Of a vector body with a scalar tail: cases from width floor(n / width) on are treated as in a
  /// batch of one. 0: another pattern.
  std::size_t width = 0;
};

/// Nothing if no case was found to depend on its place.
std::optional<place_dependence> find_place_dependence(const implementation& row, const claim& c,
                                                      std::uint64_t seed);

/// In words: "elements at index >= 8 floor(n/8) ...".
std::string words(const place_dependence& p);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_DIAGNOSIS_TAIL_HPP
