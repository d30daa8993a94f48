// SPDX-License-Identifier: Apache-2.0
/// \file
/// The random words of a block's elements.
#ifndef LOWP_BLOCK_BLOCK_RANDOM_HPP
#define LOWP_BLOCK_BLOCK_RANDOM_HPP

#include <cstdint>

#include "../pack/convert_array.hpp"

namespace lowp {

/// Random words of a block, for stochastic modes: word (i, j) is that of its element.
struct block_random {
  random_source source = {};
  std::uint64_t first = 0;   ///< index of element (0, 0)
  std::uint64_t stride = 0;  ///< from one row to the next
  std::uint64_t block = 0;   ///< index of the block, for `scale_rule::stochastic`

  LOWP_FN std::uint64_t word(const projection& p, int row, int column) const noexcept {
    const auto i = static_cast<std::uint64_t>(row), j = static_cast<std::uint64_t>(column);
    return random_word_of(p, source, first + i * stride + j);
  }
};

}  // namespace lowp

#endif  // LOWP_BLOCK_BLOCK_RANDOM_HPP
