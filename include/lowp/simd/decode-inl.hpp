// SPDX-License-Identifier: Apache-2.0
/// \file
/// First stage: codes in containers to lanes of binary32 or binary64 bits. Integer arithmetic and
/// exact conversions only, so nothing depends on the floating-point environment.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "lanes-inl.hpp"
#include "plan.hpp"

#if defined(LOWP_SIMD_DECODE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_DECODE_INL_HPP
#undef LOWP_SIMD_DECODE_INL_HPP
#else
#define LOWP_SIMD_DECODE_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {

/// Integers to the bits of the lane's format.
template <class D, class Word = hn::TFromD<D>, class V = hn::VFromD<D>>
HWY_INLINE V decode_integers(D d, const decode_plan<Word>& p, V code) {
  const hn::RebindToSigned<D> di;
  // Sign-extended, then the magnitude as bits with the sign in front.
  const int unused = lane_bits<Word> - p.width;
  const V up = hn::ShiftLeftSame(code, unused);
  const V value = p.is_signed ? hn::BitCast(d, hn::ShiftRightSame(hn::BitCast(di, up), unused))
                              : hn::ShiftRightSame(up, unused);
  const V below_zero =
      p.is_signed ? hn::BitCast(d, hn::BroadcastSignBit(hn::BitCast(di, value))) : hn::Zero(d);
  const V magnitude = hn::Sub(hn::Xor(value, below_zero), below_zero);
  const V lifted = hn::Add(bits_of_integer(d, magnitude), hn::Set(d, static_cast<Word>(p.lift)));
  const V sign = hn::And(below_zero, hn::Set(d, Word{1} << (lane_bits<Word> - 1)));
  return hn::IfThenZeroElse(hn::Eq(magnitude, hn::Zero(d)), hn::Or(lifted, sign));
}

/// Minifloats to the bits of the lane's format.
template <class D, class Word = hn::TFromD<D>, class V = hn::VFromD<D>>
HWY_INLINE V decode_minifloats(D d, const decode_plan<Word>& p, V code) {
  using integer = typename decode_plan<Word>::integer;
  const hn::RebindToSigned<D> di;
  const V zero = hn::Zero(d);
  const V magnitude = hn::And(code, hn::Set(d, p.magnitude_mask));
  const V sign = p.is_signed
                     ? hn::ShiftLeftSame(hn::ShiftRightSame(code, p.width - 1), lane_bits<Word> - 1)
                     : zero;
  V result =
      hn::Add(hn::ShiftLeftSame(magnitude, p.shift), hn::Set(d, static_cast<Word>(p.rebias)));
  if (p.least_normal != 0) {
    const V lifted = hn::Add(bits_of_integer(d, magnitude), hn::Set(d, static_cast<Word>(p.lift)));
    const V subnormal = hn::IfThenZeroElse(hn::Eq(magnitude, zero), lifted);
    const auto is_subnormal =
        hn::Lt(hn::BitCast(di, magnitude), hn::Set(di, static_cast<integer>(p.least_normal)));
    result = hn::IfThenElse(hn::RebindMask(d, is_subnormal), subnormal, result);
  }
  result = hn::Or(result, sign);
  // Above the greatest finite: an infinity, then NaNs.
  V special = hn::Set(d, p.nan[0]);
  if (p.is_signed) {
    special = hn::IfThenElse(hn::Ne(sign, zero), hn::Set(d, p.nan[1]), special);
  }
  if (p.has_infinity) {
    const auto is_infinity = hn::Eq(magnitude, hn::Set(d, static_cast<Word>(p.top + 1)));
    const V infinity = hn::Or(hn::Set(d, lane_infinity<Word>), sign);
    special = hn::IfThenElse(is_infinity, infinity, special);
  }
  const auto above = hn::Gt(hn::BitCast(di, magnitude), hn::Set(di, static_cast<integer>(p.top)));
  result = hn::IfThenElse(hn::RebindMask(d, above), special, result);
  if (p.negative_zero_nan != 0) {
    const V all = hn::And(code, hn::Set(d, p.negative_zero_nan | p.magnitude_mask));
    result =
        hn::IfThenElse(hn::Eq(all, hn::Set(d, p.negative_zero_nan)), hn::Set(d, p.nan[0]), result);
  }
  return result;
}

/// n codes to lanes. Reads and writes up to `chunk_room` elements behind the last.
template <class Word, class Code>
void decode_chunk(const decode_plan<Word>& plan, const Code* codes, Word* lanes, std::size_t n) {
  if constexpr (sizeof(Code) <= sizeof(Word)) {
    const hn::ScalableTag<Word> d;
    const decode_plan<Word> p = plan;  // a copy that the stores cannot change
    const std::size_t step = hn::Lanes(d);
    if (p.is_integer) {
      for (std::size_t i = 0; i < n; i += step) {
        hn::StoreU(decode_integers(d, p, load_codes(d, codes + i)), d, lanes + i);
      }
    } else {
      for (std::size_t i = 0; i < n; i += step) {
        hn::StoreU(decode_minifloats(d, p, load_codes(d, codes + i)), d, lanes + i);
      }
    }
  }
}

/// The same through a table of all values, for codes of at most 8 bits.
template <class Entry, class Code>
void look_up_chunk(const std::uint64_t* table, std::uint8_t mask, const Code* codes, Entry* out,
                   std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = static_cast<Entry>(table[static_cast<std::uint8_t>(codes[i]) & mask]);
  }
}

}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
