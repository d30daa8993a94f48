// SPDX-License-Identifier: Apache-2.0
/// \file
/// The binary32 arithmetic of published quantisers on vectors: each function is one operation in
/// one rounding, whatever the compiler's flags. -ffast-math, contraction and reordering do not
/// reach them, as compilers do not see which operation they are. spec/bulk.md BLK-6.
///
/// A `float_environment` must live around them, in a function into which the kernel is not inlined:
/// compilers may move steps whose operands are constants out of its scope otherwise. Results that
/// are NaN have the machine's payload and sign, not those of `float32`.
#include <cstddef>

#include <hwy/highway.h>

#include "machine_binary32.hpp"

#if defined(LOWP_SIMD_FLOAT_STEPS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_FLOAT_STEPS_INL_HPP
#undef LOWP_SIMD_FLOAT_STEPS_INL_HPP
#else
#define LOWP_SIMD_FLOAT_STEPS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Name, and the instruction's; the scalar one for machines without an instruction below.
#if HWY_ARCH_X86_64 && HWY_TARGET <= HWY_AVX2
#define LOWP_STEP(Name, mnemonic, scalar)                                                      \
  template <class V>                                                                           \
  HWY_INLINE V Name(V x, V y) {                                                                \
    V r;                                                                                       \
    __asm__("v" mnemonic "ps {%2, %1, %0|%0, %1, %2}" : "=v"(r.raw) : "v"(x.raw), "v"(y.raw)); \
    return r;                                                                                  \
  }
#elif HWY_ARCH_X86_64 && HWY_TARGET < HWY_EMU128
#define LOWP_STEP(Name, mnemonic, scalar)                              \
  template <class V>                                                   \
  HWY_INLINE V Name(V x, V y) {                                        \
    __asm__(mnemonic "ps {%1, %0|%0, %1}" : "+x"(x.raw) : "x"(y.raw)); \
    return x;                                                          \
  }
#elif HWY_ARCH_ARM_A64 && HWY_TARGET == HWY_NEON
#define LOWP_STEP(Name, mnemonic, scalar)                                                  \
  template <class V>                                                                       \
  HWY_INLINE V Name(V x, V y) {                                                            \
    V r;                                                                                   \
    if constexpr (sizeof(r.raw) == 16) {                                                   \
      __asm__("f" mnemonic " %0.4s, %1.4s, %2.4s" : "=w"(r.raw) : "w"(x.raw), "w"(y.raw)); \
    } else {                                                                               \
      __asm__("f" mnemonic " %0.2s, %1.2s, %2.2s" : "=w"(r.raw) : "w"(x.raw), "w"(y.raw)); \
    }                                                                                      \
    return r;                                                                              \
  }
#elif HWY_ARCH_ARM_A64 && HWY_HAVE_SCALABLE
// The predicated forms, which all operations have.
#define LOWP_STEP(Name, mnemonic, scalar)                                                     \
  template <class V>                                                                          \
  HWY_INLINE V Name(V x, V y) {                                                               \
    __asm__("f" mnemonic " %0.s, %1/m, %0.s, %2.s" : "+w"(x) : "Upl"(svptrue_b32()), "w"(y)); \
    return x;                                                                                 \
  }
#else
#define LOWP_STEP(Name, mnemonic, scalar)                                               \
  template <class V>                                                                    \
  HWY_INLINE V Name(V x, V y) {                                                         \
    const hn::DFromV<V> d;                                                              \
    HWY_ALIGN float a[HWY_MAX_BYTES / sizeof(float)], b[HWY_MAX_BYTES / sizeof(float)]; \
    hn::Store(x, d, a);                                                                 \
    hn::Store(y, d, b);                                                                 \
    for (std::size_t i = 0; i < hn::Lanes(d); ++i) a[i] = machine::scalar(a[i], b[i]);  \
    return hn::Load(d, a);                                                              \
  }
#endif

LOWP_STEP(AddStep, "add", add)
LOWP_STEP(SubStep, "sub", subtract)
LOWP_STEP(MulStep, "mul", multiply)
LOWP_STEP(DivStep, "div", divide)
#undef LOWP_STEP

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
