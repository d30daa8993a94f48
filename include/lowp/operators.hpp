// SPDX-License-Identifier: Apache-2.0
/// \file
/// + - * / on number<F>, each one exact operation and one rounding by `default_projection`.
/// Operands of two formats mix only where one format holds every value of the other; the result is
/// of that one. Nothing narrows silently, and what is refused is refused at compile time:
///
///     bfloat16 * float8_e4m3fn    is a bfloat16
///     float8_e4m3fn * 2.0f        is a float, as with std::float16_t of C++23
///     float16 * bfloat16          neither holds the other: write float16{b} or add<float32>(a, b)
///     float16 * 2                 no format of 16 bits holds all int: write float16{2}
///     x *= y                      where x * y has the type of x
///
/// spec/arithmetic.md ARI-12.
#ifndef LOWP_OPERATORS_HPP
#define LOWP_OPERATORS_HPP

#include <concepts>
#include <type_traits>

#include "arithmetic.hpp"
#include "number.hpp"

namespace lowp {

namespace detail {

template <class T>
inline constexpr bool is_number = false;
template <format F>
inline constexpr bool is_number<number<F>> = true;

template <format From, format To>
inline constexpr bool is_embedded = embeds(From, To);

/// Every value of a `From` is a value of a `To`.
template <class From, class To>
concept widens_to = numeric<From> && numeric<To> && is_embedded<format_of<From>, format_of<To>>;

/// Two different arithmetic types, at least one of them a number<F>.
template <class X, class Y>
concept unlike_operands =
    !std::same_as<X, Y> && ((is_number<X> && (is_number<Y> || std::is_arithmetic_v<Y>)) ||
                            (is_number<Y> && std::is_arithmetic_v<X>));

/// One of X and Y holds every value of the other; none does.
template <class Y, class X>
concept mixes_with = unlike_operands<X, Y> &&(widens_to<X, Y> || widens_to<Y, X>);
template <class Y, class X>
concept refused_with = unlike_operands<X, Y> && !mixes_with<Y, X>;

/// A number beside which a native X holds every value; an operand Y with values that X has not.
template <class Y, class X>
concept number_within = is_number<Y> && widens_to<Y, X>;
template <class Y, class X>
concept wider_than = unlike_operands<X, Y> && !widens_to<Y, X>;

/// The type of X and Y that holds the values of both; number<F> if both do.
template <class X, class Y>
inline constexpr bool takes_left = is_number<X> ? widens_to<Y, X> : !widens_to<X, Y>;
template <class X, class Y>
using wider = std::conditional_t<takes_left<X, Y>, X, Y>;

// The result type of deleted operators: compilers print it.
struct neither_format_holds_every_value_of_the_other;
struct the_result_would_narrow_to_the_left_operand;

// Beside a deduced number<F>: a parameter that converts and does not deduce.
template <format F>
using convertible_to_number = std::type_identity_t<number<F>>;

/// The projection of operations on signs: NaN payloads stay.
LOWP_FN projection sign_projection(format f) noexcept {
  projection p = lowp::default_projection(f);
  p.nan = nan_rule::payload_raw;
  return p;
}

}  // namespace detail

/// x itself.
template <format F>
LOWP_FN number<F> operator+(number<F> x) noexcept {
  return x;
}
/// -x, of NaN too. Below zero in an unsigned format is NaN, in unsigned integers 0.
template <format F>
LOWP_FN number<F> operator-(number<F> x) noexcept {
  return negate<number<F>>(x, detail::sign_projection(F));
}

/// x + y.
template <format F>
LOWP_INLINE_FN number<F> operator+(number<F> x, number<F> y) noexcept {
  return add<number<F>>(x, y);
}
template <class X, detail::mixes_with<X> Y>
LOWP_INLINE_FN detail::wider<X, Y> operator+(X x, Y y) noexcept {
  return add<detail::wider<X, Y>>(x, y);
}
template <class X, detail::refused_with<X> Y>
auto operator+(X x, Y y) -> detail::neither_format_holds_every_value_of_the_other = delete;

/// x - y.
template <format F>
LOWP_INLINE_FN number<F> operator-(number<F> x, number<F> y) noexcept {
  return subtract<number<F>>(x, y);
}
template <class X, detail::mixes_with<X> Y>
LOWP_INLINE_FN detail::wider<X, Y> operator-(X x, Y y) noexcept {
  return subtract<detail::wider<X, Y>>(x, y);
}
template <class X, detail::refused_with<X> Y>
auto operator-(X x, Y y) -> detail::neither_format_holds_every_value_of_the_other = delete;

/// x * y.
template <format F>
LOWP_INLINE_FN number<F> operator*(number<F> x, number<F> y) noexcept {
  return multiply<number<F>>(x, y);
}
template <class X, detail::mixes_with<X> Y>
LOWP_INLINE_FN detail::wider<X, Y> operator*(X x, Y y) noexcept {
  return multiply<detail::wider<X, Y>>(x, y);
}
template <class X, detail::refused_with<X> Y>
auto operator*(X x, Y y) -> detail::neither_format_holds_every_value_of_the_other = delete;

/// x / y.
template <format F>
LOWP_INLINE_FN number<F> operator/(number<F> x, number<F> y) noexcept {
  return divide<number<F>>(x, y);
}
template <class X, detail::mixes_with<X> Y>
LOWP_INLINE_FN detail::wider<X, Y> operator/(X x, Y y) noexcept {
  return divide<detail::wider<X, Y>>(x, y);
}
template <class X, detail::refused_with<X> Y>
auto operator/(X x, Y y) -> detail::neither_format_holds_every_value_of_the_other = delete;

/// x = x + y, where y is of the same or a narrower type.
template <format F>
LOWP_FN number<F>& operator+=(number<F>& x, detail::convertible_to_number<F> y) noexcept {
  return x = add<number<F>>(x, y);
}
template <native X, detail::number_within<X> Y>
LOWP_FN X& operator+=(X& x, Y y) noexcept {
  return x = add<X>(x, y);
}
template <class X, detail::wider_than<X> Y>
auto operator+=(X& x, Y y) -> detail::the_result_would_narrow_to_the_left_operand = delete;

/// x = x - y, where y is of the same or a narrower type.
template <format F>
LOWP_FN number<F>& operator-=(number<F>& x, detail::convertible_to_number<F> y) noexcept {
  return x = subtract<number<F>>(x, y);
}
template <native X, detail::number_within<X> Y>
LOWP_FN X& operator-=(X& x, Y y) noexcept {
  return x = subtract<X>(x, y);
}
template <class X, detail::wider_than<X> Y>
auto operator-=(X& x, Y y) -> detail::the_result_would_narrow_to_the_left_operand = delete;

/// x = x * y, where y is of the same or a narrower type.
template <format F>
LOWP_FN number<F>& operator*=(number<F>& x, detail::convertible_to_number<F> y) noexcept {
  return x = multiply<number<F>>(x, y);
}
template <native X, detail::number_within<X> Y>
LOWP_FN X& operator*=(X& x, Y y) noexcept {
  return x = multiply<X>(x, y);
}
template <class X, detail::wider_than<X> Y>
auto operator*=(X& x, Y y) -> detail::the_result_would_narrow_to_the_left_operand = delete;

/// x = x / y, where y is of the same or a narrower type.
template <format F>
LOWP_FN number<F>& operator/=(number<F>& x, detail::convertible_to_number<F> y) noexcept {
  return x = divide<number<F>>(x, y);
}
template <native X, detail::number_within<X> Y>
LOWP_FN X& operator/=(X& x, Y y) noexcept {
  return x = divide<X>(x, y);
}
template <class X, detail::wider_than<X> Y>
auto operator/=(X& x, Y y) -> detail::the_result_would_narrow_to_the_left_operand = delete;

}  // namespace lowp

#endif  // LOWP_OPERATORS_HPP
