// SPDX-License-Identifier: Apache-2.0
// Affine quantisation: recorded results of FBGEMM, every rule against its source's formula in the
// machine's own arithmetic, the AVX2 rules against AVX2, granularities against nested loops.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/integer/min_max_rules.hpp>
#include <lowp/integer/quantise_array.hpp>
#include <lowp/integer/quantise_rules.hpp>
#include <lowp/pack/packings.hpp>
#include <lowp/types.hpp>

#include "recorded_numbers.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

using lowp::integer_range;
using lowp::quantise_rule;
using recorded::fl;
using recorded::from_lowp;
using recorded::to_lowp;
using params = lowp::affine<recorded::lowp_real>;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float quiet_nan = std::numeric_limits<float>::quiet_NaN();

params of(float scale, int zero_point) { return {to_lowp(scale), zero_point}; }

// Everything is usable in constant expressions.
static_assert(lowp::quantise(lowp::quantise_rules::xnnpack, lowp::float32{2.5f},
                             lowp::affine<>{lowp::float32{0.5f}, 3}, {0, 255}) == 8);
static_assert(lowp::choose_parameters(lowp::min_max_rules::onnx_dynamic,
                                      lowp::real_range<>{lowp::float32{-1.0f}, lowp::float32{3.0f}},
                                      {0, 8})
                  .value.zero_point == 2);

TEST_CASE("INT-4 ranges of formats") {
  for (int n = 1; n <= 31; ++n) {
    const double half = std::ldexp(1, n - 1);
    const integer_range s = lowp::range_of(lowp::integer_format(n, true));
    CHECK((s.lowest == -half && s.greatest == half - 1));
    CHECK(lowp::range_of(lowp::integer_format(n, false)).greatest == 2 * half - 1);
    CHECK(lowp::range_of(lowp::integer_format(n, false), lowp::range_use::narrow).lowest == 0);
    const integer_range narrow =
        lowp::range_of(lowp::integer_format(n, true), lowp::range_use::narrow);
    CHECK(narrow.lowest == (n == 1 ? -1 : 1 - half));
  }
  CHECK(lowp::range_of(lowp::formats::int32) == integer_range{INT32_MIN, INT32_MAX});
}

TEST_CASE("INT-5 INT-6 FBGEMM's Quantize and Dequantize as recorded") {
  for (const auto& f : recorded::lines("intn/fbgemm_quantize.txt", 400)) {
    REQUIRE(f.size() == 7);
    const float x = recorded::binary32(f[0]), scale = recorded::binary32(f[1]);
    const int zp = static_cast<int>(recorded::integer(f[2]));
    const int bits = static_cast<int>(recorded::integer(f[3]));
    CAPTURE(f[0]);
    CAPTURE(f[1]);
    CAPTURE(zp);
    const integer_range u = lowp::range_of(lowp::integer_format(bits, false));
    const integer_range s = lowp::range_of(lowp::integer_format(bits, true));
    const auto& rule = lowp::quantise_rules::fbgemm;
    const int q = lowp::quantise(rule, to_lowp(x), of(scale, zp), u);
    CHECK(q == recorded::integer(f[4]));
    CHECK(lowp::quantise(rule, to_lowp(x), of(scale, zp - 128), s) == recorded::integer(f[5]));
    CHECK(from_lowp(lowp::dequantise(q, of(scale, zp))) == recorded::binary32(f[6]));
  }
}

// The libraries' formulas in native arithmetic, for results that their integer types hold.
double published(std::string_view name, float x, float scale, int zp) {
  const float inverse = fl(1.0f / scale);
  const auto zero = static_cast<float>(zp);
  if (name == "fbgemm" || name == "pytorch") return fl(zero + std::nearbyint(fl(x * inverse)));
  if (name == "fbgemm.legacy") return std::nearbyint(fl(zero + fl(x * inverse)));
  if (name == "onnx") return std::nearbyint(fl(x / scale)) + double{zero};
  if (name == "xnnpack") return std::nearbyint(fl(fl(x / scale) + zero));
  if (name == "tflite") return std::round(fl(x / scale)) + double{zero};
  if (name == "deepspeed") return std::nearbyint(fl(x * scale)) + double{zero};
  FAIL("a rule without a formula here: ", name);
  return 0;
}

