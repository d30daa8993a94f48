// SPDX-License-Identifier: Apache-2.0
/// \file
/// Stochastic rounding of binary32 lanes the short way: random bits are added to what is shifted
/// out, and the carry goes into the index. For the formats and numbers of random bits for which
/// 32 bits hold both; `encode_chunk` has the rest.
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "carry_plan.hpp"
#include "encode-inl.hpp"
#include "lanes-inl.hpp"
#include "plan.hpp"
#include "random-inl.hpp"

#if defined(LOWP_SIMD_ENCODE_STOCHASTIC_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ENCODE_STOCHASTIC_INL_HPP
#undef LOWP_SIMD_ENCODE_STOCHASTIC_INL_HPP
#else
#define LOWP_SIMD_ENCODE_STOCHASTIC_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// The encoder of the short way, to containers of `Code`.
template <class Code>
class carry_encoder {
 public:
  using D = hn::ScalableTag<std::uint32_t>;
  using DI = hn::RebindToSigned<D>;
  using DF = hn::RebindToFloat<D>;
  using V = hn::VFromD<D>;
#if HWY_TARGET == HWY_SCALAR
  using DC = D;
#else
  using DC = hn::Repartition<Code, D>;  ///< of containers
#endif
  using VC = hn::VFromD<DC>;

  explicit HWY_INLINE carry_encoder(const carry_plan& constants) : c(constants) {}

  /// The codes of n lanes, but for infinities and NaNs; are there any? Reads and writes up to four
  /// vectors behind the last.
  HWY_INLINE bool operator()(const std::uint32_t* lanes, const random_fields& fields, Code* codes,
                             std::size_t n) const {
#if HWY_TARGET != HWY_SCALAR
    if constexpr (sizeof(Code) == 2) {
      if (c.is_upper_half) return encode_halves(lanes, fields, codes, n);
    }
#endif
    return encode_groups(lanes, fields, codes, 0, n);
  }

 private:
  static constexpr int t = lane_trailing<std::uint32_t>;
  using lane = hn::TFromD<DC>;
  static HWY_INLINE V set(std::uint32_t x) { return hn::Set(D(), x); }
  static HWY_INLINE V magnitude(V x) { return hn::And(x, set(0x7fffffff)); }
  static HWY_INLINE auto is_less(V a, V b) {
    return hn::RebindMask(D(), hn::Lt(hn::BitCast(DI(), a), hn::BitCast(DI(), b)));
  }
  static HWY_INLINE V lesser(V a, V b) {
    return hn::BitCast(D(), hn::Min(hn::BitCast(DI(), a), hn::BitCast(DI(), b)));
  }
  /// Lanes from `start` on, before `end`.
  HWY_NOINLINE bool encode_groups(const std::uint32_t* lanes, const random_fields& fields,
                                  Code* codes, std::size_t start, std::size_t end) const {
    // Codes may be bytes, which could be anything's: constants and fields of its own.
    const carry_encoder own(c);
    const random_fields own_fields = fields;
    VC greatest = hn::Zero(DC());
    const std::size_t group = 4 * hn::Lanes(D());
    for (std::size_t i = start; i < end; i += group) {
      own.encode_group(lanes + i, own_fields, codes + i, i, greatest);
    }
    return !hn::AllFalse(DC(), hn::Gt(greatest, hn::Set(DC(), static_cast<lane>(c.far))));
  }

