// SPDX-License-Identifier: Apache-2.0
/// \file
/// The formats of IEEE P3109 interim report 4.0 and what the report asks of a format.
#ifndef LOWP_P3109_FORMAT_HPP
#define LOWP_P3109_FORMAT_HPP

#include <cstdint>

#include "../codec.hpp"
#include "../compare.hpp"
#include "../formats.hpp"
#include "../properties.hpp"

/// IEEE P3109 interim report 4.0 (June 2026, an unapproved draft) under its own names, which are
/// the standard's terms and therefore written as there. A thin layer over lowp: spec/p3109.md.
namespace lowp::p3109 {

enum class Signedness : std::uint8_t { Signed, Unsigned };
enum class Domain : std::uint8_t { Extended, Finite };

/// Binary{K, P, signedness, domain}, sections 3.1 and 4.14. 3 <= K <= 16; signed: 1 <= P <= K-1;
/// unsigned: 1 <= P <= K. spec/p3109.md IEP-1.
LOWP_FN format Binary(int K, int P, Signedness s = Signedness::Signed,
                      Domain d = Domain::Extended) noexcept {
  return p3109_format(K, P, s == Signedness::Signed, d == Domain::Extended);
}

/// The external formats of section 4.8: operands and results of every operation.
inline constexpr format binary16 = formats::binary16;
inline constexpr format BFloat16 = formats::bfloat16;
inline constexpr format binary32 = formats::binary32;
inline constexpr format binary64 = formats::binary64;

LOWP_FN bool is_external_format(format f) noexcept {
  return f == ieee_format(5, 10) || f == ieee_format(8, 7) || f == ieee_format(8, 23) ||
         f == ieee_format(11, 52);
}

/// A format of the report: Binary{...} or external. The functions of this namespace take every
/// other format too, and treat it alike; that is then outside of the report.
LOWP_FN bool is_report_format(format f) noexcept {
  if (is_external_format(f)) return true;
  return check(f) == format_error::none && f.width >= 3 && f.width <= 16 &&
         f == p3109_format(f.width, f.precision, f.is_signed, f.has_infinity);
}

/// The value of a code: section 4.7.2; of external formats 4.8: -0 is 0, all NaNs are one.
/// spec/p3109.md IEP-2.
LOWP_FN exact Decode(format f, code_t x) noexcept {
  const exact X = lowp::decode(f, x);
  if (X.cls == number_class::nan) return exact_nan();
  if (X.cls == number_class::zero) return exact_zero();
  return X;
}

/// The code of a value of the format, section 4.7.6. Zero is +0 and NaN quiet in external formats.
LOWP_FN code_t Encode(format f, const exact& X) noexcept {
  return lowp::encode(f, X, {.nan_sign = sign_rule::positive, .zero_sign = sign_rule::positive});
}

/// Format operations, section 4.14. Those named Max... and Min... give codes. IEP-9.
LOWP_FN int BitwidthOf(format f) noexcept { return f.width; }
LOWP_FN int PrecisionOf(format f) noexcept { return f.precision; }
LOWP_FN Signedness SignednessOf(format f) noexcept {
  return f.is_signed ? Signedness::Signed : Signedness::Unsigned;
}
LOWP_FN Domain DomainOf(format f) noexcept {
  return f.has_infinity ? Domain::Extended : Domain::Finite;
}
LOWP_FN int ExponentBitwidthOf(format f) noexcept { return exponent_field_bits(f); }
LOWP_FN int TrailingSignificandBitwidthOf(format f) noexcept { return trailing_bits(f); }
LOWP_FN std::int32_t ExponentBiasOf(format f) noexcept { return f.bias; }
LOWP_FN code_t MaxFiniteOf(format f) noexcept { return max_finite(f); }
LOWP_FN code_t MinFiniteOf(format f) noexcept { return lowest(f); }
LOWP_FN code_t MinPositiveOf(format f) noexcept { return min_positive(f); }
LOWP_FN code_t MinNormalOf(format f) noexcept { return min_normal(f); }
/// NaN if P = 1.
LOWP_FN code_t MaxSubnormalOf(format f) noexcept {
  return f.precision == 1 ? Encode(f, exact_nan()) : min_normal(f) - 1;
}

}  // namespace lowp::p3109

#endif  // LOWP_P3109_FORMAT_HPP
