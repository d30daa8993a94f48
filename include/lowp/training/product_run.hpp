// SPDX-License-Identifier: Apache-2.0
/// \file
/// One emulated product on its way: slabs of the contraction are quantised, then summed. Behind the
/// front door of product.hpp. spec/training.md TRN-7, TRN-8.
#ifndef LOWP_TRAINING_PRODUCT_RUN_HPP
#define LOWP_TRAINING_PRODUCT_RUN_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "../hardware/gemm/gemm.hpp"
#include "operand_slab.hpp"

namespace lowp::simd {

/// Into how many parts Eigen's product of d's shape over k columns is split.
LOWP_UNIT inline lowp::detail::part_split product_parts(const thread_options& how,
                                                        const matrix_shape& d, std::uint64_t k) {
  const std::uint64_t some = std::min(d.rows, d.columns), most = std::max(d.rows, d.columns);
  constexpr std::uint64_t sums = 16;  // that cost as much as an element of other work
  return lowp::detail::split(how, most, 16, std::max<std::uint64_t>(some * k / sums, 1));
}

class product_run {
 public:
  LOWP_UNIT product_run(const product_rule& rule, const operand_source& a, const operand_source& b,
                        const number_matrix<float>& d, const product_options& options,
                        lowp::detail::matrix_multiply multiply)
      : sum_(rule.sum),
        a_(a, options, false),
        b_(b, options, true),
        d_(d),
        how_(lowp::detail::threads_of(options)),
        accumulates_(options.accumulate),
        multiply_(multiply),
        k_(a.shape().columns) {}

  LOWP_UNIT void run() {
    if (sum_.kind == sum_kind::binary32) return run_eigen();
    if (sum_.kind == sum_kind::values) return run_values();
    if (sum_.unit.unit.scale_block == 0 && sum_.promote_columns != 0) return run_promoted();
    run_codes();
  }

 private:
  /// Columns of a slab: about so many, whole blocks, groups and `unit`s. A unit that splits K wants
  /// all of it.
  LOWP_UNIT std::uint64_t slab_columns(std::uint64_t about, std::uint64_t unit) const {
    unit = std::lcm(unit, std::lcm(a_.source().column_unit(), b_.source().column_unit()));
    return lowp::detail::pieces_of(about, unit) * unit;
  }
  LOWP_UNIT std::uint64_t unit_slab_columns(std::uint64_t about) const {
    if (sum_.unit.slices > 1) return std::max<std::uint64_t>(k_, 1);
    // Where a sum may be taken up again.
    const std::uint64_t promoted = std::max(1u, sum_.unit.promote_every);
    const std::uint64_t scales = std::max<std::uint64_t>(sum_.unit.unit.scale_block, 1);
    return slab_columns(about, std::lcm(sum_.unit.unit.k * promoted, scales));
  }

  LOWP_UNIT float* row_of_d(std::uint64_t i) const { return d_.x + i * d_.stride; }
  LOWP_UNIT void clear_d() const {
    for (std::uint64_t i = 0; i < d_.shape.rows; ++i) {
      std::fill(row_of_d(i), row_of_d(i) + d_.shape.columns, 0.0f);
    }
  }
  template <class Number>
  LOWP_UNIT static code_matrix as_codes(const number_matrix<Number>& m) {
    return {reinterpret_cast<const std::byte*>(m.x), 4, m.shape.rows, m.shape.columns,
            static_cast<std::ptrdiff_t>(m.stride),   1};
  }
  LOWP_UNIT code_matrix_out d_as_codes() const {
    return {reinterpret_cast<std::byte*>(d_.x),     4, d_.shape.rows, d_.shape.columns,
            static_cast<std::ptrdiff_t>(d_.stride), 1};
  }
  /// D in codes of another format, without gaps.
  LOWP_UNIT code_matrix_out sums_as_codes(int bytes) {
    sums_.assign(d_.shape.rows * d_.shape.columns * static_cast<unsigned>(bytes), std::byte{});
    return {sums_.data(),
            bytes,
            d_.shape.rows,
            d_.shape.columns,
            static_cast<std::ptrdiff_t>(d_.shape.columns),
            1};
  }

  LOWP_UNIT void run_eigen() {
    if (k_ == 0 && !accumulates_) return clear_d();
    const std::uint64_t slab = slab_columns(256, 1);
    for (std::uint64_t first = 0; first < k_; first += slab) {
      const std::uint64_t n = std::min(slab, k_ - first);
      multiply(a_.values(first, n), b_.values(first, n), first != 0 || accumulates_);
    }
  }

