// SPDX-License-Identifier: Apache-2.0
/// \file
/// The elementary functions as intervals of any precision, and the loop that raises the precision
/// until 128 bits are certain.
#ifndef LOWP_DETAIL_ENCLOSURE_HPP
#define LOWP_DETAIL_ENCLOSURE_HPP

#include "../operation.hpp"
#include "series_error_function.hpp"
#include "series_trigonometric.hpp"

namespace lowp::detail {

/// i if |x| is the irrational number 2^(i/64) x 2^n of a logarithmic format, else 0. Such a value
/// is known by its 128 bits and the rest.
LOWP_FN int surd_index(const exact& x) noexcept {
  if (!x.sticky) return 0;
  int low = 0, high = 63;
  while (low < high) {  // the last i with exp2_64th(i) <= significand
    const int middle = (low + high + 1) / 2;
    if (exp2_64th(middle) <= x.significand) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return x.significand == exp2_64th(low) && x.tail == exp2_64th_tail(low) ? low : 0;
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
LOWP_FN interval<N> load(const exact& x) noexcept {
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
LOWP_FN bool truncate(const interval<N>& x, exact& r) noexcept {
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

/// x in quarter turns: of radians, or of multiples of pi.
template <int N>
LOWP_FN turns<N> quarter_turns(const exact& x, bool in_half_turns) noexcept {
  if (x.sticky) {
    const interval<N + 4> v = scaled(load<N + 4>(x), 1);
    return split_off<N>(in_half_turns ? v : v / pi<N + 4>());
  }
  if (in_half_turns) return split(scaled(load<N>(x), 1));
  turns<N> r = reduce_angle<N>(significand_of(x), std::int64_t{x.exponent} - 64);
  if (x.negative) {
    r.quarters = -r.quarters & 3;
    r.rest.negative = !r.rest.negative;
  }
  return r;
}

/// sin, cos or tan.
template <operation Op, int N>
LOWP_FN interval<N> circular(const exact& x, bool in_half_turns) noexcept {
  interval<N> angle;
  int quarters = 0;
  if (!in_half_turns && binade(x) < 0) {
    angle = load<N>(x);
    if constexpr (Op == operation::tan) {
      if (2 * binades(angle) < -64 * N) return nudged(angle, true);  // x + x^3 / 3 + ...
    }
  } else {
    const turns<N> t = quarter_turns<N>(x, in_half_turns);
    angle = radians(t.rest);
    quarters = t.quarters;
  }
  if (angle.lost) return angle;
  if constexpr (Op == operation::tan) {
    const interval<N> s = sin_reduced(angle), c = cos_reduced(angle);
    return (quarters & 1) == 0 ? s / c : -(c / s);
  } else {
    if constexpr (Op == operation::cos) ++quarters;
    const interval<N> r = (quarters & 1) == 0 ? sin_reduced(angle) : cos_reduced(angle);
    return (quarters & 2) == 0 ? r : -r;
  }
}

/// asin or acos for |x| <= 1.
template <int N>
LOWP_FN interval<N> arc_of_sine(const interval<N>& x, bool cosine, bool in_half_turns) noexcept {
  const interval<N> one = from_integer<N>(1);
  const interval<N> a = magnitude(x);
  direction<N> d{nudged(a, true), cosine};  // x + x^3 / 6 + ...
  if (2 * binades(a) >= -64 * N) {
    const interval<N> other = square_root((one - a) * (one + a));
    d = cosine ? direction_of(other, a) : direction_of(a, other);
  }
  const interval<N> r = angle_of(d, cosine && x.negative, in_half_turns);
  return !cosine && x.negative ? -r : r;
}

/// tanh of |x|, with the sign of x.
template <int N>
LOWP_FN interval<N> tanh(const interval<N>& x) noexcept {
  if (2 * binades(x) < -64 * N) return nudged(x, false);  // x - x^3 / 3 + ...
  const interval<N> two = from_integer<N>(2);
  const interval<N> e = expm1(scaled(magnitude(x), 1));
  interval<N> r = binades(x) > 0 ? from_integer<N>(1) - two / (e + two) : e / (e + two);
  r.negative = x.negative;
  return r;
}

/// 1 / (1 + e^-x).
template <int N>
LOWP_FN interval<N> sigmoid(const interval<N>& x) noexcept {
  const interval<N> one = from_integer<N>(1);
  if (binades(x) <= 0) return scaled(one + tanh(scaled(x, -1)), -1);
  const interval<N> r = one / (one + exp(magnitude(x)));
  return x.negative ? r : one - r;
}

/// sinh, cosh of |x|.
template <int N>
LOWP_FN interval<N> sinh(const interval<N>& x) noexcept {
  if (2 * binades(x) < -64 * N) return nudged(x, true);  // x + x^3 / 6 + ...
  const interval<N> e = expm1(x);
  return scaled(e + e / (e + from_integer<N>(1)), -1);
}
template <int N>
LOWP_FN interval<N> cosh(const interval<N>& x) noexcept {
  const interval<N> one = from_integer<N>(1);
  if (binades(x) < -32 * N - 1) return nudged(one, true);
  const interval<N> e = expm1(x);
  return one + scaled(square(e) / (e + one), -1);
}

/// asinh, acosh, atanh of x > 0 in their domains.
template <int N>
LOWP_FN interval<N> asinh(const interval<N>& x) noexcept {
  if (2 * binades(x) < -64 * N) return nudged(x, false);  // x - x^3 / 6 + ...
  const interval<N> one = from_integer<N>(1);
  const interval<N> x2 = square(x);
  return log1p(x + x2 / (one + square_root(one + x2)));
}
template <int N>
LOWP_FN interval<N> acosh(const interval<N>& x) noexcept {
  const interval<N> t = x - from_integer<N>(1);
  return log1p(t + square_root(t * (t + from_integer<N>(2))));
}
template <int N>
LOWP_FN interval<N> atanh(const interval<N>& x) noexcept {
  if (2 * binades(x) < -64 * N) return nudged(x, true);  // x + x^3 / 3 + ...
  return scaled(log1p(scaled(x / (from_integer<N>(1) - x), 1)), -1);
}

/// erfc of x, or of -x / sqrt 2 (`normal`).
template <int N>
LOWP_FN interval<N> erfc_of(const exact& x, bool normal) noexcept {
  constexpr int M = erfc_limbs<N>;
  const interval<N> one = from_integer<N>(1);
  interval<N> z = load<N>(x);
  interval<N> z2 = square(z);
  if (normal) {
    z = -z * square_root(from_integer<N>(1, -1));
    z2 = scaled(z2, -1);
  }
  if (z.negative) return one + erf_positive(magnitude(z), z2);
  if (binades(z2) < -3) return one - erf_series(z, z2);
  if (is_asymptotic(z2)) return erfc_asymptotic(z, z2);
  interval<M> wide = magnitude(load<M>(x));
  const interval<M> wide2 = scaled(square(wide), normal ? -1 : 0);
  if (normal) wide = wide * square_root(from_integer<M>(1, -1));
  return erfc_middle<N>(wide, wide2);
}

/// ln |x|.
template <int N>
LOWP_FN interval<N> log_of(const exact& x) noexcept {
  const binary_root root = as_binary_root(x);
  return root.is_one ? log2_of<N>(root) * ln2<N>() : log(magnitude(load<N>(x)));
}

/// |x|^y.
template <int N>
LOWP_FN interval<N> power(const exact& x, const interval<N>& y) noexcept {
  const binary_root root = as_binary_root(x);
  return root.is_one ? exp2(log2_of<N>(root) * y) : exp(log(magnitude(load<N>(x))) * y);
}

/// The interval of Op at normalized finite non-zero operands of its domain, in the magnitude of
/// odd functions and with N limbs.
template <operation Op, int N>
LOWP_FN interval<N> enclose(const exact* x) noexcept {
  using enum operation;
  constexpr bool pi_variant = Op == sinpi || Op == cospi || Op == tanpi || Op == asinpi ||
                              Op == acospi || Op == atanpi || Op == atan2pi;
  const interval<N> one = from_integer<N>(1);
  if constexpr (Op == sin || Op == sinpi) return circular<sin, N>(*x, pi_variant);
  if constexpr (Op == cos || Op == cospi) return circular<cos, N>(*x, pi_variant);
  if constexpr (Op == tan || Op == tanpi) return circular<tan, N>(*x, pi_variant);
  if constexpr (Op == log) return log_of<N>(*x);
  if constexpr (Op == log2) return log_of<N>(*x) / ln2<N>();
  if constexpr (Op == log10) return log_of<N>(*x) / ln10<N>();
  if constexpr (Op == cbrt) {
    interval<N> r = power(*x, one / 3);
    r.negative = x->negative;
    return r;
  }
  if constexpr (Op == pow) return power(x[0], load<N>(x[1]));
  if constexpr (Op == atan2 || Op == atan2pi) {
    exact y0 = x[0], x0 = x[1];
    if (const int i = surd_index(y0); i != 0 && i == surd_index(x0)) {  // a common factor
      y0 = exact_finite(y0.negative, std::uint64_t{1} << 63, y0.exponent);
      x0 = exact_finite(x0.negative, std::uint64_t{1} << 63, x0.exponent);
    }
    const direction<N> d = direction_of(magnitude(load<N>(y0)), magnitude(load<N>(x0)));
    interval<N> r = angle_of(d, x0.negative, pi_variant);
    r.negative = y0.negative;
    return r;
  }
  const interval<N> v = load<N>(*x);
  const interval<N> a = magnitude(v);
  if constexpr (Op == exp) return detail::exp(v);
  if constexpr (Op == exp2) return detail::exp2(v);
  if constexpr (Op == exp10) return detail::exp(v * ln10<N>());
  if constexpr (Op == expm1) return detail::expm1(v);
  if constexpr (Op == log1p) return detail::log1p(v);
  if constexpr (Op == softplus) {
    const interval<N> t = detail::log1p(detail::exp(-a));
    return v.negative ? t : v + t;
  }
  if constexpr (Op == sigmoid) return detail::sigmoid(v);
  if constexpr (Op == silu) return v * detail::sigmoid(v);
  if constexpr (Op == asin || Op == asinpi) return arc_of_sine(v, false, pi_variant);
  if constexpr (Op == acos || Op == acospi) return arc_of_sine(v, true, pi_variant);
  if constexpr (Op == erfc) return erfc_of<N>(*x, false);
  if constexpr (Op == gelu) return scaled(v * erfc_of<N>(*x, true), -1);
  // Odd and even functions.
  interval<N> r;
  if constexpr (Op == atan || Op == atanpi) r = angle_of(direction_of(a, one), false, pi_variant);
  if constexpr (Op == sinh) r = detail::sinh(a);
  if constexpr (Op == cosh) return detail::cosh(a);
  if constexpr (Op == tanh) r = detail::tanh(a);
  if constexpr (Op == asinh) r = detail::asinh(a);
  if constexpr (Op == acosh) return detail::acosh(a);
  if constexpr (Op == atanh) r = detail::atanh(a);
  if constexpr (Op == erf) r = erf_positive(a, square(a));
  r.negative = v.negative;
  return r;
}

/// The 128 leading bits of Op and whether more follow, for operands at which Op is no number of 128
/// bits. 192 bits tell them nearly always, 1024 for every operand of 64 bits that is known.
template <operation Op>
LOWP_FN exact truncated(const exact* x) noexcept {
  exact r;
  if (truncate(enclose<Op, 3>(x), r) || truncate(enclose<Op, 6>(x), r)) return r;
  const interval<16> last = enclose<Op, 16>(x);
  if (truncate(last, r) || last.lost) return r;
  return exact_wide(last.negative, join(last.limb[15], last.limb[14]),
                    static_cast<std::int32_t>(last.exponent + 64 * 14), true);
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_ENCLOSURE_HPP
