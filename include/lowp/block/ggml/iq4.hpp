// SPDX-License-Identifier: Apache-2.0
/// \file
/// ggml's 4-bit blocks of unevenly spaced values, IQ4_NL and IQ4_XS: a scale by least squares over
/// the codes of trial scales.
#ifndef LOWP_BLOCK_GGML_IQ4_HPP
#define LOWP_BLOCK_GGML_IQ4_HPP

#include <cstddef>
#include <cstdint>

#include "fields.hpp"
#include "plain.hpp"

namespace lowp::detail::ggml {

/// Below it a group counts as zero.
inline constexpr float least_amax = 1e-15F;

/// The code whose value is nearest to x, the upper one of two; of NaN 15.
template <binary32_real Real>
LOWP_FN int nearest_iq4(Real x) noexcept {
  const auto value = [](int code) { return real_from_integer<Real>(ggml_iq4_value(code)); };
  if (x <= value(0)) return 0;
  if (x >= value(15)) return 15;
  int low = 0;
  int high = 15;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    (x < value(middle) ? high : low) = middle;
  }
  return x - value(high - 1) < value(high) - x ? high - 1 : high;
}

/// The sums of a least squares fit of x by its codes' values, weighted by x^2.
template <binary32_real Real>
struct fit {
  Real product;  ///< of value and x
  Real square;   ///< of the value
};

/// The fit, and the codes in `codes`, of n numbers divided by a scale.
template <binary32_real Real>
LOWP_FN fit<Real> fit_iq4(const Real* x, int n, Real reciprocal, int* codes) noexcept {
  fit<Real> sums{real<Real>(0), real<Real>(0)};
  for (int i = 0; i < n; ++i) {
    codes[i] = nearest_iq4(reciprocal * x[i]);
    const Real value = real_from_integer<Real>(ggml_iq4_value(codes[i]));
    const Real weighted = x[i] * x[i] * value;
    sums.product = sums.product + weighted * x[i];
    sums.square = sums.square + weighted * value;
  }
  return sums;
}

/// The scale of n numbers, and the codes of the first trial. 0 for tiny ones. spec/ggml.md GGM-11.
template <binary32_real Real>
LOWP_FN Real search_iq4(const Real* x, int n, int tries, int* codes) noexcept {
  const Real peak = signed_peak(x, n);
  if (magnitude(peak) < real<Real>(least_amax)) {
    for (int i = 0; i < n; ++i) codes[i] = nearest_iq4(real<Real>(0));
    return real<Real>(0);
  }
  const Real end = real_from_integer<Real>(ggml_iq4_value(0));
  const Real start = (tries > 0 ? negated(peak) : peak) / end;
  fit<Real> sums = fit_iq4(x, n, real<Real>(1) / start, codes);
  Real d = sums.product / sums.square;
  Real best = d * sums.product;
  int trial[ggml_most_in_group] = {};
  for (int k = -tries; k <= tries && tries > 0; ++k) {
    const Real reciprocal = (real_from_integer<Real>(k) + end) / peak;
    sums = fit_iq4(x, n, reciprocal, trial);
    if (!(sums.square > real<Real>(0))) continue;
    if (!(sums.product * sums.product > best * sums.square)) continue;
    d = sums.product / sums.square;
    best = d * sums.product;
  }
  return d;
}

/// Codes of n numbers divided by d; of d = 0 those of zero.
template <binary32_real Real>
LOWP_FN void encode_iq4(const Real* x, int n, Real d, int* codes) noexcept {
  const Real reciprocal = reciprocal_or_zero(d);
  for (int i = 0; i < n; ++i) codes[i] = nearest_iq4(reciprocal * x[i]);
}

/// Integer scales of groups, of -32 for the greatest, and codes by the scale that is not rounded.
template <binary32_real Real>
LOWP_FN void quantise_iq4_groups(const ggml_type& t, const Real* x, std::byte* out,
                                 int* codes) noexcept {
  const int groups = t.elements / t.group;
  Real scales[ggml_most_groups] = {};
  for (int g = 0; g < groups; ++g) {
    scales[g] = search_iq4(x + g * t.group, t.group, t.tries, codes);
  }
  const Real d = negated(signed_peak(scales, groups)) / real<Real>(32);
  write_number(t.scale, out, d);
  const Real reciprocal = reciprocal_or_zero(d);
  for (int g = 0; g < groups; ++g) {
    const int factor = clamp(nearest_integer(reciprocal * scales[g]), -32, 31);
    encode_iq4(x + g * t.group, t.group, d * real_from_integer<Real>(factor), codes + g * t.group);
    write_integer(t.factors, out, g, factor - t.factors.offset);
  }
}

template <binary32_real Real>
LOWP_FN void quantise_iq4(const ggml_type& t, const Real* x, std::byte* out) noexcept {
  int codes[ggml_most_elements] = {};
  if (t.factors.exists()) {
    quantise_iq4_groups(t, x, out, codes);
  } else {
    const Real d = search_iq4(x, t.elements, t.tries, codes);
    if (t.tries > 0) encode_iq4(x, t.elements, d, codes);
    write_number(t.scale, out, d);
  }
  write_all(t.codes, out, codes, t.elements);
}

}  // namespace lowp::detail::ggml

#endif  // LOWP_BLOCK_GGML_IQ4_HPP
