// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums, products, quotients and roots of finite non-zero values, cut to 128 bits and a rest.
/// Operands are values of codes (64 bits, no rest) unless a function says more.
#ifndef LOWP_DETAIL_EXACT_ARITHMETIC_HPP
#define LOWP_DETAIL_EXACT_ARITHMETIC_HPP

#include "../compare.hpp"
#include "wide.hpp"

namespace lowp::detail {

/// x + y, +0 if they cancel. Operands of 128 bits; the lesser one may have a rest if it is less
/// than a quarter of the other.
LOWP_FN exact add_finite(exact x, exact y) noexcept {
  x = normalized(x);
  y = normalized(y);
  if (compare_magnitudes(x, y) == ordering::less) swap_values(x, y);
  // The greater one below the top bit, which takes the carry; 127 bits of room below it. What falls
  // off there is less than any bit that can matter, because then at most one leading bit cancels.
  bool lost = y.sticky;
  const uint128 a = significand_of(x);
  const uint128 b = significand_of(y);
  const uint256 greater{a >> 1, a << 127};
  const uint256 lesser = shift_right({b >> 1, b << 127}, x.exponent - y.exponent, lost);
  const std::int32_t exponent = x.exponent - 191;
  if (x.negative == y.negative) return exact_from(x.negative, greater + lesser, exponent, lost);
  uint256 difference = greater - lesser;
  if (lost) difference = difference - uint256{0, 1};
  if (difference == uint256{}) return exact_zero();
  return exact_from(x.negative, difference, exponent, lost);
}

/// x y; operands of 128 bits.
LOWP_FN exact multiply_finite(const exact& x, const exact& y) noexcept {
  const bool negative = x.negative != y.negative;
  if (x.tail == 0 && y.tail == 0) {
    return exact_wide(negative, uint128{x.significand} * y.significand, x.exponent + y.exponent,
                      false);
  }
  return exact_from(negative, multiply_wide(significand_of(x), significand_of(y)),
                    x.exponent + y.exponent - 128, false);
}

/// x + y + z, +0 if they cancel.
LOWP_FN exact add_three(exact x, exact y, exact z) noexcept {
  // The greatest first.
  if (compare_magnitudes(x, y) == ordering::less) swap_values(x, y);
  if (compare_magnitudes(x, z) == ordering::less) swap_values(x, z);
  if (compare_magnitudes(y, z) == ordering::less) swap_values(y, z);
  const exact leading = add_finite(x, y);
  if (leading.cls == number_class::zero) return z;
  if (!leading.sticky) return add_finite(leading, z);
  // x is more than 2^63 times the others: their sum may be cut.
  const exact rest = add_finite(y, z);
  return rest.cls == number_class::zero ? x : add_finite(x, rest);
}

/// x / y; operands of 128 bits.
LOWP_FN exact divide_finite(exact x, exact y) noexcept {
  x = normalized(x);
  y = normalized(y);
  const bool negative = x.negative != y.negative;
  const bool narrow = x.tail == 0 && y.tail == 0;  // the same quotient, by shorter division
  const uint128 dividend = narrow ? uint128{x.significand} : significand_of(x);
  const uint128 divisor = narrow ? uint128{y.significand} : significand_of(y);
  const int n = dividend >= divisor ? 127 : 128;
  uint128 remainder = 0;
  const uint128 quotient = divide_wide(dividend, n, divisor, remainder);
  return exact_wide(negative, quotient, x.exponent - y.exponent - n, remainder != 0);
}

/// The square root of x 2^exponent, where bit 255 or 254 of x is set and `rest` follows it; the
/// exponent is even.
LOWP_FN exact sqrt_of(const uint256& x, std::int32_t exponent, bool rest) noexcept {
  const uint128 root = integer_sqrt(x);
  rest = rest || !(multiply_wide(root, root) == x);
  return exact_wide(false, root, exponent / 2, rest);
}

/// sqrt(x) of x > 0 of 128 bits.
LOWP_FN exact sqrt_finite(exact x) noexcept {
  x = normalized(x);
  // x = significand 2^(exponent - 64) = (significand 2^k) 2^(exponent - 64 - k)
  const int k = (x.exponent & 1) != 0 ? 127 : 128;
  return sqrt_of(shift_left({0, significand_of(x)}, k), x.exponent - 64 - k, false);
}

/// 1 / sqrt(x) of x > 0: the root of floor(2^n / x), which has the same integer part. It ends only
/// for even powers of two.
LOWP_FN exact rsqrt_finite(exact x) noexcept {
  x = normalized(x);
  const bool power = x.significand == std::uint64_t{1} << 63;
  if (power && ((x.exponent + 63) & 1) == 0) return exact_finite(false, 1, -(x.exponent + 63) / 2);
  // 2^n / significand in 255 or 256 bits, n even or odd as the exponent.
  const int n = (x.exponent & 1) != 0 ? 319 : 318;
  uint128 remainder = 0;
  const uint128 high = divide_wide(uint128{1} << 127, n - 255, x.significand, remainder);
  const uint128 low = divide_wide(remainder, 128, x.significand, remainder);
  return sqrt_of({high, low}, -n - x.exponent, true);
}

/// sqrt(x^2 + y^2)
LOWP_FN exact hypot_finite(exact x, exact y) noexcept {
  x = normalized(x);
  y = normalized(y);
  if (compare_magnitudes(x, y) == ordering::less) swap_values(x, y);
  bool lost = false;
  const uint128 a = uint128{x.significand} * x.significand;
  const uint128 b = uint128{y.significand} * y.significand;
  // x^2 = a 2^(2 x.exponent) with two bits of room above, 126 bits below.
  const std::int32_t distance = 2 * (x.exponent - y.exponent);
  const uint256 sum = uint256{a >> 2, a << 126} + shift_right({b >> 2, b << 126}, distance, lost);
  // Bit 253 to 254: one or two places up, keeping the exponent even.
  const std::int32_t exponent = 2 * x.exponent - 126;
  const int up = sum.high >> 126 != 0 ? 0 : 2;
  return sqrt_of(shift_left(sum, up), exponent - up, lost);
}

/// |x| mod |y| with the sign of x, and the parity of the integer quotient.
LOWP_FN exact modulo(exact x, exact y, bool& odd) noexcept {
  x = normalized(x);
  y = normalized(y);
  odd = false;
  if (compare_magnitudes(x, y) == ordering::less) return x;
  std::uint64_t rest = x.significand % y.significand;
  odd = (x.significand / y.significand & 1) != 0;
  std::int32_t left = x.exponent - y.exponent;
  while (left > 0) {
    const int step = left < 64 ? left : 64;
    const uint128 dividend = uint128{rest} << step;
    odd = (dividend / y.significand & 1) != 0;
    rest = static_cast<std::uint64_t>(dividend % y.significand);
    left -= step;
  }
  return exact_finite(x.negative, rest, y.exponent);
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_EXACT_ARITHMETIC_HPP
