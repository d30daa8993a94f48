// SPDX-License-Identifier: Apache-2.0
/// \file
/// Second stage for targets of at most 8 bits, from binary32 by a deterministic mode: in lanes of
/// 16 bits, twice as many a vector. Integer arithmetic without a branch on numbers.
///
/// The upper half of a binary32 has 8 bits of significand, at least one more than the target. Times
/// a power of two it is the place on the target's ladder (see encode_plan), the index above and the
/// fraction below a fixed bit. Of the lower half only matters whether it is zero: then one unit
/// less of the product is the next place below where a tie or an exact number has to be told apart.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "chunk.hpp"
#include "lanes-inl.hpp"
#include "plan.hpp"

#if defined(LOWP_SIMD_ENCODE_BYTES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ENCODE_BYTES_INL_HPP
#undef LOWP_SIMD_ENCODE_BYTES_INL_HPP
#else
#define LOWP_SIMD_ENCODE_BYTES_INL_HPP
#endif

#if HWY_TARGET != HWY_SCALAR

#undef LOWP_SIMD_PACKS_X86
#define LOWP_SIMD_PACKS_X86 (HWY_ARCH_X86 && HWY_TARGET != HWY_EMU128)

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

using byte_lanes = hn::ScalableTag<std::uint8_t>;
using word_lanes = hn::ScalableTag<std::uint16_t>;
using signed_word_lanes = hn::ScalableTag<std::int16_t>;
using byte_vector = hn::VFromD<byte_lanes>;
using word_vector = hn::VFromD<word_lanes>;
using signed_word_vector = hn::VFromD<signed_word_lanes>;

/// Words as integers with sign, limited to 0...255, two vectors to one of bytes in the order that
/// `in_order` mends.
HWY_INLINE byte_vector limited_bytes(word_vector w0, word_vector w1) {
#if LOWP_SIMD_PACKS_X86 && HWY_MAX_BYTES == 64
  return byte_vector{_mm512_packus_epi16(w0.raw, w1.raw)};
#elif LOWP_SIMD_PACKS_X86 && HWY_MAX_BYTES == 32
  return byte_vector{_mm256_packus_epi16(w0.raw, w1.raw)};
#elif LOWP_SIMD_PACKS_X86
  return byte_vector{_mm_packus_epi16(w0.raw, w1.raw)};
#else
  const byte_lanes d8;
  const word_vector most = hn::Set(word_lanes(), std::uint16_t{255});
  return hn::ConcatEven(d8, hn::BitCast(d8, hn::Min(w1, most)), hn::BitCast(d8, hn::Min(w0, most)));
#endif
}

/// Bytes whose first bits are those of words, in the same order.
HWY_INLINE byte_vector sign_bytes(word_vector w0, word_vector w1) {
#if LOWP_SIMD_PACKS_X86 && HWY_MAX_BYTES == 64
  return byte_vector{_mm512_packs_epi16(w0.raw, w1.raw)};
#elif LOWP_SIMD_PACKS_X86 && HWY_MAX_BYTES == 32
  return byte_vector{_mm256_packs_epi16(w0.raw, w1.raw)};
#elif LOWP_SIMD_PACKS_X86
  return byte_vector{_mm_packs_epi16(w0.raw, w1.raw)};
#else
  const byte_lanes d8;
  return hn::ConcatOdd(d8, hn::BitCast(d8, w1), hn::BitCast(d8, w0));
#endif
}

HWY_INLINE byte_vector in_order(byte_vector x) {
#if LOWP_SIMD_PACKS_X86 && HWY_MAX_BYTES == 64
  return byte_vector{_mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), x.raw)};
#elif LOWP_SIMD_PACKS_X86 && HWY_MAX_BYTES == 32
  return byte_vector{_mm256_permute4x64_epi64(x.raw, _MM_SHUFFLE(3, 1, 2, 0))};
#else
  return x;
#endif
}

