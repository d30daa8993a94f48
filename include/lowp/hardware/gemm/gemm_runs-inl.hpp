// SPDX-License-Identifier: Apache-2.0
/// \file
/// Kernel of exact runs that are aligned by their scales: columns of D in lanes. Sums of runs are
/// exact in binary32, terms are cut and added in binary64, and rounded once. spec/gemm.md GEM-7.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_aligned_rounding-inl.hpp"
#include "gemm_runs_plan.hpp"

#if defined(LOWP_GEMM_RUNS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_RUNS_INL_HPP
#undef LOWP_GEMM_RUNS_INL_HPP
#else
#define LOWP_GEMM_RUNS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE
namespace aligned {

constexpr int most_runs = 32;

/// Sums of runs of a tile's row.
struct row_sums {
  float_vector run[most_runs];
};

/// Half of the lanes of a row: the terms on the grid, and the accumulator.
template <bool Upper>
HWY_INLINE half_float_vector finish_half(const aligned_plan& p, const rounder& round,
                                         const runs_layout& at_a, const runs_layout& at_b,
                                         const float_vector* sums, const std::byte* a,
                                         const std::byte* b, int row, float_vector c,
                                         word_vector exponent, std::int32_t of_all) {
  const doubles d;
  const double_vector to_grid = power<Upper>(hn::Sub(set_word(p.kept), exponent));
  const auto* of_a = reinterpret_cast<const double*>(a + at_a.scales()) + row;
  const auto* of_b = reinterpret_cast<const double*>(b + at_b.scales()) + (Upper ? columns / 2 : 0);
  const double_vector up = power<Upper>(hn::Sub(set_word(p.kept + of_all), exponent));
  double_vector total = hn::Trunc(hn::Mul(widened<Upper>(c), to_grid));
  for (std::size_t r = 0; r < at_b.runs; ++r) {
    const double_vector scale =
        hn::Mul(hn::LoadU(d, of_b + r * columns), hn::Set(d, of_a[r * rows]));
    const double_vector term = hn::Mul(widened<Upper>(sums[r]), hn::Mul(scale, up));
    total = hn::Add(total, hn::Trunc(term));
  }
  return round(hn::Mul(total, power<Upper>(hn::Sub(exponent, set_word(p.kept)))));
}

HWY_NOINLINE void runs_tile(const gemm_tile& t) {
  const mma_model& m = *t.model;
  const aligned_plan& p = *t.plan;
  const floats d;
  const rounder round(p);
  const runs_layout at_a(rows, m), at_b(columns, m);
  const auto steps = static_cast<std::size_t>(p.steps);
  auto* const out = static_cast<float*>(t.accumulators);
  float_vector c[rows];
  for (int r = 0; r < rows; ++r) c[r] = hn::LoadU(d, out + r * columns);
  row_sums sums[rows];
  for (std::uint64_t i = t.first; i < t.last; i += t.step) {
    for (std::size_t s = i * steps; s < (i + 1) * steps; ++s) {
      const std::byte* const a = t.a + s * at_a.step();
      const std::byte* const b = t.b + s * at_b.step();
      const auto* of_a = reinterpret_cast<const float*>(a);
      const auto* of_b = reinterpret_cast<const float*>(b);
      for (std::size_t run = 0; run < at_b.runs; ++run) {
        float_vector sum[rows];
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) sum[r] = hn::Zero(d);
        for (int n = m.run; n > 0; --n, of_a += rows, of_b += columns) {
          const float_vector y = hn::LoadU(d, of_b);
          LOWP_GEMM_UNROLL
          for (int r = 0; r < rows; ++r) sum[r] = hn::MulAdd(hn::Set(d, of_a[r]), y, sum[r]);
        }
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) sums[r].run[run] = sum[r];
      }
      const auto* exponents_a = reinterpret_cast<const std::int32_t*>(a + at_a.exponents());
      const auto* exponents_b = reinterpret_cast<const std::int32_t*>(b + at_b.exponents());
      for (int r = 0; r < rows; ++r) {
        const word_vector magnitude = magnitude_bits(c[r]);
        word_vector e = exponent_of(magnitude, p);
        for (std::size_t run = 0; run < at_b.runs; ++run) {
          const word_vector own =
              hn::Add(hn::LoadU(words(), exponents_b + run * columns),
                      set_word(exponents_a[run * rows + static_cast<std::size_t>(r)] + t.exponent));
          const auto is_zero = hn::Eq(magnitude_bits(sums[r].run[run]), set_word(0));
          e = hn::Max(e, choose(is_zero, set_word(no_scale_exponent), own));
        }
        e = hn::Max(e, set_word(p.least));
        const half_float_vector low =
            finish_half<false>(p, round, at_a, at_b, sums[r].run, a, b, r, c[r], e, t.exponent);
        const half_float_vector high =
            finish_half<true>(p, round, at_a, at_b, sums[r].run, a, b, r, c[r], e, t.exponent);
        const float_vector result = finished(p, hn::Combine(d, high, low));
        const auto is_infinite = hn::Gt(magnitude, set_word(0x7f7fffff));
        c[r] = hn::IfThenElse(hn::RebindMask(d, is_infinite), c[r], result);
      }
    }
  }
  for (int r = 0; r < rows; ++r) hn::StoreU(c[r], d, out + r * columns);
}

}  // namespace aligned

inline bool runs_kernel(const mma_model& m, gemm_kernel& k) {
  aligned_plan p;
  if (!plan_runs(m, p) || m.group / m.run > aligned::most_runs) return false;
  const runs_layout a(aligned::rows, m), b(aligned::columns, m);
  const auto steps = static_cast<std::size_t>(p.steps);
  k = kernel_of_vectors<pack_runs, aligned::rows, aligned::columns>(
      a.step() * steps, b.step() * steps, aligned::runs_tile, p);
  return true;
}
#else
inline bool runs_kernel(const mma_model&, gemm_kernel&) { return false; }
#endif

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
