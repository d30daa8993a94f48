// SPDX-License-Identifier: Apache-2.0
/// \file
/// Scale and zero point from the least and the greatest number, in the ways that libraries publish.
/// The ways are data; FBGEMM's, which is another algorithm, is in fbgemm_parameters.hpp. Ranges
/// tighter than min-max come from calibration.hpp.
#ifndef LOWP_INTEGER_AFFINE_PARAMETERS_HPP
#define LOWP_INTEGER_AFFINE_PARAMETERS_HPP

#include <cstddef>
#include <cstdint>

#include "affine.hpp"

namespace lowp {

/// The numbers that quantisation has to cover.
template <binary32_real Real = float32>
struct real_range {
  Real least;
  Real greatest;
};

/// The least and the greatest of numbers that come one by one; NaNs do not count. Without numbers
/// the range is 0...0.
template <binary32_real Real = float32>
struct range_scan {
  real_range<Real> range{real<Real>(0.0f), real<Real>(0.0f)};
  bool any = false;

  LOWP_FN void add(Real x) noexcept {
    if (!(x == x)) return;
    if (!any || x < range.least) range.least = x;
    if (!any || range.greatest < x) range.greatest = x;
    any = true;
  }
};

/// The range of n numbers, as of `range_scan`. spec/integers.md INT-8.
template <binary32_real Real>
LOWP_FN real_range<Real> min_max(const Real* x, std::size_t n) noexcept {
  range_scan<Real> scan;
  for (std::size_t i = 0; i < n; ++i) scan.add(x[i]);
  return scan.range;
}

/// Why there are no parameters.
enum class [[nodiscard]] parameter_error : std::uint8_t{
    none,
    not_finite,    ///< the least or the greatest number is infinite or NaN
    reversed,      ///< the least number is above the greatest, or the range of integers is empty
    scale,         ///< the scale is beyond binary32, or below zero as all integers are
    power_of_two,  ///< FBGEMM's power of two is undefined: outside 2^-30...2^30
    tiling,        ///< of arrays: a tile has no extent, or there are too many elements
    sizes,         ///< of arrays: not a number for each element, or parameters not for each tile
};

/// The rule in words, for messages.
LOWP_FN const char* message(parameter_error e) noexcept {
  switch (e) {
    case parameter_error::none: return "no error";
    case parameter_error::not_finite: return "the range must be finite";
    case parameter_error::reversed: return "a range must not end before it begins";
    case parameter_error::scale:
      return "the scale must be above zero and within what binary32 holds";
    case parameter_error::power_of_two:
      return "a scale that is a power of two must be within 2^-30...2^30";
    case parameter_error::tiling: return "tiles must have elements, no more than a size_t counts";
    case parameter_error::sizes:
      return "there must be one number for each element and one result for each tile";
  }
  return "unknown";
}

/// Parameters, or why there are none; then scale 1, zero point 0.
template <binary32_real Real = float32>
struct affine_choice {
  affine<Real> value{real<Real>(1.0f), 0};
  parameter_error error = parameter_error::none;
};

/// How the scale follows from the range, which is widened to include 0; amax is its greatest
/// magnitude. spec/integers.md INT-8.
enum class scale_formula : std::uint8_t {
  per_step,        ///< fl(fl(greatest - least) / (q_greatest - q_lowest))
  per_half_step,   ///< fl(amax / ((q_greatest - q_lowest) / 2)): the divisor may end in one half
  per_greatest,    ///< fl(amax / q_greatest): -amax and amax are integers
  per_power,       ///< fl(amax / 2^(N-1)): -amax is the lowest integer, amax clamps
  steps_per_unit,  ///< fl(2^N / fl(2 amax)), for `scaling::multiply`
};

/// How the zero point follows from range and scale. spec/integers.md INT-8.
enum class zero_point_formula : std::uint8_t {
  symmetric,       ///< 0; the middle, rounded up, of a range of integers without negative ones
  rounded_offset,  ///< q_lowest - round(fl(least / scale)), clamped
  rounded_last,    ///< round(fl(q_lowest - fl(least / scale))), clamped
};

/// A way to choose parameters.
struct min_max_rule {
  scale_formula scale = scale_formula::per_step;
  zero_point_formula zero_point = zero_point_formula::rounded_offset;
  rounding round = to_nearest_even;
  float least_scale = 0;  ///< a lesser scale becomes this one
  float zero_scale = 1;   ///< instead of a scale that is 0, or where all numbers are

