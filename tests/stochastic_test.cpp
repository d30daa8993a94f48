// SPDX-License-Identifier: Apache-2.0
// Stochastic rounding of the vendors: their published bit algorithms, rewritten here on integers,
// against the named rules, which are data for the one rounding.
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/all_rules.hpp>
#include <lowp/lowp.hpp>

namespace {

using lowp::code_t;

struct mismatches {
  std::uint64_t cases = 0;
  std::uint64_t wrong = 0;
  std::string first;

  void compare(code_t got, code_t expected, code_t input, std::uint64_t random) {
    ++cases;
    if (got == expected || wrong++ != 0) return;
    first = "input " + std::to_string(input) + " random " + std::to_string(random) + ": got " +
            std::to_string(got) + ", expected " + std::to_string(expected);
  }
};

void check(const mismatches& m) {
  CHECK(m.cases > 0);
  CHECK_MESSAGE(m.wrong == 0, m.wrong << " of " << m.cases << ", first: " << m.first);
}

const lowp::conversion_rule& rule(const char* name) {
  const lowp::conversion_rule* r = lowp::find_rule(name);
  REQUIRE_MESSAGE(r != nullptr, std::string(name));
  return *r;
}

// Finite binary32 inputs: around every value of an 8-bit format and its middle, and any others.
std::vector<std::uint32_t> inputs(lowp::format to, std::uint64_t seed, int random_ones) {
  std::vector<std::uint32_t> all;
  for (code_t c = 0; c < 0x7f; ++c) {
    const auto low = static_cast<std::uint32_t>(
        lowp::convert(to, c, lowp::formats::binary32, {.overflow = lowp::saturate}));
    const auto high = static_cast<std::uint32_t>(
        lowp::convert(to, c + 1, lowp::formats::binary32, {.overflow = lowp::saturate}));
    if ((high & 0x7f800000) == 0x7f800000 || (low & 0x7f800000) == 0x7f800000) continue;
    for (const std::uint32_t x : {low, low + 1, low - 1, low + (high - low) / 2,
                                  low + (high - low) / 3, low + (high - low) / 16 * 15}) {
      if (x < 0x7f800000) all.push_back(x);
    }
  }
  std::mt19937_64 generator(seed);
  for (int i = 0; i < random_ones; ++i) {
    auto x = static_cast<std::uint32_t>(generator());
    if (i % 2 == 0)
      x = (x & 0x807fffff) | ((100 + (x >> 23) % 40) << 23);  // near the format's range
    if ((x & 0x7f800000) != 0x7f800000) all.push_back(x);
  }
  const std::size_t positive = all.size();
  for (std::size_t i = 0; i < positive; ++i) all.push_back(all[i] ^ 0x80000000u);
  return all;
}

// The integer rule measured on RDNA4 for v_cvt_sr_fp8_f32 and v_cvt_sr_bf8_f32: the significand is
// first cut to K = 23 - M bits below the last place of the result, then K random bits are added.
code_t amd_stochastic(std::uint32_t x, std::uint32_t random, int M, int bias, code_t overflow) {
  const code_t sign = (x >> 31) << 7;
  const int field = static_cast<int>((x >> 23) & 0xff);
  std::uint64_t significand = (x & 0x7fffff) | (field != 0 ? 0x800000u : 0u);
  int exponent = (field != 0 ? field : 1) - 127;
  const int K = 23 - M;
  const int least = 1 - bias;
  const int extra = least > exponent ? least - exponent : 0;
  significand = extra > 31 ? 0 : significand >> extra;
  if (extra > 0) exponent = least;
  const std::uint64_t units = (significand + (random >> (32 - K))) >> K;
  // units counts 2^(exponent - M); 2^M of them are one binade.
  const code_t magnitude = (static_cast<code_t>(exponent - least) << M) + units;
  return sign | (magnitude > overflow ? overflow + 1 : magnitude);
}

}  // namespace

TEST_CASE("CVT-6 AMD v_cvt_sr_fp8_f32 and v_cvt_sr_bf8_f32") {
  constexpr std::uint64_t seed = 35;
  MESSAGE("seed " << seed);
  std::mt19937_64 generator(seed);
  mismatches m;
  for (const std::uint32_t x : inputs(lowp::formats::e4m3fn, seed, 100000)) {
    for (int i = 0; i < 4; ++i) {
      const auto random = static_cast<std::uint32_t>(i == 0   ? 0
                                                     : i == 1 ? 0xffffffff
                                                              : generator());
      m.compare(apply(rule("rdna4.e4m3fn.sr.ovfl0"), x, random),
                amd_stochastic(x, random, 3, 7, 0x7e), x, random);
      m.compare(apply(rule("rdna4.e5m2.sr.ovfl0"), x, random),
                amd_stochastic(x, random, 2, 15, 0x7b), x, random);
    }
  }
  check(m);
}

