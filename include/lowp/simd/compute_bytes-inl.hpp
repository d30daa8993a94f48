// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums and products of codes of at most 8 bits in lanes of bytes, by permutations of 64 and 128
/// bytes (AVX-512 VBMI); see compute_bytes_plan.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "compute_bytes_plan.hpp"

#if defined(LOWP_SIMD_COMPUTE_BYTES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_COMPUTE_BYTES_INL_HPP
#undef LOWP_SIMD_COMPUTE_BYTES_INL_HPP
#else
#define LOWP_SIMD_COMPUTE_BYTES_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_AVX3_DL || (HWY_TARGET == HWY_AVX3 && defined(__AVX512VBMI__))

inline constexpr bool computes_bytes = true;

HWY_INLINE __m512i all_bytes(std::uint8_t x) { return _mm512_set1_epi8(static_cast<char>(x)); }

/// A table of 64, 128 or 256 bytes. Indices are taken modulo its size.
template <int Size>
class byte_table {
  static constexpr int parts = Size / 64;

 public:
  explicit HWY_INLINE byte_table(const std::uint8_t* bytes) {
    for (int i = 0; i < parts; ++i) part[i] = _mm512_loadu_si512(bytes + 64 * i);
  }
  HWY_INLINE __m512i operator[](__m512i index) const {
    if constexpr (parts == 1) return _mm512_permutexvar_epi8(index, part[0]);
    const __m512i low = _mm512_permutex2var_epi8(part[0], index, part[parts == 1 ? 0 : 1]);
    if constexpr (parts == 4) {
      const __m512i high = _mm512_permutex2var_epi8(part[2], index, part[3]);
      return _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), low, high);
    }
    return low;
  }

 private:
  __m512i part[parts];
};

/// The second of a pair of tables for lanes of negative results, where there are two.
template <int Size>
class byte_table_pair {
 public:
  HWY_INLINE byte_table_pair(const std::uint8_t* positive, const std::uint8_t* negative)
      : a(positive), b(negative) {}
  HWY_INLINE __m512i at(__m512i index, bool by_sign, __mmask64 is_negative) const {
    const __m512i x = a[index];
    return by_sign ? _mm512_mask_mov_epi8(x, is_negative, b[index]) : x;
  }

 private:
  byte_table<Size> a, b;
};

template <bool Product>
class byte_computer {
 public:
  explicit HWY_INLINE byte_computer(const compute_bytes_plan& plan)
      : p(plan),
        place_x(plan.place[0]),
        place_y(plan.place[1]),
        greater(plan.greater),
        lesser(Product ? plan.between : plan.lesser),
        rounded(plan.rounded[0], plan.rounded[1]),
        low(plan.low[0], plan.low[1]),
        sign_bit(all_bytes(plan.sign_bit)),
        normal_from(all_bytes(plan.normal_from)),
        offset(all_bytes(plan.offset)),
        top(all_bytes(plan.top)),
        in_binade(all_bytes(static_cast<std::uint8_t>(plan.step - 1))) {}

  HWY_INLINE __m512i operator()(__m512i x, __m512i y) const {
    const __m512i at_x = place_x[x], at_y = place_y[y];
    __mmask64 is_special;
    __m512i code;
    if constexpr (Product) {
      is_special = _mm512_cmpeq_epi8_mask(_mm512_max_epi8(at_x, at_y), all_bytes(127));
      code = product(x, y, at_x, at_y);
    } else {
      is_special = _mm512_cmpeq_epi8_mask(_mm512_max_epu8(at_x, at_y), all_bytes(255));
      code = sum(x, p.flips ? _mm512_xor_si512(y, sign_bit) : y, at_x, at_y);
    }
    if (p.has_odd[0]) is_special |= is_odd(x);
    if (p.has_odd[1]) is_special |= is_odd(y);
    return is_special == 0 ? code : with_special(x, y, is_special, code);
  }

 private:
  HWY_INLINE __mmask64 is_signed(__m512i x) const { return _mm512_test_epi8_mask(x, sign_bit); }

  HWY_INLINE __mmask64 is_odd(__m512i x) const {
    const __m512i code_mask = all_bytes(static_cast<std::uint8_t>(2 * p.sign_bit - 1));
    return _mm512_cmpeq_epi8_mask(_mm512_and_si512(x, code_mask), sign_bit);
  }

