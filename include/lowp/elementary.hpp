// SPDX-License-Identifier: Apache-2.0
/// \file
/// The elementary functions, correctly rounded for every format in every rounding mode. Each has
/// two forms: on codes, where operands and result have any formats, and on typed values, where
/// `lowp::exp<lowp::bfloat16>(x)` names the result type. `random` holds the random bits of
/// stochastic modes, as in `encode`. For the flags call `compute_with_status<operation::exp>(to, p,
/// random, x)`. spec/elementary.md ELE-1; special operands ELE-2; where no source is named, IEEE
/// 754-2019 9.2.
#ifndef LOWP_ELEMENTARY_HPP
#define LOWP_ELEMENTARY_HPP

#include "detail/compute_typed.hpp"
#include "detail/elementary_operations.hpp"

namespace lowp {

/// The cube root, with the sign of x. C23 7.12.7.1.
LOWP_FN code_t cbrt(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::cbrt>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To cbrt(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::cbrt, To>(p, random, x);
}

/// e^x; 0 at -inf.
LOWP_FN code_t exp(coded x, format to, const projection& p = {},
                   std::uint64_t random = 0) noexcept {
  return compute<operation::exp>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To exp(X x, const projection& p = detail::default_for<To>(),
               std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::exp, To>(p, random, x);
}

/// 2^x; exact for integers x.
LOWP_FN code_t exp2(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::exp2>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To exp2(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::exp2, To>(p, random, x);
}

/// 10^x.
LOWP_FN code_t exp10(coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::exp10>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To exp10(X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::exp10, To>(p, random, x);
}

/// e^x - 1, accurate near 0; -1 at -inf.
LOWP_FN code_t expm1(coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::expm1>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To expm1(X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::expm1, To>(p, random, x);
}

/// The natural logarithm: -inf and divide_by_zero at 0, invalid for x < 0.
LOWP_FN code_t log(coded x, format to, const projection& p = {},
                   std::uint64_t random = 0) noexcept {
  return compute<operation::log>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To log(X x, const projection& p = detail::default_for<To>(),
               std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::log, To>(p, random, x);
}

/// The logarithm to base 2, exact for powers of 2; special operands as for `log`.
LOWP_FN code_t log2(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::log2>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To log2(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::log2, To>(p, random, x);
}

/// The logarithm to base 10, exact for powers of 10; special operands as for `log`.
LOWP_FN code_t log10(coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::log10>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To log10(X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::log10, To>(p, random, x);
}

/// ln(1 + x), accurate near 0: -inf and divide_by_zero at -1, invalid for x < -1.
LOWP_FN code_t log1p(coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::log1p>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To log1p(X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::log1p, To>(p, random, x);
}

/// ln(1 + e^x): near 0 for negative x, near x for positive ones. ELE-4
LOWP_FN code_t softplus(coded x, format to, const projection& p = {},
                        std::uint64_t random = 0) noexcept {
  return compute<operation::softplus>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To softplus(X x, const projection& p = detail::default_for<To>(),
                    std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::softplus, To>(p, random, x);
}

/// 1 / (1 + e^-x), between 0 and 1; 1/2 at 0. ELE-4
LOWP_FN code_t sigmoid(coded x, format to, const projection& p = {},
                       std::uint64_t random = 0) noexcept {
  return compute<operation::sigmoid>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To sigmoid(X x, const projection& p = detail::default_for<To>(),
                   std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::sigmoid, To>(p, random, x);
}

/// The sine of x radians, of any size; infinities are invalid.
LOWP_FN code_t sin(coded x, format to, const projection& p = {},
                   std::uint64_t random = 0) noexcept {
  return compute<operation::sin>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To sin(X x, const projection& p = detail::default_for<To>(),
               std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::sin, To>(p, random, x);
}

/// The cosine of x radians, of any size; infinities are invalid.
LOWP_FN code_t cos(coded x, format to, const projection& p = {},
                   std::uint64_t random = 0) noexcept {
  return compute<operation::cos>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To cos(X x, const projection& p = detail::default_for<To>(),
               std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::cos, To>(p, random, x);
}

/// The tangent of x radians, of any size; infinities are invalid.
LOWP_FN code_t tan(coded x, format to, const projection& p = {},
                   std::uint64_t random = 0) noexcept {
  return compute<operation::tan>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To tan(X x, const projection& p = detail::default_for<To>(),
               std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::tan, To>(p, random, x);
}

/// sin(pi x): 0 at integers, with the sign of x.
LOWP_FN code_t sinpi(coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::sinpi>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To sinpi(X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::sinpi, To>(p, random, x);
}

/// cos(pi x): +0 at n + 1/2.
LOWP_FN code_t cospi(coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::cospi>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To cospi(X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::cospi, To>(p, random, x);
}

/// tan(pi x). At n + 1/2 an infinity, positive for even n, and divide_by_zero; NaN by P3109 4.0.
LOWP_FN code_t tanpi(coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::tanpi>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To tanpi(X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::tanpi, To>(p, random, x);
}

/// The arc sine in [-pi/2, pi/2]; invalid for |x| > 1.
LOWP_FN code_t asin(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::asin>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To asin(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::asin, To>(p, random, x);
}

/// The arc cosine in [0, pi]; invalid for |x| > 1.
LOWP_FN code_t acos(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::acos>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To acos(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::acos, To>(p, random, x);
}

/// The arc tangent in [-pi/2, pi/2].
LOWP_FN code_t atan(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::atan>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To atan(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::atan, To>(p, random, x);
}

/// asin(x) / pi in [-1/2, 1/2]; invalid for |x| > 1.
LOWP_FN code_t asinpi(coded x, format to, const projection& p = {},
                      std::uint64_t random = 0) noexcept {
  return compute<operation::asinpi>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To asinpi(X x, const projection& p = detail::default_for<To>(),
                  std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::asinpi, To>(p, random, x);
}

/// acos(x) / pi in [0, 1]; invalid for |x| > 1.
LOWP_FN code_t acospi(coded x, format to, const projection& p = {},
                      std::uint64_t random = 0) noexcept {
  return compute<operation::acospi>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To acospi(X x, const projection& p = detail::default_for<To>(),
                  std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::acospi, To>(p, random, x);
}

/// atan(x) / pi in [-1/2, 1/2].
LOWP_FN code_t atanpi(coded x, format to, const projection& p = {},
                      std::uint64_t random = 0) noexcept {
  return compute<operation::atanpi>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To atanpi(X x, const projection& p = detail::default_for<To>(),
                  std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::atanpi, To>(p, random, x);
}

/// The angle of the point with ordinate y (the first operand) and abscissa x, in [-pi, pi]. By
/// IEEE 754 the signs of zeros count and every pair has an angle; by P3109 two zeros or two
/// infinities are NaN.
LOWP_FN code_t atan2(coded y, coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::atan2>(to, p, random, y, x);
}
template <numeric To, numeric Y, numeric X>
LOWP_FN To atan2(Y y, X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::atan2, To>(p, random, y, x);
}

/// atan2(y, x) / pi in [-1, 1].
LOWP_FN code_t atan2pi(coded y, coded x, format to, const projection& p = {},
                       std::uint64_t random = 0) noexcept {
  return compute<operation::atan2pi>(to, p, random, y, x);
}
template <numeric To, numeric Y, numeric X>
LOWP_FN To atan2pi(Y y, X x, const projection& p = detail::default_for<To>(),
                   std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::atan2pi, To>(p, random, y, x);
}

/// The hyperbolic sine.
LOWP_FN code_t sinh(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::sinh>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To sinh(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::sinh, To>(p, random, x);
}

/// The hyperbolic cosine.
LOWP_FN code_t cosh(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::cosh>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To cosh(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::cosh, To>(p, random, x);
}

/// The hyperbolic tangent; +-1 at infinities.
LOWP_FN code_t tanh(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::tanh>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To tanh(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::tanh, To>(p, random, x);
}

/// The inverse hyperbolic sine.
LOWP_FN code_t asinh(coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::asinh>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To asinh(X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::asinh, To>(p, random, x);
}

/// The inverse hyperbolic cosine, >= 0; invalid for x < 1.
LOWP_FN code_t acosh(coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::acosh>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To acosh(X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::acosh, To>(p, random, x);
}

/// The inverse hyperbolic tangent: infinite with divide_by_zero at +-1, invalid beyond.
LOWP_FN code_t atanh(coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::atanh>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To atanh(X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::atanh, To>(p, random, x);
}

/// The error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x. C23 7.12.8.1.
LOWP_FN code_t erf(coded x, format to, const projection& p = {},
                   std::uint64_t random = 0) noexcept {
  return compute<operation::erf>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To erf(X x, const projection& p = detail::default_for<To>(),
               std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::erf, To>(p, random, x);
}

/// 1 - erf(x), accurate for great x: from 2 at -inf to 0 at +inf. C23 7.12.8.2.
LOWP_FN code_t erfc(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::erfc>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To erfc(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::erfc, To>(p, random, x);
}

/// x (1 + erf(x / sqrt 2)) / 2: x times the normal distribution function. -0 at -inf. ELE-4
LOWP_FN code_t gelu(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::gelu>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To gelu(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::gelu, To>(p, random, x);
}

/// x / (1 + e^-x): x times `sigmoid`. -0 at -inf. ELE-4
LOWP_FN code_t silu(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::silu>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To silu(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::silu, To>(p, random, x);
}

/// x^y. 1 if y = 0 or x = 1, even beside a quiet NaN; invalid for x < 0 unless y is an integer;
/// 0^y for y < 0 is infinite and raises divide_by_zero. IEEE 754-2019 9.2.1.
LOWP_FN code_t pow(coded x, coded y, format to, const projection& p = {},
                   std::uint64_t random = 0) noexcept {
  return compute<operation::pow>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To pow(X x, Y y, const projection& p = detail::default_for<To>(),
               std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::pow, To>(p, random, x, y);
}

}  // namespace lowp

#endif  // LOWP_ELEMENTARY_HPP
