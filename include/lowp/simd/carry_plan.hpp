// SPDX-License-Identifier: Apache-2.0
/// \file
/// Stochastic rounding of binary32 lanes the short way: random bits are added to what is shifted
/// out, and the carry goes into the index. Which conversions can, and their constants.
#ifndef LOWP_SIMD_CARRY_PLAN_HPP
#define LOWP_SIMD_CARRY_PLAN_HPP

#include <cstdint>

#include "../detail/bits.hpp"
#include "../random/random_source.hpp"
#include "chunk.hpp"
#include "encode_plan.hpp"

namespace lowp::simd {

/// The step of another length at the lower end of `zero_only` and `halved` ladders, from magnitude
/// `from` to below `to`: `index`, or the next one from the number start - R slope on.
struct carry_gap {
  std::uint32_t from = 0, to = 0;
  std::uint32_t index = 0;
  float start = 0, slope = 0;
  /// 1: an odd R has the number itself still go down.
  std::uint32_t parity = 0;
};

/// Constants of the short way. A magnitude a has its place on the ladder of the target in units of
/// 2^-drop of a step: a - base, but below `linear_below` a times a power of two. Pairs are indexed
/// by the sign.
struct carry_plan {
  int drop = 0;
  /// Of two binades of lanes below the target's second one the lower is subnormal: the place is
  /// that of a + min(a, 2^23).
  bool is_lifted = false;
  std::uint32_t linear_below = 0;
  float scale = 0;          ///< the power of two
  float coarse_scale = 0;   ///< in units of 2^-N instead of 2^-drop in mode C
  std::uint32_t base = 0;   ///< places of less, which are not linear, are 0
  bool is_integer = false;  ///< all places that count are linear
  /// Integers of many bits, of which only the fraction has a place: what makes numbers units (0:
  /// all others), magnitudes that have a fraction, and those that 32 bits hold.
  float unit = 0;
  std::uint32_t fraction_below = 0, whole_below = 0;
  /// What is added to places: (field << left >> right) & mask | odd; `odd` is half of the last
  /// random bit in mode B, and one less in mode C.
  int left = 0, right = 0;
  std::uint32_t mask = 0, odd = 0;
  int at = 0;  ///< where the random bits begin
  /// Mode C: bits that are rounded to nearest-even; 0: none.
  int nearest = 0;
  carry_gap gap;
  /// The code of an index from 1 to `top` is index, of a negative number
  /// ((index ^ flip) + sign) & index_mask.
  std::uint32_t flip = 0, sign = 0, index_mask = 0;
  std::uint32_t top[2] = {}, tiny[2] = {}, over[2] = {};
  /// Greatest index in a container that infinities and NaNs never have.
  std::uint32_t far = 0;
  /// Codes are those of indices up to `cap`, but zero if that has no sign.
  bool is_plain = false;
  std::uint32_t cap[2] = {};
  /// Codes are the upper halves of lanes.
  bool is_upper_half = false;
};

namespace detail {

inline constexpr int carry_trailing = lane_trailing<std::uint32_t>;

/// Codes from indices that containers saturate.
LOWP_FN bool set_carry_codes(const encode_plan<std::uint32_t>& e, int bytes,
                             carry_plan& r) noexcept {
  const bool flips = e.twos_complement && !e.drops_sign;
  r.flip = flips ? ~std::uint32_t{0} : 0;
  r.sign = flips ? 1 : e.drops_sign ? 0 : e.sign_bit;
  r.index_mask = e.index_mask;
  for (int s = 0; s < 2; ++s) {
    const int own = e.drops_sign ? 0 : s;
    r.top[s] = e.top[own];
    r.tiny[s] = e.tiny[own];
    r.over[s] = e.over[own];
    r.cap[s] = e.cap[own];
    // Only the last index of an unsigned container fills it.
    if (r.top[s] == low_mask(8 * bytes) && r.over[s] != r.top[s]) return false;
    // A number without a place below one that has an index of its own.
    if (e.implicit != 0 && e.zero[own] != e.tiny[own]) return false;
  }
  r.is_plain = e.is_plain;
  const auto most = static_cast<std::uint32_t>(low_mask(8 * bytes));
  constexpr std::uint32_t infinity = lane_infinity<std::uint32_t>;
  const std::uint32_t lift = r.is_lifted ? 1u << carry_trailing : 0;
  const std::uint32_t index = (infinity + lift - r.base) >> r.drop;
  r.far = (index < most && r.unit == 0 ? index : most) - 1;
  return true;
}

/// The random bits of the projection in units of places, for a ladder whose places have bits below
/// these units where `has_finer`.
LOWP_FN bool set_carry_bits(const projection& p, bool has_finer, carry_plan& r) noexcept {
  int n = p.random_bits;
  const int field_bits = random_field_bits(n);
  int skip = p.random_from == random_field::high ? field_bits - n : 0;
  if (n > r.drop) {
    // What is shifted out has fewer bits: the others never carry.
    if (has_finer) return false;
    skip += n - r.drop;
    n = r.drop;
  }
  r.at = r.drop - n;
  const bool is_b = p.round == rounding::stochastic_b;
  if (is_b && r.at == 0 && has_finer) return false;
  r.left = r.at > skip ? r.at - skip : 0;
  r.right = skip > r.at ? skip - r.at : 0;
  r.mask = static_cast<std::uint32_t>(low_mask(n) << r.at);
  // B adds one half of the last bit of R.
  r.odd = is_b && r.at > 0 ? std::uint32_t{1} << (r.at - 1) : 0;
  if (p.round == rounding::stochastic_c) {
    // The last bit tells of what the lowest places lose. With N = 0 a half goes down, not to the
    // even index.
    if (n == 0 || (has_finer && r.at < 2)) return false;
    r.nearest = r.at;
    if (r.at > 0) r.odd = (std::uint32_t{1} << (r.at - 1)) - 1;
  }
  return true;
}

/// The odd step of a ladder of `to`.
LOWP_FN bool set_carry_gap(format to, const projection& p, const encode_plan<std::uint32_t>& e,
                           carry_plan& r) noexcept {
  const int n = p.random_bits;
  // Numbers on which decisions turn are lanes, and normal ones.
  constexpr int precision = lane_format<std::uint32_t>.precision;
  if (e.trailing + 2 + n + 1 > precision || e.least < e.trailing + n + 3) return false;
  const auto number = [&](std::uint64_t units, int exponent) {
    const exact x = exact_finite(false, units, exponent - to.bias - e.trailing);
    return static_cast<std::uint32_t>(encode(formats::binary32, x));
  };
  const auto [low, high] = odd_step_of(to);
  const bool is_a = p.round == rounding::stochastic_a;
  r.gap.index = static_cast<std::uint32_t>(low);
  r.gap.from = low == 0 ? 0 : number(low, 0);
  r.gap.to = number(high, 0);
  const std::uint64_t start = (high << (n + 1)) - (is_a ? 0 : high - low);
  r.gap.start = lowp::detail::bit_cast<float>(number(start, -n - 1));
  r.gap.slope = lowp::detail::bit_cast<float>(number(high - low, -n));
  r.gap.parity = p.round == rounding::stochastic_c ? 1 : 0;
  return true;
}

/// Places of an integer, or of its fraction, are linear up to 2^30, and beyond.
LOWP_FN void set_integer_places(const encode_plan<std::uint32_t>& e, carry_plan& r) noexcept {
  constexpr int bias = lane_format<std::uint32_t>.bias;
  r.is_integer = true;
  int width = 1;
  while (!e.is_wide && (e.top[0] | e.top[1]) >> width != 0) ++width;
  r.drop = 30 - width;
  const int end = e.is_wide ? bias + 1 : e.least + e.drop + width - carry_trailing;
  r.linear_below = static_cast<std::uint32_t>(end) << carry_trailing;
  r.base = r.linear_below - (std::uint32_t{1} << 30);
  if (!e.is_wide) return;
  const int last = e.least - carry_trailing + 32;
  r.fraction_below = static_cast<std::uint32_t>(e.least) << carry_trailing;
  r.whole_below = static_cast<std::uint32_t>(last < 0xff ? last : 0xff) << carry_trailing;
}

/// 2^x, a normal number.
LOWP_FN float power_of_two(int x) noexcept {
  return lowp::detail::bit_cast<float>(
      static_cast<std::uint32_t>(x + lane_format<std::uint32_t>.bias) << carry_trailing);
}

/// What makes lanes linear places. Subnormal lanes, which may be taken for zeros, are to be below
/// their last bit.
LOWP_FN bool set_scale(const encode_plan<std::uint32_t>& e, bool halved, carry_plan& r) noexcept {
  constexpr int most = lane_format<std::uint32_t>.bias - 1;
  const int unit = carry_trailing + most + 1 - e.least;
  const int exponent = unit + r.drop - e.drop + (halved ? 1 : 0);
  if (exponent > most || unit < -most || exponent - r.nearest < -most) return false;
  if (e.is_wide) r.unit = power_of_two(unit);
  r.scale = power_of_two(e.is_wide ? r.drop : exponent);
  r.coarse_scale = power_of_two((e.is_wide ? r.drop : exponent) - r.nearest);
  return true;
}

}  // namespace detail

/// Does the short way give what `encode_chunk` gives? Fills `r` if so.
LOWP_FN bool make_carry_plan(format to, const encode_plan<std::uint32_t>& e, const projection& p,
                             carry_plan& r) noexcept {
  constexpr int t = detail::carry_trailing;
  constexpr int bias = lane_format<std::uint32_t>.bias;
  const bool halved = to.bottom == bottom_binade::halved;
  const bool zero_only = to.bottom == bottom_binade::zero_only;
  if (e.least < 0 || e.least > bias + 2 * t) return false;
  r = {};
  r.is_lifted = e.normalises;
  r.drop = e.drop;
  const int least = e.least + (r.is_lifted ? 1 : 0);
  // Below the lowest binade may be nothing but the least index, or the odd step.
  const bool is_linear = least > 1 && e.implicit == 0 && !zero_only;
  if (e.twos_complement && !is_linear) return false;
  if (e.twos_complement) {
    detail::set_integer_places(e, r);
  } else if (is_linear) {
    r.base = static_cast<std::uint32_t>(least - 1) << t;
    r.linear_below = static_cast<std::uint32_t>(least) << t;
  } else {
    r.base = static_cast<std::uint32_t>(e.implicit != 0 ? least : least - 1) << t;
  }
  if (r.drop < 1) return false;
  if (!detail::set_carry_bits(p, is_linear || zero_only, r)) return false;
  if (is_linear && !detail::set_scale(e, halved, r)) return false;
  if ((halved || zero_only) && !detail::set_carry_gap(to, p, e, r)) return false;
  if (!detail::set_carry_codes(e, container_bytes(to), r)) return false;

  r.is_upper_half = !is_linear && !r.is_lifted && r.base == 0 && r.drop == 16 && r.nearest == 0 &&
                    p.random_bits <= 16 && e.sign_bit == 0x8000 && r.tiny[0] == 0 &&
                    r.tiny[1] == 0x8000 && r.top[0] >= 0x7f7f && r.top[1] >= 0x7f7f;
  return true;
}

}  // namespace lowp::simd

#endif  // LOWP_SIMD_CARRY_PLAN_HPP
