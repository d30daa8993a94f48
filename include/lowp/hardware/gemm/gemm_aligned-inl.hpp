// SPDX-License-Identifier: Apache-2.0
/// \file
/// Kernel of aligned sums: columns of D in lanes of 32 bits. Products are exact in binary32; times
/// 2^(kept bits - greatest exponent) and converted to integers they are cut as the unit cuts them.
/// What is added is exact in integers or binary64 until the one rounding. spec/gemm.md GEM-6.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_aligned_direct-inl.hpp"
#include "gemm_aligned_joins-inl.hpp"
#include "gemm_aligned_pack.hpp"

#if defined(LOWP_GEMM_ALIGNED_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_ALIGNED_INL_HPP
#undef LOWP_GEMM_ALIGNED_INL_HPP
#else
#define LOWP_GEMM_ALIGNED_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE
namespace aligned {

enum class way { in_step, narrow, late };

template <bool Wide, way Way>
HWY_INLINE void run_tile(const aligned_plan& p, const gemm_tile& t) {
  const floats d;
  const rounder round(p);
  step_sums<Wide> s{p, {rows, p}, {columns, p}, t.exponent, {}, {}, {}, {}, {}, {}, {}};
  const std::size_t bytes_a = s.at_a.instruction(p.steps), bytes_b = s.at_b.instruction(p.steps);
  auto* const out = static_cast<float*>(t.accumulators);
  float_vector c[rows], accumulator[rows];
  word_vector least[rows], most[rows];
  LOWP_GEMM_UNROLL
  for (int r = 0; r < rows; ++r) {
    c[r] = accumulator[r] = hn::LoadU(d, out + r * columns);
    least[r] = hn::Zero(words());
    most[r] = hn::Zero(words());
  }
  for (std::uint64_t i = t.first; i < t.last; i += t.step) {
    const std::byte* a = t.a + i * bytes_a;
    const std::byte* b = t.b + i * bytes_b;
    if (p.is_after_all) {
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) accumulator[r] = hn::Zero(d);
    }
    for (int step = 0; step < p.steps; ++step, a += s.at_a.step(), b += s.at_b.step()) {
      s.align(a, b);
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        word_vector e = s.products[r];
        if constexpr (Way != way::late) {
          e = hn::Max(e, exponent_of(magnitude_bits(accumulator[r]), p));
        }
        s.greatest[r] = hn::Max(e, set_word(p.least));
        if constexpr (Wide) {
          const auto none = hn::Lt(s.products[r], set_word(-(1 << 19)));
          const word_vector relative = hn::Sub(s.greatest[r], s.offsets[r]);
          least[r] = hn::Min(least[r], hn::IfThenZeroElse(none, relative));
          most[r] = hn::Max(most[r], s.products[r]);
        }
      }
      s.add(a, b);
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        if constexpr (Way == way::narrow) {
          accumulator[r] = join_narrow(p, s, r, accumulator[r]);
        } else if constexpr (Way == way::late) {
          s.products[r] =
              choose(hn::Lt(s.products[r], set_word(-(1 << 19))), s.products[r], s.greatest[r]);
          accumulator[r] = join_late(p, s, r, accumulator[r]);
        } else {
          accumulator[r] = join_in_step(p, round, s, r, accumulator[r]);
        }
      }
    }
    if (p.is_after_all) {
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        c[r] = accumulator[r] = join_after_all(p, round, c[r], accumulator[r]);
      }
    }
  }
  for (int r = 0; r < rows; ++r) {
    hn::StoreU(accumulator[r], d, out + r * columns);
    if constexpr (Wide) {
      const int huge = p.finds_huge ? 126 : 1 << 20;
      const auto bad = hn::Or(hn::Lt(least[r], set_word(least_relative_exponent)),
                              hn::Gt(most[r], set_word(huge)));
      if (hn::AllFalse(words(), bad)) continue;
      HWY_ALIGN std::int32_t flags[columns];
      hn::Store(hn::VecFromMask(words(), bad), words(), flags);
      for (int j = 0; j < columns; ++j) {
        if (flags[j] != 0) t.redo[r * columns + j] = 1;
      }
    }
  }
}

HWY_NOINLINE void tile(const gemm_tile& t) {
  const aligned_plan& p = *t.plan;
#if LOWP_GEMM_HAS_DIRECT
  if (direct::takes(p)) return direct::tile(p, t);
#endif
  if (p.is_late) {
    return p.is_wide ? run_tile<true, way::late>(p, t) : run_tile<false, way::late>(p, t);
  }
  if (p.is_wide) return run_tile<true, way::in_step>(p, t);
  if (p.is_narrow && t.exponent == 0) return run_tile<false, way::narrow>(p, t);
  run_tile<false, way::in_step>(p, t);
}

}  // namespace aligned

inline bool aligned_kernel(const mma_model& m, gemm_kernel& k) {
  aligned_plan p;
  if (!plan_aligned(m, p)) return false;
  const aligned_layout a(aligned::rows, p), b(aligned::columns, p);
  k = kernel_of_vectors<pack_aligned, aligned::rows, aligned::columns>(
      a.instruction(p.steps), b.instruction(p.steps), aligned::tile, p);
  return true;
}
#else
inline bool aligned_kernel(const mma_model&, gemm_kernel&) { return false; }
#endif

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
