// SPDX-License-Identifier: Apache-2.0
/// \file
/// ggml super-blocks whose groups have a signed scale only: Q3_K, Q6_K.
#ifndef LOWP_BLOCK_GGML_SYMMETRIC_HPP
#define LOWP_BLOCK_GGML_SYMMETRIC_HPP

#include <cstddef>
#include <cstdint>

#include "fields.hpp"
#include "iq4.hpp"
#include "plain.hpp"

namespace lowp::detail::ggml {

LOWP_FN int clamp_signed(int code, int highest) noexcept {
  return clamp(code, -highest, highest - 1);
}

/// The fit of n numbers by codes -highest...highest - 1, weighted by x^2, and the codes.
template <binary32_real Real>
LOWP_FN fit<Real> fit_signed(const Real* x, int n, int highest, Real reciprocal,
                             int* codes) noexcept {
  fit<Real> sums{real<Real>(0), real<Real>(0)};
  for (int i = 0; i < n; ++i) {
    codes[i] = clamp_signed(nearest_integer(reciprocal * x[i]), highest);
    const Real code = real_from_integer<Real>(codes[i]);
    const Real weight = x[i] * x[i];
    sums.product = sums.product + weight * x[i] * code;
    sums.square = sums.square + weight * code * code;
  }
  return sums;
}

/// Moves the scale by tenths of a step of the greatest code and keeps the best fit.
/// spec/ggml.md GGM-13.
template <binary32_real Real>
LOWP_FN Real improve_scale(const Real* x, int n, int highest, Real peak, fit<Real> sums,
                           int* codes) noexcept {
  Real d = is_set(sums.square) ? sums.product / sums.square : real<Real>(0);
  Real best = d * sums.product;
  int trial[ggml_most_in_group] = {};
  for (int s = -9; s <= 9; ++s) {
    if (s == 0) continue;
    const Real most =
        real_from_integer<Real>(highest) + real<Real>(0.1F) * real_from_integer<Real>(s);
    sums = fit_signed(x, n, highest, negated(most) / peak, trial);
    if (!(sums.square > real<Real>(0))) continue;
    if (!(sums.product * sums.product > best * sums.square)) continue;
    for (int i = 0; i < n; ++i) codes[i] = trial[i];
    d = sums.product / sums.square;
    best = d * sums.product;
  }
  return d;
}

/// Changes single codes where that fits better, in at most five passes. GGM-13.
template <binary32_real Real>
LOWP_FN Real improve_codes(const Real* x, int n, int highest, fit<Real> sums, int* codes) noexcept {
  for (int pass = 0; pass < 5; ++pass) {
    bool changed = false;
    for (int i = 0; i < n; ++i) {
      const Real weight = x[i] * x[i];
      const Real code = real_from_integer<Real>(codes[i]);
      fit<Real> other{sums.product - weight * x[i] * code, real<Real>(0)};
      if (!(other.product > real<Real>(0))) continue;
      other.square = sums.square - weight * code * code;
      const int fresh = clamp_signed(nearest_integer(x[i] * other.square / other.product), highest);
      if (fresh == codes[i]) continue;
      const Real value = real_from_integer<Real>(fresh);
      other.product = other.product + weight * x[i] * value;
      other.square = other.square + weight * value * value;
      if (!(other.square > real<Real>(0))) continue;
      if (!(other.product * other.product * sums.square >
            sums.product * sums.product * other.square)) {
        continue;
      }
      codes[i] = fresh;
      sums = other;
      changed = true;
    }
    if (!changed) break;
  }
  return sums.square > real<Real>(0) ? sums.product / sums.square : real<Real>(0);
}

/// The scale of n numbers and their codes. Tiny ones have the scale 0 and the lowest code.
template <binary32_real Real>
LOWP_FN Real search_signed(const ggml_symmetric& rule, const Real* x, int n, int* codes) noexcept {
  const Real peak = signed_peak(x, n);
  if (magnitude(peak) < real<Real>(least_amax)) {
    for (int i = 0; i < n; ++i) codes[i] = -rule.highest;
    return real<Real>(0);
  }
  const Real reciprocal = real_from_integer<Real>(-rule.highest) / peak;
  const fit<Real> sums = fit_signed(x, n, rule.highest, reciprocal, codes);
  return rule.descent ? improve_codes(x, n, rule.highest, sums, codes)
                      : improve_scale(x, n, rule.highest, peak, sums, codes);
}

template <binary32_real Real>
LOWP_FN void quantise_symmetric(const ggml_type& t, const Real* x, std::byte* out) noexcept {
  const ggml_symmetric& rule = t.symmetric;
  const int groups = t.elements / t.group;
  int codes[ggml_most_elements] = {};
  Real scales[ggml_most_groups] = {};
  for (int g = 0; g < groups; ++g) {
    scales[g] = search_signed(rule, x + g * t.group, t.group, codes + g * t.group);
  }
  const Real peak = signed_peak(scales, groups);
  const bool is_zero = !is_set(peak) || magnitude(peak) < real<Real>(rule.least_scale);
  // The codes of a block without scale: all bits zero, or those that the search found.
  if (is_zero && rule.clears) {
    for (int i = 0; i < t.elements; ++i) codes[i] = t.codes.offset;
  }
  const Real reciprocal = is_zero ? real<Real>(0) : real_from_integer<Real>(-rule.levels) / peak;
  const Real d = write_number(t.scale, out, is_zero ? real<Real>(0) : real<Real>(1) / reciprocal);
  for (int g = 0; g < groups; ++g) {
    int factor = t.factors.offset;
    if (!is_zero) {
      const int nearest = nearest_integer(reciprocal * scales[g]);
      factor = nearest < rule.most_scale ? nearest : rule.most_scale;
      factor = through(ggml_cast::signed_byte, factor);
      if (factor < -rule.levels) factor = -rule.levels;
    }
    write_integer(t.factors, out, g, factor - t.factors.offset);
    const Real scale = d * real_from_integer<Real>(factor);
    if (!is_set(scale)) continue;
    for (int i = g * t.group; i < (g + 1) * t.group; ++i) {
      codes[i] = clamp_signed(nearest_integer(x[i] / scale), rule.highest);
    }
  }
  for (int& code : codes) code -= t.codes.offset;
  write_all(t.codes, out, codes, t.elements);
}

}  // namespace lowp::detail::ggml

#endif  // LOWP_BLOCK_GGML_SYMMETRIC_HPP
