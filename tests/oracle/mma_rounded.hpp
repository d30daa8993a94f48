// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle's chains, trees and exact sums, after mma.md 1.6, 5.1, 5.3 and 5.4, and integers
/// (1.10).
#ifndef LOWP_TESTS_ORACLE_MMA_ROUNDED_HPP
#define LOWP_TESTS_ORACLE_MMA_ROUNDED_HPP

#include "mma_aligned.hpp"

namespace oracle::mma {

/// x + y or x y + z in one rounding as IEEE 754 has it, to a number of the format.
inline number ieee_sum(const unit& u, const type& t, const std::vector<number>& a,
                       const std::vector<number>& b, const number& z, const rounding_rule& r) {
  if (const special_result s = specials_of(u, a, b, &z); s.is_special) {
    return s.value.code == infinity_code(u.d, true)    ? unpack(t, infinity_code(t, true))
           : s.value.code == infinity_code(u.d, false) ? unpack(t, infinity_code(t, false))
                                                       : number{.cls = sort::nan};
  }
  dyadic sum = value(z);
  bool all_negative_zeros = z.is_zero() && z.negative;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const dyadic p = value(a[i]) * value(b[i]);
    all_negative_zeros = all_negative_zeros && p.n == 0 && a[i].negative != b[i].negative;
    sum = sum + p;
  }
  return unpack(t, encode(t, sum, r, all_negative_zeros));
}
inline number ieee_fma(const unit& u, const type& t, const number& a, const number& b,
                       const number& z, const rounding_rule& r = {}) {
  return ieee_sum(u, t, {a}, {b}, z, r);
}
inline const number one{.m = 1};
inline const number plus_zero{};
inline const number minus_zero{.negative = true};
inline number ieee_add(const unit& u, const type& t, const number& x, const number& y,
                       const rounding_rule& r = {}) {
  return ieee_fma(u, t, x, one, y, r);
}

inline std::uint64_t code_of(const type& t, const number& x) {
  if (x.cls == sort::infinity) return infinity_code(t, x.negative);
  return encode(t, value(x), {}, x.negative);
}
inline result result_of(const unit& u, const number& x) {
  if (x.cls == sort::nan) return nan_of(u);
  return {code_of(u.d, x), false};
}

inline number without_subnormals(const number& x, bool keeps_sign) {
  if (!is_subnormal(x)) return x;
  return keeps_sign && x.negative ? minus_zero : plus_zero;
}

/// d = fma(a, b, d) in the order of k; products rounded first if the unit multiplies and adds
/// apart.
inline result chain(const unit& u, const operands& in) {
  number d = unpack(u.c, in.c);
  for (std::size_t i = 0; i < in.a.size(); ++i) {
    const number a = unpack(u.a, in.a[i]), b = unpack(u.b, in.b[i]);
    if (u.product.width == 0) {
      d = ieee_fma(u, u.d, a, b, d);
    } else {
      const bool negative = a.negative != b.negative;
      d = ieee_add(u, u.d, ieee_fma(u, u.product, a, b, negative ? minus_zero : plus_zero), d);
    }
  }
  return result_of(u, d);
}

/// A binary tree of rounded additions over the products of a group, then c + tree.
inline result tree(const unit& u, const operands& in) {
  const rounding_rule r{direction::nearest, u.flushes ? flush::subnormal : flush::no};
  number c = unpack(u.c, in.c);
  if (u.flushes && (is_subnormal(c) || c.is_zero())) c = plus_zero;
  for (std::size_t first = 0; first < in.a.size(); first += static_cast<std::size_t>(u.group)) {
    std::vector<number> level;
    for (std::size_t i = first; i < first + static_cast<std::size_t>(u.group); ++i) {
      number a = unpack(u.a, in.a[i]), b = unpack(u.b, in.b[i]);
      if (u.flushes) a = without_subnormals(a, false), b = without_subnormals(b, false);
      const number& zero = !u.add_zero && a.negative != b.negative ? minus_zero : plus_zero;
      level.push_back(ieee_fma(u, u.d, a, b, zero, r));
    }
    while (level.size() > 1) {
      std::vector<number> next;
      for (std::size_t i = 0; i + 1 < level.size(); i += 2) {
        next.push_back(ieee_add(u, u.d, level[i], level[i + 1], r));
      }
      if (level.size() % 2 != 0) next.push_back(level.back());
      level = next;
    }
    c = ieee_add(u, u.d, c, level[0], r);
  }
  return result_of(u, c);
}

