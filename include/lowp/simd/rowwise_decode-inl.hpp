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
#include "rowwise_numbers-inl.hpp"
#include "rowwise_quotients-inl.hpp"

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

/// Rows of minifloats to binary32: the codes of several rows are converted at a time.
inline void decode_minifloats(const row_plan& p, const std::byte* in, std::uint64_t rows,
                              std::byte* out) {
  constexpr std::uint64_t most = 4096;
  const std::uint64_t codes = code_offset(p.codec), n = p.columns;
  const std::uint64_t parameters = parameter_offset(p.codec, n);
  const std::uint64_t together = n < most ? most / n : 1;
  std::byte gathered[most];
  const bool refines = has_refined_quotients(p.codec.element);
  for (std::uint64_t first = 0; first < rows; first += together) {
    const std::uint64_t count = std::min(together, rows - first);
    const std::byte* from = in + first * p.row_bytes;
    auto* to = reinterpret_cast<float*>(out + 4 * first * n);
    for (std::uint64_t r = 0; r < count && count > 1; ++r) {
      copy_few(from + r * p.row_bytes + codes, n, gathered + r * n);
    }
    simd::convert(*p.convert, count > 1 ? gathered : from + codes, reinterpret_cast<std::byte*>(to),
                  count * n);
    if (p.codec.scaling == row_scaling::none) continue;
    for (std::uint64_t r = 0; r < count; ++r, from += p.row_bytes, to += n) {
      const stored_parameters s = stored(p.codec.parameter.width == 32, from + parameters);
      if (s.are_finite() && s.scale << 1 != 0) {
        refines&& is_refined_divisor(s.scale) ? divide_refined(to, n, s.scale)
                                              : divide_all(to, n, s.scale);
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
