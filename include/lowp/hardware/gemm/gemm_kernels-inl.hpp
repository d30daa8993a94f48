// SPDX-License-Identifier: Apache-2.0
/// \file
/// The kernels for products of matrices, found by model. Add a family: write its -inl.hpp with a
/// function `bool NAME_kernel(const mma_model&, gemm_kernel&)` that is false for models it does not
/// take, include it and ask it below.
#include "gemm_aligned-inl.hpp"
#include "gemm_fused-inl.hpp"
#include "gemm_kernel.hpp"
#include "gemm_long-inl.hpp"
#include "gemm_runs-inl.hpp"

#if defined(LOWP_GEMM_KERNELS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_KERNELS_INL_HPP
#undef LOWP_GEMM_KERNELS_INL_HPP
#else
#define LOWP_GEMM_KERNELS_INL_HPP
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// The kernel for a model, whose c is d, and the power of two that its products get; false: there
/// is none. Deterministic.
HWY_NOINLINE bool find_gemm_kernel(const mma_model& m, int exponent, gemm_kernel& k) {
#if HWY_TARGET == HWY_EMU128 || HWY_TARGET == HWY_SCALAR
  // Without vectors the definition is no slower, and Highway's conversions there are the
  // compiler's.
  (void)m, (void)exponent, (void)k;
  return false;
#else
  if (exponent == 0 && fused_kernel(m, k)) return true;
  return aligned_kernel(m, k) || runs_kernel(m, k) || long_kernel(m, k);
#endif
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
