// SPDX-License-Identifier: Apache-2.0
/// \file
/// Second stage: lanes of binary32 or binary64 bits to codes in containers, by integer arithmetic,
/// so that nothing depends on the floating-point environment. One algorithm for every format and
/// mode; see encode_plan.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "encode_bytes-inl.hpp"
#include "lanes-inl.hpp"
#include "plan.hpp"

#if defined(LOWP_SIMD_ENCODE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ENCODE_INL_HPP
#undef LOWP_SIMD_ENCODE_INL_HPP
#else
#define LOWP_SIMD_ENCODE_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {

/// The encoder of a plan, its constants in vectors. Not `Full`: a signed minifloat whose codes of
/// zeros are 0 and the sign bit, with subnormals where lanes are normal.
template <class D, bool Stochastic, bool Full>
class encoder {
  using word = hn::TFromD<D>;
  using integer = std::make_signed_t<word>;
  using DI = hn::RebindToSigned<D>;
  using V = hn::VFromD<D>;
  using VI = hn::VFromD<DI>;
  static constexpr int bits = lane_bits<word>;
  static constexpr int t = lane_trailing<word>;
  static constexpr integer infinity = static_cast<integer>(lane_infinity<word>);

  /// A pair of constants, chosen by the sign.
  struct pair {
    V positive, negative;
    template <class Mask>
    HWY_INLINE V choose(Mask is_negative) const {
      return hn::IfThenElse(is_negative, negative, positive);
    }
  };
  static HWY_INLINE pair set(const word (&values)[2]) {
    return {hn::Set(D(), values[0]), hn::Set(D(), values[1])};
  }

 public:
  explicit HWY_INLINE encoder(const encode_plan<word>& plan)
      : p(plan),
        least(hn::Set(DI(), plan.least)),
        drop(hn::Set(DI(), static_cast<integer>(plan.drop))),
        if_odd(hn::Set(D(), plan.if_odd)),
        threshold(set(plan.threshold)),
        top(set(plan.top)),
        tiny(set(plan.tiny)),
        over(set(plan.over)),
        infinite(set(plan.infinite)),
        nan(set(plan.nan)) {}

  /// The codes of lanes; `random` holds the thresholds of stochastic rounding.
  HWY_INLINE V operator()(V x, V random) const {
    const D d;
    const DI di;
    const V a = hn::And(x, hn::Set(d, ~(word{1} << (bits - 1))));
    const auto is_signed = hn::RebindMask(d, hn::Lt(hn::BitCast(di, x), hn::Zero(di)));
    auto negative = is_signed;
    if (Full && p.drops_sign) negative = hn::RebindMask(d, hn::Lt(hn::Zero(di), hn::Zero(di)));

    V significand;
    VI field;
    split(a, significand, field);

    // Place on the target's ladder, and what is shifted out as a fraction of all bits.
    const VI binade = hn::Max(field, least);
    const VI distance = hn::Add(hn::Sub(binade, field), drop);
    const V shift = hn::BitCast(d, hn::Min(distance, hn::Set(di, integer{bits - 1})));
    V index = hn::Add(hn::ShiftLeftSame(hn::BitCast(d, hn::Sub(binade, least)), p.trailing),
                      significand >> shift);
    V fraction = hn::ShiftLeft<1>(significand << hn::Sub(hn::Set(d, word{bits - 1}), shift));
    if (Stochastic) fraction = deep_fraction(significand, distance, fraction);
    if (Full) index = hn::Sub(index, hn::Set(d, p.implicit));
    const V limit =
        Stochastic ? random : hn::Sub(threshold.choose(negative), hn::And(index, if_odd));
    index = hn::Sub(index, hn::VecFromMask(d, hn::Gt(fraction, limit)));

    V code;
    if (Full) {
      if (p.below != 0) {
        const auto is_below =
            hn::Lt(hn::BitCast(di, a), hn::Set(di, static_cast<integer>(p.below)));
        index = hn::IfThenZeroElse(hn::RebindMask(d, is_below), index);
      }
      const V minus = hn::IfThenElseZero(negative, hn::Set(d, p.twos_complement ? ~word{0} : 0));
      code = hn::And(hn::Sub(hn::Xor(index, minus), minus), hn::Set(d, p.index_mask));
      code = hn::Or(code, hn::IfThenElseZero(negative, hn::Set(d, p.sign_bit)));
      code = hn::IfThenElse(hn::Eq(index, hn::Zero(d)), tiny.choose(negative), code);
      if (p.implicit != 0) {
        code = hn::IfThenElse(hn::Eq(a, hn::Zero(d)), set(p.zero).choose(negative), code);
      }
    } else {
      code = hn::Or(index, hn::IfThenElseZero(negative, hn::Set(d, p.sign_bit)));
    }
    const auto is_over = hn::Gt(hn::BitCast(di, index), hn::BitCast(di, top.choose(negative)));
    code = hn::IfThenElse(hn::RebindMask(d, is_over), over.choose(negative), code);
    const auto is_infinite = hn::Eq(a, hn::Set(d, lane_infinity<word>));
    code = hn::IfThenElse(is_infinite, infinite.choose(negative), code);
    const auto is_nan = hn::Gt(hn::BitCast(di, a), hn::Set(di, infinity));
    return hn::IfThenElse(hn::RebindMask(d, is_nan), nan.choose(is_signed), code);
  }

