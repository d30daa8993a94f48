// SPDX-License-Identifier: Apache-2.0
/// \file
/// Elementary functions and roots against MPFR: the 128 bits and the rest that rounding starts
/// from, for all values of the formats of at most 8 bits, of binary16 and bfloat16, and codes in
/// every rounding mode. tests/exhaustive/elementary_sweep.cpp has all formats of at most 16 bits.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "oracle/elementary_codes.hpp"

namespace {

using namespace oracle;

constexpr std::uint64_t seed = 20261121;

TEST_CASE("The oracle's 128 bits are the leading bits of 2000") {
  operand_set set;
  for (const char* name : {"binary16", "bfloat16", "takum16"}) set.add_all(*find(name));
  set.finish();
  tally t;
  for (const operation op : unary_operations) {
    const mpfr_unary f = unary_of(op);
    if (f == nullptr) continue;
    for (std::size_t i = 7; i < set.size(); i += 41) {
      // Results that 2000 bits can tell from their limits: erfc(32) is about 2^-1480.
      const long top = real{set[i].n, set[i].e}.top();
      if (top > 4 || top < -40) continue;
      const dyadic operand{i % 2 != 0, set[i].n, set[i].e};
      const truncated want = elementary(op, operand);
      if (want.cls != sort::finite || std::abs(want.top) > far_binade) continue;
      mp x(64), r(2000), cut(result_bits);
      assign(x, operand);
      const bool ends = f(r, x, MPFR_RNDN) == 0;
      const bool rest = mpfr_set(cut, r, MPFR_RNDZ) != 0 || !ends;
      const truncated again = read(cut, rest);
      t.expect(again.high == want.high && again.low == want.low && again.top == want.top &&
                   again.rest == want.rest,
               [&] {
                 return std::string(lowp::info(op).name) + " " + text(operand) + ": " + text(want) +
                        ", " + text(again);
               });
    }
  }
  report("MPFR with itself", t);
}

TEST_CASE("ELE-1 ELE-3 ELE-4 exact results at all values of 8-bit formats, binary16, bfloat16") {
  operand_set set;
  for (const description& d : registry()) {
    if (d.width <= 8 || d.name == "binary16" || d.name == "bfloat16") set.add_all(d);
  }
  set.finish();
  for (const operation op : unary_operations) {
    const stopwatch watch;
    const tally t = compare_all(op, set);
    report(lowp::info(op).name, t, watch.seconds());
  }
}

TEST_CASE("ELE-1 exact results of two operands") {
  const struct {
    const char* first;
    std::size_t first_step;
    const char* second;
    std::size_t second_step;
  } pairs[] = {{"e4m3fn", 1, "e4m3fn", 1},         {"e5m2", 1, "binary8p3se", 3},
               {"takum8", 1, "takum8", 3},         {"binary16", 499, "binary16", 257},
               {"bfloat16", 509, "bfloat16", 263}, {"posit16", 701, "int8", 3}};
  for (const operation op : binary_operations) {
    const stopwatch watch;
    tally sum;
    for (const auto& p : pairs) {
      sum.merge(compare_pairs(op, finite_values(*find(p.first), p.first_step),
                              finite_values(*find(p.second), p.second_step)));
    }
    report(lowp::info(op).name, sum, watch.seconds());
  }
}

TEST_CASE("ARI-7 ELE-1 exact results at the irrational values of lns8") {
  const description& d = *find("lns8");
  tally t;
  for (std::uint64_t code = 0; code < d.code_count(); ++code) {
    const value v = value_of(d, code);
    if (v.cls != sort::finite) continue;
    const lowp::exact x[3] = {lowp::decode(lowp::formats::lns8, code)};
    for (const operation op : unary_operations) {
      const truncated want = elementary_of(op, v);
      const lowp::unrounded got = lowp::evaluate(op, x);
      t.expect(same(got, want), [&] {
        return std::string(lowp::info(op).name) + " of lns8 " + hex(code) + ": expected " +
               text(want) + ", got " + text(got);
      });
    }
  }
  report("lns8", t);
}

TEST_CASE("ELE-1 codes in every rounding mode, formats of at most 16 bits") {
  const std::vector<source> all = sources_up_to(16);
  const stopwatch watch;
  const tally sum = in_parallel(all.size(), [&](std::size_t i, tally& t) {
    std::mt19937_64 random(seed + i);
    const code_check same(all[i], all[i].to, all[i].format);
    const source& to = all[random() % all.size()];
    const code_check other(all[i], to.to, to.format);
    const std::uint64_t mask = all[i].to.format.code_mask();
    for (const operation op : unary_operations) {
      for (int n = 0; n < 10; ++n) {
        same.unary(op, random() & mask, random, t);
        other.unary(op, random() & mask, random, t);
      }
    }
    for (const operation op : binary_operations) {
      for (int n = 0; n < 20; ++n) {
        same.binary(op, random() & mask, random() & mask, random, t);
        other.binary(op, random() & mask, random() & mask, random, t);
      }
    }
  });
  report("codes", sum, watch.seconds());
}

}  // namespace
