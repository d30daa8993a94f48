// SPDX-License-Identifier: Apache-2.0
/// \file
/// The algebraic operations on operands that are no dyadic numbers: 2^(i/64) x 2^n of logarithmic
/// formats. spec/arithmetic.md ARI-7.
///
/// A term is a dyadic number times 2^(i/64), 0 <= i < 64, and products and quotients of terms are
/// terms again. The 64 roots are linearly independent over the rationals, so that a sum is dyadic
/// only if its terms with i > 0 cancel exactly, and equal ones are combined before any rounding.
/// What remains inexact is irrational (or a quotient with an endless expansion), and intervals tell
/// its 128 bits.
#ifndef LOWP_DETAIL_IRRATIONAL_HPP
#define LOWP_DETAIL_IRRATIONAL_HPP

#include "../compute.hpp"
#include "interval_values.hpp"

namespace lowp::detail {

/// factor x 2^(root / 64), 0 <= root < 64.
template <int N>
struct term {
  interval<N> factor;
  int root = 0;
};

/// A normalized finite value.
template <int N>
LOWP_FN term<N> term_of(const exact& x) noexcept {
  const int i = surd_index(x);
  if (i == 0) return {load<N>(x), 0};
  interval<N> power = from_integer<N>(1, x.exponent + 63);
  power.negative = x.negative;
  return {power, i};
}

template <int N>
LOWP_FN term<N> operator*(const term<N>& a, const term<N>& b) noexcept {
  const int root = a.root + b.root;
  const interval<N> factor = a.factor * b.factor;
  return root < 64 ? term<N>{factor, root} : term<N>{scaled(factor, 1), root - 64};
}

template <int N>
LOWP_FN term<N> operator/(const term<N>& a, const term<N>& b) noexcept {
  const int root = a.root - b.root;
  const interval<N> factor = a.factor / b.factor;
  return root >= 0 ? term<N>{factor, root} : term<N>{scaled(factor, -1), root + 64};
}

template <int N>
LOWP_FN interval<N> value_of(const term<N>& t) noexcept {
  if (t.root == 0) return t.factor;
  return t.factor * exp2(from_integer<N>(static_cast<std::uint64_t>(t.root), -6));
}

/// a + b in N of their limbs, on its side of a if b is a trace, and accurate if they nearly cancel.
template <int N, int M>
[[gnu::noinline]] LOWP_FN interval<N> sum_of(const interval<M>& a, const interval<M>& b) noexcept {
  const interval<M> sum = a + b;
  if constexpr (N == M) {
    return sum;
  } else {
    if (sum.lost) return close_sum<N>(a, b);
    interval<N> r = shortened<N>(sum, 0, 0);
    if (sum.below != 0) r.below += 1;
    if (sum.above != 0) r.above += 1;
    return r;
  }
}

/// The sum of two terms, in N of their limbs.
template <int N, int M>
[[gnu::noinline]] LOWP_FN interval<N> sum_of(const term<M>& a, const term<M>& b) noexcept {
  if (is_zero(a.factor) || is_zero(b.factor) || a.root == b.root) {
    const term<M> both{a.factor + b.factor, is_zero(a.factor) ? b.root : a.root};
    return sum_of<N>(value_of(both), interval<M>{});
  }
  return sum_of<N>(value_of(a), value_of(b));
}

/// The greatest first, up to factors of 4; zeros last.
template <int L>
LOWP_FN void sort(term<L> (&t)[3]) noexcept {
  for (int pass = 0; pass < 3; ++pass) {
    const int i = pass % 2;
    const interval<L>& x = t[i].factor;
    const interval<L>& y = t[i + 1].factor;
    if (is_zero(y) || (!is_zero(x) && binades(x) >= binades(y))) continue;
    const term<L> u = t[i];
    t[i] = t[i + 1];
    t[i + 1] = u;
  }
}

/// The sum of terms of L limbs in N of them; partial sums of different roots in M.
template <int N, int M, int L>
[[gnu::noinline]] LOWP_FN interval<N> sum_of(term<L> (&t)[3]) noexcept {
  sort(t);
  if (is_zero(t[2].factor)) return sum_of<N>(t[0], t[1]);
  // Two that are far below the greatest first: their sum has a sign. Else two of one root, the
  // greatest if they are: they may cancel. The two to begin with are b and c.
  int first = 0;
  if (binades(t[0].factor) - binades(t[1].factor) <= 64) {
    if (t[0].root == t[1].root) {
      first = 2;
    } else if (t[0].root == t[2].root) {
      first = 1;
    } else if (t[1].root != t[2].root) {
      first = 2;
    }
  }
  const term<L>& a = t[first];
  const term<L>& b = t[first == 0 ? 1 : 0];
  const term<L>& c = t[first == 2 ? 1 : 2];
  if (b.root == c.root) return sum_of<N>(a, term<L>{b.factor + c.factor, b.root});
  const interval<M> pair = sum_of<M>(value_of(b), value_of(c));
  if constexpr (M == L) {
    return sum_of<N>(value_of(a), pair);
  } else {
    interval<M> rest = shortened<M>(a.factor, 0, 0);  // exact factors of at most 256 bits
    return sum_of<N>(value_of(term<M>{rest, a.root}), pair);
  }
}

LOWP_FN bool is_root_of_sum(operation op) noexcept {
  return op == operation::sqrt || op == operation::rsqrt || op == operation::hypot;
}

/// The terms whose sum is the result, or its square (`is_root_of_sum`).
template <int L>
[[gnu::noinline]] LOWP_FN void split(operation op, const exact* x, term<L> (&t)[3]) noexcept {
  const term<L> one{from_integer<L>(1), 0};
  const int operands = operand_count(op);
  const term<L> a = term_of<L>(x[0]);
  const term<L> b = operands > 1 ? term_of<L>(x[1]) : one;
  t[0] = a;
  switch (op) {
    case operation::add: t[1] = b; break;
    case operation::subtract: t[1] = {-b.factor, b.root}; break;
    case operation::multiply: t[0] = a * b; break;
    case operation::divide: t[0] = a / b; break;
    case operation::recip:
    case operation::rsqrt: t[0] = one / a; break;
    case operation::fma:
      t[0] = a * b;
      t[1] = term_of<L>(x[2]);
      break;
    case operation::faa:
      t[1] = b;
      t[2] = term_of<L>(x[2]);
      break;
    case operation::hypot:
      t[0] = a * a;
      t[1] = b * b;
      break;
    default: break;  // sqrt
  }
}

/// The operation with N limbs of the result, L to begin with.
template <int N, int M, int L>
[[gnu::noinline]] LOWP_FN interval<N> enclose_algebraic(operation op, const exact* x) noexcept {
  term<L> t[3];
  split(op, x, t);
  const interval<N> sum = sum_of<N, M>(t);
  return is_root_of_sum(op) ? square_root(sum) : sum;
}

template <int N>
LOWP_FN int sign_of(const interval<N>& x) noexcept {
  if (x.lost || is_zero(x)) return 0;
  return x.negative ? -1 : 1;
}

/// The sign of the result of `op` minus r, whose 128 bits and rest are those of both; 0 if it is
/// r, a number of a logarithmic format. What is left when r cancels the terms of its root is not
/// zero and may be as small as it will: its sign tells.
[[gnu::noinline]] LOWP_FN int side_of(operation op, const exact* x, const exact& r) noexcept {
  constexpr int limbs = 20;
  term<limbs> t[3];
  split(op, x, t);
  term<limbs> g = term_of<limbs>(r);
  if (is_root_of_sum(op)) g = g * g;
  g.factor.negative = !g.factor.negative;
  // From the greatest on, so that no partial sum is longer than its terms.
  sort(t);
  for (term<limbs>& u : t) {
    if (u.root != g.root) continue;
    g.factor = g.factor + u.factor;
    u.factor = {};
  }
  sort(t);
  if (is_zero(t[2].factor)) {
    t[2] = g;
    return sign_of(sum_of<12, 16>(t));
  }
  // Three terms, none of the root of g: as near to g as three codes can be chosen, not nearer.
  return sign_of(close_sum<3>(sum_of<12, 16>(t), -load<12>(r)));
}

/// add, subtract, multiply, divide, fma, faa, sqrt, recip, rsqrt, hypot of finite non-zero operands
/// within their domains. Sums of two or three such terms of 64 or 128 bits cancel in some 200 bits
/// at most unless they are zero; 768 bits are left.
[[gnu::noinline]] LOWP_FN unrounded algebraic_on_irrationals(operation op, const exact* operands,
                                                             const projection& p) noexcept {
  exact x[3];
  for (int i = 0; i < operand_count(op); ++i) x[i] = normalized(operands[i]);
  exact r;
  if (!truncate(enclose_algebraic<3, 3, 3>(op, x), r)) {
    const interval<12> last = enclose_algebraic<12, 16, 20>(op, x);
    if (!truncate(last, r)) r = centre(last);
  }
  if (surd_index(r) != 0) {
    // Off the grid by a trace that 128 bits do not show: one unit tells the side.
    const int side = side_of(op, x, r);
    if (side != 0) r.tail += (side < 0) == r.negative ? 1 : ~std::uint64_t{0};
  }
  if (r.cls == number_class::zero) r.negative = p.round == rounding::toward_negative;
  return {r, {}};
}

/// The same where operands are dyadic and r is what their operation truncates to, if those bits
/// might be taken for a number of a logarithmic format.
LOWP_FN unrounded told_apart(operation op, const exact* operands, const exact& r,
                             const projection& p) noexcept {
  if (surd_index(r) != 0) return algebraic_on_irrationals(op, operands, p);
  return {r, {}};
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_IRRATIONAL_HPP
