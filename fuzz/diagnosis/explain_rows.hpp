// SPDX-License-Identifier: Apache-2.0
/// \file
/// The causes of what a check found.
#ifndef LOWP_FUZZ_DIAGNOSIS_EXPLAIN_ROWS_HPP
#define LOWP_FUZZ_DIAGNOSIS_EXPLAIN_ROWS_HPP

#include <cstdint>
#include <vector>

#include "../verify.hpp"

namespace lowp::tool {

/// Adds to rows with mismatches, and those that draw random bits, their findings, with `maps` where
/// they go wrong, too; first mismatches of samples become as small as can be. Each rank explains
/// one in so many; all have the same rows, before and after.
void add_findings(std::vector<row_result>& rows, std::uint64_t seed, bool maps, team& ranks);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_DIAGNOSIS_EXPLAIN_ROWS_HPP
