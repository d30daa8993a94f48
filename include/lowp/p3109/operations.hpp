// SPDX-License-Identifier: Apache-2.0
/// \file
/// The operations of IEEE P3109 that yield one number (sections 4.9 to 4.11), each in three forms:
///   Add(fx, fy, fr, rho, x, y)                      codes of formats fx, fy to a code of fr;
///   BlockAdd(B, X, Y, fsr, sr, fr, rho, r, random)  elements of blocks to B codes r, in units of
///                                                   the scale sr of format fsr, which is returned;
///   ScaledAdd(X, Y, fr, rho)                        one element of a block each, result scale 1.
/// The first form has the parameters of the report in its order: formats of the operands, format of
/// the result, projection specification, operands. spec/p3109.md IEP-5, IEP-6, IEP-12.
#ifndef LOWP_P3109_OPERATIONS_HPP
#define LOWP_P3109_OPERATIONS_HPP

#include "block.hpp"

namespace lowp::p3109 {

// clang-format off
#define LOWP_P3109_UNARY(Name, op)                                                                 \
  LOWP_FN code_t Name(format fx, format fr, const ProjSpec& rho, code_t x) noexcept {              \
    return Project(fr, rho, detail::omega<operation::op>(rho.version, Decode(fx, x)));             \
  }                                                                                                \
  template <class Code, std::unsigned_integral Result>                                             \
  LOWP_FN code_t Block##Name(std::size_t B, const Block<Code>& X, format fsr, code_t sr,           \
                             format fr, const ProjSpec& rho, Result* r,                            \
                             const std::uint64_t* random = nullptr) noexcept {                     \
    return detail::elementwise<operation::op>(B, fsr, sr, fr, rho, r, random, X);                  \
  }                                                                                                \
  LOWP_FN code_t Scaled##Name(const ScaledValue& X, format fr, const ProjSpec& rho) noexcept {     \
    return detail::scaled<operation::op>(fr, rho, X);                                              \
  }

#define LOWP_P3109_BINARY(Name, op)                                                                \
  LOWP_FN code_t Name(format fx, format fy, format fr, const ProjSpec& rho, code_t x,              \
                      code_t y) noexcept {                                                         \
    return Project(fr, rho,                                                                        \
                   detail::omega<operation::op>(rho.version, Decode(fx, x), Decode(fy, y)));       \
  }                                                                                                \
  template <class CodeX, class CodeY, std::unsigned_integral Result>                               \
  LOWP_FN code_t Block##Name(std::size_t B, const Block<CodeX>& X, const Block<CodeY>& Y,          \
                             format fsr, code_t sr, format fr, const ProjSpec& rho, Result* r,     \
                             const std::uint64_t* random = nullptr) noexcept {                     \
    return detail::elementwise<operation::op>(B, fsr, sr, fr, rho, r, random, X, Y);               \
  }                                                                                                \
  LOWP_FN code_t Scaled##Name(const ScaledValue& X, const ScaledValue& Y, format fr,               \
                              const ProjSpec& rho) noexcept {                                      \
    return detail::scaled<operation::op>(fr, rho, X, Y);                                           \
  }

#define LOWP_P3109_TERNARY(Name, op)                                                               \
  LOWP_FN code_t Name(format fx, format fy, format fz, format fr, const ProjSpec& rho, code_t x,   \
                      code_t y, code_t z) noexcept {                                               \
    return Project(fr, rho, detail::omega<operation::op>(rho.version, Decode(fx, x),               \
                                                         Decode(fy, y), Decode(fz, z)));           \
  }                                                                                                \
  template <class CodeX, class CodeY, class CodeZ, std::unsigned_integral Result>                  \
  LOWP_FN code_t Block##Name(std::size_t B, const Block<CodeX>& X, const Block<CodeY>& Y,          \
                             const Block<CodeZ>& Z, format fsr, code_t sr, format fr,              \
                             const ProjSpec& rho, Result* r,                                       \
                             const std::uint64_t* random = nullptr) noexcept {                     \
    return detail::elementwise<operation::op>(B, fsr, sr, fr, rho, r, random, X, Y, Z);            \
  }                                                                                                \
  LOWP_FN code_t Scaled##Name(const ScaledValue& X, const ScaledValue& Y, const ScaledValue& Z,    \
                              format fr, const ProjSpec& rho) noexcept {                           \
    return detail::scaled<operation::op>(fr, rho, X, Y, Z);                                        \
  }

