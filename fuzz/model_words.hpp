// SPDX-License-Identifier: Apache-2.0
/// \file
/// Matrix units as words, member by member.
#ifndef LOWP_FUZZ_MODEL_WORDS_HPP
#define LOWP_FUZZ_MODEL_WORDS_HPP

#include <string>
#include <vector>

#include <lowp/hardware/mma/mma_model.hpp>

namespace lowp::tool {

/// "k=8", "sum=aligned", "step: nan=all_ones": the members that are not the default.
std::vector<std::string> model_words(const mma_model& m);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_MODEL_WORDS_HPP
