// SPDX-License-Identifier: Apache-2.0
/// \file
/// The numbers of one block, and their greatest magnitudes.
#ifndef LOWP_BLOCK_BLOCK_INPUT_HPP
#define LOWP_BLOCK_BLOCK_INPUT_HPP

#include <cstddef>
#include <cstdint>

#include "../binary32.hpp"
#include "block_recipe.hpp"

namespace lowp {

/// The numbers of a block, or of the part of one that is in the matrix: rows x columns of them, a
/// row begins `stride` numbers after the one before.
template <binary32_real Real>
struct block_input {
  const Real* x;
  std::size_t stride;
  int rows;
  int columns;

  LOWP_FN Real operator()(int row, int column) const noexcept {
    return x[static_cast<std::size_t>(row) * stride + static_cast<std::size_t>(column)];
  }
};

/// What a block holds, as far as its scale depends on it.
struct block_summary {
  std::uint32_t amax = 0;           ///< bits of the greatest magnitude that counts
  std::uint32_t positive_amax = 0;  ///< of the numbers above zero
  bool poisoned = false;            ///< by a NaN or an infinity
  bool unit = false;                ///< an infinity makes the scale 1
};

/// The amax of a block under the recipe's rules for NaN and infinity. spec/blocks.md BLS-11.
template <binary32_real Real>
LOWP_FN block_summary summarise(const block_recipe& r, const block_input<Real>& in) noexcept {
  constexpr std::uint32_t infinity = binary32_bits::infinity;
  block_summary s;
  for (int i = 0; i < in.rows; ++i) {
    for (int j = 0; j < in.columns; ++j) {
      const std::uint32_t a = magnitude_of(in(i, j));
      if (a >= infinity) {
        const special_rule rule = a == infinity ? r.infinity : r.nan;
        if (rule == special_rule::poison) s.poisoned = true;
        if (rule == special_rule::unit) s.unit = true;
        if (rule != special_rule::join) continue;
      }
      if (a > s.amax) s.amax = a;
      if (a > s.positive_amax && real_bits(in(i, j)) >> 31 == 0) s.positive_amax = a;
    }
  }
  if (s.amax < r.least_amax) s.amax = r.least_amax;
  return s;
}

namespace detail {

/// The greatest finite magnitude among the elements of a row from `first` on, `group` of them.
template <binary32_real Real>
LOWP_FN std::uint32_t group_amax(const block_input<Real>& in, int row, int first,
                                 int group) noexcept {
  std::uint32_t amax = 0;
  for (int j = first; j < first + group && j < in.columns; ++j) {
    const std::uint32_t a = magnitude_of(in(row, j));
    if (a < binary32_bits::infinity && a > amax) amax = a;
  }
  return amax;
}

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_BLOCK_BLOCK_INPUT_HPP
