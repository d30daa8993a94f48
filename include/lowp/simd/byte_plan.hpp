// SPDX-License-Identifier: Apache-2.0
/// \file
/// Constants of encode_bytes-inl.hpp: binary32 to codes of at most 8 bits in lanes of 16 bits.
#ifndef LOWP_SIMD_BYTE_PLAN_HPP
#define LOWP_SIMD_BYTE_PLAN_HPP

#include <cstdint>

#include "../config.hpp"

namespace lowp::simd {

/// The deterministic modes by how a product becomes an index.
enum class rounding_shape : std::uint8_t {
  none,  ///< not this way
  nearest_even,
  nearest_away,
  nearest_side,  ///< ties toward zero for signs with `less`, else away
  truncate,
  directed,  ///< away from zero for signs with `less`, else toward
  odd,
};

/// Upper halves of binary32 times a power of two are places on the target's ladder. Pairs are
/// indexed by the sign.
struct byte_plan {
  rounding_shape mode = rounding_shape::none;
  std::uint16_t less[2] = {};    ///< 0 or 1, see rounding_shape
  std::uint16_t lowest = 0;      ///< exponent field in the lowest binade less one, in its place
  std::uint16_t far = 0;         ///< taken from fields; what is below has the least factor
  std::uint16_t factor = 0;      ///< the least factor
  std::uint8_t powers[16] = {};  ///< bytes of factor 2^k: the lower at k, the upper at k xor 8
  bool doubles = false;          ///< the factor is half of what it should be
  bool lifts = false;            ///< the ladder begins with 2^-127, a subnormal lane
  bool raises = false;           ///< its lowest binade is that of subnormal lanes
  /// The odd step of `encode_plan`, by upper halves: magnitudes from `gap_from` to below `gap_to`
  /// have `gap_index`, and one more from `gap_up` on, itself included only without `gap_above`.
  /// `implicit` is taken from indices from there on.
  bool has_gap = false;
  std::uint16_t gap_from = 0, gap_to = 0, gap_index = 0, implicit = 0;
  std::uint16_t gap_up[2] = {}, gap_above[2] = {};
  bool is_plain = false;  ///< as that of `encode_plan`, and `cap` fits a byte
  int sign_shift = 0;     ///< from bit 7 to the sign's place
};

/// Is it a threshold of toward or away from zero, or to_odd?
LOWP_FN bool is_directed(std::uint32_t threshold) noexcept {
  return threshold == 0 || threshold == ~std::uint32_t{0};
}

/// The shape of the mode of an encode_plan of 32 bits. Pairs are indexed by the sign.
template <class EncodePlan>
LOWP_FN rounding_shape shape_of(const EncodePlan& e, std::uint16_t (&less)[2]) noexcept {
  constexpr std::uint32_t half = std::uint32_t{1} << 31;
  const bool directed = is_directed(e.threshold[0]);
  for (int s = 0; s < 2; ++s) less[s] = e.threshold[s] == (directed ? 0 : half) ? 1 : 0;
  const bool has_less = less[0] != 0 || less[1] != 0;
  if (e.if_odd != 0) return directed ? rounding_shape::odd : rounding_shape::nearest_even;
  if (directed) return has_less ? rounding_shape::directed : rounding_shape::truncate;
  return has_less ? rounding_shape::nearest_side : rounding_shape::nearest_away;
}

/// The odd step, as upper halves. False: it takes more.
template <class EncodePlan>
LOWP_FN bool set_gap(const EncodePlan& e, byte_plan& b) noexcept {
  constexpr std::uint32_t lower = 0xffff;
  b.has_gap = true;
  b.gap_from = static_cast<std::uint16_t>(e.gap_from >> 16);
  b.gap_to = static_cast<std::uint16_t>(e.gap_to >> 16);
  b.gap_index = static_cast<std::uint16_t>(e.gap_index);
  b.implicit = static_cast<std::uint16_t>(e.implicit);
  bool fits = ((e.gap_from | e.gap_to) & lower) == 0;
  for (int s = 0; s < 2; ++s) {
    // Above a number of upper halves, or from it on.
    const std::uint32_t limit = e.gap_limit[s];
    const bool from = (limit & lower) == lower;
    b.gap_above[s] = from ? 0 : 1;
    const std::uint32_t up = (from ? limit + 1 : limit) >> 16;
    b.gap_up[s] = static_cast<std::uint16_t>(up < 0x7fff ? up : 0x7fff);
    fits = fits && (from || (limit & lower) == 0);
  }
  return fits;
}

/// The plan, `mode` none if the conversion cannot go this way. `e` is an encode_plan of 32 bits.
template <class EncodePlan>
LOWP_FN byte_plan make_byte_plan(const EncodePlan& e) noexcept {
  byte_plan b;
  const std::uint32_t top = e.top[0] > e.top[1] ? e.top[0] : e.top[1];
  b.lifts = e.least == 0 && e.implicit == 1;
  // An integer below 2^7 has its place on the ladder of 7 bits of precision too, whose lowest
  // binade ends there.
  const int trailing = e.twos_complement ? 6 : e.trailing;
  b.raises = e.least == 0 && !b.lifts && !e.twos_complement;
  const int lowest = b.lifts || b.raises ? 0 : e.least - 1 - (e.trailing - trailing);
  // What subnormal lanes are doubled from must be in their upper halves.
  if (trailing > (b.raises ? 5 : 6) || lowest < 0 || lowest > 253) return b;
  // Where steps are longer, from 2^7 on, what is over must be the same as the last number.
  const bool is_last = top == 128 && e.over[1] == (-top & e.index_mask);
  if (e.twos_complement ? top > 127 && !is_last : top > 254) return b;
  if (e.gap_to != 0) {
    if (b.raises || b.lifts || !set_gap(e, b)) return b;
  } else if (e.implicit != 0 && !b.lifts) {
    return b;
  }
  if (b.lifts && (e.zero[0] != e.tiny[0] || e.zero[1] != e.tiny[1])) return b;

  b.mode = shape_of(e, b.less);
  const bool directed = is_directed(e.threshold[0]);

  b.lowest = static_cast<std::uint16_t>(lowest << 7);
  // The factor of lanes from the lowest binade on: upper halves of products drop 16 bits, rounded
  // ones 15, of which 7 - trailing should go.
  int most = (directed ? 16 : 15) - (7 - trailing);
  b.doubles = most > 14;
  if (b.doubles) most = 14;
  const int far = lowest > most ? lowest - most : 0;
  const int least = lowest > most ? 0 : most - lowest;
  b.far = static_cast<std::uint16_t>(far << 7);
  b.factor = static_cast<std::uint16_t>(1 << least);
  for (int k = 0; k + least < 8; ++k) b.powers[k] = static_cast<std::uint8_t>(1 << (k + least));
  for (int k = least < 8 ? 8 - least : 0; k + least < 16; ++k) {
    b.powers[k ^ 8] = static_cast<std::uint8_t>(1 << (k + least - 8));
  }

  b.is_plain = e.is_plain && e.cap[0] < 256;
  for (std::uint32_t s = e.sign_bit; s != 0 && s < 0x80; s <<= 1) ++b.sign_shift;
  return b;
}

}  // namespace lowp::simd

#endif  // LOWP_SIMD_BYTE_PLAN_HPP
