// SPDX-License-Identifier: Apache-2.0
/// \file
/// Results of the elementary functions that have an end: the numbers of 128 bits among them. All
/// others are irrational (by the theorems of Lindemann, Gelfond-Schneider and Niven), or rational
/// with a binary expansion that goes on beyond 128 bits. spec/elementary.md ELE-3.
#ifndef LOWP_DETAIL_ELEMENTARY_RESULTS_HPP
#define LOWP_DETAIL_ELEMENTARY_RESULTS_HPP

#include "enclosure.hpp"

namespace lowp::detail {

/// A finite value as odd x 2^exponent; `fits` if odd has at most 64 bits and there is no rest.
struct odd_form {
  bool fits = false;
  std::uint64_t odd = 0;
  std::int64_t exponent = 0;
};
LOWP_FN odd_form as_odd(const exact& x) noexcept {
  if (x.sticky || x.tail != 0) return {};
  const int zeros = trailing_zeros(x.significand);
  return {true, x.significand >> zeros, std::int64_t{x.exponent} + zeros};
}

LOWP_FN exact exact_power_of_two(std::int64_t n, bool negative = false) noexcept {
  if (n > exponent_bound) n = exponent_bound;
  if (n < -exponent_bound) n = -exponent_bound;
  return exact_finite(negative, 1, static_cast<std::int32_t>(n));
}
LOWP_FN exact exact_integer(std::int64_t n) noexcept {
  return exact_finite(n < 0, static_cast<std::uint64_t>(n < 0 ? -n : n), 0);
}

/// x = +-2^n.
LOWP_FN bool is_power_of_two(const exact& x, std::int32_t n) noexcept {
  return !x.sticky && x.tail == 0 && x.significand == std::uint64_t{1} << 63 && binade(x) == n;
}

/// x as an integer; false if it is none or beyond +-2^32.
LOWP_FN bool small_integer(const exact& x, std::int64_t& n) noexcept {
  const odd_form f = as_odd(x);
  if (!f.fits || f.exponent < 0 || binade(x) > 32) return false;
  n = static_cast<std::int64_t>(f.odd << f.exponent);
  if (x.negative) n = -n;
  return true;
}

/// base^n x 2^exponent for an odd base > 1; false if base^n has more than 128 bits.
LOWP_FN bool exact_odd_power(bool negative, std::uint64_t base, std::uint64_t n,
                             std::int64_t exponent, exact& r) noexcept {
  if (n > 80) return false;  // 3^81 > 2^128
  uint128 p = 1;
  for (std::uint64_t i = 0; i < n; ++i) {
    const uint256 next = multiply_wide(p, base);
    if (next.high != 0) return false;
    p = next.low;
  }
  if (exponent > exponent_bound) exponent = exponent_bound;
  if (exponent < -exponent_bound) exponent = -exponent_bound;
  r = exact_wide(negative, p, static_cast<std::int32_t>(exponent), false);
  return true;
}

/// floor(cbrt n).
LOWP_FN std::uint64_t integer_cbrt(std::uint64_t n) noexcept {
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << 21; bit != 0; bit >>= 1) {
    const std::uint64_t t = root | bit;
    if (uint128{t} * t * t <= n) root = t;
  }
  return root;
}

LOWP_FN bool exact_cbrt(const exact& x, exact& r) noexcept {
  const odd_form f = as_odd(x);
  if (!f.fits || f.exponent % 3 != 0) return false;
  const std::uint64_t root = integer_cbrt(f.odd);
  if (root * root * root != f.odd) return false;
  r = exact_finite(x.negative, root, static_cast<std::int32_t>(f.exponent / 3));
  return true;
}

/// x^y for finite non-zero operands, `negative` the sign of the result.
LOWP_FN bool exact_power(const exact& x, const exact& y, bool negative, exact& r) noexcept {
  const odd_form fy = as_odd(y);
  if (!fy.fits) {
    if (!is_power_of_two(x, 0)) return false;
    r = exact_power_of_two(0, negative);
    return true;
  }
  const binary_root root = as_binary_root(x);
  if (root.is_one) {  // 2^(log / 64 x odd x 2^exponent)
    if (root.log == 0) {
      r = exact_power_of_two(0, negative);
      return true;
    }
    const auto log = static_cast<std::uint64_t>(root.log < 0 ? -root.log : root.log);
    const int zeros = trailing_zeros(log);
    const std::int64_t e = fy.exponent + zeros - 6;
    if (e < 0) return false;
    const uint128 product = uint128{log >> zeros} * fy.odd;
    const bool small = e < 30 && high_half(product) == 0 && low_half(product) >> 30 == 0;
    const std::int64_t n =
        small ? static_cast<std::int64_t>(low_half(product) << e) : std::int64_t{1} << 30;
    r = exact_power_of_two((root.log < 0) != y.negative ? -n : n, negative);
    return true;
  }
  odd_form fx = as_odd(x);
  if (!fx.fits || y.negative) return false;
  std::int64_t exponent = fy.exponent;
  for (; exponent < 0; ++exponent) {  // square roots
    if ((fx.exponent & 1) != 0) return false;
    const int shift = (leading_zeros(fx.odd) & ~1) + 64;
    const std::uint64_t s = integer_sqrt(uint128{fx.odd} << shift) >> (shift / 2);
    if (s * s != fx.odd) return false;
    fx = {true, s, fx.exponent / 2};
  }
  if (exponent > 6 || fy.odd > 80) return false;
  const std::uint64_t n = fy.odd << exponent;
  return exact_odd_power(negative, fx.odd, n, fx.exponent * static_cast<std::int64_t>(n), r);
}

