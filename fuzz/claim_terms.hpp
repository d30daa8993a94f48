// SPDX-License-Identifier: Apache-2.0
/// \file
/// What an operation adds up before it rounds, for coverage of test vectors.
#ifndef LOWP_FUZZ_CLAIM_TERMS_HPP
#define LOWP_FUZZ_CLAIM_TERMS_HPP

#include <functional>
#include <vector>

#include "implementation.hpp"

namespace lowp::tool {

/// `claim::terms` of a model; empty where it has none.
std::function<void(const code_t*, std::vector<exact>&)> terms_of(const golden_model& model);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_CLAIM_TERMS_HPP
