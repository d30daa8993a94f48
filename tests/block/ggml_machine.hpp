// SPDX-License-Identifier: Apache-2.0
/// \file
/// Binary32 of this machine as a `Real` of the block definitions, for tests. Programs that include
/// it are built with -ffp-contract=off.
#ifndef LOWP_TESTS_BLOCK_GGML_MACHINE_HPP
#define LOWP_TESTS_BLOCK_GGML_MACHINE_HPP

#include <bit>
#include <cmath>
#include <cstdint>

#include <lowp/binary32.hpp>

struct machine_float {
  float value = 0;

  friend machine_float operator+(machine_float x, machine_float y) { return {x.value + y.value}; }
  friend machine_float operator-(machine_float x, machine_float y) { return {x.value - y.value}; }
  friend machine_float operator*(machine_float x, machine_float y) { return {x.value * y.value}; }
  friend machine_float operator/(machine_float x, machine_float y) { return {x.value / y.value}; }
  friend bool operator<(machine_float x, machine_float y) { return x.value < y.value; }
  friend bool operator>(machine_float x, machine_float y) { return x.value > y.value; }
  friend bool operator<=(machine_float x, machine_float y) { return x.value <= y.value; }
  friend bool operator>=(machine_float x, machine_float y) { return x.value >= y.value; }
  friend bool operator==(machine_float x, machine_float y) { return x.value == y.value; }
};

template <>
struct lowp::binary32_traits<machine_float> {
  static machine_float from_bits(std::uint32_t bits) { return {std::bit_cast<float>(bits)}; }
  static std::uint32_t bits(machine_float x) { return std::bit_cast<std::uint32_t>(x.value); }
  static machine_float from_integer(std::int64_t n) { return {static_cast<float>(n)}; }
  static std::int32_t to_integer(machine_float x, lowp::rounding mode) {
    if (std::isnan(x.value)) return 0;
    const double whole = mode == lowp::rounding::toward_zero       ? std::trunc(x.value)
                         : mode == lowp::rounding::to_nearest_away ? std::round(x.value)
                                                                   : std::nearbyint(x.value);
    if (whole < -2147483648.0) return -2147483647 - 1;
    if (whole > 2147483647.0) return 2147483647;
    return static_cast<std::int32_t>(whole);
  }
  static machine_float sqrt(machine_float x) { return {std::sqrt(x.value)}; }
};

#endif  // LOWP_TESTS_BLOCK_GGML_MACHINE_HPP
