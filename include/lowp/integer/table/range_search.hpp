// SPDX-License-Identifier: Apache-2.0
/// \file
/// Ranges of embedding rows found by trying: GREEDY, golden section, analytic clipping.
/// spec/tables.md TAB-9, TAB-10.
#ifndef LOWP_INTEGER_TABLE_RANGE_SEARCH_HPP
#define LOWP_INTEGER_TABLE_RANGE_SEARCH_HPP

#include <cstdint>

#include "uniform_grid.hpp"

namespace lowp {

/// GREEDY: gives up one step at the side that loses less, again and again; the best range met while
/// worse ones lay on both sides of it. As Caffe2 and torch.choose_qparams_optimized. TAB-9.
template <binary32_real Real>
LOWP_FN row_range<Real> greedy_range(const Real* row, std::uint64_t n,
                                     const table_options& o) noexcept {
  const row_range<Real> whole = row_range_of(row, n);
  if (!is_searchable(row, n, whole)) return whole;
  const Real bins = real_from_integer<Real>(o.bins), one = real<Real>(1.0f);
  const Real step = (whole.hi - whole.lo) / bins;
  const Real kept = real_from_integer<Real>(
      to_integer(bins * (one - real<Real>(o.ratio)), rounding::toward_zero));
  const Real least_width = kept * step;
  row_range<Real> at = whole, best = whole;
  Real best_loss = loss(row, n, whole, o), here = best_loss;
  // Where a step is lost beside its end, no width is reached: an end of our own.
  for (int tries = 2 * o.bins; at.lo + least_width < at.hi && tries > 0; --tries) {
    const row_range<Real> up{at.lo + step, at.hi}, down{at.lo, at.hi - step};
    const Real loss_up = loss(row, n, up, o), loss_down = loss(row, n, down, o);
    if (here < loss_up && here < loss_down && here < best_loss) {
      best_loss = here;
      best = at;
    }
    const bool from_below = loss_up < loss_down;
    at = from_below ? up : down;
    here = from_below ? loss_up : loss_down;
  }
  return best;
}

/// GSS: the golden-section search for the a of least loss of a symmetric range, 0 < a <= max |x|.
/// TAB-10.
template <binary32_real Real>
LOWP_FN row_range<Real> golden_section_range(const Real* row, std::uint64_t n,
                                             const table_options& o) noexcept {
  const Real greatest = detail::largest_magnitude<Real>(row, n, 0);
  const row_range<Real> whole = symmetric_range(greatest, o);
  if (!is_searchable(row, n, whole)) return whole;
  const Real ratio = real<Real>(0.618034f);
  Real low = real_from_bits<Real>(0), high = greatest;
  for (int i = 0; i < o.iterations; ++i) {
    const Real part = ratio * (high - low);
    const Real left = high - part, right = low + part;
    if (loss(row, n, symmetric_range(left, o), o) < loss(row, n, symmetric_range(right, o), o)) {
      high = right;
    } else {
      low = left;
    }
  }
  return symmetric_range((low + high) * real<Real>(0.5f), o);
}

namespace detail {

/// Least-error clipping of normal and Laplace numbers in standard deviations and mean deviations
/// (arXiv 1810.05723); binary32. 2, 3, 4 and 8 bits; others between.
struct clipping_row {
  int bits;
  float normal, laplace;
};
inline constexpr clipping_row clipping[] = {{2, 1.71063519f, 2.83068299f},
                                            {3, 2.15159277f, 3.89722946f},
                                            {4, 2.55913646f, 5.02864014f},
                                            {8, 3.92403714f, 9.89675982f}};

/// The range of `alpha` around the mean within the whole one.
template <binary32_real Real>
LOWP_FN row_range<Real> clipped_range(const row_range<Real>& whole, Real mean,
                                      Real alpha) noexcept {
  row_range<Real> r{mean - alpha, mean + alpha};
  if (r.lo < whole.lo) r.lo = whole.lo;
  if (whole.hi < r.hi) r.hi = whole.hi;
  return r;
}

}  // namespace detail

/// ACIQ: the range that is best for normal or for Laplace numbers of the row's mean and deviation,
/// whichever loses less. Other widths than 2, 3, 4, 8 bits take the row of the next greater.
/// TAB-10.
template <binary32_real Real>
LOWP_FN row_range<Real> analytic_range(const Real* row, std::uint64_t n,
                                       const table_options& o) noexcept {
  const row_range<Real> whole = row_range_of(row, n);
  if (!is_searchable(row, n, whole)) return whole;
  const Real zero = real_from_bits<Real>(0);
  const Real count = real_from_integer<Real>(static_cast<std::int64_t>(n));
  Real sum = zero;
  for (std::uint64_t i = 0; i < n; ++i) sum = sum + row[i];
  const Real mean = sum / count;
  Real squares = zero, magnitudes = zero;
  for (std::uint64_t i = 0; i < n; ++i) {
    const Real d = row[i] - mean;
    squares = squares + d * d;
    magnitudes = magnitudes + magnitude(d);
  }
  int at = 0;
  while (detail::clipping[at].bits < o.bits) ++at;
  const Real normal =
      real<Real>(detail::clipping[at].normal) * binary32_traits<Real>::sqrt(squares / count);
  const Real laplace = real<Real>(detail::clipping[at].laplace) * (magnitudes / count);
  const row_range<Real> a = detail::clipped_range(whole, mean, normal);
  const row_range<Real> b = detail::clipped_range(whole, mean, laplace);
  return loss(row, n, b, o) < loss(row, n, a, o) ? b : a;
}

}  // namespace lowp

#endif  // LOWP_INTEGER_TABLE_RANGE_SEARCH_HPP
