// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sum, difference, product, quotient and roots of wide formats: seeded operands around
/// cancellation, ties, the ends of the range and of the precision; special operands.
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "arithmetic_checks.hpp"
#include "arithmetic_inputs.hpp"
#include "oracle/directed.hpp"
#include "oracle/sources.hpp"

namespace {

using namespace oracle;
using checks::both;

constexpr std::uint64_t seed = 0xa5;

struct pair_of_codes {
  std::uint64_t x, y;
};

/// x + y or x - y: near each other, one beyond the precision of the other, about half a step.
pair_of_codes sum_case(checks::inputs& in, const both& f, const both& g, const both& target) {
  const std::uint64_t x = in.number(f);
  const value a = f.decoded(x);
  const long p = checks::precision(target);
  switch (in.below(5)) {
    case 0: return {in.any(f), in.any(g)};
    case 1: return {x, in.near(g, a.magnitude, !a.negative)};
    case 2: return {x, in.scaled(g, a.magnitude.top() - p, 2)};
    case 3: return {x, in.scaled(g, a.magnitude.top(), 2 * p)};
    default: return {x, in.scaled(g, a.magnitude.top() - 64, 70)};
  }
}

/// x y: also results about the ends of the range and near a value of few bits.
pair_of_codes product_case(checks::inputs& in, const both& f, const both& g, const both& target) {
  const std::uint64_t x = in.number(f);
  const value a = f.decoded(x);
  const ladder& l = target.to.up;
  switch (in.below(5)) {
    case 0: return {in.any(f), in.any(g)};
    case 1: return {x, in.number(g)};
    case 2: {  // near the least values
      const long low = l.at(1).top() + static_cast<long>(in.below(70)) - 2;
      return {x, in.scaled(g, low - a.magnitude.top(), 1)};
    }
    case 3: {  // near the greatest
      const long high = l.at(l.top()).top();
      return {x, in.near(g, quotient(real{1, high + 1}, a.magnitude), in.below(2) != 0)};
    }
    default: {  // nearly a middle or a value
      const real goal = in.below(2) == 0 ? l.middle(in.below(l.top())) : l.at(in.below(l.top()));
      if (goal.is_zero()) return {x, in.any(g)};
      return {x, in.near(g, quotient(goal, a.magnitude), in.below(2) != 0, 1)};
    }
  }
}

/// x / y: also exact quotients and quotients near a middle.
pair_of_codes quotient_case(checks::inputs& in, const both& f, const both& g, const both& target) {
  const std::uint64_t y = in.number(g);
  const value b = g.decoded(y);
  const ladder& l = target.to.up;
  switch (in.below(5)) {
    case 0: return {in.any(f), in.any(g)};
    case 1: return {in.number(f), y};
    case 2: {  // near the least values
      const long low = l.at(1).top() + static_cast<long>(in.below(70)) - 2;
      return {in.scaled(f, low + b.magnitude.top(), 1), y};
    }
    case 3: return {in.scaled(f, l.at(l.top()).top() + b.magnitude.top(), 1), y};
    default: {
      const real goal = in.below(2) == 0 ? l.middle(in.below(l.top())) : l.at(in.below(l.top()));
      return {in.near(f, product(goal, b.magnitude), in.below(2) != 0, 1), y};
    }
  }
}

struct mixture {
  const char *x, *y, *target;
  int count;
};

constexpr mixture mixtures[] = {{"binary16", "binary16", "binary16", 8000},
                                {"bfloat16", "bfloat16", "bfloat16", 8000},
                                {"binary32", "binary32", "binary32", 9000},
                                {"binary64", "binary64", "binary64", 7000},
                                {"binary64", "binary64", "binary32", 3000},
                                {"binary32", "binary64", "bfloat16", 3000},
                                {"posit32", "posit32", "posit32", 500},
                                {"takum16", "takum16", "takum16", 3000},
                                {"posit16", "posit16", "posit16", 3000},
                                {"int64", "int64", "int64", 2000},
                                {"uint64", "uint64", "uint64", 2000},
                                {"int32", "uint64", "binary64", 3000},
                                {"int64", "binary64", "binary64", 3000},
                                {"tf32", "pxr24", "binary32", 3000},
                                {"binary16", "bfloat16", "int16", 3000},
                                {"dlfloat16", "cfloat16_uhp", "cfloat16_shp", 3000},
                                {"binary16p11se", "binary16p8se", "binary16p11se", 3000}};

template <class Case>
void check_pairs(const checks::binary_operation& op, Case make) {
  const stopwatch time;
  const tally t = in_parallel(std::size(mixtures), [&](std::size_t task, tally& own) {
    const mixture& m = mixtures[task];
    const both f(m.x);
    const both g(m.y);
    const both target(m.target);
    checks::inputs in(seed + task);
    for (int i = 0; i < m.count; ++i) {
      const pair_of_codes c = make(in, f, g, target);
      checks::check(op, f, c.x, g, c.y, target, static_cast<std::uint64_t>(i), own);
      if (i % 4 != 0) continue;
      checks::check(op, g, c.y, f, c.x, target, static_cast<std::uint64_t>(i), own);
    }
  });
  report(std::string(op.name) + ", wide", t, time.seconds());
}

TEST_CASE("ARI-4 wide formats, directed and random") {
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  check_pairs(checks::add, sum_case);
  check_pairs(checks::subtract, sum_case);
  check_pairs(checks::multiply, product_case);
  check_pairs(checks::divide, quotient_case);
}

/// Formats of at most 16 bits, made ones with far or narrow exponents among them.
std::vector<both> short_formats() {
  std::vector<both> all;
  for (both& f : checks::formats_up_to(16)) {
    if (!f.is_logarithm()) all.push_back(std::move(f));
  }
  for (int E = 2; E <= 8; ++E) {
    for (const int M : {1, 4, 7}) {
      all.emplace_back(lowp::ieee_format(E, M), oracle::ieee("", E, M));
    }
  }
  for (int P = 1; P <= 9; P += 2) {
    for (const bool is_signed : {false, true}) {
      const bool extended = P % 4 == 1;
      all.emplace_back(lowp::p3109_format(10, P, is_signed, extended),
                       oracle::p3109(10, P, is_signed, extended));
    }
  }
  return all;
}

/// A number of f about 2^top times another one's, or any.
std::uint64_t around(checks::inputs& in, const both& f, long top) {
  return in.below(3) == 0 ? in.any(f) : in.scaled(f, top, 12);
}

TEST_CASE("ARI-1 ARI-4 ARI-5 narrow formats mixed at random") {
  const std::vector<both> all = short_formats();
  const stopwatch time;
  const tally t = in_parallel(16, [&](std::size_t task, tally& own) {
    checks::inputs in(seed + 100 + task);
    for (std::uint64_t i = 0; i < 1500; ++i) {
      const both& f = all[in.below(all.size())];
      const both& g = in.below(3) == 0 ? f : all[in.below(all.size())];
      const both& h = in.below(3) == 0 ? f : all[in.below(all.size())];
      const both& target = in.below(3) == 0 ? g : all[in.below(all.size())];
      for (std::uint64_t k = 0; k < 3; ++k) {
        const std::uint64_t x = in.number(f);
        const long top = f.decoded(x).magnitude.top();
        const long goal = target.to.up.at(in.below(target.to.up.top() + 1)).top();
        const long end = goal < -100000 ? 0 : goal;  // of zero there is none
        const std::uint64_t turn = 3 * i + k;
        const std::uint64_t y = around(in, g, top);
        checks::check(checks::add, f, x, g, y, target, turn, own);
        checks::check(checks::subtract, f, x, g, y, target, turn, own);
        checks::check(checks::multiply, f, x, g, around(in, g, end - top), target, turn, own);
        checks::check(checks::divide, f, x, g, around(in, g, top - end), target, turn, own);
        checks::check(checks::sqrt, f, x, target, turn, own);
        const long product_top =
            g.decoded(y).cls == sort::finite ? top + g.decoded(y).magnitude.top() : top;
        const std::uint64_t z = around(in, h, product_top);
        checks::check(checks::fma, {f, x}, {g, y}, {h, in.below(2) == 0 ? z : in.any(h)}, target,
                      turn, own);
      }
    }
  });
  report("narrow formats, mixed", t, time.seconds());
}

TEST_CASE("ARI-6 roots of wide formats, directed and random") {
  const stopwatch time;
  const tally t = in_parallel(std::size(mixtures), [&](std::size_t task, tally& own) {
    const mixture& m = mixtures[task];
    const both f(m.x);
    const both target(m.target);
    const ladder& l = target.to.up;
    checks::inputs in(seed + task);
    for (int i = 0; i < m.count; ++i) {
      const std::uint64_t any = in.any(f);
      const auto turn = static_cast<std::uint64_t>(i);
      real goal = in.below(2) == 0 ? l.middle(in.below(l.top())) : l.at(in.below(l.top()));
      if (goal.is_zero()) goal = {1, 0};
      const bool random = in.below(3) == 0;
      // The operand whose root, reciprocal, ... is nearly the goal.
      const std::uint64_t square = in.near(f, product(goal, goal), false, 1);
      const std::uint64_t inverse = in.near(f, quotient({1, 0}, goal), in.below(2) != 0, 1);
      const std::uint64_t both_of = in.near(f, quotient({1, 0}, product(goal, goal)), false, 1);
      checks::check(checks::sqrt, f, random ? any : square, target, turn, own);
      checks::check(checks::recip, f, random ? any : inverse, target, turn, own);
      checks::check(checks::rsqrt, f, random ? any : both_of, target, turn, own);
    }
  });
  report("roots, wide", t, time.seconds());
}

TEST_CASE("ARI-6 hypot of wide formats: near each other, one far below, squares of integers") {
  const stopwatch time;
  const tally t = in_parallel(std::size(mixtures), [&](std::size_t task, tally& own) {
    const mixture& m = mixtures[task];
    const both f(m.x);
    const both g(m.y);
    const both target(m.target);
    checks::inputs in(seed + task);
    for (int i = 0; i < m.count / 2; ++i) {
      pair_of_codes c = sum_case(in, f, g, target);
      if (i % 5 == 0) {  // Pythagorean triples: exact
        const std::uint64_t u = 2 + in.below(40);
        const std::uint64_t v = 1 + in.below(u - 1);
        const long e = static_cast<long>(in.below(9)) - 4;
        c = {in.near(f, {u * u - v * v, e}, false, 0), in.near(g, {2 * u * v, e}, true, 0)};
      }
      checks::check(checks::hypot, f, c.x, g, c.y, target, static_cast<std::uint64_t>(i), own);
    }
  });
  report("hypot, wide", t, time.seconds());
}

TEST_CASE("ARI-3 special codes of every pair of formats") {
  const std::vector<both> all = checks::formats_up_to(64);
  const stopwatch time;
  tally t;
  // One thread: ladders of wide formats keep the step that they computed last.
  const auto check_format = [&](std::size_t task, tally& own) {
    const both& f = all[task];
    if (f.is_logarithm()) return;
    const auto some = [](const both& format) {
      std::vector<std::uint64_t> codes = special_codes(format.d);
      const ladder& l = format.to.up;
      const ladder& down = format.to.side(true);
      codes.push_back(l.code(std::min<std::uint64_t>(1, l.top())));
      codes.push_back(l.code(l.top()));
      codes.push_back(down.code(std::min<std::uint64_t>(1, down.top())));
      return codes;
    };
    std::uint64_t turn = task;
    for (std::size_t k = task % 3; k < all.size(); k += 3) {
      const both& g = all[k];
      if (g.is_logarithm()) continue;
      const both& target = all[(task * 5 + k) % all.size()];
      if (target.is_logarithm()) continue;
      const std::vector<std::uint64_t> xs = some(f);
      const std::vector<std::uint64_t> ys = some(g);
      for (std::size_t i = 0; i < xs.size() * ys.size(); i += 1 + xs.size() * ys.size() / 40) {
        const std::uint64_t x = xs[i / ys.size()];
        const std::uint64_t y = ys[i % ys.size()];
        for (const checks::binary_operation& op :
             {checks::add, checks::subtract, checks::multiply, checks::divide, checks::hypot}) {
          checks::check(op, f, x, g, y, target, ++turn, own);
        }
      }
    }
  };
  for (std::size_t task = 0; task < all.size(); ++task) check_format(task, t);
  report("special codes", t, time.seconds());
}

}  // namespace
