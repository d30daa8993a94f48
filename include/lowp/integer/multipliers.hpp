// SPDX-License-Identifier: Apache-2.0
/// \file
/// Real factors as the integers and shifts with which 32-bit sums are scaled down.
#ifndef LOWP_INTEGER_MULTIPLIERS_HPP
#define LOWP_INTEGER_MULTIPLIERS_HPP

#include <cstdint>

#include "../binary32.hpp"
#include "rounding_shift.hpp"

namespace lowp {

/// How a factor is written. spec/integers.md INT-11.
enum class multiplier_encoding : std::uint8_t {
  tflite,         ///< 31 bits of the significand, ties away; factors below 2^-32 are 0
  tflite_single,  ///< the same; factors from 2^30 on are (1 - 2^-31) 2^30
  tflite_16x8,    ///< `tflite` and then 15 bits of it, ties up, at most 7fff
  fbgemm,         ///< the 24 bits of a binary32 number below 7 zeros
  binary32,       ///< the binary32 number itself
  xnnpack_24,     ///< the 24 bits of a binary32 number
  xnnpack_15,     ///< the same rounded to 15 bits, ties up
};

/// significand x 2^-right_shift; `real` is the factor as binary32 for methods that use that.
struct requantise_multiplier {
  std::int32_t significand = 0;
  std::int32_t right_shift = 31;
  number<formats::binary32> real{};
};

/// Why a factor has no multiplier.
enum class [[nodiscard]] multiplier_error : std::uint8_t{
    none,
    not_a_factor,  ///< negative, infinite or NaN; 0, where the encoding has no 0
    out_of_range,  ///< the encoding's arithmetic shifts by amounts that it cannot
};

/// The rule in words, for messages.
LOWP_FN const char* message(multiplier_error e) noexcept {
  switch (e) {
    case multiplier_error::none: return "no error";
    case multiplier_error::not_a_factor: return "a factor must be a finite number above zero";
    case multiplier_error::out_of_range: return "the factor is beyond the encoding's shifts";
  }
  return "unknown";
}

/// A multiplier, or why there is none; then it is 0.
struct multiplier_choice {
  requantise_multiplier value;
  multiplier_error error = multiplier_error::none;
};

namespace detail {

LOWP_FN multiplier_choice refuse(multiplier_error e) noexcept { return {{}, e}; }

/// The leading `bits` of x > 0, rounded, as an integer with its highest bit set.
LOWP_FN requantise_multiplier leading_bits(const exact& x, int bits, integer_rounding r) noexcept {
  const exact n = normalized(x);  // 64 bits, of which a binary64 number uses 53
  const auto whole = static_cast<std::int64_t>(n.significand >> 1);
  requantise_multiplier m{static_cast<std::int32_t>(shift_right(whole, 63 - bits, r) & 0x7fffffff),
                          -(n.exponent + 64 - bits),
                          {}};
  const bool carried = shift_right(whole, 63 - bits, r) >> bits != 0;
  if (carried) {
    m.significand = std::int32_t{1} << (bits - 1);
    --m.right_shift;
  }
  return m;
}

LOWP_FN multiplier_choice encode_tflite(const exact& x, multiplier_encoding e) noexcept {
  constexpr std::int32_t most_shift = 30, least_shift = -31, most = 0x7fffffff;
  if (x.cls == number_class::zero) return {};
  requantise_multiplier m = leading_bits(x, 31, integer_rounding::to_nearest_away);
  const std::int32_t shift = 31 - m.right_shift;
  if (shift < least_shift) return {};
  if (shift > most_shift) {
    if (e != multiplier_encoding::tflite_single) return refuse(multiplier_error::out_of_range);
    m = {most, 31 - most_shift, {}};
  }
  if (e != multiplier_encoding::tflite_16x8) return {m};
  constexpr std::int32_t rounds_beyond = 0x7fff0000, below_shift = 8;
  if (shift >= below_shift) return refuse(multiplier_error::out_of_range);
  m.significand = m.significand < rounds_beyond ? (m.significand + (1 << 15)) >> 16 : 0x7fff;
  m.right_shift -= 16;
  return {m};
}

LOWP_FN multiplier_choice encode_fbgemm(const exact& x) noexcept {
  requantise_multiplier m = leading_bits(x, 31, integer_rounding::to_nearest_even);
  if (m.right_shift < 1 || m.right_shift > 63) return refuse(multiplier_error::out_of_range);
  return {m};
}

LOWP_FN multiplier_choice encode_xnnpack(const exact& x, multiplier_encoding e) noexcept {
  const requantise_multiplier m = leading_bits(x, 24, integer_rounding::to_nearest_even);
  constexpr std::int32_t least = 16, most = 55;  // factors from 2^-32 to below 2^8
  if (m.right_shift < least || m.right_shift > most) return refuse(multiplier_error::out_of_range);
  if (e == multiplier_encoding::xnnpack_24) return {m};
  return {leading_bits(x, 15, integer_rounding::to_nearest_up)};
}

}  // namespace detail

/// The multiplier of a factor; encodings of binary32 numbers round it to one first.
/// spec/integers.md INT-11.
LOWP_FN multiplier_choice encode_multiplier(multiplier_encoding e,
                                            number<formats::binary64> factor) noexcept {
  const bool of_binary64 = e <= multiplier_encoding::tflite_16x8;
  const number<formats::binary32> real{factor};
  const exact x = of_binary64 ? decode(factor) : decode(real);
  const bool usable = (x.cls == number_class::finite && !x.negative) ||
                      (x.cls == number_class::zero && of_binary64);
  if (!usable) return detail::refuse(multiplier_error::not_a_factor);
  multiplier_choice choice;
  switch (e) {
    case multiplier_encoding::tflite:
    case multiplier_encoding::tflite_single:
    case multiplier_encoding::tflite_16x8: choice = detail::encode_tflite(x, e); break;
    case multiplier_encoding::fbgemm: choice = detail::encode_fbgemm(x); break;
    case multiplier_encoding::binary32: break;
    case multiplier_encoding::xnnpack_24:
    case multiplier_encoding::xnnpack_15: choice = detail::encode_xnnpack(x, e); break;
  }
  choice.value.real = real;
  return choice;
}

}  // namespace lowp

#endif  // LOWP_INTEGER_MULTIPLIERS_HPP
