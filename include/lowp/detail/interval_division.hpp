// SPDX-License-Identifier: Apache-2.0
/// \file
/// Quotients and square roots of intervals, by long division.
#ifndef LOWP_DETAIL_INTERVAL_DIVISION_HPP
#define LOWP_DETAIL_INTERVAL_DIVISION_HPP

#include <cstdint>

#include "interval.hpp"

namespace lowp::detail {

/// x / n for 0 < n < 2^32.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> operator/(interval<N> x, std::uint32_t n) noexcept {
  if (x.lost || is_zero(x) || n == 1) return x;
  // N limbs and one below them, so that the quotient has all its bits.
  std::uint64_t q[N + 1] = {};
  std::uint64_t rest = 0;
  for (int i = N; i >= 0; --i) {
    const std::uint64_t limb = i > 0 ? x.limb[i - 1] : 0;
    const std::uint64_t high = rest << 32 | limb >> 32;
    const std::uint64_t low = (high % n) << 32 | (limb & low_mask(32));
    q[i] = (high / n) << 32 | low / n;
    rest = low % n;
  }
  const int shift = leading_zeros(q[N]);  // < 32: fewer than the bits of n
  bool dropped = rest != 0 || (q[0] << shift) != 0;
  for (int i = 0; i < N; ++i) {
    x.limb[i] = shift == 0 ? q[i + 1] : (q[i + 1] << shift) | (q[i] >> (64 - shift));
  }
  x.exponent -= shift;
  // The distances are multiplied by 2^shift / n, which is less than 2.
  x.below = x.below >> 31 != 0 ? 2 * x.below : ((x.below << shift) + n - 1) / n;
  x.above = x.above >> 31 != 0 ? 2 * x.above : ((x.above << shift) + n - 1) / n;
  x.above += dropped ? 1 : 0;
  return checked(x);
}

template <int N>
[[gnu::noinline]] LOWP_FN interval<N> operator/(const interval<N>& a,
                                                const interval<N>& b) noexcept {
  if (a.lost || b.lost || is_zero(b)) return unknown<N>();
  if (is_zero(a)) return {};
  // Knuth's algorithm D: 2 N limbs (and one for the steps) by N, the dividend below b 2^(64 N).
  std::uint64_t u[2 * N + 1] = {};
  for (int i = 0; i < N; ++i) u[N + i] = a.limb[i];
  interval<N> r;
  r.negative = a.negative != b.negative;
  r.exponent = a.exponent - b.exponent - 64 * N;
  if (!is_less(a.limb, b.limb)) {
    shift_right(u, 1);
    r.exponent += 1;
  }
  const std::uint64_t top = b.limb[N - 1];
  for (int j = N - 1; j >= 0; --j) {
    const uint128 lead = join(u[j + N], u[j + N - 1]);
    uint128 digit = u[j + N] >= top ? ~std::uint64_t{0} : lead / top;
    const uint128 rest = lead - digit * top;
    if (rest >> 64 == 0 && digit * b.limb[N - 2] > join(low_half(rest), u[j + N - 2])) --digit;
    std::uint64_t carry = 0, borrow = 0;
    for (int i = 0; i < N; ++i) {
      const uint128 t = digit * b.limb[i] + carry;
      carry = high_half(t);
      const uint128 d = uint128{u[i + j]} - low_half(t) - borrow;
      u[i + j] = low_half(d);
      borrow = high_half(d) & 1;
    }
    const uint128 last = uint128{u[j + N]} - carry - borrow;
    u[j + N] = low_half(last);
    while ((u[j + N] >> 63) != 0) {  // the digit was too great
      --digit;
      std::uint64_t c = 0;
      for (int i = 0; i < N; ++i) {
        const uint128 s = uint128{u[i + j]} + b.limb[i] + c;
        u[i + j] = low_half(s);
        c = high_half(s);
      }
      u[j + N] += c;
    }
    r.limb[j] = low_half(digit);
  }
  std::uint64_t rest = 0;
  for (int i = 0; i < N; ++i) rest |= u[i];
  // Relative distances at most double: A, B >= 2^(64 N - 1).
  const std::uint64_t below = a.below + b.above;
  const std::uint64_t above = a.above + b.below;
  r.below = 2 * below;
  r.above = 2 * above + (above != 0 ? 1 : 0) + (rest != 0 ? 1 : 0);
  return checked(r);
}

