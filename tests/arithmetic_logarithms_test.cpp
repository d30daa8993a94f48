// SPDX-License-Identifier: Apache-2.0
/// \file
/// Arithmetic on operands 2^(k/8), which are irrational: lns8 with itself and with other formats.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/operations.hpp>

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

// --- hypot, remainder, fmod ---

integer root_below(const integer& n) { return boost::multiprecision::sqrt(n); }

/// The square root of a sum above zero.
template <unsigned Places = 256>
enclosed square_root(const eighths& sum) {
  const enclosed s = sum.get<Places>();
  const real& m = s.v.magnitude;
  if (s.is_exact && m.is_dyadic()) {
    const bool odd = m.e() % 2 != 0;
    const integer n = m.n() << (odd ? 1U : 0U);
    const integer root = root_below(n);
    if (root * root == n) return {finite(false, real{root, (m.e() - (odd ? 1 : 0)) / 2})};
  }
  if (s.is_exact && m.n() == 1) return {finite(false, real::power_of_two(m.e(), 2 * m.root()))};
  const real& low = s.is_exact ? m : s.low;
  const real& high = s.is_exact ? m : s.high;
  const long unit = 2 * (low.top() / 2 - static_cast<long>(Places));
  const auto in_units = [unit](const real& x) {
    return x.e() >= unit ? x.in_units(unit) : integer(x.n() >> static_cast<unsigned>(unit - x.e()));
  };
  enclosed r{.is_exact = false};
  r.low = real{root_below(in_units(low)), unit / 2};
  r.high = real{integer(root_below(in_units(high) + 1) + 1), unit / 2};
  r.v = finite(false, (r.low + r.high).scaled(-1));
  return r;
}

eighths whole(const integer& n) {
  return n == 0 ? eighths(zero(false)) : eighths(finite(n < 0, real{integer(abs(n)), 0}));
}

bool is_negative(const eighths& x) { return !x.is_zero() && x.get().v.negative; }

/// floor(x / y) for x, y > 0, from their leading bits and two products.
integer floor_of_quotient(const eighths& x, const eighths& y) {
  const auto leading = [](const eighths& v) {
    const enclosed e = v.get();
    if (e.is_exact && !e.v.magnitude.is_dyadic()) {  // 2^(k/8) to 100 places
      const long k = e.v.magnitude.e() * (8 / e.v.magnitude.root());
      const long shift = 8 * (static_cast<long>(e.v.magnitude.top()) - 100);
      integer n = integer(1) << static_cast<unsigned>(k - shift);
      for (int i = 0; i < 3; ++i) n = root_below(n);
      return real{n, shift / 8};
    }
    return e.v.magnitude;
  };
  const real a = leading(x);
  const real b = leading(y);
  const long unit = a.e() < b.e() ? a.e() : b.e();
  integer n = a.in_units(unit) / b.in_units(unit);
  while (is_negative(x + -(whole(n) * y))) --n;
  while (!is_negative(x + -(whole(n + 1) * y))) ++n;
  return n;
}

/// x - n y for n = x / y toward zero, or to the nearest integer, ties to even.
eighths remainder(const value& x, const value& y, bool nearest) {
  const eighths a(finite(false, x.magnitude));
  const eighths b(finite(false, y.magnitude));
  integer n = floor_of_quotient(a, b);
  if (nearest) {
    const eighths beyond = (a + a) + -(whole(2 * n + 1) * b);
    if (beyond.is_zero() ? n % 2 != 0 : !is_negative(beyond)) ++n;
  }
  const eighths r = a + -(whole(n) * b);
  return x.negative ? -r : r;
}

