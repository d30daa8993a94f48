// SPDX-License-Identifier: Apache-2.0
/// \file
/// Second stage: lanes of binary32 or binary64 bits to codes in containers, by integer arithmetic,
/// so that nothing depends on the floating-point environment. One algorithm for every format and
/// mode; see encode_plan.
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <hwy/highway.h>

#include "chunk.hpp"
#include "encode_bytes-inl.hpp"
#include "encode_half-inl.hpp"
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
namespace {

/// The encoder of a plan, its constants in vectors. Not `Full`: plans with `is_plain`. Infinities
/// and NaNs come in a second step.
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
    explicit HWY_INLINE pair(const word (&x)[2]) : positive(x[0]), negative(x[1]) {}
    template <class Mask>
    HWY_INLINE V choose(Mask is_negative) const {
      return hn::IfThenElse(is_negative, negative(), positive());
    }
    constant<D> positive, negative;
  };
  static HWY_INLINE VI set(integer x) { return hn::Set(DI(), x); }

 public:
  using vector = V;
  using signed_vector = VI;

  explicit HWY_INLINE encoder(const encode_plan<word>& plan)
      : p(plan),
        least(plan.least),
        drop(plan.drop),
        lowest((plan.least + (plan.normalises ? 1 : 0)) << t),
        farthest(plan.least + plan.drop + (plan.normalises ? 1 : 0)),
        if_odd(plan.if_odd),
        sign_bit(plan.sign_bit),
        threshold(plan.threshold),
        cap(plan.cap),
        top(plan.top),
        tiny(plan.tiny),
        over(plan.over) {}

  /// The codes of lanes that are numbers; `random` holds the thresholds of stochastic rounding.
  /// `greatest` gathers the magnitudes.
  HWY_INLINE V operator()(V x, V random, VI& greatest) const {
    const D d;
    const DI di;
    const V a = magnitude(x);
    greatest = hn::Max(greatest, hn::BitCast(di, a));
    if constexpr (Full) {
      return full_code(a, p.drops_sign ? a : x, random);
    } else {
      const auto negative = is_signed(x);
      V index = plain_index(x, a, negative, random);
      index = hn::BitCast(d, hn::Min(hn::BitCast(di, index), hn::BitCast(di, most(negative))));
      if (p.twos_complement) {
        const V minus = hn::Sub(hn::Zero(d), index);
        return hn::And(hn::IfThenElse(negative, minus, index), hn::Set(d, p.index_mask));
      }
      V sign = hn::And(hn::ShiftRightSame(x, p.sign_shift), sign_bit());
      if (p.positive_zero) sign = hn::IfThenZeroElse(hn::Eq(index, hn::Zero(d)), sign);
      return hn::Or(index, sign);
    }
  }

  static HWY_INLINE V magnitude(V x) { return hn::And(x, hn::Set(D(), ~(word{1} << (bits - 1)))); }

  /// Whether there are infinities or NaNs among magnitudes.
  static HWY_INLINE bool any_special(V greatest) {
    const auto numbers = set(static_cast<integer>(infinity - 1));
    return !hn::AllFalse(DI(), hn::Gt(hn::BitCast(DI(), greatest), numbers));
  }

  /// `code` with those of infinities and NaNs.
  HWY_INLINE V with_specials(V x, V code) const {
    const D d;
    const V a = magnitude(x);
    const auto is_infinite = hn::Eq(a, hn::Set(d, lane_infinity<word>));
    const pair infinite(p.infinite);
    const V signed_infinity = p.drops_sign ? infinite.positive() : infinite.choose(is_signed(x));
    code = hn::IfThenElse(is_infinite, signed_infinity, code);
    const auto is_nan = hn::Gt(hn::BitCast(DI(), a), set(infinity));
    return hn::IfThenElse(hn::RebindMask(d, is_nan), pair(p.nan).choose(is_signed(x)), code);
  }

 private:
  static HWY_INLINE auto is_signed(V x) {
    const DI di;
    return hn::RebindMask(D(), hn::Lt(hn::BitCast(di, x), hn::Zero(di)));
  }
  template <class Mask>
  HWY_INLINE V most(Mask negative) const {
    return p.cap[0] == p.cap[1] ? cap.positive() : cap.choose(negative);
  }
  template <class Mask>
  HWY_INLINE V limit(V index, Mask negative) const {
    const V even =
        p.threshold[0] == p.threshold[1] ? threshold.positive() : threshold.choose(negative);
    return hn::Sub(even, hn::And(index, if_odd()));
  }

  /// Rounded place on the target's ladder of lanes that it drops bits of.
  template <class Mask>
  HWY_INLINE V plain_index(V x, V a, Mask negative, V random) const {
    const D d;
    const DI di;
    const VI one = set(integer{1} << t);
    V bits_of_field = x;
    if (p.normalises) {
      // One binade of subnormal lanes: all fields become one greater.
      a = hn::Add(a, hn::BitCast(d, hn::Min(hn::BitCast(di, a), one)));
      bits_of_field = a;
    }
    // The binade whose steps count: at least that of subnormal lanes, at most the target's lowest.
    const VI field = hn::BitCast(di, hn::And(bits_of_field, hn::Set(d, lane_infinity<word>)));
    const VI binade = hn::Min(hn::Max(field, one), lowest());
    const V significand = hn::BitCast(d, hn::Add(hn::Sub(hn::BitCast(di, a), binade), one));
    const VI distance = hn::Sub(farthest(), hn::ShiftRight<t>(binade));
    const VI shift = hn::Min(distance, set(integer{bits - 1}));
    const VI rest = hn::Sub(set(integer{bits}), shift);
    V index = hn::Shr(significand, hn::BitCast(d, shift));
    V fraction = hn::Shl(significand, hn::BitCast(d, rest));
    if (Stochastic) fraction = deep_fraction(significand, distance, fraction);
    const V most = Stochastic ? random : limit(index, negative);
    index = hn::Sub(index, hn::VecFromMask(d, hn::Gt(fraction, most)));
    if (p.gap_to == 0) return index;
    return beside_gap(a, hn::Sub(index, hn::Set(d, p.implicit)), negative);
  }

  /// Codes of numbers of magnitude a and the sign of x, by all members of the plan.
  HWY_INLINE V full_code(V a, V x, V random) const {
    const D d;
    const DI di;
    const auto negative = is_signed(x);
    V significand;
    VI field;
    split(a, significand, field);

    // Place on the target's ladder, and what is shifted out as a fraction of all bits.
    const VI binade = hn::Max(field, least());
    const VI distance = hn::Add(hn::Sub(binade, field), drop());
    const V shift = hn::BitCast(d, hn::Min(distance, set(integer{bits - 1})));
    const VI above = hn::Sub(binade, least());
    V index = hn::Shr(significand, shift);
    if (p.is_wide) {
      index = hn::Shl(index, hn::BitCast(d, hn::Min(above, set(integer{bits - 1 - t}))));
    } else {
      index = hn::Add(index, hn::ShiftLeftSame(hn::BitCast(d, above), p.trailing));
    }
    V fraction = hn::ShiftLeft<1>(hn::Shl(significand, hn::Sub(hn::Set(d, word{bits - 1}), shift)));
    if (Stochastic) fraction = deep_fraction(significand, distance, fraction);
    index = hn::Sub(index, hn::Set(d, p.implicit));
    const V most = Stochastic ? random : limit(index, negative);
    index = hn::Sub(index, hn::VecFromMask(d, hn::Gt(fraction, most)));
    if (p.gap_to != 0) index = beside_gap(a, index, negative);
    if (p.below != 0) {
      const auto is_below = hn::Lt(hn::BitCast(di, a), set(static_cast<integer>(p.below)));
      index = hn::IfThenZeroElse(hn::RebindMask(d, is_below), index);
    }

    const V minus = hn::IfThenElseZero(negative, hn::Set(d, p.twos_complement ? ~word{0} : 0));
    V code = hn::And(hn::Sub(hn::Xor(index, minus), minus), hn::Set(d, p.index_mask));
    code = hn::Or(code, hn::IfThenElseZero(negative, sign_bit()));
    code = hn::IfThenElse(hn::Eq(index, hn::Zero(d)), tiny.choose(negative), code);
    if (p.implicit != 0) {
      code = hn::IfThenElse(hn::Eq(a, hn::Zero(d)), pair(p.zero).choose(negative), code);
    }
    const V most_index = top.choose(negative);
    auto is_over = hn::RebindMask(d, hn::Gt(hn::BitCast(di, index), hn::BitCast(di, most_index)));
    if (p.is_wide) {
      const auto is_far = hn::Gt(above, set(integer{bits - 1 - t}));
      is_over = hn::Or(hn::Gt(index, most_index), hn::RebindMask(d, is_far));
    }
    return hn::IfThenElse(is_over, over.choose(negative), code);
  }

  /// The index from the one above the odd step of a ladder.
  template <class Mask>
  HWY_INLINE V beside_gap(V a, V index, Mask negative) const {
    const D d;
    const DI di;
    const VI x = hn::BitCast(di, a);
    const auto is_less = [&](word limit) HWY_ATTR {
      return hn::RebindMask(d, hn::Lt(x, set(static_cast<integer>(limit))));
    };
    const VI limit = hn::BitCast(di, pair(p.gap_limit).choose(negative));
    const V up = hn::VecFromMask(d, hn::RebindMask(d, hn::Gt(x, limit)));
    const V gap = hn::Sub(hn::Set(d, p.gap_index), up);
    const V low = hn::Add(index, hn::Set(d, p.implicit));
    return hn::IfThenElse(is_less(p.gap_to), hn::IfThenElse(is_less(p.gap_from), low, gap), index);
  }

  /// Significand with the implicit bit, and exponent field, of magnitudes.
  HWY_INLINE void split(V a, V& significand, VI& field) const {
    const D d;
    const DI di;
    field = hn::BitCast(di, hn::ShiftRight<t>(a));
    if (p.normalises) {
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
    const V moved = hn::Shr(significand, shift);
    const V rest =
        hn::IfThenZeroElse(hn::Eq(hn::Shl(moved, shift), significand), hn::Set(d, word{1}));
    fraction = hn::IfThenElse(deep, hn::Or(moved, rest), fraction);
    return hn::IfThenElse(at_width, significand, fraction);
  }

  const encode_plan<word> p;
  constant<DI> least, drop, lowest, farthest;
  constant<D> if_odd, sign_bit;
  pair threshold, cap, top, tiny, over;
};

