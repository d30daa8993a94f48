// SPDX-License-Identifier: Apache-2.0
/// \file
/// Square root, reciprocal and reciprocal square root of every code of every registered format of
/// at most 16 bits; hypot of all pairs of some formats of 8 bits.
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

/// The deterministic modes under two overflow rules, then the stochastic ones with one bit.
std::vector<setting> all_settings() {
  std::vector<setting> all;
  for (const rounding round : deterministic) {
    all.push_back({{.round = round}});
    all.push_back({{.round = round, .overflow = lowp::overflow_rule::saturate}});
  }
  for (const rounding round : stochastic) all.push_back({{.round = round, .random_bits = 1}, 1});
  return all;
}

/// Compares all settings for an exact result; `call(setting)` gives lowp's code and flags.
template <class Call, class Words>
void check_result(const both& target, cells& c, const answer& exact, std::uint64_t turn, Call call,
                  Words words, tally& t) {
  const bool number = exact.v.cls == sort::finite;
  const key k = number ? key_of(exact.v.magnitude) : 0;
  const std::size_t cell = number ? c.find(exact.v.negative, k) : 0;
  const auto expect = [&](const setting& s, outcome want) {
    want.flags |= exact.flags;
    const lowp::encoded got = call(s);
    t.expect(checks::same(want, got), [&] { return words(s) + checks::versus(want, got); });
  };
  for (std::size_t s = 0; s < c.settings().size(); ++s) {
    const setting& own = c.settings()[s];
    const bool turns = s < 18 && s % 2 != turn % 2;  // the overflow rules take turns
    if (turns) continue;
    expect(own, number ? c.project(exact.v.negative, cell, k, s)
                       : project(target.to, exact.v, own.p, own.word));
  }
  if (number && turn % 61 == 0) {
    const projection p{.round = stochastic[turn % 3],
                       .random_bits = static_cast<std::uint8_t>(1 + turn % 32)};
    const std::uint64_t word = (turn * 0x9e3779b97f4a7c15) >> (64 - p.random_bits);
    // Between the codes of a posit the oracle writes longer posits, of 64 bits at most.
    if (!target.d.tapered() || p.random_bits < 24) {
      expect({p, word}, project(target.to, exact.v, p, word));
    }
  }
}

constexpr checks::unary_operation unary_operations[] = {checks::sqrt, checks::recip, checks::rsqrt};

void check_unary(const both& from, const both& target, tally& t) {
  cells c(target.to, all_settings(), 1);
  const std::vector<value> values = oracle::values(from.d);
  for (const checks::unary_operation& op : unary_operations) {
    for (std::uint64_t x = 0; x < values.size(); ++x) {
      for (const bool p3109 : {false, true}) {
        if (p3109 && values[x].cls != sort::zero && x % 64 != 0) continue;
        projection rules;
        if (p3109) rules.rules = lowp::operation_rules::p3109_4_0;
        const answer exact = op.exact(values[x], rules);
        const auto own = [&](const setting& s) {
          projection p = s.p;
          p.rules = rules.rules;
          return p;
        };
        const auto call = [&](const setting& s) {
          const lowp::encoded e = op.status(target.f, own(s), s.word, from(x));
          if (op.code(from(x), target.f, own(s), s.word) == e.code) return e;
          return lowp::encoded{~e.code, {}};  // the function of arithmetic.hpp differs
        };
        const auto words = [&](const setting& s) {
          return checks::words(op.name, {from(x)}, {&from.d}, target.d, own(s), s.word);
        };
        check_result(target, c, exact, x, call, words, t);
      }
    }
  }
}

TEST_CASE("ARI-6 sqrt, recip, rsqrt of every code up to 16 bits") {
  std::vector<both> all;
  for (both& f : checks::formats_up_to(16)) {
    if (!f.is_logarithm()) all.push_back(std::move(f));
  }
  const stopwatch time;
  const tally t = in_parallel(
      all.size(), [&](std::size_t task, tally& own) { check_unary(all[task], all[task], own); });
  report("roots of " + std::to_string(all.size()) + " formats", t, time.seconds());
}

TEST_CASE("ARI-6 sqrt, recip, rsqrt from one format into another") {
  constexpr const char* mixtures[][2] = {
      {"e4m3fn", "binary16"},   {"binary16", "e5m2"},     {"binary16", "bfloat16"},
      {"int16", "binary8p4se"}, {"posit8", "posit16"},    {"takum8", "bfloat16"},
      {"uint8", "binary8p3ue"}, {"hifloat8", "takum16"},  {"e8m0fnu", "e4m3"},
      {"nf4", "binary16"},      {"bfloat16", "hifloat8"}, {"mxint8", "e3m2"}};
  const stopwatch time;
  const tally t = in_parallel(std::size(mixtures), [&](std::size_t task, tally& own) {
    check_unary(both(mixtures[task][0]), both(mixtures[task][1]), own);
  });
  report("mixed roots", t, time.seconds());
}

void check_hypot(const both& x_format, const both& y_format, const both& target, tally& t) {
  cells c(target.to, all_settings(), 1);
  const std::vector<value> xs = oracle::values(x_format.d);
  const std::vector<value> ys = oracle::values(y_format.d);
  const checks::binary_operation& op = checks::hypot;
  for (std::uint64_t x = 0; x < xs.size(); ++x) {
    for (std::uint64_t y = 0; y < ys.size(); ++y) {
      const bool special = xs[x].cls == sort::infinity || ys[y].cls == sort::infinity;
      for (const bool p3109 : {false, true}) {
        if (p3109 && !special) continue;
        projection rules;
        if (p3109) rules.rules = lowp::operation_rules::p3109_4_0;
        const answer exact = op.exact(xs[x], ys[y], rules);
        const auto own = [&](const setting& s) {
          projection p = s.p;
          p.rules = rules.rules;
          return p;
        };
        const auto call = [&](const setting& s) {
          const lowp::encoded e = op.status(target.f, own(s), s.word, x_format(x), y_format(y));
          const lowp::code_t code = op.code(x_format(x), y_format(y), target.f, own(s), s.word);
          return code == e.code ? e : lowp::encoded{~e.code, {}};  // arithmetic.hpp differs
        };
        const auto words = [&](const setting& s) {
          return checks::words(op.name, {x_format(x), y_format(y)}, {&x_format.d, &y_format.d},
                               target.d, own(s), s.word);
        };
        check_result(target, c, exact, x + 5 * y, call, words, t);
      }
    }
  }
}

TEST_CASE("ARI-6 hypot of all pairs") {
  constexpr const char* mixtures[][3] = {
      {"e4m3fn", "e4m3fn", "e4m3fn"}, {"e5m2", "e5m2", "e5m2"},
      {"posit8", "posit8", "posit8"}, {"binary8p4se", "binary8p4se", "binary8p4se"},
      {"e2m3", "e3m2", "binary16"},   {"e2m1", "e8m0fnu", "bfloat16"},
      {"int4", "nf4", "e4m3"},        {"binary6p3sf", "uint4", "takum8"}};
  const stopwatch time;
  const tally t = in_parallel(std::size(mixtures), [&](std::size_t task, tally& own) {
    check_hypot(both(mixtures[task][0]), both(mixtures[task][1]), both(mixtures[task][2]), own);
  });
  report("hypot", t, time.seconds());
}

}  // namespace
