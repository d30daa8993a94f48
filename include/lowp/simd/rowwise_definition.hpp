// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which row-wise codecs have kernels, and rows by the definition on the machine's binary32 for
/// everything else. spec/bulk.md BLK-9.
#ifndef LOWP_SIMD_ROWWISE_DEFINITION_HPP
#define LOWP_SIMD_ROWWISE_DEFINITION_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../compare.hpp"
#include "../integer/table/rowwise_convert.hpp"
#include "chunk.hpp"
#include "machine_binary32.hpp"
#include "plan.hpp"

namespace lowp::simd {

/// Which way the rows of a codec go.
enum class row_route : std::uint8_t {
  definition,
  integers,    ///< 8, 4 or 2 bits with the parameters that are published
  minifloats,  ///< elements that are all finite, converted by a plan
};

/// What kernels need to know of rows.
struct row_plan {
  rowwise_codec codec;
  std::uint64_t columns;
  std::uint64_t row_bytes;
  row_route route;
  row_reading reading;
  const plan* convert;        ///< of minifloats from or to binary32, or of places to codes that are
                              ///< rounded stochastically; null without
  const plan* output;         ///< from binary32 to the numbers that are read, null without
  random_source random = {};  ///< of elements that are rounded stochastically
  std::uint32_t greatest_code = 0;  ///< of minifloats: what the greatest magnitude becomes
};

/// The code of the greatest magnitude of minifloats to nearest.
LOWP_UNIT inline std::uint32_t greatest_code(const rowwise_codec& c) {
  const auto bits = lowp::detail::bit_cast<std::uint32_t>(c.greatest);
  return static_cast<std::uint32_t>(convert(formats::binary32, bits, c.element, projection{}));
}

LOWP_UNIT inline row_route route_of(const rowwise_codec& c) {
  if (!host_is_supported) return row_route::definition;
  if (has_integer_codes(c)) {
    const bool published = c.scaling == row_scaling::range ? c.parameter == formats::binary32
                                                           : c.parameter == formats::binary16;
    const int bits = c.element.width;
    return published && (bits == 8 || bits == 4 || bits == 2) ? row_route::integers
                                                              : row_route::definition;
  }
  if (c.element.width != 8 || c.parameter != formats::binary32) return row_route::definition;
  for (code_t code = 0; code < 256; ++code) {
    if (is_nan(c.element, code) || is_infinite(c.element, code)) return row_route::definition;
  }
  return row_route::minifloats;
}

/// Where the parts of a row stand.
struct row_places {
  std::uint64_t codes, code_bytes, parameters, parameter_bytes, row_bytes;
  std::uint64_t first_gap, first_gap_bytes, second_gap, second_gap_bytes;

  LOWP_UNIT explicit row_places(const row_plan& p)
      : codes(code_offset(p.codec)),
        code_bytes(bytes_of(code_layout(p.codec), p.columns)),
        parameters(parameter_offset(p.codec, p.columns)),
        parameter_bytes(lowp::parameter_bytes(p.codec)),
        row_bytes(p.row_bytes) {
    const bool first = p.codec.parameters_first;
    first_gap = codes + code_bytes;
    first_gap_bytes = (first ? row_bytes : parameters) - first_gap;
    second_gap = first ? codes : parameters + 2 * parameter_bytes;
    second_gap_bytes = first ? 0 : row_bytes - second_gap;
  }
  /// Zeros where nothing stands.
  LOWP_UNIT void fill(std::byte* row) const {
    if (first_gap_bytes != 0) std::memset(row + first_gap, 0, first_gap_bytes);
    if (second_gap_bytes != 0) std::memset(row + second_gap, 0, second_gap_bytes);
  }
  LOWP_UNIT void store_parameters(std::byte* row, std::uint32_t scale, std::uint32_t bias) const {
    std::byte* at = row + parameters;
    if (parameter_bytes == 4) {
      std::memcpy(at, &scale, 4);
      std::memcpy(at + 4, &bias, 4);
    } else if (parameter_bytes == 2) {
      const std::uint32_t both = scale | bias << 16;
      std::memcpy(at, &both, 4);
    }
  }
};

/// A row by the definition; `first` is the index of its first element. A `float_environment` must
/// live.
LOWP_UNIT inline void define_row(const row_plan& p, const float* row, std::byte* out,
                                 std::uint64_t first) {
  const lowp::detail::float_row<machine_binary32> numbers{row};
  lowp::detail::quantise_any_row<machine_binary32>(p.codec, numbers, p.columns, out, nullptr,
                                                   p.random, first);
}

/// The numbers of a row by the definition.
LOWP_UNIT inline void define_numbers(const row_plan& p, const std::byte* row, std::byte* out) {
  dequantise_row<machine_binary32>(p.codec, row, p.columns, out, p.reading);
}

/// Rows by a plan that was made before, defined in implementation_rowwise.hpp: for many short
/// arrays. Nothing is checked, and a `float_environment` must live.
void quantise_rows(const row_plan& p, const float* in, std::uint64_t rows, std::byte* out,
                   std::uint64_t first);
void dequantise_rows(const row_plan& p, const std::byte* in, std::uint64_t rows, std::byte* out);

}  // namespace lowp::simd

#endif  // LOWP_SIMD_ROWWISE_DEFINITION_HPP
