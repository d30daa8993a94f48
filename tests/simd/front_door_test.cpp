// SPDX-License-Identifier: Apache-2.0
/// \file
/// convert() on spans: any split, any number of threads and any pool of the caller's give the same
/// bytes and counts; arguments that break a rule are refused with words.
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/simd/convert.hpp>
#include <lowp/types.hpp>

#include "arrays.hpp"
#include "targets.hpp"

namespace {

using namespace bulk;
using namespace lowp::formats;
using lowp::array_conversion;
using lowp::array_layout;
using lowp::conversion_counts;
namespace packings = lowp::packings;

const std::vector<array_conversion>& conversions() {
  using lowp::random_generator;
  static const std::vector<array_conversion> all = {
      {binary32, e4m3fn, {}, {}},
      {binary32,
       {e2m1, packings::split_32},
       {.round = lowp::stochastic_b, .overflow = lowp::saturate, .random_bits = 5},
       {.seed = 1, .stream = 2}},
      {binary32,
       bfloat16,
       {.round = lowp::stochastic_c, .random_bits = 16},
       {.seed = 3, .generator = random_generator::keyed_mix}},
      {binary32,
       {e3m2, packings::b6x16_p32},
       {.round = lowp::stochastic_a, .random_bits = 32},
       {.seed = ~std::uint64_t{4}}},
      {bfloat16, e5m2, {.round = lowp::to_odd}, {}},
      {e4m3fn, binary32, {}, {}},
      {{e2m1, packings::awq}, bfloat16, {}, {}},
      {binary64, posit16, {}, {}},
  };
  return all;
}

bytes inputs(const array_conversion& c, std::size_t n) {
  codes all;
  std::mt19937_64 random(seed + n);
  append_random(all, c.from.f, c.to.f, n, random);
  return array_of(c.from, all);
}

TEST_CASE("BLK-1 RND-3 any split at tiles, the first index says where a part stands") {
  constexpr std::uint64_t n = 5000;
  std::mt19937_64 random(seed);
  tally t;
  for (const array_conversion& c : conversions()) {
    // Indices where counters and keys outgrow a word, and the last ones.
    for (const std::uint64_t first :
         {std::uint64_t{0}, std::uint64_t{12345}, (std::uint64_t{1} << 32) - 1501,
          (std::uint64_t{1} << 33) - 1502, (std::uint64_t{1} << 34) - 1503,
          (std::uint64_t{1} << 63) - 1504, ~std::uint64_t{0} - n + 1}) {
      const bytes in = inputs(c, n);
      conversion_counts counts;
      bytes want(lowp::bytes_of(c.to, n));
      lowp::convert_array(c, in.data(), want.data(), n, first, &counts);
      for (const target& target : targets()) {
        const forced_target forced(target.bit);
        for (int turn = 0; turn < 8; ++turn) {
          bytes got(want.size());
          conversion_counts sum;
          const bool counted = turn % 2 == 0;
          for (std::uint64_t start = 0; start < n;) {
            const std::uint64_t here = std::min(n - start, (1 + random() % 9) * lowp::packing_tile);
            const std::uint64_t at = lowp::bytes_of(c.from, start);
            const std::uint64_t to = lowp::bytes_of(c.to, start);
            lowp::convert(
                std::span(in).subspan(at), c.from, std::span(got).subspan(to), c.to, here, c.p,
                {.random = c.random, .first = first + start, .counts = counted ? &sum : nullptr});
            start += here;
          }
          t.expect(got == want, [&] {
            return target.name + ", first " + std::to_string(first) + ": " +
                   difference(c, in.data(), want.data(), got.data(), n);
          });
          t.expect(!counted || sum == counts, [&] { return target.name + ": counts, " + text(c); });
        }
      }
    }
  }
  oracle::report("splits", t);
}

/// A pool of the caller's: runs tasks backwards, and some of them late.
struct backward_pool {
  std::size_t calls = 0;
  std::size_t tasks = 0;

