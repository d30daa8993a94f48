// SPDX-License-Identifier: Apache-2.0
/// \file
/// All names of registered formats, and formats from the command line.
#ifndef LOWP_FUZZ_FORMAT_NAMES_HPP
#define LOWP_FUZZ_FORMAT_NAMES_HPP

#include <string>
#include <vector>

#include <lowp/lowp.hpp>

namespace lowp::tool {

/// Id, type name, then the names in other ecosystems, without repetitions of those.
std::vector<std::string> names_of(const named_format& f);

/// Every name that `parse_format` knows by heart.
std::vector<std::string> all_format_names();

/// The id of a registered format; a name that `parse_format` reads, or "e3m12", of others.
std::string format_text(const format& f);

/// The format of that name; usage_error with the nearest known names if there is none.
format parse_format_argument(const std::string& name);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_FORMAT_NAMES_HPP
