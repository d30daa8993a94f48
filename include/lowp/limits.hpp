// SPDX-License-Identifier: Apache-2.0
/// \file
/// std::numeric_limits of number<F>, derived from the format by the definitions of the standard.
#ifndef LOWP_LIMITS_HPP
#define LOWP_LIMITS_HPP

#include <cstdint>
#include <limits>

#include "number.hpp"
#include "print.hpp"

namespace lowp::detail {

LOWP_FN bool is_exactly_one(format f) noexcept {
  return compare(decode(f, one(f)), exact_finite(false, 1, 0)) == ordering::equal;
}

/// The distance from 1 to the next greater value (its leading 64 bits in logarithmic formats); zero
/// where 1 or a greater finite value does not exist.
LOWP_FN exact gap_above_one(format f) noexcept {
  const exact next = normalized(decode(f, next_up(f, one(f))));
  const std::int32_t power = binade(next);
  const exact unit = exact_finite(false, 1, 0);
  const bool exists = is_exactly_one(f) && next.cls == number_class::finite &&
                      compare(next, unit) == ordering::greater;
  if (!exists || power > 63) return exists ? next : exact_zero();
  return exact_finite(false, next.significand - (std::uint64_t{1} << (63 - power)), next.exponent);
}

/// Formats whose numeric_limits follow the rules for floating-point types.
LOWP_FN bool is_floating(format f) noexcept { return f.kind != number_kind::fixed_point; }

LOWP_FN int limits_digits(format f) noexcept {
  if (f.kind == number_kind::minifloat) return f.precision;
  if (f.kind == number_kind::fixed_point) return magnitude_bits(f);
  if (f.kind == number_kind::codebook) return 0;
  // The greatest p with a gap of at most 2^(1-p) above 1.
  const exact gap = normalized(gap_above_one(f));
  const bool power = gap.significand == std::uint64_t{1} << 63;
  const int digits = 1 - (binade(gap)) - (power ? 0 : 1);
  return gap.cls != number_class::finite || digits < 1 ? 1 : digits;
}

LOWP_FN int limits_digits10(format f) noexcept {
  const int digits = limits_digits(f);
  if (f.kind == number_kind::fixed_point && f.bias <= 0) return digits * 30103 / 100000;
  return digits < 2 ? 0 : (digits - 1) * 30103 / 100000;
}

LOWP_FN int limits_max_digits10(format f) noexcept {
  if (f.kind == number_kind::fixed_point && f.bias <= 0) return 0;
  if (f.kind != number_kind::codebook) return 2 + limits_digits(f) * 30103 / 100000;
  int most = 0;
  for (code_t code = 0; code < 16; ++code) {
    const exact x = decode(f, code);
    if (x.cls != number_class::finite) continue;
    const decimal d = shortest(f, code, leading_digits(x), x.negative);
    most = d.count > most ? d.count : most;
  }
  return most;
}

/// Binary exponent of the greatest power of two not above |x|, and whether x is that power.
struct binary_magnitude {
  std::int32_t exponent = 0;
  bool is_power = false;
};

LOWP_FN binary_magnitude binary_magnitude_of(const exact& x) noexcept {
  const exact n = normalized(x);
  return {binade(n), n.significand == std::uint64_t{1} << 63 && !n.sticky};
}

LOWP_FN int limits_min_exponent(format f) noexcept {
  if (!is_floating(f)) return 0;
  const binary_magnitude m = binary_magnitude_of(decode(f, min_normal(f)));
  return m.exponent + (m.is_power ? 1 : 2);
}

LOWP_FN int limits_max_exponent(format f) noexcept {
  return is_floating(f) ? binary_magnitude_of(decode(f, max_finite(f))).exponent + 1 : 0;
}

LOWP_FN int limits_min_exponent10(format f) noexcept {
  if (!is_floating(f)) return 0;
  const decimal d = leading_digits(decode(f, min_normal(f)));
  const bool power = d.count == 1 && d.digit[0] == 1 && !d.rest;
  return d.exponent + (power ? 0 : 1);
}

LOWP_FN int limits_max_exponent10(format f) noexcept {
  return is_floating(f) ? leading_digits(decode(f, max_finite(f))).exponent : 0;
}

LOWP_FN bool has_signalling_nan(format f) noexcept {
  return f.kind == number_kind::minifloat && f.nans == nan_codes::ieee && trailing_bits(f) >= 2;
}

LOWP_FN bool is_iec559(format f) noexcept {
  return f == ieee_format(5, 10) || f == ieee_format(8, 23) || f == ieee_format(11, 52);
}

}  // namespace lowp::detail

