// SPDX-License-Identifier: Apache-2.0
/// \file
/// A row of an embedding table on a uniform grid over part of its range, and what is lost by that:
/// the base of all searches for a better range. spec/tables.md TAB-8.
#ifndef LOWP_INTEGER_TABLE_UNIFORM_GRID_HPP
#define LOWP_INTEGER_TABLE_UNIFORM_GRID_HPP

#include <cstdint>

#include "../../binary32.hpp"
#include "../../formats.hpp"
#include "rowwise_convert.hpp"

namespace lowp {

/// What the quantisers of tables may be told.
struct table_options {
  int bits = 4;         ///< of a code, 1...8
  bool half = false;    ///< scale and bias are binary16 while ranges are compared
  int bins = 200;       ///< steps of GREEDY, bins of histograms: 1...1024
  float ratio = 0.16f;  ///< in [0, 1]: GREEDY may give up so much
  int iterations = 60;  ///< of the golden section
};

/// The rule that options or arguments break, see `message`.
enum class [[nodiscard]] table_error : std::uint8_t{
    none,
    bits,        ///< bits outside 1...8
    bins,        ///< bins outside 1...1024
    ratio,       ///< ratio is not in [0, 1]
    iterations,  ///< iterations outside 1...1000
    shape,       ///< the numbers are not whole rows, or results are not one for each row
    number,      ///< numbers of code books are not of 8, 16, 24 or 32 bits
    groups,      ///< there are no groups, more than rows, or code books are not one for each
};

/// The rule in words, for messages.
LOWP_FN const char* message(table_error e) noexcept {
  switch (e) {
    case table_error::none: return "no error";
    case table_error::bits: return "bits must be 1 to 8";
    case table_error::bins: return "bins must be 1 to 1024";
    case table_error::ratio: return "the ratio must be in [0, 1]";
    case table_error::iterations: return "iterations must be 1 to 1000";
    case table_error::shape: return "the numbers must be whole rows, with one result for each";
    case table_error::number: return "numbers of code books must be of 8, 16, 24 or 32 bits";
    case table_error::groups:
      return "groups must be 1 to as many as rows, with one code book for each";
  }
  return "unknown";
}

/// Which rule options break.
LOWP_FN table_error check(const table_options& o) noexcept {
  if (o.bits < 1 || o.bits > 8) return table_error::bits;
  if (o.bins < 1 || o.bins > 1024) return table_error::bins;
  // Of bits: those of negative numbers are greater too.
  if (detail::bit_cast<std::uint32_t>(o.ratio) > 0x3f800000) return table_error::ratio;
  if (o.iterations < 1 || o.iterations > 1000) return table_error::iterations;
  return table_error::none;
}

/// The codes of a row's elements on `steps` steps from lo to hi.
template <binary32_real Real = float32>
struct uniform_grid {
  Real lo, scale, inverse, steps;

  /// The number that stands for x.
  LOWP_FN Real operator()(Real x) const noexcept {
    const Real zero = real_from_bits<Real>(0);
    Real q = real_from_integer<Real>(to_integer((x - lo) * inverse, rounding::to_nearest_even));
    if (q < zero) q = zero;
    if (steps < q) q = steps;
    return q * scale + lo;
  }
};

/// The grid over a range, its parameters rounded to binary16 if told so.
template <binary32_real Real>
LOWP_FN uniform_grid<Real> grid_over(const row_range<Real>& r, const table_options& o) noexcept {
  const Real zero = real_from_bits<Real>(0), one = real<Real>(1.0f);
  const Real steps = real_from_integer<Real>(r.steps != 0 ? r.steps : full_steps(o.bits));
  const Real lo = o.half ? rounded_to(formats::binary16, r.lo) : r.lo;
  const Real range = r.hi - lo;
  Real scale = range == zero ? one : range / steps;
  if (o.half && range != zero) scale = rounded_to(formats::binary16, scale);
  const Real inverse = scale == zero ? one : one / scale;
  return {lo, scale, inverse, steps};
}

/// The Euclidean distance of a row from what stands for it: squares are summed in order.
template <binary32_real Real>
LOWP_FN Real loss(const Real* row, std::uint64_t n, const row_range<Real>& r,
                  const table_options& o) noexcept {
  const uniform_grid<Real> grid = grid_over(r, o);
  Real sum = real_from_bits<Real>(0);
  for (std::uint64_t i = 0; i < n; ++i) {
    const Real e = row[i] - grid(row[i]);
    sum = sum + e * e;
  }
  return binary32_traits<Real>::sqrt(sum);
}

/// ASYM: the whole range.
template <binary32_real Real>
LOWP_FN row_range<Real> asymmetric_range(const Real* row, std::uint64_t n) noexcept {
  return row_range_of(row, n);
}

/// The range from -a to a in an even number of steps, so that zero is one of them.
template <binary32_real Real>
LOWP_FN row_range<Real> symmetric_range(Real a, const table_options& o) noexcept {
  return {-a, a, o.bits == 1 ? 1 : full_steps(o.bits) - 1};
}

/// True if a search has something to find: elements are finite, and the width of the range is too,
/// and not zero. Otherwise a quantiser keeps the range.
template <binary32_real Real>
LOWP_FN bool is_searchable(const Real* row, std::uint64_t n, const row_range<Real>& r) noexcept {
  for (std::uint64_t i = 0; i < n; ++i) {
    if (magnitude_of(row[i]) >= 0x7f800000) return false;
  }
  const std::uint32_t width = magnitude_of(r.hi - r.lo);
  return width != 0 && width < 0x7f800000;
}

}  // namespace lowp

#endif  // LOWP_INTEGER_TABLE_UNIFORM_GRID_HPP
