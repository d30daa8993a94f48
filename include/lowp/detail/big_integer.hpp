// SPDX-License-Identifier: Apache-2.0
/// \file
/// Unsigned integers of a few thousand limbs on the stack, for exact decimal text. Only the limbs
/// in use are ever touched, so that small values are cheap at run time and in constant expressions.
#ifndef LOWP_DETAIL_BIG_INTEGER_HPP
#define LOWP_DETAIL_BIG_INTEGER_HPP

#include <cstdint>

#include "../exact.hpp"
#include "bits.hpp"

namespace lowp::detail {

/// A non-negative integer below 2^163840. What text needs at most, in formats with the least bias
/// and precision that `check` allows, is 5^65763 and the 46006 digits behind it: 153000 bits. What
/// does not fit is dropped, so a format that breaks `check` gives wrong text but no bad access.
class big_integer {
 public:
  LOWP_FN explicit big_integer(std::uint64_t x) noexcept {
    while (x != 0) {
      push(static_cast<std::uint32_t>(x));
      x >>= 32;
    }
  }
  // A copy would read limbs that were never written.
  big_integer(const big_integer&) = delete;
  big_integer& operator=(const big_integer&) = delete;

  LOWP_FN bool is_zero() const noexcept { return size_ == 0; }

  LOWP_FN int bit_length() const noexcept {
    return size_ == 0 ? 0 : 32 * size_ + 32 - leading_zeros(limb_[size_ - 1]);
  }

  /// *this = *this * factor + addend
  LOWP_FN void multiply_add(std::uint32_t factor, std::uint32_t addend) noexcept {
    std::uint64_t carry = addend;
    for (int i = 0; i < size_; ++i) {
      carry += std::uint64_t{limb_[i]} * factor;
      limb_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) push(static_cast<std::uint32_t>(carry));
  }

  LOWP_FN void multiply_by_power_of_5(std::int64_t n) noexcept {
    constexpr int step = 13;  // 5^13 is the greatest power in 32 bits
    for (; n >= step; n -= step) multiply_add(1220703125, 0);
    std::uint32_t factor = 1;
    for (; n > 0; --n) factor *= 5;
    multiply_add(factor, 0);
  }

  LOWP_FN void shift_left(int n) noexcept {
    if (size_ == 0 || n == 0) return;
    const int limbs = n / 32;
    const int bits = n % 32;
    const int old_size = size_;
    for (int i = 0; i <= limbs; ++i) push(0);
    if (size_ != old_size + limbs + 1) return trim();
    for (int i = old_size; i >= 0; --i) {
      const std::uint64_t high = i == old_size ? 0 : limb_[i];
      const std::uint64_t low = i == 0 ? 0 : limb_[i - 1];
      limb_[i + limbs] = static_cast<std::uint32_t>(((high << 32 | low) << bits) >> 32);
    }
    for (int i = 0; i < limbs; ++i) limb_[i] = 0;
    trim();
  }

  /// Divides by a small number and returns the remainder.
  LOWP_FN std::uint32_t divide(std::uint32_t divisor) noexcept {
    std::uint64_t rest = 0;
    for (int i = size_ - 1; i >= 0; --i) {
      rest = rest << 32 | limb_[i];
      limb_[i] = static_cast<std::uint32_t>(rest / divisor);
      rest %= divisor;
    }
    trim();
    return static_cast<std::uint32_t>(rest);
  }

  LOWP_FN bool less_than(const big_integer& b) const noexcept {
    if (size_ != b.size_) return size_ < b.size_;
    for (int i = size_ - 1; i >= 0; --i) {
      if (limb_[i] != b.limb_[i]) return limb_[i] < b.limb_[i];
    }
    return false;
  }

  /// *this -= b, for b <= *this
  LOWP_FN void subtract(const big_integer& b) noexcept {
    std::uint64_t borrow = 0;
    for (int i = 0; i < size_; ++i) {
      const std::uint64_t take = (i < b.size_ ? b.limb_[i] : 0) + borrow;
      borrow = limb_[i] < take ? 1 : 0;
      limb_[i] = static_cast<std::uint32_t>(limb_[i] - take);
    }
    trim();
  }

  /// The value in 128 bits and whether anything follows; not for zero.
  LOWP_FN exact leading_bits(bool negative) const noexcept {
    exact r{.cls = number_class::finite, .negative = negative, .exponent = bit_length() - 64};
    for (int i = size_ - 1; i >= 0; --i) {
      const std::uint64_t limb = limb_[i];
      const int at = 32 * i - r.exponent;  // place of this limb in the significand
      r.significand |= at >= 0 ? limb << at : at > -32 ? limb >> -at : 0;
      const int in_tail = at + 64;
      if (at < 0) r.tail |= in_tail >= 0 ? limb << in_tail : in_tail > -32 ? limb >> -in_tail : 0;
      r.sticky = r.sticky || (in_tail < 0 && (limb & low_mask(-in_tail)) != 0);
    }
    return r;
  }

  /// The quotient *this / b in the same form, for non-zero operands; uses up both.
  LOWP_FN exact divide(big_integer& b, bool negative) noexcept {
    const int scale = bit_length() - b.bit_length();
    shift_left(scale < 0 ? -scale : 0);
    b.shift_left(scale > 0 ? scale : 0);
    exact r{.cls = number_class::finite, .negative = negative, .exponent = scale + 1};
    for (int i = 0; i < 65 && r.significand >> 63 == 0; ++i) {
      r.significand = r.significand << 1 | next_bit(b);
      --r.exponent;
    }
    for (int i = 0; i < 64 && !is_zero(); ++i) r.tail |= next_bit(b) << (63 - i);
    r.sticky = !is_zero();
    return r;
  }

 private:
  static constexpr int capacity = 5120;

  LOWP_FN std::uint64_t next_bit(const big_integer& divisor) noexcept {
    const bool one = !less_than(divisor);
    if (one) subtract(divisor);
    shift_left(1);
    return one ? 1 : 0;
  }
  LOWP_FN void push(std::uint32_t limb) noexcept {
    if (size_ < capacity) limb_[size_++] = limb;
  }
  LOWP_FN void trim() noexcept {
    while (size_ > 0 && limb_[size_ - 1] == 0) --size_;
  }

  int size_ = 0;                  // limbs in use, the last of which is not 0
  std::uint32_t limb_[capacity];  // least first; deliberately not initialised
};

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_BIG_INTEGER_HPP
