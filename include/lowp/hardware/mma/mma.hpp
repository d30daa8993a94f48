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

/// A step on a grid.
LOWP_FN mma_value aligned_step(const prepared_mma& u, const mma_operands& x, int first,
                               mma_value c) noexcept {
  const mma_model& m = u.model;
  aligned_terms terms;
  read_terms(u, x, first, terms);
  terms.specials.add(c.cls, c.negative);
  if (terms.specials.any()) return round_exact(u.step, terms.specials.sum(exact_nan()));
  if (terms.huge.any()) return round_exact(u.step, terms.huge.sum(exact_nan()));
  if (m.sum == mma_sum::aligned && m.entry != accumulator_entry::after_step) {
    return aligned_in_step(u, x, first, terms, c);
  }
  const aligned_sum products = aligned_products(m, x, first, terms);
  return m.sum == mma_sum::gaudi2 ? gaudi2_step(u, products, c)
                                  : aligned_after_step(u, products, c);
}

/// Steps one after the other.
LOWP_FN mma_value add_steps(const prepared_mma& u, const mma_operands& x, mma_value sum) noexcept {
  const mma_model& m = u.model;
  const bool after = m.entry == accumulator_entry::after_step;
  for (int first = 0; first < m.k; first += m.group) {
    switch (m.sum) {
      case mma_sum::aligned:
      case mma_sum::gaudi2: sum = aligned_step(u, x, first, sum); break;
      case mma_sum::tree: sum = add_rounded(u, u.step, sum, tree_of(u, x, first)); break;
      default: {
        const mma_value s = exact_step(u, x, first, after ? nullptr : &sum);
        sum = after ? add_rounded(u, u.join, sum, s) : s;
      }
    }
  }
  return sum;
}

LOWP_FN mma_value chain_step(const prepared_mma& u, const mma_operands& x, mma_value c) noexcept {
  const mma_value zero = value_of(exact_zero());
  if (u.model.entry == accumulator_entry::in_step) return chain_of(u, x, 0, c);
  const mma_value sum = chain_of(u, x, 0, zero);
  if (u.model.chains == 1) return sum;
  return add_rounded(u, u.step, sum, chain_of(u, x, 1, zero));
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
  exact c = decode_as<minifloat>(m.c, code);
  if (m.read_c.subnormal_input != subnormal_input_rule::keep) {
    c = apply_input_rule(m.c, c, m.read_c.subnormal_input);
  }
  if (c.cls == number_class::zero && m.read_c.zero_sign == sign_rule::positive) c.negative = false;
  return c;
}
LOWP_FN mma_value read_addend(const mma_model& m, code_t code) noexcept {
  if (mma_operand x; read_normal(m.c, code, x)) return as_value(m.c, x);
  return value_of(read_c(m, code));
}

}  // namespace detail

/// The code of d that the instruction returns for c plus the product of `m.k` factors of a row and
/// a column. The model must pass `check`. spec/mma.md MMA-1.
LOWP_FN code_t multiply_add(const prepared_mma& u, const mma_operands& x, code_t c) noexcept {
  const mma_model& m = u.model;
  if (m.sum == mma_sum::integer) return detail::integer_multiply_add(m, x, c);
  const bool after_all = m.entry == accumulator_entry::after_all;
  const detail::mma_value addend = detail::read_addend(m, c);
  const detail::mma_value begin = after_all ? detail::value_of(exact_zero()) : addend;
  detail::mma_value sum =
      m.sum == mma_sum::chain ? detail::chain_step(u, x, begin) : detail::add_steps(u, x, begin);
  if (after_all) sum = detail::add_rounded(u, u.join, addend, sum);
  return detail::encode_value(u.result, sum);
}
LOWP_FN code_t multiply_add(const mma_model& m, const mma_operands& x, code_t c) noexcept {
  return multiply_add(prepare(m), x, c);
}

/// The same from codes: `m.k` of a and b, and of scales one per `m.scale_block` (else null).
template <class Code>
LOWP_FN code_t multiply_add(const prepared_mma& u, const Code* a, const Code* b, code_t c,
                            const Code* scale_a = nullptr, const Code* scale_b = nullptr,
                            std::int32_t exponent = 0) noexcept {
  const mma_model& m = u.model;
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
  return multiply_add(u, {row, column, row_scales, column_scales, exponent}, c);
}
template <class Code>
LOWP_FN code_t multiply_add(const mma_model& m, const Code* a, const Code* b, code_t c,
                            const Code* scale_a = nullptr, const Code* scale_b = nullptr,
                            std::int32_t exponent = 0) noexcept {
  return multiply_add(prepare(m), a, b, c, scale_a, scale_b, exponent);
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_MMA_MMA_HPP
