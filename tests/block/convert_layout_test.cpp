// SPDX-License-Identifier: Apache-2.0
// Block-quantised matrices from every layout to every other, registered and drawn at random,
// against the same matrices put together record by record; sizes and errors.
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/block/layout/convert_layout.hpp>

#include "layout_inputs.hpp"

namespace {

using layouts::below;
using layouts::bytes;
using layouts::some_length;
using lowp::block_layout;
using lowp::code_t;
using lowp::layout_error;
using lowp::matrix_shape;
using lowp::scale_position;

struct buffers {
  bytes data, scales;
  bool operator==(const buffers&) const = default;
};
lowp::const_block_buffers view(const buffers& b) { return {b.data, b.scales}; }
lowp::block_buffers view(buffers& b) { return {b.data, b.scales}; }

code_t code_of(std::uint64_t i, std::uint64_t j, int bits, std::uint64_t salt) {
  return ((i * 0x9e3779b97f4a7c15 + j + salt) * 0xd1342543de82ef95) >> (64 - bits);
}
code_t element_code(const block_layout& l, std::uint64_t i, std::uint64_t j) {
  return code_of(i, j, l.elements.f.width, 1);
}
code_t scale_code(const block_layout& l, std::uint64_t i, std::uint64_t j) {
  return code_of(i, j, 8 * l.scales.scale_bytes, 2);
}

void pad_to(bytes& b, std::size_t multiple) {
  while (b.size() % multiple != 0) b.push_back(std::byte{0});
}

// A matrix of such codes as LAY-6 puts it, record by record, from sorted sequences.
buffers image(const block_layout& l, matrix_shape s) {
  const matrix_shape blocks = lowp::scale_shape(l, s);
  const auto elements = layouts::sequence(l.element_order, s);
  const auto scales = layouts::sequence(l.scales.order, blocks);
  const std::size_t per_block = std::size_t{l.block_rows} * l.block_columns;
  const std::size_t n = l.record == 0 ? elements.size() : l.record;
  const std::size_t m = l.record == 0 ? scales.size() : l.record / per_block;
  buffers out;
  for (std::size_t e = 0, t = 0; l.record == 0 ? e == 0 : e < elements.size();) {
    bytes codes(lowp::bytes_of(l.elements, n)), factors;
    for (std::size_t k = 0; k < n; ++k, ++e) {
      const auto [i, j] = elements.at(e);
      if (i < s.rows && j < s.columns)
        lowp::write_code(l.elements, codes.data(), k, element_code(l, i, j));
    }
    for (std::size_t k = 0; k < m; ++k, ++t) {
      const auto [i, j] = scales.at(t);
      const bool inside = i < blocks.rows && j < blocks.columns;
      const code_t code = inside ? scale_code(l, i, j) : l.scales.pad;
      for (int b = 0; b < l.scales.scale_bytes; ++b)
        factors.push_back(static_cast<std::byte>(code >> 8 * b & 255));
    }
    pad_to(codes, l.part_multiple);
    pad_to(factors, l.part_multiple);
    bytes& beside = l.position == scale_position::apart ? out.scales : out.data;
    if (l.position == scale_position::before) {
      beside.insert(beside.end(), factors.begin(), factors.end());
    }
    out.data.insert(out.data.end(), codes.begin(), codes.end());
    if (l.position != scale_position::before) {
      beside.insert(beside.end(), factors.begin(), factors.end());
    }
    pad_to(out.data, l.record_multiple);
    pad_to(out.scales, l.record_multiple);
    if (n == 0) break;
  }
  return out;
}

// Other layouts of the same matrices: any orders, packings, places of scales, records.
block_layout some_layout(const block_layout& like, std::mt19937_64& random) {
  block_layout l = like;
  const int width = like.elements.f.width;
  l.elements.pack = {};
  switch (below(random, 3)) {
    case 0: l.elements.pack.slot = static_cast<std::uint8_t>(width); break;
    case 1:
      l.elements.pack.order = lowp::bit_order::high_first;
      l.elements.pack.lift = width <= 6 ? 2 : 0;
      break;
    default:
      l.elements.pack.slot = static_cast<std::uint8_t>(width);
      l.elements.pack.group = 8;
      l.elements.pack.step = 2;
      l.elements.pack.run = 16;
      l.elements.pack.padding = static_cast<std::uint8_t>(below(random, 4));
  }
  l.position = static_cast<scale_position>(below(random, 3));
  l.part_multiple = static_cast<std::uint16_t>(1 + below(random, 20));
  l.record_multiple = static_cast<std::uint16_t>(1 + below(random, 20));
  l.scales.pad = below(random, 200);
  l.record = 0;
  const std::uint32_t block = l.block_rows * l.block_columns;
  if (below(random, 2) != 0 && block <= 4096) {
    // Records of whole tiles of blocks, the blocks row by row.
    const auto tile = static_cast<std::uint32_t>(1 + below(random, 5));
    const auto row = lowp::matrix_axis::row, column = lowp::matrix_axis::column;
    const std::uint32_t columns = l.block_columns * tile;
    l.element_order = {{}, l.block_rows, columns};
    int k = 0;
    if (columns > 1) l.element_order.digit[k++] = {column, 1, columns};
    if (l.block_rows > 1) l.element_order.digit[k++] = {row, 1, l.block_rows};
    l.element_order.digit[k++] = {column, columns, 0};
    l.element_order.digit[k++] = {row, l.block_rows, 0};
    l.scales.order = lowp::matrix_orders::row_major(tile);
    l.record = block * tile;
    if (l.record % 8 != 0) l.elements.pack = {};
  } else {
    l.element_order = layouts::some_order(random);
    l.scales.order = layouts::some_order(random);
  }
  return l;
}

bool same_matrix(const block_layout& a, const block_layout& b) {
  return a.block_rows == b.block_rows && a.block_columns == b.block_columns &&
         a.elements.f.width == b.elements.f.width && a.scales.scale_bytes == b.scales.scale_bytes;
}

// At compile time too: two rows of 33 codes as ggml's blocks, and back.
static_assert([] {
  const block_layout rows = *lowp::find_block_layout("mxfp4"),
                     blocks = *lowp::find_block_layout("ggml_mxfp4");
  std::byte data[34]{}, scales[4]{}, records[68]{}, data_back[34]{}, scales_back[4]{};
  for (int k = 0; k < 34; ++k) data[k] = static_cast<std::byte>(k % 17 == 16 ? k & 15 : 5 * k);
  for (int k = 0; k < 4; ++k) scales[k] = static_cast<std::byte>(100 + k);
  const matrix_shape s{2, 33};
  if (lowp::convert_layout(rows, {data, scales}, blocks, {records}, s) != layout_error::none ||
      lowp::convert_layout(blocks, {records}, rows, {data_back, scales_back}, s) !=
          layout_error::none) {
    return false;
  }
  bool same = records[51] == scales[3];
  for (int k = 0; k < 34; ++k) same &= data[k] == data_back[k];
  for (int k = 0; k < 4; ++k) same &= scales[k] == scales_back[k];
  return same;
}());

TEST_CASE("LAY-6 LAY-9 every layout to every other of the same matrix, ragged sizes to 260") {
  std::mt19937_64 random(21);
  std::vector<block_layout> all;
  for (const auto& l : lowp::all_block_layouts) all.push_back(l.value);
  for (const auto& l : lowp::all_block_layouts) {
    for (int k = 0; k < 2; ++k) all.push_back(some_layout(l.value, random));
  }
  int pairs = 0;
  std::vector<bool> done(all.size());
  for (std::size_t first = 0; first < all.size(); ++first) {
    if (done[first]) continue;
    std::vector<block_layout> group;
    for (std::size_t k = first; k < all.size(); ++k) {
      if (!same_matrix(all[first], all[k])) continue;
      group.push_back(all[k]);
      done[k] = true;
    }
    for (int repeat = 0; repeat < 3; ++repeat) {
      const matrix_shape s{some_length(random), some_length(random)};
      std::vector<buffers> images;
      for (const auto& l : group) {
        images.push_back(image(l, s));
        REQUIRE(lowp::check(l, s) == layout_error::none);
        REQUIRE(lowp::bytes_of(l, s) ==
                lowp::block_bytes{images.back().data.size(), images.back().scales.size()});
      }
      for (std::size_t to = 0; to < group.size(); ++to) {
        // All pairs at one size, some of them at others.
        const std::size_t sources = repeat == 0 ? group.size() : 4;
        for (std::size_t k = 0; k < sources; ++k, ++pairs) {
          const std::size_t from = repeat == 0 ? k : below(random, group.size());
          buffers out{bytes(images[to].data.size(), std::byte{0x5a}),
                      bytes(images[to].scales.size(), std::byte{0xa5})};
          CAPTURE(s.rows);
          CAPTURE(s.columns);
          REQUIRE(lowp::convert_layout(group[from], view(images[from]), group[to], view(out), s) ==
                  layout_error::none);
          CHECK(out == images[to]);
        }
      }
    }
  }
  MESSAGE(pairs << " conversions");
}

TEST_CASE("LAY-4 LAY-6 one element and scale at a time, also of the transposed matrix") {
  std::mt19937_64 random(22);
  for (const auto& named : lowp::all_block_layouts) {
    const block_layout& l = named.value;
    const matrix_shape s{1 + below(random, 70), 1 + below(random, 140)};
    const matrix_shape turned_shape{s.columns, s.rows}, blocks = lowp::scale_shape(l, s);
    const buffers want = image(l, s);
    const block_layout turned = lowp::transposed(l);
    CHECK(lowp::transposed(turned) == l);
    buffers own{bytes(want.data.size(), std::byte{1}), bytes(want.scales.size(), std::byte{2})};
    lowp::clear(l, view(own), s);
    bool same = true;
    for (std::uint64_t i = 0; i < s.rows; ++i) {
      for (std::uint64_t j = 0; j < s.columns; ++j) {
        same &= lowp::read_element(l, view(want), s, i, j) == element_code(l, i, j);
        same &= lowp::read_element(turned, view(want), turned_shape, j, i) == element_code(l, i, j);
        lowp::write_element(l, view(own), s, i, j, element_code(l, i, j));
      }
    }
    for (std::uint64_t i = 0; i < blocks.rows; ++i) {
      for (std::uint64_t j = 0; j < blocks.columns; ++j) {
        same &= lowp::read_scale(l, view(want), s, i, j) == scale_code(l, i, j);
        same &= lowp::read_scale(turned, view(want), turned_shape, j, i) == scale_code(l, i, j);
        lowp::write_scale(l, view(own), s, i, j, scale_code(l, i, j));
      }
    }
    CAPTURE(named.name);
    CHECK(same);
    CHECK(own == want);
  }
}

TEST_CASE("LAY-8 unusable layouts, sizes and buffers are named, and nothing is written") {
  const block_layout good = *lowp::find_block_layout("ggml_nvfp4");
  const matrix_shape s{3, 100};
  const auto error = [&](auto change) {
    block_layout l = good;
    change(l);
    return lowp::check(l, s);
  };
  CHECK(error([](block_layout&) {}) == layout_error::none);
  CHECK(error([](auto& l) { l.elements.pack.slot = 3; }) == layout_error::packing);
  CHECK(error([](auto& l) { l.block_rows = 0; }) == layout_error::block);
  CHECK(error([](auto& l) { l.block_columns = 65537; }) == layout_error::block);
  CHECK(error([](auto& l) { l.element_order = {}; }) == layout_error::digits);
  CHECK(error([](auto& l) { l.scales.scale_bytes = 0; }) == layout_error::scale_bytes);
  CHECK(error([](auto& l) { l.record = 8; }) == layout_error::record);
  CHECK(error([](auto& l) { l.record = 65536 + 64; }) == layout_error::record);
  CHECK(error([](auto& l) { l.block_columns = 8, l.record = 8; }) == layout_error::record);
  CHECK(error([](auto& l) { l.part_multiple = 0; }) == layout_error::record);
  CHECK(error([](auto& l) { l.record_multiple = 4097; }) == layout_error::record);
  CHECK(error([](auto& l) { l.element_order.column_multiple = 1; }) == layout_error::records);
  CHECK(error([](auto& l) { l.scales.order.column_multiple = 1; }) == layout_error::records);
  CHECK(error([](auto& l) { l.scales.order.row_multiple = 2; }) == layout_error::records);
  CHECK(lowp::check(good, {std::uint64_t{1} << 34, 65}) == layout_error::size);
  CHECK(lowp::check(good, {~std::uint64_t{0}, ~std::uint64_t{0}}) == layout_error::size);

  // No columns, however many rows: nothing to do, at once.
  buffers nothing;
  CHECK(lowp::convert_layout(*lowp::find_block_layout("mxfp8"), view(nothing),
                             *lowp::find_block_layout("tosa_mxfp8"), view(nothing),
                             {std::uint64_t{1} << 40, 0}) == layout_error::none);

  const block_layout rows = *lowp::find_block_layout("nvfp4");
  buffers from{bytes(150), bytes(21)}, to{bytes(216, std::byte{1}), {}};
  const auto converted = [&] { return lowp::convert_layout(rows, view(from), good, view(to), s); };
  CHECK(converted() == layout_error::none);
  to.data.assign(216, std::byte{1});
  from.scales.pop_back();
  CHECK(converted() == layout_error::scale_buffer);
  from = {bytes(149), bytes(21)};
  CHECK(converted() == layout_error::data_buffer);
  from = {bytes(150), bytes(21)};
  to.data.pop_back();
  CHECK(converted() == layout_error::data_buffer);
  from.data.resize(300);
  CHECK(lowp::convert_layout(*lowp::find_block_layout("mxfp8"), view(from), good, view(to),
                             {3, 100}) == layout_error::data_buffer);
  to.data.push_back(std::byte{1});
  CHECK(lowp::convert_layout(*lowp::find_block_layout("mxfp8"), view(from), good, view(to),
                             {3, 100}) == layout_error::different);
  CHECK(to.data == bytes(216, std::byte{1}));
}

}  // namespace
