// SPDX-License-Identifier: Apache-2.0
/// \file
/// Element i of a ggml block of any type, from the bytes as their description has them, in the
/// machine's arithmetic. Shares nothing with include/.
#ifndef LOWP_TESTS_BLOCK_GGML_READING_HPP
#define LOWP_TESTS_BLOCK_GGML_READING_HPP

#include <bit>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace ggml_reading {

using block_bytes = std::vector<std::uint8_t>;
using floats = std::vector<float>;

inline float half(const std::uint8_t* p) {
  const int word = p[0] | p[1] << 8;
  const int exponent = word >> 10 & 31;
  const int fraction = word & 1023;
  double value = 0;
  if (exponent == 31) {
    value = fraction == 0 ? HUGE_VAL : std::nan("");
  } else {
    value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  }
  return static_cast<float>((word & 0x8000) != 0 ? -value : value);
}

inline float ue4m3_half(int b) {
  if (b == 0x7f) return 0;
  const int e = b >> 3 & 15;
  return std::ldexp(static_cast<float>(e == 0 ? b & 7 : 8 + (b & 7)), (e == 0 ? 1 : e) - 11);
}

inline constexpr int e2m1_doubled[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};
inline constexpr int iq4[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                1,    13,   25,  38,  53,  69,  89,  113};

inline int int8(std::uint8_t b) { return b < 128 ? b : b - 256; }

// Scale and minimum j of Q4_K and Q5_K from their 12 bytes.
inline void six_bits(const std::uint8_t* s, int j, int& scale, int& low) {
  if (j < 4) {
    scale = s[j] & 63;
    low = s[j + 4] & 63;
  } else {
    scale = (s[j + 4] & 15) | (s[j - 4] >> 6) << 4;
    low = s[j + 4] >> 4 | (s[j] >> 6) << 4;
  }
}

inline int nibble_split(const std::uint8_t* q, int i, int step) {
  const std::uint8_t b = q[i / (2 * step) * step + i % step];
  return i % (2 * step) < step ? b & 15 : b >> 4;
}
inline int pair_split(const std::uint8_t* q, int i) {
  return q[i / 128 * 32 + i % 32] >> (2 * (i % 128 / 32)) & 3;
}

inline int trit(const std::uint8_t* p, int i) {
  int digit = 0;
  std::uint8_t b = 0;
  if (i < 160) {
    b = p[i % 32];
    digit = i / 32;
  } else if (i < 240) {
    b = p[32 + (i - 160) % 16];
    digit = (i - 160) / 16;
  } else {
    b = p[48 + (i - 240) % 4];
    digit = (i - 240) / 4;
  }
  constexpr int powers[] = {1, 3, 9, 27, 81};
  return (b * powers[digit] & 255) * 3 >> 8;
}

// Element i of one block of the named type.
inline float element(const std::string& name, const std::uint8_t* p, int i) {
  const auto f = [](int n) { return static_cast<float>(n); };
  if (name == "q4_0") return f(nibble_split(p + 2, i, 16) - 8) * half(p);
  if (name == "q4_1") return f(nibble_split(p + 4, i, 16)) * half(p) + half(p + 2);
  if (name == "q5_0" || name == "q5_1") {
    const std::uint8_t* high = p + (name == "q5_0" ? 2 : 4);
    const int bit = high[i / 8] >> i % 8 & 1;
    const int code = nibble_split(high + 4, i, 16) | bit << 4;
    return name == "q5_0" ? f(code - 16) * half(p) : f(code) * half(p) + half(p + 2);
  }
  if (name == "q8_0") return f(int8(p[2 + i])) * half(p);
  if (name == "q8_1") return f(int8(p[4 + i])) * half(p);
  if (name == "mxfp4") {
    return f(e2m1_doubled[nibble_split(p + 1, i, 16)]) * std::ldexp(1.0F, p[0] - 128);
  }
  if (name == "nvfp4") return f(e2m1_doubled[nibble_split(p + 4, i, 8)]) * ue4m3_half(p[i / 16]);
  if (name == "iq4_nl") return f(iq4[nibble_split(p + 2, i, 16)]) * half(p);
  if (name == "q1_0") return (p[2 + i / 8] >> i % 8 & 1) != 0 ? half(p) : -half(p);
  if (name == "q2_0") return f((p[2 + i / 4] >> 2 * (i % 4) & 3) - 1) * half(p);
  if (name == "tq1_0") return f(trit(p, i) - 1) * half(p + 52);
  if (name == "tq2_0") return f(pair_split(p, i) - 1) * half(p + 64);
  if (name == "q2_K") {
    const std::uint8_t s = p[i / 16];
    return half(p + 80) * f(s & 15) * f(pair_split(p + 16, i)) - half(p + 82) * f(s >> 4);
  }
  if (name == "q3_K") {
    const int j = i / 16;
    const std::uint8_t* s = p + 96;
    const int low = j < 8 ? s[j] & 15 : s[j - 8] >> 4;
    const int scale = (low | (s[8 + j % 4] >> 2 * (j / 4) & 3) << 4) - 32;
    const int code = pair_split(p + 32, i) - ((p[i % 32] >> i / 32 & 1) != 0 ? 0 : 4);
    return half(p + 108) * f(scale) * f(code);
  }
  if (name == "q4_K" || name == "q5_K") {
    int scale = 0;
    int low = 0;
    six_bits(p + 4, i / 32, scale, low);
    const bool is_five = name == "q5_K";
    const int bit = is_five ? p[16 + i % 32] >> i / 32 & 1 : 0;
    const int code = nibble_split(p + (is_five ? 48 : 16), i, 32) | bit << 4;
    return half(p) * f(scale) * f(code) - half(p + 2) * f(low);
  }
  if (name == "q6_K") {
    const int low = p[i / 128 * 64 + i % 64] >> (i % 128 / 64 * 4) & 15;
    const int code = low | pair_split(p + 128, i) << 4;
    return half(p + 208) * f(int8(p[192 + i / 16])) * f(code - 32);
  }
  if (name == "q8_K") {
    const std::uint32_t word = 1U * p[0] | 256U * p[1] | 65536U * p[2] | 16777216U * p[3];
    return std::bit_cast<float>(word) * f(int8(p[4 + i]));
  }
  if (name == "iq4_xs") {
    const int j = i / 32;
    const int low = p[4 + j / 2] >> 4 * (j % 2) & 15;
    const int high = (p[2] | p[3] << 8) >> 2 * j & 3;
    return half(p) * f((low | high << 4) - 32) * f(iq4[nibble_split(p + 8, i, 16)]);
  }
  throw std::invalid_argument("no reading of " + name);
}

inline bool same(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

}  // namespace ggml_reading

#endif  // LOWP_TESTS_BLOCK_GGML_READING_HPP
