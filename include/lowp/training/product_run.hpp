// SPDX-License-Identifier: Apache-2.0
/// \file
/// One emulated product on its way: slabs of the contraction are quantised, then summed. Behind the
/// front door of product.hpp. spec/training.md TRN-7, TRN-8.
#ifndef LOWP_TRAINING_PRODUCT_RUN_HPP
#define LOWP_TRAINING_PRODUCT_RUN_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "../hardware/gemm/gemm.hpp"
#include "operand_source.hpp"
#include "product_options.hpp"

namespace lowp {

namespace detail {

LOWP_UNIT inline std::string shape_text(matrix_shape s) {
  return std::to_string(s.rows) + " x " + std::to_string(s.columns);
}

}  // namespace detail

namespace simd {

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

/// A slab of one operand: values, or codes with scales for each row.
struct operand_slab {
  std::vector<float> values;
  std::vector<std::byte> codes, scales, row_scales;
};

class product_run {
 public:
  LOWP_UNIT product_run(const product_rule& rule, const operand_source& a, const operand_source& b,
                        const number_matrix<float>& d, const product_options& options,
                        lowp::detail::matrix_multiply multiply)
      : rule_(rule),
        a_(a),
        b_(b),
        d_(d),
        options_(options),
        how_(lowp::detail::threads_of(options)),
        multiply_(multiply),
        k_(a.shape().columns) {
    unit_ = rule.sum.unit;
    for (int i = 0; i < 2; ++i) {
      if (options.observer == nullptr) continue;
      const operand_source& source = i == 1 ? b : a;
      options.observer->begin(options.tensor, options.product, i == 1, source.rule(), source.in());
      observed_[i] = options.observer->wants(options.tensor, options.product, i == 1);
    }
  }

  LOWP_UNIT void run() {
    switch (rule_.sum.kind) {
      case sum_kind::binary32: return run_values(false);
      case sum_kind::values: return run_values(true);
      case sum_kind::codes:
        return rule_.sum.promote_columns != 0 && unit_.unit.scale_block == 0 ? run_promoted()
                                                                             : run_codes();
    }
  }

 private:
  /// Columns of a slab: about so many, whole blocks, groups and instructions.
  LOWP_UNIT std::uint64_t slab_columns(std::uint64_t about, std::uint64_t instruction) const {
    std::uint64_t unit = std::lcm(std::lcm(a_.column_unit(), b_.column_unit()), instruction);
    return lowp::detail::pieces_of(about, unit) * unit;
  }
  /// Products after which a unit's sum may be taken up again from D.
  LOWP_UNIT std::uint64_t instruction() const {
    return std::uint64_t{unit_.unit.k} * std::max(1u, unit_.promote_every);
  }
  LOWP_UNIT float* row_of_d(std::uint64_t i) const { return d_.x + i * d_.stride; }

  LOWP_UNIT void clear_d() const {
    for (std::uint64_t i = 0; i < d_.shape.rows; ++i) {
      std::fill(row_of_d(i), row_of_d(i) + d_.shape.columns, 0.0f);
    }
  }

  LOWP_UNIT void observe(const operand_source& source, bool is_b, std::uint64_t first,
                         const number_matrix<const float>& values) {
    if (!observed_[is_b]) return;
    const float_environment environment;
    const matrix_shape s = source.shape();
    std::uint64_t stride = 0;
    const float* x = source.numbers({0, s.rows, first, values.shape.columns}, room_, stride, false);
    options_.observer->observe({options_.tensor,
                                options_.product,
                                is_b,
                                &source.rule(),
                                s,
                                first,
                                {x, stride, values.shape},
                                values});
  }

  LOWP_UNIT number_matrix<const float> make_slab(const operand_source& source, bool is_b,
                                                 std::uint64_t first, std::uint64_t columns,
                                                 std::vector<float>& room) {
    const std::uint64_t rows = source.shape().rows;
    room.resize(rows * columns);
    const number_matrix<float> out{room.data(), columns, {rows, columns}};
    make_values(source, {0, rows, first, columns}, out, how_);
    const number_matrix<const float> values{out.x, out.stride, out.shape};
    observe(source, is_b, first, values);
    return values;
  }

