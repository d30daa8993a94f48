// SPDX-License-Identifier: Apache-2.0
/// \file
/// Cases in which likely faults show.
#ifndef LOWP_FUZZ_PLUGIN_TELLING_CASES_HPP
#define LOWP_FUZZ_PLUGIN_TELLING_CASES_HPP

#include <cstdint>
#include <vector>

#include "../implementation.hpp"

namespace lowp::tool {

/// Operands, case after case, of directed and random cases in which the model with another
/// rounding, with subnormal results flushed, or one of the claim's suspects gives another result:
/// as many for each of these, ties among them. Some cases of the model if there are none.
std::vector<std::vector<code_t>> telling_cases(const golden_model& model, std::uint64_t seed);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PLUGIN_TELLING_CASES_HPP
