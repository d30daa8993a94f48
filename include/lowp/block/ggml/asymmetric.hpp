// SPDX-License-Identifier: Apache-2.0
/// \file
/// ggml super-blocks whose groups have a scale and a minimum to subtract: Q2_K, Q4_K, Q5_K.
#ifndef LOWP_BLOCK_GGML_ASYMMETRIC_HPP
#define LOWP_BLOCK_GGML_ASYMMETRIC_HPP

#include <cstddef>
#include <cstdint>

#include "fields.hpp"

namespace lowp::detail::ggml {

/// x is about scale times a code of 0...highest, plus low, which is not above zero.
template <binary32_real Real>
struct line {
  Real scale;
  Real low;
};

/// What a search needs to know of its numbers.
template <binary32_real Real>
struct weighted_group {
  const Real* x;
  int n;
  Real weights[ggml_most_in_group];
  Real least, greatest;  ///< `least` is not above zero
  Real sum_w, sum_x;     ///< of the weights, of weight times x
};

template <binary32_real Real>
LOWP_FN void set_weights(weighted_group<Real>& g, bool rms) noexcept {
  Real mean = real<Real>(0);
  if (rms) {
    Real squares = real<Real>(0);
    for (int i = 0; i < g.n; ++i) squares = squares + g.x[i] * g.x[i];
    mean = binary32_traits<Real>::sqrt(squares / real_from_integer<Real>(g.n));
  }
  for (int i = 0; i < g.n; ++i) {
    g.weights[i] = rms ? mean + magnitude(g.x[i]) : magnitude(g.x[i]);
  }
}

template <binary32_real Real>
LOWP_FN void set_sums(weighted_group<Real>& g) noexcept {
  g.least = g.x[0];
  g.greatest = g.x[0];
  g.sum_w = g.weights[0];
  g.sum_x = g.weights[0] * g.x[0];
  for (int i = 1; i < g.n; ++i) {
    if (g.x[i] < g.least) g.least = g.x[i];
    if (g.x[i] > g.greatest) g.greatest = g.x[i];
    g.sum_w = g.sum_w + g.weights[i];
    g.sum_x = g.sum_x + g.weights[i] * g.x[i];
  }
  if (g.least > real<Real>(0)) g.least = real<Real>(0);
}

template <binary32_real Real>
LOWP_FN void encode_line(const weighted_group<Real>& g, Real low, Real reciprocal, int highest,
                         int* codes) noexcept {
  for (int i = 0; i < g.n; ++i) {
    codes[i] = clamp(nearest_integer(reciprocal * (g.x[i] - low)), 0, highest);
  }
}

/// The weighted error of a line; by magnitude or by square.
template <binary32_real Real>
LOWP_FN Real error_of(const weighted_group<Real>& g, line<Real> fit, const int* codes,
                      bool absolute) noexcept {
  Real error = real<Real>(0);
  for (int i = 0; i < g.n; ++i) {
    const Real off = fit.scale * real_from_integer<Real>(codes[i]) + fit.low - g.x[i];
    error = error + g.weights[i] * (absolute ? magnitude(off) : off * off);
  }
  return error;
}

/// The line through the numbers with these codes that least squares give; false if there is none.
template <binary32_real Real>
LOWP_FN bool fit_line(const weighted_group<Real>& g, const int* codes, line<Real>& fit) noexcept {
  Real sum_c = real<Real>(0);
  Real sum_cc = real<Real>(0);
  Real sum_cx = real<Real>(0);
  for (int i = 0; i < g.n; ++i) {
    const Real code = real_from_integer<Real>(codes[i]);
    const Real weighted = g.weights[i] * code;
    sum_c = sum_c + weighted;
    sum_cc = sum_cc + weighted * code;
    sum_cx = sum_cx + weighted * g.x[i];
  }
  const Real determinant = g.sum_w * sum_cc - sum_c * sum_c;
  if (!(determinant > real<Real>(0))) return false;
  fit.scale = (g.sum_w * sum_cx - g.sum_x * sum_c) / determinant;
  fit.low = (sum_cc * g.sum_x - sum_c * sum_cx) / determinant;
  if (fit.low > real<Real>(0)) {
    fit.low = real<Real>(0);
    fit.scale = sum_cx / sum_cc;
  }
  return true;
}

/// The line of least error among those tried, and its codes. spec/ggml.md GGM-12.
template <binary32_real Real>
LOWP_FN line<Real> search_line(const ggml_asymmetric& rule, const Real* x, int n,
                               int* codes) noexcept {
  weighted_group<Real> g{x, n, {}, {}, {}, {}, {}};
  set_weights(g, rule.rms_weights);
  set_sums(g);
  for (int i = 0; i < n; ++i) codes[i] = 0;
  if (g.greatest == g.least) return {real<Real>(0), g.least};
  const Real highest = real_from_integer<Real>(rule.highest);
  const Real first = highest / (g.greatest - g.least);
  line<Real> best{real<Real>(1) / first, g.least};
  encode_line(g, best.low, first, rule.highest, codes);
  Real least_error = error_of(g, best, codes, rule.absolute_error);
  int trial[ggml_most_in_group] = {};
  for (int s = 0; s <= rule.steps; ++s) {
    // A better line has another low end, from which later trials start.
    const Real step = real<Real>(rule.step) * real_from_integer<Real>(s);
    const Real most = real<Real>(rule.start) + step + highest;
    encode_line(g, best.low, most / (g.greatest - best.low), rule.highest, trial);
    line<Real> fit{};
    if (!fit_line(g, trial, fit)) continue;
    const Real error = error_of(g, fit, trial, rule.absolute_error);
    if (!(error < least_error)) continue;
    least_error = error;
    best = fit;
    for (int i = 0; i < n; ++i) codes[i] = trial[i];
  }
  return best;
}

/// Stores n numbers, none below zero, as a binary16 scale and integers of 0...levels.
template <binary32_real Real>
LOWP_FN Real write_levels(const ggml_numbers& number, const ggml_field& field, int levels,
                          const Real* values, int n, std::byte* out, int* integers) noexcept {
  Real most = real<Real>(0);
  for (int g = 0; g < n; ++g) {
    if (values[g] > most) most = values[g];
  }
  const Real top = real_from_integer<Real>(levels);
  const Real reciprocal = most > real<Real>(0) ? top / most : real<Real>(0);
  for (int g = 0; g < n; ++g) {
    const int level = through(ggml_cast::unsigned_byte, nearest_integer(reciprocal * values[g]));
    integers[g] = level < levels ? level : levels;
    write_integer(field, out, g, integers[g]);
  }
  return write_number(number, out, most / top);
}

template <binary32_real Real>
LOWP_FN void quantise_asymmetric(const ggml_type& t, const Real* x, std::byte* out) noexcept {
  const int groups = t.elements / t.group;
  int codes[ggml_most_elements] = {};
  Real scales[ggml_most_groups] = {};
  Real lows[ggml_most_groups] = {};
  for (int g = 0; g < groups; ++g) {
    const line<Real> found =
        search_line(t.asymmetric, x + g * t.group, t.group, codes + g * t.group);
    scales[g] = found.scale;
    lows[g] = negated(found.low);
  }
  int factors[ggml_most_groups] = {};
  int low_factors[ggml_most_groups] = {};
  const int levels = t.asymmetric.levels;
  const Real d = write_levels(t.scale, t.factors, levels, scales, groups, out, factors);
  const Real m = write_levels(t.low, t.low_factors, levels, lows, groups, out, low_factors);
  // Codes anew, by what is stored. A group without scale keeps those of the search.
  for (int i = 0; i < t.elements; ++i) {
    const int g = i / t.group;
    const Real scale = d * real_from_integer<Real>(factors[g]);
    if (!is_set(scale)) continue;
    const Real low = m * real_from_integer<Real>(low_factors[g]);
    codes[i] = clamp(nearest_integer((x[i] + low) / scale), 0, int{t.asymmetric.highest});
  }
  write_all(t.codes, out, codes, t.elements);
}

}  // namespace lowp::detail::ggml

#endif  // LOWP_BLOCK_GGML_ASYMMETRIC_HPP