  /// Values in slabs, summed by Eigen or by a unit.
  LOWP_UNIT void run_values(bool by_unit) {
    if (k_ == 0 && !options_.accumulate) return clear_d();
    const std::uint64_t slab =
        by_unit ? unit_.slices > 1 ? k_ : slab_columns(1024, instruction()) : slab_columns(256, 1);
    for (std::uint64_t first = 0; first < k_; first += slab) {
      const std::uint64_t columns = std::min(slab, k_ - first);
      const auto a = make_slab(a_, false, first, columns, slabs_[0].values);
      const auto b = make_slab(b_, true, first, columns, slabs_[1].values);
      const bool adds = first != 0 || options_.accumulate;
      if (by_unit) {
        gemm(unit_, of_numbers(a), of_numbers(b).transposed(),
             adds ? code_matrix{bytes_of_d(), 4, d_.shape.rows, d_.shape.columns,
                                static_cast<std::ptrdiff_t>(d_.stride), 1}
                  : code_matrix{},
             d_as_codes(), {}, how_);
      } else {
        multiply(a, b, adds);
      }
    }
  }

  LOWP_UNIT std::byte* bytes_of_d() const { return reinterpret_cast<std::byte*>(d_.x); }
  LOWP_UNIT code_matrix_out d_as_codes() const {
    return {bytes_of_d(),
            4,
            d_.shape.rows,
            d_.shape.columns,
            static_cast<std::ptrdiff_t>(d_.stride),
            1};
  }
  LOWP_UNIT static code_matrix of_numbers(const number_matrix<const float>& m) {
    return {reinterpret_cast<const std::byte*>(m.x), 4, m.shape.rows, m.shape.columns,
            static_cast<std::ptrdiff_t>(m.stride),   1};
  }

  /// By Eigen, each thread some columns or some rows of D.
  LOWP_UNIT void multiply(const number_matrix<const float>& a, const number_matrix<const float>& b,
                          bool adds) const {
    const bool by_columns = d_.shape.columns >= d_.shape.rows;
    const std::uint64_t n = by_columns ? d_.shape.columns : d_.shape.rows;
    const std::uint64_t other = by_columns ? d_.shape.rows : d_.shape.columns;
    // A product costs as much as so many elements of other work.
    const std::uint64_t weight = std::max<std::uint64_t>(other * a.shape.columns / 16, 1);
    const lowp::detail::part_split parts = lowp::detail::split(how_, n, 16, weight);
    lowp::detail::for_each_part(how_, parts.count, [&](std::size_t part) {
      const float_environment environment;
      const std::uint64_t first = part * parts.each, count = std::min(parts.each, n - first);
      number_matrix<const float> some = by_columns ? b : a;
      some.x += first * some.stride;
      some.shape.rows = count;
      number_matrix<float> out = d_;
      out.x += by_columns ? first : first * d_.stride;
      (by_columns ? out.shape.columns : out.shape.rows) = count;
      multiply_(by_columns ? a : some, by_columns ? some : b, out, adds);
    });
  }

