// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes of a row of integers to numbers.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "rowwise_vectors-inl.hpp"

#if defined(LOWP_SIMD_ROWWISE_NUMBERS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ROWWISE_NUMBERS_INL_HPP
#undef LOWP_SIMD_ROWWISE_NUMBERS_INL_HPP
#else
#define LOWP_SIMD_ROWWISE_NUMBERS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_ROW_KERNELS
namespace rows {

/// scale q + bias in one rounding.
struct fused_numbers {
  float_vector scale, bias;
  HWY_INLINE float_vector operator()(integer_vector q) const {
    return FmaStep(hn::ConvertTo(floats(), q), scale, bias);
  }
};

/// The same rounded to binary64, then to binary32; the product is exact in binary64.
struct twice_rounded_numbers {
  float_vector scale, bias;
  HWY_INLINE float_vector operator()(integer_vector q) const {
    const hn::Half<floats> half;
    const float_vector x = hn::ConvertTo(floats(), q);
    const auto low =
        of(hn::LowerHalf(half, scale), hn::LowerHalf(half, x), hn::LowerHalf(half, bias));
    const auto high =
        of(hn::UpperHalf(half, scale), hn::UpperHalf(half, x), hn::UpperHalf(half, bias));
    return hn::Combine(floats(), high, low);
  }
  template <class V>
  static HWY_INLINE V of(V scale, V x, V bias) {
    const hn::DFromV<V> d;
    const hn::Rebind<double, decltype(d)> wide;
    return hn::DemoteTo(d, hn::MulAdd(hn::PromoteTo(wide, scale), hn::PromoteTo(wide, x),
                                      hn::PromoteTo(wide, bias)));
  }
};

/// The integers of row_lanes codes of 8 bits.
HWY_INLINE integer_vector load_codes8(const std::byte* p) {
  const hn::Rebind<std::uint8_t, integers> d;
  return hn::PromoteTo(integers(), hn::LoadU(d, reinterpret_cast<const std::uint8_t*>(p)));
}

template <class Numbers>
HWY_INLINE void decode_bytes(const Numbers& of, const std::byte* codes, std::uint64_t n,
                             float* out) {
  const floats d;
  std::uint64_t i = 0;
  for (; i + 4 * row_lanes <= n; i += 4 * row_lanes) {
    hn::StoreU(of(load_codes8(codes + i)), d, out + i);
    hn::StoreU(of(load_codes8(codes + i + row_lanes)), d, out + i + row_lanes);
    hn::StoreU(of(load_codes8(codes + i + 2 * row_lanes)), d, out + i + 2 * row_lanes);
    hn::StoreU(of(load_codes8(codes + i + 3 * row_lanes)), d, out + i + 3 * row_lanes);
  }
  for (; i + row_lanes <= n; i += row_lanes) {
    hn::StoreU(of(load_codes8(codes + i)), d, out + i);
  }
  if (i == n) return;
  std::byte last[row_lanes] = {};
  std::memcpy(last, codes + i, n - i);
  store_first(of(load_codes8(last)), out + i, n - i);
}

/// Codes of Bits bits: row_lanes of them, from a word that begins with them, to integers.
template <int Bits>
struct narrow_codes {
  static constexpr std::size_t bytes = row_lanes * Bits / 8;

