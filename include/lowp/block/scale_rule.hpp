// SPDX-License-Identifier: Apache-2.0
/// \file
/// Power-of-two scales: how the exponent of a block's scale follows from the bits of its greatest
/// magnitude, amax = m x 2^E with 1 <= m < 2. Every rule is E - emax + up, and differs from the
/// others in the least m for which `up` is 1. spec/blocks.md BLS-7.
#ifndef LOWP_BLOCK_SCALE_RULE_HPP
#define LOWP_BLOCK_SCALE_RULE_HPP

#include <cstdint>

#include "../codec.hpp"
#include "../detail/bits.hpp"
#include "../properties.hpp"

namespace lowp {

/// How a scale is chosen. M: greatest finite element; emax: floor(log2 M); t: the element's
/// trailing significand bits. BLS-7 has who uses which.
enum class scale_rule : std::uint8_t {
  floor,            ///< never up: OCP MX v1.0, 6.3
  round_up,         ///< up if m > M / 2^emax: no element overflows ("RCEIL")
  ceil,             ///< up if m > 1
  even,             ///< up if m >= 2 - 2^-(t+1): amax rounded to t bits, then floor
  even_exclusive,   ///< up if m > 2 - 2^-(t+1): FBGEMM's even
  in_range,         ///< up if m 2^emax, rounded to nearest even, overflows: TOSA
  in_range_signed,  ///< the same, but only numbers above zero count: two's complement has -2
  nearest_log2,     ///< up if m >= sqrt(2)
  stochastic,       ///< random bits below the t-th of m are added, then floor: FBGEMM
  /// floor(log2 amax) with the logarithm rounded to binary32, which is one too large just below
  /// powers of two: what MX quantisers that call log2f do.
  floor_log2_binary32,
  /// ceil(log2 amax) with the logarithm rounded to binary32: one too small just above them.
  ceil_log2_binary32,
  /// `even_exclusive` as a sum of bits and floor_log2_binary32: FBGEMM's reference.
  even_log2_binary32,
  quotient,  ///< not a power of two: amax / M in binary32, see quotient_steps
  hif4,      ///< HiFloat4's three levels: hif4.hpp
};

/// True for rules whose scales are powers of two that follow from the bits of amax.
LOWP_FN bool is_power_rule(scale_rule rule) noexcept {
  return rule != scale_rule::quotient && rule != scale_rule::hif4;
}

/// floor(log2 M) of an element format.
LOWP_FN std::int32_t greatest_exponent(format element) noexcept {
  return binade(normalized(decode(element, max_finite(element))));
}

namespace detail {

/// Trailing significand bits of elements in their top binade.
LOWP_FN int element_trailing_bits(format element) noexcept {
  if (element.kind == number_kind::minifloat) {
    // In a format of one exponent bit all numbers are multiples of one step.
    return trailing_bits(element);
  }
  return magnitude_bits(element) - 1;
}

/// m x 2^23 of a normalized positive number, rounded down.
LOWP_FN std::uint32_t significand24(const exact& x) noexcept {
  return static_cast<std::uint32_t>(x.significand >> 40);
}

}  // namespace detail

/// No significand of 24 bits reaches it.
inline constexpr std::uint32_t never_up = std::uint32_t{1} << 24;

/// The least m x 2^23 for which the rule's `up` is 1; `never_up` if there is none.
LOWP_FN std::uint32_t up_threshold(scale_rule rule, format element) noexcept {
  const exact greatest = normalized(decode(element, max_finite(element)));
  const std::uint32_t top = detail::significand24(greatest);
  const int t = detail::element_trailing_bits(element);
  const std::uint32_t even = never_up - (std::uint32_t{1} << (22 - t));
  switch (rule) {
    case scale_rule::round_up: return top + 1;
    case scale_rule::ceil: return (std::uint32_t{1} << 23) + 1;
    case scale_rule::even: return even;
    case scale_rule::even_exclusive: return even + 1;
    case scale_rule::in_range:
    case scale_rule::in_range_signed: {
      // A tie beyond M goes to M if that is even.
      const std::uint32_t tie = top + (std::uint32_t{1} << (22 - t));
      return tie + ((max_finite(element) & 1) == 0 ? 1 : 0);
    }
    case scale_rule::nearest_log2: return 11863284;  // ceil(sqrt(2) x 2^23)
    default: return never_up;
  }
}

namespace detail {

/// How far from 2^k the logarithm still rounds to k in binary32, x 2^-24 of 2^k: up to half of the
/// spacing of binary32 on that side of k, ln 2 x 2^e.
LOWP_FN std::uint32_t lost_by_log2(std::int32_t k, bool above) noexcept {
  if (k == 0) return 0;
  // Nearer to zero than a power of two, numbers have an exponent of one less.
  const auto magnitude = static_cast<std::uint64_t>(k < 0 ? -k : k);
  const bool power = is_power_of_two(magnitude);
  const int e = 63 - leading_zeros(magnitude) - (power && (k < 0) == above ? 1 : 0);
  constexpr std::uint64_t ln2 = 2977044471;  // x 2^-32
  return e < 0 ? 0 : static_cast<std::uint32_t>((ln2 << e) >> 32);
}

}  // namespace detail

/// E and m x 2^23 of a positive finite binary32 number; exact for subnormals too.
struct amax_parts {
  std::int32_t exponent;
  std::uint32_t significand;
};
LOWP_FN amax_parts parts_of_amax(std::uint32_t amax) noexcept {
  const std::uint32_t field = amax >> 23;
  if (field != 0) {
    return {static_cast<std::int32_t>(field) - 127, (amax & 0x7fffff) | 0x800000};
  }
  const int shift = detail::leading_zeros(std::uint64_t{amax}) - 40;
  return {-126 - shift, amax << shift};
}

/// The exponent that a power rule gives to the scale of a block whose amax, positive and finite,
/// has these bits in binary32. Not yet clamped to what the scale's format has. `random`: a word for
/// `stochastic`.
LOWP_FN std::int32_t scale_exponent(scale_rule rule, format element, std::uint32_t amax,
                                    std::uint32_t random = 0) noexcept {
  amax_parts a = parts_of_amax(amax);
  if (rule == scale_rule::stochastic) {
    const int below = 23 - detail::element_trailing_bits(element);
    a.significand += random & ((std::uint32_t{1} << below) - 1);
    if (a.significand >= never_up) ++a.exponent;
  }
  if (rule == scale_rule::even_log2_binary32) {
    a.significand += (std::uint32_t{1} << (22 - detail::element_trailing_bits(element))) - 1;
    if (a.significand >= never_up) return a.exponent + 1 - greatest_exponent(element);
  }
  const bool floors_log2 =
      rule == scale_rule::floor_log2_binary32 || rule == scale_rule::even_log2_binary32;
  if (floors_log2 && never_up - a.significand <= detail::lost_by_log2(a.exponent + 1, false)) {
    ++a.exponent;
  }
  if (rule == scale_rule::ceil_log2_binary32) {
    const std::uint32_t above = 2 * (a.significand - (std::uint32_t{1} << 23));
    if (above > detail::lost_by_log2(a.exponent, true)) ++a.exponent;
  }
  const bool up = a.significand >= up_threshold(rule, element) && rule != scale_rule::stochastic;
  return a.exponent - greatest_exponent(element) + (up ? 1 : 0);
}

}  // namespace lowp

#endif  // LOWP_BLOCK_SCALE_RULE_HPP
