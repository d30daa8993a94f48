// SPDX-License-Identifier: Apache-2.0
/// \file
/// Names of functions as SoftFloat and TestFloat write them: f32_to_e4m3fn, e5m2_mulAdd.
#ifndef LOWP_FUZZ_VECTORS_FUNCTION_NAMES_HPP
#define LOWP_FUZZ_VECTORS_FUNCTION_NAMES_HPP

#include <string>

namespace lowp::tool {

/// Can `word`, the first of a claim, only be the name of a function?
bool is_function_name(const std::string& word);

/// The same as the words of a claim: "convert f32 e4m3fn", "fma e5m2". usage_error with the nearest
/// known names if a part of it is unknown.
std::string claim_of_function(const std::string& name);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_VECTORS_FUNCTION_NAMES_HPP
