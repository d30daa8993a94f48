// SPDX-License-Identifier: Apache-2.0
/// \file
/// Dot products of 16 blocks at a time: sums of integer products of bytes (AVX-512 VNNI), exact, or
/// one by one; scales in binary64, one rounding to binary32 a block. spec/bulk.md BLK-10.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "block_dot_plan.hpp"
#include "float_steps-inl.hpp"

#if defined(LOWP_SIMD_BLOCK_DOT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_BLOCK_DOT_INL_HPP
#undef LOWP_SIMD_BLOCK_DOT_INL_HPP
#else
#define LOWP_SIMD_BLOCK_DOT_INL_HPP
#endif

#undef LOWP_SIMD_UNROLL
#if defined(__GNUC__) && !defined(__clang__)
#define LOWP_SIMD_UNROLL _Pragma("GCC unroll 8")  // else arrays of vectors stay in memory at -O2
#else
#define LOWP_SIMD_UNROLL
#endif
#undef LOWP_SIMD_HAS_VNNI
#if HWY_TARGET == HWY_AVX3_DL || \
    (HWY_TARGET == HWY_AVX3 && defined(__AVX512VBMI__) && defined(__AVX512VNNI__))
#define LOWP_SIMD_HAS_VNNI 1
#else
#define LOWP_SIMD_HAS_VNNI 0
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Blocks that go together, and the bytes of their codes.
inline constexpr std::size_t dot_group = 16;
inline constexpr std::size_t most_dot_bytes = dot_group * 32;

#if LOWP_SIMD_HAS_VNNI

/// 64 bytes from memory.
HWY_INLINE __m512i load64(const std::uint8_t* at) { return _mm512_loadu_si512(at); }

/// sum + products of four bytes without and four with sign, in each lane. The processors of AVX3_DL
/// have it (AVX-512 VNNI), but Highway 1.0 does not tell compilers.
HWY_INLINE __m512i dot_bytes(__m512i sum, __m512i x, __m512i y) {
  __asm__("vpdpbusd {%2, %1, %0|%0, %1, %2}" : "+v"(sum) : "v"(x), "v"(y));
  return sum;
}

/// Vectors of 16 lanes of 32 bits that are summed in the same way.
template <int N>
struct lanes32 {
  __m512i of[N];
};

/// f(i) and f(i + 1) with half as many lanes for each, and the same of those: two vectors at a
/// time, so that few of them are alive.
template <class F>
HWY_INLINE auto sums_of_2(const F& f, int i) {
  auto a = f(i);
  const auto b = f(i + 1);
  LOWP_SIMD_UNROLL
  for (std::size_t k = 0; k < sizeof(a) / 64; ++k) {
    a.of[k] = _mm512_add_epi32(_mm512_unpacklo_epi32(a.of[k], b.of[k]),
                               _mm512_unpackhi_epi32(a.of[k], b.of[k]));
  }
  return a;
}
template <class F>
HWY_INLINE auto sums_of_4(const F& f, int i) {
  auto a = sums_of_2(f, i);
  const auto b = sums_of_2(f, i + 2);
  LOWP_SIMD_UNROLL
  for (std::size_t k = 0; k < sizeof(a) / 64; ++k) {
    a.of[k] = _mm512_add_epi32(_mm512_unpacklo_epi64(a.of[k], b.of[k]),
                               _mm512_unpackhi_epi64(a.of[k], b.of[k]));
  }
  return a;
}
/// Sums of neighbouring blocks of 128 bits of two such, in order.
template <int N>
HWY_INLINE lanes32<N> sums_of_pairs(lanes32<N> a, lanes32<N> b) {
  const __m512i order = _mm512_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
  LOWP_SIMD_UNROLL
  for (int k = 0; k < N; ++k) {
    const __m512i sum = _mm512_add_epi32(_mm512_shuffle_i32x4(a.of[k], b.of[k], 0x88),
                                         _mm512_shuffle_i32x4(a.of[k], b.of[k], 0xdd));
    a.of[k] = _mm512_permutexvar_epi32(order, sum);
  }
  return a;
}

/// Sums of all lanes of 256 bits of f(0)...f(7), in order.
template <class F>
HWY_INLINE auto sums_of_8(const F& f) {
  return sums_of_pairs(sums_of_4(f, 0), sums_of_4(f, 4));
}