  HWY_INLINE void encode_group(const std::uint32_t* lanes, const random_fields& fields, Code* codes,
                               std::size_t i, VC& greatest) const {
    const D d;
    const std::size_t step = hn::Lanes(d);
    const V x0 = hn::LoadU(d, lanes);
    const V x1 = hn::LoadU(d, lanes + step);
    const V x2 = hn::LoadU(d, lanes + 2 * step);
    const V x3 = hn::LoadU(d, lanes + 3 * step);
    V a0 = magnitude(x0);
    V a1 = magnitude(x1);
    V a2 = magnitude(x2);
    V a3 = magnitude(x3);
    const bool is_wide = sizeof(Code) == 4 && c.unit != 0;
    if (is_wide) {
      a0 = fraction(a0);
      a1 = fraction(a1);
      a2 = fraction(a2);
      a3 = fraction(a3);
    }
    V y0 = a0, y1 = a1, y2 = a2, y3 = a3;
    if (c.linear_below != 0) {
      y0 = linear_place(a0);
      y1 = linear_place(a1);
      y2 = linear_place(a2);
      y3 = linear_place(a3);
    } else if (c.is_lifted || c.base != 0) {
      y0 = upper_place(a0);
      y1 = upper_place(a1);
      y2 = upper_place(a2);
      y3 = upper_place(a3);
    }
    const bool is_rounded = HWY_TARGET <= HWY_AVX3 && c.is_integer;
    if (c.nearest != 0 && !is_rounded) {
      y0 = to_nearest(y0);
      y1 = to_nearest(y1);
      y2 = to_nearest(y2);
      y3 = to_nearest(y3);
    }
    const V r0 = moved(fields.load(d, i));
    const V r1 = moved(fields.load(d, i + step));
    const V r2 = moved(fields.load(d, i + 2 * step));
    const V r3 = moved(fields.load(d, i + 3 * step));
    y0 = index_of(y0, r0);
    y1 = index_of(y1, r1);
    y2 = index_of(y2, r2);
    y3 = index_of(y3, r3);
    if (c.gap.to != 0 && any_in_gap(a0, a1, a2, a3)) {
      y0 = beside_gap(a0, y0, r0);
      y1 = beside_gap(a1, y1, r1);
      y2 = beside_gap(a2, y2, r2);
      y3 = beside_gap(a3, y3, r3);
    }
    if (is_wide) {
      y0 = with_whole(x0, y0);
      y1 = with_whole(x1, y1);
      y2 = with_whole(x2, y2);
      y3 = with_whole(x3, y3);
    }
    store_group(x0, x1, x2, x3, y0, y1, y2, y3, codes, greatest);
  }

  /// Toward zero, numbers below 2^31 in magnitude; others become anything.
  static HWY_INLINE hn::VFromD<DI> truncated(hn::VFromD<DF> x) {
#if HWY_TARGET <= HWY_AVX3
    return hn::VFromD<DI>{_mm512_cvttps_epi32(x.raw)};
#else
    return hn::ConvertTo(DI(), x);
#endif
  }

  /// Magnitudes in units of an integer.
  HWY_INLINE auto units(V a) const { return hn::Mul(hn::BitCast(DF(), a), hn::Set(DF(), c.unit)); }

  /// What numbers `fraction_below` have beside whole units. Differences are exact.
  HWY_INLINE V fraction(V a) const {
    const auto number = units(a);
    return hn::BitCast(D(), hn::Sub(number, hn::ConvertTo(DF(), truncated(number))));
  }

  /// The index of lanes x where that of the fraction is `carry`; what 32 bits do not hold has the
  /// greatest.
  HWY_INLINE V with_whole(V x, V carry) const {
    const V a = magnitude(x);
    const auto number = units(a);
#if HWY_TARGET <= HWY_AVX3
    const V whole{_mm512_cvttps_epu32(number.raw)};
#else
    const auto high = hn::ConvertTo(DI(), hn::Mul(number, hn::Set(DF(), 0x1p-8f)));
    const auto rest = hn::NegMulAdd(hn::ConvertTo(DF(), high), hn::Set(DF(), 0x1p8f), number);
    const V low = hn::BitCast(D(), hn::ConvertTo(DI(), rest));
    const V sum = hn::Add(hn::ShiftLeft<8>(hn::BitCast(D(), high)), low);
    const V whole = hn::IfThenElse(is_less(a, set(c.whole_below)), sum, set(~std::uint32_t{0}));
#endif
    return hn::Add(whole, hn::IfThenElseZero(is_less(a, set(c.fraction_below)), carry));
  }

