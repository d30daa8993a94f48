// SPDX-License-Identifier: Apache-2.0
/// \file
/// Selections and operations on signs, of all pairs of codes: minimum and maximum of every
/// published family, clamp, abs, negate, copysign, copy.
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "arithmetic_checks.hpp"
#include "arithmetic_inputs.hpp"
#include "oracle/sources.hpp"

namespace {

using namespace oracle;
using checks::both;
using checks::depth;

// --- order ---

/// Order of magnitudes of numbers.
int order_magnitudes(const value& x, const value& y) {
  const auto rank = [](const value& v) {
    return v.cls == sort::zero ? 0 : v.cls == sort::finite ? 1 : 2;
  };
  if (rank(x) != rank(y)) return rank(x) < rank(y) ? -1 : 1;
  return rank(x) == 1 ? compare(x.magnitude, y.magnitude) : 0;
}

/// Order of numbers, -0 before +0: IEEE 754-2019 9.6.
int order(const value& x, const value& y) {
  if (x.negative != y.negative) return x.negative ? -1 : 1;
  return x.negative ? order_magnitudes(y, x) : order_magnitudes(x, y);
}

/// What a family does with NaN.
enum class nan_is {
  contagious,       ///< minimum, maximum of 754-2019; P3109 Minimum, Maximum
  missing,          ///< ...Number of 754-2019 and P3109: the other operand
  missing_if_quiet  ///< minNum, maxNum of 754-2008: the other operand, but NaN for signalling
};

enum class by { value, magnitude, finite_first };

struct family {
  bool greater;
  nan_is nan;
  by key;
};

answer select(const family& f, const value& x, const value& y) {
  const bool signalling = is_signalling(x) || is_signalling(y);
  if (auto nan = nan_among({x, y})) {
    const bool both_nan = x.cls == sort::nan && y.cls == sort::nan;
    const bool keeps = f.nan == nan_is::contagious || both_nan ||
                       (f.nan == nan_is::missing_if_quiet && signalling);
    if (keeps) return *nan;
    const std::uint8_t flags = signalling ? lowp::status::invalid : 0;
    return {x.cls == sort::nan ? y : x, flags};
  }
  int o = 0;
  if (f.key == by::finite_first) {
    // Exactly one infinite: the finite one.
    const bool x_infinite = x.cls == sort::infinity;
    if (x_infinite != (y.cls == sort::infinity)) return {x_infinite ? y : x};
  }
  if (f.key == by::magnitude) o = order_magnitudes(x, y);
  if (o == 0) o = order(x, y);
  return {(o < 0) != f.greater ? x : y};
}

template <bool Greater, nan_is Nan, by Key>
answer selected(const value& x, const value& y, const projection&) {
  return select({Greater, Nan, Key}, x, y);
}

// clang-format off
#define SELECTION(name, ...) \
  {{#name, lowp::name, lowp::compute_with_status<lowp::operation::name>}, selected<__VA_ARGS__>}
constexpr checks::binary_operation selections[] = {
    SELECTION(minimum, false, nan_is::contagious, by::value),
    SELECTION(maximum, true, nan_is::contagious, by::value),
    SELECTION(minimum_number, false, nan_is::missing, by::value),
    SELECTION(maximum_number, true, nan_is::missing, by::value),
    SELECTION(minimum_magnitude, false, nan_is::contagious, by::magnitude),
    SELECTION(maximum_magnitude, true, nan_is::contagious, by::magnitude),
    SELECTION(minimum_magnitude_number, false, nan_is::missing, by::magnitude),
    SELECTION(maximum_magnitude_number, true, nan_is::missing, by::magnitude),
    SELECTION(minimum_finite, false, nan_is::missing, by::finite_first),
    SELECTION(maximum_finite, true, nan_is::missing, by::finite_first),
    SELECTION(min_num, false, nan_is::missing_if_quiet, by::value),
    SELECTION(max_num, true, nan_is::missing_if_quiet, by::value),
    SELECTION(min_num_mag, false, nan_is::missing_if_quiet, by::magnitude),
    SELECTION(max_num_mag, true, nan_is::missing_if_quiet, by::magnitude)};
#undef SELECTION
// clang-format on

// --- signs ---

/// 5.5.1: the sign of anything, NaN included; the operation signals nothing. Under P3109 rules zero
/// counts as positive and NaN has no sign.
answer copysign_of(const value& x, const value& y, const projection& p) {
  if (ieee(p)) return {with_sign(x, y.negative)};
  if (auto nan = nan_among({x, y})) return *nan;
  return {with_sign(x, y.negative && y.cls != sort::zero)};
}
answer abs_of(const value& x, const projection&) { return {with_sign(x, false)}; }
answer negate_of(const value& x, const projection&) { return {with_sign(x, !x.negative)}; }
answer copy_of(const value& x, const projection&) { return {x}; }

// clang-format off
constexpr checks::binary_operation copysign_operation = {
    {"copysign", lowp::copysign, lowp::compute_with_status<lowp::operation::copysign>}, copysign_of};
constexpr checks::unary_operation sign_operations[] = {
    {{"abs", lowp::abs, lowp::compute_with_status<lowp::operation::abs>}, abs_of},
    {{"negate", lowp::negate, lowp::compute_with_status<lowp::operation::negate>}, negate_of},
    {{"copy", nullptr, lowp::compute_with_status<lowp::operation::copy>}, copy_of}};
// clang-format on

// --- clamp ---

/// p3109.md 5: NaN, then bounds in the wrong order, then x.
answer clamp_of(const value& x, const value& low, const value& high, const projection&) {
  if (auto nan = nan_among({x, low, high})) return *nan;
  const auto less = [](const value& a, const value& b) {
    return order(a, b) < 0 && !(a.cls == sort::zero && b.cls == sort::zero);
  };
  if (less(high, low)) return invalid();
  if (order(x, low) <= 0) return {low};
  if (order(x, high) >= 0) return {high};
  return {x};
}

constexpr checks::ternary_operation clamp_operation = {
    {"clamp", lowp::clamp, lowp::compute_with_status<lowp::operation::clamp>}, clamp_of};

struct mixture {
  const char *x, *y, *target;
};

constexpr mixture mixtures[] = {
    {"e5m2", "e5m2", "e5m2"},       {"e4m3fn", "e4m3fn", "e4m3fn"},
    {"e3m4", "e3m4", "e3m4"},       {"binary8p4se", "binary8p4se", "binary8p4se"},
    {"posit8", "posit8", "posit8"}, {"hifloat8", "hifloat8", "hifloat8"},
    {"int8", "int8", "int8"},       {"binary8p3ue", "binary8p3ue", "binary8p3ue"},
    {"e5m2", "e4m3", "e2m3"},       {"e8m0fnu", "e5m2", "bfloat16"},
    {"e3m4", "nf4", "e5m2"},        {"bnb_fp4", "e4m3", "uint8"},
    {"takum8", "mxint8", "takum8"}, {"e4m3", "lns8", "binary8p4ue"},
    {"lns8", "lns8", "lns8"}};

std::uint64_t count(const both& f) { return f.d.code_count(); }

TEST_CASE("ARI-11 ARI-10 selections and copysign of all pairs") {
  const stopwatch time;
  const tally t = in_parallel(std::size(mixtures), [&](std::size_t task, tally& own) {
    const both f(mixtures[task].x);
    const both g(mixtures[task].y);
    const both target(mixtures[task].target);
    std::uint64_t turn = task;
    for (std::uint64_t x = 0; x < count(f); ++x) {
      for (std::uint64_t y = 0; y < count(g); ++y) {
        const checks::binary_operation& chosen = selections[++turn % std::size(selections)];
        // All fourteen where something is special, in turn elsewhere.
        const bool special = f.decoded(x).cls != sort::finite || g.decoded(y).cls != sort::finite ||
                             order_magnitudes(f.decoded(x), g.decoded(y)) == 0;
        for (const checks::binary_operation& op : selections) {
          if (!special && (x + y) % 4 != 0 && &op != &chosen) continue;
          checks::check(op, f, x, g, y, target, turn, own, depth::two);
        }
        checks::check(copysign_operation, f, x, g, y, target, turn, own, depth::two);
      }
    }
  });
  report("selections and copysign", t, time.seconds());
}

TEST_CASE("ARI-10 signs and copies of every code up to 16 bits") {
  const std::vector<both> all = checks::formats_up_to(16);
  const stopwatch time;
  const tally t = in_parallel(all.size(), [&](std::size_t task, tally& own) {
    const both& f = all[task];
    const both& other = all[(task * 5 + 2) % all.size()];
    // Stochastic rounding among powers of 2^(1/8) takes the oracle minutes;
    // arithmetic_logarithms_test has it.
    const bool is_slow = other.f.kind == lowp::number_kind::logarithmic;
    const both& target = task % 3 == 0 && !is_slow ? other : f;
    for (std::uint64_t x = 0; x<count(f); x += f.d.width> 8 ? 7 : 1) {
      for (const checks::unary_operation& op : sign_operations) {
        checks::check(op, f, x, target, x, own, depth::two);
      }
    }
  });
  report("signs and copies", t, time.seconds());
}

TEST_CASE("ARI-10 signs of NaN with the payload kept as it is") {
  tally t;
  const projection p{.nan = lowp::nan_rule::payload_raw};
  for (const char* name : {"e5m2", "e3m4", "binary16", "bfloat16"}) {
    const both f(name);
    for (std::uint64_t x = 0; x < count(f); ++x) {
      const std::uint64_t sign = f.d.sign_bit();
      const auto expect = [&](const char* what, std::uint64_t want, std::uint64_t got) {
        t.expect(want == got, [&] {
          return std::string(what) + " " + name + " " + hex(x) + checks::versus(want, got);
        });
      };
      expect("negate", x ^ sign, lowp::negate(f(x), f.f, p));
      expect("abs", x & ~sign, lowp::abs(f(x), f.f, p));
      const std::uint64_t y = (x * 0x9d7) & f.d.code_mask();
      expect("copysign", (x & ~sign) | (y & sign), lowp::copysign(f(x), f(y), f.f, p));
    }
  }
  report("signs as bit operations", t);
}

TEST_CASE("ARI-11 clamp of all triples of narrow formats and many of 8 bits") {
  const stopwatch time;
  tally t;
  std::uint64_t turn = 0;
  for (const char* name : {"e2m1", "binary4p2se", "binary4p2sf", "nf4", "int4", "uint4"}) {
    const both f(name);
    for (std::uint64_t x = 0; x < count(f); ++x) {
      for (std::uint64_t low = 0; low < count(f); ++low) {
        for (std::uint64_t high = 0; high < count(f); ++high) {
          checks::check(clamp_operation, {f, x}, {f, low}, {f, high}, f, ++turn, t, depth::two);
        }
      }
    }
  }
  checks::inputs in(0xc1);
  for (const mixture& m : mixtures) {
    const both f(m.x);
    const both g(m.y);
    const both target(m.target);
    for (int i = 0; i < 20000; ++i) {
      const checks::operand x{f, in.any(f)};
      const checks::operand low{g, in.any(g)};
      const checks::operand high{i % 2 == 0 ? f : g, in.any(i % 2 == 0 ? f : g)};
      checks::check(clamp_operation, x, low, high, target, ++turn, t, depth::two);
    }
  }
  report("clamp", t, time.seconds());
}

}  // namespace
