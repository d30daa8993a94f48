// SPDX-License-Identifier: Apache-2.0
/// \file
/// Scales that are quotients in binary32, and what they make of elements, in the steps that each
/// implementation takes: NVFP4, FP8 blocks. spec/blocks.md BLS-9.
#ifndef LOWP_BLOCK_QUOTIENT_SCALE_HPP
#define LOWP_BLOCK_QUOTIENT_SCALE_HPP

#include <cstdint>

#include "../binary32.hpp"
#include "block_format.hpp"
#include "block_recipe.hpp"

namespace lowp {

namespace detail {

template <binary32_real Real>
LOWP_FN Real at_most_greatest(Real x) noexcept {
  return real_bits(x) == binary32_bits::infinity ? real_from_bits<Real>(binary32_bits::greatest)
                                                 : x;
}

/// The numbers that the steps of a format and recipe start from. Names as in block_quotient.
template <binary32_real Real>
struct quotient_constants {
  Real one;
  Real greatest_element;  // M
  Real bound;             // F M
  Real S;
  Real P;
};

/// S and P of a tensor or row with amax T. BLS-3.
template <binary32_real Real>
LOWP_FN void set_outer(quotient_constants<Real>& c, Real T) noexcept {
  c.S = at_most_greatest(c.bound / T);
  if (magnitude_of(T) == 0 || magnitude_of(c.S) == 0) c.S = c.one;
  c.P = T / c.bound;
}

/// T: amax of the tensor or row, of no account where the format has no outer scale: S = P = 1.
/// BLS-3.
template <binary32_real Real>
LOWP_FN quotient_constants<Real> constants_of(const block_format& f, const block_recipe& r,
                                              Real T) noexcept {
  quotient_constants<Real> c{};
  c.one = real_from_bits<Real>(binary32_bits::one);
  c.greatest_element = decode_real<Real>(f.element, max_finite(f.element));
  const Real F = r.steps.outer_bound != 0 ? real_from_integer<Real>(r.steps.outer_bound)
                                          : decode_real<Real>(f.scale, max_finite(f.scale));
  c.bound = F * c.greatest_element;
  c.S = c.P = c.one;
  if (f.outer != outer_scale::none) set_outer(c, T);
  return c;
}

/// The quotient of a block, not yet rounded to the scale's format.
template <binary32_real Real>
LOWP_FN Real quotient_of(const block_recipe& r, const quotient_constants<Real>& c,
                         Real A) noexcept {
  const Real M = c.greatest_element;
  switch (r.steps.quotient) {
    case block_quotient::amax_over_max: return A / M;
    case block_quotient::amax_by_factor: return A * (c.S * (c.one / M));
    case block_quotient::times_outer: return (A / M) * c.S;
    case block_quotient::over_outer: return (A / M) / c.P;
    case block_quotient::over_product: return A / (M * c.P);
    case block_quotient::max_over_amax: break;
  }
  return M / A;
}

template <binary32_real Real>
LOWP_FN Real bounded(infinite_factor rule, Real x) noexcept {
  if (real_bits(x) != binary32_bits::infinity || rule == infinite_factor::keep) return x;
  if (rule == infinite_factor::greatest) return real_from_bits<Real>(binary32_bits::greatest);
  return real_from_bits<Real>(binary32_bits::one);
}

/// 2^floor(log2 x), or 2^ceil(log2 x), of a positive x.
template <binary32_real Real>
LOWP_FN Real power_below(Real x) noexcept {
  return real_from_bits<Real>(real_bits(x) & binary32_bits::infinity);
}
template <binary32_real Real>
LOWP_FN Real power_above(Real x) noexcept {
  return real_from_bits<Real>((real_bits(x) + binary32_bits::fraction) & binary32_bits::infinity);
}

/// The bits of 2^e, -149 <= e <= 127.
LOWP_FN std::uint32_t bits_of_power(int e) noexcept {
  return e < -126 ? std::uint32_t{1} << (e + 149) : static_cast<std::uint32_t>(e + 127) << 23;
}

/// What elements are multiplied or divided by.
template <binary32_real Real>
struct element_factor {
  Real value;
  bool divides = false;

  LOWP_FN Real of(Real x) const noexcept { return divides ? x / value : x * value; }
};

template <binary32_real Real>
LOWP_FN element_factor<Real> factor_of(const block_recipe& r, const quotient_constants<Real>& c,
                                       Real b) noexcept {
  if (r.steps.zero_scale_zeroes && magnitude_of(b) == 0) return {b};
  const auto times = [&](Real x) { return element_factor<Real>{bounded(r.steps.infinite, x)}; };
  switch (r.steps.element) {
    case element_step::by_reciprocal_of_product: return times(c.one / (b * (c.one / c.S)));
    case element_step::by_outer_over_scale: return times(c.S / b);
    case element_step::by_reciprocal_outer_over_scale: return times((c.one / c.P) / b);
    case element_step::over_product: return {b * c.P, true};
    case element_step::over_scale: return {b, true};
    case element_step::by_reciprocal:
    case element_step::by_multiplier: break;
  }
  return times(c.one / b);
}

/// A scale code and what it makes of elements.
template <binary32_real Real>
struct quotient_scale {
  code_t code = 0;
  element_factor<Real> factor;
};

/// From a quotient, or that times `times` where candidates compete.
template <binary32_real Real>
LOWP_FN quotient_scale<Real> scale_from(const block_format& f, const block_recipe& r,
                                        const quotient_constants<Real>& c, Real quotient) noexcept {
  Real q = quotient;
  if (r.steps.quotient == block_quotient::max_over_amax) {
    Real s = bounded(r.steps.infinite, q);
    if (r.steps.power == power_step::multiplier_down) s = power_below(s);
    return {encode_real(f.scale, c.one / s, r.scale), {s}};
  }
  if (r.steps.power == power_step::scale_up) q = power_above(q);
  if (r.steps.least_scale_log2 != 0) {
    const Real least = real_from_bits<Real>(bits_of_power(r.steps.least_scale_log2));
    if (q < least) q = least;
  }
  const code_t code = encode_real(f.scale, q, r.scale);
  return {code, factor_of(r, c, decode_real<Real>(f.scale, code))};
}

/// With the scale code given.
template <binary32_real Real>
LOWP_FN quotient_scale<Real> scale_with_code(const block_format& f, const block_recipe& r,
                                             const quotient_constants<Real>& c,
                                             code_t code) noexcept {
  return {code, factor_of(r, c, decode_real<Real>(f.scale, code))};
}

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_BLOCK_QUOTIENT_SCALE_HPP
