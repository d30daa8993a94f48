// SPDX-License-Identifier: Apache-2.0
/// \file
/// Formats and projections beside the registry, drawn at random around the ends of lanes: what a
/// plan accepts, the kernels do as the definition, and count as it does.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/simd/convert.hpp>

#include "arrays.hpp"
#include "targets.hpp"

namespace {

using namespace bulk;
using lowp::array_conversion;
using lowp::format;

class generator {
 public:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() >> 32) % n; }
  std::mt19937_64& source() { return random_; }

  /// A format like a registered one; its bias often near the ends of exponents of binary32 and
  /// binary64.
  format any_format() {
    for (;;) {
      format f = lowp::all_formats[below(lowp::format_count)].value;
      constexpr int biases[] = {0, 1, 127, 149, 1023, 1074, -127, 300, 4000, 65000};
      if (below(2) == 0) {
        f.bias =
            static_cast<decltype(f.bias)>(biases[below(10)] + static_cast<int>(below(60)) - 30);
      }
      if (below(3) == 0)
        f.width = static_cast<decltype(f.width)>(1 + below(below(4) == 0 ? 64 : 16));
      if (below(3) == 0) f.precision = static_cast<decltype(f.precision)>(1 + below(f.width));
      if (below(4) == 0) f.is_signed = !f.is_signed;
      if (below(4) == 0) f.has_infinity = !f.has_infinity;
      if (below(4) == 0) f.bottom = static_cast<lowp::bottom_binade>(below(4));
      if (check(f) == lowp::format_error::none) return f;
    }
  }

  lowp::projection any_projection() {
    lowp::projection p;
    p.round = static_cast<lowp::rounding>(below(12));
    p.random_bits = static_cast<std::uint8_t>(below(8) == 0 ? below(65) : below(33));
    choose(p.random_from, 2);
    choose(p.overflow, 4);
    choose(p.no_infinity, 3);
    choose(p.no_infinity_sign, 4);
    choose(p.nan, 8);
    choose(p.nan_sign, 4);
    choose(p.negative, 5);
    choose(p.no_zero, 2);
    choose(p.zero_sign, 4);
    return p;
  }

 private:
  template <class Enum>
  void choose(Enum& to, unsigned n) {
    if (below(3) == 0) to = static_cast<Enum>(below(n));
  }

  std::mt19937_64 random_{seed};
};

std::string words(const format& f) {
  return "kind " + std::to_string(static_cast<int>(f.kind)) + " width " + std::to_string(f.width) +
         " precision " + std::to_string(f.precision) + " bias " + std::to_string(f.bias) +
         " signed " + std::to_string(f.is_signed) + " nans " +
         std::to_string(static_cast<int>(f.nans)) + " bottom " +
         std::to_string(static_cast<int>(f.bottom));
}

/// One conversion of some hundred numbers by every instruction set.
void check_conversion(const array_conversion& c, generator& any, tally& t) {
  const lowp::simd::plan plan = lowp::simd::make_plan(c);
  if (plan.way == lowp::simd::route::scalar) return;
  codes all = directed(c.from.f, c.to.f, 16);
  // Directed inputs are many; a stretch of them, and those that follow nothing.
  const std::size_t few = std::min<std::size_t>(all.size(), 150);
  const std::size_t from = any.below(static_cast<unsigned>(all.size() - few + 1));
  all = codes(all.begin() + static_cast<std::ptrdiff_t>(from),
              all.begin() + static_cast<std::ptrdiff_t>(from + few));
  for (const lowp::code_t special : {lowp::code_t{0}, lowp::code_t{1} << (c.from.f.width - 1)}) {
    all.push_back(special);
  }
  append_random(all, c.from.f, c.to.f, 150, any.source());
  const bytes in = array_of(c.from, all);
  bytes want(lowp::bytes_of(c.to, all.size()));
  lowp::conversion_counts expected;
  lowp::convert_array(c, in.data(), want.data(), all.size(), 0, &expected);
  for (const target& target : targets()) {
    const forced_target forced(target.bit);
    bytes got(want.size(), std::byte{0x5a});
    lowp::simd::convert(plan, in.data(), got.data(), all.size());
    lowp::conversion_counts counts;
    bytes counted(want.size());
    lowp::simd::convert(plan, in.data(), counted.data(), all.size(), 0, &counts);
    const bool good = got == want && counted == want && counts.nan == expected.nan &&
                      counts.overflow == expected.overflow &&
                      counts.underflow == expected.underflow;
    t.expect(good, [&] {
      return target.name + ": " + words(c.from.f) + " -> " + words(c.to.f) + ": " +
             (got == want ? "counts"
                          : difference(c, in.data(), want.data(), got.data(), all.size()));
    });
    t.add_good(good ? all.size() - 1 : 0);
  }
}

TEST_CASE("BLK-1 BLK-3 formats and projections beside the registry") {
  const oracle::stopwatch time;
  constexpr int count = 60000;
  std::printf("seed %llu, %d conversions\n", static_cast<unsigned long long>(seed), count);
  generator any;
  tally t;
  const format sources[] = {lowp::formats::binary32, lowp::formats::binary64,
                            lowp::formats::bfloat16};
  for (int i = 0; i < count; ++i) {
    const unsigned which = any.below(5);
    const format from = which < 3 ? sources[which] : any.any_format();
    const format to = any.below(8) == 0 ? sources[any.below(3)] : any.any_format();
    const auto generator = static_cast<lowp::random_generator>(any.below(2));
    check_conversion({{from, {}}, {to, {}}, any.any_projection(), {1, 2, generator}}, any, t);
  }
  oracle::report("beside the registry", t, time.seconds());
}

}  // namespace
