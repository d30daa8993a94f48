// SPDX-License-Identifier: Apache-2.0
/// \file
/// First stage: codes in containers to lanes of binary32 or binary64 bits. Integer arithmetic and
/// exact conversions only, so nothing depends on the floating-point environment.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <hwy/cache_control.h>
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
namespace {

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

/// Posits and takums to the bits of the lane's format: codes in two's complement whose magnitude is
/// a string of bits, spec/values.md VAL-6, VAL-7.
template <class D, class Word = hn::TFromD<D>, class V = hn::VFromD<D>>
HWY_INLINE V decode_tapered(D d, const decode_plan<Word>& p, V code) {
  constexpr int bits = lane_bits<Word>, t = lane_trailing<Word>;
  const hn::RebindToSigned<D> di;
  const auto broadcast_sign = [&](V x) HWY_ATTR {
    return hn::BitCast(d, hn::BroadcastSignBit(hn::BitCast(di, x)));
  };
  const V one = hn::Set(d, Word{1});
  const V top = hn::Set(d, Word{1} << (bits - 1));
  const V whole = hn::ShiftLeftSame(code, bits - p.width);
  const V below_zero = broadcast_sign(whole);
  const V string = hn::ShiftLeft<1>(hn::Sub(hn::Xor(whole, below_zero), below_zero));
  const V ones = broadcast_sign(string);
  V exponent, rest;
  if (p.kind == number_kind::posit) {
    // The length of the regime, from the exponent field of what ends it as an integer.
    const V end = hn::ShiftRight<bits - t>(hn::Xor(string, ones));
    const V field = hn::ShiftRight<t>(bits_of_integer(d, end));
    const V length = hn::Sub(hn::Set(d, static_cast<Word>(lane_format<Word>.bias + t - 1)), field);
    const V regime = hn::IfThenElse(hn::Eq(ones, hn::Zero(d)), hn::Sub(hn::Zero(d), length),
                                    hn::Sub(length, one));
    exponent = hn::ShiftLeftSame(regime, p.exponent_bits);
    // Of zero there is no end; any shift will do.
    const V used = hn::And(hn::Add(length, one), hn::Set(d, Word{bits - 1}));
    rest = hn::ShiftRightSame(hn::Shl(string, used), bits - t - p.exponent_bits);
  } else {
    const V regime = hn::And(hn::ShiftRight<bits - 4>(string), hn::Set(d, Word{7}));
    const V r = hn::Xor(regime, hn::AndNot(ones, hn::Set(d, Word{7})));
    const V behind = hn::ShiftLeft<4>(string);
    const V c = hn::Shr(hn::ShiftRight<1>(behind), hn::Sub(hn::Set(d, Word{bits - 1}), r));
    const V power = hn::Shl(one, r);
    // 2^r - 1 + c, or 1 - 2^(r+1) + c.
    exponent = hn::Add(c, hn::IfThenElse(hn::Eq(ones, hn::Zero(d)),
                                         hn::Sub(one, hn::Add(power, power)), hn::Sub(power, one)));
    rest = hn::ShiftRight<bits - t>(hn::Shl(behind, r));
  }
  const V biased = hn::Add(exponent, hn::Set(d, static_cast<Word>(lane_format<Word>.bias)));
  V result = hn::Add(hn::ShiftLeft<t>(biased), rest);
  result = hn::Or(result, hn::And(below_zero, top));
  result = hn::IfThenZeroElse(hn::Eq(whole, hn::Zero(d)), result);
  return hn::IfThenElse(hn::Eq(whole, top), hn::Set(d, p.nan[0]), result);
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
    const V infinity =
        hn::IfThenElse(hn::Ne(sign, zero), hn::Set(d, p.infinite[1]), hn::Set(d, p.infinite[0]));
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

/// Codes of 16 bits with the NaNs of their sign that binary32's default NaNs are in 16 bits.
template <class D16>
HWY_INLINE hn::VFromD<D16> quiet(D16 d, hn::VFromD<D16> code, int infinity, int nan) {
  const hn::RebindToSigned<D16> di;
  const auto magnitude = hn::And(code, hn::Set(d, std::uint16_t{0x7fff}));
  const auto is_nan =
      hn::Gt(hn::BitCast(di, magnitude), hn::Set(di, static_cast<std::int16_t>(infinity)));
  const auto sign = hn::And(code, hn::Set(d, std::uint16_t{0x8000}));
  const auto quieted = hn::Or(sign, hn::Set(d, static_cast<std::uint16_t>(nan)));
  return hn::IfThenElse(hn::RebindMask(d, is_nan), quieted, code);
}

/// Has the target instructions from binary16 to binary32 that heed no environment? Those of x86
/// keep subnormal numbers whatever MXCSR says; quiet NaNs raise nothing.
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2 && !defined(HWY_DISABLE_F16C)
inline constexpr bool has_half = true;
#else
inline constexpr bool has_half = false;
#endif

/// bfloat16 to binary32.
template <class D>
HWY_INLINE hn::VFromD<D> decode_upper_halves(D d, const std::uint16_t* codes) {
  const hn::Rebind<std::uint16_t, D> d16;
  return hn::ShiftLeft<16>(hn::PromoteTo(d, quiet(d16, hn::LoadU(d16, codes), 0x7f80, 0x7fc0)));
}

/// binary16 to binary32.
template <class D>
HWY_INLINE hn::VFromD<D> decode_halves(D d, const std::uint16_t* codes) {
  const hn::Rebind<std::uint16_t, D> d16;
  const hn::Rebind<hwy::float16_t, D> half;
  const auto code = quiet(d16, hn::LoadU(d16, codes), 0x7c00, 0x7e00);
  return hn::BitCast(d, hn::PromoteTo(hn::RebindToFloat<D>(), hn::BitCast(half, code)));
}

/// Calls `use` with the function that makes lanes of the codes at a pointer.
template <class Word, class Code, class Use>
HWY_INLINE void with_decoder(const decode_plan<Word>& plan, const Use& use) {
  const hn::ScalableTag<Word> d;
  const decode_plan<Word> p = plan;  // a copy that the stores cannot change
  if constexpr (sizeof(Word) == 4 && sizeof(Code) == 2) {
    if (p.way == decode_way::upper_half) {
      return use([](const Code* at) HWY_ATTR { return decode_upper_halves(decltype(d)(), at); });
    }
    if constexpr (has_half) {
      if (p.way == decode_way::half) {
        return use([](const Code* at) HWY_ATTR { return decode_halves(decltype(d)(), at); });
      }
    }
  }
  if (p.kind == number_kind::posit || p.kind == number_kind::takum) {
    return use([p, d](const Code* at) HWY_ATTR { return decode_tapered(d, p, load_codes(d, at)); });
  }
  if (p.kind == number_kind::fixed_point) {
    return use([p, d](const Code* at)
                   HWY_ATTR { return decode_integers(d, p, load_codes(d, at)); });
  }
  use([p, d](const Code* at) HWY_ATTR { return decode_minifloats(d, p, load_codes(d, at)); });
}

/// n codes to lanes. Reads and writes up to `chunk_room` elements behind the last.
template <class Word, class Code>
void decode_chunk(const decode_plan<Word>& p, const Code* codes, Word* lanes, std::size_t n) {
  if constexpr (sizeof(Code) <= sizeof(Word)) {
    with_decoder<Word, Code>(p, [&](const auto& lanes_of) HWY_ATTR {
      const hn::ScalableTag<Word> d;
      for (std::size_t i = 0; i < n; i += hn::Lanes(d))
        hn::StoreU(lanes_of(codes + i), d, lanes + i);
    });
  }
}

/// The same for whole arrays: nothing behind the last element is touched. `stream`: the lanes are
/// too many for the caches.
template <class Word, class Code>
void decode_array(const decode_plan<Word>& p, const Code* codes, Word* lanes, std::size_t n,
                  bool stream) {
  if constexpr (sizeof(Code) <= sizeof(Word)) {
    with_decoder<Word, Code>(p, [&](const auto& lanes_of) HWY_ATTR {
      const hn::ScalableTag<Word> d;
      const std::size_t step = hn::Lanes(d);
      const auto few = [&](std::size_t i, std::size_t count) HWY_ATTR {
        HWY_ALIGN Code some[HWY_MAX_BYTES / sizeof(Word)] = {};
        HWY_ALIGN Word made[HWY_MAX_BYTES / sizeof(Word)];
        std::memcpy(some, codes + i, count * sizeof(Code));
        hn::Store(lanes_of(some), d, made);
        std::memcpy(lanes + i, made, count * sizeof(Word));
      };
      std::size_t i = 0;
      if (stream) {
        // Stores past the caches want whole aligned vectors.
        const std::size_t bytes = step * sizeof(Word);
        i = (bytes - reinterpret_cast<std::uintptr_t>(lanes) % bytes) % bytes / sizeof(Word);
        if (i > n) i = n;
        if (i > 0) few(0, i);
        for (; i + step <= n; i += step) hn::Stream(lanes_of(codes + i), d, lanes + i);
        hwy::FlushStream();
      }
      for (; i + step <= n; i += step) hn::StoreU(lanes_of(codes + i), d, lanes + i);
      if (i < n) few(i, n - i);
    });
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