std::vector<float> inputs(float step, int zp, std::mt19937_64& random) {
  std::vector<float> all = {0.0f, -0.0f, infinity, -infinity, 1e-40f, 3e38f, -3e38f};
  for (int n = -300; n <= 300; n += 7) {  // around the middles between integers
    const float tie = (static_cast<float>(n - zp) + 0.5f) * step;
    for (const float x : {tie, std::nextafter(tie, infinity), std::nextafter(tie, -infinity)}) {
      all.push_back(x);
    }
  }
  std::normal_distribution<float> normal(0.0f, 100.0f);
  for (int i = 0; i < 100; ++i) all.push_back(normal(random) * step);
  return all;
}

constexpr float steps[] = {1.0f, 0.00214854861f, 0.1f, 3.7e-5f, 0.5f, 1.0f / 3, 117.0f, 1e-30f};
constexpr int zero_points[] = {0, 1, -1, 127, 128, -128, 255, 77, 8388609, 16777215};

TEST_CASE("INT-5 every rule against its formula") {
  std::mt19937_64 random(1);
  for (const lowp::named_quantise_rule& row : lowp::all_quantise_rules) {
    INFO(std::string(row.name));
    const quantise_rule r = row.value;
    if (r.conversion == lowp::integer_conversion::x86) continue;  // below, by the instructions
    int differ = 0;
    for (const float step : steps) {
      const float scale = r.scale == lowp::scaling::multiply ? 1 / step : step;
      for (const int zp : zero_points) {
        for (const float x : inputs(step, zp, random)) {
          for (const integer_range q : {integer_range{0, 255}, integer_range{-127, 127},
                                        integer_range{-8, 7}, integer_range{-(1 << 29), 1 << 29}}) {
            const double exact = published(row.name, x, scale, zp);
            const auto want = std::clamp<double>(exact, q.lowest, q.greatest);
            differ += lowp::quantise(r, to_lowp(x), of(scale, zp), q) != want;
          }
        }
      }
    }
    CHECK(differ == 0);
    const bool before = r.zero_point == lowp::zero_point_place::before_rounding;
    CHECK(lowp::quantise(r, to_lowp(quiet_nan), of(1, 5), {0, 255}) == (before ? 0 : 5));
    CHECK(lowp::quantise(r, to_lowp(quiet_nan), of(1, 5), {7, 255}) == 7);
  }
}

#if defined(__x86_64__)
// One lane of QuantizeAvx2, before packing.
__attribute__((target("avx2,fma"))) int avx2_lane(float x, float scale, int zp, bool legacy,
                                                  integer_range q) {
  const __m128 inverse = _mm_set1_ps(fl(1.0f / scale));
  const __m128 v = _mm_set1_ps(x);
  const __m128 y = legacy ? _mm_fmadd_ps(v, inverse, _mm_set1_ps(static_cast<float>(zp)))
                          : _mm_mul_ps(v, inverse);
  __m128i n = _mm_cvtps_epi32(_mm_min_ps(y, _mm_set1_ps(2147483520.0f)));
  if (!legacy) n = _mm_add_epi32(n, _mm_set1_epi32(zp));
  n = _mm_min_epi32(_mm_max_epi32(n, _mm_set1_epi32(q.lowest)), _mm_set1_epi32(q.greatest));
  return _mm_cvtsi128_si32(n);
}
#endif

TEST_CASE("INT-5 rules of AVX2 against its instructions") {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    std::mt19937_64 random(2);
    for (const lowp::named_quantise_rule& row : lowp::all_quantise_rules) {
      const quantise_rule r = row.value;
      if (r.conversion != lowp::integer_conversion::x86) continue;
      INFO(std::string(row.name));
      const bool legacy = std::string_view(row.name) == "fbgemm.avx2.legacy";
      int differ = 0;
      for (const float scale : steps) {
        for (const int zp : zero_points) {
          std::vector<float> all = inputs(scale, zp, random);
          for (const float y : {2147483520.0f, 2147483648.0f, -2147483648.0f, -2147483904.0f}) {
            all.push_back(y * scale);
          }
          all.push_back(quiet_nan);
          for (const float x : all) {
            for (const integer_range q : {integer_range{0, 255}, integer_range{-128, 127}}) {
              const int got = lowp::quantise(r, to_lowp(x), of(scale, zp), q);
              differ += got != avx2_lane(x, scale, zp, legacy, q);
            }
          }
        }
      }
      CHECK(differ == 0);
    }
    return;
  }
