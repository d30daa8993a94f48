// SPDX-License-Identifier: Apache-2.0
// Products of matrices where few bits decide which random operands do not meet: GEM-6,
// GEM-10.
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gemm_element.hpp"

namespace {

using namespace gemm_test;

const mma_model& model(const char* name) { return find_mma_model(name)->value; }

}  // namespace

TEST_CASE("GEM-10: normal products and accumulators have subnormal sums, which are flushed") {
  int models = 0;
  for (const named_mma_model& m : distinct_models()) {
    const mma_model& u = m.value;
    if (!u.step.flush_subnormal_result && !u.flush_rounded) continue;
    if (exponent_field_bits(u.a) < 8) continue;
    CAPTURE(m.name);
    // All products are multiples of 2^-126, the last bit of c is 2^-135.
    const double c = 0x1p-112 + 0x1p-135;
    CHECK((element(u, {0x1p-56}, {-0x1p-56}, c) & 0x7fffffff) == 0);
    ++models;
  }
  CHECK(models > 10);
}

TEST_CASE("GEM-10: a sum of a short chain just below a tie is rounded once") {
  // c is odd in its last place, the product half a unit of it less 2^-31, which binary32 rounds
  // off.
  const mma_model& m = model("generic.systolic.f16.f16");
  CHECK(element(m, {(1 + 0x1p-10) * 0x1p-6}, {(2 - 0x1p-9) * 0x1p-6}, 1 + 0x1p-10) == 0x3c01);
  CHECK(element(m, {0x1p-5}, {0x1p-6}, 1 + 0x1p-10) == 0x3c02);
}

TEST_CASE("GEM-10: two products below the least number are rounded together") {
  // 2^-150 rounds to 0 alone, and twice it is the least number.
  const std::vector<double> x(2, 0x1p-75);
  for (const char* name : {"arm.bfdot.ebf", "arm.bfmmla.ebf", "arm.bfmopa.ebf"}) {
    CAPTURE(name);
    CHECK(element(model(name), x, x) == 1);
  }
}

TEST_CASE("GEM-6, GEM-10: binary32 factors about ties of TF32") {
  const struct {
    std::uint32_t code;
    double nearest, cut;
  } cases[] = {{0x3f800fff, 1, 1},
               {0x3f801000, 1, 1},
               {0x3f801001, 1 + 0x1p-10, 1},
               {0x3f802fff, 1 + 0x1p-10, 1 + 0x1p-10},
               {0x3f803000, 1 + 0x1p-9, 1 + 0x1p-10},
               {0x3fffefff, 2 - 0x1p-10, 2 - 0x1p-10},
               {0x3ffff000, 2, 2 - 0x1p-10}};
  int models = 0;
  for (const named_mma_model& m : distinct_models()) {
    if (m.value.stored != formats::binary32 || m.value.a != formats::tf32) continue;
    CAPTURE(m.name);
    const bool cuts = m.value.read.round == rounding::toward_zero;
    for (const auto& x : cases) {
      const float sum = static_cast<float>(cuts ? x.cut : x.nearest);
      const double factor = std::bit_cast<float>(x.code);
      CHECK(element(m.value, {factor}, {1}) == std::bit_cast<std::uint32_t>(sum));
      CHECK(element(m.value, {1}, {factor}) == std::bit_cast<std::uint32_t>(sum));
    }
    ++models;
  }
  CHECK(models > 3);
}

TEST_CASE("GEM-10: Gaudi2's window where least of a sum remains and an accumulator leaves it") {
  for (const named_mma_model& m : distinct_models()) {
    if (m.value.sum != mma_sum::gaudi2) continue;
    CAPTURE(m.name);
    // 1 - 1 and a product in the last place kept, or one far below 1.
    const int kept = m.value.kept_bits, least = kept == 24 ? -6 : -kept / 2;
    constexpr std::size_t exponents = 110, fractions = 6;
    problem p({.unit = m.value}, 4, 2 * fractions * exponents, 4);
    const double rows[4][4] = {{1, -1, std::ldexp(1, least), 0},
                               {1, -1, -std::ldexp(1, least), 0},
                               {1, -1, std::ldexp(1.5, least), 0},
                               {1, 1, -std::ldexp(1, least), 0}};
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t k = 0; k < 4; ++k) {
        p.a.view.set(i, k, of_double(problem::stored(m.value, m.value.a), rows[i][k]));
      }
    }
    const std::uint32_t of_c[fractions] = {0, 1, 0x400000, 0x400001, 0x555555, 0x7fffff};
    for (std::size_t j = 0; j < p.d.view.columns; ++j) {
      for (std::size_t k = 0; k < 4; ++k) {
        const double b = k == 2 ? std::ldexp(1, least) : 1;
        p.b.view.set(k, j, of_double(problem::stored(m.value, m.value.b), b));
      }
      const auto e = static_cast<std::uint32_t>(127 - 100 + j % exponents);
      const auto sign = static_cast<std::uint32_t>(j / exponents % 2) << 31;
      for (std::size_t i = 0; i < 4; ++i) {
        p.c.view.set(i, j, sign | e << 23 | of_c[j / exponents / 2]);
      }
    }
    CHECK(differences_on_targets(p, p.defined()) == 0);
  }
  // Of more kept bits it rounds otherwise: those are the definition's.
  mma_model wide = model("gaudi2.tf32");
  wide.kept_bits = 47;
  CHECK_FALSE(detail::has_gemm_kernel({.unit = wide}));
}

