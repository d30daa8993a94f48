// SPDX-License-Identifier: Apache-2.0
/// \file
/// Long two's complement integers, least limb first: what an accumulator does with its bits.
#ifndef LOWP_DETAIL_ACCUMULATOR_LIMBS_HPP
#define LOWP_DETAIL_ACCUMULATOR_LIMBS_HPP

#include <cstdint>

#include "wide.hpp"

namespace lowp::detail {

/// Three limbs that hold 128 bits, shifted by less than a limb.
struct shifted_bits {
  std::uint64_t limb[3];

  LOWP_FN shifted_bits(uint128 x, int shift) noexcept
      : limb{low_half(x) << shift, low_half((x << shift) >> 64),
             shift == 0 ? 0 : high_half(x) >> (64 - shift)} {}
};

/// limb[0...n) += x 2^shift, modulo 2^(64n); 0 <= shift < 64n.
LOWP_FN void add_at(std::uint64_t* limb, int n, uint128 x, int shift) noexcept {
  const shifted_bits bits(x, shift % 64);
  int i = shift / 64;
  std::uint64_t carry = 0;
  for (int k = 0; k < 3 && i < n; ++k, ++i) {
    const uint128 sum = uint128{limb[i]} + bits.limb[k] + carry;
    limb[i] = low_half(sum);
    carry = high_half(sum);
  }
  for (; carry != 0 && i < n; ++i) carry = ++limb[i] == 0 ? 1 : 0;
}

/// limb[0...n) -= x 2^shift.
LOWP_FN void subtract_at(std::uint64_t* limb, int n, uint128 x, int shift) noexcept {
  const shifted_bits bits(x, shift % 64);
  int i = shift / 64;
  std::uint64_t borrow = 0;
  for (int k = 0; k < 3 && i < n; ++k, ++i) {
    const uint128 difference = uint128{limb[i]} - bits.limb[k] - borrow;
    limb[i] = low_half(difference);
    borrow = high_half(difference) != 0 ? 1 : 0;
  }
  for (; borrow != 0 && i < n; ++i) borrow = limb[i]-- == 0 ? 1 : 0;
}

/// a[0...n) += b[0...n)
LOWP_FN void add_limbs(std::uint64_t* a, const std::uint64_t* b, int n) noexcept {
  std::uint64_t carry = 0;
  for (int i = 0; i < n; ++i) {
    const uint128 sum = uint128{a[i]} + b[i] + carry;
    a[i] = low_half(sum);
    carry = high_half(sum);
  }
}

/// The limbs of |x|, one at a time.
class magnitude_limbs {
 public:
  LOWP_FN magnitude_limbs(const std::uint64_t* limb, int n) noexcept
      : limb_(limb), negative_(limb[n - 1] >> 63 != 0) {
    while (last_ < n && limb[last_] == 0) ++last_;
  }
  LOWP_FN bool is_negative() const noexcept { return negative_; }
  /// Index of the last limb that is not zero.
  LOWP_FN int last() const noexcept { return last_; }
  LOWP_FN std::uint64_t operator[](int i) const noexcept {
    if (i < last_) return 0;
    return negative_ ? ~limb_[i] + (i == last_ ? 1 : 0) : limb_[i];
  }

 private:
  const std::uint64_t* limb_;
  bool negative_;
  int last_ = 0;
};

/// limb[0...n) x 2^unit in 128 bits and a rest; +0 for zero.
LOWP_FN exact leading_bits(const std::uint64_t* limb, int n, std::int32_t unit) noexcept {
  const magnitude_limbs magnitude(limb, n);
  if (magnitude.last() == n) return exact_zero();
  int top = n - 1;
  while (magnitude[top] == 0) --top;
  const std::uint64_t high = magnitude[top];
  const std::uint64_t middle = magnitude[top - 1];
  const std::uint64_t low = magnitude[top - 2];
  const int shift = leading_zeros(high);
  const bool rest = low << shift != 0 || magnitude.last() < top - 2;
  if (shift == 0) {
    return {.cls = number_class::finite,
            .negative = magnitude.is_negative(),
            .sticky = rest,
            .exponent = unit + 64 * top,
            .significand = high,
            .tail = middle};
  }
  return {.cls = number_class::finite,
          .negative = magnitude.is_negative(),
          .sticky = rest,
          .exponent = unit + 64 * top - shift,
          .significand = high << shift | middle >> (64 - shift),
          .tail = middle << shift | low >> (64 - shift)};
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_ACCUMULATOR_LIMBS_HPP
