// SPDX-License-Identifier: Apache-2.0
/// \file
/// The kernel of aligned sums for AVX-512: exponents as binary32 numbers, which its instructions
/// find and scale by; conversions that cut. Same layout, same results as gemm_aligned-inl.hpp,
/// which includes it. spec/gemm.md GEM-6.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_aligned_avx512-inl.hpp"

#if defined(LOWP_GEMM_ALIGNED_DIRECT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_ALIGNED_DIRECT_INL_HPP
#undef LOWP_GEMM_ALIGNED_DIRECT_INL_HPP
#else
#define LOWP_GEMM_ALIGNED_DIRECT_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_GEMM_HAS_DIRECT
namespace direct {

constexpr int cut = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;
/// An exponent that rounding may take beyond the range of binary32.
constexpr float high_exponent = 120;

/// What a sum becomes.
enum class result { cut24, half };

/// What is the same in all steps of a tile.
struct constants {
  __m512 kept, least, least_normal, least_of_zero;

  HWY_INLINE explicit constants(const aligned_plan& p)
      : kept(real(static_cast<float>(p.kept))),
        least(real(static_cast<float>(p.least))),
        least_normal(real(static_cast<float>(p.least_normal))),
        least_of_zero(real(p.skips_zero_c ? -1000.0f : -126.0f)) {}
};

/// The exponent of an accumulator in the alignment; one of zero has its own.
HWY_INLINE __m512 exponent_of(const constants& k, __m512 c) {
  const __mmask16 is_zero = _mm512_testn_epi32_mask(_mm512_castps_si512(c), word(0x7fffffff));
  const __m512 e = _mm512_max_ps(_mm512_getexp_ps(c), k.least_normal);
  return _mm512_mask_mov_ps(e, is_zero, k.least_of_zero);
}

/// (first + second) 2^unit cut to 24 bits; `first` and `second` may need 33 bits together.
HWY_INLINE __m512 cut_wide(__m512i first, __m512i second) {
  const auto low = [](__m512i x)
                       HWY_ATTR { return _mm512_cvtepi32_epi64(_mm512_castsi512_si256(x)); };
  const auto high = [](__m512i x)
                        HWY_ATTR { return _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(x, 1)); };
  const __m256 a = _mm512_cvt_roundepi64_ps(_mm512_add_epi64(low(first), low(second)), cut);
  const __m256 b = _mm512_cvt_roundepi64_ps(_mm512_add_epi64(high(first), high(second)), cut);
  return _mm512_insertf32x8(_mm512_castps256_ps512(a), b, 1);
}

/// An integer in binary32, the last bit set where that is not exact.
HWY_INLINE __m512 to_odd(__m512i x) {
  const __m512 r = _mm512_cvt_roundepi32_ps(x, cut);
  const __mmask16 lost = _mm512_cmpneq_epi32_mask(_mm512_cvttps_epi32(r), x);
  const __m512i bits = _mm512_castps_si512(r);
  return _mm512_castsi512_ps(_mm512_mask_or_epi32(bits, lost, bits, word(1)));
}

template <result Result, bool Two>
HWY_INLINE __m512 finish(const constants& k, __m512i before, __m512i sum, __m512 greatest,
                         __m512 c) {
  __m512 unit = _mm512_sub_ps(greatest, k.kept);
  if constexpr (Result == result::half) {
    if constexpr (Two) {
      // Where the sum is long, half of it, its last bit set where that is not exact.
      const __m512i one = word(1), odd = _mm512_xor_si512(before, sum);
      const __m512i carry = _mm512_and_si512(_mm512_and_si512(before, sum), one);
      const __m512i halves = _mm512_add_epi32(
          _mm512_add_epi32(_mm512_srai_epi32(before, 1), _mm512_srai_epi32(sum, 1)), carry);
      const __mmask16 is_long =
          _mm512_cmpge_epu32_mask(_mm512_add_epi32(halves, word(1 << 24)), word(1 << 25));
      sum = _mm512_mask_or_epi32(_mm512_add_epi32(before, sum), is_long, halves,
                                 _mm512_and_si512(odd, one));
      unit = _mm512_mask_add_ps(unit, is_long, unit, real(1));
    }
    const __m512 r = _mm512_scalef_ps(to_odd(sum), unit);
    const __m512 half = _mm512_cvtph_ps(_mm512_cvtps_ph(r, _MM_FROUND_TO_NEAREST_INT));
    const __mmask16 is_infinite = _mm512_cmp_ps_mask(greatest, real(1000), _CMP_GT_OQ);
    return _mm512_mask_mov_ps(plus(half, _mm512_setzero_ps()), is_infinite, c);
  } else {
    __m512 r;
    if constexpr (Two) {
      r = cut_wide(before, sum);
    } else {
      r = _mm512_cvt_roundepi32_ps(sum, cut);
    }
    r = _mm512_scalef_round_ps(r, unit, cut);
    return plus(r, _mm512_setzero_ps());
  }
}

