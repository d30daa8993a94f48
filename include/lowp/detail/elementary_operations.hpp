// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the elementary operations do to exact values: the special operands by table, the results
/// that end, and all others truncated to 128 bits by intervals of rising precision.
#ifndef LOWP_DETAIL_ELEMENTARY_OPERATIONS_HPP
#define LOWP_DETAIL_ELEMENTARY_OPERATIONS_HPP

#include "arithmetic_operations.hpp"
#include "elementary_results.hpp"

namespace lowp::detail {

/// The multiple n / 4 of pi, or of 1 (`in_half_turns`).
LOWP_FN exact quarter_angle(int n, bool negative, bool in_half_turns) noexcept {
  exact r = exact_finite(negative, static_cast<std::uint64_t>(n), -2);
  if (in_half_turns || n == 0) return r;
  truncate(scaled(pi<3>() * from_integer<3>(static_cast<std::uint64_t>(n)), -2), r);
  r.negative = negative;
  return r;
}

/// Op at finite non-zero operands of its domain.
template <operation Op>
LOWP_FN unrounded regular_result(const exact* x) noexcept {
  exact r;
  if (exact_result<Op>(x, r)) return {r, {}};
  return {truncated<Op>(x), {}};
}

/// Op at -0 and +0.
template <operation Op>
LOWP_FN unrounded at_zero(bool negative) noexcept {
  using enum operation;
  if constexpr (Op == exp || Op == exp2 || Op == exp10 || Op == cos || Op == cospi || Op == cosh ||
                Op == erfc) {
    return {exact_integer(1), {}};
  } else if constexpr (Op == log || Op == log2 || Op == log10) {
    return pole(true);
  } else if constexpr (Op == softplus) {
    exact r;
    truncate(ln2<3>(), r);
    return {r, {}};
  } else if constexpr (Op == sigmoid) {
    return {exact_power_of_two(-1), {}};
  } else if constexpr (Op == acos || Op == acospi) {
    return {quarter_angle(2, false, Op == acospi), {}};
  } else if constexpr (Op == acosh) {
    return invalid_result();
  } else {
    return {exact_zero(negative), {}};
  }
}

/// Op at -inf and +inf: its limit there.
template <operation Op>
LOWP_FN unrounded at_infinity(bool negative) noexcept {
  using enum operation;
  if constexpr (Op == exp || Op == exp2 || Op == exp10 || Op == softplus) {
    return {negative ? exact_zero() : exact_infinity(), {}};
  } else if constexpr (Op == expm1) {
    return {negative ? exact_integer(-1) : exact_infinity(), {}};
  } else if constexpr (Op == sigmoid) {
    return {negative ? exact_zero() : exact_integer(1), {}};
  } else if constexpr (Op == gelu || Op == silu) {
    return {negative ? exact_zero(true) : exact_infinity(), {}};
  } else if constexpr (Op == log || Op == log2 || Op == log10 || Op == log1p || Op == acosh) {
    return negative ? invalid_result() : unrounded{exact_infinity(), {}};
  } else if constexpr (Op == cosh) {
    return {exact_infinity(), {}};
  } else if constexpr (Op == cbrt || Op == sinh || Op == asinh) {
    return {exact_infinity(negative), {}};
  } else if constexpr (Op == atan || Op == atanpi) {
    return {quarter_angle(2, negative, Op == atanpi), {}};
  } else if constexpr (Op == tanh || Op == erf) {
    return {exact_integer(negative ? -1 : 1), {}};
  } else if constexpr (Op == erfc) {
    return {negative ? exact_integer(2) : exact_zero(), {}};
  } else {  // sin, cos, tan, asin, acos, atanh and their variants
    return invalid_result();
  }
}

/// True, with the result, where a finite non-zero x is outside the domain of Op or at its end.
template <operation Op>
LOWP_FN bool outside_domain(const exact& x, unrounded& r) noexcept {
  using enum operation;
  constexpr bool of_positive = Op == log || Op == log2 || Op == log10;
  const bool at_least_one = binade(x) >= 0;
  const bool is_one = is_power_of_two(x, 0);
  if constexpr (of_positive) {
    if (!x.negative) return false;
    r = invalid_result();
    return true;
  } else if constexpr (Op == log1p) {
    if (!x.negative || !at_least_one) return false;
    r = is_one ? pole(true) : invalid_result();
    return true;
  } else if constexpr (Op == asin || Op == acos || Op == asinpi || Op == acospi) {
    if (!at_least_one || is_one) return false;
    r = invalid_result();
    return true;
  } else if constexpr (Op == acosh) {
    if (!x.negative && at_least_one) return false;
    r = invalid_result();
    return true;
  } else if constexpr (Op == atanh) {
    if (!at_least_one) return false;
    r = is_one ? pole(x.negative) : invalid_result();
    return true;
  } else {
    return false;
  }
}

/// The operations of one operand.
template <operation Op>
struct elementary_of_one {
  static LOWP_FN unrounded of(const exact* operands, const projection& p) noexcept {
    const exact x = normalized(*operands);
    switch (x.cls) {
      case number_class::nan: return first_nan<1>(&x);
      case number_class::infinity: return at_infinity<Op>(x.negative);
      case number_class::zero: return at_zero<Op>(x.negative);
      case number_class::finite: break;
    }
    unrounded r;
    if (outside_domain<Op>(x, r)) return r;
    r = regular_result<Op>(&x);
    if (Op == operation::tanpi && r.value.cls == number_class::infinity) {
      if (p.rules == operation_rules::p3109_4_0) return invalid_result();
      r.flags.bits = status::divide_by_zero;
    }
    return r;
  }
};

/// atan2 and atan2pi where an operand is zero or infinite; P3109 4.0 4.10.14, 4.10.15 in their
/// order, where zero has no sign and (y < 0, -inf) is pi until July 2026.
LOWP_FN unrounded angle_by_p3109(const exact& y, const exact& x, bool in_half_turns,
                                 operation_rules rules) noexcept {
  const bool y_zero = y.cls == number_class::zero, x_zero = x.cls == number_class::zero;
  const bool y_inf = y.cls == number_class::infinity, x_inf = x.cls == number_class::infinity;
  if ((y_zero && x_zero) || (y_inf && x_inf)) return invalid_result();
  int quarters = 0;
  bool negative = false;
  if (x_inf || y_zero) {
    quarters = x.negative ? 4 : 0;
    negative = x.negative && !y_zero && y.negative && rules == operation_rules::p3109_2026_07;
  } else {
    quarters = 2;
    negative = y.negative;
  }
  return {quarter_angle(quarters, negative, in_half_turns), {}};
}

/// The same by IEEE 754-2019 9.2: the sign of y; 0 or pi, pi / 2, pi / 4 or 3 pi / 4.
LOWP_FN unrounded angle_by_ieee754(const exact& y, const exact& x, bool in_half_turns) noexcept {
  const bool y_inf = y.cls == number_class::infinity, x_inf = x.cls == number_class::infinity;
  int quarters = 2;
  if (y_inf && x_inf) {
    quarters = x.negative ? 3 : 1;
  } else if (x_inf || y.cls == number_class::zero) {
    quarters = x.negative ? 4 : 0;
  }
  return {quarter_angle(quarters, y.negative, in_half_turns), {}};
}

template <operation Op>
struct angle_of_two {
  static LOWP_FN unrounded of(const exact* operands, const projection& p) noexcept {
    const exact x[2] = {normalized(operands[0]), normalized(operands[1])};
    if (any_nan<2>(x)) return first_nan<2>(x);
    constexpr bool in_half_turns = Op == operation::atan2pi;
    if (x[0].cls == number_class::finite && x[1].cls == number_class::finite) {
      return regular_result<Op>(x);
    }
    return p.rules == operation_rules::ieee754 ? angle_by_ieee754(x[0], x[1], in_half_turns)
                                               : angle_by_p3109(x[0], x[1], in_half_turns, p.rules);
  }
};

/// Is a finite non-zero y an integer, and an odd one? Values with a rest are irrational.
struct parity {
  bool is_integer = false;
  bool is_odd = false;
};
LOWP_FN parity parity_of(const exact& y) noexcept {
  if (y.sticky) return {};
  const turns<3> t = split(load<3>(y));
  return {is_zero(t.rest), is_zero(t.rest) && (t.quarters & 1) != 0};
}

/// x^y by IEEE 754-2019 9.2.1; P3109 has no such operation, so its formats follow the same table.
template <>
struct exact_operation<operation::pow> {
  static LOWP_FN unrounded of(const exact* operands, const projection&) noexcept {
    const exact v[2] = {normalized(operands[0]), normalized(operands[1])};
    const exact &x = v[0], &y = v[1];
    const bool signalling = signals<2>(v).has(status::invalid);
    const bool x_is_one = x.cls == number_class::finite && !x.negative && is_power_of_two(x, 0);
    if (!signalling && (y.cls == number_class::zero || x_is_one)) return {exact_integer(1), {}};
    if (any_nan<2>(v)) return first_nan<2>(v);
    if (y.cls == number_class::infinity) return {to_infinity(x, y.negative), {}};
    const parity integer = parity_of(y);
    const bool negative = x.negative && integer.is_odd;
    if (x.cls == number_class::zero) {
      return y.negative ? pole(negative) : unrounded{exact_zero(negative), {}};
    }
    if (x.cls == number_class::infinity) {
      return {y.negative ? exact_zero(negative) : exact_infinity(negative), {}};
    }
    if (x.negative && !integer.is_integer) return invalid_result();
    unrounded r;
    if (!exact_power(x, y, negative, r.value)) r.value = truncated<operation::pow>(v);
    r.value.negative = negative;
    return r;
  }

