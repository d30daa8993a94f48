// SPDX-License-Identifier: Apache-2.0
/// \file
/// Version and the one portability macro of lowp.
#ifndef LOWP_CONFIG_HPP
#define LOWP_CONFIG_HPP

#define LOWP_VERSION_MAJOR 0
#define LOWP_VERSION_MINOR 1
#define LOWP_VERSION_PATCH 0

/// Marks every function of the core: constexpr everywhere, and callable from host and device when a
/// CUDA or HIP compiler reads the header, so that no relaxed-constexpr flag is needed.
#if defined(__CUDACC__) || defined(__HIPCC__)
#define LOWP_FN __host__ __device__ constexpr
#else
#define LOWP_FN constexpr
#endif

#endif  // LOWP_CONFIG_HPP
