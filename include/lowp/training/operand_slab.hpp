// SPDX-License-Identifier: Apache-2.0
/// \file
/// Slabs of the contraction of one operand: values, or codes with their scales, made on threads and
/// shown to who observes. Behind the front doors of operand.hpp and product.hpp.
/// spec/training.md TRN-7.
#ifndef LOWP_TRAINING_OPERAND_SLAB_HPP
#define LOWP_TRAINING_OPERAND_SLAB_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "../hardware/gemm/code_matrix.hpp"
#include "operand_source.hpp"
#include "product_options.hpp"

namespace lowp::simd {

/// Calls body(tile) for tiles of the rows of a range, on threads.
template <class Body>
LOWP_UNIT void for_tiles(const operand_source& source, const tile_range& all,
                         const thread_options& how, const Body& body) {
  if (all.rows == 0 || all.columns == 0) return;
  const std::uint64_t rows = source.tile_rows(all.columns);
  const std::uint64_t tiles = lowp::detail::pieces_of(all.rows, rows);
  const lowp::detail::part_split parts = lowp::detail::split(how, tiles, 1, rows * all.columns);
  lowp::detail::for_each_part(how, parts.count, [&](std::size_t part) {
    const float_environment environment;
    tile_room room;
    const std::uint64_t end = std::min((part + 1) * parts.each, tiles);
    for (std::uint64_t k = part * parts.each; k < end; ++k) {
      body(tile_range{all.row + k * rows, std::min(rows, all.rows - k * rows), all.column,
                      all.columns},
           room);
    }
  });
}

/// The values of a range, to a matrix of its shape.
LOWP_UNIT inline void make_values(const operand_source& source, const tile_range& all,
                                  const number_matrix<float>& out, const thread_options& how) {
  // Long rows in pieces.
  const std::uint64_t unit = source.column_unit();
  const std::uint64_t piece = lowp::detail::pieces_of(1024, unit) * unit;
  for (std::uint64_t j = 0; j < all.columns; j += piece) {
    tile_range some = all;
    some.column += j;
    some.columns = std::min(piece, all.columns - j);
    for_tiles(source, some, how, [&](const tile_range& t, tile_room& room) {
      source.values(t, out.x + (t.row - all.row) * out.stride + j, out.stride, room);
    });
  }
}

/// Some columns of one operand of a product, as read.
class operand_slab {
 public:
  LOWP_UNIT operand_slab(const operand_source& source, const product_options& options, bool is_b)
      : source_(source), options_(options), how_(lowp::detail::threads_of(options)), is_b_(is_b) {
    if (options.observer == nullptr) return;
    options.observer->begin(options.tensor, options.product, is_b, source.rule(), source.in());
    is_observed_ = options.observer->wants(options.tensor, options.product, is_b);
  }

  LOWP_UNIT const operand_source& source() const { return source_; }

  /// The values of `columns` columns from `first` on; they live until the next call.
  LOWP_UNIT number_matrix<const float> values(std::uint64_t first, std::uint64_t columns) {
    const std::uint64_t rows = source_.shape().rows;
    const number_matrix<float> out{room_for_values(rows * columns), columns, {rows, columns}};
    make_values(source_, {0, rows, first, columns}, out, how_);
    observe(first, out);
    return out;
  }

  /// Makes their codes, and scales for each row and `scale_block` columns, if that is not 0.
  LOWP_UNIT void make_codes(std::uint64_t first, std::uint64_t columns, std::uint64_t scale_block) {
    const tile_range all{0, source_.shape().rows, first, columns};
    const auto bytes = static_cast<unsigned>(source_.code_bytes());
    const bool has_blocks = source_.rule().kind == operand_kind::blocks;
    columns_ = columns;
    codes_.resize(all.rows * columns * bytes);
    std::uint64_t row_bytes = 0;  // of the scales of a row of blocks
    if (has_blocks) {
      const matrix_shape s = source_.scales_of(all);
      row_bytes = s.columns * static_cast<unsigned>(source_.scale_bytes());
      block_scales_.resize(s.rows * row_bytes);
    }
    for_tiles(source_, all, how_, [&](const tile_range& t, tile_room& room) {
      source_.codes(t,
                    {codes_.data() + t.row * columns * bytes,
                     block_scales_.data() + t.row / source_.row_unit() * row_bytes},
                    room);
    });
    if (is_observed_) show_codes(all);
    if (scale_block != 0 && has_blocks) repeat_scales(all, scale_block, row_bytes);
  }

