// SPDX-License-Identifier: Apache-2.0
/// \file
/// Matrices of binary32 numbers to block-quantised ones and back: the definition that simd/ repeats
/// in bulk. spec/blocks.md BLS-18.
#ifndef LOWP_BLOCK_QUANTISE_MATRIX_HPP
#define LOWP_BLOCK_QUANTISE_MATRIX_HPP

#include <cstddef>
#include <cstdint>

#include "../pack/matrix.hpp"
#include "../types.hpp"
#include "block_matrix.hpp"
#include "layout/convert_layout.hpp"
#include "quantise_block.hpp"

namespace lowp {

/// Everything that decides the bytes of a quantised matrix.
struct block_quantisation {
  block_matrix to;
  block_recipe recipe = {};
  random_source random = {};  ///< of stochastic modes
  /// Index of element (0, 0) for it: element (i, j) has that plus i columns + j. Blocks, which
  /// random scales ask for, are numbered row by row from the first that `first` has whole blocks
  /// before, `first / block_elements(to.f)`. BLS-18.
  std::uint64_t first = 0;
  /// Not 0: the matrix is part of one with so many columns, in which indices and blocks are
  /// counted: element (i, j) has index first + i stride + j. `first` is that of a block's corner.
  std::uint64_t stride = 0;

  friend LOWP_FN bool operator==(const block_quantisation&,
                                 const block_quantisation&) noexcept = default;
};

namespace detail {

/// The random words of block (i, j) of a matrix of this shape. BLS-18.
LOWP_FN block_random random_of_block(const block_quantisation& q, matrix_shape s, std::uint64_t i,
                                     std::uint64_t j) noexcept {
  const block_format& f = q.to.f;
  const auto size = static_cast<std::uint64_t>(block_elements(f));
  const std::uint64_t stride = q.stride != 0 ? q.stride : s.columns;
  const std::uint64_t across = pieces_of(stride, f.columns);
  const std::uint64_t before =
      q.stride == 0 ? q.first / size
                    : q.first / stride / f.rows * across + q.first % stride / f.columns;
  return {q.random, q.first + i * f.rows * stride + j * f.columns, stride, before + i * across + j};
}

/// The numbers of a block, contiguous.
template <binary32_real Real>
struct loaded_block {
  Real x[most_block_elements];

  LOWP_FN block_input<Real> load(const number_matrix<const float>& in, std::uint64_t row,
                                 std::uint64_t column, block_extent e) noexcept {
    for (int i = 0; i < e.rows; ++i) {
      const float* from = in.x + (row + static_cast<std::uint64_t>(i)) * in.stride + column;
      for (int j = 0; j < e.columns; ++j) x[i * e.columns + j] = real<Real>(from[j]);
    }
    return {x, static_cast<std::size_t>(e.columns), e.rows, e.columns};
  }
};

}  // namespace detail

/// amax of a matrix, or of one row, as an outer scale starts from it: NaN does not count, and
/// infinities only if they `join` in the recipe. BLS-3.
template <binary32_real Real = float32>
LOWP_FN Real outer_amax_of(const block_recipe& r, const number_matrix<const float>& in) noexcept {
  std::uint32_t amax = 0;
  for (std::uint64_t i = 0; i < in.shape.rows; ++i) {
    for (std::uint64_t j = 0; j < in.shape.columns; ++j) {
      const std::uint32_t a = magnitude_of(real<Real>(in.x[i * in.stride + j]));
      const bool counts = a < 0x7f800000 || (a == 0x7f800000 && r.infinity == special_rule::join);
      if (counts && a > amax) amax = a;
    }
  }
  return real_from_bits<Real>(amax);
}

/// The outer scale P that belongs to an amax T: what `dequantise_matrix` takes. BLS-3.
template <binary32_real Real>
LOWP_FN Real outer_scale_of(const block_format& f, const block_recipe& r, Real amax) noexcept {
  return detail::constants_of(f, r, amax).P;
}

/// The element of an array of one number for all rows, or one for each.
template <class Number>
LOWP_FN Number outer_of(const block_format& f, const Number* outer, std::uint64_t row) noexcept {
  return outer[f.outer == outer_scale::row ? row : 0];
}

namespace detail {

/// Which rule a matrix beside numbers of this shape breaks.
LOWP_FN block_matrix_error check_numbers(const block_matrix& m, matrix_shape s,
                                         std::uint64_t stride, block_bytes have,
                                         bool has_outer) noexcept {
  const block_matrix_error e = check(m, s, have);
  if (e != block_matrix_error::none) return e;
  if (s.rows > 1 && stride < s.columns) return block_matrix_error::stride;
  return m.f.outer != outer_scale::none && !has_outer ? block_matrix_error::outer
                                                      : block_matrix_error::none;
}

}  // namespace detail

/// Quantises the blocks of a matrix, one by one and in any order.
template <binary32_real Real>
class matrix_quantiser {
 public:
  /// As `quantise_matrix`, which see; all are kept by reference.
  LOWP_FN matrix_quantiser(const block_quantisation& q, const number_matrix<const float>& in,
                           const Real* outer_amax) noexcept
      : q_(q),
        in_(in),
        outer_amax_(outer_amax),
        places_(q.to.layout, in.shape),
        blocks_(scale_shape(q.to.layout, in.shape)) {}

  LOWP_FN const block_places& places() const noexcept { return places_; }
  LOWP_FN matrix_shape blocks() const noexcept { return blocks_; }