/// Four vectors from memory; within blocks of 128 bits lane i of vector k is lane k of vector i.
HWY_INLINE lanes32<4> transposed_4(const std::uint8_t* at) {
  const __m512i a = load64(at), b = load64(at + 64), c = load64(at + 128), d = load64(at + 192);
  const __m512i ab = _mm512_unpacklo_epi32(a, b), AB = _mm512_unpackhi_epi32(a, b);
  const __m512i cd = _mm512_unpacklo_epi32(c, d), CD = _mm512_unpackhi_epi32(c, d);
  return {{_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd),
           _mm512_unpacklo_epi64(AB, CD), _mm512_unpackhi_epi64(AB, CD)}};
}

/// Products of two vectors of bytes of E2M1 pairs, four neighbours in a lane: magnitudes of x times
/// values of y with the sign of both.
HWY_INLINE __m512i e2m1_products(__m512i magnitudes, __m512i values, __m512i x, __m512i y) {
  const __m512i low = _mm512_set1_epi8(15), sign = _mm512_set1_epi8(static_cast<char>(0x88));
  const __m512i z = _mm512_ternarylogic_epi64(y, x, sign, 0x78);  // y ^ (x & sign)
  const __m512i x_high = _mm512_and_si512(_mm512_srli_epi16(x, 4), low);
  const __m512i z_high = _mm512_and_si512(_mm512_srli_epi16(z, 4), low);
  const __m512i x_low = _mm512_and_si512(x, low), z_low = _mm512_and_si512(z, low);
  const __m512i sum = dot_bytes(_mm512_setzero_si512(), _mm512_shuffle_epi8(magnitudes, x_low),
                                _mm512_shuffle_epi8(values, z_low));
  return dot_bytes(sum, _mm512_shuffle_epi8(magnitudes, x_high),
                   _mm512_shuffle_epi8(values, z_high));
}

/// Sums of products of 16 blocks, in units.
template <int Columns>
struct e2m1_blocks {
  static constexpr std::size_t bytes = dot_group * Columns / 2;
  __m512i magnitudes, values;

  HWY_INLINE e2m1_blocks() {
    alignas(16) std::int8_t m[16], v[16];
    for (std::size_t i = 0; i < 16; ++i) {
      const std::int32_t value = detail::e2m1_integers[i];
      v[i] = static_cast<std::int8_t>(value);
      m[i] = static_cast<std::int8_t>(value < 0 ? -value : value);
    }
    magnitudes = _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(m)));
    values = _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(v)));
  }

  HWY_INLINE bool operator()(const std::uint8_t* x, const std::uint8_t* y, __m512d (&D)[2]) const {
    __m512i sum;
    if constexpr (Columns == 16) {
      const __m512i a = e2m1_products(magnitudes, values, load64(x), load64(y));
      const __m512i b = e2m1_products(magnitudes, values, load64(x + 64), load64(y + 64));
      const __m512i even =
          _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
      const __m512i odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
      sum = _mm512_add_epi32(_mm512_permutex2var_epi32(a, even, b),
                             _mm512_permutex2var_epi32(a, odd, b));
    } else {
      const auto u = sums_of_4(
          [&](int v) __attribute__((always_inline)) HWY_ATTR {
            return lanes32<1>{
                {e2m1_products(magnitudes, values, load64(x + 64 * v), load64(y + 64 * v))}};
          },
          0);
      const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
      sum = _mm512_permutexvar_epi32(order, u.of[0]);
    }
    D[0] = _mm512_cvtepi32_pd(_mm512_castsi512_si256(sum));
    D[1] = _mm512_cvtepi32_pd(_mm512_extracti64x4_epi64(sum, 1));
    return false;
  }
};

/// x y = (x + 128) y - 128 y.
struct int8_blocks {
  static constexpr std::size_t bytes = dot_group * 32;

  HWY_INLINE bool operator()(const std::uint8_t* x, const std::uint8_t* y, __m512d (&D)[2]) const {
    const __m512i offset = _mm512_set1_epi8(static_cast<char>(0x80));
    const __m512i zero = _mm512_setzero_si512();
    const __m512i sum = sums_of_8([&](int v) __attribute__((always_inline)) HWY_ATTR {
                          const __m512i some = load64(y + 64 * v);
                          const __m512i up = _mm512_xor_si512(load64(x + 64 * v), offset);
                          return lanes32<1>{{_mm512_sub_epi32(dot_bytes(zero, up, some),
                                                              dot_bytes(zero, offset, some))}};
                        }).of[0];
    D[0] = _mm512_cvtepi32_pd(_mm512_castsi512_si256(sum));
    D[1] = _mm512_cvtepi32_pd(_mm512_extracti64x4_epi64(sum, 1));
    return false;
  }
};

