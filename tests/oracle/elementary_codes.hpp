// SPDX-License-Identifier: Apache-2.0
/// \file
/// Elementary operations from code to code, all rounding modes.
#ifndef LOWP_TESTS_ORACLE_ELEMENTARY_CODES_HPP
#define LOWP_TESTS_ORACLE_ELEMENTARY_CODES_HPP

#include <cstdint>
#include <random>
#include <string>

#include "elementary_check.hpp"

namespace oracle {

/// One operation on codes of one format into another, all rounding modes.
class code_check {
 public:
  code_check(const source& from, const destination& to, lowp::format format)
      : from_(from), to_(to), format_(format) {}

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
    const bool is_p3109 = to_.format.name.rfind("binary", 0) == 0 && to_.format.width <= 16 &&
                          to_.format.name != "binary16";
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
    if (to_.format.kind == shape::logarithm) return;  // eighths of steps only are known exactly
    for (const rounding round : stochastic) {
      p.round = round;
      p.random_bits = static_cast<std::uint8_t>(1 + random() % 32);
      one(op, x, want, p, random(), t);
    }
  }

  void one(operation op, const lowp::coded* x, const truncated& want, const projection& p,
           std::uint64_t word, tally& t) const {
    const outcome expected = code_of(to_, op, want, p, word);
    const lowp::encoded got = lowp::compute_with_status(op, format_, p, word, x);
    t.expect(got.code == expected.code && got.flags.bits == expected.flags, [&] {
      return std::string(lowp::info(op).name) + ", " + from_.name() + " " + hex(x[0].code) + " " +
             hex(x[1].code) + " -> " + to_.format.name + ", " + oracle::text(p) +
             " R=" + hex(word) + ": expected " + hex(expected.code) + " flags " +
             std::to_string(expected.flags) + ", got " + hex(got.code) + " flags " +
             std::to_string(got.flags.bits);
    });
  }

  const source& from_;
  const destination& to_;
  lowp::format format_;
};

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_ELEMENTARY_CODES_HPP
