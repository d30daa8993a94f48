// SPDX-License-Identifier: Apache-2.0
/// \file
/// A band of blocks, side by side: their scales, and the codes of their elements in containers of a
/// byte. Blocks that the kernels leave to the definition are named.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "quantise_elements-inl.hpp"
#include "quantise_plan.hpp"
#include "quantise_scales-inl.hpp"

#if defined(LOWP_SIMD_QUANTISE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_QUANTISE_INL_HPP
#undef LOWP_SIMD_QUANTISE_INL_HPP
#else
#define LOWP_SIMD_QUANTISE_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// `greatest`, or what is greater among magnitudes from number i on, below `limit`, as bits.
inline std::uint32_t greatest_of_each(const float* x, std::size_t i, std::size_t n,
                                      std::uint32_t limit, std::uint32_t greatest) {
  for (; i < n; ++i) {
    const std::uint32_t a = lowp::detail::bit_cast<std::uint32_t>(x[i]) & 0x7fffffff;
    if (a < limit && a > greatest) greatest = a;
  }
  return greatest;
}

#if HWY_TARGET == HWY_SCALAR

inline bool can_quantise(const quantise_plan&) { return false; }
inline bool can_pack(const quantise_plan&) { return false; }
inline std::size_t lanes_of_scales() { return 1; }
inline void quantise_band(const quantise_plan&, quantise_band_data&) {}
inline std::uint32_t greatest_magnitude(const float* x, std::size_t n, std::uint32_t limit) {
  return greatest_of_each(x, 0, n, limit, 0);
}

#else

/// Do the kernels work for the plan with vectors of this length?
inline bool can_quantise(const quantise_plan& p) {
  if (!has_kernels() || p.way == scale_way::definition) return false;
  return way_of_elements(p) != element_way::none;
}

/// Scales and codes of some blocks of a band, which stay in the first-level cache.
inline void quantise_piece(const quantise_plan& p, element_way way, const band_piece& at,
                           quantise_band_data& b) {
  const std::size_t n = p.q.to.f.columns;
  constexpr std::size_t room = 4;
  HWY_ALIGN std::uint32_t amax[most_band_blocks];
  const std::size_t padded = (at.blocks + float_lanes() - 1) / float_lanes() * float_lanes();
  std::memset(amax, 0, padded * sizeof(amax[0]));
  const float* x = b.x + at.first * n;
  for (int i = 0; i < b.rows; ++i) {
    add_block_amax(x + static_cast<std::uint64_t>(i) * b.stride, n, at.blocks, amax);
  }
  // A value for each block, then, but for powers of two of them, for each vector of its elements.
  HWY_ALIGN std::uint32_t values[most_band_blocks + room];
  find_scales(p, way, amax, at, b, values);
  const std::size_t vector = way == element_way::ladder ? 2 * float_lanes() : float_lanes();
  const std::size_t each = n / vector;
  HWY_ALIGN std::uint32_t repeated[most_band_elements / 4 + room];
  block_values value{values, std::countr_zero(n)};
  if (each > 1 && (!can_pack(p) || (n & (n - 1)) != 0)) {
    for (std::size_t j = 0, k = 0; j < at.blocks; ++j) {
      for (std::size_t i = 0; i < each; ++i) repeated[k++] = values[j];
    }
    value = {repeated, std::countr_zero(vector)};
  }
  // What the numbers behind the last, zeros, meet.
  std::uint32_t* end = value.of == repeated ? repeated + each * at.blocks : values + at.blocks;
  for (std::size_t i = 0; i < room; ++i) end[i] = 0x3f800000;
  code_room to{b.codes, b.bits, n * at.blocks, 0};
  if (b.run == 0) {
    to.at += at.first * n * static_cast<unsigned>(b.bits) / 8;
  } else {
    to = {b.codes + at.first * n / b.run * b.run_bytes, b.bits, b.run, b.run_bytes};
  }
  for (int i = 0; i < b.rows; ++i) {
    const auto row = static_cast<std::uint64_t>(i);
    encode_elements(p, way, to, x + row * b.stride, value, n * at.blocks,
                    b.first_element + row * b.columns + at.first * n);
    to.at += b.codes_stride;
  }
}

/// Scales and codes of a band, in the default floating-point environment.
HWY_NOINLINE void quantise_band(const quantise_plan& p, quantise_band_data& b) {
  constexpr std::size_t piece_elements = 2048;
  const std::size_t n = p.q.to.f.columns;
  const element_way way = way_of_elements(p);
  std::size_t step = piece_elements / n / float_lanes() * float_lanes();
  if (b.run != 0) step = (b.run < piece_elements ? piece_elements / b.run : 1) * b.run / n;
  if (step == 0 || way == element_way::buffer) step = b.blocks;
  b.odd_count = 0;
  for (std::size_t j = 0; j < b.blocks; j += step) {
    quantise_piece(p, way, {j, step < b.blocks - j ? step : b.blocks - j}, b);
  }
}

inline std::size_t lanes_of_scales() { return float_lanes(); }

/// The greatest magnitude below `limit`, as bits.
inline std::uint32_t greatest_magnitude(const float* x, std::size_t n, std::uint32_t limit) {
  const hn::ScalableTag<float> df;
  const hn::RebindToUnsigned<decltype(df)> d;
  const auto mask = hn::Set(d, 0x7fffffffu);
  const auto first_not = hn::Set(d, limit);
  const std::size_t step = hn::Lanes(d);
  const auto at = [&](std::size_t i)
                      HWY_ATTR { return hn::And(hn::BitCast(d, hn::LoadU(df, x + i)), mask); };
  auto m0 = hn::Zero(d), m1 = hn::Zero(d), m2 = hn::Zero(d), m3 = hn::Zero(d);
  std::size_t i = 0;
  for (; i + 4 * step <= n; i += 4 * step) {
    m0 = hn::Max(m0, at(i));
    m1 = hn::Max(m1, at(i + step));
    m2 = hn::Max(m2, at(i + 2 * step));
    m3 = hn::Max(m3, at(i + 3 * step));
  }
  const auto most = hn::Max(hn::Max(m0, m1), hn::Max(m2, m3));
  std::uint32_t greatest = hn::GetLane(hn::MaxOfLanes(d, most));
  if (greatest >= limit) {
    // Once more without those.
    auto m = hn::Zero(d);
    for (i = 0; i + step <= n; i += step) {
      const auto a = at(i);
      m = hn::Max(m, hn::IfThenElseZero(hn::Lt(a, first_not), a));
    }
    greatest = hn::GetLane(hn::MaxOfLanes(d, m));
  }
  return greatest_of_each(x, i, n, limit, greatest);
}

#endif

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
