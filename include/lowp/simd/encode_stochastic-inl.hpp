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

/// The encoder of the short way. `Lowest`: has_lowest; `Nearest`: mode C; `Short`: is_short.
template <bool Lowest, bool Nearest, bool Short>
class carry_encoder {
 public:
  using D = hn::ScalableTag<std::uint32_t>;
  using DI = hn::RebindToSigned<D>;
  using V = hn::VFromD<D>;

  HWY_INLINE carry_encoder(const encode_plan<std::uint32_t>& plan, const carry_plan& constants)
      : p(plan), c(constants) {}

  /// The codes of n lanes. Reads and writes a vector at most behind the last.
  template <class Field, class Code>
  HWY_INLINE void operator()(const std::uint32_t* lanes, const Field* fields, Code* codes,
                             std::size_t n) const {
    const D d;
    const std::size_t step = hn::Lanes(d);
    std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
    if constexpr (!Lowest && !Nearest && Short && sizeof(Code) == 2 && sizeof(Field) <= 2) {
      if (c.is_upper_half) {
        for (; i + 4 * step <= n; i += 4 * step) encode_halves4(lanes + i, fields + i, codes + i);
      }
    }
#endif
    for (; i + 4 * step <= n; i += 4 * step) {
      const V x0 = hn::LoadU(d, lanes + i);
      const V x1 = hn::LoadU(d, lanes + i + step);
      const V x2 = hn::LoadU(d, lanes + i + 2 * step);
      const V x3 = hn::LoadU(d, lanes + i + 3 * step);
      const V index0 = index_of(x0, load_fields(d, fields + i));
      const V index1 = index_of(x1, load_fields(d, fields + i + step));
      const V index2 = index_of(x2, load_fields(d, fields + i + 2 * step));
      const V index3 = index_of(x3, load_fields(d, fields + i + 3 * step));
      const V greatest =
          hn::Max(hn::Max(magnitude(x0), magnitude(x1)), hn::Max(magnitude(x2), magnitude(x3)));
      if (HWY_UNLIKELY(is_any_special(greatest))) {
        store4(special(x0, code_of(x0, index0)), special(x1, code_of(x1, index1)),
               special(x2, code_of(x2, index2)), special(x3, code_of(x3, index3)), codes + i);
        continue;
      }
#if HWY_TARGET <= HWY_AVX3
      if constexpr (Short && sizeof(Code) == 1) {
        store_bytes(x0, x1, x2, x3, index0, index1, index2, index3, codes + i);
        continue;
      }
#endif
      store4(code_of(x0, index0), code_of(x1, index1), code_of(x2, index2), code_of(x3, index3),
             codes + i);
    }
    for (; i < n; i += step) encode_vector(lanes + i, fields + i, codes + i);
  }

 private:
  static constexpr int t = lane_trailing<std::uint32_t>;
  static HWY_INLINE V set(std::uint32_t x) { return hn::Set(D(), x); }
  static HWY_INLINE V magnitude(V x) { return hn::And(x, set(0x7fffffff)); }
  static HWY_INLINE auto is_less(V a, V b) {
    return hn::RebindMask(D(), hn::Lt(hn::BitCast(DI(), a), hn::BitCast(DI(), b)));
  }
  static HWY_INLINE bool is_any_special(V greatest) {
    return !hn::AllFalse(D(), is_less(set(lane_infinity<std::uint32_t> - 1), greatest));
  }

  HWY_INLINE V index_of(V x, V field) const {
    V y = place(magnitude(x));
    if constexpr (Nearest) {
      const V even = hn::And(hn::ShiftRightSame(y, c.nearest), set(1));
      const V half = set((std::uint32_t{1} << (c.nearest - 1)) - 1);
      y = hn::Add(y, hn::Add(half, even));
    }
    return hn::ShiftRightSame(hn::Add(y, random_bits(field)), c.drop);
  }

  template <class VF>
  HWY_INLINE VF moved(VF field) const {
    if (c.left != 0) field = hn::ShiftLeftSame(field, c.left);
    if (c.right != 0) field = hn::ShiftRightSame(field, c.right);
    return field;
  }

  /// Random bits of fields in their place, and what else is added to magnitudes.
  template <class VF>
  HWY_INLINE VF random_bits(VF field) const {
    const hn::DFromV<VF> d;
    using lane = hn::TFromV<VF>;
    const VF more = hn::Set(d, static_cast<lane>(c.odd));
    return hn::OrAnd(more, moved(field), hn::Set(d, static_cast<lane>(c.mask)));
  }

