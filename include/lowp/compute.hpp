// SPDX-License-Identifier: Apache-2.0
/// \file
/// How every operation runs: decode the operands, one exact function, one projection. The functions
/// that people call are in arithmetic.hpp and elementary.hpp.
#ifndef LOWP_COMPUTE_HPP
#define LOWP_COMPUTE_HPP

#include <cstdint>

#include "convert.hpp"
#include "detail/short_arithmetic.hpp"
#include "operation.hpp"

namespace lowp {

/// A number of any format: an operand.
struct coded {
  format f;
  code_t code = 0;
};

/// The result of an operation before its projection. `flags` are those of the operation itself:
/// invalid and divide_by_zero.
struct unrounded {
  exact value;
  status flags;
};

namespace detail {

/// What an operation does to exact values. One specialisation per operation, in
/// detail/*_operations.hpp, with
///   static unrounded of(const exact* x, const projection& p);
/// The operands may be anything; the projection tells the rules and, for the sign of zero sums, the
/// rounding direction.
template <operation Op>
struct exact_operation;

LOWP_FN exact operand(coded x, const projection& p) noexcept {
  return apply_input_rule(x.f, lowp::decode(x.f, x.code), p.subnormal_input);
}

}  // namespace detail

/// The exact result of an operation on exact values that codes have: 64 bits without a rest, or the
/// irrational ones of logarithmic formats. spec/arithmetic.md ARI-1.
template <operation Op, class... Exact>
LOWP_FN unrounded evaluate(const projection& p, const Exact&... x) noexcept {
  static_assert(sizeof...(x) == operand_count(Op), "lowp: wrong number of operands");
  const exact operands[] = {x...};
  return detail::exact_operation<Op>::of(operands, p);
}

namespace detail {

template <operation Op, class... Coded>
LOWP_FN code_t compute_by_value(format to, const projection& p, std::uint64_t random,
                                const Coded&... x) noexcept {
  return lowp::encode(to, evaluate<Op>(p, operand(x, p)...).value, p, random);
}

}  // namespace detail

/// The code of `to` that an operation gives: operands of any formats, one projection.
/// spec/arithmetic.md ARI-1. `random` as in `encode`.
// Inlined, so that constant formats and a constant projection fold.
template <operation Op, class... Coded>
LOWP_INLINE_FN code_t compute(format to, const projection& p, std::uint64_t random,
                              Coded... x) noexcept {
  if constexpr (detail::has_short_way(Op)) {
    if (detail::can_short<Op>(to, p, x...)) return detail::short_way<Op>(to, p, x...);
  }
  return detail::compute_by_value<Op>(to, p, random, x...);
}

/// The same with the exception flags of the operation and of the projection. ARI-2.
template <operation Op, class... Coded>
LOWP_FN encoded compute_with_status(format to, const projection& p, std::uint64_t random,
                                    Coded... x) noexcept {
  const unrounded r = evaluate<Op>(p, detail::operand(x, p)...);
  encoded e = encode_with_status(to, r.value, p, random);
  e.flags.bits |= r.flags.bits;
  return e;
}

}  // namespace lowp

#endif  // LOWP_COMPUTE_HPP
