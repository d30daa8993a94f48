// SPDX-License-Identifier: Apache-2.0
// Registered layouts of block-quantised matrices: against the descriptions of their users, written
// out here, and against blocks that ggml wrote.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/convert.hpp>

#include "layout_inputs.hpp"

namespace {

using layouts::bytes;
using lowp::block_layout;
using lowp::code_t;
using lowp::layout_error;
using lowp::matrix_shape;

// The first bit of an element's code and the first byte of its scale, as users describe them; of
// matrices whose rows are n elements, a multiple of 256.
struct published {
  std::uint64_t bit, scale;
};
published published_place(std::string_view name, matrix_shape s, std::uint64_t i, std::uint64_t j) {
  const std::uint64_t R = s.rows, n = s.columns, e = i * n + j;
  const auto tile = [](std::uint64_t r, std::uint64_t c, std::uint64_t columns) {
    return (r / 128 * ((columns + 3) / 4) + c / 4) * 512 + r % 32 * 16 + r % 128 / 32 * 4 + c % 4;
  };
  const std::uint64_t plain = i * (n / 32) + j / 32, tiled = tile(i, j / 32, n / 32);
  const std::uint64_t r4 = (R + 3) / 4 * 4;
  if (name == "mxfp8") return {8 * e, plain};
  if (name == "mxfp8_128x4") return {8 * e, tiled};
  if (name == "mxfp8_columns") return {8 * e, i / 32 * ((n + 127) / 128 * 128) + j};
  if (name == "mxfp4_words") return {4 * e, (j / 128 * r4 + i) * 4 + j % 128 / 32};
  if (name == "mxfp6_bytes") return {8 * e, plain};
  if (name == "mxfp6_dense") return {6 * e, tiled};
  if (name == "mxfp6_b6x16") return {e / 16 * 128 + e % 16 * 6, tiled};
  if (name == "mxfp6_b6x32") return {e / 32 * 256 + e % 32 * 6, plain};
  if (name == "mxfp4") return {4 * e, plain};
  if (name == "mxfp4_128x4") return {4 * e, tiled};
  if (name == "mxfp4_gfx950") {
    const std::uint64_t b = j / 32;
    return {4 * e, i / 32 * 32 * (n / 32) + b / 8 * 256 + b % 4 * 64 + i % 16 * 4 + b % 8 / 4 * 2 +
                       i % 32 / 16};
  }
  if (name == "nvfp4") return {4 * e, e / 16};
  if (name == "nvfp4_128x4") return {4 * e, tile(i, j / 16, n / 16)};
  if (name == "fp8_1x128") return {8 * e, e / 128 * 4};
  if (name == "fp8_1x128_columns") return {8 * e, (j / 128 * r4 + i) * 4};
  if (name == "fp8_1x128_words") return {8 * e, (j / 512 * r4 + i) * 4 + j % 512 / 128};
  if (name == "fp8_128x128") return {8 * e, (i / 128 * ((n / 128 + 3) / 4 * 4) + j / 128) * 4};
  const std::uint64_t block = e / 32, in = e % 32;
  const std::uint64_t split = (in % 16) * 8 + in / 16 * 4;
  if (name == "ggml_mxfp4") return {(block * 17 + 1) * 8 + split, block * 17};
  if (name == "ggml_q4_0") return {(block * 18 + 2) * 8 + split, block * 18};
  if (name == "ggml_q4_1") return {(block * 20 + 4) * 8 + split, block * 20};
  if (name == "ggml_q8_0") return {(block * 34 + 2 + in) * 8, block * 34};
  if (name == "ggml_nvfp4") {
    const std::uint64_t super = e / 64, sub = e % 64 / 16, at = e % 16;
    return {(super * 36 + 4 + sub * 8 + at % 8) * 8 + at / 8 * 4, super * 36 + sub};
  }
  if (name == "ggml_tq2_0") {
    const std::uint64_t super = e / 256, at = e % 256;
    return {(super * 66 + at / 128 * 32 + at % 32) * 8 + at % 128 / 32 * 2, super * 66 + 64};
  }
  if (name == "fbgemm_mx4") return {block * 17 * 8 + in * 4, block * 17 + 16};
  if (name == "llama_mxfp8") {
    return {(e / 256 * 264 + e % 256) * 8, e / 256 * 264 + 256 + e % 256 / 32};
  }
  if (name == "tt_metal_mxfp8") return {((R * n / 32 + 15) / 16 * 16 + e) * 8, plain};
  if (name == "tosa_mxfp8") return {8 * e, R * n + plain};
  if (name == "tt_metal_bfp8_b") {
    const std::uint64_t t = (i / 32 * (n / 32) + j / 32) * 1088;
    const std::uint64_t face = i % 32 / 16 * 2 + j % 32 / 16;
    return {(t + 64 + face * 256 + i % 16 * 16 + j % 16) * 8, t + face * 16 + i % 16};
  }
  FAIL("a layout without a description here: " << std::string(name));
  return {};
}

TEST_CASE("LAY-7 elements and scales of every registered layout stand where its users put them") {
  std::set<std::string> names;
  for (const auto& l : lowp::all_block_layouts) {
    names.insert(l.name);
    CAPTURE(l.name);
    CHECK(lowp::find_block_layout(l.name) == &l);
    for (const matrix_shape s : {matrix_shape{1, 256}, {5, 512}, {130, 256}, {64, 1024}}) {
      REQUIRE(lowp::check(l.value, s) == layout_error::none);
      bool same = true;
      const lowp::block_places p(l.value, s);
      for (std::uint64_t i = 0; i < s.rows; ++i) {
        for (std::uint64_t j = 0; j < s.columns; ++j) {
          const published want = published_place(l.name, s, i, j);
          const std::uint64_t bi = i / l.value.block_rows, bj = j / l.value.block_columns;
          const std::uint64_t at = p.elements().place(i, j);
          same &= 8 * p.element_array(at) +
                      lowp::bit_of_slot(l.value.elements, lowp::slot_of(l.value.elements.pack,
                                                                        p.element_index(at))) ==
                  want.bit;
          same &= p.scale_offset(p.scales().place(bi, bj)) == want.scale;
        }
      }
      const std::uint64_t i = s.rows - 1, j = s.columns / 2 + 1;
      const published want = published_place(l.name, s, i, j);
      same &= lowp::element_bit(l.value, s, i, j) == want.bit;
      same &= lowp::scale_offset(l.value, s, i / l.value.block_rows, j / l.value.block_columns) ==
              want.scale;
      CAPTURE(s.rows);
      CAPTURE(s.columns);
      CHECK(same);
    }
  }
  CHECK(names.size() == lowp::block_layout_count);
  CHECK(lowp::find_block_layout("mxfp") == nullptr);
}

TEST_CASE("LAY-7 sizes of registered layouts with ragged ends") {
  const auto size = [](const char* name, matrix_shape s) {
    const auto* l = lowp::find_block_layout(name);
    REQUIRE(l != nullptr);
    REQUIRE(lowp::check(*l, s) == layout_error::none);
    return lowp::bytes_of(*l, s);
  };
  CHECK(size("mxfp8", {3, 33}) == lowp::block_bytes{99, 6});
  CHECK(size("mxfp4", {3, 33}) == lowp::block_bytes{51, 6});
  CHECK(size("mxfp8_128x4", {3, 33}) == lowp::block_bytes{99, 512});
  CHECK(size("mxfp6_dense", {3, 33}) == lowp::block_bytes{81, 512});
  CHECK(size("mxfp8_columns", {33, 3}) == lowp::block_bytes{99, 512});
  CHECK(size("fp8_128x128", {129, 129}) == lowp::block_bytes{129 * 129, 32});
  CHECK(size("ggml_mxfp4", {3, 33}) == lowp::block_bytes{102, 0});
  CHECK(size("fbgemm_mx4", {3, 33}) == lowp::block_bytes{102, 0});
  CHECK(size("ggml_nvfp4", {3, 65}) == lowp::block_bytes{216, 0});
  CHECK(size("llama_mxfp8", {3, 257}) == lowp::block_bytes{6 * 264, 0});
  CHECK(size("tt_metal_mxfp8", {3, 33}) == lowp::block_bytes{16 + 112, 0});
  CHECK(size("tt_metal_bfp8_b", {33, 16}) == lowp::block_bytes{2 * 1088, 0});
  CHECK(size("tosa_mxfp8", {3, 33}) == lowp::block_bytes{105, 0});
  CHECK(size("mxfp8", {0, 5}) == lowp::block_bytes{0, 0});
}

// What ggml calls value i of its blocks, from element and scale code.
float ggml_value(std::string_view name, code_t code, code_t scale) {
  const auto number = [](lowp::format f, code_t c) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(
        lowp::convert(f, c, lowp::formats::binary32, lowp::projection{})));
  };
  const float d = number(lowp::formats::binary16, scale & 0xffff);
  if (name == "mxfp4")
    return number(lowp::formats::e2m1, code) * number(lowp::formats::e8m0fnu, scale);
  if (name == "nvfp4")
    return number(lowp::formats::e2m1, code) * number(lowp::formats::ue4m3, scale);
  if (name == "q4_0") return (static_cast<float>(code) - 8) * d;
  if (name == "q8_0") return static_cast<float>(static_cast<std::int8_t>(code)) * d;
  if (name == "tq2_0") return (static_cast<float>(code) - 1) * d;
  const volatile float product = static_cast<float>(code) * d;  // q4_1, not contracted
  return product + number(lowp::formats::binary16, scale >> 16);
}

