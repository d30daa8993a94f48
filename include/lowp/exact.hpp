// SPDX-License-Identifier: Apache-2.0
/// \file
/// The exact value between two codes: what decoding yields, arithmetic works on and encoding takes.
#ifndef LOWP_EXACT_HPP
#define LOWP_EXACT_HPP

#include <cstdint>

#include "detail/bits.hpp"

namespace lowp {

/// What a value is, apart from its sign.
enum class number_class : std::uint8_t { zero, finite, infinity, nan };

/// A value without rounding. spec/values.md VAL-1.
///
/// finite: (-1)^negative x (significand + tail x 2^-64 + rest) x 2^exponent, where rest is 0 or,
/// when `sticky`, anything in (0, 2^-64): results that do not end. Where tail or rest is not 0, bit
/// 63 of the significand is set. 128 bits and the rest decide every rounding: 64 bits of a code, 32
/// random bits and one more. nan: `significand` is the payload, left-aligned: bit 63 is the quiet
/// bit of IEEE formats. VAL-14 zero, infinity: only the sign counts. Exponents beyond
/// +-`exponent_bound` count as the bound.
struct exact {
  number_class cls = number_class::zero;
  bool negative = false;
  bool sticky = false;
  std::int32_t exponent = 0;
  std::uint64_t significand = 0;
  std::uint64_t tail = 0;

  friend LOWP_FN bool operator==(const exact&, const exact&) noexcept = default;
};

/// Makers of the four classes.
LOWP_FN exact exact_zero(bool negative = false) noexcept {
  return {.cls = number_class::zero, .negative = negative};
}
LOWP_FN exact exact_infinity(bool negative = false) noexcept {
  return {.cls = number_class::infinity, .negative = negative};
}
LOWP_FN exact exact_nan(bool negative = false,
                        std::uint64_t payload = std::uint64_t{1} << 63) noexcept {
  return {.cls = number_class::nan, .negative = negative, .significand = payload};
}
/// +-significand x 2^exponent; zero if the significand is 0.
LOWP_FN exact exact_finite(bool negative, std::uint64_t significand,
                           std::int32_t exponent) noexcept {
  if (significand == 0) return exact_zero(negative);
  return {.cls = number_class::finite,
          .negative = negative,
          .exponent = exponent,
          .significand = significand};
}

/// A NaN whose quiet bit is clear.
LOWP_FN bool is_signalling(const exact& x) noexcept {
  return x.cls == number_class::nan && (x.significand >> 63) == 0;
}

/// Exponents of `exact` that lie beyond this bound in either direction count as the bound: far
/// outside every format, and safe to add to.
inline constexpr std::int32_t exponent_bound = 1 << 24;

/// The same finite value with bit 63 of the significand set; other classes unchanged. A hand-made
/// finite value with significand 0 is zero.
LOWP_FN exact normalized(exact x) noexcept {
  if (x.cls != number_class::finite) return x;
  if (x.significand == 0) return exact_zero(x.negative);
  if (x.exponent > exponent_bound) x.exponent = exponent_bound;
  if (x.exponent < -exponent_bound) x.exponent = -exponent_bound;
  const int shift = detail::leading_zeros(x.significand);  // 0 if there is a tail
  x.significand <<= shift;
  x.exponent -= shift;
  return x;
}

/// floor(log2 |x|) of a normalized finite x.
LOWP_FN std::int32_t binade(const exact& x) noexcept { return x.exponent + 63; }

}  // namespace lowp

#endif  // LOWP_EXACT_HPP