LOWP_P3109_UNARY(Convert, copy)
LOWP_P3109_UNARY(Abs, abs)
LOWP_P3109_UNARY(Negate, negate)
LOWP_P3109_UNARY(Sqrt, sqrt)
LOWP_P3109_UNARY(Recip, recip)
LOWP_P3109_UNARY(RSqrt, rsqrt)
LOWP_P3109_UNARY(Exp, exp)
LOWP_P3109_UNARY(Exp2, exp2)
LOWP_P3109_UNARY(ExpMinusOne, expm1)
LOWP_P3109_UNARY(Log, log)
LOWP_P3109_UNARY(Log2, log2)
LOWP_P3109_UNARY(LogOnePlus, log1p)
LOWP_P3109_UNARY(Softplus, softplus)
LOWP_P3109_UNARY(Sin, sin)
LOWP_P3109_UNARY(Cos, cos)
LOWP_P3109_UNARY(Tan, tan)
LOWP_P3109_UNARY(ArcSin, asin)
LOWP_P3109_UNARY(ArcCos, acos)
LOWP_P3109_UNARY(ArcTan, atan)
LOWP_P3109_UNARY(Sinh, sinh)
LOWP_P3109_UNARY(Cosh, cosh)
LOWP_P3109_UNARY(Tanh, tanh)
LOWP_P3109_UNARY(ArcSinh, asinh)
LOWP_P3109_UNARY(ArcCosh, acosh)
LOWP_P3109_UNARY(ArcTanh, atanh)
LOWP_P3109_UNARY(SinPi, sinpi)
LOWP_P3109_UNARY(CosPi, cospi)
LOWP_P3109_UNARY(TanPi, tanpi)
LOWP_P3109_UNARY(ArcSinPi, asinpi)
LOWP_P3109_UNARY(ArcCosPi, acospi)
LOWP_P3109_UNARY(ArcTanPi, atanpi)

LOWP_P3109_BINARY(CopySign, copysign)
LOWP_P3109_BINARY(Add, add)
LOWP_P3109_BINARY(Subtract, subtract)
LOWP_P3109_BINARY(Multiply, multiply)
LOWP_P3109_BINARY(Divide, divide)
LOWP_P3109_BINARY(Hypot, hypot)
LOWP_P3109_BINARY(ArcTan2, atan2)
LOWP_P3109_BINARY(ArcTan2Pi, atan2pi)
LOWP_P3109_BINARY(Minimum, minimum)
LOWP_P3109_BINARY(Maximum, maximum)
LOWP_P3109_BINARY(MinimumNumber, minimum_number)
LOWP_P3109_BINARY(MaximumNumber, maximum_number)
LOWP_P3109_BINARY(MinimumMagnitude, minimum_magnitude)
LOWP_P3109_BINARY(MaximumMagnitude, maximum_magnitude)
LOWP_P3109_BINARY(MinimumMagnitudeNumber, minimum_magnitude_number)
LOWP_P3109_BINARY(MaximumMagnitudeNumber, maximum_magnitude_number)
LOWP_P3109_BINARY(MinimumFinite, minimum_finite)
LOWP_P3109_BINARY(MaximumFinite, maximum_finite)

LOWP_P3109_TERNARY(FMA, fma)
LOWP_P3109_TERNARY(FAA, faa)
LOWP_P3109_TERNARY(Clamp, clamp)

#undef LOWP_P3109_UNARY
#undef LOWP_P3109_BINARY
#undef LOWP_P3109_TERNARY
// clang-format on

}  // namespace lowp::p3109

#endif  // LOWP_P3109_OPERATIONS_HPP
