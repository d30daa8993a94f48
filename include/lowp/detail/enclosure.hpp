// SPDX-License-Identifier: Apache-2.0
/// \file
/// The elementary functions as intervals of any precision, and the loop that raises the precision
/// until 128 bits are certain.
#ifndef LOWP_DETAIL_ENCLOSURE_HPP
#define LOWP_DETAIL_ENCLOSURE_HPP

#include "../operation.hpp"
#include "interval_values.hpp"
#include "series_error_function.hpp"
#include "series_trigonometric.hpp"

namespace lowp::detail {

/// An irrational x in quarter turns, from M limbs.
template <int N, int M>
LOWP_FN turns<N> quarter_turns_of_surd(const exact& x, bool in_half_turns) noexcept {
  const interval<M> v = scaled(load<M>(x), 1);
  return split_off<N>(in_half_turns ? v : v / pi<M>());
}

/// x in quarter turns: of radians, or of multiples of pi. Unknown beyond 2^131072, for irrational x
/// beyond 2^1000 or so: greater than any value of a format that lowp names.
template <int N>
LOWP_FN turns<N> quarter_turns(const exact& x, bool in_half_turns) noexcept {
  if (x.sticky) {
    return binade(x) < 200 ? quarter_turns_of_surd<N, N + 4>(x, in_half_turns)
                           : quarter_turns_of_surd<N, 20>(x, in_half_turns);
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
[[gnu::noinline]] LOWP_FN interval<N> circular(const exact& x, bool in_half_turns) noexcept {
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
  const interval<N> a = absolute(x);
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
  const interval<N> e = expm1(scaled(absolute(x), 1));
  interval<N> r = binades(x) > 0 ? from_integer<N>(1) - two / (e + two) : e / (e + two);
  r.negative = x.negative;
  return r;
}

/// 1 / (1 + e^-x).
template <int N>
LOWP_FN interval<N> sigmoid(const interval<N>& x) noexcept {
  const interval<N> one = from_integer<N>(1);
  if (binades(x) <= 0) return scaled(one + tanh(scaled(x, -1)), -1);
  const interval<N> r = one / (one + exp(absolute(x)));
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
[[gnu::noinline]] LOWP_FN interval<N> erfc_of(const exact& x, bool normal) noexcept {
  constexpr int M = erfc_limbs<N>;
  const interval<N> one = from_integer<N>(1);
  interval<N> z = load<N>(x);
  interval<N> z2 = square(z);
  if (normal) {
    z = -z * square_root(from_integer<N>(1, -1));
    z2 = scaled(z2, -1);
  }
  if (z.negative) return one + erf_positive(absolute(z), z2);
  if (binades(z2) < -3) return one - erf_series(z, z2);
  if (is_asymptotic(z2)) return erfc_asymptotic(z, z2);
  interval<M> wide = absolute(load<M>(x));
  const interval<M> wide2 = scaled(square(wide), normal ? -1 : 0);
  if (normal) wide = wide * square_root(from_integer<M>(1, -1));
  return erfc_middle<N>(wide, wide2);
}

/// ln |x|.
template <int N>
LOWP_FN interval<N> log_of(const exact& x) noexcept {
  const binary_root root = as_binary_root(x);
  return root.is_one ? log2_of<N>(root) * ln2<N>() : log(absolute(load<N>(x)));
}

/// |x|^y.
template <int N>
LOWP_FN interval<N> power(const exact& x, const interval<N>& y) noexcept {
  const binary_root root = as_binary_root(x);
  return root.is_one ? exp2(log2_of<N>(root) * y) : exp(log(absolute(load<N>(x))) * y);
}

/// The interval of Op at normalized finite non-zero operands of its domain, in the magnitude of
/// odd functions and with N limbs.
template <operation Op, int N>
[[gnu::noinline]] LOWP_FN interval<N> enclose(const exact* x) noexcept {
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
    const direction<N> d = direction_of(absolute(load<N>(y0)), absolute(load<N>(x0)));
    interval<N> r = angle_of(d, x0.negative, pi_variant);
    r.negative = y0.negative;
    return r;
  }
  const interval<N> v = load<N>(*x);
  const interval<N> a = absolute(v);
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
/// bits. 192 bits tell them nearly always, 1024 for every operand of 64 bits that is known; NaN
/// without a flag stands for an angle that cannot be reduced.
template <operation Op>
LOWP_FN exact truncated(const exact* x) noexcept {
  exact r;
  if (truncate(enclose<Op, 3>(x), r) || truncate(enclose<Op, 6>(x), r)) return r;
  const interval<16> last = enclose<Op, 16>(x);
  return truncate(last, r) ? r : centre(last);
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_ENCLOSURE_HPP
