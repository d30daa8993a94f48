// SPDX-License-Identifier: Apache-2.0
/// \file
/// The error function and its complement as intervals.
#ifndef LOWP_DETAIL_SERIES_ERROR_FUNCTION_HPP
#define LOWP_DETAIL_SERIES_ERROR_FUNCTION_HPP

#include "series_exponential.hpp"

namespace lowp::detail {

/// An upper bound of a product that is built factor by factor: m 2^exponent, 2^31 <= m < 2^32.
struct product_bound {
  std::uint64_t m = std::uint64_t{1} << 31;
  std::int64_t exponent = -31;

  LOWP_FN void multiply(std::uint64_t numerator, std::uint64_t denominator,
                        std::int64_t scale) noexcept {  // numerator < 2^32
    m = m * numerator / denominator + 1;
    exponent += scale;
    const int shift = 32 - leading_zeros(m);
    if (shift > 0) m = (m >> shift) + 1;
    if (shift < 0) m <<= -shift;
    exponent += shift;
  }
  /// It is less than 2^log2().
  LOWP_FN std::int64_t log2() const noexcept { return exponent + 32 + (m >> 32 != 0 ? 1 : 0); }
};

/// 1 + x / 3 (1 + x / 5 (1 + x / 7 ...)) to so many terms, for x < 16 in fixed point: the sum is
/// below e^8 < 2^12, and errors, doubled at most 4 times a step and multiplied like the sum, stay
/// far below the last place of N limbs.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> odd_factorial_series(const interval<N>& x,
                                                           std::uint64_t terms) noexcept {
  const int shift = binades(x) > 0 ? static_cast<int>(binades(x)) : 0;
  const fixed<N> u = to_fixed(scaled(x, -shift));
  fixed<N> t;  // `product` times the sum
  t.limb[N + 1] = 1;
  std::uint64_t product = 1;
  for (std::uint64_t n = terms; n > 0; --n) {
    if (product * (2 * n + 1) >> 48 != 0) {
      t = divided(t, product);
      product = 1;
    }
    product *= 2 * n + 1;
    t = t * u;
    for (int i = N + 1; shift != 0 && i >= 0; --i) {
      t.limb[i] = t.limb[i] << shift | (i > 0 ? t.limb[i - 1] >> (64 - shift) : 0);
    }
    t.limb[N + 1] += product;
  }
  // The relative error of x counts at most 8-fold, twice for the binades.
  return from_fixed(divided(t, product), 16 * (x.below + x.above) + 2);
}

/// The same for any x > 0.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> odd_factorial_series_wide(const interval<N>& x,
                                                                std::uint64_t terms) noexcept {
  interval<N> s = from_integer<N>(1);  // `product` times the sum
  std::uint64_t product = 1;
  for (std::uint64_t n = terms; n > 0; --n) {
    if (product * (2 * n + 1) >> 32 != 0) {
      s = s / static_cast<std::uint32_t>(product);
      product = 1;
    }
    product *= 2 * n + 1;
    s = x * s + from_integer<N>(product);
  }
  return widened(s / static_cast<std::uint32_t>(product), 1);
}

/// erf z = 2 / sqrt(pi) e^(-z^2) z (1 + 2 z^2 / 3 (1 + 2 z^2 / 5 (...))), z2 = z^2. All terms are
/// positive; it ends where they halve and the last one is below 2^(-64 N - 2).
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> erf_series(const interval<N>& z,
                                                 const interval<N>& z2) noexcept {
  if (z.lost || z2.lost) return unknown<N>();
  const interval<N> x = scaled(z2, 1);
  const std::uint64_t lead = (x.limb[N - 1] >> 32) + 1;
  const std::uint64_t bound =
      binades(x) > 31 ? 0xffffffff : static_cast<std::uint64_t>(near_integer(x)) + 1;
  product_bound p;
  std::uint32_t terms = 0;
  while (p.log2() >= -64 * N - 2 || 2 * terms + 3 < 2 * bound) {
    ++terms;
    p.multiply(lead >> 32 != 0 ? 0xffffffff : lead, 2 * terms + 1,
               binades(x) - 32 + (lead >> 32 != 0 ? 1 : 0));
  }
  const interval<N> s =
      binades(x) <= 4 ? odd_factorial_series(x, terms) : odd_factorial_series_wide(x, terms);
  return scaled(inverse_sqrt_pi<N>() * z * exp(-z2) * s, 1);
}

/// erfc z = e^(-z^2) / (z sqrt(pi)) (1 - 1 / (2 z^2) (1 - 3 / (2 z^2) (1 - 5 / (2 z^2) (...)))) for
/// z > 0: an asymptotic series, whose error is less than the first term left out (DLMF 7.12.1).
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> erfc_asymptotic(const interval<N>& z,
                                                      const interval<N>& z2) noexcept {
  if (z.lost || z2.lost) return unknown<N>();
  const interval<N> one = from_integer<N>(1);
  const interval<N> w = scaled(one / z2, -1);
  // Bounds of w from its leading 32 bits.
  const std::uint64_t lead = (w.limb[N - 1] >> 32) + 1;
  const std::uint64_t numerator = lead >> 32 != 0 ? 0xffffffff : lead;
  const std::int64_t scale = binades(w) - 32 + (lead >> 32 != 0 ? 1 : 0);
  product_bound p;
  std::uint32_t terms = 0;
  for (;;) {
    product_bound next = p;
    next.multiply(numerator, 1, scale);
    next.multiply(2 * terms + 1, 1, 0);
    if (terms != 0 && next.log2() >= p.log2() && next.m >= p.m) break;  // past the least term
    p = next;
    if (p.log2() < -64 * N) break;
    ++terms;
  }
  interval<N> s = one;
  for (std::uint32_t n = terms; n > 0; --n) s = one - w * from_integer<N>(2 * n - 1) * s;
  const std::int64_t error = 64 * N + p.log2() + 1;  // of the last place of s >= 1/2
  if (error >= error_bits) return unknown<N>();
  s = widened(s, error < 0 ? 1 : std::uint64_t{1} << error);
  return inverse_sqrt_pi<N>() * exp(-z2) * s / z;
}

/// The asymptotic series is the better one: its relative error is about e^(-z^2), that of
/// 1 - erf z 2^(-64 N) e^(z^2).
template <int N>
LOWP_FN bool is_asymptotic(const interval<N>& z2) noexcept {
  return binades(z2) > far_binades || near_integer(z2) > 22 * N;
}

/// erf z for z > 0.
template <int N>
LOWP_FN interval<N> erf_positive(const interval<N>& z, const interval<N>& z2) noexcept {
  if (is_asymptotic(z2)) return from_integer<N>(1) - erfc_asymptotic(z, z2);
  return erf_series(z, z2);
}

/// Limbs for 1 - erf z where N are wanted.
template <int N>
inline constexpr int erfc_limbs = N + (N < 8 ? N : 4);

/// erfc z for z > 0 that is neither small nor in the range of the asymptotic series.
template <int N, int M>
LOWP_FN interval<N> erfc_middle(const interval<M>& z, const interval<M>& z2) noexcept {
  return close_sum<N>(from_integer<M>(1), -erf_series(z, z2));
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_SERIES_ERROR_FUNCTION_HPP
