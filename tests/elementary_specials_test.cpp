// SPDX-License-Identifier: Apache-2.0
/// \file
/// Special operands of the elementary functions: infinities, zeros, NaNs, poles, domains, rational
/// results. Typed from IEEE 754-2019 9.2.1, C23 annex F.10 and p3109.md sections 4, 5, 14.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/lowp.hpp>
#include <lowp/operations.hpp>

#include "oracle/report.hpp"

namespace {

using lowp::exact;
using lowp::operation;
using lowp::operation_rules;
using lowp::projection;
using lowp::unrounded;
using oracle::tally;

constexpr operation_rules all_rules[] = {operation_rules::ieee754, operation_rules::p3109_4_0,
                                         operation_rules::p3109_2026_07};

const exact minus_infinity = lowp::exact_infinity(true);
const exact plus_infinity = lowp::exact_infinity(false);
const exact minus_zero = lowp::exact_zero(true);
const exact plus_zero = lowp::exact_zero(false);
const exact quiet = lowp::exact_nan(true, 0xc123456789abcdef);
const exact signalling = lowp::exact_nan(false, 0x4123456789abcdef);
// What operations make of them.
const unrounded of_quiet{quiet, {}};
const unrounded of_signalling{lowp::exact_nan(false, 0xc123456789abcdef), {lowp::status::invalid}};

exact number(double d) { return lowp::decode(lowp::formats::binary64, lowp::to_code(d)); }

exact irrational(bool negative, int top, std::uint64_t high, std::uint64_t low) {
  exact x = lowp::exact_finite(negative, high, top - 63);
  x.tail = low;
  x.sticky = true;
  return x;
}

/// A result in words: a number, "+0", "-0", "+inf", "-inf", "+pole", "-pole" (an infinity with
/// divide_by_zero), "invalid", or one of the constants below with a sign.
struct constant {
  const char* name;
  int top;
  std::uint64_t high, low;
};

// Leading 128 bits of the constants.
constexpr constant constants[] = {
    {"pi", 1, 0xc90fdaa22168c234, 0xc4c6628b80dc1cd1},
    {"pi/2", 0, 0xc90fdaa22168c234, 0xc4c6628b80dc1cd1},
    {"pi/4", -1, 0xc90fdaa22168c234, 0xc4c6628b80dc1cd1},
    {"3pi/4", 1, 0x96cbe3f9990e91a7, 0x9394c9e8a0a5159c},
    {"ln2", -1, 0xb17217f7d1cf79ab, 0xc9e3b39803f2f6af},
    {"1/3", -2, 0xaaaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaaaaa},
    {"2/3", -1, 0xaaaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaaaaa},
    {"1/6", -3, 0xaaaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaaaaa},
};

unrounded result(const std::string& words) {
  using lowp::status;
  if (words == "invalid") return {lowp::exact_nan(), {status::invalid}};
  const bool negative = words[0] == '-';
  const std::string rest = words[0] == '+' || negative ? words.substr(1) : words;
  if (rest == "0") return {lowp::exact_zero(negative), {}};
  if (rest == "inf") return {lowp::exact_infinity(negative), {}};
  if (rest == "pole") return {lowp::exact_infinity(negative), {status::divide_by_zero}};
  for (const constant& c : constants) {
    if (rest == c.name) return {irrational(negative, c.top, c.high, c.low), {}};
  }
  char* end = nullptr;
  const double d = std::strtod(rest.c_str(), &end);
  REQUIRE_MESSAGE(*end == 0, words);
  return {number(negative ? -d : d), {}};
}

std::string text(const exact& x) {
  static const char* const names[] = {"0", "finite", "inf", "nan"};
  std::string s = x.negative ? "-" : "+";
  s += names[static_cast<int>(x.cls)];
  if (x.cls == lowp::number_class::finite || x.cls == lowp::number_class::nan) {
    s += " " + oracle::hex(x.significand) + "." + oracle::hex(x.tail) + (x.sticky ? "+" : "") +
         "*2^" + std::to_string(x.exponent);
  }
  return s;
}
std::string text(const unrounded& u) {
  return text(lowp::normalized(u.value)) + " flags " + std::to_string(u.flags.bits);
}

/// Under P3109 zeros have no sign: the projection gives them theirs.
void expect(operation op, const std::vector<exact>& x, operation_rules rules, unrounded want,
            tally& t) {
  exact operands[3] = {};
  for (std::size_t i = 0; i < x.size(); ++i) operands[i] = x[i];
  unrounded got = lowp::evaluate(op, operands, projection{.rules = rules});
  const bool unsigned_zero =
      rules != operation_rules::ieee754 && got.value.cls == lowp::number_class::zero;
  const bool sign = unsigned_zero ? want.value.negative : got.value.negative;
  exact value = lowp::normalized(got.value);
  value.negative = sign;
  t.expect(value == lowp::normalized(want.value) && got.flags == want.flags, [&] {
    std::string s = std::string(lowp::info(op).name) + " rules " +
                    std::to_string(static_cast<int>(rules)) + " (";
    for (const exact& operand : x) s += " " + text(operand);
    return s + " ): expected " + text(want) + ", got " + text(got);
  });
}

/// Row of a function for -inf, +inf, -0, +0.
struct row {
  operation op;
  const char* minus_infinity;
  const char* plus_infinity;
  const char* minus_zero;
  const char* plus_zero;
};

// IEEE 754-2019 9.2.1, table 9.1 and C23 F.10: the signs of zeros included. softplus, sigmoid, gelu
// and silu are in no standard but P3109 (softplus): limits.
const row ieee_rows[] = {
    {operation::sqrt, "invalid", "+inf", "-0", "+0"},
    {operation::recip, "-0", "+0", "-pole", "+pole"},
    {operation::rsqrt, "invalid", "+0", "-pole", "+pole"},
    {operation::cbrt, "-inf", "+inf", "-0", "+0"},
    {operation::exp, "+0", "+inf", "1", "1"},
    {operation::exp2, "+0", "+inf", "1", "1"},
    {operation::exp10, "+0", "+inf", "1", "1"},
    {operation::expm1, "-1", "+inf", "-0", "+0"},
    {operation::log, "invalid", "+inf", "-pole", "-pole"},
    {operation::log2, "invalid", "+inf", "-pole", "-pole"},
    {operation::log10, "invalid", "+inf", "-pole", "-pole"},
    {operation::log1p, "invalid", "+inf", "-0", "+0"},
    {operation::softplus, "+0", "+inf", "ln2", "ln2"},
    {operation::sigmoid, "+0", "1", "0.5", "0.5"},
    {operation::sin, "invalid", "invalid", "-0", "+0"},
    {operation::cos, "invalid", "invalid", "1", "1"},
    {operation::tan, "invalid", "invalid", "-0", "+0"},
    {operation::sinpi, "invalid", "invalid", "-0", "+0"},
    {operation::cospi, "invalid", "invalid", "1", "1"},
    {operation::tanpi, "invalid", "invalid", "-0", "+0"},
    {operation::asin, "invalid", "invalid", "-0", "+0"},
    {operation::acos, "invalid", "invalid", "pi/2", "pi/2"},
    {operation::atan, "-pi/2", "pi/2", "-0", "+0"},
    {operation::asinpi, "invalid", "invalid", "-0", "+0"},
    {operation::acospi, "invalid", "invalid", "0.5", "0.5"},
    {operation::atanpi, "-0.5", "0.5", "-0", "+0"},
    {operation::sinh, "-inf", "+inf", "-0", "+0"},
    {operation::cosh, "+inf", "+inf", "1", "1"},
    {operation::tanh, "-1", "1", "-0", "+0"},
    {operation::asinh, "-inf", "+inf", "-0", "+0"},
    {operation::acosh, "invalid", "+inf", "invalid", "invalid"},
    {operation::atanh, "invalid", "invalid", "-0", "+0"},
    {operation::erf, "-1", "1", "-0", "+0"},
    {operation::erfc, "2", "+0", "1", "1"},
    {operation::gelu, "-0", "+inf", "-0", "+0"},
    {operation::silu, "-0", "+inf", "-0", "+0"},
};

// p3109.md section 4. Zero once.
struct p3109_row {
  operation op;
  const char* minus_infinity;
  const char* plus_infinity;
  const char* zero;
};

const p3109_row p3109_rows[] = {
    {operation::sqrt, "invalid", "+inf", "+0"},
    {operation::recip, "+0", "+0", "invalid"},
    {operation::rsqrt, "invalid", "+0", "invalid"},
    {operation::exp, "+0", "+inf", "1"},
    {operation::exp2, "+0", "+inf", "1"},
    {operation::expm1, "-1", "+inf", "+0"},
    {operation::log, "invalid", "+inf", "-pole"},
    {operation::log2, "invalid", "+inf", "-pole"},
    {operation::log1p, "invalid", "+inf", "+0"},
    {operation::softplus, "+0", "+inf", "ln2"},
    {operation::sin, "invalid", "invalid", "+0"},
    {operation::cos, "invalid", "invalid", "1"},
    {operation::tan, "invalid", "invalid", "+0"},
    {operation::asin, "invalid", "invalid", "+0"},
    {operation::acos, "invalid", "invalid", "pi/2"},
    {operation::atan, "-pi/2", "pi/2", "+0"},
    {operation::sinh, "-inf", "+inf", "+0"},
    {operation::cosh, "+inf", "+inf", "1"},
    {operation::tanh, "-1", "1", "+0"},
    {operation::asinh, "-inf", "+inf", "+0"},
    {operation::acosh, "invalid", "+inf", "invalid"},
    {operation::atanh, "invalid", "invalid", "+0"},
    {operation::sinpi, "invalid", "invalid", "+0"},
    {operation::cospi, "invalid", "invalid", "1"},
    {operation::tanpi, "invalid", "invalid", "+0"},
    {operation::asinpi, "invalid", "invalid", "+0"},
    {operation::acospi, "invalid", "invalid", "0.5"},
    {operation::atanpi, "-0.5", "0.5", "+0"},
};

/// Finite operands with rational results, poles and edges of domains: the same for all rules.
struct point {
  operation op;
  double x;
  const char* result;
};

constexpr double least = 5e-324;
constexpr double above_one = 1.0 + 0x1p-52;

const point points[] = {
    {operation::sqrt, 2.25, "1.5"},
    {operation::sqrt, -least, "invalid"},
    {operation::recip, -4, "-0.25"},
    {operation::recip, 3, "1/3"},
    {operation::rsqrt, 4, "0.5"},
    {operation::rsqrt, 0.25, "2"},
    {operation::rsqrt, -1, "invalid"},
    {operation::cbrt, -27, "-3"},
    {operation::cbrt, 0.125, "0.5"},
    {operation::exp2, 10, "1024"},
    {operation::exp2, -3, "0.125"},
    {operation::exp10, 2, "100"},
    {operation::exp10, 22, "1e22"},
    {operation::log, 1, "+0"},
    {operation::log, -least, "invalid"},
    {operation::log2, 1, "+0"},
    {operation::log2, 8, "3"},
    {operation::log2, 0x1p-1074, "-1074"},
    {operation::log2, -1, "invalid"},
    {operation::log10, 1, "+0"},
    {operation::log10, 1000, "3"},
    {operation::log10, 1e22, "22"},
    {operation::log10, -1, "invalid"},
    {operation::log1p, -1, "-pole"},
    {operation::log1p, -above_one, "invalid"},
    {operation::sinpi, 0.5, "1"},
    {operation::sinpi, -0.5, "-1"},
    {operation::sinpi, 1.5, "-1"},
    {operation::sinpi, 2.5, "1"},
    {operation::sinpi, 1, "+0"},
    {operation::sinpi, -1, "-0"},
    {operation::sinpi, 2, "+0"},
    {operation::sinpi, -2, "-0"},
    {operation::sinpi, 0x1p1000, "+0"},
    {operation::cospi, 1, "-1"},
    {operation::cospi, -1, "-1"},
    {operation::cospi, 2, "1"},
    {operation::cospi, 0.5, "+0"},
    {operation::cospi, -0.5, "+0"},
    {operation::cospi, 1.5, "+0"},
    {operation::cospi, -1.5, "+0"},
    {operation::cospi, 0x1p1000, "1"},
    {operation::tanpi, 0.25, "1"},
    {operation::tanpi, -0.25, "-1"},
    {operation::tanpi, 0.75, "-1"},
    {operation::tanpi, 1.25, "1"},
    {operation::tanpi, 1, "-0"},
    {operation::tanpi, -1, "+0"},
    {operation::tanpi, 2, "+0"},
    {operation::tanpi, -2, "-0"},
    {operation::tanpi, 3, "-0"},
    {operation::tanpi, -0x1p1000, "-0"},
    {operation::asin, 1, "pi/2"},
    {operation::asin, -1, "-pi/2"},
    {operation::asin, above_one, "invalid"},
    {operation::asin, -above_one, "invalid"},
    {operation::acos, 1, "+0"},
    {operation::acos, -1, "pi"},
    {operation::acos, above_one, "invalid"},
    {operation::acos, -above_one, "invalid"},
    {operation::atan, 1, "pi/4"},
    {operation::atan, -1, "-pi/4"},
    {operation::asinpi, 1, "0.5"},
    {operation::asinpi, -1, "-0.5"},
    {operation::asinpi, 0.5, "1/6"},
    {operation::asinpi, -0.5, "-1/6"},
    {operation::asinpi, above_one, "invalid"},
    {operation::asinpi, -2, "invalid"},
    {operation::acospi, 1, "+0"},
    {operation::acospi, -1, "1"},
    {operation::acospi, 0.5, "1/3"},
    {operation::acospi, -0.5, "2/3"},
    {operation::acospi, 2, "invalid"},
    {operation::acospi, -above_one, "invalid"},
    {operation::atanpi, 1, "0.25"},
    {operation::atanpi, -1, "-0.25"},
    {operation::acosh, 1, "+0"},
    {operation::acosh, 1 - 0x1p-53, "invalid"},
    {operation::acosh, -1, "invalid"},
    {operation::acosh, -2, "invalid"},
    {operation::atanh, 1, "+pole"},
    {operation::atanh, -1, "-pole"},
    {operation::atanh, above_one, "invalid"},
    {operation::atanh, -above_one, "invalid"},
};

TEST_CASE("ELE-2 infinities and zeros") {
  tally t;
  for (const row& r : ieee_rows) {
    expect(r.op, {minus_infinity}, operation_rules::ieee754, result(r.minus_infinity), t);
    expect(r.op, {plus_infinity}, operation_rules::ieee754, result(r.plus_infinity), t);
    expect(r.op, {minus_zero}, operation_rules::ieee754, result(r.minus_zero), t);
    expect(r.op, {plus_zero}, operation_rules::ieee754, result(r.plus_zero), t);
  }
  oracle::report("IEEE 754", t);
  t = {};
  for (const operation_rules rules : {operation_rules::p3109_4_0, operation_rules::p3109_2026_07}) {
    for (const p3109_row& r : p3109_rows) {
      expect(r.op, {minus_infinity}, rules, result(r.minus_infinity), t);
      expect(r.op, {plus_infinity}, rules, result(r.plus_infinity), t);
      expect(r.op, {minus_zero}, rules, result(r.zero), t);
      expect(r.op, {plus_zero}, rules, result(r.zero), t);
    }
    // What P3109 does not have is the same there, apart from the signs of zeros.
    for (const row& r : ieee_rows) {
      if (lowp::info(r.op).p3109_name[0] != 0) continue;
      expect(r.op, {minus_infinity}, rules, result(r.minus_infinity), t);
      expect(r.op, {plus_infinity}, rules, result(r.plus_infinity), t);
      expect(r.op, {minus_zero}, rules, result(r.plus_zero), t);
      expect(r.op, {plus_zero}, rules, result(r.plus_zero), t);
    }
  }
  oracle::report("P3109", t);
}

TEST_CASE("ELE-2 NaN operands become quiet and stay what they were; signalling ones are invalid") {
  tally t;
  for (const operation_rules rules : all_rules) {
    for (const row& r : ieee_rows) {
      expect(r.op, {quiet}, rules, of_quiet, t);
      expect(r.op, {signalling}, rules, of_signalling, t);
    }
    for (const operation op : {operation::atan2, operation::atan2pi}) {
      for (const exact& x : {minus_infinity, plus_infinity, minus_zero, plus_zero, number(-1.5)}) {
        expect(op, {x, quiet}, rules, of_quiet, t);
        expect(op, {quiet, x}, rules, of_quiet, t);
        expect(op, {x, signalling}, rules, of_signalling, t);
        expect(op, {signalling, x}, rules, of_signalling, t);
      }
      expect(op, {quiet, signalling}, rules, {quiet, {lowp::status::invalid}}, t);
      expect(op, {signalling, quiet}, rules, of_signalling, t);
    }
  }
  for (const exact& x : {minus_infinity, plus_infinity, number(-1.5), number(2)}) {
    expect(operation::pow, {x, quiet}, operation_rules::ieee754, of_quiet, t);
    expect(operation::pow, {quiet, x}, operation_rules::ieee754, of_quiet, t);
    expect(operation::pow, {x, signalling}, operation_rules::ieee754, of_signalling, t);
    expect(operation::pow, {signalling, x}, operation_rules::ieee754, of_signalling, t);
  }
  expect(operation::pow, {quiet, quiet}, operation_rules::ieee754, of_quiet, t);
  oracle::report("NaN", t);
}

TEST_CASE("ELE-3 ELE-2 rational results, poles, domains") {
  tally t;
  for (const operation_rules rules : all_rules) {
    for (const point& p : points) expect(p.op, {number(p.x)}, rules, result(p.result), t);
  }
  oracle::report("points", t);
}

TEST_CASE("ELE-2 poles of tanpi by rules") {
  tally t;
  // n + 1/2: IEEE 754 +inf for even n, -inf for odd n, which is the sign of the sine.
  for (int n = -9; n < 9; ++n) {
    const exact x = number(n + 0.5);
    const unrounded pole = result(n % 2 == 0 ? "+pole" : "-pole");
    expect(operation::tanpi, {x}, operation_rules::ieee754, pole, t);
    expect(operation::tanpi, {x}, operation_rules::p3109_4_0, result("invalid"), t);
    expect(operation::tanpi, {x}, operation_rules::p3109_2026_07, pole, t);
  }
  oracle::report("tanpi", t);
}

enum class kind { minus_infinity, negative, minus_zero, plus_zero, positive, plus_infinity };

struct operand {
  kind k;
  exact x;
};

std::vector<operand> ladder_of_operands() {
  return {{kind::minus_infinity, minus_infinity},
          {kind::negative, number(-3)},
          {kind::negative, number(-0x1p-900)},
          {kind::minus_zero, minus_zero},
          {kind::plus_zero, plus_zero},
          {kind::positive, number(0x1p-900)},
          {kind::positive, number(7)},
          {kind::plus_infinity, plus_infinity}};
}

/// IEEE 754-2019 9.2.1, in turns of pi; nullptr: an ordinary point.
const char* atan2_turns(kind y, kind x) {
  const bool y_negative = y < kind::plus_zero;
  if (y == kind::minus_zero || y == kind::plus_zero) {
    if (x <= kind::minus_zero) return y_negative ? "-1" : "1";
    return y_negative ? "-0" : "+0";
  }
  if (y == kind::minus_infinity || y == kind::plus_infinity) {
    if (x == kind::minus_infinity) return y_negative ? "-0.75" : "0.75";
    if (x == kind::plus_infinity) return y_negative ? "-0.25" : "0.25";
    return y_negative ? "-0.5" : "0.5";
  }
  if (x == kind::minus_zero || x == kind::plus_zero) return y_negative ? "-0.5" : "0.5";
  if (x == kind::minus_infinity) return y_negative ? "-1" : "1";
  if (x == kind::plus_infinity) return y_negative ? "-0" : "+0";
  return nullptr;
}

/// p3109.md section 5, first match wins.
const char* p3109_atan2_turns(kind y, kind x, bool formal) {
  const auto zero = [](kind k) { return k == kind::minus_zero || k == kind::plus_zero; };
  const auto infinite = [](kind k) {
    return k == kind::minus_infinity || k == kind::plus_infinity;
  };
  if (zero(y) && zero(x)) return "invalid";
  if (infinite(y) && infinite(x)) return "invalid";
  if (x == kind::plus_infinity) return "+0";
  if (zero(y) && x == kind::positive) return "+0";
  if (y == kind::plus_infinity) return "0.5";
  if (y == kind::positive && zero(x)) return "0.5";
  if (x == kind::minus_infinity) return formal && y == kind::negative ? "-1" : "1";
  if (zero(y) && x == kind::negative) return "1";
  if (y == kind::minus_infinity) return "-0.5";
  if (y == kind::negative && zero(x)) return "-0.5";
  return nullptr;
}

/// Turns as radians.
std::string radians(const std::string& turns) {
  if (turns == "invalid" || turns == "+0" || turns == "-0") return turns;
  const std::string sign = turns[0] == '-' ? "-" : "+";
  const std::string size = turns[0] == '-' ? turns.substr(1) : turns;
  return sign + (size == "1" ? "pi" : size == "0.75" ? "3pi/4" : size == "0.5" ? "pi/2" : "pi/4");
}

TEST_CASE("ELE-2 ELE-3 atan2, atan2pi of zeros, infinities and diagonals") {
  tally t;
  for (const operation_rules rules : all_rules) {
    for (const operand& y : ladder_of_operands()) {
      for (const operand& x : ladder_of_operands()) {
        const char* turns =
            rules == operation_rules::ieee754
                ? atan2_turns(y.k, x.k)
                : p3109_atan2_turns(y.k, x.k, rules == operation_rules::p3109_2026_07);
        if (turns == nullptr) continue;
        expect(operation::atan2pi, {y.x, x.x}, rules, result(turns), t);
        expect(operation::atan2, {y.x, x.x}, rules, result(radians(turns)), t);
      }
    }
    for (const double size : {3.0, 0x1p-900, 0x1.8p700}) {
      const struct {
        double y, x;
        const char* turns;
      } diagonals[] = {{1, 1, "0.25"}, {1, -1, "0.75"}, {-1, -1, "-0.75"}, {-1, 1, "-0.25"}};
      for (const auto& d : diagonals) {
        const std::vector<exact> point = {number(d.y * size), number(d.x * size)};
        expect(operation::atan2pi, point, rules, result(d.turns), t);
        expect(operation::atan2, point, rules, result(radians(d.turns)), t);
      }
    }
  }
  oracle::report("atan2", t);
}

TEST_CASE("ELE-2 hypot of infinities and NaN by rules") {
  tally t;
  for (const operation_rules rules : all_rules) {
    const bool ieee = rules == operation_rules::ieee754;
    for (const exact& i : {minus_infinity, plus_infinity}) {
      for (const operand& x : ladder_of_operands()) {
        expect(operation::hypot, {i, x.x}, rules, result("+inf"), t);
        expect(operation::hypot, {x.x, i}, rules, result("+inf"), t);
      }
      expect(operation::hypot, {i, quiet}, rules, ieee ? result("+inf") : of_quiet, t);
      expect(operation::hypot, {quiet, i}, rules, ieee ? result("+inf") : of_quiet, t);
      expect(operation::hypot, {i, signalling}, rules, of_signalling, t);
      expect(operation::hypot, {signalling, i}, rules, of_signalling, t);
    }
    expect(operation::hypot, {minus_zero, minus_zero}, rules, result("+0"), t);
    expect(operation::hypot, {minus_zero, plus_zero}, rules, result("+0"), t);
    expect(operation::hypot, {number(-3), number(4)}, rules, result("5"), t);
    expect(operation::hypot, {minus_zero, number(-4)}, rules, result("4"), t);
    expect(operation::hypot, {quiet, number(1)}, rules, of_quiet, t);
  }
  oracle::report("hypot", t);
}

/// IEEE 754-2019 9.2.1, clause by clause; x and y as doubles, no NaN. Empty: an ordinary power.
std::string pow_special(double x, double y) {
  const bool integer = std::isfinite(y) && std::floor(y) == y;
  const bool odd = integer && std::fmod(y, 2) != 0;
  const bool minus = std::signbit(x);
  if (y == 0) return "1";
  if (x == 0) {
    if (std::isinf(y)) return y < 0 ? "+inf" : "+0";
    if (odd) return y < 0 ? (minus ? "-pole" : "+pole") : (minus ? "-0" : "+0");
    return y < 0 ? "+pole" : "+0";
  }
  if (x == 1) return "1";
  if (std::isinf(y)) {
    if (x == -1) return "1";
    const bool small = std::fabs(x) < 1;
    return small == (y > 0) ? "+0" : "+inf";
  }
  if (std::isinf(x)) {
    if (!minus) return y < 0 ? "+0" : "+inf";
    if (odd) return y < 0 ? "-0" : "-inf";
    return y < 0 ? "+0" : "+inf";
  }
  if (x < 0 && !integer) return "invalid";
  return {};
}

TEST_CASE("ELE-2 pow of special operands") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  std::vector<double> values;
  for (const double size : {0.0, least, 0x1p-30, 0.5, 0.75, 1.0, above_one, 1.5, 2.0, 3.0, 5.0,
                            0x1p52 + 1, 0x1p53 - 1, 0x1p53, 0x1p900, inf}) {
    values.push_back(size);
    values.push_back(-size);
  }
  tally t;
  const operation_rules rules = operation_rules::ieee754;
  for (const double x : values) {
    for (const double y : values) {
      const std::string words = pow_special(x, y);
      if (words.empty()) continue;
      expect(operation::pow, {number(x), number(y)}, rules, result(words), t);
    }
  }
  for (const exact& zero : {minus_zero, plus_zero}) {
    expect(operation::pow, {quiet, zero}, rules, result("1"), t);
    expect(operation::pow, {signalling, zero}, rules, of_signalling, t);
  }
  expect(operation::pow, {number(1), quiet}, rules, result("1"), t);
  expect(operation::pow, {number(1), signalling}, rules, of_signalling, t);
  oracle::report("pow, special", t);
}