  /// Places on a ladder with linear ones; in mode C rounded, or all that rounding needs.
  HWY_INLINE V linear_place(V a) const {
    const V least = set(c.linear_below);
    const auto x = hn::BitCast(DF(), a);
#if HWY_TARGET <= HWY_AVX3
    const auto number = hn::Mul(x, hn::Set(DF(), c.coarse_scale));
    const __mmask16 is_upper = _mm512_cmpge_epi32_mask(a.raw, least.raw);
    __m512i y = truncated(number).raw;
    if (c.nearest != 0) {
      constexpr int nearest_even = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
      y = _mm512_cvt_roundps_epi32(number.raw, nearest_even);
      y = _mm512_sllv_epi32(y, set(static_cast<std::uint32_t>(c.nearest)).raw);
    }
    return V{_mm512_mask_sub_epi32(y, is_upper, a.raw, set(c.base).raw)};
#else
    const auto number = hn::Mul(x, hn::Set(DF(), c.scale));
    const auto whole = hn::ConvertTo(DI(), number);
    V y = hn::BitCast(D(), whole);
    if (c.nearest != 0) {
      // The last bit tells whether anything follows.
      const auto is_exact = hn::RebindMask(D(), hn::Eq(hn::ConvertTo(DF(), whole), number));
      y = hn::Or(y, hn::IfThenZeroElse(is_exact, set(1)));
    }
    return hn::IfThenElse(is_less(a, least), y, hn::Sub(a, set(c.base)));
#endif
  }

  /// Places on a ladder without linear ones.
  HWY_INLINE V upper_place(V a) const {
    if (c.is_lifted) a = hn::Add(a, lesser(a, set(1 << t)));
    return hn::Sub(hn::Max(a, set(c.base)), set(c.base));
  }

  /// The step to nearest-even of odd places; `odd` has the rest.
  HWY_INLINE V to_nearest(V y) const {
#if HWY_TARGET <= HWY_AVX3
    const __mmask16 up = _mm512_test_epi32_mask(y.raw, set(std::uint32_t{1} << c.nearest).raw);
    return V{_mm512_mask_add_epi32(y.raw, up, y.raw, set(1).raw)};
#else
    return hn::Add(y, hn::And(down(y, c.nearest), set(1)));
#endif
  }

  /// The field with its random bits in their place.
  template <class VF>
  HWY_INLINE VF moved(VF field) const {
#if HWY_TARGET <= HWY_AVX3
    if constexpr (sizeof(hn::TFromV<VF>) == 4) {
      return VF{
          _mm512_rolv_epi32(field.raw, set(static_cast<std::uint32_t>(c.left - c.right)).raw)};
    }
#endif
    if (c.left != 0) field = hn::ShiftLeftSame(field, c.left);
    if (c.right != 0) field = hn::ShiftRightSame(field, c.right);
    return field;
  }

  static HWY_INLINE V down(V x, int bits) {
#if HWY_TARGET <= HWY_AVX3
    return x >> set(static_cast<std::uint32_t>(bits));
#else
    return hn::ShiftRightSame(x, bits);
#endif
  }

  /// Random bits in their place, and what else is added to places.
  template <class VF>
  HWY_INLINE VF added(VF random) const {
    const hn::DFromV<VF> d;
    using word = hn::TFromV<VF>;
    const VF more = hn::Set(d, static_cast<word>(c.odd));
    return hn::OrAnd(more, random, hn::Set(d, static_cast<word>(c.mask)));
  }

  HWY_INLINE V index_of(V place, V random) const {
    return down(hn::Add(place, added(random)), c.drop);
  }