  static void run(void* pool, std::size_t n, void (*task)(void*, std::size_t), void* data) {
    auto& self = *static_cast<backward_pool*>(pool);
    ++self.calls;
    self.tasks += n;
    for (std::size_t i = n; i-- > 0;) {
      if (i % 3 != 1) task(data, i);
    }
    for (std::size_t i = 1; i < n; i += 3) task(data, i);
  }
};

TEST_CASE("BLK-1 any number of threads, any pool: the same bytes and counts") {
  constexpr std::uint64_t n = (std::uint64_t{7} << 18) + 1234;
  const oracle::stopwatch time;
  tally t;
  for (const array_conversion& c : std::span(conversions()).first(6)) {
    // A stretch of inputs over and over: their random bits differ.
    const std::uint64_t period = 16 * lowp::packing_tile;
    const bytes piece = inputs(c, period);
    bytes in;
    while (in.size() < lowp::bytes_of(c.from, n)) in.insert(in.end(), piece.begin(), piece.end());
    const std::uint64_t first = 99;
    // What one thread makes of it; its end and its beginning are the definition's.
    bytes want(lowp::bytes_of(c.to, n));
    CHECK(lowp::convert(in, c.from, want, c.to, n, c.p, {.random = c.random, .first = first}) ==
          want.size());
    const bytes begin = defined(c, in.data(), period, first);
    t.expect(std::equal(begin.begin(), begin.end(), want.begin()),
             [&] { return "begin: " + text(c); });
    const std::uint64_t last = n / period * period;
    const bytes end = defined(c, in.data() + lowp::bytes_of(c.from, last), n - last, first + last);
    t.expect(std::equal(end.begin(), end.end(), want.end() - static_cast<long>(end.size())),
             [&] { return "end: " + text(c); });
    conversion_counts counts;
    for (unsigned threads = 0; threads <= 7; ++threads) {
      for (const bool own_pool : {false, true}) {
        // Counting is slow: not every time.
        const bool counted = own_pool && (threads == 1 || threads == 5);
        backward_pool pool;
        conversion_counts sum;
        bytes got(want.size());
        lowp::convert(in, c.from, got, c.to, n, c.p,
                      {.random = c.random,
                       .first = first,
                       .counts = counted ? &sum : nullptr,
                       .threads = threads,
                       .pool = own_pool ? lowp::parallel_for{backward_pool::run, &pool}
                                        : lowp::parallel_for{}});
        t.expect(got == want, [&] { return std::to_string(threads) + " threads: " + text(c); });
        if (own_pool && threads > 1) {
          t.expect(pool.calls == 1 && pool.tasks == threads,
                   [&] { return std::to_string(pool.tasks) + " tasks: " + text(c); });
        }
        if (counted && threads == 1) counts = sum;
        t.expect(!counted || sum == counts,
                 [&] { return std::to_string(threads) + " threads, counts: " + text(c); });
      }
    }
    // In place.
    if (lowp::bytes_of(c.to, lowp::packing_tile) <= lowp::bytes_of(c.from, lowp::packing_tile)) {
      bytes both = in;
      lowp::convert(both, c.from, both, c.to, n, c.p,
                    {.random = c.random, .first = first, .threads = 5});
      t.expect(std::equal(want.begin(), want.end(), both.begin()),
               [&] { return "in place, threads: " + text(c); });
    }
  }
  oracle::report("threads", t, time.seconds());
}

TEST_CASE("PCK-7 BLK-3 counts are sums of what the definition counts, and are added to") {
  tally t;
  for (const lowp::named_format& to : lowp::all_formats) {
    for (const lowp::format from : {binary32, bfloat16, binary64, e5m2, int16}) {
      for (int mode = 0; mode < 12; mode += 3) {
        for (const lowp::overflow_rule overflow : {lowp::ieee, lowp::saturate}) {
          const array_conversion c{
              from,
              to.value,
              {.round = static_cast<lowp::rounding>(mode), .overflow = overflow, .random_bits = 8},
              {}};
          constexpr std::uint64_t n = 700;
          const bytes in = inputs(c, n);
          bytes out(lowp::bytes_of(c.to, n));
          conversion_counts want{10, 20, 30};
          for (std::uint64_t i = 0; i < n; ++i) {
            const lowp::code_t code = lowp::read_code(c.from, in.data(), i);
            const lowp::encoded e = lowp::convert_with_status(
                from, code, to.value, c.p, lowp::random_word_of(c.p, c.random, i));
            want.nan += lowp::decode(from, code).cls == lowp::number_class::nan ? 1 : 0;
            want.overflow += e.flags.has(lowp::status::overflow) ? 1 : 0;
            want.underflow += e.flags.has(lowp::status::underflow) ? 1 : 0;
          }
          conversion_counts got{10, 20, 30};
          lowp::convert(in, c.from, out, c.to, n, c.p, {.random = c.random, .counts = &got});
          t.expect(got == want && out == defined(c, in.data(), n), [&] {
            return text(c) + ": nan " + std::to_string(got.nan) + " for " +
                   std::to_string(want.nan) + ", overflow " + std::to_string(got.overflow) +
                   " for " + std::to_string(want.overflow) + ", underflow " +
                   std::to_string(got.underflow) + " for " + std::to_string(want.underflow);
          });
        }
      }
    }
  }
  oracle::report("counts", t);
}

TEST_CASE("BLK-1 in place: rows that move together, a longer span of results") {
  // Infinities and NaNs are made by a second step, which must not see what the first one wrote.
  constexpr std::size_t rows = 5, columns = 1024, apart = 4096;
  tally t;
  for (const array_layout& to :
       {array_layout(bfloat16), array_layout(binary16), array_layout(e4m3fn), array_layout(e2m1),
        array_layout(binary32)}) {
    for (const std::size_t closer : {std::size_t{4096}, std::size_t{4095}, std::size_t{4000}}) {
      if (bytes_of(to, columns) > closer) continue;
      bytes in(rows * apart);
      std::mt19937_64 random(seed);
      for (std::size_t i = 0; i < rows * columns; ++i) {
        const auto bits = static_cast<std::uint32_t>(random());
        const std::uint32_t word = i % 7 == 0 ? 0x7fc00000 : i % 7 == 1 ? 0xff800000 : bits;
        std::memcpy(in.data() + 4 * i, &word, 4);
      }
      const lowp::array_rows shape{rows, columns, apart, closer};
      const lowp::projection p{.nan = lowp::nan_rule::payload};
      bytes want(rows * apart), got = in;
      lowp::convert_rows(in, binary32, want, to, shape, p);
      lowp::convert_rows(got, binary32, got, to, shape, p);
      for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t at = row * closer;
        t.expect(std::memcmp(want.data() + at, got.data() + at, bytes_of(to, columns)) == 0,
                 [&] { return std::string(name_of(to.f)) + " row " + std::to_string(row); });
      }
    }
  }
  bytes both(4000, std::byte{0x31});
  const std::span<std::byte> all(both);
  lowp::convert(all.first(2000), e4m3fn, all, e5m2, 2000);
  t.expect(both[1999] != std::byte{0x31} && both[2000] == std::byte{0x31},
           [] { return "a longer span"; });
  oracle::report("in place", t);
}

