// SPDX-License-Identifier: Apache-2.0
/// \file
/// Exact values as intervals, and the 128 leading bits of intervals as exact values.
#ifndef LOWP_DETAIL_INTERVAL_VALUES_HPP
#define LOWP_DETAIL_INTERVAL_VALUES_HPP

#include "series_exponential.hpp"

namespace lowp::detail {

/// i if |x| is the irrational number 2^(i/64) x 2^n of a logarithmic format, else 0. Such a value
/// is known by its 128 bits and the rest.
LOWP_FN int surd_index(const exact& x) noexcept {
  if (!x.sticky) return 0;
  // 64 log2 of the significand in units of 2^-8, by a cubic that is off by 15 at most at the 64
  // roots: only what is near an integer is looked up.
  const std::uint64_t t = x.significand << 1 >> 48;
  const std::uint64_t log = t * (93258 - (t * (38142 - (t * 10420 >> 16)) >> 16)) >> 18;
  const int i = static_cast<int>((log + 16) >> 8);
  if (((log + 16) & 0xff) > 32 || i == 64) return 0;
  return x.significand == exp2_64th(i) && x.tail == exp2_64th_tail(i) ? i : 0;
}

/// |x| is 2^(k/64) for a whole number k, and k.
struct binary_root {
  bool is_one = false;
  std::int64_t log = 0;
};
LOWP_FN binary_root as_binary_root(const exact& x) noexcept {
  const int i = surd_index(x);
  const bool power = !x.sticky && x.significand == std::uint64_t{1} << 63 && x.tail == 0;
  return {power || i != 0, 64 * (std::int64_t{x.exponent} + 63) + i};
}

/// k / 64.
template <int N>
LOWP_FN interval<N> log2_of(binary_root r) noexcept {
  return scaled(from_signed<N>(r.log), -6);
}

/// A normalized finite value.
template <int N>
[[gnu::noinline]] LOWP_FN interval<N> load(const exact& x) noexcept {
  interval<N> r;
  const int i = surd_index(x);
  if (i != 0) {
    r = scaled(exp2(from_integer<N>(static_cast<std::uint64_t>(i), -6)), x.exponent + 63);
  } else {
    r.limb[N - 1] = x.significand;
    r.limb[N - 2] = x.tail;
    r.exponent = x.exponent - 64 * (N - 1);
    r.above = x.sticky ? 1 : 0;  // no value of any format: a trace above its 128 bits
  }
  r.negative = x.negative;
  return r;
}

/// Takes the 128 leading bits of a positive or negative value that is a number of 128 bits only if
/// the interval is exact. False if the interval does not tell them.
template <int N>
[[gnu::noinline]] LOWP_FN bool truncate(const interval<N>& x, exact& r) noexcept {
  if (x.lost) return false;
  if (is_zero(x)) {
    r = exact_zero(x.negative);
    return true;
  }
  uint128 lead = join(x.limb[N - 1], x.limb[N - 2]);
  std::uint64_t rest = 0, upper_rest = 0;
  for (int i = 0; i < N - 2; ++i) {
    rest |= x.limb[i];
    if (i > 0) upper_rest |= x.limb[i];
  }
  std::int64_t exponent = x.exponent + 64 * (N - 2);
  bool sticky = true;
  if (is_exact(x)) {
    sticky = rest != 0;
  } else if (rest == 0 && x.above == 0) {  // just below a number of 128 bits
    if (lead == uint128{1} << 127) {
      lead = ~uint128{0};
      exponent -= 1;
    } else {
      --lead;
    }
  } else {
    if (upper_rest == 0 && x.limb[0] < x.below) return false;
    std::uint64_t carry = x.above, sum = 0;
    for (int i = 0; i < N - 2; ++i) {
      const uint128 t = uint128{x.limb[i]} + carry;
      sum |= low_half(t);
      carry = high_half(t);
    }
    if (carry != 0 && sum != 0) return false;
  }
  if (exponent > exponent_bound) exponent = exponent_bound;
  if (exponent < -exponent_bound) exponent = -exponent_bound;
  r = exact_wide(x.negative, lead, static_cast<std::int32_t>(exponent), sticky);
  return true;
}

/// The 128 leading bits of the centre: the answer if no precision tells.
template <int N>
LOWP_FN exact centre(const interval<N>& x) noexcept {
  if (x.lost) return exact_nan();
  return exact_wide(x.negative, join(x.limb[N - 1], x.limb[N - 2]),
                    static_cast<std::int32_t>(x.exponent + 64 * (N - 2)), true);
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_INTERVAL_VALUES_HPP
