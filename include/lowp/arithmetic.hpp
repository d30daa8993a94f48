// SPDX-License-Identifier: Apache-2.0
/// \file
/// The algebraic operations. Each has two forms: on codes, where operands and result have any
/// formats, and on typed values, where `lowp::add<lowp::bfloat16>(x, y)` names the result type.
/// Both round the exact result once. `random` holds the random bits of stochastic modes, as in
/// `encode`. For the flags call `compute_with_status<operation::add>(to, p, random, x, y)`.
/// spec/arithmetic.md ARI-1.
#ifndef LOWP_ARITHMETIC_HPP
#define LOWP_ARITHMETIC_HPP

#include "detail/arithmetic_operations.hpp"
#include "detail/compute_typed.hpp"
#include "detail/integer_operations.hpp"
#include "detail/selection_operations.hpp"

namespace lowp {

/// x + y. inf - inf is invalid; a sum of opposite terms that is zero is +0, or -0 toward negative.
/// ARI-4
LOWP_FN code_t add(coded x, coded y, format to, const projection& p = {},
                   std::uint64_t random = 0) noexcept {
  return compute<operation::add>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_INLINE_FN To add(X x, Y y, const projection& p = detail::default_for<To>(),
                      std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::add, To>(p, random, x, y);
}

/// x - y, as x + (-y). ARI-4
LOWP_FN code_t subtract(coded x, coded y, format to, const projection& p = {},
                        std::uint64_t random = 0) noexcept {
  return compute<operation::subtract>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_INLINE_FN To subtract(X x, Y y, const projection& p = detail::default_for<To>(),
                           std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::subtract, To>(p, random, x, y);
}

/// x y. inf x 0 is invalid. ARI-4
LOWP_FN code_t multiply(coded x, coded y, format to, const projection& p = {},
                        std::uint64_t random = 0) noexcept {
  return compute<operation::multiply>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_INLINE_FN To multiply(X x, Y y, const projection& p = detail::default_for<To>(),
                           std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::multiply, To>(p, random, x, y);
}

/// x / y. 0 / 0 and inf / inf are invalid; x / 0 is an infinity and raises divide_by_zero, under
/// P3109 rules NaN. ARI-4
LOWP_FN code_t divide(coded x, coded y, format to, const projection& p = {},
                      std::uint64_t random = 0) noexcept {
  return compute<operation::divide>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_INLINE_FN To divide(X x, Y y, const projection& p = detail::default_for<To>(),
                         std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::divide, To>(p, random, x, y);
}

/// x y + z in one rounding. ARI-5
LOWP_FN code_t fma(coded x, coded y, coded z, format to, const projection& p = {},
                   std::uint64_t random = 0) noexcept {
  return compute<operation::fma>(to, p, random, x, y, z);
}
template <numeric To, numeric X, numeric Y, numeric Z>
LOWP_INLINE_FN To fma(X x, Y y, Z z, const projection& p = detail::default_for<To>(),
                      std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::fma, To>(p, random, x, y, z);
}

/// x + y + z in one rounding. ARI-5
LOWP_FN code_t faa(coded x, coded y, coded z, format to, const projection& p = {},
                   std::uint64_t random = 0) noexcept {
  return compute<operation::faa>(to, p, random, x, y, z);
}
template <numeric To, numeric X, numeric Y, numeric Z>
LOWP_FN To faa(X x, Y y, Z z, const projection& p = detail::default_for<To>(),
               std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::faa, To>(p, random, x, y, z);
}

/// The square root; of -0 it is -0, of other negative values invalid. ARI-6
LOWP_FN code_t sqrt(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::sqrt>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_INLINE_FN To sqrt(X x, const projection& p = detail::default_for<To>(),
                       std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::sqrt, To>(p, random, x);
}

/// 1 / x, as `divide`. ARI-6
LOWP_FN code_t recip(coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::recip>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To recip(X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::recip, To>(p, random, x);
}

/// 1 / sqrt(x); of +-0 an infinity of that sign and divide_by_zero, under P3109 rules NaN. ARI-6
LOWP_FN code_t rsqrt(coded x, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::rsqrt>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To rsqrt(X x, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::rsqrt, To>(p, random, x);
}

/// sqrt(x^2 + y^2); infinite if an operand is, even beside a quiet NaN (not under P3109 rules).
/// ARI-6
LOWP_FN code_t hypot(coded x, coded y, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::hypot>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To hypot(X x, Y y, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::hypot, To>(p, random, x, y);
}

/// x - n y for the integer n nearest to x / y, ties to even; always exact in the format of y. ARI-8
LOWP_FN code_t remainder(coded x, coded y, format to, const projection& p = {},
                         std::uint64_t random = 0) noexcept {
  return compute<operation::remainder>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To remainder(X x, Y y, const projection& p = detail::default_for<To>(),
                     std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::remainder, To>(p, random, x, y);
}

/// x - n y for x / y truncated to n: the sign of x, less than |y|. ARI-8
LOWP_FN code_t fmod(coded x, coded y, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::fmod>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To fmod(X x, Y y, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::fmod, To>(p, random, x, y);
}

/// x 2^y for an integer y of any format; another y is invalid. ARI-9
LOWP_FN code_t scalb(coded x, coded n, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::scalb>(to, p, random, x, n);
}
template <numeric To, numeric X, numeric N>
LOWP_FN To scalb(X x, N n, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::scalb, To>(p, random, x, n);
}

/// floor(log2 |x|) as a number; of 0 it is -inf with divide_by_zero. ARI-9
LOWP_FN code_t logb(coded x, format to, const projection& p = {},
                    std::uint64_t random = 0) noexcept {
  return compute<operation::logb>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To logb(X x, const projection& p = detail::default_for<To>(),
                std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::logb, To>(p, random, x);
}

/// The nearest integer, ties to even; never raises inexact for what it cuts off. ARI-8
LOWP_FN code_t rint_even(coded x, format to, const projection& p = {},
                         std::uint64_t random = 0) noexcept {
  return compute<operation::rint_even>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To rint_even(X x, const projection& p = detail::default_for<To>(),
                     std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::rint_even, To>(p, random, x);
}

/// The nearest integer, ties away from zero (C `round`). ARI-8
LOWP_FN code_t rint_away(coded x, format to, const projection& p = {},
                         std::uint64_t random = 0) noexcept {
  return compute<operation::rint_away>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To rint_away(X x, const projection& p = detail::default_for<To>(),
                     std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::rint_away, To>(p, random, x);
}

/// The integer toward zero (C `trunc`). ARI-8
LOWP_FN code_t rint_zero(coded x, format to, const projection& p = {},
                         std::uint64_t random = 0) noexcept {
  return compute<operation::rint_zero>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To rint_zero(X x, const projection& p = detail::default_for<To>(),
                     std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::rint_zero, To>(p, random, x);
}

/// The least integer not below x (C `ceil`). ARI-8
LOWP_FN code_t rint_positive(coded x, format to, const projection& p = {},
                             std::uint64_t random = 0) noexcept {
  return compute<operation::rint_positive>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To rint_positive(X x, const projection& p = detail::default_for<To>(),
                         std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::rint_positive, To>(p, random, x);
}

/// The greatest integer not above x (C `floor`). ARI-8
LOWP_FN code_t rint_negative(coded x, format to, const projection& p = {},
                             std::uint64_t random = 0) noexcept {
  return compute<operation::rint_negative>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To rint_negative(X x, const projection& p = detail::default_for<To>(),
                         std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::rint_negative, To>(p, random, x);
}

/// |x|, of NaN too. ARI-10
LOWP_FN code_t abs(coded x, format to, const projection& p = {},
                   std::uint64_t random = 0) noexcept {
  return compute<operation::abs>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To abs(X x, const projection& p = detail::default_for<To>(),
               std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::abs, To>(p, random, x);
}

/// -x, of NaN too. ARI-10
LOWP_FN code_t negate(coded x, format to, const projection& p = {},
                      std::uint64_t random = 0) noexcept {
  return compute<operation::negate>(to, p, random, x);
}
template <numeric To, numeric X>
LOWP_FN To negate(X x, const projection& p = detail::default_for<To>(),
                  std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::negate, To>(p, random, x);
}

/// |x| with the sign of y. Under P3109 rules NaN operands give NaN and zero counts as positive.
/// ARI-10
LOWP_FN code_t copysign(coded x, coded y, format to, const projection& p = {},
                        std::uint64_t random = 0) noexcept {
  return compute<operation::copysign>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To copysign(X x, Y y, const projection& p = detail::default_for<To>(),
                    std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::copysign, To>(p, random, x, y);
}

/// The lesser; NaN if either is NaN; -0 is less than +0. ARI-11
LOWP_FN code_t minimum(coded x, coded y, format to, const projection& p = {},
                       std::uint64_t random = 0) noexcept {
  return compute<operation::minimum>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To minimum(X x, Y y, const projection& p = detail::default_for<To>(),
                   std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::minimum, To>(p, random, x, y);
}

/// The greater; NaN if either is NaN. ARI-11
LOWP_FN code_t maximum(coded x, coded y, format to, const projection& p = {},
                       std::uint64_t random = 0) noexcept {
  return compute<operation::maximum>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To maximum(X x, Y y, const projection& p = detail::default_for<To>(),
                   std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::maximum, To>(p, random, x, y);
}

/// The lesser; the number if one is NaN. ARI-11
LOWP_FN code_t minimum_number(coded x, coded y, format to, const projection& p = {},
                              std::uint64_t random = 0) noexcept {
  return compute<operation::minimum_number>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To minimum_number(X x, Y y, const projection& p = detail::default_for<To>(),
                          std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::minimum_number, To>(p, random, x, y);
}

/// The greater; the number if one is NaN. ARI-11
LOWP_FN code_t maximum_number(coded x, coded y, format to, const projection& p = {},
                              std::uint64_t random = 0) noexcept {
  return compute<operation::maximum_number>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To maximum_number(X x, Y y, const projection& p = detail::default_for<To>(),
                          std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::maximum_number, To>(p, random, x, y);
}

/// The one of lesser magnitude, of equal ones the lesser; NaN if either is NaN. ARI-11
LOWP_FN code_t minimum_magnitude(coded x, coded y, format to, const projection& p = {},
                                 std::uint64_t random = 0) noexcept {
  return compute<operation::minimum_magnitude>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To minimum_magnitude(X x, Y y, const projection& p = detail::default_for<To>(),
                             std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::minimum_magnitude, To>(p, random, x, y);
}

/// The one of greater magnitude, of equal ones the greater; NaN if either is NaN. ARI-11
LOWP_FN code_t maximum_magnitude(coded x, coded y, format to, const projection& p = {},
                                 std::uint64_t random = 0) noexcept {
  return compute<operation::maximum_magnitude>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To maximum_magnitude(X x, Y y, const projection& p = detail::default_for<To>(),
                             std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::maximum_magnitude, To>(p, random, x, y);
}

/// As minimum_magnitude; the number if one is NaN. ARI-11
LOWP_FN code_t minimum_magnitude_number(coded x, coded y, format to, const projection& p = {},
                                        std::uint64_t random = 0) noexcept {
  return compute<operation::minimum_magnitude_number>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To minimum_magnitude_number(X x, Y y, const projection& p = detail::default_for<To>(),
                                    std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::minimum_magnitude_number, To>(p, random, x, y);
}

/// As maximum_magnitude; the number if one is NaN. ARI-11
LOWP_FN code_t maximum_magnitude_number(coded x, coded y, format to, const projection& p = {},
                                        std::uint64_t random = 0) noexcept {
  return compute<operation::maximum_magnitude_number>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To maximum_magnitude_number(X x, Y y, const projection& p = detail::default_for<To>(),
                                    std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::maximum_magnitude_number, To>(p, random, x, y);
}

/// The lesser; finite values beat infinities of either sign, numbers beat NaN. ARI-11
LOWP_FN code_t minimum_finite(coded x, coded y, format to, const projection& p = {},
                              std::uint64_t random = 0) noexcept {
  return compute<operation::minimum_finite>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To minimum_finite(X x, Y y, const projection& p = detail::default_for<To>(),
                          std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::minimum_finite, To>(p, random, x, y);
}

/// The greater; finite values beat infinities of either sign, numbers beat NaN. ARI-11
LOWP_FN code_t maximum_finite(coded x, coded y, format to, const projection& p = {},
                              std::uint64_t random = 0) noexcept {
  return compute<operation::maximum_finite>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To maximum_finite(X x, Y y, const projection& p = detail::default_for<To>(),
                          std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::maximum_finite, To>(p, random, x, y);
}

/// minNum of IEEE 754-2008: as minimum_number, but NaN if either is signalling. ARI-11
LOWP_FN code_t min_num(coded x, coded y, format to, const projection& p = {},
                       std::uint64_t random = 0) noexcept {
  return compute<operation::min_num>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To min_num(X x, Y y, const projection& p = detail::default_for<To>(),
                   std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::min_num, To>(p, random, x, y);
}

/// maxNum of IEEE 754-2008. ARI-11
LOWP_FN code_t max_num(coded x, coded y, format to, const projection& p = {},
                       std::uint64_t random = 0) noexcept {
  return compute<operation::max_num>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To max_num(X x, Y y, const projection& p = detail::default_for<To>(),
                   std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::max_num, To>(p, random, x, y);
}

/// minNumMag of IEEE 754-2008. ARI-11
LOWP_FN code_t min_num_mag(coded x, coded y, format to, const projection& p = {},
                           std::uint64_t random = 0) noexcept {
  return compute<operation::min_num_mag>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To min_num_mag(X x, Y y, const projection& p = detail::default_for<To>(),
                       std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::min_num_mag, To>(p, random, x, y);
}

/// maxNumMag of IEEE 754-2008. ARI-11
LOWP_FN code_t max_num_mag(coded x, coded y, format to, const projection& p = {},
                           std::uint64_t random = 0) noexcept {
  return compute<operation::max_num_mag>(to, p, random, x, y);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN To max_num_mag(X x, Y y, const projection& p = detail::default_for<To>(),
                       std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::max_num_mag, To>(p, random, x, y);
}

/// x limited to [low, high]; NaN if one is NaN or low > high. ARI-11
LOWP_FN code_t clamp(coded x, coded low, coded high, format to, const projection& p = {},
                     std::uint64_t random = 0) noexcept {
  return compute<operation::clamp>(to, p, random, x, low, high);
}
template <numeric To, numeric X, numeric Low, numeric High>
LOWP_FN To clamp(X x, Low low, High high, const projection& p = detail::default_for<To>(),
                 std::uint64_t random = 0) noexcept {
  return detail::compute_typed<operation::clamp, To>(p, random, x, low, high);
}

}  // namespace lowp

#endif  // LOWP_ARITHMETIC_HPP
