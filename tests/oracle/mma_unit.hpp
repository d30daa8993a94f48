// SPDX-License-Identifier: Apache-2.0
/// \file
/// Parameters of the oracle's matrix units, one element's operands and result, special values.
#ifndef LOWP_TESTS_ORACLE_MMA_UNIT_HPP
#define LOWP_TESTS_ORACLE_MMA_UNIT_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mma_numbers.hpp"

namespace oracle::mma {

/// The ways of adding, by their names in mma.md.
enum class order {
  fused_c,
  groups_of_16,
  fused_late,
  even_odd,
  pairwise,
  exact,
  chain,
  emulated,
  gaudi2,
  x86_pair,   ///< odd product first, from c on
  x86_tile,   ///< chains of even and of odd products from +0, joined, then c
  x86_row,    ///< one chain from +0, then c
  x86_exact,  ///< one rounding of the products, then c
  arm_odd,    ///< rounded to odd: products, pairs, sums
  arm_pairs,  ///< pairs in one rounding, pairs of pairs, sums
  arm_exact,
  integers,
};

enum class container { own, cut_f32, rounded_f32 };

struct unit {
  order how = order::fused_c;
  type a{}, b{}, c{}, d{};
  container held = container::own;
  int k = 0, group = 0;
  int F = 0;
  long floor_e = -1000000;
  rounding_rule out{direction::zero};
  int dropped = 0;                ///< fraction bits of d that the accumulator does not have
  std::uint64_t nan = 0;          ///< canonical NaN
  bool any_nan = false;           ///< which NaN is not said
  bool minus_126 = false;         ///< zeros take part in the alignment
  bool normalises = false;        ///< subnormal factors
  bool split = false;             ///< factors in hi and lo
  bool flushes = false;           ///< subnormal operands of a tree are zeros
  bool add_zero = false;          ///< products of a tree are a b + 0
  bool reads_subnormals = false;  ///< x86, Gaudi: of a and b
  type product{};                 ///< chain: format of rounded products
  type scale{};
  int block = 0;
  // Integers.
  int bits_a = 0, bits_b = 0;
  bool signed_a = true, signed_b = true, signed_d = true, saturates = false;
  bool one_bit = false, exclusive_or = false;

  bool operator==(const unit&) const = default;
};

struct operands {
  std::vector<std::uint64_t> a, b, sa, sb;
  std::uint64_t c = 0;
  long exponent = 0;  ///< all products are multiplied by two to this power
};

struct result {
  std::uint64_t code = 0;
  bool any_nan = false;  ///< any NaN will do
};

/// The factor that a code stands for.
inline number factor(const unit& u, const type& t, std::uint64_t code) {
  if (u.held == container::own) {
    const number x = unpack(t, code);
    return u.normalises ? normalised(x) : x;
  }
  if (u.held == container::rounded_f32) {
    const number x = unpack(f32, code);
    if (x.cls == sort::nan) return x;
    if (is_subnormal(x) && !u.reads_subnormals) return {.negative = x.negative};
    const std::uint64_t sign = x.negative ? std::uint64_t{1} << 18 : 0;
    if (x.cls == sort::infinity) return unpack(tf32, infinity_code(tf32, x.negative));
    const number y = unpack(tf32, encode(tf32, value(x), {}, sign != 0));
    return u.normalises ? normalised(y) : y;
  }
  return unpack(tf32, code >> 13);
}

/// What special operands make of a sum of products and c.
struct special_result {
  bool is_special = false;
  result value{};
};

inline result nan_of(const unit& u) { return {u.nan, u.any_nan}; }

/// The rule that most units share: NaN operand, infinity x 0, infinities of both signs: NaN; else
/// an infinity wins.
inline special_result specials_of(const unit& u, const std::vector<number>& a,
                                  const std::vector<number>& b, const number* c) {
  bool nan = false, plus = false, minus = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].cls == sort::nan || b[i].cls == sort::nan) nan = true;
    if (a[i].cls != sort::infinity && b[i].cls != sort::infinity) continue;
    if (a[i].is_zero() || b[i].is_zero()) nan = true;
    (a[i].negative != b[i].negative ? minus : plus) = true;
  }
  if (c != nullptr && c->cls == sort::nan) nan = true;
  if (c != nullptr && c->cls == sort::infinity) (c->negative ? minus : plus) = true;
  if (nan || (plus && minus)) return {true, nan_of(u)};
  if (plus || minus) return {true, {infinity_code(u.d, minus), false}};
  return {};
}

}  // namespace oracle::mma

#endif  // LOWP_TESTS_ORACLE_MMA_UNIT_HPP
