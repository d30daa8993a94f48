// SPDX-License-Identifier: Apache-2.0
/// \file
/// e^x - 1 and ln(1 + x) as intervals, and what follows from them. Taylor series in Horner's form;
/// each states what it omits, and how the error of its argument enters.
#ifndef LOWP_DETAIL_SERIES_EXPONENTIAL_HPP
#define LOWP_DETAIL_SERIES_EXPONENTIAL_HPP

#include "constants.hpp"
#include "interval_division.hpp"
#include "logarithmic.hpp"
#include "series_fixed_point.hpp"

namespace lowp::detail {

/// Stands for any exponent that is far outside every format and every `exact`.
inline constexpr std::int64_t far_exponent = std::int64_t{1} << 40;

/// A number between 0 and 2^-far_exponent, or above 2^far_exponent.
template <int N>
LOWP_FN interval<N> far_number(bool great) noexcept {
  interval<N> r;
  for (int i = 0; i < N; ++i) r.limb[i] = 0xb504f333f9de6484;  // nowhere near a short number
  r.exponent = great ? far_exponent : -far_exponent;
  r.above = 1;
  return r;
}

/// Terms of sum x^n / n! that matter for 64 N bits if |x| < 2^-b: the first n with
/// 2^(b n) (n + 1)! > 2^(64 N + 2).
LOWP_FN int exponential_terms(int bits, std::int64_t b) noexcept {
  std::int64_t known = 0;
  int n = 0;
  while (known < bits + 2) {
    ++n;
    known += b + (63 - leading_zeros(static_cast<std::uint64_t>(n) + 1));
  }
  return n;
}

/// e^x - 1 for |x| < 1, relatively accurate.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> expm1_reduced(interval<N> x) noexcept {
  if (x.lost || is_zero(x)) return x;
  const std::int64_t size = binades(x);
  if (size < -64 * N - 1) return nudged(x, !x.negative);  // x + x^2 / 2 + ...
  // e^x - 1 = E (E + 2) for E = e^(x/2) - 1, some times over.
  constexpr int least = N <= 4 ? 8 : N <= 8 ? 12 : 24;
  const int doublings = size > -least ? static_cast<int>(size) + least : 0;
  const interval<N> reduced = scaled(x, -doublings);
  const int terms = exponential_terms(64 * N, -(size - doublings));
  const fixed<N> u = to_fixed(reduced);
  fixed<N> e = nested_series(u, x.negative, 2, static_cast<std::uint64_t>(terms), false);
  // The error of x is multiplied by x e^x / (e^x - 1) < 1.6, and up to 2 units are fewer binades.
  const std::uint64_t units = 4 * (x.below + x.above) + 2;
  if (doublings == 0) return widened(x * from_fixed(e, 1), units);
  e = e * u;
  for (int i = 0; i < doublings; ++i) {  // the error doubles each time, far below the last place
    const fixed<N> square = e * e;
    add_to(e.limb, fixed<N>(e).limb);
    if (x.negative) {
      subtract_from(e.limb, square.limb);
    } else {
      add_to(e.limb, square.limb);
    }
  }
  interval<N> r = from_fixed(e, units);
  r.negative = x.negative;
  return r;
}

/// The integer nearest to x 2^0, within one; |x| < 2^26.
template <int N>
LOWP_FN std::int64_t near_integer(const interval<N>& x) noexcept {
  const std::int64_t size = binades(x);
  if (is_zero(x) || size < 0) return 0;
  const std::uint64_t doubled = x.limb[N - 1] >> (63 - size);
  const auto n = static_cast<std::int64_t>((doubled + 1) / 2);
  return x.negative ? -n : n;
}

template <int N>
LOWP_FN interval<N> from_signed(std::int64_t n) noexcept {
  const interval<N> r = from_integer<N>(static_cast<std::uint64_t>(n < 0 ? -n : n));
  return n < 0 ? -r : r;
}

/// Exponents of e from which on results count as far: 2^26.
inline constexpr int far_binades = 26;

/// A difference that is so small that its relative error may be beyond use.
template <int N>
LOWP_FN bool is_uncertain(const interval<N>& x) noexcept {
  return x.lost || (!is_exact(x) && (binades(x) < -40 || ((x.below | x.above) >> 40) != 0));
}

