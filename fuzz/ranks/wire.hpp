// SPDX-License-Identifier: Apache-2.0
/// \file
/// Results as bytes, for other ranks: CBOR (RFC 8949) of the members by name.
#ifndef LOWP_FUZZ_RANKS_WIRE_HPP
#define LOWP_FUZZ_RANKS_WIRE_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "../row_check.hpp"
#include "../verify.hpp"

namespace lowp::tool {

/// What one rank found in its chunks of a row.
struct share {
  tally found;
  std::uint64_t done = 0;  ///< chunks that were run to the end
  /// The first chunk that failed, and why; no words: none did.
  std::uint64_t failed = 0;
  std::string failure;

  /// Chunks of different ranks add up; of failures the first chunk's counts.
  void add(const share& other);
};

/// How fast a row is, or what failed when that was measured.
struct speed {
  std::size_t row = 0;
  double seconds_per_case = 0;
  std::string failure;
};

// Back from bytes; std::exception where they are none of these. Of a row's result all but the row
// itself, whose pointer is left null.
std::string to_bytes(const share& s);
std::string to_bytes(const std::vector<speed>& speeds);
std::string to_bytes(const std::vector<row_result>& results);
share share_of(const std::string& bytes);
std::vector<speed> speeds_of(const std::string& bytes);
std::vector<row_result> results_of(const std::string& bytes);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_RANKS_WIRE_HPP