TEST_CASE("LAY-7 blocks that ggml wrote hold the values that ggml reads") {
  if (layouts::recorded("ggml/mxfp4.u8").empty()) {
    MESSAGE("not found, not compared: ", recorded::path("blocks/ggml"));
    return;
  }
  for (const std::string name : {"mxfp4", "nvfp4", "q4_0", "q4_1", "q8_0", "tq2_0"}) {
    CAPTURE(name);
    const block_layout l = *lowp::find_block_layout(("ggml_" + name).c_str());
    const bytes blocks = layouts::recorded("ggml/" + name + ".u8");
    const bytes values = layouts::recorded("ggml/deq_first8/" + name + ".f32");
    REQUIRE(values.size() == 2048 * sizeof(float));
    const matrix_shape s{8, 256};
    REQUIRE(lowp::check(l, s, {blocks.size(), 0}) == layout_error::none);
    int wrong = 0;
    for (std::uint64_t k = 0; k < 2048; ++k) {
      const std::uint64_t i = k / 256, j = k % 256;
      float want = 0;
      std::memcpy(&want, values.data() + 4 * k, 4);
      const float got = ggml_value(
          name, lowp::read_element(l, {blocks}, s, i, j),
          lowp::read_scale(l, lowp::const_block_buffers{blocks}, s, i, j / l.block_columns));
      wrong += got == want || (got != got && want != want) ? 0 : 1;
    }
    CHECK(wrong == 0);
  }
}

}  // namespace
