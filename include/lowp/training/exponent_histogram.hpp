// SPDX-License-Identifier: Apache-2.0
/// \file
/// How many numbers of a tensor begin with which power of two. spec/monitors.md MON-2.
#ifndef LOWP_TRAINING_EXPONENT_HISTOGRAM_HPP
#define LOWP_TRAINING_EXPONENT_HISTOGRAM_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "../config.hpp"

namespace lowp {

/// Counts of binary32 numbers by floor(log2 |x|), which is -149 to 127; zeros, infinities and NaNs
/// apart. MON-2.
struct exponent_histogram {
  static constexpr int least = -149, greatest = 127;

  std::array<std::uint64_t, greatest - least + 1> counts{};
  std::uint64_t zeros = 0, not_finite = 0;

  LOWP_FN std::uint64_t& operator[](int exponent) noexcept {
    return counts[static_cast<std::size_t>(exponent - least)];
  }
  LOWP_FN std::uint64_t operator[](int exponent) const noexcept {
    return counts[static_cast<std::size_t>(exponent - least)];
  }

  /// Counts the number of these bits.
  LOWP_FN void add(std::uint32_t bits) noexcept {
    const std::uint32_t magnitude = bits & 0x7fffffff;
    if (magnitude >= 0x7f800000) {
      ++not_finite;
    } else if (magnitude == 0) {
      ++zeros;
    } else {
      ++(*this)[exponent_of(magnitude)];
    }
  }

  LOWP_FN exponent_histogram& operator+=(const exponent_histogram& h) noexcept {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += h.counts[i];
    zeros += h.zeros;
    not_finite += h.not_finite;
    return *this;
  }
  friend LOWP_FN bool operator==(const exponent_histogram&,
                                 const exponent_histogram&) noexcept = default;

 private:
  static LOWP_FN int exponent_of(std::uint32_t magnitude) noexcept {
    const auto field = static_cast<int>(magnitude >> 23);
    return field == 0 ? static_cast<int>(std::bit_width(magnitude)) - 150 : field - 127;
  }
};

}  // namespace lowp

#endif  // LOWP_TRAINING_EXPONENT_HISTOGRAM_HPP
