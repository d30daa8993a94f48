// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a multiply-accumulate costs: published figures, and a proxy for formats that have none.
#ifndef LOWP_EXAMPLES_BLOCK_QUALITY_COST_HPP
#define LOWP_EXAMPLES_BLOCK_QUALITY_COST_HPP

#include <algorithm>
#include <bit>
#include <cstdint>

#include <lowp/block/block_format.hpp>
#include <lowp/codec.hpp>
#include <lowp/properties.hpp>

namespace quality {

/// An operation in 45 nm at 0.9 V.
struct published_cost {
  const char* operation;
  double picojoules;
  double square_micrometres;
};

/// Source: M. Horowitz, Computing's energy problem (and what we can do about it), ISSCC 2014,
/// 10-14, as it is quoted everywhere (the paper itself was not read).
inline constexpr published_cost published_costs[] = {
    {"addition of int8", 0.03, 36},      {"addition of int16", 0.05, 67},
    {"addition of int32", 0.1, 137},     {"addition of binary16", 0.4, 1360},
    {"addition of binary32", 0.9, 4184}, {"product of int8", 0.2, 282},
    {"product of int32", 3.1, 3495},     {"product of binary16", 1.1, 1640},
    {"product of binary32", 3.7, 7700},
};

/// The energy of a full adder, which the published integer operations agree on: 0.1 pJ / 32,
/// 0.2 pJ / 64, 3.1 pJ / 1024.
inline constexpr double full_adder = 0.0031;

/// An addition of binary32: the published 0.9 pJ, in full adders.
inline constexpr double binary32_addition = 0.9 / full_adder;

/// Bits that a sum keeps below the last of its greatest product, as Blackwell's matrix units do.
inline constexpr int kept_bits = 25;

/// Multiplexers of a shifter of `width` bits by 0 to `range`: a stage for each bit of the distance,
/// each as wide as what can come out of it.
inline double shifter(int width, int range) {
  double cells = 0;
  for (int step = 1, reach = 0; reach < range; step *= 2) {
    reach = std::min(reach + step, range);
    cells += width + reach;
  }
  return cells;
}

/// Elements as a multiplier sees them.
struct factor_shape {
  int significand;     ///< bits of a significand, or of an integer with its sign
  int exponents;       ///< exponents of values differ by so much
  int exponent_field;  ///< bits
};
inline int floor_log2(const lowp::format& f, lowp::code_t code) {
  const lowp::exact x = decode(f, code);
  return static_cast<int>(x.exponent) + static_cast<int>(std::bit_width(x.significand)) - 1;
}
inline factor_shape shape_of(const lowp::format& f) {
  if (f.kind != lowp::number_kind::minifloat) return {f.width, 0, 0};
  const int field = f.width - (f.is_signed ? 1 : 0) - (f.precision - 1);
  const int spread = floor_log2(f, max_finite(f)) - floor_log2(f, min_normal(f));
  return {f.precision, std::max(spread, 0), field};
}

/// An operand of a product as a unit sees it.
struct operand_shape {
  factor_shape element;
  factor_shape scale;  ///< of a block; one without a significand costs nothing
  int level_range;     ///< exponents that fields of levels add to those of the elements
  int columns;         ///< products in a row that share the scale
};
inline operand_shape shape_of(const lowp::block_format& f) {
  int range = 0;
  for (const lowp::exponent_level& l : f.level) {
    if (l.group != 0) range += (1 << l.bits) - 1;
  }
  return {shape_of(f.element), shape_of(f.scale), range, f.columns};
}

/// Products in a row that a unit sums before it adds to binary32, where no block says it: those of
/// an MX block.
inline constexpr int summed_without_blocks = 32;

/// Elements under one factor for all: it costs nothing, and neither do those of other scales.
inline operand_shape without_blocks(const lowp::format& element) {
  return {shape_of(element), {0, 0, 0}, 0, summed_without_blocks};
}

/// Full adders (a multiplexer counts as one) for a product of two elements and its addition to the
/// sum of a block, with a part of what the blocks' scales and the sum in binary32 take. Products
/// are exact; they are shifted to the place of the sum, which is exact too or keeps `kept_bits`. A
/// proxy: no pipeline, no wires, no zero-point corrections.
inline double multiply_add_cells(const operand_shape& a, const operand_shape& b) {
  const int range = std::min(
      a.element.exponents + b.element.exponents + a.level_range + b.level_range, kept_bits);
  const int columns = std::min(a.columns, b.columns);
  const int product = a.element.significand + b.element.significand;
  const int sum =
      product + range + static_cast<int>(std::bit_width(static_cast<unsigned>(columns)));
  const double element = a.element.significand * b.element.significand +
                         std::max(a.element.exponent_field, b.element.exponent_field) +
                         shifter(product, range) + sum;
  // Scales: exponents are added; significands are multiplied, and their product with the sum.
  const factor_shape &s = a.scale, &t = b.scale;
  const int of_s = s.significand > 1 ? s.significand : 0,
            of_t = t.significand > 1 ? t.significand : 0;
  const double significands = of_s * of_t + static_cast<double>(of_s + of_t) * sum;
  const double scale =
      std::max(s.exponent_field, t.exponent_field) + significands + binary32_addition;
  return element + scale / columns;
}

/// The same in picojoules of 45 nm.
inline double multiply_add_energy(const operand_shape& a, const operand_shape& b) {
  return full_adder * multiply_add_cells(a, b);
}
inline double multiply_add_energy(const lowp::block_format& f) {
  return multiply_add_energy(shape_of(f), shape_of(f));
}

}  // namespace quality

#endif  // LOWP_EXAMPLES_BLOCK_QUALITY_COST_HPP
