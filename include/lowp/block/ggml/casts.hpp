// SPDX-License-Identifier: Apache-2.0
/// \file
/// How ggml turns numbers into integers and stored numbers, with a defined result for every input.
#ifndef LOWP_BLOCK_GGML_CASTS_HPP
#define LOWP_BLOCK_GGML_CASTS_HPP

#include <cstddef>
#include <cstdint>

#include "../../binary32.hpp"
#include "type.hpp"

namespace lowp::detail::ggml {

/// What C calls true: everything but zeros.
template <binary32_real Real>
LOWP_FN bool is_set(Real x) noexcept {
  return magnitude_of(x) != 0;
}

/// -x, of zeros too.
template <binary32_real Real>
LOWP_FN Real negated(Real x) noexcept {
  return real_from_bits<Real>(real_bits(x) ^ binary32_bits::sign);
}

/// 1 / x, of zeros 0.
template <binary32_real Real>
LOWP_FN Real reciprocal_or_zero(Real x) noexcept {
  return is_set(x) ? real<Real>(1) / x : real<Real>(0);
}

/// An integer brought into the range of a type as two's complement does.
LOWP_FN int through(ggml_cast type, int n) noexcept {
  switch (type) {
    case ggml_cast::word: return n;
    case ggml_cast::signed_byte: return ((n & 255) ^ 128) - 128;
    case ggml_cast::unsigned_byte: return n & 255;
  }
  return n;
}

/// x as an integer of C: out of the range of 32 bits, where C leaves it open, 0, which is what the
/// low byte is on x86. spec/ggml.md GGM-6.
template <binary32_real Real>
LOWP_FN int to_word(Real x, rounding mode) noexcept {
  return magnitude_of(x) < 0x4f000000 ? to_integer(x, mode) : 0;
}

/// The nearest integer, ties to even, by ggml's sum with 1.5 2^23: beyond 2^22 its low bits only;
/// of NaN 0. GGM-6.
template <binary32_real Real>
LOWP_FN int nearest_integer(Real x) noexcept {
  const Real sum = x + real<Real>(12582912);
  if (real_is_nan(sum)) return 0;
  return static_cast<int>(real_bits(sum) & 0x7fffff) - 0x400000;
}

template <class T>
LOWP_FN T clamp(T x, T low, T high) noexcept {
  return x < low ? low : x > high ? high : x;
}

/// The 16-bit code of a scale: overflow becomes infinity, NaN the positive quiet one. GGM-5.
template <binary32_real Real>
LOWP_FN std::uint16_t half_code(Real x) noexcept {
  return static_cast<std::uint16_t>(
      encode_real(formats::binary16, x, {.nan_sign = sign_rule::positive}));
}

/// ggml's conversion to E4M3 without sign: ties away from zero; what rounds to 256 and more becomes
/// 448; below 2^-6 up to 7 2^-9. Not positive, NaN: 0. GGM-10.
template <binary32_real Real>
LOWP_FN std::uint8_t ue4m3_code(Real x) noexcept {
  if (!(x > real<Real>(0))) return 0;
  if (x < real<Real>(0x1p-6F)) {
    const int n = to_integer(x * real<Real>(512) + real<Real>(0.5F), rounding::toward_zero);
    return static_cast<std::uint8_t>(n > 7 ? 7 : n);
  }
  const code_t code =
      encode_real(formats::ue4m3, x, {.round = rounding::to_nearest_away, .overflow = saturate});
  return static_cast<std::uint8_t>(code >= 0x78 ? 0x7e : code);
}

/// The number that byte b is. GGM-5.
template <binary32_real Real>
LOWP_FN Real byte_scale(ggml_number kind, std::uint8_t b) noexcept {
  if (kind == ggml_number::e8m0_half) {
    // 2^-128 and 2^-127 are subnormal.
    return real_from_bits<Real>(b < 2 ? std::uint32_t{0x00200000} << b
                                      : static_cast<std::uint32_t>(b - 1) << 23);
  }
  if (b == 0x7f) return real<Real>(0);
  // Bit 7 is no sign. The code of NaN beside it is 480, which E4M3 has not.
  if ((b & 0x7f) == 0x7f) return real<Real>(240);
  return decode_real<Real>(formats::ue4m3, b & 0x7fU) * real<Real>(0.5F);
}

}  // namespace lowp::detail::ggml

#endif  // LOWP_BLOCK_GGML_CASTS_HPP
