// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the algebraic operations do to exact values, special ones included. spec/arithmetic.md
/// ARI-4 and following.
#ifndef LOWP_DETAIL_ARITHMETIC_OPERATIONS_HPP
#define LOWP_DETAIL_ARITHMETIC_OPERATIONS_HPP

#include "exact_arithmetic.hpp"
#include "irrational.hpp"
#include "special_results.hpp"

namespace lowp::detail {

/// x + y, not NaN.
LOWP_FN unrounded sum(const exact& x, const exact& y, const projection& p) noexcept {
  if (is_infinite(x) && is_infinite(y) && x.negative != y.negative) return invalid_result();
  if (is_infinite(x)) return {x, {}};
  if (is_infinite(y)) return {y, {}};
  if (is_zero(x) && is_zero(y)) return {x.negative == y.negative ? x : cancelled(p), {}};
  if (is_zero(x)) return {y, {}};
  if (is_zero(y)) return {x, {}};
  const exact operands[] = {x, y};
  if (any_irrational<2>(operands)) return algebraic_on_irrationals(operation::add, operands, p);
  const exact r = add_finite(x, y);
  return is_zero(r) ? unrounded{cancelled(p), {}} : told_apart(operation::add, operands, r, p);
}

/// x y, not NaN.
LOWP_FN unrounded product(const exact& x, const exact& y, const projection& p) noexcept {
  const bool negative = x.negative != y.negative;
  const bool zero = is_zero(x) || is_zero(y);
  if (is_infinite(x) || is_infinite(y)) {
    if (zero) return invalid_result();
    return {exact_infinity(negative), {}};
  }
  if (zero) return {exact_zero(negative), {}};
  const exact operands[] = {x, y};
  if (any_irrational<2>(operands)) {
    return algebraic_on_irrationals(operation::multiply, operands, p);
  }
  return {multiply_finite(x, y), {}};
}

/// x / y, not NaN. Under IEEE 754 division by zero gives an infinity, in P3109 NaN.
LOWP_FN unrounded quotient(const exact& x, const exact& y, const projection& p) noexcept {
  const bool negative = x.negative != y.negative;
  if (is_infinite(x) && is_infinite(y)) return invalid_result();
  if (is_zero(y)) {
    if (is_zero(x) || uses_p3109(p)) return invalid_result();
    if (is_infinite(x)) return {exact_infinity(negative), {}};
    return pole(negative);
  }
  if (is_infinite(x)) return {exact_infinity(negative), {}};
  if (is_zero(x) || is_infinite(y)) return {exact_zero(negative), {}};
  const exact operands[] = {x, y};
  if (any_irrational<2>(operands)) return algebraic_on_irrationals(operation::divide, operands, p);
  return told_apart(operation::divide, operands, divide_finite(x, y), p);
}

template <>
struct exact_operation<operation::add> {
  LOWP_FN static unrounded of(const exact* x, const projection& p) noexcept {
    return any_nan<2>(x) ? first_nan<2>(x) : sum(x[0], x[1], p);
  }
};

template <>
struct exact_operation<operation::subtract> {
  LOWP_FN static unrounded of(const exact* x, const projection& p) noexcept {
    return any_nan<2>(x) ? first_nan<2>(x) : sum(x[0], negated(x[1]), p);
  }
};

template <>
struct exact_operation<operation::multiply> {
  LOWP_FN static unrounded of(const exact* x, const projection& p) noexcept {
    return any_nan<2>(x) ? first_nan<2>(x) : product(x[0], x[1], p);
  }
};

template <>
struct exact_operation<operation::divide> {
  LOWP_FN static unrounded of(const exact* x, const projection& p) noexcept {
    return any_nan<2>(x) ? first_nan<2>(x) : quotient(x[0], x[1], p);
  }
};

/// 0 x inf beside a NaN addend: IEEE 754-2019 7.2 leaves open whether that is invalid, and x86 and
/// Arm differ. Here the addend is returned and invalid is raised; under P3109 rules nothing is.
template <>
struct exact_operation<operation::fma> {
  LOWP_FN static unrounded of(const exact* x, const projection& p) noexcept {
    if (is_nan(x[0]) || is_nan(x[1])) return first_nan<3>(x);
    const bool zero_times_infinity =
        (is_zero(x[0]) && is_infinite(x[1])) || (is_infinite(x[0]) && is_zero(x[1]));
    if (is_nan(x[2])) {
      unrounded r = first_nan<3>(x);
      if (zero_times_infinity && !uses_p3109(p)) r.flags.bits |= status::invalid;
      return r;
    }
    const bool all_finite =
        is_finite_nonzero(x[0]) && is_finite_nonzero(x[1]) && is_finite_nonzero(x[2]);
    if (all_finite && any_irrational<3>(x)) return algebraic_on_irrationals(operation::fma, x, p);
    const unrounded xy = product(x[0], x[1], p);
    return is_nan(xy.value) ? xy : sum(xy.value, x[2], p);
  }
};

template <>
struct exact_operation<operation::faa> {
  LOWP_FN static unrounded of(const exact* x, const projection& p) noexcept {
    bool infinite[2]{};
    int zeros[2]{};
    for (int i = 0; i < 3; ++i) {
      const int sign = x[i].negative ? 1 : 0;
      infinite[sign] = infinite[sign] || is_infinite(x[i]);
      zeros[sign] += is_zero(x[i]) ? 1 : 0;
    }
    if (any_nan<3>(x)) {
      unrounded r = first_nan<3>(x);
      if (infinite[0] && infinite[1] && !uses_p3109(p)) r.flags.bits |= status::invalid;
      return r;
    }
    if (infinite[0] && infinite[1]) return invalid_result();
    if (infinite[0] || infinite[1]) return {exact_infinity(infinite[1]), {}};
    if (zeros[0] + zeros[1] == 3) {
      return {zeros[0] == 3 || zeros[1] == 3 ? x[0] : cancelled(p), {}};
    }
    if (zeros[0] + zeros[1] != 0) {
      // One or two terms: a zero adds nothing but its sign to nothing.
      const exact& a = is_zero(x[0]) ? x[2] : x[0];
      const exact& b = is_zero(x[0]) ? x[1] : is_zero(x[1]) ? x[2] : x[1];
      return sum(a, b, p);
    }
    if (any_irrational<3>(x)) return algebraic_on_irrationals(operation::faa, x, p);
    const exact r = add_three(x[0], x[1], x[2]);
    return is_zero(r) ? unrounded{cancelled(p), {}} : told_apart(operation::faa, x, r, p);
  }
};

template <>
struct exact_operation<operation::sqrt> {
  LOWP_FN static unrounded of(const exact* x, const projection& p) noexcept {
    if (is_nan(*x)) return first_nan<1>(x);
    if (is_zero(*x)) return {*x, {}};
    if (x->negative) return invalid_result();
    if (is_infinite(*x)) return {*x, {}};
    if (x->sticky) return algebraic_on_irrationals(operation::sqrt, x, p);
    return {sqrt_finite(*x), {}};
  }
};

template <>
struct exact_operation<operation::recip> {
  LOWP_FN static unrounded of(const exact* x, const projection& p) noexcept {
    if (is_nan(*x)) return first_nan<1>(x);
    return quotient(exact_finite(false, 1, 0), *x, p);
  }
};

template <>
struct exact_operation<operation::rsqrt> {
  LOWP_FN static unrounded of(const exact* x, const projection& p) noexcept {
    if (is_nan(*x)) return first_nan<1>(x);
    if (is_zero(*x)) return uses_p3109(p) ? invalid_result() : pole(x->negative);
    if (x->negative) return invalid_result();
    if (is_infinite(*x)) return {exact_zero(), {}};
    if (x->sticky) return algebraic_on_irrationals(operation::rsqrt, x, p);
    return {rsqrt_finite(*x), {}};
  }
};

/// IEEE 754: an infinity beats a quiet NaN; in P3109 NaN wins.
template <>
struct exact_operation<operation::hypot> {
  LOWP_FN static unrounded of(const exact* x, const projection& p) noexcept {
    const bool infinite = is_infinite(x[0]) || is_infinite(x[1]);
    if (any_nan<2>(x)) {
      const bool signalling = is_signalling(x[0]) || is_signalling(x[1]);
      if (infinite && !signalling && !uses_p3109(p)) return {exact_infinity(), {}};
      return first_nan<2>(x);
    }
    if (infinite) return {exact_infinity(), {}};
    if (is_zero(x[0])) return {with_sign(x[1], false), {}};
    if (is_zero(x[1])) return {with_sign(x[0], false), {}};
    if (any_irrational<2>(x)) return algebraic_on_irrationals(operation::hypot, x, p);
    return told_apart(operation::hypot, x, hypot_finite(x[0], x[1]), p);
  }
};

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_ARITHMETIC_OPERATIONS_HPP