/// Magnitudes in three digits to the base 64; those of y take the sign of both. The two highest
/// places of a product are summed apart from the three lowest: both fit 32 bits.
struct e4m3_blocks {
  static constexpr std::size_t bytes = dot_group * 32;
  __m512i table[3][2];

  HWY_INLINE e4m3_blocks() {
    LOWP_SIMD_UNROLL
    for (int d = 0; d < 3; ++d) {
      LOWP_SIMD_UNROLL
      for (int i = 0; i < 2; ++i) {
        table[d][i] = _mm512_load_si512(detail::e4m3_digits.digit[d] + 64 * i);
      }
    }
  }

  HWY_INLINE __m512i digit(int d, __m512i codes) const {
    return _mm512_permutex2var_epi8(table[d][0], codes, table[d][1]);
  }

  HWY_INLINE bool operator()(const std::uint8_t* x, const std::uint8_t* y, __m512d (&D)[2]) const {
    const __m512i zero = _mm512_setzero_si512();
    __m512i tops = zero;
    // Sums by place of four vectors, whose lanes of 32 bits are transposed so that a lane has only
    // products of one block.
    const auto places = [&](int first) __attribute__((always_inline)) HWY_ATTR {
      const lanes32<4> a = transposed_4(x + 64 * first), b = transposed_4(y + 64 * first);
      __m512i p0 = zero, p1 = zero, p2 = zero, p2_too = zero, p3 = zero, p4 = zero;
      LOWP_SIMD_UNROLL
      for (int v = 0; v < 4; ++v) {
        const __m512i x0 = digit(0, a.of[v]), x1 = digit(1, a.of[v]), x2 = digit(2, a.of[v]);
        __m512i y0 = digit(0, b.of[v]), y1 = digit(1, b.of[v]), y2 = digit(2, b.of[v]);
        tops = _mm512_ternarylogic_epi64(tops, x2, y2, 0xfe);
        const __mmask64 negative = _mm512_movepi8_mask(_mm512_xor_si512(a.of[v], b.of[v]));
        y0 = _mm512_mask_sub_epi8(y0, negative, zero, y0);
        y1 = _mm512_mask_sub_epi8(y1, negative, zero, y1);
        y2 = _mm512_mask_sub_epi8(y2, negative, zero, y2);
        p0 = dot_bytes(p0, x0, y0);
        p1 = dot_bytes(p1, x1, y0);
        p2 = dot_bytes(p2, x2, y0);
        p2_too = dot_bytes(p2_too, x1, y1);
        p1 = dot_bytes(p1, x0, y1);
        p3 = dot_bytes(p3, x2, y1);
        p2 = dot_bytes(p2, x0, y2);
        p3 = dot_bytes(p3, x1, y2);
        p4 = dot_bytes(p4, x2, y2);
      }
      const __m512i high = _mm512_add_epi32(_mm512_slli_epi32(p4, 6), p3);
      __m512i low = _mm512_slli_epi32(_mm512_add_epi32(p2, p2_too), 6);
      low = _mm512_slli_epi32(_mm512_add_epi32(low, p1), 6);
      return lanes32<2>{{_mm512_add_epi32(low, p0), high}};
    };
    const lanes32<2> sums = sums_of_pairs(places(0), places(4));
    const __m512i l = sums.of[0], h = sums.of[1];
    const __m512d place = _mm512_set1_pd(262144.0);
    D[0] = _mm512_add_pd(_mm512_mul_pd(_mm512_cvtepi32_pd(_mm512_castsi512_si256(h)), place),
                         _mm512_cvtepi32_pd(_mm512_castsi512_si256(l)));
    D[1] = _mm512_add_pd(_mm512_mul_pd(_mm512_cvtepi32_pd(_mm512_extracti64x4_epi64(h, 1)), place),
                         _mm512_cvtepi32_pd(_mm512_extracti64x4_epi64(l, 1)));
    return _mm512_movepi8_mask(tops) != 0;
  }
};