  /// The codes of n columns of the slab.
  LOWP_UNIT code_matrix codes(std::uint64_t first, std::uint64_t n) const {
    return {codes_.data() + first * static_cast<unsigned>(source_.code_bytes()),
            source_.code_bytes(),
            source_.shape().rows,
            n,
            static_cast<std::ptrdiff_t>(columns_),
            1};
  }
  LOWP_UNIT code_matrix scales() const {
    return {scales_.data(),
            source_.scale_bytes(),
            source_.shape().rows,
            blocks_,
            static_cast<std::ptrdiff_t>(blocks_),
            1};
  }
  /// What the results of row i are multiplied by, of the columns of one scale: its binary32 scale,
  /// or the factor of the tensor.
  LOWP_UNIT float factor(std::uint64_t i, std::uint64_t block) const {
    if (source_.rule().kind != operand_kind::blocks) return source_.outer_factor();
    float f;
    std::memcpy(&f, scales_.data() + (i * blocks_ + block) * 4, 4);
    return f;
  }

 private:
  LOWP_UNIT void observe(std::uint64_t first, const number_matrix<const float>& values) const {
    if (!is_observed_) return;
    const float_environment environment;
    const matrix_shape whole = source_.shape();
    tile_room room;
    std::uint64_t stride = 0;
    const float* x =
        source_.numbers({0, whole.rows, first, values.shape.columns}, room, stride, false);
    options_.observer->observe({options_.tensor,
                                options_.product,
                                is_b_,
                                &source_.rule(),
                                whole,
                                first,
                                {x, stride, values.shape},
                                values});
  }
  LOWP_UNIT void show_codes(const tile_range& all) {
    float* values = room_for_values(all.rows * all.columns);
    {
      const float_environment environment;
      source_.values_of(all, {codes_.data(), block_scales_.data()}, values, all.columns);
    }
    observe(all.column, {values, all.columns, {all.rows, all.columns}});
  }
  /// Not cleared: that would cost as much as quantising some formats.
  LOWP_UNIT float* room_for_values(std::uint64_t n) {
    if (n > most_values_) {
      values_ = std::make_unique_for_overwrite<float[]>(n);
      most_values_ = n;
    }
    return values_.get();
  }

  /// A scale for each row and so many columns, of blocks that have more of either.
  LOWP_UNIT void repeat_scales(const tile_range& all, std::uint64_t scale_block,
                               std::uint64_t row_bytes) {
    const std::uint64_t each = static_cast<unsigned>(source_.scale_bytes());
    blocks_ = lowp::detail::pieces_of(all.columns, scale_block);
    scales_.resize(all.rows * blocks_ * each);
    for (std::uint64_t i = 0; i < all.rows; ++i) {
      const std::byte* from = block_scales_.data() + i / source_.row_unit() * row_bytes;
      std::byte* to = scales_.data() + i * blocks_ * each;
      for (std::uint64_t j = 0; j < blocks_; ++j) {
        const std::uint64_t block = j * scale_block / source_.rule().block.columns;
        std::memcpy(to + j * each, from + block * each, each);
      }
    }
  }

  const operand_source& source_;
  const product_options& options_;
  thread_options how_;
  bool is_b_, is_observed_ = false;
  std::uint64_t columns_ = 0, blocks_ = 0, most_values_ = 0;
  std::unique_ptr<float[]> values_;
  std::vector<std::byte> codes_, block_scales_, scales_;
};

}  // namespace lowp::simd

#endif  // LOWP_TRAINING_OPERAND_SLAB_HPP
