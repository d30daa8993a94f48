// SPDX-License-Identifier: Apache-2.0
// ggml block types against a plain reading of their description in the machine's own arithmetic:
// numbers of any bytes, bytes of the simple types; the definitions in the machine's binary32; the
// signal-to-noise ratios that were measured with ggml.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/ggml/dequantise.hpp>
#include <lowp/block/ggml/quantise.hpp>
#include <lowp/types.hpp>

#include "block/ggml_machine.hpp"

namespace {

using lowp::float32;
using lowp::ggml_type;
using block_bytes = std::vector<std::uint8_t>;
using floats = std::vector<float>;

template <class Real>
block_bytes quantised(const ggml_type& t, const floats& x) {
  std::vector<Real> in(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    in[i] = lowp::real_from_bits<Real>(std::bit_cast<std::uint32_t>(x[i]));
  }
  const std::size_t n = x.size() / t.elements;
  std::vector<std::byte> out(n * t.bytes);
  lowp::quantise_ggml(t, in.data(), n, out.data());
  block_bytes result(out.size());
  std::memcpy(result.data(), out.data(), out.size());
  return result;
}

template <class Real>
floats dequantised(const ggml_type& t, const block_bytes& in) {
  const std::size_t n = in.size() / t.bytes;
  std::vector<Real> y(n * t.elements);
  // A buffer of exactly these bytes: sanitizers see a read beyond them.
  const std::vector<std::byte> exact(reinterpret_cast<const std::byte*>(in.data()),
                                     reinterpret_cast<const std::byte*>(in.data()) + in.size());
  lowp::dequantise_ggml(t, exact.data(), n, y.data());
  floats result(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    result[i] = std::bit_cast<float>(lowp::real_bits(y[i]));
  }
  return result;
}

// ---- Reading.

float half(const std::uint8_t* p) {
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

float ue4m3_half(int b) {
  if (b == 0x7f) return 0;
  const int e = b >> 3 & 15;
  return std::ldexp(static_cast<float>(e == 0 ? b & 7 : 8 + (b & 7)), (e == 0 ? 1 : e) - 11);
}

constexpr int e2m1_doubled[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};
constexpr int iq4[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

int int8(std::uint8_t b) { return b < 128 ? b : b - 256; }

// Scale and minimum j of Q4_K and Q5_K from their 12 bytes.
void six_bits(const std::uint8_t* s, int j, int& scale, int& low) {
  if (j < 4) {
    scale = s[j] & 63;
    low = s[j + 4] & 63;
  } else {
    scale = (s[j + 4] & 15) | (s[j - 4] >> 6) << 4;
    low = s[j + 4] >> 4 | (s[j] >> 6) << 4;
  }
}

int nibble_split(const std::uint8_t* q, int i, int step) {
  const std::uint8_t b = q[i / (2 * step) * step + i % step];
  return i % (2 * step) < step ? b & 15 : b >> 4;
}
int pair_split(const std::uint8_t* q, int i) {
  return q[i / 128 * 32 + i % 32] >> (2 * (i % 128 / 32)) & 3;
}

int trit(const std::uint8_t* p, int i) {
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
float element(const std::string& name, const std::uint8_t* p, int i) {
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
  FAIL("no reading of " << name);
  return 0;
}

bool same(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

// ---- Writing of the simple types.

std::uint16_t to_half(float x) {
  double a = std::fabs(static_cast<double>(x));
  int exponent = 0;
  std::frexp(a, &exponent);
  const int unit = std::max(exponent, -13) - 11;  // of the last place
  a = std::nearbyint(std::ldexp(a, -unit));
  const double code = a + (a == 0 ? 0 : (unit + 24) * 1024.0);
  const int bits = std::isinf(x) || code > 0x7c00 ? 0x7c00 : static_cast<int>(code);
  return static_cast<std::uint16_t>(bits | (std::signbit(x) ? 0x8000 : 0));
}

void put_half(block_bytes& out, float x) {
  const std::uint16_t h = to_half(x);
  out.push_back(static_cast<std::uint8_t>(h & 255));
  out.push_back(static_cast<std::uint8_t>(h >> 8));
}

void put_nibbles(block_bytes& out, const std::vector<int>& c, std::size_t step) {
  for (std::size_t i = 0; i < c.size(); i += 2 * step) {
    for (std::size_t j = 0; j < step; ++j) {
      out.push_back(static_cast<std::uint8_t>((c[i + j] & 15) | (c[i + step + j] & 15) << 4));
    }
  }
}

void put_high_bits(block_bytes& out, const std::vector<int>& c) {
  for (std::size_t i = 0; i < c.size(); i += 8) {
    int b = 0;
    for (std::size_t k = 0; k < 8; ++k) b |= (c[i + k] >> 4 & 1) << k;
    out.push_back(static_cast<std::uint8_t>(b));
  }
}

float amax_of(const floats& x) {
  float a = 0;
  for (const float v : x) a = std::max(a, std::fabs(v));
  return a;
}

float inverse(float d) { return d != 0 ? 1.0F / d : 0.0F; }

int best_e2m1(float x, float d) {
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
block_bytes written(const std::string& name, const floats& x) {
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

// ---- Inputs.

constexpr std::uint64_t seed = 20261121;

class inputs {
 public:
  explicit inputs(std::uint64_t s) : random_(s) {}

  float uniform() { return static_cast<float>(random_() >> 40) * 0x1p-24F; }
  float gauss() {
    const double r = std::sqrt(-2 * std::log(1 - static_cast<double>(uniform())));
    return static_cast<float>(r * std::cos(6.283185307179586 * static_cast<double>(uniform())));
  }
  // Blocks of several kinds: scaled by powers of two, on a grid with ties, with zeros, constant.
  floats block(std::size_t n, int kind, int widest) {
    floats x(n);
    const int power = static_cast<int>(random_() % static_cast<unsigned>(2 * widest + 1)) - widest;
    const float scale = std::ldexp(1.0F, power);
    const float constant = gauss() * scale;
    for (float& v : x) {
      switch (kind % 6) {
        case 0: v = gauss() * scale; break;
        case 1: v = (uniform() - 0.5F) * scale; break;
        case 2: v = std::nearbyint(gauss() * 8) / 2 * scale; break;
        case 3: v = random_() % 4 != 0 ? 0.0F : gauss() * scale; break;
        case 4: v = constant; break;
        default: v = uniform() * scale + scale; break;
      }
    }
    return x;
  }
  std::uint32_t bits() { return static_cast<std::uint32_t>(random_()); }

 private:
  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("GGM-2 GGM-3 GGM-4 GGM-5: numbers of any bytes") {
  MESSAGE("seed " << seed);
  inputs random(seed);
  for (const ggml_type& t : lowp::ggml_types) {
    const std::string name = t.name;
    CAPTURE(name);
    std::size_t wrong = 0;
    for (int round = 0; round < 100; ++round) {
      block_bytes block(t.bytes);
      for (std::uint8_t& b : block) b = static_cast<std::uint8_t>(random.bits() & 255);
      const floats y = dequantised<float32>(t, block);
      const floats z = dequantised<machine_float>(t, block);
      for (int i = 0; i < t.elements; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const float want = element(name, block.data(), i);
        wrong += same(y[at], want) && same(z[at], want) ? 0U : 1U;
      }
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("GGM-7 GGM-8 GGM-9: bytes of simple types by another program") {
  MESSAGE("seed " << seed + 1);
  inputs random(seed + 1);
  int types = 0;
  for (const ggml_type& t : lowp::ggml_types) {
    const std::string name = t.name;
    CAPTURE(name);
    if (written(name, floats(t.elements)).empty()) continue;
    ++types;
    std::size_t wrong = 0;
    for (int round = 0; round < 600; ++round) {
      const floats x = random.block(t.elements, round, round % 2 == 0 ? 12 : 60);
      wrong += quantised<float32>(t, x) == written(name, x) ? 0U : 1U;
    }
    CHECK(wrong == 0);
  }
  CHECK(types == 11);
}

TEST_CASE("GGM-6 GGM-11 GGM-12 GGM-13: the machine's binary32 gives the same bytes") {
  MESSAGE("seed " << seed + 2);
  inputs random(seed + 2);
  const auto compare = [&](const ggml_type& t) {
    const std::string name = t.name;
    CAPTURE(name);
    std::size_t wrong = 0;
    for (int round = 0; round < (t.method == lowp::ggml_method::plain ? 120 : 36); ++round) {
      floats x = random.block(t.elements, round, round % 2 == 0 ? 10 : 100);
      // Any bits, NaN and infinity among them, in one block or one number of a block.
      if (round % 9 == 7) x[random.bits() % x.size()] = std::bit_cast<float>(random.bits());
      if (round % 9 == 8) {
        for (float& v : x) v = std::bit_cast<float>(random.bits());
      }
      wrong += quantised<float32>(t, x) == quantised<machine_float>(t, x) ? 0U : 1U;
    }
    CHECK(wrong == 0);
  };
  for (const ggml_type& t : lowp::ggml_types) compare(t);
  for (const ggml_type& t : lowp::ggml_variants) compare(t);
}

TEST_CASE("GGM-12 GGM-13: codes are the nearest for the scales that are stored") {
  MESSAGE("seed " << seed + 3);
  inputs random(seed + 3);
  for (const char* name : {"q2_K", "q3_K", "q4_K", "q5_K", "q6_K"}) {
    CAPTURE(std::string(name));
    const ggml_type& t = *lowp::find_ggml_type(name);
    std::size_t worse = 0;
    for (int round = 0; round < 40; ++round) {
      const floats x = random.block(256, 0, 8);
      const block_bytes block = quantised<machine_float>(t, x);
      const floats y = dequantised<machine_float>(t, block);
      block_bytes changed = block;
      const auto bytes = reinterpret_cast<std::byte*>(changed.data());
      for (int i = 0; i < 256; ++i) {
        // No code beside it is nearer, but for the rounding of quotients.
        const int code = lowp::detail::ggml::read_integer(t.codes, bytes, i);
        for (const int other : {code - 1, code + 1}) {
          const int most =
              t.asymmetric.highest != 0 ? t.asymmetric.highest : 2 * t.symmetric.highest - 1;
          if (other < 0 || other > most) continue;
          lowp::detail::ggml::write_integer(t.codes, bytes, i, other);
          const double z = element(name, changed.data(), i);
          const auto at = static_cast<std::size_t>(i);
          const double off = std::fabs(static_cast<double>(y[at]) - static_cast<double>(x[at]));
          const double other_off = std::fabs(z - static_cast<double>(x[at]));
          worse += off > other_off * (1 + 1e-4) ? 1U : 0U;
        }
        lowp::detail::ggml::write_integer(t.codes, bytes, i, code);
      }
    }
    CHECK(worse == 0);
  }
}

TEST_CASE("GGM-7 GGM-11 GGM-12 GGM-13: signal-to-noise ratios measured with ggml") {
  MESSAGE("seed " << seed + 4);
  struct ratio {
    const char* name;
    double gauss, uniform;  // decibels, for N(0, 1) and U(-1, 1)
  };
  constexpr ratio ratios[] = {
      {"q4_0", 21.31, 23.73},  {"q4_1", 22.15, 24.34},   {"q5_0", 27.40, 30.12},
      {"q5_1", 28.44, 30.63},  {"q8_0", 45.43, 48.48},   {"mxfp4", 18.79, 16.83},
      {"nvfp4", 20.44, 19.85}, {"iq4_nl", 22.08, 23.39}, {"iq4_xs", 22.30, 23.79},
      {"q2_K", 10.55, 12.65},  {"q3_K", 16.43, 18.05},   {"q4_K", 22.94, 25.27},
      {"q5_K", 28.85, 31.18},  {"q6_K", 35.03, 37.56},   {"q8_K", 43.15, 48.15},
      {"tq1_0", 1.86, 6.07},   {"tq2_0", 1.86, 6.07},    {"q1_0", 4.43, 6.05},
      {"q2_0", 2.88, 6.22},
  };
  inputs random(seed + 4);
  floats gauss(256 * 600);
  floats uniform(gauss.size());
  for (float& v : gauss) v = random.gauss();
  for (float& v : uniform) v = 2 * random.uniform() - 1;
  const auto decibels = [](const ggml_type& t, const floats& x) {
    const floats y = dequantised<machine_float>(t, quantised<machine_float>(t, x));
    double signal = 0;
    double noise = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double off = static_cast<double>(x[i]) - static_cast<double>(y[i]);
      signal += static_cast<double>(x[i]) * static_cast<double>(x[i]);
      noise += off * off;
    }
    return 10 * std::log10(signal / noise);
  };
  for (const ratio& r : ratios) {
    CAPTURE(std::string(r.name));
    const ggml_type& t = *lowp::find_ggml_type(r.name);
    CHECK(std::fabs(decibels(t, gauss) - r.gauss) < 0.1);
    CHECK(std::fabs(decibels(t, uniform) - r.uniform) < 0.1);
  }
  // The search does not lose against one fit.
  CHECK(decibels(*lowp::find_ggml_type("iq4_nl_search"), gauss) > 22.08);
}
