// SPDX-License-Identifier: Apache-2.0
/// \file
/// What quantisation did to a tensor, from its numbers and the values that stand for them: for
/// monitors of a training. Diagnostics, not part of any result: sums are of binary64 in the order
/// of the calls, so tensors that are observed in other parts may differ in the last digits.
/// spec/monitors.md MON-1, MON-3.
#ifndef LOWP_TRAINING_TENSOR_STATISTICS_HPP
#define LOWP_TRAINING_TENSOR_STATISTICS_HPP

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "../config.hpp"
#include "exponent_histogram.hpp"

namespace lowp {

/// Of one tensor, or added up over its parts. x is a number, v the value that stands for it.
struct tensor_statistics {
  std::uint64_t numbers = 0;
  std::uint64_t zeros = 0;        ///< x is zero
  std::uint64_t not_finite = 0;   ///< x is a NaN or an infinity; it enters nothing below
  std::uint64_t lost = 0;         ///< x is finite, v is not; it enters no sum
  std::uint64_t saturated = 0;    ///< |x| is above the greatest value under its scale
  std::uint64_t underflowed = 0;  ///< x is not zero, v is
  float amax = 0;                 ///< greatest |x|
  /// Greatest |x| by the greatest value under its scale, of any number: above 1, some saturate.
  float fill = 0;
  double squares = 0;            ///< sum of x^2
  double value_squares = 0;      ///< sum of v^2
  double products = 0;           ///< sum of x v
  double squared_errors = 0;     ///< sum of (v - x)^2
  double relative_errors = 0;    ///< sum of |v - x| / |x| where x is not zero
  double greatest_relative = 0;  ///< greatest of these
  exponent_histogram exponents;  ///< of x
  exponent_histogram scales;     ///< of the scales, one a block

  /// Numbers that took part in the sums.
  LOWP_UNIT std::uint64_t counted() const noexcept { return numbers - not_finite - lost; }

  /// Signal to quantisation noise in dB: 10 log10(sum of x^2 / sum of (v - x)^2); infinite without
  /// noise.
  LOWP_UNIT double sqnr() const noexcept { return 10 * std::log10(squares / squared_errors); }

  /// Mean of |v - x| / |x| over numbers that are not zero; 0 if all are.
  LOWP_UNIT double mean_relative_error() const noexcept {
    const std::uint64_t n = counted() - zeros;
    return n == 0 ? 0 : relative_errors / static_cast<double>(n);
  }

  /// Cosine of the angle between numbers and values; 1 if both are all zeros, 0 if one is.
  LOWP_UNIT double cosine() const noexcept {
    if (squares == 0 && value_squares == 0) return 1;
    if (squares == 0 || value_squares == 0) return 0;
    return products / (std::sqrt(squares) * std::sqrt(value_squares));
  }

  /// Norm of the numbers by the norm of their errors: of gradients, training suffers below sqrt(3)
  /// (arXiv 2505.19115). Infinite without errors.
  LOWP_UNIT double signal_to_error() const noexcept {
    if (squared_errors == 0) return std::numeric_limits<double>::infinity();
    return std::sqrt(squares / squared_errors);
  }

  /// log2 of amax by the root of the mean square: how far the greatest stands out; 0 of zeros.
  LOWP_UNIT double crest() const noexcept {
    if (squares == 0) return 0;
    const double rms = std::sqrt(squares / static_cast<double>(counted()));
    return std::log2(static_cast<double>(amax) / rms);
  }

  /// Parts of the numbers that are neither zero nor infinite nor NaN.
  LOWP_UNIT double saturated_share() const noexcept { return share(saturated); }
  LOWP_UNIT double underflowed_share() const noexcept { return share(underflowed); }

  /// Counts a number, its value, and the greatest value under its scale (infinite where nothing
  /// saturates).
  LOWP_UNIT void add(float x, float v, float greatest) noexcept {
    ++numbers;
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(x);
    exponents.add(bits);
    if ((bits & 0x7f800000) == 0x7f800000) {
      ++not_finite;
      return;
    }
    const float magnitude = std::bit_cast<float>(bits & 0x7fffffff);
    if (magnitude > amax) amax = magnitude;
    if (magnitude > greatest) ++saturated;
    if (const float full = magnitude / greatest; full > fill) fill = full;
    if ((std::bit_cast<std::uint32_t>(v) & 0x7f800000) == 0x7f800000) {
      ++lost;
      return;
    }
    add_to_sums(static_cast<double>(x), static_cast<double>(v));
  }

  /// n numbers under one scale.
  LOWP_UNIT void add(const float* x, const float* v, std::size_t n, float greatest) noexcept {
    for (std::size_t i = 0; i < n; ++i) add(x[i], v[i], greatest);
  }

  LOWP_UNIT tensor_statistics& operator+=(const tensor_statistics& s) noexcept {
    numbers += s.numbers;
    zeros += s.zeros;
    not_finite += s.not_finite;
    lost += s.lost;
    saturated += s.saturated;
    underflowed += s.underflowed;
    amax = amax > s.amax ? amax : s.amax;
    fill = fill > s.fill ? fill : s.fill;
    squares += s.squares;
    value_squares += s.value_squares;
    products += s.products;
    squared_errors += s.squared_errors;
    relative_errors += s.relative_errors;
    if (s.greatest_relative > greatest_relative) greatest_relative = s.greatest_relative;
    exponents += s.exponents;
    scales += s.scales;
    return *this;
  }

 private:
  LOWP_UNIT double share(std::uint64_t part) const noexcept {
    const std::uint64_t n = numbers - not_finite - zeros;
    return n == 0 ? 0 : static_cast<double>(part) / static_cast<double>(n);
  }

  LOWP_UNIT void add_to_sums(double x, double v) noexcept {
    const double error = v - x;
    squares += x * x;
    value_squares += v * v;
    products += x * v;
    squared_errors += error * error;
    if (x == 0) {
      ++zeros;
      return;
    }
    if (v == 0) ++underflowed;
    const double relative = std::fabs(error) / std::fabs(x);
    relative_errors += relative;
    if (relative > greatest_relative) greatest_relative = relative;
  }
};

}  // namespace lowp

#endif  // LOWP_TRAINING_TENSOR_STATISTICS_HPP
