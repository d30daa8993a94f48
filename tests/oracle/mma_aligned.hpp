// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle's sums of terms that are cut on a common grid, after the pseudocode of mma.md 1.3,
/// 1.4, 1.5, 1.7, 1.8 and 3.
#ifndef LOWP_TESTS_ORACLE_MMA_ALIGNED_HPP
#define LOWP_TESTS_ORACLE_MMA_ALIGNED_HPP

#include <algorithm>
#include <optional>

#include "mma_unit.hpp"

namespace oracle::mma {

/// The operands of one step, scales taken apart.
struct step_operands {
  std::vector<number> a, b, sa, sb;
};

/// Places `where` of the operands.
inline step_operands step_of(const unit& u, const operands& in,
                             const std::vector<std::size_t>& where) {
  step_operands s;
  for (const std::size_t i : where) {
    s.a.push_back(factor(u, u.a, in.a[i]));
    s.b.push_back(factor(u, u.b, in.b[i]));
    if (u.block == 0) continue;
    const std::size_t block = i / static_cast<std::size_t>(u.block);
    s.sa.push_back(unpack(u.scale, in.sa[block]));
    s.sb.push_back(unpack(u.scale, in.sb[block]));
  }
  return s;
}

inline std::vector<std::size_t> places(std::size_t first, std::size_t last) {
  std::vector<std::size_t> all;
  for (std::size_t i = first; i < last; ++i) all.push_back(i);
  return all;
}

/// The last rounding of a step: a code of d.
inline std::uint64_t round_out(const unit& u, const dyadic& x) {
  type t = u.d;
  t.width -= u.dropped;
  t.fraction -= u.dropped;
  const std::uint64_t code = encode(t, x, u.out) << u.dropped;
  return code << 1 == std::uint64_t{1} << u.d.width ? 0 : code;  // zeros are +0
}

inline bool any_nan(const std::vector<number>& x) {
  return std::any_of(x.begin(), x.end(), [](const number& y) { return y.cls == sort::nan; });
}

inline long zero_exponent_of(const number& x) { return x.is_zero() ? -126 : x.e; }

/// A term and the exponent by which it is aligned; no value: it takes no part.
struct term {
  dyadic x;
  std::optional<long> e;
};

inline term product_of(const unit& u, const step_operands& s, std::size_t i, long exponent) {
  const number &a = s.a[i], &b = s.b[i];
  term t;
  t.x = value(a) * value(b) * power(exponent);
  long e = zero_exponent_of(a) + zero_exponent_of(b) + exponent;
  if (u.block != 0) {
    t.x = t.x * value(s.sa[i]) * value(s.sb[i]);
    e += s.sa[i].e + s.sb[i].e;
  }
  if (t.x.n != 0 || u.minus_126) t.e = e;
  return t;
}

inline void raise(std::optional<long>& e, const std::optional<long>& other) {
  if (other && (!e || *e < *other)) e = other;
}

/// The four partial products of a factor cut above its low 8 bits, each cut on the grid.
inline integer split_units(const number& a, const number& b, long unit) {
  integer sum = 0;
  const bool negative = a.negative != b.negative;
  for (const std::uint64_t pa : {a.m >> 8 << 8, a.m & 0xff}) {
    for (const std::uint64_t pb : {b.m >> 8 << 8, b.m & 0xff}) {
      sum += floor_units({integer(pa) * pb, a.e + b.e - a.f - b.f}, unit);
    }
  }
  return negative ? -sum : sum;
}

/// 1.3: products and c in one aligned sum.
inline result fused_step(const unit& u, const step_operands& s, const number& c, long exponent) {
  if (any_nan(s.sa) || any_nan(s.sb)) return nan_of(u);
  if (const special_result r = specials_of(u, s.a, s.b, &c); r.is_special) return r.value;
  std::vector<term> terms;
  std::optional<long> E;
  for (std::size_t i = 0; i < s.a.size(); ++i) {
    terms.push_back(product_of(u, s, i, exponent));
    raise(E, terms.back().e);
  }
  if (!c.is_zero() || u.minus_126) raise(E, zero_exponent_of(c));
  if (!E) return {0, false};
  raise(E, u.floor_e);
  const long unit = *E - u.F;
  integer sum = cut_units(value(c), unit);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    sum += u.split ? split_units(s.a[i], s.b[i], unit) : cut_units(terms[i].x, unit);
  }
  return {round_out(u, {sum, unit}), false};
}

/// 1.7, k = 64: four exact groups of 16, aligned by their scales.
inline result groups_step(const unit& u, const step_operands& s, const number& c) {
  if (any_nan(s.sa) || any_nan(s.sb) || c.cls == sort::nan) return nan_of(u);
  if (c.cls == sort::infinity) return {infinity_code(u.d, c.negative), false};
  std::vector<term> groups(4);
  std::optional<long> E;
  for (std::size_t g = 0; g < 4; ++g) {
    dyadic q;
    for (std::size_t i = 16 * g; i < 16 * g + 16; ++i) q = q + value(s.a[i]) * value(s.b[i]);
    const number &sa = s.sa[16 * g], &sb = s.sb[16 * g];
    groups[g].x = q * value(sa) * value(sb);
    if (groups[g].x.n != 0 || u.minus_126) groups[g].e = sa.e + sb.e;
    raise(E, groups[g].e);
  }
  if (!c.is_zero() || u.minus_126) raise(E, zero_exponent_of(c));
  if (!E) return {0, false};
  const long unit = *E - u.F;
  integer sum = cut_units(value(c), unit);
  for (const term& g : groups) sum += cut_units(g.x, unit);
  return {round_out(u, {sum, unit}), false};
}

