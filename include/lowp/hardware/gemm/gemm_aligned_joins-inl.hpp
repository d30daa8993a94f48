// SPDX-License-Identifier: Apache-2.0
/// \file
/// Accumulators of aligned sums after a step, by where they enter it. spec/gemm.md GEM-6.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_aligned_rounding-inl.hpp"
#include "gemm_aligned_step-inl.hpp"

#if defined(LOWP_GEMM_ALIGNED_JOINS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_ALIGNED_JOINS_INL_HPP
#undef LOWP_GEMM_ALIGNED_JOINS_INL_HPP
#else
#define LOWP_GEMM_ALIGNED_JOINS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE
namespace aligned {

/// Accumulators after a step, the accumulator among the terms.
template <bool Wide>
HWY_INLINE float_vector join_in_step(const aligned_plan& p, const rounder& round,
                                     const step_sums<Wide>& s, int r, float_vector c) {
  const word_vector bits = hn::BitCast(words(), c), magnitude = magnitude_bits(c);
  const word_vector addend = on_grid(bits, magnitude, s.greatest[r], p.kept);
  const word_vector unit = hn::Sub(s.greatest[r], set_word(p.kept));
  double_vector low, high;
  if (p.adds_c) {
    const word_vector sum = hn::Add(s.sum[r], addend);
    low = widened<false>(sum);
    high = widened<true>(sum);
  } else {
    low = hn::Add(widened<false>(s.sum[r]), widened<false>(addend));
    high = hn::Add(widened<true>(s.sum[r]), widened<true>(addend));
    if (has_chunks(s)) {
      low = hn::Add(low, s.low[r]);
      high = hn::Add(high, s.high[r]);
    }
  }
  const half_float_vector lower = round(hn::Mul(low, power<false>(unit)));
  const half_float_vector upper = round(hn::Mul(high, power<true>(unit)));
  const float_vector result = finished(p, hn::Combine(floats(), upper, lower));
  const auto is_infinite = hn::Gt(magnitude, set_word(0x7f7fffff));
  return hn::IfThenElse(hn::RebindMask(floats(), is_infinite), c, result);
}

/// The same where everything fits in binary32: results are those of a mask.
template <bool Wide>
HWY_INLINE float_vector join_narrow(const aligned_plan& p, const step_sums<Wide>& s, int r,
                                    float_vector c) {
  const word_vector bits = hn::BitCast(words(), c), magnitude = magnitude_bits(c);
  const word_vector sum = hn::Add(s.sum[r], on_grid(bits, magnitude, s.greatest[r], p.kept));
  const word_vector mask =
      set_word(static_cast<std::int32_t>(~std::uint32_t{0} << (24 - p.precision)));
  const float_vector kept =
      hn::BitCast(floats(), hn::And(hn::BitCast(words(), hn::ConvertTo(floats(), sum)), mask));
  const word_vector unit = hn::Sub(s.greatest[r], set_word(p.kept));
  const word_vector half = hn::ShiftRight<1>(unit), rest = hn::Sub(unit, half);
  const auto power = [](word_vector x) HWY_ATTR {
    return hn::BitCast(floats(), hn::ShiftLeft<23>(hn::Add(x, set_word(127))));
  };
  const float_vector result = MulStep(MulStep(kept, power(half)), power(rest));
  const auto is_infinite = hn::Gt(magnitude, set_word(0x7f7fffff));
  return hn::IfThenElse(hn::RebindMask(floats(), is_infinite), c, result);
}

/// Accumulators after a step whose sum is added to them on a second grid, each cut downward.
template <bool Upper, bool Wide>
HWY_INLINE half_float_vector late_half(const aligned_plan& p, const step_sums<Wide>& s, int r,
                                       float_vector c, word_vector exponent) {
  double_vector sum = widened<Upper>(s.sum[r]);
  if (has_chunks(s)) sum = hn::Add(sum, Upper ? s.high[r] : s.low[r]);
  // A sum far below is -1 or 0 units all the same.
  const word_vector shift = hn::Max(hn::Sub(s.products[r], exponent), set_word(-200));
  const int bits = p.kept_sum > p.kept_c ? p.kept_sum : p.kept_c;
  const double_vector products =
      hn::Floor(hn::Mul(sum, power<Upper>(hn::Add(shift, set_word(p.kept_sum - p.kept)))));
  const word_vector to_c = hn::Sub(set_word(p.kept_c), exponent);
  const double_vector addend = hn::Floor(hn::Mul(widened<Upper>(c), power<Upper>(to_c)));
  const double_vector total =
      hn::Add(hn::Mul(products, set_double(power_of_two(bits - p.kept_sum))),
              hn::Mul(addend, set_double(power_of_two(bits - p.kept_c))));
  const double_vector v = hn::Mul(total, power<Upper>(hn::Sub(exponent, set_word(bits))));
  return hn::DemoteTo(half_floats(), v);
}
template <bool Wide>
HWY_INLINE float_vector join_late(const aligned_plan& p, const step_sums<Wide>& s, int r,
                                  float_vector c) {
  const word_vector magnitude = magnitude_bits(c);
  const word_vector exponent =
      hn::Max(hn::Max(s.products[r], exponent_of(magnitude, p)), set_word(-800));
  const half_float_vector lower = late_half<false>(p, s, r, c, exponent);
  const half_float_vector upper = late_half<true>(p, s, r, c, exponent);
  const float_vector result = hn::Combine(floats(), upper, lower);
  const auto is_infinite = hn::Gt(magnitude, set_word(0x7f7fffff));
  return hn::IfThenElse(hn::RebindMask(floats(), is_infinite), c, result);
}

/// Addition to nearest of what an instruction gave.
HWY_INLINE float_vector join_after_all(const aligned_plan& p, const rounder& round, float_vector c,
                                       float_vector sum) {
  const float_vector r = AddStep(c, sum);
  if (round.is_binary32) return r;
  const auto to_nearest = [&](double_vector x, double_vector y) HWY_ATTR {
    return hn::DemoteTo(half_floats(), round.nearest(hn::Add(x, y)));
  };
  const float_vector exact = hn::Combine(floats(), to_nearest(widened<true>(c), widened<true>(sum)),
                                         to_nearest(widened<false>(c), widened<false>(sum)));
  // Infinities and NaNs as the addition has them, zeros with its sign.
  const word_vector magnitude = magnitude_bits(r);
  const auto keeps =
      hn::Or(hn::Gt(magnitude, set_word(0x7f7fffff)), hn::Eq(magnitude, set_word(0)));
  return hn::IfThenElse(hn::RebindMask(floats(), keeps), r, finished(p, exact));
}

}  // namespace aligned
#endif

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
