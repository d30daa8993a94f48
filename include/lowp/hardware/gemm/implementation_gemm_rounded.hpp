// SPDX-License-Identifier: Apache-2.0
/// \file
/// The kernels that `gemm` asks for besides those of aligned sums, chosen when the program runs.
/// One unit of a program includes this header, before any header of Highway, and links the one of
/// implementation_gemm.hpp.
#ifndef LOWP_HARDWARE_GEMM_IMPLEMENTATION_GEMM_ROUNDED_HPP
#define LOWP_HARDWARE_GEMM_IMPLEMENTATION_GEMM_ROUNDED_HPP

#include "../../simd/implementation_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lowp/hardware/gemm/rounded_kernels-inl.hpp"

// The order of these three matters.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "rounded_kernels-inl.hpp"
// clang-format on

namespace lowp::simd {

HWY_EXPORT(choose_rounded_kernel);

bool find_rounded_kernel(const mma_model& m, gemm_kernel& k) {
  return HWY_DYNAMIC_DISPATCH(choose_rounded_kernel)(m, k);
}

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_IMPLEMENTATION_GEMM_ROUNDED_HPP