TEST_CASE("ARI-6 ARI-7 ARI-8 hypot, remainder and fmod of logarithmic operands") {
  struct mixture {
    const char *x, *y, *target;
    std::uint64_t step;
  };
  constexpr mixture mixtures[] = {
      {"lns8", "lns8", "lns8", 7},        {"lns8", "lns8", "binary16", 61},
      {"lns8", "e4m3fn", "lns8", 61},     {"e5m2", "lns8", "binary64", 61},
      {"lns8", "binary16", "lns8", 9973}, {"binary16", "lns8", "e4m3fn", 9973},
      {"int8", "lns8", "lns8", 61}};
  const checks::binary_operation operations[] = {checks::hypot, checks::remainder, checks::fmod};
  const stopwatch time;
  const tally t = in_parallel(3 * std::size(mixtures), [&](std::size_t task, tally& own) {
    const mixture& m = mixtures[task / 3];
    const checks::binary_operation& op = operations[task % 3];
    const both f(m.x), g(m.y), target(m.target);
    for (std::uint64_t i = 0; i < f.d.code_count() * g.d.code_count(); i += m.step) {
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
      if (a.cls != sort::finite || b.cls != sort::finite) {
        if (is_number(a) && is_number(b) && op.code == checks::hypot.code) continue;
        if (a.cls == sort::finite) continue;  // x itself, where y does not make it NaN
        check_special(target, op.exact(a, b, {}), i, status, words, own);
      } else if (op.code == checks::hypot.code) {
        const eighths u(a);
        const eighths v(b);
        check_number(target, square_root(u * u + v * v), i, status, words, own);
      } else {
        const eighths r = remainder(a, b, op.code == checks::remainder.code);
        if (r.is_zero()) {
          check_special(target, {zero(a.negative)}, i, status, words, own);
        } else {
          check_number(target, r.get(), i, status, words, own);
        }
      }
    }
  });
  report("logarithmic hypot and remainders", t, time.seconds());
}

// --- traces ---

/// Least values beside 2^(k/8), which 128 bits do not show; and two of them, and their products.
TEST_CASE("ARI-7 a trace beside logarithmic numbers tells its side at any depth") {
  constexpr unsigned deep = 2400;
  const both f("lns8");
  const both g("binary64");
  const stopwatch time;
  const tally t = in_parallel(4, [&](std::size_t task, tally& own) {
    const both target(std::array{"lns8", "lns8", "binary64", "e4m3fn"}[task]);
    checks::inputs in(0x77 + task);
    for (std::uint64_t x = 1 + task; x < 256; x += 5) {
      if (f.decoded(x).cls != sort::finite) continue;
      for (std::uint64_t i = 0; i < 12; ++i) {
        const std::uint64_t sign = in.below(2) << 63;
        const std::uint64_t y = sign | (i < 3 ? 1 + i : in.bits() % (std::uint64_t{900} << 52));
        const std::uint64_t z = (in.below(2) << 63) | (in.below(2) != 0 ? (y & ~sign) - 1 : 1);
        const eighths a(f.decoded(x));
        const eighths b(g.decoded(y));
        const eighths c(g.decoded(z));
        const auto check = [&](const auto& op, const enclosed& result, auto... operand) {
          const auto status = [&](const projection& p, std::uint64_t random) {
            return op.status(target.f, p, random, operand...);
          };
          const auto words = [&](const projection& p, std::uint64_t) {
            return std::string(op.name) + " of " + hex(x) + ", " + hex(y) + ", " + hex(z) + ", " +
                   text(p);
          };
          check_number(target, result, x + y, status, words, own);
        };
        check(checks::add, (a + b).get<deep>(), f(x), g(y));
        check(checks::subtract, (b + -a).get<deep>(), g(y), f(x));
        check(checks::fma, (b * c + a).get<deep>(), g(y), g(z), f(x));
        check(checks::faa, (b + a + c).get<deep>(), g(y), f(x), g(z));
        check(checks::hypot, square_root<deep>(a * a + b * b), f(x), g(y));
      }
    }
  });
  report("traces", t, time.seconds());
}

