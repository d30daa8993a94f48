// SPDX-License-Identifier: Apache-2.0
/// \file
/// One element of the result of a matrix instruction, bit for bit: the engine that runs every
/// `mma_model`. spec/mma.md MMA-1.
#ifndef LOWP_HARDWARE_MMA_MMA_HPP
#define LOWP_HARDWARE_MMA_MMA_HPP

#include <cstdint>

#include "mma_aligned.hpp"
#include "mma_gaudi2.hpp"
#include "mma_rounded.hpp"

namespace lowp {

namespace detail {

/// Special values of a step with the accumulator; `m.nan` is canonical.
LOWP_FN special_addends specials_of_step(const mma_model& m, const mma_operands& x, int first,
                                         const exact& c) noexcept {
  special_addends s;
  for (int i = first; i < first + m.group; ++i) {
    const int at = product_at(m, i);
    s.add_product(x.a[at], x.b[at]);
    s.is_nan = s.is_nan || scale_at(m, x, at).is_nan;
  }
  s.add(c.cls, c.negative);
  return s;
}

/// Products of 2^128 and more.
LOWP_FN special_addends huge_products(const mma_model& m, const mma_operands& x,
                                      int first) noexcept {
  special_addends s;
  if (!m.huge_products_are_infinite) return s;
  for (int i = first; i < first + m.group; ++i) {
    const aligned_term t = product_term(m, x, product_at(m, i));
    if (t.magnitude != 0 && t.unit + 128 - leading_zeros_wide(t.magnitude) > 128) {
      s.add(number_class::infinity, t.negative);
    }
  }
  return s;
}

/// The result of a step on a grid, before it is rounded.
LOWP_FN exact aligned_step(const mma_model& m, const mma_operands& x, int first,
                           const exact& c) noexcept {
  const special_addends specials = specials_of_step(m, x, first, c);
  if (specials.any()) return specials.sum();
  const special_addends huge = huge_products(m, x, first);
  if (huge.any()) return huge.sum();
  if (m.sum == mma_sum::gaudi2) return gaudi2_step(m, x, first, c);
  if (m.entry == accumulator_entry::after_step) return aligned_after_step(m, x, first, c);
  return aligned_in_step(m, x, first, c);
}

/// Steps one after the other.
LOWP_FN exact add_steps(const mma_model& m, const mma_operands& x, exact sum) noexcept {
  const bool after = m.entry == accumulator_entry::after_step;
  for (int first = 0; first < m.k; first += m.group) {
    switch (m.sum) {
      case mma_sum::aligned:
      case mma_sum::gaudi2: sum = rounded(m, aligned_step(m, x, first, sum), m.step); break;
      case mma_sum::tree: sum = rounded(m, add_exact(m, sum, tree_of(m, x, first)), m.step); break;
      default: {
        const exact s = rounded(m, exact_step(m, x, first, after ? nullptr : &sum), m.step);
        sum = after ? rounded(m, add_exact(m, sum, s), m.join) : s;
      }
    }
  }
  return sum;
}

LOWP_FN exact chain_step(const mma_model& m, const mma_operands& x, const exact& c) noexcept {
  if (m.entry == accumulator_entry::in_step) return chain_of(m, x, 0, c);
  exact sum = chain_of(m, x, 0, exact_zero());
  if (m.chains == 2) {
    sum = rounded(m, add_exact(m, sum, chain_of(m, x, 1, exact_zero())), m.step);
  }
  return sum;
}

LOWP_FN code_t integer_multiply_add(const mma_model& m, const mma_operands& x, code_t c) noexcept {
  std::int64_t sum = integer_value(m.c, c);
  for (int first = 0; first < m.k; first += m.group) {
    for (int i = first; i < first + m.group; ++i) {
      const int at = product_at(m, i);
      const auto a = static_cast<std::int64_t>(x.a[at].significand);
      const auto b = static_cast<std::int64_t>(x.b[at].significand);
      sum += m.exclusive_or ? (a ^ b) : a * b;
    }
    sum = integer_value(m.d, integer_code(m.d, sum, m.overflow));
  }
  return integer_code(m.d, sum, integer_overflow::wrap);
}

/// The operand that is added, with its rule for subnormals.
LOWP_FN exact read_c(const mma_model& m, code_t code) noexcept {
  exact c = apply_input_rule(m.c, decode(m.c, code), m.read_c.subnormal_input);
  if (c.cls == number_class::zero && m.read_c.zero_sign == sign_rule::positive) c.negative = false;
  return c;
}

}  // namespace detail

/// The code of d that the instruction returns for c plus the product of `m.k` factors of a row and
/// a column. The model must pass `check`. spec/mma.md MMA-1.
LOWP_FN code_t multiply_add(const mma_model& m, const mma_operands& x, code_t c) noexcept {
  if (m.sum == mma_sum::integer) return detail::integer_multiply_add(m, x, c);
  const exact addend = detail::read_c(m, c);
  const bool after_all = m.entry == accumulator_entry::after_all;
  exact sum = m.sum == mma_sum::chain ? detail::chain_step(m, x, addend)
                                      : detail::add_steps(m, x, after_all ? exact_zero() : addend);
  if (after_all) sum = detail::rounded(m, detail::add_exact(m, addend, sum), m.join);
  return encode(m.d, sum, m.step);
}

/// The same from codes: `m.k` of a and b, and of scales one per `m.scale_block` (else null).
template <class Code>
LOWP_FN code_t multiply_add(const mma_model& m, const Code* a, const Code* b, code_t c,
                            const Code* scale_a = nullptr, const Code* scale_b = nullptr,
                            std::int32_t exponent = 0) noexcept {
  mma_operand row[most_products], column[most_products];
  mma_operand row_scales[most_products], column_scales[most_products];
  for (int i = 0; i < m.k; ++i) {
    row[i] = read_a(m, a[i]);
    column[i] = read_b(m, b[i]);
  }
  for (int i = 0; m.scale_block != 0 && i < m.k / m.scale_block; ++i) {
    row_scales[i] = read_scale(m, scale_a[i]);
    column_scales[i] = read_scale(m, scale_b[i]);
  }
  return multiply_add(m, {row, column, row_scales, column_scales, exponent}, c);
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_MMA_MMA_HPP
