// SPDX-License-Identifier: Apache-2.0
/// \file
/// Chunks of arrays, one for each rank. spec/collectives.md COL-23.
#ifndef LOWP_COLLECTIVE_CHUNKS_HPP
#define LOWP_COLLECTIVE_CHUNKS_HPP

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "collective_options.hpp"
#include "collective_random.hpp"
#include "partition.hpp"
#include "wire_coder.hpp"

namespace lowp {

namespace detail {

/// Chunks of an array, one for each rank, end to end.
class chunk_places {
 public:
  /// Throws `array_error` unless there are `ranks` chunks that fill `numbers`.
  chunk_places(const char* function, const char* name, std::span<const std::uint64_t> counts,
               std::uint64_t numbers, std::uint32_t ranks, std::uint32_t row)
      : counts_(counts.begin(), counts.end()) {
    std::uint64_t at = 0, index = 0;
    for (const std::uint64_t n : counts) {
      place_.push_back(at);
      index_.push_back(index);
      if (n > numbers - at) break;
      at += n;
      index += n / row * row + (n % row != 0 ? row : 0);
    }
    if (counts.size() == ranks && place_.size() == ranks && at == numbers) return;
    throw array_error(std::string(function) + ": " + name + " has " + std::to_string(numbers) +
                      " numbers, its " + std::to_string(counts.size()) + " counts for " +
                      std::to_string(ranks) + " ranks must add up to that");
  }

  /// Where the chunk of a rank is in the array.
  index_range in_array(std::uint32_t rank) const { return {place_[rank], counts_[rank]}; }
  /// Its numbers for the random source: every chunk begins at a whole row.
  index_range in_tensor(std::uint32_t rank) const { return {index_[rank], counts_[rank]}; }

 private:
  std::vector<std::uint64_t> counts_, place_, index_;
};

template <class Number>
std::span<Number> chunk_of(std::span<Number> all, index_range r) {
  return all.subspan(r.first, r.count);
}

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_CHUNKS_HPP
