// SPDX-License-Identifier: Apache-2.0
/// \file
/// The functions of <cmath> and a few of machine learning on number<F>, found without naming the
/// namespace: correctly rounded by `default_projection`, constexpr, of the type of their operands.
/// Operands of several formats: the result is of the one that holds all values of the others, as
/// with operators. Where the format of the result should be another, `lowp::exp<float32>(x)` and
/// its kin of arithmetic.hpp and elementary.hpp name it. spec/arithmetic.md ARI-12.
///
/// Differences to C: no errno and no flags; lround and its kin saturate, with 0 for NaN; results
/// that a format has no code for follow spec/projection.md (log(0) in e4m3fn is NaN). A native
/// operand beside a number does not compile: write pow(x, float16{2}). What <cmath> has and this
/// header has not (tgamma, lgamma, remquo) takes numbers as double, exactly, and yields a double,
/// which does not silently become a number again.
#ifndef LOWP_MATH_HPP
#define LOWP_MATH_HPP

#include <climits>
#include <type_traits>

#include "arithmetic.hpp"
#include "elementary.hpp"
#include "number.hpp"
#include "operators.hpp"

namespace lowp {

namespace detail {

/// True if every value of the other formats is one of F.
template <format F, format... Others>
inline constexpr bool holds = (is_embedded<Others, F> && ...);

/// The first of the formats that holds the others; the default format, which is none, if none does.
template <format F, format G, format H = G>
inline constexpr format common_format = holds<F, G, H>   ? F
                                        : holds<G, F, H> ? G
                                        : holds<H, F, G> ? H
                                                         : format{};

/// Operands of a function of several: numbers, and native ones if only to be refused.
template <class... T>
concept function_operands = ((is_number<T> || std::is_arithmetic_v<T>)&&...) &&
                            (is_number<T> || ...);

// The result types of functions of several operands. What they refuse is a hard error, lest it
// silently go to the functions on double of <cmath>; which are meant where no operand is a number.

/// The type of the first.
template <class X, class... Y>
struct first_number_of {
  static_assert(is_number<X> && (is_number<Y> && ...),
                "lowp: a native operand beside a number; convert it by name, as in pow(x, T{2})");
  using type = X;
};

/// A number of the operands' common format.
template <class... T>
struct common_number_of : first_number_of<T...> {};
template <format F, format... G>
struct common_number_of<number<F>, number<G>...> {
  static constexpr format common = common_format<F, G...>;
  static_assert(common != format{},
                "lowp: no operand's format holds every value of the others; convert one of them");
  using type = number<common == format{} ? F : common>;
};

/// The type of both.
template <class X, class Y>
struct same_number_of : first_number_of<X, Y> {};
template <format F, format G>
struct same_number_of<number<F>, number<G>> {
  static_assert(F == G, "lowp: neighbours differ between two formats; convert one operand");
  using type = number<F>;
};

template <class... T>
requires function_operands<T...>
using common_number = typename common_number_of<T...>::type;
template <class X, class Y>
requires function_operands<X, Y>
using first_number = typename first_number_of<X, Y>::type;
template <class X, class Y>
requires function_operands<X, Y>
using same_number = typename same_number_of<X, Y>::type;

/// Functions that deduce their operands' types begin their parameters with a pack of these, so that
/// lowp::pow<To>(x, y) is the function of elementary.hpp alone.
enum class deduced {};

/// An operation whose result has the format of its operands.
template <operation Op, format F, class... Y>
LOWP_FN number<F> in_format(number<F> x, Y... y) noexcept {
  return compute_typed<Op, number<F>>(lowp::default_projection(F), 0, x, y...);
}

/// The same in the common format of several.
template <operation Op, class... T>
LOWP_FN common_number<T...> in_common_format(T... x) noexcept {
  using result = common_number<T...>;
  return compute_typed<Op, result>(lowp::default_projection(format_of<result>), 0, x...);
}

}  // namespace detail

/// |x|, of NaN too.
template <format F>
LOWP_FN number<F> abs(number<F> x) noexcept {
  return abs<number<F>>(x, detail::sign_projection(F));
}
template <format F>
LOWP_FN number<F> fabs(number<F> x) noexcept {
  return abs<number<F>>(x, detail::sign_projection(F));
}

/// |x| with the sign of y.
template <detail::deduced..., class X, class Y>
LOWP_FN detail::first_number<X, Y> copysign(X x, Y y) noexcept {
  return copysign<X>(x, y, detail::sign_projection(format_of<X>));
}

/// Roots. rsqrt(x) is 1 / sqrt(x).
template <format F>
LOWP_FN number<F> sqrt(number<F> x) noexcept {
  return detail::in_format<operation::sqrt>(x);
}
template <format F>
LOWP_FN number<F> rsqrt(number<F> x) noexcept {
  return detail::in_format<operation::rsqrt>(x);
}
template <format F>
LOWP_FN number<F> cbrt(number<F> x) noexcept {
  return detail::in_format<operation::cbrt>(x);
}

/// sqrt(x^2 + y^2).
template <detail::deduced..., class X, class Y>
LOWP_FN detail::common_number<X, Y> hypot(X x, Y y) noexcept {
  return detail::in_common_format<operation::hypot>(x, y);
}

/// x y + z in one rounding.
template <detail::deduced..., class X, class Y, class Z>
LOWP_FN detail::common_number<X, Y, Z> fma(X x, Y y, Z z) noexcept {
  return detail::in_common_format<operation::fma>(x, y, z);
}

/// x - n y for n = x / y to the nearest integer (remainder) or toward zero (fmod).
template <detail::deduced..., class X, class Y>
LOWP_FN detail::common_number<X, Y> remainder(X x, Y y) noexcept {
  return detail::in_common_format<operation::remainder>(x, y);
}
template <detail::deduced..., class X, class Y>
LOWP_FN detail::common_number<X, Y> fmod(X x, Y y) noexcept {
  return detail::in_common_format<operation::fmod>(x, y);
}

/// The lesser and the greater; a number beats NaN.
template <detail::deduced..., class X, class Y>
LOWP_FN detail::common_number<X, Y> fmin(X x, Y y) noexcept {
  return detail::in_common_format<operation::minimum_number>(x, y);
}
template <detail::deduced..., class X, class Y>
LOWP_FN detail::common_number<X, Y> fmax(X x, Y y) noexcept {
  return detail::in_common_format<operation::maximum_number>(x, y);
}

/// x - y, or +0 where that is not above zero; NaN if either is.
template <detail::deduced..., class X, class Y>
LOWP_FN detail::common_number<X, Y> fdim(X x, Y y) noexcept {
  using result = detail::common_number<X, Y>;
  return x <= y ? result::from_code(zero(format_of<result>)) : x - y;
}

/// To an integer: down, up, toward zero, nearest with ties away from zero, nearest with ties to
/// even.
template <format F>
LOWP_FN number<F> floor(number<F> x) noexcept {
  return detail::in_format<operation::rint_negative>(x);
}
template <format F>
LOWP_FN number<F> ceil(number<F> x) noexcept {
  return detail::in_format<operation::rint_positive>(x);
}
template <format F>
LOWP_FN number<F> trunc(number<F> x) noexcept {
  return detail::in_format<operation::rint_zero>(x);
}
template <format F>
LOWP_FN number<F> round(number<F> x) noexcept {
  return detail::in_format<operation::rint_away>(x);
}
template <format F>
LOWP_FN number<F> roundeven(number<F> x) noexcept {
  return detail::in_format<operation::rint_even>(x);
}
template <format F>
LOWP_FN number<F> rint(number<F> x) noexcept {
  return detail::in_format<operation::rint_even>(x);
}
template <format F>
LOWP_FN number<F> nearbyint(number<F> x) noexcept {
  return detail::in_format<operation::rint_even>(x);
}

/// The same as an integer type; beyond its range its ends, of NaN 0.
template <format F>
LOWP_FN long lround(number<F> x) noexcept {
  return convert<long>(x, {.round = to_nearest_away, .overflow = saturate});
}
template <format F>
LOWP_FN long long llround(number<F> x) noexcept {
  return convert<long long>(x, {.round = to_nearest_away, .overflow = saturate});
}
template <format F>
LOWP_FN long lrint(number<F> x) noexcept {
  return convert<long>(x, {.round = to_nearest_even, .overflow = saturate});
}
template <format F>
LOWP_FN long long llrint(number<F> x) noexcept {
  return convert<long long>(x, {.round = to_nearest_even, .overflow = saturate});
}

/// x - trunc(x) with the sign of x; trunc(x) goes to *whole.
template <format F>
LOWP_FN number<F> modf(number<F> x, number<F>* whole) noexcept {
  *whole = trunc(x);
  return copysign(is_infinite(x) ? number<F>::from_code(zero(F)) : x - *whole, x);
}

/// x 2^n in one rounding.
template <format F>
LOWP_FN number<F> scalbn(number<F> x, int n) noexcept {
  return detail::in_format<operation::scalb>(x, n);
}
template <format F>
LOWP_FN number<F> scalbln(number<F> x, long n) noexcept {
  return detail::in_format<operation::scalb>(x, n);
}
template <format F>
LOWP_FN number<F> ldexp(number<F> x, int n) noexcept {
  return detail::in_format<operation::scalb>(x, n);
}

/// floor(log2 |x|) as a number, and as an int: of 0 and NaN INT_MIN, of infinities INT_MAX.
template <format F>
LOWP_FN number<F> logb(number<F> x) noexcept {
  return detail::in_format<operation::logb>(x);
}
template <format F>
LOWP_FN int ilogb(number<F> x) noexcept {
  const exact e = normalized(decode(x));
  if (e.cls == number_class::infinity) return INT_MAX;
  return e.cls == number_class::finite ? binade(e) : INT_MIN;
}

/// s with 1/2 <= |s| < 1 and x = s 2^n, where n goes to *exponent (0 for zero, infinities and NaN).
/// s is rounded where the format has fewer digits there than at x.
template <format F>
LOWP_FN number<F> frexp(number<F> x, int* exponent) noexcept {
  const exact e = normalized(decode(x));
  *exponent = e.cls == number_class::finite ? binade(e) + 1 : 0;
  return scalbn(x, -*exponent);
}

/// Exponentials.
template <format F>
LOWP_FN number<F> exp(number<F> x) noexcept {
  return detail::in_format<operation::exp>(x);
}
template <format F>
LOWP_FN number<F> exp2(number<F> x) noexcept {
  return detail::in_format<operation::exp2>(x);
}
template <format F>
LOWP_FN number<F> exp10(number<F> x) noexcept {
  return detail::in_format<operation::exp10>(x);
}
template <format F>
LOWP_FN number<F> expm1(number<F> x) noexcept {
  return detail::in_format<operation::expm1>(x);
}

/// Logarithms.
template <format F>
LOWP_FN number<F> log(number<F> x) noexcept {
  return detail::in_format<operation::log>(x);
}
template <format F>
LOWP_FN number<F> log2(number<F> x) noexcept {
  return detail::in_format<operation::log2>(x);
}
template <format F>
LOWP_FN number<F> log10(number<F> x) noexcept {
  return detail::in_format<operation::log10>(x);
}
template <format F>
LOWP_FN number<F> log1p(number<F> x) noexcept {
  return detail::in_format<operation::log1p>(x);
}

/// Angles in radians; in half turns, that is, of pi x.
template <format F>
LOWP_FN number<F> sin(number<F> x) noexcept {
  return detail::in_format<operation::sin>(x);
}
template <format F>
LOWP_FN number<F> cos(number<F> x) noexcept {
  return detail::in_format<operation::cos>(x);
}
template <format F>
LOWP_FN number<F> tan(number<F> x) noexcept {
  return detail::in_format<operation::tan>(x);
}
template <format F>
LOWP_FN number<F> sinpi(number<F> x) noexcept {
  return detail::in_format<operation::sinpi>(x);
}
template <format F>
LOWP_FN number<F> cospi(number<F> x) noexcept {
  return detail::in_format<operation::cospi>(x);
}
template <format F>
LOWP_FN number<F> tanpi(number<F> x) noexcept {
  return detail::in_format<operation::tanpi>(x);
}

/// Their inverses.
template <format F>
LOWP_FN number<F> asin(number<F> x) noexcept {
  return detail::in_format<operation::asin>(x);
}
template <format F>
LOWP_FN number<F> acos(number<F> x) noexcept {
  return detail::in_format<operation::acos>(x);
}
template <format F>
LOWP_FN number<F> atan(number<F> x) noexcept {
  return detail::in_format<operation::atan>(x);
}
template <format F>
LOWP_FN number<F> asinpi(number<F> x) noexcept {
  return detail::in_format<operation::asinpi>(x);
}
template <format F>
LOWP_FN number<F> acospi(number<F> x) noexcept {
  return detail::in_format<operation::acospi>(x);
}
template <format F>
LOWP_FN number<F> atanpi(number<F> x) noexcept {
  return detail::in_format<operation::atanpi>(x);
}

/// The angle of the point (x, y), in radians and divided by pi.
template <detail::deduced..., class Y, class X>
LOWP_FN detail::common_number<Y, X> atan2(Y y, X x) noexcept {
  return detail::in_common_format<operation::atan2>(y, x);
}
template <detail::deduced..., class Y, class X>
LOWP_FN detail::common_number<Y, X> atan2pi(Y y, X x) noexcept {
  return detail::in_common_format<operation::atan2pi>(y, x);
}

/// Hyperbolic functions and their inverses.
template <format F>
LOWP_FN number<F> sinh(number<F> x) noexcept {
  return detail::in_format<operation::sinh>(x);
}
template <format F>
LOWP_FN number<F> cosh(number<F> x) noexcept {
  return detail::in_format<operation::cosh>(x);
}
template <format F>
LOWP_FN number<F> tanh(number<F> x) noexcept {
  return detail::in_format<operation::tanh>(x);
}
template <format F>
LOWP_FN number<F> asinh(number<F> x) noexcept {
  return detail::in_format<operation::asinh>(x);
}
template <format F>
LOWP_FN number<F> acosh(number<F> x) noexcept {
  return detail::in_format<operation::acosh>(x);
}
template <format F>
LOWP_FN number<F> atanh(number<F> x) noexcept {
  return detail::in_format<operation::atanh>(x);
}

/// The error function and 1 minus it.
template <format F>
LOWP_FN number<F> erf(number<F> x) noexcept {
  return detail::in_format<operation::erf>(x);
}
template <format F>
LOWP_FN number<F> erfc(number<F> x) noexcept {
  return detail::in_format<operation::erfc>(x);
}

/// x^y.
template <detail::deduced..., class X, class Y>
LOWP_FN detail::common_number<X, Y> pow(X x, Y y) noexcept {
  return detail::in_common_format<operation::pow>(x, y);
}

/// Of machine learning: 1 / (1 + e^-x), ln(1 + e^x), x Phi(x), x sigmoid(x).
template <format F>
LOWP_FN number<F> sigmoid(number<F> x) noexcept {
  return detail::in_format<operation::sigmoid>(x);
}
template <format F>
LOWP_FN number<F> softplus(number<F> x) noexcept {
  return detail::in_format<operation::softplus>(x);
}
template <format F>
LOWP_FN number<F> gelu(number<F> x) noexcept {
  return detail::in_format<operation::gelu>(x);
}
template <format F>
LOWP_FN number<F> silu(number<F> x) noexcept {
  return detail::in_format<operation::silu>(x);
}

/// Classes. `classify` has all ten of them.
template <format F>
LOWP_FN bool isnan(number<F> x) noexcept {
  return is_nan(x);
}
template <format F>
LOWP_FN bool isinf(number<F> x) noexcept {
  return is_infinite(x);
}
template <format F>
LOWP_FN bool isfinite(number<F> x) noexcept {
  return is_finite(x);
}
template <format F>
LOWP_FN bool isnormal(number<F> x) noexcept {
  const value_class c = classify(x);
  return c == value_class::positive_normal || c == value_class::negative_normal;
}
template <format F>
LOWP_FN bool signbit(number<F> x) noexcept {
  return decode(x).negative;
}

/// The neighbour of x in the direction of y; y if they are equal, NaN if either is.
template <detail::deduced..., class X, class Y>
LOWP_FN detail::same_number<X, Y> nextafter(X x, Y y) noexcept {
  if (is_nan(x)) return x;
  if (is_nan(y) || x == y) return y;
  return x < y ? next_up(x) : next_down(x);
}

}  // namespace lowp

#endif  // LOWP_MATH_HPP
