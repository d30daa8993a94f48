// SPDX-License-Identifier: Apache-2.0
/// \file
/// Vectors of integers to bytes and to packed codes of 4 and 2 bits, saturating.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "rowwise_vectors-inl.hpp"

#if defined(LOWP_SIMD_ROWWISE_CODES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ROWWISE_CODES_INL_HPP
#undef LOWP_SIMD_ROWWISE_CODES_INL_HPP
#else
#define LOWP_SIMD_ROWWISE_CODES_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_ROW_KERNELS
namespace rows {

using bytes_tag = hn::ScalableTag<std::uint8_t>;
using byte_vector = hn::Vec<bytes_tag>;
using shorts_tag = hn::ScalableTag<std::int16_t>;
using short_vector = hn::Vec<shorts_tag>;

/// Numbers that one vector of bytes has codes of.
inline constexpr std::size_t bytes_step = 4 * row_lanes;

/// Saturates two vectors to bytes, in the order of `pack_words`.
HWY_INLINE byte_vector pack_shorts(short_vector a, short_vector b) {
#if HWY_TARGET <= HWY_AVX3
  return byte_vector{_mm512_packus_epi16(a.raw, b.raw)};
#elif HWY_TARGET == HWY_AVX2
  return byte_vector{_mm256_packus_epi16(a.raw, b.raw)};
#elif HWY_ARCH_X86_64
  return byte_vector{_mm_packus_epi16(a.raw, b.raw)};
#else
  const hn::Half<bytes_tag> half;
  return hn::Combine(bytes_tag(), hn::DemoteTo(half, b), hn::DemoteTo(half, a));
#endif
}

/// Four vectors saturated to bytes: 128 bits of the result are those 128 bits of all four, whatever
/// is in order for vectors of 128 bits.
HWY_INLINE byte_vector pack_words(integer_vector a, integer_vector b, integer_vector c,
                                  integer_vector d) {
  return pack_shorts(hn::ReorderDemote2To(shorts_tag(), a, b),
                     hn::ReorderDemote2To(shorts_tag(), c, d));
}

/// The same in order.
HWY_INLINE byte_vector in_order(byte_vector x) {
#if HWY_TARGET <= HWY_AVX3
  const __m512i order = _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12, 8, 4, 0);
  return byte_vector{_mm512_permutexvar_epi32(order, x.raw)};
#elif HWY_TARGET == HWY_AVX2
  const __m256i order = _mm256_set_epi32(7, 3, 6, 2, 5, 1, 4, 0);
  return byte_vector{_mm256_permutevar8x32_epi32(x.raw, order)};
#else
  return x;
#endif
}

/// Pairs of codes of 4 bits in bytes: the first is the lower one of 16 bits that are below 256.
HWY_INLINE short_vector join_nibbles(byte_vector x) {
#if HWY_TARGET <= HWY_AVX3
  return short_vector{_mm512_maddubs_epi16(x.raw, _mm512_set1_epi16(0x1001))};
#elif HWY_TARGET == HWY_AVX2
  return short_vector{_mm256_maddubs_epi16(x.raw, _mm256_set1_epi16(0x1001))};
#elif HWY_ARCH_X86_64
  return short_vector{_mm_maddubs_epi16(x.raw, _mm_set1_epi16(0x1001))};
#else
  const hn::Repartition<std::uint16_t, bytes_tag> d;
  const auto pair = hn::BitCast(d, x);
  const auto joined = hn::Or(pair, hn::ShiftRight<4>(pair));
  return hn::BitCast(shorts_tag(), hn::And(joined, hn::Set(d, std::uint16_t{0xff})));
#endif
}

/// 2 bytes_step codes of 4 bits from two results of `pack_words` below 16.
HWY_INLINE byte_vector pack_nibbles(byte_vector x, byte_vector y) {
  const byte_vector all = pack_shorts(join_nibbles(x), join_nibbles(y));
#if HWY_TARGET <= HWY_AVX3
  alignas(64) static constexpr std::uint16_t order[32] = {
      0, 8,  16, 24, 1, 9,  17, 25, 2, 10, 18, 26, 3, 11, 19, 27,
      4, 12, 20, 28, 5, 13, 21, 29, 6, 14, 22, 30, 7, 15, 23, 31};
  return byte_vector{_mm512_permutexvar_epi16(_mm512_load_si512(order), all.raw)};
#elif HWY_TARGET == HWY_AVX2
  const __m256i quarters = _mm256_permute4x64_epi64(all.raw, 0xd8);
  const __m256i order = _mm256_broadcastsi128_si256(
      _mm_set_epi8(15, 14, 7, 6, 13, 12, 5, 4, 11, 10, 3, 2, 9, 8, 1, 0));
  return byte_vector{_mm256_shuffle_epi8(quarters, order)};
#else
  return all;
#endif
}

/// bytes_step codes of 2 bits, in order and below 4, into bytes_step / 4 bytes.
HWY_INLINE void store_pairs(byte_vector x, std::byte* out) {
  const hn::Repartition<std::uint16_t, bytes_tag> d16;
  const hn::Repartition<std::int32_t, bytes_tag> d32;
  const auto pairs = hn::BitCast(d16, x);
  const auto nibbles = hn::BitCast(d32, hn::Or(pairs, hn::ShiftRight<6>(pairs)));
  const auto bytes = hn::Or(hn::And(nibbles, hn::Set(d32, 15)),
                            hn::And(hn::ShiftRight<12>(nibbles), hn::Set(d32, 0xf0)));
  const hn::Rebind<std::uint8_t, decltype(d32)> d8;
  hn::StoreU(hn::DemoteTo(d8, bytes), d8, reinterpret_cast<std::uint8_t*>(out));
}

}  // namespace rows
#endif  // LOWP_HAS_ROW_KERNELS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
