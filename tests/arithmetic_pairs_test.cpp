// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sum, difference, product and quotient of all pairs of codes of every registered format of at
/// most 8 bits, under every rounding mode.
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "arithmetic_checks.hpp"
#include "oracle/cells.hpp"
#include "oracle/sources.hpp"

namespace {

using namespace oracle;
using checks::both;

/// One of the four operations, with its exact result for small operands.
struct quick_operation {
  const checks::binary_operation& op;
  keyed (*quick)(const small_value&, const small_value&);
};

keyed quick_subtract(const small_value& x, small_value y) {
  y.negative = !y.negative;
  return add(x, y);
}

constexpr quick_operation operations[] = {
    {checks::add, oracle::add},
    {checks::subtract,
     [](const small_value& x, const small_value& y) { return quick_subtract(x, y); }},
    {checks::multiply, oracle::multiply},
    {checks::divide, oracle::divide}};

constexpr int deterministic_count = 9;
constexpr int overflow_count = 4;

/// The deterministic modes under every overflow rule, then stochastic ones with few bits.
std::vector<setting> all_settings(int most_bits) {
  std::vector<setting> all;
  for (const rounding round : deterministic) {
    for (const lowp::overflow_rule overflow : overflows) {
      all.push_back({{.round = round, .overflow = overflow}});
    }
  }
  for (const rounding round : stochastic) {
    for (const int word : {0, 1, 4, 6}) {
      const int bits = word == 0 ? 0 : std::min(most_bits, word == 1 ? 1 : 3);
      all.push_back({{.round = round, .random_bits = static_cast<std::uint8_t>(bits)},
                     static_cast<std::uint64_t>(word)});
    }
  }
  return all;
}

/// A pair of operands and the format of the result.
struct triple {
  const both& x_format;
  const both& y_format;
  const both& target;

  std::string words(const checks::binary& op, std::uint64_t x, std::uint64_t y,
                    const setting& s) const {
    return checks::words(op.name, {x_format(x), y_format(y)}, {&x_format.d, &y_format.d}, target.d,
                         s.p, s.word);
  }

  void expect_code(const checks::binary& op, std::uint64_t x, std::uint64_t y, const setting& s,
                   std::uint64_t want, tally& t) const {
    const std::uint64_t got = op.code(x_format(x), y_format(y), target.f, s.p, s.word);
    t.expect(got == want, [&] { return words(op, x, y, s) + checks::versus(want, got); });
  }