/// R rows from `row` on.
template <range Range, result Result, bool Two, int R>
HWY_INLINE void run_rows(const aligned_plan& p, const gemm_tile& t, int row) {
  const aligned_layout at_a(rows, p), at_b(columns, p);
  const std::size_t bytes_a = at_a.instruction(p.steps), bytes_b = at_b.instruction(p.steps);
  const constants k(p);
  constexpr bool has_offsets = Range != range::plain, is_wide = Range == range::wide;
  auto* const out = static_cast<float*>(t.accumulators) + row * columns;
  __m512 c[R], start[R], lowest[R], highest[R];
  LOWP_GEMM_UNROLL
  for (int r = 0; r < R; ++r) {
    start[r] = c[r] = _mm512_loadu_ps(out + r * columns);
    lowest[r] = highest[r] = _mm512_setzero_ps();
  }
  for (std::uint64_t i = t.first; i < t.last; i += t.step) {
    const std::byte* a = t.a + i * bytes_a;
    const std::byte* b = t.b + i * bytes_b;
    if (p.is_after_all) {
      LOWP_GEMM_UNROLL
      for (int r = 0; r < R; ++r) c[r] = _mm512_setzero_ps();
    }
    for (int step = 0; step < p.steps; ++step, a += at_a.step(), b += at_b.step()) {
      const auto* words_a = reinterpret_cast<const std::int32_t*>(a + at_a.exponents()) + row;
      const auto* words_b = reinterpret_cast<const std::int32_t*>(b + at_b.exponents());
      __m512i most[R];
      LOWP_GEMM_UNROLL
      for (int r = 0; r < R; ++r) most[r] = least_of<Range>();
      for (int n = at_b.words(); n > 0; --n, words_a += rows, words_b += columns) {
        const __m512i e = _mm512_loadu_si512(words_b);
        LOWP_GEMM_UNROLL
        for (int r = 0; r < R; ++r) most[r] = greater_of<Range>(most[r], e, word(words_a[r]));
      }
      __m512 greatest[R], scale[R];
      __m512i sum[R], before[R];
      const auto* offset_a = reinterpret_cast<const std::int32_t*>(a + at_a.offsets()) + row;
      const __m512i offset_b = _mm512_loadu_si512(b + at_b.offsets());
      LOWP_GEMM_UNROLL
      for (int r = 0; r < R; ++r) {
        const __m512i e = greatest_of<Range>(most[r]);
        const __m512 own = _mm512_cvtepi32_ps(e);
        // Short exponents of zeros may be greater than that of an accumulator.
        const auto none = static_cast<float>(is_wide ? no_product_exponent : no_short_product);
        const __mmask16 any = _mm512_cmp_ps_mask(own, real(none), _CMP_GT_OQ);
        __m512 offset = _mm512_setzero_ps(), exponent;
        if constexpr (has_offsets) {
          offset = _mm512_cvtepi32_ps(_mm512_add_epi32(offset_b, word(offset_a[r] + t.exponent)));
          exponent = _mm512_mask_add_ps(real(no_factor_exponent), any, own, offset);
        } else {
          exponent = _mm512_mask_mov_ps(real(no_factor_exponent), any, own);
        }
        exponent = _mm512_max_ps(exponent, exponent_of(k, c[r]));
        exponent = _mm512_max_ps(exponent, k.least);
        greatest[r] = exponent;
        highest[r] = _mm512_max_ps(highest[r], exponent);
        __m512 relative = exponent;
        if constexpr (has_offsets) relative = _mm512_sub_ps(exponent, offset);
        if constexpr (is_wide) {
          lowest[r] = _mm512_mask_min_ps(lowest[r], any, lowest[r], relative);
        }
        const __m512 up = _mm512_min_ps(_mm512_sub_ps(k.kept, relative), real(126));
        scale[r] = _mm512_scalef_ps(real(1), up);
        before[r] = sum[r] = _mm512_setzero_si512();
      }
      const auto* of_a = reinterpret_cast<const float*>(a) + row;
      const auto* of_b = reinterpret_cast<const float*>(b);
      const auto add = [&](int n) HWY_ATTR {
        for (; n > 0; --n, of_a += rows, of_b += columns) {
          const __m512 y = _mm512_loadu_ps(of_b);
          LOWP_GEMM_UNROLL
          for (int r = 0; r < R; ++r) {
            const __m512 product = times(times(y, real(of_a[r])), scale[r]);
            sum[r] = _mm512_add_epi32(sum[r], _mm512_cvttps_epi32(product));
          }
        }
      };
      if constexpr (Two) {
        add(p.chunk);
        LOWP_GEMM_UNROLL
        for (int r = 0; r < R; ++r) {
          before[r] = sum[r];
          sum[r] = _mm512_setzero_si512();
        }
        add(p.group - p.chunk);
      } else {
        add(p.group);
      }
      LOWP_GEMM_UNROLL
      for (int r = 0; r < R; ++r) {
        const __m512 up = _mm512_sub_ps(k.kept, greatest[r]);
        const __m512i addend = _mm512_cvttps_epi32(_mm512_scalef_ps(c[r], up));
        c[r] =
            finish<Result, Two>(k, before[r], _mm512_add_epi32(sum[r], addend), greatest[r], c[r]);
      }
    }
    if (p.is_after_all) {
      LOWP_GEMM_UNROLL
      for (int r = 0; r < R; ++r) {
        c[r] = plus(start[r], c[r]);
        if constexpr (Result == result::half) {
          c[r] = _mm512_cvtph_ps(_mm512_cvtps_ph(c[r], _MM_FROUND_TO_NEAREST_INT));
        }
        start[r] = c[r];
      }
    }
  }
  for (int r = 0; r < R; ++r) {
    _mm512_storeu_ps(out + r * columns, c[r]);
    __mmask16 bad = 0;
    if constexpr (is_wide) {
      bad = _mm512_cmp_ps_mask(lowest[r], real(least_relative_exponent), _CMP_LT_OQ);
    }
    if constexpr (Result != result::half) {
      bad |= _mm512_cmp_ps_mask(highest[r], real(high_exponent), _CMP_NLE_UQ);
    }
    for (unsigned left = bad; left != 0; left &= left - 1) {
      t.redo[(row + r) * columns + std::countr_zero(left)] = 1;
    }
  }
}

