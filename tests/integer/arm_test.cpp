// SPDX-License-Identifier: Apache-2.0
// Integer dot products and high products of Arm against its instructions, where it has them;
// tests/cross runs this under QEMU.
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <lowp/integer/dots.hpp>
#include <lowp/integer/high_multiply.hpp>

#if defined(__ARM_FEATURE_DOTPROD) && defined(__ARM_FEATURE_MATMUL_INT8)
#include <arm_neon.h>
#define ARM_INTEGERS 1
#endif

namespace {

#ifdef ARM_INTEGERS

using lowp::integer_dot;

// Operands of 16 products, four or, of a matrix product, eight a sum.
struct operands {
  std::array<std::uint8_t, 16> a, b;
  std::array<std::int32_t, 4> c;
};

operands random_operands(std::mt19937_64& random, int round) {
  operands x;
  for (auto* v : {&x.a, &x.b}) {
    for (auto& byte : *v) {
      const auto r = random();
      constexpr std::uint8_t ends[] = {0x80, 0x7f, 0xff, 0xff};
      byte = round % 2 == 0 ? static_cast<std::uint8_t>(r) : ends[r % 4];
    }
  }
  for (auto& v : x.c) {
    v = static_cast<std::int32_t>(random());
    if (round % 3 == 0) v = v < 0 ? INT32_MIN + (v & 0xffff) : INT32_MAX - (v & 0xffff);
  }
  return x;
}

std::array<std::int32_t, 4> run(std::string_view name, const operands& x) {
  const uint8x16_t a = vld1q_u8(x.a.data()), b = vld1q_u8(x.b.data());
  const int8x16_t sa = vreinterpretq_s8_u8(a), sb = vreinterpretq_s8_u8(b);
  const int32x4_t c = vld1q_s32(x.c.data());
  int32x4_t r = c;
  if (name == "sdot") r = vdotq_s32(c, sa, sb);
  if (name == "usdot") r = vusdotq_s32(c, a, sb);
  if (name == "smmla") r = vmmlaq_s32(c, sa, sb);
  if (name == "udot") r = vreinterpretq_s32_u32(vdotq_u32(vreinterpretq_u32_s32(c), a, b));
  std::array<std::int32_t, 4> out;
  vst1q_s32(out.data(), r);
  return out;
}

TEST_CASE("INT-13 Arm's dot products against the instructions") {
  int rows = 0;
  for (const lowp::named_integer_dot& row : lowp::all_integer_dots) {
    const std::string name = row.name;
    const integer_dot d = row.value;
    if (name != "sdot" && name != "usdot" && name != "udot" && name != "smmla") continue;
    ++rows;
    INFO(name);
    std::mt19937_64 random(1);
    int bad = 0;
    for (int round = 0; round < 20000; ++round) {
      const operands x = random_operands(random, round);
      const auto got = run(name, x);
      for (std::size_t lane = 0; lane < 4; ++lane) {
        // A matrix product: row lane / 2 of a with row lane % 2 of b, eight elements each.
        const bool matrix = name == "smmla";
        const std::size_t n = matrix ? 8 : 4;
        const std::size_t row_a = matrix ? lane / 2 : lane, row_b = matrix ? lane % 2 : lane;
        std::array<std::int64_t, 8> a{}, b{};
        for (std::size_t k = 0; k < n; ++k) {
          a[k] = lowp::integer_value(d.a, x.a[row_a * n + k]);
          b[k] = lowp::integer_value(d.b, x.b[row_b * n + k]);
        }
        const auto start =
            lowp::integer_value(d.accumulator, static_cast<std::uint32_t>(x.c[lane]));
        const auto model = lowp::dot(d, start, a.data(), b.data(), n);
        bad += static_cast<std::uint32_t>(model) != static_cast<std::uint32_t>(got[lane]);
      }
    }
    CHECK(bad == 0);
  }
  CHECK(rows == 4);
}

TEST_CASE("INT-10 Arm's high products against the instructions") {
  std::mt19937_64 random(2);
  int bad = 0;
  for (int round = 0; round < 200000; ++round) {
    auto a = static_cast<std::int32_t>(random()), b = static_cast<std::int32_t>(random());
    if (round % 16 == 0) a = INT32_MIN;
    if (round % 32 == 0) b = INT32_MIN;
    constexpr auto saturate = lowp::integer_overflow::saturate;
    bad += vqrdmulhs_s32(a, b) != lowp::high_multiply(lowp::formats::int32, a, b, saturate);
    const auto p = static_cast<std::int16_t>(a >> 16), q = static_cast<std::int16_t>(b >> 16);
    bad += vqrdmulhh_s16(p, q) != lowp::high_multiply(lowp::formats::int16, p, q, saturate);
  }
  CHECK(bad == 0);
}

#else

TEST_CASE("INT-10 INT-13 Arm's instructions") {
  MESSAGE("not compiled for Arm with FEAT_DotProd and FEAT_I8MM: not compared");
}

#endif

}  // namespace
