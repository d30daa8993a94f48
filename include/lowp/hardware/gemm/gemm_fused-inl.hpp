// SPDX-License-Identifier: Apache-2.0
/// \file
/// Kernel of aligned sums of few kept bits (FP8 on Ada and Hopper) for AVX-512. A magnitude added
/// to 2^23 units, toward zero, loses what is below a unit: one fused step multiplies, cuts and
/// adds. One sum has all magnitudes, another those of negative terms; their difference is the sum.
/// spec/gemm.md GEM-6.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_aligned_avx512-inl.hpp"
#include "gemm_fused_pack.hpp"

#if defined(LOWP_GEMM_FUSED_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_FUSED_INL_HPP
#undef LOWP_GEMM_FUSED_INL_HPP
#else
#define LOWP_GEMM_FUSED_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_GEMM_HAS_DIRECT
namespace fused {

using direct::word;

constexpr int rows = 6, vectors = 2, columns = 16 * vectors;
constexpr int toward_zero = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;

HWY_INLINE __m512i bits_of(__m512 x) { return _mm512_castps_si512(x); }
HWY_INLINE __m512 number_of(__m512i x) { return _mm512_castsi512_ps(x); }

/// The binary32 field of the greatest exponent of a step's products, at its place; the least if
/// all are zero. `words`: of exponents of a row and 16 columns.
HWY_INLINE __m512i greatest_of(__m512i most, __m512i of_zero) {
  __m512i x = _mm512_max_epu8(most, _mm512_rol_epi32(most, 16));
  x = _mm512_srli_epi32(_mm512_max_epu8(x, _mm512_rol_epi32(x, 8)), 24);
  x = _mm512_mask_mov_epi32(word(1), _mm512_cmpge_epi32_mask(x, of_zero), x);
  return _mm512_slli_epi32(x, 23);
}

HWY_NOINLINE void tile(const gemm_tile& t) {
  const aligned_plan& p = *t.plan;
  const int group = t.model->group, steps = p.steps;
  const fused_layout at_a{rows, group}, at_b{columns, group};
  const std::size_t bytes_a = at_a.instruction(steps), bytes_b = at_b.instruction(steps);
  const __m512i kept = word(static_cast<std::int32_t>(~std::uint32_t{0} << (24 - p.precision)));
  const __m512i up = word((23 - p.kept) << 23), of_zero = word(p.zero_field);
  const __m512i exponent = word(0x7f800000);
  auto* const out = static_cast<float*>(t.accumulators);
  __m512 c[rows][vectors];
  LOWP_GEMM_UNROLL
  for (int r = 0; r < rows; ++r) {
    LOWP_GEMM_UNROLL
    for (int v = 0; v < vectors; ++v) {
      const int at = r * columns + 16 * v;
      c[r][v] = _mm512_loadu_ps(out + at);
      // 2^23 units of accumulators above this are no numbers. Smaller ones do not come so far:
      // plan_fused.
      const __m512i e = _mm512_and_si512(bits_of(c[r][v]), exponent);
      unsigned left = _mm512_cmpgt_epi32_mask(e, word(p.most_field << 23));
      for (; left != 0; left &= left - 1) t.redo[at + std::countr_zero(left)] = 1;
    }
  }
  for (std::uint64_t i = t.first; i < t.last; i += t.step) {
    const std::byte* a = t.a + i * bytes_a;
    const std::byte* b = t.b + i * bytes_b;
    for (int step = 0; step < steps; ++step, a += at_a.step(), b += at_b.step()) {
      const auto* words_a = reinterpret_cast<const std::int32_t*>(a + at_a.exponents());
      const auto* words_b = reinterpret_cast<const std::int32_t*>(b + at_b.exponents());
      __m512i most[rows][vectors];
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        LOWP_GEMM_UNROLL
        for (int v = 0; v < vectors; ++v) most[r][v] = _mm512_setzero_si512();
      }
      for (int n = at_b.words(); n > 0; --n, words_a += rows, words_b += columns) {
        const __m512i e[vectors] = {_mm512_loadu_si512(words_b), _mm512_loadu_si512(words_b + 16)};
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          const __m512i of_a = word(words_a[r]);
          LOWP_GEMM_UNROLL
          for (int v = 0; v < vectors; ++v) {
            most[r][v] = _mm512_max_epu8(most[r][v], _mm512_add_epi8(e[v], of_a));
          }
        }
      }
      // Each begins at 2^23 units, and with the accumulator.
      __m512 magic[rows][vectors], all[rows][vectors], negative[rows][vectors];
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        LOWP_GEMM_UNROLL
        for (int v = 0; v < vectors; ++v) {
          const __m512 x = c[r][v];
          const __m512i of_c = _mm512_and_si512(bits_of(x), exponent);
          const __m512i e = _mm512_max_epi32(greatest_of(most[r][v], of_zero), of_c);
          const __m512 m = number_of(_mm512_add_epi32(e, up));
          magic[r][v] = m;
          all[r][v] = _mm512_add_round_ps(m, _mm512_abs_ps(x), toward_zero);
          negative[r][v] =
              _mm512_sub_round_ps(m, _mm512_min_ps(x, _mm512_setzero_ps()), toward_zero);
        }
      }
      const auto* of_a = reinterpret_cast<const std::int32_t*>(a);
      const auto* places = reinterpret_cast<const std::uint32_t*>(a) + group * rows;
      const std::byte* of_b = b;
      for (int n = group; n > 0; --n, of_a += rows, places += rows, of_b += columns * 8) {
        __m512 y[vectors];
        LOWP_GEMM_UNROLL
        for (int v = 0; v < vectors; ++v) {
          const auto* const parts = reinterpret_cast<const float*>(of_b) + 16 * v;
          y[v] = _mm512_or_ps(_mm512_loadu_ps(parts), _mm512_loadu_ps(parts + columns));
        }
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          const __m512 x = number_of(word(of_a[r]));
          const auto* const parts = reinterpret_cast<const float*>(of_b + places[r]);
          LOWP_GEMM_UNROLL
          for (int v = 0; v < vectors; ++v) {
            all[r][v] = _mm512_fmadd_round_ps(x, y[v], all[r][v], toward_zero);
            negative[r][v] = _mm512_fmadd_round_ps(x, _mm512_loadu_ps(parts + 16 * v),
                                                   negative[r][v], toward_zero);
          }
        }
      }
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        LOWP_GEMM_UNROLL
        for (int v = 0; v < vectors; ++v) {
          // all - 2 negative + 2^23 units: both steps are exact.
          const __m512 less =
              _mm512_fmadd_round_ps(negative[r][v], direct::real(-2), all[r][v], toward_zero);
          const __m512 sum = _mm512_add_round_ps(less, magic[r][v], toward_zero);
          c[r][v] = number_of(_mm512_and_si512(bits_of(sum), kept));
        }
      }
    }
  }
  LOWP_GEMM_UNROLL
  for (int r = 0; r < rows; ++r) {
    LOWP_GEMM_UNROLL
    for (int v = 0; v < vectors; ++v) {
      _mm512_storeu_ps(out + r * columns + 16 * v, c[r][v]);
    }
  }
}

}  // namespace fused

inline bool fused_kernel(const mma_model& m, gemm_kernel& k) {
  aligned_plan p;
  if (!plan_aligned(m, p) || !plan_fused(m, p)) return false;
  const fused_layout a{fused::rows, m.group}, b{fused::columns, m.group};
  k = {fused::rows,
       fused::columns,
       gemm_store::binary32,
       a.instruction(p.steps),
       b.instruction(p.steps),
       pack_fused<fused::rows, fused::columns>,
       pack_fused<fused::columns, fused::columns>,
       fused::tile,
       p};
  return true;
}
#else
inline bool fused_kernel(const mma_model&, gemm_kernel&) { return false; }
#endif

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
