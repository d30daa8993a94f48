// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of a wire's codec to numbers and back by plans, without a temporary of the message's size.
/// Nothing is allocated. A `float_environment` must live.
#ifndef LOWP_COLLECTIVE_WIRE_ROWS_HPP
#define LOWP_COLLECTIVE_WIRE_ROWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "wire_blocks.hpp"

namespace lowp::simd {

/// Numbers that pass the first-level cache at a time, at any address of vectors.
struct alignas(64) wire_buffer {
  float x[most_wire_row];
};

/// Copies n numbers, at any addresses; true if any is NaN. Defined in implementation_wire.hpp.
bool copy_numbers(const std::byte* in, std::byte* out, std::uint64_t n) noexcept;

/// Numbers to other numbers, or to the same where a plan changes nothing but NaNs.
LOWP_UNIT inline void convert_numbers(const plan& by, bool copies, const std::byte* in,
                                      std::byte* out, std::uint64_t n, std::uint64_t first) {
  if (!copies) return convert(by, in, out, n, first);
  for (std::uint64_t i = 0; i < n; i += most_wire_row) {
    const std::uint64_t here = std::min<std::uint64_t>(most_wire_row, n - i);
    if (!copy_numbers(in + 4 * i, out + 4 * i, here)) continue;
    convert(by, in + 4 * i, out + 4 * i, here, first + i);
  }
}

/// Writes rows of messages with one random source.
class wire_writer {
 public:
  LOWP_UNIT wire_writer(const wire_plan& p, const random_source& random) : p_(p), random_(random) {
    if (!lowp::is_stochastic(p.c)) return;
    // Plans have the random source, but they are everybody's.
    if (p.to) own_to_ = p.to, own_to_->c.random = random;
    if (!p.blocks) return;
    own_blocks_ = p.blocks->quantise;
    own_blocks_->q.random = own_blocks_->element.c.random = random;
  }

  /// n numbers from number `first` of the tensor on, where a row begins.
  LOWP_UNIT void operator()(const float* x, std::uint64_t n, std::byte* out,
                            std::uint64_t first) const {
    if (p_.c.hadamard == 0) return write(x, n, out, first);
    wire_buffer rotated;
    for (std::uint64_t i = 0; i < n; i += p_.tile) {
      const std::uint64_t here = std::min<std::uint64_t>(p_.tile, n - i);
      std::memcpy(rotated.x, x + i, 4 * here);
      transform(p_.rotate, rotated.x, 1, here - here % p_.c.hadamard, 0);
      write(rotated.x, here, out + row_offset(p_.c, i), first + i);
    }
  }

 private:
  LOWP_UNIT void write(const float* x, std::uint64_t n, std::byte* out, std::uint64_t first) const {
    const std::optional<plan>& to = own_to_ ? own_to_ : p_.to;
    if (p_.c.kind == wire_kind::numbers) {
      return convert_numbers(*to, p_.copies, reinterpret_cast<const std::byte*>(x), out, n, first);
    }
    const std::uint64_t row = is_flat(p_.c) ? std::max<std::uint64_t>(n, 1) : p_.row;
    const std::uint64_t rows = n / row, rest = n % row, done = n - rest;
    if (p_.c.kind == wire_kind::rows) {
      if (rows != 0) quantise_rows(p_.rows_of(row, to, random_), x, rows, out, first);
      if (rest == 0) return;
      return quantise_rows(p_.rows_of(rest, to, random_), x + done, 1, out + row_offset(p_.c, done),
                           first + done);
    }
    const block_writer blocks(p_, own_blocks_ ? *own_blocks_ : p_.blocks->quantise);
    blocks(x, rows, row, out, first);
    if (rest != 0) blocks(x + done, 1, rest, out + row_offset(p_.c, done), first + done);
  }

  const wire_plan& p_;
  random_source random_;
  std::optional<plan> own_to_;
  std::optional<quantise_plan> own_blocks_;
};

/// n numbers of bytes that begin with a row.
LOWP_UNIT inline void read_rows_of(const wire_plan& p, const std::byte* in, std::uint64_t n,
                                   float* y) {
  auto* out = reinterpret_cast<std::byte*>(y);
  if (p.c.kind == wire_kind::numbers) return convert_numbers(*p.from, p.copies, in, out, n, 0);
  const std::uint64_t row = is_flat(p.c) ? std::max<std::uint64_t>(n, 1) : p.row;
  const std::uint64_t rows = n / row, rest = n % row, done = n - rest;
  const std::byte* last = in + row_offset(p.c, done);
  if (p.c.kind == wire_kind::rows) {
    if (rows != 0) dequantise_rows(p.rows_of(row, p.from), in, rows, out);
    if (rest != 0) dequantise_rows(p.rows_of(rest, p.from), last, 1, out + 4 * done);
    return;
  }
  if (rows != 0) read_blocks(p, in, rows, row, y);
  if (rest != 0) read_blocks(p, last, 1, rest, y + done);
}

/// The same, rotated back where the codec rotates.
LOWP_UNIT inline void read_rows(const wire_plan& p, const std::byte* in, std::uint64_t n,
                                float* y) {
  if (p.c.hadamard == 0) return read_rows_of(p, in, n, y);
  for (std::uint64_t i = 0; i < n; i += p.tile) {
    const std::uint64_t here = std::min<std::uint64_t>(p.tile, n - i);
    read_rows_of(p, in + row_offset(p.c, i), here, y + i);
    transform(p.back, y + i, 1, here - here % p.c.hadamard, 0);
  }
}

/// Numbers [begin, end) of a message of n, wherever rows begin. `in`: the whole message.
LOWP_UNIT inline void read_part(const wire_plan& p, const std::byte* in, std::uint64_t n,
                                std::uint64_t begin, std::uint64_t end, float* y) {
  wire_buffer whole;
  for (std::uint64_t i = begin; i < end;) {
    const std::uint64_t start = i - i % p.c.row;
    // Whole rows go where they belong, a part of one through a buffer.
    std::uint64_t behind = end == n ? end : end - end % p.c.row;
    const std::byte* from = in + row_offset(p.c, start);
    if (start == i && behind > i) {
      read_rows(p, from, behind - i, y + (i - begin));
      i = behind;
      continue;
    }
    behind = std::min<std::uint64_t>(start + p.c.row, n);
    read_rows(p, from, behind - start, whole.x);
    const std::uint64_t stop = std::min(behind, end);
    std::memcpy(y + (i - begin), whole.x + (i - start), 4 * (stop - i));
    i = stop;
  }
}

}  // namespace lowp::simd

#endif  // LOWP_COLLECTIVE_WIRE_ROWS_HPP
