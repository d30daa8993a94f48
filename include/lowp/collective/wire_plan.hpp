// SPDX-License-Identifier: Apache-2.0
/// \file
/// A codec of a wire, prepared: plans of the kernels that make and read its rows, and which rows go
/// together.
#ifndef LOWP_COLLECTIVE_WIRE_PLAN_HPP
#define LOWP_COLLECTIVE_WIRE_PLAN_HPP

#include <algorithm>
#include <cstdint>
#include <optional>

#include "../block/layout/convert_layout.hpp"
#include "../simd/affine_definition.hpp"
#include "../simd/dequantise_plan.hpp"
#include "../simd/quantise_plan.hpp"
#include "../simd/rowwise_definition.hpp"
#include "wire_codec.hpp"
#include "wire_position.hpp"

namespace lowp::simd {

/// Are the bytes of a message the codes of its numbers end to end, wherever rows begin?
LOWP_FN bool is_flat(const wire_codec& c) noexcept {
  if (c.kind == wire_kind::numbers) return true;
  return c.kind == wire_kind::rows && c.rows.scaling == row_scaling::none &&
         c.rows.code_alignment == 1 && c.rows.row_alignment == 1 &&
         c.row * c.rows.element.width % 8 == 0;
}

/// Numbers that go as one row: of flat codecs as many rows as buffers hold.
LOWP_FN std::uint32_t joined_row(const wire_codec& c) noexcept {
  return is_flat(c) ? most_wire_row / c.row * c.row : c.row;
}

/// Numbers of whole rows that pass the first-level cache together.
LOWP_FN std::uint32_t tile_of(std::uint32_t row) noexcept {
  constexpr std::uint32_t usual = 2048;
  return std::max(usual / row, std::uint32_t{1}) * row;
}

/// The matrix that rows of blocks are: codes end to end, scales end to end.
LOWP_FN block_matrix matrix_of(const wire_codec& c) noexcept {
  block_layout l = default_layout(c.block);
  l.elements = code_layout(c);
  l.element_order = matrix_orders::row_major();
  return {c.block, l};
}

/// What rows of blocks need.
struct block_rows {
  quantise_plan quantise;
  dequantise_plan dequantise;
  lowp::detail::quotient_constants<machine_binary32> constants;  ///< of an outer amax of 1
  quotient_floats factors;                                       ///< of those

  LOWP_UNIT explicit block_rows(const wire_codec& c)
      : quantise(make_quantise_plan({matrix_of(c), c.recipe})),
        dequantise(make_dequantise_plan(matrix_of(c), dequantise_steps::exact)) {
    const float_environment environment;
    constants = lowp::detail::constants_of(c.block, c.recipe, machine_binary32::from_float(1));
    factors = quotient_floats_of(constants);
  }
};

/// Does a conversion from binary32 to itself change nothing but NaNs?
LOWP_FN bool is_exact(projection p) noexcept {
  p.round = rounding::to_nearest_even;
  p.random_bits = 0;
  return p == projection{};
}

/// The codec, and its plans.
struct wire_plan {
  wire_codec c;
  array_layout codes;
  std::uint32_t row;   ///< as `joined_row` has it
  std::uint32_t tile;  ///< as `tile_of` has it
  hadamard_plan rotate{{}, false}, back{{}, true};
  row_route route = row_route::definition;
  std::optional<plan> to, from;  ///< conversions of numbers, or of what kernels of rows make
  std::uint32_t greatest = 0;    ///< of rows of minifloats: `greatest_code`
  std::optional<block_rows> blocks;
  bool copies = false;  ///< of numbers: nothing changes but NaNs

  LOWP_UNIT explicit wire_plan(const wire_codec& of)
      : c(of), codes(code_layout(of)), row(joined_row(of)), tile(tile_of(row)) {
    if (c.hadamard != 0) rotate.transform = back.transform = rotation_of(c);
    switch (c.kind) {
      case wire_kind::numbers:
        to = make_plan({formats::binary32, codes, c.conversion, {}});
        from = make_plan({codes, formats::binary32, {}, {}});
        copies = c.element == formats::binary32 && is_exact(c.conversion);
        break;
      case wire_kind::rows: {
        route = route_of(c.rows);
        const bool has_codes = has_integer_codes(c.rows);
        if (route == row_route::definition) break;
        if (has_codes && !lowp::is_stochastic(c.rows.round)) break;
        const array_layout codes_of = has_codes ? codes : array_layout(c.rows.element);
        to = make_plan({formats::binary32, codes_of, element_projection(c.rows), {}});
        if (has_codes) break;
        from = make_plan({codes_of, formats::binary32, {}, {}});
        greatest = greatest_code(c.rows);
        break;
      }
      case wire_kind::blocks: blocks.emplace(c); break;
    }
  }

  /// The plan of rows of n numbers by a conversion.
  LOWP_UNIT row_plan rows_of(std::uint64_t n, const std::optional<plan>& by,
                             const random_source& random = {}) const {
    const plan* convert = by ? &*by : nullptr;
    const std::uint64_t bytes = bytes_per_row(c.rows, n);
    return {c.rows, n, bytes, route, {}, convert, nullptr, random, greatest};
  }
};

}  // namespace lowp::simd

#endif  // LOWP_COLLECTIVE_WIRE_PLAN_HPP