template <range Range, result Result, bool Two>
HWY_INLINE void run_tile(const aligned_plan& p, const gemm_tile& t) {
  constexpr int at_once = Range == range::wide ? rows / 2 : rows;  // registers for extremes, too
  for (int row = 0; row < rows; row += at_once) run_rows<Range, Result, Two, at_once>(p, t, row);
}

/// Whether it has a way for the plan.
inline bool takes(const aligned_plan& p) {
  if (p.is_late || p.finds_huge) return false;
  const bool is_half = p.is_nearest && p.precision == 11 && p.greatest == 15;
  if (p.is_nearest ? !is_half : !(p.precision == 24 && p.greatest == 127)) return false;
  return p.adds_c || (2 * p.chunk >= p.group && p.adds_c_to_chunk);
}

template <result Result, bool Two>
HWY_INLINE void choose_tile(const aligned_plan& p, const gemm_tile& t) {
  if (p.is_wide) return run_tile<range::wide, Result, Two>(p, t);
  if (p.has_offsets || t.exponent != 0) return run_tile<range::scaled, Result, Two>(p, t);
  run_tile<range::plain, Result, Two>(p, t);
}

HWY_NOINLINE void tile(const aligned_plan& p, const gemm_tile& t) {
  if (p.is_nearest) {
    return p.adds_c ? choose_tile<result::half, false>(p, t)
                    : choose_tile<result::half, true>(p, t);
  }
  return p.adds_c ? choose_tile<result::cut24, false>(p, t)
                  : choose_tile<result::cut24, true>(p, t);
}

}  // namespace direct
#endif  // LOWP_GEMM_HAS_DIRECT

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
