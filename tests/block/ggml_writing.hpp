// SPDX-License-Identifier: Apache-2.0
/// \file
/// The bytes of ggml blocks of the simple types and of IQ4, by the published steps in the machine's
/// arithmetic. Programs that include it are built with -ffp-contract=off.
#ifndef LOWP_TESTS_BLOCK_GGML_WRITING_HPP
#define LOWP_TESTS_BLOCK_GGML_WRITING_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "block/ggml_reading.hpp"

namespace ggml_reading {

inline std::uint16_t to_half(float x) {
  double a = std::fabs(static_cast<double>(x));
  int exponent = 0;
  std::frexp(a, &exponent);
  const int unit = std::max(exponent, -13) - 11;  // of the last place
  a = std::nearbyint(std::ldexp(a, -unit));
  const double code = a + (a == 0 ? 0 : (unit + 24) * 1024.0);
  const int bits = std::isinf(x) || code > 0x7c00 ? 0x7c00 : static_cast<int>(code);
  return static_cast<std::uint16_t>(bits | (std::signbit(x) ? 0x8000 : 0));
}

inline void put_half(block_bytes& out, float x) {
  const std::uint16_t h = to_half(x);
  out.push_back(static_cast<std::uint8_t>(h & 255));
  out.push_back(static_cast<std::uint8_t>(h >> 8));
}

inline void put_nibbles(block_bytes& out, const std::vector<int>& c, std::size_t step) {
  for (std::size_t i = 0; i < c.size(); i += 2 * step) {
    for (std::size_t j = 0; j < step; ++j) {
      out.push_back(static_cast<std::uint8_t>((c[i + j] & 15) | (c[i + step + j] & 15) << 4));
    }
  }
}

inline void put_high_bits(block_bytes& out, const std::vector<int>& c) {
  for (std::size_t i = 0; i < c.size(); i += 8) {
    int b = 0;
    for (std::size_t k = 0; k < 8; ++k) b |= (c[i + k] >> 4 & 1) << k;
    out.push_back(static_cast<std::uint8_t>(b));
  }
}

inline float amax_of(const floats& x) {
  float a = 0;
  for (const float v : x) a = std::max(a, std::fabs(v));
  return a;
}

inline float inverse(float d) { return d != 0 ? 1.0F / d : 0.0F; }

inline int best_e2m1(float x, float d) {
  int best = 0;
  for (int k = 1; k < 16; ++k) {
    if (std::fabs(static_cast<float>(e2m1_doubled[k]) * d - x) <
        std::fabs(static_cast<float>(e2m1_doubled[best]) * d - x)) {
      best = k;
    }
  }
  return best;
}

// The bytes of one block; empty for types that are not simple.
inline block_bytes written(const std::string& name, const floats& x) {
  block_bytes out;
  std::vector<int> c(x.size());
  const float amax = amax_of(x);
  const auto is_greatest = [&](float v) { return std::fabs(v) == amax; };
  const float peak = *std::find_if(x.begin(), x.end(), is_greatest);
  if (name == "q4_0" || name == "q5_0") {
    const int zero = name == "q4_0" ? 8 : 16;
    const float d = peak / static_cast<float>(-zero);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const float shifted = x[i] * inverse(d) + (static_cast<float>(zero) + 0.5F);
      c[i] = std::min(2 * zero - 1, static_cast<int>(shifted));
    }
    put_half(out, d);
    if (zero == 16) put_high_bits(out, c);
    put_nibbles(out, c, 16);
  } else if (name == "q4_1" || name == "q5_1") {
    const int most = name == "q4_1" ? 15 : 31;
    const float low = *std::min_element(x.begin(), x.end());
    const float d = (*std::max_element(x.begin(), x.end()) - low) / static_cast<float>(most);
    for (std::size_t i = 0; i < x.size(); ++i) {
      c[i] = static_cast<int>((x[i] - low) * inverse(d) + 0.5F);
      if (most == 15) c[i] = std::min(15, c[i]);
    }
    put_half(out, d);
    put_half(out, low);
    if (most == 31) put_high_bits(out, c);
    put_nibbles(out, c, 16);
  } else if (name == "q8_0" || name == "q8_1") {
    const float d = amax / 127.0F;
    int sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      c[i] = static_cast<int>(std::round(x[i] * inverse(d)));
      sum += c[i];
    }
    put_half(out, d);
    if (name == "q8_1") put_half(out, static_cast<float>(sum) * d);
    for (const int code : c) out.push_back(static_cast<std::uint8_t>(code & 255));
  } else if (name == "q1_0") {
    float sum = 0;
    for (const float v : x) sum += std::fabs(v);
    put_half(out, sum / 128.0F);
    for (std::size_t i = 0; i < x.size(); i += 8) {
      int b = 0;
      for (std::size_t k = 0; k < 8; ++k) b |= x[i + k] >= 0 ? 1 << k : 0;
      out.push_back(static_cast<std::uint8_t>(b));
    }
  } else if (name == "q2_0" || name == "tq2_0") {
    const bool dense = name == "q2_0";
    if (dense) put_half(out, amax);
    const std::size_t step = dense ? 1 : 32;
    for (std::size_t i = 0; i < x.size(); i += 4 * step) {
      for (std::size_t j = 0; j < step; ++j) {
        int b = 0;
        for (std::size_t k = 0; k < 4; ++k) {
          const float scaled = x[i + j + k * step] * inverse(amax);
          b |= (static_cast<int>(std::round(scaled)) + 1) << 2 * k;
        }
        out.push_back(static_cast<std::uint8_t>(b));
      }
    }
    if (!dense) put_half(out, amax);
  } else if (name == "mxfp4") {
    int e = 0;
    if (amax > 0) {
      const auto log = static_cast<float>(std::log2(static_cast<long double>(amax)));
      e = std::max(0, static_cast<int>(std::floor(log)) + 125);
    }
    out.push_back(static_cast<std::uint8_t>(e));
    const float d = std::ldexp(1.0F, e - 128);
    for (std::size_t i = 0; i < x.size(); ++i) c[i] = best_e2m1(x[i], d);
    put_nibbles(out, c, 16);
  } else if (name == "q8_K") {
    const float inverse_scale = amax == 0 ? 0.0F : -127.0F / peak;
    for (std::size_t i = 0; i < x.size(); ++i) {
      c[i] = std::min(127, static_cast<int>(std::nearbyint(inverse_scale * x[i])));
    }
    const auto d = std::bit_cast<std::uint32_t>(amax == 0 ? 0.0F : 1.0F / inverse_scale);
    for (int k = 0; k < 4; ++k) out.push_back(static_cast<std::uint8_t>(d >> 8 * k & 255));
    for (const int code : c) out.push_back(static_cast<std::uint8_t>(code & 255));
    for (std::size_t i = 0; i < 256; i += 16) {
      int sum = 0;
      for (std::size_t k = i; k < i + 16; ++k) sum += c[k];
      out.push_back(static_cast<std::uint8_t>(sum & 255));
      out.push_back(static_cast<std::uint8_t>(sum >> 8 & 255));
    }
  }
  return out;
}

