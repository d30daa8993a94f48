// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers that belong to scales, blocks or rows of them, on AVX-512 where codes have sign and
/// magnitude, round to nearest, ties to even or away, and saturate, as those of nearly all
/// quantisers do: the ladder of encode_bytes-inl.hpp in fewer steps, codes of 4 and 6 bits end to
/// end in the same pass, and rows put where they belong.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "encode_plan.hpp"
#include "float_steps-inl.hpp"
#include "lanes-inl.hpp"

#if defined(LOWP_SIMD_ENCODE_EVEN_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ENCODE_EVEN_INL_HPP
#undef LOWP_SIMD_ENCODE_EVEN_INL_HPP
#else
#define LOWP_SIMD_ENCODE_EVEN_INL_HPP
#endif

#undef LOWP_SIMD_HAS_EVEN
#define LOWP_SIMD_HAS_EVEN (HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3)
#undef LOWP_SIMD_HAS_BYTE_PERMUTATIONS
#if HWY_TARGET == HWY_AVX3_DL || (HWY_TARGET == HWY_AVX3 && defined(__AVX512VBMI__))
#define LOWP_SIMD_HAS_BYTE_PERMUTATIONS 1
#else
#define LOWP_SIMD_HAS_BYTE_PERMUTATIONS 0
#endif

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
    const __m512i pairs = _mm512_maddubs_epi16(codes, _mm512_set1_epi16(0x1001));
#if LOWP_SIMD_HAS_BYTE_PERMUTATIONS
    HWY_ALIGN static constexpr std::uint8_t even[64] = {0,  2,  4,  6,  16, 18, 20, 22, 32, 34, 36,
                                                        38, 48, 50, 52, 54, 8,  10, 12, 14, 24, 26,
                                                        28, 30, 40, 42, 44, 46, 56, 58, 60, 62};
    const __m512i dense = _mm512_permutexvar_epi8(_mm512_load_si512(even), pairs);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_castsi512_si256(dense));
    return;
#endif
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
  explicit HWY_INLINE even_ladder(const encode_plan<std::uint32_t>& p)
      : most_(_mm512_set1_epi16(static_cast<short>(1 << ((p.bytes.lowest - p.bytes.far) >> 7)))),
        cap_(_mm512_set1_epi8(static_cast<char>(p.cap[0]))),
        sign_(_mm512_set1_epi8(static_cast<char>(p.sign_bit))),
        kept_(_mm512_set1_epi16(p.bytes.mode == rounding_shape::nearest_even ? -2 : -1)),
        shift_(p.bytes.sign_shift),
        positive_zero_(p.positive_zero) {}

  /// Rounded places of 32 numbers by their upper and lower halves; `field`: of the lowest binade.
  HWY_INLINE __m512i index_of(__m512i upper, __m512i lower, __m512i field) const {
    const __m512i f = _mm512_and_si512(upper, _mm512_set1_epi16(0x7f80));
    // 0x80 | (upper & 0x7f)
    const __m512i significand =
        _mm512_ternarylogic_epi32(_mm512_set1_epi16(0x80), upper, _mm512_set1_epi16(0x7f), 0xf8);
    const __m512i x = _mm512_add_epi16(significand, _mm512_subs_epu16(f, field));
    const __m512i below = _mm512_srli_epi16(_mm512_subs_epu16(field, f), 7);
    const __m512i factor = _mm512_srlv_epi16(most_, below);
    const __m512i exact = _mm512_subs_epu16(_mm512_set1_epi16(1), lower);
    // Ties away and ties toward zero; where they differ, the even one, if asked: away & (back |
    // -2).
    const __m512i away = _mm512_mulhrs_epi16(x, factor);
    const __m512i back = _mm512_mulhrs_epi16(_mm512_sub_epi16(x, exact), factor);
    return _mm512_ternarylogic_epi32(away, back, kept_, 0xe0);
  }

  /// Codes of 64 numbers, in the order of `packs`.
  HWY_INLINE __m512i codes_of(__m512i index0, __m512i index1, __m512i upper0,
                              __m512i upper1) const {
    const __m512i index = _mm512_min_epu8(_mm512_packus_epi16(index0, index1), cap_);
    __m512i signs = _mm512_packs_epi16(upper0, upper1);
    if (shift_ != 0) signs = _mm512_srl_epi16(signs, _mm_cvtsi32_si128(shift_));
    if (positive_zero_) {
      signs = _mm512_maskz_mov_epi8(_mm512_test_epi8_mask(index, index), signs);
    }
    return _mm512_ternarylogic_epi32(index, signs, sign_, 0xf8);
  }

 private:
  __m512i most_, cap_, sign_, kept_;
  int shift_;
  bool positive_zero_;
};

/// Can codes of the plan be made by `encode_even`?
inline bool is_even(const encode_plan<std::uint32_t>& p) {
  const byte_plan& b = p.bytes;
  const bool is_nearest =
      b.mode == rounding_shape::nearest_even || b.mode == rounding_shape::nearest_away;
  return is_nearest && b.is_plain && !b.has_gap && !b.lifts && !b.raises && b.factor == 1 &&
         b.far > 0 && p.sign_bit != 0 && !p.twos_complement && !p.drops_sign &&
         p.cap[0] == p.cap[1];
}

