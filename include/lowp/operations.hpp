// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every operation by its enumerator at run time, for tools that loop over the registry.
#ifndef LOWP_OPERATIONS_HPP
#define LOWP_OPERATIONS_HPP

#include "arithmetic.hpp"
#include "elementary.hpp"

namespace lowp {

namespace detail {

/// Halves [First, First + Count) until one operation is left.
template <int First, int Count>
LOWP_FN unrounded evaluate_within(operation op, const exact* x, const projection& p) noexcept {
  if constexpr (Count == 1) {
    return exact_operation<static_cast<operation>(First)>::of(x, p);
  } else {
    constexpr int half = Count / 2;
    return static_cast<int>(op) < First + half
               ? evaluate_within<First, half>(op, x, p)
               : evaluate_within<First + half, Count - half>(op, x, p);
  }
}

LOWP_FN unrounded evaluate_codes(operation op, const coded* x, const projection& p) noexcept {
  exact operands[3];
  for (int i = 0; i < operand_count(op); ++i) operands[i] = operand(x[i], p);
  return evaluate_within<0, operation_count>(op, operands, p);
}

}  // namespace detail

/// The exact result of an operation on as many exact values as it has operands. spec/arithmetic.md
/// ARI-1.
LOWP_FN unrounded evaluate(operation op, const exact* x, const projection& p = {}) noexcept {
  // A copy, as no operation is known here to read only as many as there are.
  exact operands[3];
  for (int i = 0; i < operand_count(op); ++i) operands[i] = x[i];
  return detail::evaluate_within<0, detail::operation_count>(op, operands, p);
}

/// The code of `to` that an operation gives for codes.
LOWP_FN code_t compute(operation op, format to, const projection& p, std::uint64_t random,
                       const coded* x) noexcept {
  return encode(to, detail::evaluate_codes(op, x, p).value, p, random);
}

/// The same with the flags. ARI-2.
LOWP_FN encoded compute_with_status(operation op, format to, const projection& p,
                                    std::uint64_t random, const coded* x) noexcept {
  const unrounded r = detail::evaluate_codes(op, x, p);
  encoded e = encode_with_status(to, r.value, p, random);
  e.flags.bits |= r.flags.bits;
  return e;
}

}  // namespace lowp

#endif  // LOWP_OPERATIONS_HPP
