// SPDX-License-Identifier: Apache-2.0
// Packings: the bytes of every published one against its users' descriptions, written out here, and
// of any layout against a string of bits; read and written code by code and in bulk.
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/pack/packings.hpp>
#include <lowp/simd/convert.hpp>

#include "simd/targets.hpp"
#include "support/registry_rows.hpp"

namespace {

using lowp::array_layout;
using lowp::code_t;
using lowp::packing;
using bytes = std::vector<std::byte>;
using codes = std::vector<code_t>;

constexpr std::size_t most = 600;

codes random_codes(int width, std::size_t n, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  codes all(n);
  for (code_t& c : all) c = width == 64 ? random() : random() & ((code_t{1} << width) - 1);
  return all;
}

// Bit b of element i, from the code's lowest, as the users of a packing describe it.
struct place {
  std::size_t byte, bit;
};
place in_string(std::size_t bit) { return {bit / 8, bit % 8}; }
place published_place(std::string_view name, int width, std::size_t i, std::size_t b) {
  const auto w = static_cast<std::size_t>(width);
  if (name == "containers")
    return in_string((w <= 8 ? 8 : w <= 16 ? 16 : w <= 32 ? 32 : 64) * i + b);
  if (name == "dense1_low") return in_string(i + b);
  if (name == "dense2_low") return in_string(2 * i + b);
  if (name == "dense4_low") return in_string(4 * i + b);
  if (name == "dense6_low") return in_string(6 * i + b);
  if (name == "dense4_high") return {i / 2, (i % 2 == 0 ? 4 : 0) + b};
  if (name == "split_32") return {i / 32 * 16 + i % 16, i % 32 / 16 * 4 + b};
  if (name == "split_16") return {i / 16 * 8 + i % 8, i % 16 / 8 * 4 + b};
  if (name == "split_128") return {i / 128 * 32 + i % 32, i % 128 / 32 * 2 + b};
  if (name == "awq") {
    constexpr std::size_t order[8] = {0, 2, 4, 6, 1, 3, 5, 7};
    std::size_t nibble = 0;
    while (order[nibble] != i % 8) ++nibble;
    return {i / 8 * 4 + nibble / 2, nibble % 2 * 4 + b};
  }
  if (name == "b6x16_p32") return {i / 16 * 16 + (i % 16 * 6 + b) / 8, (i % 16 * 6 + b) % 8};
  if (name == "b6x32_p64") return {i / 32 * 32 + (i % 32 * 6 + b) / 8, (i % 32 * 6 + b) % 8};
  if (name == "b4x16_p64") return {i / 16 * 16 + i % 16 / 2, i % 2 * 4 + b};
  if (name == "lifted_byte") return {i, 2 + b};
  FAIL("a packing without a description here: " << std::string(name));
  return {};
}

// The bytes of n codes as a string of bits: PCK-1, PCK-2, PCK-4.
bytes string_of_bits(const array_layout& a, const codes& all, std::size_t n) {
  const bool low = a.pack.order == lowp::bit_order::low_first;
  const std::size_t width = a.f.width;
  std::size_t slot = a.pack.slot;
  if (slot == 0) {
    slot = 8;
    while (slot < width) slot *= 2;
  }
  const std::size_t group = a.pack.group == a.pack.step ? 1 : a.pack.group;
  const std::size_t step = group == 1 ? 1 : a.pack.step;
  std::vector<bool> bits;
  std::size_t in_run = 0;
  const auto put_slot = [&](code_t code) {
    std::vector<bool> s(slot, false);
    for (std::size_t b = 0; b < width; ++b) s[a.pack.lift + b] = ((code >> b) & 1) != 0;
    if (low) bits.insert(bits.end(), s.begin(), s.end());
    if (!low) bits.insert(bits.end(), s.rbegin(), s.rend());
    if (a.pack.run != 0 && ++in_run == a.pack.run) {
      bits.insert(bits.end(), std::size_t{8} * a.pack.padding, false);
      in_run = 0;
    }
  };
  for (std::size_t first = 0; first < n; first += group) {
    for (std::size_t column = 0; column < step; ++column) {
      for (std::size_t row = 0; row < group / step; ++row) {
        const std::size_t i = first + row * step + column;
        put_slot(i < n ? all[i] : 0);
      }
    }
  }
  while (in_run != 0) put_slot(0);
  bytes out((bits.size() + 7) / 8);
  for (std::size_t k = 0; k < bits.size(); ++k) {
    const std::size_t at = low ? k % 8 : 7 - k % 8;
    if (bits[k]) out[k / 8] |= static_cast<std::byte>(1U << at);
  }
  return out;
}

bytes written(const array_layout& a, const codes& all, std::size_t n) {
  bytes out(lowp::bytes_of(a, n));
  for (std::size_t i = 0; i < n; ++i) lowp::write_code(a, out.data(), i, all[i]);
  return out;
}

std::string text(const array_layout& a) {
  const packing& p = a.pack;
  return "width " + std::to_string(a.f.width) + " slot " + std::to_string(p.slot) + " lift " +
         std::to_string(p.lift) + " order " + std::to_string(static_cast<int>(p.order)) +
         " group " + std::to_string(p.group) + "/" + std::to_string(p.step) + " run " +
         std::to_string(p.run) + "+" + std::to_string(p.padding);
}

// The first of n codes that is not read back, n if none.
std::size_t first_misread(const array_layout& a, const bytes& in, const codes& all, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    if (lowp::read_code(a, in.data(), i) != all[i]) return i;
  }
  return n;
}

