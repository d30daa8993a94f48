// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of published requantisations. A new one is one row.
#ifndef LOWP_INTEGER_REQUANTISATIONS_HPP
#define LOWP_INTEGER_REQUANTISATIONS_HPP

#include <cstddef>

#include "requantise.hpp"

namespace lowp {

/// spec/integers.md INT-12.
namespace requantisations {

inline constexpr requantisation tflite_double{
    .name = "tflite.double",
    .method = requantise_method::shift_high_product,
    .last = integer_rounding::to_nearest_away,
    .source = "TFLite MultiplyByQuantizedMultiplier, the default: double rounding"};

inline constexpr requantisation tflite_single{
    .name = "tflite.single",
    .encoding = multiplier_encoding::tflite_single,
    .source = "TFLite MultiplyByQuantizedMultiplier, TFLITE_SINGLE_ROUNDING"};

inline constexpr requantisation tflite_16x8{
    .name = "tflite.16x8",
    .encoding = multiplier_encoding::tflite_16x8,
    .input_bits = 48,
    .source = "TFLite MultiplyByQuantizedMultiplier of int64: 16-bit activations, 8-bit weights"};

inline constexpr requantisation gemmlowp{
    .name = "gemmlowp",
    .method = requantise_method::shift_high_product,
    .last = integer_rounding::to_nearest_away,
    .source = "gemmlowp OutputStageQuantizeDownInt32ByFixedPoint, factors below 1"};

inline constexpr requantisation fbgemm_fixed_point{
    .name = "fbgemm.fixed_point",
    .encoding = multiplier_encoding::fbgemm,
    .source = "FBGEMM include/fbgemm/QuantUtils.h, Requantize with multiplier and right shift"};

inline constexpr requantisation fbgemm_float{
    .name = "fbgemm.float",
    .encoding = multiplier_encoding::binary32,
    .method = requantise_method::multiply_binary32,
    .source = "FBGEMM include/fbgemm/QuantUtils.h, Requantize with a float"};

/// It clamps between product and rounding, which changes no result: the bounds are integers.
inline constexpr requantisation xnnpack_fp32{
    .name = "xnnpack.fp32",
    .encoding = multiplier_encoding::binary32,
    .method = requantise_method::multiply_binary32,
    .source = "XNNPACK src/xnnpack/requantization.h, fp32"};

inline constexpr requantisation xnnpack_rndnu{
    .name = "xnnpack.rndnu",
    .encoding = multiplier_encoding::xnnpack_24,
    .source = "XNNPACK src/xnnpack/requantization.h, rndnu"};

inline constexpr requantisation xnnpack_rndnu16{
    .name = "xnnpack.rndnu16",
    .encoding = multiplier_encoding::xnnpack_15,
    .method = requantise_method::high_product_of_shifted,
    .source = "XNNPACK src/xnnpack/requantization.h, rndnu16"};

}  // namespace requantisations

inline constexpr requantisation all_requantisations[] = {
    requantisations::tflite_double,      requantisations::tflite_single,
    requantisations::tflite_16x8,        requantisations::gemmlowp,
    requantisations::fbgemm_fixed_point, requantisations::fbgemm_float,
    requantisations::xnnpack_fp32,       requantisations::xnnpack_rndnu,
    requantisations::xnnpack_rndnu16,
};

inline constexpr std::size_t requantisation_count =
    sizeof(all_requantisations) / sizeof(all_requantisations[0]);

}  // namespace lowp

#endif  // LOWP_INTEGER_REQUANTISATIONS_HPP
