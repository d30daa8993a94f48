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
/// format. The exponent of a subnormal is that of the least normal value; zero has significand 0
/// and an exponent that says nothing. In integer sums `significand` holds the integer, as a two's
/// complement number. Trivial: an array of operands that are read one by one costs nothing.
struct mma_operand {
  number_class cls;
  bool negative;
  std::int32_t exponent;
  std::uint64_t significand;
};

namespace detail {

LOWP_FN bool is_nan(const mma_operand& x) noexcept { return x.cls == number_class::nan; }
LOWP_FN bool is_finite(const mma_operand& x) noexcept { return x.cls == number_class::finite; }
LOWP_FN bool is_special(const mma_operand& x) noexcept { return x.cls >= number_class::infinity; }

using minifloat = kind_of_number<number_kind::minifloat>;

/// Exponent of subnormal values, and of the least normal one unless subnormals are halved.
LOWP_FN std::int32_t least_exponent_of(format f) noexcept {
  if (f.bottom == bottom_binade::halved) return -f.bias;
  return minifloat::least_normal_exponent(f);
}

/// Exponent of a finite value as an adder sees it: not less than the least normal one.
LOWP_FN std::int32_t field_exponent(format f, const exact& x) noexcept {
  const std::int32_t least = least_exponent_of(f);
  const std::int32_t e = binade(normalized(x));
  return e < least ? least : e;
}

LOWP_FN mma_operand unpack_operand(format f, const exact& x, bool normalises) noexcept {
  mma_operand r{x.cls, x.negative, 0, 0};
  if (x.cls == number_class::nan) r.significand = x.significand;
  if (x.cls != number_class::finite) return r;
  const exact n = normalized(x);  // bit 63 is worth 2^binade
  r.exponent = normalises ? binade(n) : field_exponent(f, n);
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

/// A normal number from its code; false for what is none.
LOWP_FN bool read_normal(format f, code_t code, mma_operand& x) noexcept {
  const int t = trailing_bits(f), n = magnitude_bits(f);
  const std::uint64_t index = code & low_mask(n), implicit = std::uint64_t{1} << t;
  if (index < implicit || index > minifloat::top(f, false)) return false;
  x = {number_class::finite, f.is_signed && (code >> n & 1) != 0,
       static_cast<std::int32_t>(index >> t) - f.bias, implicit | (index & (implicit - 1))};
  return true;
}

LOWP_FN mma_operand read_factor(const mma_model& m, format f, code_t code) noexcept {
  if (m.sum == mma_sum::integer) {
    const std::int64_t n = m.one_bit ? static_cast<std::int64_t>(code & 1) : integer_value(f, code);
    return {number_class::finite, false, 0, static_cast<std::uint64_t>(n)};
  }
  if (m.stored.width != 0) code = convert(m.stored, code, f, m.read);
  if (mma_operand r; read_normal(f, code, r)) return r;
  const exact x = apply_input_rule(f, decode_as<minifloat>(f, code), m.read.subnormal_input);
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
  mma_operand s =
      detail::unpack_operand(m.scale, detail::decode_as<detail::minifloat>(m.scale, code), false);
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
  /// All products are multiplied by two to this power: -FPMR.LSCALE of Arm's FP8 instructions. What
  /// is beyond +-`most_product_exponent` counts as that; integers have none.
  std::int32_t exponent = 0;
};
inline constexpr std::int32_t most_product_exponent = 256;

}  // namespace lowp

#endif  // LOWP_HARDWARE_MMA_MMA_OPERAND_HPP
