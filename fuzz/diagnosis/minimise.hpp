// SPDX-License-Identifier: Apache-2.0
/// \file
/// Small cases out of those that a search happens to meet.
#ifndef LOWP_FUZZ_DIAGNOSIS_MINIMISE_HPP
#define LOWP_FUZZ_DIAGNOSIS_MINIMISE_HPP

#include "../verify.hpp"

namespace lowp::tool {

/// A case that differs as this one does (in a number, or else in the sign of zero, or only in the
/// code of a NaN) with as many operands zero and then as many low bits zero as could be had one
/// after the other. The case itself where it does not differ when it is run alone, or where the
/// implementation fails.
mismatch minimise(const implementation& row, const mismatch& found);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_DIAGNOSIS_MINIMISE_HPP
