// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the definitions behind the front doors of rows share: arguments that must lie apart, parts
/// of rows with the environment that their arithmetic needs.
#ifndef LOWP_SIMD_ROW_PARTS_HPP
#define LOWP_SIMD_ROW_PARTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "argument_checks.hpp"
#include "float_environment.hpp"
#include "parts.hpp"

namespace lowp::detail {

/// Refuses two arguments that share bytes.
LOWP_UNIT inline void check_apart(const argument_checks& check, const char* a_name, const void* a,
                                  std::uint64_t a_bytes, const char* b_name, const void* b,
                                  std::uint64_t b_bytes) {
  const std::less<> before;
  const auto* x = static_cast<const std::byte*>(a);
  const auto* y = static_cast<const std::byte*>(b);
  if (a_bytes == 0 || b_bytes == 0 || !before(x, y + b_bytes) || !before(y, x + a_bytes)) return;
  check.refuse(std::string(a_name) + " and " + b_name + " overlap: they must share no byte");
}

/// Calls body(first row, rows) for parts of rows on the threads that the options ask for, in a
/// `float_environment` each.
template <class Body>
LOWP_UNIT void for_parts_of_rows(const thread_options& options, std::uint64_t rows,
                                 std::uint64_t columns, const Body& body) {
  const part_split parts = split(options, rows, 1, columns);
  for_each_part(options, parts.count, [&](std::size_t i) {
    const simd::float_environment guard;
    const std::uint64_t first = i * parts.each;
    body(first, std::min(parts.each, rows - first));
  });
}

}  // namespace lowp::detail

#endif  // LOWP_SIMD_ROW_PARTS_HPP
