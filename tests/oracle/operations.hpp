// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the algebraic operations yield before they are rounded, by big integers and by the tables
/// of IEEE 754-2019 (sections 5.3, 5.4, 6.1 to 6.3, 7.2, 7.3, 9.2.1), C23 Annex F and p3109.md
/// sections 4 and 5.
#ifndef LOWP_TESTS_ORACLE_OPERATIONS_HPP
#define LOWP_TESTS_ORACLE_OPERATIONS_HPP

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include <lowp/projection.hpp>

#include "real.hpp"
#include "values.hpp"

namespace oracle {

/// A result and the flags that the operation itself raises: invalid, divide_by_zero.
///
/// Quotients and roots that do not end are represented by a stand-in: the first `stand_in_bits`
/// bits and a 1. Every number of fewer bits compares with both in the same way, and the values,
/// middles and other points where a rounding of a format changes have 100 bits at most.
struct answer {
  value v;
  std::uint8_t flags = 0;
};

inline constexpr long stand_in_bits = 256;

inline value finite(bool negative, real magnitude) {
  return {.cls = magnitude.is_zero() ? sort::zero : sort::finite,
          .negative = negative,
          .magnitude = std::move(magnitude)};
}
inline value zero(bool negative) { return {.cls = sort::zero, .negative = negative}; }
inline value infinity(bool negative) { return {.cls = sort::infinity, .negative = negative}; }
inline value quiet_nan() { return {.cls = sort::nan, .payload = std::uint64_t{1} << 63}; }

inline bool ieee(const lowp::projection& p) { return p.rules == lowp::operation_rules::ieee754; }

inline bool is_signalling(const value& x) { return x.cls == sort::nan && x.payload >> 63 == 0; }

inline answer invalid() { return {quiet_nan(), lowp::status::invalid}; }

/// The first NaN of the operands made quiet; invalid if one of them is signalling. 6.2.3
inline std::optional<answer> nan_among(const std::vector<value>& operands) {
  std::optional<answer> found;
  std::uint8_t flags = 0;
  for (const value& x : operands) {
    if (x.cls != sort::nan) continue;
    if (!found) {
      found = answer{x, 0};
      found->v.payload |= std::uint64_t{1} << 63;
    }
    if (is_signalling(x)) flags = lowp::status::invalid;
  }
  if (found) found->flags = flags;
  return found;
}

inline value with_sign(value x, bool negative) {
  x.negative = negative;
  return x;
}
inline value opposite(const value& x) { return x.cls == sort::nan ? x : with_sign(x, !x.negative); }

// Dyadic numbers.

inline real product(const real& a, const real& b) { return {a.n() * b.n(), a.e() + b.e()}; }

/// n x 2^e, or if more follows, the stand-in.
inline real with_rest(const integer& n, long e, bool rest) {
  return rest ? real{2 * n + 1, e - 1} : real{n, e};
}

inline real quotient(const real& a, const real& b) {
  if (a.is_zero()) return {};
  const long size = static_cast<long>(msb(b.n())) - static_cast<long>(msb(a.n()));
  const long shift = std::max(0L, stand_in_bits + size + 1);
  integer q;
  integer rest;
  divide_qr(integer(a.n() << static_cast<unsigned>(shift)), b.n(), q, rest);
  return with_rest(q, a.e() - b.e() - shift, rest != 0);
}

inline real square_root(const real& a) {
  if (a.is_zero()) return {};
  const long size = static_cast<long>(msb(a.n()));
  long shift = std::max(0L, 2 * stand_in_bits - size + 2);
  if ((a.e() - shift) % 2 != 0) ++shift;
  integer rest;
  const integer root =
      boost::multiprecision::sqrt(integer(a.n() << static_cast<unsigned>(shift)), rest);
  return with_rest(root, (a.e() - shift) / 2, rest != 0);
}

/// 1 / sqrt(a): the root of floor(2^k / n) is the floor of the root of 2^k / n.
inline real reciprocal_root(const real& a) {
  const long size = static_cast<long>(msb(a.n()));
  long k = 2 * stand_in_bits + size + 2;
  if ((a.e() + k) % 2 != 0) ++k;
  const integer power = integer(1) << static_cast<unsigned>(k);
  const integer root = boost::multiprecision::sqrt(integer(power / a.n()));
  return with_rest(root, -(a.e() + k) / 2, root * root * a.n() != power);
}

// Sums and products.

/// x1 + x2 + ...; 6.3: a sum of zeros of one sign has that sign, and otherwise a zero sum is
/// positive, or negative when rounding toward negative.
inline answer sum_of(const std::vector<value>& terms, const lowp::projection& p) {
  if (auto nan = nan_among(terms)) return *nan;
  bool infinite[2] = {};
  bool only_zeros[2] = {true, true};  // all terms are zeros of this sign
  real total[2];
  for (const value& x : terms) {
    if (x.cls == sort::infinity) infinite[x.negative] = true;
    if (x.cls == sort::finite) total[x.negative] = total[x.negative] + x.magnitude;
    only_zeros[!x.negative] = false;
    if (x.cls != sort::zero) only_zeros[x.negative] = false;
  }
  if (infinite[0] && infinite[1]) return invalid();
  if (infinite[0] || infinite[1]) return {infinity(infinite[1])};
  if (only_zeros[0] || only_zeros[1]) return {zero(only_zeros[1])};
  const int order = compare(total[0], total[1]);
  if (order == 0) return {zero(p.round == lowp::rounding::toward_negative)};
  return {finite(order < 0, order < 0 ? total[1] - total[0] : total[0] - total[1])};
}

/// The product of two operands that are not NaN; nothing for 0 x infinity. 7.2 b
inline std::optional<value> product_of(const value& x, const value& y) {
  const bool negative = x.negative != y.negative;
  const bool infinite = x.cls == sort::infinity || y.cls == sort::infinity;
  const bool zeroes = x.cls == sort::zero || y.cls == sort::zero;
  if (infinite && zeroes) return {};
  if (infinite) return infinity(negative);
  if (zeroes) return zero(negative);
  return finite(negative, product(x.magnitude, y.magnitude));
}

inline answer add(const value& x, const value& y, const lowp::projection& p) {
  return sum_of({x, y}, p);
}

inline answer subtract(const value& x, const value& y, const lowp::projection& p) {
  return sum_of({x, opposite(y)}, p);
}

inline answer multiply(const value& x, const value& y, const lowp::projection&) {
  if (auto nan = nan_among({x, y})) return *nan;
  const auto v = product_of(x, y);
  return v ? answer{*v} : invalid();
}

/// 7.2 c leaves open what 0 x infinity + NaN signals; lowp says invalid (ARI-5). P3109 knows
/// no such flag.
inline answer fma(const value& x, const value& y, const value& z, const lowp::projection& p) {
  if (auto nan = nan_among({x, y, z})) {
    const bool undefined = x.cls != sort::nan && y.cls != sort::nan && !product_of(x, y);
    if (undefined && ieee(p)) nan->flags = lowp::status::invalid;
    return *nan;
  }
  const auto v = product_of(x, y);
  return v ? sum_of({*v, z}, p) : invalid();
}

inline answer faa(const value& x, const value& y, const value& z, const lowp::projection& p) {
  answer r = sum_of({x, y, z}, p);
  // Infinities of both signs are invalid beside a NaN, too (ARI-5).
  bool positive = false, negative = false;
  for (const value& v : {x, y, z}) {
    if (v.cls == sort::infinity) (v.negative ? negative : positive) = true;
  }
  if (positive && negative && ieee(p)) r.flags |= lowp::status::invalid;
  return r;
}

// Quotients.

inline answer divide(const value& x, const value& y, const lowp::projection& p) {
  if (auto nan = nan_among({x, y})) return *nan;
  const bool negative = x.negative != y.negative;
  if (x.cls == sort::infinity && y.cls == sort::infinity) return invalid();
  if (y.cls == sort::zero) {
    if (!ieee(p) || x.cls == sort::zero) return invalid();
    // 7.3: divideByZero only where an exact infinite result comes from finite operands.
    if (x.cls == sort::infinity) return {infinity(negative)};
    return {infinity(negative), lowp::status::divide_by_zero};
  }
  if (x.cls == sort::infinity) return {infinity(negative)};
  if (y.cls == sort::infinity || x.cls == sort::zero) return {zero(negative)};
  return {finite(negative, quotient(x.magnitude, y.magnitude))};
}

inline answer recip(const value& x, const lowp::projection& p) {
  return divide(finite(false, {1, 0}), x, p);
}

// Roots.

inline answer sqrt(const value& x, const lowp::projection&) {
  if (auto nan = nan_among({x})) return *nan;
  if (x.cls == sort::zero) return {x};
  if (x.negative) return invalid();
  if (x.cls == sort::infinity) return {x};
  return {finite(false, square_root(x.magnitude))};
}

inline answer rsqrt(const value& x, const lowp::projection& p) {
  if (auto nan = nan_among({x})) return *nan;
  if (x.cls == sort::zero) {  // 9.2.1: rSqrt(+-0) is +-infinity and signals divideByZero
    return ieee(p) ? answer{infinity(x.negative), lowp::status::divide_by_zero} : invalid();
  }
  if (x.negative) return invalid();
  if (x.cls == sort::infinity) return {zero(false)};
  return {finite(false, reciprocal_root(x.magnitude))};
}

inline answer hypot(const value& x, const value& y, const lowp::projection& p) {
  const bool signalling = is_signalling(x) || is_signalling(y);
  const bool infinite = x.cls == sort::infinity || y.cls == sort::infinity;
  // 9.2.1: infinite even if the other operand is a quiet NaN.
  if (ieee(p) && infinite && !signalling) return {infinity(false)};
  if (auto nan = nan_among({x, y})) return *nan;
  if (infinite) return {infinity(false)};
  const real& a = x.magnitude;
  const real& b = y.magnitude;
  return {finite(false, square_root(product(a, a) + product(b, b)))};
}

// Operations of integers.

/// n and whether something is left of it, of a quotient of dyadic numbers above zero.
struct whole_part {
  integer n;
  int half = -1;  ///< -1, 0, 1: the rest is below, at, above one half
  bool exact = true;
};

inline whole_part divide_whole(const real& a, const real& b) {
  const long unit = std::min(a.e(), b.e());
  const integer divisor = b.in_units(unit);
  whole_part w;
  integer rest;
  divide_qr(a.in_units(unit), divisor, w.n, rest);
  const integer twice = 2 * rest;
  w.half = twice < divisor ? -1 : twice == divisor ? 0 : 1;
  w.exact = rest == 0;
  return w;
}

/// x - n y with n the quotient rounded to even or truncated; 5.3.1, C23 7.12.10. A zero result has
/// the sign of x.
inline answer remainder_of(const value& x, const value& y, bool nearest) {
  if (auto nan = nan_among({x, y})) return *nan;
  if (x.cls == sort::infinity || y.cls == sort::zero) return invalid();
  if (y.cls == sort::infinity || x.cls == sort::zero) return {x};
  const whole_part w = divide_whole(x.magnitude, y.magnitude);
  const real below = x.magnitude - y.magnitude * w.n;
  const bool up = nearest && (w.half > 0 || (w.half == 0 && w.n % 2 != 0));
  if (!up) return {finite(x.negative, below)};
  return {finite(!x.negative, y.magnitude - below)};
}

inline answer remainder(const value& x, const value& y, const lowp::projection&) {
  return remainder_of(x, y, true);
}
inline answer fmod(const value& x, const value& y, const lowp::projection&) {
  return remainder_of(x, y, false);
}

/// To an integer by one of the modes of 5.9; the sign stays.
inline answer to_integer(const value& x, lowp::rounding mode) {
  if (auto nan = nan_among({x})) return *nan;
  if (x.cls != sort::finite) return {x};
  const whole_part w = divide_whole(x.magnitude, {1, 0});
  bool away = false;
  switch (mode) {
    case lowp::rounding::to_nearest_even: away = w.half > 0 || (w.half == 0 && w.n % 2 != 0); break;
    case lowp::rounding::to_nearest_away: away = w.half >= 0; break;
    case lowp::rounding::toward_positive: away = !w.exact && !x.negative; break;
    case lowp::rounding::toward_negative: away = !w.exact && x.negative; break;
    default: break;
  }
  return {finite(x.negative, {integer(w.n + (away ? 1 : 0)), 0})};
}

/// floor(log2 |x|), of dyadic numbers; 5.3.3.
inline answer logb(const value& x, const lowp::projection&) {
  if (auto nan = nan_among({x})) return *nan;
  if (x.cls == sort::infinity) return {infinity(false)};
  if (x.cls == sort::zero) return {infinity(true), lowp::status::divide_by_zero};
  const long n = x.magnitude.top();
  return {finite(n < 0, {static_cast<std::uint64_t>(n < 0 ? -n : n), 0})};
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_OPERATIONS_HPP
