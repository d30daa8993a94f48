// SPDX-License-Identifier: Apache-2.0
/// \file
/// Greatest magnitudes of blocks, as many at once as a vector has lanes, and what the kernels of
/// block quantisation share about vectors.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "lanes-inl.hpp"
#include "quantise_plan.hpp"

#if defined(LOWP_SIMD_QUANTISE_AMAX_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_QUANTISE_AMAX_INL_HPP
#undef LOWP_SIMD_QUANTISE_AMAX_INL_HPP
#else
#define LOWP_SIMD_QUANTISE_AMAX_INL_HPP
#endif

#if HWY_TARGET != HWY_SCALAR

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

using float_vectors = hn::ScalableTag<float>;
using bit_vectors = hn::ScalableTag<std::uint32_t>;
using integer_vectors = hn::ScalableTag<std::int32_t>;
using float_vector = hn::VFromD<float_vectors>;
using bit_vector = hn::VFromD<bit_vectors>;
using integer_vector = hn::VFromD<integer_vectors>;

HWY_INLINE std::size_t float_lanes() { return hn::Lanes(float_vectors()); }

/// Which way elements of a plan go with vectors of this length.
enum class element_way : std::uint8_t { none, ladder, scaled, buffer };

inline element_way way_of_elements(const quantise_plan& p) {
  const std::size_t n = p.q.to.f.columns, lanes = float_lanes();
  if (n % lanes != 0 || n > most_band_elements) return element_way::none;
  if (p.ladder && n % (2 * lanes) == 0) return element_way::ladder;
  return p.scaled ? element_way::scaled : p.buffer ? element_way::buffer : element_way::none;
}

/// Lanes with the greatest magnitudes of a block among them. `Vectors`: those that n numbers fill,
/// or 0.
template <int Vectors>
HWY_INLINE bit_vector magnitudes_of(const float* x, std::size_t n) {
  const bit_vectors d;
  const auto at = [&](std::size_t i) HWY_ATTR {
    const bit_vector bits = hn::BitCast(d, hn::LoadU(float_vectors(), x + i));
    return hn::And(bits, hn::Set(d, 0x7fffffffu));
  };
  bit_vector m = at(0);
  if constexpr (Vectors == 2) return hn::Max(m, at(float_lanes()));
  if constexpr (Vectors == 1) return m;
  for (std::size_t i = float_lanes(); i < n; i += float_lanes()) m = hn::Max(m, at(i));
  return m;
}

#if !HWY_HAVE_SCALABLE
/// The greatest lanes of four blocks in each 128 bits, in their order.
template <int Vectors>
HWY_INLINE bit_vector greatest_of_four(const float* x, std::size_t n) {
  const bit_vectors d;
  const hn::RepartitionToWide<bit_vectors> d64;
  const auto pair = [&](bit_vector a, bit_vector b) HWY_ATTR {
    return hn::Max(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b));
  };
  const auto block = [&](std::size_t i) HWY_ATTR { return magnitudes_of<Vectors>(x + i * n, n); };
  const auto a = hn::BitCast(d64, pair(block(0), block(1)));
  const auto b = hn::BitCast(d64, pair(block(2), block(3)));
  return hn::Max(hn::BitCast(d, hn::InterleaveLower(d64, a, b)),
                 hn::BitCast(d, hn::InterleaveUpper(d64, a, b)));
}

/// The greatest lanes of as many blocks as a vector has lanes.
template <int Vectors>
HWY_INLINE bit_vector greatest_of_blocks(const float* x, std::size_t n) {
#if HWY_MAX_BYTES == 16
  return greatest_of_four<Vectors>(x, n);
#else
  const bit_vectors d;
  const auto halves = [&](bit_vector a, bit_vector b) HWY_ATTR {
    return hn::Max(hn::ConcatLowerLower(d, b, a), hn::ConcatUpperUpper(d, b, a));
  };
  const bit_vector a =
      halves(greatest_of_four<Vectors>(x, n), greatest_of_four<Vectors>(x + 4 * n, n));
#if HWY_MAX_BYTES == 32
  return a;
#else
  const bit_vector b =
      halves(greatest_of_four<Vectors>(x + 8 * n, n), greatest_of_four<Vectors>(x + 12 * n, n));
  // Of 128 bits each: a0 a1 b0 b1, the next four blocks in b.
  return hn::Max(bit_vector{_mm512_shuffle_i32x4(a.raw, b.raw, _MM_SHUFFLE(2, 0, 2, 0))},
                 bit_vector{_mm512_shuffle_i32x4(a.raw, b.raw, _MM_SHUFFLE(3, 1, 3, 1))});
#endif
#endif
}
#endif

template <int Vectors>
HWY_INLINE void add_block_amax_of(const float* x, std::size_t n, std::size_t blocks,
                                  std::uint32_t* HWY_RESTRICT amax) {
  const bit_vectors d;
  std::size_t j = 0;
#if !HWY_HAVE_SCALABLE
  for (; j + float_lanes() <= blocks; j += float_lanes()) {
    hn::Store(hn::Max(hn::Load(d, amax + j), greatest_of_blocks<Vectors>(x + j * n, n)), d,
              amax + j);
  }
#endif
  for (; j < blocks; ++j) {
    const std::uint32_t a = hn::GetLane(hn::MaxOfLanes(d, magnitudes_of<Vectors>(x + j * n, n)));
    if (a > amax[j]) amax[j] = a;
  }
}

/// Raises `amax` of blocks by a row of n numbers of each.
inline void add_block_amax(const float* x, std::size_t n, std::size_t blocks, std::uint32_t* amax) {
  const std::size_t vectors = n / float_lanes();
  if (vectors == 1) return add_block_amax_of<1>(x, n, blocks, amax);
  if (vectors == 2) return add_block_amax_of<2>(x, n, blocks, amax);
  add_block_amax_of<0>(x, n, blocks, amax);
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // HWY_TARGET != HWY_SCALAR

#endif