// Widths that a row is for.
std::vector<int> widths_of(const lowp::named_packing& p) {
  if (p.width != 0) return {p.width};
  if (std::string_view(p.name) == "lifted_byte") return {4, 6};
  return {1, 2, 3, 4, 5, 6, 7, 8, 10, 16, 19, 32, 48, 64};
}

TEST_CASE("PCK-4 PCK-5 bytes of every published packing, 0 to 600 codes") {
  for (const lowp::named_packing& p : lowp::all_packings) {
    for (const int width : widths_of(p)) {
      const array_layout a{lowp::integer_format(width, false), p.value};
      CAPTURE(p.name);
      CAPTURE(width);
      REQUIRE(lowp::check(a) == lowp::packing_error::none);
      const codes all = random_codes(width, most, 1);
      for (std::size_t n = 0; n <= most; ++n) {
        const bytes got = written(a, all, n);
        bytes want(got.size());
        for (std::size_t i = 0; i < n; ++i) {
          for (std::size_t b = 0; b < static_cast<std::size_t>(width); ++b) {
            const place at = published_place(p.name, width, i, b);
            REQUIRE(at.byte < want.size());
            if ((all[i] >> b & 1) != 0) want[at.byte] |= static_cast<std::byte>(1U << at.bit);
          }
        }
        REQUIRE_MESSAGE(got == want, n << " codes");
        REQUIRE_MESSAGE(got == string_of_bits(a, all, n), n << " codes, as a string of bits");
        REQUIRE(first_misread(a, got, all, n) == n);
      }
    }
  }
}

// Usable layouts of codes of up to 16 bits.
std::vector<array_layout> random_layouts(std::size_t count) {
  std::mt19937_64 random(2);
  std::vector<array_layout> all;
  while (all.size() < count) {
    const int width = static_cast<int>(random() % 16) + 1;
    packing p;
    if (random() % 4 != 0) p.slot = static_cast<std::uint8_t>(random() % 20);
    p.lift = static_cast<std::uint8_t>(random() % 4);
    p.order = static_cast<lowp::bit_order>(random() % 2);
    if (random() % 2 == 0) {
      p.group = static_cast<std::uint16_t>(1U << random() % 9);
      p.step = static_cast<std::uint16_t>(1U << random() % 9);
    }
    if (random() % 2 == 0) {
      p.run = static_cast<std::uint16_t>(1U << random() % 9);
      p.padding = static_cast<std::uint8_t>(random() % 9);
    }
    const array_layout a{lowp::integer_format(width, false), p};
    if (lowp::check(a) == lowp::packing_error::none) all.push_back(a);
  }
  return all;
}

