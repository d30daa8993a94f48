// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers divided by the scale of their row: by division, or, for minifloats of few bits, by the
/// reciprocal and one step that mends the product.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "rowwise_vectors-inl.hpp"

#if defined(LOWP_SIMD_ROWWISE_QUOTIENTS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ROWWISE_QUOTIENTS_INL_HPP
#undef LOWP_SIMD_ROWWISE_QUOTIENTS_INL_HPP
#else
#define LOWP_SIMD_ROWWISE_QUOTIENTS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_ROW_KERNELS
namespace rows {

/// x / scale.
inline void divide_all(float* x, std::uint64_t n, std::uint32_t scale) {
  const float_vector by = set_real(scale);
  std::uint64_t i = 0;
  for (; i + row_lanes <= n; i += row_lanes) {
    hn::StoreU(DivStep(hn::LoadU(floats(), x + i), by), floats(), x + i);
  }
  if (i < n) store_first(DivStep(load_first(x + i, n - i), by), x + i, n - i);
}

/// May `divide_refined` divide numbers of the format? All are 0 or from 2^-60 to below 2^60, with
/// significands of at most 5 bits.
inline bool has_refined_quotients(format f) {
  return has_fused_step && f.kind == number_kind::minifloat && f.bottom == bottom_binade::gradual &&
         f.width <= 8 && trailing_bits(f) <= 4 && f.bias >= 0 && f.bias + trailing_bits(f) <= 60 &&
         (1 << exponent_field_bits(f)) - f.bias <= 60;
}
/// From 2^-60 to below 2^60.
inline bool is_refined_divisor(std::uint32_t scale) {
  return scale - 0x21800000 < 0x5d800000 - 0x21800000;
}

/// The same bits as those of `divide_all`. With r = fl(1 / s), q = fl(x r): fl(q + fl(x - q s) r)
/// is fl(x / s) for every significand of s and every one of x of 5 bits, which was tried; nothing
/// under- or overflows on the way.
inline void divide_refined(float* x, std::uint64_t n, std::uint32_t scale) {
  const hn::FixedTag<float, 4> d4;
  const auto one = hn::Set(d4, 1.0f);
  const auto divisor = hn::BitCast(d4, hn::Set(hn::RebindToUnsigned<decltype(d4)>(), scale));
  const float_vector r = hn::Set(floats(), hn::GetLane(DivStep(one, divisor)));
  const float_vector minus = set_real(scale | 0x80000000);
  const word_vector sign = set_bits(0x80000000);
  const auto quotient = [&](float_vector v) HWY_ATTR {
    const float_vector q = MulStep(v, r);
    const float_vector mended = FmaStep(FmaStep(q, minus, v), r, q);
    return from_bits(hn::Or(bits_of(mended), hn::And(bits_of(v), sign)));  // -0 stays
  };
  std::uint64_t i = 0;
  for (; i + row_lanes <= n; i += row_lanes) {
    hn::StoreU(quotient(hn::LoadU(floats(), x + i)), floats(), x + i);
  }
  if (i < n) store_first(quotient(load_first(x + i, n - i)), x + i, n - i);
}

}  // namespace rows
#endif  // LOWP_HAS_ROW_KERNELS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
