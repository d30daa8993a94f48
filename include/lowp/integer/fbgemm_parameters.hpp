// SPDX-License-Identifier: Apache-2.0
/// \file
/// Scale and zero point as FBGEMM's ChooseQuantizationParams chooses them, bit for bit: partly in
/// binary32, partly in binary64.
#ifndef LOWP_INTEGER_FBGEMM_PARAMETERS_HPP
#define LOWP_INTEGER_FBGEMM_PARAMETERS_HPP

#include <cstdint>

#include "affine_parameters.hpp"

namespace lowp {

/// Its two switches.
struct fbgemm_options {
  bool preserve_sparsity = false;   ///< around zero: symmetric, so that 0 stays the middle
  bool power_of_two_scale = false;  ///< the scale is rounded up to one
};

namespace detail {

using binary32_number = number<formats::binary32>;
using binary64_number = number<formats::binary64>;

/// 6.1e-5, and FBGEMM's replacement for scales without use.
inline constexpr float fbgemm_least_scale = 6.1e-5f;
inline constexpr float fbgemm_zero_scale = 0.1f;

struct fbgemm_range {
  binary32_number min, max;

  LOWP_FN bool around_zero() const noexcept { return min < 0.0f && max > 0.0f; }
};

LOWP_FN binary64_number absolute(binary64_number x) noexcept { return x < 0.0 ? -x : x; }
LOWP_FN binary32_number narrow(binary64_number x) noexcept { return binary32_number{x}; }
LOWP_FN binary64_number whole(std::int64_t n) noexcept { return binary64_number{n}; }

/// The range in which both ends are the same number of steps away from zero.
LOWP_FN fbgemm_range symmetric_range(fbgemm_range r, std::int64_t steps) noexcept {
  const std::int64_t below = -(steps / 2 + 1), above = steps / 2;
  const binary64_number low = absolute(binary64_number{r.min / binary32_number{below}});
  const binary64_number high = absolute(binary64_number{r.max / binary32_number{above}});
  const binary64_number step = low < high ? high : low;
  return {narrow(step * whole(below)), narrow(step * whole(above))};
}

/// The power of two at or above a positive x; false where FBGEMM shifts an int by 31 or more.
LOWP_FN bool round_up_to_power(binary32_number& x) noexcept {
  constexpr std::uint32_t fraction = 0x7fffff;
  const std::uint32_t up = (x.code() + fraction) & ~fraction;
  const int exponent = static_cast<int>(up >> 23) - 127;
  x = binary32_number::from_code(up);
  return exponent >= -30 && exponent <= 30;
}

/// A scale below the least one is raised to it, and the range with it.
LOWP_FN void raise_scale(binary32_number& scale, fbgemm_range& r, std::int64_t steps) noexcept {
  const auto least = binary32_number{fbgemm_least_scale};
  if (!(scale < least)) return;
  const binary32_number old = scale;
  scale = least;
  const binary32_number reach = scale * binary32_number{steps};
  if (r.min == 0.0f) {
    r.max = reach;
  } else if (r.max == 0.0f) {
    r.min = -reach;
  } else {
    const binary32_number factor = scale / old;
    r = {r.min * factor, r.max * factor};
  }
}

/// The zero point of the end of the range whose terms are smaller, or of the middle.
LOWP_FN std::int32_t fbgemm_zero_point(fbgemm_range r, binary32_number scale, integer_range q,
                                       bool preserve_sparsity) noexcept {
  const binary64_number step{scale};
  const binary64_number low = binary64_number{r.min} / step, high = binary64_number{r.max} / step;
  const auto lowest = whole(q.lowest), greatest = whole(q.greatest);
  const bool from_low = absolute(lowest) + absolute(low) < absolute(greatest) + absolute(high);
  binary64_number z = from_low ? lowest - low : greatest - high;
  if (preserve_sparsity && r.around_zero())
    z = whole(std::int64_t{q.lowest} + q.greatest) / whole(2);
  if (z < lowest) return q.lowest;
  if (z > greatest) return q.greatest;
  return convert<std::int32_t>(z, {.round = to_nearest_even, .overflow = saturate});
}

}  // namespace detail

/// ChooseQuantizationParams(least, greatest, q.lowest, q.greatest, options...). Where the source is
/// undefined, a power of two beyond what an int holds, `parameter_error::power_of_two`.
/// spec/integers.md INT-9.
template <binary32_real Real>
LOWP_FN affine_choice<Real> choose_fbgemm_parameters(real_range<Real> range, integer_range q,
                                                     fbgemm_options options = {}) noexcept {
  using detail::binary32_number;
  using detail::binary64_number;
  affine_choice<Real> result;
  result.error = detail::check_range(range, q);
  if (result.error != parameter_error::none) return result;
  const std::int64_t steps = std::int64_t{q.greatest} - q.lowest;
  detail::fbgemm_range r{binary32_number::from_code(real_bits(range.least)),
                         binary32_number::from_code(real_bits(range.greatest))};
  if (options.preserve_sparsity && r.around_zero()) r = detail::symmetric_range(r, steps);
  const binary32_number zero{};
  if (r.min > zero) r.min = zero;
  if (r.max < zero) r.max = zero;
  binary32_number scale =
      detail::narrow((binary64_number{r.max} - binary64_number{r.min}) / detail::whole(steps));
  if (scale == zero || is_infinite(binary32_number{1.0f} / scale)) {
    scale = binary32_number{detail::fbgemm_zero_scale};
  }
  if (!is_finite(scale)) {
    result.error = parameter_error::scale;
  } else if (options.power_of_two_scale && !detail::round_up_to_power(scale)) {
    result.error = parameter_error::power_of_two;
  }
  if (result.error != parameter_error::none) return result;
  detail::raise_scale(scale, r, steps);
  result.value = {real_from_bits<Real>(scale.code()),
                  detail::fbgemm_zero_point(r, scale, q, options.preserve_sparsity)};
  return result;
}

}  // namespace lowp

#endif  // LOWP_INTEGER_FBGEMM_PARAMETERS_HPP