/// Upper and lower halves of two vectors of lanes.
HWY_INLINE void load_halves(const std::uint32_t* lanes, word_vector& upper, word_vector& lower) {
  const hn::ScalableTag<std::uint32_t> d32;
  const word_lanes d;
  const word_vector x0 = hn::BitCast(d, hn::LoadU(d32, lanes));
  const word_vector x1 = hn::BitCast(d, hn::LoadU(d32, lanes + hn::Lanes(d32)));
  upper = hn::ConcatOdd(d, x1, x0);
  lower = hn::ConcatEven(d, x1, x0);
}

/// The conversion of a plan, its constants in vectors.
template <rounding_shape Mode, bool Plain>
class byte_encoder {
  using plan_type = encode_plan<std::uint32_t>;

 public:
  explicit HWY_INLINE byte_encoder(const plan_type& plan)
      : p(plan),
        b(plan.bytes),
        lowest(b.lowest),
        far(b.far),
        factor(b.factor),
        cap(static_cast<std::uint8_t>(p.cap[0])),
        sign_mask(static_cast<std::uint8_t>(p.sign_bit)) {}

  /// Four vectors of lanes to one of codes; `fields` gathers the greatest exponent field.
  HWY_INLINE byte_vector operator()(const std::uint32_t* lanes, word_vector& fields) const {
    word_vector upper0, lower0, upper1, lower1;
    load_halves(lanes, upper0, lower0);
    load_halves(lanes + hn::Lanes(word_lanes()), upper1, lower1);
    return code_of(index_of(upper0, lower0, fields, lowest(), far()),
                   index_of(upper1, lower1, fields, lowest(), far()), upper0, upper1);
  }

  /// Codes from rounded places on the ladder, and the halves with their signs.
  HWY_INLINE byte_vector code_of(word_vector index0, word_vector index1, word_vector upper0,
                                 word_vector upper1) const {
    const byte_vector index = limited_bytes(index0, index1);
    const byte_vector signs = sign_bytes(upper0, upper1);
    return in_order(Plain ? plain_code(index, signs) : full_code(index, signs));
  }

  /// Rounded places on the ladder whose lowest binade and its distance are those of the plan, or,
  /// for numbers that count 2^k times less, k binades further up.
  HWY_INLINE word_vector index_of(word_vector upper, word_vector lower, word_vector& fields,
                                  word_vector lowest, word_vector far) const {
    const word_vector a = hn::And(upper, word(0x7fff));
    const word_vector place = place_of(upper, lower, fields, lowest, far);
    return b.has_gap ? beside_gap(place, a, upper, lower) : place;
  }

  /// `code` with those of infinities and NaNs.
  HWY_INLINE byte_vector with_specials(const std::uint32_t* lanes, byte_vector code) const {
    word_vector upper0, lower0, upper1, lower1;
    load_halves(lanes, upper0, lower0);
    load_halves(lanes + hn::Lanes(word_lanes()), upper1, lower1);
    const byte_vector codes =
        in_order(limited_bytes(special(upper0, lower0), special(upper1, lower1)));
    const byte_vector mask = in_order(sign_bytes(is_special(upper0), is_special(upper1)));
    return hn::Or(hn::And(mask, codes), hn::AndNot(mask, code));
  }

 private:
  static HWY_INLINE byte_vector byte(std::uint32_t x) {
    return hn::Set(byte_lanes(), static_cast<std::uint8_t>(x));
  }
  static HWY_INLINE word_vector word(std::uint32_t x) {
    return hn::Set(word_lanes(), static_cast<std::uint16_t>(x));
  }
  template <class D, class Mask>
  static HWY_INLINE hn::VFromD<D> choose(D d, Mask is_negative, const std::uint32_t (&x)[2]) {
    using T = hn::TFromD<D>;
    return hn::IfThenElse(is_negative, hn::Set(d, static_cast<T>(x[1])),
                          hn::Set(d, static_cast<T>(x[0])));
  }

