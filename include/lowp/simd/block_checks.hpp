// SPDX-License-Identifier: Apache-2.0
/// \file
/// Refusals of block-quantised matrices, for the definitions behind the front doors that write and
/// read them.
#ifndef LOWP_SIMD_BLOCK_CHECKS_HPP
#define LOWP_SIMD_BLOCK_CHECKS_HPP

#include <cstddef>
#include <cstdint>
#include <string>

#include "../block/block_matrix.hpp"
#include "argument_checks.hpp"

namespace lowp::detail {

/// Outer scales of a matrix: one, one for each row, or none.
LOWP_UNIT inline std::size_t outer_count(const block_format& f, matrix_shape s) {
  if (f.outer == outer_scale::none) return 0;
  return f.outer == outer_scale::row ? static_cast<std::size_t>(s.rows) : 1;
}

/// What a call names its arguments.
struct block_names {
  const char* matrix;
  const char* buffers;
};

/// The format, the layout and the buffers; returns the bytes that the matrix takes.
LOWP_UNIT inline block_bytes check_block_matrix(const argument_checks& check, block_names name,
                                                const block_matrix& m, matrix_shape s,
                                                block_bytes have) {
  const block_matrix_error e = lowp::check(m, s, have);
  if (e == block_matrix_error::none) return bytes_of(m.layout, s);
  const std::string matrix = name.matrix;
  if (e == block_matrix_error::format) {
    check.refuse(matrix + ".f: " + message(lowp::check(m.f)) + " (width " +
                 std::to_string(m.f.element.width) + ", scale width " +
                 std::to_string(m.f.scale.width) + ", " + std::to_string(m.f.rows) + " x " +
                 std::to_string(m.f.columns) + ")");
  }
  const std::string shape = " (" + std::to_string(s.rows) + " x " + std::to_string(s.columns) + ")";
  const auto refuse_size = [&](const char* member, std::uint64_t bytes, std::uint64_t needed) {
    check.refuse(std::string(name.buffers) + member + " has " + std::to_string(bytes) +
                 " bytes, the matrix" + shape + " needs " + std::to_string(needed));
  };
  switch (const layout_error layout = lowp::check(m.layout, s, have); layout) {
    case layout_error::none: break;
    case layout_error::data_buffer:
      refuse_size(".data", have.data, bytes_of(m.layout, s).data);
      break;
    case layout_error::scale_buffer:
      refuse_size(".scales", have.scales, bytes_of(m.layout, s).scales);
      break;
    default: check.refuse(matrix + ".layout: " + message(layout) + shape);
  }
  check.refuse(
      matrix + ".layout: " + message(e) + " (blocks " + std::to_string(m.layout.block_rows) +
      " x " + std::to_string(m.layout.block_columns) + " for " + std::to_string(m.f.rows) + " x " +
      std::to_string(m.f.columns) + ", elements of " + std::to_string(m.layout.elements.f.width) +
      " bits for " + std::to_string(m.f.element.width) + ", scales of " +
      std::to_string(m.layout.scales.scale_bytes) + " bytes)");
}

}  // namespace lowp::detail

#endif  // LOWP_SIMD_BLOCK_CHECKS_HPP
