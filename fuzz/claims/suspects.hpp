// SPDX-License-Identifier: Apache-2.0
/// \file
/// What implementations are known to compute instead of what they claim.
#ifndef LOWP_FUZZ_CLAIMS_SUSPECTS_HPP
#define LOWP_FUZZ_CLAIMS_SUSPECTS_HPP

#include <vector>

#include "../implementation.hpp"

namespace lowp::tool {

/// Other roundings, flushes, overflow rules, and results that are rounded twice.
std::vector<suspect> suspects_of(const arithmetic_model& m);

/// Exchanged, reversed and missing operands of a dot product; `golden` is what is claimed.
std::vector<suspect> suspects_of(const dot_model& m, const case_function& golden);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_CLAIMS_SUSPECTS_HPP