  /// factor 2^k.
  HWY_INLINE signed_word_vector power(word_vector k) const {
    const signed_word_lanes di;
#if HWY_ARCH_X86 && HWY_TARGET > HWY_AVX3
    const byte_lanes d8;
    const word_vector at = hn::Xor(hn::Or(k, hn::ShiftLeft<8>(k)), word(0x0800));
    const byte_vector powers = hn::LoadDup128(d8, b.powers);
    return hn::BitCast(di, hn::TableLookupBytes(powers, hn::BitCast(d8, at)));
#else
    return hn::BitCast(di, hn::Shl(factor(), k));
#endif
  }

  /// 2^-127...2^-126, subnormal lanes, as a binade of its own; less counts as 2^-127.
  static HWY_INLINE word_vector lifted(word_vector a) {
    const word_vector implicit = word(0x80);
    return hn::SaturatedSub(hn::Add(a, hn::Min(a, implicit)), implicit);
  }

  /// The index of magnitudes a from the rounded place on a ladder with an odd step.
  HWY_INLINE word_vector beside_gap(word_vector place, word_vector a, word_vector upper,
                                    word_vector lower) const {
    const word_lanes d;
    const signed_word_lanes di;
    const auto by_sign = [&](const std::uint16_t(&x)[2]) HWY_ATTR {
      const word_vector negative = p.drops_sign ? word(0) : hn::ShiftRight<15>(upper);
      const word_vector vary = word(static_cast<std::uint32_t>(x[0] ^ x[1]));
      return hn::Xor(hn::And(hn::Sub(word(0), negative), vary), word(x[0]));
    };
    // From `gap_up` on, or above it: what has no lower half counts one less.
    const word_vector less = hn::SaturatedSub(by_sign(b.gap_above), lower);
    const auto is_less = [&](word_vector x, word_vector limit) HWY_ATTR {
      return hn::RebindMask(d, hn::Lt(hn::BitCast(di, x), hn::BitCast(di, limit)));
    };
    const auto is_down = is_less(hn::Sub(a, less), by_sign(b.gap_up));
    const word_vector gap = hn::Add(word(b.gap_index + 1u), hn::VecFromMask(d, is_down));
    const word_vector above = hn::Sub(place, word(b.implicit));
    const word_vector below = hn::IfThenElse(is_less(a, word(b.gap_from)), place, gap);
    return hn::IfThenElse(is_less(a, word(b.gap_to)), below, above);
  }

  /// `less` of the lane's sign. Lanes are taken that much less if their lower half is zero.
  HWY_INLINE word_vector less_by_sign(word_vector upper) const {
    const word_vector negative = p.drops_sign ? word(0) : hn::ShiftRight<15>(upper);
    const word_vector vary = word(static_cast<std::uint32_t>(b.less[0] ^ b.less[1]));
    return hn::Xor(hn::And(negative, vary), word(b.less[0]));
  }

