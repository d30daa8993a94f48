// SPDX-License-Identifier: Apache-2.0
// Orders of matrices and layouts of scales: against sorting, against the published formulas, which
// are written out here, and against recorded results.
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/layout/scale_layouts.hpp>

#include "layout_inputs.hpp"

namespace {

using layouts::below;
using layouts::bytes;
using layouts::some_length;
using lowp::layout_error;
using lowp::matrix_axis;
using lowp::matrix_order;
using lowp::matrix_shape;
using lowp::scale_layout;

constexpr matrix_axis row = matrix_axis::row, column = matrix_axis::column;

// A code for each scale, of `size` bytes.
lowp::code_t some_code(std::uint64_t i, std::uint64_t j, int size) {
  const lowp::code_t mixed = (i * 0x9e3779b97f4a7c15 + j + 1) * 0xd1342543de82ef95;
  return mixed >> (64 - 8 * size);
}

// A matrix of such scales as the definition of its layout puts them, byte by byte.
bytes written(const scale_layout& l, matrix_shape s) {
  bytes out;
  for (const lowp::matrix_place& at : layouts::sequence(l.order, s)) {
    const bool inside = at.row < s.rows && at.column < s.columns;
    const lowp::code_t code = inside ? some_code(at.row, at.column, l.scale_bytes) : l.pad;
    for (int b = 0; b < l.scale_bytes; ++b)
      out.push_back(static_cast<std::byte>(code >> 8 * b & 255));
  }
  return out;
}

std::uint64_t up(std::uint64_t n, std::uint64_t m) { return (n + m - 1) / m * m; }

// Offset of scale (i, j) of R x C, and bytes of all, as the users of a layout describe them.
struct published {
  std::uint64_t offset, size;
};
published published_place(std::string_view name, matrix_shape s, std::uint64_t i, std::uint64_t j) {
  const std::uint64_t R = s.rows, C = s.columns, nC = (C + 3) / 4;
  const auto tile = [](std::uint64_t r, std::uint64_t c, std::uint64_t tiles) {
    return (r / 128 * tiles + c / 4) * 512 + r % 32 * 16 + r % 128 / 32 * 4 + c % 4;
  };
  if (name == "row_major") return {i * C + j, R * C};
  if (name == "column_major") return {j * R + i, R * C};
  if (name == "tile_128x4") return {tile(i, j, nC), up(R, 128) * nC * 4};
  if (name == "tile_4x128") return {tile(j, i, (R + 3) / 4), up(C, 128) * up(R, 4)};
  if (name == "gfx950_32x8") {
    const std::uint64_t c = up(C, 8);
    return {i / 32 * 32 * c + j / 8 * 256 + j % 4 * 64 + i % 16 * 4 + j % 8 / 4 * 2 + i % 32 / 16,
            up(R, 256) * c};
  }
  if (name == "gfx950_32x8_wide") {
    // As the permutation reads: views (R/32, 32, C/8, 4, 2), its axes in the order 0, 2, 4, 1, 3.
    return {(((i / 32 * (up(C, 8) / 8) + j / 8) * 2 + j % 2) * 32 + i % 32) * 4 + j % 8 / 2,
            up(R, 32) * up(C, 8)};
  }
  if (name == "gfx1250_32x4") {
    return {i / 32 * 32 * up(C, 4) + j / 4 * 128 + i % 32 * 4 + j % 4, up(R, 32) * up(C, 4)};
  }
  // One int32 for four columns; a column of these is aligned to 16 bytes.
  if (name == "words_of_4_columns") return {(j / 4 * up(R, 4) + i) * 4 + j % 4, nC * up(R, 4) * 4};
  if (name == "column_major_float_4") return {(j * up(R, 4) + i) * 4, C * up(R, 4) * 4};
  if (name == "row_major_float_4") return {(i * up(C, 4) + j) * 4, R * up(C, 4) * 4};
  if (name == "padded_128x4") return {i * up(C, 4) + j, up(R, 128) * up(C, 4)};
  if (name == "padded_4x128") return {i * up(C, 128) + j, up(R, 4) * up(C, 128)};
  if (name == "rows_of_faces") {
    // Tiles of 64 scales, 16 for each of the faces (0, 0), (0, 1), (1, 0), (1, 1).
    const std::uint64_t across = up(C, 2) / 2, face = i % 32 / 16 * 2 + j % 2;
    return {(i / 32 * across + j / 2) * 64 + face * 16 + i % 16, up(R, 32) * up(C, 2)};
  }
  FAIL("a layout without a description here: " << std::string(name));
  return {};
}

// The layouts to convert between: the registered ones and others, all with scales of `size` bytes.
std::vector<scale_layout> layouts_of(int size, std::mt19937_64& random) {
  std::vector<scale_layout> all;
  for (const auto& l : lowp::all_scale_layouts) all.push_back(l.value);
  for (int k = 0; k < 12; ++k) all.push_back({layouts::some_order(random)});
  for (scale_layout& l : all) {
    l.scale_bytes = static_cast<std::uint8_t>(size);
    l.pad = below(random, 2) * (size == 1 ? 127 : 0x7f02);
  }
  return all;
}

// All of it works at compile time.
static_assert(lowp::offset_of(lowp::scale_layouts::tile_128x4, {129, 5}, 128, 4) == 1536);
static_assert(lowp::index_of(lowp::scale_layouts::tile_128x4, {129, 5}, 1537) ==
              lowp::matrix_place{128, 5});

TEST_CASE("LAY-1 the places of an order are those of its entries sorted by their digits") {
  std::mt19937_64 random(11);
  for (int k = 0; k < 300; ++k) {
    const matrix_order o = layouts::some_order(random);
    REQUIRE(lowp::check(o) == layout_error::none);
    const matrix_shape s{1 + below(random, 30), 1 + below(random, 30)};
    const auto entries = layouts::sequence(o, s);
    REQUIRE(lowp::places_of(o, s) == entries.size());
    const lowp::order_strides strides(o, s);
    bool same = true;
    for (std::size_t place = 0; place < entries.size(); ++place) {
      same &= strides.place(entries[place].row, entries[place].column) == place;
      same &= strides.entry(place) == entries[place];
    }
    CAPTURE(k);
    CHECK(same);
  }
}

TEST_CASE("LAY-1 walking along an axis gives the same places, one by one and in runs") {
  std::mt19937_64 random(12);
  for (int k = 0; k < 300; ++k) {
    const matrix_order o = layouts::some_order(random);
    const lowp::order_strides strides(o, {100, 100});
    for (const matrix_axis axis : {row, column}) {
      for (const std::uint32_t run : {std::uint32_t{1}, lowp::run_of(o, axis)}) {
        if (run == 0) continue;
        lowp::order_walker walker(strides, axis, run);
        bool same = true;
        for (std::uint64_t n = 0; n < 100; n += run, walker.advance()) {
          same &= walker.part() == strides.part(axis, n);
          for (std::uint64_t m = n; m < n + run; ++m)
            same &= strides.part(axis, m) == walker.part() + m - n;
        }
        CHECK(same);
      }
    }
  }
}

TEST_CASE("LAY-2 LAY-3 unusable orders, scales, sizes and buffers are named") {
  const auto order_error = [](matrix_order o) { return lowp::check(o); };
  CHECK(order_error(matrix_order{}) == layout_error::digits);
  CHECK(order_error({{{column, 1, 0}}, 1, 1}) == layout_error::digits);
  CHECK(order_error({{{column, 1, 0}, {row, 2, 0}}, 2, 1}) == layout_error::digits);
  CHECK(order_error({{{column, 1, 4}, {row, 1, 0}}, 1, 4}) == layout_error::digits);
  CHECK(order_error({{{column, 1, 4}, {column, 2, 0}, {row, 1, 0}}, 1, 4}) == layout_error::digits);
  CHECK(order_error({{{column, 1, 0}, {column, 1, 0}, {row, 1, 0}}, 1, 1}) == layout_error::digits);
  CHECK(order_error({{{column, 1, 1}, {column, 1, 0}, {row, 1, 0}}, 1, 1}) == layout_error::digits);
  CHECK(order_error({{{column, 1, 0}, {column, 4, 2}, {row, 1, 0}}, 1, 8}) == layout_error::digits);
  CHECK(order_error({{{column, 1, 0}, {}, {row, 1, 0}}, 1, 1}) == layout_error::digits);
  CHECK(order_error({{{column, 1, 65537}, {column, 65537, 0}, {row, 1, 0}}, 1, 65537}) ==
        layout_error::digits);
  CHECK(order_error({{{column, 1, 4}, {column, 4, 0}, {row, 1, 0}}, 1, 6}) ==
        layout_error::multiple);
  CHECK(order_error(lowp::matrix_orders::row_major(0)) == layout_error::multiple);
  CHECK(order_error(lowp::matrix_orders::row_major(65537)) == layout_error::multiple);
  CHECK(order_error(lowp::matrix_orders::row_major(65536, 65536)) == layout_error::none);

  scale_layout l = lowp::scale_layouts::tile_128x4;
  CHECK(lowp::check(l, {200, 7}, 2048) == layout_error::none);
  CHECK(lowp::check(l, {200, 7}, 2047) == layout_error::scale_buffer);
  CHECK(lowp::check(l, {0, 0}, 0) == layout_error::none);
  constexpr std::uint64_t most = std::uint64_t{1} << 40;
  CHECK(lowp::check(l, {most / 4, 4}, ~std::uint64_t{0}) == layout_error::none);
  CHECK(lowp::check(l, {most / 4 + 1, 4}, ~std::uint64_t{0}) == layout_error::size);
  CHECK(lowp::check(l, {~std::uint64_t{0}, 1}, ~std::uint64_t{0}) == layout_error::size);
  CHECK(lowp::check(l, {1, most + 1}, ~std::uint64_t{0}) == layout_error::size);
  l.pad = 256;
  CHECK(lowp::check(l) == layout_error::scale_bytes);
  l = {l.order, 8, ~lowp::code_t{0}};
  CHECK(lowp::check(l) == layout_error::none);
  l.scale_bytes = 9;
  CHECK(lowp::check(l) == layout_error::scale_bytes);
  l.scale_bytes = 0;
  CHECK(lowp::check(l) == layout_error::scale_bytes);

  bytes in(99), out(2048, std::byte{1});
  CHECK(lowp::convert_scales(lowp::scale_layouts::row_major, in, lowp::scale_layouts::tile_128x4,
                             out, {20, 5}) == layout_error::scale_buffer);
  in.resize(400);
  CHECK(lowp::convert_scales({lowp::matrix_orders::row_major(), 4}, in,
                             lowp::scale_layouts::tile_128x4, out,
                             {20, 5}) == layout_error::different);
  CHECK(out == bytes(2048, std::byte{1}));

  std::set<std::string> messages;
  for (int e = 0; e <= static_cast<int>(layout_error::different); ++e)
    messages.insert(lowp::message(static_cast<layout_error>(e)));
  CHECK(messages.size() == static_cast<std::size_t>(layout_error::different) + 1);
  CHECK(messages.count("unknown") == 0);
}

TEST_CASE("LAY-5 every registered layout of scales is its users' formula") {
  std::mt19937_64 random(13);
  std::set<std::string> names;
  for (const auto& l : lowp::all_scale_layouts) {
    names.insert(l.name);
    CAPTURE(l.name);
    REQUIRE(lowp::check(l.value) == layout_error::none);
    for (int k = 0; k < 12; ++k) {
      const matrix_shape s{some_length(random), some_length(random)};
      CAPTURE(s.rows);
      CAPTURE(s.columns);
      bool same = true;
      for (std::uint64_t i = 0; i < s.rows; ++i) {
        for (std::uint64_t j = 0; j < s.columns; ++j) {
          const published want = published_place(l.name, s, i, j);
          same &= lowp::offset_of(l.value, s, i, j) == want.offset;
          same &= lowp::bytes_of(l.value, s) == want.size;
          const auto at = lowp::index_of(l.value, s, want.offset + l.value.scale_bytes - 1);
          same &= at == lowp::matrix_place{i, j} && !at.is_padding(s);
        }
      }
      CHECK(same);
      // Every other place is padding.
      std::uint64_t inside = 0;
      for (std::uint64_t at = 0; at < lowp::bytes_of(l.value, s); at += l.value.scale_bytes)
        inside += lowp::index_of(l.value, s, at).is_padding(s) ? 0 : 1;
      CHECK(inside == s.rows * s.columns);
    }
  }
  CHECK(names.size() == lowp::scale_layout_count);
}

TEST_CASE("LAY-5 the 128 x 4 tiles are those that torchao wrote") {
  const matrix_shape shapes[] = {{1, 1},   {3, 2},   {32, 4},  {128, 4},
                                 {129, 5}, {200, 7}, {256, 8}, {384, 12}};
  if (layouts::recorded("swizzle/1x1.in.u8").empty()) {
    MESSAGE("not found, not compared: ", recorded::path("blocks/swizzle"));
    return;
  }
  for (const matrix_shape s : shapes) {
    const std::string name =
        "swizzle/" + std::to_string(s.rows) + "x" + std::to_string(s.columns) + ".";
    CAPTURE(name);
    const bytes rows = layouts::recorded(name + "in.u8");
    const bytes tiles = layouts::recorded(name + "blocked128x4.u8");
    const scale_layout &plain = lowp::scale_layouts::row_major,
                       &tiled = lowp::scale_layouts::tile_128x4;
    REQUIRE(tiles.size() == lowp::bytes_of(tiled, s));
    bytes out(tiles.size(), std::byte{0xaa}), back(rows.size());
    CHECK(lowp::convert_scales(plain, rows, tiled, out, s) == layout_error::none);
    CHECK(out == tiles);
    CHECK(lowp::convert_scales(tiled, tiles, plain, back, s) == layout_error::none);
    CHECK(back == rows);
  }
}

TEST_CASE("LAY-4 scales from every layout to every other, sizes 1 to 260") {
  std::mt19937_64 random(14);
  for (const int size : {1, 1, 1, 2, 2, 4, 4, 8, 3}) {
    const auto all = layouts_of(size, random);
    const matrix_shape s{some_length(random), some_length(random)};
    std::vector<bytes> images;
    for (const auto& l : all) images.push_back(written(l, s));
    for (std::size_t from = 0; from < all.size(); ++from) {
      for (std::size_t to = 0; to < all.size(); ++to) {
        bytes out(images[to].size() + 1, std::byte{0x5a});
        CAPTURE(from);
        CAPTURE(to);
        CAPTURE(s.rows);
        CAPTURE(s.columns);
        REQUIRE(lowp::convert_scales(all[from], images[from], all[to], out, s) ==
                layout_error::none);
        CHECK(out.back() == std::byte{0x5a});
        out.pop_back();
        CHECK(out == images[to]);
      }
    }
  }
}

TEST_CASE("LAY-4 one scale at a time, and the transposed layout of the same bytes") {
  std::mt19937_64 random(15);
  for (const auto& l : layouts_of(4, random)) {
    const matrix_shape s{some_length(random), some_length(random)};
    const matrix_shape turned_shape{s.columns, s.rows};
    const bytes image = written(l, s);
    bytes own(image.size());
    const scale_layout turned = lowp::transposed(l);
    CHECK(lowp::transposed(turned) == l);
    bool same = true;
    for (std::uint64_t i = 0; i < s.rows; ++i) {
      for (std::uint64_t j = 0; j < s.columns; ++j) {
        const lowp::code_t code = some_code(i, j, 4);
        same &= lowp::read_scale(l, image.data(), s, i, j) == code;
        same &= lowp::read_scale(turned, image.data(), turned_shape, j, i) == code;
        lowp::write_scale(l, own.data(), s, i, j, code);
      }
    }
    if (l.pad == 0) same &= own == image;
    CHECK(same);
  }
}

}  // namespace
