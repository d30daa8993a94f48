// SPDX-License-Identifier: Apache-2.0
/// \file
/// One block: from numbers to a scale and element codes. The definition that simd/ repeats in bulk.
/// spec/blocks.md BLS-8.
#ifndef LOWP_BLOCK_QUANTISE_BLOCK_HPP
#define LOWP_BLOCK_QUANTISE_BLOCK_HPP

#include <cstdint>

#include "scale_search.hpp"

namespace lowp {

/// Quantises a block: writes the codes of its elements, row by row with `f.columns` from one row to
/// the next, and returns its scale bits. `outer_amax`: amax of the tensor or row for formats with
/// an outer scale, as the caller measured it; ignored by others. BLS-8.
template <binary32_real Real>
LOWP_FN code_t quantise_block(const block_format& f, const block_recipe& r,
                              const block_input<Real>& in, Real outer_amax, std::uint16_t* codes,
                              const block_random& random = {}) noexcept {
  const block_summary s = summarise(r, in);
  if (s.poisoned || detail::is_beyond(f, r, s)) {
    const auto nan = static_cast<std::uint16_t>(encode(f.element, exact_nan(), r.element));
    for (int i = 0; i < in.rows; ++i) {
      for (int j = 0; j < in.columns; ++j) codes[i * f.columns + j] = nan;
    }
    return canonical_nan(f.scale);
  }
  const auto q = detail::best_choice(f, r, in, s, outer_amax, random);
  for (int i = 0; i < in.rows; ++i) {
    for (int j = 0; j < in.columns; ++j) {
      const int at = i * f.columns + j;
      codes[at] = static_cast<std::uint16_t>(q(in(i, j), at, random.word(r.element, i, j)));
    }
  }
  return q.scale;
}

}  // namespace lowp

#endif  // LOWP_BLOCK_QUANTISE_BLOCK_HPP
