// SPDX-License-Identifier: Apache-2.0
/// \file
/// Behaviour as data: how an exact value becomes a code. Every member is an independent choice;
/// together they span the vendors' conversions. Named rule sets are in hardware/.
#ifndef LOWP_PROJECTION_HPP
#define LOWP_PROJECTION_HPP

#include <cstdint>

#include "config.hpp"

namespace lowp {

/// Which neighbour a value between two codes becomes. spec/projection.md PRJ-2.
/// "Away" and "zero" speak of magnitudes, "positive" and "negative" of values, "even" and "odd" of
/// the magnitude code (equal to the last significand bit, and defined for one-bit precision too).
enum class rounding : std::uint8_t {
  to_nearest_even,      ///< ties to the even code (IEEE roundTiesToEven, RNE)
  to_nearest_away,      ///< ties away from zero (RNA, RISC-V RMM)
  to_nearest_zero,      ///< ties toward zero
  to_nearest_negative,  ///< ties toward the lesser value
  toward_zero,          ///< RTZ, truncation
  toward_positive,      ///< RUP
  toward_negative,      ///< RDN
  away_from_zero,       ///< the greater magnitude unless exact
  to_odd,               ///< the odd code unless exact (jamming)
  stochastic_a,         ///< P3109 StochasticA: floor(nu 2^N) + R >= 2^N goes away from zero
  stochastic_b,         ///< P3109 StochasticB: floor(nu 2^(N+1)) + 2R + 1 >= 2^(N+1)
  stochastic_c,         ///< P3109 StochasticC: nearest-even(nu 2^N) + R >= 2^N
};

/// True for the three modes that consume random bits.
LOWP_FN bool is_stochastic(rounding r) noexcept { return r >= rounding::stochastic_a; }

/// What a finite value beyond the greatest finite one becomes; decided after rounding with
/// unbounded exponent. "Infinity" stands for `projection::no_infinity` where the format has none.
/// spec/projection.md PRJ-4.
enum class overflow_rule : std::uint8_t {
  ieee,             ///< infinity; greatest finite where the rounding direction points back to it
                    ///< (to_odd: whichever of the two has the odd code). P3109 SatNone
  infinite,         ///< infinity in every rounding mode
  saturate,         ///< greatest finite, for infinite values too. P3109 SatFinite, PTX .satfinite
  saturate_finite,  ///< greatest finite; infinite values stay infinite. P3109 SatPropagate
};

/// What replaces an infinity in a format without one. spec/projection.md PRJ-5.
enum class no_infinity_rule : std::uint8_t {
  nan,         ///< the NaN; greatest finite where there is no NaN either
  max_finite,  ///< greatest finite of the same sign
  zero,        ///< zero of that sign (oneDNN float4_e2m1: positive)
};

/// Which NaN code (or number) a NaN becomes. spec/projection.md PRJ-6.
/// In formats without NaN the first six give the greatest finite value, or 0 in integers.
enum class nan_rule : std::uint8_t {
  quiet,        ///< only the quiet bit set: 7E00, 7FC0, e5m2 7E
  all_ones,     ///< all magnitude bits set: 7FFF, e5m2 7F
  payload,      ///< leading payload bits kept, quiet bit set
  payload_raw,  ///< leading payload bits kept; an infinity when they are all zero
  payload_one,  ///< leading payload bits kept, last bit set when they are all zero (PXR24)
  signalling,   ///< payload 1: 7F800001
  max_finite,   ///< not a NaN: the greatest finite value
  zero,         ///< not a NaN: zero
};

/// What happens to a sign. spec/projection.md PRJ-7.
enum class sign_rule : std::uint8_t { keep, positive, negative, flip };

/// What a negative value becomes in an unsigned format, if it does not round to zero. PRJ-8.
enum class negative_rule : std::uint8_t {
  clamp,      ///< the least value of the format
  magnitude,  ///< the sign is dropped before anything else
  nan,        ///< NaN, for negative zero too where the format has no zero
  p3109,      ///< NaN; the least value when rounding toward zero or toward positive (finite only)
  clamp_finite,  ///< the least value; NaN for minus infinity (ml_dtypes e8m0 saturating)
};

/// What zero becomes in a format without zero. PRJ-8.
enum class no_zero_rule : std::uint8_t { least, nan };

/// What a subnormal source value counts as. Needs the source format, so `convert` applies it.
/// PRJ-9.
enum class subnormal_input_rule : std::uint8_t {
  keep,          ///< its value
  zero,          ///< zero of the same sign (denormals-are-zero)
  half_down,     ///< above half of the least normal: the least normal; else its value
  least_normal,  ///< the least normal
};

/// When a result is tiny, for the underflow flag and for flushing. PRJ-10.
enum class tininess_rule : std::uint8_t {
  after_rounding,   ///< |result| with unbounded exponent range below the least normal (x86, RISC-V)
  before_rounding,  ///< |exact value| below the least normal (Arm)
};

/// Whose table gives the result of an operation on NaN, infinities and zeros. spec/arithmetic.md
/// ARI-3. The P3109 tables treat zero as unsigned: x / 0 is NaN.
enum class operation_rules : std::uint8_t {
  ieee754,        ///< IEEE 754-2019; C23 where that has no such operation
  p3109_4_0,      ///< P3109 interim report 4.0 of June 2026
  p3109_2026_07,  ///< the P3109 formal specification of July 2026: atan2 at (y < 0, -inf), tan
                  ///< poles
};

/// Where the random bits are in the word that the caller supplies. PRJ-3.
enum class random_field : std::uint8_t {
  low,   ///< the N lowest bits
  high,  ///< the N highest of 32 bits
};

/// How an exact value becomes a code. The default is what IEEE 754 would do: nearest-even, infinity
/// on overflow (NaN where the format has none), quiet NaN of the same sign, gradual underflow.
struct projection {
  rounding round = rounding::to_nearest_even;
  overflow_rule overflow = overflow_rule::ieee;
  no_infinity_rule no_infinity = no_infinity_rule::nan;
  /// Sign of the NaN or number that stands in for an infinity (RISC-V: positive).
  sign_rule no_infinity_sign = sign_rule::keep;
  nan_rule nan = nan_rule::quiet;
  sign_rule nan_sign = sign_rule::keep;
  negative_rule negative = negative_rule::clamp;
  no_zero_rule no_zero = no_zero_rule::least;
  /// Sign of a result that is zero, where the format has -0: `keep` or `positive` (P3109).
  sign_rule zero_sign = sign_rule::keep;
  subnormal_input_rule subnormal_input = subnormal_input_rule::keep;
  /// Tiny results become zero of the same sign (FTZ).
  bool flush_subnormal_result = false;
  tininess_rule tininess = tininess_rule::after_rounding;
  /// Overflow is decided on the unrounded value: everything above the greatest finite overflows.
  bool overflow_before_rounding = false;
  /// Under `ieee`, to_odd always overflows to infinity (P3109 formal specification after 4.0).
  bool odd_overflows = false;
  /// Number of random bits N, 1...32, that the stochastic modes take from the caller's word. With
  /// 0, the default, they use none: A truncates, B and C round to nearest.
  std::uint8_t random_bits = 0;
  random_field random_from = random_field::low;
  operation_rules rules = operation_rules::ieee754;

  friend LOWP_FN bool operator==(const projection&, const projection&) noexcept = default;
};

/// Exception flags, in the order of RISC-V fflags, SoftFloat and TestFloat; `saturated` is ours.
/// spec/projection.md PRJ-11.
struct status {
  std::uint8_t bits = 0;

  static constexpr std::uint8_t inexact = 1;
  static constexpr std::uint8_t underflow = 2;  ///< tiny and inexact
  static constexpr std::uint8_t overflow = 4;   ///< a rounded or infinite value has no finite code
  static constexpr std::uint8_t divide_by_zero = 8;
  static constexpr std::uint8_t invalid = 16;    ///< signalling NaN; NaN or sign that is lost
  static constexpr std::uint8_t saturated = 32;  ///< the result was clamped to an end of the range

  LOWP_FN bool has(std::uint8_t flag) const noexcept { return (bits & flag) != 0; }
  friend LOWP_FN bool operator==(const status&, const status&) noexcept = default;
};

/// The modes and overflow rules under short names, as users write them in
/// `{.round = lowp::toward_zero, .overflow = lowp::saturate}`.
using enum rounding;
using enum overflow_rule;

}  // namespace lowp

#endif  // LOWP_PROJECTION_HPP
