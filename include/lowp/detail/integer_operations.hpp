// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operations about integers: rounding to them, remainders, exponents. spec/arithmetic.md ARI-8,
/// ARI-9.
#ifndef LOWP_DETAIL_INTEGER_OPERATIONS_HPP
#define LOWP_DETAIL_INTEGER_OPERATIONS_HPP

#include "exact_arithmetic.hpp"
#include "irrational.hpp"
#include "special_results.hpp"

namespace lowp::detail {

/// x of 128 bits and a rest, rounded to an integer; the sign stays, of zeros too.
LOWP_FN exact to_integer(exact x, rounding mode) noexcept {
  x = normalized(x);
  if (x.cls != number_class::finite || x.exponent >= 64) return x;  // 128 bits before the point
  uint128 whole = 0;
  fraction64 rest;
  if (x.exponent < 0) {
    const position at = align(x, 0);
    whole = at.index;
    rest = at.fraction;
  } else {
    whole = significand_of(x) >> (64 - x.exponent);
    rest = {x.tail << x.exponent, x.sticky};
  }
  const bool away = rounds_away(mode, x.negative, (whole & 1) != 0, rest, 0, 0);
  return exact_wide(x.negative, whole + (away ? 1 : 0), 0, false);
}

template <rounding Mode>
struct rounding_to_integer {
  LOWP_FN static unrounded of(const exact* x, const projection&) noexcept {
    if (is_nan(*x)) return first_nan<1>(x);
    return {to_integer(*x, Mode), {}};
  }
};

template <>
struct exact_operation<operation::rint_even> : rounding_to_integer<rounding::to_nearest_even> {};
template <>
struct exact_operation<operation::rint_away> : rounding_to_integer<rounding::to_nearest_away> {};
template <>
struct exact_operation<operation::rint_zero> : rounding_to_integer<rounding::toward_zero> {};
template <>
struct exact_operation<operation::rint_positive> : rounding_to_integer<rounding::toward_positive> {
};
template <>
struct exact_operation<operation::rint_negative> : rounding_to_integer<rounding::toward_negative> {
};

/// x mod y and what IEEE 754 calls the remainder: within half of y, ties by an even quotient.
template <bool Nearest>
struct remainder_operation {
  LOWP_FN static unrounded of(const exact* x, const projection& p) noexcept {
    if (any_nan<2>(x)) return first_nan<2>(x);
    if (is_infinite(x[0]) || is_zero(x[1])) return invalid_result();
    if (is_zero(x[0]) || is_infinite(x[1])) return {x[0], {}};
    if (any_irrational<2>(x)) return of_irrationals(x, p);
    bool odd = false;
    exact r = modulo(x[0], x[1], odd);
    if (is_zero(r)) r.negative = x[0].negative;
    if constexpr (Nearest) {
      if (!is_zero(r)) {
        exact twice = r;
        ++twice.exponent;
        const ordering o = compare_magnitudes(twice, x[1]);
        if (o == ordering::greater || (o == ordering::equal && odd)) {
          r = add_finite(r, with_sign(x[1], !r.negative));
        }
      }
    }
    return {r, {}};
  }

 private:
  /// Quotients from 2^63 on are refused: ARI-8.
  LOWP_FN static unrounded of_irrationals(const exact* x, const projection& p) noexcept {
    const exact q = normalized(algebraic_on_irrationals(operation::divide, x, p).value);
    if (binade(q) >= 63) return invalid_result();
    const exact n = to_integer(q, Nearest ? rounding::to_nearest_even : rounding::toward_zero);
    if (is_zero(n)) return {x[0], {}};
    const exact terms[] = {negated(n), x[1], x[0]};
    unrounded r = algebraic_on_irrationals(operation::fma, terms, p);
    if (is_zero(r.value)) r.value.negative = x[0].negative;
    return r;
  }
};

template <>
struct exact_operation<operation::remainder> : remainder_operation<true> {};
template <>
struct exact_operation<operation::fmod> : remainder_operation<false> {};

/// x 2^y. A y that is no integer is invalid; infinite ones act as the limits.
template <>
struct exact_operation<operation::scalb> {
  LOWP_FN static unrounded of(const exact* x, const projection&) noexcept {
    if (any_nan<2>(x)) return first_nan<2>(x);
    if (is_infinite(x[1])) {
      const bool undefined = x[1].negative ? is_infinite(x[0]) : is_zero(x[0]);
      if (undefined) return invalid_result();
      return {x[1].negative ? exact_zero(x[0].negative) : exact_infinity(x[0].negative), {}};
    }
    if (is_zero(x[1])) return {x[0], {}};
    const exact whole = to_integer(x[1], rounding::toward_zero);
    if (x[1].sticky || compare(whole, x[1]) != ordering::equal) return invalid_result();
    if (!is_finite_nonzero(x[0])) return {x[0], {}};
    exact r = normalized(x[0]);
    const exact n = normalized(whole);
    // Beyond twice the bound every value has left every format.
    const bool far = binade(n) >= 26;
    const auto size = static_cast<std::int32_t>(far ? 2 * exponent_bound : align(n, 0).index);
    r.exponent += n.negative ? -size : size;
    return {normalized(r), {}};
  }
};

template <>
struct exact_operation<operation::logb> {
  LOWP_FN static unrounded of(const exact* x, const projection&) noexcept {
    if (is_nan(*x)) return first_nan<1>(x);
    if (is_infinite(*x)) return {exact_infinity(), {}};
    if (is_zero(*x)) return pole(true);
    const std::int32_t n = binade(normalized(*x));
    return {exact_finite(n < 0, static_cast<std::uint64_t>(n < 0 ? -n : n), 0), {}};
  }
};

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_INTEGER_OPERATIONS_HPP