TEST_CASE("PCK-1 PCK-2 PCK-3 PCK-4 any layout is a string of bits") {
  for (const array_layout& a : random_layouts(2000)) {
    const std::size_t n = (a.pack.slot * 31U + a.pack.group) % most;
    const codes all = random_codes(a.f.width, n, 3);
    const bytes got = written(a, all, n);
    REQUIRE_MESSAGE(got == string_of_bits(a, all, n), n << " codes, " << text(a));
    REQUIRE(first_misread(a, got, all, n) == n);
  }
}

TEST_CASE("PCK-1 writing a code leaves the bits beside it") {
  for (const array_layout& a : random_layouts(300)) {
    const std::size_t n = lowp::packing_tile;
    bytes out(lowp::bytes_of(a, n), std::byte{0xff});
    for (std::size_t i = 0; i < n; ++i) lowp::write_code(a, out.data(), i, 0);
    const codes ones(n, (code_t{1} << a.f.width) - 1);
    bytes inverse = string_of_bits(a, ones, n);
    for (std::byte& b : inverse) b = ~b;
    REQUIRE_MESSAGE(out == inverse, text(a));
  }
}

// Bulk: from a layout to containers of another width, and back, as `convert` of the same numbers.
void check_bulk(const array_layout& a, std::size_t n, const codes& all) {
  const int container = a.f.width < 16 ? 16 : a.f.width < 32 ? 32 : 64;
  const array_layout plain{lowp::integer_format(container, false), packing{}};
  // Bits that hold no element are noise, which no reader sees.
  std::mt19937_64 random(n);
  bytes packed(lowp::bytes_of(a, n));
  for (std::byte& b : packed) b = static_cast<std::byte>(random());
  for (std::size_t i = 0; i < n; ++i) lowp::write_code(a, packed.data(), i, all[i]);
  bytes unpacked(lowp::bytes_of(plain, n));
  REQUIRE(lowp::convert(packed, a, unpacked, plain, n) == unpacked.size());
  REQUIRE_MESSAGE(unpacked == written(plain, all, n), n << " codes unpacked, " << text(a));
  bytes again(packed.size(), std::byte{0xff});
  REQUIRE(lowp::convert(unpacked, plain, again, a, n) == again.size());
  REQUIRE_MESSAGE(again == string_of_bits(a, all, n), n << " codes packed, " << text(a));
  // The same format on both sides.
  const array_layout same{a.f, packing{}};
  bytes containers(lowp::bytes_of(same, n));
  lowp::convert(packed, a, containers, same, n);
  REQUIRE_MESSAGE(containers == written(same, all, n), n << " codes to containers, " << text(a));
}

TEST_CASE("PCK-5 PCK-6 BLK-1 every published packing in bulk, 0 to 600 codes") {
  for (const bulk::target& t : bulk::targets()) {
    const bulk::forced_target forced(t.bit);
    CAPTURE(t.name);
    for (const lowp::named_packing& p : lowp::all_packings) {
      for (const int width : widths_of(p)) {
        if (width > 32) continue;
        for (const lowp::bit_order order : {p.value.order, lowp::bit_order::high_first}) {
          packing how = p.value;
          how.order = order;
          const array_layout a{lowp::integer_format(width, false), how};
          CAPTURE(p.name);
          const codes all = random_codes(width, 3000, 4);
          for (std::size_t n = 0; n <= most; ++n) check_bulk(a, n, all);
          for (const std::size_t n : {1023U, 1024U, 1025U, 2048U, 3000U}) check_bulk(a, n, all);
        }
      }
    }
  }
}