#endif
  MESSAGE("no AVX2 and FMA here: not compared");
}

TEST_CASE("INT-5 where the orders differ") {
  namespace rules = lowp::quantise_rules;
  const auto q = [](float x, float scale, int zp, const quantise_rule& r) {
    return lowp::quantise(r, to_lowp(x), of(scale, zp), {0, 255});
  };
  // The reciprocal makes a tie of what a division does not.
  CHECK(q(0.273939937f, 0.00214854861f, 0, rules::fbgemm) == 128);
  CHECK(q(0.273939937f, 0.00214854861f, 0, rules::onnx) == 127);
  // An odd zero point turns ties to even around.
  CHECK(q(2.5f, 1, 1, rules::onnx) == 3);
  CHECK(q(2.5f, 1, 1, rules::xnnpack) == 4);
  CHECK(q(2.5f, 1, 1, rules::tflite) == 4);
  // Large numbers wrap where AVX2 adds a zero point of 128.
  CHECK(q(1e30f, 1, 100, rules::fbgemm_avx2) == 255);
  CHECK(q(1e30f, 1, 128, rules::fbgemm_avx2) == 0);
  CHECK(q(1e30f, 1, 128, rules::fbgemm) == 255);
}

TEST_CASE("INT-6 dequantise against native arithmetic") {
  for (const float scale : steps) {
    for (const int zp : zero_points) {
      for (int n = -300; n <= 300; ++n) {
        const float want = fl(scale * static_cast<float>(n - zp));
        REQUIRE(from_lowp(lowp::dequantise(n, of(scale, zp))) == want);
        const float stored = fl(1 / scale);
        REQUIRE(from_lowp(lowp::dequantise(n, of(scale, zp), lowp::scaling::multiply)) ==
                fl(static_cast<float>(n - zp) * stored));
      }
    }
  }
}

TEST_CASE(
    "INT-5 INT-6 errors of a uniform quantiser: half a step at most, its square / 12 on average") {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<float> uniform(0.0f, 1.0f);
  for (const int bits : {4, 8}) {
    const integer_range q = lowp::range_of(lowp::integer_format(bits, false));
    const float step = 1 / static_cast<float>(q.greatest);
    double squares = 0, signal = 0;
    constexpr int count = 20000;
    for (int i = 0; i < count; ++i) {
      const float x = uniform(random);
      const int n = lowp::quantise(lowp::quantise_rules::onnx, to_lowp(x), of(step, 0), q);
      const double e = double{x} - from_lowp(lowp::dequantise(n, of(step, 0)));
      REQUIRE(std::fabs(e) <= 0.50001 * step);
      squares += e * e;
      signal += double{x} * x;
    }
    const double variance = squares / count / (double{step} * step);
    CHECK(std::fabs(variance - 1.0 / 12) < 0.003);
    // Relative to their norm: half of the 1 / (2^b - 1) of numbers around 0.
    CHECK(std::sqrt(squares / signal) == doctest::Approx(step / 2).epsilon(0.02));
  }
}

TEST_CASE("INT-7 tiles of the published granularities") {
  namespace by = lowp::tilings;
  CHECK(lowp::tile_count(by::per_tensor(1000)) == 1);
  CHECK(lowp::tile_count(by::per_channel(4, 3, 5)) == 3);
  CHECK(lowp::tile_count(by::per_block(300, 257, 128, 128)) == 9);
  for (std::size_t n = 0; n < 4; ++n) {
    for (std::size_t c = 0; c < 6; ++c) {
      for (std::size_t x = 0; x < 5; ++x) {
        REQUIRE(lowp::tile_of(by::per_channel(4, 6, 5), (n * 6 + c) * 5 + x) == c);
        REQUIRE(lowp::tile_of(by::fbgemm_kcx(4, 6, 5, 3), (n * 6 + c) * 5 + x) == c / 2);
        REQUIRE(lowp::tile_of(by::fbgemm_kxc(4, 5, 6, 3), (n * 5 + x) * 6 + c) == c / 2);
      }
    }
  }
  for (std::size_t row = 0; row < 5; ++row) {
    for (std::size_t column = 0; column < 70; ++column) {
      const std::size_t i = row * 70 + column;
      REQUIRE(lowp::tile_of(by::per_tensor(350), i) == 0);
      REQUIRE(lowp::tile_of(by::per_row(5, 70), i) == row);
      REQUIRE(lowp::tile_of(by::per_group(5, 70, 32), i) == row * 3 + column / 32);
      REQUIRE(lowp::tile_of(by::per_block(5, 70, 2, 16), i) == row / 2 * 5 + column / 16);
    }
  }
  CHECK(check(by::per_tensor(0)) == lowp::tiling_error::none);
  CHECK(lowp::element_count(by::per_tensor(0)) == 0);
  CHECK(check(by::per_group(5, 70, 0)) == lowp::tiling_error::tile);
  CHECK(check(by::fbgemm_kcx(1, 2, 3, 4)) == lowp::tiling_error::tile);
  CHECK(check(by::fbgemm_kcx(1, 2, 3, 0)) == lowp::tiling_error::tile);
  CHECK(check(by::fbgemm_kxc(1, 2, 3, 0)) == lowp::tiling_error::tile);
  CHECK(check(by::per_row(SIZE_MAX, 2)) == lowp::tiling_error::size);
}