TEST_CASE("ELE-3 pow of powers") {
  const struct {
    double x, y;
    const char* result;
  } rows[] = {{2, 10, "1024"},    {-2, 3, "-8"},
              {-2, -2, "0.25"},   {4, 0.5, "2"},
              {0.25, -1.5, "8"},  {81, 0.75, "27"},
              {-1, 0x1p900, "1"}, {-1, 0x1p53 - 1, "-1"},
              {1.5, 4, "5.0625"}, {0x1p-1000, 0.125, "0x1p-125"},
              {10, 22, "1e22"},   {6.25, 1.5, "15.625"},
              {-0.5, -3, "-8"},   {5, 1, "5"}};
  tally t;
  for (const auto& r : rows) {
    for (const operation_rules rules : all_rules) {
      expect(operation::pow, {number(r.x), number(r.y)}, rules, result(r.result), t);
    }
  }
  oracle::report("pow, rational", t);
}

// The whole way, decode to encode: P3109 formats and saturation.
TEST_CASE("ELE-2 special results reach their codes") {
  using namespace lowp::formats;
  const lowp::format p4se = lowp::p3109_format(8, 4, true, true);
  const projection rules{.no_infinity = lowp::no_infinity_rule::max_finite,
                         .negative = lowp::negative_rule::p3109,
                         .zero_sign = lowp::sign_rule::positive,
                         .rules = operation_rules::p3109_4_0};
  projection saturating = rules;
  saturating.overflow = lowp::saturate;
  const struct {
    operation op;
    lowp::format from;
    std::uint64_t code;
    lowp::format to;
    projection p;
    std::uint64_t want;
    std::uint8_t flags;
  } rows[] = {
      {operation::log, p4se, 0x00, p4se, rules, 0xff, lowp::status::divide_by_zero},
      {operation::log, p4se, 0x00, p4se, saturating, 0xfe,
       lowp::status::divide_by_zero | lowp::status::overflow | lowp::status::inexact |
           lowp::status::saturated},
      {operation::log, p4se, 0xc0, p4se, rules, 0x80, lowp::status::invalid},
      {operation::recip, p4se, 0x00, p4se, rules, 0x80, lowp::status::invalid},
      {operation::exp, p4se, 0xff, p4se, rules, 0x00, 0},
      {operation::exp, p4se, 0x00, p4se, rules, 0x40, 0},
      {operation::expm1, p4se, 0xff, p4se, rules, 0xc0, 0},
      {operation::tanh, p4se, 0x7f, p4se, rules, 0x40, 0},
      {operation::sinpi, binary16, 0xbc00, binary16, {}, 0x8000, 0},
      {operation::sinpi, binary16, 0xbc00, binary16, rules, 0x0000, 0},
      {operation::log,
       binary16,
       0x8000,
       e4m3fn,
       {},
       0xff,
       lowp::status::divide_by_zero | lowp::status::overflow | lowp::status::inexact},
      {operation::exp, binary16, 0x7c01, binary16, {}, 0x7e00, lowp::status::invalid},
  };
  tally t;
  for (const auto& r : rows) {
    const lowp::coded x[3] = {{r.from, r.code}};
    const lowp::encoded got = lowp::compute_with_status(r.op, r.to, r.p, 0, x);
    t.expect(got.code == r.want && got.flags.bits == r.flags, [&] {
      return std::string(lowp::info(r.op).name) + " of " + oracle::hex(r.code) + ": expected " +
             oracle::hex(r.want) + " flags " + std::to_string(r.flags) + ", got " +
             oracle::hex(got.code) + " flags " + std::to_string(got.flags.bits);
    });
  }
  oracle::report("codes", t);
}

}  // namespace