/// One rounding of c and the products of a group; zero is +0.
inline result exact(const unit& u, const operands& in) {
  number c = unpack(u.c, in.c);
  for (int first = 0; first < u.k; first += u.group) {
    const auto begin = static_cast<std::size_t>(first);
    const step_operands s =
        step_of(u, in, places(begin, begin + static_cast<std::size_t>(u.group)));
    dyadic sum = value(c);
    for (std::size_t i = 0; i < s.a.size(); ++i) sum = sum + value(s.a[i]) * value(s.b[i]);
    c = ieee_sum(u, u.d, s.a, s.b, c, {});
    if (c.is_zero() && sum.n == 0) c = plus_zero;  // an underflow keeps its sign
  }
  return result_of(u, c);
}

// ---- x86

/// A value of binary32 on its way through a chain of x86: codes, because NaNs keep theirs.
inline std::uint64_t quieted(const type& t, const number& x) {
  const std::uint64_t quiet = std::uint64_t{1} << (f32.fraction - 1);
  const std::uint64_t fraction = x.nan_fraction << (f32.fraction - t.fraction);
  return infinity_code(f32, x.negative) | quiet | fraction;
}
inline constexpr std::uint64_t x86_default_nan = 0xffc00000;

/// F(x, y, z) of 5.1.
inline std::uint64_t x86_fma(const unit& u, const type& t, number x, number y, std::uint64_t of_z) {
  if (!u.reads_subnormals) x = without_subnormals(x, true), y = without_subnormals(y, true);
  const number z = without_subnormals(unpack(f32, of_z), true);
  if (x.cls == sort::nan) return quieted(t, x);
  if (y.cls == sort::nan) return quieted(t, y);
  if (z.cls == sort::nan) return quieted(f32, z);
  const number r = ieee_fma(u, f32, x, y, z, {direction::nearest, flush::tiny_after});
  return r.cls == sort::nan ? x86_default_nan : code_of(f32, r);
}
inline std::uint64_t x86_add(const unit& u, std::uint64_t x, std::uint64_t y) {
  const number a = without_subnormals(unpack(f32, x), true),
               b = without_subnormals(unpack(f32, y), true);
  if (a.cls == sort::nan) return quieted(f32, a);
  if (b.cls == sort::nan) return quieted(f32, b);
  const number r = ieee_add(u, f32, a, b, {direction::nearest, flush::tiny_after});
  return r.cls == sort::nan ? x86_default_nan : code_of(f32, r);
}

/// The factor of an x86 instruction; TF32 cuts a binary32 number that was quieted first.
inline number x86_factor(const unit& u, const type& t, std::uint64_t code) {
  if (u.held == container::own) return unpack(t, code);
  const number x = unpack(f32, code);
  return unpack(tf32, (x.cls == sort::nan ? quieted(f32, x) : code) >> 13);
}

inline result x86(const unit& u, const operands& in) {
  const auto a = [&](std::size_t i) { return x86_factor(u, u.a, in.a[i]); };
  const auto b = [&](std::size_t i) { return x86_factor(u, u.b, in.b[i]); };
  if (u.how == order::x86_pair) {
    const std::uint64_t t = x86_fma(u, u.a, a(1), b(1), in.c);
    return {x86_fma(u, u.a, a(0), b(0), t), false};
  }
  std::uint64_t even = 0, odd = 0;
  const std::size_t step = u.how == order::x86_tile ? 2 : 1;
  for (std::size_t i = 0; i < in.a.size(); i += step) {
    even = x86_fma(u, u.a, a(i), b(i), even);
    if (step == 2) odd = x86_fma(u, u.a, a(i + 1), b(i + 1), odd);
  }
  return {x86_add(u, in.c, step == 2 ? x86_add(u, even, odd) : even), false};
}

