// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operations that select one of their operands or change a sign. spec/arithmetic.md ARI-10,
/// ARI-11.
#ifndef LOWP_DETAIL_SELECTION_OPERATIONS_HPP
#define LOWP_DETAIL_SELECTION_OPERATIONS_HPP

#include "../compare.hpp"
#include "special_results.hpp"

namespace lowp::detail {

/// As `convert`: all is up to the projection, signalling NaN too.
template <>
struct exact_operation<operation::copy> {
  LOWP_FN static unrounded of(const exact* x, const projection&) noexcept {
    return {*x, signals<1>(x)};
  }
};

/// The operations on signs signal nothing and keep NaN as it is; the projection still applies.
template <>
struct exact_operation<operation::abs> {
  LOWP_FN static unrounded of(const exact* x, const projection&) noexcept {
    return {with_sign(*x, false), {}};
  }
};
template <>
struct exact_operation<operation::negate> {
  LOWP_FN static unrounded of(const exact* x, const projection&) noexcept {
    return {negated(*x), {}};
  }
};
template <>
struct exact_operation<operation::copysign> {
  LOWP_FN static unrounded of(const exact* x, const projection& p) noexcept {
    if (uses_p3109(p)) {
      // NaN has no sign, and zero is not negative.
      if (any_nan<2>(x)) return first_nan<2>(x);
      return {with_sign(x[0], x[1].negative && !is_zero(x[1])), {}};
    }
    return {with_sign(x[0], x[1].negative), {}};
  }
};

/// -1, 0, 1 as x goes before, with or after y; -0 goes before +0. Not NaN.
LOWP_FN int rank(const exact& x, const exact& y) noexcept {
  const ordering o = compare(x, y);
  if (o != ordering::equal) return static_cast<int>(o);
  return (y.negative ? 1 : 0) - (x.negative ? 1 : 0);
}

/// The same by magnitude, equal ones by value.
LOWP_FN int rank_magnitudes(const exact& x, const exact& y) noexcept {
  const ordering o = compare_magnitudes(x, y);
  return o != ordering::equal ? static_cast<int>(o) : rank(x, y);
}

/// What a minimum or maximum does with NaN.
enum class nan_choice {
  propagate,                 ///< NaN if either is NaN
  number,                    ///< the other operand; signalling NaN raises invalid
  number_unless_signalling,  ///< the other operand, but NaN if one is signalling (IEEE 754-2008)
};

template <bool Greater, bool Magnitude, nan_choice Nan, bool PreferFinite = false>
struct selection {
  LOWP_FN static unrounded of(const exact* x, const projection&) noexcept {
    if (any_nan<2>(x)) {
      const status flags = signals<2>(x);
      const bool both = is_nan(x[0]) && is_nan(x[1]);
      const bool refuse = Nan == nan_choice::number_unless_signalling && flags.bits != 0;
      if (both || refuse || Nan == nan_choice::propagate) return first_nan<2>(x);
      return {is_nan(x[0]) ? x[1] : x[0], flags};
    }
    if (PreferFinite && is_infinite(x[0]) != is_infinite(x[1])) {
      return {is_infinite(x[0]) ? x[1] : x[0], {}};
    }
    const int order = Magnitude ? rank_magnitudes(x[0], x[1]) : rank(x[0], x[1]);
    return {(order > 0) == Greater ? x[0] : x[1], {}};
  }
};

template <>
struct exact_operation<operation::minimum> : selection<false, false, nan_choice::propagate> {};
template <>
struct exact_operation<operation::maximum> : selection<true, false, nan_choice::propagate> {};
template <>
struct exact_operation<operation::minimum_number> : selection<false, false, nan_choice::number> {};
template <>
struct exact_operation<operation::maximum_number> : selection<true, false, nan_choice::number> {};
template <>
struct exact_operation<operation::minimum_magnitude>
    : selection<false, true, nan_choice::propagate> {};
template <>
struct exact_operation<operation::maximum_magnitude>
    : selection<true, true, nan_choice::propagate> {};
template <>
struct exact_operation<operation::minimum_magnitude_number>
    : selection<false, true, nan_choice::number> {};
template <>
struct exact_operation<operation::maximum_magnitude_number>
    : selection<true, true, nan_choice::number> {};
template <>
struct exact_operation<operation::minimum_finite>
    : selection<false, false, nan_choice::number, true> {};
template <>
struct exact_operation<operation::maximum_finite>
    : selection<true, false, nan_choice::number, true> {};
template <>
struct exact_operation<operation::min_num>
    : selection<false, false, nan_choice::number_unless_signalling> {};
template <>
struct exact_operation<operation::max_num>
    : selection<true, false, nan_choice::number_unless_signalling> {};
template <>
struct exact_operation<operation::min_num_mag>
    : selection<false, true, nan_choice::number_unless_signalling> {};
template <>
struct exact_operation<operation::max_num_mag>
    : selection<true, true, nan_choice::number_unless_signalling> {};

/// x within [y, z]; an empty interval is invalid.
template <>
struct exact_operation<operation::clamp> {
  LOWP_FN static unrounded of(const exact* x, const projection&) noexcept {
    if (any_nan<3>(x)) return first_nan<3>(x);
    if (compare(x[1], x[2]) == ordering::greater) return invalid_result();
    if (rank(x[0], x[1]) <= 0) return {x[1], {}};
    return {rank(x[0], x[2]) >= 0 ? x[2] : x[0], {}};
  }
};

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_SELECTION_OPERATIONS_HPP