TEST_CASE("CVT-6 Intel bias conversions: every binary16 input, every bias byte") {
  const lowp::conversion_rule& bf8 = rule("avx10.vcvtbiasph2bf8");
  const lowp::conversion_rule& hf8 = rule("avx10.vcvtbiasph2hf8");
  const lowp::conversion_rule& hf8s = rule("avx10.vcvtbiasph2hf8s");
  mismatches m;
  for (std::uint32_t h = 0; h < 0x10000; ++h) {
    const std::uint32_t magnitude = h & 0x7fff;
    if (magnitude >= 0x7c00) continue;
    const code_t sign = (h >> 15) << 7;
    const auto field = static_cast<int>(magnitude >> 10);
    for (std::uint32_t b = 0; b < 256; ++b) {
      // BF8: add below the kept byte; the carry may reach infinity.
      m.compare(apply(bf8, h, b), (h + b) >> 8, h, b);
      code_t r = 0;
      if (field > 8) {
        // HF8, normal result: only seven bits of the bias count.
        r = ((magnitude + (b >> 1)) >> 7) - (8u << 3);
      } else {
        // In units of 2^-24, of which 2^15 are the subnormal step 2^-9.
        const std::uint32_t significand = (magnitude & 0x3ff) | (field != 0 ? 0x400u : 0u);
        const std::uint32_t value = significand << (field != 0 ? field - 1 : 0);
        r = (value + b * (1u << 7)) >> 15;
      }
      m.compare(apply(hf8, h, b), sign | (r > 0x7e ? 0x7f : r), h, b);
      m.compare(apply(hf8s, h, b), sign | (r > 0x7e ? 0x7e : r), h, b);
    }
  }
  check(m);
}

TEST_CASE("CVT-6 PTX cvt.rs to bfloat16 and binary16: the carry out of the discarded bits") {
  constexpr std::uint64_t seed = 23;
  MESSAGE("seed " << seed);
  std::mt19937_64 generator(seed);
  mismatches m;
  for (int i = 0; i < 400000; ++i) {
    const auto x = static_cast<std::uint32_t>(generator());
    if ((x & 0x7f800000) == 0x7f800000) continue;
    const auto random = static_cast<std::uint32_t>(generator());
    m.compare(apply(rule("ptx.bfloat16.rs"), x, random & 0xffff), (x + (random & 0xffff)) >> 16, x,
              random & 0xffff);
    // binary16, normal results: exponents -14...14.
    const std::uint32_t y = (x & 0x807fffff) | ((113 + (x >> 23) % 29) << 23);
    const std::uint32_t r = random & 0x1fff;
    const std::uint32_t moved = (y & 0x7fffffff) + r;
    m.compare(apply(rule("ptx.binary16.rs"), y, r),
              ((y >> 31) << 15) | ((moved - (112u << 23)) >> 13), y, r);
  }
  check(m);
}

TEST_CASE("CVT-6 TransformerEngine's e2m1: add r/256 of the step, take the grid point below") {
  constexpr std::uint64_t seed = 21;
  MESSAGE("seed " << seed);
  std::mt19937_64 generator(seed);
  const double grid[] = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
  const lowp::conversion_rule& te = rule("transformer_engine.e2m1.rs");
  mismatches m;
  for (int i = 0; i < 400000; ++i) {
    const auto bits = static_cast<std::uint32_t>(generator());
    const float x = i % 4 == 0 ? std::bit_cast<float>(bits)
                               : std::ldexp(static_cast<float>(bits >> 8), -24) * 7.0f *
                                     (bits % 2 != 0 ? -1.0f : 1.0f);
    if (!std::isfinite(x)) continue;
    const std::uint64_t r = generator() % 256;
    const double a = std::fabs(static_cast<double>(x));
    const double step = a < 2 ? 0.5 : a < 4 ? 1 : 2;
    const double t = a + static_cast<double>(r) / 256 * step;
    code_t q = 0;
    while (q < 7 && grid[q + 1] <= t) ++q;
    m.compare(apply(te, lowp::to_code(x), r), q | (std::signbit(x) ? 8u : 0u), lowp::to_code(x), r);
  }
  check(m);
}

TEST_CASE("PRJ-3 the random word: low or high bits, the others are ignored") {
  const lowp::format f = lowp::formats::e4m3fn;
  const code_t x = lowp::to_code(16.75f);
  for (int n = 1; n <= 32; ++n) {
    const auto bits = static_cast<std::uint8_t>(n);
    const lowp::projection low{.round = lowp::stochastic_a, .random_bits = bits};
    const lowp::projection high{
        .round = lowp::stochastic_a, .random_bits = bits, .random_from = lowp::random_field::high};
    for (std::uint64_t top = 0; top < 4; ++top) {
      // nu = 3/8: away exactly if R >= 5/8 of 2^n, for n >= 3.
      const std::uint64_t limit = (std::uint64_t{5} << n) / 8 + (n < 3 ? 1 : 0);
      for (const std::uint64_t R : {limit, limit - 1}) {
        if (R >> n != 0) continue;
        const std::uint64_t c = (std::uint64_t{3} << n) / 8;  // floor(nu 2^n)
        const code_t expected = c + R >= std::uint64_t{1} << n ? 0x59 : 0x58;
        const std::uint64_t above = n < 32 ? top << n : 0;
        CHECK(lowp::convert(lowp::formats::binary32, x, f, low, R | above) == expected);
        const std::uint64_t below = n < 32 ? top & ((std::uint64_t{1} << (32 - n)) - 1) : 0;
        CHECK(lowp::convert(lowp::formats::binary32, x, f, high,
                            (R << (32 - n)) | below | (top << 32)) == expected);
      }
    }
  }
}