TEST_CASE("numbers of C++ on either side") {
  const std::vector<float> x = {1.0f, -0.3f, 500.0f, 1e-40f, 3.14f};
  std::vector<lowp::float8_e4m3fn> y(x.size());
  CHECK(lowp::convert(std::span<const float>(x), std::span(y)) == x.size());
  std::vector<float> z(x.size());
  lowp::convert(std::span<const lowp::float8_e4m3fn>(y), std::span(z));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const lowp::float8_e4m3fn want{x[i]};
    CHECK(y[i].code() == want.code());
    CHECK(std::bit_cast<std::uint32_t>(z[i]) ==
          std::bit_cast<std::uint32_t>(static_cast<float>(want)));
  }
  std::vector<std::byte> packed(3);
  CHECK(lowp::convert(std::span<const float>(x), e2m1, std::span(packed)) == 3);
  CHECK(lowp::convert(std::span<const std::byte>(packed), e2m1, std::span(z)) == 20);
  CHECK(z == std::vector<float>{1.0f, -0.5f, 6.0f, 0.0f, 3.0f});
}

/// The words of the refusal; empty if there was none.
std::string refusal(std::size_t in_bytes, const array_layout& from, std::size_t out_bytes,
                    const array_layout& to, std::size_t n) {
  bytes in(in_bytes), out(out_bytes, std::byte{0x77});
  try {
    lowp::convert(in, from, out, to, n);
  } catch (const lowp::array_error& e) {
    // Refused is refused: nothing is written.
    CHECK(out == bytes(out_bytes, std::byte{0x77}));
    return e.what();
  }
  return {};
}

void check_says(const std::string& words, std::initializer_list<std::string> parts) {
  CAPTURE(words);
  CHECK(words.starts_with("lowp::convert: "));
  for (const std::string& part : parts) {
    CAPTURE(part);
    CHECK(words.find(part) != std::string::npos);
  }
}

