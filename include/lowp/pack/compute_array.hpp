// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operations and comparisons of arrays, element by element: the definition that simd/ repeats in
/// bulk. spec/packing.md PCK-8.
#ifndef LOWP_PACK_COMPUTE_ARRAY_HPP
#define LOWP_PACK_COMPUTE_ARRAY_HPP

#include <cstddef>
#include <cstdint>

#include "../compare.hpp"
#include "../operations.hpp"
#include "convert_array.hpp"
#include "packing.hpp"

namespace lowp {

/// An operand of an operation on arrays: the elements of an array, or its first one again and
/// again.
struct array_operand {
  array_layout layout;
  const std::byte* bytes = nullptr;
  bool is_constant = false;
};

/// All that decides the result of an operation on arrays, but for the operands' bytes.
struct array_computation {
  operation op = operation::add;
  array_layout to;
  projection p = {};
  random_source random = {};  ///< of the stochastic modes
};

/// Outcomes of a comparison that count as true: the sum of some of 1 (less), 2 (equal), 4
/// (greater) and 8 (unordered).
enum class relation : std::uint8_t {
  less = 1,
  equal = 2,
  less_equal = 3,
  greater = 4,
  less_greater = 5,
  greater_equal = 6,
  unordered = 8,
  not_equal = 13,
};

namespace detail {

LOWP_FN coded element_of(const array_operand& x, std::uint64_t i) noexcept {
  return {x.layout.f, read_code(x.layout, x.bytes, x.is_constant ? 0 : i)};
}

LOWP_FN bool is_true(relation r, ordering o) noexcept {
  const int bit = o == ordering::less      ? 1
                  : o == ordering::equal   ? 2
                  : o == ordering::greater ? 4
                                           : 8;
  return (static_cast<int>(r) & bit) != 0;
}

/// Clears the bytes of elements [start, start + count), whole tiles but for the last, and writes
/// codes there.
LOWP_FN void write_tile(const array_layout& to, std::byte* out, std::uint64_t start,
                        const code_t* codes, std::uint64_t count) noexcept {
  const std::uint64_t end = bytes_of(to, start + count);
  for (std::uint64_t b = bytes_of(to, start); b < end; ++b) out[b] = std::byte{0};
  for (std::uint64_t i = 0; i < count; ++i) write_code(to, out, start + i, codes[i]);
}

}  // namespace detail

/// out[i] = op(x[0][i], x[1][i], x[2][i]) for n elements, with as many operands as `c.op` has, each
/// rounded once by `c.p`. `first` as in `convert_array`. `out` may be an operand whose codes take
/// no less room; other overlaps are not allowed.
LOWP_FN void compute_array(const array_computation& c, const array_operand* x, std::byte* out,
                           std::uint64_t n, std::uint64_t first = 0) noexcept {
  const int operands = operand_count(c.op);
  for (std::uint64_t start = 0; start < n; start += packing_tile) {
    const std::uint64_t here = n - start < packing_tile ? n - start : packing_tile;
    code_t results[packing_tile] = {};
    for (std::uint64_t i = 0; i < here; ++i) {
      coded of[3];
      for (int k = 0; k < operands; ++k) of[k] = detail::element_of(x[k], start + i);
      results[i] = compute(c.op, c.to.f, c.p, random_word_of(c.p, c.random, first + start + i), of);
    }
    detail::write_tile(c.to, out, start, results, here);
  }
}

/// out[i] = 1 where x[i] and y[i] compare so, else 0. `to` is an array of integers: `uint1` for one
/// bit an element, `uint8` for a byte. NaN is unordered with everything; -0 equals +0.
LOWP_FN void compare_array(relation r, const array_operand& x, const array_operand& y,
                           const array_layout& to, std::byte* out, std::uint64_t n) noexcept {
  for (std::uint64_t start = 0; start < n; start += packing_tile) {
    const std::uint64_t here = n - start < packing_tile ? n - start : packing_tile;
    code_t results[packing_tile] = {};
    for (std::uint64_t i = 0; i < here; ++i) {
      const coded a = detail::element_of(x, start + i);
      const coded b = detail::element_of(y, start + i);
      results[i] = detail::is_true(r, compare(a.f, a.code, b.f, b.code)) ? 1 : 0;
    }
    detail::write_tile(to, out, start, results, here);
  }
}

}  // namespace lowp

#endif  // LOWP_PACK_COMPUTE_ARRAY_HPP
