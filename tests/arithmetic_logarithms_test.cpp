// SPDX-License-Identifier: Apache-2.0
/// \file
/// Arithmetic on operands 2^(k/8), which are irrational: lns8 with itself and with other formats.
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "arithmetic_checks.hpp"
#include "arithmetic_inputs.hpp"
#include "oracle/eighths.hpp"
#include "oracle/sources.hpp"

namespace {

using namespace oracle;
using checks::both;

bool is_number(const value& v) { return v.cls == sort::zero || v.cls == sort::finite; }

/// 9 deterministic modes; stochastic ones with few bits, because 2^(k/8) between two codes of a
/// logarithm is found by great powers.
std::vector<projection> modes(std::uint64_t turn) {
  std::vector<projection> all;
  for (const rounding round : deterministic) {
    all.push_back({.round = round, .overflow = overflows[turn++ % 4]});
  }
  all.push_back({.round = stochastic[turn % 3], .random_bits = 2});
  return all;
}

/// Compares a number under all modes. Its place must be that of everything that encloses it.
template <class Status, class Words>
void check_number(const both& target, const enclosed& x, std::uint64_t turn, Status status,
                  Words words, tally& t) {
  const ladder& l = target.to.side(x.v.negative);
  const place at = l.locate(x.v.magnitude);
  if (!x.is_exact) {
    const place low = l.locate(x.low);
    const place high = l.locate(x.high);
    const bool inside = low.index == high.index && low.half == high.half && !low.exact &&
                        !high.exact && low.half != 0;
    t.expect(inside || low.beyond, [&] { return words(projection{}, 0) + ": not decided"; });
  }
  for (const projection& p : modes(turn)) {
    const std::uint64_t random = p.random_bits == 0 ? 0 : turn % 4;
    const outcome want = project(target.to, x.v, p, random, at);
    const lowp::encoded got = status(p, random);
    t.expect(checks::same(want, got), [&] { return words(p, random) + checks::versus(want, got); });
  }
}

template <class Status, class Words>
void check_special(const both& target, const answer& x, std::uint64_t turn, Status status,
                   Words words, tally& t) {
  for (const projection& p : modes(turn)) {
    if (p.round == rounding::toward_negative && x.v.cls == sort::zero) continue;  // sign of sums
    outcome want = project(target.to, x.v, p, 0);
    want.flags |= x.flags;
    const lowp::encoded got = status(p, 0);
    t.expect(checks::same(want, got), [&] { return words(p, 0) + checks::versus(want, got); });
  }
}

/// 2^(-k/8), of 2^(k/8); 1 / n is not wanted here.
value inverse(value v) {
  const real& m = v.magnitude;
  v.magnitude = real::power_of_two(-m.e(), m.root());
  return v;
}

bool is_power(const value& v) { return v.cls == sort::finite && v.magnitude.n() == 1; }

void check_binary(const checks::binary_operation& op, const both& f, const both& g,
                  const both& target, std::uint64_t step, tally& t) {
  for (std::uint64_t i = 0; i < f.d.code_count() * g.d.code_count(); i += step) {
    const std::uint64_t x = i / g.d.code_count();
    const std::uint64_t y = i % g.d.code_count();
    const value a = f.decoded(x);
    const value b = g.decoded(y);
    const auto status = [&](const projection& p, std::uint64_t random) {
      return op.status(target.f, p, random, f(x), g(y));
    };
    const auto words = [&](const projection& p, std::uint64_t random) {
      return checks::words(op.name, {f(x), g(y)}, {&f.d, &g.d}, target.d, p, random);
    };
    const bool sum = op.code == checks::add.code || op.code == checks::subtract.code;
    const bool zeros = a.cls == sort::zero && b.cls == sort::zero;
    const bool numbers = is_number(a) && is_number(b) && !zeros;
    const bool finite_result = sum ? numbers : a.cls == sort::finite && b.cls == sort::finite;
    if (!finite_result) {
      check_special(target, op.exact(a, b, {}), i, status, words, t);
      continue;
    }
    if (op.code == checks::divide.code && !is_power(b)) continue;
    const eighths left(a);
    const eighths right(op.code == checks::divide.code ? inverse(b) : b);
    const eighths result = op.code == checks::add.code        ? left + right
                           : op.code == checks::subtract.code ? left + -right
                                                              : left * right;
    if (result.is_zero()) {
      check_special(target, {zero(false)}, i, status, words, t);
    } else {
      check_number(target, result.get(), i, status, words, t);
    }
  }
}

TEST_CASE("ARI-7 sums, products and quotients of logarithmic operands") {
  struct mixture {
    const char *x, *y, *target;
    std::uint64_t step;
  };
  constexpr mixture mixtures[] = {
      {"lns8", "lns8", "lns8", 1},         {"lns8", "lns8", "bfloat16", 37},
      {"lns8", "e4m3fn", "binary16", 41},  {"e5m2", "lns8", "lns8", 41},
      {"lns8", "int8", "e4m3fn", 41},      {"e8m0fnu", "lns8", "bfloat16", 41},
      {"nf4", "lns8", "takum16", 7},       {"lns8", "lns8", "binary64", 43},
      {"lns8", "binary8p4se", "int8", 41}, {"posit8", "lns8", "posit16", 53}};
  const checks::binary_operation operations[] = {checks::add, checks::subtract, checks::multiply,
                                                 checks::divide};
  const stopwatch time;
  const tally t = in_parallel(4 * std::size(mixtures), [&](std::size_t task, tally& own) {
    const mixture& m = mixtures[task / 4];
    check_binary(operations[task % 4], both(m.x), both(m.y), both(m.target), m.step, own);
  });
  report("logarithmic pairs", t, time.seconds());
}

/// Roots and reciprocals of 2^(k/8) are 2^(k/16), 2^(-k/8), 2^(-k/16).
TEST_CASE("ARI-7 roots and reciprocals of logarithmic operands") {
  tally t;
  const both f("lns8");
  for (const char* name :
       {"lns8", "e4m3fn", "binary16", "binary32", "bfloat16", "takum8", "int8"}) {
    const both target(name);
    for (std::uint64_t x = 0; x < 256; ++x) {
      const value a = f.decoded(x);
      const auto check = [&](const checks::unary_operation& op, long sign, long root) {
        const auto status = [&](const projection& p, std::uint64_t random) {
          return op.status(target.f, p, random, f(x));
        };
        const auto words = [&](const projection& p, std::uint64_t random) {
          return checks::words(op.name, {f(x)}, {&f.d}, target.d, p, random);
        };
        if (a.cls != sort::finite || (a.negative && op.code != checks::recip.code)) {
          value plain = a;  // only its class and sign count
          if (a.cls == sort::finite) plain.magnitude = {1, 0};
          return check_special(target, op.exact(plain, {}), x, status, words, t);
        }
        const real& m = a.magnitude;
        check_number(target,
                     {finite(a.negative, real::power_of_two(sign * m.e(), root * m.root()))}, x,
                     status, words, t);
      };
      check(checks::sqrt, 1, 2);
      check(checks::recip, -1, 1);
      check(checks::rsqrt, -1, 2);
    }
  }
  report("logarithmic roots", t);
}

/// x y + z and x + y + z, with exact cancellation in part and in whole.
TEST_CASE("ARI-7 fused operations on logarithmic operands") {
  const stopwatch time;
  const std::vector<both> formats = {both("lns8"), both("e4m3fn"), both("lns8"), both("binary16")};
  const tally t = in_parallel(8, [&](std::size_t task, tally& own) {
    checks::inputs in(0x15 + task);
    for (int i = 0; i < 800; ++i) {
      const both& f = formats[0];
      const both& g = formats[in.below(3)];
      const both& h = formats[in.below(4)];
      const both& target = formats[in.below(4)];
      const std::uint64_t x = in.number(f);
      std::uint64_t y = in.number(g);
      std::uint64_t z = in.number(h);
      if (g.is_logarithm() && in.below(3) == 0) y = x ^ 0x80;  // -x
      if (h.is_logarithm() && in.below(3) == 0) z = (x + y - 64) & 0xff;
      if (h.is_logarithm() && in.below(3) == 0) z = x ^ 0x80;
      if (f.decoded(x).cls != sort::finite || g.decoded(y).cls != sort::finite ||
          h.decoded(z).cls != sort::finite) {
        continue;
      }
      const eighths a(f.decoded(x));
      const eighths b(g.decoded(y));
      const eighths c(h.decoded(z));
      for (const checks::ternary_operation& op : {checks::fma, checks::faa}) {
        const eighths result = (op.code == checks::fma.code ? a * b : a + b) + c;
        const auto status = [&](const projection& p, std::uint64_t random) {
          return op.status(target.f, p, random, f(x), g(y), h(z));
        };
        const auto words = [&](const projection& p, std::uint64_t random) {
          return checks::words(op.name, {f(x), g(y), h(z)}, {&f.d, &g.d, &h.d}, target.d, p,
                               random);
        };
        if (result.is_zero()) {
          check_special(target, {zero(false)}, x, status, words, own);
        } else {
          check_number(target, result.get(), x + y, status, words, own);
        }
      }
    }
  });
  report("logarithmic fused operations", t, time.seconds());
}

}  // namespace
