// SPDX-License-Identifier: Apache-2.0
/// \file
/// The arithmetic of codecs of wires, row by row: the definition that wire_coder.hpp repeats at
/// speed. Any bytes are a row; sizes are checked by the functions on spans.
/// spec/collectives.md COL-2.
#ifndef LOWP_COLLECTIVE_WIRE_DEFINITION_HPP
#define LOWP_COLLECTIVE_WIRE_DEFINITION_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "../block/block_value.hpp"
#include "../block/quantise_matrix.hpp"
#include "../integer/table/rowwise_convert.hpp"
#include "../pack/bytes.hpp"
#include "wire_codec.hpp"
#include "wire_position.hpp"

namespace lowp {

namespace detail {

template <binary32_real Real>
LOWP_FN void encode_numbers(const wire_codec& c, const Real* x, std::uint64_t n, std::byte* out,
                            const wire_position& at) noexcept {
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::uint64_t word = random_word_of(c.conversion, at.random, at.first + i);
    write_code(code_layout(c), out, i, encode_real(c.element, x[i], c.conversion, word));
  }
}

/// The greatest finite magnitude, or greatest with infinities that `join`. BLS-3.
template <binary32_real Real>
LOWP_FN Real outer_amax_of(const block_recipe& r, const Real* x, std::uint64_t n) noexcept {
  std::uint32_t amax = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::uint32_t a = magnitude_of(x[i]);
    const bool joins = a == binary32_bits::infinity && r.infinity == special_rule::join;
    if ((a < binary32_bits::infinity || joins) && a > amax) amax = a;
  }
  return real_from_bits<Real>(amax);
}

template <binary32_real Real>
LOWP_FN void encode_blocks(const wire_codec& c, const Real* x, std::uint64_t n, std::byte* out,
                           const wire_position& at) noexcept {
  const std::uint64_t columns = c.block.columns;
  const int scale_size = scale_bytes_of(c.block);
  std::byte* scales = out + bytes_of(code_layout(c), n);
  Real outer{};
  if (c.block.outer != outer_scale::none) outer = outer_amax_of(c.recipe, x, n);
  std::uint16_t codes[most_wire_row] = {};
  for (std::uint64_t j = 0; j < n; j += columns) {
    const auto here = static_cast<int>(n - j < columns ? n - j : columns);
    const block_input<Real> in{x + j, columns, 1, here};
    const block_random random{at.random, at.first + j, columns, (at.first + j) / columns};
    const code_t scale = quantise_block(c.block, c.recipe, in, outer, codes, random);
    for (int i = 0; i < here; ++i) {
      write_code(code_layout(c), out, j + static_cast<std::uint64_t>(i), codes[i]);
    }
    write_bytes(scales, scale_size, scale);
    scales += scale_size;
  }
  if (c.block.outer != outer_scale::none) {
    write_bytes(scales, 4, real_bits(outer_scale_of(c.block, c.recipe, outer)));
  }
}

template <binary32_real Real>
LOWP_FN void decode_blocks(const wire_codec& c, const std::byte* in, std::uint64_t n,
                           Real* y) noexcept {
  const std::uint64_t columns = c.block.columns;
  const int scale_size = scale_bytes_of(c.block);
  const std::byte* scales = in + bytes_of(code_layout(c), n);
  Real outer = real<Real>(1.0f);
  if (c.block.outer != outer_scale::none) {
    const std::uint64_t blocks = pieces_of(n, columns);
    const code_t bits = read_bytes(scales + blocks * static_cast<std::uint64_t>(scale_size), 4);
    outer = real_from_bits<Real>(static_cast<std::uint32_t>(bits));
  }
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::byte* scale = scales + i / columns * static_cast<std::uint64_t>(scale_size);
    y[i] = dequantised(c.block, dequantise_steps::exact, read_bytes(scale, scale_size),
                       read_code(code_layout(c), in, i), static_cast<int>(i % columns), outer);
  }
}

}  // namespace detail

/// n numbers, 1...`c.row`, as a row of `bytes_per_row(c, n)` bytes, every one of which is written.
/// `x` is rotated in place if the codec rotates. `at.first` is the index of the row's first number.
/// COL-2 to COL-4.
template <binary32_real Real>
LOWP_FN void encode_wire_row(const wire_codec& c, Real* x, std::uint64_t n, std::byte* out,
                             const wire_position& at = {}) noexcept {
  if (c.hadamard != 0) {
    const hadamard_transform t = rotation_of(c);
    for (std::uint64_t j = 0; j + c.hadamard <= n; j += c.hadamard) hadamard(t, x + j);
  }
  for (std::uint64_t i = 0; i < bytes_per_row(c, n); ++i) out[i] = std::byte{0};
  switch (c.kind) {
    case wire_kind::numbers: return detail::encode_numbers(c, x, n, out, at);
    case wire_kind::rows:
      return quantise_row<Real>(c.rows, x, n, out, nullptr, at.random, at.first);
    case wire_kind::blocks: return detail::encode_blocks(c, x, n, out, at);
  }
}

/// The n numbers of a row. COL-2 to COL-4.
template <binary32_real Real>
LOWP_FN void decode_wire_row(const wire_codec& c, const std::byte* row, std::uint64_t n,
                             Real* y) noexcept {
  switch (c.kind) {
    case wire_kind::numbers:
      for (std::uint64_t i = 0; i < n; ++i) {
        y[i] = decode_real<Real>(c.element, read_code(code_layout(c), row, i));
      }
      break;
    case wire_kind::rows: {
      const row_parameters<Real> p = read_parameters<Real>(c.rows, row, n);
      for (std::uint64_t i = 0; i < n; ++i) {
        const code_t code = read_code(code_layout(c), row + code_offset(c.rows), i);
        y[i] = decode_element(c.rows, p, code, row_arithmetic::fused);
      }
      break;
    }
    case wire_kind::blocks: detail::decode_blocks(c, row, n, y); break;
  }
  if (c.hadamard == 0) return;
  const hadamard_transform t = rotation_of(c);
  for (std::uint64_t j = 0; j + c.hadamard <= n; j += c.hadamard) inverse_hadamard(t, y + j);
}

/// The bytes of a message, `encoded_size(c, in.size())`; a usable codec only. COL-2.
template <binary32_real Real = float32>
LOWP_FN void encode_wire(const wire_codec& c, std::span<const float> in, std::byte* out,
                         const wire_position& at = {}) noexcept {
  Real row[most_wire_row]{};
  for (std::uint64_t i = 0; i < in.size(); i += c.row) {
    const std::uint64_t n = in.size() - i < c.row ? in.size() - i : c.row;
    for (std::uint64_t j = 0; j < n; ++j) row[j] = real<Real>(in[i + j]);
    encode_wire_row(c, row, n, out + row_offset(c, i), {at.random, at.first + i});
  }
}

/// The numbers of a message of that many. COL-2.
template <binary32_real Real = float32>
LOWP_FN void decode_wire(const wire_codec& c, const std::byte* in, std::span<float> out) noexcept {
  Real row[most_wire_row]{};
  for (std::uint64_t i = 0; i < out.size(); i += c.row) {
    const std::uint64_t n = out.size() - i < c.row ? out.size() - i : c.row;
    decode_wire_row(c, in + row_offset(c, i), n, row);
    for (std::uint64_t j = 0; j < n; ++j) {
      out[i + j] = detail::bit_cast<float>(real_bits(row[j]));
    }
  }
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_WIRE_DEFINITION_HPP
