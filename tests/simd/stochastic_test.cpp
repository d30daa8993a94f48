// SPDX-License-Identifier: Apache-2.0
/// \file
/// Stochastic rounding in bulk where it decides: values j/2^(N+1) of the way between neighbours of
/// the destination, for N random bits, and the values of the source beside them.
#include <cstdint>
#include <random>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/simd/convert.hpp>

#include "arrays.hpp"
#include "targets.hpp"

namespace {

using namespace bulk;
using namespace lowp::formats;

/// j where the N random bits r decide: at the edge and beside it; sometimes any.
std::uint64_t numerator(int n, std::uint64_t r, std::mt19937_64& random) {
  const std::uint64_t whole = std::uint64_t{1} << (n + 1);
  const std::uint64_t any = random();
  if (any % 8 == 0) return (any >> 8) % whole;
  return (whole - 2 * r - 2 + (any >> 8) % 4) % whole;
}

/// The number j/2^(n+1) of the way over the one step of another length of `to`.
lowp::exact in_gap(lowp::format to, int n, std::uint64_t j) {
  const std::uint64_t one = std::uint64_t{1} << lowp::trailing_bits(to);
  const bool halved = to.bottom == lowp::bottom_binade::halved;
  const std::uint64_t low = halved ? one - 1 : 0;
  const std::uint64_t high = halved ? 2 * one : one + 1;
  const int unit = -to.bias - lowp::trailing_bits(to);
  return lowp::exact_finite(false, (low << (n + 1)) + (high - low) * j, unit - (n + 1));
}

/// A code of `from` between two neighbours of `to`, and one time in four beside it.
lowp::code_t input(lowp::format from, lowp::format to, int n, std::uint64_t bits,
                   std::mt19937_64& random) {
  const lowp::projection down{.round = lowp::toward_zero, .overflow = lowp::saturate};
  const std::uint64_t j = numerator(n, bits, random);
  const std::uint64_t r = random();
  lowp::code_t code = 0;
  if (r % 4 == 0 &&
      (to.bottom == lowp::bottom_binade::halved || to.bottom == lowp::bottom_binade::zero_only)) {
    code = lowp::encode(from, in_gap(to, n, j), down);
  } else if (r % 4 == 0) {
    // Between zero, or half of the least value, and the least.
    lowp::exact x = lowp::normalized(lowp::decode(to, lowp::min_positive(to)));
    x = lowp::exact_finite(false, j, x.exponent + 63 - (n + 1));
    code = lowp::encode(from, x, down);
  } else {
    const lowp::code_t at = (r >> 8) & (mask_of(to) >> (to.is_signed ? 1 : 0));
    const auto place = [&](lowp::code_t c) {
      lowp::exact x = lowp::decode(to, c);
      x.negative = false;
      return lowp::encode(from, x, down);
    };
    const lowp::code_t low = place(at);
    const lowp::code_t gap = (place(at + 1) - low) & mask_of(from);
    code = low + (gap >> (n + 1)) * j;
  }
  if ((r >> 40) % 4 == 0) code += (r >> 42) % 2 == 0 ? 1 : ~lowp::code_t{0};
  if ((r >> 50) % 2 == 0) code ^= lowp::code_t{1} << (from.width - 1);
  return code & mask_of(from);
}

TEST_CASE("PRJ-3 BLK-1 every number of random bits, values between neighbours") {
  const oracle::stopwatch time;
  std::mt19937_64 random(seed);
  tally t;
  for (const lowp::format from : {binary32, binary64}) {
    for (const lowp::format to :
         {e4m3fn,      e5m2,         e4m3fnuz,    e2m1,        e3m0,        e8m0fnu,
          ue4m3,       int4,         int8,        uint8,       int16,       uint16,
          int32,       mxint8,       bfloat16,    binary16,    tf32,        binary8p1se,
          binary8p1ue, binary16p8se, binary6p4sf, cfloat8_143, cfloat8_152, dlfloat16}) {
      for (int bits = 0; bits <= 32; bits += bits < 18 ? 1 : 7) {
        for (const lowp::rounding mode :
             {lowp::stochastic_a, lowp::stochastic_b, lowp::stochastic_c}) {
          const std::uint64_t r = random();
          const lowp::array_conversion c{
              from,
              to,
              {.round = mode,
               .overflow = static_cast<lowp::overflow_rule>(r % 4),
               .negative = static_cast<lowp::negative_rule>((r >> 12) % 5),
               .random_bits = static_cast<std::uint8_t>(bits),
               .random_from = static_cast<lowp::random_field>(r >> 8 & 1)},
              {r, r >> 16, static_cast<lowp::random_generator>(r >> 9 & 1)}};
          const std::uint64_t n = 1000 + (r >> 40) % 2000;
          codes all;
          for (std::uint64_t i = 0; i < n; ++i) {
            int taken = 0;
            const std::uint64_t word = lowp::random_word_of(c.p, c.random, (r >> 20) + i);
            const std::uint64_t drawn = lowp::detail::random_of(c.p, word, taken);
            all.push_back(input(from, to, bits, drawn, random));
          }
          const bytes in = array_of(from, all);
          const lowp::simd::plan plan = lowp::simd::make_plan(c);
          const bytes want = defined(c, in.data(), n, r >> 20);
          for (const target& target : targets()) {
            const forced_target forced(target.bit);
            bytes got(want.size());
            lowp::simd::convert(plan, in.data(), got.data(), n, r >> 20);
            t.expect(got == want, [&] {
              return target.name + ": " + difference(c, in.data(), want.data(), got.data(), n);
            });
            t.add_good(got == want ? n - 1 : 0);
            if (plan.way == lowp::simd::route::scalar) break;
          }
        }
      }
    }
  }
  oracle::report("stochastic decisions", t, time.seconds());
}

}  // namespace
