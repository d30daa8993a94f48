// SPDX-License-Identifier: Apache-2.0
/// \file
/// Affine quantisation of one number: real = scale (q - zero_point) for integers q of a range, by
/// the order of operations of any published implementation. The orders are data:
/// quantise_rules.hpp lists them, arrays are in quantise_array.hpp.
#ifndef LOWP_INTEGER_AFFINE_HPP
#define LOWP_INTEGER_AFFINE_HPP

#include <cstdint>

#include "../binary32.hpp"
#include "../types.hpp"

namespace lowp {

/// The integers that quantisation may use. spec/integers.md INT-4.
struct integer_range {
  std::int32_t lowest = 0;
  std::int32_t greatest = 0;

  friend LOWP_FN bool operator==(const integer_range&, const integer_range&) noexcept = default;
};

/// Which of a format's integers are used.
enum class range_use : std::uint8_t {
  full,
  narrow,  ///< without the least one of a signed format: -127...127, -7...7
};

/// The range of an integer format of up to 31 bits, or 32 signed ones.
LOWP_FN integer_range range_of(format f, range_use use = range_use::full) noexcept {
  const std::int64_t codes = std::int64_t{1} << f.width;
  if (!f.is_signed) return {0, static_cast<std::int32_t>(codes - 1)};
  const std::int64_t lowest = -codes / 2 + (use == range_use::narrow && f.width > 1 ? 1 : 0);
  return {static_cast<std::int32_t>(lowest), static_cast<std::int32_t>(codes / 2 - 1)};
}

/// n, or the end of the range that is nearer.
LOWP_FN std::int32_t clamp_to(integer_range q, std::int64_t n) noexcept {
  return n < q.lowest ? q.lowest : n > q.greatest ? q.greatest : static_cast<std::int32_t>(n);
}

/// What real numbers the integers mean: scale (q - zero_point). The scale is above zero and finite,
/// |zero_point| at most 2^24. Symmetric quantisation has zero point 0. spec/integers.md INT-4.
template <binary32_real Real = float32>
struct affine {
  Real scale;
  std::int32_t zero_point = 0;
};

/// How a number is brought to the scale of the integers. spec/integers.md INT-5.
enum class scaling : std::uint8_t {
  divide,               ///< fl(x / scale)
  multiply_reciprocal,  ///< fl(x fl(1 / scale)); differs from `divide` by an ulp, so at ties
  multiply,             ///< fl(x scale): `scale` counts integers per unit, 1 / scale is their step
};

/// Where the zero point is added; y is the scaled number.
enum class zero_point_place : std::uint8_t {
  after_rounding,           ///< round(y) + zp, integers
  after_rounding_binary32,  ///< fl(fl(zp) + round(y))
  before_rounding,          ///< round(fl(y + fl(zp))): the parity of zp decides ties to even
  before_rounding_fused,    ///< the same with scaling and addition in one rounding
};

/// How a rounded number becomes an integer.
enum class integer_conversion : std::uint8_t {
  saturating,  ///< beyond int32 its end, of NaN 0
  x86,  ///< after `minps` with 2147483520, which NaN becomes as well; cvtps2dq: below int32 its
        ///< least; a zero point added to that wraps in 32 bits
};

/// One order of operations. spec/integers.md INT-5; the rows are in quantise_rules.hpp.
struct quantise_rule {
  scaling scale = scaling::divide;
  zero_point_place zero_point = zero_point_place::after_rounding;
  rounding round = to_nearest_even;
  integer_conversion conversion = integer_conversion::saturating;

  friend LOWP_FN bool operator==(const quantise_rule&, const quantise_rule&) noexcept = default;
};

namespace detail {

/// x to an integer as a binary32 number. Zero loses its sign.
template <binary32_real Real>
LOWP_FN Real round_to_whole(Real x, rounding mode) noexcept {
  constexpr std::uint32_t all_whole = 0x4b000000;  // 2^23: greater numbers have no fraction
  if (magnitude_of(x) >= all_whole) return x;
  return real_from_integer<Real>(to_integer(x, mode));
}

template <binary32_real Real>
LOWP_FN std::int64_t to_int32_x86(Real x, rounding mode) noexcept {
  const Real most = real<Real>(2147483520.0f);
  return to_integer(x < most ? x : most, mode);  // NaN is not below
}

template <binary32_real Real>
LOWP_FN Real scaled(Real x, Real scale, scaling how) noexcept {
  switch (how) {
    case scaling::divide: return x / scale;
    case scaling::multiply_reciprocal: return x * (real<Real>(1.0f) / scale);
    case scaling::multiply: break;
  }
  return x * scale;
}

/// The number that is rounded last, and in what follows it.
template <binary32_real Real>
LOWP_FN Real shifted(const quantise_rule& r, Real x, const affine<Real>& a) noexcept {
  const Real zero_point = real_from_integer<Real>(a.zero_point);
  if (r.zero_point == zero_point_place::before_rounding_fused) {
    const Real factor =
        r.scale == scaling::multiply ? a.scale : real<Real>(1.0f) / a.scale;  // no fused division
    return binary32_traits<Real>::fma(x, factor, zero_point);
  }
  const Real y = scaled(x, a.scale, r.scale);
  switch (r.zero_point) {
    case zero_point_place::before_rounding: return y + zero_point;
    case zero_point_place::after_rounding_binary32: return zero_point + round_to_whole(y, r.round);
    default: return y;
  }
}

}  // namespace detail

/// The integer for x. Of NaN: the zero point if it is added after rounding, else 0, within the
/// range; what the conversion makes of it under `x86`. spec/integers.md INT-5.
template <binary32_real Real>
LOWP_FN std::int32_t quantise(const quantise_rule& r, Real x, const affine<Real>& a,
                              integer_range q) noexcept {
  const Real y = detail::shifted(r, x, a);
  const bool after = r.zero_point == zero_point_place::after_rounding;
  if (r.conversion == integer_conversion::x86) {
    const std::int64_t n = detail::to_int32_x86(y, r.round) + (after ? a.zero_point : 0);
    return clamp_to(q, static_cast<std::int32_t>(static_cast<std::uint32_t>(n)));
  }
  const bool in_binary32 = r.zero_point == zero_point_place::after_rounding_binary32;
  if (in_binary32 && magnitude_of(y) > 0x7f800000) return clamp_to(q, a.zero_point);
  return clamp_to(q, std::int64_t{to_integer(y, r.round)} + (after ? a.zero_point : 0));
}

/// The number for an integer: fl(scale fl(q - zero_point)), of rules that multiply by the scale
/// fl(fl(q - zero_point) fl(1 / scale)). spec/integers.md INT-6.
template <binary32_real Real>
LOWP_FN Real dequantise(std::int32_t q, const affine<Real>& a,
                        scaling how = scaling::divide) noexcept {
  const Real step = how == scaling::multiply ? real<Real>(1.0f) / a.scale : a.scale;
  return step * real_from_integer<Real>(std::int64_t{q} - a.zero_point);
}

}  // namespace lowp

#endif  // LOWP_INTEGER_AFFINE_HPP
