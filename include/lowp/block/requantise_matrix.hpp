// SPDX-License-Identifier: Apache-2.0
/// \file
/// A block-quantised matrix to another one, transposed or not: its numbers, quantised anew. What
/// training needs, where the same tensor is an operand along both of its dimensions.
/// spec/blocks.md BLS-20.
#ifndef LOWP_BLOCK_REQUANTISE_MATRIX_HPP
#define LOWP_BLOCK_REQUANTISE_MATRIX_HPP

#include "quantise_matrix.hpp"

namespace lowp {

namespace detail {

/// A row-major matrix becomes its transpose, along the cycles of the permutation.
LOWP_FN void transpose_in_place(float* x, matrix_shape s) noexcept {
  const std::uint64_t n = s.rows * s.columns;
  for (std::uint64_t start = 1; start + 1 < n; ++start) {
    // The entry that ends at place p was at (p mod rows) columns + p / rows.
    std::uint64_t p = start;
    do {
      p = p % s.rows * s.columns + p / s.rows;
    } while (p > start);
    if (p < start) continue;  // a cycle that was done
    const float first = x[start];
    for (p = start;;) {
      const std::uint64_t from = p % s.rows * s.columns + p / s.rows;
      if (from == start) break;
      x[p] = x[from];
      p = from;
    }
    x[p] = first;
  }
}

}  // namespace detail

/// The work room of a requantisation: `shape` numbers, row after row.
LOWP_FN std::uint64_t numbers_of(matrix_shape s) noexcept { return s.rows * s.columns; }

/// Reads a matrix of `shape` and writes it quantised anew; with `transpose` the result has as many
/// rows as the operand has columns. `outer` and `outer_amax` as for `dequantise_matrix` and
/// `quantise_matrix`; where the result has an outer scale its amax is that of the numbers read, as
/// they are in `room`, which holds `numbers_of(shape)`. BLS-20.
template <binary32_real Real = float32>
LOWP_FN block_matrix_error requantise_matrix(
    const block_matrix& from, const_block_buffers in, const Real* outer, matrix_shape shape,
    bool transpose, const block_quantisation& to, block_buffers out, float* room, Real* outer_amax,
    dequantise_steps steps = dequantise_steps::exact) noexcept {
  const matrix_shape after = transpose ? matrix_shape{shape.columns, shape.rows} : shape;
  block_matrix_error e = detail::check_numbers(
      to.to, after, after.columns, {out.data.size(), out.scales.size()}, outer_amax != nullptr);
  if (e == block_matrix_error::none) {
    e = dequantise_matrix<Real>(from, in, outer, {room, shape.columns, shape}, steps);
  }
  if (e != block_matrix_error::none) return e;
  if (transpose) detail::transpose_in_place(room, shape);
  const number_matrix<const float> numbers{room, after.columns, after};
  const block_format& f = to.to.f;
  for (std::uint64_t i = 0; f.outer != outer_scale::none && i < after.rows; ++i) {
    const bool row = f.outer == outer_scale::row;
    const number_matrix<const float> part{
        room + (row ? i * after.columns : 0), after.columns, {row ? 1 : after.rows, after.columns}};
    outer_amax[i] = outer_amax_of<Real>(to.recipe, part);
    if (!row) break;
  }
  return quantise_matrix<Real>(to, numbers, outer_amax, out);
}

}  // namespace lowp

#endif  // LOWP_BLOCK_REQUANTISE_MATRIX_HPP