  void expect_status(const checks::binary& op, std::uint64_t x, std::uint64_t y, const setting& s,
                     const outcome& want, tally& t) const {
    const lowp::encoded got = op.status(target.f, s.p, s.word, x_format(x), y_format(y));
    t.expect(checks::same(want, got),
             [&] { return words(op, x, y, s) + checks::versus(want, got); });
  }
};

/// Results that are zero, infinite or NaN depend on the rules and not on the rounding of numbers.
void check_special(const triple& f, const checks::binary_operation& op, std::uint64_t x,
                   std::uint64_t y, const std::vector<setting>& settings, tally& t) {
  using lowp::operation_rules;
  const value a = f.x_format.decoded(x);
  const value b = f.y_format.decoded(y);
  for (const operation_rules rules :
       {operation_rules::ieee754, operation_rules::p3109_4_0, operation_rules::p3109_2026_07}) {
    for (const setting& s : settings) {
      setting own = s;
      own.p.rules = rules;
      const answer exact = op.exact(a, b, own.p);
      outcome want = project(f.target.to, exact.v, own.p, own.word);
      want.flags |= exact.flags;
      f.expect_status(op, x, y, own, want, t);
      f.expect_code(op, x, y, own, want.code, t);  // narrow formats have a way of their own
    }
  }
}

bool is_finite(const small_value& v) { return v.cls == sort::finite; }

void check_pair(const triple& f, const quick_operation& op, std::uint64_t x, std::uint64_t y,
                const small_value& a, const small_value& b, cells& target, tally& t) {
  keyed exact;
  if (is_finite(a) && is_finite(b)) exact = op.quick(a, b);
  if (!is_finite(a) || !is_finite(b) || exact.is_zero) {
    check_special(f, op.op, x, y, target.settings(), t);
    return;
  }
  const std::size_t cell = target.find(exact.negative, exact.k);
  const auto want = [&](std::size_t s) { return target.project(exact.negative, cell, exact.k, s); };
  const std::vector<setting>& settings = target.settings();
  std::uint64_t turn = x + 3 * y;
  for (std::size_t mode = 0; mode < deterministic_count; ++mode) {
    // The overflow rules take turns; where they differ, all of them for one pair in eight.
    const std::size_t first = mode * overflow_count;
    const std::size_t own = first + turn++ % overflow_count;
    f.expect_code(op.op, x, y, settings[own], want(own).code, t);
    if ((want(own).flags & lowp::status::overflow) == 0 || (x + y) % 8 != 0) continue;
    for (std::size_t s = first; s < first + overflow_count; ++s) {
      f.expect_status(op.op, x, y, settings[s], want(s), t);
    }
  }
  f.expect_status(op.op, x, y, settings[0], want(0), t);
  for (std::size_t s = deterministic_count * overflow_count + turn % 4; s < settings.size();
       s += 4) {
    f.expect_code(op.op, x, y, settings[s], want(s).code, t);
  }
  // Flags of the other modes, and many random bits, for a sample.
  if ((x * 7 + y) % 16 == 0) {
    const std::size_t s = (x + y / 16) % settings.size();
    f.expect_status(op.op, x, y, settings[s], want(s), t);
    const projection p{.round = stochastic[y % 3],
                       .random_bits = static_cast<std::uint8_t>(1 + (x + y) % 16)};
    const std::uint64_t word = (x * 0x9e37 + y * 0x79b9) & 0xffff;
    const value v{.cls = sort::finite, .negative = exact.negative, .magnitude = real_of(exact.k)};
    f.expect_code(op.op, x, y, {p, word}, project(f.target.to, v, p, word).code, t);
  }
}

std::vector<small_value> small_values(const both& f) {
  std::vector<small_value> all;
  for (std::uint64_t code = 0; code < f.d.code_count(); ++code) {
    all.push_back(small(f.decoded(code)));
  }
  return all;
}

/// `part_bits`: the most random bits of the stochastic settings.
void check_all_pairs(const triple& f, int part_bits, tally& t) {
  const std::vector<small_value> xs = small_values(f.x_format);
  const std::vector<small_value> ys = small_values(f.y_format);
  cells target(f.target.to, all_settings(part_bits), part_bits);
  for (const quick_operation& op : operations) {
    for (std::uint64_t x = 0; x < xs.size(); ++x) {
      for (std::uint64_t y = 0; y < ys.size(); ++y) {
        check_pair(f, op, x, y, xs[x], ys[y], target, t);
      }
    }
  }
}

TEST_CASE("ARI-4 ARI-1 all pairs of codes up to 8 bits, result in the same format") {
  std::vector<both> all;
  for (both& f : checks::formats_up_to(8)) {
    if (!f.is_logarithm()) all.push_back(std::move(f));
  }
  const stopwatch time;
  const tally t = in_parallel(all.size(), [&](std::size_t task, tally& own) {
    check_all_pairs({all[task], all[task], all[task]}, 3, own);
  });
  report("pairs of " + std::to_string(all.size()) + " formats", t, time.seconds());
}

TEST_CASE("the quick exact results are those of the big integers") {
  tally t;
  for (const both& f : checks::formats_up_to(8)) {
    if (f.is_logarithm()) continue;
    const std::vector<small_value> values = small_values(f);
    for (std::uint64_t i = 0; i < 4 * f.d.code_count(); ++i) {
      const std::uint64_t x = i % f.d.code_count();
      const std::uint64_t y = (i * 37 + i / f.d.code_count()) % f.d.code_count();
      if (!is_finite(values[x]) || !is_finite(values[y])) continue;
      for (const quick_operation& op : operations) {
        const keyed quick = op.quick(values[x], values[y]);
        const value slow = op.op.exact(f.decoded(x), f.decoded(y), {}).v;
        const bool good =
            quick.is_zero ? slow.cls == sort::zero
                          : quick.negative == slow.negative && quick.k == key_of(slow.magnitude);
        t.expect(good, [&] { return f.d.name + " " + hex(x) + " " + op.op.name + " " + hex(y); });
      }
    }
  }
  report("quick exact results", t);
}

TEST_CASE("ARI-1 all pairs of two formats, result in a third one") {
  struct mixture {
    const char *x, *y, *target;
  };
  constexpr mixture mixtures[] = {{"e4m3fn", "e5m2", "binary16"},
                                  {"e8m0fnu", "e2m1", "bfloat16"},
                                  {"binary8p3ue", "e4m3fn", "binary8p4ue"},
                                  {"hifloat8", "posit8", "e5m2"},
                                  {"posit8", "int8", "posit16"},
                                  {"nf4", "e8m0fnu", "binary16"},
                                  {"int8", "uint8", "hifloat8"},
                                  {"takum8", "mxint8", "takum16"},
                                  {"binary8p1se", "ue5m3", "dlfloat16"},
                                  {"bnb_fp4", "cfloat8_143", "e3m2"},
                                  {"e4m3b11fnuz", "e5m2fnuz", "uint4"},
                                  {"uint8", "e3m4", "int16"},
                                  {"e4m3", "binary8p1uf", "e8m0fnu"},
                                  {"mxint8", "binary6p3sf", "cfloat16_uhp"}};
  const stopwatch time;
  const tally t = in_parallel(std::size(mixtures), [&](std::size_t task, tally& own) {
    const both x(mixtures[task].x);
    const both y(mixtures[task].y);
    const both target(mixtures[task].target);
    check_all_pairs({x, y, target}, target.d.width > 8 ? 1 : 3, own);
  });
  report("mixed pairs", t, time.seconds());
}

}  // namespace
