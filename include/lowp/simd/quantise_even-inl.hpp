// SPDX-License-Identifier: Apache-2.0
/// \file
/// Elements of blocks on AVX-512 where they have sign and magnitude, round to nearest even and
/// saturate, as those of nearly all quantisers do: the ladder of encode_bytes-inl.hpp in fewer
/// steps, and codes of 4 and 6 bits end to end in the same pass.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "float_steps-inl.hpp"
#include "quantise_plan.hpp"
#include "quantise_scales-inl.hpp"

#if defined(LOWP_SIMD_QUANTISE_EVEN_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_QUANTISE_EVEN_INL_HPP
#undef LOWP_SIMD_QUANTISE_EVEN_INL_HPP
#else
#define LOWP_SIMD_QUANTISE_EVEN_INL_HPP
#endif

#undef LOWP_SIMD_HAS_EVEN
#define LOWP_SIMD_HAS_EVEN (HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3)

#if LOWP_SIMD_HAS_EVEN

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// Codes of 64 bytes to `Bits` bits each. The bytes are in the order of `packs`: in each 128 bits
/// eight codes of the first 32 and eight of the last.
template <int Bits>
HWY_INLINE void store_packed(__m512i codes, std::uint8_t* to) {
  if constexpr (Bits == 8) {
    const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    _mm512_storeu_si512(to, _mm512_permutexvar_epi64(order, codes));
  } else if constexpr (Bits == 4) {
    const __m512i pairs = _mm512_or_si512(codes, _mm512_srli_epi16(codes, 4));
    const __m256i bytes = _mm512_cvtepi16_epi8(pairs);
    const __m256i order = _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_permutevar8x32_epi32(bytes, order));
  } else {
    // Two codes to 12 bits, four to 24, eight to 6 bytes.
    const __m512i twos = _mm512_maddubs_epi16(codes, _mm512_set1_epi16(0x4001));
    const __m512i fours = _mm512_madd_epi16(twos, _mm512_set1_epi32(0x10000001));
    const __m512i bytes =
        _mm512_shuffle_epi8(fours, _mm512_broadcast_i32x4(_mm_setr_epi8(
                                       0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1)));
    // Words of 6 bytes: 0...2 of each 128 bits in turn, then 3...5.
    HWY_ALIGN static constexpr std::uint16_t order[32] = {
        0, 1, 2, 8, 9, 10, 16, 17, 18, 24, 25, 26, 3, 4, 5, 11, 12, 13, 19, 20, 21, 27, 28, 29};
    const __m512i dense = _mm512_permutexvar_epi16(_mm512_load_si512(order), bytes);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_castsi512_si256(dense));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 32), _mm512_extracti32x4_epi32(dense, 2));
  }
}

/// The ladder of a plan, its constants in vectors.
class even_ladder {
 public:
  explicit HWY_INLINE even_ladder(const quantise_plan& p)
      : most_(_mm512_set1_epi16(static_cast<short>(1 << (p.distance >> 7)))),
        cap_(_mm512_set1_epi8(static_cast<char>(p.codes.cap[0]))),
        sign_(_mm512_set1_epi8(static_cast<char>(p.codes.sign_bit))),
        shift_(p.codes.bytes.sign_shift) {}

  /// Rounded places of 32 numbers by their upper and lower halves; `field`: of the lowest binade.
  HWY_INLINE __m512i index_of(__m512i upper, __m512i lower, __m512i field, __m512i& fields) const {
    const __m512i f = _mm512_and_si512(upper, _mm512_set1_epi16(0x7f80));
    fields = _mm512_max_epu16(fields, f);
    // 0x80 | (upper & 0x7f)
    const __m512i significand =
        _mm512_ternarylogic_epi32(_mm512_set1_epi16(0x80), upper, _mm512_set1_epi16(0x7f), 0xf8);
    const __m512i x = _mm512_add_epi16(significand, _mm512_subs_epu16(f, field));
    const __m512i below = _mm512_srli_epi16(_mm512_subs_epu16(field, f), 7);
    const __m512i factor = _mm512_srlv_epi16(most_, below);
    const __m512i exact = _mm512_subs_epu16(_mm512_set1_epi16(1), lower);
    // Ties away and ties toward zero; where they differ, the even one: away & (back | -2).
    const __m512i away = _mm512_mulhrs_epi16(x, factor);
    const __m512i back = _mm512_mulhrs_epi16(_mm512_sub_epi16(x, exact), factor);
    return _mm512_ternarylogic_epi32(away, back, _mm512_set1_epi16(-2), 0xe0);
  }

