// SPDX-License-Identifier: Apache-2.0
/// \file
/// The arithmetic in which published quantisers are defined: binary32, every operation rounded to
/// nearest even, nothing fused, subnormals kept. Definitions that use it are templates over the
/// type `Real` of their numbers. `float32` is the meaning; simd/ runs the same text on the
/// machine's own binary32, with the same bits.
#ifndef LOWP_BINARY32_HPP
#define LOWP_BINARY32_HPP

#include <concepts>
#include <cstdint>

#include "arithmetic.hpp"
#include "formats.hpp"
#include "number.hpp"
#include "operators.hpp"

namespace lowp {

/// Named bits of binary32.
namespace binary32_bits {

inline constexpr std::uint32_t sign = 0x80000000;
inline constexpr std::uint32_t magnitude = 0x7fffffff;  ///< all but the sign
inline constexpr std::uint32_t fraction = 0x007fffff;   ///< the trailing significand
inline constexpr std::uint32_t one = 0x3f800000;
inline constexpr std::uint32_t greatest = 0x7f7fffff;  ///< the greatest finite number
inline constexpr std::uint32_t infinity = 0x7f800000;  ///< also the field of the exponent
inline constexpr std::uint32_t quiet_nan = 0x7fc00000;

}  // namespace binary32_bits

/// What a type of binary32 numbers offers beside + - * / and comparisons. Specialised for each.
template <class Real>
struct binary32_traits;

template <>
struct binary32_traits<number<formats::binary32>> {
  using real = number<formats::binary32>;

  LOWP_FN static real from_bits(std::uint32_t bits) noexcept { return real::from_code(bits); }
  LOWP_FN static std::uint32_t bits(real x) noexcept { return x.code(); }
  /// The nearest number to an integer.
  LOWP_FN static real from_integer(std::int64_t n) noexcept { return real{n}; }
  /// x as an integer; beyond the range its end, of NaN 0.
  LOWP_FN static std::int32_t to_integer(real x, rounding mode) noexcept {
    return convert<std::int32_t>(x, {.round = mode, .overflow = saturate});
  }
  /// x y + z in one rounding.
  LOWP_FN static real fma(real x, real y, real z) noexcept { return lowp::fma<real>(x, y, z); }
  LOWP_FN static real sqrt(real x) noexcept { return lowp::sqrt<real>(x); }
};

/// A type with the operations of binary32.
template <class Real>
concept binary32_real = requires(Real x, std::uint32_t bits) {
  { binary32_traits<Real>::from_bits(bits) } -> std::same_as<Real>;
  { x + x } -> std::same_as<Real>;
  { x < x } -> std::same_as<bool>;
};

/// The number with these bits, and the bits of a number.
template <binary32_real Real>
LOWP_FN Real real_from_bits(std::uint32_t bits) noexcept {
  return binary32_traits<Real>::from_bits(bits);
}
template <binary32_real Real>
LOWP_FN std::uint32_t real_bits(Real x) noexcept {
  return binary32_traits<Real>::bits(x);
}

/// A constant, e.g. `real<Real>(0.5f)`.
template <binary32_real Real>
LOWP_FN Real real(float constant) noexcept {
  return real_from_bits<Real>(detail::bit_cast<std::uint32_t>(constant));
}

/// The nearest number to an integer.
template <binary32_real Real>
LOWP_FN Real real_from_integer(std::int64_t n) noexcept {
  return binary32_traits<Real>::from_integer(n);
}

/// x as an integer in the given mode; beyond the range its end, of NaN 0.
template <binary32_real Real>
LOWP_FN std::int32_t to_integer(Real x, rounding mode) noexcept {
  return binary32_traits<Real>::to_integer(x, mode);
}

/// The bits without the sign: they order magnitudes, NaNs above infinity.
template <binary32_real Real>
LOWP_FN std::uint32_t magnitude_of(Real x) noexcept {
  return real_bits(x) & binary32_bits::magnitude;
}

/// |x|, of NaN too.
template <binary32_real Real>
LOWP_FN Real magnitude(Real x) noexcept {
  return real_from_bits<Real>(magnitude_of(x));
}

/// Of any sign.
template <binary32_real Real>
LOWP_FN bool real_is_nan(Real x) noexcept {
  return magnitude_of(x) > binary32_bits::infinity;
}
template <binary32_real Real>
LOWP_FN bool real_is_infinite(Real x) noexcept {
  return magnitude_of(x) == binary32_bits::infinity;
}

/// The code of `f` for x, and the number that a code of `f` is, rounded to nearest even if need be.
template <binary32_real Real>
LOWP_FN code_t encode_real(format f, Real x, const projection& p,
                           std::uint64_t random = 0) noexcept {
  return convert(formats::binary32, real_bits(x), f, p, random);
}
template <binary32_real Real>
LOWP_FN Real decode_real(format f, code_t code) noexcept {
  return real_from_bits<Real>(
      static_cast<std::uint32_t>(convert(f, code, formats::binary32, projection{})));
}

/// x rounded to what `f` has.
template <binary32_real Real>
LOWP_FN Real rounded_to(format f, Real x, const projection& p = {}) noexcept {
  return decode_real<Real>(f, encode_real(f, x, p));
}

}  // namespace lowp

#endif  // LOWP_BINARY32_HPP
