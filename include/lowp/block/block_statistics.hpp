// SPDX-License-Identifier: Apache-2.0
/// \file
/// What quantisation did to a block: for monitors and for choosing formats. spec/blocks.md BLS-21.
#ifndef LOWP_BLOCK_BLOCK_STATISTICS_HPP
#define LOWP_BLOCK_BLOCK_STATISTICS_HPP

#include <cstdint>

#include "quantise_matrix.hpp"

namespace lowp {

/// Of one block, or added up over many.
struct block_statistics {
  std::uint64_t elements = 0;
  std::uint64_t saturated = 0;   ///< |x| beyond the greatest value under the block's scale
  std::uint64_t flushed = 0;     ///< non-zero numbers whose value is zero
  std::uint64_t not_finite = 0;  ///< NaN and infinities among the numbers; they enter no sum
  std::uint64_t lost = 0;        ///< finite numbers whose value is not: poisoned blocks
  std::uint32_t amax = 0;        ///< bits of the greatest finite magnitude
  float64 squares{};             ///< sum of x^2
  float64 squared_errors{};      ///< sum of (x - value)^2

  /// Adds another block's.
  LOWP_FN block_statistics& operator+=(const block_statistics& b) noexcept {
    elements += b.elements;
    saturated += b.saturated;
    flushed += b.flushed;
    not_finite += b.not_finite;
    lost += b.lost;
    amax = amax > b.amax ? amax : b.amax;
    squares = squares + b.squares;
    squared_errors = squared_errors + b.squared_errors;
    return *this;
  }
  friend LOWP_FN bool operator==(const block_statistics&,
                                 const block_statistics&) noexcept = default;
};

namespace detail {

LOWP_FN void count_element(block_statistics& s, const block_format& f, code_t scale, code_t element,
                           int at, const exact& outer, const exact& x) noexcept {
  ++s.elements;
  if (x.cls == number_class::nan || x.cls == number_class::infinity) {
    ++s.not_finite;
    return;
  }
  const exact value = block_value(f, scale, element, at, outer);
  if (value.cls == number_class::nan || value.cls == number_class::infinity) {
    ++s.lost;
    return;
  }
  const auto amax =
      static_cast<std::uint32_t>(encode(formats::binary32, x)) & binary32_bits::magnitude;
  s.amax = s.amax > amax ? s.amax : amax;
  if (x.cls != number_class::zero && value.cls == number_class::zero) ++s.flushed;
  const exact top =
      block_value(f, scale, x.negative ? lowest(f.element) : max_finite(f.element), at, outer);
  if (compare_magnitudes(normalized(x), normalized(top)) == ordering::greater) ++s.saturated;
  const auto in64 = [](const exact& e) { return float64::from_code(encode(formats::binary64, e)); };
  const float64 number = in64(x);
  const float64 error = in64(evaluate<operation::subtract>({}, x, value).value);
  s.squares = s.squares + number * number;
  s.squared_errors = s.squared_errors + error * error;
}

}  // namespace detail

/// Statistics of block (i, j) of a quantised matrix beside the numbers that it was made of. `outer`
/// is the outer scale P of its row. Sums in binary64, in order of rows and columns.
LOWP_FN block_statistics statistics_of_block(const block_matrix& m, const_block_buffers b,
                                             const number_matrix<const float>& in, std::uint64_t i,
                                             std::uint64_t j, float32 outer) noexcept {
  const block_places places(m.layout, in.shape);
  const block_extent e = extent_of(m.f, in.shape, i, j);
  const code_t scale = places.read_scale_at(b, places.scales().place(i, j));
  const exact P = m.f.outer == outer_scale::none ? exact_finite(false, 1, 0) : decode(outer);
  block_statistics s;
  for (int r = 0; r < e.rows; ++r) {
    for (int c = 0; c < e.columns; ++c) {
      const std::uint64_t row = i * m.f.rows + static_cast<std::uint64_t>(r);
      const std::uint64_t column = j * m.f.columns + static_cast<std::uint64_t>(c);
      const code_t element = places.read_element_at(b, places.elements().place(row, column));
      detail::count_element(s, m.f, scale, element, r * m.f.columns + c, P,
                            decode(in.x[row * in.stride + column]));
    }
  }
  return s;
}

/// Of all blocks of a matrix, added up row by row of blocks. BLS-21.
LOWP_FN block_statistics statistics_of(const block_matrix& m, const_block_buffers b,
                                       const float32* outer,
                                       const number_matrix<const float>& in) noexcept {
  const matrix_shape blocks = scale_shape(m.layout, in.shape);
  block_statistics all;
  for (std::uint64_t i = 0; i < blocks.rows; ++i) {
    for (std::uint64_t j = 0; j < blocks.columns; ++j) {
      const float32 P =
          m.f.outer == outer_scale::none ? float32{} : outer_of(m.f, outer, i * m.f.rows);
      all += statistics_of_block(m, b, in, i, j, P);
    }
  }
  return all;
}

}  // namespace lowp

#endif  // LOWP_BLOCK_BLOCK_STATISTICS_HPP
