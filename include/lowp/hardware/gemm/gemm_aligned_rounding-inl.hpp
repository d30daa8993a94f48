// SPDX-License-Identifier: Apache-2.0
/// \file
/// Between accumulators and what the kernels of aligned sums add: their exponents and bits on a
/// grid; exact sums rounded. spec/gemm.md GEM-6.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_aligned_lanes-inl.hpp"
#include "gemm_aligned_plan.hpp"

#if defined(LOWP_GEMM_ALIGNED_ROUNDING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_ALIGNED_ROUNDING_INL_HPP
#undef LOWP_GEMM_ALIGNED_ROUNDING_INL_HPP
#else
#define LOWP_GEMM_ALIGNED_ROUNDING_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE
namespace aligned {

/// How an exact binary64 value becomes the accumulator's.
struct rounder {
  bool is_nearest, is_binary32, has_less_range;
  int fraction;  ///< bits below the leading one
  double_vector kept, least, to_magic, to_unit;

  HWY_INLINE explicit rounder(const aligned_plan& p)
      : is_nearest(p.is_nearest),
        is_binary32(p.precision == 24 && p.greatest == 127),
        has_less_range(p.greatest < 127),
        fraction(p.precision - 1),
        kept(hn::BitCast(
            doubles(),
            hn::Set(longs(), static_cast<std::int64_t>(~std::uint64_t{0} << (53 - p.precision))))),
        least(set_double(power_of_two(p.least_normal))),
        to_magic(set_double(1.5 * power_of_two(53 - p.precision))),
        to_unit(set_double(power_of_two(1 - p.precision))) {}

  HWY_INLINE double_vector power_below(double_vector v) const {
    const auto exponent = hn::Set(longs(), std::int64_t{0x7ff} << 52);
    return hn::Max(hn::BitCast(doubles(), hn::And(hn::BitCast(longs(), v), exponent)), least);
  }
  /// To nearest on the grid of the accumulator.
  HWY_INLINE double_vector nearest(double_vector v) const {
    const double_vector magic = opaque(hn::Mul(power_below(v), to_magic));
    return hn::Sub(opaque(hn::Add(v, magic)), magic);
  }
  HWY_INLINE double_vector toward_zero(double_vector v) const {
    const double_vector magnitude = hn::Abs(v);
    if (HWY_LIKELY(hn::AllFalse(doubles(), hn::Lt(magnitude, least)))) return hn::And(v, kept);
    const double_vector r = opaque(nearest(magnitude));
    const double_vector unit = hn::Mul(power_below(v), to_unit);
    const double_vector cut = hn::Sub(r, hn::IfThenElseZero(hn::Gt(r, magnitude), unit));
    const double_vector zero = hn::Zero(doubles());
    return hn::IfThenElse(hn::Lt(v, zero), hn::Sub(zero, cut), cut);
  }
  HWY_INLINE half_float_vector operator()(double_vector v) const {
    if (!is_nearest) {
      v = toward_zero(v);
    } else if (!is_binary32) {
      v = nearest(v);
    }
    return hn::DemoteTo(half_floats(), v);
  }
};

/// Beyond the greatest exponent: infinite. No zero is negative.
HWY_INLINE float_vector finished(const aligned_plan& p, float_vector r) {
  const word_vector bits = hn::BitCast(words(), r), magnitude = magnitude_bits(r);
  word_vector result = hn::IfThenZeroElse(hn::Eq(magnitude, set_word(0)), bits);
  if (p.greatest < 127) {
    const word_vector infinite = hn::Or(hn::Xor(bits, magnitude), set_word(0x7f800000));
    result = choose(hn::Gt(magnitude, set_word(((p.greatest + 128) << 23) - 1)), infinite, result);
  }
  return hn::BitCast(floats(), result);
}

/// Exponent of an accumulator; of one that is zero.
HWY_INLINE word_vector exponent_of(word_vector magnitude, const aligned_plan& p) {
  const word_vector e =
      hn::Max(hn::Sub(hn::ShiftRight<23>(magnitude), set_word(127)), set_word(p.least_normal));
  const word_vector of_zero = set_word(p.skips_zero_c ? -(1 << 20) : -126);
  return choose(hn::Eq(magnitude, set_word(0)), of_zero, e);
}

/// An accumulator on the grid 2^(exponent - kept), cut toward zero.
HWY_INLINE word_vector on_grid(word_vector bits, word_vector magnitude, word_vector exponent,
                               int kept) {
  const word_vector one = set_word(1 << 23);
  const word_vector hidden = hn::Min(hn::AndNot(set_word(0x7fffff), magnitude), one);
  word_vector m = hn::Or(hn::And(magnitude, set_word(0x7fffff)), hidden);
  const word_vector own =
      hn::Sub(hn::Max(hn::ShiftRight<23>(magnitude), set_word(1)), set_word(127));
  int right = 23 - kept;
  if (right < 0) {
    m = hn::ShiftLeftSame(m, -right);
    right = 0;
  }
  word_vector shift = hn::Add(hn::Sub(exponent, own), set_word(right));
  shift = hn::Min(hn::Max(shift, set_word(0)), set_word(31));
  m = hn::Shr(m, shift);
  const word_vector sign = hn::ShiftRight<31>(bits);
  return hn::Sub(hn::Xor(m, sign), sign);
}

}  // namespace aligned
#endif

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
