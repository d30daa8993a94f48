// SPDX-License-Identifier: Apache-2.0
/// \file
/// Requantisation: sums of products, integers of 32 bits or more, times a real factor, plus a zero
/// point, clamped to few bits. The libraries' ways are data; requantisations.hpp lists them.
#ifndef LOWP_INTEGER_REQUANTISE_HPP
#define LOWP_INTEGER_REQUANTISE_HPP

#include <cstdint>

#include "affine.hpp"
#include "high_multiply.hpp"
#include "multipliers.hpp"

namespace lowp {

/// The order of operations; m is the multiplier's significand, s its right shift.
/// spec/integers.md INT-12.
enum class requantise_method : std::uint8_t {
  /// last(x m / 2^s), one rounding of an exact product.
  shift_product,
  /// x 2^(31 - s) in 32 bits that wrap, if that is a left shift; first(that m / 2^31), saturating;
  /// last(that / 2^(s - 31)), if that is a right shift. Two roundings.
  shift_high_product,
  /// first(x 2^(15 - s)), saturated to 16 bits; last(that m / 2^15). Two roundings.
  high_product_of_shifted,
  /// fl(fl(x) factor), rounded to nearest even.
  multiply_binary32,
};

/// One way to requantise.
struct requantisation {
  multiplier_encoding encoding = multiplier_encoding::tflite;
  requantise_method method = requantise_method::shift_product;
  integer_rounding first = integer_rounding::to_nearest_up;
  integer_rounding last = integer_rounding::to_nearest_up;
  std::uint8_t input_bits = 32;  ///< of x, signed

  friend LOWP_FN bool operator==(const requantisation&, const requantisation&) noexcept = default;
};

namespace detail {

inline constexpr format word = integer_format(32, true);
inline constexpr format half_word = integer_format(16, true);

LOWP_FN std::int64_t shift_high_product(const requantisation& r, std::int64_t x,
                                        const requantise_multiplier& m) noexcept {
  const std::int32_t left = 31 - m.right_shift;
  if (left > 0) {
    x = integer_value(word, static_cast<code_t>(x) << (left < 32 ? left : 32));  // wraps
  }
  const std::int64_t high =
      high_multiply(word, x, m.significand, integer_overflow::saturate, r.first);
  return shift_right(high, left < 0 ? -left : 0, r.last);
}

LOWP_FN std::int64_t high_product_of_shifted(const requantisation& r, std::int64_t x,
                                             const requantise_multiplier& m) noexcept {
  const std::int32_t left = 15 - m.right_shift;
  const std::int64_t shifted =
      left < 0 ? shift_right(x, -left, r.first) : x * (std::int64_t{1} << (left < 16 ? left : 16));
  const std::int64_t narrow =
      integer_value(half_word, integer_code(half_word, shifted, integer_overflow::saturate));
  return high_multiply(half_word, narrow, m.significand, integer_overflow::saturate, r.last);
}

template <binary32_real Real>
LOWP_FN std::int64_t multiply_binary32(std::int64_t x, const requantise_multiplier& m) noexcept {
  const Real factor = real_from_bits<Real>(m.real.code());
  return to_integer(real_from_integer<Real>(x) * factor, to_nearest_even);
}

}  // namespace detail

/// The integer for x times the factor, before zero point and range. |x| < 2^(input_bits - 1); m is
/// of the method's encoding. Without a range an integer beyond 32 bits may appear.
/// spec/integers.md INT-12.
template <binary32_real Real = float32>
LOWP_FN std::int64_t scale_integer(const requantisation& r, std::int64_t x,
                                   const requantise_multiplier& m) noexcept {
  switch (r.method) {
    case requantise_method::shift_product:
      return shift_right(x * m.significand, m.right_shift, r.last);
    case requantise_method::shift_high_product: return detail::shift_high_product(r, x, m);
    case requantise_method::high_product_of_shifted:
      return detail::high_product_of_shifted(r, x, m);
    case requantise_method::multiply_binary32: break;
  }
  return detail::multiply_binary32<Real>(x, m);
}

/// x times the factor plus the zero point, clamped to the range. spec/integers.md INT-12.
template <binary32_real Real = float32>
LOWP_FN std::int32_t requantise(const requantisation& r, std::int64_t x,
                                const requantise_multiplier& m, std::int32_t zero_point,
                                integer_range q) noexcept {
  return clamp_to(q, scale_integer<Real>(r, x, m) + zero_point);
}

}  // namespace lowp

#endif  // LOWP_INTEGER_REQUANTISE_HPP
