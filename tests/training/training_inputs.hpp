// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers for the tests of training: usual ones and hard ones.
#ifndef TESTS_TRAINING_TRAINING_INPUTS_HPP
#define TESTS_TRAINING_TRAINING_INPUTS_HPP

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace training_inputs {

inline constexpr int input_kinds = 6;

/// n numbers: 0 normal; 1 of wide range; 2 zeros of both signs; 3 with NaNs and infinities;
/// 4 subnormal; 5 huge.
inline std::vector<float> draw(std::size_t n, int kind, std::uint32_t seed) {
  std::mt19937 g(seed + static_cast<std::uint32_t>(kind) * 1000003u);
  std::normal_distribution<float> normal;
  std::vector<float> x(n);
  for (float& v : x) {
    v = normal(g);
    const std::uint32_t r = static_cast<std::uint32_t>(g());
    switch (kind) {
      case 1: v = std::ldexp(v, static_cast<int>(r % 60) - 40); break;
      case 2: v = r % 2 != 0 ? 0.0f : -0.0f; break;
      case 3:
        if (r % 97 == 0) v = std::bit_cast<float>(r % 2 != 0 ? 0x7fc00000u : 0xffc12345u);
        if (r % 101 == 0) v = std::bit_cast<float>(r % 2 != 0 ? 0x7f800000u : 0xff800000u);
        break;
      case 4: v = std::bit_cast<float>(r & 0x807fffffu); break;
      case 5: v = std::ldexp(v, 126); break;
      default: break;
    }
  }
  return x;
}

inline constexpr std::size_t no_difference = ~std::size_t{0};

/// The first place where bits differ.
inline std::size_t first_difference(const std::vector<float>& x, const std::vector<float>& y) {
  if (x.size() != y.size()) return 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::bit_cast<std::uint32_t>(x[i]) != std::bit_cast<std::uint32_t>(y[i])) return i;
  }
  return no_difference;
}

}  // namespace training_inputs

#endif  // TESTS_TRAINING_TRAINING_INPUTS_HPP
