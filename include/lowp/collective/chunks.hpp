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
#include "pieces.hpp"
#include "wire_coder.hpp"

namespace lowp {

namespace detail {

/// Refuses a rank that is not of its group, and a codec that receivers would take for another.
inline void check_task(const char* function, rank_of self, const wire_codec& c) {
  check_rank(function, self);
  if (!has_right_id(c)) {
    throw array_error(std::string(function) + ": the codec has the id " + std::to_string(c.id) +
                      " of a registered one that reads other numbers");
  }
}

/// Chunks of an array, one for each rank, end to end.
class chunk_places {
 public:
  /// Throws `array_error` unless there are `ranks` counts of numbers that messages can have.
  chunk_places(const char* function, const char* name, std::span<const std::uint64_t> counts,
               std::uint64_t numbers, std::uint32_t ranks, std::uint32_t row)
      : counts_(counts.begin(), counts.end()), numbers_(numbers) {
    std::uint64_t index = 0;
    bool fits = counts.size() == ranks;
    for (const std::uint64_t n : counts) {
      place_.push_back(end_);
      index_.push_back(index);
      if (n > most_message_elements) fits = false;
      if (!fits) break;
      end_ += n;
      index += n / row * row + (n % row != 0 ? row : 0);
    }
    text_ = std::string(function) + ": " + name + " has " + std::to_string(numbers) +
            " numbers, its " + std::to_string(counts.size()) + " counts for " +
            std::to_string(ranks) + " ranks must add up to that";
    if (!fits) throw array_error(text_);
  }

  /// Tells an operation if the counts are not those of the numbers.
  void check(exchange& x) const {
    if (end_ != numbers_) x.refuse(text_);
  }

  /// Where the chunk of a rank is in the array.
  index_range in_array(std::uint32_t rank) const { return {place_[rank], counts_[rank]}; }
  /// Its numbers for the random source: every chunk begins at a whole row.
  index_range in_tensor(std::uint32_t rank) const { return {index_[rank], counts_[rank]}; }

 private:
  std::vector<std::uint64_t> counts_, place_, index_;
  std::uint64_t numbers_, end_ = 0;
  std::string text_;
};

template <class Number>
std::span<Number> chunk_of(std::span<Number> all, index_range r) {
  return all.subspan(r.first, r.count);
}

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_CHUNKS_HPP
