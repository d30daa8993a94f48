// SPDX-License-Identifier: Apache-2.0
/// \file
/// Products of a matrix unit: which come in which order, with their scales, exactly; special values
/// among them. spec/mma.md MMA-2, MMA-11, MMA-12.
#ifndef LOWP_HARDWARE_MMA_MMA_PRODUCT_HPP
#define LOWP_HARDWARE_MMA_MMA_PRODUCT_HPP

#include <cstdint>

#include "mma_prepared.hpp"

namespace lowp::detail {

/// Place of the i-th product that is taken. MMA-2.
LOWP_FN int product_at(const mma_model& m, int i) noexcept {
  switch (m.order) {
    case product_order::ascending: return i;
    case product_order::pairs_reversed: return i ^ 1;
    case product_order::pairs_dealt: {
      const int half = m.k / 2;
      const int j = i < half ? i : i - half;
      return (j >> 1) * 4 + (j & 1) + (i < half ? 0 : 2);
    }
  }
  return i;
}

LOWP_FN std::int32_t greater_of(std::int32_t a, std::int32_t b) noexcept { return a < b ? b : a; }

/// The two scales of a product as one factor: 1 where there are none.
struct product_scale {
  bool is_nan = false;
  std::int32_t exponent = 0;  ///< of both together
  std::uint32_t significand = 1;
};
LOWP_FN product_scale scale_at(const mma_model& m, const mma_operands& x, int product) noexcept {
  constexpr std::int32_t most = most_product_exponent;
  product_scale s;
  s.exponent = x.exponent < -most ? -most : x.exponent > most ? most : x.exponent;
  if (m.scale_block == 0) return s;
  const mma_operand& a = x.scale_a[product / m.scale_block];
  const mma_operand& b = x.scale_b[product / m.scale_block];
  s.is_nan = a.cls == number_class::nan || b.cls == number_class::nan;
  s.exponent += a.exponent + b.exponent;
  s.significand = static_cast<std::uint32_t>(a.significand * b.significand);
  return s;
}

/// Special values among the addends of a sum. MMA-11.
struct special_addends {
  bool is_nan = false;
  bool positive_infinity = false;
  bool negative_infinity = false;

  LOWP_FN void add(number_class cls, bool negative) noexcept {
    is_nan = is_nan || cls == number_class::nan;
    if (cls == number_class::infinity) (negative ? negative_infinity : positive_infinity) = true;
  }
  LOWP_FN void add_product(const mma_operand& a, const mma_operand& b,
                           const product_scale& s) noexcept {
    if (!is_special(a) && !is_special(b) && !s.is_nan) return;
    const bool zero = a.cls == number_class::zero || b.cls == number_class::zero;
    if (detail::is_nan(a) || detail::is_nan(b) || s.is_nan || zero) {
      is_nan = true;
    } else {
      add(number_class::infinity, a.negative != b.negative);
    }
  }
  LOWP_FN bool any() const noexcept { return is_nan || positive_infinity || negative_infinity; }
  /// The sum, if there are `any`; `nan` where infinities cancel, or with a NaN.
  LOWP_FN exact sum(const exact& nan) const noexcept {
    if (is_nan || (positive_infinity && negative_infinity)) return nan;
    return exact_infinity(negative_infinity);
  }
};

/// Of what takes no part in an alignment.
inline constexpr std::int32_t no_exponent = -(1 << 24);

/// An addend (-1)^negative x magnitude x 2^unit, aligned by `exponent`; a zero has unit
/// `no_exponent`. Trivial, as operands are.
struct mma_term {
  uint128 magnitude;
  std::int32_t unit;
  std::int32_t exponent;
  bool negative;
};

LOWP_FN std::int32_t exponent_of_factor(const mma_operand& x) noexcept {
  return x.cls == number_class::zero ? -126 : x.exponent;
}

/// The product of factors that are not special.
LOWP_FN mma_term product_term(const prepared_mma& u, const mma_operand& a, const mma_operand& b,
                              const product_scale& s) noexcept {
  const mma_model& m = u.model;
  mma_term t{uint128{a.significand} * b.significand * s.significand, 0, s.exponent,
             a.negative != b.negative};
  const std::int32_t exponent = a.exponent + b.exponent + s.exponent;
  if (t.magnitude == 0) {
    t.unit = no_exponent;
    if (m.zeros != zero_exponent::minus_126) {
      t.exponent = no_exponent;
    } else if (!m.scales_align) {
      t.exponent = exponent_of_factor(a) + exponent_of_factor(b) + s.exponent;
    }
    return t;
  }
  t.unit = exponent - u.product_fraction;
  if (m.scales_align) return t;
  t.exponent = m.normalises_products ? t.unit + 127 - leading_zeros_wide(t.magnitude) : exponent;
  return t;
}

/// A value as a term, and a term as a value.
LOWP_FN mma_term term_of(const mma_value& x) noexcept {
  return {is_finite(x) ? x.significand : 0, x.exponent, no_exponent, x.negative};
}
LOWP_FN exact exact_of(const mma_term& t) noexcept {
  return exact_wide(t.negative, t.magnitude, t.unit, false);
}

LOWP_FN uint128 absolute_of(int128 x) noexcept { return static_cast<uint128>(x < 0 ? -x : x); }
LOWP_FN int128 with_sign(uint128 magnitude, bool negative) noexcept {
  const uint128 sign = negative ? ~uint128{0} : 0;
  return static_cast<int128>((magnitude ^ sign) - sign);
}

/// magnitude x 2^shift as an integer, cut downward, or upward if `up`.
LOWP_FN uint128 cut(uint128 magnitude, std::int32_t shift, bool up) noexcept {
  const int left = shift > 0 ? shift : 0, right = shift < -127 ? 127 : left - shift;
  const uint128 whole = magnitude << left, x = whole >> right;
  return up && (x << right) != whole ? x + 1 : x;
}
/// The same with a sign: cut toward zero, or downward if `floors`.
LOWP_FN int128 shifted(bool negative, uint128 magnitude, std::int32_t shift, bool floors) noexcept {
  return with_sign(cut(magnitude, shift, floors && negative), negative);
}

}  // namespace lowp::detail

#endif  // LOWP_HARDWARE_MMA_MMA_PRODUCT_HPP
