// SPDX-License-Identifier: Apache-2.0
/// \file
/// Thresholds of stochastic rounding for a chunk of elements.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "../pack/convert_array.hpp"

#if defined(LOWP_SIMD_RANDOM_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_RANDOM_INL_HPP
#undef LOWP_SIMD_RANDOM_INL_HPP
#else
#define LOWP_SIMD_RANDOM_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {

/// The threshold that makes `fraction > threshold` the decision of a stochastic mode
/// (spec/projection.md PRJ-2, PRJ-3) for N random bits R. N is at least two below the lane's width.
template <class Word>
HWY_INLINE Word stochastic_threshold(rounding mode, Word r, int n) {
  constexpr int bits = 8 * static_cast<int>(sizeof(Word));
  if (mode == rounding::stochastic_b) return ~((2 * r + 1) << (bits - 1 - n));
  if (mode == rounding::stochastic_a) return n == 0 ? ~Word{0} : ~(r << (bits - n));
  const Word k = static_cast<Word>((Word{1} << n) - 1 - r);
  return (n == 0 ? 0 : k << (bits - n)) + (Word{1} << (bits - 1 - n)) - (k & 1);
}

template <class Word>
void fill_thresholds(const array_conversion& c, std::uint64_t first, std::size_t n, Word* out) {
  for (std::size_t i = 0; i < n; ++i) {
    int bits = 0;
    const std::uint64_t r =
        lowp::detail::random_of(c.p, random_word_of(c.p, c.random, first + i), bits);
    out[i] = stochastic_threshold<Word>(c.p.round, static_cast<Word>(r), bits);
  }
}

}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