  /// Codes of a slab; `scale_block` not 0: their scales for each row and that many columns.
  LOWP_UNIT void make_codes(const operand_source& source, bool is_b, std::uint64_t first,
                            std::uint64_t columns, operand_slab& slab, std::uint64_t scale_block) {
    const std::uint64_t rows = source.shape().rows;
    const auto bytes = static_cast<unsigned>(source.code_bytes());
    const bool has_blocks = source.rule().kind == operand_kind::blocks;
    slab.codes.resize(rows * columns * bytes);
    const tile_range all{0, rows, first, columns};
    std::uint64_t across = 0, each = 0;
    if (has_blocks) {
      const matrix_shape s = source.scales_of(all);
      across = s.columns;
      each = static_cast<unsigned>(source.scale_bytes());
      slab.scales.resize(s.rows * s.columns * each);
    }
    for_tiles(source, all, how_, [&](const tile_range& t, tile_room& room) {
      const std::uint64_t scale_row = has_blocks ? t.row / source.row_unit() : 0;
      source.codes(t,
                   {slab.codes.data() + t.row * columns * bytes,
                    slab.scales.data() + scale_row * across * each},
                   room);
    });
    if (observed_[is_b]) {
      slab.values.resize(rows * columns);
      const number_matrix<const float> values{slab.values.data(), columns, {rows, columns}};
      {
        const float_environment environment;
        tile_room room;
        source.values_of(all, {slab.codes.data(), slab.scales.data()}, slab.values.data(), columns,
                         room);
      }
      observe(source, is_b, first, values);
    }
    if (scale_block == 0 || !has_blocks) return;
    const std::uint64_t n = lowp::detail::pieces_of(columns, scale_block);
    slab.row_scales.resize(rows * n * each);
    for (std::uint64_t i = 0; i < rows; ++i) {
      const std::byte* from = slab.scales.data() + i / source.row_unit() * across * each;
      std::byte* to = slab.row_scales.data() + i * n * each;
      for (std::uint64_t j = 0; j < n; ++j) {
        const std::uint64_t block = j * scale_block / source.rule().block.columns;
        std::memcpy(to + j * each, from + block * each, each);
      }
    }
  }

  LOWP_UNIT static code_matrix codes_of(const operand_source& source, const operand_slab& slab,
                                        std::uint64_t columns) {
    return {slab.codes.data(),
            source.code_bytes(),
            source.shape().rows,
            columns,
            static_cast<std::ptrdiff_t>(columns),
            1};
  }
  LOWP_UNIT static code_matrix scales_of(const operand_source& source, const operand_slab& slab,
                                         std::uint64_t columns) {
    return {slab.row_scales.data(),
            source.scale_bytes(),
            source.shape().rows,
            columns,
            static_cast<std::ptrdiff_t>(columns),
            1};
  }

  /// Codes in slabs to the unit, whose sums go on from slab to slab; then factors of tensors.
  LOWP_UNIT void run_codes() {
    const mma_model& m = unit_.unit;
    const std::uint64_t slab =
        unit_.slices > 1 ? std::max<std::uint64_t>(k_, 1)
                         : slab_columns(2048, std::lcm(instruction(),
                                                       std::max<std::uint64_t>(m.scale_block, 1)));
    const std::uint64_t rows = d_.shape.rows, columns = d_.shape.columns;
    const bool is_direct = m.d == formats::binary32 && !options_.accumulate;
    const std::size_t bytes = m.d.width <= 8 ? 1 : m.d.width <= 16 ? 2 : 4;
    if (!is_direct) sums_.assign(rows * columns * bytes, std::byte{});
    const code_matrix_out out =
        is_direct ? d_as_codes() : code_matrix_out{sums_.data(),
                                                   static_cast<int>(bytes),
                                                   rows,
                                                   columns,
                                                   static_cast<std::ptrdiff_t>(columns),
                                                   1};
    if (k_ == 0 && is_direct) clear_d();
    gemm_rule unit = unit_;
    for (std::uint64_t first = 0; first < k_; first += slab) {
      const std::uint64_t n = std::min(slab, k_ - first);
      make_codes(a_, false, first, n, slabs_[0], m.scale_block);
      make_codes(b_, true, first, n, slabs_[1], m.scale_block);
      const code_matrix before{out.data, out.bytes, rows, columns, out.row_stride, 1};
      gemm_scales scales;
      if (m.scale_block != 0) {
        const std::uint64_t blocks = lowp::detail::pieces_of(n, m.scale_block);
        scales = {scales_of(a_, slabs_[0], blocks), scales_of(b_, slabs_[1], blocks).transposed()};
      }
      if (first != 0) unit.unit.c = m.d;
      gemm(unit, codes_of(a_, slabs_[0], n), codes_of(b_, slabs_[1], n).transposed(),
           first != 0 ? before : code_matrix{}, out, scales, how_);
    }
    finish(is_direct);
  }

