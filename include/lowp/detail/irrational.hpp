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

template <int N>
LOWP_FN bool is_greater(const term<N>& a, const term<N>& b) noexcept {  // up to a factor of 4
  return binades(a.factor) > binades(b.factor);
}
template <int N>
LOWP_FN void exchange(term<N>& a, term<N>& b) noexcept {
  const term<N> t = a;
  a = b;
  b = t;
}

/// a + b + c of terms of L limbs in N of them; partial sums of different roots in M.
template <int N, int M, int L>
[[gnu::noinline]] LOWP_FN interval<N> sum_of(term<L> a, term<L> b, term<L> c) noexcept {
  if (is_greater(b, a)) exchange(a, b);
  if (is_greater(c, a)) exchange(a, c);
  if (is_greater(c, b)) exchange(b, c);
  // Two that are far below the third first: their sum has a sign. Else two of one root first: they
  // may cancel. The two to begin with become b and c.
  if (binades(a.factor) - binades(b.factor) <= 64 && b.root != c.root) {
    exchange(a, a.root == c.root ? b : c);
  }
  if (b.root == c.root) return sum_of<N>(a, term<L>{b.factor + c.factor, b.root});
  const interval<M> pair = sum_of<M>(value_of(b), value_of(c));
  if constexpr (M == L) {
    return sum_of<N>(value_of(a), pair);
  } else {
    interval<M> rest = shortened<M>(a.factor, 0, 0);  // exact factors of at most 256 bits
    return sum_of<N>(value_of(term<M>{rest, a.root}), pair);
  }
}

/// The operation with N limbs of the result, L to begin with.
template <int N, int M, int L>
[[gnu::noinline]] LOWP_FN interval<N> enclose_algebraic(operation op, const exact* x) noexcept {
  const term<L> a = term_of<L>(x[0]);
  const term<L> zero, one{from_integer<L>(1), 0};
  const int operands = operand_count(op);
  const term<L> b = operands > 1 ? term_of<L>(x[1]) : one;
  const term<L> c = operands > 2 ? term_of<L>(x[2]) : zero;
  switch (op) {
    case operation::add: return sum_of<N>(a, b);
    case operation::subtract: return sum_of<N>(a, term<L>{-b.factor, b.root});
    case operation::multiply: return sum_of<N>(a * b, zero);
    case operation::divide: return sum_of<N>(a / b, zero);
    case operation::recip: return sum_of<N>(one / a, zero);
    case operation::fma: return sum_of<N>(a * b, c);
    case operation::faa: return sum_of<N, M>(a, b, c);
    case operation::sqrt: return square_root(sum_of<N>(a, zero));
    case operation::rsqrt: return from_integer<N>(1) / square_root(sum_of<N>(a, zero));
    case operation::hypot: return square_root(sum_of<N>(a * a, b * b));
    default: return unknown<N>();
  }
}

/// add, subtract, multiply, divide, fma, faa, sqrt, recip, rsqrt, hypot of finite non-zero operands
/// within their domains. Sums of two or three such terms of 64 or 128 bits cancel in some 100 bits
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
    // On the grid, or off it by a trace that 128 bits do not show: then one unit tells the side.
    const interval<3> off = close_sum<3>(enclose_algebraic<12, 16, 20>(op, x), -load<12>(r));
    if (!off.lost && !is_zero(off)) r.tail += off.negative == r.negative ? 1 : ~std::uint64_t{0};
  }
  if (r.cls == number_class::zero) r.negative = p.round == rounding::toward_negative;
  return {r, {}};
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_IRRATIONAL_HPP
