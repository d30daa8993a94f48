// SPDX-License-Identifier: Apache-2.0
/// \file
/// HiFloat8 (Huawei; layout of the en_dtypes package): a prefix code gives the number of exponent
/// bits, so that small exponents leave more significand bits. spec/values.md VAL-5.
#ifndef LOWP_DETAIL_HIFLOAT8_HPP
#define LOWP_DETAIL_HIFLOAT8_HPP

#include "kind.hpp"

namespace lowp::detail {

/// Ladder: 0; 2^-22...2^-16 (1...7); then binades of 2, 4, 8, 4, 2 values up to 2^15 (126).
template <>
struct kind_of_number<number_kind::hifloat8> {
  LOWP_FN static std::uint64_t top(format, bool) noexcept { return 126; }

  LOWP_FN static unpacked unpack(format, code_t code) noexcept {
    const bool negative = (code & 0x80) != 0;
    const auto magnitude = static_cast<std::int32_t>(code & 0x7f);
    if (magnitude == 0) {
      if (negative) return {number_class::nan, false, 0, std::uint64_t{1} << 63};
      return {};
    }
    if (magnitude == 0x6f) return {number_class::infinity, negative, 127, 0};
    std::int32_t exponent = 0;
    std::int32_t trailing = 0;
    if (magnitude < 0x08) {  // 0000 MMM
      exponent = magnitude - 23;
    } else if (magnitude < 0x10) {  // 0001 mmm
      trailing = magnitude & 7;
    } else {
      // x is the exponent's sign; its leading magnitude bit is implied.
      const int stored = magnitude < 0x20 ? 0 : magnitude < 0x40 ? 1 : magnitude < 0x60 ? 2 : 3;
      const int t = stored < 2 ? 3 : 4 - stored;
      const std::int32_t field = (magnitude >> t) & ((2 << stored) - 1);
      const std::int32_t size = (1 << stored) | (field & ((1 << stored) - 1));
      exponent = (field >> stored) != 0 ? -size : size;
      trailing = magnitude & ((1 << t) - 1);
    }
    return {number_class::finite, negative,
            static_cast<std::uint64_t>(first_index(exponent) + trailing), 0};
  }

  LOWP_FN static exact value(format, bool negative, std::uint64_t index) noexcept {
    const std::int32_t exponent = exponent_at(index);
    const int t = trailing_bits_of(exponent);
    const std::uint64_t trailing = index - static_cast<std::uint64_t>(first_index(exponent));
    return exact_finite(negative, (std::uint64_t{1} << t) + trailing, exponent - t);
  }

  LOWP_FN static position locate(format, const exact& x) noexcept {
    const std::int32_t exponent = binade(x);
    if (exponent > 15) return {.fraction = {0, true}, .beyond = true};
    if (exponent < -22) return align(x, -22);
    // Infinity has the code that would be 1.5 x 2^15: from the tie 1.25 x 2^15 on values overflow.
    const int t = trailing_bits_of(exponent);
    const position p = align(x, exponent - t);
    return {static_cast<std::uint64_t>(first_index(exponent)) + p.index - (std::uint64_t{1} << t),
            p.fraction};
  }

  LOWP_FN static code_t code(format, bool negative, std::uint64_t index) noexcept {
    if (index == 0) return 0;
    const std::int32_t exponent = exponent_at(index);
    const int t = trailing_bits_of(exponent);
    const std::uint64_t trailing = index - static_cast<std::uint64_t>(first_index(exponent));
    const code_t sign = negative ? 0x80 : 0;
    if (exponent < -15) return sign | static_cast<code_t>(exponent + 23);
    const auto size = static_cast<std::uint64_t>(exponent < 0 ? -exponent : exponent);
    if (size == 0) return sign | 0x08 | trailing;
    const int stored = size < 2 ? 0 : size < 4 ? 1 : size < 8 ? 2 : 3;
    const std::uint64_t prefix = stored == 0 ? 0x10 : static_cast<std::uint64_t>(stored) << 5;
    const std::uint64_t field =
        (exponent < 0 ? std::uint64_t{1} << stored : 0) | (size & low_mask(stored));
    return sign | prefix | (field << t) | trailing;
  }

  LOWP_FN static std::int32_t least_normal_exponent(format) noexcept { return -15; }

 private:
  LOWP_FN static int trailing_bits_of(std::int32_t exponent) noexcept {
    const std::int32_t size = exponent < 0 ? -exponent : exponent;
    return size < 4 ? 3 : size < 8 ? 2 : size < 16 ? 1 : 0;
  }

  LOWP_FN static std::int32_t first_index(std::int32_t exponent) noexcept {
    if (exponent < -15) return exponent + 23;
    if (exponent < -7) return 8 + (exponent + 15) * 2;
    if (exponent < -3) return 24 + (exponent + 7) * 4;
    if (exponent < 4) return 40 + (exponent + 3) * 8;
    if (exponent < 8) return 96 + (exponent - 4) * 4;
    return 112 + (exponent - 8) * 2;
  }

  LOWP_FN static std::int32_t exponent_at(std::uint64_t index) noexcept {
    const auto i = static_cast<std::int32_t>(index);
    if (i < 8) return i - 23;
    if (i < 24) return (i - 8) / 2 - 15;
    if (i < 40) return (i - 24) / 4 - 7;
    if (i < 96) return (i - 40) / 8 - 3;
    if (i < 112) return (i - 96) / 4 + 4;
    return (i - 112) / 2 + 8;
  }
};

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_HIFLOAT8_HPP
