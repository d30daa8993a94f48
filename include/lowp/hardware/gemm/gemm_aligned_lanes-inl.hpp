// SPDX-License-Identifier: Apache-2.0
/// \file
/// Vectors of the kernels of aligned sums: columns of D in lanes of 32 bits, halves of them widened
/// to 64. spec/gemm.md GEM-6.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "../../simd/float_steps-inl.hpp"

#if defined(LOWP_GEMM_ALIGNED_LANES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_ALIGNED_LANES_INL_HPP
#undef LOWP_GEMM_ALIGNED_LANES_INL_HPP
#else
#define LOWP_GEMM_ALIGNED_LANES_INL_HPP
#endif

#undef LOWP_GEMM_UNROLL
#if defined(__GNUC__) && !defined(__clang__)
#define LOWP_GEMM_UNROLL _Pragma("GCC unroll 8")  // else arrays of vectors stay in memory at -O2
#else
#define LOWP_GEMM_UNROLL
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE
namespace aligned {

namespace hn = hwy::HWY_NAMESPACE;

using floats = hn::ScalableTag<float>;
using words = hn::RebindToSigned<floats>;
using halves = hn::Repartition<std::int16_t, floats>;
using bytes = hn::Repartition<std::int8_t, floats>;
using doubles = hn::Repartition<double, floats>;
using longs = hn::RebindToSigned<doubles>;
using half_floats = hn::Half<floats>;
using half_words = hn::Half<words>;
using float_vector = hn::Vec<floats>;
using word_vector = hn::Vec<words>;
using double_vector = hn::Vec<doubles>;
using half_float_vector = hn::Vec<half_floats>;
using half_word_vector = hn::Vec<half_words>;

constexpr int columns = static_cast<int>(hn::MaxLanes(floats()));
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
constexpr int rows = 8;
#else
constexpr int rows = 2;
#endif

HWY_INLINE word_vector set_word(std::int32_t x) { return hn::Set(words(), x); }
HWY_INLINE double_vector set_double(double x) { return hn::Set(doubles(), x); }

/// Cut toward zero; |x| < 2^31.
HWY_INLINE word_vector cut(float_vector x) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  return word_vector{_mm512_cvttps_epi32(x.raw)};
#elif HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  return word_vector{_mm256_cvttps_epi32(x.raw)};
#elif HWY_ARCH_X86 && HWY_TARGET < HWY_EMU128
  return word_vector{_mm_cvttps_epi32(x.raw)};
#else
  return hn::ConvertTo(words(), x);
#endif
}

/// The compiler does not see where the vector comes from: (x + y) - y stays.
template <class V>
HWY_INLINE V opaque(V x) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  __asm__("" : "+v"(x.raw));
#elif HWY_ARCH_X86 && HWY_TARGET < HWY_EMU128
  __asm__("" : "+x"(x.raw));
#elif HWY_ARCH_ARM && HWY_TARGET < HWY_EMU128
  __asm__("" : "+w"(x.raw));
#else
  __asm__("" : "+m"(x));
#endif
  return x;
}

template <bool Upper, class V>
HWY_INLINE half_word_vector half_of(V x) {
  if constexpr (Upper) {
    return hn::UpperHalf(half_words(), x);
  } else {
    return hn::LowerHalf(half_words(), x);
  }
}
template <bool Upper>
HWY_INLINE double_vector widened(word_vector x) {
  return hn::PromoteTo(doubles(), half_of<Upper>(x));
}
/// 2^x, -1022 <= x <= 1023.
template <bool Upper>
HWY_INLINE double_vector power(word_vector x) {
  const longs d;
  const auto wide = hn::PromoteTo(d, half_of<Upper>(hn::Add(x, set_word(1023))));
  return hn::BitCast(doubles(), hn::ShiftLeft<52>(wide));
}
template <bool Upper>
HWY_INLINE double_vector widened(float_vector x) {
  if constexpr (Upper) {
    return hn::PromoteTo(doubles(), hn::UpperHalf(half_floats(), x));
  } else {
    return hn::PromoteTo(doubles(), hn::LowerHalf(half_floats(), x));
  }
}

/// Bits of |x|.
HWY_INLINE word_vector magnitude_bits(float_vector x) {
  return hn::And(hn::BitCast(words(), x), set_word(0x7fffffff));
}
HWY_INLINE word_vector choose(hn::Mask<words> m, word_vector yes, word_vector no) {
  return hn::IfThenElse(m, yes, no);
}

}  // namespace aligned
#endif

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
