// SPDX-License-Identifier: Apache-2.0
/// \file
/// How wide exact sums must be: the grid on which the values of a format and their products lie.
#ifndef LOWP_DETAIL_ACCUMULATOR_RANGE_HPP
#define LOWP_DETAIL_ACCUMULATOR_RANGE_HPP

#include <cstdint>

#include "../properties.hpp"

namespace lowp::detail {

/// Every value is a multiple of 2^unit, and its magnitude is below 2^top. spec/accumulation.md
/// ACC-2.
struct value_range {
  std::int32_t unit = 0;
  std::int32_t top = 0;
};

/// The least range that holds both.
LOWP_FN value_range unite(value_range a, value_range b) noexcept {
  return {a.unit < b.unit ? a.unit : b.unit, a.top > b.top ? a.top : b.top};
}

/// Exponent of the last bit of a finite value; of the first one where the bits do not end.
LOWP_FN std::int32_t last_bit(const exact& x) noexcept {
  const exact n = normalized(x);
  if (n.sticky) return binade(n);
  if (n.tail != 0) return n.exponent - 64 + trailing_zeros(n.tail);
  return n.exponent + trailing_zeros(n.significand);
}

/// The range of one value; nothing for what is not finite.
LOWP_FN value_range range_of_value(const exact& x) noexcept {
  if (x.cls != number_class::finite) return {INT32_MAX, INT32_MIN};
  return {last_bit(x), binade(normalized(x)) + 1};
}

/// The range of the finite values of a format.
LOWP_FN value_range range_of_values(format f) noexcept {
  value_range r =
      unite(range_of_value(decode(f, max_finite(f))), range_of_value(decode(f, lowest(f))));
  switch (f.kind) {
    case number_kind::hifloat8: return {-22, r.top};
    case number_kind::logarithmic: return unite(r, range_of_value(decode(f, min_positive(f))));
    case number_kind::codebook:
      for (code_t code = 0; code < 16; ++code) r = unite(r, range_of_value(decode(f, code)));
      return r;
    default: return {bounds(f).unit, r.top};
  }
}

/// The range of the values of two formats and of the products of one of each.
LOWP_FN value_range range_with_products(format a, format b) noexcept {
  const value_range x = range_of_values(a);
  const value_range y = range_of_values(b);
  return unite(unite(x, y), {x.unit + y.unit, x.top + y.top});
}

/// Limbs of 64 bits for a sum of up to 2^63 such values: its bits, 63 for the count, a sign.
LOWP_FN int limbs_for(value_range r) noexcept { return (r.top - r.unit + 63) / 64 + 1; }

/// Products of P3109 formats with 16 exponent bits need 2^17 bits. More comes from biases that no
/// format has.
inline constexpr int most_limbs = (1 << 17) / 64 + 4;

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_ACCUMULATOR_RANGE_HPP
