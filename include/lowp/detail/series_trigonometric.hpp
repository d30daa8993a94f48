// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sine, cosine and angles as intervals, and the reduction of angles of any size.
#ifndef LOWP_DETAIL_SERIES_TRIGONOMETRIC_HPP
#define LOWP_DETAIL_SERIES_TRIGONOMETRIC_HPP

#include "series_exponential.hpp"
#include "two_over_pi.hpp"

namespace lowp::detail {

/// 1 - x^2 / (k (k + 1)) (1 - x^2 / ((k + 2) (k + 3)) (1 - ...)) for |x| <= 1 and k >= 2: sin x / x
/// with k = 2, 2 (1 - cos x) / x^2 with k = 3. What is omitted is less than the next term.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> alternating_series(const interval<N>& x,
                                                         std::uint64_t k) noexcept {
  const interval<N> x2 = square(x);
  std::int64_t known = 0;
  std::uint64_t last = k;
  while (known < 64 * N + 1) {
    known += 63 - leading_zeros(last * (last + 1)) - 2 * binades(x);
    last += 2;
  }
  const fixed<N> sum = nested_series(to_fixed(x2), true, k, last - 2, true);
  // The sum changes by less than x2 / 6.
  return from_fixed(sum, halved_up(x2.below + x2.above, -binades(x2)) + 1);
}

/// sin x for |x| <= 1, relatively accurate.
template <int N>
LOWP_FN interval<N> sin_reduced(const interval<N>& x) noexcept {
  if (x.lost || is_zero(x)) return x;
  if (2 * binades(x) < -64 * N) return nudged(x, false);  // x - x^3 / 6 + ...
  return x * alternating_series(x, 2);
}

/// 1 - cos x for |x| <= 1, relatively accurate.
template <int N>
LOWP_FN interval<N> versine(const interval<N>& x) noexcept {
  if (x.lost || is_zero(x)) return x;
  const interval<N> half = scaled(square(x), -1);
  if (2 * binades(x) < -64 * N) return nudged(half, false);
  return half * alternating_series(x, 3);
}

template <int N>
LOWP_FN interval<N> cos_reduced(const interval<N>& x) noexcept {
  return from_integer<N>(1) - versine(x);
}

/// A whole number of quarter turns, modulo 4, and a rest of at most half of one.
template <int N>
struct turns {
  int quarters = 0;
  interval<N> rest;
};

/// Splits x into the nearest integer and the rest. What the interval does not know makes `rest`
/// lost.
template <int N>
[[gnu::noinline]] LOWP_FN turns<N> split(interval<N> x) noexcept {
  turns<N> r;
  r.rest = x;
  const bool negative = x.negative;
  if (x.lost || is_zero(x) || binades(x) < 0) return r;
  if (x.exponent >= 0) {  // an integer
    r.rest = is_exact(x) ? interval<N>{} : unknown<N>();
    if (x.exponent < 2) r.quarters = static_cast<int>((x.limb[0] << x.exponent) & 3);
  } else {
    const auto point = static_cast<int>(-x.exponent);  // 1...64 N
    const int place = point / 64, bit = point % 64;
    std::uint64_t whole = place < N ? x.limb[place] >> bit : 0;
    if (bit == 63 && place + 1 < N) whole |= x.limb[place + 1] << 1;
    const bool up = ((x.limb[(point - 1) / 64] >> ((point - 1) % 64)) & 1) != 0;
    std::uint64_t fraction[N] = {};
    for (int i = 0; i < N; ++i) fraction[i] = i < place ? x.limb[i] : 0;
    if (place < N) fraction[place] = x.limb[place] & low_mask(bit);
    r.quarters = static_cast<int>((whole + (up ? 1 : 0)) & 3);
    if (up) {  // 2^point - fraction
      std::uint64_t carry = 1;
      for (int i = 0; i < N; ++i) {
        fraction[i] = ~fraction[i] + carry;
        carry = carry != 0 && fraction[i] == 0 ? 1 : 0;
      }
      for (int i = place + 1; i < N; ++i) fraction[i] = 0;
      if (place < N) fraction[place] &= low_mask(bit);
    }
    interval<N> rest;
    rest.negative = up;
    rest.exponent = x.exponent;
    rest.below = up ? x.above : x.below;
    rest.above = up ? x.below : x.above;
    for (int i = 0; i < N; ++i) rest.limb[i] = fraction[i];
    r.rest = renormalized(rest);
  }
  if (negative) {
    r.quarters = -r.quarters & 3;
    r.rest.negative = !r.rest.negative;
  }
  return r;
}

/// The same with fewer limbs than x has, which replace those of the whole turns.
template <int N, int M>
[[gnu::noinline]] LOWP_FN turns<N> split_off(interval<M> x) noexcept {
  if (x.lost) return {0, unknown<N>()};
  const std::uint64_t units = x.below + x.above;
  x.below = x.above = 0;
  const turns<M> t = split(x);
  return {t.quarters, shortened<N>(t.rest, units, x.exponent)};
}

