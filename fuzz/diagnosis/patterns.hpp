// SPDX-License-Identifier: Apache-2.0
/// \file
/// What wrong cases have in common that no cause explains. spec/golden.md GLD-7.
#ifndef LOWP_FUZZ_DIAGNOSIS_PATTERNS_HPP
#define LOWP_FUZZ_DIAGNOSIS_PATTERNS_HPP

#include <string>
#include <vector>

#include "../claim.hpp"

namespace lowp::tool {

/// A case with its results.
struct judged_case {
  const code_t* in;
  const code_t* expected;
  const code_t* got;
};

/// "an operand is subnormal; the result is 3 codes too high; its sign is flipped": what holds for
/// all wrong cases, and of their operands and expected results only what holds for less than half
/// of the right ones. Judged by the first result that differs. Empty if nothing does.
std::string common_pattern(const claim& c, const std::vector<judged_case>& wrong,
                           const std::vector<judged_case>& right);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_DIAGNOSIS_PATTERNS_HPP
