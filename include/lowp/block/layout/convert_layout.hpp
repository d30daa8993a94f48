// SPDX-License-Identifier: Apache-2.0
/// \file
/// A block-quantised matrix from one layout to another, its codes unchanged.
#ifndef LOWP_BLOCK_LAYOUT_CONVERT_LAYOUT_HPP
#define LOWP_BLOCK_LAYOUT_CONVERT_LAYOUT_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "block_layout.hpp"

namespace lowp {

/// Writes all padding, and zero elements: what a matrix's codes are then written over. The scales
/// are `l.scales.pad`, all other bytes are zero. spec/layouts.md LAY-9.
LOWP_FN void clear(const block_layout& l, block_buffers b, matrix_shape s) noexcept {
  const block_places p(l, s);
  const block_bytes n = p.bytes();
  for (std::uint64_t k = 0; k < n.data; ++k) b.data[k] = std::byte{0};
  for (std::uint64_t k = 0; k < n.scales; ++k) b.scales[k] = std::byte{0};
  if (l.scales.pad == 0) return;
  for (std::uint64_t k = 0; k < p.scale_count(); ++k) p.write_scale_at(b, k, l.scales.pad);
}

/// The layout in which the transposed matrix stands in the same bytes. LAY-4.
LOWP_FN block_layout transposed(block_layout l) noexcept {
  const std::uint32_t rows = l.block_rows;
  l.block_rows = l.block_columns;
  l.block_columns = rows;
  l.element_order = transposed(l.element_order);
  l.scales = transposed(l.scales);
  return l;
}

namespace detail {

/// Calls move(place in one order, place in the other) for each entry of a matrix.
template <class Move>
LOWP_FN void for_each_entry(const order_strides& from, const order_strides& to, matrix_shape s,
                            Move move) noexcept {
  if (s.columns == 0) return;  // of any number of rows
  order_walker from_row(from, matrix_axis::row), to_row(to, matrix_axis::row);
  const order_walker from_start(from, matrix_axis::column), to_start(to, matrix_axis::column);
  for (std::uint64_t i = 0; i < s.rows; ++i) {
    order_walker a = from_start, b = to_start;
    for (std::uint64_t j = 0; j < s.columns; ++j) {
      move(from_row.part() + a.part(), to_row.part() + b.part());
      a.advance();
      b.advance();
    }
    from_row.advance();
    to_row.advance();
  }
}

}  // namespace detail

/// Codes of elements and scales from one layout to another, padding as `clear` writes it. The
/// buffers do not overlap. Nothing is written where an error is returned. LAY-9.
LOWP_FN layout_error convert_layout(const block_layout& from, const_block_buffers in,
                                    const block_layout& to, block_buffers out,
                                    matrix_shape s) noexcept {
  layout_error e = check(from, s, {in.data.size(), in.scales.size()});
  if (e == layout_error::none) e = check(to, s, {out.data.size(), out.scales.size()});
  if (e != layout_error::none) return e;
  if (from.block_rows != to.block_rows || from.block_columns != to.block_columns ||
      from.elements.f.width != to.elements.f.width ||
      from.scales.scale_bytes != to.scales.scale_bytes) {
    return layout_error::different;
  }
  const block_places a(from, s), b(to, s);
  clear(to, out, s);
  detail::for_each_entry(a.elements(), b.elements(), s, [&](std::uint64_t x, std::uint64_t y) {
    b.write_element_at(out, y, a.read_element_at(in, x));
  });
  detail::for_each_entry(
      a.scales(), b.scales(), scale_shape(from, s),
      [&](std::uint64_t x, std::uint64_t y) { b.write_scale_at(out, y, a.read_scale_at(in, x)); });
  return layout_error::none;
}

}  // namespace lowp

#endif  // LOWP_BLOCK_LAYOUT_CONVERT_LAYOUT_HPP
