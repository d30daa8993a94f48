// SPDX-License-Identifier: Apache-2.0
/// \file
/// How lanes of binary32 or binary64 bits become codes: formats and projection as constants of one
/// algorithm, asked of the scalar definition. spec/bulk.md BLK-2.
#ifndef LOWP_SIMD_ENCODE_PLAN_HPP
#define LOWP_SIMD_ENCODE_PLAN_HPP

#include <cstdint>
#include <type_traits>

#include "../codec.hpp"
#include "../detail/minifloat.hpp"
#include "../formats.hpp"
#include "../properties.hpp"
#include "byte_plan.hpp"
#include "half_plan.hpp"

namespace lowp::simd {

/// The IEEE format whose bit patterns fill lanes of a word.
template <class Word>
inline constexpr format lane_format = sizeof(Word) == 4 ? formats::binary32 : formats::binary64;
/// Bits of a lane.
template <class Word>
inline constexpr int lane_bits = 8 * static_cast<int>(sizeof(Word));
/// Trailing significand bits of the lane's format.
template <class Word>
inline constexpr int lane_trailing = lane_format<Word>.precision - 1;
/// The bits of infinity in the lane's format.
template <class Word>
inline constexpr Word lane_infinity =
    static_cast<Word>(lowp::detail::low_mask(lane_bits<Word> - 1 - lane_trailing<Word>))
    << lane_trailing<Word>;

/// How lanes of binary32 or binary64 bits become codes. Pairs are indexed by the sign.
///
/// A magnitude with exponent field E and significand s (of the lane's format, with the implicit
/// bit) has the place s 2^-shift on the ladder of the target within its binade, where
/// shift = drop + max(E, least) - E; what is shifted out, as a fraction of the lane's width, sends
/// it to the next index if it is greater than a threshold.
template <class Word>
struct encode_plan {
  using integer = std::make_signed_t<Word>;

