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

#include "oracle/elementary_check.hpp"

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

/// One operation on codes of one format into another, all rounding modes.
class code_check {
 public:
  code_check(const source& from, const source& to) : from_(from), to_(to) {}

  void unary(operation op, std::uint64_t code, std::mt19937_64& random, tally& t) const {
    const value& v = from_.values[code];
    if (v.cls != sort::finite) return;
    const lowp::coded x[3] = {{from_.format.value, code}};
    const truncated want = elementary_of(op, v);
    modes(op, x, want, random, t);
  }

  void binary(operation op, std::uint64_t first, std::uint64_t second, std::mt19937_64& random,
              tally& t) const {
    const value& v = from_.values[first];
    const value& w = from_.values[second];
    if (v.cls != sort::finite || w.cls != sort::finite) return;
    if (!v.magnitude.is_dyadic() || !w.magnitude.is_dyadic()) return;
    const lowp::coded x[3] = {{from_.format.value, first}, {from_.format.value, second}};
    const truncated want = elementary(op, dyadic_of(v), dyadic_of(w));
    modes(op, x, want, random, t);
  }

 private:
  void modes(operation op, const lowp::coded* x, const truncated& want, std::mt19937_64& random,
             tally& t) const {
    projection p;
    const bool is_p3109 = to_.to.format.name.rfind("binary", 0) == 0 && to_.to.format.width <= 16 &&
                          to_.to.format.name != "binary16";
    if (is_p3109) {
      p.no_infinity = lowp::no_infinity_rule::max_finite;
      p.negative = lowp::negative_rule::p3109;
      p.zero_sign = lowp::sign_rule::positive;
      p.rules = lowp::operation_rules::p3109_4_0;
    }
    for (const rounding round : deterministic) {
      p.round = round;
      p.overflow = overflows[random() % 4];
      one(op, x, want, p, 0, t);
    }
    if (to_.to.format.kind == shape::logarithm) return;  // eighths of steps only are known exactly
    for (const rounding round : stochastic) {
      p.round = round;
      p.random_bits = static_cast<std::uint8_t>(1 + random() % 32);
      one(op, x, want, p, random(), t);
    }
  }

  void one(operation op, const lowp::coded* x, const truncated& want, const projection& p,
           std::uint64_t word, tally& t) const {
    const outcome expected = code_of(to_.to, op, want, p, word);
    const lowp::encoded got = lowp::compute_with_status(op, to_.format.value, p, word, x);
    t.expect(got.code == expected.code && got.flags.bits == expected.flags, [&] {
      return std::string(lowp::info(op).name) + ", " + from_.name() + " " + hex(x[0].code) + " " +
             hex(x[1].code) + " -> " + to_.name() + ", " + oracle::text(p) + " R=" + hex(word) +
             ": expected " + hex(expected.code) + " flags " + std::to_string(expected.flags) +
             ", got " + hex(got.code) + " flags " + std::to_string(got.flags.bits);
    });
  }

  const source& from_;
  const source& to_;
};

TEST_CASE("ELE-1 codes in every rounding mode, formats of at most 16 bits") {
  const std::vector<source> all = sources_up_to(16);
  const stopwatch watch;
  const tally sum = in_parallel(all.size(), [&](std::size_t i, tally& t) {
    std::mt19937_64 random(seed + i);
    const code_check same(all[i], all[i]);
    const code_check other(all[i], all[random() % all.size()]);
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
