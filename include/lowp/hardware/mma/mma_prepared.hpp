// SPDX-License-Identifier: Apache-2.0
/// \file
/// A model of a matrix unit with what follows from it, worked out once for many elements; running
/// sums, and how they are rounded. spec/mma.md MMA-3.
#ifndef LOWP_HARDWARE_MMA_MMA_PREPARED_HPP
#define LOWP_HARDWARE_MMA_MMA_PREPARED_HPP

#include <cstdint>

#include "../../detail/wide.hpp"
#include "mma_operand.hpp"

namespace lowp {

namespace detail {

/// A value of a code: (-1)^negative x significand x 2^exponent if it is finite; of a NaN
/// `significand` is the payload, as in `exact`. Trivial, and in two registers.
struct mma_value {
  number_class cls;
  bool negative;
  std::int32_t exponent;
  std::uint64_t significand;
};

LOWP_FN exact exact_of(const mma_value& x) noexcept {
  return {
      .cls = x.cls, .negative = x.negative, .exponent = x.exponent, .significand = x.significand};
}
LOWP_FN mma_value value_of(const exact& x) noexcept {
  return {x.cls, x.negative, x.exponent, x.significand};
}
/// A normal number as a value.
LOWP_FN mma_value as_value(format f, const mma_operand& x) noexcept {
  return {x.cls, x.negative, x.exponent - trailing_bits(f), x.significand};
}
LOWP_FN bool is_finite(const mma_value& x) noexcept { return x.cls == number_class::finite; }

/// Rounding to a format. Of normal numbers that are not in the last binades nothing but the
/// direction counts, and the last bit that is kept: for them, integers are prepared.
struct prepared_rounding {
  format to;
  projection rule;
  bool flushes;                   ///< what is subnormal once rounded is a zero of its sign
  std::uint32_t ordinary_fields;  ///< exponent fields from 1 on of those numbers; 0: none
  int dropped;                    ///< bits of 64 below the significand
  std::uint64_t carry[2][2];      ///< by sign, by last bit: added to what is dropped
};

LOWP_FN prepared_rounding prepare(format to, const projection& rule, bool flushes) noexcept {
  prepared_rounding r{to, rule, flushes, 0, 64 - to.precision, {}};
  if (!to.is_signed || to.precision < 2 || is_stochastic(rule.round)) return r;
  const std::uint32_t fields = std::uint32_t{1} << exponent_field_bits(to);
  r.ordinary_fields = fields > 4 ? fields - 4 : 0;
  const std::uint64_t ulp = std::uint64_t{1} << r.dropped;
  for (const bool negative : {false, true}) {
    for (const bool odd : {false, true}) {
      r.carry[negative][odd] = rounding_increment(rule.round, negative, odd, ulp);
    }
  }
  return r;
}

/// The code that x becomes by the definition of rounding, and its value.
LOWP_FN code_t encode_exact(const prepared_rounding& r, const exact& x) noexcept {
  return encode_as<minifloat, false>(r.to, x, r.rule, 0).code;
}
LOWP_FN mma_value round_exact(const prepared_rounding& r, const exact& x) noexcept {
  const exact y = decode_as<minifloat>(r.to, encode_exact(r, x));
  return value_of(r.flushes ? apply_input_rule(r.to, y, subnormal_input_rule::zero) : y);
}

/// The significand that the ordinary (-1)^negative x (significand + (0, 1) if `rest`) becomes, of P
/// bits, or 2^P; bit 63 is set.
LOWP_FN std::uint64_t round_significand(const prepared_rounding& r, bool negative,
                                        std::uint64_t significand, bool rest) noexcept {
  const std::uint64_t kept = significand >> r.dropped;
  const std::uint64_t beyond = significand - (kept << r.dropped);
  return kept + (((beyond | (rest ? 1 : 0)) + r.carry[negative][kept & 1]) >> r.dropped);
}

/// Exponent field of an ordinary number, less 1; of others `ordinary_fields` or more.
LOWP_FN std::uint32_t ordinary_field(const prepared_rounding& r, std::int32_t binade) noexcept {
  return static_cast<std::uint32_t>(binade + r.to.bias - 1);
}

/// The value of (-1)^negative x magnitude x 2^unit, rounded; of a sum, where zero is positive.
LOWP_FN mma_value round_wide(const prepared_rounding& r, bool negative, uint128 magnitude,
                             std::int32_t unit) noexcept {
  if (magnitude != 0) {
    const int shift = leading_zeros_wide(magnitude);
    const std::int32_t exponent = unit - shift + 64;
    if (ordinary_field(r, exponent + 63) < r.ordinary_fields) {
      const uint128 n = magnitude << shift;
      return {number_class::finite, negative, exponent + r.dropped,
              round_significand(r, negative, high_half(n), low_half(n) != 0)};
    }
  }
  return round_exact(r, exact_wide(negative, magnitude, unit, false));
}
LOWP_FN mma_value round_sum(const prepared_rounding& r, int128 sum, std::int32_t unit) noexcept {
  return round_wide(r, sum < 0, static_cast<uint128>(sum < 0 ? -sum : sum), unit);
}

/// The code of a value, rounded.
LOWP_FN code_t encode_value(const prepared_rounding& r, const mma_value& x) noexcept {
  if (is_finite(x)) {
    const int shift = leading_zeros(x.significand);
    const std::uint32_t field = ordinary_field(r, x.exponent - shift + 63);
    if (field < r.ordinary_fields) {
      const code_t sign = std::uint64_t{x.negative} << (r.to.width - 1);
      return sign | ((std::uint64_t{field} << trailing_bits(r.to)) +
                     round_significand(r, x.negative, x.significand << shift, false));
    }
  }
  return encode_exact(r, exact_of(x));
}

}  // namespace detail

/// A model, ready for use: `multiply_add` with it is as with the model, and faster.
struct prepared_mma {
  mma_model model;
  int product_fraction;  ///< fraction bits of a product with its scales
  detail::prepared_rounding product, step, join, result;
};

/// The model must pass `check`.
LOWP_FN prepared_mma prepare(const mma_model& m) noexcept {
  const int of_scales = m.scale_block == 0 ? 0 : 2 * trailing_bits(m.scale);
  return {m,
          trailing_bits(m.a) + trailing_bits(m.b) + of_scales,
          detail::prepare(m.product, m.product_last, m.flush_rounded),
          detail::prepare(m.accumulator, m.step, m.flush_rounded),
          detail::prepare(m.accumulator, m.join, m.flush_rounded),
          detail::prepare(m.d, m.step, false)};
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_MMA_MMA_PREPARED_HPP