/// x 2/pi in quarter turns for x = significand x 2^exponent (128 bits, the top one set), x >= 1/2,
/// exponent <= 2^17: Payne and Hanek's method. Digits of 2/pi that make multiples of 4 are left
/// out.
template <int N>
[[gnu::noinline]] LOWP_FN turns<N> reduce_angle(uint128 significand,
                                                std::int64_t exponent) noexcept {
  constexpr int used = N + 4;
  const std::int64_t skipped = exponent > 2 ? exponent - 2 : 0;
  const auto first = static_cast<int>(skipped / 64);
  const auto bits = static_cast<int>(skipped % 64);
  if (first + used >= two_over_pi_digits) return {0, unknown<N>()};
  std::uint64_t product[used + 2] = {};  // lowest first
  std::uint64_t next = two_over_pi(first + used);
  for (int i = 0; i < used; ++i) {
    const std::uint64_t digit = two_over_pi(first + used - 1 - i);
    const std::uint64_t limb = bits == 0 ? digit : digit << bits | next >> (64 - bits);
    next = digit;
    const uint128 low = uint128{limb} * low_half(significand);
    const uint128 high = uint128{limb} * high_half(significand);
    const uint128 s0 = uint128{product[i]} + low_half(low);
    const uint128 s1 = uint128{product[i + 1]} + high_half(low) + high_half(s0);
    product[i] = low_half(s0);
    const uint128 s2 = s1 + low_half(high);
    product[i + 1] = low_half(s2);
    product[i + 2] = high_half(high) + high_half(s2);
  }
  // The digits go on: the product lacks less than the significand in its last place, two limbs.
  constexpr int kept = N + 3;
  interval<kept> x;
  for (int i = 0; i < kept; ++i) x.limb[i] = product[i + 3];
  x.above = 2;
  x.exponent = exponent - skipped - 64 * (used - 3);
  return split_off<N>(renormalized(x));
}

/// The angle of `rest` quarter turns in radians.
template <int N>
LOWP_FN interval<N> radians(const interval<N>& rest) noexcept {
  return scaled(rest * pi<N>(), -1);
}

/// About atan(n 2^-62), 2^-10 <= n 2^-62 <= 1, as a multiple of 2^-62, to 24 bits.
LOWP_FN std::uint64_t rough_atan(std::uint64_t n) noexcept {
  // atan x = atan(1/2) + atan t, t = (2 x - 1) / (2 + x) in [-1/2, 1/3].
  constexpr std::uint64_t one = std::uint64_t{1} << 62;
  const bool negative = 2 * n < one;
  const std::uint64_t numerator = negative ? one - 2 * n : 2 * n - one;
  const std::uint64_t t = low_half((uint128{numerator} << 62) / (uint128{2 * one} + n));
  const std::uint64_t t2 = high_half(uint128{t} * t << 2);
  std::uint64_t s = 0;
  for (std::uint64_t k = 11; k > 0; --k) s = one / (2 * k - 1) - high_half(uint128{s} * t2 << 2);
  const std::uint64_t a = high_half(uint128{t} * s << 2);
  constexpr std::uint64_t atan_half = 0x1dac670561bb4f68;  // x 2^-62
  return (negative ? atan_half - a : atan_half + a) & ~low_mask(30);
}

/// An angle in the first quadrant: `small` in [0, pi/4 + a trace], or pi/2 - small.
template <int N>
struct direction {
  interval<N> small;
  bool complement = false;
};

/// The angle of the point (c, s) with c, s >= 0, not both 0.
template <int N>
[[gnu::noinline]] LOWP_FN direction<N> direction_of(interval<N> s, interval<N> c) noexcept {
  direction<N> r;
  if (s.lost || c.lost) return {unknown<N>(), false};
  if (is_zero(s)) return r;
  if (is_zero(c)) return {{}, true};
  if (binades(s) > binades(c) || (binades(s) == binades(c) && is_less(c.limb, s.limb))) {
    swap_values(s, c);
    r.complement = true;
  }
  const std::int64_t distance = binades(c) - binades(s);
  if (distance > 8) {
    r.small = inverse_tangent_series(s / c, false);
    return r;
  }
  const uint128 ratio = (uint128{s.limb[N - 1]} << (62 - distance)) / c.limb[N - 1];
  constexpr std::uint64_t one = std::uint64_t{1} << 62;
  interval<N> y = from_integer<N>(rough_atan(ratio > one ? one : low_half(ratio)), -62);
  interval<N> sine = sin_reduced(y), cosine = cos_reduced(y);
  interval<N> t = (s * cosine - c * sine) / (c * cosine + s * sine);
  if (is_uncertain(t)) {
    y = y + from_integer<N>(1, -20);
    sine = sin_reduced(y);
    cosine = cos_reduced(y);
    t = (s * cosine - c * sine) / (c * cosine + s * sine);
  }
  r.small = y + inverse_tangent_series(t, false);
  return r;
}

/// The angle in radians, or as a multiple of pi; for c < 0 (`behind`) in the second quadrant.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> angle_of(const direction<N>& d, bool behind,
                                               bool in_half_turns) noexcept {
  const interval<N> half_turn = in_half_turns ? from_integer<N>(1) : pi<N>();
  const interval<N> a = in_half_turns ? d.small / pi<N>() : d.small;
  if (d.complement) return scaled(half_turn, -1) + (behind ? a : -a);
  return behind ? half_turn - a : a;
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_SERIES_TRIGONOMETRIC_HPP