  /// By Eigen, each thread some columns or some rows of D.
  LOWP_UNIT void multiply(const number_matrix<const float>& a, const number_matrix<const float>& b,
                          bool adds) const {
    const bool by_columns = d_.shape.columns >= d_.shape.rows;
    const std::uint64_t n = by_columns ? d_.shape.columns : d_.shape.rows;
    const lowp::detail::part_split parts = product_parts(how_, d_.shape, a.shape.columns);
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

  /// Values to a unit, which goes on from D.
  LOWP_UNIT void run_values() {
    if (k_ == 0 && !accumulates_) return clear_d();
    const std::uint64_t slab = unit_slab_columns(1024);
    for (std::uint64_t first = 0; first < k_; first += slab) {
      const std::uint64_t n = std::min(slab, k_ - first);
      const auto a = a_.values(first, n), b = b_.values(first, n);
      const bool adds = first != 0 || accumulates_;
      gemm(sum_.unit, as_codes(a), as_codes(b).transposed(), adds ? as_codes(d_) : code_matrix{},
           d_as_codes(), {}, how_);
    }
  }

  /// Codes to a unit, whose sums go on from slab to slab; then the factors of tensors.
  LOWP_UNIT void run_codes() {
    gemm_rule unit = sum_.unit;
    const mma_model& m = sum_.unit.unit;
    const bool is_direct = m.d == formats::binary32 && !accumulates_;
    const int bytes = m.d.width <= 8 ? 1 : m.d.width <= 16 ? 2 : 4;
    const code_matrix_out out = is_direct ? d_as_codes() : sums_as_codes(bytes);
    if (k_ == 0 && is_direct) clear_d();
    const std::uint64_t slab = unit_slab_columns(2048);
    for (std::uint64_t first = 0; first < k_; first += slab) {
      const std::uint64_t n = std::min(slab, k_ - first);
      a_.make_codes(first, n, m.scale_block);
      b_.make_codes(first, n, m.scale_block);
      const code_matrix before{out.data, out.bytes, out.rows, out.columns, out.row_stride, 1};
      gemm_scales scales;
      if (m.scale_block != 0) scales = {a_.scales(), b_.scales().transposed()};
      gemm(unit, a_.codes(0, n), b_.codes(0, n).transposed(), first != 0 ? before : code_matrix{},
           out, scales, how_);
      unit.unit.c = m.d;
    }
    finish(is_direct);
  }

  /// What the unit leaves, times both factors, to D.
  LOWP_UNIT void finish(bool is_direct) const {
    const float_environment environment;
    const float factor = machine::multiply(a_.source().outer_factor(), b_.source().outer_factor());
    const std::uint64_t n = d_.shape.columns;
    const array_layout sums(sum_.unit.unit.d, packing{});
    const plan to_numbers = make_plan({sums, formats::binary32, {}, {}});
    std::vector<float> row(accumulates_ ? n : 0);
    for (std::uint64_t i = 0; i < d_.shape.rows; ++i) {
      float* made = accumulates_ ? row.data() : row_of_d(i);
      if (!is_direct) {
        convert(to_numbers, sums_.data() + i * bytes_of(sums, n),
                reinterpret_cast<std::byte*>(made), n);
      }
      if (factor != 1.0f) scale(made, factor, made, n);
      if (accumulates_) add_to(made, row_of_d(i), n);
    }
  }

  /// Sums of few products leave the unit, and enter D under the scales of both operands.
  LOWP_UNIT void run_promoted() {
    if (!accumulates_) clear_d();
    const std::uint64_t each = sum_.promote_columns, slab = slab_columns(1024, each);
    const code_matrix_out out = sums_as_codes(4);
    std::vector<float> factors(d_.shape.columns);
    for (std::uint64_t first = 0; first < k_; first += slab) {
      const std::uint64_t n = std::min(slab, k_ - first);
      a_.make_codes(first, n, each);
      b_.make_codes(first, n, each);
      for (std::uint64_t j = 0; j < n; j += each) {
        const std::uint64_t some = std::min(each, n - j);
        gemm(sum_.unit, a_.codes(j, some), b_.codes(j, some).transposed(), {}, out, {}, how_);
        for (std::uint64_t c = 0; c < factors.size(); ++c) factors[c] = b_.factor(c, j / each);
        add_sums(factors, j / each);
      }
    }
  }

  LOWP_UNIT void add_sums(const std::vector<float>& factors, std::uint64_t block) const {
    const std::uint64_t n = d_.shape.columns;
    const lowp::detail::part_split parts = lowp::detail::split(how_, d_.shape.rows, 1, n);
    lowp::detail::for_each_part(how_, parts.count, [&](std::size_t part) {
      const float_environment environment;
      const std::uint64_t end = std::min((part + 1) * parts.each, d_.shape.rows);
      for (std::uint64_t i = part * parts.each; i < end; ++i) {
        add_scaled(reinterpret_cast<const float*>(sums_.data()) + i * n, a_.factor(i, block),
                   factors.data(), row_of_d(i), n);
      }
    });
  }

  const sum_rule& sum_;
  operand_slab a_, b_;
  number_matrix<float> d_;
  thread_options how_;
  bool accumulates_;
  lowp::detail::matrix_multiply multiply_;
  std::uint64_t k_;
  std::vector<std::byte> sums_;
};

}  // namespace lowp::simd

#endif  // LOWP_TRAINING_PRODUCT_RUN_HPP
