// SPDX-License-Identifier: Apache-2.0
/// \file
/// Multiple-precision numbers with proven bounds: the arithmetic of the elementary functions.
///
/// An interval is a floating-point number of N 64-bit limbs and the distances, in units of its last
/// place, that the true magnitude may lie below and above it. The two distances are kept apart, so
/// that 1 + t and 1 - t for any tiny t > 0 stay on their side of 1: the true value of a result that
/// comes arbitrarily near a short number is then known to be off it in a known direction.
#ifndef LOWP_DETAIL_INTERVAL_HPP
#define LOWP_DETAIL_INTERVAL_HPP

#include <cstdint>

#include "interval_limbs.hpp"

namespace lowp::detail {

/// (-1)^negative x M x 2^exponent, M the integer of the limbs (lowest first, top bit set, or all 0
/// for an exact zero); the true magnitude is in [M - below, M + above] x 2^exponent. `lost`:
/// nothing is known.
template <int N>
struct interval {
  bool negative = false;
  bool lost = false;
  std::int64_t exponent = 0;
  std::uint64_t below = 0;
  std::uint64_t above = 0;
  std::uint64_t limb[N] = {};
};

template <int N>
LOWP_FN bool is_zero(const interval<N>& x) noexcept {
  return x.limb[N - 1] == 0;
}

/// The true value is the centre.
template <int N>
LOWP_FN bool is_exact(const interval<N>& x) noexcept {
  return !x.lost && x.below == 0 && x.above == 0;
}

/// |x| < 2^binades(x), up to the error; x is not zero.
template <int N>
LOWP_FN std::int64_t binades(const interval<N>& x) noexcept {
  return x.exponent + 64 * N;
}

template <int N>
LOWP_FN interval<N> unknown() noexcept {
  interval<N> r;
  r.lost = true;
  return r;
}

/// Distances are kept below this, so that sums of a few of them do not overflow.
inline constexpr int error_bits = 60;

/// The same, or `unknown` if the distances are beyond use.
template <int N>
LOWP_FN interval<N> checked(const interval<N>& x) noexcept {
  return ((x.below | x.above) >> error_bits) != 0 ? unknown<N>() : x;
}

template <int N>
LOWP_FN interval<N> from_integer(std::uint64_t n) noexcept {
  interval<N> r;
  if (n == 0) return r;
  const int shift = leading_zeros(n);
  r.limb[N - 1] = n << shift;
  r.exponent = -shift - 64 * (N - 1);
  return r;
}

/// n x 2^exponent.
template <int N>
LOWP_FN interval<N> from_integer(std::uint64_t n, std::int64_t exponent) noexcept {
  interval<N> r = from_integer<N>(n);
  r.exponent += exponent;
  return r;
}

template <int N>
LOWP_FN interval<N> operator-(interval<N> x) noexcept {
  x.negative = !x.negative;
  return x;
}

template <int N>
LOWP_FN interval<N> absolute(interval<N> x) noexcept {
  x.negative = false;
  return x;
}

/// x 2^n.
template <int N>
LOWP_FN interval<N> scaled(interval<N> x, std::int64_t n) noexcept {
  x.exponent += n;
  return x;
}

/// The true magnitude is off x by less than one unit, in one direction: x (1 + t) or x (1 - t) with
/// 0 < t < 2^(-64 N).
template <int N>
LOWP_FN interval<N> nudged(interval<N> x, bool away) noexcept {
  (away ? x.above : x.below) += 1;
  return checked(x);
}

/// The true magnitude is off x by at most `units`.
template <int N>
LOWP_FN interval<N> widened(interval<N> x, std::uint64_t units) noexcept {
  x.below += units;
  x.above += units;
  return checked(x);
}

/// The same interval in units of 2^exponent, n >= 0 places higher; not normalized.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> lowered(interval<N> x, std::int64_t n) noexcept {
  if (n == 0) return x;
  const bool dropped = shift_right(x.limb, n);
  x.above = halved_up(x.above, n) + (dropped ? 1 : 0);
  x.below = halved_up(x.below, n);
  // What is positive stays so: the truncated magnitude bounds the distance to zero.
  bool small = true;
  for (int i = 1; i < N; ++i) small = small && x.limb[i] == 0;
  if (small && x.below > x.limb[0]) x.below = x.limb[0];
  x.exponent += n;
  return x;
}

/// The same after leading bits cancelled: the top bit set again.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> renormalized(interval<N> x) noexcept {
  if (is_zero_integer(x.limb)) return is_exact(x) ? interval<N>{} : unknown<N>();
  const int shift = normalize_left(x.limb);
  x.exponent -= shift;
  const std::uint64_t error = x.below | x.above;
  if (error == 0) return x;
  if (shift >= error_bits || error >> (error_bits - shift) != 0) return unknown<N>();
  x.below <<= shift;
  x.above <<= shift;
  return x;
}

