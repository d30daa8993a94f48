// SPDX-License-Identifier: Apache-2.0
/// \file
/// The range of an array with the least squared error of quantisation, found by trying shares of
/// the full range on the numbers themselves.
#ifndef LOWP_INTEGER_ERROR_SEARCH_HPP
#define LOWP_INTEGER_ERROR_SEARCH_HPP

#include <cstddef>
#include <cstdint>

#include "affine_parameters.hpp"

namespace lowp {

/// The binary32 sum, in order, of fl(e e) for e = fl(x - dequantise(quantise(x))).
/// spec/integers.md INT-20.
template <binary32_real Real>
LOWP_FN Real quantisation_error(const quantise_rule& r, const Real* x, std::size_t n,
                                const affine<Real>& a, integer_range q) noexcept {
  Real sum = real<Real>(0.0f);
  for (std::size_t i = 0; i < n; ++i) {
    const Real e = x[i] - dequantise(quantise(r, x[i], a, q), a, r.scale);
    sum = sum + e * e;
  }
  return sum;
}

/// The parameters of the least error among those of the ranges fl(fl(end k) / candidates) for
/// k = candidates down to 1; of equals the widest. x are finite. INT-20.
template <binary32_real Real>
LOWP_FN affine_choice<Real> choose_by_error(const min_max_rule& choose, const quantise_rule& r,
                                            const Real* x, std::size_t n, integer_range q,
                                            int candidates) noexcept {
  const real_range<Real> full = min_max(x, n);
  const auto part = [&](Real end, int k) {
    return end * real_from_integer<Real>(k) / real_from_integer<Real>(candidates);
  };
  affine_choice<Real> best = choose_parameters(choose, full, q);
  if (best.error != parameter_error::none) return best;
  Real least = quantisation_error(r, x, n, best.value, q);
  for (int k = candidates - 1; k > 0; --k) {
    const real_range<Real> narrower{part(full.least, k), part(full.greatest, k)};
    const affine_choice<Real> tried = choose_parameters(choose, narrower, q);
    if (tried.error != parameter_error::none) continue;
    const Real error = quantisation_error(r, x, n, tried.value, q);
    if (!(error < least)) continue;
    best = tried;
    least = error;
  }
  return best;
}

}  // namespace lowp

#endif  // LOWP_INTEGER_ERROR_SEARCH_HPP