  /// Codes of 64 numbers, in the order of `packs`.
  HWY_INLINE __m512i codes_of(__m512i index0, __m512i index1, __m512i upper0,
                              __m512i upper1) const {
    const __m512i index = _mm512_min_epu8(_mm512_packus_epi16(index0, index1), cap_);
    __m512i signs = _mm512_packs_epi16(upper0, upper1);
    if (shift_ != 0) signs = _mm512_srl_epi16(signs, _mm_cvtsi32_si128(shift_));
    return _mm512_ternarylogic_epi32(index, signs, sign_, 0xf8);
  }

 private:
  __m512i most_, cap_, sign_;
  int shift_;
};

/// Can codes of the plan be made by `encode_even`?
inline bool is_even(const quantise_plan& p) {
  const encode_plan<std::uint32_t>& c = p.codes;
  const byte_plan& b = c.bytes;
  return (p.ladder || p.scaled) && b.mode == rounding_shape::nearest_even && b.factor == 1 &&
         b.far > 0 && c.sign_bit != 0 && !c.twos_complement && !c.positive_zero &&
         c.cap[0] == c.cap[1];
}

/// n numbers of whole blocks; a value for each 32 of them, the field of the lowest binade in both
/// halves, or `Scaled`, each 16, a factor. False: some products are infinite, and the codes are
/// void.
template <bool Scaled, int Bits>
HWY_NOINLINE bool encode_even(const quantise_plan& p, const float* x, const std::uint32_t* values,
                              std::uint8_t* codes, std::size_t n) {
  const even_ladder ladder(p);
  HWY_ALIGN static constexpr std::uint16_t even[32] = {0,  2,  4,  6,  8,  10, 12, 14, 16, 18, 20,
                                                       22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 42,
                                                       44, 46, 48, 50, 52, 54, 56, 58, 60, 62};
  const __m512i take_even = _mm512_load_si512(even);
  const __m512i take_odd = _mm512_add_epi16(take_even, _mm512_set1_epi16(1));
  const __m512i lowest = _mm512_set1_epi16(static_cast<short>(p.codes.bytes.lowest + 0x80));
  __m512i fields = _mm512_setzero_si512();
  const auto number = [&](const float* at, std::size_t k) HWY_ATTR {
    const __m512 v = _mm512_loadu_ps(at);
    if (!Scaled) return _mm512_castps_si512(v);
    const __m512 factor = _mm512_castsi512_ps(_mm512_set1_epi32(static_cast<int>(values[k / 16])));
    return _mm512_castps_si512(MulStep(float_vector{v}, float_vector{factor}).raw);
  };
  const auto encode = [&](const float* at, std::size_t k) HWY_ATTR {
    __m512i upper[2], index[2];
    for (std::size_t h = 0; h < 2; ++h) {
      const __m512i v0 = number(at + 32 * h, k + 32 * h);
      const __m512i v1 = number(at + 32 * h + 16, k + 32 * h + 16);
      upper[h] = _mm512_permutex2var_epi16(v0, take_odd, v1);
      const __m512i lower = _mm512_permutex2var_epi16(v0, take_even, v1);
      __m512i field = lowest;
      if (!Scaled) field = _mm512_set1_epi32(static_cast<int>(values[k / 32 + h]));
      index[h] = ladder.index_of(upper[h], lower, field, fields);
    }
    return ladder.codes_of(index[0], index[1], upper[0], upper[1]);
  };
  std::size_t k = 0;
  for (; k + 64 <= n; k += 64) {
    prefetch(x + k);
    store_packed<Bits>(encode(x + k, k), codes + k * Bits / 8);
  }
  if (k != n) {
    HWY_ALIGN float last[64] = {};
    HWY_ALIGN std::uint8_t last_codes[64];
    std::memcpy(last, x + k, (n - k) * sizeof(float));
    store_packed<Bits>(encode(last, k), last_codes);
    std::memcpy(codes + k * Bits / 8, last_codes, (n - k) * Bits / 8);
  }
  if (!Scaled) return true;
  return _mm512_cmpeq_epi16_mask(fields, _mm512_set1_epi16(0x7f80)) == 0;
}

template <bool Scaled>
HWY_INLINE bool encode_even_bits(const quantise_plan& p, int bits, const float* x,
                                 const std::uint32_t* values, std::uint8_t* codes, std::size_t n) {
  if (bits == 4) return encode_even<Scaled, 4>(p, x, values, codes, n);
  if (bits == 6) return encode_even<Scaled, 6>(p, x, values, codes, n);
  return encode_even<Scaled, 8>(p, x, values, codes, n);
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LOWP_SIMD_HAS_EVEN

#endif
