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

#include "wide.hpp"

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
LOWP_FN interval<N> magnitude(interval<N> x) noexcept {
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

// Limbs as plain integers.

/// Shifts right by any amount >= 0. True if ones fell out.
template <int N>
[[gnu::noinline]] LOWP_FN bool shift_right(std::uint64_t (&m)[N], std::int64_t n) noexcept {
  if (n == 0) return false;
  std::uint64_t lost = 0;
  const int words = n / 64 > N ? N : static_cast<int>(n / 64);
  const int bits = static_cast<int>(n % 64);
  for (int i = 0; i < words; ++i) lost |= m[i];
  if (words == N) {
    for (int i = 0; i < N; ++i) m[i] = 0;
    return lost != 0;
  }
  if (bits != 0) lost |= m[words] << (64 - bits);
  for (int i = 0; i < N; ++i) {
    const int from = i + words;
    std::uint64_t limb = from < N ? m[from] >> bits : 0;
    if (bits != 0 && from + 1 < N) limb |= m[from + 1] << (64 - bits);
    m[i] = limb;
  }
  return lost != 0;
}

/// Shifts left until the top bit is set and returns by how much; m is not zero.
template <int N>
[[gnu::noinline]] LOWP_FN int normalize_left(std::uint64_t (&m)[N]) noexcept {
  int words = 0;
  while (m[N - 1 - words] == 0) ++words;
  const int bits = leading_zeros(m[N - 1 - words]);
  if (words == 0 && bits == 0) return 0;
  for (int i = N - 1; i >= 0; --i) {
    const int from = i - words;
    std::uint64_t limb = from >= 0 ? m[from] << bits : 0;
    if (bits != 0 && from > 0) limb |= m[from - 1] >> (64 - bits);
    m[i] = limb;
  }
  return 64 * words + bits;
}

/// a += b; the carry out.
template <int N>
LOWP_FN bool add_to(std::uint64_t (&a)[N], const std::uint64_t (&b)[N]) noexcept {
  std::uint64_t carry = 0;
  for (int i = 0; i < N; ++i) {
    const uint128 t = uint128{a[i]} + b[i] + carry;
    a[i] = low_half(t);
    carry = high_half(t);
  }
  return carry != 0;
}

/// a -= b for a >= b.
template <int N>
LOWP_FN void subtract_from(std::uint64_t (&a)[N], const std::uint64_t (&b)[N]) noexcept {
  std::uint64_t borrow = 0;
  for (int i = 0; i < N; ++i) {
    const uint128 t = uint128{a[i]} - b[i] - borrow;
    a[i] = low_half(t);
    borrow = high_half(t) & 1;
  }
}

template <int N>
LOWP_FN bool is_less(const std::uint64_t (&a)[N], const std::uint64_t (&b)[N]) noexcept {
  for (int i = N - 1; i >= 0; --i) {
    if (a[i] != b[i]) return a[i] < b[i];
  }
  return false;
}

/// x / 2^n rounded up.
LOWP_FN std::uint64_t halved_up(std::uint64_t x, std::int64_t n) noexcept {
  if (n >= 64) return x == 0 ? 0 : 1;
  return (x >> n) + ((x & low_mask(static_cast<int>(n))) != 0 ? 1 : 0);
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
  std::uint64_t any = 0;
  for (int i = 0; i < N; ++i) any |= a.limb[i];
  if (any == 0) return is_exact(a) ? interval<N>{} : unknown<N>();
  const int shift = normalize_left(a.limb);
  a.exponent -= shift;
  const std::uint64_t error = a.below | a.above;
  if (error != 0 && (shift >= error_bits || error >> (error_bits - shift) != 0)) {
    return unknown<N>();
  }
  if (error != 0) {
    a.below <<= shift;
    a.above <<= shift;
  }
  return a;
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

#endif  // LOWP_DETAIL_INTERVAL_HPP
