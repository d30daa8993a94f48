// SPDX-License-Identifier: Apache-2.0
/// \file
/// Bulk conversion gives the definition's bytes: every registered format as destination, every
/// rounding and overflow rule, sources of every kind, on every instruction set of this machine.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/simd/convert.hpp>

#include "arrays.hpp"
#include "targets.hpp"

namespace {

using namespace bulk;
using lowp::array_conversion;
using lowp::array_layout;

constexpr lowp::format sources[] = {
    lowp::formats::binary32,     lowp::formats::bfloat16,     lowp::formats::binary16,
    lowp::formats::binary64,     lowp::formats::tf32,         lowp::formats::binary16p11se,
    lowp::formats::binary16p8se, lowp::formats::cfloat16_uhp, lowp::formats::int8,
    lowp::formats::int16,        lowp::formats::int32,        lowp::formats::uint16,
    lowp::formats::uint32,       lowp::formats::e4m3fn,       lowp::formats::e5m2fnuz,
    lowp::formats::binary8p1ue,  lowp::formats::e2m3,         lowp::formats::e2m1,
    lowp::formats::posit8,       lowp::formats::posit16,      lowp::formats::takum16,
    lowp::formats::posit32,
};

/// A packing for codes of the format, one of several by `choice`.
lowp::packing packing_for(lowp::format f, std::uint64_t choice) {
  using namespace lowp;
  std::vector<packing> all = {packings::containers, packings::containers, packings::dense(f),
                              packings::dense_high_first(f)};
  for (const named_packing& p : all_packings) {
    if (p.width == f.width) all.push_back(p.value);
  }
  if (f.width <= 6) all.push_back(packings::lifted_byte);
  return all[choice % all.size()];
}

/// Compares every instruction set with the definition; one is enough where that does the work.
void check(const array_conversion& c, const bytes& in, std::uint64_t n, std::uint64_t first,
           tally& t, std::uint64_t& sum) {
  const lowp::simd::plan plan = lowp::simd::make_plan(c);
  const bytes want = defined(c, in.data(), n, first);
  sum = digest(want, sum);
  for (const target& target : targets()) {
    const forced_target forced(target.bit);
    bytes got(want.size(), std::byte{0x5a});
    lowp::simd::convert(plan, in.data(), got.data(), n, first);
    t.expect(got == want, [&] {
      return target.name + ": " + difference(c, in.data(), want.data(), got.data(), n);
    });
    t.add_good(got == want ? n - 1 : 0);
    if (plan.way == lowp::simd::route::scalar) break;
  }
}

TEST_CASE("BLK-1 the instruction sets of this machine") {
  std::string names;
  for (const target& t : targets()) names += ' ' + t.name;
  std::printf("instruction sets:%s; seed %llu\n", names.c_str(),
              static_cast<unsigned long long>(seed));
  CHECK(!targets().empty());
  CHECK(std::string(lowp::simd::instruction_set()) == targets().front().name);
}

TEST_CASE("BLK-1 every destination, rounding and overflow rule, directed and random inputs") {
  std::mt19937_64 random(seed);
  for (const lowp::format from : sources) {
    const oracle::stopwatch time;
    tally t;
    std::uint64_t sum = 0;
    for (const lowp::named_format& to : lowp::all_formats) {
      codes all = directed(from, to.value, 128);
      append_random(all, from, to.value, 300, random);
      // Where only the definition works, a few show that it does.
      array_conversion c{from, to.value, {}, {}};
      if (lowp::simd::make_plan(c).way == lowp::simd::route::scalar) all.resize(100);
      const codes few(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 4));
      for (int mode = 0; mode < 12; ++mode) {
        for (int overflow = 0; overflow < 4; ++overflow) {
          const std::uint64_t choice = random();
          c.from.pack = packing_for(from, choice >> 8);
          c.to.pack = packing_for(to.value, choice >> 16);
          c.p = {.round = static_cast<lowp::rounding>(mode),
                 .overflow = static_cast<lowp::overflow_rule>(overflow),
                 .random_bits = static_cast<std::uint8_t>((choice >> 24) % 33),
                 .random_from = static_cast<lowp::random_field>(choice >> 32 & 1)};
          c.random = {choice, choice >> 7, static_cast<lowp::random_generator>(choice >> 33 & 1)};
          check(c, array_of(c.from, all), all.size(), choice >> 40, t, sum);
        }
      }
    }
    oracle::report(std::string("from ") + name_of(from) + ", digest " + hex(sum), t,
                   time.seconds());
  }
}