/// AMX-FP8: the products exactly, rounded once, added to c. Which NaN is not said.
inline result x86_exact(const unit& u, const operands& in) {
  const step_operands s = step_of(u, in, places(0, in.a.size()));
  const number sum = ieee_sum(u, f32, s.a, s.b, plus_zero, {});
  const number c = without_subnormals(unpack(f32, in.c), true);
  const number r = ieee_add(u, f32, c, sum, {direction::nearest, flush::tiny_after});
  return r.cls == sort::nan ? result{0, true} : result{code_of(f32, r), false};
}

// ---- Arm

/// BFDotAdd: every operation rounded to odd.
inline result arm_odd(const unit& u, const operands& in) {
  const rounding_rule odd{direction::odd, flush::tiny_before};
  number c = without_subnormals(unpack(f32, in.c), true);
  const auto read = [](std::uint64_t code) { return without_subnormals(unpack(bf16, code), true); };
  for (std::size_t i = 0; i < in.a.size(); i += 2) {
    number p[2];
    for (std::size_t j = 0; j < 2; ++j) {
      const number a = read(in.a[i + j]), b = read(in.b[i + j]);
      p[j] = ieee_fma(u, f32, a, b, a.negative != b.negative ? minus_zero : plus_zero, odd);
    }
    c = ieee_add(u, f32, c, ieee_add(u, f32, p[0], p[1], odd), odd);
  }
  return result_of(u, c);
}

/// p = round(a0 b0 + a1 b1); pairs of pairs are added, rounded; then c.
inline result arm_pairs(const unit& u, const operands& in) {
  number c = unpack(f32, in.c);
  std::vector<number> pairs;
  for (std::size_t i = 0; i < in.a.size(); i += 2) {
    const number x = unpack(u.a, in.a[i]), y = unpack(u.b, in.b[i]);
    // The sum of two zeros of one sign keeps it: minus_zero is the neutral element.
    pairs.push_back(ieee_sum(u, f32, {x, unpack(u.a, in.a[i + 1])}, {y, unpack(u.b, in.b[i + 1])},
                             minus_zero, {}));
  }
  for (std::size_t i = 0; i < pairs.size(); i += static_cast<std::size_t>(u.group) / 2) {
    number p = pairs[i];
    if (u.group == 4) p = ieee_add(u, f32, p, pairs[i + 1]);
    c = ieee_add(u, f32, c, p);
  }
  return result_of(u, c);
}

/// FP8DotAdd: RNE(c + 2^-LSCALE x sum), zeros of one sign keep it.
inline result arm_exact(const unit& u, const operands& in) {
  step_operands s = step_of(u, in, places(0, in.a.size()));
  for (number& x : s.a) x.e += in.exponent;
  const number d =
      ieee_sum(u, u.d, s.a, s.b, unpack(u.c, in.c), {direction::nearest, flush::no, u.saturates});
  return result_of(u, d);
}

// ---- integers

inline long integer_of(std::uint64_t code, int bits, bool is_signed) {
  const std::uint64_t one = 1;
  const auto n = static_cast<long>(code & ((one << bits) - 1));
  return is_signed && ((code >> (bits - 1)) & 1) != 0 ? n - (1L << bits) : n;
}

inline result integers(const unit& u, const operands& in) {
  integer sum = integer_of(in.c, 32, u.signed_d);
  const integer least = u.signed_d ? -(integer(1) << 31) : integer(0), span = integer(1) << 32,
                greatest = least + span - 1;
  for (std::size_t i = 0; i < in.a.size(); ++i) {
    if (u.one_bit) {
      const std::uint64_t x = in.a[i] & 1, y = in.b[i] & 1;
      sum += u.exclusive_or ? (x ^ y) : (x & y);
    } else {
      sum += integer(integer_of(in.a[i], u.bits_a, u.signed_a)) *
             integer_of(in.b[i], u.bits_b, u.signed_b);
    }
    if ((i + 1) % static_cast<std::size_t>(u.group) != 0) continue;
    if (u.saturates) {
      sum = sum < least ? least : sum > greatest ? greatest : sum;
    } else {
      sum = ((sum - least) % span + span) % span + least;
    }
  }
  return {static_cast<std::uint64_t>((sum % span + span) % span), false};
}

}  // namespace oracle::mma

#endif  // LOWP_TESTS_ORACLE_MMA_ROUNDED_HPP