// All values in turn, the last of equally near ones.
inline int iq4_code(float t) {
  int best = 0;
  for (int k = 1; k < 16; ++k) {
    if (std::fabs(t - static_cast<float>(iq4[k])) <= std::fabs(t - static_cast<float>(iq4[best]))) {
      best = k;
    }
  }
  return best;
}

struct iq4_group {
  float scale = 0;
  std::vector<int> codes;  // of the first fit
};

inline iq4_group iq4_search(const floats& x, int tries) {
  iq4_group g{0, std::vector<int>(x.size(), 8)};
  const float amax = amax_of(x);
  if (amax < 1e-15F) return g;
  const float peak =
      *std::find_if(x.begin(), x.end(), [&](float v) { return std::fabs(v) == amax; });
  const float end = static_cast<float>(iq4[0]);
  std::vector<float> reciprocals{1.0F / ((tries == 0 ? peak : -peak) / end)};
  for (int k = -tries; tries != 0 && k <= tries; ++k) {
    reciprocals.push_back((static_cast<float>(k) + end) / peak);
  }
  float best = 0;
  for (std::size_t n = 0; n < reciprocals.size(); ++n) {
    float product = 0;
    float square = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const int code = iq4_code(reciprocals[n] * x[i]);
      if (n == 0) g.codes[i] = code;
      const auto v = static_cast<float>(iq4[code]);
      product += x[i] * x[i] * v * x[i];
      square += x[i] * x[i] * v * v;
    }
    if (n != 0 && (square <= 0 || product * product <= best * square)) continue;
    g.scale = product / square;
    best = g.scale * product;
  }
  return g;
}

inline block_bytes iq4_nl_written(const floats& x, int tries) {
  iq4_group g = iq4_search(x, tries);
  for (std::size_t i = 0; tries != 0 && i < x.size(); ++i) {
    g.codes[i] = iq4_code(inverse(g.scale) * x[i]);
  }
  block_bytes out;
  put_half(out, g.scale);
  put_nibbles(out, g.codes, 16);
  return out;
}

inline block_bytes iq4_xs_written(const floats& x, int tries) {
  floats scales;
  for (std::size_t i = 0; i < 256; i += 32) {
    const auto first = x.begin() + static_cast<std::ptrdiff_t>(i);
    scales.push_back(iq4_search(floats(first, first + 32), tries).scale);
  }
  const float most = amax_of(scales);
  const auto peak =
      std::find_if(scales.begin(), scales.end(), [&](float v) { return std::fabs(v) == most; });
  const float d = -*peak / 32.0F;
  block_bytes out;
  put_half(out, d);
  std::vector<int> codes;
  int low[8] = {};
  int high = 0;
  for (std::size_t g = 0; g < 8; ++g) {
    const auto nearest = static_cast<int>(std::nearbyint(inverse(d) * scales[g]));
    const int factor = std::clamp(nearest, -32, 31);
    low[g] = (factor + 32) & 15;
    high |= (factor + 32) >> 4 << 2 * g;
    const float reciprocal = inverse(d * static_cast<float>(factor));
    for (std::size_t i = 0; i < 32; ++i) codes.push_back(iq4_code(reciprocal * x[32 * g + i]));
  }
  out.push_back(static_cast<std::uint8_t>(high & 255));
  out.push_back(static_cast<std::uint8_t>(high >> 8));
  for (std::size_t g = 0; g < 8; g += 2) {
    out.push_back(static_cast<std::uint8_t>(low[g] | low[g + 1] << 4));
  }
  put_nibbles(out, codes, 16);
  return out;
}

}  // namespace ggml_reading

#endif  // LOWP_TESTS_BLOCK_GGML_WRITING_HPP