/// Products of the scales of 16 blocks, in units. Is one a NaN?
template <bool IsPower>
HWY_INLINE bool scale_products(const block_dot_plan& p, const std::uint8_t* x,
                               const std::uint8_t* y, __m512d (&S)[2]) {
  const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(x));
  const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(y));
  if constexpr (IsPower) {
    const __m128i nan = _mm_set1_epi8(-1);
    const __m512i sum =
        _mm512_add_epi32(_mm512_add_epi32(_mm512_cvtepu8_epi32(a), _mm512_cvtepu8_epi32(b)),
                         _mm512_set1_epi32(1023 - 254 + p.unit));
    S[0] = _mm512_castsi512_pd(
        _mm512_slli_epi64(_mm512_cvtepu32_epi64(_mm512_castsi512_si256(sum)), 52));
    S[1] = _mm512_castsi512_pd(
        _mm512_slli_epi64(_mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(sum, 1)), 52));
    return _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(a, nan), _mm_cmpeq_epi8(b, nan))) != 0;
  } else {
    // The trailing bits of binary32 at the place of UE4M3's; its exponents are 120 less. Subnormal
    // numbers are no less exact.
    const __m128i bits = _mm_set1_epi8(127);
    const __m128i c = _mm_and_si128(a, bits), e = _mm_and_si128(b, bits);
    const __m512 s = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu8_epi32(c), 20));
    const __m512 t = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu8_epi32(e), 20));
    const __m512 up = _mm512_set1_ps(0x1p120f);
    using V = hn::VFromD<hn::CappedTag<float, 16>>;
    const V product = MulStep(MulStep(V{s}, V{up}), MulStep(V{t}, V{up}));
    const __m512d unit = _mm512_set1_pd(0.25);
    S[0] = _mm512_mul_pd(_mm512_cvtps_pd(_mm512_castps512_ps256(product.raw)), unit);
    S[1] = _mm512_mul_pd(
        _mm512_cvtps_pd(_mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(product.raw), 1))),
        unit);
    return _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(c, bits), _mm_cmpeq_epi8(e, bits))) != 0;
  }
}

/// Are products with an outer scale, rounded to binary64, too near to where binary32 rounds?
HWY_INLINE bool is_doubtful(__m512d p) {
  const __m512i bits = _mm512_castpd_si512(p);
  const __m512i rest = _mm512_and_si512(bits, _mm512_set1_epi64((1 << 29) - 1));
  const __mmask8 middle = _mm512_cmpeq_epi64_mask(rest, _mm512_set1_epi64(1 << 28));
  const __m512i magnitude = _mm512_and_si512(bits, _mm512_set1_epi64(INT64_MAX));
  const __mmask8 small =
      _mm512_cmplt_epu64_mask(magnitude, _mm512_set1_epi64(std::int64_t{1023 - 126} << 52));
  const __mmask8 some = _mm512_test_epi64_mask(magnitude, magnitude);
  return (middle | (small & some)) != 0;
}

/// Values of 16 blocks in binary32. False: a NaN, or the definition must tell.
template <bool IsPower, class Blocks>
HWY_INLINE bool block_values(const block_dot_plan& p, const Blocks& blocks, const std::uint8_t* x,
                             const std::uint8_t* y, const std::uint8_t* x_scales,
                             const std::uint8_t* y_scales, __m512& values) {
  __m512d D[2], S[2];
  bool bad = blocks(x, y, D);
  bad = scale_products<IsPower>(p, x_scales, y_scales, S) || bad;
  __m256 half[2];
  LOWP_SIMD_UNROLL
  for (int i = 0; i < 2; ++i) {
    __m512d v = _mm512_mul_pd(D[i], S[i]);
    if (p.outer != 1) {
      __asm__("" : "+v"(v));  // -ffast-math may not multiply both factors first
      v = _mm512_mul_pd(v, _mm512_set1_pd(p.outer));
      bad = bad || is_doubtful(v);
    }
    half[i] = _mm512_cvtpd_ps(v);
  }
  values = _mm512_castpd_ps(_mm512_insertf64x4(_mm512_castps_pd(_mm512_castps256_ps512(half[0])),
                                               _mm256_castps_pd(half[1]), 1));
  return !bad;
}

/// The same of 16 lanes of a vector.
HWY_INLINE float sum_of_16(__m512 sums) {
  using V8 = hn::VFromD<hn::CappedTag<float, 8>>;
  using V4 = hn::VFromD<hn::CappedTag<float, 4>>;
  const V8 upper{_mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(sums), 1))};
  const V8 of_8 = AddStep(V8{_mm512_castps512_ps256(sums)}, upper);
  const V4 of_4 =
      AddStep(V4{_mm256_castps256_ps128(of_8.raw)}, V4{_mm256_extractf128_ps(of_8.raw, 1)});
  const V4 of_2 = AddStep(of_4, V4{_mm_movehl_ps(of_4.raw, of_4.raw)});
  return _mm_cvtss_f32(AddStep(of_2, V4{_mm_movehdup_ps(of_2.raw)}).raw);
}

