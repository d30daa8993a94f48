// SPDX-License-Identifier: Apache-2.0
/// \file
/// The way of algebraic operations on operands that are no dyadic numbers: values 2^(i/64) x 2^n of
/// logarithmic formats.
#ifndef LOWP_DETAIL_IRRATIONAL_HPP
#define LOWP_DETAIL_IRRATIONAL_HPP

#include "../compute.hpp"

namespace lowp::detail {

/// add, subtract, multiply, divide, fma, faa, sqrt, recip, rsqrt, hypot of finite non-zero operands
/// within their domains.
LOWP_FN unrounded algebraic_on_irrationals(operation, const exact*, const projection&) noexcept {
  return {exact_nan(), {status::invalid}};  // FIXME engine
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_IRRATIONAL_HPP
