// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of a codec to numbers. The definition: `dequantise_rows`,
/// integer/table/rowwise_convert.hpp.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include <hwy/highway.h>

#include "convert.hpp"
#include "rowwise_vectors-inl.hpp"

#if defined(LOWP_SIMD_ROWWISE_DECODE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ROWWISE_DECODE_INL_HPP
#undef LOWP_SIMD_ROWWISE_DECODE_INL_HPP
#else
#define LOWP_SIMD_ROWWISE_DECODE_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_ROW_KERNELS
namespace rows {

/// Bits of a row's scale and bias.
struct stored_parameters {
  std::uint32_t scale, bias;

  bool are_finite() const {
    return (scale & 0x7fffffff) < 0x7f800000 && (bias & 0x7fffffff) < 0x7f800000;
  }
};

/// The number of a code of binary16, of infinities and NaNs an infinity.
inline std::uint32_t wide_half(std::uint32_t h) {
  const std::uint32_t m = h & 0x7fff, sign = (h & 0x8000) << 16;
  if (m >= 0x7c00) return sign | 0x7f800000;
  if (m >= 0x400) [[likely]]
    return sign | ((m << 13) + (112u << 23));
  const auto least = machine::multiply(static_cast<float>(m), 0x1p-24f);
  return sign | __builtin_bit_cast(std::uint32_t, least);
}

HWY_INLINE stored_parameters stored(bool is_wide, const std::byte* at) {
  stored_parameters s;
  if (is_wide) {
    std::memcpy(&s, at, 8);
  } else {
    std::uint32_t both = 0;
    std::memcpy(&both, at, 4);
    s = {wide_half(both & 0xffff), wide_half(both >> 16)};
  }
  return s;
}

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

/// Rows of integers to binary32. What is the same for all is read before: rows may be short.
template <int Bits, class Numbers>
HWY_NOINLINE void decode_rows_of(const row_plan& p, const std::byte* in, std::uint64_t rows,
                                 std::byte* out) {
  const std::uint64_t codes = code_offset(p.codec);
  const std::uint64_t parameters = parameter_offset(p.codec, p.columns);
  const std::uint64_t n = p.columns, row_bytes = p.row_bytes;
  const bool is_wide = p.codec.parameter.width == 32;
  for (std::uint64_t r = 0; r < rows; ++r, in += row_bytes, out += 4 * n) {
    const stored_parameters s = stored(is_wide, in + parameters);
    if (!s.are_finite()) [[unlikely]] {
      define_numbers(p, in, out);
      continue;
    }
    const Numbers numbers{set_real(s.scale), set_real(s.bias)};
    decode_codes<Bits>(numbers, in + codes, n, reinterpret_cast<float*>(out));
  }
}

inline void decode_integers_to_binary32(const row_plan& p, const std::byte* in, std::uint64_t rows,
                                        std::byte* out) {
  const auto by = [&](auto bits) HWY_ATTR {
    if (p.reading.arithmetic == row_arithmetic::twice_rounded) {
      decode_rows_of<bits.value, twice_rounded_numbers>(p, in, rows, out);
    } else {
      decode_rows_of<bits.value, fused_numbers>(p, in, rows, out);
    }
  };
  switch (p.codec.element.width) {
    case 8: return by(std::integral_constant<int, 8>());
    case 4: return by(std::integral_constant<int, 4>());
    default: return by(std::integral_constant<int, 2>());
  }
}

/// Numbers divided by a scale.
inline void divide_all(float* x, std::uint64_t n, std::uint32_t scale) {
  const float_vector by = set_real(scale);
  std::uint64_t i = 0;
  for (; i + row_lanes <= n; i += row_lanes) {
    hn::StoreU(DivStep(hn::LoadU(floats(), x + i), by), floats(), x + i);
  }
  if (i < n) store_first(DivStep(load_first(x + i, n - i), by), x + i, n - i);
}

/// Rows of minifloats to binary32: the codes of several rows are converted at a time.
inline void decode_minifloats(const row_plan& p, const std::byte* in, std::uint64_t rows,
                              std::byte* out) {
  constexpr std::uint64_t most = 4096;
  const std::uint64_t codes = code_offset(p.codec), n = p.columns;
  const std::uint64_t parameters = parameter_offset(p.codec, n);
  const std::uint64_t together = n < most ? most / n : 1;
  std::byte gathered[most];
  for (std::uint64_t first = 0; first < rows; first += together) {
    const std::uint64_t count = std::min(together, rows - first);
    const std::byte* from = in + first * p.row_bytes;
    auto* to = reinterpret_cast<float*>(out + 4 * first * n);
    for (std::uint64_t r = 0; r < count && count > 1; ++r) {
      std::memcpy(gathered + r * n, from + r * p.row_bytes + codes, n);
    }
    simd::convert(*p.convert, count > 1 ? gathered : from + codes, reinterpret_cast<std::byte*>(to),
                  count * n);
    if (p.codec.scaling == row_scaling::none) continue;
    for (std::uint64_t r = 0; r < count; ++r, from += p.row_bytes, to += n) {
      const stored_parameters s = stored(p.codec.parameter.width == 32, from + parameters);
      if (s.are_finite() && s.scale << 1 != 0) {
        divide_all(to, n, s.scale);
      } else {
        define_numbers(p, from, reinterpret_cast<std::byte*>(to));
      }
    }
  }
}

/// The upper halves of bits + 8000. spec/tables.md TAB-6.
inline void add_half(const float* in, std::uint64_t n, std::byte* out) {
  for (std::uint64_t i = 0; i < n; ++i) {
    std::uint32_t x = 0;
    std::memcpy(&x, in + i, 4);
    const auto upper = static_cast<std::uint16_t>((x + 0x8000) >> 16);
    std::memcpy(out + 2 * i, &upper, 2);
  }
}

inline void decode_to_binary32(const row_plan& p, const std::byte* in, std::uint64_t rows,
                               std::byte* out) {
  if (p.route == row_route::integers) return decode_integers_to_binary32(p, in, rows, out);
  decode_minifloats(p, in, rows, out);
}

/// Numbers of 16 bits through binary32 in the cache, many rows at a time. `room`: of binary32.
inline void decode_to_halves(const row_plan& p, const std::byte* in, std::uint64_t rows,
                             std::byte* out, float* room, std::uint64_t room_rows) {
  row_plan to_binary32 = p;
  to_binary32.reading.output = row_output::binary32;
  for (std::uint64_t done = 0; done < rows; done += room_rows) {
    const std::uint64_t count = std::min(room_rows, rows - done);
    const std::uint64_t n = count * p.columns;
    auto* numbers = reinterpret_cast<std::byte*>(room);
    decode_to_binary32(to_binary32, in + done * p.row_bytes, count, numbers);
    std::byte* to = out + done * p.columns * 2;
    if (p.output != nullptr) {
      simd::convert(*p.output, numbers, to, n);
    } else {
      add_half(room, n, to);
    }
  }
}

}  // namespace rows
#endif  // LOWP_HAS_ROW_KERNELS

/// Rows of bytes to numbers. A `float_environment` must live.
[[maybe_unused]] HWY_NOINLINE void dequantise_rows_planned(const row_plan& p, const std::byte* in,
                                                           std::uint64_t rows, std::byte* out) {
#if LOWP_HAS_ROW_KERNELS
  const bool fused = p.reading.arithmetic == row_arithmetic::fused;
  const bool has_kernel = p.route == row_route::minifloats ||
                          (p.route == row_route::integers && (rows::has_fused_step || !fused));
  if (has_kernel && p.reading.output == row_output::binary32) {
    return rows::decode_to_binary32(p, in, rows, out);
  }
  if (has_kernel) {
    const std::uint64_t room_rows = std::max<std::uint64_t>(1, 4096 / p.columns);
    std::vector<float> room(room_rows * p.columns);
    return rows::decode_to_halves(p, in, rows, out, room.data(), room_rows);
  }
#endif
  const std::uint64_t size = p.columns * bytes_of(p.reading.output);
  for (std::uint64_t r = 0; r < rows; ++r) {
    define_numbers(p, in + r * p.row_bytes, out + r * size);
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