  /// Rounded places on the ladder.
  HWY_INLINE word_vector place_of(word_vector upper, word_vector lower, word_vector& fields,
                                  word_vector lowest, word_vector far) const {
    const word_lanes d;
    const signed_word_lanes di;
    word_vector a = hn::And(upper, word(0x7fff));
    const word_vector field = hn::And(upper, word(0x7f80));
    fields = hn::Max(fields, field);
    if (b.lifts) {
      // What counts as 2^-127 is not rounded away.
      constexpr bool moves = Mode == rounding_shape::directed || Mode == rounding_shape::odd;
      if (moves) lower = hn::IfThenElseZero(hn::Gt(a, word(0x3f)), lower);
      a = lifted(a);
    }
    if (b.raises) a = hn::Add(a, hn::Min(a, word(0x80)));
    // Subnormal lanes are in the binade of the first field, the target's in that of `lowest`.
    const word_vector binade = hn::Min(hn::SaturatedSub(field, word(0x80)), lowest);
    signed_word_vector x = hn::BitCast(di, hn::Sub(a, binade));
    const signed_word_vector scale = power(hn::ShiftRight<7>(hn::SaturatedSub(binade, far)));
    const word_vector exact = hn::SaturatedSub(word(1), lower);
    if constexpr (Mode == rounding_shape::nearest_even) {
      // Ties away and ties toward zero; where they differ, the even one.
      const auto away = hn::MulFixedPoint15(x, scale);
      const auto back = hn::MulFixedPoint15(hn::Sub(x, hn::BitCast(di, exact)), scale);
      return hn::BitCast(d, hn::And(away, hn::Or(back, hn::Set(di, std::int16_t{-2}))));
    } else if constexpr (Mode == rounding_shape::nearest_away) {
      return hn::BitCast(d, hn::MulFixedPoint15(x, scale));
    } else if constexpr (Mode == rounding_shape::nearest_side) {
      const word_vector less = hn::SaturatedSub(less_by_sign(upper), lower);
      return hn::BitCast(d, hn::MulFixedPoint15(hn::Sub(x, hn::BitCast(di, less)), scale));
    } else {
      if (b.doubles) {
        // Twice the lane, as far as indices matter.
        x = hn::Min(x, hn::Set(di, std::int16_t{0x3fff}));
        x = hn::Add(x, x);
      }
      const auto down = hn::MulHigh(x, scale);
      if constexpr (Mode == rounding_shape::truncate) return hn::BitCast(d, down);
      if constexpr (Mode == rounding_shape::odd) {
        // Equal unless exact.
        const auto below = hn::MulHigh(hn::Sub(x, hn::BitCast(di, exact)), scale);
        const auto one = hn::Set(di, std::int16_t{1});
        return hn::BitCast(d, hn::Or(down, hn::AndNot(hn::Xor(down, below), one)));
      }
      const word_vector up = less_by_sign(upper);
      const word_vector less = hn::SaturatedSub(up, lower);
      const auto below = hn::MulHigh(hn::Sub(x, hn::BitCast(di, less)), scale);
      return hn::Add(hn::BitCast(d, below), up);
    }
  }

  HWY_INLINE byte_vector plain_code(byte_vector index, byte_vector signs) const {
    const byte_lanes d;
    const hn::RebindToSigned<byte_lanes> di;
    byte_vector most = cap();
    const auto negative = hn::RebindMask(d, hn::Lt(hn::BitCast(di, signs), hn::Zero(di)));
    if (p.cap[0] != p.cap[1]) most = choose(d, negative, p.cap);
    const byte_vector limited = hn::Min(index, most);
    if (p.twos_complement) {
      const byte_vector minus = hn::Sub(hn::Zero(d), limited);
      return hn::And(hn::IfThenElse(negative, minus, limited), byte(p.index_mask));
    }
    if (p.sign_bit == 0) return limited;
    if (b.sign_shift == 0 && !p.positive_zero) return hn::OrAnd(limited, signs, sign_mask());
    auto has_sign = negative;
    if (p.positive_zero) has_sign = hn::AndNot(hn::Eq(index, hn::Zero(d)), negative);
    return hn::IfThenElse(has_sign, hn::Or(limited, sign_mask()), limited);
  }

  HWY_INLINE byte_vector full_code(byte_vector index, byte_vector signs) const {
    const byte_lanes d;
    const hn::RebindToSigned<byte_lanes> di;
    if (p.drops_sign) signs = hn::Zero(d);
    const auto negative = hn::RebindMask(d, hn::Lt(hn::BitCast(di, signs), hn::Zero(di)));
    byte_vector code = index;
    if (p.twos_complement) {
      const byte_vector minus = hn::VecFromMask(d, negative);
      code = hn::And(hn::Sub(hn::Xor(index, minus), minus), byte(p.index_mask));
    }
    code = hn::Or(code, hn::IfThenElseZero(negative, sign_mask()));
    code = hn::IfThenElse(hn::Eq(index, hn::Zero(d)), choose(d, negative, p.tiny), code);
    const auto is_over = hn::Gt(index, choose(d, negative, p.top));
    return hn::IfThenElse(is_over, choose(d, negative, p.over), code);
  }

