// SPDX-License-Identifier: Apache-2.0
/// \file
/// The operations as data: every one that yields one number, with its names and sources. What they
/// compute is in arithmetic.hpp and elementary.hpp. spec/arithmetic.md ARI-1.
#ifndef LOWP_OPERATION_HPP
#define LOWP_OPERATION_HPP

#include <cstdint>

#include "config.hpp"

namespace lowp {

/// An operation on one to three numbers. `all_operations` says what each one is.
enum class operation : std::uint8_t {
  add,                       ///< x + y
  subtract,                  ///< x - y
  multiply,                  ///< x y
  divide,                    ///< x / y
  fma,                       ///< x y + z
  faa,                       ///< x + y + z
  sqrt,                      ///< square root
  recip,                     ///< 1 / x
  rsqrt,                     ///< 1 / sqrt(x)
  cbrt,                      ///< cube root
  hypot,                     ///< sqrt(x^2 + y^2)
  remainder,                 ///< x - n y, n the integer nearest to x / y, ties to even
  fmod,                      ///< x - n y, n = x / y truncated; the sign of x
  scalb,                     ///< x 2^y for an integer y
  logb,                      ///< floor(log2 |x|)
  rint_even,                 ///< to an integer, ties to even
  rint_away,                 ///< to an integer, ties away from zero (round)
  rint_zero,                 ///< to an integer toward zero (trunc)
  rint_positive,             ///< to an integer toward positive (ceil)
  rint_negative,             ///< to an integer toward negative (floor)
  copy,                      ///< x itself
  abs,                       ///< |x|
  negate,                    ///< -x
  copysign,                  ///< |x| with the sign of y
  minimum,                   ///< the lesser; NaN if an operand is NaN
  maximum,                   ///< the greater; NaN if an operand is NaN
  minimum_number,            ///< the lesser; a number beats NaN
  maximum_number,            ///< the greater; a number beats NaN
  minimum_magnitude,         ///< the lesser magnitude; NaN if an operand is NaN
  maximum_magnitude,         ///< the greater magnitude; NaN if an operand is NaN
  minimum_magnitude_number,  ///< the lesser magnitude; a number beats NaN
  maximum_magnitude_number,  ///< the greater magnitude; a number beats NaN
  minimum_finite,            ///< the lesser; finite beats infinite, a number beats NaN
  maximum_finite,            ///< the greater; finite beats infinite, a number beats NaN
  min_num,                   ///< the lesser; a number beats a quiet NaN
  max_num,                   ///< the greater; a number beats a quiet NaN
  min_num_mag,               ///< the lesser magnitude; a number beats a quiet NaN
  max_num_mag,               ///< the greater magnitude; a number beats a quiet NaN
  clamp,                     ///< x within [y, z]
  exp,                       ///< e^x
  exp2,                      ///< 2^x
  exp10,                     ///< 10^x
  expm1,                     ///< e^x - 1
  log,                       ///< natural logarithm
  log2,                      ///< logarithm to base 2
  log10,                     ///< logarithm to base 10
  log1p,                     ///< ln(1 + x)
  softplus,                  ///< ln(1 + e^x)
  sigmoid,                   ///< 1 / (1 + e^-x)
  sin,                       ///< sine of radians
  cos,                       ///< cosine of radians
  tan,                       ///< tangent of radians
  sinpi,                     ///< sin(pi x)
  cospi,                     ///< cos(pi x)
  tanpi,                     ///< tan(pi x)
  asin,                      ///< arc sine
  acos,                      ///< arc cosine
  atan,                      ///< arc tangent
  asinpi,                    ///< asin(x) / pi
  acospi,                    ///< acos(x) / pi
  atanpi,                    ///< atan(x) / pi
  atan2,                     ///< angle of the point (y, x); the first operand is the ordinate
  atan2pi,                   ///< atan2 / pi
  sinh,                      ///< hyperbolic sine
  cosh,                      ///< hyperbolic cosine
  tanh,                      ///< hyperbolic tangent
  asinh,                     ///< inverse hyperbolic sine
  acosh,                     ///< inverse hyperbolic cosine
  atanh,                     ///< inverse hyperbolic tangent
  erf,                       ///< error function
  erfc,                      ///< 1 - erf(x)
  gelu,                      ///< x (1 + erf(x / sqrt 2)) / 2
  silu,                      ///< x / (1 + e^-x)
  pow,                       ///< x^y
};

/// A row of the registry of operations.
struct named_operation {
  operation value;
  const char* name;        ///< of the enumerator and of the function
  const char* p3109_name;  ///< in interim report 4.0; empty if it is not there
  int operands;            ///< 1, 2 or 3
  const char* meaning;
  const char* source;
};

inline constexpr named_operation all_operations[] = {
    // clang-format off
    {operation::add, "add", "Add", 2, "x + y", "IEEE 754-2019 5.4.1"},
    {operation::subtract, "subtract", "Subtract", 2, "x - y", "IEEE 754-2019 5.4.1"},
    {operation::multiply, "multiply", "Multiply", 2, "x y", "IEEE 754-2019 5.4.1"},
    {operation::divide, "divide", "Divide", 2, "x / y", "IEEE 754-2019 5.4.1"},
    {operation::fma, "fma", "FMA", 3, "x y + z", "IEEE 754-2019 5.4.1"},
    {operation::faa, "faa", "FAA", 3, "x + y + z", "P3109 4.10.7"},
    {operation::sqrt, "sqrt", "Sqrt", 1, "square root", "IEEE 754-2019 5.4.1"},
    {operation::recip, "recip", "Recip", 1, "1 / x", "P3109 4.10.1"},
    {operation::rsqrt, "rsqrt", "RSqrt", 1, "1 / sqrt(x)", "IEEE 754-2019 9.2"},
    {operation::cbrt, "cbrt", "", 1, "cube root", "C23 7.12.7.1"},
    {operation::hypot, "hypot", "Hypot", 2, "sqrt(x^2 + y^2)", "IEEE 754-2019 9.2"},
    {operation::remainder, "remainder", "", 2, "x - n y, n the integer nearest to x / y, ties to even", "IEEE 754-2019 5.3.1"},
    {operation::fmod, "fmod", "", 2, "x - n y, n = x / y truncated; the sign of x", "C23 7.12.10.1"},
    {operation::scalb, "scalb", "", 2, "x 2^y for an integer y", "IEEE 754-2019 5.3.3"},
    {operation::logb, "logb", "", 1, "floor(log2 |x|)", "IEEE 754-2019 5.3.3"},
    {operation::rint_even, "rint_even", "", 1, "to an integer, ties to even", "IEEE 754-2019 5.3.1"},
    {operation::rint_away, "rint_away", "", 1, "to an integer, ties away from zero (round)", "IEEE 754-2019 5.3.1"},
    {operation::rint_zero, "rint_zero", "", 1, "to an integer toward zero (trunc)", "IEEE 754-2019 5.3.1"},
    {operation::rint_positive, "rint_positive", "", 1, "to an integer toward positive (ceil)", "IEEE 754-2019 5.3.1"},
    {operation::rint_negative, "rint_negative", "", 1, "to an integer toward negative (floor)", "IEEE 754-2019 5.3.1"},
    {operation::copy, "copy", "Convert", 1, "x itself", "P3109 4.9"},
    {operation::abs, "abs", "Abs", 1, "|x|", "IEEE 754-2019 5.5.1"},
    {operation::negate, "negate", "Negate", 1, "-x", "IEEE 754-2019 5.5.1"},
    {operation::copysign, "copysign", "CopySign", 2, "|x| with the sign of y", "IEEE 754-2019 5.5.1"},
    {operation::minimum, "minimum", "Minimum", 2, "the lesser; NaN if an operand is NaN", "IEEE 754-2019 9.6"},
    {operation::maximum, "maximum", "Maximum", 2, "the greater; NaN if an operand is NaN", "IEEE 754-2019 9.6"},
    {operation::minimum_number, "minimum_number", "MinimumNumber", 2, "the lesser; a number beats NaN", "IEEE 754-2019 9.6"},
    {operation::maximum_number, "maximum_number", "MaximumNumber", 2, "the greater; a number beats NaN", "IEEE 754-2019 9.6"},
    {operation::minimum_magnitude, "minimum_magnitude", "MinimumMagnitude", 2, "the lesser magnitude; NaN if an operand is NaN", "IEEE 754-2019 9.6"},
    {operation::maximum_magnitude, "maximum_magnitude", "MaximumMagnitude", 2, "the greater magnitude; NaN if an operand is NaN", "IEEE 754-2019 9.6"},
    {operation::minimum_magnitude_number, "minimum_magnitude_number", "MinimumMagnitudeNumber", 2, "the lesser magnitude; a number beats NaN", "IEEE 754-2019 9.6"},
    {operation::maximum_magnitude_number, "maximum_magnitude_number", "MaximumMagnitudeNumber", 2, "the greater magnitude; a number beats NaN", "IEEE 754-2019 9.6"},
    {operation::minimum_finite, "minimum_finite", "MinimumFinite", 2, "the lesser; finite beats infinite, a number beats NaN", "P3109 4.11"},
    {operation::maximum_finite, "maximum_finite", "MaximumFinite", 2, "the greater; finite beats infinite, a number beats NaN", "P3109 4.11"},
    {operation::min_num, "min_num", "", 2, "the lesser; a number beats a quiet NaN", "IEEE 754-2008 5.3.1"},
    {operation::max_num, "max_num", "", 2, "the greater; a number beats a quiet NaN", "IEEE 754-2008 5.3.1"},
    {operation::min_num_mag, "min_num_mag", "", 2, "the lesser magnitude; a number beats a quiet NaN", "IEEE 754-2008 5.3.1"},
    {operation::max_num_mag, "max_num_mag", "", 2, "the greater magnitude; a number beats a quiet NaN", "IEEE 754-2008 5.3.1"},
    {operation::clamp, "clamp", "Clamp", 3, "x within [y, z]", "P3109 4.10.16"},
    {operation::exp, "exp", "Exp", 1, "e^x", "IEEE 754-2019 9.2"},
    {operation::exp2, "exp2", "Exp2", 1, "2^x", "IEEE 754-2019 9.2"},
    {operation::exp10, "exp10", "", 1, "10^x", "IEEE 754-2019 9.2"},
    {operation::expm1, "expm1", "ExpMinusOne", 1, "e^x - 1", "IEEE 754-2019 9.2"},
    {operation::log, "log", "Log", 1, "natural logarithm", "IEEE 754-2019 9.2"},
    {operation::log2, "log2", "Log2", 1, "logarithm to base 2", "IEEE 754-2019 9.2"},
    {operation::log10, "log10", "", 1, "logarithm to base 10", "IEEE 754-2019 9.2"},
    {operation::log1p, "log1p", "LogOnePlus", 1, "ln(1 + x)", "IEEE 754-2019 9.2"},
    {operation::softplus, "softplus", "Softplus", 1, "ln(1 + e^x)", "P3109 4.10.9"},
    {operation::sigmoid, "sigmoid", "", 1, "1 / (1 + e^-x)", "usual"},
    {operation::sin, "sin", "Sin", 1, "sine of radians", "IEEE 754-2019 9.2"},
    {operation::cos, "cos", "Cos", 1, "cosine of radians", "IEEE 754-2019 9.2"},
    {operation::tan, "tan", "Tan", 1, "tangent of radians", "IEEE 754-2019 9.2"},
    {operation::sinpi, "sinpi", "SinPi", 1, "sin(pi x)", "IEEE 754-2019 9.2"},
    {operation::cospi, "cospi", "CosPi", 1, "cos(pi x)", "IEEE 754-2019 9.2"},
    {operation::tanpi, "tanpi", "TanPi", 1, "tan(pi x)", "IEEE 754-2019 9.2"},
    {operation::asin, "asin", "ArcSin", 1, "arc sine", "IEEE 754-2019 9.2"},
    {operation::acos, "acos", "ArcCos", 1, "arc cosine", "IEEE 754-2019 9.2"},
    {operation::atan, "atan", "ArcTan", 1, "arc tangent", "IEEE 754-2019 9.2"},
    {operation::asinpi, "asinpi", "ArcSinPi", 1, "asin(x) / pi", "IEEE 754-2019 9.2"},
    {operation::acospi, "acospi", "ArcCosPi", 1, "acos(x) / pi", "IEEE 754-2019 9.2"},
    {operation::atanpi, "atanpi", "ArcTanPi", 1, "atan(x) / pi", "IEEE 754-2019 9.2"},
    {operation::atan2, "atan2", "ArcTan2", 2, "angle of the point (y, x); the first operand is the ordinate", "IEEE 754-2019 9.2"},
    {operation::atan2pi, "atan2pi", "ArcTan2Pi", 2, "atan2 / pi", "IEEE 754-2019 9.2"},
    {operation::sinh, "sinh", "Sinh", 1, "hyperbolic sine", "IEEE 754-2019 9.2"},
    {operation::cosh, "cosh", "Cosh", 1, "hyperbolic cosine", "IEEE 754-2019 9.2"},
    {operation::tanh, "tanh", "Tanh", 1, "hyperbolic tangent", "IEEE 754-2019 9.2"},
    {operation::asinh, "asinh", "ArcSinh", 1, "inverse hyperbolic sine", "IEEE 754-2019 9.2"},
    {operation::acosh, "acosh", "ArcCosh", 1, "inverse hyperbolic cosine", "IEEE 754-2019 9.2"},
    {operation::atanh, "atanh", "ArcTanh", 1, "inverse hyperbolic tangent", "IEEE 754-2019 9.2"},
    {operation::erf, "erf", "", 1, "error function", "C23 7.12.8.1"},
    {operation::erfc, "erfc", "", 1, "1 - erf(x)", "C23 7.12.8.2"},
    {operation::gelu, "gelu", "", 1, "x (1 + erf(x / sqrt 2)) / 2", "Hendrycks, Gimpel, arXiv 1606.08415"},
    {operation::silu, "silu", "", 1, "x / (1 + e^-x)", "Elfwing and others, arXiv 1702.03118"},
    {operation::pow, "pow", "", 2, "x^y", "IEEE 754-2019 9.2.1"},
    // clang-format on
};

/// The row of an operation.
LOWP_FN named_operation info(operation op) noexcept { return all_operations[static_cast<int>(op)]; }

namespace detail {

inline constexpr int operation_count = sizeof(all_operations) / sizeof(all_operations[0]);

consteval bool is_in_order() noexcept {
  int i = 0;
  for (const named_operation& row : all_operations) {
    if (static_cast<int>(row.value) != i++) return false;
  }
  return true;
}
static_assert(is_in_order(), "lowp: one row for each operation, in the order of the enumerators");

/// The column of the table that device code needs; it cannot refer to the table.
struct operand_counts {
  std::uint8_t of[operation_count] = {};

  consteval operand_counts() noexcept {
    for (const named_operation& row : all_operations) {
      of[static_cast<int>(row.value)] = static_cast<std::uint8_t>(row.operands);
    }
  }
};

}  // namespace detail

/// Number of operands of an operation.
LOWP_FN int operand_count(operation op) noexcept {
  constexpr detail::operand_counts counts;
  return counts.of[static_cast<int>(op)];
}

}  // namespace lowp

#endif  // LOWP_OPERATION_HPP
