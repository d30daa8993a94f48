// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows that carry their own scale and bias, as embedding tables and quantised communication store
/// them: what such a codec is, as data, and where everything stands in the bytes of a row.
/// spec/tables.md TAB-1.
#ifndef LOWP_INTEGER_TABLE_ROWWISE_HPP
#define LOWP_INTEGER_TABLE_ROWWISE_HPP

#include <cstddef>
#include <cstdint>

#include "../../detail/bits.hpp"
#include "../../format.hpp"
#include "../../pack/packing.hpp"
#include "../../projection.hpp"

namespace lowp {

/// How a row's parameters and the codes come from its elements. TAB-3 to TAB-5.
enum class row_scaling : std::uint8_t {
  range,          ///< scale = range / steps, and beside it inverse = steps / (range + epsilon)
  rounded_range,  ///< bias rounded first, scale from what is left, inverse = 1 / rounded scale
  magnitude,      ///< scale = greatest / (epsilon + amax): multiplies here, divides on the way back
  none,           ///< no parameters
};

/// A codec of rows. Elements that are unsigned integers have codes q with x = scale q + bias;
/// elements that are minifloats have x = y / scale, or x = y under `none`.
struct rowwise_codec {
  format element;    ///< uint1...uint8, or a minifloat of up to 8 bits
  format parameter;  ///< of scale and bias: binary32 or binary16
  row_scaling scaling;
  bool parameters_first = false;    ///< scale and bias stand before the codes, else behind them
  std::uint8_t code_alignment = 1;  ///< codes take a multiple of so many bytes; zeros fill
  std::uint8_t row_alignment = 1;   ///< so does the whole row
  float epsilon = 0;                ///< added to range or amax
  float least_amax = 0;             ///< what amax is at least
  float greatest = 0;               ///< magnitudes of elements end here (minifloats)
  rounding round = rounding::to_nearest_even;  ///< of elements: nearest even or stochastic, TAB-16
  std::uint8_t random_bits = 0;                ///< of stochastic modes, no more than 16