  /// Writes the scale and the elements of block (i, j).
  LOWP_FN void operator()(std::uint64_t i, std::uint64_t j, block_buffers out) noexcept {
    const block_format& f = q_.to.f;
    const std::uint64_t row = i * f.rows, column = j * f.columns;
    const block_extent e = extent_of(f, in_.shape, i, j);
    const Real T = f.outer == outer_scale::none ? Real{} : outer_of(f, outer_amax_, row);
    const block_random random = detail::random_of_block(q_, in_.shape, i, j);
    const code_t scale =
        quantise_block(f, q_.recipe, numbers_.load(in_, row, column, e), T, codes_, random);
    places_.write_scale_at(out, places_.scales().place(i, j), scale);
    for (int r = 0; r < e.rows; ++r) {
      for (int c = 0; c < e.columns; ++c) {
        const std::uint64_t place = places_.elements().place(
            row + static_cast<std::uint64_t>(r), column + static_cast<std::uint64_t>(c));
        places_.write_element_at(out, place, codes_[r * f.columns + c]);
      }
    }
  }

 private:
  const block_quantisation& q_;
  const number_matrix<const float>& in_;
  const Real* outer_amax_;
  block_places places_;
  matrix_shape blocks_;
  detail::loaded_block<Real> numbers_;
  std::uint16_t codes_[detail::most_block_elements];
};

/// Quantises a matrix. `outer_amax`: for formats with an outer scale the amax of the matrix, or of
/// each row; else unused. Buffers hold at least the bytes that `bytes_of` tells; all of those are
/// written, or none where an error is returned. BLS-18.
template <binary32_real Real = float32>
LOWP_FN block_matrix_error quantise_matrix(const block_quantisation& q,
                                           const number_matrix<const float>& in,
                                           const Real* outer_amax, block_buffers out) noexcept {
  const block_matrix_error e = detail::check_numbers(
      q.to, in.shape, in.stride, {out.data.size(), out.scales.size()}, outer_amax != nullptr);
  if (e != block_matrix_error::none) return e;
  if (check(q.to.f, q.recipe) != block_recipe_error::none) return block_matrix_error::recipe;
  clear(q.to.layout, out, in.shape);
  matrix_quantiser<Real> quantise(q, in, outer_amax);
  for (std::uint64_t i = 0; i < quantise.blocks().rows; ++i) {
    for (std::uint64_t j = 0; j < quantise.blocks().columns; ++j) quantise(i, j, out);
  }
  return block_matrix_error::none;
}

/// How a value becomes binary32. BLS-19.
enum class dequantise_steps : std::uint8_t {
  exact,        ///< the value of BLS-1 in one rounding
  scale_first,  ///< element (P b): torchao's NVFP4
  amax_first,   ///< element ((b T) (1 / (F M))): TransformerEngine's NVFP4; `outer` is T
};

namespace detail {

template <binary32_real Real>
LOWP_FN Real dequantised(const block_format& f, dequantise_steps steps, code_t scale,
                         code_t element, int at, Real outer) noexcept {
  if (steps == dequantise_steps::exact) {
    const exact P = decode(formats::binary32, real_bits(outer));
    const exact value = block_value(f, scale, element, at, P);
    return real_from_bits<Real>(static_cast<std::uint32_t>(encode(formats::binary32, value)));
  }
  const Real b = decode_real<Real>(f.scale, scale_code(f, scale));
  const Real e = decode_real<Real>(f.element, element);
  if (steps == dequantise_steps::scale_first) return e * (outer * b);
  const Real bound = decode_real<Real>(f.scale, max_finite(f.scale)) *
                     decode_real<Real>(f.element, max_finite(f.element));
  return e * ((b * outer) * (real<Real>(1.0f) / bound));
}

}  // namespace detail

/// The numbers of a quantised matrix. `outer`: the outer scale P of the matrix, or of each row,
/// for formats that have one (T for `amax_first`); else unused. Nothing is written where an error
/// is returned. BLS-19.
template <binary32_real Real = float32>
LOWP_FN block_matrix_error dequantise_matrix(
    const block_matrix& m, const_block_buffers in, const Real* outer,
    const number_matrix<float>& out, dequantise_steps steps = dequantise_steps::exact) noexcept {
  const block_matrix_error e = detail::check_numbers(
      m, out.shape, out.stride, {in.data.size(), in.scales.size()}, outer != nullptr);
  if (e != block_matrix_error::none) return e;
  const block_format& f = m.f;
  const block_places places(m.layout, out.shape);
  for (std::uint64_t i = 0; i < out.shape.rows; ++i) {
    const Real P = f.outer == outer_scale::none ? real<Real>(1.0f) : outer_of(f, outer, i);
    for (std::uint64_t j = 0; j < out.shape.columns; ++j) {
      const code_t scale =
          places.read_scale_at(in, places.scales().place(i / f.rows, j / f.columns));
      const code_t element = places.read_element_at(in, places.elements().place(i, j));
      const int at = static_cast<int>(i % f.rows * f.columns + j % f.columns);
      const Real y = detail::dequantised(f, steps, scale, element, at, P);
      out.x[i * out.stride + j] = detail::bit_cast<float>(real_bits(y));
    }
  }
  return block_matrix_error::none;
}

}  // namespace lowp

#endif  // LOWP_BLOCK_QUANTISE_MATRIX_HPP