  /// What units leave, times both factors, to D.
  LOWP_UNIT void finish(bool is_direct) const {
    const float_environment environment;
    const float factor = machine::multiply(a_.outer_factor(), b_.outer_factor());
    const std::uint64_t n = d_.shape.columns;
    const array_layout sums(unit_.unit.d, packing{});
    const plan to_numbers = make_plan({sums, formats::binary32, {}, {}});
    std::vector<float> row(n);
    for (std::uint64_t i = 0; i < d_.shape.rows; ++i) {
      float* to = row_of_d(i);
      if (is_direct) {
        if (factor != 1.0f) scale(to, factor, to, n);
        continue;
      }
      float* made = options_.accumulate ? row.data() : to;
      convert(to_numbers, sums_.data() + i * bytes_of(sums, n), reinterpret_cast<std::byte*>(made),
              n);
      if (factor != 1.0f) scale(made, factor, made, n);
      if (options_.accumulate) add_to(made, to, n);
    }
  }

  /// Sums of few products leave the unit, and enter D under the scales of both operands.
  LOWP_UNIT void run_promoted() {
    if (!options_.accumulate) clear_d();
    const std::uint64_t each = rule_.sum.promote_columns;
    const std::uint64_t slab = slab_columns(1024, each);
    const std::uint64_t rows = d_.shape.rows, columns = d_.shape.columns;
    sums_.resize(rows * columns * 4);
    const code_matrix_out out{
        sums_.data(), 4, rows, columns, static_cast<std::ptrdiff_t>(columns), 1};
    std::vector<float> factors(columns);
    for (std::uint64_t first = 0; first < k_; first += slab) {
      const std::uint64_t n = std::min(slab, k_ - first);
      make_codes(a_, false, first, n, slabs_[0], each);
      make_codes(b_, true, first, n, slabs_[1], each);
      for (std::uint64_t j = 0; j < n; j += each) {
        const auto part = [&](const operand_source& source, const operand_slab& s) {
          code_matrix c = codes_of(source, s, n);
          c.data += j * static_cast<unsigned>(c.bytes);
          c.columns = std::min(each, n - j);
          return c;
        };
        gemm(unit_, part(a_, slabs_[0]), part(b_, slabs_[1]).transposed(), {}, out, {}, how_);
        const std::uint64_t blocks = lowp::detail::pieces_of(n, each);
        for (std::uint64_t c = 0; c < columns; ++c)
          factors[c] = factor_of(b_, slabs_[1], c, blocks, j / each);
        add_sums(factors, blocks, j / each);
      }
    }
  }

  LOWP_UNIT static float factor_of(const operand_source& source, const operand_slab& s,
                                   std::uint64_t row, std::uint64_t blocks, std::uint64_t block) {
    if (source.rule().kind != operand_kind::blocks) return source.outer_factor();
    float f;
    std::memcpy(&f, s.row_scales.data() + (row * blocks + block) * 4, 4);
    return f;
  }

  LOWP_UNIT void add_sums(const std::vector<float>& factors, std::uint64_t blocks,
                          std::uint64_t block) const {
    const std::uint64_t n = d_.shape.columns;
    const lowp::detail::part_split parts = lowp::detail::split(how_, d_.shape.rows, 1, n);
    lowp::detail::for_each_part(how_, parts.count, [&](std::size_t part) {
      const float_environment environment;
      const std::uint64_t end = std::min((part + 1) * parts.each, d_.shape.rows);
      for (std::uint64_t i = part * parts.each; i < end; ++i) {
        add_scaled(reinterpret_cast<const float*>(sums_.data()) + i * n,
                   factor_of(a_, slabs_[0], i, blocks, block), factors.data(), row_of_d(i), n);
      }
    });
  }

  const product_rule& rule_;
  const operand_source& a_;
  const operand_source& b_;
  number_matrix<float> d_;
  const product_options& options_;
  thread_options how_;
  lowp::detail::matrix_multiply multiply_;
  std::uint64_t k_;
  gemm_rule unit_;
  bool observed_[2] = {};
  operand_slab slabs_[2];
  std::vector<std::byte> sums_;
  tile_room room_;
};

}  // namespace simd

}  // namespace lowp

#endif  // LOWP_TRAINING_PRODUCT_RUN_HPP