/// Floating-point members follow the standard's definitions: min() is the least normal value,
/// denorm_min() the least positive one, 2^(min_exponent-1) the least normal power of two. Where
/// those leave room:
/// - is_iec559 is true for binary16, binary32 and binary64 only.
/// - Exponents may be positive or zero on the small side (e2m1: min_exponent 1).
/// - Tapered and logarithmic formats (hifloat8, posit, takum, lns): digits counts the significand
/// bits
///   at 1, where they are most or nearly so; codebooks have digits 0, and max_digits10 is the
///   longest shortest text.
/// - Integers follow the integral types; other fixed-point formats are exact, not integer, without
///   exponents, and min() is lowest().
/// - epsilon(), infinity(), quiet_NaN() and signaling_NaN() that do not exist are zero (the least
///   value where there is no zero); check has_infinity and so on first. epsilon() and round_error()
///   are rounded to the format if it does not hold them.
/// - round_style describes conversions by default, to_nearest; is_modulo is false for all.
template <lowp::format F>
class std::numeric_limits<lowp::number<F>> {
  using number = lowp::number<F>;
  static constexpr number from_code(lowp::code_t c) noexcept { return number::from_code(c); }
  static constexpr number zero() noexcept { return from_code(lowp::zero(F)); }

 public:
  static constexpr bool is_specialized = true;
  static constexpr bool is_signed = F.is_signed;
  static constexpr bool is_integer = !lowp::detail::is_floating(F) && F.bias <= 0;
  static constexpr bool is_exact = !lowp::detail::is_floating(F);
  static constexpr int radix = 2;
  static constexpr int digits = lowp::detail::limits_digits(F);
  static constexpr int digits10 = lowp::detail::limits_digits10(F);
  static constexpr int max_digits10 = lowp::detail::limits_max_digits10(F);
  static constexpr int min_exponent = lowp::detail::limits_min_exponent(F);
  static constexpr int min_exponent10 = lowp::detail::limits_min_exponent10(F);
  static constexpr int max_exponent = lowp::detail::limits_max_exponent(F);
  static constexpr int max_exponent10 = lowp::detail::limits_max_exponent10(F);
  static constexpr bool has_infinity = lowp::has_infinity(F);
  static constexpr bool has_quiet_NaN = lowp::has_nan(F);
  static constexpr bool has_signaling_NaN = lowp::detail::has_signalling_nan(F);
  static constexpr float_denorm_style has_denorm =
      lowp::min_positive(F) == lowp::min_normal(F) ? denorm_absent : denorm_present;
  static constexpr bool has_denorm_loss = false;
  static constexpr bool is_iec559 = lowp::detail::is_iec559(F);
  static constexpr bool is_bounded = true;
  static constexpr bool is_modulo = false;
  static constexpr bool traps = false;
  static constexpr bool tinyness_before = false;
  static constexpr float_round_style round_style = round_to_nearest;

  static constexpr number min() noexcept {
    return from_code(lowp::detail::is_floating(F) ? lowp::min_normal(F) : lowp::lowest(F));
  }
  static constexpr number max() noexcept { return from_code(lowp::max_finite(F)); }
  static constexpr number lowest() noexcept { return from_code(lowp::lowest(F)); }
  static constexpr number epsilon() noexcept {
    return is_integer ? zero() : from_code(lowp::encode(F, lowp::detail::gap_above_one(F)));
  }
  static constexpr number round_error() noexcept {
    return from_code(lowp::encode(F, lowp::exact_finite(false, 1, -1)));
  }
  static constexpr number infinity() noexcept {
    return has_infinity ? from_code(lowp::infinity(F)) : zero();
  }
  static constexpr number quiet_NaN() noexcept {
    return has_quiet_NaN ? from_code(lowp::canonical_nan(F)) : zero();
  }
  static constexpr number signaling_NaN() noexcept {
    constexpr lowp::projection signalling{.nan = lowp::nan_rule::signalling};
    return has_signaling_NaN ? from_code(lowp::encode(F, lowp::exact_nan(), signalling)) : zero();
  }
  static constexpr number denorm_min() noexcept {
    return lowp::detail::is_floating(F) ? from_code(lowp::min_positive(F)) : zero();
  }
};

#endif  // LOWP_LIMITS_HPP
