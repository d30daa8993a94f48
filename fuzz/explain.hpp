// SPDX-License-Identifier: Apache-2.0
/// \file
/// What one mismatch means, in words.
#ifndef LOWP_FUZZ_EXPLAIN_HPP
#define LOWP_FUZZ_EXPLAIN_HPP

#include <string>
#include <vector>

#include "verify.hpp"

namespace lowp::tool {

/// What happened in a mismatch, line by line: inputs, expected and got in bits and values, and what
/// the difference looks like.
std::vector<std::string> explain(const implementation& row, const mismatch& m);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_EXPLAIN_HPP