template <class Enum>
Enum any(std::mt19937_64& random, int count) {
  // Half of the time what nobody asked to change.
  const std::uint64_t r = random();
  return static_cast<Enum>(r % 2 == 0 ? 0 : r / 2 % static_cast<std::uint64_t>(count));
}

lowp::projection any_projection(std::mt19937_64& random) {
  using namespace lowp;
  return {.round = static_cast<rounding>(random() % 12),
          .overflow = any<overflow_rule>(random, 4),
          .no_infinity = any<no_infinity_rule>(random, 3),
          .no_infinity_sign = any<sign_rule>(random, 4),
          .nan = any<nan_rule>(random, 8),
          .nan_sign = any<sign_rule>(random, 4),
          .negative = any<negative_rule>(random, 5),
          .no_zero = any<no_zero_rule>(random, 2),
          .zero_sign = any<sign_rule>(random, 2),
          .subnormal_input =
              random() % 8 == 0 ? any<subnormal_input_rule>(random, 4) : subnormal_input_rule::keep,
          .flush_subnormal_result = random() % 8 == 0,
          .tininess = any<tininess_rule>(random, 2),
          .overflow_before_rounding = random() % 8 == 0,
          .odd_overflows = random() % 4 == 0,
          .random_bits = static_cast<std::uint8_t>(random() % 33),
          .random_from = any<random_field>(random, 2)};
}

/// Any packing that codes of the format can have.
lowp::packing any_packing(lowp::format f, std::mt19937_64& random) {
  if (random() % 2 == 0) return packing_for(f, random());
  for (;;) {
    const std::uint64_t r = random();
    const int lift = r % 4 == 0 ? static_cast<int>(r >> 2) & 3 : 0;
    const int slot = f.width + lift + static_cast<int>((r >> 8 & 3) * (r >> 10 & 7));
    const lowp::packing p{
        .slot = static_cast<std::uint8_t>((r >> 16) % 4 == 0 ? (slot + 7) & ~7 : slot),
        .lift = static_cast<std::uint8_t>(lift),
        .order = static_cast<lowp::bit_order>(r >> 20 & 1),
        .group = static_cast<std::uint16_t>(1 << ((r >> 24) % 9)),
        .step = static_cast<std::uint16_t>(1 << ((r >> 32) % 9)),
        .run = static_cast<std::uint16_t>(((r >> 40) % 2) << ((r >> 42) % 9)),
        .padding = static_cast<std::uint8_t>((r >> 48) % 10)};
    if (check(array_layout{f, p}) == lowp::packing_error::none) return p;
  }
}

TEST_CASE("BLK-1 any formats, any members of a projection, any packings") {
  std::mt19937_64 random(seed + 1);
  const oracle::stopwatch time;
  tally t;
  std::uint64_t sum = 0;
  for (int i = 0; i < 6000; ++i) {
    const auto pick = [&] { return lowp::all_formats[random() % std::size(lowp::all_formats)]; };
    const lowp::format from =
        i % 2 == 0 ? sources[random() % 5] : static_cast<lowp::format>(pick());
    const lowp::format to = pick();
    codes all;
    append_random(all, from, to, i % 4 == 0 ? 1000 + random() % 300 : 1 + random() % 340, random);
    const array_conversion c{{from, any_packing(from, random)},
                             {to, any_packing(to, random)},
                             any_projection(random),
                             {random(), random(), any<lowp::random_generator>(random, 2)}};
    check(c, array_of(c.from, all), all.size(), random() >> (random() % 64), t, sum);
  }
  oracle::report("any conversions, digest " + hex(sum), t, time.seconds());
}

}  // namespace