  HWY_INLINE bool any_in_gap(V a0, V a1, V a2, V a3) const {
    const V from = set(c.gap.from);
    const V low = hn::Min(hn::Sub(a0, from), hn::Sub(a1, from));
    const V high = hn::Min(hn::Sub(a2, from), hn::Sub(a3, from));
    return !hn::AllFalse(D(), hn::Gt(set(c.gap.to - c.gap.from), hn::Min(low, high)));
  }

  /// The index of magnitudes in the odd step of the ladder, and elsewhere as it is.
  HWY_INLINE V beside_gap(V a, V index, V random) const {
    const V r = down(hn::And(random, set(c.mask)), c.at);
    // Exact: the environment does not matter.
    const auto number = hn::NegMulAdd(hn::ConvertTo(DF(), hn::BitCast(DI(), r)),
                                      hn::Set(DF(), c.gap.slope), hn::Set(DF(), c.gap.start));
    const V first = hn::Add(hn::BitCast(D(), number), hn::And(r, set(c.gap.parity)));
    const V up = hn::IfThenZeroElse(is_less(a, first), set(1));
    const auto is_inside = hn::AndNot(is_less(a, set(c.gap.from)), is_less(a, set(c.gap.to)));
    return hn::IfThenElse(is_inside, hn::Add(set(c.gap.index), up), index);
  }

  /// Codes of indices and of the signs of other vectors. `greatest` gathers the indices.
  HWY_INLINE VC code_of(VC index, VC signs, VC& greatest) const {
    const DC dc;
    const hn::RebindToSigned<DC> di;
    const auto all = [dc](std::uint32_t x) HWY_ATTR { return hn::Set(dc, static_cast<lane>(x)); };
    greatest = hn::Max(greatest, index);
    auto negative = hn::RebindMask(dc, hn::Lt(hn::BitCast(di, signs), hn::Zero(di)));
    const auto choose = [&](const std::uint32_t(&values)[2]) HWY_ATTR {
      return hn::IfThenElse(negative, all(values[1]), all(values[0]));
    };
    if (!c.is_plain) {
      const VC minus =
          hn::And(hn::Add(hn::Xor(index, all(c.flip)), all(c.sign)), all(c.index_mask));
      VC code = hn::IfThenElse(negative, minus, index);
      code = hn::IfThenElse(hn::Eq(index, hn::Zero(dc)), choose(c.tiny), code);
      return hn::IfThenElse(hn::Gt(index, choose(c.top)), choose(c.over), code);
    }
    const VC limited = hn::Min(index, choose(c.cap));
    if (c.flip != 0) {
      const VC minus = hn::And(hn::Sub(hn::Zero(dc), limited), all(c.index_mask));
      return hn::IfThenElse(negative, minus, limited);
    }
    if (c.tiny[1] == 0) negative = hn::AndNot(hn::Eq(limited, hn::Zero(dc)), negative);
    return hn::Or(limited, hn::IfThenElseZero(negative, all(c.sign)));
  }

#if HWY_TARGET == HWY_SCALAR
  HWY_INLINE void store_group(V x0, V x1, V x2, V x3, V y0, V y1, V y2, V y3, Code* codes,
                              VC& greatest) const {
    const V code[4] = {code_of(y0, x0, greatest), code_of(y1, x1, greatest),
                       code_of(y2, x2, greatest), code_of(y3, x3, greatest)};
    for (std::size_t i = 0; i < 4; ++i) codes[i] = static_cast<Code>(hn::GetLane(code[i]));
  }
#else
  using D16 = hn::Repartition<std::uint16_t, D>;
  using V16 = hn::VFromD<D16>;
  using D8 = hn::Repartition<std::uint8_t, D>;
  using V8 = hn::VFromD<D8>;

