// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operands as a matrix unit sees them: significands that are integers, exponents as their fields
/// say. spec/mma.md MMA-2.
#ifndef LOWP_HARDWARE_MMA_MMA_OPERAND_HPP
#define LOWP_HARDWARE_MMA_MMA_OPERAND_HPP

#include <cstdint>

#include "../../convert.hpp"
#include "mma_check.hpp"

namespace lowp {

/// A value (-1)^negative x significand x 2^(exponent - P + 1), where P is the precision of its
/// format. The exponent of a subnormal is that of the least normal value; that of zero says
/// nothing. In integer sums `significand` holds the integer, as a two's complement number.
struct mma_operand {
  number_class cls = number_class::zero;
  bool negative = false;
  std::int32_t exponent = 0;
  std::uint64_t significand = 0;
};

namespace detail {

/// Exponent of subnormal values, and of the least normal one unless subnormals are halved.
LOWP_FN std::int32_t least_exponent_of(format f) noexcept {
  if (f.bottom == bottom_binade::halved) return -f.bias;
  return kind_of_number<number_kind::minifloat>::least_normal_exponent(f);
}

/// Exponent of a finite value as an adder sees it: not less than the least normal one.
LOWP_FN std::int32_t field_exponent(format f, const exact& x) noexcept {
  const std::int32_t least = least_exponent_of(f);
  const std::int32_t e = binade(normalized(x));
  return e < least ? least : e;
}

LOWP_FN mma_operand unpack_operand(format f, const exact& x, bool normalises) noexcept {
  mma_operand r{.cls = x.cls, .negative = x.negative};
  if (x.cls == number_class::nan) r.significand = x.significand;
  if (x.cls != number_class::finite) return r;
  r.exponent = normalises ? binade(normalized(x)) : field_exponent(f, x);
  const exact n = normalized(x);  // bit 63 is worth 2^binade
  r.significand = n.significand >> (63 - trailing_bits(f) - (binade(n) - r.exponent));
  return r;
}

LOWP_FN exact value_of(format f, const mma_operand& x) noexcept {
  switch (x.cls) {
    case number_class::zero: return exact_zero(x.negative);
    case number_class::finite:
      return exact_finite(x.negative, x.significand, x.exponent - trailing_bits(f));
    case number_class::infinity: return exact_infinity(x.negative);
    case number_class::nan: break;
  }
  return exact_nan(x.negative, x.significand);
}

LOWP_FN mma_operand read_factor(const mma_model& m, format f, code_t code) noexcept {
  if (m.sum == mma_sum::integer) {
    const std::int64_t n = m.one_bit ? static_cast<std::int64_t>(code & 1) : integer_value(f, code);
    return {.cls = number_class::finite, .significand = static_cast<std::uint64_t>(n)};
  }
  if (m.stored.width != 0) code = convert(m.stored, code, f, m.read);
  exact x = apply_input_rule(f, decode(f, code), m.read.subnormal_input);
  return unpack_operand(f, x, m.normalises);
}

}  // namespace detail

/// Factors of the model from their codes.
LOWP_FN mma_operand read_a(const mma_model& m, code_t code) noexcept {
  return detail::read_factor(m, m.a, code);
}
LOWP_FN mma_operand read_b(const mma_model& m, code_t code) noexcept {
  return detail::read_factor(m, m.b, code);
}

/// A scale from its code; bits above its width do not count.
LOWP_FN mma_operand read_scale(const mma_model& m, code_t code) noexcept {
  mma_operand s = detail::unpack_operand(m.scale, decode(m.scale, code), false);
  // Terms are aligned by exponents of scales; a zero has the one of its field.
  if (s.cls == number_class::zero) s.exponent = detail::least_exponent_of(m.scale);
  return s;
}

/// Width in bits of what the codes of a and b are stored in.
LOWP_FN int stored_width(const mma_model& m, format f) noexcept {
  return m.stored.width != 0 ? m.stored.width : f.width;
}

/// The operands of one element of the result.
struct mma_operands {
  const mma_operand* a = nullptr;  ///< k factors of a row of A, as b
  const mma_operand* b = nullptr;  ///< of a column of B
  const mma_operand* scale_a =
      nullptr;  ///< one per `scale_block` factors, where the model has them
  const mma_operand* scale_b = nullptr;
  /// All products are multiplied by two to this power: -FPMR.LSCALE of Arm's FP8 instructions. From
  /// -127 to 127, 0 for models with scales.
  std::int32_t exponent = 0;
};

namespace detail {

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

/// The two scales of a product as one factor: 1 where there are none.
struct product_scale {
  bool is_nan = false;
  std::int32_t exponent = 0;  ///< of both together
  std::uint32_t significand = 1;
};
LOWP_FN product_scale scale_at(const mma_model& m, const mma_operands& x, int product) noexcept {
  product_scale s{.exponent = x.exponent};
  if (m.scale_block == 0) return s;
  const mma_operand& a = x.scale_a[product / m.scale_block];
  const mma_operand& b = x.scale_b[product / m.scale_block];
  s.is_nan = a.cls == number_class::nan || b.cls == number_class::nan;
  s.exponent += a.exponent + b.exponent;
  s.significand = static_cast<std::uint32_t>(a.significand * b.significand);
  return s;
}

/// Fraction bits of the product of two factors, and of two scales.
LOWP_FN int product_fraction(const mma_model& m) noexcept {
  return trailing_bits(m.a) + trailing_bits(m.b);
}
LOWP_FN int scale_fraction(const mma_model& m) noexcept {
  return m.scale_block == 0 ? 0 : 2 * trailing_bits(m.scale);
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
  LOWP_FN void add_product(const mma_operand& a, const mma_operand& b) noexcept {
    if (a.cls == number_class::nan || b.cls == number_class::nan) {
      is_nan = true;
    } else if (a.cls == number_class::infinity || b.cls == number_class::infinity) {
      if (a.cls == number_class::zero || b.cls == number_class::zero) {
        is_nan = true;
      } else {
        add(number_class::infinity, a.negative != b.negative);
      }
    }
  }
  LOWP_FN bool any() const noexcept { return is_nan || positive_infinity || negative_infinity; }
  /// The sum, if there are `any`.
  LOWP_FN exact sum() const noexcept {
    if (is_nan || (positive_infinity && negative_infinity)) return exact_nan();
    return exact_infinity(negative_infinity);
  }
};

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_HARDWARE_MMA_MMA_OPERAND_HPP