template <bool IsPower, class Blocks>
bool dot_blocks(const block_dot_plan& p, const block_vector& x, const block_vector& y,
                std::uint64_t n, int lanes, float& result) {
  const auto* a = reinterpret_cast<const std::uint8_t*>(x.codes);
  const auto* b = reinterpret_cast<const std::uint8_t*>(y.codes);
  const auto* s = reinterpret_cast<const std::uint8_t*>(x.scales);
  const auto* t = reinterpret_cast<const std::uint8_t*>(y.scales);
  const Blocks blocks;
  const std::uint64_t columns = static_cast<std::uint64_t>(p.columns), each = dot_group * columns;
  using V = hn::VFromD<hn::CappedTag<float, 16>>;
  V sums{_mm512_setzero_ps()};
  alignas(64) float lane[64], value[16];
  if (lanes != 16) std::memset(lane, 0, sizeof lane);
  const auto add = [&](__m512 values, std::uint64_t first) HWY_ATTR {
    if (lanes == 16) {
      sums = AddStep(sums, V{values});
      return;
    }
    _mm512_store_ps(value, values);
    const std::uint64_t mask = static_cast<std::uint64_t>(lanes) - 1;
    for (std::uint64_t i = 0; i < 16; ++i) {
      float& to = lane[(first + i) & mask];
      to = machine::add(to, value[i]);
    }
  };
  bool good = true;
  std::uint64_t i = 0;
  __m512 values;
  for (; i + each <= n; i += each) {
    good = block_values<IsPower>(p, blocks, a, b, s, t, values) && good;
    add(values, i / columns);
    a += Blocks::bytes;
    b += Blocks::bytes;
    s += dot_group;
    t += dot_group;
  }
  if (i < n) {
    // The rest among zeros.
    alignas(64) std::uint8_t last[2][most_dot_bytes] = {}, scale[2][dot_group] = {};
    const std::uint64_t bytes = (n - i) * Blocks::bytes / each;
    const std::uint64_t left = (n - i + columns - 1) / columns;
    std::memcpy(last[0], a, bytes);
    std::memcpy(last[1], b, bytes);
    if ((n - i) * Blocks::bytes % each != 0) {
      last[0][bytes] = a[bytes] & 15;
      last[1][bytes] = b[bytes] & 15;
    }
    std::memcpy(scale[0], s, left);
    std::memcpy(scale[1], t, left);
    good = block_values<IsPower>(p, blocks, last[0], last[1], scale[0], scale[1], values) && good;
    add(values, i / columns);
  }
  result = lanes == 16 ? sum_of_16(sums.raw) : sum_in_halves(lane, lanes);
  return good;
}

#endif

/// The dot product by `blocks`. False where there is no kernel, or the definition must tell: it met
/// a NaN, or a rounding that binary64 does not decide.
inline bool dot_planned(const block_dot_plan& p, const block_vector& x, const block_vector& y,
                        std::uint64_t n, int lanes, float& result) {
#if LOWP_SIMD_HAS_VNNI
  const auto by = [&](auto* blocks) HWY_ATTR {
    using B = std::remove_pointer_t<decltype(blocks)>;
    return p.scale_is_power ? dot_blocks<true, B>(p, x, y, n, lanes, result)
                            : dot_blocks<false, B>(p, x, y, n, lanes, result);
  };
  switch (p.elements) {
    case dot_elements::none: break;
    case dot_elements::e2m1:
      if (p.columns == 16) return by(static_cast<e2m1_blocks<16>*>(nullptr));
      return by(static_cast<e2m1_blocks<32>*>(nullptr));
    case dot_elements::e4m3:
      if (p.scale_is_power) return dot_blocks<true, e4m3_blocks>(p, x, y, n, lanes, result);
      break;
    case dot_elements::int8:
      if (p.scale_is_power) return dot_blocks<true, int8_blocks>(p, x, y, n, lanes, result);
      break;
  }
#endif
  static_cast<void>(p), static_cast<void>(x), static_cast<void>(y), static_cast<void>(n);
  static_cast<void>(lanes), static_cast<void>(result);
  return false;
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#undef LOWP_SIMD_HAS_VNNI
#undef LOWP_SIMD_UNROLL

#endif
