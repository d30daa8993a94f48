// SPDX-License-Identifier: Apache-2.0
/// \file
/// Projections as words: "overflow=saturate", for claims and command lines.
#ifndef LOWP_FUZZ_PROJECTION_WORDS_HPP
#define LOWP_FUZZ_PROJECTION_WORDS_HPP

#include <string>
#include <string_view>
#include <vector>

#include <lowp/projection.hpp>

namespace lowp::tool {

/// The names of all members of a projection.
std::vector<std::string> projection_member_names();

/// The values that a member takes, as `set_member` reads them: "to_nearest_even", ..., or "true",
/// "false", or "0 to 32".
std::vector<std::string> projection_member_values(std::string_view name);

/// Sets the member `name` to what `value` says: an enumerator's name, true, false or a number.
/// usage_error if there is no such member or value.
void set_member(projection& p, std::string_view name, std::string_view value);

/// "round=toward_zero overflow=saturate": the members that are not the default; empty if all are.
std::string projection_words(const projection& p);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PROJECTION_WORDS_HPP
