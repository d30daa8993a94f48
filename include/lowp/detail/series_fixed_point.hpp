// SPDX-License-Identifier: Apache-2.0
/// \file
/// Power series in fixed point: the inner loops of the elementary functions. Sums are numbers of
/// N + 1 limbs below the binary point and one above; every step errs by less than 2 units of the
/// last place, so that any number of steps below 2^32 errs by far less than 2^(-64 N - 1).
#ifndef LOWP_DETAIL_SERIES_FIXED_POINT_HPP
#define LOWP_DETAIL_SERIES_FIXED_POINT_HPP

#include "interval.hpp"

namespace lowp::detail {

/// limb[N + 1] + the fraction of the other limbs, lowest first.
template <int N>
struct fixed {
  std::uint64_t limb[N + 2] = {};
};

/// |x| < 1 of N limbs, cut off.
template <int N>
[[gnu::noinline]] LOWP_FN fixed<N> to_fixed(const interval<N>& x) noexcept {
  fixed<N> r;
  for (int i = 0; i < N; ++i) r.limb[i + 1] = x.limb[i];
  shift_right(r.limb, -binades(x));
  return r;
}

/// A sum that is not 0 as an interval that knows it up to `units`.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> from_fixed(fixed<N> x, std::uint64_t units) noexcept {
  const int shift = normalize_left(x.limb);
  interval<N> r;
  for (int i = 0; i < N; ++i) r.limb[i] = x.limb[i + 2];
  r.exponent = 64 - shift - 64 * N;
  r.above = 1;
  return widened(r, units);
}

/// t u for u < 1, less than 2 units too small.
template <int N>
[[gnu::noinline]] LOWP_FN fixed<N> operator*(const fixed<N>& t, const fixed<N>& u) noexcept {
  constexpr int digits = N + 1;
  std::uint64_t p[digits + 2] = {};  // from one limb below the last place on
  for (int i = 0; i < digits; ++i) {
    if (u.limb[i] == 0) continue;
    std::uint64_t carry = 0;
    for (int j = digits - 1 - i; j <= digits; ++j) {
      const int k = i + j - (digits - 1);
      const uint128 s = uint128{u.limb[i]} * t.limb[j] + p[k] + carry;
      p[k] = low_half(s);
      carry = high_half(s);
    }
    p[i + 2] = carry;
  }
  fixed<N> r;
  for (int i = 0; i <= digits; ++i) r.limb[i] = p[i + 1];
  return r;
}

/// t / d, cut off.
template <int N>
[[gnu::noinline]] LOWP_FN fixed<N> divided(fixed<N> t, std::uint64_t d) noexcept {
  if (d == 1) return t;
  std::uint64_t rest = 0;
  for (int i = N + 1; i >= 0; --i) {
    const uint128 dividend = join(rest, t.limb[i]);
    t.limb[i] = low_half(dividend / d);
    rest = low_half(dividend % d);
  }
  return t;
}

/// n - x for x <= n.
template <int N>
LOWP_FN fixed<N> subtracted_from(std::uint64_t n, fixed<N> x) noexcept {
  std::uint64_t borrow = 0;
  for (int i = 0; i < N + 1; ++i) {
    const std::uint64_t limb = x.limb[i];
    x.limb[i] = 0 - limb - borrow;
    borrow = limb != 0 || borrow != 0 ? 1 : 0;
  }
  x.limb[N + 1] = n - x.limb[N + 1] - borrow;
  return x;
}

/// 1 +- u / f(first) (1 +- u / f(first + step) (... 1 +- u / f(last))) for 0 <= u < 1, where f(n)
/// is n, step 1, or n (n + 1), step 2 (`pairs`). The divisions by f are put off until their product
/// fills a limb.
template <int N>
[[gnu::noinline]] LOWP_FN fixed<N> nested_series(const fixed<N>& u, bool minus, std::uint64_t first,
                                                 std::uint64_t last, bool pairs) noexcept {
  fixed<N> t;
  t.limb[N + 1] = 1;
  std::uint64_t product = 1;  // t is that many times the sum
  for (std::uint64_t n = last; n >= first; n -= pairs ? 2 : 1) {
    const std::uint64_t f = pairs ? n * (n + 1) : n;
    if (high_half(uint128{product} * f << 2) != 0) {
      t = divided(t, product);
      product = 1;
    }
    product *= f;
    t = t * u;
    if (minus) {
      t = subtracted_from(product, t);
    } else {
      t.limb[N + 1] += product;
    }
  }
  return divided(t, product);
}

/// 1 +- u / 3 + u^2 / 5 +- ... of so many terms, for 0 <= u < 1.
template <int N>
[[gnu::noinline]] LOWP_FN fixed<N> odd_reciprocal_series(const fixed<N>& u, bool minus,
                                                         std::uint64_t terms) noexcept {
  fixed<N> s;
  for (std::uint64_t n = terms; n > 0; --n) {
    fixed<N> c;
    c.limb[N + 1] = 1;
    c = divided(c, 2 * n - 1);
    s = s * u;
    if (minus) {
      subtract_from(c.limb, s.limb);
    } else {
      add_to(c.limb, s.limb);
    }
    s = c;
  }
  return s;
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_SERIES_FIXED_POINT_HPP