  /// All ones for infinities and NaNs.
  static HWY_INLINE word_vector is_special(word_vector upper) {
    return hn::VecFromMask(word_lanes(), hn::Eq(hn::And(upper, word(0x7f80)), word(0x7f80)));
  }

  /// Codes of infinities and NaNs.
  HWY_INLINE word_vector special(word_vector upper, word_vector lower) const {
    const word_lanes d;
    const signed_word_lanes di;
    const auto is_signed = hn::RebindMask(d, hn::Lt(hn::BitCast(di, upper), hn::Zero(di)));
    const word_vector a = hn::And(upper, word(0x7fff));
    const auto is_infinite = hn::And(hn::Eq(a, word(0x7f80)), hn::Eq(lower, hn::Zero(d)));
    const word_vector positive = word(p.infinite[0]);
    const word_vector infinite = p.drops_sign ? positive : choose(d, is_signed, p.infinite);
    return hn::IfThenElse(is_infinite, infinite, choose(d, is_signed, p.nan));
  }

  const plan_type p;
  const byte_plan b;
  constant<word_lanes> lowest, far, factor;
  constant<byte_lanes> cap, sign_mask;
};

template <rounding_shape Mode, bool Plain>
void encode_bytes_as(const encode_plan<std::uint32_t>& p, const std::uint32_t* lanes,
                     std::uint8_t* codes, std::size_t n) {
  const byte_lanes d;
  const word_lanes d16;
  const byte_encoder<Mode, Plain> encoder(p);
  const word_vector infinite = hn::Set(d16, std::uint16_t{0x7f80});
  for (std::size_t start = 0; start < n; start += chunk_size) {
    const std::size_t end = n - start < chunk_size ? n : start + chunk_size;
    word_vector fields = hn::Zero(d16);
    for (std::size_t i = start; i < end; i += hn::Lanes(d)) {
      hn::StoreU(encoder(lanes + i, fields), d, codes + i);
    }
    if (hn::AllFalse(d16, hn::Eq(fields, infinite))) continue;
    for (std::size_t i = start; i < end; i += hn::Lanes(d)) {
      hn::StoreU(encoder.with_specials(lanes + i, hn::LoadU(d, codes + i)), d, codes + i);
    }
  }
}

template <rounding_shape Mode>
void encode_bytes_as(const encode_plan<std::uint32_t>& p, const std::uint32_t* lanes,
                     std::uint8_t* codes, std::size_t n) {
  if (p.bytes.is_plain) return encode_bytes_as<Mode, true>(p, lanes, codes, n);
  return encode_bytes_as<Mode, false>(p, lanes, codes, n);
}

/// n lanes to codes of at most 8 bits, by a plan whose `bytes` has a mode. Reads and writes up to a
/// vector of codes behind the last.
inline void encode_bytes(const encode_plan<std::uint32_t>& p, const std::uint32_t* lanes,
                         std::uint8_t* codes, std::size_t n) {
  using enum rounding_shape;
  switch (p.bytes.mode) {
    case none: return;
    case nearest_even: return encode_bytes_as<nearest_even>(p, lanes, codes, n);
    case nearest_away: return encode_bytes_as<nearest_away>(p, lanes, codes, n);
    case nearest_side: return encode_bytes_as<nearest_side>(p, lanes, codes, n);
    case truncate: return encode_bytes_as<truncate>(p, lanes, codes, n);
    case directed: return encode_bytes_as<directed>(p, lanes, codes, n);
    case odd: return encode_bytes_as<odd>(p, lanes, codes, n);
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#undef LOWP_SIMD_PACKS_X86

#endif  // HWY_TARGET != HWY_SCALAR

#endif