  HWY_INLINE void store_group(V x0, V x1, V x2, V x3, V y0, V y1, V y2, V y3, Code* codes,
                              VC& greatest) const {
    const DC dc;
    const std::size_t step = hn::Lanes(dc);
    if constexpr (sizeof(Code) == 4) {
      hn::StoreU(code_of(y0, x0, greatest), dc, codes);
      hn::StoreU(code_of(y1, x1, greatest), dc, codes + step);
      hn::StoreU(code_of(y2, x2, greatest), dc, codes + 2 * step);
      hn::StoreU(code_of(y3, x3, greatest), dc, codes + 3 * step);
    } else if constexpr (sizeof(Code) == 2) {
      hn::StoreU(in_order(code_of(halves(y0, y1), sign_halves(x0, x1), greatest)), dc, codes);
      hn::StoreU(in_order(code_of(halves(y2, y3), sign_halves(x2, x3), greatest)), dc,
                 codes + step);
    } else {
      const V8 signs = sign_bytes(sign_halves(x0, x1), sign_halves(x2, x3));
      hn::StoreU(in_order(code_of(bytes(y0, y1, y2, y3), signs, greatest)), dc, codes);
    }
  }

  // Indices to containers, which they saturate, and signs beside them, in any order.
#if HWY_TARGET <= HWY_AVX3
  static HWY_INLINE V16 halves(V a, V b) { return V16{_mm512_packus_epi32(a.raw, b.raw)}; }
  static HWY_INLINE V16 sign_halves(V a, V b) { return V16{_mm512_packs_epi32(a.raw, b.raw)}; }
  static HWY_INLINE V8 bytes(V a, V b, V c, V d) {
    return V8{
        _mm512_packus_epi16(_mm512_packs_epi32(a.raw, b.raw), _mm512_packs_epi32(c.raw, d.raw))};
  }
  static HWY_INLINE V8 sign_bytes(V16 a, V16 b) { return V8{_mm512_packs_epi16(a.raw, b.raw)}; }
  static HWY_INLINE V16 in_order(V16 x) {
    const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    return V16{_mm512_permutexvar_epi64(order, x.raw)};
  }
  static HWY_INLINE V8 in_order(V8 x) {
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    return V8{_mm512_permutexvar_epi32(order, x.raw)};
  }
#else
  static HWY_INLINE V16 halves(V a, V b) {
    const V most = set(static_cast<std::uint16_t>(~0));
    const D16 d16;
    return hn::ConcatEven(d16, hn::BitCast(d16, lesser(b, most)),
                          hn::BitCast(d16, lesser(a, most)));
  }
  static HWY_INLINE V16 sign_halves(V a, V b) {
    const D16 d16;
    return hn::ConcatOdd(d16, hn::BitCast(d16, b), hn::BitCast(d16, a));
  }
  static HWY_INLINE V8 bytes(V a, V b, V c, V d) {
    const D8 d8;
    const auto low = hn::Min(halves(a, b), hn::Set(D16(), 0xff));
    const auto high = hn::Min(halves(c, d), hn::Set(D16(), 0xff));
    return hn::ConcatEven(d8, hn::BitCast(d8, high), hn::BitCast(d8, low));
  }
  static HWY_INLINE V8 sign_bytes(V16 a, V16 b) {
    const D8 d8;
    return hn::ConcatOdd(d8, hn::BitCast(d8, b), hn::BitCast(d8, a));
  }
  static HWY_INLINE V16 in_order(V16 x) { return x; }
  static HWY_INLINE V8 in_order(V8 x) { return x; }
#endif

  /// A vector that is not to be loaded again at each use (g++ 12 does).
  static HWY_INLINE V16 in_register(V16 x) {
#if HWY_TARGET <= HWY_AVX3
    __asm__("" : "+v"(x.raw));
#endif
    return x;
  }

