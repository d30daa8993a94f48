// SPDX-License-Identifier: Apache-2.0
/// \file
/// Does a short series rise? The test of Mann and Kendall and the slope of Sen: both look at pairs
/// alone, so neither a distribution nor single outliers matter. spec/monitors.md MON-4.
#ifndef LOWP_TRAINING_TREND_HPP
#define LOWP_TRAINING_TREND_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lowp {

/// The trend of a series.
struct trend {
  /// Of Mann and Kendall: standard normal, nearly, where the order is by chance. Above 2.33, one
  /// series in a hundred rises so much by chance.
  double z = 0;
  double slope = 0;  ///< of Sen: median of the slopes of all pairs, per observation
};

namespace detail {

/// Variance of S under chance: n (n - 1) (2 n + 5) / 18, less the same of each group of equals.
inline double variance_of_pairs(std::span<const double> sorted) {
  const auto term = [](double n) { return n * (n - 1) * (2 * n + 5) / 18; };
  double variance = term(static_cast<double>(sorted.size()));
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i + 1;
    while (end < sorted.size() && sorted[end] == sorted[i]) ++end;
    variance -= term(static_cast<double>(end - i));
    i = end;
  }
  return variance;
}

}  // namespace detail

/// Of finite numbers at equal distances; less than two have none. MON-4; H. B. Mann, Econometrica
/// 13 (1945), 245; M. G. Kendall, Rank Correlation Methods; P. K. Sen, JASA 63 (1968), 1379.
inline trend trend_of(std::span<const double> x) {
  trend t;
  if (x.size() < 2) return t;
  std::int64_t s = 0;
  std::vector<double> slopes;
  slopes.reserve(x.size() * (x.size() - 1) / 2);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = i + 1; j < x.size(); ++j) {
      s += x[j] > x[i] ? 1 : x[j] < x[i] ? -1 : 0;
      slopes.push_back((x[j] - x[i]) / static_cast<double>(j - i));
    }
  }
  std::sort(slopes.begin(), slopes.end());
  const std::size_t middle = slopes.size() / 2;
  t.slope = slopes.size() % 2 != 0 ? slopes[middle] : slopes[middle - 1] / 2 + slopes[middle] / 2;
  std::vector<double> sorted(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());
  const double variance = detail::variance_of_pairs(sorted);
  // S has steps of 2 where nothing is equal: one back, toward zero.
  const double corrected = static_cast<double>(s > 0 ? s - 1 : s < 0 ? s + 1 : 0);
  if (variance > 0) t.z = corrected / std::sqrt(variance);
  return t;
}

}  // namespace lowp

#endif  // LOWP_TRAINING_TREND_HPP
