// SPDX-License-Identifier: Apache-2.0
/// \file
/// Integers of 128 and 256 bits, as much of them as exact arithmetic needs.
#ifndef LOWP_DETAIL_WIDE_HPP
#define LOWP_DETAIL_WIDE_HPP

#include <cstdint>

#include "../exact.hpp"
#include "bits.hpp"

namespace lowp::detail {

__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;

LOWP_FN uint128 join(std::uint64_t high, std::uint64_t low) noexcept {
  return uint128{high} << 64 | low;
}
LOWP_FN std::uint64_t high_half(uint128 x) noexcept { return static_cast<std::uint64_t>(x >> 64); }
LOWP_FN std::uint64_t low_half(uint128 x) noexcept { return static_cast<std::uint64_t>(x); }

/// Zeros above the highest set bit of x != 0.
LOWP_FN int leading_zeros_wide(uint128 x) noexcept {
  return high_half(x) != 0 ? leading_zeros(high_half(x)) : 64 + leading_zeros(low_half(x));
}

/// The 128-bit significand of a value.
LOWP_FN uint128 significand_of(const exact& x) noexcept { return join(x.significand, x.tail); }

/// (significand + rest) x 2^exponent, 0 < rest < 1 if `sticky`; then bit 127 must be set.
LOWP_FN exact exact_wide(bool negative, uint128 significand, std::int32_t exponent,
                         bool sticky) noexcept {
  if (significand == 0) return exact_zero(negative);
  const int shift = leading_zeros_wide(significand);
  significand <<= shift;
  return {.cls = number_class::finite,
          .negative = negative,
          .sticky = sticky,
          .exponent = exponent - shift + 64,
          .significand = high_half(significand),
          .tail = low_half(significand)};
}

/// high x 2^128 + low.
struct uint256 {
  uint128 high = 0;
  uint128 low = 0;

  friend LOWP_FN bool operator==(const uint256&, const uint256&) noexcept = default;
  friend LOWP_FN bool operator<(const uint256& a, const uint256& b) noexcept {
    return a.high != b.high ? a.high < b.high : a.low < b.low;
  }
  friend LOWP_FN uint256 operator+(const uint256& a, const uint256& b) noexcept {
    const uint128 sum = a.low + b.low;
    return {a.high + b.high + (sum < b.low ? 1 : 0), sum};
  }
  friend LOWP_FN uint256 operator-(const uint256& a, const uint256& b) noexcept {
    return {a.high - b.high - (a.low < b.low ? 1 : 0), a.low - b.low};
  }
};

LOWP_FN uint256 shift_left(const uint256& x, int n) noexcept {
  if (n == 0) return x;
  if (n >= 128) return {x.low << (n - 128), 0};
  return {(x.high << n) | (x.low >> (128 - n)), x.low << n};
}

/// x / 2^n rounded down, n >= 0; `lost` becomes true if that is not exact.
LOWP_FN uint256 shift_right(const uint256& x, std::int32_t n, bool& lost) noexcept {
  if (n == 0) return x;
  if (n >= 256) {
    lost = lost || x.high != 0 || x.low != 0;
    return {};
  }
  if (n >= 128) {
    const int m = n - 128;
    lost = lost || x.low != 0 || (x.high & ((uint128{1} << m) - 1)) != 0;
    return {0, x.high >> m};
  }
  lost = lost || (x.low & ((uint128{1} << n) - 1)) != 0;
  return {x.high >> n, (x.low >> n) | (x.high << (128 - n))};
}

LOWP_FN uint256 multiply_wide(uint128 a, uint128 b) noexcept {
  const uint128 a1 = high_half(a), a0 = low_half(a), b1 = high_half(b), b0 = low_half(b);
  const uint128 low = a0 * b0;
  const uint128 middle = a1 * b0 + high_half(low);
  const uint128 middle2 = a0 * b1 + low_half(middle);
  return {a1 * b1 + high_half(middle) + high_half(middle2), (middle2 << 64) | low_half(low)};
}

/// The same for a value given as 256 bits; not zero.
LOWP_FN exact exact_from(bool negative, uint256 x, std::int32_t exponent, bool sticky) noexcept {
  const int shift = x.high != 0 ? leading_zeros_wide(x.high) : 128 + leading_zeros_wide(x.low);
  x = shift_left(x, shift);
  return exact_wide(negative, x.high, exponent - shift + 128, sticky || x.low != 0);
}

/// floor(sqrt(x)) of a 128-bit number whose bit 127 or 126 is set.
LOWP_FN std::uint64_t integer_sqrt(uint128 x) noexcept {
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << 63; bit != 0; bit >>= 1) {
    const std::uint64_t trial = root | bit;
    if (uint128{trial} * trial <= x) root = trial;
  }
  return root;
}

/// floor(sqrt(x)) of a 256-bit number whose bit 255 or 254 is set: 64 bits of the root, 64 more by
/// one step of division, which is off by a unit or two.
LOWP_FN uint128 integer_sqrt(const uint256& x) noexcept {
  const std::uint64_t lead = integer_sqrt(x.high);
  const uint128 rest = x.high - uint128{lead} * lead;  // <= 2 lead
  uint128 next = (rest << 63) / lead;
  if (next >> 64 != 0) next = ~std::uint64_t{0};
  uint128 root = join(lead, low_half(next));
  while (x < multiply_wide(root, root)) --root;
  while (root + 1 != 0 && !(x < multiply_wide(root + 1, root + 1))) ++root;
  return root;
}

/// floor(a x 2^n / b) for b != 0, and what remains; the quotient fits 128 bits.
LOWP_FN uint128 divide_wide(uint128 a, int n, uint128 b, uint128& remainder) noexcept {
  uint128 quotient = a / b;
  remainder = a % b;
  if (high_half(b) == 0) {
    while (n > 0) {
      const int step = n < 64 ? n : 64;
      const uint128 dividend = remainder << step;
      quotient = (quotient << step) | (dividend / b);
      remainder = dividend % b;
      n -= step;
    }
  }
  for (; n > 0; --n) {
    const bool carry = remainder >> 127 != 0;
    remainder <<= 1;
    const bool one = carry || remainder >= b;
    if (one) remainder -= b;
    quotient = (quotient << 1) | (one ? 1 : 0);
  }
  return quotient;
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_WIDE_HPP
