// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sign, exponent field, trailing significand. spec/values.md VAL-3.
#ifndef LOWP_DETAIL_MINIFLOAT_HPP
#define LOWP_DETAIL_MINIFLOAT_HPP

#include "kind.hpp"

namespace lowp::detail {

/// The ladder index of a minifloat is its magnitude code.
template <>
struct kind_of_number<number_kind::minifloat> {
  LOWP_INLINE_FN static std::uint64_t top(format f, bool /*negative*/) noexcept {
    const std::uint64_t last = low_mask(magnitude_bits(f));
    if (f.nans == nan_codes::ieee) return last - low_mask(trailing_bits(f)) - 1;
    return last - (f.nans == nan_codes::top ? 1 : 0) - (f.has_infinity ? 1 : 0);
  }

  LOWP_FN static unpacked unpack(format f, code_t code) noexcept {
    const int n = magnitude_bits(f);
    const std::uint64_t index = code & low_mask(n);
    const bool negative = f.is_signed && ((code >> n) & 1) != 0;
    if (f.nans == nan_codes::negative_zero && negative && index == 0) {
      return {number_class::nan, false, 0, std::uint64_t{1} << 63};
    }
    const std::uint64_t last_finite = top(f, negative);
    if (index > last_finite) {
      if (f.has_infinity && index == last_finite + 1) {
        return {number_class::infinity, negative, index, 0};
      }
      const int t = trailing_bits(f);
      const std::uint64_t payload = t == 0 ? std::uint64_t{1} << 63 : index << (64 - t);
      return {number_class::nan, negative, 0, payload};
    }
    if (index == 0 && f.bottom != bottom_binade::no_zero)
      return {number_class::zero, negative, 0, 0};
    return {number_class::finite, negative, index, 0};
  }

  LOWP_FN static exact value(format f, bool negative, std::uint64_t index) noexcept {
    const int t = trailing_bits(f);
    const auto field = static_cast<std::int32_t>(index >> t);
    const std::uint64_t trailing = index & low_mask(t);
    const std::uint64_t implicit = std::uint64_t{1} << t;
    if (field != 0 || f.bottom == bottom_binade::no_zero || f.bottom == bottom_binade::zero_only) {
      return exact_finite(negative, implicit | trailing, field - f.bias - t);
    }
    const std::int32_t lift = f.bottom == bottom_binade::halved ? 0 : 1;
    return exact_finite(negative, trailing, lift - f.bias - t);
  }

  LOWP_FN static position locate(format f, const exact& x) noexcept {
    const int t = trailing_bits(f);
    const std::int32_t field = binade(x) + f.bias;
    const std::int32_t lowest = has_subnormals(f) ? 1 : 0;
    if (field > static_cast<std::int32_t>(low_mask(exponent_field_bits(f)))) {
      return {.fraction = {0, true}, .beyond = true};
    }
    if (field >= lowest) {
      // 1.f in units of the last place, the implicit bit adding one to the exponent field.
      const std::uint64_t significand = x.significand >> (63 - t);
      const position p{
          (static_cast<std::uint64_t>(field) << t) + significand - (std::uint64_t{1} << t),
          {(x.significand << (t + 1)) | (x.tail >> (63 - t)), x.sticky || x.tail << (t + 1) != 0}};
      if (f.bottom == bottom_binade::zero_only && p.index == 0) return from_zero(f, x);
      return p;
    }
    switch (f.bottom) {
      case bottom_binade::gradual: return align(x, 1 - f.bias - t);
      case bottom_binade::halved: return locate_halved(f, x);
      case bottom_binade::zero_only: return from_zero(f, x);
      case bottom_binade::no_zero: break;
    }
    return {.fraction = {}, .below = true};
  }

  LOWP_INLINE_FN static code_t code(format f, bool negative, std::uint64_t index) noexcept {
    const bool sign =
        negative && f.is_signed && !(f.nans == nan_codes::negative_zero && index == 0);
    return index | (sign ? std::uint64_t{1} << magnitude_bits(f) : 0);
  }

  /// Exponent of the least normal value; of the least value where nothing is subnormal.
  LOWP_FN static std::int32_t least_normal_exponent(format f) noexcept {
    return (has_subnormals(f) ? 1 : 0) - f.bias;
  }

 private:
  // Between zero and the first value, (2^t + 1) x 2^(-bias-t), of a zero_only ladder.
  LOWP_FN static position from_zero(format f, const exact& x) noexcept {
    const int t = trailing_bits(f);
    const position units = align(x, -f.bias - t);
    return {0, divide(units.index, (std::uint64_t{1} << t) + 1, units.fraction)};
  }

  // The step above the greatest "halved" subnormal spans 2^t + 1 units.
  LOWP_FN static position locate_halved(format f, const exact& x) noexcept {
    const int t = trailing_bits(f);
    const position units = align(x, -f.bias - t);
    const std::uint64_t last = low_mask(t);
    if (units.index < last) return units;
    return {last, divide(units.index - last, (std::uint64_t{1} << t) + 1, units.fraction)};
  }
};

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_MINIFLOAT_HPP
