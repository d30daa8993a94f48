// SPDX-License-Identifier: Apache-2.0
/// \file
/// Accumulators between codes and memory: exact both ways. spec/gemm.md GEM-5.
#ifndef LOWP_HARDWARE_GEMM_GEMM_VALUES_HPP
#define LOWP_HARDWARE_GEMM_GEMM_VALUES_HPP

#include <bit>
#include <cstdint>

#include "../../formats.hpp"
#include "gemm_rule.hpp"

namespace lowp::simd {

/// Bits of the binary32 number of a binary16 code.
LOWP_UNIT inline std::uint32_t widen_half(std::uint32_t h) noexcept {
  const std::uint32_t sign = (h & 0x8000) << 16, magnitude = h & 0x7fff;
  if (magnitude >= 0x7c00) return sign | 0x7f800000 | (magnitude & 0x3ff) << 13;
  if (magnitude >= 0x400) return sign | (magnitude + (112 << 10)) << 13;
  if (magnitude == 0) return sign;
  const int shift = std::countl_zero(magnitude) - 21;  // of the leading one to bit 10
  return sign | ((113 - static_cast<std::uint32_t>(shift)) << 23) |
         ((magnitude << (shift + 13)) & 0x7fffff);
}

/// The binary16 code of a binary32 number that is one of its values.
LOWP_UNIT inline std::uint32_t narrow_half(std::uint32_t w) noexcept {
  const std::uint32_t sign = w >> 16 & 0x8000, magnitude = w & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | 0x7c00 | (magnitude >> 13 & 0x3ff);
  if (magnitude >= 113u << 23) return sign | ((magnitude >> 13) - (112 << 10));
  if (magnitude == 0) return sign;
  const std::uint32_t shift = 113 - (magnitude >> 23);
  return sign | (((magnitude & 0x7fffff) | 0x800000) >> (13 + shift));
}

/// Accumulators of one format as binary32 or binary64 numbers.
class gemm_values {
 public:
  LOWP_UNIT explicit gemm_values(format f) noexcept
      : format_(f),
        is_single_(f == formats::binary32),
        is_double_(f == formats::binary64),
        is_half_(f == formats::binary16) {}

  LOWP_UNIT float to_float(code_t c) const noexcept {
    if (is_single_) return std::bit_cast<float>(static_cast<std::uint32_t>(c));
    if (is_half_) return std::bit_cast<float>(widen_half(static_cast<std::uint32_t>(c)));
    return std::bit_cast<float>(
        static_cast<std::uint32_t>(encode(formats::binary32, decode(format_, c), {})));
  }
  /// x is a value of the format.
  LOWP_UNIT code_t from_float(float x) const noexcept {
    const auto w = std::bit_cast<std::uint32_t>(x);
    if (is_single_) return w;
    if (is_half_) return narrow_half(w);
    return encode(format_, decode(formats::binary32, w), {});
  }
  LOWP_UNIT double to_double(code_t c) const noexcept {
    if (is_double_) return std::bit_cast<double>(c);
    return std::bit_cast<double>(encode(formats::binary64, decode(format_, c), {}));
  }
  LOWP_UNIT code_t from_double(double x) const noexcept {
    const auto w = std::bit_cast<std::uint64_t>(x);
    return is_double_ ? w : encode(format_, decode(formats::binary64, w), {});
  }

 private:
  format format_;
  bool is_single_, is_double_, is_half_;
};

/// Bits of a number say that it is a NaN, or a NaN or an infinity; flags of compilers do not reach
/// them.
LOWP_UNIT inline bool is_nan_number(float x) noexcept {
  return (std::bit_cast<std::uint32_t>(x) & 0x7fffffff) > 0x7f800000;
}
LOWP_UNIT inline bool is_nan_number(double x) noexcept {
  return (std::bit_cast<std::uint64_t>(x) << 1) > (std::uint64_t{0x7ff} << 53);
}
LOWP_UNIT inline bool is_special_number(float x) noexcept {
  return (std::bit_cast<std::uint32_t>(x) & 0x7f800000) == 0x7f800000;
}
LOWP_UNIT inline bool is_special_number(double x) noexcept {
  return (std::bit_cast<std::uint64_t>(x) >> 52 & 0x7ff) == 0x7ff;
}

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_VALUES_HPP