  HWY_INLINE __m512i sum(__m512i x, __m512i y, __m512i at_x, __m512i at_y) const {
    const __m512i a = _mm512_max_epu8(at_x, at_y), b = _mm512_min_epu8(at_x, at_y);
    const __m512i apart = _mm512_sub_epi8(_mm512_or_si512(a, in_binade), b);
    const __m512i s = greater[a];
    const __m512i t = _mm512_maskz_mov_epi8(_mm512_test_epi8_mask(b, b),
                                            lesser[_mm512_min_epu8(apart, all_bytes(63))]);
    const __mmask64 differ = is_signed(_mm512_xor_si512(x, y));
    const __m512i total = _mm512_mask_sub_epi8(_mm512_add_epi8(s, t), differ, s, t);
    __m512i sign = _mm512_mask_mov_epi8(y, _mm512_cmpgt_epu8_mask(at_x, at_y), x);
    const __m512i binade = _mm512_add_epi8(_mm512_andnot_si512(in_binade, a),
                                           all_bytes(static_cast<std::uint8_t>(2 * p.step)));
    const __m512i place = _mm512_subs_epu8(binade, rounded.at(total, p.by_sign, is_signed(sign)));
    const __m512i of_zero = p.downward ? _mm512_or_si512(x, y) : _mm512_and_si512(x, y);
    sign = _mm512_mask_mov_epi8(sign, _mm512_testn_epi8_mask(place, place), of_zero);
    const __mmask64 is_low = _mm512_cmplt_epu8_mask(place, normal_from);
    const __m512i code =
        _mm512_mask_mov_epi8(_mm512_sub_epi8(place, offset), is_low, low.at(place, false, 0));
    return finished(code, sign, _mm512_cmpgt_epu8_mask(place, top));
  }

  HWY_INLINE __m512i product(__m512i x, __m512i y, __m512i at_x, __m512i at_y) const {
    const __m512i sign = _mm512_xor_si512(x, y);
    const __mmask64 is_negative = is_signed(sign);
    const __m512i both = _mm512_adds_epi8(at_x, at_y);
    // The lowest three bits of both.
    const __m512i pair =
        _mm512_ternarylogic_epi32(_mm512_slli_epi16(at_x, 3), at_y, all_bytes(7), 0xd8);
    const __m512i place = _mm512_adds_epi8(both, rounded.at(pair, p.by_sign, is_negative));
    const __m512i at_low =
        _mm512_add_epi8(_mm512_max_epi8(both, all_bytes(p.low_from)), lesser[pair]);
    const __mmask64 is_low = _mm512_cmplt_epi8_mask(place, normal_from);
    const __m512i code = _mm512_mask_mov_epi8(_mm512_sub_epi8(place, offset), is_low,
                                              low.at(at_low, p.by_sign, is_negative));
    const __mmask64 is_number =
        _mm512_cmpneq_epi8_mask(_mm512_min_epi8(at_x, at_y), all_bytes(0x80));
    return finished(_mm512_maskz_mov_epi8(is_number, code), sign,
                    _mm512_mask_cmpgt_epi8_mask(is_number, place, top));
  }

  HWY_INLINE __m512i finished(__m512i code, __m512i sign, __mmask64 is_over) const {
    if (p.positive_zero) sign = _mm512_maskz_mov_epi8(_mm512_test_epi8_mask(code, code), sign);
    const __mmask64 is_negative = is_signed(sign);
    code = _mm512_or_si512(code, _mm512_and_si512(sign, sign_bit));
    code = _mm512_mask_mov_epi8(code, is_over, all_bytes(p.over[0]));
    return _mm512_mask_mov_epi8(code, is_over & is_negative, all_bytes(p.over[1]));
  }

  HWY_INLINE __m512i with_special(__m512i x, __m512i y, __mmask64 is_special, __m512i code) const {
    const byte_table<128> class_x(p.operand_class[0]), class_y(p.operand_class[1]);
    const __m512i of_x = _mm512_mask_add_epi8(class_x[x], is_signed(x), class_x[x], all_bytes(8));
    const __m512i of_y = _mm512_mask_add_epi8(class_y[y], is_signed(y), class_y[y], all_bytes(1));
    return _mm512_mask_mov_epi8(code, is_special,
                                byte_table<64>(p.special)[_mm512_add_epi8(of_x, of_y)]);
  }

  const compute_bytes_plan& p;
  byte_table<128> place_x, place_y;
  byte_table<64> greater, lesser;
  byte_table_pair<Product ? 64 : 256> rounded;
  byte_table_pair<Product ? 128 : 64> low;
  __m512i sign_bit, normal_from, offset, top, in_binade;
};

template <bool Product>
void compute_bytes_as(const compute_bytes_plan& p, const std::uint8_t* x, const std::uint8_t* y,
                      std::uint8_t* out, std::size_t n) {
  const byte_computer<Product> computer(p);
  std::size_t i = 0;
  for (; i + 64 <= n; i += 64) {
    const __m512i r = computer(_mm512_loadu_si512(x + i), _mm512_loadu_si512(y + i));
    _mm512_storeu_si512(out + i, r);
  }
  if (i == n) return;
  const __mmask64 rest = (__mmask64{1} << (n - i)) - 1;
  const __m512i r =
      computer(_mm512_maskz_loadu_epi8(rest, x + i), _mm512_maskz_loadu_epi8(rest, y + i));
  _mm512_mask_storeu_epi8(out + i, rest, r);
}

/// n codes in bytes; `out` may be an operand.
inline void compute_bytes(const compute_bytes_plan& p, const std::uint8_t* x, const std::uint8_t* y,
                          std::uint8_t* out, std::size_t n) {
  if (p.is_product) return compute_bytes_as<true>(p, x, y, out, n);
  compute_bytes_as<false>(p, x, y, out, n);
}

#else

inline constexpr bool computes_bytes = false;
inline void compute_bytes(const compute_bytes_plan&, const std::uint8_t*, const std::uint8_t*,
                          std::uint8_t*, std::size_t) {}

#endif

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
