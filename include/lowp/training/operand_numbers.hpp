// SPDX-License-Identifier: Apache-2.0
/// \file
/// The numbers of an operand as read and rotated, tile by tile, and the greatest of them. Behind
/// the front doors of operand.hpp and product.hpp. spec/training.md TRN-5, TRN-6.
#ifndef LOWP_TRAINING_OPERAND_NUMBERS_HPP
#define LOWP_TRAINING_OPERAND_NUMBERS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../simd/affine_definition.hpp"
#include "../simd/parts.hpp"
#include "../simd/quantise.hpp"
#include "../simd/quantise_plan.hpp"
#include "operand_place.hpp"

namespace lowp::simd {

/// A kernel of tile_kernels-inl.hpp, for this machine.
void transpose(const float* in, std::size_t in_stride, std::size_t rows, std::size_t columns,
               float* out, std::size_t out_stride) noexcept;

/// Rows and columns of an operand, as read.
struct tile_range {
  std::uint64_t row, rows, column, columns;
};

/// Memory of one thread.
struct tile_room {
  std::vector<float> numbers, scaled;
  std::vector<std::byte> codes, scales;
  std::vector<float> outer;
};

class operand_numbers {
 public:
  /// `rule` is kept by reference.
  LOWP_UNIT operand_numbers(const operand_rule& rule, const operand& in)
      : rule_(rule), in_(in), shape_(shape_as_read(in)) {}

  LOWP_UNIT const operand_rule& rule() const { return rule_; }
  LOWP_UNIT const operand& in() const { return in_; }
  LOWP_UNIT matrix_shape shape() const { return shape_; }
  /// Tiles begin at multiples of these, and end there or with the matrix.
  LOWP_UNIT std::uint64_t row_unit() const { return lowp::detail::row_unit_of(rule_); }
  LOWP_UNIT std::uint64_t column_unit() const { return lowp::detail::column_unit_of(rule_); }

  /// The numbers as read and rotated: where they stand, or in `room`; `stride` numbers from row to
  /// row.
  LOWP_UNIT const float* numbers(const tile_range& t, tile_room& room, std::uint64_t& stride,
                                 bool rotates = true) const {
    const bool turns = rotates && rule_.rotation.size != 0;
    const std::uint64_t from = in_.x.stride;
    if (!in_.transposed && !turns) {
      stride = from;
      return in_.x.x + t.row * from + t.column;
    }
    room.numbers.resize(t.rows * t.columns);
    float* out = room.numbers.data();
    stride = t.columns;
    if (in_.transposed) {
      transpose(in_.x.x + t.column * from + t.row, from, t.columns, t.rows, out, stride);
    } else {
      for (std::uint64_t i = 0; i < t.rows; ++i) {
        const float* x = in_.x.x + (t.row + i) * from + t.column;
        std::copy(x, x + t.columns, out + i * stride);
      }
    }
    const std::uint64_t n = rule_.rotation.size;
    if (turns && t.columns >= n) {
      transform({rule_.rotation, false}, out, t.rows, t.columns / n * n, stride);
    }
    return out;
  }

 protected:
  /// The greatest finite magnitude, or with infinities, of all numbers as rotated, or of each row.
  LOWP_UNIT std::vector<float> amaxes(const thread_options& how, bool by_row,
                                      bool with_infinities) const {
    const std::uint32_t limit = with_infinities ? 0x7f800001 : 0x7f800000;
    // Which way does not matter to the amax of all.
    const bool as_stored = !by_row && rule_.rotation.size == 0;
    const matrix_shape s = as_stored ? in_.x.shape : shape_;
    const std::uint64_t unit = column_unit();
    const std::uint64_t piece = as_stored ? s.columns : lowp::detail::pieces_of(1024, unit) * unit,
                        rows = as_stored ? 1 : 16;
    if (s.rows == 0 || s.columns == 0) return std::vector<float>(by_row ? s.rows : 1, 0.0f);
    std::vector<std::uint32_t> found(s.rows, 0);
    const lowp::detail::part_split parts =
        lowp::detail::split(how, lowp::detail::pieces_of(s.rows, rows), 1, rows * s.columns);
    lowp::detail::for_each_part(how, parts.count, [&](std::size_t part) {
      const float_environment environment;
      tile_room room;
      const std::uint64_t end = std::min((part + 1) * parts.each * rows, s.rows);
      for (std::uint64_t i = part * parts.each * rows; i < end; i += rows) {
        for (std::uint64_t j = 0; j < s.columns; j += piece) {
          const tile_range t{i, std::min(rows, end - i), j, std::min(piece, s.columns - j)};
          std::uint64_t stride = in_.x.stride;
          const float* x = as_stored ? in_.x.x + i * stride : numbers(t, room, stride);
          for (std::uint64_t r = 0; r < t.rows; ++r) {
            const std::uint32_t most = greatest_below(x + r * stride, t.columns, limit);
            found[i + r] = std::max(found[i + r], most);
          }
        }
      }
    });
    if (!by_row) found = {*std::max_element(found.begin(), found.end())};
    std::vector<float> result(found.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      result[i] = __builtin_bit_cast(float, found[i]);
    }
    return result;
  }

  const operand_rule& rule_;
  operand in_;
  matrix_shape shape_;
};

}  // namespace lowp::simd

#endif  // LOWP_TRAINING_OPERAND_NUMBERS_HPP
