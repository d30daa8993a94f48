// SPDX-License-Identifier: Apache-2.0
// What ggml blocks are made with: tables, stored scales, integers of numbers, exponents of MXFP4,
// conversion to E4M3.
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include <doctest/doctest.h>

#include <lowp/elementary.hpp>

#include "block/ggml_blocks.hpp"

namespace {

using ggml_blocks::at;
using ggml_blocks::bytes;
using ggml_blocks::float32;
using ggml_blocks::numbers;
using ggml_blocks::one;
using ggml_blocks::type;

}  // namespace

TEST_CASE("GGM-3: tables of codes") {
  for (int code = 0; code < 16; ++code) {
    const float32 e2m1 =
        lowp::decode_real<float32>(lowp::formats::e2m1, static_cast<unsigned>(code));
    CHECK(float32{lowp::ggml_e2m1_value(code)} == e2m1 + e2m1);
    if (code > 0) CHECK(lowp::ggml_iq4_value(code - 1) < lowp::ggml_iq4_value(code));
  }
}

TEST_CASE("GGM-5: stored scales") {
  using lowp::detail::ggml::byte_scale;
  using lowp::detail::ggml::half_code;
  for (unsigned b = 0; b < 256; ++b) {
    CAPTURE(b);
    const auto byte = static_cast<std::uint8_t>(b);
    const auto power = byte_scale<float32>(lowp::ggml_number::e8m0_half, byte);
    CHECK(static_cast<double>(power) == std::ldexp(1.0, static_cast<int>(b) - 128));
    const int exponent = static_cast<int>(b >> 3 & 15);
    const double significand = exponent == 0 ? b & 7 : 8 + (b & 7);
    const double value = std::ldexp(significand, (exponent == 0 ? 1 : exponent) - 7 - 3 - 1);
    CHECK(static_cast<double>(byte_scale<float32>(lowp::ggml_number::ue4m3_half, byte)) ==
          (b == 0x7f ? 0 : value));
  }
  CHECK(half_code(float32{65520.0F}) == 0x7c00);
  CHECK(half_code(float32{-65504.0F}) == 0xfbff);
  CHECK(half_code(float32::from_code(0xffc12345)) == 0x7e00);
  CHECK(half_code(float32::from_code(0x7f800001)) == 0x7e00);
}

TEST_CASE("GGM-6: integers of numbers out of range") {
  using lowp::detail::ggml::nearest_integer;
  using lowp::detail::ggml::to_word;
  const float32 nan = float32::quiet_nan();
  const float32 inf = float32::infinity();
  for (const lowp::rounding mode : {lowp::toward_zero, lowp::to_nearest_away}) {
    CHECK(to_word(nan, mode) == 0);
    CHECK(to_word(inf, mode) == 0);
    CHECK(to_word(float32{-0x1p31F}, mode) == 0);
    CHECK(to_word(float32{0x1.fffffep30F}, mode) == 2147483520);
    CHECK(to_word(float32{-211.5F}, mode) == (mode == lowp::toward_zero ? -211 : -212));
  }
  CHECK(nearest_integer(nan) == 0);
  CHECK(nearest_integer(float32{2.5F}) == 2);
  CHECK(nearest_integer(float32{-3.5F}) == -4);
  CHECK(nearest_integer(float32{4194303.0F}) == 4194303);
  CHECK(nearest_integer(inf) == -4194304);
  CHECK(lowp::detail::ggml::through(lowp::ggml_cast::signed_byte, 211) == -45);
  CHECK(lowp::detail::ggml::through(lowp::ggml_cast::unsigned_byte, -1) == 255);
}

