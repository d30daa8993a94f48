// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operands at which arithmetic goes wrong: exact results at and next to a code of the result's
/// format, a middle between two, its subnormals, its ends; sums that cancel.
#ifndef LOWP_FUZZ_ARITHMETIC_INPUTS_HPP
#define LOWP_FUZZ_ARITHMETIC_INPUTS_HPP

#include <cstdint>
#include <vector>

#include "arithmetic_model.hpp"
#include "inputs.hpp"

namespace lowp::tool {

/// All combinations of special codes (fewer of them for three operands), then operands that are
/// solved for results on boundaries, then some random ones.
std::vector<operands> directed_arithmetic(const arithmetic_model& m);

/// A pseudo-random case: a quarter uniform codes, a quarter short significands and near exponents,
/// a quarter solved for a result near a tie or a cancellation, a quarter for the ends of the range.
operands random_arithmetic(const arithmetic_model& m, std::uint64_t seed, std::uint64_t index);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_ARITHMETIC_INPUTS_HPP
