// SPDX-License-Identifier: Apache-2.0
/// \file
/// Histograms of numbers, from which calibration chooses ranges. Counts are integers, so that those
/// of parts of an array, of threads or ranks, add up to the same in any order.
#ifndef LOWP_INTEGER_HISTOGRAM_HPP
#define LOWP_INTEGER_HISTOGRAM_HPP

#include <cstddef>
#include <cstdint>

#include "affine_parameters.hpp"

namespace lowp {

/// Bins of equal width from the least to the greatest number, at least one and fewer than 2^20;
/// the counts belong to the caller. spec/integers.md INT-16.
template <binary32_real Real = float32>
struct histogram {
  real_range<Real> range;
  std::uint64_t* counts = nullptr;
  std::size_t bins = 0;
};

/// What is counted.
enum class counted : std::uint8_t {
  numbers,
  magnitudes,  ///< for symmetric ranges; the histogram begins at 0
};

/// The bin of x: the integer part of fl(fl(x - least) fl(bins / fl(greatest - least))), and the
/// bins at the ends for what lies beyond. x is not NaN. INT-16.
template <binary32_real Real>
LOWP_FN std::size_t bin_of(const histogram<Real>& h, Real x) noexcept {
  const Real per_unit = real_from_integer<Real>(static_cast<std::int64_t>(h.bins)) /
                        (h.range.greatest - h.range.least);
  const std::int32_t i = to_integer((x - h.range.least) * per_unit, toward_zero);
  const auto last = static_cast<std::int32_t>(h.bins) - 1;
  return static_cast<std::size_t>(i < 0 ? 0 : i > last ? last : i);
}

/// Where bin i begins: fl(least + fl(i fl(fl(greatest - least) / bins))); of i = bins, the greatest
/// number. INT-16.
template <binary32_real Real>
LOWP_FN Real edge_of(const histogram<Real>& h, std::size_t i) noexcept {
  if (i >= h.bins) return h.range.greatest;
  const auto number = [](std::size_t n) {
    return real_from_integer<Real>(static_cast<std::int64_t>(n));
  };
  const Real width = (h.range.greatest - h.range.least) / number(h.bins);
  return h.range.least + number(i) * width;
}

/// Counts n numbers; NaNs do not count.
template <binary32_real Real>
LOWP_FN void count(const histogram<Real>& h, const Real* x, std::size_t n,
                   counted what = counted::numbers) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    if (!(x[i] == x[i])) continue;
    ++h.counts[bin_of(h, what == counted::magnitudes ? magnitude(x[i]) : x[i])];
  }
}

/// Bins from `first` to before `last`.
struct bin_window {
  std::size_t first = 0;
  std::size_t last = 0;

  friend LOWP_FN bool operator==(const bin_window&, const bin_window&) noexcept = default;
};

/// The numbers of a window; of a histogram of magnitudes, with both signs.
template <binary32_real Real>
LOWP_FN real_range<Real> range_of_window(const histogram<Real>& h, bin_window w,
                                         counted what = counted::numbers) noexcept {
  const Real greatest = edge_of(h, w.last);
  return {what == counted::magnitudes ? -greatest : edge_of(h, w.first), greatest};
}

}  // namespace lowp

#endif  // LOWP_INTEGER_HISTOGRAM_HPP
