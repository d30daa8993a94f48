// SPDX-License-Identifier: Apache-2.0
/// \file
/// Quotients and square roots of the short way of arithmetic, to as many bits as rounding needs.
#ifndef LOWP_DETAIL_SHORT_QUOTIENT_HPP
#define LOWP_DETAIL_SHORT_QUOTIENT_HPP

#include <cstdint>
#include <type_traits>

#include "short_number.hpp"

namespace lowp::detail {

/// The digits of a quotient that are computed.
struct quotient_digits {
  int count = 0;        ///< behind the point
  bool enough = false;  ///< an estimate of so many digits tells exact quotients from others
};

LOWP_INLINE_FN quotient_digits digits_of_quotient(format x, format y, format to) noexcept {
  // With 2^11 <= y < 2^12, and x below 2^12 by as much as it lacks bits, quotients and the values
  // between which `to` rounds are multiples of 2^-places / y', where y' < 2^precision.
  const int places = to.precision + x.precision;
  if (y.precision <= 5 && places + y.precision <= 12) return {places + y.precision, true};
  return {to.precision + 2, false};
}

/// 2^count x / y, truncated, where 2^11 <= y < 2^12, and 2^11 <= x < 2^12 unless digits are
/// `enough`. Without a division, which processors do not have in vectors: a parabola within 1/97 of
/// 2^30 / y, then Newton's step, which squares the error. With `enough` digits the result may be
/// too great, but by less than one step; otherwise its last bit stands for all below. Tried for all
/// x and y.
LOWP_INLINE_FN std::uint32_t divided(std::uint32_t x, std::uint32_t y,
                                     quotient_digits digits) noexcept {
  constexpr std::uint32_t one = std::uint32_t{1} << 30;
  const std::uint32_t inverse = 1113221 - ((y * (764154 - 83 * y)) >> 11);
  const std::uint32_t product = y * inverse;
  const std::uint32_t guess = x * inverse;
  if (digits.enough) {
    const std::uint32_t quotient = (guess >> 14) * ((2 * one - product) >> 15);
    return (quotient + 501000) >> (31 - digits.count);
  }
  const auto error = static_cast<std::int32_t>(one - product) >> 12;
  const auto change = static_cast<std::int32_t>((guess >> 13) * static_cast<std::uint32_t>(error));
  const int count = digits.count - 1;
  std::uint32_t quotient = (guess + static_cast<std::uint32_t>(change >> 5)) >> (30 - count);
  // This is less than x / y, by one at most or, with 13 digits, by two: the rest tells.
  std::uint32_t rest = (x << count) - quotient * y;
  if (count > 12) {
    const std::uint32_t again = mask(y - rest);
    quotient -= again;
    rest -= y & again;
  }
  return 2 * quotient + 2 + mask(rest - y) + ((y - rest) >> 31);
}

/// x / y but for NaN operands.
LOWP_INLINE_FN short_number<std::uint32_t> short_quotient(const short_number<std::uint32_t>& x,
                                                          const short_number<std::uint32_t>& y,
                                                          int x_bits, quotient_digits digits,
                                                          const projection& p) noexcept {
  constexpr int top = 32 - short_precision;
  const int up_x = digits.enough ? short_precision - x_bits : zeros_above(x.significand | 1) - top;
  const int up_y = zeros_above(y.significand | 1) - top;
  short_number<std::uint32_t> r;
  r.significand = divided(x.significand << up_x, y.significand << up_y, digits);
  r.exponent = x.exponent - up_x - (y.exponent - up_y) - digits.count;
  r.negative = x.negative ^ y.negative;
  const std::uint32_t of_zero = is_zero(x.significand);
  const std::uint32_t over_zero = is_zero(y.significand);
  r.zero = of_zero | y.infinite;
  r.infinite = x.infinite;
  r.nan = x.infinite & y.infinite;
  if (p.rules == operation_rules::ieee754) {
    r.infinite |= over_zero;
    r.nan |= over_zero & of_zero;
  } else {
    r.nan |= over_zero;
  }
  return r;
}

/// The square root of x but for NaN: `steps` bits, digit by digit, and one that tells whether more
/// follow. The significand of x has less than 2 x steps bits.
template <class Word>
LOWP_INLINE_FN short_number<Word> short_root(const short_number<Word>& x, int steps) noexcept {
  using integer = std::make_signed_t<Word>;
  constexpr int bits = bits_of<Word>;
  // The radicand, of 2 x steps bits with one of its two highest set, times an even power of two.
  const auto up = static_cast<integer>(zeros_above(x.significand | 1));
  const integer last = x.exponent - up + (bits - 2 * steps);  // exponent of its last bit
  const integer odd = last & 1;
  Word rest = (x.significand << up) >> (bits - 2 * steps) >> odd;
  Word root = 0;
  for (int i = steps - 1; i >= 0; --i) {
    const Word bit = Word{1} << (2 * i);
    const Word trial = root + bit;
    const Word fits = static_cast<Word>(0) - static_cast<Word>(rest >= trial);
    rest -= trial & fits;
    root = (root >> 1) + (bit & fits);
  }
  short_number<Word> r;
  r.significand = (root << 1) | (rest != 0 ? 1 : 0);
  r.exponent = ((last + odd) >> 1) - 1;
  r.negative = x.negative;
  r.zero = is_zero(x.significand);
  r.infinite = x.infinite;
  r.nan = x.negative & (~r.zero | x.infinite);
  return r;
}

LOWP_INLINE_FN short_bounds bounds_of_quotient(format x, format y, format to) noexcept {
  const std::int32_t greatest = least_unit(y) + (1 << exponent_field_bits(y)) + y.precision;
  const int count = digits_of_quotient(x, y, to).count;
  return {0, count + 1, least_unit(x) - greatest - count};
}
/// Digits that `short_root` must find.
LOWP_INLINE_FN int steps_of_root(format x, format to) noexcept {
  return greater(to.precision + 2, x.precision / 2 + 1);
}
LOWP_INLINE_FN short_bounds bounds_of_root(format x, format to) noexcept {
  const int steps = steps_of_root(x, to);
  return {steps, steps + 1, ((least_unit(x) - 2 * steps) >> 1) - 1};
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_SHORT_QUOTIENT_HPP
