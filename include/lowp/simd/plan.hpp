// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the kernels of simd/ need to know of a conversion: formats and projection as constants of
/// one algorithm on lanes of 32 or 64 bits. Everything here is asked of the scalar definition.
/// spec/bulk.md BLK-2.
#ifndef LOWP_SIMD_PLAN_HPP
#define LOWP_SIMD_PLAN_HPP

#include <cstdint>
#include <type_traits>

#include "../codec.hpp"
#include "../formats.hpp"
#include "../pack/convert_array.hpp"
#include "../properties.hpp"
#include "carry_plan.hpp"
#include "chunk.hpp"
#include "encode_plan.hpp"
#include "look_up.hpp"

namespace lowp::simd {

/// Sources of 16 bits with instructions of their own, where infinities and NaNs are the usual ones.
enum class decode_way : std::uint8_t {
  general,
  upper_half,  ///< bfloat16 to binary32
  half,        ///< binary16 to binary32
};

/// How codes become lanes of binary32 or binary64 bits. Every value of the source is one of those.
template <class Word>
struct decode_plan {
  using integer = std::make_signed_t<Word>;

  bool is_lane = false;  ///< the source is the lane's format: nothing to do
  number_kind kind = number_kind::minifloat;
  bool is_signed = false;
  int width = 0;
  int exponent_bits = 0;  ///< of posits
  int shift = 0;          ///< from the source's trailing bits to the lane's
  integer rebias = 0;     ///< added to the bits of normal numbers
  integer lift = 0;       ///< added to the bits of subnormal ones, made from integers
  Word magnitude_mask = 0;
  Word least_normal = 0;  ///< magnitude codes below are subnormal or zero
  Word top = 0;           ///< magnitude code of the greatest finite
  bool has_infinity = false;
  Word negative_zero_nan = 0;  ///< the code of NaN in place of -0, else 0
  Word infinite[2] = {};
  Word nan[2] = {};
  decode_way way = decode_way::general;
};

/// Which way an array goes.
enum class route : std::uint8_t {
  scalar,  ///< the definition, element by element
  table,   ///< sources of at most 8 bits, deterministic: a table of all results
  by32,    ///< lanes of binary32 in between
  by64,    ///< lanes of binary64 in between
};

/// Bytes of results from which they go past the caches: more than caches hold that are not shared
/// by many cores.
inline constexpr std::uint64_t stream_bytes = std::uint64_t{1} << 25;

/// A conversion, prepared.
struct plan {
  array_conversion c;
  route way = route::scalar;
  decode_plan<std::uint32_t> from32;
  encode_plan<std::uint32_t> to32;
  decode_plan<std::uint64_t> from64;
  encode_plan<std::uint64_t> to64;
  bool carries = false;  ///< stochastic rounding of `to32` takes the short way
  carry_plan carry;
  /// Integers of more than 32 bits from lanes of 32: `from32` and `to64`.
  bool widens = false;
  /// Do the lanes hold the results? Then, with the projection's infinities and NaNs, they are made
  /// by these.
  bool is_whole = false;
  decode_plan<std::uint32_t> whole32;
  decode_plan<std::uint64_t> whole64;
  look_up_plan look_up;
  /// Results lie where codes of the same array did, if not their own.
  bool overlaps = false;
  std::uint64_t stream_from = stream_bytes;  ///< see there; a part of more has it at 0
};

namespace detail {

/// What infinities and NaNs become under a projection that keeps no payload.
template <class Word>
LOWP_FN void set_specials(format from, const projection& p, decode_plan<Word>& d) noexcept {
  constexpr format lane = lane_format<Word>;
  for (int s = 0; s < 2; ++s) {
    d.infinite[s] = static_cast<Word>(encode(lane, exact_infinity(s == 1), p));
    d.nan[s] = static_cast<Word>(encode(lane, exact_nan(s == 1), p));
  }
  d.way = decode_way::general;
  if constexpr (sizeof(Word) == 4) {
    const bool is_usual = d.infinite[0] == 0x7f800000 && d.infinite[1] == 0xff800000 &&
                          d.nan[0] == 0x7fc00000 && d.nan[1] == 0xffc00000;
    if (is_usual && from == formats::bfloat16) d.way = decode_way::upper_half;
    if (is_usual && from == formats::binary16) d.way = decode_way::half;
  }
}

/// Are lanes made by `d` the results, of any rounding? Every number is exact; infinities and NaNs
/// are then the projection's. Sets them.
template <class Word>
LOWP_FN bool make_whole(const array_conversion& c, decode_plan<Word>& d) noexcept {
  constexpr format lane = lane_format<Word>;
  const bool keeps_payload = c.p.nan == nan_rule::payload || c.p.nan == nan_rule::payload_raw ||
                             c.p.nan == nan_rule::payload_one;
  bool keeps_zero = true;
  for (const bool negative : {false, true}) {
    const exact zero = exact_zero(negative);
    keeps_zero = keeps_zero && encode(lane, zero, c.p) == encode(lane, zero);
  }
  if (c.to.f != lane || d.is_lane || keeps_payload || !keeps_zero || c.p.flush_subnormal_result) {
    return false;
  }
  set_specials(c.from.f, c.p, d);
  return true;
}

/// Can a kernel make lanes of `Word` from codes of `from`? Fills `d` if so.
template <class Word>
LOWP_FN bool make_decode_plan(format from, decode_plan<Word>& d) noexcept {
  using integer = std::make_signed_t<Word>;
  constexpr format lane = lane_format<Word>;
  constexpr int t = lane.precision - 1;
  d.is_lane = from == lane;
  if (d.is_lane) return true;
  d.kind = from.kind;
  d.is_signed = from.is_signed;
  d.width = from.width;
  d.exponent_bits = from.exponent_bits;
  set_specials(from, {}, d);
  // Differences of exponents stay in range.
  if (from.bias > 2 * lane.bias || from.bias < -lane.bias) return false;
  if (from.kind == number_kind::fixed_point) {
    if (from.width > t || from.bias >= lane.bias / 2 || from.bias <= -lane.bias / 2) return false;
    d.lift = static_cast<integer>(-from.bias) * (integer{1} << t);
    return true;
  }
  if (from.kind == number_kind::posit || from.kind == number_kind::takum) {
    return from.width <= t && from.exponent_bits < 8 * static_cast<int>(sizeof(Word)) - t &&
           embeds(from, lane) &&
           binade(normalized(decode(from, min_positive(from)))) >= 1 - lane.bias;
  }
  const bool zero_only = from.bottom == bottom_binade::zero_only;
  if (from.kind != number_kind::minifloat ||
      (from.bottom != bottom_binade::gradual && !zero_only) || from.width > 8 * sizeof(Word) ||
      !embeds(from, lane)) {
    return false;
  }
  d.shift = t - trailing_bits(from);
  d.rebias = static_cast<integer>(lane.bias - from.bias) * (integer{1} << t);
  d.lift = static_cast<integer>(1 - from.bias - trailing_bits(from)) * (integer{1} << t);
  d.magnitude_mask = static_cast<Word>(low_mask(magnitude_bits(from)));
  // With the lane's own exponent range, subnormal numbers are the lane's.
  d.least_normal = from.bias == lane.bias ? 0 : Word{1} << trailing_bits(from);
  d.top = static_cast<Word>(minifloat_kind::top(from, false));
  d.has_infinity = from.has_infinity;
  if (from.nans == nan_codes::negative_zero) d.negative_zero_nan = Word{1} << (from.width - 1);
  // A binade whose only subnormal number is zero.
  if (zero_only) d.least_normal = 1;
  if (zero_only) return lane.bias > from.bias;
  // Subnormal numbers become normal lanes.
  return d.least_normal == 0 || 1 - from.bias - trailing_bits(from) >= 1 - lane.bias;
}

}  // namespace detail

/// Prepares a conversion; both layouts are usable (`check`).
LOWP_FN plan make_plan(const array_conversion& conversion) noexcept {
  plan r;
  r.c = conversion;
  // As the definition takes them.
  if (r.c.p.random_bits > 32) r.c.p.random_bits = 32;
  const array_conversion& c = r.c;
  if (c.from.f.width <= 8 && !is_stochastic(c.p.round)) {
    r.way = route::table;
    for (std::uint64_t code = 0; code < std::uint64_t{1} << c.from.f.width; ++code) {
      r.look_up.entry[code] = convert(c.from.f, code, c.to.f, c.p);
    }
    prepare(r.look_up, c.from.f.width, container_bytes(c.to.f));
    prepare_dense(r.look_up, c.from);
    return r;
  }
  if (c.p.subnormal_input != subnormal_input_rule::keep) return r;
  if (detail::make_decode_plan(c.from.f, r.from32) &&
      detail::make_encode_plan(c.to.f, c.p, r.to32)) {
    r.way = route::by32;
    r.carries = is_stochastic(c.p.round) && make_carry_plan(c.to.f, r.to32, c.p, r.carry);
    r.whole32 = r.from32;
    r.is_whole = detail::make_whole(c, r.whole32);
  } else if (detail::make_decode_plan(c.from.f, r.from64) &&
             detail::make_encode_plan(c.to.f, c.p, r.to64)) {
    r.way = route::by64;
    r.widens =
        r.to64.is_wide && !is_stochastic(c.p.round) && detail::make_decode_plan(c.from.f, r.from32);
    r.whole64 = r.from64;
    r.is_whole = detail::make_whole(c, r.whole64);
  }
  return r;
}

}  // namespace lowp::simd

#endif  // LOWP_SIMD_PLAN_HPP
