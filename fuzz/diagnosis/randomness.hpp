// SPDX-License-Identifier: Apache-2.0
/// \file
/// Implementations that draw random bits themselves: each result may be legal and all of them
/// together wrong.
#ifndef LOWP_FUZZ_DIAGNOSIS_RANDOMNESS_HPP
#define LOWP_FUZZ_DIAGNOSIS_RANDOMNESS_HPP

#include <cstdint>
#include <vector>

#include <lowp/golden/finding.hpp>

#include "../claim.hpp"
#include "../implementation.hpp"

namespace lowp::tool {

/// What is wrong with the random bits of a conversion that rounds stochastically by its own:
/// constant or biased, periodic, equal for all seeds or streams, dependent on how an array is cut,
/// different in equal calls. Decided at five standard deviations.
std::vector<golden::finding> audit_randomness(const implementation& row, const claim& c,
                                              std::uint64_t seed);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_DIAGNOSIS_RANDOMNESS_HPP