template <int N>
[[gnu::noinline]] LOWP_FN interval<N> operator+(interval<N> a, interval<N> b) noexcept {
  if (a.lost || b.lost) return unknown<N>();
  if (is_zero(b)) return a;
  if (is_zero(a)) return b;
  if (a.exponent < b.exponent || (a.exponent == b.exponent && is_less(a.limb, b.limb))) {
    swap_values(a, b);
  }
  b = lowered(b, a.exponent - b.exponent);
  if (a.negative == b.negative) {
    a.below += b.below;
    a.above += b.above;
    if (add_to(a.limb, b.limb)) {
      const std::uint64_t odd = a.limb[0] & 1;
      shift_right(a.limb, 1);
      a.limb[N - 1] |= std::uint64_t{1} << 63;
      a.exponent += 1;
      a.below = (a.below + 1 - odd) / 2;
      a.above = (a.above + 1 + odd) / 2;
    }
    return checked(a);
  }
  a.below += b.above;
  a.above += b.below;
  subtract_from(a.limb, b.limb);
  return renormalized(a);
}

template <int N>
LOWP_FN interval<N> operator-(const interval<N>& a, const interval<N>& b) noexcept {
  return a + (-b);
}

/// The leading N limbs of an exact centre of M, where the truth may be off by `units` x 2^exponent.
template <int N, int M>
[[gnu::noinline]] LOWP_FN interval<N> shortened(const interval<M>& x, std::uint64_t units,
                                                std::int64_t exponent) noexcept {
  static_assert(N < M);
  if (x.lost || is_zero(x)) return units == 0 && !x.lost ? interval<N>{} : unknown<N>();
  interval<N> r;
  r.negative = x.negative;
  r.exponent = x.exponent + 64 * (M - N);
  std::uint64_t dropped = 0;
  for (int i = 0; i < M - N; ++i) dropped |= x.limb[i];
  for (int i = 0; i < N; ++i) r.limb[i] = x.limb[M - N + i];
  r.above = dropped != 0 ? 1 : 0;
  if (units == 0) return r;
  if (r.exponent < exponent) return unknown<N>();
  return widened(r, halved_up(units, r.exponent - exponent));
}

/// a + b of nearly opposite numbers, whose distances would be too great for the sum in M limbs.
template <int N, int M>
[[gnu::noinline]] LOWP_FN interval<N> close_sum(interval<M> a, interval<M> b) noexcept {
  if (a.lost || b.lost) return unknown<N>();
  if (a.exponent < b.exponent) {
    swap_values(a, b);
  }
  b = lowered(b, a.exponent - b.exponent);
  const std::uint64_t units = a.below + a.above + b.below + b.above;
  const std::int64_t exponent = a.exponent;
  a.below = a.above = b.below = b.above = 0;
  b.exponent = exponent;
  return shortened<N>(a + b, units + 2, exponent);
}

/// (a + 1) x + (b + 1) y in units of 2^(64 - shift), rounded up; shift is 0 or 1.
LOWP_FN std::uint64_t scaled_error(std::uint64_t a, std::uint64_t x, std::uint64_t b,
                                   std::uint64_t y, int shift) noexcept {
  const uint128 sum = uint128{a} * x + x + uint128{b} * y + y;
  return low_half(sum >> (64 - shift)) + 1;
}

template <int N>
[[gnu::noinline]] LOWP_FN interval<N> operator*(const interval<N>& a,
                                                const interval<N>& b) noexcept {
  if (a.lost || b.lost) return unknown<N>();
  if (is_zero(a) || is_zero(b)) return {};
  std::uint64_t p[2 * N] = {};
  for (int i = 0; i < N; ++i) {
    if (a.limb[i] == 0) continue;
    std::uint64_t carry = 0;
    for (int j = 0; j < N; ++j) {
      const uint128 t = uint128{a.limb[i]} * b.limb[j] + p[i + j] + carry;
      p[i + j] = low_half(t);
      carry = high_half(t);
    }
    p[i + N] = carry;
  }
  interval<N> r;
  r.negative = a.negative != b.negative;
  r.exponent = a.exponent + b.exponent + 64 * N;
  const int shift = (p[2 * N - 1] >> 63) != 0 ? 0 : 1;
  std::uint64_t dropped = p[N - 1] << shift;
  for (int i = 0; i < N - 1; ++i) dropped |= p[i];
  for (int i = 0; i < N; ++i) {
    r.limb[i] = shift == 0 ? p[N + i] : (p[N + i] << 1) | (p[N + i - 1] >> 63);
  }
  r.exponent -= shift;
  // (A + a)(B + b) = A B + A b + B a + a b, a b < 2^(64 N); the leading limbs of A and B bound
  // them.
  const std::uint64_t a_top = a.limb[N - 1], b_top = b.limb[N - 1];
  if ((a.below | b.below) != 0) {
    r.below = scaled_error(a_top, b.below, b_top, a.below, shift);
  }
  if ((a.above | b.above) != 0) {
    r.above = scaled_error(a_top, b.above, b_top, a.above, shift) + 1;
  }
  r.above += dropped != 0 ? 1 : 0;
  return checked(r);
}

template <int N>
LOWP_FN interval<N> square(const interval<N>& x) noexcept {
  return x * x;
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_INTERVAL_HPP
