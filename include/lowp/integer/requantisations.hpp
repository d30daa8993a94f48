// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of published requantisations. A new one is one row.
#ifndef LOWP_INTEGER_REQUANTISATIONS_HPP
#define LOWP_INTEGER_REQUANTISATIONS_HPP

#include "../detail/find_row.hpp"
#include "requantise.hpp"

namespace lowp {

/// A requantisation that somebody uses.
struct named_requantisation {
  const char* name;
  requantisation value;
  const char* description;
  const char* source;

  /// A row stands for its requantisation.
  LOWP_FN operator requantisation() const noexcept { return value; }
};

// One requantisation a row, kept by hand.
// clang-format off
/// The published requantisations. spec/integers.md INT-12.
inline constexpr named_requantisation all_requantisations[] = {
    {"tflite.double", {.method = requantise_method::shift_high_product, .last = integer_rounding::to_nearest_away}, "high product and shift, each rounded; the default",
     "TFLite MultiplyByQuantizedMultiplier without TFLITE_SINGLE_ROUNDING"},
    {"tflite.single", {.encoding = multiplier_encoding::tflite_single}, "one rounding, ties up",
     "TFLite MultiplyByQuantizedMultiplier, TFLITE_SINGLE_ROUNDING"},
    {"tflite.16x8", {.encoding = multiplier_encoding::tflite_16x8, .input_bits = 48}, "16-bit activations, 8-bit weights: 15 bits of multiplier",
     "TFLite MultiplyByQuantizedMultiplier of int64"},
    {"gemmlowp", {.method = requantise_method::shift_high_product, .last = integer_rounding::to_nearest_away}, "as tflite.double, factors below 1",
     "gemmlowp OutputStageQuantizeDownInt32ByFixedPoint"},
    {"fbgemm.fixed_point", {.encoding = multiplier_encoding::fbgemm}, "multiplier and right shift, one rounding",
     "FBGEMM include/fbgemm/QuantUtils.h, Requantize with multiplier and right shift"},
    {"fbgemm.float", {.encoding = multiplier_encoding::binary32, .method = requantise_method::multiply_binary32}, "binary32 product",
     "FBGEMM include/fbgemm/QuantUtils.h, Requantize with a float"},
    {"xnnpack.fp32", {.encoding = multiplier_encoding::binary32, .method = requantise_method::multiply_binary32}, "binary32 product; clamps before rounding, which changes nothing",
     "XNNPACK src/xnnpack/requantization.h, fp32"},
    {"xnnpack.rndnu", {.encoding = multiplier_encoding::xnnpack_24}, "24 bits of multiplier, one rounding",
     "XNNPACK src/xnnpack/requantization.h, rndnu"},
    {"xnnpack.rndnu16", {.encoding = multiplier_encoding::xnnpack_15, .method = requantise_method::high_product_of_shifted}, "shift to 16 bits, high product with 15 bits",
     "XNNPACK src/xnnpack/requantization.h, rndnu16"},
};
// clang-format on

/// The requantisation of this name, or null.
LOWP_FN const named_requantisation* find_requantisation(const char* name) noexcept {
  return detail::find_row(all_requantisations, name);
}

namespace detail {

consteval requantisation requantisation_named(const char* name) {
  return row_named(all_requantisations, name);
}

}  // namespace detail

/// The rows as constants.
namespace requantisations {

inline constexpr requantisation tflite_double = detail::requantisation_named("tflite.double");
inline constexpr requantisation tflite_single = detail::requantisation_named("tflite.single");
inline constexpr requantisation tflite_16x8 = detail::requantisation_named("tflite.16x8");
inline constexpr requantisation gemmlowp = detail::requantisation_named("gemmlowp");
inline constexpr requantisation fbgemm_fixed_point =
    detail::requantisation_named("fbgemm.fixed_point");
inline constexpr requantisation fbgemm_float = detail::requantisation_named("fbgemm.float");
inline constexpr requantisation xnnpack_fp32 = detail::requantisation_named("xnnpack.fp32");
inline constexpr requantisation xnnpack_rndnu = detail::requantisation_named("xnnpack.rndnu");
inline constexpr requantisation xnnpack_rndnu16 = detail::requantisation_named("xnnpack.rndnu16");

}  // namespace requantisations

}  // namespace lowp

#endif  // LOWP_INTEGER_REQUANTISATIONS_HPP
