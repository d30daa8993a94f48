// SPDX-License-Identifier: Apache-2.0
/// \file
/// The kernel of aligned sums for AVX-512 where few bits are kept (FP8 on Ada and Hopper): scales
/// and units are made of exponent fields. Same layout and results as gemm_aligned-inl.hpp, which
/// does what is out of range here. spec/gemm.md GEM-6.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_kernel.hpp"

#if defined(LOWP_GEMM_ALIGNED_SHORT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_ALIGNED_SHORT_INL_HPP
#undef LOWP_GEMM_ALIGNED_SHORT_INL_HPP
#else
#define LOWP_GEMM_ALIGNED_SHORT_INL_HPP
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

/// The least exponent of accumulators here: above those of products with zeros.
constexpr int least_short_exponent = -60;

/// Whether accumulators are 0 or at least 2^-60, now and after each step, so that no zero is
/// aligned above them. Large ones stay as they are: products are below their last bits.
inline bool takes_short(const aligned_plan& p, const gemm_tile& t) {
  if (!p.is_narrow || t.exponent != 0 || p.least > no_short_exponent) return false;
  if (p.least_product - p.kept < least_short_exponent) return false;
  const auto* const c = static_cast<const float*>(t.accumulators);
  const __m512i least = word((127 + least_short_exponent) << 23);
  __mmask16 tiny = 0;
  for (int r = 0; r < rows; ++r) {
    const __m512i bits = _mm512_loadu_si512(c + r * columns);
    const __m512i m = _mm512_and_si512(bits, word(0x7fffffff));
    tiny |= _mm512_mask_cmplt_epi32_mask(_mm512_test_epi32_mask(m, m), m, least);
  }
  return tiny == 0;
}

HWY_NOINLINE void short_tile(const aligned_plan& p, const gemm_tile& t) {
  const aligned_layout at_a(rows, p), at_b(columns, p);
  const std::size_t bytes_a = at_a.instruction(p.steps), bytes_b = at_b.instruction(p.steps);
  const __m512i mask = word(static_cast<std::int32_t>(~std::uint32_t{0} << (24 - p.precision)));
  auto* const out = static_cast<float*>(t.accumulators);
  __m512 c[rows];
  LOWP_GEMM_UNROLL
  for (int r = 0; r < rows; ++r) c[r] = _mm512_loadu_ps(out + r * columns);
  for (std::uint64_t i = t.first; i < t.last; i += t.step) {
    const std::byte* a = t.a + i * bytes_a;
    const std::byte* b = t.b + i * bytes_b;
    for (int step = 0; step < p.steps; ++step, a += at_a.step(), b += at_b.step()) {
      const auto* words_a = reinterpret_cast<const std::int32_t*>(a + at_a.exponents());
      const auto* words_b = reinterpret_cast<const std::int32_t*>(b + at_b.exponents());
      __m512i most[rows], sum[rows];
      __m512 scale[rows];
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) most[r] = _mm512_set1_epi8(no_short_exponent);
      for (int n = at_b.words(); n > 0; --n, words_a += rows, words_b += columns) {
        const __m512i e = _mm512_loadu_si512(words_b);
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          most[r] = greater_of<range::plain>(most[r], e, word(words_a[r]));
        }
      }
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        // Fields: of the greatest exponent; of 2^(kept - greatest).
        const __m512i of_c = _mm512_srli_epi32(_mm512_slli_epi32(_mm512_castps_si512(c[r]), 1), 24);
        const __m512i of_products = _mm512_add_epi32(greatest_of<range::plain>(most[r]), word(127));
        const __m512i field =
            _mm512_sub_epi32(word(254 + p.kept), _mm512_max_epi32(of_products, of_c));
        scale[r] = _mm512_castsi512_ps(_mm512_slli_epi32(field, 23));
        sum[r] = _mm512_cvttps_epi32(times(c[r], scale[r]));
      }
      const auto* of_a = reinterpret_cast<const float*>(a);
      const auto* of_b = reinterpret_cast<const float*>(b);
      for (int n = p.group; n > 0; --n, of_a += rows, of_b += columns) {
        const __m512 y = _mm512_loadu_ps(of_b);
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          const __m512 product = times(times(y, real(of_a[r])), scale[r]);
          sum[r] = _mm512_add_epi32(sum[r], _mm512_cvttps_epi32(product));
        }
      }
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        // 1 / scale.
        const __m512i unit = _mm512_sub_epi32(word(254 << 23), _mm512_castps_si512(scale[r]));
        const __m512i bits = _mm512_castps_si512(_mm512_cvtepi32_ps(sum[r]));
        const __m512 kept = _mm512_castsi512_ps(_mm512_and_si512(bits, mask));
        c[r] = times(kept, _mm512_castsi512_ps(unit));
      }
    }
  }
  LOWP_GEMM_UNROLL
  for (int r = 0; r < rows; ++r) _mm512_storeu_ps(out + r * columns, c[r]);
}

}  // namespace direct
#endif  // LOWP_GEMM_HAS_DIRECT

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