/// Writes the codes of infinities and NaNs.
template <class Encoder, class Word, class Code>
void replace_specials(const Encoder& encoder, const Word* lanes, Code* codes, std::size_t start,
                      std::size_t end) {
  const hn::ScalableTag<Word> d;
  for (std::size_t i = start; i < end; i += hn::Lanes(d)) {
    const auto x = hn::LoadU(d, lanes + i);
    if (!Encoder::any_special(Encoder::magnitude(x))) continue;
    store_codes(d, encoder.with_specials(x, load_codes(d, codes + i)), codes + i);
  }
}

#if HWY_TARGET != HWY_SCALAR
/// Codes of the lanes at `lanes`, as many as a vector of containers has.
template <class Code, class Encoder, class Word>
HWY_INLINE auto encode_vectors(const Encoder& encoder, const Word* lanes, const Word* random,
                               typename Encoder::signed_vector& greatest) {
  const hn::ScalableTag<Word> d;
  if constexpr (sizeof(Code) == sizeof(Word)) {
    const auto limit = random != nullptr ? hn::LoadU(d, random) : hn::Zero(d);
    return encoder(hn::LoadU(d, lanes), limit, greatest);
  } else {
    // The lower halves of codes twice as wide.
    using wide = hwy::MakeWide<Code>;
    const hn::ScalableTag<Code> dc;
    const std::size_t half = hn::Lanes(hn::ScalableTag<wide>());
    const auto low = encode_vectors<wide>(encoder, lanes, random, greatest);
    const auto high = encode_vectors<wide>(encoder, lanes + half,
                                           random != nullptr ? random + half : nullptr, greatest);
    return hn::ConcatEven(dc, hn::BitCast(dc, high), hn::BitCast(dc, low));
  }
}

