// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of ways to choose parameters from the least and the greatest number. A new one is
/// one row.
#ifndef LOWP_INTEGER_MIN_MAX_RULES_HPP
#define LOWP_INTEGER_MIN_MAX_RULES_HPP

#include "../detail/find_row.hpp"
#include "affine_parameters.hpp"

namespace lowp {

/// A way to choose parameters that somebody uses.
struct named_min_max_rule {
  const char* name;
  min_max_rule value;
  const char* description;
  const char* source;

  /// A row stands for its rule.
  LOWP_FN operator min_max_rule() const noexcept { return value; }
};

namespace detail {

inline constexpr float pytorch_epsilon = 0x1p-23f;

}  // namespace detail

// One rule a row, kept by hand.
// clang-format off
/// The published ways. spec/integers.md INT-8.
inline constexpr named_min_max_rule all_min_max_rules[] = {
    {"pytorch.affine", {.least_scale = detail::pytorch_epsilon, .zero_scale = detail::pytorch_epsilon}, "range / steps, at least 2^-23",
     "PyTorch torch/ao/quantization/observer.py, _calculate_qparams, per_tensor_affine"},
    {"pytorch.symmetric", {.scale = scale_formula::per_half_step, .zero_point = zero_point_formula::symmetric, .least_scale = detail::pytorch_epsilon, .zero_scale = detail::pytorch_epsilon}, "amax / (steps / 2), at least 2^-23",
     "PyTorch torch/ao/quantization/observer.py, _calculate_qparams, per_tensor_symmetric"},
    {"gptq", {}, "range / steps; AWQ too",
     "GPTQ arXiv 2210.17323, AWQ arXiv 2306.00978 (arithmetic from memory); scale 1 of zeros is own"},
    {"onnx.dynamic", {.zero_point = zero_point_formula::rounded_last}, "range / steps, the zero point rounded last",
     "ONNX DynamicQuantizeLinear; scale 1 of zeros as ONNX Runtime (from memory)"},
    {"absmax", {.scale = scale_formula::per_greatest, .zero_point = zero_point_formula::symmetric}, "amax / greatest integer, for narrow ranges",
     "TensorFlow Lite SymmetricQuantizeFloats (from memory)"},
    {"absmax_full", {.scale = scale_formula::per_power, .zero_point = zero_point_formula::symmetric}, "amax / (greatest integer + 1), for full ranges",
     "own: symmetric quantisation to the full range"},
    {"deepspeed", {.scale = scale_formula::steps_per_unit, .zero_point = zero_point_formula::symmetric}, "2^N / (2 amax), with quantise_rules::deepspeed",
     "DeepSpeed csrc/includes/quantization_utils.h"},
};
// clang-format on

/// The rule of this name, or null.
LOWP_FN const named_min_max_rule* find_min_max_rule(const char* name) noexcept {
  return detail::find_row(all_min_max_rules, name);
}

namespace detail {

consteval min_max_rule min_max_rule_named(const char* name) {
  return row_named(all_min_max_rules, name);
}

}  // namespace detail

/// The rows as constants.
namespace min_max_rules {

inline constexpr min_max_rule pytorch_affine = detail::min_max_rule_named("pytorch.affine");
inline constexpr min_max_rule pytorch_symmetric = detail::min_max_rule_named("pytorch.symmetric");
inline constexpr min_max_rule gptq = detail::min_max_rule_named("gptq");
inline constexpr min_max_rule onnx_dynamic = detail::min_max_rule_named("onnx.dynamic");
inline constexpr min_max_rule absmax = detail::min_max_rule_named("absmax");
inline constexpr min_max_rule absmax_full = detail::min_max_rule_named("absmax_full");
inline constexpr min_max_rule deepspeed = detail::min_max_rule_named("deepspeed");

}  // namespace min_max_rules

}  // namespace lowp

#endif  // LOWP_INTEGER_MIN_MAX_RULES_HPP
