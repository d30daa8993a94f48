// SPDX-License-Identifier: Apache-2.0
/// \file
/// The operations of arithmetic.hpp beside those of the oracle, and the comparison of one call.
#ifndef LOWP_TESTS_ARITHMETIC_CHECKS_HPP
#define LOWP_TESTS_ARITHMETIC_CHECKS_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <lowp/arithmetic.hpp>
#include <lowp/find_format.hpp>

#include "oracle/operations.hpp"
#include "oracle/project.hpp"
#include "oracle/report.hpp"

namespace checks {

using lowp::code_t;
using lowp::coded;
using oracle::answer;
using oracle::projection;
using oracle::value;

/// An operation on one, two or three operands: lowp's function, the same with flags, the oracle's.
template <class... Operand>
struct tested_operation {
  const char* name;
  code_t (*code)(Operand..., lowp::format, const projection&, std::uint64_t) noexcept;
  lowp::encoded (*status)(lowp::format, const projection&, std::uint64_t, Operand...) noexcept;
};

using unary = tested_operation<coded>;
using binary = tested_operation<coded, coded>;
using ternary = tested_operation<coded, coded, coded>;

struct unary_operation : unary {
  answer (*exact)(const value&, const projection&);
};
struct binary_operation : binary {
  answer (*exact)(const value&, const value&, const projection&);
};
struct ternary_operation : ternary {
  answer (*exact)(const value&, const value&, const value&, const projection&);
};

// clang-format off
#define LOWP_TEST_OPERATION(name) \
  {{#name, lowp::name, lowp::compute_with_status<lowp::operation::name>}, oracle::name}

inline constexpr binary_operation add LOWP_TEST_OPERATION(add);
inline constexpr binary_operation subtract LOWP_TEST_OPERATION(subtract);
inline constexpr binary_operation multiply LOWP_TEST_OPERATION(multiply);
inline constexpr binary_operation divide LOWP_TEST_OPERATION(divide);
inline constexpr ternary_operation fma LOWP_TEST_OPERATION(fma);
inline constexpr ternary_operation faa LOWP_TEST_OPERATION(faa);
inline constexpr unary_operation sqrt LOWP_TEST_OPERATION(sqrt);
inline constexpr unary_operation recip LOWP_TEST_OPERATION(recip);
inline constexpr unary_operation rsqrt LOWP_TEST_OPERATION(rsqrt);
inline constexpr binary_operation hypot LOWP_TEST_OPERATION(hypot);
inline constexpr binary_operation remainder LOWP_TEST_OPERATION(remainder);
inline constexpr binary_operation fmod LOWP_TEST_OPERATION(fmod);
inline constexpr unary_operation logb LOWP_TEST_OPERATION(logb);
// clang-format on

inline std::string flag_text(std::uint8_t bits) {
  static constexpr const char* names[] = {"inexact",        "underflow", "overflow",
                                          "divide_by_zero", "invalid",   "saturated"};
  std::string s;
  for (int i = 0; i < 6; ++i) {
    if ((bits >> i & 1) != 0) s += std::string(s.empty() ? "" : "|") + names[i];
  }
  return s.empty() ? "none" : s;
}

/// "add(e5m2 3c (+1*2^0), ...) -> e5m2, ..."
inline std::string words(const char* operation, const std::vector<coded>& x,
                         const std::vector<const oracle::description*>& from,
                         const oracle::description& to, const projection& p, std::uint64_t random) {
  std::string s = std::string(operation) + "(";
  for (std::size_t i = 0; i < x.size(); ++i) {
    s += (i == 0 ? "" : ", ") + from[i]->name + " " + oracle::hex(x[i].code) + " (" +
         oracle::text(value_of(*from[i], x[i].code)) + ")";
  }
  return s + ") -> " + to.name + ", " + oracle::text(p) + " R=" + oracle::hex(random);
}

inline std::string versus(std::uint64_t want, std::uint64_t got) {
  return ": expected " + oracle::hex(want) + ", got " + oracle::hex(got);
}

inline std::string versus(const oracle::outcome& want, const lowp::encoded& got) {
  return ": expected " + oracle::hex(want.code) + " " + flag_text(want.flags) + ", got " +
         oracle::hex(got.code) + " " + flag_text(got.flags.bits);
}

inline bool same(const oracle::outcome& want, const lowp::encoded& got) {
  return want.code == got.code && want.flags == got.flags.bits;
}

/// A format on both sides.
struct both {
  explicit both(const char* name) : both(*lowp::find_format(name), *oracle::find(name)) {}
  both(lowp::format format, const oracle::description& description)
      : f(format), d(description), to(description) {}

  coded operator()(std::uint64_t code) const { return {f, code}; }
  value decoded(std::uint64_t code) const { return value_of(d, code); }
  bool is_logarithm() const { return d.kind == oracle::shape::logarithm; }

  lowp::format f;
  oracle::description d;
  oracle::destination to;
};

/// Every format of the registry up to a width.
inline std::vector<both> formats_up_to(int width) {
  std::vector<both> all;
  for (const lowp::named_format& f : lowp::all_formats) {
    const oracle::description* d = oracle::find(f.name);
    if (d != nullptr && d->width <= width) all.emplace_back(f, *d);
  }
  return all;
}

}  // namespace checks

#endif  // LOWP_TESTS_ARITHMETIC_CHECKS_HPP
