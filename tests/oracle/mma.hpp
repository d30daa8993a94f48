// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle for matrix units: what one element of a result is, after the pseudocode of the
/// project's reference (mma.md). Which unit an instruction is: mma_names.hpp.
#ifndef LOWP_TESTS_ORACLE_MMA_HPP
#define LOWP_TESTS_ORACLE_MMA_HPP

#include "mma_rounded.hpp"

namespace oracle::mma {

/// The tree of Gaudi2: magnitudes cut below the greatest exponent, of normalised products except
/// for FP8. P x 2^(e - F).
inline partial_sum gaudi2_tree(const unit& u, const step_operands& s) {
  std::vector<term> terms;
  for (std::size_t i = 0; i < s.a.size(); ++i) {
    term t;
    t.x = value(s.a[i]) * value(s.b[i]);
    const long top = s.a[i].e + s.b[i].e;
    const integer n = t.x.n < 0 ? integer(-t.x.n) : t.x.n;
    if (n != 0) t.e = u.F == 46 ? static_cast<long>(msb(n)) + t.x.e : top;
    terms.push_back(t);
  }
  return partial(u, terms, 0, 1);
}

inline long floor_shift(long x, long n) { return x >> (n < 62 ? n : 62); }

/// 1.8, the recipe of the adder: a window of 62 bits around the tree and c.
inline std::uint64_t gaudi2_window(const unit& u, const partial_sum& tree, const number& c) {
  long s2 = static_cast<long>(tree.P * (integer(1) << static_cast<unsigned>(48 - u.F)));
  long es = *tree.e - 2;
  const long c2 = (c.negative ? -1 : 1) * static_cast<long>(c.m << 30);
  const long ec2 = c.e - 7;
  if ((s2 >> 35) == 0 || (s2 >> 35) == -1) {
    s2 *= 1L << 24;
    es -= 24;
  }
  const long e = std::max(es, ec2);
  const long x = floor_shift(s2, e - es), y = floor_shift(c2, e - ec2);
  const auto back = [](long q, long n, long whole) { return (q << (n < 62 ? n : 62)) != whole; };
  const bool sticky = back(x, e - es, s2) || back(y, e - ec2, c2);
  const long v = x + y;
  const long magnitude = v < 0 ? (sticky ? -v - 1 : -v) : v;
  const std::uint64_t sign = v < 0 ? 0x80000000 : 0;
  if (magnitude == 0) return sign;
  long L = static_cast<long>(msb(integer(magnitude)));
  long biased = e + 127 + 1 + (L - 47);
  if (biased == 0) ++L;
  const bool guard = L >= 24 && ((magnitude >> (L - 24)) & 1) != 0;
  const bool rest = L >= 25 && (sticky || magnitude % (1L << (L - 24)) != 0);
  long q = L >= 23 ? magnitude >> (L - 23) : magnitude << (23 - L);
  if (guard && (rest || q % 2 != 0)) ++q;
  // With biased = 0 the leading bit is one place lower; reaching it makes a normal number.
  if (q >= 1L << 24 || (biased == 0 && q >= 1L << 23)) {
    if (q >= 1L << 24) q /= 2;
    ++biased;
  }
  if (biased > 254) return sign | 0x7f800000;
  if (biased < 1) return sign;
  return sign | static_cast<std::uint64_t>(biased) << 23 |
         (static_cast<std::uint64_t>(q) & 0x7fffff);
}

inline result gaudi2(const unit& u, const operands& in) {
  step_operands s = step_of(u, in, places(0, in.a.size()));
  if (!u.reads_subnormals) {
    for (std::vector<number>* side : {&s.a, &s.b}) {
      for (number& x : *side) {
        if (x.cls == sort::finite && x.e < u.a.least_exponent()) x = {.negative = x.negative};
      }
    }
  }
  const number c = without_subnormals(unpack(f32, in.c), true);
  if (const special_result r = specials_of(u, s.a, s.b, &c); r.is_special) return r.value;
  const partial_sum tree = gaudi2_tree(u, s);
  if (tree.P == 0) return {c.is_zero() ? 0 : code_of(f32, c), false};
  if (c.is_zero()) {
    return {encode(f32, {tree.P, *tree.e - u.F}, {direction::nearest, flush::subnormal}), false};
  }
  return {gaudi2_window(u, tree, c), false};
}

/// The element of the result.
inline result element(const unit& u, const operands& in) {
  switch (u.how) {
    case order::fused_c:
    case order::groups_of_16:
    case order::fused_late:
    case order::even_odd: return aligned(u, in);
    case order::emulated: return emulated(u, in);
    case order::gaudi2: return gaudi2(u, in);
    case order::pairwise: return tree(u, in);
    case order::exact: return exact(u, in);
    case order::chain: return chain(u, in);
    case order::x86_pair:
    case order::x86_tile:
    case order::x86_row: return x86(u, in);
    case order::x86_exact: return x86_exact(u, in);
    case order::arm_odd: return arm_odd(u, in);
    case order::arm_pairs: return arm_pairs(u, in);
    case order::arm_exact: return arm_exact(u, in);
    case order::integers: break;
  }
  return integers(u, in);
}

}  // namespace oracle::mma

#endif  // LOWP_TESTS_ORACLE_MMA_HPP