  /// Codes that are the upper halves of lanes, plus the carries out of the lower ones, of two
  /// vectors from i on. Returns the magnitudes of the upper halves.
  HWY_INLINE V16 encode_halves2(const std::uint32_t* lanes, const random_fields& fields,
                                Code* codes, std::size_t i) const {
    const D d;
    const D16 d16;
    const V16 x0 = in_register(hn::BitCast(d16, hn::LoadU(d, lanes + i)));
    const V16 x1 = in_register(hn::BitCast(d16, hn::LoadU(d, lanes + i + hn::Lanes(d))));
    const V16 low = hn::ConcatEven(d16, x1, x0);
    const V16 high = hn::ConcatOdd(d16, x1, x0);
    const V16 field = moved(fields.load(d16, i));
#if HWY_TARGET <= HWY_AVX3
    const __m512i odd = hn::Set(d16, static_cast<std::uint16_t>(c.odd)).raw;
    const __m512i mask = hn::Set(d16, static_cast<std::uint16_t>(c.mask)).raw;
    const __m512i room = _mm512_ternarylogic_epi32(odd, field.raw, mask, 0x07);
    const __mmask32 carries = _mm512_cmpgt_epu16_mask(low.raw, room);
    const V16 code{_mm512_mask_add_epi16(high.raw, carries, high.raw, _mm512_set1_epi16(1))};
#else
    const V16 room = hn::Xor(added(field), hn::Set(d16, 0xffff));
    const V16 code = hn::Sub(high, hn::VecFromMask(d16, hn::Gt(low, room)));
#endif
    hn::StoreU(code, d16, codes + i);
    return hn::And(high, hn::Set(d16, 0x7fff));
  }

  /// All of those, but where a number is in the last step before infinity.
  HWY_INLINE bool encode_halves(const std::uint32_t* lanes, const random_fields& fields,
                                Code* codes, std::size_t n) const {
    const hn::RebindToSigned<D16> di16;
    const auto last = hn::Set(di16, std::int16_t{0x7f7f});
    const auto last_but_one = hn::Set(di16, std::int16_t{0x7f7e});
    const std::size_t pair = 2 * hn::Lanes(D());
    bool any_special = false;
    for (std::size_t i = 0; i < n; i += 2 * pair) {
      const V16 first = encode_halves2(lanes, fields, codes, i);
      const V16 second = encode_halves2(lanes, fields, codes, i + pair);
      const auto greatest = hn::Max(hn::BitCast(di16, first), hn::BitCast(di16, second));
      if (HWY_LIKELY(hn::AllFalse(di16, hn::Gt(greatest, last_but_one)))) continue;
      any_special |= !hn::AllFalse(di16, hn::Gt(greatest, last));
      // Infinities and NaNs come later; only finite numbers of the last step may overflow.
      const auto overflows =
          hn::Or(hn::Eq(hn::BitCast(di16, first), last), hn::Eq(hn::BitCast(di16, second), last));
      if (hn::AllFalse(di16, overflows)) continue;
      any_special |= encode_groups(lanes, fields, codes, i, i + 2 * pair);
    }
    return any_special;
  }
#endif

  const carry_plan c;
};

/// What stochastic rounding keeps from chunk to chunk of an array.
struct stochastic_state {
  bool is_far = false;  ///< the array is hardly in a cache of this core
  random_keys keys;
};

/// n lanes, of the elements from `first` on, to codes by a plan that `carries`. Reads and writes up
/// to `chunk_room` elements behind the last, and no more than `chunk_size`.
template <class Word, class Code>
void encode_stochastic_chunk(const plan& p, const encode_plan<Word>& e, stochastic_state& state,
                             const Word* lanes, Code* codes, std::size_t n, std::uint64_t first) {
  if constexpr (sizeof(Word) == 4 && sizeof(Code) <= 4) {
    if (state.is_far) {
      // They arrive while random bits are made.
      for (std::size_t i = 0; i < n; i += 64 / sizeof(Word)) hwy::Prefetch(lanes + i);
    }
    HWY_ALIGN std::uint32_t words[chunk_size + word_room];
    const random_fields fields = fill_fields(p.c, state.keys, first, n, words);
    if (carry_encoder<Code>(p.carry)(lanes, fields, codes, n)) {
      const encoder<hn::ScalableTag<Word>, false, true> specials(e);
      replace_specials(specials, lanes, codes, 0, n);
    }
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
