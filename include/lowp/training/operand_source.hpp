// SPDX-License-Identifier: Apache-2.0
/// \file
/// An operand, checked and measured, of which tiles can be made in any order by any thread. Behind
/// the front doors of operand.hpp and product.hpp. spec/training.md TRN-6.
#ifndef LOWP_TRAINING_OPERAND_SOURCE_HPP
#define LOWP_TRAINING_OPERAND_SOURCE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../simd/dequantise.hpp"
#include "../simd/plan.hpp"
#include "../simd/quantise.hpp"
#include "../simd/quantise_plan.hpp"
#include "operand_numbers.hpp"

namespace lowp::simd {

/// Kernels of tile_kernels-inl.hpp, for this machine.
void scale(const float* x, float factor, float* y, std::size_t n) noexcept;
void add_to(const float* x, float* y, std::size_t n) noexcept;
void add_scaled(const float* x, float factor, const float* factors, float* y,
                std::size_t n) noexcept;

/// Codes of a tile, one in each 1, 2 or 4 bytes, row by row without gaps, and scales of its blocks.
struct tile_codes {
  std::byte* codes;
  std::byte* scales;
};

class operand_source : public operand_numbers {
 public:
  /// Refuses what quantise_operand refuses, in the words of `check`; `name`: of the operand.
  LOWP_UNIT operand_source(const lowp::detail::argument_checks& check, const char* name,
                           const operand_rule& rule, const operand& in)
      : operand_numbers(rule, in) {
    lowp::detail::check_operand(check, name, rule, in);
    if (rule.kind == operand_kind::elements) {
      const array_layout codes(rule.element, packing{});
      to_codes_ = make_plan({formats::binary32, codes, rule.conversion, in.random});
      to_numbers_ = make_plan({codes, formats::binary32, {}, {}});
    } else if (rule.kind == operand_kind::blocks) {
      to_blocks_ = {.to = rule.block, .recipe = rule.recipe, .random = in.random};
      block_layout& l = to_blocks_.to.layout;
      l.elements.pack = packing{};
      l.element_order = matrix_orders::row_major();
    }
  }

  /// What follows from the whole tensor. Before any tile.
  LOWP_UNIT void measure(const thread_options& how) {
    if (rule_.kind == operand_kind::elements) return measure_elements(how);
    if (rule_.kind != operand_kind::blocks || rule_.block.outer == outer_scale::none) return;
    const bool by_row = rule_.block.outer == outer_scale::row;
    const bool joins = rule_.recipe.infinity == special_rule::join;
    amax_ = amaxes(how, by_row, joins);
    if (!by_row) amax_[0] = reduced(amax_[0]);
    outer_.resize(amax_.size());
    const float_environment environment;
    for (std::size_t i = 0; i < amax_.size(); ++i) {
      const auto P =
          outer_scale_of(rule_.block, rule_.recipe, machine_binary32::from_float(amax_[i]));
      outer_[i] = P.value();
    }
  }

  /// Rows of a tile of so many columns: what the second level of cache holds twice.
  LOWP_UNIT std::uint64_t tile_rows(std::uint64_t columns) const {
    constexpr std::uint64_t elements = 16384;
    const std::uint64_t rows =
        std::max<std::uint64_t>(elements / std::max<std::uint64_t>(columns, 1), 4);
    return (rows + row_unit() - 1) / row_unit() * row_unit();
  }
  LOWP_UNIT int code_bytes() const {
    const format f = rule_.kind == operand_kind::elements ? rule_.element : rule_.block.element;
    return f.width <= 8 ? 1 : f.width <= 16 ? 2 : 4;
  }
  LOWP_UNIT int scale_bytes() const { return to_blocks_.to.layout.scales.scale_bytes; }
  LOWP_UNIT matrix_shape scales_of(const tile_range& t) const {
    return {lowp::detail::pieces_of(t.rows, rule_.block.rows),
            lowp::detail::pieces_of(t.columns, rule_.block.columns)};
  }
  /// What multiplies results of units that take codes: 1/s, or the outer scale of the tensor.
  LOWP_UNIT float outer_factor() const {
    if (rule_.kind == operand_kind::elements) return inverse_;
    return outer_.size() == 1 ? outer_[0] : 1.0f;
  }

  /// The outer scale of a row, for blocks that have one.
  LOWP_UNIT float outer(std::uint64_t row) const { return outer_[outer_.size() == 1 ? 0 : row]; }

  /// The values of a tile.
  LOWP_UNIT void values(const tile_range& t, float* out, std::uint64_t stride,
                        tile_room& room) const {
    if (rule_.kind == operand_kind::binary32) {
      std::uint64_t apart = 0;
      const float* x = numbers(t, room, apart);
      for (std::uint64_t i = 0; i < t.rows; ++i) {
        std::copy(x + i * apart, x + i * apart + t.columns, out + i * stride);
      }
      return;
    }
    room.codes.resize(t.rows * t.columns * static_cast<unsigned>(code_bytes()));
    if (rule_.kind == operand_kind::blocks) {
      const matrix_shape s = scales_of(t);
      room.scales.resize(s.rows * s.columns * static_cast<unsigned>(scale_bytes()));
    }
    const tile_codes c{room.codes.data(), room.scales.data()};
    codes(t, c, room);
    values_of(t, c, out, stride);
  }

