// SPDX-License-Identifier: Apache-2.0
/// \file
/// A block-quantised matrix: a block format in a layout.
#ifndef LOWP_BLOCK_BLOCK_MATRIX_HPP
#define LOWP_BLOCK_BLOCK_MATRIX_HPP

#include <cstdint>

#include "block_format.hpp"
#include "layout/block_layout.hpp"
#include "layout/matrix_orders.hpp"

namespace lowp {

/// How matrices of `f` stand where nobody says otherwise: elements row by row in their
/// `default_packing`, each row from a byte on, and scales row by row in a buffer of their own.
/// spec/blocks.md BLS-17.
LOWP_FN block_layout default_layout(const block_format& f) noexcept {
  const array_layout elements = f.element;
  const int per_byte = slot_bits(elements) < 8 ? 8 / slot_bits(elements) : 1;
  return {f.rows,
          f.columns,
          elements,
          matrix_orders::row_major(static_cast<std::uint32_t>(per_byte)),
          {matrix_orders::row_major(), static_cast<std::uint8_t>(scale_bytes_of(f))}};
}

/// The meaning of a matrix's bytes.
struct block_matrix {
  block_format f;
  block_layout layout;

  constexpr block_matrix() noexcept = default;
  /// A format alone stands in its `default_layout`.
  LOWP_FN block_matrix(const block_format& of) noexcept : f(of), layout(default_layout(of)) {}
  LOWP_FN block_matrix(const block_format& of, const block_layout& in) noexcept
      : f(of), layout(in) {}

  friend LOWP_FN bool operator==(const block_matrix&, const block_matrix&) noexcept = default;
};

/// The rule that a block matrix breaks, see `check` and `message`.
enum class [[nodiscard]] block_matrix_error : std::uint8_t{
    none,
    format,   ///< `check` of the format refuses
    layout,   ///< `check` of the layout, for this shape and these buffers, refuses
    blocks,   ///< blocks of the layout are not those of the format
    element,  ///< elements of the layout are not of the format's
    scale,    ///< the scale bits of the format do not fit the scales of the layout
    recipe,   ///< `check` of the recipe beside the format refuses
    stride,   ///< rows of numbers begin less than a row apart
    outer,    ///< the format has an outer scale, and no place of it is given
};

/// Which rule a matrix of this shape in buffers of such sizes breaks. BLS-17.
LOWP_FN block_matrix_error check(const block_matrix& m, matrix_shape s, block_bytes have) noexcept {
  using enum block_matrix_error;
  if (check(m.f) != block_format_error::none) return format;
  if (check(m.layout, s, have) != layout_error::none) return layout;
  if (m.layout.block_rows != m.f.rows || m.layout.block_columns != m.f.columns) return blocks;
  if (m.layout.elements.f.width != m.f.element.width) return element;
  return scale_bits(m.f) > 8 * m.layout.scales.scale_bytes ? scale : none;
}

/// The rule in words, for messages.
LOWP_FN const char* message(block_matrix_error e) noexcept {
  switch (e) {
    case block_matrix_error::none: return "no error";
    case block_matrix_error::format: return "the block format is not usable";
    case block_matrix_error::layout:
      return "the layout is not usable for this shape and these buffers";
    case block_matrix_error::blocks: return "the layout must have the blocks of the format";
    case block_matrix_error::element:
      return "elements of the layout must be as wide as those of the format";
    case block_matrix_error::scale:
      return "the scale of the format, with its levels, must fit the scale of the layout";
    case block_matrix_error::recipe: return "the recipe must be usable with the format";
    case block_matrix_error::stride: return "rows of numbers must begin at least a row apart";
    case block_matrix_error::outer:
      return "a format with an outer scale needs one number for it, or one for each row";
  }
  return "unknown";
}

/// Rows and columns of block (i, j) that are in the matrix.
struct block_extent {
  int rows;
  int columns;
};
LOWP_FN block_extent extent_of(const block_format& f, matrix_shape s, std::uint64_t i,
                               std::uint64_t j) noexcept {
  const std::uint64_t rows = s.rows - i * f.rows, columns = s.columns - j * f.columns;
  return {static_cast<int>(rows < f.rows ? rows : f.rows),
          static_cast<int>(columns < f.columns ? columns : f.columns)};
}

}  // namespace lowp

#endif  // LOWP_BLOCK_BLOCK_MATRIX_HPP
