// SPDX-License-Identifier: Apache-2.0
/// \file
/// Conversions from formats that are too wide to be swept, binary32 and binary64 above all, at the
/// inputs that decide: within two steps of the source around every value and middle of the
/// destination and its thresholds, special codes, and seeded random ones. With LOWP_EVERY_CASE in
/// the environment around every value of 16 bits, without it around 8192 of each destination.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/convert.hpp>
#include <lowp/find_format.hpp>

#include "oracle/directed.hpp"
#include "oracle/sources.hpp"

namespace {

using namespace oracle;

struct wide_source {
  const char* name;
  std::uint64_t count;  ///< most steps of a destination around which it is tried
  int random_count;
};

std::string describe(const description& from, const char* to, std::uint64_t code, const value& x,
                     const projection& p, std::uint64_t random, std::uint64_t want,
                     std::uint64_t got) {
  return from.name + " -> " + to + ", " + text(p) + " R=" + hex(random) + ", code " + hex(code) +
         " (" + text(x) + "): expected " + hex(want) + ", got " + hex(got);
}

void check(const destination& from, const lowp::format& source, const lowp::named_format& f,
           const destination& to, const std::vector<std::uint64_t>& codes, tally& t) {
  const lowp::format target = f;
  const auto compare = [&](std::uint64_t code, const value& x, const place& at, const projection& p,
                           std::uint64_t random) {
    const std::uint64_t want = project(to, x, p, random, at).code;
    const std::uint64_t got = lowp::convert(source, code, target, p, random);
    t.expect(got == want,
             [&] { return describe(from.format, f.name, code, x, p, random, want, got); });
  };
  for (const std::uint64_t code : codes) {
    const value x = value_of(from.format, code);
    place at;
    if (x.cls == sort::finite) at = to.side(x.negative).locate(x.magnitude);
    std::uint64_t turn = 0;
    for (const rounding round : deterministic) {
      ++turn;
      const std::optional<std::uint64_t> same = plain(to, x, round, at);
      for (const lowp::overflow_rule overflow : overflows) {
        const projection p{.round = round, .overflow = overflow};
        if (!same) {
          compare(code, x, at, p, 0);
          continue;
        }
        // Inside the range the rule has no say: the default and one other, in turn.
        if (overflow != overflows[0] && overflow != overflows[1 + (code + turn) % 3]) continue;
        const std::uint64_t got = lowp::convert(source, code, target, p);
        t.expect(got == *same,
                 [&] { return describe(from.format, f.name, code, x, p, 0, *same, got); });
      }
    }
    if (code % 17 != 0 || to.format.kind == shape::logarithm) continue;
    const std::uint64_t random = code * 0x9e3779b97f4a7c15u >> 20;
    for (const rounding round : stochastic) {
      for (const int n : {1, 7, 16, 24, 32}) {
        const auto bits = static_cast<std::uint8_t>(n);
        compare(code, x, at, {.round = round, .random_bits = bits}, random);
        compare(code, x, at, {.round = round, .random_bits = bits}, ~std::uint64_t{0});
      }
    }
  }
  // Special codes under every rule that can touch them.
  for (const std::uint64_t code : special_codes(from.format)) {
    const value x = value_of(from.format, code);
    if (x.cls == sort::finite) continue;
    for (int nan = 0; nan < 8; ++nan) {
      for (int sign = 0; sign < 4; ++sign) {
        const auto rule = static_cast<lowp::sign_rule>(sign);
        compare(code, x, {}, {.nan = static_cast<lowp::nan_rule>(nan), .nan_sign = rule}, 0);
        for (int stand_in = 0; stand_in < 3; ++stand_in) {
          projection p{.no_infinity = static_cast<lowp::no_infinity_rule>(stand_in),
                       .no_infinity_sign = rule,
                       .zero_sign = rule};
          p.no_zero = nan % 2 == 0 ? lowp::no_zero_rule::least : lowp::no_zero_rule::nan;
          p.negative = static_cast<lowp::negative_rule>(nan % 5);
          p.overflow = overflows[nan % 4];
          compare(code, x, {}, p, 0);
        }
      }
    }
  }
}

void check_from(const std::vector<wide_source>& sources, const char* what) {
  std::printf("%s: random seed %llx\n", what, static_cast<unsigned long long>(directed_seed));
  const stopwatch time;
  const tally t = in_parallel(lowp::format_count, [&](std::size_t task, tally& own) {
    const lowp::named_format& f = lowp::all_formats[task];
    const description* d = find(f.name);
    if (d == nullptr) return;
    const destination to(*d);
    for (const wide_source& s : sources) {
      const description& from_format = *find(s.name);
      const destination from(from_format);
      const std::uint64_t count = d->width > 16 && s.count > 2000 ? 2000 : s.count;
      const lowp::format source = *lowp::find_format(s.name);
      check(from, source, f, to, directed_codes(from, to, count, s.random_count), own);
    }
  });
  report(what, t, time.seconds());
}

TEST_CASE("CVT-1 binary32 to every format") {
  const std::uint64_t steps = std::getenv("LOWP_EVERY_CASE") != nullptr ? 1 << 16 : 1 << 13;
  check_from({{"binary32", steps, 5000}}, "binary32");
}

TEST_CASE("CVT-1 binary64 to every format") { check_from({{"binary64", 6000, 5000}}, "binary64"); }

TEST_CASE("CVT-1 the other wide formats to every format") {
  check_from({{"tf32", 700, 2000},
              {"pxr24", 700, 2000},
              {"posit32", 700, 2000},
              {"int32", 700, 2000},
              {"int64", 700, 2000},
              {"uint32", 700, 2000},
              {"uint64", 700, 2000}},
             "other wide formats");
}

TEST_CASE("CVT-1 narrow formats to the wide ones") {
  const std::vector<source> narrow = sources_up_to(16);
  std::vector<const lowp::named_format*> wide;
  for (const lowp::named_format& f : lowp::all_formats) {
    if (f.value.width > 16 && find(f.name) != nullptr) wide.push_back(&f);
  }
  const stopwatch time;
  const tally t = in_parallel(narrow.size() * wide.size(), [&](std::size_t task, tally& own) {
    const source& from = narrow[task % narrow.size()];
    const lowp::named_format& f = *wide[task / narrow.size()];
    std::vector<std::uint64_t> codes;
    const std::uint64_t step = from.to.format.width > 8 ? 29 : 1;
    for (std::uint64_t c = 0; c < from.values.size(); c += step) codes.push_back(c);
    check(from.to, from.format, f, destination(*find(f.name)), codes, own);
  });
  report("narrow to wide", t, time.seconds());
}

TEST_CASE("PRJ-9 input rules for subnormals of binary32 and binary64") {
  tally t;
  for (const char* name : {"binary32", "binary64"}) {
    const destination from(*find(name));
    const lowp::format source = *lowp::find_format(name);
    for (const char* target : {"e8m0fnu", "bfloat16", "binary32", "takum16", "binary8p1ue"}) {
      const destination to(*find(target));
      const lowp::format f = *lowp::find_format(target);
      for (const std::uint64_t code : directed_codes(from, to, 300, 100)) {
        for (int rule = 0; rule < 4; ++rule) {
          for (const rounding round : deterministic) {
            const projection p{.round = round,
                               .subnormal_input = static_cast<lowp::subnormal_input_rule>(rule)};
            const value x = input(from.format, value_of(from.format, code), p.subnormal_input);
            const std::uint64_t want = project(to, x, p).code;
            const std::uint64_t got = lowp::convert(source, code, f, p);
            t.expect(got == want,
                     [&] { return describe(from.format, target, code, x, p, 0, want, got); });
          }
        }
      }
    }
  }
  report("subnormal inputs", t);
}

TEST_CASE("PRJ-1 exact values of 64 significant bits, with and without a tail") {
  const stopwatch time;
  const tally t = in_parallel(lowp::format_count, [&](std::size_t task, tally& own) {
    const lowp::named_format& f = lowp::all_formats[task];
    const description* d = find(f.name);
    if (d == nullptr) return;
    const destination to(*d);
    const auto compare = [&](const lowp::exact& x, const value& v, const projection& p,
                             std::uint64_t random) {
      const outcome want = project(to, v, p, random);
      const lowp::encoded got = lowp::encode_with_status(f, x, p, random);
      own.expect(got.code == want.code && got.flags.bits == want.flags, [&] {
        return std::string("exact ") + text(v) + (x.sticky ? " (a tail)" : "") + " -> " + f.name +
               ", " + text(p) + " R=" + hex(random) + ": expected " + hex(want.code) + " flags " +
               hex(want.flags) + ", got " + hex(got.code) + " flags " + hex(got.flags.bits);
      });
    };
    const auto around = [&](const real& y, bool negative) {
      if (y.is_zero() || !y.is_dyadic() || y.top() < -40000) return;
      const long unit = y.top() - 63;
      const auto lead =
          static_cast<std::uint64_t>(y.in_units(std::min(unit, y.e())) >>
                                     static_cast<unsigned>(unit > y.e() ? unit - y.e() : 0));
      for (const std::uint64_t delta : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
        if (lead + delta < std::uint64_t{1} << 63) continue;
        for (const bool sticky : {false, true}) {
          // A tail says enough for 62 significant bits (VAL-1), random bits included.
          if (sticky && d->kind == shape::fixed_point && d->width > 32) continue;
          const lowp::exact x{lowp::number_class::finite, negative, sticky,
                              static_cast<std::int32_t>(unit), lead + delta};
          // All that is known of a tail is that it lies between 0 and 1 of the last place.
          value v{.cls = sort::finite, .negative = negative};
          v.magnitude = real{integer(lead + delta) * 2 + (sticky ? 1 : 0), unit - 1};
          for (const rounding round : deterministic) compare(x, v, {.round = round}, 0);
          if (to.format.kind == shape::logarithm) continue;
          for (const rounding round : stochastic) {
            const projection p{.round = round,
                               .random_bits = static_cast<std::uint8_t>(1 + lead % 7)};
            compare(x, v, p, 0);
            compare(x, v, p, lead >> 9);
            compare(x, v, p, 127);
          }
        }
      }
    };
    for (const bool negative : {false, true}) {
      const ladder& l = to.side(negative);
      for (const std::uint64_t i : indices(l, 100)) {
        around(real(l.at(i)), negative);
        if (i < l.top() || !l.ends()) {
          around(real(l.middle(i)), negative);
          around(l.between(i, 1, 2), negative);
          around(l.between(i, 3, 3), negative);
        }
      }
      around(tiny_limit(l), negative);
      const real& least = l.at(has_zero(*d) ? 1 : 0);
      if (!least.is_dyadic()) continue;
      for (long k = 1; k < 140; k += k < 8 ? 1 : 13) around(least.scaled(-k), negative);
    }
  });
  report("exact values", t, time.seconds());
}

}  // namespace