TEST_CASE("INT-7 INT-8 parameters of every tile") {
  std::mt19937_64 random(9);
  std::normal_distribution<float> normal(0.0f, 1.0f);
  for (const lowp::tiling& t :
       {lowp::tilings::per_tensor(60), lowp::tilings::per_channel(3, 4, 5),
        lowp::tilings::per_block(6, 10, 4, 3), lowp::tilings::fbgemm_kxc(2, 5, 6, 3)}) {
    std::vector<recorded::lowp_real> x;
    for (std::size_t i = 0; i < 60; ++i) x.push_back(to_lowp(i == 7 ? quiet_nan : normal(random)));
    std::vector<params> got(lowp::tile_count(t));
    const auto& rule = lowp::min_max_rules::pytorch_affine;
    REQUIRE(lowp::choose_array_parameters(rule, t, x, {0, 255}, got) ==
            lowp::parameter_error::none);
    for (std::size_t tile = 0; tile < got.size(); ++tile) {
      std::vector<recorded::lowp_real> of_tile;
      for (std::size_t i = 0; i < 60; ++i) {
        if (lowp::tile_of(t, i) == tile) of_tile.push_back(x[i]);
      }
      const auto want =
          lowp::choose_parameters(rule, lowp::min_max(of_tile.data(), of_tile.size()), {0, 255});
      CHECK(got[tile].scale.code() == want.value.scale.code());
      CHECK(got[tile].zero_point == want.value.zero_point);
    }
    x[59] = to_lowp(infinity);
    CHECK(lowp::choose_array_parameters(rule, t, x, {0, 255}, got) ==
          lowp::parameter_error::not_finite);
  }
}

TEST_CASE("INT-7 arrays: packed codes, parameters of their tiles") {
  std::mt19937_64 random(3);
  const auto t = lowp::tilings::per_group(3, 50, 16);
  std::vector<params> scales;
  for (std::size_t i = 0; i < lowp::tile_count(t); ++i) {
    scales.push_back(of(0.01f * static_cast<float>(i + 1), static_cast<int>(i % 5) - 2));
  }
  std::vector<recorded::lowp_real> in, back(lowp::element_count(t));
  std::normal_distribution<float> normal(0.0f, 0.3f);
  for (std::size_t i = 0; i < lowp::element_count(t); ++i) in.push_back(to_lowp(normal(random)));
  for (const auto& to :
       {lowp::array_layout{lowp::formats::int4},
        lowp::array_layout{lowp::formats::int4, {.slot = 4, .order = lowp::bit_order::high_first}},
        lowp::array_layout{lowp::formats::int8},
        lowp::array_layout{lowp::formats::int4, {.slot = 5, .lift = 1}}}) {
    const integer_range q = lowp::range_of(to.f, lowp::range_use::narrow);
    std::vector<std::byte> bytes(lowp::bytes_of(to, in.size()), std::byte{0xa5});
    std::vector<std::byte> anew(bytes.size());
    REQUIRE(lowp::quantise_array(lowp::quantise_rules::onnx, t, scales, q, in, to, bytes) ==
            lowp::affine_array_error::none);
    REQUIRE(lowp::dequantise_array(t, scales, to, bytes, back) == lowp::affine_array_error::none);
    for (std::size_t row = 0; row < 3; ++row) {
      for (std::size_t column = 0; column < 50; ++column) {
        const std::size_t i = row * 50 + column;
        const params& p = scales[row * 4 + column / 16];
        const int n = lowp::quantise(lowp::quantise_rules::onnx, in[i], p, q);
        REQUIRE((n >= q.lowest && n <= q.greatest));
        const auto code = static_cast<unsigned>(n) & (to.f.width == 4 ? 15U : 255U);
        REQUIRE(lowp::read_code(to, bytes.data(), i) == code);
        lowp::write_code(to, anew.data(), i, code);
        REQUIRE(back[i].code() == lowp::dequantise(n, p).code());
      }
    }
    CHECK(bytes == anew);  // bits that hold no element are zero
  }
}