/// The square root of x >= 0, exact if it is a number of N limbs.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> square_root(const interval<N>& x) noexcept {
  if (x.lost || x.negative) return unknown<N>();
  if (is_zero(x)) return x;
  // u = M 2^(64 N) or half of it, so that the exponent is even; root digits from the top, each by
  // division by twice the root so far.
  std::uint64_t u[2 * N + 1] = {};
  for (int i = 0; i < N; ++i) u[N + i] = x.limb[i];
  interval<N> r;
  const bool odd = (x.exponent & 1) != 0;
  if (odd) shift_right(u, 1);
  r.exponent = (x.exponent - 64 * N + (odd ? 1 : 0)) / 2;
  const uint128 lead = join(u[2 * N - 1], u[2 * N - 2]);
  r.limb[N - 1] = integer_sqrt(lead);
  const uint128 after = lead - uint128{r.limb[N - 1]} * r.limb[N - 1];
  u[2 * N - 1] = high_half(after);
  u[2 * N - 2] = low_half(after);
  for (int j = N - 2; j >= 0; --j) {
    // u := u - d (2 R + d B^j) B^j, R the root so far; before it u <= 2 R B^(j + 1).
    const uint128 half =
        uint128{u[j + N + 1]} << 127 | join(u[j + N], u[j + N - 1]) >> 1;  // of the leading limbs
    uint128 digit = half / r.limb[N - 1];
    if (high_half(digit) != 0) digit = ~std::uint64_t{0};
    r.limb[j] = low_half(digit);
    // Subtract digit x (2 R + digit B^j): the double of the known limbs, the new one once.
    std::uint64_t factor[N + 1] = {};
    std::uint64_t out = 0;
    for (int i = j + 1; i < N; ++i) {
      factor[i] = (r.limb[i] << 1) | out;
      out = r.limb[i] >> 63;
    }
    factor[N] = out;
    factor[j] = low_half(digit);
    std::uint64_t carry = 0, borrow = 0;
    for (int i = j; i <= N; ++i) {
      const uint128 t = digit * factor[i] + carry;
      carry = high_half(t);
      const uint128 d = uint128{u[i + j]} - low_half(t) - borrow;
      u[i + j] = low_half(d);
      borrow = high_half(d) & 1;
    }
    for (int i = N + j + 1; i <= 2 * N; ++i) {
      const uint128 d = uint128{u[i]} - carry - borrow;
      carry = 0;
      u[i] = low_half(d);
      borrow = high_half(d) & 1;
    }
    while ((u[2 * N] >> 63) != 0) {  // the digit was too great: add 2 (R + digit B^j) - B^j back
      r.limb[j] -= 1;
      factor[j] = (r.limb[j] << 1) | 1;
      const std::uint64_t extra = r.limb[j] >> 63;
      std::uint64_t c = 0;
      for (int i = j; i <= 2 * N - j; ++i) {
        std::uint64_t term = 0;
        if (i <= N) term = factor[i];
        const uint128 s = uint128{u[i + j]} + term + c + (i == j + 1 ? extra : 0);
        u[i + j] = low_half(s);
        c = high_half(s);
      }
    }
  }
  std::uint64_t rest = 0;
  for (int i = 0; i <= 2 * N; ++i) rest |= u[i];
  r.below = x.below + (x.below != 0 ? 1 : 0);
  r.above = x.above + (rest != 0 ? 1 : 0);
  return checked(r);
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_INTERVAL_DIVISION_HPP
