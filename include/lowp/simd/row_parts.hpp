// SPDX-License-Identifier: Apache-2.0
/// \file
/// Parts of rows with the environment that their arithmetic needs, for the definitions behind the
/// front doors of rows.
#ifndef LOWP_SIMD_ROW_PARTS_HPP
#define LOWP_SIMD_ROW_PARTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "float_environment.hpp"
#include "parts.hpp"

namespace lowp::detail {

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