#endif

template <bool Stochastic, bool Full, class Word, class Code>
void encode_all(const encode_plan<Word>& p, const Word* lanes, const Word* random, Code* codes,
                std::size_t n) {
  const hn::ScalableTag<Word> d;
  const encoder<decltype(d), Stochastic, Full> encoder(p);
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t i = 0; i < n; ++i) {
    const auto x = hn::LoadU(d, lanes + i);
    auto greatest = hn::Zero(hn::RebindToSigned<decltype(d)>());
    const auto code = encoder(x, Stochastic ? hn::LoadU(d, random + i) : hn::Zero(d), greatest);
    codes[i] = static_cast<Code>(hn::GetLane(encoder.with_specials(x, code)));
  }
#else
  const hn::ScalableTag<Code> dc;
  for (std::size_t start = 0; start < n; start += chunk_size) {
    const std::size_t end = n - start < chunk_size ? n : start + chunk_size;
    auto greatest = hn::Zero(hn::RebindToSigned<decltype(d)>());
    for (std::size_t i = start; i < end; i += hn::Lanes(dc)) {
      const auto code =
          encode_vectors<Code>(encoder, lanes + i, Stochastic ? random + i : nullptr, greatest);
      hn::StoreU(code, dc, codes + i);
    }
    if (encoder.any_special(hn::BitCast(d, greatest)))
      replace_specials(encoder, lanes, codes, start, end);
  }
