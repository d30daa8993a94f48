// SPDX-License-Identifier: Apache-2.0
/// \file
/// What is wrong with an implementation, and what it does instead. spec/golden.md GLD-7.
#ifndef LOWP_FUZZ_DIAGNOSIS_DIAGNOSE_HPP
#define LOWP_FUZZ_DIAGNOSIS_DIAGNOSE_HPP

#include <cstdint>
#include <vector>

#include <lowp/golden/finding.hpp>

#include "../implementation.hpp"

namespace lowp::tool {

/// Asks the implementation again, at places that tell causes apart. Empty if nothing is wrong.
std::vector<golden::finding> diagnose(const implementation& row, std::uint64_t seed);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_DIAGNOSIS_DIAGNOSE_HPP
