// SPDX-License-Identifier: Apache-2.0
/// \file
/// Ranges of embedding rows found on a histogram of their elements: the expected squared error,
/// taking elements as spread evenly inside their bins. spec/tables.md TAB-11.
#ifndef LOWP_INTEGER_TABLE_ROW_HISTOGRAM_HPP
#define LOWP_INTEGER_TABLE_ROW_HISTOGRAM_HPP

#include <cstdint>

#include "uniform_grid.hpp"

namespace lowp {

/// A row's histogram: the bins that hold elements, in order.
template <binary32_real Real = float32>
struct row_histogram {
  static constexpr int most = 1024;
  Real lo, width;                 ///< of the first bin; of every bin
  int bins = 0;                   ///< bins over the whole range
  int held = 0;                   ///< bins that hold elements
  std::int16_t place[most] = {};  ///< of each of these
  std::int32_t count[most] = {};  ///< elements in it
};

/// The histogram of a row in so many bins from its least to its greatest element.
template <binary32_real Real>
LOWP_FN row_histogram<Real> histogram_of(const Real* row, std::uint64_t n, const row_range<Real>& r,
                                         int bins) noexcept {
  row_histogram<Real> h{
      .lo = r.lo, .width = (r.hi - r.lo) / real_from_integer<Real>(bins), .bins = bins};
  std::int32_t counts[row_histogram<Real>::most] = {};
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::int32_t bin = to_integer((row[i] - r.lo) / h.width, rounding::toward_zero);
    ++counts[bin < bins ? bin : bins - 1];
  }
  for (int i = 0; i < bins; ++i) {
    if (counts[i] == 0) continue;
    h.place[h.held] = static_cast<std::int16_t>(i);
    h.count[h.held++] = counts[i];
  }
  return h;
}

namespace detail {

/// Integral of density x^2 from `from` to `to`, times 3.
template <binary32_real Real>
LOWP_FN Real cubes(Real from, Real to, Real density) noexcept {
  return density * (to * to * to - from * from * from);
}

}  // namespace detail

/// Three times the squared error of a histogram whose bins start ... start + width - 1 are cut into
/// 2^bits cells, each standing for its centre; what lies outside belongs to the cells at the ends.
/// Positions are counted in bins from `start`. Infinity once it is `enough`.
template <binary32_real Real>
LOWP_FN Real histogram_loss(const row_histogram<Real>& h, int start, int width, int bits,
                            Real enough) noexcept {
  const int cells = 1 << bits;
  const Real half = real<Real>(0.5f), one = real<Real>(1.0f);
  const Real cell = real_from_integer<Real>(width) / real_from_integer<Real>(cells);
  const Real half_cell = cell * half;
  const Real full = detail::cubes(-half_cell, half_cell, one);
  const auto cell_of = [&](Real at) noexcept {
    const std::int32_t c = to_integer(at / cell, rounding::toward_negative);
    return c < 0 ? 0 : c > cells - 1 ? cells - 1 : c;
  };
  const auto centre = [&](int c) noexcept { return real_from_integer<Real>(c) * cell + half_cell; };
  Real sum = real_from_bits<Real>(0);
  for (int i = 0; i < h.held; ++i) {
    const Real from = real_from_integer<Real>(h.place[i] - start), to = from + one;
    const Real density = real_from_integer<Real>(h.count[i]);
    const int first = cell_of(from), last = cell_of(to);
    if (first == last) {
      const Real c = centre(first);
      sum = sum + detail::cubes(from - c, to - c, density);
    } else {
      sum = sum + detail::cubes(from - centre(first), half_cell, density);
      sum = sum + density * (real_from_integer<Real>(last - first - 1) * full);
      sum = sum + detail::cubes(-half_cell, to - centre(last), density);
    }
    if (!(sum < enough)) return real_from_bits<Real>(0x7f800000);
  }
  return sum;
}

namespace detail {

/// The range of bins first ... first + width - 1.
template <binary32_real Real>
LOWP_FN row_range<Real> range_of_bins(const row_histogram<Real>& h, const row_range<Real>& whole,
                                      int first, int width) noexcept {
  const Real lo = h.lo + h.width * real_from_integer<Real>(first);
  const Real hi = h.lo + h.width * real_from_integer<Real>(first + width);
  return {first == 0 ? whole.lo : lo, first + width == h.bins ? whole.hi : hi};
}

}  // namespace detail

/// HIST-BRUTE: of all ranges of whole bins the one of least loss; of equal ones the narrowest, of
/// these the first.
template <binary32_real Real>
LOWP_FN row_range<Real> histogram_range(const Real* row, std::uint64_t n,
                                        const table_options& o) noexcept {
  const row_range<Real> whole = row_range_of(row, n);
  if (!is_searchable(row, n, whole)) return whole;
  const row_histogram<Real> h = histogram_of(row, n, whole, o.bins);
  Real least = real_from_bits<Real>(0x7f800000);
  int best = 0, best_width = o.bins;
  for (int width = 1; width <= o.bins; ++width) {
    for (int start = 0; start + width <= o.bins; ++start) {
      const Real here = histogram_loss(h, start, width, o.bits, least);
      if (!(here < least)) continue;
      least = here;
      best = start;
      best_width = width;
    }
  }
  return detail::range_of_bins(h, whole, best, best_width);
}

/// HIST-APPRX: from the whole range inwards, leaving out ever more of the elements on the side
/// whose next ones take more bins; ends where the loss grows for the first time. Shares are counted
/// in steps of 1e-5 of all elements, in integers.
template <binary32_real Real>
LOWP_FN row_range<Real> approximate_histogram_range(const Real* row, std::uint64_t n,
                                                    const table_options& o) noexcept {
  const row_range<Real> whole = row_range_of(row, n);
  if (!is_searchable(row, n, whole)) return whole;
  const row_histogram<Real> h = histogram_of(row, n, whole, o.bins);
  constexpr std::uint64_t parts = 100000;
  const Real infinity = real_from_bits<Real>(0x7f800000);
  const auto count = [&](int i) noexcept { return static_cast<std::uint64_t>(h.count[i]); };
  // `below` elements are in the first `low` held bins, `upto` in the first `high`.
  int low = 0, high = h.held, start = 0, end = h.bins - 1;
  std::uint64_t below = 0, upto = n, alpha = 0, beta = parts;
  Real least = histogram_loss(h, start, h.bins, o.bits, infinity);
  while (alpha < beta) {
    // The first bin that brings the elements to alpha's next share, and the last one that leaves
    // them within beta's.
    while ((below + count(low)) * parts < (alpha + 1) * n) below += count(low++);
    while (upto * parts > (beta - 1) * n) upto -= count(--high);
    const int from = h.place[low] > start ? h.place[low] : start;
    const int after = high < h.held ? h.place[high] - 1 : end;
    const int to = after < end ? after : end;
    const bool from_below = from - start > end - to;
    if (from_below) {
      ++alpha;
    } else {
      --beta;
    }
    const int next_start = from_below ? from : start, next_end = from_below ? end : to;
    if (next_start == start && next_end == end) continue;
    if (next_start > next_end) break;
    const int width = next_end - next_start + 1;
    const Real here = histogram_loss(h, next_start, width, o.bits, infinity);
    if (least < here) break;
    least = here;
    start = next_start;
    end = next_end;
  }
  return detail::range_of_bins(h, whole, start, end - start + 1);
}

}  // namespace lowp

#endif  // LOWP_INTEGER_TABLE_ROW_HISTOGRAM_HPP