  friend LOWP_FN bool operator==(const min_max_rule&, const min_max_rule&) noexcept = default;
};

namespace detail {

template <binary32_real Real>
LOWP_FN parameter_error check_range(real_range<Real> r, integer_range q) noexcept {
  constexpr std::uint32_t infinite = 0x7f800000;
  if (magnitude_of(r.least) >= infinite || magnitude_of(r.greatest) >= infinite) {
    return parameter_error::not_finite;
  }
  if (r.greatest < r.least || q.greatest <= q.lowest) return parameter_error::reversed;
  return parameter_error::none;
}

template <binary32_real Real>
LOWP_FN Real scale_from(scale_formula f, real_range<Real> r, integer_range q) noexcept {
  const Real amax = lowp::magnitude(r.least) < lowp::magnitude(r.greatest)
                        ? lowp::magnitude(r.greatest)
                        : lowp::magnitude(r.least);
  const std::int64_t steps = std::int64_t{q.greatest} - q.lowest;
  const auto number = [](std::int64_t n) { return real_from_integer<Real>(n); };
  switch (f) {
    case scale_formula::per_step: return (r.greatest - r.least) / number(steps);
    case scale_formula::per_half_step: return amax / (number(steps) * real<Real>(0.5f));
    case scale_formula::per_greatest: return amax / number(q.greatest);
    case scale_formula::per_power: return amax / number(std::int64_t{q.greatest} + 1);
    case scale_formula::steps_per_unit: break;
  }
  return number(steps + 1) / (amax + amax);
}

template <binary32_real Real>
LOWP_FN std::int32_t zero_point_from(const min_max_rule& rule, Real least, Real scale,
                                     integer_range q) noexcept {
  const Real lowest = real_from_integer<Real>(q.lowest);
  switch (rule.zero_point) {
    case zero_point_formula::symmetric: break;
    case zero_point_formula::rounded_offset:
      return clamp_to(q, std::int64_t{q.lowest} - to_integer(least / scale, rule.round));
    case zero_point_formula::rounded_last:
      return clamp_to(q, to_integer(lowest - least / scale, rule.round));
  }
  return q.lowest < 0 ? 0
                      : static_cast<std::int32_t>((std::int64_t{q.lowest} + q.greatest + 1) / 2);
}

}  // namespace detail

/// Scale and zero point for numbers of a range. spec/integers.md INT-8.
template <binary32_real Real>
LOWP_FN affine_choice<Real> choose_parameters(const min_max_rule& rule, real_range<Real> r,
                                              integer_range q) noexcept {
  affine_choice<Real> result;
  result.error = detail::check_range(r, q);
  if (result.error != parameter_error::none) return result;
  const Real zero = real<Real>(0.0f);
  if (zero < r.least) r.least = zero;
  if (r.greatest < zero) r.greatest = zero;
  Real scale = detail::scale_from(rule.scale, r, q);
  const bool nothing = r.least == zero && r.greatest == zero;
  if (nothing || scale == zero) scale = real<Real>(rule.zero_scale);
  const bool negative = scale < zero;
  if (scale < real<Real>(rule.least_scale)) scale = real<Real>(rule.least_scale);
  if (negative || magnitude_of(scale) >= 0x7f800000) {
    result.error = parameter_error::scale;
    return result;
  }
  result.value = {scale, detail::zero_point_from(rule, r.least, scale, q)};
  return result;
}

}  // namespace lowp

#endif  // LOWP_INTEGER_AFFINE_PARAMETERS_HPP
