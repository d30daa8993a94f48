// SPDX-License-Identifier: Apache-2.0
/// \file
/// The exact functions behind the operations of IEEE P3109, its omega-functions.
#ifndef LOWP_P3109_OMEGA_HPP
#define LOWP_P3109_OMEGA_HPP

#include "../arithmetic.hpp"
#include "../elementary.hpp"
#include "projection.hpp"

namespace lowp::p3109::detail {

/// Zero and NaN without sign: the report's values have only one of each.
LOWP_FN exact datum(const exact& X) noexcept {
  if (X.cls == number_class::nan) return exact_nan();
  return X.cls == number_class::zero ? exact_zero() : X;
}

/// Exact values to the exact value, by the tables of sections 4.10 and 4.11. spec/p3109.md IEP-5.
template <operation Op, class... Exact>
LOWP_FN exact omega(Version version, const Exact&... X) noexcept {
  const projection p{.rules = version == InterimReport_4_0 ? operation_rules::p3109_4_0
                                                           : operation_rules::p3109_2026_07};
  return datum(lowp::evaluate<Op>(p, X...).value);
}

}  // namespace lowp::p3109::detail

#endif  // LOWP_P3109_OMEGA_HPP
