// SPDX-License-Identifier: Apache-2.0
/// \file
/// Comparisons, predicates, classes and neighbours of IEEE P3109, sections 4.12 to 4.16.
#ifndef LOWP_P3109_COMPARE_HPP
#define LOWP_P3109_COMPARE_HPP

#include "format.hpp"

namespace lowp::p3109 {

namespace detail {

LOWP_FN ordering order(format fx, format fy, code_t x, code_t y) noexcept {
  return lowp::compare(Decode(fx, x), Decode(fy, y));
}

}  // namespace detail

/// By value; false if an operand is NaN. spec/p3109.md IEP-7.
LOWP_FN bool CompareLess(format fx, format fy, code_t x, code_t y) noexcept {
  return detail::order(fx, fy, x, y) == ordering::less;
}
LOWP_FN bool CompareLessEqual(format fx, format fy, code_t x, code_t y) noexcept {
  const ordering o = detail::order(fx, fy, x, y);
  return o == ordering::less || o == ordering::equal;
}
LOWP_FN bool CompareEqual(format fx, format fy, code_t x, code_t y) noexcept {
  return detail::order(fx, fy, x, y) == ordering::equal;
}
LOWP_FN bool CompareGreaterEqual(format fx, format fy, code_t x, code_t y) noexcept {
  return CompareLessEqual(fy, fx, y, x);
}
LOWP_FN bool CompareGreater(format fx, format fy, code_t x, code_t y) noexcept {
  return CompareLess(fy, fx, y, x);
}

/// x <= y with NaN below everything, and NaN before NaN; lowp::total_order (IEEE 754) differs.
LOWP_FN bool TotalOrder(format fx, format fy, code_t x, code_t y) noexcept {
  if (Decode(fx, x).cls == number_class::nan) return true;
  return CompareLessEqual(fx, fy, x, y);
}

LOWP_FN bool IsZero(format f, code_t x) noexcept { return is_zero(f, x); }
LOWP_FN bool IsOne(format f, code_t x) noexcept {
  return lowp::compare(Decode(f, x), exact_finite(false, 1, 0)) == ordering::equal;
}
LOWP_FN bool IsNaN(format f, code_t x) noexcept { return is_nan(f, x); }
LOWP_FN bool IsInfinite(format f, code_t x) noexcept { return is_infinite(f, x); }
LOWP_FN bool IsFinite(format f, code_t x) noexcept { return is_finite(f, x); }
/// The value is below zero; NaN and -0 are not.
LOWP_FN bool IsSignMinus(format f, code_t x) noexcept { return Decode(f, x).negative; }
LOWP_FN bool IsNormal(format f, code_t x) noexcept {
  const value_class c = classify(f, x);
  return c == value_class::negative_normal || c == value_class::positive_normal;
}
LOWP_FN bool IsSubnormal(format f, code_t x) noexcept {
  const value_class c = classify(f, x);
  return c == value_class::negative_subnormal || c == value_class::positive_subnormal;
}

/// The eight results of `Class`.
enum class ClassResult : std::uint8_t {
  ClsNaN,
  ClsNegativeInfinity,
  ClsNegativeNormal,
  ClsNegativeSubnormal,
  ClsZero,
  ClsPositiveSubnormal,
  ClsPositiveNormal,
  ClsPositiveInfinity,
};
using enum ClassResult;

LOWP_FN ClassResult Class(format f, code_t x) noexcept {
  switch (classify(f, x)) {
    case value_class::signalling_nan:
    case value_class::quiet_nan: break;
    case value_class::negative_infinity: return ClsNegativeInfinity;
    case value_class::negative_normal: return ClsNegativeNormal;
    case value_class::negative_subnormal: return ClsNegativeSubnormal;
    case value_class::negative_zero:
    case value_class::positive_zero: return ClsZero;
    case value_class::positive_subnormal: return ClsPositiveSubnormal;
    case value_class::positive_normal: return ClsPositiveNormal;
    case value_class::positive_infinity: return ClsPositiveInfinity;
  }
  return ClsNaN;
}

namespace detail {

// next_up and next_down stay at the end of the range and at NaN, and know -0.
LOWP_FN code_t neighbour(format f, code_t x, bool up) noexcept {
  x &= lowp::detail::low_mask(f.width);
  const code_t r = up ? next_up(f, x) : next_down(f, x);
  return Encode(f, r == x ? exact_nan() : Decode(f, r));
}

}  // namespace detail

/// The least value greater than x, NaN if there is none; lowp::next_up (IEEE 754) stays at the
/// greatest instead. spec/p3109.md IEP-8.
LOWP_FN code_t NextGreaterThan(format f, code_t x) noexcept {
  return detail::neighbour(f, x, true);
}
/// The greatest value less than x, NaN if there is none.
LOWP_FN code_t NextLessThan(format f, code_t x) noexcept { return detail::neighbour(f, x, false); }

}  // namespace lowp::p3109

#endif  // LOWP_P3109_COMPARE_HPP