  HWY_INLINE integer_vector operator()(const std::byte* p) const {
    std::uint64_t x = 0;
    std::memcpy(&x, p, bytes);
    return from_word(x);
  }
  /// What is above the Bits lowest bits of a lane may be anything where `lookup` is used.
  static HWY_INLINE integer_vector from_word(std::uint64_t x) {
    HWY_ALIGN static constexpr auto shifts = [] {
      struct {
        std::uint32_t of[row_lanes];
      } s{};
      for (std::size_t i = 0; i < row_lanes; ++i) {
        s.of[i] = static_cast<std::uint32_t>(Bits * i % 32);
      }
      return s;
    }();
    const word_vector shift = hn::Load(words(), shifts.of);
    word_vector all;
    if constexpr (bytes == 8) {
      // The lower half of the lanes from the lower 32 bits.
      const hn::Half<words> half;
      all = hn::Combine(words(), hn::Set(half, static_cast<std::uint32_t>(x >> 32)),
                        hn::Set(half, static_cast<std::uint32_t>(x)));
    } else {
      all = set_bits(static_cast<std::uint32_t>(x));
    }
    return as_signed(hn::Shr(all, shift));
  }
};

/// All 16 results of a row with codes of 4 bits, or four times the 4 of 2 bits.
#if HWY_TARGET <= HWY_AVX3
template <class Numbers>
struct looked_up_numbers {
  float_vector table;
  looked_up_numbers(const Numbers& of, int bits)
      : table(of(hn::And(hn::Iota(integers(), 0), hn::Set(integers(), (1 << bits) - 1)))) {}
  HWY_INLINE float_vector operator()(integer_vector q) const {
    return float_vector{_mm512_permutexvar_ps(q.raw, table.raw)};
  }
};
#else
template <class Numbers>
struct looked_up_numbers {
  Numbers of;
  integer_vector mask;
  looked_up_numbers(const Numbers& numbers, int bits)
      : of(numbers), mask(hn::Set(integers(), (1 << bits) - 1)) {}
  HWY_INLINE float_vector operator()(integer_vector q) const { return of(hn::And(q, mask)); }
};
#endif

#if HWY_TARGET <= HWY_AVX3_DL || (HWY_TARGET == HWY_AVX3 && defined(__AVX512VBMI__))
/// Sixteen codes of 4 bits, of which only the lowest 4 bits of a lane are looked at.
template <>
HWY_INLINE integer_vector narrow_codes<4>::operator()(const std::byte* p) const {
  // Bytes 0 and 4 of each 64 bits begin with the codes of their lanes.
  const __m512i from = _mm512_set_epi64(0x0000003c00000038, 0x0000003400000030, 0x0000002c00000028,
                                        0x0000002400000020, 0x0000001c00000018, 0x0000001400000010,
                                        0x0000000c00000008, 0x0000000400000000);
  long long x = 0;
  std::memcpy(&x, p, 8);
  return integer_vector{_mm512_multishift_epi64_epi8(from, _mm512_set1_epi64(x))};
}
#endif

template <int Bits, class Numbers>
HWY_INLINE void decode_narrow(const Numbers& numbers, const std::byte* codes, std::uint64_t n,
                              float* out) {
  const looked_up_numbers<Numbers> of(numbers, Bits);
  const narrow_codes<Bits> load;
  const floats d;
  constexpr std::size_t step = load.bytes;
  std::uint64_t i = 0;
  for (; i + 4 * row_lanes <= n; i += 4 * row_lanes, codes += 4 * step) {
    hn::StoreU(of(load(codes)), d, out + i);
    hn::StoreU(of(load(codes + step)), d, out + i + row_lanes);
    hn::StoreU(of(load(codes + 2 * step)), d, out + i + 2 * row_lanes);
    hn::StoreU(of(load(codes + 3 * step)), d, out + i + 3 * row_lanes);
  }
  for (; i + row_lanes <= n; i += row_lanes, codes += step) {
    hn::StoreU(of(load(codes)), d, out + i);
  }
  if (i == n) return;
  std::byte last[8] = {};
  std::memcpy(last, codes, ((n - i) * Bits + 7) / 8);
  store_first(of(load(last)), out + i, n - i);
}

template <int Bits, class Numbers>
HWY_INLINE void decode_codes(const Numbers& numbers, const std::byte* codes, std::uint64_t n,
                             float* out) {
  if constexpr (Bits == 8) {
    decode_bytes(numbers, codes, n, out);
  } else {
    decode_narrow<Bits>(numbers, codes, n, out);
  }
}

}  // namespace rows
#endif  // LOWP_HAS_ROW_KERNELS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