  HWY_INLINE V code_of(V x, V index) const {
    if constexpr (Short) {
      const V sign = hn::ShiftRightSame(x, c.sign_down);
      return hn::OrAnd(hn::Min(index, set(c.cap)), sign, set(p.sign_bit));
    } else {
      return full_code(x, index);
    }
  }

  /// Magnitudes as multiples of 2^-drop on the ladder, and base; in mode C the last bit is set if
  /// anything follows.
  HWY_INLINE V place(V a) const {
    if constexpr (!Lowest) return a;
    const V base = set(static_cast<std::uint32_t>(c.least - 1) << t);
    const auto is_lowest = is_less(a, set(static_cast<std::uint32_t>(c.least) << t));
#if HWY_TARGET <= HWY_AVX3
    if constexpr (!Nearest) {
      // The sum with the least number of the upper binades, toward zero whatever the environment;
      // subnormal lanes, which it may take for zero, are below its last bit.
      const auto least = hn::BitCast(hn::RebindToFloat<D>(), hn::Add(base, set(1 << t)));
      const auto number = hn::BitCast(hn::RebindToFloat<D>(), a);
      const auto sum = _mm512_mask_add_round_ps(number.raw, is_lowest.raw, number.raw, least.raw,
                                                _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
      const __m512i place = _mm512_castps_si512(sum);
      return V{_mm512_mask_sub_epi32(place, is_lowest.raw, place, set(1 << t).raw)};
    }
#endif
    const V significand = hn::Or(hn::And(a, set((1 << t) - 1)), set(1 << t));
    V distance = hn::Sub(set(static_cast<std::uint32_t>(c.least)), hn::ShiftRight<t>(a));
    distance = hn::Min(distance, set(31));
    V lowest = hn::Shr(significand, distance);
    if constexpr (Nearest) {
      const auto is_exact = hn::Eq(hn::Shl(lowest, distance), significand);
      lowest = hn::Or(lowest, hn::IfThenZeroElse(is_exact, set(1)));
    }
    return hn::IfThenElse(is_lowest, hn::Add(lowest, base), a);
  }

  /// The code of any target; infinities and NaNs are left to `special`.
  HWY_INLINE V full_code(V x, V index) const {
    const D d;
    const auto negative = is_negative(x);
    const V minus = hn::IfThenElseZero(negative, set(p.twos_complement ? ~std::uint32_t{0} : 0));
    V code = hn::And(hn::Sub(hn::Xor(index, minus), minus), set(p.index_mask));
    code = hn::Or(code, hn::IfThenElseZero(negative, set(p.sign_bit)));
    code = hn::IfThenElse(hn::Eq(index, hn::Zero(d)), choose(negative, p.tiny), code);
    return hn::IfThenElse(is_less(choose(negative, p.top), index), choose(negative, p.over), code);
  }

  HWY_INLINE V special(V x, V code) const {
    const D d;
    const V infinity = set(lane_infinity<std::uint32_t>);
    const V a = magnitude(x);
    const auto is_signed = is_less(x, hn::Zero(d));
    code = hn::IfThenElse(hn::Eq(a, infinity), choose(is_negative(x), p.infinite), code);
    return hn::IfThenElse(is_less(infinity, a), choose(is_signed, p.nan), code);
  }

  HWY_INLINE auto is_negative(V x) const {
    return is_less(p.drops_sign ? magnitude(x) : x, hn::Zero(D()));
  }
  template <class Mask>
  static HWY_INLINE V choose(Mask is_negative, const std::uint32_t (&values)[2]) {
    return hn::IfThenElse(is_negative, set(values[1]), set(values[0]));
  }

#if HWY_TARGET != HWY_SCALAR
  using D16 = hn::Repartition<std::uint16_t, D>;
  using V16 = hn::VFromD<D16>;

  /// A vector that is not to be loaded again at each use (g++ 12 does).
  static HWY_INLINE V16 in_register(V16 x) {
#if HWY_TARGET <= HWY_AVX3
    __asm__("" : "+v"(x.raw));
#endif
    return x;
  }

  /// Codes that are the upper halves of lanes, plus the carries out of the lower ones. Returns the
  /// magnitudes of the upper halves.
  template <class Field>
  HWY_INLINE V16 encode_halves(const std::uint32_t* lanes, const Field* fields,
                               std::uint16_t* codes) const {
    const D d;
    const D16 d16;
    const V16 x0 = in_register(hn::BitCast(d16, hn::LoadU(d, lanes)));
    const V16 x1 = in_register(hn::BitCast(d16, hn::LoadU(d, lanes + hn::Lanes(d))));
    const V16 low = hn::ConcatEven(d16, x1, x0);
    const V16 high = hn::ConcatOdd(d16, x1, x0);
#if HWY_TARGET <= HWY_AVX3
    const V16 field = moved(load_fields(d16, fields));
    const __m512i odd = hn::Set(d16, static_cast<std::uint16_t>(c.odd)).raw;
    const __m512i mask = hn::Set(d16, static_cast<std::uint16_t>(c.mask)).raw;
    const __m512i room = _mm512_ternarylogic_epi32(odd, field.raw, mask, 0x07);
    const __mmask32 carries = _mm512_cmpgt_epu16_mask(low.raw, room);
    const V16 code{_mm512_mask_add_epi16(high.raw, carries, high.raw, _mm512_set1_epi16(1))};
#else
    const V16 room = hn::Xor(random_bits(load_fields(d16, fields)), hn::Set(d16, 0xffff));
    const V16 code = hn::Sub(high, hn::VecFromMask(d16, hn::Gt(low, room)));
#endif
    hn::StoreU(code, d16, codes);
    return hn::And(high, hn::Set(d16, 0x7fff));
  }

  /// Four vectors of those.
  template <class Field>
  HWY_INLINE void encode_halves4(const std::uint32_t* lanes, const Field* fields,
                                 std::uint16_t* codes) const {
    const D d;
    const hn::RebindToSigned<D16> di16;
    const std::size_t step = hn::Lanes(d);
    const V16 first = encode_halves(lanes, fields, codes);
    const V16 second = encode_halves(lanes + 2 * step, fields + 2 * step, codes + 2 * step);
    // The last steps before infinity, and all above.
    const auto greatest = hn::Max(hn::BitCast(di16, first), hn::BitCast(di16, second));
    if (HWY_LIKELY(hn::AllFalse(di16, hn::Gt(greatest, hn::Set(di16, 0x7f7e))))) return;
    for (std::size_t i = 0; i < 4 * step; i += step)
      encode_vector(lanes + i, fields + i, codes + i);
  }
#endif

  template <class Field, class Code>
  HWY_INLINE void encode_vector(const std::uint32_t* lanes, const Field* fields,
                                Code* codes) const {
    const D d;
    const V x = hn::LoadU(d, lanes);
    const V index = index_of(x, load_fields(d, fields));
    store_codes(d, special(x, code_of(x, index)), codes);
  }

#if HWY_TARGET <= HWY_AVX3
  /// Words to bytes, in groups of four from each vector within 128 bits.
  static HWY_INLINE __m512i pack_bytes(V a, V b, V c, V d) {
    return _mm512_packus_epi16(_mm512_packus_epi32(a.raw, b.raw),
                               _mm512_packus_epi32(c.raw, d.raw));
  }
  static HWY_INLINE __m512i in_order(__m512i bytes) {
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    return _mm512_permutexvar_epi32(order, bytes);
  }

  /// Codes of indices, limited and with their signs after packing: signed saturation keeps signs.
  HWY_INLINE void store_bytes(V x0, V x1, V x2, V x3, V index0, V index1, V index2, V index3,
                              std::uint8_t* codes) const {
    const hn::Repartition<std::uint8_t, D> d8;
    const __m512i index = pack_bytes(index0, index1, index2, index3);
    const __m512i limit = hn::Set(d8, static_cast<std::uint8_t>(c.cap)).raw;
    const __m512i signs =
        _mm512_packs_epi16(_mm512_packs_epi32(x0.raw, x1.raw), _mm512_packs_epi32(x2.raw, x3.raw));
    // The sign of a byte, moved down to the code's where that has fewer bits.
    const __m512i moved = c.sign_down == 24 ? signs : _mm512_srli_epi16(signs, c.sign_down - 24);
    const __m512i sign_bit = hn::Set(d8, static_cast<std::uint8_t>(p.sign_bit)).raw;
    const __m512i codes_and_signs =
        _mm512_ternarylogic_epi32(_mm512_min_epu8(index, limit), moved, sign_bit, 0xf8);
    _mm512_storeu_si512(codes, in_order(codes_and_signs));
  }
#endif

  template <class Code>
  static HWY_INLINE void store4(V a, V b, V c, V d, Code* codes) {
#if HWY_TARGET <= HWY_AVX3
    if constexpr (sizeof(Code) == 1) {
      _mm512_storeu_si512(codes, in_order(pack_bytes(a, b, c, d)));
      return;
    } else if constexpr (sizeof(Code) == 2) {
      const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
      const __m512i low = _mm512_packus_epi32(a.raw, b.raw);
      const __m512i high = _mm512_packus_epi32(c.raw, d.raw);
      _mm512_storeu_si512(codes, _mm512_permutexvar_epi64(order, low));
      _mm512_storeu_si512(codes + 32, _mm512_permutexvar_epi64(order, high));
      return;
    }
#endif
    const D lanes;
    const std::size_t step = hn::Lanes(lanes);
    store_codes(lanes, a, codes);
    store_codes(lanes, b, codes + step);
    store_codes(lanes, c, codes + 2 * step);
    store_codes(lanes, d, codes + 3 * step);
  }

  const encode_plan<std::uint32_t> p;
  const carry_plan c;
};

/// What stochastic rounding keeps from chunk to chunk of an array.
struct stochastic_state {
  bool is_short = false;  ///< the short way is taken
  bool is_far = false;    ///< the array is hardly in a cache of this core
  carry_plan carry;
  random_keys keys;
};

inline void prepare(stochastic_state& state, const plan& p, std::uint64_t n) {
  if (!is_stochastic(p.c.p.round)) return;
  state.is_short = p.way == route::by32 && make_carry_plan(p.to32, p.c.p, state.carry);
  state.is_far = bytes_of(p.c.from, n) >= std::uint64_t{1} << 20;
}

template <bool Lowest, bool Nearest, bool Short, class Code>
void encode_carries(const encode_plan<std::uint32_t>& e, const array_conversion& conversion,
                    stochastic_state& state, const std::uint32_t* lanes, Code* codes, std::size_t n,
                    std::uint64_t first) {
  if (state.is_far) {
    // They arrive while random bits are made.
    for (std::size_t i = 0; i < n; i += 64 / sizeof(std::uint32_t)) hwy::Prefetch(lanes + i);
  }
  const carry_encoder<Lowest, Nearest, Short> encode(e, state.carry);
  HWY_ALIGN std::uint32_t words[chunk_size + word_room];
  const auto encode_by = [&](auto field) HWY_ATTR {
    using type = decltype(field);
    const type* fields = fill_fields<type>(conversion.random, state.keys, first, n, words);
    encode(lanes, fields, codes, n);
  };
  switch (random_field_bits(conversion.p.random_bits)) {
    case 8: return encode_by(std::uint8_t{});
    case 16: return encode_by(std::uint16_t{});
    default: return encode_by(std::uint32_t{});
  }
}

/// n lanes, of the elements from `first` on, to codes under a stochastic mode, if
/// `state.is_short`. Reads and writes up to `chunk_room` elements behind the last.
template <class Word, class Code>
void encode_stochastic_chunk(const encode_plan<Word>& e, const array_conversion& conversion,
                             stochastic_state& state, const Word* lanes, Code* codes, std::size_t n,
                             std::uint64_t first) {
  if constexpr (sizeof(Word) == 4 && sizeof(Code) <= 4) {
    const auto encode = [&](auto lowest, auto nearest, auto is_short) {
      encode_carries<lowest.value, nearest.value, is_short.value>(e, conversion, state, lanes,
                                                                  codes, n, first);
    };
    using yes = std::true_type;
    using no = std::false_type;
    const carry_plan& c = state.carry;
    switch ((c.has_lowest ? 4 : 0) + (c.nearest != 0 ? 2 : 0) + (c.is_short ? 1 : 0)) {
      case 0: return encode(no(), no(), no());
      case 1: return encode(no(), no(), yes());
      case 2: return encode(no(), yes(), no());
      case 3: return encode(no(), yes(), yes());
      case 4: return encode(yes(), no(), no());
      case 5: return encode(yes(), no(), yes());
      case 6: return encode(yes(), yes(), no());
      default: return encode(yes(), yes(), yes());
    }
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
