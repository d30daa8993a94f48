// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fuzz target: layouts of block-quantised matrices from outside, of any numbers, with matrices and
/// buffers of any size. `check` decides; what it allows converts there and back, and nothing
/// outside the buffers is touched; what it refuses leaves the results as they were.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/block/layout/convert_layout.hpp>

#include "input.hpp"

namespace {

/// A small number mostly, else any.
template <class T>
T some_number(reader& in, unsigned small) {
  const unsigned n = in.number<std::uint8_t>();
  return n < 240 ? static_cast<T>(n % small) : in.number<T>();
}

/// Digits that make up both axes, in an order of the input's choice; or any digits.
lowp::matrix_order some_order(reader& in) {
  lowp::matrix_order o;
  constexpr lowp::matrix_axis axes[] = {lowp::matrix_axis::row, lowp::matrix_axis::column};
  int used = 0;
  for (const lowp::matrix_axis axis : axes) {
    std::uint32_t step = 1;
    for (unsigned more = in.below(4); more > 0; --more) {
      const std::uint32_t count = 2 + in.below(7);
      o.digit[used++] = {axis, step, count};
      step *= count;
    }
    o.digit[used++] = {axis, step, 0};
    const std::uint32_t multiple = step * (1 + in.below(3));
    (axis == lowp::matrix_axis::row ? o.row_multiple : o.column_multiple) = multiple;
  }
  for (int k = used; k > 1; --k) {
    std::swap(o.digit[k - 1], o.digit[in.below(static_cast<unsigned>(k))]);
  }
  if (in.below(16) == 0) {
    o.digit[in.below(8)] = {axes[in.below(2)], some_number<std::uint32_t>(in, 9),
                            some_number<std::uint32_t>(in, 9)};
  }
  if (in.below(16) == 0) o.row_multiple = some_number<std::uint32_t>(in, 99);
  if (in.below(16) == 0) o.column_multiple = some_number<std::uint32_t>(in, 99);
  return o;
}

/// A registered layout, changed here and there.
lowp::block_layout some_layout(reader& in) {
  lowp::block_layout l = lowp::all_block_layouts[in.below(lowp::block_layout_count)].value;
  const auto change = in.number<std::uint16_t>();
  if ((change & 1) != 0) l.block_rows = some_number<std::uint32_t>(in, 40);
  if ((change & 2) != 0) l.block_columns = some_number<std::uint32_t>(in, 40);
  if ((change & 4) != 0) l.elements.f = lowp::integer_format(static_cast<int>(in.below(66)), false);
  if ((change & 8) != 0) {
    l.elements.pack = {static_cast<std::uint8_t>(in.below(68)),
                       static_cast<std::uint8_t>(in.below(3)),
                       static_cast<lowp::bit_order>(in.below(2)),
                       static_cast<std::uint16_t>(1U << in.below(9)),
                       static_cast<std::uint16_t>(1U << in.below(9)),
                       static_cast<std::uint16_t>(in.below(2) << in.below(9)),
                       in.number<std::uint8_t>()};
  }
  if ((change & 16) != 0) l.element_order = some_order(in);
  if ((change & 32) != 0) l.scales.order = some_order(in);
  if ((change & 64) != 0) l.scales.scale_bytes = static_cast<std::uint8_t>(in.below(10));
  if ((change & 128) != 0) l.scales.pad = some_number<std::uint64_t>(in, 256);
  if ((change & 256) != 0) l.position = static_cast<lowp::scale_position>(in.below(3));
  if ((change & 512) != 0) l.record = some_number<std::uint32_t>(in, 200) * 8;
  if ((change & 1024) != 0) l.part_multiple = some_number<std::uint16_t>(in, 33);
  if ((change & 2048) != 0) l.record_multiple = some_number<std::uint16_t>(in, 33);
  return l;
}

/// The buffers of a matrix, one of them a byte too small where the input says so.
struct buffers {
  buffers(lowp::block_bytes n, unsigned missing)
      : data(n.data - (missing == 1 && n.data != 0)),
        scales(n.scales - (missing == 2 && n.scales != 0)) {}
  lowp::block_buffers view() { return {data.span(), scales.span()}; }
  buffer data, scales;
};

constexpr std::uint64_t most_bytes = 1 << 16;

/// Bytes that a usable layout needs, none of another or if they are too many for here.
lowp::block_bytes room_for(const lowp::block_layout& l, lowp::matrix_shape s) {
  const lowp::layout_error e = lowp::check(l, s);
  demand(lowp::message(e) != nullptr);
  if (e != lowp::layout_error::none) return {};
  const lowp::block_bytes n = lowp::bytes_of(l, s);
  return n.data > most_bytes || n.scales > most_bytes ? lowp::block_bytes{} : n;
}

/// Every element and scale of two layouts of a matrix is the same.
void demand_same(const lowp::block_layout& a, buffers& in, const lowp::block_layout& b,
                 buffers& out, lowp::matrix_shape s) {
  if (s.columns == 0) return;
  for (std::uint64_t i = 0; i < s.rows; ++i) {
    for (std::uint64_t j = 0; j < s.columns; ++j) {
      demand(lowp::read_element(a, in.view(), s, i, j) ==
             lowp::read_element(b, out.view(), s, i, j));
    }
  }
  const lowp::matrix_shape blocks = lowp::scale_shape(a, s);
  for (std::uint64_t i = 0; i < blocks.rows; ++i) {
    for (std::uint64_t j = 0; j < blocks.columns; ++j) {
      demand(lowp::read_scale(a, in.view(), s, i, j) == lowp::read_scale(b, out.view(), s, i, j));
    }
  }
}

/// The scales alone, by their own conversion.
void convert_scales_alone(const lowp::scale_layout& from, const lowp::scale_layout& to,
                          lowp::matrix_shape s, reader& in) {
  using lowp::layout_error;
  const auto room = [&](const lowp::scale_layout& l) {
    return check(l, s, ~std::uint64_t{0}) == layout_error::none ? bytes_of(l, s) : 0;
  };
  const std::uint64_t a_bytes = room(from), b_bytes = room(to);
  if (a_bytes > most_bytes || b_bytes > most_bytes) return;
  buffer a(a_bytes), b(b_bytes), back(a_bytes);
  in.bytes(a.memory.get(), a.size);
  b.fill(std::byte{0x5a});
  const layout_error e = convert_scales(from, a.span(), to, b.span(), s);
  if (e != layout_error::none) return demand(b.holds(std::byte{0x5a}));
  demand(convert_scales(to, b.span(), from, back.span(), s) == layout_error::none);
  for (std::uint64_t k = 0; k < a_bytes; ++k) {
    const lowp::matrix_place at = index_of(from, s, k);
    if (at.is_padding(s)) continue;
    demand(back.memory[k] == a.memory[k]);
    demand(offset_of(from, s, at.row, at.column) == k / from.scale_bytes * from.scale_bytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using lowp::layout_error;
  reader in(data, size);
  const lowp::block_layout a = some_layout(in);
  lowp::block_layout b = some_layout(in);
  if (in.below(4) != 0) {
    b.block_rows = a.block_rows;
    b.block_columns = a.block_columns;
    b.elements.f = a.elements.f;
    b.scales.scale_bytes = a.scales.scale_bytes;
  }
  const lowp::matrix_shape s{some_number<std::uint64_t>(in, 70),
                             some_number<std::uint64_t>(in, 70)};
  convert_scales_alone(a.scales, b.scales, s, in);
  buffers from(room_for(a, s), in.below(32)), to(room_for(b, s), in.below(32)),
      back(room_for(a, s), 0);
  in.bytes(from.data.memory.get(), from.data.size);
  in.bytes(from.scales.memory.get(), from.scales.size);
  to.data.fill(std::byte{0x5a});
  to.scales.fill(std::byte{0x5a});
  const layout_error e = lowp::convert_layout(a, from.view(), b, to.view(), s);
  if (e != layout_error::none) {
    demand(to.data.holds(std::byte{0x5a}) && to.scales.holds(std::byte{0x5a}));
    return 0;
  }
  demand(lowp::convert_layout(b, to.view(), a, back.view(), s) == layout_error::none);
  demand_same(a, from, b, to, s);
  demand_same(a, from, a, back, s);
  return 0;
}
