// SPDX-License-Identifier: Apache-2.0
/// \file
/// Version and the portability macros of lowp.
#ifndef LOWP_CONFIG_HPP
#define LOWP_CONFIG_HPP

#define LOWP_VERSION_MAJOR 0
#define LOWP_VERSION_MINOR 1
#define LOWP_VERSION_PATCH 0

// Units of a program may be compiled for different instruction sets. Functions that they share by
// name would then be those of one of them, whichever the linker meets first, and stop a processor
// that lacks its instructions. So what a unit is compiled for, beyond the least of the
// architecture, becomes part of the names of its functions; those of types and of lowp's
// libraries stay as they are.
#if defined(__GNUC__) && !defined(__CUDACC__) && !defined(__HIPCC__)
#if defined(__AVX512FP16__)
#define LOWP_VECTORS "avx512fp16"
#elif defined(__AVX512VBMI2__)
#define LOWP_VECTORS "avx512vbmi2"
#elif defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
#define LOWP_VECTORS "avx512vl"
#elif defined(__AVX512F__)
#define LOWP_VECTORS "avx512"
#elif defined(__AVX2__)
#define LOWP_VECTORS "avx2"
#elif defined(__AVX__)
#define LOWP_VECTORS "avx"
#elif defined(__SSE4_1__)
#define LOWP_VECTORS "sse4"
#elif defined(__SSE3__)
#define LOWP_VECTORS "sse3"
#elif defined(__ARM_FEATURE_SVE2)
#define LOWP_VECTORS "sve2"
#elif defined(__ARM_FEATURE_SVE)
#define LOWP_VECTORS "sve"
#elif defined(__riscv_vector)
#define LOWP_VECTORS "v"
#endif
#if defined(__BMI2__)
#define LOWP_INTEGERS "bmi2"
#elif defined(__BMI__) || defined(__LZCNT__)
#define LOWP_INTEGERS "bmi"
#elif defined(__POPCNT__)
#define LOWP_INTEGERS "popcnt"
#elif defined(__riscv_zbb)
#define LOWP_INTEGERS "zbb"
#endif
#endif

#if defined(LOWP_VECTORS) && defined(LOWP_INTEGERS)
#define LOWP_UNIT __attribute__((abi_tag(LOWP_VECTORS "_" LOWP_INTEGERS)))
#elif defined(LOWP_VECTORS)
#define LOWP_UNIT __attribute__((abi_tag(LOWP_VECTORS)))
#elif defined(LOWP_INTEGERS)
#define LOWP_UNIT __attribute__((abi_tag(LOWP_INTEGERS)))
#else
#define LOWP_UNIT
#endif

/// Marks every function of the core: constexpr everywhere, and callable from host and device when a
/// CUDA or HIP compiler reads the header, so that no relaxed-constexpr flag is needed.
#if defined(__CUDACC__) || defined(__HIPCC__)
#define LOWP_FN LOWP_UNIT __host__ __device__ constexpr
#else
#define LOWP_FN LOWP_UNIT constexpr
#endif

/// LOWP_FN of what is to be inlined whatever its size: with formats and projections that are
/// constants little of it remains. That needs an optimiser; without one it would only multiply code
/// and compile times, as it does for code full of operators that need not be fast:
/// `-DLOWP_INLINE=` leaves the choice to the compiler.
#ifndef LOWP_INLINE
#if defined(__OPTIMIZE__) || defined(__CUDACC__) || defined(__HIPCC__)
#define LOWP_INLINE [[gnu::always_inline]]
#else
#define LOWP_INLINE
#endif
#endif
#define LOWP_INLINE_FN LOWP_INLINE LOWP_FN

#endif  // LOWP_CONFIG_HPP