  int trailing = 0;   ///< trailing bits of the target (all of the lane's for integers)
  int drop = 0;       ///< trailing bits of the lane's format less those
  integer least = 0;  ///< the lane's exponent field in the target's lowest binade
  Word implicit = 0;  ///< taken from the index where the lowest binade has its implicit bit
  /// Magnitudes from `gap_from` to below `gap_to` lie in a step of another length: the index is
  /// `gap_index`, and one more above `gap_limit`. Less is on a ladder without the implicit bit.
  Word gap_from = 0, gap_to = 0, gap_index = 0;
  Word gap_limit[2] = {};
  Word below = 0;          ///< magnitudes below have index 0 without rounding
  Word top[2] = {};        ///< index of the greatest finite magnitude
  Word threshold[2] = {};  ///< of deterministic modes, for an even index
  Word if_odd = 0;         ///< taken from it for an odd one: 0 or 1
  Word sign_bit = 0;       ///< put into codes of negative numbers
  Word tiny[2] = {};       ///< code of index 0
  Word zero[2] = {};       ///< code of zero
  Word over[2] = {};       ///< code of finite numbers beyond `top`
  Word infinite[2] = {};
  Word nan[2] = {};
  Word index_mask = ~Word{0};  ///< the width of a two's complement code
  bool is_plain = false;  ///< codes are sign and index, or -index; what is over has that of `cap`
  Word cap[2] = {};       ///< `top` or the index behind it
  bool positive_zero = false;    ///< negative numbers that become zero lose their sign
  int sign_shift = 0;            ///< from the lane's sign to the code's
  bool twos_complement = false;  ///< negative codes are -index
  /// Integers of more bits than significands: `least` is the field of those whose last bit counts
  /// one; above, significands are shifted up.
  bool is_wide = false;
  bool normalises = false;     ///< subnormal lanes have a place in the target's normal binades
  bool drops_sign = false;     ///< numbers count as positive
  bool by_scalar_nan = false;  ///< NaNs keep bits of their payload
  /// Magnitudes from `scalar_from` to below `scalar_to` go to the scalar definition.
  Word scalar_from = 0, scalar_to = 0;
  half_plan half;   ///< the same for codes of 16 bits
  byte_plan bytes;  ///< of lanes of 32 bits, where the codes are bytes and the mode deterministic
};

/// Does a lane go to the scalar definition?
template <class Word>
LOWP_FN bool is_for_scalar(const encode_plan<Word>& p, Word lane) noexcept {
  const Word a = lane & ~(Word{1} << (lane_bits<Word> - 1));
  return (a >= p.scalar_from && a < p.scalar_to) || (p.by_scalar_nan && a > lane_infinity<Word>);
}

namespace detail {

using lowp::detail::kind_of_number;
using lowp::detail::low_mask;
using minifloat_kind = kind_of_number<number_kind::minifloat>;

/// Threshold of a deterministic mode for a fraction of all bits of a word, spec/projection.md
/// PRJ-2: `rounds_away` is fraction > threshold - (odd ? if_odd : 0).
template <class Word>
LOWP_FN Word threshold_of(rounding mode, bool negative) noexcept {
  constexpr Word half = Word{1} << (8 * sizeof(Word) - 1);
  constexpr Word never = ~Word{0};
  switch (mode) {
    case rounding::to_nearest_even:
    case rounding::to_nearest_zero: return half;
    case rounding::to_nearest_away: return half - 1;
    case rounding::to_nearest_negative: return negative ? half - 1 : half;
    case rounding::toward_positive: return negative ? never : 0;
    case rounding::toward_negative: return negative ? 0 : never;
    case rounding::away_from_zero:
    case rounding::to_odd: return 0;
    default: return never;
  }
}

LOWP_FN bool depends_on_parity(rounding mode) noexcept {
  return mode == rounding::to_nearest_even || mode == rounding::to_odd;
}

/// Fills what plain plans need.
template <class Word>
LOWP_FN void set_plain(encode_plan<Word>& e) noexcept {
  e.is_plain = !e.drops_sign && e.tiny[0] == 0 && (e.tiny[1] == 0 || e.tiny[1] == e.sign_bit);
  e.positive_zero = e.tiny[1] != e.sign_bit;
  for (int s = 0; s < 2; ++s) {
    const auto code = [&](Word index) -> Word {
      if (s == 0 || index == 0) return e.tiny[s] | index;
      return e.twos_complement ? (~index + 1) & e.index_mask : index | e.sign_bit;
    };
    e.cap[s] = e.top[s] + (code(e.top[s]) != e.over[s] ? 1 : 0);
    e.is_plain = e.is_plain && code(e.cap[s]) == e.over[s];
  }
  const Word sign = Word{1} << (8 * sizeof(Word) - 1);
  for (Word s = e.sign_bit; s != 0 && s < sign; s <<= 1) ++e.sign_shift;
}

/// The ends of the odd step of `zero_only` and `halved` ladders, in units of the step above it; the
/// lower one is an index too.
struct odd_step {
  std::uint64_t low, high;
};

LOWP_FN odd_step odd_step_of(format to) noexcept {
  const std::uint64_t implicit = std::uint64_t{1} << trailing_bits(to);
  if (to.bottom == bottom_binade::halved) return {implicit - 1, 2 * implicit};
  return {0, implicit + 1};
}

/// The odd step at the lower end of `zero_only` and `halved` ladders, as lanes.
template <class Word>
LOWP_FN void set_gap(format to, rounding mode, encode_plan<Word>& e) noexcept {
  constexpr format lane = lane_format<Word>;
  const int unit = -to.bias - e.trailing;
  const auto bits = [&](std::uint64_t significand, int exponent) {
    return static_cast<Word>(encode(lane, exact_finite(false, significand, exponent)));
  };
  const auto [low, high] = odd_step_of(to);
  e.gap_index = static_cast<Word>(low);
  e.gap_from = low == 0 ? 0 : bits(low, unit);
  e.gap_to = bits(high, unit);
  const Word middle = bits(low + high, unit - 1);
  for (int s = 0; s < 2; ++s) {
    const auto goes_up = [&](std::uint64_t quarters) {
      return lowp::detail::rounds_away(mode, s == 1, (low & 1) != 0,
                                       lowp::detail::fraction64{quarters << 62, false}, 0, 0);
    };
    e.gap_limit[s] = goes_up(1)   ? e.gap_from
                     : goes_up(2) ? middle - 1
                     : goes_up(3) ? middle
                                  : ~Word{0} >> 1;
  }
}

/// Can a kernel on lanes of `Word` encode numbers of `to`? Fills `e` if so.
template <class Word>
LOWP_FN bool make_encode_plan(format to, const projection& p, encode_plan<Word>& e) noexcept {
  using integer = std::make_signed_t<Word>;
  constexpr format lane = lane_format<Word>;
  constexpr int t = lane.precision - 1;
  constexpr int bits = 8 * static_cast<int>(sizeof(Word));
  const bool is_integer = to.kind == number_kind::fixed_point;
  if (!is_integer && to.kind != number_kind::minifloat) return false;
  if (is_integer ? to.width > bits : to.precision > lane.precision) return false;
  if (p.flush_subnormal_result || p.overflow_before_rounding) return false;
  // Stochastic modes compare a fraction of all bits of the lane but two.
  if (is_stochastic(p.round) && p.random_bits > bits - 2) return false;

  // An integer has its place on the ladder of any precision from its width on.
  e.is_wide = is_integer && to.width >= t;
  e.trailing = e.is_wide ? t : is_integer ? t - 1 : trailing_bits(to);
  e.drop = t - e.trailing;
  if (e.is_wide) {
    e.least = static_cast<integer>(lane.bias + t - to.bias);
    if (e.least < 1) return false;
  } else if (is_integer) {
    e.least = static_cast<integer>(lane.bias + t - 1 - to.bias);
  } else if (to.bottom == bottom_binade::no_zero) {
    e.least = static_cast<integer>(lane.bias - to.bias);
    e.implicit = Word{1} << e.trailing;
  } else {
    e.least = static_cast<integer>(lane.bias + 1 - to.bias);
  }
  e.normalises = e.least < 1;
  // Indices stay below the sign bit of the lane, also those of numbers far beyond the target.
  const auto fields = static_cast<std::int64_t>(low_mask(exponent_field_bits(lane)));
  const std::int64_t binades = fields - e.least + 1;
  const bool has_room = static_cast<std::uint64_t>(binades) < std::uint64_t{1}
                                                                  << (bits - 1 - e.trailing);
  const bool same_range = to.kind == number_kind::minifloat && to.bias == lane.bias;
  if ((!has_room && !same_range && !e.is_wide) || e.least > fields) {
    return false;
  }
  // Zero counts as the least binade of subnormal lanes.
  if (e.least < 2 - lane.bias - t) return false;
  for (int s = 0; s < 2; ++s) {
    const bool negative = s == 1;
    const auto code = [&](const exact& x) { return static_cast<Word>(encode(to, x, p)); };
    const std::uint64_t top = !to.is_signed && negative ? 0
                              : is_integer
                                  ? kind_of_number<number_kind::fixed_point>::top(to, negative)
                                  : minifloat_kind::top(to, negative);
    // The index behind it, too, stays below the sign bit of the lane.
    if (!e.is_wide && top >= (std::uint64_t{1} << (bits - 1)) - 1) return false;
    e.top[s] = static_cast<Word>(top);
    e.threshold[s] = threshold_of<Word>(p.round, negative);
    e.zero[s] = code(exact_zero(negative));
    e.over[s] = code(exact_finite(negative, 1, 1 << 20));
    e.infinite[s] = code(exact_infinity(negative));
    e.nan[s] = code(exact_nan(negative));
    // Index 0 is zero, or the least number of a format without zero.
    e.tiny[s] = has_zero(to) ? e.zero[s] : negative && !to.is_signed ? e.over[s] : 0;
  }
  e.if_odd = depends_on_parity(p.round) ? 1 : 0;
  e.sign_bit = to.is_signed && !is_integer ? Word{1} << magnitude_bits(to) : 0;
  if (is_integer) e.index_mask = static_cast<Word>(low_mask(to.width));
  e.twos_complement = is_integer;
  e.drops_sign = !to.is_signed && p.negative == negative_rule::magnitude;
  e.by_scalar_nan =
      to.nans == nan_codes::ieee && (p.nan == nan_rule::payload || p.nan == nan_rule::payload_raw ||
                                     p.nan == nan_rule::payload_one);
  if (to.bottom == bottom_binade::halved || to.bottom == bottom_binade::zero_only) {
    if (e.normalises) return false;
    if (is_stochastic(p.round)) {
      e.scalar_from = 1;
      e.scalar_to = static_cast<Word>(e.least) << t;
    } else {
      if (e.least < 2 || e.trailing == 0) return false;
      e.least -= 1;
      e.implicit = Word{1} << e.trailing;
      set_gap(to, p.round, e);
    }
  } else if (to.bottom == bottom_binade::no_zero) {
    // The least number must be one of the lane's, subnormal ones included.
    if (e.least < 1 - t) return false;
    e.below = e.least >= 1 ? static_cast<Word>(e.least) << t
                           : Word{1} << (t - 1 + static_cast<int>(e.least));
  }
  set_plain(e);
  e.is_plain = e.is_plain && !e.is_wide;
  if constexpr (sizeof(Word) == 4) {
    if (to.width <= 8 && !is_stochastic(p.round)) e.bytes = make_byte_plan(e);
    if (to.width == 16 && !is_stochastic(p.round)) e.half = make_half_plan(e);
  }
  // A finite lane that is beyond the target must not look infinite only.
  const exact greatest = normalized(decode(to, max_finite(to)));
  return same_range || binade(greatest) <= lane.bias;
}

}  // namespace detail

}  // namespace lowp::simd

#endif  // LOWP_SIMD_ENCODE_PLAN_HPP
