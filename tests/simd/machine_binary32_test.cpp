// SPDX-License-Identifier: Apache-2.0
/// \file
/// The machine's binary32 has the bits of float32, whatever the environment was before and under
/// -ffast-math, with which this file is compiled.
#include <cfenv>
#include <cstdint>
#include <random>

#include <doctest/doctest.h>

#include <lowp/simd/machine_binary32.hpp>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace {

using lowp::simd::float_environment;
using lowp::simd::machine_binary32;
using definition = lowp::binary32_traits<lowp::number<lowp::formats::binary32>>;
using machine = lowp::binary32_traits<machine_binary32>;
using real = lowp::number<lowp::formats::binary32>;

constexpr std::uint64_t seed = 20261121;

/// Rounding mode and flushing of the processor as a careless caller leaves them.
void disturb(int mode, bool flush) {
  std::fesetround(mode);
#if defined(__SSE2__)
  if (flush) _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
  std::uint64_t word = 0;
  __asm__ volatile("mrs %0, fpcr" : "=r"(word));
  if (flush) word |= std::uint64_t{1} << 24;
  __asm__ volatile("msr fpcr, %0" : : "r"(word));
#else
  (void)flush;
#endif
}

std::uint64_t control_word() {
#if defined(__SSE2__)
  return _mm_getcsr();
#elif defined(__aarch64__)
  std::uint64_t word = 0;
  __asm__ volatile("mrs %0, fpcr" : "=r"(word));
  return word;
#else
  return static_cast<std::uint64_t>(std::fegetround());
#endif
}

/// Pairs of every kind: any bits, near one another, small integers and halves, ends of the range.
class operands {
 public:
  std::uint32_t next() {
    static constexpr std::uint32_t ends[] = {0,          1,          0x007fffff, 0x00800000,
                                             0x00800001, 0x7f7fffff, 0x7f800000, 0x7fc00000,
                                             0x7f800001, 0x7fffffff, 0x3f800000, 0x3f000000,
                                             0x4b000000, 0x4effffff, 0x4f000000, 0x4b800000};
    const auto word = static_cast<std::uint32_t>(random_());
    const std::uint32_t sign = word & 0x80000000;
    switch (random_() % 8) {
      case 0: return sign | ends[word % 16];
      case 1: return sign | (word & 0x00ffffff);                 // subnormal and near
      case 2: return last_ = last_ + (word % 5) - 2;             // near the last
      case 3: return sign | (0x3f000000 + (word & 0x0c7fff00));  // few bits
      case 4: return definition::from_integer(static_cast<std::int16_t>(word)).code() - 0x00800000;
      default: return last_ = word;
    }
  }

 private:
  std::mt19937_64 random_{seed};
  std::uint32_t last_ = 0;
};

TEST_CASE("BLK-6 the machine's binary32 has the bits of float32") {
  MESSAGE("seed ", seed);
  operands in;
  int differences = 0;
  const auto same = [&](machine_binary32 got, real expected) {
    if (got.bits() != expected.code() && ++differences < 10) {
      INFO(got.bits(), " for ", expected.code());
      CHECK(got.bits() == expected.code());
    }
  };
  constexpr int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
  for (int run = 0; run < 8; ++run) {
    disturb(modes[run % 4], run >= 4);
    {
      const float_environment guard;
      for (int i = 0; i < 125000; ++i) {
        const std::uint32_t a = in.next(), b = in.next(), c = in.next();
        const auto x = machine_binary32::from_bits(a), y = machine_binary32::from_bits(b),
                   z = machine_binary32::from_bits(c);
        const real u = real::from_code(a), v = real::from_code(b), w = real::from_code(c);
        same(x + y, u + v);
        same(x - y, u - v);
        same(x * y, u * v);
        same(x / y, u / v);
        same(-x, -u);
        same(machine::sqrt(x), definition::sqrt(u));
        if (i % 4 == 0) same(machine::fma(x, y, z), definition::fma(u, v, w));
        const bool compared = (x < y) == (u < v) && (x <= y) == (u <= v) && (x > y) == (u > v) &&
                              (x >= y) == (u >= v) && (x == y) == (u == v) && (x != y) == (u != v);
        differences += compared ? 0 : 1;
        const auto mode = static_cast<lowp::rounding>(i % 8);
        differences += machine::to_integer(x, mode) == definition::to_integer(u, mode) ? 0 : 1;
        const auto n = static_cast<std::int64_t>(std::uint64_t{a} << 32 | b) >> (c % 64);
        same(machine::from_integer(n), definition::from_integer(n));
      }
    }
    disturb(FE_TONEAREST, false);
#if defined(__SSE2__)
    _mm_setcsr(0x1f80);
#endif
  }
  CHECK(differences == 0);
}

TEST_CASE("BLK-6 the environment is what it was") {
  const std::uint64_t before = control_word();
  disturb(FE_UPWARD, true);
  const std::uint64_t disturbed = control_word();
  CHECK(disturbed != before);
  {
    const float_environment guard;
    CHECK(control_word() != disturbed);
    {
      const float_environment again;
      CHECK((machine_binary32::from_bits(1) / machine_binary32::from_bits(0)).bits() == 0x7f800000);
    }
  }
  CHECK(control_word() == disturbed);
  {
    // The least number: lost under either change.
    const float_environment guard;
    const auto least = machine_binary32::from_bits(1),
               one = machine_binary32::from_bits(0x3f800000);
    CHECK((least * one).bits() == 1);
    CHECK((one + least).bits() == 0x3f800000);
  }
  std::fesetenv(FE_DFL_ENV);
}

}  // namespace
