// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the tests of layouts share: orders drawn at random, and the order of a matrix's entries in
/// memory by sorting, without strides.
#ifndef LOWP_TESTS_BLOCK_LAYOUT_INPUTS_HPP
#define LOWP_TESTS_BLOCK_LAYOUT_INPUTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <lowp/block/layout/matrix_order.hpp>

#include "support/recorded.hpp"

namespace layouts {

using bytes = std::vector<std::byte>;
using lowp::matrix_order;
using lowp::matrix_shape;

inline std::uint64_t below(std::mt19937_64& random, std::uint64_t n) { return random() % n; }

/// 1...260, small numbers and those around multiples of 32 more often.
inline std::uint64_t some_length(std::mt19937_64& random) {
  switch (below(random, 3)) {
    case 0: return 1 + below(random, 8);
    case 1: return std::max<std::uint64_t>(1, 32 * (1 + below(random, 8)) + below(random, 3) - 1);
    default: return 1 + below(random, 260);
  }
}

/// Digits of counts 2...5 in any sequence; multiples as they need, or twice that.
inline matrix_order some_order(std::mt19937_64& random) {
  matrix_order o;
  std::vector<lowp::order_digit> digits;
  for (const auto axis : {lowp::matrix_axis::row, lowp::matrix_axis::column}) {
    std::uint32_t step = 1;
    for (std::uint64_t more = below(random, 4); more > 0; --more) {
      const auto count = static_cast<std::uint32_t>(2 + below(random, 4));
      digits.push_back({axis, step, count});
      step *= count;
    }
    digits.push_back({axis, step, 0});
    const auto factor = static_cast<std::uint32_t>(1 + below(random, 2));
    (axis == lowp::matrix_axis::row ? o.row_multiple : o.column_multiple) = step * factor;
  }
  std::shuffle(digits.begin(), digits.end(), random);
  std::copy(digits.begin(), digits.end(), o.digit);
  return o;
}

/// All entries of the padded matrix as they follow each other in memory: sorted by their digits,
/// the slowest first.
inline std::vector<lowp::matrix_place> sequence(const matrix_order& o, matrix_shape s) {
  std::vector<std::pair<std::vector<std::uint64_t>, lowp::matrix_place>> all;
  const auto up = [](std::uint64_t n, std::uint64_t m) { return (n / m + (n % m != 0)) * m; };
  const std::uint64_t rows = up(s.rows, o.row_multiple), columns = up(s.columns, o.column_multiple);
  for (std::uint64_t i = 0; i < rows; ++i) {
    for (std::uint64_t j = 0; j < columns; ++j) {
      std::vector<std::uint64_t> key;
      for (const lowp::order_digit& d : o.digit) {
        if (d.step == 0) break;
        const std::uint64_t n = (d.axis == lowp::matrix_axis::row ? i : j) / d.step;
        key.insert(key.begin(), d.count == 0 ? n : n % d.count);
      }
      all.push_back({key, {i, j}});
    }
  }
  // By a comparison of our own: operator< of libstdc++ 12 looks at too few bytes where the highest
  // is the first.
  const auto less = [](std::uint64_t x, std::uint64_t y) { return x < y; };
  std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    return std::lexicographical_compare(a.first.begin(), a.first.end(), b.first.begin(),
                                        b.first.end(), less);
  });
  std::vector<lowp::matrix_place> entries;
  for (const auto& [key, place] : all) entries.push_back(place);
  return entries;
}

/// A file of the recorded results; empty if it is not there.
inline bytes recorded(const std::string& name) { return ::recorded::file_bytes("blocks/" + name); }

}  // namespace layouts

#endif  // LOWP_TESTS_BLOCK_LAYOUT_INPUTS_HPP
