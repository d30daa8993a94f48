// SPDX-License-Identifier: Apache-2.0
/// \file
/// Integers of N limbs, lowest first: the centres of intervals.
#ifndef LOWP_DETAIL_INTERVAL_LIMBS_HPP
#define LOWP_DETAIL_INTERVAL_LIMBS_HPP

#include <cstdint>

#include "wide.hpp"

namespace lowp::detail {

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

template <int N>
LOWP_FN bool is_zero_integer(const std::uint64_t (&m)[N]) noexcept {
  std::uint64_t any = 0;
  for (int i = 0; i < N; ++i) any |= m[i];
  return any == 0;
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

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_INTERVAL_LIMBS_HPP
