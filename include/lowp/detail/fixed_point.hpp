// SPDX-License-Identifier: Apache-2.0
/// \file
/// Two's complement and unsigned integers with a binary point. spec/values.md VAL-4,
/// spec/conversion.md CVT-4.
#ifndef LOWP_DETAIL_FIXED_POINT_HPP
#define LOWP_DETAIL_FIXED_POINT_HPP

#include "kind.hpp"

namespace lowp::detail {

/// The ladder index is the magnitude of the integer; the negative ladder is one step longer.
template <>
struct kind_of_number<number_kind::fixed_point> {
  LOWP_FN static std::uint64_t top(format f, bool negative) noexcept {
    if (!f.is_signed) return negative ? 0 : low_mask(f.width);
    return low_mask(f.width - 1) + (negative ? 1 : 0);
  }

  LOWP_FN static unpacked unpack(format f, code_t code) noexcept {
    const std::uint64_t bits = code & low_mask(f.width);
    if (bits == 0) return {};
    const bool negative = f.is_signed && ((bits >> (f.width - 1)) & 1) != 0;
    return {number_class::finite, negative, negative ? (0 - bits) & low_mask(f.width) : bits, 0};
  }

  LOWP_FN static exact value(format f, bool negative, std::uint64_t index) noexcept {
    return exact_finite(negative, index, -f.bias);
  }

  LOWP_FN static position locate(format f, const exact& x) noexcept {
    if (x.exponent + f.bias > 0) return {.fraction = {0, true}, .beyond = true};
    return align(x, -f.bias);
  }

  LOWP_FN static code_t code(format f, bool negative, std::uint64_t index) noexcept {
    return (negative ? 0 - index : index) & low_mask(f.width);
  }

  /// Nothing is tiny: a value between 0 and 1 unit is inexact only, as in integer conversions.
  LOWP_FN static std::int32_t least_normal_exponent(format) noexcept { return -(1 << 30); }
};

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_FIXED_POINT_HPP
