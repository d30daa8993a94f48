// SPDX-License-Identifier: Apache-2.0
/// \file
/// How a matrix of scales stands in memory, as data: its order, the bytes of a scale, what padding
/// holds; and from one such layout to another.
#ifndef LOWP_BLOCK_LAYOUT_SCALE_LAYOUT_HPP
#define LOWP_BLOCK_LAYOUT_SCALE_LAYOUT_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "../../format.hpp"
#include "../../pack/bytes.hpp"
#include "matrix_order.hpp"

namespace lowp {

/// How scales stand in memory; each is an integer, the lowest byte first. spec/layouts.md LAY-3.
struct scale_layout {
  matrix_order order;
  std::uint8_t scale_bytes = 1;  ///< 1...8
  code_t pad = 0;                ///< the code that padding is written with

  friend LOWP_FN bool operator==(const scale_layout&, const scale_layout&) noexcept = default;
};

/// Which rule a layout breaks; `layout_error::none` for a usable one.
LOWP_FN layout_error check(const scale_layout& l) noexcept {
  const layout_error e = check(l.order);
  if (e != layout_error::none) return e;
  if (l.scale_bytes < 1 || l.scale_bytes > 8) return layout_error::scale_bytes;
  return l.scale_bytes < 8 && l.pad >> (8 * l.scale_bytes) != 0 ? layout_error::scale_bytes
                                                                : layout_error::none;
}

/// Bytes of the scales with their padding.
LOWP_FN std::uint64_t bytes_of(const scale_layout& l, matrix_shape s) noexcept {
  return places_of(l.order, s) * l.scale_bytes;
}

/// Whether scales of this shape stand in a buffer of so many bytes. LAY-3.
LOWP_FN layout_error check(const scale_layout& l, matrix_shape s, std::uint64_t bytes) noexcept {
  layout_error e = check(l);
  if (e == layout_error::none) e = check(l.order, s);
  if (e != layout_error::none) return e;
  return bytes < bytes_of(l, s) ? layout_error::scale_buffer : layout_error::none;
}

/// The first byte of scale (i, j).
LOWP_FN std::uint64_t offset_of(const scale_layout& l, matrix_shape s, std::uint64_t i,
                                std::uint64_t j) noexcept {
  return order_strides(l.order, s).place(i, j) * l.scale_bytes;
}

/// The scale that the byte at an offset belongs to; `is_padding` tells whether it is none.
LOWP_FN matrix_place index_of(const scale_layout& l, matrix_shape s,
                              std::uint64_t offset) noexcept {
  return order_strides(l.order, s).entry(offset / l.scale_bytes);
}

namespace detail {

/// The padding's code in so many places.
LOWP_FN void write_padding(const scale_layout& l, std::byte* out, std::uint64_t places) noexcept {
  if (l.scale_bytes == 1 || l.pad == 0) {
    const auto byte = static_cast<std::byte>(l.pad);
    for (std::uint64_t k = 0; k < places * l.scale_bytes; ++k) out[k] = byte;
    return;
  }
  for (std::uint64_t k = 0; k < places; ++k) {
    write_bytes(out + k * l.scale_bytes, l.scale_bytes, l.pad);
  }
}

/// Bytes from one place to another. Four at once are what tiles of 4 bytes consist of.
LOWP_FN void copy_bytes(const std::byte* from, std::byte* to, std::uint64_t n) noexcept {
  if (n == 4) {
    const std::byte b0 = from[0], b1 = from[1], b2 = from[2], b3 = from[3];
    to[0] = b0;
    to[1] = b1;
    to[2] = b2;
    to[3] = b3;
    return;
  }
  for (std::uint64_t b = 0; b < n; ++b) to[b] = from[b];
}

/// The greatest run of an axis that both orders have in one piece; `most` where nothing limits it.
LOWP_FN std::uint32_t common_run(const matrix_order& a, const matrix_order& b, matrix_axis axis,
                                 std::uint32_t most) noexcept {
  std::uint32_t x = run_of(a, axis), y = run_of(b, axis);
  while (y != 0) {
    const std::uint32_t rest = x % y;
    x = y;
    y = rest;
  }
  return x == 0 ? most : x;
}

/// Copies the scales of a matrix along one axis, as many at a time as are together in both.
LOWP_FN void copy_scales(const scale_layout& from, const std::byte* in, const scale_layout& to,
                         std::byte* out, matrix_shape s, matrix_axis along,
                         std::uint32_t run) noexcept {
  const bool by_row = along == matrix_axis::column;
  const matrix_axis across = by_row ? matrix_axis::row : matrix_axis::column;
  const std::uint64_t lines = by_row ? s.rows : s.columns, length = by_row ? s.columns : s.rows;
  const order_strides from_strides(from.order, s), to_strides(to.order, s);
  order_walker from_line(from_strides, across), to_line(to_strides, across);
  const order_walker from_start(from_strides, along, run), to_start(to_strides, along, run);
  const std::uint64_t size = from.scale_bytes, whole = length - length % run;
  for (std::uint64_t line = 0; line < lines; ++line) {
    order_walker a = from_start, b = to_start;
    const std::byte* source = in + from_line.part() * size;
    std::byte* target = out + to_line.part() * size;
    for (std::uint64_t n = 0; n < whole; n += run) {
      copy_bytes(source + a.part() * size, target + b.part() * size, run * size);
      a.advance();
      b.advance();
    }
    if (whole != length) {
      copy_bytes(source + a.part() * size, target + b.part() * size, (length - whole) * size);
    }
    from_line.advance();
    to_line.advance();
  }
}

}  // namespace detail

/// The code of scale (i, j), and writing it.
LOWP_FN code_t read_scale(const scale_layout& l, const std::byte* bytes, matrix_shape s,
                          std::uint64_t i, std::uint64_t j) noexcept {
  return detail::read_bytes(bytes + offset_of(l, s, i, j), l.scale_bytes);
}
LOWP_FN void write_scale(const scale_layout& l, std::byte* bytes, matrix_shape s, std::uint64_t i,
                         std::uint64_t j, code_t code) noexcept {
  detail::write_bytes(bytes + offset_of(l, s, i, j), l.scale_bytes, code);
}

/// The layout in which the scales of the transposed matrix stand in the same bytes. LAY-4.
LOWP_FN scale_layout transposed(scale_layout l) noexcept {
  l.order = transposed(l.order);
  return l;
}

/// The scales of a matrix from one layout to another, padding written with `to.pad`. The buffers
/// do not overlap. Nothing is written where an error is returned. spec/layouts.md LAY-4.
LOWP_FN layout_error convert_scales(const scale_layout& from, std::span<const std::byte> in,
                                    const scale_layout& to, std::span<std::byte> out,
                                    matrix_shape s) noexcept {
  layout_error e = check(from, s, in.size());
  if (e == layout_error::none) e = check(to, s, out.size());
  if (e != layout_error::none) return e;
  if (from.scale_bytes != to.scale_bytes) return layout_error::different;
  const std::uint64_t places = places_of(to.order, s);
  if (places != s.rows * s.columns) detail::write_padding(to, out.data(), places);
  if (s.rows == 0 || s.columns == 0) return layout_error::none;
  constexpr std::uint32_t all = std::uint32_t{1} << 30;
  const std::uint32_t in_row = detail::common_run(from.order, to.order, matrix_axis::column, all);
  const std::uint32_t in_column = detail::common_run(from.order, to.order, matrix_axis::row, all);
  const matrix_axis along = in_row >= in_column ? matrix_axis::column : matrix_axis::row;
  detail::copy_scales(from, in.data(), to, out.data(), s, along,
                      in_row >= in_column ? in_row : in_column);
  return layout_error::none;
}

}  // namespace lowp

#endif  // LOWP_BLOCK_LAYOUT_SCALE_LAYOUT_HPP
