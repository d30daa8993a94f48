// SPDX-License-Identifier: Apache-2.0
// The exponential function in few operations of binary32, so that loops vectorise and every machine
// has the same bits, which the C library does not promise.
#ifndef LOWP_EXAMPLES_LANGUAGE_EXPONENTIAL_HPP
#define LOWP_EXAMPLES_LANGUAGE_EXPONENTIAL_HPP

#include <bit>
#include <cstdint>

namespace language {

// e^x to 2.1 units in the last place; from e^-87 down it is e^-87, from e^88 up e^88; NaN of NaN.
inline float exponential(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  constexpr float magic = 0x1.8p23f;  // adding it rounds to an integer, in the low bits
  const float shifted = x * 0x1.715476p0f + magic;
  const float n = shifted - magic;
  // The remainder x - n log 2, with log 2 in two parts; n times the first is exact.
  const float r = (x - n * 0x1.62ep-1f) - n * 0x1.0bfbe8p-15f;
  float p = 0x1.6c16c2p-10f;  // Taylor's series, 1/6! first; |r| is at most 0.35
  p = p * r + 0x1.111112p-7f;
  p = p * r + 0x1.555556p-5f;
  p = p * r + 0x1.555556p-3f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  // 2^n: the integer in the low bits of `shifted` moved to the place of the exponent.
  return p * std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted) << 23) + 0x3f800000u);
}

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_EXPONENTIAL_HPP
