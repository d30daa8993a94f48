// SPDX-License-Identifier: Apache-2.0
/// \file
/// The known names that look most like a mistyped one.
#ifndef LOWP_FUZZ_SUGGEST_HPP
#define LOWP_FUZZ_SUGGEST_HPP

#include <string>
#include <string_view>
#include <vector>

namespace lowp::tool {

/// Up to three known names near `value`, nearest first; case counts little.
std::vector<std::string> nearest(std::string_view value, const std::vector<std::string>& known);

/// "; nearest: a, b" or nothing.
std::string nearest_text(std::string_view value, const std::vector<std::string>& known);

/// The same of the rows of a registry, which have a `name`.
template <class Rows>
std::string nearest_row_text(std::string_view value, const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(row.name);
  return nearest_text(value, names);
}

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_SUGGEST_HPP
