// SPDX-License-Identifier: Apache-2.0
/// \file
/// The kernels for products of matrices whose sums are chains, trees, exact, of integers, or of one
/// machine alone. spec/gemm.md GEM-10.
#include "gemm_exact-inl.hpp"
#include "gemm_grid-inl.hpp"
#include "gemm_integer-inl.hpp"
#include "gemm_tree-inl.hpp"

#if defined(LOWP_ROUNDED_KERNELS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_ROUNDED_KERNELS_INL_HPP
#undef LOWP_ROUNDED_KERNELS_INL_HPP
#else
#define LOWP_ROUNDED_KERNELS_INL_HPP
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// The kernel for a model, whose c is d; false: there is none.
HWY_NOINLINE bool choose_rounded_kernel(const mma_model& m, gemm_kernel& k) {
#if LOWP_HAS_GEMM_STEPS
  return rounded::chain_kernel(m, k) || rounded::tree_kernel(m, k) || rounded::exact_kernel(m, k) ||
         rounded::integer_kernel(m, k) || rounded::grid_kernel(m, k);
#else
  (void)m, (void)k;
  return false;
#endif
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