  friend LOWP_FN bool operator==(const rowwise_codec&, const rowwise_codec&) noexcept = default;
};

/// The HFP8 elements of FBGEMM: neither infinities nor NaN. spec/tables.md TAB-5.
inline constexpr format hfp8_forward = with_bias(finite_format(4, 3, nan_codes::none), 15);
inline constexpr format hfp8_backward = with_bias(finite_format(5, 2, nan_codes::none), 31);

/// The rule that a codec, a table's shape or a call breaks, see `message`.
enum class [[nodiscard]] rowwise_error : std::uint8_t{
    none,
    element,  ///< elements are neither unsigned integers of 1...8 bits nor minifloats up to 8 bits
    parameter,   ///< parameters are neither binary32 nor binary16
    scaling,     ///< the scaling is not one for such elements
    alignment,   ///< an alignment is no power of two
    bounds,      ///< epsilon, least amax or greatest is negative, infinite or NaN
    rounding,    ///< elements round neither to nearest even nor stochastically by up to 16 bits
    output,      ///< decoded numbers are none of `row_output`
    columns,     ///< a row has no columns, or over 2^32
    input_size,  ///< numbers are not whole rows
    bytes_size,  ///< bytes are not as many as the rows take
};

/// The rule in words, for messages.
LOWP_FN const char* message(rowwise_error e) noexcept {
  switch (e) {
    case rowwise_error::none: return "no error";
    case rowwise_error::element:
      return "elements must be unsigned integers of 1 to 8 bits or minifloats of up to 8 bits";
    case rowwise_error::parameter: return "scale and bias must be binary32 or binary16";
    case rowwise_error::scaling: return "the scaling must be one for the kind of the elements";
    case rowwise_error::alignment: return "alignments must be powers of two";
    case rowwise_error::bounds:
      return "epsilon, least amax and greatest must be finite and not negative";
    case rowwise_error::rounding:
      return "elements must round to nearest even, or stochastically by up to 16 random bits";
    case rowwise_error::output: return "decoded numbers must be binary32, binary16 or bfloat16";
    case rowwise_error::columns: return "a row must have 1 to 2^32 columns";
    case rowwise_error::input_size: return "the numbers must be whole rows";
    case rowwise_error::bytes_size: return "the bytes must be those of all rows, no more, no less";
  }
  return "unknown";
}

/// True if elements are integers between a bias and a bias + scale x steps.
LOWP_FN bool has_integer_codes(const rowwise_codec& c) noexcept {
  return c.element.kind == number_kind::fixed_point;
}

/// Which rule a codec breaks; `rowwise_error::none` for a usable one. spec/tables.md TAB-2.
LOWP_FN rowwise_error check(const rowwise_codec& c) noexcept {
  const format e = c.element;
  const bool integer = has_integer_codes(c);
  if (check(e) != format_error::none || e.width > 8 ||
      (integer ? e.is_signed || e.bias != 0 : e.kind != number_kind::minifloat)) {
    return rowwise_error::element;
  }
  if (c.parameter != ieee_format(8, 23) && c.parameter != ieee_format(5, 10)) {
    return rowwise_error::parameter;
  }
  const bool affine = c.scaling == row_scaling::range || c.scaling == row_scaling::rounded_range;
  if (affine != integer || c.scaling > row_scaling::none) return rowwise_error::scaling;
  if (!detail::is_power_of_two(c.code_alignment) || !detail::is_power_of_two(c.row_alignment)) {
    return rowwise_error::alignment;
  }
  const float bounds[] = {c.epsilon, c.least_amax, c.greatest};
  for (const float bound : bounds) {
    if (detail::bit_cast<std::uint32_t>(bound) >= 0x7f800000) return rowwise_error::bounds;
  }
  const bool rounds = c.round == rounding::to_nearest_even ||
                      (is_stochastic(c.round) && c.round <= rounding::stochastic_c);
  if (!rounds || c.random_bits > 16) return rowwise_error::rounding;
  return rowwise_error::none;
}

/// How elements round. spec/tables.md TAB-16.
LOWP_FN projection element_projection(const rowwise_codec& c) noexcept {
  if (!is_stochastic(c.round)) return {};
  return {.round = c.round, .overflow = overflow_rule::saturate, .random_bits = c.random_bits};
}

/// Where a row's codes stand: end to end, the first in the lowest bits.
LOWP_FN array_layout code_layout(const rowwise_codec& c) noexcept {
  return {c.element, {.slot = c.element.width}};
}

/// Bytes of the codes of n columns with what fills them up.
LOWP_FN std::uint64_t code_bytes(const rowwise_codec& c, std::uint64_t n) noexcept {
  return detail::round_up_to(bytes_of(code_layout(c), n), c.code_alignment);
}

/// Bytes of one parameter, and of both.
LOWP_FN std::uint64_t parameter_bytes(const rowwise_codec& c) noexcept {
  return c.scaling == row_scaling::none ? 0 : c.parameter.width / 8U;
}

/// Bytes of a row of n columns. spec/tables.md TAB-1.
LOWP_FN std::uint64_t bytes_per_row(const rowwise_codec& c, std::uint64_t n) noexcept {
  return detail::round_up_to(code_bytes(c, n) + 2 * parameter_bytes(c), c.row_alignment);
}

/// Where the codes begin, and where the parameters do: scale, then bias (zero under `magnitude`).
LOWP_FN std::uint64_t code_offset(const rowwise_codec& c) noexcept {
  return c.parameters_first ? 2 * parameter_bytes(c) : 0;
}
LOWP_FN std::uint64_t parameter_offset(const rowwise_codec& c, std::uint64_t n) noexcept {
  return c.parameters_first ? 0 : code_bytes(c, n);
}

/// What decoded rows are. spec/tables.md TAB-6.
enum class row_output : std::uint8_t {
  binary32,
  binary16,           ///< nearest even
  bfloat16,           ///< nearest even
  bfloat16_add_half,  ///< bits of binary32 + 8000, the upper half: ties away, NaNs may wrap to -0
};

LOWP_FN std::uint64_t bytes_of(row_output o) noexcept { return o == row_output::binary32 ? 4 : 2; }

/// The arithmetic of scale q + bias. spec/tables.md TAB-6.
enum class row_arithmetic : std::uint8_t {
  fused,          ///< one rounding, as every vectorised decoder has it
  twice_rounded,  ///< the sum rounded to binary64 and then to binary32: FBGEMM's scalar reference
};

/// How rows are read.
struct row_reading {
  row_output output = row_output::binary32;
  row_arithmetic arithmetic = row_arithmetic::fused;
};

/// Which rule the sizes of a table break: `numbers` elements, `bytes` bytes of rows of `columns`.
/// `number_size` is 1 for elements, or bytes of a number where `numbers` counts bytes.
LOWP_FN rowwise_error check_table(const rowwise_codec& c, std::uint64_t columns,
                                  std::uint64_t numbers, std::uint64_t bytes,
                                  std::uint64_t number_size = 1) noexcept {
  if (const rowwise_error e = check(c); e != rowwise_error::none) return e;
  if (columns == 0 || columns > (std::uint64_t{1} << 32)) return rowwise_error::columns;
  if (numbers % (columns * number_size) != 0) return rowwise_error::input_size;
  const std::uint64_t rows = numbers / (columns * number_size), size = bytes_per_row(c, columns);
  if (bytes % size != 0 || bytes / size != rows) return rowwise_error::bytes_size;
  return rowwise_error::none;
}

}  // namespace lowp

#endif  // LOWP_INTEGER_TABLE_ROWWISE_HPP
