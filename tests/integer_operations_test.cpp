// SPDX-License-Identifier: Apache-2.0
/// \file
/// remainder, fmod, scalb, logb and the roundings to integers against big integers.
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/operations.hpp>

#include "arithmetic_checks.hpp"
#include "arithmetic_inputs.hpp"
#include "oracle/directed.hpp"
#include "oracle/sources.hpp"

namespace {

using namespace oracle;
using checks::both;
using checks::depth;

constexpr std::uint64_t seed = 0x17;

/// Codes of a format: all of the narrow ones.
std::vector<std::uint64_t> all_codes(const both& f) {
  std::vector<std::uint64_t> codes;
  for (std::uint64_t c = 0; c < f.d.code_count(); ++c) codes.push_back(c);
  return codes;
}

/// The registered formats up to a width whose values are dyadic.
std::vector<both> dyadic_formats(int width) {
  std::vector<both> all;
  for (both& f : checks::formats_up_to(width)) {
    if (!f.is_logarithm()) all.push_back(std::move(f));
  }
  return all;
}

// --- remainder and fmod ---

constexpr checks::binary_operation remainders[] = {checks::remainder, checks::fmod};

TEST_CASE("ARI-8 remainder and fmod of all pairs") {
  constexpr const char* mixtures[][3] = {
      {"e4m3fn", "e4m3fn", "e4m3fn"},   {"e5m2", "e5m2", "e5m2"},
      {"e3m4", "e3m4", "e3m4"},         {"posit8", "posit8", "posit8"},
      {"int8", "int8", "int8"},         {"binary8p3ue", "binary8p3ue", "binary8p3ue"},
      {"hifloat8", "int4", "e4m3"},     {"e8m0fnu", "e5m2", "bfloat16"},
      {"binary8p4se", "e2m1", "uint4"}, {"takum8", "e2m3", "binary16"}};
  const stopwatch time;
  const tally t = in_parallel(std::size(mixtures), [&](std::size_t task, tally& own) {
    const both f(mixtures[task][0]);
    const both g(mixtures[task][1]);
    const both target(mixtures[task][2]);
    std::uint64_t turn = 0;
    for (const std::uint64_t x : all_codes(f)) {
      for (const std::uint64_t y : all_codes(g)) {
        for (const checks::binary_operation& op : remainders) {
          checks::check(op, f, x, g, y, target, ++turn, own, depth::two);
        }
      }
    }
  });
  report("remainders, all pairs", t, time.seconds());
}

/// Quotients of all sizes, close to integers and to middles.
TEST_CASE("ARI-8 remainder and fmod of wide formats") {
  struct mixture {
    const char *x, *y, *target;
    int count;
  };
  constexpr mixture mixtures[] = {
      {"binary16", "binary16", "binary16", 20000}, {"bfloat16", "bfloat16", "bfloat16", 20000},
      {"binary32", "binary32", "binary32", 20000}, {"binary64", "binary64", "binary64", 20000},
      {"binary64", "int32", "binary32", 8000},     {"posit32", "posit32", "posit32", 1000},
      {"int64", "int64", "int64", 6000},           {"uint64", "binary32", "binary64", 6000},
      {"takum16", "binary16", "binary32", 6000}};
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  const stopwatch time;
  const tally t = in_parallel(std::size(mixtures), [&](std::size_t task, tally& own) {
    const mixture& m = mixtures[task];
    const both f(m.x);
    const both g(m.y);
    const both target(m.target);
    checks::inputs in(seed + task);
    for (int i = 0; i < m.count; ++i) {
      std::uint64_t x = in.any(f);
      std::uint64_t y = in.any(g);
      const std::uint64_t way = in.below(5);
      if (way > 1) {
        y = in.number(g);
        const real divisor = g.decoded(y).magnitude;
        // n y or (n + 1/2) y, and near that.
        const std::uint64_t n = in.bits() >> (1 + in.below(63));
        const real multiple = divisor * (integer(n) * 2 + (way == 2 ? 0 : 1));
        x = in.near(f, multiple.scaled(-1), in.below(2) != 0, way == 4 ? 0 : 1);
      }
      for (const checks::binary_operation& op : remainders) {
        checks::check(op, f, x, g, y, target, static_cast<std::uint64_t>(i), own, depth::two);
      }
    }
  });
  report("remainders, wide", t, time.seconds());
}

// --- integers ---

template <rounding Mode>
answer round_to_integer(const value& x, const projection&) {
  return to_integer(x, Mode);
}

// clang-format off
constexpr checks::unary_operation to_integers[] = {
    {{"rint_even", lowp::rint_even, lowp::compute_with_status<lowp::operation::rint_even>}, round_to_integer<rounding::to_nearest_even>},
    {{"rint_away", lowp::rint_away, lowp::compute_with_status<lowp::operation::rint_away>}, round_to_integer<rounding::to_nearest_away>},
    {{"rint_zero", lowp::rint_zero, lowp::compute_with_status<lowp::operation::rint_zero>}, round_to_integer<rounding::toward_zero>},
    {{"rint_positive", lowp::rint_positive, lowp::compute_with_status<lowp::operation::rint_positive>}, round_to_integer<rounding::toward_positive>},
    {{"rint_negative", lowp::rint_negative, lowp::compute_with_status<lowp::operation::rint_negative>}, round_to_integer<rounding::toward_negative>}};
// clang-format on

void check_unary(const checks::unary_operation& op, const both& f, const both& target,
                 const std::vector<std::uint64_t>& codes, tally& t) {
  for (const std::uint64_t x : codes) checks::check(op, f, x, target, x * 5, t, depth::two);
}

TEST_CASE("ARI-8 ARI-9 rint and logb of every code up to 16 bits") {
  const std::vector<both> all = dyadic_formats(16);
  const stopwatch time;
  const tally t = in_parallel(all.size(), [&](std::size_t task, tally& own) {
    const both& f = all[task];
    const std::vector<std::uint64_t> codes = all_codes(f);
    for (const checks::unary_operation& op : to_integers) check_unary(op, f, f, codes, own);
    check_unary(checks::logb, f, f, codes, own);
    const both integers("int16");
    for (const checks::unary_operation& op : to_integers) {
      if (codes.size() <= 256) check_unary(op, f, integers, codes, own);
    }
    check_unary(checks::logb, f, integers, codes, own);
  });
  report("rint and logb", t, time.seconds());
}

TEST_CASE("ARI-8 ARI-9 rint and logb of wide formats") {
  const stopwatch time;
  tally t;
  for (const char* name : {"binary32", "binary64", "posit32", "int64", "pxr24"}) {
    const both f(name);
    checks::inputs in(seed);
    std::vector<std::uint64_t> codes = special_codes(f.d);
    for (int i = 0; i < 4000; ++i) {
      codes.push_back(in.any(f));
      const std::uint64_t halves = in.bits() >> (1 + in.below(63));
      codes.push_back(in.near(f, {halves, -1}, in.below(2) != 0, 1));
    }
    for (const checks::unary_operation& op : to_integers) check_unary(op, f, f, codes, t);
    check_unary(checks::logb, f, f, codes, t);
  }
  report("rint and logb, wide", t, time.seconds());
}

// --- scalb ---

/// x 2^n for an integer n; ARI-9: another n is invalid, an infinite one is the limit.
answer scalb(const value& x, const value& n, const projection&) {
  if (auto nan = nan_among({x, n})) return *nan;
  if (n.cls == sort::infinity) {
    if (x.cls == (n.negative ? sort::infinity : sort::zero)) return invalid();
    return {n.negative ? zero(x.negative) : infinity(x.negative)};
  }
  if (n.cls == sort::finite && n.magnitude.e() < 0) return invalid();
  if (x.cls != sort::finite || n.cls == sort::zero) return {x};
  // Far beyond every format more does not matter.
  const real far{1, 20};
  const long amount = far < n.magnitude ? 1L << 20 : static_cast<long>(n.magnitude.in_units(0));
  return {finite(x.negative, x.magnitude.scaled(n.negative ? -amount : amount))};
}

constexpr checks::binary_operation scalb_operation = {
    {"scalb", lowp::scalb, lowp::compute_with_status<lowp::operation::scalb>}, scalb};

TEST_CASE("ARI-9 scalb of every code up to 8 bits, and of wide formats") {
  const std::vector<both> all = dyadic_formats(64);
  const both counts[] = {both("int16"), both("e4m3"), both("binary32"), both("int64")};
  const stopwatch time;
  const tally t = in_parallel(all.size(), [&](std::size_t task, tally& own) {
    const both& f = all[task];
    checks::inputs in(seed + task);
    std::vector<std::uint64_t> codes;
    if (f.d.width <= 8) {
      codes = all_codes(f);
    } else {
      for (int i = 0; i < 200; ++i) codes.push_back(in.any(f));
    }
    const both& target = task % 3 == 0 ? all[(task * 7 + 3) % all.size()] : f;
    std::uint64_t turn = task;
    for (const std::uint64_t x : codes) {
      for (const both& g : counts) {
        for (int i = 0; i < 3; ++i) {
          std::uint64_t n = in.any(g);
          if (i == 0) n = in.near(g, {in.below(40), 0}, in.below(2) != 0, 0);
          if (i == 1) n = in.near(g, {in.below(2200), 0}, in.below(2) != 0, 0);
          checks::check(scalb_operation, f, x, g, n, target, ++turn, own, depth::two);
        }
      }
    }
  });
  report("scalb", t, time.seconds());
}

// --- operands without an end ---

/// floor(2^(k / 8)).
integer eighth_root(unsigned k) {
  integer root = integer(1) << k;
  for (int i = 0; i < 3; ++i) root = boost::multiprecision::sqrt(root);
  return root;
}

/// The integer that 2^(k / 8) becomes, k no multiple of 8: never a tie.
integer rounded_root(unsigned k, bool negative, rounding mode) {
  const integer below = eighth_root(k);
  const bool upper_half = eighth_root(k + 8) > 2 * below;  // floor(2 x)
  const bool nearest = mode == rounding::to_nearest_even || mode == rounding::to_nearest_away;
  const rounding outward = negative ? rounding::toward_negative : rounding::toward_positive;
  return below + ((nearest ? upper_half : mode == outward) ? 1 : 0);
}

TEST_CASE("ARI-8 ARI-9 rint, logb and scalb of 2^(k/8) up to 128 bits") {
  using lowp::operation;
  const lowp::format f{
      .kind = lowp::number_kind::logarithmic, .width = 16, .exponent_bits = 3, .bias = 1 << 14};
  const struct {
    operation op;
    rounding mode;
  } rows[] = {{operation::rint_even, rounding::to_nearest_even},
              {operation::rint_away, rounding::to_nearest_away},
              {operation::rint_zero, rounding::toward_zero},
              {operation::rint_positive, rounding::toward_positive},
              {operation::rint_negative, rounding::toward_negative}};
  tally t;
  for (unsigned k = 1; k < 8 * 127; ++k) {
    if (k % 8 == 0) continue;
    for (const bool negative : {false, true}) {
      const std::uint64_t code = (negative ? 0x8000 : 0) | (0x4000 + k);
      const lowp::exact x = lowp::decode(f, code);
      for (const auto& row : rows) {
        const lowp::exact got = lowp::normalized(lowp::evaluate(row.op, &x).value);
        integer whole = (integer(got.significand) << 64) + got.tail;
        const int places = got.exponent - 64;
        if (places >= 0) whole <<= static_cast<unsigned>(places);
        if (places < 0) whole >>= static_cast<unsigned>(-places);
        if (got.cls == lowp::number_class::zero) whole = 0;
        t.expect(
            !got.sticky && got.negative == negative && whole == rounded_root(k, negative, row.mode),
            [&] { return std::string(lowp::info(row.op).name) + " of " + hex(code); });
      }
      const lowp::unrounded log = lowp::evaluate(operation::logb, &x);
      t.expect(
          lowp::compare(log.value, lowp::exact_finite(false, k / 8, 0)) == lowp::ordering::equal,
          [&] { return "logb of " + hex(code); });
      const lowp::exact shifted[] = {lowp::exact_finite(false, 1, 0), x};
      t.expect(lowp::evaluate(operation::scalb, shifted).flags.has(lowp::status::invalid),
               [&] { return "scalb by " + hex(code); });
      const lowp::exact shift[] = {x, lowp::exact_finite(true, 3, 0)};
      t.expect(lowp::evaluate(operation::scalb, shift).value == lowp::decode(f, code - 24),
               [&] { return "scalb of " + hex(code); });
    }
  }
  for (unsigned k = 8 * 127 + 1; k < 8 * 1024; k += 8) {  // no integers either
    const lowp::exact shifted[] = {lowp::exact_finite(false, 1, 0), lowp::decode(f, 0x4000 + k)};
    t.expect(lowp::evaluate(operation::scalb, shifted).flags.has(lowp::status::invalid),
             [&] { return "scalb by 2^" + std::to_string(k) + "/8"; });
  }
  report("2^(k/8)", t);
}

}  // namespace
