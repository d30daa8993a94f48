// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of blocks, codes and then scales, by the kernels of matrices; what those leave goes to the
/// definition. A `float_environment` must live.
#ifndef LOWP_COLLECTIVE_WIRE_BLOCKS_HPP
#define LOWP_COLLECTIVE_WIRE_BLOCKS_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../block/quantise_block.hpp"
#include "../pack/bytes.hpp"
#include "../simd/convert.hpp"
#include "../simd/dequantise.hpp"
#include "wire_plan.hpp"

namespace lowp::simd {

/// Where the parts of rows of blocks stand.
struct block_row {
  std::uint64_t n, columns, code_bytes, scale_bytes, blocks, bytes;

  LOWP_UNIT block_row(const wire_plan& p, std::uint64_t numbers)
      : n(numbers),
        columns(p.c.block.columns),
        code_bytes(bytes_of(p.codes, n)),
        scale_bytes(static_cast<std::uint64_t>(scale_bytes_of(p.c.block))),
        blocks(lowp::detail::pieces_of(n, columns)),
        bytes(bytes_per_row(p.c, n)) {}

  /// Behind the codes.
  LOWP_UNIT std::uint64_t scale(std::uint64_t block) const {
    return code_bytes + block * scale_bytes;
  }
  LOWP_UNIT std::uint64_t outer() const { return scale(blocks); }
};

/// Makes rows of blocks of numbers.
class block_writer {
 public:
  /// `q`: the plan, with the message's random source.
  LOWP_UNIT block_writer(const wire_plan& p, const quantise_plan& q)
      : p_(p),
        q_(q),
        has_outer_(p.c.block.outer != outer_scale::none),
        by_kernels_(has_block_kernels(q)),
        packs_(by_kernels_ && p.codes.f.width < 8 && packs_blocks(q)) {}

  /// Rows of n numbers each; the first has index `first`.
  LOWP_UNIT void operator()(const float* x, std::uint64_t rows, std::uint64_t n, std::byte* out,
                            std::uint64_t first) const {
    const block_row at(p_, n);
    std::uint64_t whole = by_kernels_ ? n / at.columns : 0;
    if (whole * at.columns * p_.codes.f.width % 8 != 0) whole = 0;
    // Rows that have nothing else go together.
    const bool joins = !has_outer_ && whole * at.columns == n;
    const std::uint64_t together = joins ? most_band_elements / n : 1;
    for (std::uint64_t r = 0; r < rows; r += together) {
      const std::uint64_t count = std::min(together, rows - r);
      write(at, x + r * n, count, whole, out + r * at.bytes, first + r * n);
    }
  }

 private:
  LOWP_UNIT void write(const block_row& at, const float* x, std::uint64_t rows, std::uint64_t whole,
                       std::byte* out, std::uint64_t first) const {
    machine_binary32 T = machine_binary32::from_bits(0);
    quantise_band_data b;
    b.c = p_.blocks->factors;
    if (has_outer_) {
      const bool joins = p_.c.recipe.infinity == special_rule::join;
      T = machine_binary32::from_bits(greatest_below(x, at.n, joins ? 0x7f800001 : 0x7f800000));
      lowp::detail::quotient_constants<machine_binary32> c = p_.blocks->constants;
      lowp::detail::set_outer(c, T);
      b.c = quotient_floats_of(c);
      lowp::detail::write_bytes(out + at.outer(), 4, real_bits(c.P));
    }
    if (whole != 0) write_whole(at, x, rows, whole, T, b, out, first);
    if (whole == at.blocks) return;
    const std::uint64_t done = bytes_of(p_.codes, whole * at.columns);
    for (std::uint64_t r = 0; r < rows; ++r) {
      std::byte* row = out + r * at.bytes;
      std::memset(row + done, 0, at.code_bytes - done);
      for (std::uint64_t j = whole; j < at.blocks; ++j) {
        define(at, x + r * at.n, j, T, row, first + r * at.n);
      }
    }
  }