/// Products of 2^128 and more, whatever they are added to.
inline special_result huge_products(const unit& u, const std::vector<term>& terms) {
  bool plus = false, minus = false;
  for (const term& t : terms) {
    const integer units = floor_units({t.x.n < 0 ? integer(-t.x.n) : t.x.n, t.x.e}, 128);
    if (units != 0) (t.x.n < 0 ? minus : plus) = true;
  }
  if (plus && minus) return {true, nan_of(u)};
  if (plus || minus) return {true, {infinity_code(u.d, minus), false}};
  return {};
}

/// An aligned sum of terms [first, first + stride, ...): P x 2^(e - F).
struct partial_sum {
  integer P = 0;
  std::optional<long> e;
};
inline partial_sum partial(const unit& u, const std::vector<term>& terms, std::size_t first,
                           std::size_t stride) {
  partial_sum s;
  for (std::size_t i = first; i < terms.size(); i += stride) raise(s.e, terms[i].e);
  if (!s.e) return s;
  for (std::size_t i = first; i < terms.size(); i += stride) {
    s.P += cut_units(terms[i].x, *s.e - u.F);
  }
  return s;
}

/// 1.4 and 1.5: products first, then c on a grid of its own.
inline result late_step(const unit& u, const step_operands& s, const number& c, long exponent) {
  if (const special_result r = specials_of(u, s.a, s.b, &c); r.is_special) return r.value;
  std::vector<term> terms;
  for (std::size_t i = 0; i < s.a.size(); ++i) terms.push_back(product_of(u, s, i, exponent));
  if (const special_result r = huge_products(u, terms); r.is_special) return r.value;
  partial_sum P;
  if (u.how == order::even_odd) {
    const partial_sum even = partial(u, terms, 0, 2), odd = partial(u, terms, 1, 2);
    raise(P.e, even.e);
    raise(P.e, odd.e);
    if (even.e) P.P += floor_units({even.P, *even.e - u.F}, *P.e - u.F);
    if (odd.e) P.P += floor_units({odd.P, *odd.e - u.F}, *P.e - u.F);
  } else {
    P = partial(u, terms, 0, 1);
  }
  const long ec = zero_exponent_of(c);
  std::optional<long> M = ec;
  raise(M, P.e);
  dyadic sum;
  if (P.e) sum = {floor_units({P.P, *P.e - u.F}, *M - 31), *M - 31};
  const bool out_of_reach = u.how == order::even_odd && ec < *M - 25;
  if (!out_of_reach) sum = sum + dyadic{floor_units(value(c), *M - 24), *M - 24};
  return {encode(u.d, sum, {}), false};
}

/// The mathematical steps of an instruction, one after the other.
inline result aligned(const unit& u, const operands& in) {
  // An accumulator of a narrower format is widened first.
  const number given = unpack(u.c, in.c);
  std::uint64_t c = in.c;
  if (!(u.c == u.d)) {
    c = given.cls == sort::nan        ? u.nan
        : given.cls == sort::infinity ? infinity_code(u.d, given.negative)
                                      : encode(u.d, value(given), {}, given.negative);
  }
  result r;
  for (int first = 0; first < u.k; first += u.group) {
    const auto begin = static_cast<std::size_t>(first);
    const step_operands s =
        step_of(u, in, places(begin, begin + static_cast<std::size_t>(u.group)));
    const number addend = unpack(u.d, c);
    switch (u.how) {
      case order::groups_of_16: r = groups_step(u, s, addend); break;
      case order::fused_c: r = fused_step(u, s, addend, in.exponent); break;
      default: r = late_step(u, s, addend, in.exponent); break;
    }
    if (r.any_nan) return r;
    c = r.code;
  }
  return r;
}

/// 3: FP8 by two steps of 16 from zero, then an ordinary addition.
inline result emulated(const unit& u, const operands& in) {
  std::uint64_t t = 0;
  for (const std::size_t bit : {std::size_t{0}, std::size_t{2}}) {
    std::vector<std::size_t> where;
    for (std::size_t i = 0; i < 32; ++i) {
      if ((i & 2) == bit) where.push_back(i);
    }
    t = fused_step(u, step_of(u, in, where), unpack(u.d, t), in.exponent).code;
  }
  const number x = unpack(u.d, t), c = unpack(u.c, in.c);
  if (x.cls == sort::nan || c.cls == sort::nan) return nan_of(u);
  if (x.cls == sort::infinity && c.cls == sort::infinity && x.negative != c.negative) {
    return nan_of(u);
  }
  if (x.cls == sort::infinity) return {infinity_code(u.d, x.negative), false};
  if (c.cls == sort::infinity) return {infinity_code(u.d, c.negative), false};
  return {encode(u.d, value(x) + value(c), {}, false), false};
}

}  // namespace oracle::mma

#endif  // LOWP_TESTS_ORACLE_MMA_ALIGNED_HPP
