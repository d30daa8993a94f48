// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of orders of operations in which libraries quantise. A new one is one row.
#ifndef LOWP_INTEGER_QUANTISE_RULES_HPP
#define LOWP_INTEGER_QUANTISE_RULES_HPP

#include "../detail/find_row.hpp"
#include "affine.hpp"

namespace lowp {

/// An order of operations that somebody uses.
struct named_quantise_rule {
  const char* name;
  quantise_rule value;
  const char* description;
  const char* source;

  /// A row stands for its rule.
  LOWP_FN operator quantise_rule() const noexcept { return value; }
};

// One rule a row, kept by hand.
// clang-format off
/// The published orders of operations. spec/integers.md INT-5.
inline constexpr named_quantise_rule all_quantise_rules[] = {
    {"fbgemm", {.scale = scaling::multiply_reciprocal, .zero_point = zero_point_place::after_rounding_binary32}, "x (1 / scale) rounded, then the zero point, in binary32",
     "FBGEMM include/fbgemm/QuantUtils.h, Quantize without LEGACY"},
    {"fbgemm.legacy", {.scale = scaling::multiply_reciprocal, .zero_point = zero_point_place::before_rounding}, "x (1 / scale) + zero point, rounded",
     "FBGEMM include/fbgemm/QuantUtils.h, Quantize with LEGACY, not contracted"},
    {"fbgemm.avx2", {.scale = scaling::multiply_reciprocal, .conversion = integer_conversion::x86}, "x (1 / scale) rounded by the instruction, then the zero point, wrapping",
     "FBGEMM src/QuantUtilsAvx2.cc, QuantizeAvx2 without LEGACY"},
    {"fbgemm.avx2.legacy", {.scale = scaling::multiply_reciprocal, .zero_point = zero_point_place::before_rounding_fused, .conversion = integer_conversion::x86}, "x (1 / scale) + zero point in one rounding, rounded by the instruction",
     "FBGEMM src/QuantUtilsAvx2.cc, QuantizeAvx2 with LEGACY"},
    {"pytorch", {.scale = scaling::multiply_reciprocal, .zero_point = zero_point_place::after_rounding_binary32}, "as fbgemm",
     "PyTorch aten quantized, quantize_val without FBGEMM (from memory, not verified)"},
    {"onnx", {}, "x / scale rounded, then the zero point",
     "ONNX QuantizeLinear"},
    {"xnnpack", {.zero_point = zero_point_place::before_rounding}, "x / scale + zero point, rounded",
     "XNNPACK xnn_qs8_quantize"},
    {"tflite", {.round = to_nearest_away}, "x / scale rounded, ties away from zero, then the zero point",
     "TensorFlow Lite AffineQuantize (from memory, not verified)"},
    {"deepspeed", {.scale = scaling::multiply}, "x scale rounded; the scale is 2^N / (2 amax)",
     "DeepSpeed csrc/includes/quantization_utils.h"},
};
// clang-format on

/// The rule of this name, or null.
LOWP_FN const named_quantise_rule* find_quantise_rule(const char* name) noexcept {
  return detail::find_row(all_quantise_rules, name);
}

namespace detail {

consteval quantise_rule quantise_rule_named(const char* name) {
  return row_named(all_quantise_rules, name);
}

}  // namespace detail

/// The rows as constants.
namespace quantise_rules {

inline constexpr quantise_rule fbgemm = detail::quantise_rule_named("fbgemm");
inline constexpr quantise_rule fbgemm_legacy = detail::quantise_rule_named("fbgemm.legacy");
inline constexpr quantise_rule fbgemm_avx2 = detail::quantise_rule_named("fbgemm.avx2");
inline constexpr quantise_rule fbgemm_avx2_legacy =
    detail::quantise_rule_named("fbgemm.avx2.legacy");
inline constexpr quantise_rule pytorch = detail::quantise_rule_named("pytorch");
inline constexpr quantise_rule onnx = detail::quantise_rule_named("onnx");
inline constexpr quantise_rule xnnpack = detail::quantise_rule_named("xnnpack");
inline constexpr quantise_rule tflite = detail::quantise_rule_named("tflite");
inline constexpr quantise_rule deepspeed = detail::quantise_rule_named("deepspeed");

}  // namespace quantise_rules

}  // namespace lowp

#endif  // LOWP_INTEGER_QUANTISE_RULES_HPP
