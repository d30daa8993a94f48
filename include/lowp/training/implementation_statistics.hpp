// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definitions behind operand_statistics.hpp, for the instruction sets of spec/bulk.md BLK-1,
/// chosen when the program runs. One unit of a program includes this header, before any header of
/// Highway, and links Highway's library; it calls what other implementations define.
#ifndef LOWP_TRAINING_IMPLEMENTATION_STATISTICS_HPP
#define LOWP_TRAINING_IMPLEMENTATION_STATISTICS_HPP

#include "../simd/implementation_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lowp/training/statistics_kernels-inl.hpp"

// The order of these three matters.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "statistics_kernels-inl.hpp"
// clang-format on

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "operand_source.hpp"
#include "operand_statistics.hpp"
#include "scale_range.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(add_to_statistics);

void add_statistics(tensor_statistics& to, const float* x, const float* v, const float* g,
                    std::size_t n) noexcept {
  HWY_DYNAMIC_DISPATCH(add_to_statistics)(to, x, v, g, n);
}

namespace {

/// Memory of one thread.
struct statistics_room {
  tile_room tile;
  std::vector<std::byte> codes, scales;
  std::vector<float> numbers, values, greatest;
};

/// What statistics of tiles need to know.
class tile_statistics {
 public:
  LOWP_UNIT explicit tile_statistics(const operand_source& source)
      : source_(source), f_(source.rule().block) {
    const operand_rule& r = source.rule();
    is_lopsided_ = is_lopsided(r);
    if (r.kind == operand_kind::blocks && f_.scale.width <= 8) {
      for (code_t c = 0; c >> f_.scale.width == 0; ++c) scale_bits_[c] = bits_of_scale(c);
    }
    if (r.kind == operand_kind::elements) {
      const float_environment environment;
      for (const bool negative : {false, true}) {
        greatest_[negative] = greatest_of_elements(r.element, negative);
      }
    }
  }

  LOWP_UNIT void add(tensor_statistics& to, const tile_range& t, statistics_room& room) const {
    const bool has_codes = source_.rule().kind != operand_kind::binary32;
    const bool has_blocks = source_.rule().kind == operand_kind::blocks;
    const std::uint64_t n = t.rows * t.columns;
    room.greatest.resize(n);
    std::uint64_t stride = 0;
    const float* x = source_.numbers(t, room.tile, stride);
    const float* values = nullptr;
    if (has_codes) {
      room.values.resize(n);
      room.codes.resize(n * static_cast<unsigned>(source_.code_bytes()));
      const matrix_shape s = has_blocks ? source_.scales_of(t) : matrix_shape{};
      room.scales.resize(s.rows * s.columns * static_cast<unsigned>(source_.scale_bytes()));
      const tile_codes codes{room.codes.data(), room.scales.data()};
      source_.codes_of(t, x, stride, codes, room.tile);
      source_.values_of(t, codes, room.values.data(), t.columns);
      values = room.values.data();
      if (has_blocks) count_scales(to, s, room);
    }
    x = without_gaps(t, x, stride, room);
    if (has_blocks) {
      write_greatest(t, x, room);
    } else {
      write_greatest(x, n, room);
    }
    add_statistics(to, x, values != nullptr ? values : x, room.greatest.data(), n);
  }

  /// Of an operand under one factor, that factor.
  LOWP_UNIT void count_factor(tensor_statistics& to) const {
    const operand_rule& r = source_.rule();
    if (r.kind != operand_kind::elements || r.scaling == tensor_scaling::none) return;
    to.scales.add(__builtin_bit_cast(std::uint32_t, source_.outer_factor()));
  }

 private:
  /// Do numbers below zero reach as far as those above?
  LOWP_UNIT static bool is_lopsided(const operand_rule& r) {
    if (r.kind == operand_kind::binary32) return false;
    const format f = r.kind == operand_kind::elements ? r.element : r.block.element;
    exact low = decode(f, lowest(f));
    low.negative = false;
    return lowp::detail::compare_magnitudes(
               normalized(low), normalized(decode(f, max_finite(f)))) != ordering::equal;
  }

  LOWP_UNIT static bool is_negative(float x) {
    return __builtin_bit_cast(std::uint32_t, x) >> 31 != 0;
  }

  LOWP_UNIT float greatest_of_elements(format f, bool negative) const {
    const code_t top = convert(f, negative ? lowest(f) : max_finite(f), formats::binary32, {});
    const auto bits = static_cast<std::uint32_t>(top) & 0x7fffffff;
    return machine::multiply(__builtin_bit_cast(float, bits), source_.outer_factor());
  }

  LOWP_UNIT code_t scale_of(const statistics_room& room, std::uint64_t block) const {
    code_t scale = 0;
    const auto bytes = static_cast<unsigned>(source_.scale_bytes());
    for (unsigned k = 0; k < bytes; ++k) {
      scale |= static_cast<code_t>(room.scales[block * bytes + k]) << 8 * k;
    }
    return scale;
  }