TEST_CASE("PCK-2 PCK-6 BLK-1 any layout in bulk") {
  const std::vector<array_layout> layouts = random_layouts(600);
  for (const bulk::target& t : bulk::targets()) {
    const bulk::forced_target forced(t.bit);
    CAPTURE(t.name);
    for (const array_layout& a : layouts) {
      const codes all = random_codes(a.f.width, 1200, 5);
      for (const std::size_t n : {1U, 7U, 16U, 100U, 257U, 1200U}) check_bulk(a, n, all);
    }
  }
}

// Exact bytes worked out by hand from the users' descriptions; elements are 1, 2, 3... cut to the
// width. The sources are in spec/packing.md PCK-5.
template <std::size_t N>
constexpr bool has_bytes(const array_layout& a, std::size_t n,
                         const std::array<unsigned, N>& want) {
  std::byte out[N] = {};
  if (lowp::bytes_of(a, n) != N) return false;
  for (std::size_t i = 0; i < n; ++i) {
    lowp::write_code(a, out, i, (i + 1) & ((code_t{1} << a.f.width) - 1));
  }
  for (std::size_t b = 0; b < N; ++b) {
    if (out[b] != static_cast<std::byte>(want[b])) return false;
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (lowp::read_code(a, out, i) != ((i + 1) & ((code_t{1} << a.f.width) - 1))) return false;
  }
  return true;
}
constexpr lowp::format bits(int width) { return lowp::integer_format(width, false); }

// CUDA fp6 storage types, ml_dtypes: a code in the low bits of a byte; 12 bits in 16,
// little-endian.
static_assert(has_bytes<3>({bits(6), {}}, 3, {1, 2, 3}));
static_assert(has_bytes<4>({bits(12), {}}, 2, {1, 0, 2, 0}));
// High first: the same containers big-endian.
static_assert(has_bytes<4>({bits(12), {.order = lowp::bit_order::high_first}}, 2, {0, 1, 0, 2}));
// ggml Q1_0: element i is bit i; 1 0 1 0 1 0 1 0, 1.
static_assert(has_bytes<2>({bits(1), {.slot = 1}}, 9, {0x55, 0x01}));
// ONNX INT2: elements 1 2 3 0 at bits 1:0, 3:2, 5:4, 7:6; then 1.
static_assert(has_bytes<2>({bits(2), {.slot = 2}}, 5, {0x39, 0x01}));
// ONNX INT4: the first in the low nibble; an odd count is padded with a zero high nibble.
static_assert(has_bytes<2>({bits(4), {.slot = 4}}, 3, {0x21, 0x03}));
// bitsandbytes: element 2 j from q >> 4.
static_assert(has_bytes<2>({bits(4), {.slot = 4, .order = lowp::bit_order::high_first}}, 3,
                           {0x12, 0x30}));
// AMD pk32: element i at bit 6 i: 1 | 2 << 6 | 3 << 12 | 4 << 18 = 0x103081.
static_assert(has_bytes<3>({bits(6), {.slot = 6}}, 4, {0x81, 0x30, 0x10}));
// ggml Q4_0: byte j = element j, and element j + 16 above it: 1 and 17 = 1, 2 and 18 = 2, ...
static_assert(has_bytes<16>({bits(4), lowp::packings::split_32}, 32,
                            {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc,
                             0xdd, 0xee, 0xff, 0x00}));
// ggml NVFP4: byte j = elements j and j + 8: 1 and 9, 2 and 10, ...
static_assert(has_bytes<8>({bits(4), lowp::packings::split_16}, 16,
                           {0x91, 0xa2, 0xb3, 0xc4, 0xd5, 0xe6, 0xf7, 0x08}));
// ggml TQ2_0: byte m = sum of element m + 32 k << 2 k; all four are (m + 1) mod 4.
static_assert(has_bytes<32>({bits(2), lowp::packings::split_128}, 128,
                            {0x55, 0xaa, 0xff, 0x00, 0x55, 0xaa, 0xff, 0x00, 0x55, 0xaa, 0xff,
                             0x00, 0x55, 0xaa, 0xff, 0x00, 0x55, 0xaa, 0xff, 0x00, 0x55, 0xaa,
                             0xff, 0x00, 0x55, 0xaa, 0xff, 0x00, 0x55, 0xaa, 0xff, 0x00}));