  /// The first `whole` blocks of each row.
  LOWP_UNIT void write_whole(const block_row& at, const float* x, std::uint64_t rows,
                             std::uint64_t whole, machine_binary32 T, quantise_band_data& b,
                             std::byte* out, std::uint64_t first) const {
    const std::uint64_t n = rows * whole * at.columns, row_codes = bytes_of(p_.codes, n / rows);
    std::uint8_t codes[most_band_elements];
    std::byte packed[most_band_elements];
    b.x = x;
    b.stride = b.columns = n;
    b.rows = 1;
    b.blocks = rows * whole;
    b.first_element = first;
    b.first_block = first / at.columns;
    b.bits = packs_ ? p_.codes.f.width : 8;
    const bool direct = rows == 1 && (packs_ || p_.codes.f.width == 8);
    b.codes = direct ? reinterpret_cast<std::uint8_t*>(out) : codes;
    b.codes_stride = n;
    quantise_blocks(q_, b);
    const std::byte* from = reinterpret_cast<const std::byte*>(codes);
    if (!packs_ && p_.codes.f.width != 8) {
      pack(p_.codes, codes, packed, n);
      from = packed;
    }
    for (std::uint64_t r = 0; r < rows; ++r) {
      std::byte* row = out + r * at.bytes;
      if (!direct) std::memcpy(row, from + r * row_codes, row_codes);
      write_scales(b.scales + r * whole, whole, row + at.scale(0), at.scale_bytes);
    }
    for (std::size_t k = 0; k < b.odd_count; ++k) {
      const std::uint64_t r = b.odd[k] / whole;
      define(at, x + r * at.n, b.odd[k] % whole, T, out + r * at.bytes, first + r * at.n);
    }
  }

  LOWP_UNIT static void write_scales(const std::uint32_t* scales, std::uint64_t n, std::byte* to,
                                     std::uint64_t size) {
    if (size == 1) {
      for (std::uint64_t j = 0; j < n; ++j) to[j] = static_cast<std::byte>(scales[j]);
      return;
    }
    for (std::uint64_t j = 0; j < n; ++j) {
      lowp::detail::write_bytes(to + j * size, static_cast<int>(size), scales[j]);
    }
  }

  /// Block j of a row by the definition.
  [[gnu::noinline]] LOWP_UNIT void define(const block_row& at, const float* row, std::uint64_t j,
                                          machine_binary32 T, std::byte* out,
                                          std::uint64_t first) const {
    const std::uint64_t start = j * at.columns, n = std::min(at.columns, at.n - start);
    machine_binary32 x[most_wire_row];
    std::uint16_t codes[most_wire_row];
    std::memcpy(static_cast<void*>(x), row + start, 4 * n);
    const block_input<machine_binary32> in{x, at.columns, 1, static_cast<int>(n)};
    const block_random random{q_.q.random, first + start, at.columns, (first + start) / at.columns};
    const code_t scale = quantise_block(p_.c.block, p_.c.recipe, in, T, codes, random);
    for (std::uint64_t i = 0; i < n; ++i) write_code(p_.codes, out, start + i, codes[i]);
    lowp::detail::write_bytes(out + at.scale(j), static_cast<int>(at.scale_bytes), scale);
  }

  const wire_plan& p_;
  const quantise_plan& q_;
  bool has_outer_, by_kernels_, packs_;
};

/// The numbers of rows of n numbers each.
LOWP_UNIT inline void read_blocks(const wire_plan& p, const std::byte* in, std::uint64_t rows,
                                  std::uint64_t n, float* y) {
  const block_row at(p, n);
  const block_rows& b = *p.blocks;
  const bool has_outer = p.c.block.outer != outer_scale::none;
  const bool joins = rows > 1 && n * p.codes.f.width % 8 == 0;
  const std::uint64_t together = joins ? p.tile / n : 1;
  std::byte codes[most_wire_row * 2], scales[most_wire_row * 8];
  float outer[most_wire_row];
  for (std::uint64_t r = 0; r < rows; r += together) {
    const std::uint64_t count = std::min(together, rows - r);
    const std::byte* row = in + r * at.bytes;
    const std::uint64_t row_scales = at.blocks * at.scale_bytes;
    const_block_buffers from{{row, at.code_bytes}, {row + at.code_bytes, row_scales}};
    for (std::uint64_t k = 0; k < count; ++k, row += at.bytes) {
      if (has_outer) std::memcpy(outer + k, row + at.outer(), 4);
      if (count == 1) break;
      std::memcpy(codes + k * at.code_bytes, row, at.code_bytes);
      std::memcpy(scales + k * row_scales, row + at.code_bytes, row_scales);
    }
    if (count > 1) from = {{codes, count * at.code_bytes}, {scales, count * row_scales}};
    const matrix_shape s = has_outer ? matrix_shape{count, n} : matrix_shape{1, count * n};
    dequantise(b.dequantise, b.places, from, outer, number_matrix<float>{y + r * n, s.columns, s},
               0, s.rows);
  }
}

}  // namespace lowp::simd

#endif  // LOWP_COLLECTIVE_WIRE_BLOCKS_HPP
