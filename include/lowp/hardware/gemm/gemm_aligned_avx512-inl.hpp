// SPDX-License-Identifier: Apache-2.0
/// \file
/// Steps that the kernels of aligned sums for AVX-512 share. spec/gemm.md GEM-6.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_kernel.hpp"

#if defined(LOWP_GEMM_ALIGNED_AVX512_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_ALIGNED_AVX512_INL_HPP
#undef LOWP_GEMM_ALIGNED_AVX512_INL_HPP
#else
#define LOWP_GEMM_ALIGNED_AVX512_INL_HPP
#endif

#undef LOWP_GEMM_UNROLL
#if defined(__GNUC__) && !defined(__clang__)
#define LOWP_GEMM_UNROLL _Pragma("GCC unroll 8")  // else arrays of vectors stay in memory at -O2
#else
#define LOWP_GEMM_UNROLL
#endif
#undef LOWP_GEMM_HAS_DIRECT
#if HWY_ARCH_X86_64 && HWY_TARGET <= HWY_AVX3
#define LOWP_GEMM_HAS_DIRECT 1
#else
#define LOWP_GEMM_HAS_DIRECT 0
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_GEMM_HAS_DIRECT
namespace direct {

constexpr int columns = 16, rows = 8;
/// Exponents: short ones, with powers of two for whole steps, of 16 bits.
enum class range { plain, scaled, wide };

template <range Range>
HWY_INLINE __m512i least_of() {
  return Range == range::wide ? _mm512_set1_epi16(-32768) : _mm512_set1_epi8(-128);
}
/// The greater of x and of y + z.
template <range Range>
HWY_INLINE __m512i greater_of(__m512i x, __m512i y, __m512i z) {
  if constexpr (Range == range::wide) return _mm512_max_epi16(x, _mm512_add_epi16(y, z));
  return _mm512_max_epi8(x, _mm512_adds_epi8(y, z));
}
/// The greatest exponent of a word.
template <range Range>
HWY_INLINE __m512i greatest_of(__m512i x) {
  if constexpr (Range == range::wide) {
    return _mm512_srai_epi32(_mm512_max_epi16(x, _mm512_rol_epi32(x, 16)), 16);
  }
  x = _mm512_max_epi8(x, _mm512_rol_epi32(x, 16));
  return _mm512_srai_epi32(_mm512_max_epi8(x, _mm512_rol_epi32(x, 8)), 24);
}

/// x y in one rounding, whatever the compiler's flags.
HWY_INLINE __m512 times(__m512 x, __m512 y) {
  __m512 r;
  __asm__("vmulps {%2, %1, %0|%0, %1, %2}" : "=v"(r) : "v"(x), "v"(y));
  return r;
}
HWY_INLINE __m512 plus(__m512 x, __m512 y) {
  __m512 r;
  __asm__("vaddps {%2, %1, %0|%0, %1, %2}" : "=v"(r) : "v"(x), "v"(y));
  return r;
}
HWY_INLINE __m512i word(std::int32_t x) { return _mm512_set1_epi32(x); }
HWY_INLINE __m512 real(float x) { return _mm512_set1_ps(x); }

}  // namespace direct
#endif  // LOWP_GEMM_HAS_DIRECT

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
