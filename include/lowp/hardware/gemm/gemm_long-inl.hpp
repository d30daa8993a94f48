// SPDX-License-Identifier: Apache-2.0
/// \file
/// Kernel of aligned sums that keep more bits than lanes of 32 hold: everything in binary64, where
/// it is exact until the one rounding. spec/gemm.md GEM-9.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_aligned_rounding-inl.hpp"
#include "gemm_long_plan.hpp"

#if defined(LOWP_GEMM_LONG_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_LONG_INL_HPP
#undef LOWP_GEMM_LONG_INL_HPP
#else
#define LOWP_GEMM_LONG_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE
namespace aligned {

constexpr int long_columns = static_cast<int>(hn::MaxLanes(doubles()));

/// 2^x of integers x, -1022 <= x <= 1023.
HWY_INLINE double_vector power_of(double_vector x) {
  const double_vector shifted = opaque(hn::Add(x, set_double(4503599627370496.0 + 1023)));
  return hn::BitCast(doubles(), hn::ShiftLeft<52>(hn::BitCast(longs(), shifted)));
}

/// Exponent of an accumulator.
HWY_INLINE double_vector long_exponent(double_vector c, const aligned_plan& p) {
  const doubles d;
  const double_vector big = set_double(4503599627370496.0), magnitude = hn::Abs(c);
  const auto field = hn::BitCast(hn::RebindToUnsigned<doubles>(), magnitude);
  const auto bits =
      hn::Or(hn::BitCast(longs(), hn::ShiftRight<52>(field)), hn::BitCast(longs(), big));
  const double_vector e =
      hn::Sub(opaque(hn::BitCast(d, bits)), set_double(4503599627370496.0 + 1023));
  const double_vector least = set_double(p.least_normal);
  return hn::IfThenElse(hn::Eq(magnitude, hn::Zero(d)), set_double(2 * no_long_exponent),
                        hn::Max(e, least));
}

HWY_NOINLINE void long_tile(const gemm_tile& t) {
  const mma_model& m = *t.model;
  const aligned_plan& p = *t.plan;
  const doubles d;
  const half_floats of_c;
  const rounder round(p);
  const std::size_t bytes_a = long_step(m, rows), bytes_b = long_step(m, long_columns);
  const auto steps = static_cast<std::size_t>(p.steps);
  auto* const out = static_cast<float*>(t.accumulators);
  double_vector c[rows];
  for (int r = 0; r < rows; ++r) c[r] = hn::PromoteTo(d, hn::LoadU(of_c, out + r * long_columns));
  const double_vector of_all = set_double(t.exponent);
  for (std::uint64_t i = t.first; i < t.last; i += t.step) {
    for (std::size_t s = i * steps; s < (i + 1) * steps; ++s) {
      const auto* a = reinterpret_cast<const double*>(t.a + s * bytes_a);
      const auto* b = reinterpret_cast<const double*>(t.b + s * bytes_b);
      const double* const exponents_a = a + p.group * rows;
      const double* const exponents_b = b + p.group * long_columns;
      double_vector e[rows], up[rows], sum[rows];
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) e[r] = set_double(2 * no_long_exponent);
      for (int n = 0; n < p.group; ++n) {
        const double_vector y = hn::LoadU(d, exponents_b + n * long_columns);
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          e[r] = hn::Max(e[r], hn::Add(y, set_double(exponents_a[n * rows + r])));
        }
      }
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        // Of zeros: below all others, which are -300 at least.
        const auto none = hn::Lt(e[r], set_double(-320));
        e[r] = hn::IfThenElse(none, set_double(2 * no_long_exponent), hn::Add(e[r], of_all));
        e[r] = hn::Max(hn::Max(e[r], long_exponent(c[r], p)), set_double(p.least));
        const double_vector to_grid = hn::Sub(set_double(p.kept), e[r]);
        sum[r] = hn::Trunc(hn::Mul(c[r], power_of(to_grid)));
        up[r] = power_of(hn::Add(to_grid, of_all));
      }
      for (int n = 0; n < p.group; ++n) {
        const double_vector y = hn::LoadU(d, b + n * long_columns);
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          const double_vector product = opaque(hn::Mul(y, set_double(a[n * rows + r])));
          sum[r] = hn::Add(sum[r], hn::Trunc(hn::Mul(product, up[r])));
        }
      }
      for (int r = 0; r < rows; ++r) {
        const double_vector v = hn::Mul(sum[r], power_of(hn::Sub(e[r], set_double(p.kept))));
        double_vector result = hn::PromoteTo(d, round(v));
        const double_vector magnitude = hn::Abs(result);
        result = hn::IfThenZeroElse(hn::Eq(magnitude, hn::Zero(d)), result);
        const double_vector infinite = set_double(hwy::HighestValue<double>() * 2);
        const double_vector limit = set_double(power_of_two(p.greatest + 1));
        result = hn::IfThenElse(hn::Ge(magnitude, limit), hn::CopySign(infinite, result), result);
        c[r] = hn::IfThenElse(hn::Ge(hn::Abs(c[r]), limit), c[r], result);
      }
    }
  }
  for (int r = 0; r < rows; ++r) hn::StoreU(hn::DemoteTo(of_c, c[r]), of_c, out + r * long_columns);
}

}  // namespace aligned

inline bool long_kernel(const mma_model& m, gemm_kernel& k) {
  aligned_plan p;
  if (!plan_long(m, p)) return false;
  const auto steps = static_cast<std::size_t>(p.steps);
  k = kernel_of_vectors<pack_long, aligned::rows, aligned::long_columns>(
      long_step(m, aligned::rows) * steps, long_step(m, aligned::long_columns) * steps,
      aligned::long_tile, p);
  return true;
}
#else
inline bool long_kernel(const mma_model&, gemm_kernel&) { return false; }
#endif

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