TEST_CASE("GGM-9: exponents by a logarithm in binary32") {
  using lowp::scale_rule;
  // 2 more than the scale's exponent: floor(log2 6).
  const auto exponent_of = [](scale_rule rule, std::uint32_t bits) {
    return lowp::scale_exponent(rule, lowp::formats::e2m1, bits) + 2;
  };
  std::size_t wrong = 0;
  std::size_t too_great = 0;
  for (int k = -124; k <= 128; ++k) {
    const std::uint32_t power = static_cast<std::uint32_t>(k + 127) << 23;
    for (std::uint32_t ulps = 0; ulps <= 100; ++ulps) {
      const std::uint32_t bits = power - ulps;
      if (bits > 0x7f7fffff) continue;
      const float x = std::bit_cast<float>(bits);
      // Rounded to binary32 from at least 64 bits: their error is far from any tie here.
      const auto log = static_cast<float>(std::log2(static_cast<long double>(x)));
      const int want = static_cast<int>(std::floor(log));
      wrong += exponent_of(scale_rule::floor_log2_binary32, bits) != want;
      int exact = 0;
      std::frexp(x, &exact);
      wrong += exponent_of(scale_rule::floor, bits) != exact - 1;
      too_great += want != exact - 1;
      if (ulps % 11 != 1 && ulps != 0) continue;
      const float32 by_lowp = lowp::log2<float32>(float32{x});
      wrong += static_cast<float>(by_lowp) != log;
    }
  }
  CHECK(wrong == 0);
  CHECK(too_great > 0);
  MESSAGE("numbers whose exponent is one too great: " << too_great);
  // At 2^k itself, 1, 2 and 3 ulp below, in the bytes.
  for (std::uint32_t ulps = 0; ulps < 4; ++ulps) {
    const float32 x = float32::from_code(0x42800000 - ulps);  // 2^6: two round up
    CHECK(at(one(type("mxfp4"), {x}), 0) == (ulps <= 2 ? 131 : 130));
    CHECK(at(one(type("mxfp4_exact"), {x}), 0) == (ulps == 0 ? 131 : 130));
  }
  // The root of 2 parts the nearest exponents.
  CHECK(at(one(type("mxfp4_cuda"), {float32::from_code(0x3fb504f3)}), 0) == 125);
  CHECK(at(one(type("mxfp4_cuda"), {float32::from_code(0x3fb504f4)}), 0) == 126);
  // Amax that C would make a negative byte of.
  CHECK(at(one(type("mxfp4"), {float32{0x1p-126F}}), 0) == 0);
  CHECK(at(one(type("mxfp4"), {float32{0x1p-124F}}), 0) == 1);
}

TEST_CASE("GGM-9: codes of MXFP4 at ties") {
  // d = 1/2 for amax in [4, 8): ties go toward zero by value, to even by instruction.
  const numbers x = {float32{6.0F}, float32{0.25F}, float32{0.75F}, float32{1.25F}, float32{1.75F},
                     float32{2.5F}, float32{3.5F},  float32{5.0F},  float32{-0.0F}, float32{-2.5F}};
  const int by_value[] = {7, 0, 1, 2, 3, 4, 5, 6, 0, 12};
  const int to_even[] = {7, 0, 2, 2, 4, 4, 6, 6, 8, 12};
  const bytes value = one(type("mxfp4"), x);
  numbers y = x;
  y[0] = float32{5.5F};  // below the root of 2 times 4, so that both have the scale 1
  const bytes even = one(type("mxfp4_cuda"), y);
  CHECK(at(value, 0) == 127);
  CHECK(at(even, 0) == 127);
  for (std::size_t i = 0; i < x.size(); ++i) {
    CAPTURE(i);
    CHECK((at(value, 1 + i) & 15) == by_value[i]);
    CHECK((at(even, 1 + i) & 15) == to_even[i]);
  }
}

TEST_CASE("GGM-10: ggml's conversion to E4M3 without sign") {
  const auto published = [](float x) -> unsigned {
    if (!(x > 0)) return 0;
    if (x > 448) return 0x7e;
    const auto bits = std::bit_cast<std::uint32_t>(x);
    int exponent = static_cast<int>(bits >> 23) - 127 + 7;
    if (exponent <= 0) {
      const auto n = static_cast<unsigned>(x * 512 + 0.5F);
      return n > 7 ? 7 : n;
    }
    unsigned fraction = (bits >> 20 & 7) + (bits >> 19 & 1);
    if (fraction > 7) {
      fraction = 0;
      ++exponent;
    }
    return exponent >= 15 ? 0x7e : static_cast<unsigned>(exponent) << 3 | fraction;
  };
  std::size_t wrong = 0;
  for (std::uint64_t bits = 0; bits <= 0xffffffff; bits += 0x7fff) {
    for (const std::uint64_t near : {bits, bits & ~std::uint64_t{0xffff}}) {
      const auto word = static_cast<std::uint32_t>(near);
      const float32 x = float32::from_code(word);
      wrong += lowp::detail::ggml::ue4m3_code(x) != published(std::bit_cast<float>(word));
    }
  }
  CHECK(wrong == 0);
  CHECK(lowp::detail::ggml::ue4m3_code(float32{247.9F}) == 0x77);
  CHECK(lowp::detail::ggml::ue4m3_code(float32{248.0F}) == 0x7e);
  CHECK(lowp::detail::ggml::ue4m3_code(float32{8.5F}) == 0x51);  // a tie
  CHECK(lowp::detail::ggml::ue4m3_code(float32{0x1.fp-7F}) == 7);
}
