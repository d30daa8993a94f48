// SPDX-License-Identifier: Apache-2.0
/// \file
/// Refusals of the arguments of block quantisation, before anything is written.
#ifndef LOWP_SIMD_QUANTISE_CHECKS_HPP
#define LOWP_SIMD_QUANTISE_CHECKS_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string>

#include "argument_checks.hpp"
#include "quantise.hpp"

namespace lowp::detail {

/// Outer scales of a matrix: one, one for each row, or none.
LOWP_UNIT inline std::size_t outer_count(const block_format& f, matrix_shape s) {
  if (f.outer == outer_scale::none) return 0;
  return f.outer == outer_scale::row ? static_cast<std::size_t>(s.rows) : 1;
}

/// An argument's bytes.
struct argument_bytes {
  const char* name;
  const void* at;
  std::uint64_t bytes;
};

/// Refuses two arguments that have a byte in common.
LOWP_UNIT inline void check_apart(const argument_checks& check, const argument_bytes& a,
                                  const argument_bytes& b) {
  if (a.bytes == 0 || b.bytes == 0 || a.at == nullptr || b.at == nullptr) return;
  const auto* x = static_cast<const std::byte*>(a.at);
  const auto* y = static_cast<const std::byte*>(b.at);
  const std::less<> before;
  if (!before(x, y + b.bytes) || !before(y, x + a.bytes)) return;
  check.refuse(std::string(a.name) + " and " + b.name + " overlap: " + std::to_string(a.bytes) +
               " and " + std::to_string(b.bytes) + " bytes, the second begins " +
               std::to_string(before(y, x) ? x - y : y - x) + " bytes " +
               (before(y, x) ? "before" : "behind") + " the first");
}

/// The format, the layout and the buffers.
LOWP_UNIT inline block_bytes check_block_matrix(const argument_checks& check, const block_matrix& m,
                                                matrix_shape s, block_bytes have) {
  const block_matrix_error e = lowp::check(m, s, have);
  if (e == block_matrix_error::none) return bytes_of(m.layout, s);
  const std::string shape = " (" + std::to_string(s.rows) + " x " + std::to_string(s.columns) + ")";
  const block_format_error format = lowp::check(m.f);
  if (format != block_format_error::none) {
    check.refuse(std::string("q.to.f: ") + message(format) + " (width " +
                 std::to_string(m.f.element.width) + ", scale width " +
                 std::to_string(m.f.scale.width) + ", " + std::to_string(m.f.rows) + " x " +
                 std::to_string(m.f.columns) + ")");
  }
  const layout_error layout = lowp::check(m.layout, s);
  if (layout != layout_error::none) {
    check.refuse(std::string("q.to.layout: ") + message(layout) + shape);
  }
  const block_bytes need = bytes_of(m.layout, s);
  const auto refuse_size = [&](const char* name, std::uint64_t bytes, std::uint64_t needed) {
    if (bytes >= needed) return;
    check.refuse(std::string(name) + " has " + std::to_string(bytes) + " bytes, the matrix" +
                 shape + " needs " + std::to_string(needed));
  };
  refuse_size("out.data", have.data, need.data);
  refuse_size("out.scales", have.scales, need.scales);
  check.refuse(
      std::string("q.to.layout: ") + message(e) + " (blocks " +
      std::to_string(m.layout.block_rows) + " x " + std::to_string(m.layout.block_columns) +
      " for " + std::to_string(m.f.rows) + " x " + std::to_string(m.f.columns) + ", elements of " +
      std::to_string(m.layout.elements.f.width) + " bits for " + std::to_string(m.f.element.width) +
      ", scales of " + std::to_string(m.layout.scales.scale_bytes) + " bytes)");
}

/// All that a call refuses about what and where to quantise; returns the bytes that it will write.
LOWP_UNIT inline block_bytes check_quantisation(const block_quantisation& q, matrix_shape s,
                                                block_bytes have) {
  const argument_checks check{"quantise"};
  const block_bytes need = check_block_matrix(check, q.to, s, have);
  const block_recipe_error recipe = lowp::check(q.to.f, q.recipe);
  if (recipe != block_recipe_error::none) {
    check.refuse(std::string("q.recipe: ") + message(recipe) + " (rule " +
                 std::to_string(static_cast<int>(q.recipe.rule)) + ")");
  }
  return need;
}

/// All that a call refuses about its numbers; `need`: the bytes that it will write.
LOWP_UNIT inline void check_numbers(const number_matrix<const float>& in,
                                    const block_quantisation& q, const block_buffers& out,
                                    const block_options& options, block_bytes need) {
  const argument_checks check{"quantise"};
  const matrix_shape s = in.shape;
  const bool is_empty = s.rows == 0 || s.columns == 0;
  if (!is_empty && in.x == nullptr) check.refuse("in.x is null, the matrix is not empty");
  if (s.rows > 1 && in.stride < s.columns) {
    check.refuse("the rows of in are " + std::to_string(in.stride) + " numbers apart and have " +
                 std::to_string(s.columns));
  }
  constexpr std::uint64_t most = std::uint64_t{1} << 50;
  if (s.rows > 1 && in.stride > most / s.rows) {
    check.refuse("in: " + std::to_string(s.rows) + " rows " + std::to_string(in.stride) +
                 " numbers apart are more than memory has");
  }
  const std::size_t outer = outer_count(q.to.f, s);
  if (outer != 0 && options.outer == nullptr) {
    check.refuse("options.outer is null: the format has an outer scale, which the call returns");
  }
  const std::uint64_t numbers = is_empty ? 0 : (s.rows - 1) * in.stride + s.columns;
  const argument_bytes all[] = {
      {"in", in.x, numbers * sizeof(float)},
      {"options.outer_amax", options.outer_amax, outer * sizeof(float)},
      {"out.data", out.data.data(), need.data},
      {"out.scales", out.scales.data(), need.scales},
      {"options.outer", options.outer, outer * sizeof(float)},
  };
  // What is only read may be the same.
  for (std::size_t i = 0; i < std::size(all); ++i) {
    for (std::size_t j = i < 2 ? 2 : i + 1; j < std::size(all); ++j) {
      check_apart(check, all[i], all[j]);
    }
  }
}

}  // namespace lowp::detail

#endif  // LOWP_SIMD_QUANTISE_CHECKS_HPP
