// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which suspects of a claim explain what an implementation returns.
#ifndef LOWP_FUZZ_DIAGNOSIS_SUSPECTS_HPP
#define LOWP_FUZZ_DIAGNOSIS_SUSPECTS_HPP

#include <cstdint>
#include <vector>

#include <lowp/golden/black_box.hpp>
#include <lowp/golden/finding.hpp>

#include "../claim.hpp"

namespace lowp::tool {

/// What differs from the claim, explained by as few suspects as will do: one that agrees with every
/// case, else those that agree with most of the wrong ones. Empty if nothing differs. `cases`:
/// where to write how many were asked, or null.
std::vector<golden::finding> explain_by_suspects(const claim& c, const golden::black_box& box,
                                                 std::uint64_t seed,
                                                 std::uint64_t* cases = nullptr);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_DIAGNOSIS_SUSPECTS_HPP
