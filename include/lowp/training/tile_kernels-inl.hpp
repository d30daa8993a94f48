// SPDX-License-Identifier: Apache-2.0
/// \file
/// What is done to tiles of operands and of results besides quantising: transposition, factors,
/// sums. Every product and sum is rounded by itself. A `float_environment` must live around them.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "../simd/float_steps-inl.hpp"

#if defined(LOWP_TRAINING_TILE_KERNELS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_TRAINING_TILE_KERNELS_INL_HPP
#undef LOWP_TRAINING_TILE_KERNELS_INL_HPP
#else
#define LOWP_TRAINING_TILE_KERNELS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// out (columns x rows) = in (rows x columns) transposed, in squares of 4 x 4.
HWY_NOINLINE void transpose_tile(const float* in, std::size_t in_stride, std::size_t rows,
                                 std::size_t columns, float* out, std::size_t out_stride) {
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::FixedTag<float, 4> d;
  const hn::Repartition<double, decltype(d)> pairs;
  for (; i + 4 <= rows; i += 4) {
    const float* x = in + i * in_stride;
    std::size_t j = 0;
    for (; j + 4 <= columns; j += 4) {
      const auto r0 = hn::LoadU(d, x + j), r1 = hn::LoadU(d, x + in_stride + j);
      const auto r2 = hn::LoadU(d, x + 2 * in_stride + j), r3 = hn::LoadU(d, x + 3 * in_stride + j);
      const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, r0, r1));
      const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, r2, r3));
      const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, r0, r1));
      const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, r2, r3));
      float* y = out + j * out_stride + i;
      hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23)), d, y);
      hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23)), d, y + out_stride);
      hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23)), d, y + 2 * out_stride);
      hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23)), d, y + 3 * out_stride);
    }
    for (; j < columns; ++j) {
      for (std::size_t k = 0; k < 4; ++k) out[j * out_stride + i + k] = x[k * in_stride + j];
    }
  }
#endif
  for (; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) out[j * out_stride + i] = in[i * in_stride + j];
  }
}

/// body(tag, i) for n numbers: whole vectors, then one by one.
template <class Body>
HWY_INLINE void for_vectors(std::size_t n, const Body& body) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) body(d, i);
  const hn::CappedTag<float, 1> one;
  for (; i < n; ++i) body(one, i);
}

/// y = x factor; NaNs stay what they are.
HWY_NOINLINE void scale_numbers(const float* x, float factor, float* y, std::size_t n) {
  for_vectors(n, [&](auto d, std::size_t i) HWY_ATTR {
    const hn::RebindToUnsigned<decltype(d)> du;
    const auto v = hn::LoadU(d, x + i);
    const auto magnitude = hn::And(hn::BitCast(du, v), hn::Set(du, 0x7fffffffu));
    const auto is_nan = hn::Gt(magnitude, hn::Set(du, 0x7f800000u));
    const auto product = MulStep(v, hn::Set(d, factor));
    hn::StoreU(hn::IfThenElse(hn::RebindMask(d, is_nan), v, product), d, y + i);
  });
}

/// y = y + x.
HWY_NOINLINE void add_numbers_to(const float* x, float* y, std::size_t n) {
  for_vectors(n, [&](auto d, std::size_t i) HWY_ATTR {
    hn::StoreU(AddStep(hn::LoadU(d, y + i), hn::LoadU(d, x + i)), d, y + i);
  });
}

/// y_j = y_j + x_j (factor factors_j).
HWY_NOINLINE void add_scaled_numbers(const float* x, float factor, const float* factors, float* y,
                                     std::size_t n) {
  for_vectors(n, [&](auto d, std::size_t i) HWY_ATTR {
    const auto both = MulStep(hn::Set(d, factor), hn::LoadU(d, factors + i));
    const auto product = MulStep(hn::LoadU(d, x + i), both);
    hn::StoreU(AddStep(hn::LoadU(d, y + i), product), d, y + i);
  });
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
