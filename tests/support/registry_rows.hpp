// SPDX-License-Identifier: Apache-2.0
/// \file
/// What every registry keeps: each row has a name of its own, which finds it, and says who uses it,
/// what it is and where that stands.
#ifndef LOWP_TESTS_SUPPORT_REGISTRY_ROWS_HPP
#define LOWP_TESTS_SUPPORT_REGISTRY_ROWS_HPP

#include <algorithm>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

/// Names as people type them on a command line.
inline bool is_identifier(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

/// Names of several words.
inline bool is_phrase(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

/// The name finds the row itself, so that no other one has it.
template <class Rows, class Find>
void check_rows(const Rows& rows, Find find, bool (*is_name)(std::string_view) = is_identifier) {
  const auto says = [](const char* text) { return !std::string_view(text).empty(); };
  for (const auto& row : rows) {
    const std::string_view name = row.name;
    INFO(std::string(name));
    CHECK(find(row.name) == &row);
    CHECK(says(row.name));
    CHECK(is_name(name));
    if constexpr (requires { row.description; }) CHECK(says(row.description));
    if constexpr (requires { row.used_by; }) CHECK(says(row.used_by));
    if constexpr (requires { row.source; }) CHECK(says(row.source));
  }
  CHECK(find("") == nullptr);
  CHECK(find("no such row") == nullptr);
}

#endif  // LOWP_TESTS_SUPPORT_REGISTRY_ROWS_HPP
