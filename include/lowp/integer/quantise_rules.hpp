// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of orders of operations in which libraries quantise. A new one is one row.
#ifndef LOWP_INTEGER_QUANTISE_RULES_HPP
#define LOWP_INTEGER_QUANTISE_RULES_HPP

#include <cstddef>

#include "affine.hpp"

namespace lowp {

/// spec/integers.md INT-5.
namespace quantise_rules {

inline constexpr quantise_rule fbgemm{
    .name = "fbgemm",
    .scale = scaling::multiply_reciprocal,
    .zero_point = zero_point_place::after_rounding_binary32,
    .source = "FBGEMM include/fbgemm/QuantUtils.h, Quantize without LEGACY"};

inline constexpr quantise_rule fbgemm_legacy{
    .name = "fbgemm.legacy",
    .scale = scaling::multiply_reciprocal,
    .zero_point = zero_point_place::before_rounding,
    .source = "FBGEMM include/fbgemm/QuantUtils.h, Quantize with LEGACY, not contracted"};

inline constexpr quantise_rule fbgemm_avx2{
    .name = "fbgemm.avx2",
    .scale = scaling::multiply_reciprocal,
    .conversion = integer_conversion::x86,
    .source = "FBGEMM src/QuantUtilsAvx2.cc, QuantizeAvx2 without LEGACY"};

inline constexpr quantise_rule fbgemm_avx2_legacy{
    .name = "fbgemm.avx2.legacy",
    .scale = scaling::multiply_reciprocal,
    .zero_point = zero_point_place::before_rounding_fused,
    .conversion = integer_conversion::x86,
    .source = "FBGEMM src/QuantUtilsAvx2.cc, QuantizeAvx2 with LEGACY"};

inline constexpr quantise_rule pytorch{
    .name = "pytorch",
    .scale = scaling::multiply_reciprocal,
    .zero_point = zero_point_place::after_rounding_binary32,
    .source = "PyTorch aten quantized, quantize_val without FBGEMM (from memory, not verified)"};

inline constexpr quantise_rule onnx{.name = "onnx", .source = "ONNX QuantizeLinear"};

inline constexpr quantise_rule xnnpack{.name = "xnnpack",
                                       .zero_point = zero_point_place::before_rounding,
                                       .source = "XNNPACK xnn_qs8_quantize"};

inline constexpr quantise_rule tflite{
    .name = "tflite",
    .round = to_nearest_away,
    .source = "TensorFlow Lite AffineQuantize (from memory, not verified)"};

inline constexpr quantise_rule deepspeed{
    .name = "deepspeed",
    .scale = scaling::multiply,
    .source = "DeepSpeed csrc/includes/quantization_utils.h; scale is 2^N / (2 amax)"};

}  // namespace quantise_rules

inline constexpr quantise_rule all_quantise_rules[] = {
    quantise_rules::fbgemm,      quantise_rules::fbgemm_legacy,
    quantise_rules::fbgemm_avx2, quantise_rules::fbgemm_avx2_legacy,
    quantise_rules::pytorch,     quantise_rules::onnx,
    quantise_rules::xnnpack,     quantise_rules::tflite,
    quantise_rules::deepspeed,
};

inline constexpr std::size_t quantise_rule_count =
    sizeof(all_quantise_rules) / sizeof(all_quantise_rules[0]);

}  // namespace lowp

#endif  // LOWP_INTEGER_QUANTISE_RULES_HPP
