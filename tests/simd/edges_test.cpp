// SPDX-License-Identifier: Apache-2.0
/// \file
/// The ends of arrays: every length, every misalignment, in place, and memory in which a byte read
/// or written outside the array ends the program.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/simd/convert.hpp>

#include "arrays.hpp"
#include "guarded.hpp"
#include "targets.hpp"

namespace {

using namespace bulk;
using namespace lowp::formats;
using lowp::array_conversion;
using lowp::array_layout;
namespace packings = lowp::packings;

/// Conversions of every shape: containers of 1, 2, 4 and 8 bytes on both sides, codes of 1 to 6
/// bits in all kinds of packings, every route.
const std::vector<array_conversion>& conversions() {
  static const std::vector<array_conversion> all = {
      {binary32, e4m3fn, {}, {}},
      {binary32, e5m2, {.round = lowp::toward_zero, .overflow = lowp::saturate}, {}},
      {binary32, e4m3fnuz, {.round = lowp::stochastic_c, .random_bits = 8}, {.seed = 7}},
      {binary32, bfloat16, {}, {}},
      {binary32, bfloat16, {.round = lowp::stochastic_b, .random_bits = 16}, {.seed = 8}},
      {binary32, binary16, {}, {}},
      {binary32, binary64, {}, {}},
      {binary32, e2m1, {}, {}},
      {binary32, {e2m1, packings::dense_high_first(e2m1)}, {}, {}},
      {binary32, {e2m1, packings::split_32}, {}, {}},
      {binary32, {e2m1, packings::awq}, {}, {}},
      {binary32, {e2m1, packings::b4x16_p64}, {}, {}},
      {binary32, {e2m3, packings::dense(e2m3)}, {}, {}},
      {binary32, {e3m2, packings::dense_high_first(e3m2)}, {}, {}},
      {binary32, {e3m2, packings::b6x16_p32}, {}, {}},
      {binary32, {e3m2, packings::b6x32_p64}, {}, {}},
      {binary32, {e2m3, packings::lifted_byte}, {}, {}},
      {binary32, {int2, packings::split_128}, {}, {}},
      {binary32, uint1, {}, {}},
      {binary32, {tf32, packings::dense(tf32)}, {}, {}},
      {binary32, e8m0fnu, {.round = lowp::toward_positive}, {}},
      {binary64, e4m3fn, {}, {}},
      {binary64, binary32, {}, {}},
      {binary64, int32, {}, {}},
      {bfloat16, binary32, {}, {}},
      {bfloat16, e4m3fn, {}, {}},
      {bfloat16, e2m1, {}, {}},
      {binary16, binary32, {}, {}},
      {binary16, {e2m3, packings::dense(e2m3)}, {}, {}},
      {int16, e5m2, {}, {}},
      {int32, int8, {}, {}},
      {e4m3fn, binary32, {}, {}},
      {e5m2, bfloat16, {}, {}},
      {e4m3fn, binary64, {}, {}},
      {e4m3fn, e2m1, {}, {}},
      {e4m3fn, bfloat16, {.round = lowp::stochastic_a, .random_bits = 4}, {.seed = 9}},
      {{e2m3, packings::dense(e2m3)}, binary32, {}, {}},
      {{e3m2, packings::b6x32_p64}, bfloat16, {}, {}},
      {e2m1, binary32, {}, {}},
      {{e2m1, packings::dense_high_first(e2m1)}, bfloat16, {}, {}},
      {{e2m1, packings::split_16}, binary16, {}, {}},
      {{e2m1, packings::awq}, {e2m1, packings::split_32}, {}, {}},
      {uint1, e4m3fn, {}, {}},
      {int2, {int4, packings::dense_high_first(int4)}, {}, {}},
      {posit16, e4m3fn, {}, {}},
  };
  return all;
}

codes inputs(const array_conversion& c, std::size_t n) {
  codes all;
  std::mt19937_64 random(seed + n);
  append_random(all, c.from.f, c.to.f, n, random);
  return all;
}

/// What stands where no byte may be written.
constexpr std::byte untouched{0xa7};

std::string where(const target& t, const char* what, std::uint64_t n) {
  return t.name + ", " + what + ", n = " + std::to_string(n) + ": ";
}

/// Input and output both right behind a guard page, then both right before one.
void check_guarded(const array_conversion& c, const lowp::simd::plan& plan, const target& target,
                   const bytes& in, const bytes& want, std::uint64_t n, const guarded& source,
                   const guarded& sink, tally& t) {
  for (const bool back : {false, true}) {
    std::byte* from = back ? source.back(in.size()) : source.front();
    std::byte* to = back ? sink.back(want.size()) : sink.front();
    if (!in.empty()) std::memcpy(from, in.data(), in.size());
    std::byte* beside = back ? to - 64 : to + want.size();
    std::fill(beside, beside + 64, untouched);
    std::fill(to, to + want.size(), untouched);
    lowp::simd::convert(plan, from, to, n, 3);
    t.expect(std::equal(want.begin(), want.end(), to), [&] {
      return where(target, back ? "before a guard" : "behind a guard", n) +
             difference(c, from, want.data(), to, n);
    });
    t.expect(std::count(beside, beside + 64, untouched) == 64,
             [&] { return where(target, "bytes outside are written", n) + text(c); });
    t.expect(in.empty() || std::memcmp(from, in.data(), in.size()) == 0,
             [&] { return where(target, "the input is changed", n) + text(c); });
  }
}

TEST_CASE("BLK-1 every length, between guard pages") {
  const guarded source(20000), sink(20000);
  const oracle::stopwatch time;
  tally t;
  std::vector<std::uint64_t> lengths;
  for (std::uint64_t n = 0; n < 300; ++n) lengths.push_back(n);
  std::mt19937_64 random(seed);
  for (std::uint64_t n = 300; n <= 2100; n += 1 + random() % 97) lengths.push_back(n);
  for (const std::uint64_t n : {511u, 512u, 513u, 1023u, 1024u, 1025u, 2047u, 2048u, 2049u}) {
    lengths.push_back(n);
  }
  for (const array_conversion& c : conversions()) {
    const lowp::simd::plan plan = lowp::simd::make_plan(c);
    const codes all = inputs(c, 2100);
    for (const std::uint64_t n : lengths) {
      const bytes in = array_of(c.from, codes(all.begin(), all.begin() + static_cast<long>(n)));
      const bytes want = defined(c, in.data(), n, 3);
      for (const target& target : targets()) {
        const forced_target forced(target.bit);
        check_guarded(c, plan, target, in, want, n, source, sink, t);
      }
    }
  }
  oracle::report("lengths", t, time.seconds());
}

TEST_CASE("BLK-1 every misalignment of input and output") {
  constexpr std::uint64_t n = 1024 + 77;
  const oracle::stopwatch time;
  tally t;
  std::size_t turn = 0;
  for (const array_conversion& c : conversions()) {
    const lowp::simd::plan plan = lowp::simd::make_plan(c);
    if (plan.way == lowp::simd::route::scalar) continue;
    const bytes in = array_of(c.from, inputs(c, n));
    const bytes want = defined(c, in.data(), n);
    std::vector<std::byte> source(in.size() + 192), sink(want.size() + 192);
    for (std::size_t a = 0; a < 64; ++a) {
      // Every pair of misalignments takes too long under every instruction set: they take turns.
      const target& target = targets()[turn++ % targets().size()];
      const forced_target forced(target.bit);
      std::memcpy(source.data() + a, in.data(), in.size());
      for (std::size_t b = 0; b < 64; ++b) {
        std::fill(sink.begin(), sink.end(), untouched);
        std::byte* to = sink.data() + 64 + b;
        lowp::simd::convert(plan, source.data() + a, to, n);
        t.expect(std::equal(want.begin(), want.end(), to) &&
                     std::count(sink.data(), to, untouched) == static_cast<long>(64 + b) &&
                     std::count(to + want.size(), sink.data() + sink.size(), untouched) ==
                         static_cast<long>(128 - b),
                 [&] {
                   return where(target, "misaligned", n) + std::to_string(a) + ' ' +
                          std::to_string(b) + ' ' + difference(c, in.data(), want.data(), to, n);
                 });
      }
    }
  }
  oracle::report("misalignments", t, time.seconds());
}

TEST_CASE("BLK-1 in place") {
  const oracle::stopwatch time;
  tally t;
  for (array_conversion c : conversions()) {
    // Where the result does not fit the place of the source, the other way round.
    const auto grows = [&] {
      return lowp::bytes_of(c.to, lowp::packing_tile) > lowp::bytes_of(c.from, lowp::packing_tile);
    };
    if (grows()) std::swap(c.from, c.to);
    const lowp::simd::plan plan = lowp::simd::make_plan(c);
    for (const std::uint64_t n : {1u, 255u, 256u, 257u, 1023u, 1024u, 1025u, 5000u}) {
      const bytes in = array_of(c.from, inputs(c, n));
      const bytes want = defined(c, in.data(), n);
      for (const target& target : targets()) {
        const forced_target forced(target.bit);
        for (const std::size_t shift : {0u, 1u, 4u}) {
          bytes both(std::max(in.size(), want.size()) + 64 + shift, untouched);
          std::byte* at = both.data() + shift;
          std::memcpy(at, in.data(), in.size());
          lowp::simd::convert(plan, at, at, n);
          t.expect(std::equal(want.begin(), want.end(), at), [&] {
            return where(target, "in place", n) + difference(c, in.data(), want.data(), at, n);
          });
          // Behind the result stands the source as it was, then what nobody owns.
          const std::size_t rest = in.size() > want.size() ? in.size() - want.size() : 0;
          t.expect(std::equal(in.end() - static_cast<long>(rest), in.end(), at + want.size()) &&
                       std::count(both.end() - 64, both.end(), untouched) == 64,
                   [&] { return where(target, "written behind, in place", n) + text(c); });
        }
      }
    }
  }
  oracle::report("in place", t, time.seconds());
}

}  // namespace