 private:
  /// Significand with the implicit bit, and exponent field, of magnitudes.
  HWY_INLINE void split(V a, V& significand, VI& field) const {
    const D d;
    const DI di;
    field = hn::BitCast(di, hn::ShiftRight<t>(a));
    if (Full && p.normalises) {
      // Subnormal lanes become normal ones with fields below 1; 0 keeps significand 0.
      const VI unit = hn::Set(di, static_cast<integer>(lane_format<word>.bias + t - 1) << t);
      const VI lifted = hn::Sub(hn::BitCast(di, bits_of_integer(d, a)), unit);
      const auto is_subnormal = hn::Eq(field, hn::Zero(di));
      const VI normal = hn::IfThenElse(is_subnormal, lifted, hn::BitCast(di, a));
      const V implicit = hn::Set(d, word{1} << t);
      field = hn::ShiftRight<t>(normal);
      significand = hn::And(hn::BitCast(d, normal), hn::Set(d, (word{1} << t) - 1));
      significand = hn::IfThenZeroElse(hn::Eq(a, hn::Zero(d)), hn::Or(significand, implicit));
    } else {
      const VI one = hn::Set(di, integer{1});
      field = hn::Max(field, one);
      significand = hn::Sub(a, hn::ShiftLeft<t>(hn::BitCast(d, hn::Sub(field, one))));
    }
  }

  /// The fraction where the whole significand is far below the last bit of the target; its own
  /// last bit then tells whether anything is lost.
  HWY_INLINE V deep_fraction(V significand, VI distance, V fraction) const {
    const D d;
    const DI di;
    const VI farther = hn::Sub(distance, hn::Set(di, integer{bits}));
    const auto at_width = hn::RebindMask(d, hn::Eq(farther, hn::Zero(di)));
    const auto deep = hn::RebindMask(d, hn::Gt(farther, hn::Zero(di)));
    const V limited = hn::BitCast(d, hn::Min(farther, hn::Set(di, integer{bits - 1})));
    const V shift = hn::IfThenElseZero(deep, limited);
    const V moved = significand >> shift;
    const V rest = hn::IfThenZeroElse(hn::Eq(moved << shift, significand), hn::Set(d, word{1}));
    fraction = hn::IfThenElse(deep, hn::Or(moved, rest), fraction);
    return hn::IfThenElse(at_width, significand, fraction);
  }

  const encode_plan<word> p;
  VI least, drop;
  V if_odd;
  pair threshold, top, tiny, over, infinite, nan;
};

/// Is the encoder that is not `Full` enough?
template <class Word>
bool is_simple(const encode_plan<Word>& p) {
  return !p.twos_complement && !p.normalises && !p.drops_sign && p.implicit == 0 &&
         p.tiny[0] == 0 && p.tiny[1] == p.sign_bit && p.sign_bit != 0;
}

template <bool Stochastic, bool Full, class Word, class Code>
void encode_all(const encode_plan<Word>& p, const Word* lanes, const Word* random, Code* codes,
                std::size_t n) {
  const hn::ScalableTag<Word> d;
  const encoder<decltype(d), Stochastic, Full> encode_lanes(p);
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    const auto limit = Stochastic ? hn::LoadU(d, random + i) : hn::Zero(d);
    store_codes(d, encode_lanes(hn::LoadU(d, lanes + i), limit), codes + i);
  }
}

/// n lanes to codes; `random`: null, or the thresholds of stochastic rounding. Reads and writes up
/// to `chunk_room` elements behind the last.
template <class Word, class Code>
void encode_chunk(const encode_plan<Word>& p, const Word* lanes, const Word* random, Code* codes,
                  std::size_t n) {
  if constexpr (sizeof(Code) <= sizeof(Word)) {
#if HWY_TARGET != HWY_SCALAR
    if constexpr (sizeof(Word) == 4 && sizeof(Code) == 1) {
      if (random == nullptr && p.bytes.mode != byte_rounding::none) {
        return encode_bytes(p, lanes, codes, n);
      }
    }
#endif
    const bool simple = is_simple(p);
    if (random != nullptr) return encode_all<true, true>(p, lanes, random, codes, n);
    if (simple) return encode_all<false, false>(p, lanes, random, codes, n);
    return encode_all<false, true>(p, lanes, random, codes, n);
  }
}

/// Are there lanes that `encode_chunk` leaves to the scalar definition? Reads up to a vector behind
/// the last.
template <class Word>
bool any_for_scalar(const encode_plan<Word>& p, const Word* lanes, std::size_t n) {
  using integer = std::make_signed_t<Word>;
  const hn::ScalableTag<Word> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto magnitude = hn::Set(d, ~(Word{1} << (lane_bits<Word> - 1)));
  const auto from = hn::Set(di, static_cast<integer>(p.scalar_from));
  const auto last = hn::Set(di, static_cast<integer>(p.scalar_to) - 1);
  const Word most = p.by_scalar_nan ? lane_infinity<Word> : ~Word{0} >> 1;
  const auto numbers = hn::Set(di, static_cast<integer>(most));
  auto any = hn::Gt(hn::Zero(di), hn::Zero(di));
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    const auto a = hn::BitCast(di, hn::And(hn::LoadU(d, lanes + i), magnitude));
    const auto outside = hn::Or(hn::Gt(from, a), hn::Gt(a, last));
    any = hn::Or(any, hn::Or(hn::Not(outside), hn::Gt(a, numbers)));
  }
  return !hn::AllFalse(di, any);
}

}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
