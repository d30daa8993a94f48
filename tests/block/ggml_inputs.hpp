// SPDX-License-Identifier: Apache-2.0
/// \file
/// Random blocks of several kinds, the same on every machine.
#ifndef LOWP_TESTS_BLOCK_GGML_INPUTS_HPP
#define LOWP_TESTS_BLOCK_GGML_INPUTS_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>

#include "block/ggml_reading.hpp"

namespace ggml_reading {

inline constexpr std::uint64_t seed = 20261121;

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

}  // namespace ggml_reading

#endif  // LOWP_TESTS_BLOCK_GGML_INPUTS_HPP
