// SPDX-License-Identifier: Apache-2.0
/// \file
/// x y + z and x + y + z in one rounding: all triples of codes of formats of at most 5 bits, and
/// triples of wide formats where products cancel, tie, or vanish far below.
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "arithmetic_checks.hpp"
#include "arithmetic_inputs.hpp"
#include "oracle/cells.hpp"
#include "oracle/sources.hpp"

namespace {

using namespace oracle;
using checks::both;
using checks::ternary_operation;
using lowp::code_t;
using lowp::coded;

// --- all triples ---

std::vector<setting> all_settings() {
  std::vector<setting> all;
  for (const rounding round : deterministic) {
    for (const lowp::overflow_rule overflow : overflows) {
      all.push_back({{.round = round, .overflow = overflow}});
    }
  }
  for (const rounding round : stochastic) {
    all.push_back({{.round = round, .random_bits = 2}, 1});
    all.push_back({{.round = round, .random_bits = 2}, 3});
  }
  return all;
}

bool is_finite(const small_value& v) { return v.cls == sort::finite; }

keyed quick_fma(const small_value& x, const small_value& y, const small_value& z) {
  const small_value xy{sort::finite, x.negative != y.negative, x.n * y.n, x.e + y.e};
  return add(xy, z);
}

/// Compares one triple under all modes, the overflow rules taking turns.
void check_triple(const ternary_operation& op, const both& f, const std::uint64_t (&code)[3],
                  const std::vector<value>& values, const std::vector<small_value>& small,
                  cells& target, tally& t) {
  const small_value& x = small[code[0]];
  const small_value& y = small[code[1]];
  const small_value& z = small[code[2]];
  const bool numbers = is_finite(x) && is_finite(y) && is_finite(z);
  const bool quick = numbers && op.code == checks::fma.code;
  const auto exact_for = [&](const projection& p) {
    return op.exact(values[code[0]], values[code[1]], values[code[2]], p);
  };
  keyed exact{.is_zero = true};
  if (quick) {
    exact = quick_fma(x, y, z);
  } else if (const answer slow = exact_for({}); slow.v.cls == sort::finite) {
    exact = {slow.v.negative, key_of(slow.v.magnitude)};
  }
  const bool special = exact.is_zero;
  const std::size_t cell = special ? 0 : target.find(exact.negative, exact.k);
  const auto expect = [&](std::size_t s) {
    const setting& own = target.settings()[s];
    outcome want;
    if (special) {
      const answer a = exact_for(own.p);
      want = project(f.to, a.v, own.p, own.word);
      want.flags |= a.flags;
    } else {
      want = target.project(exact.negative, cell, exact.k, s);
    }
    const coded x_code = f(code[0]);
    const coded y_code = f(code[1]);
    const coded z_code = f(code[2]);
    lowp::encoded got = op.status(f.f, own.p, own.word, x_code, y_code, z_code);
    // Narrow formats have a way of their own.
    const code_t short_way = op.code(x_code, y_code, z_code, f.f, own.p, own.word);
    if (short_way != got.code) got = {short_way, {}};
    t.expect(checks::same(want, got) && short_way == want.code, [&] {
      return checks::words(op.name, {f(code[0]), f(code[1]), f(code[2])}, {&f.d, &f.d, &f.d}, f.d,
                           own.p, own.word) +
             checks::versus(want, got);
    });
  };
  std::uint64_t turn = code[0] + code[1] + code[2];
  for (std::size_t mode = 0; mode < 9; ++mode) expect(4 * mode + turn++ % 4);
  for (std::size_t s = 36 + turn % 2; s < target.settings().size(); s += 2) expect(s);
}

void check_all_triples(const ternary_operation& op, const both& f, tally& t) {
  std::vector<value> values = oracle::values(f.d);
  std::vector<small_value> small;
  for (const value& v : values) small.push_back(oracle::small(v));
  cells target(f.to, all_settings(), 2);
  const std::uint64_t n = f.d.code_count();
  for (std::uint64_t x = 0; x < n; ++x) {
    for (std::uint64_t y = 0; y < n; ++y) {
      for (std::uint64_t z = 0; z < n; ++z) {
        check_triple(op, f, {x, y, z}, values, small, target, t);
      }
    }
  }
}

/// The registered formats of that many bits at most, and P3109 formats of 5 bits.
std::vector<both> narrow_formats(int width) {
  std::vector<both> all = checks::formats_up_to(width);
  for (int P = 1; P <= 5 && width >= 5; ++P) {
    for (const bool is_signed : {false, true}) {
      if (is_signed && P == 5) continue;
      const bool extended = (P % 2 != 0) == is_signed;
      all.emplace_back(lowp::p3109_format(5, P, is_signed, extended),
                       oracle::p3109(5, P, is_signed, extended));
    }
  }
  return all;
}

void check_narrow(const ternary_operation& op, int width) {
  const std::vector<both> all = narrow_formats(width);
  const stopwatch time;
  const tally t = in_parallel(
      all.size(), [&](std::size_t task, tally& own) { check_all_triples(op, all[task], own); });
  report(std::string(op.name) + ", all triples of " + std::to_string(all.size()) + " formats", t,
         time.seconds());
}

TEST_CASE("ARI-5 fma of all triples of codes up to 5 bits") { check_narrow(checks::fma, 5); }

TEST_CASE("ARI-5 faa of all triples of codes up to 4 bits") { check_narrow(checks::faa, 4); }

// --- wide formats ---

constexpr std::uint64_t seed = 0x3a;

struct mixture {
  const char *x, *y, *z, *target;
  int count;
};

/// Triples around everything that can go wrong in x y + z.
struct ternary_case {
  std::uint64_t x, y, z;
};

ternary_case fma_case(checks::inputs& in, const both& f, const both& g, const both& h,
                      const both& target) {
  const std::uint64_t x = in.number(f);
  const std::uint64_t y = in.number(g);
  const value a = f.decoded(x);
  const value b = g.decoded(y);
  const real xy = product(a.magnitude, b.magnitude);
  const bool negative = a.negative != b.negative;
  const long p = checks::precision(target);
  switch (in.below(6)) {
    case 0: return {in.any(f), in.any(g), in.any(h)};
    case 1: return {x, y, in.near(h, xy, !negative)};  // cancellation
    case 2: return {x, y, in.scaled(h, xy.top(), 3)};
    case 3: return {x, y, in.scaled(h, xy.top() + p, 4)};   // the product is about half a step
    case 4: return {x, y, in.scaled(h, xy.top() - p, 70)};  // the addend is far below
    default: {
      // The product is a power of two, half a step of z or near it.
      const std::uint64_t z = in.number(h);
      const long e = h.decoded(z).magnitude.top();
      const std::uint64_t power = in.scaled(f, f.decoded(x).magnitude.top(), 0);
      const long left = e - p - f.decoded(power).magnitude.top();
      return {power, in.near(g, real{1, left}, in.below(2) != 0, 1), z};
    }
  }
}

ternary_case faa_case(checks::inputs& in, const both& f, const both& g, const both& h,
                      const both& target) {
  const std::uint64_t x = in.number(f);
  const value a = f.decoded(x);
  const long top = a.magnitude.top();
  const long p = checks::precision(target);
  switch (in.below(6)) {
    case 0: return {in.any(f), in.any(g), in.any(h)};
    case 1: return {x, in.near(g, a.magnitude, !a.negative), in.number(h)};
    case 2: return {x, in.near(g, a.magnitude, !a.negative), in.scaled(h, top - p, 40)};
    case 3: return {x, in.scaled(g, top - p, 1), in.scaled(h, top - 2 * p, 70)};  // tie, and rest
    case 4: {  // the rest cancels
      const std::uint64_t y = in.scaled(g, top - p, 60);
      const value b = g.decoded(y);
      return {x, y, in.near(h, b.magnitude, !b.negative, 1)};
    }
    default: return {x, in.scaled(g, top, 3), in.scaled(h, top, 3)};
  }
}

template <class Case>
void check_wide(const ternary_operation& op, const mixture& m, Case make, tally& t) {
  const both f(m.x);
  const both g(m.y);
  const both h(m.z);
  const both target(m.target);
  checks::inputs in(seed + static_cast<std::uint64_t>(m.count));
  for (int i = 0; i < m.count; ++i) {
    const ternary_case c = make(in, f, g, h, target);
    const auto turn = static_cast<std::uint64_t>(i);
    checks::check(op, {f, c.x}, {g, c.y}, {h, c.z}, target, turn, t);
    if (op.code != checks::faa.code || i % 3 != 0) continue;
    checks::check(op, {h, c.z}, {f, c.x}, {g, c.y}, target, turn, t);  // any order
    checks::check(op, {g, c.y}, {h, c.z}, {f, c.x}, target, turn, t);
  }
}

constexpr mixture mixtures[] = {
    {"binary16", "binary16", "binary16", "binary16", 20000},
    {"bfloat16", "bfloat16", "bfloat16", "bfloat16", 20000},
    {"bfloat16", "bfloat16", "binary32", "binary32", 10000},
    {"binary32", "binary32", "binary32", "binary32", 20000},
    {"binary64", "binary64", "binary64", "binary64", 12000},
    {"binary64", "binary64", "binary64", "binary32", 6000},
    {"e4m3fn", "e5m2", "binary32", "binary16", 10000},
    {"e4m3fn", "e4m3fn", "e4m3fn", "e4m3fn", 10000},
    {"binary8p3ue", "binary8p4se", "binary16", "binary8p3ue", 10000},
    {"posit32", "posit32", "posit32", "posit32", 1000},
    {"posit16", "posit16", "posit16", "posit16", 3000},
    {"posit32", "int8", "binary64", "binary32", 3000},
    {"int64", "int64", "int64", "int64", 3000},
    {"uint64", "int64", "binary64", "binary64", 4000},
    {"int64", "binary64", "uint64", "bfloat16", 4000},
    {"takum16", "hifloat8", "e8m0fnu", "binary32", 6000},
    {"nf4", "bnb_fp4", "pxr24", "tf32", 6000},
};

TEST_CASE("ARI-5 fma of wide formats") {
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  const stopwatch time;
  const tally t = in_parallel(std::size(mixtures), [&](std::size_t task, tally& own) {
    check_wide(checks::fma, mixtures[task], fma_case, own);
  });
  report("fma, wide", t, time.seconds());
}

TEST_CASE("ARI-5 faa of wide formats, operands in every order") {
  const stopwatch time;
  const tally t = in_parallel(std::size(mixtures), [&](std::size_t task, tally& own) {
    check_wide(checks::faa, mixtures[task], faa_case, own);
  });
  report("faa, wide", t, time.seconds());
}

}  // namespace