/// sin, cos and tan of multiples of pi/2 and pi/4. Zeros and poles as IEEE 754-2019 9.2 has them.
template <operation Op>
LOWP_FN bool exact_circular(const exact& x, exact& r) noexcept {
  using enum operation;
  if (x.sticky) return false;
  const interval<3> v = load<3>(x);
  if (Op == tanpi) {
    const turns<3> eighths = split(scaled(v, 2));
    if (is_zero(eighths.rest) && (eighths.quarters & 1) != 0) {
      r = exact_power_of_two(0, eighths.quarters == 3);
      return true;
    }
  }
  const turns<3> t = split(scaled(v, 1));
  if (!is_zero(t.rest)) return false;
  const bool odd = (t.quarters & 1) != 0, second = (t.quarters & 2) != 0;
  if (Op == sinpi) r = odd ? exact_power_of_two(0, second) : exact_zero(x.negative);
  if (Op == cospi) r = odd ? exact_zero() : exact_power_of_two(0, second);
  if (Op == tanpi) r = odd ? exact_infinity(second) : exact_zero(x.negative != second);
  return true;
}

/// True, with the result, if Op at these finite non-zero operands is a number of 128 bits (or a
/// pole). x and y are normalized and in the domain.
template <operation Op>
LOWP_FN bool exact_result(const exact* operands, exact& r) noexcept {
  using enum operation;
  const exact& x = operands[0];
  const bool unit = is_power_of_two(x, 0);
  if constexpr (Op == sinpi || Op == cospi || Op == tanpi) return exact_circular<Op>(x, r);
  if constexpr (Op == cbrt) return exact_cbrt(x, r);
  if constexpr (Op == log || Op == acos || Op == acosh) {
    if (!unit || x.negative) return false;
    r = exact_zero();
    return true;
  }
  if constexpr (Op == log2) {
    const binary_root root = as_binary_root(x);
    if (!root.is_one) return false;
    r = exact_integer(root.log);
    r.exponent -= r.cls == number_class::finite ? 6 : 0;
    return true;
  }
  if constexpr (Op == log10) {  // 10^n = 5^n x 2^n
    const odd_form f = as_odd(x);
    if (!f.fits || f.exponent < 0 || f.exponent > 27) return false;
    std::uint64_t five = 1;
    for (std::int64_t i = 0; i < f.exponent; ++i) five *= 5;
    if (five != f.odd) return false;
    r = exact_integer(f.exponent);
    return true;
  }
  if constexpr (Op == exp2) {
    const odd_form f = as_odd(x);
    if (!f.fits || f.exponent < 0) return false;
    std::int64_t n = 0;
    if (!small_integer(x, n)) n = x.negative ? -exponent_bound : exponent_bound;
    r = exact_power_of_two(n);
    return true;
  }
  if constexpr (Op == exp10) {
    std::int64_t n = 0;
    return small_integer(x, n) && n > 0 &&
           exact_odd_power(false, 5, static_cast<std::uint64_t>(n), n, r);
  }
  if constexpr (Op == asinpi || Op == acospi) {  // at +-1 and +-sqrt(1/2)
    const bool diagonal = surd_index(x) == 32 && binade(x) == -1;
    if (!unit && !diagonal) return false;
    if (Op == asinpi) {
      r = exact_power_of_two(unit ? -1 : -2, x.negative);
    } else if (unit) {
      r = x.negative ? exact_integer(1) : exact_zero();
    } else {
      r = exact_finite(false, x.negative ? 3 : 1, -2);
    }
    return true;
  }
  if constexpr (Op == atanpi) {
    if (!unit) return false;
    r = exact_power_of_two(-2, x.negative);
    return true;
  }
  if constexpr (Op == atan2pi) {
    const exact& c = operands[1];
    if (x.significand != c.significand || x.tail != c.tail || x.exponent != c.exponent) {
      return false;
    }
    r = exact_finite(x.negative, c.negative ? 3 : 1, -2);
    return true;
  }
  return false;
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_ELEMENTARY_RESULTS_HPP