TEST_CASE("GEM-6: accumulators of all exponents beside products of zeros and the least ones") {
  int models = 0;
  for (const named_mma_model& m : distinct_models()) {
    const mma_model& u = m.value;
    if (u.sum != mma_sum::aligned || u.scale_block != 0 || u.c != formats::binary32) continue;
    if (u.a.width > 8 || u.b.width > 8) continue;
    CAPTURE(m.name);
    // Rows of zeros, of the least number, of the greatest beside 0 and beside the least.
    problem p({.unit = u}, 4, 2 * 255, 2u * u.k);
    for (std::size_t k = 0; k < p.a.view.columns; k += u.k) {
      p.a.view.set(1, k, 1);
      p.a.view.set(2, k + 1, max_finite(u.a));
      p.a.view.set(3, k, max_finite(u.a));
      for (std::size_t j = 0; j < p.b.view.columns; ++j) {
        p.b.view.set(k, j, 1);
        p.b.view.set(k + 2, j, max_finite(u.b));
      }
    }
    for (std::size_t j = 0; j < p.c.view.columns; ++j) {
      for (std::size_t i = 0; i < 4; ++i)
        p.c.view.set(i, j, (j % 255) << 23 | (j < 255 ? 0 : 0x80555555));
    }
    CHECK(differences_on_targets(p, p.defined()) == 0);
    ++models;
  }
  CHECK(models > 5);
}

TEST_CASE("GEM-6: the greatest products of one exponent, whose sums take the most bits") {
  for (const int group : {15, 16, 17, 31, 32, 47, 64}) {
    CAPTURE(group);
    const mma_model m = mma_rows::aligned_dot(formats::e4m3fn, formats::e4m3fn, formats::binary32,
                                              group, group, 25);
    const auto k = static_cast<std::size_t>(group);
    // All ones in the significands.
    element(m, std::vector<double>(k, 1.875), std::vector<double>(k, -1.875), -1);
  }
}

TEST_CASE("GEM-6: all pairs of FP8 factors beside a product that cuts them, odd accumulators") {
  const double accumulators[] = {0,        -0.0,      1.0 + 0x1p-23, -3.0 - 0x1p-20, 0x1p-46,
                                 -0x1p-47, 0x1p-48,   0x1.8p-90,     0x1p-126,       -0x1.8p-136,
                                 0x1p-149, 0x1.8p117, -0x1.8p118,    0x1.fp127,      65537};
  constexpr std::size_t n = std::size(accumulators);
  for (const char* pair : {"e4m3.e4m3", "e4m3.e5m2", "e5m2.e4m3", "e5m2.e5m2"}) {
    const mma_model& m = model((std::string("sm90a.wgmma.m64nNk32.f32.") + pair).c_str());
    CAPTURE(pair);
    problem p({.unit = m}, 256, 256, 2);
    for (const double other : {0.0, 1.0, 256.0}) {
      for (std::size_t i = 0; i < 256; ++i) {
        p.a.view.set(i, 0, i);
        p.a.view.set(i, 1, of_double(m.a, other));
        p.b.view.set(0, i, i);
        p.b.view.set(1, i, of_double(m.b, i % 2 == 0 ? 1.0 : -1.5));
        for (std::size_t j = 0; j < 256; ++j) {
          p.c.view.set(i, j, of_double(m.c, accumulators[(5 * i + 7 * j + i * j) % n]));
        }
      }
      CHECK(differences_on_targets(p, p.defined()) == 0);
    }
  }
}

TEST_CASE(
    "GEM-6: formats of one's own, whose sums of the greatest products come near the greatest") {
  // Two steps of an instruction: the accumulator of the second is no product's.
  for (int bias = 60; bias >= -60; --bias) {
    CAPTURE(bias);
    mma_model m = model("sm90a.wgmma.m64nNk32.f32.e5m2.e5m2");
    m.a.bias = m.b.bias = bias;
    m.k = 2 * m.group;
    problem p({.unit = m}, 3, 33, 4 * static_cast<std::size_t>(m.k));
    for (std::size_t k = 0; k < p.a.view.columns; ++k) {
      const std::uint64_t greatest = max_finite(m.a);
      p.a.view.set(0, k, greatest);
      p.a.view.set(1, k, k % 3 == 0 ? greatest | 0x80 : 1 + k % 7);
      p.a.view.set(2, k, greatest >> 1);
      for (std::size_t j = 0; j < 33; ++j) p.b.view.set(k, j, j % 2 == 0 ? greatest : 0x44 + j);
    }
    CHECK(differences_on_targets(p, p.defined()) == 0);
  }
}
