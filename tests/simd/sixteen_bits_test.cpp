// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every code of every registered format of 16 bits, in bulk, to every format of at most 8 bits and
/// to the formats of 16 and 32 bits that matter most.
#include <cstdint>
#include <string>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/simd/convert.hpp>

#include "arrays.hpp"
#include "targets.hpp"

namespace {

using namespace bulk;
using lowp::array_conversion;

/// Modes that between them use every kind of threshold: even, odd, directed by sign, random.
constexpr lowp::projection projections[] = {
    {},
    {.round = lowp::toward_negative, .overflow = lowp::saturate},
    {.round = lowp::to_odd, .overflow = lowp::infinite},
    {.round = lowp::stochastic_b, .overflow = lowp::saturate_finite, .random_bits = 8},
};

bool is_destination(lowp::format f) {
  return f.width <= 8 || f == lowp::formats::bfloat16 || f == lowp::formats::binary16 ||
         f == lowp::formats::binary32;
}

TEST_CASE("BLK-1 every code of 16 bits") {
  constexpr std::uint64_t n = 1 << 16;
  codes all;
  for (lowp::code_t code = 0; code < n; ++code) all.push_back(code);
  for (const lowp::named_format& from : lowp::all_formats) {
    if (from.value.width != 16) continue;
    const oracle::stopwatch time;
    tally t;
    std::uint64_t sum = 0;
    const bytes in = array_of({from.value, {}}, all);
    for (const lowp::named_format& to : lowp::all_formats) {
      if (!is_destination(to.value)) continue;
      for (const lowp::projection& p : projections) {
        const array_conversion c{{from.value, {}}, to.value, p, {.seed = seed}};
        const lowp::simd::plan plan = lowp::simd::make_plan(c);
        // The definition itself is the business of convert_pairs.
        if (plan.way == lowp::simd::route::scalar) continue;
        const bytes want = defined(c, in.data(), n);
        sum = digest(want, sum);
        for (const target& target : targets()) {
          const forced_target forced(target.bit);
          bytes got(want.size());
          lowp::simd::convert(plan, in.data(), got.data(), n);
          t.expect(got == want, [&] {
            return target.name + ": " + difference(c, in.data(), want.data(), got.data(), n);
          });
          t.add_good(got == want ? n - 1 : 0);
        }
      }
    }
    if (t.cases == 0) continue;  // no kernel reads these
    oracle::report(std::string("all codes of ") + from.name + ", digest " + hex(sum), t,
                   time.seconds());
  }
}

}  // namespace