/// Runs of finite numbers, one behind the other.
struct even_runs {
  const float* x;
  std::size_t count, numbers;   ///< of runs, of a run's numbers
  const std::uint32_t* values;  ///< one for each 2^log2 numbers of a run
  int log2;                     ///< at least 5, or 4 for factors
  std::size_t run_values;
  std::uint8_t* codes;  ///< of the first run; each run begins with a byte
  std::uint64_t run_bytes;
};

/// Codes of runs. Values are fields of the lowest binade in both halves, or `Scaled`, factors,
/// whose products are finite. Reads three values behind the last.
template <bool Scaled, int Bits>
HWY_NOINLINE void encode_even(const encode_plan<std::uint32_t>& p, const even_runs& r) {
  const even_ladder ladder(p);
  HWY_ALIGN static constexpr std::uint16_t even[32] = {0,  2,  4,  6,  8,  10, 12, 14, 16, 18, 20,
                                                       22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 42,
                                                       44, 46, 48, 50, 52, 54, 56, 58, 60, 62};
  const __m512i take_even = _mm512_load_si512(even);
  const __m512i take_odd = _mm512_add_epi16(take_even, _mm512_set1_epi16(1));
  const __m512i lowest = _mm512_set1_epi16(static_cast<short>(p.bytes.lowest + 0x80));
  using float_vector = hn::Vec<hn::ScalableTag<float>>;
  const int log2 = r.log2;
  const auto number = [&](const float* at, const std::uint32_t* values, std::size_t k) HWY_ATTR {
    const __m512 v = _mm512_loadu_ps(at);
    if (!Scaled) return _mm512_castps_si512(v);
    const auto value = static_cast<int>(values[k >> log2]);
    const __m512 factor = _mm512_castsi512_ps(_mm512_set1_epi32(value));
    return _mm512_castps_si512(MulStep(float_vector{v}, float_vector{factor}).raw);
  };
  // 32 numbers, from number k of a run on.
  const auto half = [&](const float* at, const std::uint32_t* values, std::size_t k,
                        __m512i& upper) HWY_ATTR {
    const __m512i v0 = number(at, values, k), v1 = number(at + 16, values, k + 16);
    upper = _mm512_permutex2var_epi16(v0, take_odd, v1);
    const __m512i lower = _mm512_permutex2var_epi16(v0, take_even, v1);
    if (Scaled) return ladder.index_of(upper, lower, lowest);
    return ladder.index_of(upper, lower, _mm512_set1_epi32(static_cast<int>(values[k >> log2])));
  };
  const auto encode = [&](const float* at, const std::uint32_t* values, std::size_t k) HWY_ATTR {
    __m512i upper0, upper1;
    const __m512i index0 = half(at, values, k, upper0);
    const __m512i index1 = half(at + 32, values, k + 32, upper1);
    return ladder.codes_of(index0, index1, upper0, upper1);
  };
  HWY_ALIGN std::uint8_t some[64];
  const float* x = r.x;
  const std::uint32_t* values = r.values;
  std::uint8_t* codes = r.codes;
  std::size_t i = 0;
  if (r.numbers == 32) {
    for (; i + 2 <= r.count; i += 2, x += 64, values += 2 * r.run_values) {
      prefetch(x);
      __m512i upper0, upper1;
      const __m512i index0 = half(x, values, 0, upper0);
      const __m512i index1 = half(x + 32, values + r.run_values, 0, upper1);
      store_packed<Bits>(ladder.codes_of(index0, index1, upper0, upper1), some);
      std::memcpy(codes, some, 4 * Bits);
      std::memcpy(codes + r.run_bytes, some + 4 * Bits, 4 * Bits);
      codes += 2 * r.run_bytes;
    }
  }
  for (; i < r.count; ++i, x += r.numbers, values += r.run_values, codes += r.run_bytes) {
    std::size_t k = 0;
    for (; k + 64 <= r.numbers; k += 64) {
      prefetch(x + k);
      store_packed<Bits>(encode(x + k, values, k), codes + k * Bits / 8);
    }
    if (k == r.numbers) continue;
    HWY_ALIGN float last[64] = {};
    std::memcpy(last, x + k, (r.numbers - k) * sizeof(float));
    store_packed<Bits>(encode(last, values, k), some);
    std::memcpy(codes + k * Bits / 8, some, ((r.numbers - k) * Bits + 7) / 8);
  }
}

template <bool Scaled>
HWY_INLINE void encode_even_bits(const encode_plan<std::uint32_t>& p, int bits,
                                 const even_runs& r) {
  if (bits == 4) return encode_even<Scaled, 4>(p, r);
  if (bits == 6) return encode_even<Scaled, 6>(p, r);
  encode_even<Scaled, 8>(p, r);
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LOWP_SIMD_HAS_EVEN

#endif
