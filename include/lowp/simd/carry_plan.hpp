// SPDX-License-Identifier: Apache-2.0
/// \file
/// Stochastic rounding of binary32 lanes the short way: random bits are added to what is shifted
/// out, and the carry goes into the index. Which conversions can, and their constants.
#ifndef LOWP_SIMD_CARRY_PLAN_HPP
#define LOWP_SIMD_CARRY_PLAN_HPP

#include <bit>
#include <cstdint>

#include "plan.hpp"

namespace lowp::simd {

/// Constants of the short way. In units of 2^-drop, the place of a magnitude a with exponent field
/// E on the ladder of the target is a - base from field `least` on, and the significand shifted
/// right by least - E below. spec/bulk.md BLK-2.
struct carry_plan {
  int drop = 0;
  std::int32_t least = 0;
  bool has_lowest = false;  ///< there are fields below `least`
  /// What is added to a: (field << left >> right) & mask | odd; `odd` holds -base and, in mode B,
  /// half of the last random bit.
  int left = 0, right = 0;
  std::uint32_t mask = 0, odd = 0;
  /// Mode C: bits that are rounded to nearest-even first; 0: none.
  int nearest = 0;
  /// A code is a limited index and the sign bit.
  bool is_short = false;
  std::uint32_t cap = 0;
  int sign_down = 0;  ///< from the sign of a lane to that of a code
  /// Codes are the upper halves of lanes.
  bool is_upper_half = false;
};

/// Does the short way give what `encode_chunk` gives? Fills `r` if so.
LOWP_FN bool make_carry_plan(const encode_plan<std::uint32_t>& e, const projection& p,
                             carry_plan& r) noexcept {
  constexpr int t = lane_format<std::uint32_t>.precision - 1;
  if (e.is_wide || e.normalises || e.implicit != 0 || e.scalar_from < e.scalar_to) return false;
  r.drop = e.drop;
  r.least = e.least;
  if (e.twos_complement) {
    // An integer of so many bits is the two lowest binades of a minifloat.
    int width = 1;
    while ((e.top[0] | e.top[1]) >> width != 0) ++width;
    r.drop = t - (width - 1);
    r.least -= r.drop - e.drop;
  }
  // Subnormal lanes have no implicit bit, which only the lowest places see.
  r.has_lowest = r.least > 1;
  if (r.drop < 1 || r.least < 1 || (r.has_lowest && r.least <= t + 1)) return false;

  // R is added at bit drop - N; B adds one half of its last bit.
  const int n = p.random_bits;
  const int field_bits = random_field_bits(n);
  const int skip = p.random_from == random_field::high ? field_bits - n : 0;
  const int at = r.drop - n;
  if (at < 0 || at > 31) return false;
  const bool is_b = p.round == rounding::stochastic_b;
  if (is_b && at == 0 && r.has_lowest) return false;
  r.left = at > skip ? at - skip : 0;
  r.right = skip > at ? skip - at : 0;
  r.mask = static_cast<std::uint32_t>(detail::low_mask(n) << at);
  r.odd = is_b && at > 0 ? std::uint32_t{1} << (at - 1) : 0;
  r.odd -= static_cast<std::uint32_t>(r.least - 1) << t;
  if (p.round == rounding::stochastic_c) {
    // The last bit tells of what the lowest binade shifts out. With N = 0 a half goes down, not to
    // the even index.
    if (n == 0 || (r.has_lowest && at < 2)) return false;
    r.nearest = at;
  }
  r.cap = e.over[0];
  r.sign_down = std::countl_zero(e.sign_bit);
  const bool is_plain_code = !e.twos_complement && !e.drops_sign && e.sign_bit != 0 &&
                             e.tiny[0] == 0 && e.tiny[1] == e.sign_bit;
  r.is_short = is_plain_code && e.top[0] == e.top[1] && e.over[1] == (e.over[0] | e.sign_bit) &&
               (e.over[0] == e.top[0] || e.over[0] == e.top[0] + 1);
  r.is_upper_half = r.is_short && r.least == 1 && r.drop == 16 && e.sign_bit == 0x8000;
  return true;
}

}  // namespace lowp::simd

#endif  // LOWP_SIMD_CARRY_PLAN_HPP