/// e^x, or 2^x (`binary`).
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> power_of_base(const interval<N>& x, bool binary) noexcept {
  if (x.lost) return x;
  if (is_zero(x)) return from_integer<N>(1);
  if (binades(x) > far_binades) return far_number<N>(!x.negative);
  std::int64_t whole = 0;
  interval<N> rest = x;
  if (binary) {
    whole = near_integer(x);
    if (whole != 0) rest = x - from_signed<N>(whole);
    rest = rest * ln2<N>();
  } else if (binades(x) > -1) {
    interval<N> units = x;  // of ln 2, to 64 bits
    const std::uint64_t lead = multiply_high(x.limb[N - 1], 0xb8aa3b295c17f0bc);  // log2(e) / 2
    for (int i = 0; i < N - 1; ++i) units.limb[i] = 0;
    units.limb[N - 1] = lead;
    units.exponent += 1 - normalize_left(units.limb);
    whole = near_integer(units);
    if (whole != 0) rest = x - from_signed<N>(whole) * ln2<N>();
    if (is_uncertain(rest)) {  // take one near ln 2 instead
      --whole;
      rest = x - from_signed<N>(whole) * ln2<N>();
    }
  }
  return scaled(from_integer<N>(1) + expm1_reduced(rest), whole);
}

template <int N>
LOWP_FN interval<N> exp(const interval<N>& x) noexcept {
  return power_of_base(x, false);
}

template <int N>
LOWP_FN interval<N> exp2(const interval<N>& x) noexcept {
  return power_of_base(x, true);
}

/// e^x - 1.
template <int N>
LOWP_FN interval<N> expm1(const interval<N>& x) noexcept {
  if (!x.lost && binades(x) <= -1) return expm1_reduced(x);
  return exp(x) - from_integer<N>(1);
}

/// z (1 + s z^2 / 3 + z^4 / 5 + s z^6 / 7 ...) for |z| < 2^-5: atanh with s = 1, atan with s = -1.
/// What is omitted is less than 2 z^(2 n) / (2 n + 1) of the first term.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> inverse_tangent_series(const interval<N>& z,
                                                             bool hyperbolic) noexcept {
  if (z.lost || is_zero(z)) return z;
  const std::int64_t size = binades(z);
  if (2 * size < -64 * N) return nudged(z, hyperbolic);
  const auto terms = static_cast<std::uint64_t>((64 * N) / (-2 * size) + 1);
  const interval<N> z2 = square(z);
  const fixed<N> sum = odd_reciprocal_series(to_fixed(z2), !hyperbolic, terms);
  // The sum changes by less than z2.
  return z * from_fixed(sum, halved_up(z2.below + z2.above, -binades(z2)) + 2);
}

/// ln(1 + x) for |x| < 2^-6, relatively accurate.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> log1p_reduced(const interval<N>& x) noexcept {
  if (x.lost || is_zero(x)) return x;
  if (binades(x) < -64 * N - 1) return nudged(x, x.negative);  // x - x^2 / 2 + ...
  return scaled(inverse_tangent_series(x / (x + from_integer<N>(2)), true), 1);
}

/// ln x for x > 0; relatively accurate near 1 as far as x - 1 is.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> log(interval<N> x) noexcept {
  if (x.lost || is_zero(x)) return unknown<N>();
  // x = m 2^e, m in [sqrt(1/2), sqrt 2).
  const bool upper = x.limb[N - 1] >= 0xb504f333f9de6484;
  const std::int64_t e = binades(x) - (upper ? 0 : 1);
  x.exponent -= e;
  const interval<N> one = from_integer<N>(1);
  interval<N> r = x - one;
  if (e != 0 && is_uncertain(r)) {  // nearly a power of 2: ln(3 x / 2) - ln(3 / 2)
    const interval<N> three_halves = from_integer<N>(3, -1);
    return log(scaled(x, e) * three_halves) - log(three_halves);
  }
  if (is_zero(r) || (!r.lost && binades(r) < -8)) {
    r = log1p_reduced(r);
  } else {
    // About ln m: 32 bits of log2 by squaring, times ln 2. Then m e^-y is near 1.
    std::uint64_t t = x.limb[N - 1];
    std::uint64_t bits = 0;
    for (int i = 0; i < 32; ++i) {
      const std::uint64_t t2 = multiply_high(t, t);
      const bool two = (t2 >> 63) != 0;
      t = two ? t2 : t2 << 1;
      bits = bits << 1 | (two ? 1 : 0);
    }
    if (upper) bits = (std::uint64_t{1} << 32) - bits;
    interval<N> y = from_integer<N>(multiply_high(bits << 32, 0xb17217f7d1cf79ab), -64);
    y.negative = upper;
    interval<N> near_one = x * (one + expm1_reduced(-y)) - one;
    if (is_uncertain(near_one)) {
      y = y + from_integer<N>(1, -20);
      near_one = x * (one + expm1_reduced(-y)) - one;
    }
    r = y + log1p_reduced(near_one);
  }
  if (e == 0) return r;
  return from_signed<N>(e) * ln2<N>() + r;
}

/// ln(1 + x) for x > -1.
template <int N>
LOWP_FN interval<N> log1p(const interval<N>& x) noexcept {
  if (!x.lost && (is_zero(x) || binades(x) < -7)) return log1p_reduced(x);
  return log(x + from_integer<N>(1));
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_SERIES_EXPONENTIAL_HPP
