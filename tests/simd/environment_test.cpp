// SPDX-License-Identifier: Apache-2.0
/// \file
/// The floating-point environment changes no result: rounding modes, denormals that are zero or are
/// flushed. Exceptions must not trap: Highway's shifts by lane raise `invalid` on SSSE3 and SSE4.
#include <cstdint>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/simd/convert.hpp>

#include "arrays.hpp"
#include "changed_environment.hpp"
#include "targets.hpp"

namespace {

using namespace bulk;
using namespace lowp::formats;
using lowp::array_conversion;

TEST_CASE("BLK-1 whatever the floating-point environment") {
  tally t;
  std::mt19937_64 random(seed);
  for (const lowp::format from : {binary32, bfloat16, binary16, binary64, int32, e4m3fn, e2m3}) {
    for (const lowp::format to : {binary64, binary32, tf32, bfloat16, binary16, e5m2, e4m3fn,
                                  e4m3fnuz, e3m2, e2m1, e8m0fnu, binary8p4se, int8, int32}) {
      codes all = directed(from, to, 32);
      append_random(all, from, to, 500, random);
      for (const lowp::rounding mode :
           {lowp::to_nearest_even, lowp::to_nearest_away, lowp::toward_positive,
            lowp::toward_negative, lowp::toward_zero, lowp::to_odd, lowp::stochastic_c}) {
        const array_conversion c{
            from,
            to,
            {.round = mode, .overflow = lowp::saturate_finite, .random_bits = 7},
            {.seed = random()}};
        const bytes in = array_of(c.from, all);
        const bytes want = defined(c, in.data(), all.size());
        for (const target& target : targets()) {
          const forced_target forced(target.bit);
          for (int state = 0; state < 16; state += 1 + static_cast<int>(random() % 2)) {
            bytes got(want.size());
            {
              const changed_environment changed(static_cast<std::uint64_t>(state));
              // The plan as well is made here.
              const lowp::simd::plan plan = lowp::simd::make_plan(c);
              lowp::simd::convert(plan, in.data(), got.data(), all.size());
            }
            t.expect(got == want, [&] {
              return target.name + ", state " + std::to_string(state) + ": " +
                     difference(c, in.data(), want.data(), got.data(), all.size());
            });
          }
        }
      }
    }
  }
  oracle::report("environments", t);
}

}  // namespace