 private:
  static LOWP_FN exact to_infinity(const exact& x, bool to_minus) noexcept {
    if (x.cls == number_class::finite && is_power_of_two(x, 0)) return exact_integer(1);  // -1
    const bool great =
        x.cls == number_class::infinity || (x.cls == number_class::finite && binade(x) >= 0);
    return great != to_minus ? exact_infinity() : exact_zero();
  }
};

// clang-format off
template <> struct exact_operation<operation::cbrt> : elementary_of_one<operation::cbrt> {};
template <> struct exact_operation<operation::exp> : elementary_of_one<operation::exp> {};
template <> struct exact_operation<operation::exp2> : elementary_of_one<operation::exp2> {};
template <> struct exact_operation<operation::exp10> : elementary_of_one<operation::exp10> {};
template <> struct exact_operation<operation::expm1> : elementary_of_one<operation::expm1> {};
template <> struct exact_operation<operation::log> : elementary_of_one<operation::log> {};
template <> struct exact_operation<operation::log2> : elementary_of_one<operation::log2> {};
template <> struct exact_operation<operation::log10> : elementary_of_one<operation::log10> {};
template <> struct exact_operation<operation::log1p> : elementary_of_one<operation::log1p> {};
template <> struct exact_operation<operation::softplus> : elementary_of_one<operation::softplus> {};
template <> struct exact_operation<operation::sigmoid> : elementary_of_one<operation::sigmoid> {};
template <> struct exact_operation<operation::sin> : elementary_of_one<operation::sin> {};
template <> struct exact_operation<operation::cos> : elementary_of_one<operation::cos> {};
template <> struct exact_operation<operation::tan> : elementary_of_one<operation::tan> {};
template <> struct exact_operation<operation::sinpi> : elementary_of_one<operation::sinpi> {};
template <> struct exact_operation<operation::cospi> : elementary_of_one<operation::cospi> {};
template <> struct exact_operation<operation::tanpi> : elementary_of_one<operation::tanpi> {};
template <> struct exact_operation<operation::asin> : elementary_of_one<operation::asin> {};
template <> struct exact_operation<operation::acos> : elementary_of_one<operation::acos> {};
template <> struct exact_operation<operation::atan> : elementary_of_one<operation::atan> {};
template <> struct exact_operation<operation::asinpi> : elementary_of_one<operation::asinpi> {};
template <> struct exact_operation<operation::acospi> : elementary_of_one<operation::acospi> {};
template <> struct exact_operation<operation::atanpi> : elementary_of_one<operation::atanpi> {};
template <> struct exact_operation<operation::atan2> : angle_of_two<operation::atan2> {};
template <> struct exact_operation<operation::atan2pi> : angle_of_two<operation::atan2pi> {};
template <> struct exact_operation<operation::sinh> : elementary_of_one<operation::sinh> {};
template <> struct exact_operation<operation::cosh> : elementary_of_one<operation::cosh> {};
template <> struct exact_operation<operation::tanh> : elementary_of_one<operation::tanh> {};
template <> struct exact_operation<operation::asinh> : elementary_of_one<operation::asinh> {};
template <> struct exact_operation<operation::acosh> : elementary_of_one<operation::acosh> {};
template <> struct exact_operation<operation::atanh> : elementary_of_one<operation::atanh> {};
template <> struct exact_operation<operation::erf> : elementary_of_one<operation::erf> {};
template <> struct exact_operation<operation::erfc> : elementary_of_one<operation::erfc> {};
template <> struct exact_operation<operation::gelu> : elementary_of_one<operation::gelu> {};
template <> struct exact_operation<operation::silu> : elementary_of_one<operation::silu> {};
// clang-format on

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_ELEMENTARY_OPERATIONS_HPP
