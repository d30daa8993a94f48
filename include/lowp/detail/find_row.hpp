// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of registries by name.
#ifndef LOWP_DETAIL_FIND_ROW_HPP
#define LOWP_DETAIL_FIND_ROW_HPP

#include <cstddef>

#include "../config.hpp"

namespace lowp::detail {

LOWP_FN bool same_text(const char* a, const char* b) noexcept {
  while (*a != 0 && *a == *b) {
    ++a;
    ++b;
  }
  return *a == *b;
}

/// The row with this name, or null.
template <class Row, std::size_t N>
LOWP_FN const Row* find_row(const Row (&rows)[N], const char* name) noexcept {
  for (const Row& row : rows) {
    if (same_text(row.name, name)) return &row;
  }
  return nullptr;
}

/// The value of a row at compile time; an unknown name is a compile error.
template <class Row, std::size_t N>
consteval auto row_named(const Row (&rows)[N], const char* name) {
  // Not by find_row: g++ -fsanitize=undefined takes no comparison with null for a constant.
  for (const Row& row : rows) {
    if (same_text(row.name, name)) return row.value;
  }
  throw "lowp: the registry has no row of this name";
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_FIND_ROW_HPP
