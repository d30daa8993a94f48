// SPDX-License-Identifier: Apache-2.0
/// \file
/// Arithmetic in steps: exact results, rounded to nearest even after every operation. Numbers are
/// `value`s; NaNs have no sign and no payload.
#ifndef LOWP_TESTS_ORACLE_STEPS_HPP
#define LOWP_TESTS_ORACLE_STEPS_HPP

#include <algorithm>
#include <cstdint>

#include "values.hpp"

namespace oracle {

/// Significand bits and unit of the subnormals of a format with the exponents of binary32.
struct width_of_steps {
  int precision;
  long least_unit;
};
inline constexpr width_of_steps single{24, -149};
inline constexpr width_of_steps brain{8, -133};

/// x to the nearest multiple of 2^unit; ties to even, or as `tie` says: 1 up, -1 down.
inline real to_multiple(const real& x, long unit, int tie = 0) {
  if (x.is_zero() || x.e() >= unit) return x;
  const auto cut = static_cast<unsigned>(unit - x.e());
  integer q = x.n() >> cut;
  const integer rest = x.n() - (q << cut);
  const integer half = integer(1) << (cut - 1);
  const bool up_at_tie = tie == 0 ? q % 2 != 0 : tie > 0;
  if (rest > half || (rest == half && up_at_tie)) ++q;
  return {q, unit};
}

inline value not_a_number() { return {.cls = sort::nan, .payload = std::uint64_t{1} << 63}; }
inline value infinite(bool negative) { return {.cls = sort::infinity, .negative = negative}; }
inline value zero_of(bool negative) { return {.cls = sort::zero, .negative = negative}; }
inline value number_of(real magnitude, bool negative = false) {
  const sort cls = magnitude.is_zero() ? sort::zero : sort::finite;
  return {.cls = cls, .negative = negative, .magnitude = std::move(magnitude)};
}
inline value one() { return number_of(real{1, 0}); }
inline value greatest_single() { return number_of(real{(1 << 24) - 1, 104}); }

inline bool is_nan(const value& x) { return x.cls == sort::nan; }
inline bool is_zero(const value& x) { return x.cls == sort::zero; }
inline bool is_infinite(const value& x) { return x.cls == sort::infinity; }

/// A finite magnitude rounded to a format of steps.
inline value rounded(const real& x, bool negative, const width_of_steps& to = single) {
  if (x.is_zero()) return zero_of(negative);
  real r = to_multiple(x, std::max(x.top() - to.precision + 1, to.least_unit));
  if (!r.is_zero() && r.top() > 127) return infinite(negative);
  return number_of(std::move(r), negative);
}
inline value rounded(const value& x, const width_of_steps& to) {
  return x.cls == sort::finite ? rounded(x.magnitude, x.negative, to) : x;
}

inline value times(const value& a, const value& b) {
  const bool negative = a.negative != b.negative;
  if (is_nan(a) || is_nan(b)) return not_a_number();
  if (is_infinite(a) || is_infinite(b)) {
    return is_zero(a) || is_zero(b) ? not_a_number() : infinite(negative);
  }
  if (is_zero(a) || is_zero(b)) return zero_of(negative);
  return rounded({a.magnitude.n() * b.magnitude.n(), a.magnitude.e() + b.magnitude.e()}, negative);
}

/// a / b; what does not end is cut after far more bits than rounding looks at, with a one after it.
inline value over(const value& a, const value& b) {
  const bool negative = a.negative != b.negative;
  if (is_nan(a) || is_nan(b)) return not_a_number();
  if (is_infinite(a)) return is_infinite(b) ? not_a_number() : infinite(negative);
  if (is_infinite(b)) return zero_of(negative);
  if (is_zero(b)) return is_zero(a) ? not_a_number() : infinite(negative);
  if (is_zero(a)) return zero_of(negative);
  integer q, rest;
  boost::multiprecision::divide_qr(integer(a.magnitude.n() << 64U), b.magnitude.n(), q, rest);
  return rounded({2 * q + (rest == 0 ? 0 : 1), a.magnitude.e() - b.magnitude.e() - 65}, negative);
}

inline value opposite_of(value x) {
  x.negative = !is_nan(x) && !x.negative;
  return x;
}
inline value magnitude_of(value x) {
  x.negative = false;
  return x;
}

inline value plus(const value& a, const value& b) {
  if (is_nan(a) || is_nan(b)) return not_a_number();
  if (is_infinite(a)) return is_infinite(b) && a.negative != b.negative ? not_a_number() : a;
  if (is_infinite(b) || (is_zero(a) && !is_zero(b))) return b;
  if (is_zero(b)) return is_zero(a) ? zero_of(a.negative && b.negative) : a;
  if (a.negative == b.negative) return rounded(a.magnitude + b.magnitude, a.negative);
  const int order = compare(a.magnitude, b.magnitude);
  if (order == 0) return zero_of(false);
  return order > 0 ? rounded(a.magnitude - b.magnitude, a.negative)
                   : rounded(b.magnitude - a.magnitude, b.negative);
}

/// a < b of numbers that are not negative; false with NaN.
inline bool is_less(const value& a, const value& b) {
  if (is_nan(a) || is_nan(b) || is_infinite(a)) return false;
  return is_infinite(b) || a.magnitude < b.magnitude;
}

/// The number with these bits of binary32.
inline value single_of(std::uint32_t bits) {
  static const description binary32 = ieee("", 8, 23);
  return value_of(binary32, bits);
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_STEPS_HPP