/// Sums of three from 2^-2048 to 2^2048, whose greatest cancel.
TEST_CASE("ARI-7 sums of logarithmic numbers far from each other") {
  constexpr unsigned deep = 4400;
  const lowp::format wide{
      .kind = lowp::number_kind::logarithmic, .width = 16, .exponent_bits = 3, .bias = 1 << 14};
  description d = *find("lns8");
  d.name = "lns16";
  d.width = wide.width;
  d.bias = wide.bias;
  d.nans = {{0x8000, 0x8000}};
  const both f(wide, d);
  const both g("binary64");
  const checks::ternary_operation& op = checks::faa;
  checks::inputs in(0x2048);
  tally t;
  for (std::uint64_t i = 0; i < 600; ++i) {
    const std::uint64_t x = 1 + in.below(0x7ff0);
    const std::uint64_t opposite = 0x8000 | (x + 8 * in.below(2));
    const std::uint64_t same_root = x % 8 + 8 * in.below(0xfff) + 8;
    const std::uint64_t y = in.below(4) == 0 ? same_root : opposite;
    const bool dyadic = in.below(3) == 0;
    const std::uint64_t z = dyadic             ? in.number(g)
                            : in.below(3) == 0 ? same_root
                                               : 1 + in.below(0x7fff);
    const both& h = dyadic ? g : f;
    const value c = h.decoded(z);
    if (c.cls != sort::finite) continue;
    const auto status = [&](const projection& p, std::uint64_t random) {
      if (i % 3 == 0) return op.status(f.f, p, random, h(z), f(x), f(y));
      if (i % 3 == 1) return op.status(f.f, p, random, f(y), h(z), f(x));
      return op.status(f.f, p, random, f(x), f(y), h(z));
    };
    const auto words = [&](const projection& p, std::uint64_t random) {
      return checks::words(op.name, {f(x), f(y), h(z)}, {&f.d, &f.d, &h.d}, d, p, random);
    };
    const eighths sum = eighths(f.decoded(x)) + eighths(f.decoded(y)) + eighths(c);
    if (sum.is_zero()) {
      check_special(f, {zero(false)}, i, status, words, t);
    } else {
      check_number(f, sum.get<deep>(), i, status, words, t);
    }
  }
  report("far sums", t);
}

/// 2^(k/32), the finest grid, and 2^(k/64), its ties.
TEST_CASE("ARI-7 products and roots on the finest logarithmic grid") {
  using namespace lowp;
  constexpr format f{
      .kind = number_kind::logarithmic, .width = 16, .exponent_bits = 5, .bias = 1 << 14};
  const auto at = [&](code_t k) { return coded{f, (1 << 14) + k}; };
  for (code_t i = 0; i < 32; ++i) {
    for (code_t j = 0; j < 32; ++j) {
      const encoded product = compute_with_status<operation::multiply>(f, {}, 0, at(i), at(j));
      CHECK(product.code == at(i + j).code);
      CHECK(product.flags.bits == 0);
    }
    CHECK(sqrt(at(2 * i), f, {.round = away_from_zero}) == at(i).code);
    CHECK(sqrt(at(2 * i + 1), f, {.round = to_nearest_away}) == at(i + 1).code);
    CHECK(sqrt(at(2 * i + 1), f, {.round = to_nearest_zero}) == at(i).code);
  }
}

/// Just above a code many random bits still leave it, and just below it one more moves.
TEST_CASE("ARI-7 stochastic rounding of a trace beside logarithmic numbers") {
  using namespace lowp;
  for (const rounding mode : {stochastic_a, stochastic_b, stochastic_c}) {
    const projection p{.round = mode, .random_bits = 20};
    constexpr std::uint64_t most = (1 << 20) - 2;
    for (code_t x = 1; x < 127; ++x) {
      const coded root{formats::lns8, x};
      const coded trace{formats::binary64, to_code(0x1p-200)};
      CHECK(add(root, trace, formats::lns8, p, most) == x);
      CHECK(subtract(root, trace, formats::lns8, p, 1) == x);
    }
  }
}

/// Three dyadic numbers that begin as 2^(1/8) does, in 128 bits and a rest.
TEST_CASE("ARI-7 dyadic numbers are no roots") {
  using namespace lowp;
  const exact root = decode(formats::lns8, 0x41);
  const exact upper = exact_finite(false, root.significand, root.exponent);
  const exact lower = exact_finite(false, root.tail, root.exponent - 64);
  for (const bool above : {false, true}) {
    const exact rest = exact_finite(false, 1, above ? -128 : -200);  // of 2^(1/8) - lower - upper
    const exact terms[] = {rest, upper, lower};
    const exact sum = evaluate(operation::faa, terms).value;
    CHECK(encode(formats::lns8, sum, {.round = toward_positive}) == (above ? 0x42 : 0x41));
    CHECK(encode(formats::lns8, sum, {.round = toward_negative}) == (above ? 0x41 : 0x40));
  }
}

}  // namespace
