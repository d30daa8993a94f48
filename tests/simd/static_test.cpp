// SPDX-License-Identifier: Apache-2.0
/// \file
/// The kernels in a unit of static dispatch, without Highway's library, compiled for the
/// instruction set of the compiler's flags and with -ffast-math; also run under emulation of other
/// processors, where the digest must be the same.
#ifndef HWY_WANT_AVX3_DL
#define HWY_WANT_AVX3_DL 1
#endif
#include <cstdint>
#include <cstdio>
#include <random>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/simd/kernels-inl.hpp>

#include "arrays.hpp"

namespace {

using namespace bulk;
using namespace lowp::formats;
namespace kernels = lowp::simd::HWY_NAMESPACE;

TEST_CASE("BLK-1 static dispatch") {
  tally t;
  std::uint64_t sum = 0;
  std::mt19937_64 random(seed);
  for (const lowp::format from :
       {binary32, bfloat16, binary16, binary64, int16, int32, e4m3fn, e5m2, e2m3, e2m1}) {
    for (const lowp::named_format& to : lowp::all_formats) {
      codes all = directed(from, to.value, 16);
      append_random(all, from, to.value, 700, random);
      for (const lowp::rounding mode :
           {lowp::to_nearest_even, lowp::to_nearest_away, lowp::toward_positive,
            lowp::toward_negative, lowp::to_odd, lowp::stochastic_b, lowp::stochastic_c}) {
        const std::uint64_t r = random();
        const lowp::packing packing = to.value.width < 8 && r % 3 == 0
                                          ? lowp::packings::dense_high_first(to.value)
                                      : r % 3 == 1 ? lowp::packing{}
                                                   : lowp::default_packing(to.value);
        const lowp::array_conversion c{from,
                                       {to.value, packing},
                                       {.round = mode,
                                        .overflow = static_cast<lowp::overflow_rule>(r >> 8 & 3),
                                        .random_bits = static_cast<std::uint8_t>((r >> 16) % 33)},
                                       {.seed = r}};
        const std::uint64_t n = all.size();
        const bytes in = array_of(c.from, all);
        const lowp::simd::plan plan = lowp::simd::make_plan(c);
        const bytes want = defined(c, in.data(), n, r >> 30);
        bytes got(want.size());
        kernels::convert_planned(plan, in.data(), got.data(), n, r >> 30);
        t.expect(got == want, [&] { return difference(c, in.data(), want.data(), got.data(), n); });
        t.add_good(got == want ? n - 1 : 0);
        sum = digest(got, sum);
      }
    }
  }
  std::printf("digest %s\n", hex(sum).c_str());
  oracle::report(std::string("static ") + hwy::TargetName(HWY_TARGET) + ", vectors of " +
                     std::to_string(kernels::vector_bytes()) + " bytes",
                 t);
}

}  // namespace