  LOWP_UNIT std::uint32_t bits_of_scale(code_t code) const {
    return static_cast<std::uint32_t>(convert(f_.scale, code, formats::binary32, {}));
  }

  LOWP_UNIT void count_scales(tensor_statistics& to, matrix_shape s,
                              const statistics_room& room) const {
    for (std::uint64_t b = 0; b < s.rows * s.columns; ++b) {
      const code_t code = scale_code(f_, scale_of(room, b));
      to.scales.add(f_.scale.width <= 8 ? scale_bits_[code] : bits_of_scale(code));
    }
  }

  /// The numbers of a tile without gaps.
  LOWP_UNIT static const float* without_gaps(const tile_range& t, const float* x,
                                             std::uint64_t stride, statistics_room& room) {
    if (stride == t.columns) return x;
    room.numbers.resize(t.rows * t.columns);
    for (std::uint64_t i = 0; i < t.rows; ++i) {
      std::copy_n(x + i * stride, t.columns, room.numbers.data() + i * t.columns);
    }
    return room.numbers.data();
  }

  LOWP_UNIT void write_greatest(const float* x, std::uint64_t n, statistics_room& room) const {
    const bool has_end = source_.rule().kind == operand_kind::elements;
    const float above = has_end ? greatest_[0] : std::numeric_limits<float>::infinity();
    std::fill_n(room.greatest.data(), n, above);
    if (!is_lopsided_) return;
    for (std::uint64_t j = 0; j < n; ++j) room.greatest[j] = greatest_[is_negative(x[j])];
  }

  LOWP_UNIT void write_greatest(const tile_range& t, const float* x, statistics_room& room) const {
    const std::uint64_t n = f_.columns, blocks = lowp::detail::pieces_of(t.columns, n);
    std::uint64_t each = n;  // elements that share one greatest value
    for (const exponent_level& l : f_.level) {
      if (l.group != 0) each = std::min<std::uint64_t>(each, l.group);
    }
    scale_range range(f_, source_.outer_factor());
    for (std::uint64_t i = 0; i < t.rows; ++i) {
      if (f_.outer == outer_scale::row) range = scale_range(f_, source_.outer(t.row + i));
      const float* row = x + i * t.columns;
      float* greatest = room.greatest.data() + i * t.columns;
      const std::uint64_t first = i % f_.rows * n;
      for (std::uint64_t j = 0; j < t.columns; j += each) {
        const code_t scale = scale_of(room, i / f_.rows * blocks + j / n);
        const auto at = static_cast<int>(first + j % n);
        const float above = range.greatest(scale, at, false);
        const std::uint64_t end = std::min(j + each, t.columns);
        if (!is_lopsided_) {
          std::fill(greatest + j, greatest + end, above);
          continue;
        }
        const float of_sign[2] = {above, range.greatest(scale, at, true)};
        for (std::uint64_t k = j; k < end; ++k) greatest[k] = of_sign[is_negative(row[k])];
      }
    }
  }

  const operand_source& source_;
  block_format f_;
  float greatest_[2] = {};
  bool is_lopsided_ = false;
  std::uint32_t scale_bits_[256] = {};
};

}  // namespace

}  // namespace simd

tensor_statistics statistics_of(const operand_rule& rule, const operand& in,
                                const thread_options& options) {
  operand own = in;
  own.notes_amax = false;
  simd::operand_source source(detail::argument_checks{"statistics_of"}, "in", rule, own);
  source.measure(options);
  const simd::tile_statistics tiles(source);
  const matrix_shape s = source.shape();
  tensor_statistics all;
  if (s.rows == 0 || s.columns == 0) return all;
  tiles.count_factor(all);
  const std::uint64_t unit = source.column_unit();
  const std::uint64_t columns = std::min(detail::pieces_of(1024, unit) * unit, s.columns);
  const std::uint64_t rows = source.tile_rows(columns);
  const std::uint64_t down = detail::pieces_of(s.rows, rows);
  // Whatever the threads, the same tiles are added up in the same order.
  std::vector<tensor_statistics> parts(down);
  const detail::part_split split = detail::split(options, down, 1, rows * s.columns * 8);
  detail::for_each_part(options, split.count, [&](std::size_t part) {
    const simd::float_environment environment;
    thread_local simd::statistics_room room;  // a quarter of a megabyte
    const std::uint64_t end = std::min((part + 1) * split.each, down);
    for (std::uint64_t k = part * split.each; k < end; ++k) {
      for (std::uint64_t j = 0; j < s.columns; j += columns) {
        tiles.add(
            parts[k],
            {k * rows, std::min(rows, s.rows - k * rows), j, std::min(columns, s.columns - j)},
            room);
      }
    }
  });
  for (const tensor_statistics& p : parts) all += p;
  return all;
}

}  // namespace lowp

#endif  // LOWP_TRAINING_IMPLEMENTATION_STATISTICS_HPP
