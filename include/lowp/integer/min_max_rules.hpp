// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of ways to choose parameters from the least and the greatest number. A new one is
/// one row.
#ifndef LOWP_INTEGER_MIN_MAX_RULES_HPP
#define LOWP_INTEGER_MIN_MAX_RULES_HPP

#include <cstddef>

#include "affine_parameters.hpp"

namespace lowp {

/// spec/integers.md INT-8.
namespace min_max_rules {

inline constexpr float pytorch_epsilon = 0x1p-23f;

inline constexpr min_max_rule pytorch_affine{
    .name = "pytorch.affine",
    .least_scale = pytorch_epsilon,
    .zero_scale = pytorch_epsilon,
    .source = "PyTorch torch/ao/quantization/observer.py, _calculate_qparams, per_tensor_affine"};

inline constexpr min_max_rule pytorch_symmetric{
    .name = "pytorch.symmetric",
    .scale = scale_formula::per_half_step,
    .zero_point = zero_point_formula::symmetric,
    .least_scale = pytorch_epsilon,
    .zero_scale = pytorch_epsilon,
    .source =
        "PyTorch torch/ao/quantization/observer.py, _calculate_qparams, per_tensor_symmetric"};

inline constexpr min_max_rule gptq{
    .name = "gptq", .source = "GPTQ, AWQ: integers reference section 7; scale 1 of zeros is own"};

inline constexpr min_max_rule onnx_dynamic{
    .name = "onnx.dynamic",
    .zero_point = zero_point_formula::rounded_last,
    .source = "ONNX DynamicQuantizeLinear; scale 1 of zeros as ONNX Runtime (from memory)"};

inline constexpr min_max_rule absmax{
    .name = "absmax",
    .scale = scale_formula::per_greatest,
    .zero_point = zero_point_formula::symmetric,
    .source = "TensorFlow Lite SymmetricQuantizeFloats (from memory); for narrow ranges"};

inline constexpr min_max_rule absmax_full{
    .name = "absmax.full",
    .scale = scale_formula::per_power,
    .zero_point = zero_point_formula::symmetric,
    .source = "integers reference section 1: 128 for symmetric quantisation to the full range"};

inline constexpr min_max_rule deepspeed{
    .name = "deepspeed",
    .scale = scale_formula::steps_per_unit,
    .zero_point = zero_point_formula::symmetric,
    .source = "DeepSpeed csrc/includes/quantization_utils.h; with quantise_rules::deepspeed"};

}  // namespace min_max_rules

inline constexpr min_max_rule all_min_max_rules[] = {
    min_max_rules::pytorch_affine, min_max_rules::pytorch_symmetric,
    min_max_rules::gptq,           min_max_rules::onnx_dynamic,
    min_max_rules::absmax,         min_max_rules::absmax_full,
    min_max_rules::deepspeed,
};

inline constexpr std::size_t min_max_rule_count =
    sizeof(all_min_max_rules) / sizeof(all_min_max_rules[0]);

}  // namespace lowp

#endif  // LOWP_INTEGER_MIN_MAX_RULES_HPP