// AWQ: nibbles from the lowest are elements 0 2 4 6 1 3 5 7, here 1 3 5 7 2 4 6 8.
static_assert(has_bytes<4>({bits(4), lowp::packings::awq}, 8, {0x31, 0x75, 0x42, 0x86}));
// CUDA 16U6_ALIGN16B: 12 bytes of codes and 4 of padding; one run for the 17th code alone.
static_assert(has_bytes<32>({bits(6), lowp::packings::b6x16_p32}, 17,
                            {0x81, 0x30, 0x10, 0x85, 0x71, 0x20, 0x89, 0xb2, 0x30, 0x8d, 0xf3, 0x40,
                             0, 0, 0, 0, 17}));
// HIP: 24 bytes of codes and 8 of padding.
static_assert(has_bytes<32>({bits(6), lowp::packings::b6x32_p64}, 4, {0x81, 0x30, 0x10}));
// CUDA 16U4_ALIGN16B: 8 bytes of codes and 8 of padding.
static_assert(has_bytes<16>({bits(4), lowp::packings::b4x16_p64}, 16,
                            {0x21, 0x43, 0x65, 0x87, 0xa9, 0xcb, 0xed, 0x0f}));
// tt-metal FP6 in bits 7:2, FP4 registers of mma.kind::f8f6f4 in bits 5:2.
static_assert(has_bytes<3>({bits(6), lowp::packings::lifted_byte}, 3, {0x04, 0x08, 0x0c}));
static_assert(has_bytes<3>({bits(4), lowp::packings::lifted_byte}, 3, {0x04, 0x08, 0x0c}));

TEST_CASE("PCK-5 packings by name") { check_rows(lowp::all_packings, lowp::find_packing); }

TEST_CASE("PCK-3 layouts that are refused, and why") {
  using lowp::packing_error;
  const lowp::format f = bits(6);
  const auto error = [&](packing p) { return lowp::check(array_layout{f, p}); };
  CHECK(error({}) == packing_error::none);
  CHECK(error({.slot = 5}) == packing_error::slot);
  CHECK(error({.slot = 8, .lift = 3}) == packing_error::slot);
  CHECK(error({.slot = 65}) == packing_error::slot);
  CHECK(error({.slot = 64, .lift = 58}) == packing_error::none);
  CHECK(error({.group = 3}) == packing_error::group);
  CHECK(error({.group = 512, .step = 2}) == packing_error::group);
  CHECK(error({.group = 0}) == packing_error::group);
  CHECK(error({.group = 4, .step = 8}) == packing_error::group);
  CHECK(error({.slot = 6, .run = 2, .padding = 1}) == packing_error::run);
  CHECK(error({.slot = 6, .run = 4, .padding = 1}) == packing_error::none);
  CHECK(error({.run = 512}) == packing_error::run);
  CHECK(error({.padding = 1}) == packing_error::run);
  CHECK(lowp::check(array_layout{}) == packing_error::format);
  for (const packing_error e : {packing_error::none, packing_error::format, packing_error::slot,
                                packing_error::group, packing_error::run}) {
    CHECK(std::string_view(lowp::message(e)) != "unknown");
  }
}

TEST_CASE("PCK-5 a format alone stands for its usual layout") {
  CHECK(array_layout(lowp::formats::e2m1) == array_layout(lowp::formats::e2m1, {.slot = 4}));
  CHECK(array_layout(lowp::formats::e2m3) == array_layout(lowp::formats::e2m3, packing{}));
  CHECK(array_layout(bits(1)).pack.slot == 1);
  CHECK(array_layout(bits(2)).pack.slot == 2);
  CHECK(array_layout(bits(3)).pack.slot == 0);
}

}  // namespace
