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
        by_kernels_(has_block_kernels(q)) {}

  /// Rows of n numbers each; the first has index `first`.
  LOWP_UNIT void operator()(const float* x, std::uint64_t rows, std::uint64_t n, std::byte* out,
                            std::uint64_t first) const {
    const block_row at(p_, n);
    std::uint64_t whole = by_kernels_ ? n / at.columns : 0;
    if (whole * at.columns * p_.codes.f.width % 8 != 0) whole = 0;
    // Rows that have nothing else go together.
    const bool joins =
        whole * at.columns == n && (!has_outer_ || at.blocks % blocks_at_once() == 0);
    const std::uint64_t most = has_outer_ ? most_outers : most_band_elements;
    const std::uint64_t together = joins ? std::min(most, most_band_elements / n) : 1;
    for (std::uint64_t r = 0; r < rows; r += together) {
      const std::uint64_t count = std::min(together, rows - r);
      write(at, x + r * n, count, whole, out + r * at.bytes, first + r * n);
    }
  }

 private:
  static constexpr std::size_t most_outers = 16;

  LOWP_UNIT void write(const block_row& at, const float* x, std::uint64_t rows, std::uint64_t whole,
                       std::byte* out, std::uint64_t first) const {
    machine_binary32 T[most_outers];
    quotient_floats of_outer[most_outers];
    const quotient_floats* factors = &p_.blocks->factors;
    if (has_outer_) {
      find_outer(at, x, rows, out, T, of_outer);
      factors = of_outer;
    }
    const auto T_of = [&](std::uint64_t r) {
      return has_outer_ ? T[r] : machine_binary32::from_bits(0);
    };
    if (whole != 0) {
      quantise_band_data b;
      quantise_whole(at, x, rows, whole, factors, b, out, first);
      for (std::size_t k = 0; k < b.odd_count; ++k) {
        const std::uint64_t r = b.odd[k] / whole;
        define(at, x + r * at.n, b.odd[k] % whole, T_of(r), out + r * at.bytes, first + r * at.n);
      }
    }
    if (whole == at.blocks) return;
    const std::uint64_t done = bytes_of(p_.codes, whole * at.columns);
    for (std::uint64_t r = 0; r < rows; ++r) {
      std::byte* row = out + r * at.bytes;
      std::memset(row + done, 0, at.code_bytes - done);
      for (std::uint64_t j = whole; j < at.blocks; ++j) {
        define(at, x + r * at.n, j, T_of(r), row, first + r * at.n);
      }
    }
  }

  /// What rows have their outer scales from, those, and what follows from them.
  LOWP_UNIT void find_outer(const block_row& at, const float* x, std::uint64_t rows, std::byte* out,
                            machine_binary32* T, quotient_floats* factors) const {
    const bool joins = p_.c.recipe.infinity == special_rule::join;
    const std::uint32_t limit = joins ? 0x7f800001 : 0x7f800000;
    for (std::uint64_t r = 0; r < rows; ++r, x += at.n, out += at.bytes) {
      T[r] = machine_binary32::from_bits(greatest_below(x, at.n, limit));
      lowp::detail::quotient_constants<machine_binary32> c = p_.blocks->constants;
      lowp::detail::set_outer(c, T[r]);
      factors[r] = quotient_floats_of(c);
      lowp::detail::write_bytes(out + at.outer(), 4, real_bits(c.P));
    }
  }

  /// The first `whole` blocks of each row; odd ones are named.
  LOWP_UNIT void quantise_whole(const block_row& at, const float* x, std::uint64_t rows,
                                std::uint64_t whole, const quotient_floats* c,
                                quantise_band_data& b, std::byte* out, std::uint64_t first) const {
    const std::uint64_t n = rows * whole * at.columns;
    b.x = x;
    b.stride = b.columns = n;
    b.rows = 1;
    b.blocks = rows * whole;
    b.first_element = first;
    b.first_block = first / at.columns;
    b.c = c;
    b.has_run_constants = has_outer_;
    b.bits = p_.codes.f.width;
    b.codes = reinterpret_cast<std::uint8_t*>(out);
    b.run = n / rows;
    b.run_bytes = at.bytes;
    quantise_blocks(q_, b);
    for (std::uint64_t r = 0; r < rows; ++r) {
      std::byte* to = out + r * at.bytes + at.scale(0);
      if (at.scale_bytes == 1) {
        copy_few(b.scale_bytes + r * whole, whole, to);
      } else {
        copy_few(b.scales + r * whole, 4 * whole, to);  // binary32
      }
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
  bool has_outer_, by_kernels_;
};

/// The numbers of rows of n numbers each.
LOWP_UNIT inline void read_blocks(const wire_plan& p, const std::byte* in, std::uint64_t rows,
                                  std::uint64_t n, float* y) {
  const block_row at(p, n);
  dequantise_lines(p.blocks->dequantise, {n, at.code_bytes, at.scale_bytes, at.blocks, at.bytes},
                   in, rows, y);
}

}  // namespace lowp::simd

#endif  // LOWP_COLLECTIVE_WIRE_BLOCKS_HPP
