// SPDX-License-Identifier: Apache-2.0
/// \file
/// The instruction sets for which units choose kernels when a program runs, spec/bulk.md BLK-1.
/// Before any other header of Highway; a unit holds one of the implementations that include this.
#if defined(HWY_HIGHWAY_INCLUDED) || defined(HIGHWAY_HWY_FOREACH_TARGET_H_)
#error "lowp: one <lowp/simd/implementation...> a unit, before any header of Highway"
#endif
#ifndef LOWP_SIMD_IMPLEMENTATION_TARGETS_HPP
#define LOWP_SIMD_IMPLEMENTATION_TARGETS_HPP

#ifndef HWY_WANT_AVX3_DL
#define HWY_WANT_AVX3_DL 1  // without it Highway 1.0.3 refuses -march=native where that has VNNI
#endif
// NEON permutes bytes for tables, which the kernels for SVE do not; define it as 0 for machines
// whose vectors are long. Highway 1.0 has no RVV that compilers of today take.
#ifndef HWY_DISABLED_TARGETS
#include <hwy/base.h>
#if defined(HWY_MAJOR) && (HWY_MAJOR > 1 || HWY_MINOR > 0)
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#else
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#endif
#endif

#endif  // LOWP_SIMD_IMPLEMENTATION_TARGETS_HPP
