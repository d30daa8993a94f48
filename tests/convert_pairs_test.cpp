// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every ordered pair of registered formats of at most 16 bits: every source code under every
/// rounding and, where they matter, every overflow rule and the other members of a projection.
/// With LOWP_EVERY_CASE in the environment every overflow rule everywhere.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/convert.hpp>
#include <lowp/find_format.hpp>

#include "oracle/sources.hpp"

namespace {

using namespace oracle;

/// Formats of at most 16 bits, prepared once.
const std::vector<source>& formats() {
  static const std::vector<source> all = sources_up_to(16);
  return all;
}

std::string describe(const source& from, const source& to, std::uint64_t code, const projection& p,
                     std::uint64_t random, std::uint64_t want, std::uint64_t got) {
  return std::string(from.name()) + " -> " + to.name() + ", " + text(p) + " R=" + hex(random) +
         ", code " + hex(code) + " (" + text(from.values[code]) + "): expected " + hex(want) +
         ", got " + hex(got);
}

/// Every source code x every deterministic rounding x every overflow rule. Inside the range the
/// rule has no say: there the default and in a quarter of the cases another, unless every rule is
/// wanted.
void check_deterministic(const source& from, const source& to, bool every_rule, tally& t) {
  const std::vector<place> at = places(from, to.to);
  const lowp::format source_format = from.format;
  const lowp::format target_format = to.format;
  for (std::uint64_t code = 0; code < from.values.size(); ++code) {
    const value& x = from.values[code];
    std::uint64_t turn = code * 0x9e3779b97f4a7c15u >> 48;  // apart from the bits that round
    for (const rounding round : deterministic) {
      const std::optional<std::uint64_t> same = plain(to.to, x, round, at[code]);
      const lowp::overflow_rule other = overflows[turn % 4 == 0 ? 1 + turn / 4 % 3 : 0];
      ++turn;
      for (const lowp::overflow_rule overflow : overflows) {
        if (same && !every_rule && overflow != overflows[0] && overflow != other) continue;
        const projection p{.round = round, .overflow = overflow};
        const std::uint64_t want = same ? *same : project(to.to, x, p, 0, at[code]).code;
        const std::uint64_t got = lowp::convert(source_format, code, target_format, p);
        t.expect(got == want, [&] { return describe(from, to, code, p, 0, want, got); });
      }
    }
  }
}

TEST_CASE("PRJ-2 PRJ-4 PRJ-12 all pairs and codes, deterministic roundings, all overflow rules") {
  const std::vector<source>& all = formats();
  const bool every_rule = std::getenv("LOWP_EVERY_CASE") != nullptr;
  const stopwatch time;
  const tally t = in_parallel(all.size() * all.size(), [&](std::size_t task, tally& own) {
    check_deterministic(all[task / all.size()], all[task % all.size()], every_rule, own);
  });
  report("pairs, deterministic", t, time.seconds());
}

struct random_case {
  int bits;
  std::uint64_t value;
};

constexpr random_case random_cases[] = {{0, 0}, {1, 0},   {1, 1},   {3, 5},  {8, 0},
                                        {8, 1}, {8, 127}, {8, 128}, {8, 255}};

TEST_CASE("PRJ-3 all pairs, stochastic roundings") {
  const std::vector<source>& all = formats();
  const stopwatch time;
  const tally t = in_parallel(all.size() * all.size(), [&](std::size_t task, tally& own) {
    const source& from = all[task / all.size()];
    const source& to = all[task % all.size()];
    const std::vector<place> at = places(from, to.to);
    // Exact nu on a logarithm needs great powers: fewer cases.
    const bool slow = to.to.format.kind == shape::logarithm;
    const std::uint64_t step = (from.to.format.width > 8 ? 131 : 1) * (slow ? 7 : 1);
    for (std::uint64_t code = 0; code < from.values.size(); code += step) {
      for (const rounding round : stochastic) {
        for (const random_case& r : random_cases) {
          for (const lowp::overflow_rule overflow : overflows) {
            // The rule matters at the top only: the others run under the default.
            if (overflow != lowp::overflow_rule::ieee && from.values[code].cls == sort::finite &&
                at[code].index < to.to.side(from.values[code].negative).top()) {
              continue;
            }
            const projection p{.round = round,
                               .overflow = overflow,
                               .random_bits = static_cast<std::uint8_t>(r.bits)};
            const std::uint64_t want = project(to.to, from.values[code], p, r.value, at[code]).code;
            const std::uint64_t got = lowp::convert(from.format, code, to.format, p, r.value);
            own.expect(got == want,
                       [&] { return describe(from, to, code, p, r.value, want, got); });
          }
        }
      }
    }
  });
  report("pairs, stochastic", t, time.seconds());
}

/// Changes of a default projection, one or two members each.
std::vector<projection> variations() {
  using namespace lowp;
  std::vector<projection> all;
  for (const auto rule :
       {no_infinity_rule::nan, no_infinity_rule::max_finite, no_infinity_rule::zero}) {
    for (const auto sign :
         {sign_rule::keep, sign_rule::positive, sign_rule::negative, sign_rule::flip}) {
      all.push_back({.no_infinity = rule, .no_infinity_sign = sign});
    }
  }
  for (const auto rule : {negative_rule::magnitude, negative_rule::nan, negative_rule::p3109,
                          negative_rule::clamp_finite}) {
    for (const auto zero : {no_zero_rule::least, no_zero_rule::nan}) {
      all.push_back({.negative = rule, .no_zero = zero});
      all.push_back(
          {.no_infinity = no_infinity_rule::max_finite, .negative = rule, .no_zero = zero});
    }
  }
  all.push_back({.no_zero = no_zero_rule::nan});
  for (const auto sign : {sign_rule::positive, sign_rule::negative, sign_rule::flip}) {
    all.push_back({.zero_sign = sign});
  }
  all.push_back({.overflow_before_rounding = true});
  all.push_back({.odd_overflows = true});
  for (const auto rule : {subnormal_input_rule::zero, subnormal_input_rule::half_down,
                          subnormal_input_rule::least_normal}) {
    all.push_back({.subnormal_input = rule});
  }
  return all;
}

/// Could the variation change the result? Where it cannot, a sample of codes shows that it does
/// not.
bool matters(const destination& to, const value& x, const place& at) {
  if (x.cls != sort::finite) return true;
  if (x.negative && !to.format.sign) return true;
  return at.beyond || at.below || at.index == 0 || at.index == to.side(x.negative).top();
}

TEST_CASE("PRJ-5 PRJ-7 PRJ-8 PRJ-9 all pairs from up to 8 bits, other members of a projection") {
  const std::vector<source>& all = formats();
  std::vector<const source*> small;
  for (const source& s : all) {
    if (s.to.format.width <= 8) small.push_back(&s);
  }
  const std::vector<projection> changes = variations();
  const stopwatch time;
  const tally t = in_parallel(small.size() * all.size(), [&](std::size_t task, tally& own) {
    const source& from = *small[task / all.size()];
    const source& to = all[task % all.size()];
    const std::vector<place> at = places(from, to.to);
    for (std::uint64_t code = 0; code < from.values.size(); ++code) {
      const value& x = from.values[code];
      if (x.cls == sort::nan) continue;
      for (const projection& change : changes) {
        const value in = input(from.to.format, x, change.subnormal_input);
        const bool kept = in.cls == x.cls && (x.cls != sort::finite || in.magnitude == x.magnitude);
        if (code % 11 != 0 && kept && !matters(to.to, x, at[code])) continue;
        for (const rounding round : deterministic) {
          for (const lowp::overflow_rule overflow : overflows) {
            projection p = change;
            p.round = round;
            p.overflow = overflow;
            const std::uint64_t want =
                (kept ? project(to.to, x, p, 0, at[code]) : project(to.to, in, p)).code;
            const std::uint64_t got = lowp::convert(from.format, code, to.format, p);
            own.expect(got == want, [&] { return describe(from, to, code, p, 0, want, got); });
          }
        }
      }
    }
  });
  report("pairs, other members", t, time.seconds());
}

TEST_CASE("PRJ-5 PRJ-6 all pairs, NaN and infinity under every NaN rule") {
  using namespace lowp;
  const std::vector<source>& all = formats();
  const stopwatch time;
  const tally t = in_parallel(all.size() * all.size(), [&](std::size_t task, tally& own) {
    const source& from = all[task / all.size()];
    const source& to = all[task % all.size()];
    for (std::uint64_t code = 0; code < from.values.size(); ++code) {
      const value& x = from.values[code];
      if (x.cls != sort::nan && x.cls != sort::infinity) continue;
      for (const nan_rule rule :
           {nan_rule::quiet, nan_rule::all_ones, nan_rule::payload, nan_rule::payload_raw,
            nan_rule::payload_one, nan_rule::signalling, nan_rule::max_finite, nan_rule::zero}) {
        for (const sign_rule sign :
             {sign_rule::keep, sign_rule::positive, sign_rule::negative, sign_rule::flip}) {
          for (const negative_rule negative :
               {negative_rule::clamp, negative_rule::magnitude, negative_rule::nan}) {
            const projection p{.nan = rule, .nan_sign = sign, .negative = negative};
            const std::uint64_t want = project(to.to, x, p).code;
            const std::uint64_t got = lowp::convert(from.format, code, to.format, p);
            own.expect(got == want, [&] { return describe(from, to, code, p, 0, want, got); });
          }
        }
      }
    }
  });
  report("pairs, NaN rules", t, time.seconds());
}

TEST_CASE("CVT-1 one rounding: through an intermediate format the result would differ") {
  struct detour {
    const char *from, *through, *to;
  };
  // conversions.md 4.4: binary32 to FP8 through binary16, and relatives with sources of 16 bits.
  constexpr detour detours[] = {
      {"binary16", "e4m3", "e2m1"},    {"bfloat16", "e5m2", "e2m1"},
      {"bfloat16", "e4m3", "e2m3"},    {"binary16", "e4m3fn", "e8m0fnu"},
      {"posit16", "binary16", "e5m2"}, {"takum16", "bfloat16", "e4m3fnuz"},
      {"int16", "bfloat16", "e4m3fn"}, {"cfloat16_uhp", "hifloat8", "ue4m3"}};
  for (const detour& way : detours) {
    CAPTURE(std::string(way.from));
    CAPTURE(std::string(way.through));
    CAPTURE(std::string(way.to));
    const source from{*lowp::find_format(way.from), *find(way.from)};
    const source to{*lowp::find_format(way.to), *find(way.to)};
    const lowp::format through = *lowp::find_format(way.through);
    const std::vector<place> at = places(from, to.to);
    tally t;
    std::uint64_t different = 0;
    for (std::uint64_t code = 0; code < from.values.size(); ++code) {
      const std::uint64_t want = project(to.to, from.values[code], {}, 0, at[code]).code;
      const std::uint64_t got = lowp::convert(from.format, code, to.format);
      const std::uint64_t twice =
          lowp::convert(through, lowp::convert(from.format, code, through), to.format);
      different += twice != want;
      t.expect(got == want, [&] { return describe(from, to, code, {}, 0, want, got); });
    }
    report("one rounding", t);
    CHECK(different > 0);
  }
}

TEST_CASE("CVT-7 one rounding: binary32 to FP8 beside oneDNN's way through binary16") {
  // The intervals that conversions.md 4.4 names: first and last pattern, what oneDNN gives.
  struct interval {
    std::uint32_t first, last;
    std::uint64_t through_binary16;
  };
  constexpr interval intervals[] = {{0x3a800001, 0x3a801000, 0x00}, {0x3b3ff000, 0x3b3fffff, 0x02}};
  const destination e4m3fn(*find("e4m3fn"));
  const description& binary32 = *find("binary32");
  tally t;
  for (const interval& i : intervals) {
    for (std::uint32_t bits = i.first; bits <= i.last; ++bits) {
      const std::uint64_t want = project(e4m3fn, value_of(binary32, bits), {}).code;
      const std::uint64_t got = lowp::convert(lowp::formats::binary32, bits, lowp::formats::e4m3fn);
      const std::uint64_t half =
          lowp::convert(lowp::formats::binary32, bits, lowp::formats::binary16);
      const std::uint64_t twice =
          lowp::convert(lowp::formats::binary16, half, lowp::formats::e4m3fn);
      t.expect(got == want && want == 0x01 && twice == i.through_binary16, [&] {
        return hex(bits) + ": expected " + hex(want) + ", got " + hex(got) + ", twice " +
               hex(twice);
      });
    }
  }
  report("one rounding, binary32", t);
}

}  // namespace
