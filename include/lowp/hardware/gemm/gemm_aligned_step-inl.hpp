// SPDX-License-Identifier: Apache-2.0
/// \file
/// A step of an aligned sum: the greatest exponents of products, and products cut on its grid and
/// added. spec/gemm.md GEM-6.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_aligned_lanes-inl.hpp"
#include "gemm_aligned_plan.hpp"

#if defined(LOWP_GEMM_ALIGNED_STEP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_ALIGNED_STEP_INL_HPP
#undef LOWP_GEMM_ALIGNED_STEP_INL_HPP
#else
#define LOWP_GEMM_ALIGNED_STEP_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE
namespace aligned {

/// A step for a tile: sums of products in chunks, and the exponents that they are aligned to.
template <bool Wide>
struct step_sums {
  const aligned_plan& p;
  const aligned_layout at_a, at_b;
  const std::int32_t exponent;
  word_vector products[rows];  ///< exponents, -(1 << 20) of none
  word_vector offsets[rows], greatest[rows];
  float_vector scale[rows];
  word_vector sum[rows];                ///< of the last chunk
  double_vector low[rows], high[rows];  ///< of the chunks before

  /// Exponents of products.
  HWY_INLINE void align(const std::byte* a, const std::byte* b) {
    const auto* of_a = reinterpret_cast<const std::int32_t*>(a + at_a.exponents());
    const auto* of_b = reinterpret_cast<const std::int32_t*>(b + at_b.exponents());
    word_vector greatest_of[rows];
    if constexpr (Wide) {
      const halves d;
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) greatest_of[r] = hn::BitCast(words(), hn::Set(d, -32768));
      for (int i = 0; i < at_b.words(); ++i) {
        const auto e = hn::BitCast(d, hn::LoadU(words(), of_b + i * columns));
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          const auto sums = hn::Add(e, hn::BitCast(d, set_word(of_a[i * rows + r])));
          greatest_of[r] = hn::BitCast(words(), hn::Max(hn::BitCast(d, greatest_of[r]), sums));
        }
      }
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        const word_vector x = greatest_of[r];
        greatest_of[r] = hn::Max(hn::ShiftRight<16>(x), hn::ShiftRight<16>(hn::ShiftLeft<16>(x)));
      }
    } else {
      const bytes d;
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        greatest_of[r] = hn::BitCast(words(), hn::Set(d, std::int8_t{-128}));
      }
      for (int i = 0; i < at_b.words(); ++i) {
        const auto e = hn::BitCast(d, hn::LoadU(words(), of_b + i * columns));
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          const auto sums = hn::SaturatedAdd(e, hn::BitCast(d, set_word(of_a[i * rows + r])));
          greatest_of[r] = hn::BitCast(words(), hn::Max(hn::BitCast(d, greatest_of[r]), sums));
        }
      }
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        const word_vector x = greatest_of[r];
        const word_vector high =
            hn::Max(hn::ShiftRight<24>(x), hn::ShiftRight<24>(hn::ShiftLeft<8>(x)));
        const word_vector low = hn::Max(hn::ShiftRight<24>(hn::ShiftLeft<16>(x)),
                                        hn::ShiftRight<24>(hn::ShiftLeft<24>(x)));
        greatest_of[r] = hn::Max(high, low);
      }
    }
    const word_vector offset_b =
        hn::LoadU(words(), reinterpret_cast<const std::int32_t*>(b + at_b.offsets()));
    const auto* offset_a = reinterpret_cast<const std::int32_t*>(a + at_a.offsets());
    LOWP_GEMM_UNROLL
    for (int r = 0; r < rows; ++r) {
      const word_vector e = greatest_of[r];
      offsets[r] = hn::Add(offset_b, set_word(offset_a[r] + exponent));
      const auto none = hn::Lt(e, set_word(Wide ? no_product_exponent : no_short_product));
      products[r] = choose(none, set_word(-(1 << 20)), hn::Add(e, offsets[r]));
    }
  }
  /// Sums products on the grid 2^(greatest - kept); false if there is more than one chunk.
  HWY_INLINE void add(const std::byte* a, const std::byte* b) {
    const floats d;
    LOWP_GEMM_UNROLL
    for (int r = 0; r < rows; ++r) {
      word_vector x = hn::Sub(hn::Add(offsets[r], set_word(p.kept + 127)), greatest[r]);
      x = hn::Min(hn::Max(x, set_word(1)), set_word(254));
      scale[r] = hn::BitCast(d, hn::ShiftLeft<23>(x));
      sum[r] = hn::Zero(words());
    }
    const auto* of_a = reinterpret_cast<const float*>(a);
    const auto* of_b = reinterpret_cast<const float*>(b);
    bool is_first = true;
    for (int i = 0; i < p.group;) {
      const int end = i + p.chunk < p.group ? i + p.chunk : p.group;
      if (!is_first || i != 0) {
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          low[r] = is_first ? widened<false>(sum[r]) : hn::Add(low[r], widened<false>(sum[r]));
          high[r] = is_first ? widened<true>(sum[r]) : hn::Add(high[r], widened<true>(sum[r]));
          sum[r] = hn::Zero(words());
        }
        is_first = false;
      }
      for (; i < end; ++i) {
        const float_vector y = hn::LoadU(d, of_b + i * columns);
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          const float_vector x = hn::Set(d, of_a[i * rows + r]);
          sum[r] = hn::Add(sum[r], cut(MulStep(MulStep(x, y), scale[r])));
        }
      }
    }
  }
};

template <bool Wide>
HWY_INLINE bool has_chunks(const step_sums<Wide>& s) {
  return s.p.chunk < s.p.group;
}

}  // namespace aligned
#endif

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