TEST_CASE("INT-7 arrays that are refused, and nothing is written") {
  using enum lowp::affine_array_error;
  const auto t = lowp::tilings::per_row(2, 5);
  const lowp::array_layout int4{lowp::formats::int4};
  const std::vector<params> scales(2, of(1, 0));
  const std::vector<recorded::lowp_real> in(10, to_lowp(1));
  std::vector<std::byte> out(10, std::byte{0xa5});
  std::vector<recorded::lowp_real> back(10, to_lowp(7));
  const auto& rule = lowp::quantise_rules::onnx;
  const auto error = [&](const lowp::tiling& tiles, const lowp::array_layout& to, integer_range q,
                         std::size_t parameters, std::size_t numbers, std::size_t bytes) {
    const std::span some(scales.data(), parameters);
    const std::span codes(out.data(), bytes);
    const auto e =
        lowp::quantise_array(rule, tiles, some, q, std::span(in.data(), numbers), to, codes);
    CHECK(message(e) != nullptr);
    if (e != range) {
      CHECK(lowp::dequantise_array(tiles, some, to, codes, std::span(back.data(), numbers)) == e);
    }
    return e;
  };
  constexpr integer_range q{-8, 7};
  CHECK(error({{1, 2, 5}, {1, 0, 5}}, int4, q, 2, 10, 10) == tiling);
  CHECK(error({{SIZE_MAX, 2, 5}, {1, 1, 5}}, int4, q, 2, 10, 10) == tiling);
  CHECK(error(t, lowp::formats::e4m3fn, q, 2, 10, 10) == integers);
  CHECK(error(t, lowp::formats::mxint8, q, 2, 10, 10) == integers);
  CHECK(error(t, lowp::formats::int64, q, 2, 10, 10) == integers);
  CHECK(error(t, lowp::formats::uint32, q, 2, 10, 10) == integers);
  CHECK(error(t, {lowp::formats::int4, {.slot = 3}}, q, 2, 10, 10) == layout);
  CHECK(error(t, int4, {-9, 7}, 2, 10, 10) == range);
  CHECK(error(t, int4, {-8, 8}, 2, 10, 10) == range);
  CHECK(error(t, int4, {3, 2}, 2, 10, 10) == range);
  CHECK(error(t, int4, q, 1, 10, 10) == parameters);
  CHECK(error(t, int4, q, 2, 9, 10) == numbers);
  CHECK(error(t, int4, q, 2, 10, 4) == bytes);
  for (const std::byte b : out) CHECK(b == std::byte{0xa5});
  for (const auto x : back) CHECK(x.code() == to_lowp(7).code());
  CHECK(error(t, int4, q, 2, 10, 10) == none);
  CHECK(error(t, int4, {3, 3}, 2, 10, 10) == none);

  std::vector<params> got(2);
  const auto choose = [&](const lowp::tiling& tiles, std::size_t n, std::size_t parameters) {
    return lowp::choose_array_parameters(lowp::min_max_rules::onnx_dynamic, tiles,
                                         std::span(in.data(), n), q,
                                         std::span(got.data(), parameters));
  };
  CHECK(choose({{1, 2, 5}, {0, 1, 5}}, 10, 2) == lowp::parameter_error::tiling);
  CHECK(choose(t, 9, 2) == lowp::parameter_error::sizes);
  CHECK(choose(t, 10, 1) == lowp::parameter_error::sizes);
  CHECK(choose(t, 10, 2) == lowp::parameter_error::none);
}

}  // namespace