  /// The codes of a tile, and the scales of its blocks.
  LOWP_UNIT void codes(const tile_range& t, const tile_codes& out, tile_room& room) const {
    std::uint64_t stride = 0;
    const float* x = numbers(t, room, stride);
    codes_of(t, x, stride, out, room);
  }

  /// The same from the numbers of the tile, as `numbers` gives them.
  LOWP_UNIT void codes_of(const tile_range& t, const float* x, std::uint64_t stride,
                          const tile_codes& out, tile_room& room) const {
    if (rule_.kind == operand_kind::elements) return convert_tile(t, x, stride, out.codes, room);
    block_quantisation q = to_blocks_;
    if (is_stochastic(rule_)) {
      q.first = lowp::detail::index_of(in_, t.row, t.column);
      q.stride = lowp::detail::whole_columns_of(in_);
    }
    const matrix_shape s = scales_of(t);
    room.outer.resize(std::max<std::uint64_t>(t.rows, 1));
    const bool by_row = rule_.block.outer == outer_scale::row;
    quantise({x, stride, {t.rows, t.columns}}, q,
             {{out.codes, t.rows * t.columns * static_cast<unsigned>(code_bytes())},
              {out.scales, s.rows * s.columns * static_cast<unsigned>(scale_bytes())}},
             {.outer_amax = amax_.empty() ? nullptr : amax_.data() + (by_row ? t.row : 0),
              .outer = room.outer.data()});
  }

  /// The values of codes.
  LOWP_UNIT void values_of(const tile_range& t, const tile_codes& in, float* out,
                           std::uint64_t stride) const {
    if (rule_.kind == operand_kind::elements) {
      const std::size_t bytes = static_cast<unsigned>(code_bytes());
      for (std::uint64_t i = 0; i < t.rows; ++i) {
        float* y = out + i * stride;
        convert(to_numbers_, in.codes + i * t.columns * bytes, reinterpret_cast<std::byte*>(y),
                t.columns);
        if (inverse_ != 1.0f) scale(y, inverse_, y, t.columns);
      }
      return;
    }
    const matrix_shape s = scales_of(t);
    const bool by_row = rule_.block.outer == outer_scale::row;
    dequantise(to_blocks_.to,
               {{in.codes, t.rows * t.columns * static_cast<unsigned>(code_bytes())},
                {in.scales, s.rows * s.columns * static_cast<unsigned>(scale_bytes())}},
               {out, stride, {t.rows, t.columns}},
               {.outer = outer_.empty() ? nullptr : outer_.data() + (by_row ? t.row : 0)});
  }

 private:
  LOWP_UNIT float reduced(float amax) const {
    return in_.amax.reduce != nullptr ? in_.amax.reduce(in_.amax.context, amax) : amax;
  }

  LOWP_UNIT void measure_elements(const thread_options& how) {
    std::uint32_t factor = 0x3f800000;
    if (rule_.scaling == tensor_scaling::delayed) {
      factor = __builtin_bit_cast(std::uint32_t, in_.scale->scale);
    }
    const bool is_current = rule_.scaling == tensor_scaling::current;
    const bool notes = rule_.scaling == tensor_scaling::delayed && in_.notes_amax;
    if (is_current || notes) {
      const float amax = reduced(amaxes(how, false, true)[0]);
      if (is_current) factor = factor_of_amax(rule_, __builtin_bit_cast(std::uint32_t, amax));
      if (notes) note_amax(*in_.scale, amax);
    }
    factor_ = __builtin_bit_cast(float, factor);
    const float_environment environment;
    inverse_ = machine::divide(1.0f, factor_);
  }

  /// Elements under the factor of their tensor.
  LOWP_UNIT void convert_tile(const tile_range& t, const float* x, std::uint64_t stride,
                              std::byte* out, tile_room& room) const {
    const std::size_t bytes = static_cast<unsigned>(code_bytes());
    const std::uint64_t first = lowp::detail::index_of(in_, t.row, t.column),
                        whole = lowp::detail::whole_columns_of(in_);
    if (factor_ != 1.0f) room.scaled.resize(t.columns);
    for (std::uint64_t i = 0; i < t.rows; ++i) {
      const float* from = x + i * stride;
      if (factor_ != 1.0f) {
        scale(from, factor_, room.scaled.data(), t.columns);
        from = room.scaled.data();
      }
      convert(to_codes_, reinterpret_cast<const std::byte*>(from), out + i * t.columns * bytes,
              t.columns, first + i * whole);
    }
  }

  plan to_codes_, to_numbers_;
  block_quantisation to_blocks_{.to = block_format{}};
  float factor_ = 1, inverse_ = 1;
  std::vector<float> amax_, outer_;
};

}  // namespace lowp::simd

#endif  // LOWP_TRAINING_OPERAND_SOURCE_HPP
