// SPDX-License-Identifier: Apache-2.0
/// \file
/// The orders of scales and elements that published layouts use, by name.
#ifndef LOWP_BLOCK_LAYOUT_MATRIX_ORDERS_HPP
#define LOWP_BLOCK_LAYOUT_MATRIX_ORDERS_HPP

#include <cstdint>

#include "matrix_order.hpp"

namespace lowp::matrix_orders {

inline constexpr matrix_axis row = matrix_axis::row;
inline constexpr matrix_axis column = matrix_axis::column;

/// Row after row, padded to multiples.
LOWP_FN matrix_order row_major(std::uint32_t column_multiple = 1,
                               std::uint32_t row_multiple = 1) noexcept {
  return {{{column, 1, 0}, {row, 1, 0}}, row_multiple, column_multiple};
}

/// Column after column, padded to multiples.
LOWP_FN matrix_order column_major(std::uint32_t row_multiple = 1,
                                  std::uint32_t column_multiple = 1) noexcept {
  return {{{row, 1, 0}, {column, 1, 0}}, row_multiple, column_multiple};
}

/// Tiles of 128 x 4, row i of a tile as part i / 32 of line i mod 32: spec/layouts.md LAY-5.
inline constexpr matrix_order tile_128x4{
    {{column, 1, 4}, {row, 32, 4}, {row, 1, 32}, {column, 4, 0}, {row, 128, 0}}, 128, 4};

/// Tiles of 32 x 8 for gfx950: spec/layouts.md LAY-5.
inline constexpr matrix_order gfx950_32x8{
    {{row, 16, 2}, {column, 4, 2}, {row, 1, 16}, {column, 1, 4}, {column, 8, 0}, {row, 32, 0}},
    256,
    8};

/// Tiles of 32 x 8 for the wider instruction of gfx950: spec/layouts.md LAY-5.
inline constexpr matrix_order gfx950_32x8_wide{
    {{column, 2, 4}, {row, 1, 32}, {column, 1, 2}, {column, 8, 0}, {row, 32, 0}}, 32, 8};

/// Tiles of 32 x 4 for gfx1250: spec/layouts.md LAY-5.
inline constexpr matrix_order gfx1250_32x4{
    {{column, 1, 4}, {row, 1, 32}, {column, 4, 0}, {row, 32, 0}}, 32, 4};

/// Four columns in a 32-bit word, the words column after column: spec/layouts.md LAY-5.
inline constexpr matrix_order words_of_4_columns{
    {{column, 1, 4}, {row, 1, 0}, {column, 4, 0}}, 4, 4};

/// Tiles of 32 x 32 elements as four faces of 16 x 16, all row by row: spec/layouts.md LAY-7.
inline constexpr matrix_order faces_of_16x16{
    {{column, 1, 16}, {row, 1, 16}, {column, 16, 2}, {row, 16, 2}, {column, 32, 0}, {row, 32, 0}},
    32,
    32};

/// One scale for each row of such a face.
inline constexpr matrix_order rows_of_faces{
    {{row, 1, 16}, {column, 1, 2}, {row, 16, 2}, {column, 2, 0}, {row, 32, 0}}, 32, 2};

}  // namespace lowp::matrix_orders

#endif  // LOWP_BLOCK_LAYOUT_MATRIX_ORDERS_HPP
