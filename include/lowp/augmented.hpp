// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operations with two results: the rounded one and its error, so that nothing is lost. The
/// augmented operations of IEEE 754-2019 section 9.5. spec/accumulation.md ACC-9.
#ifndef LOWP_AUGMENTED_HPP
#define LOWP_AUGMENTED_HPP

#include <cstdint>

#include "accumulator.hpp"
#include "arithmetic.hpp"

namespace lowp {

/// A rounded result and its error as codes of one format, with the flags of both.
struct augmented {
  code_t result = 0;
  code_t error = 0;
  status flags;
};

/// The same as numbers.
template <numeric T>
struct augmented_number {
  T result;
  T error;
};

namespace detail {

/// Ties toward zero: then the error of every sum is a number of the format.
LOWP_FN projection with_ties_to_zero(projection p) noexcept {
  p.round = rounding::to_nearest_zero;
  return p;
}

template <operation Op>
LOWP_FN value_range augmented_range(format x, format y, format to) noexcept {
  constexpr bool is_product = Op == operation::multiply;
  return unite(
      is_product ? range_with_products(x, y) : unite(range_of_values(x), range_of_values(y)),
      range_of_values(to));
}

/// x op y without rounding, less the value of a result.
template <operation Op>
LOWP_FN unrounded error_of(value_range range, bool surds, const exact& x, const exact& y,
                           const exact& result) noexcept {
  return with_accumulator(range, surds, [&](auto sum) {
    if constexpr (Op == operation::multiply) {
      sum.add_product(x, y);
    } else {
      sum.add(x);
      if constexpr (Op == operation::add) sum.add(y);
      if constexpr (Op == operation::subtract) sum.subtract(y);
    }
    sum.subtract(result);
    unrounded error = sum.result();
    if (error.value.cls == number_class::zero) error.value.negative = result.negative;
    return error;
  });
}

LOWP_FN bool is_zero_or_finite(const exact& x) noexcept {
  return x.cls == number_class::zero || x.cls == number_class::finite;
}

template <operation Op>
LOWP_FN augmented compute_augmented(value_range range, coded x, coded y, format to,
                                    const projection& p, std::uint64_t random) noexcept {
  const exact operands[] = {operand(x, p), operand(y, p)};
  const unrounded whole = exact_operation<Op>::of(operands, p);
  const encoded first = encode_with_status(to, whole.value, p, random);
  augmented r{first.code, first.code, first.flags};
  r.flags.bits |= whole.flags.bits;
  const exact result = decode(to, first.code);
  if (!is_zero_or_finite(whole.value) || !is_zero_or_finite(result)) return r;
  const bool surds = has_surds(x.f) || has_surds(y.f) || has_surds(to);
  const unrounded error = error_of<Op>(range, surds, operands[0], operands[1], result);
  const encoded second = encode_with_status(to, error.value, p, random);
  // What the first result lost is in the second.
  constexpr std::uint8_t loss = status::inexact | status::underflow;
  r.error = second.code;
  r.flags.bits &= static_cast<std::uint8_t>(~loss);
  r.flags.bits |= second.flags.bits | error.flags.bits;
  return r;
}

template <operation Op, numeric To, numeric X, numeric Y>
LOWP_FN augmented_number<To> compute_augmented(X x, Y y, const projection& p,
                                               std::uint64_t random) noexcept {
  constexpr value_range range = augmented_range<Op>(format_of<X>, format_of<Y>, format_of<To>);
  const augmented r = compute_augmented<Op>(range, {format_of<X>, to_code(x)},
                                            {format_of<Y>, to_code(y)}, format_of<To>, p, random);
  return {traits<To>::from_code(r.result), traits<To>::from_code(r.error)};
}

}  // namespace detail

/// x + y and its error. The default rounds as IEEE 754 has it, to nearest with ties toward zero;
/// any other projection may be given, and rounds the error, too. ACC-9
LOWP_FN augmented augmented_add(coded x, coded y, format to,
                                const projection& p = {.round = rounding::to_nearest_zero},
                                std::uint64_t random = 0) noexcept {
  return detail::compute_augmented<operation::add>(
      detail::augmented_range<operation::add>(x.f, y.f, to), x, y, to, p, random);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN augmented_number<To> augmented_add(
    X x, Y y, const projection& p = detail::with_ties_to_zero(detail::default_for<To>()),
    std::uint64_t random = 0) noexcept {
  return detail::compute_augmented<operation::add, To>(x, y, p, random);
}

/// x - y and its error. ACC-9
LOWP_FN augmented augmented_subtract(coded x, coded y, format to,
                                     const projection& p = {.round = rounding::to_nearest_zero},
                                     std::uint64_t random = 0) noexcept {
  return detail::compute_augmented<operation::subtract>(
      detail::augmented_range<operation::subtract>(x.f, y.f, to), x, y, to, p, random);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN augmented_number<To> augmented_subtract(
    X x, Y y, const projection& p = detail::with_ties_to_zero(detail::default_for<To>()),
    std::uint64_t random = 0) noexcept {
  return detail::compute_augmented<operation::subtract, To>(x, y, p, random);
}

/// x y and its error, which is rounded where the format does not reach down to it: inexact and
/// underflow tell. ACC-9
LOWP_FN augmented augmented_multiply(coded x, coded y, format to,
                                     const projection& p = {.round = rounding::to_nearest_zero},
                                     std::uint64_t random = 0) noexcept {
  return detail::compute_augmented<operation::multiply>(
      detail::augmented_range<operation::multiply>(x.f, y.f, to), x, y, to, p, random);
}
template <numeric To, numeric X, numeric Y>
LOWP_FN augmented_number<To> augmented_multiply(
    X x, Y y, const projection& p = detail::with_ties_to_zero(detail::default_for<To>()),
    std::uint64_t random = 0) noexcept {
  return detail::compute_augmented<operation::multiply, To>(x, y, p, random);
}

}  // namespace lowp

#endif  // LOWP_AUGMENTED_HPP