#endif
}

template <class Word, class Code>
void encode_chunk(const encode_plan<Word>& p, const Word* lanes, const Word* random, Code* codes,
                  std::size_t n);

/// `encode_chunk` to codes of less than half a lane, by codes of half a lane.
template <class Word, class Code>
void encode_narrow(const encode_plan<Word>& p, const Word* lanes, const Word* random, Code* codes,
                   std::size_t n) {
  using half = std::conditional_t<sizeof(Word) == 8, std::uint32_t, std::uint16_t>;
  const hn::ScalableTag<half> d;
  HWY_ALIGN half halves[chunk_size + chunk_room];
  for (std::size_t start = 0; start < n; start += chunk_size) {
    const std::size_t here = n - start < chunk_size ? n - start : chunk_size;
    encode_chunk(p, lanes + start, random != nullptr ? random + start : nullptr, halves, here);
    for (std::size_t i = 0; i < here; i += hn::Lanes(d)) {
      store_codes(d, hn::Load(d, halves + i), codes + start + i);
    }
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
      if (random == nullptr && p.bytes.mode != rounding_shape::none) {
        return encode_bytes(p, lanes, codes, n);
      }
    }
    if constexpr (sizeof(Word) == 4 && sizeof(Code) == 2) {
      const auto specials = [&](std::size_t start, std::size_t end) HWY_ATTR {
        const encoder<hn::ScalableTag<Word>, false, true> encoder(p);
        replace_specials(encoder, lanes, codes, start, end);
      };
      if (random == nullptr && encode_halves(p, lanes, codes, n, specials)) return;
    }
#endif
    if constexpr (2 * sizeof(Code) < sizeof(Word)) {
      return encode_narrow(p, lanes, random, codes, n);
    } else {
      const bool plain = p.is_plain && p.drop > 0 && p.least >= 0 &&
                         (p.implicit == 0 || p.gap_to != 0) && p.below == 0;
      if (random != nullptr) {
        if (plain) return encode_all<true, false>(p, lanes, random, codes, n);
        return encode_all<true, true>(p, lanes, random, codes, n);
      }
      if (plain) return encode_all<false, false>(p, lanes, random, codes, n);
      return encode_all<false, true>(p, lanes, random, codes, n);
    }
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

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