TEST_CASE("arrays that break a rule are refused with its words") {
  const array_layout f32 = binary32;
  SUBCASE("layouts") {
    check_says(refusal(40, array_layout(), 40, f32, 1),
               {"from: ", message(check(lowp::format())), "width 0"});
    check_says(refusal(40, f32, 40, {lowp::format(), {}}, 1), {"to: "});
    check_says(refusal(40, f32, 40, {e4m3fn, {.slot = 7}}, 1),
               {"to: a code and the zeros below it must fit a slot of at most 64 bits", "width 8",
                "slot 7"});
    check_says(refusal(40, f32, 40, {e4m3fn, {.slot = 65}}, 1), {"slot 65"});
    check_says(refusal(40, {e2m1, {.slot = 8, .lift = 5}}, 40, f32, 1), {"from: a code", "lift 5"});
    for (const auto& [group, step] : {std::pair{3, 1}, {8, 16}, {0, 0}, {8, 3}, {512, 2}}) {
      const lowp::packing p{.slot = 4,
                            .group = static_cast<std::uint16_t>(group),
                            .step = static_cast<std::uint16_t>(step)};
      check_says(refusal(4000, f32, 4000, {e2m1, p}, 1),
                 {"to: group and step must be powers of two, 1 <= step <= group <= 256",
                  "group " + std::to_string(group), "step " + std::to_string(step)});
    }
    for (const lowp::packing p : {lowp::packing{.slot = 6, .run = 3, .padding = 1},
                                  {.slot = 6, .run = 2},
                                  {.slot = 6, .padding = 2},
                                  {.slot = 6, .run = 512}}) {
      check_says(refusal(4000, f32, 4000, {e2m3, p}, 1),
                 {"to: a run of slots before padding", "run " + std::to_string(p.run),
                  "padding " + std::to_string(p.padding)});
    }
  }
  SUBCASE("sizes") {
    check_says(refusal(399, f32, 100, e4m3fn, 100),
               {"in has 399 bytes", "100 elements of 32 bits need 400"});
    check_says(refusal(400, f32, 99, e4m3fn, 100),
               {"out has 99 bytes", "100 elements of 8 bits need 100"});
    check_says(refusal(0, f32, 0, e4m3fn, 1), {"in has 0 bytes"});
    check_says(refusal(4, f32, 15, {e2m1, packings::split_32}, 1), {"out has 15 bytes", "need 16"});
    check_says(refusal(400, f32, 100, e4m3fn, ~std::size_t{0}),
               {"in has 400 bytes", "more than memory has"});
    check_says(refusal(400, f32, 100, e4m3fn, std::size_t{1} << 62), {"more than memory has"});
    check_says(refusal(400, uint1, 100, e4m3fn, std::size_t{1} << 63), {"more than memory has"});
    CHECK(refusal(400, f32, 100, e4m3fn, 100).empty());
    CHECK(refusal(0, f32, 0, e4m3fn, 0).empty());
  }
  SUBCASE("overlap") {
    bytes both(8192);
    const std::span<std::byte> all(both);
    const auto words = [&](std::size_t in, const array_layout& from, std::size_t out,
                           const array_layout& to, std::size_t n) -> std::string {
      try {
        lowp::convert(all.subspan(in), from, all.subspan(out), to, n);
      } catch (const lowp::array_error& e) {
        return e.what();
      }
      return {};
    };
    check_says(words(0, f32, 1, e4m3fn, 1000), {"out begins 1 bytes behind in and overlaps it"});
    check_says(words(0, f32, 3999, e4m3fn, 1000), {"out begins 3999 bytes behind in"});
    check_says(words(1, f32, 0, e4m3fn, 1000), {"out begins 1 bytes before in"});
    check_says(words(999, f32, 0, e4m3fn, 1000), {"out begins 999 bytes before in"});
    check_says(words(0, e4m3fn, 0, f32, 1000), {"out is in", "more room"});
    CHECK(words(0, f32, 4000, e4m3fn, 1000).empty());
    CHECK(words(1000, f32, 0, e4m3fn, 1000).empty());
    CHECK(words(0, f32, 0, e4m3fn, 1000).empty());
    CHECK(words(0, e4m3fn, 0, e5m2, 2000).empty());
  }
}

}  // namespace
