// SPDX-License-Identifier: Apache-2.0
/// \file
/// Special operands and results: what all operations share. spec/arithmetic.md ARI-3.
#ifndef LOWP_DETAIL_SPECIAL_RESULTS_HPP
#define LOWP_DETAIL_SPECIAL_RESULTS_HPP

#include "../compute.hpp"

namespace lowp::detail {

LOWP_FN bool is_nan(const exact& x) noexcept { return x.cls == number_class::nan; }
LOWP_FN bool is_infinite(const exact& x) noexcept { return x.cls == number_class::infinity; }
LOWP_FN bool is_zero(const exact& x) noexcept { return x.cls == number_class::zero; }
LOWP_FN bool is_finite_nonzero(const exact& x) noexcept { return x.cls == number_class::finite; }

LOWP_FN bool uses_p3109(const projection& p) noexcept {
  return p.rules != operation_rules::ieee754;
}

/// The value of an operation that is not defined for its operands. ARI-3.
LOWP_FN unrounded invalid_result() noexcept { return {exact_nan(), {status::invalid}}; }
LOWP_FN unrounded pole(bool negative) noexcept {
  return {exact_infinity(negative), {status::divide_by_zero}};
}

template <int N>
LOWP_FN bool any_nan(const exact* x) noexcept {
  for (int i = 0; i < N; ++i) {
    if (is_nan(x[i])) return true;
  }
  return false;
}

/// Signalling operands make any operation but those on signs invalid.
template <int N>
LOWP_FN status signals(const exact* x) noexcept {
  for (int i = 0; i < N; ++i) {
    if (is_signalling(x[i])) return {status::invalid};
  }
  return {};
}

LOWP_FN exact quieted(exact x) noexcept {
  x.significand |= std::uint64_t{1} << 63;
  return x;
}

/// What operations make of NaN operands: the first of them, quiet. ARI-3.
template <int N>
LOWP_FN unrounded first_nan(const exact* x) noexcept {
  for (int i = 0; i < N; ++i) {
    if (is_nan(x[i])) return {quieted(x[i]), signals<N>(x)};
  }
  return invalid_result();
}

/// A finite value of a logarithmic format that is no dyadic number.
template <int N>
LOWP_FN bool any_irrational(const exact* x) noexcept {
  for (int i = 0; i < N; ++i) {
    if (is_finite_nonzero(x[i]) && x[i].sticky) return true;
  }
  return false;
}

LOWP_FN exact negated(exact x) noexcept {
  x.negative = !x.negative;
  return x;
}
LOWP_FN exact with_sign(exact x, bool negative) noexcept {
  x.negative = negative;
  return x;
}

/// The zero of a sum whose terms cancel, or are zeros of both signs. IEEE 754-2019 6.3.
LOWP_FN exact cancelled(const projection& p) noexcept {
  return exact_zero(p.round == rounding::toward_negative);
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_SPECIAL_RESULTS_HPP
