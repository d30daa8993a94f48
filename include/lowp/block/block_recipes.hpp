// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of published ways to quantise blocks. A new one is one row of `all_block_recipes`.
#ifndef LOWP_BLOCK_BLOCK_RECIPES_HPP
#define LOWP_BLOCK_BLOCK_RECIPES_HPP

#include <cstddef>

#include "block_formats.hpp"
#include "block_recipe.hpp"

namespace lowp {

/// A row of the registry.
struct named_block_recipe {
  const char* name;
  const char* formats;  ///< what it is used with: the beginnings of names in all_block_formats
  block_recipe value;
  const char* description;
  const char* source;

  /// A row stands for its recipe.
  LOWP_FN operator block_recipe() const noexcept { return value; }
};

namespace detail {

inline constexpr projection saturating{.overflow = overflow_rule::saturate};

LOWP_FN projection saturating_with(rounding mode) noexcept {
  return {.round = mode, .overflow = overflow_rule::saturate};
}

LOWP_FN block_recipe power_recipe(scale_rule rule,
                                  rounding mode = rounding::to_nearest_even) noexcept {
  return {.rule = rule, .element = saturating_with(mode)};
}

/// NaN does not count for amax and becomes the NaN of all ones; infinities count.
LOWP_FN block_recipe ignoring_nan(block_recipe r) noexcept {
  r.nan = special_rule::ignore;
  r.infinity = special_rule::join;
  r.element.nan = nan_rule::all_ones;
  r.element.nan_sign = sign_rule::positive;
  return r;
}

LOWP_FN block_recipe quotient_recipe(const quotient_steps& steps) noexcept {
  return ignoring_nan({.rule = scale_rule::quotient, .steps = steps});
}

LOWP_FN block_recipe searching(block_recipe r, const scale_search& search) noexcept {
  r.search = search;
  return r;
}

/// FBGEMM's MX4: ties away from zero, exponents from -127 to 125.
LOWP_FN block_recipe fbgemm_mx4(scale_rule rule) noexcept {
  block_recipe r = power_recipe(rule, rounding::to_nearest_away);
  r.least_exponent = -127;
  r.greatest_exponent = 125;
  r.rounds_to_infinity =
      rule == scale_rule::even_exclusive || rule == scale_rule::even_log2_binary32;
  return r;
}

/// The same for E3M0, whose greatest exponent is taken as 3 and where nothing rounds up to 0.25.
LOWP_FN block_recipe fbgemm_e3m0(scale_rule rule) noexcept {
  block_recipe r = fbgemm_mx4(rule);
  r.exponent_offset = 1;
  r.element.flush_subnormal_result = true;
  r.element.tininess = tininess_rule::before_rounding;
  return r;
}

/// Microexponents of AMD Quark: subnormal numbers count as zero.
LOWP_FN block_recipe quark_microexponents(rounding mode) noexcept {
  block_recipe r = power_recipe(scale_rule::floor, mode);
  r.element.subnormal_input = subnormal_input_rule::zero;
  return r;
}

/// Block floating point of AMD Quark: NaN and infinity do not count.
LOWP_FN block_recipe quark_bfp16(scale_rule rule, rounding mode) noexcept {
  block_recipe r = power_recipe(rule, mode);
  r.nan = special_rule::ignore;
  r.infinity = special_rule::ignore;
  r.symmetric = false;
  return r;
}

LOWP_FN block_recipe with_zero_sign(block_recipe r, zero_sign_rule rule) noexcept {
  r.zero_sign = rule;
  return r;
}

LOWP_FN block_recipe at_least(block_recipe r, std::uint32_t amax) noexcept {
  r.least_amax = amax;
  return r;
}

inline constexpr quotient_steps te_nvfp4{.quotient = block_quotient::amax_by_factor,
                                         .element = element_step::by_reciprocal_of_product};

LOWP_FN quotient_steps with_bound(quotient_steps s, std::uint16_t bound) noexcept {
  s.outer_bound = bound;
  return s;
}
LOWP_FN quotient_steps zeroing(quotient_steps s) noexcept {
  s.zero_scale_zeroes = true;
  return s;
}
LOWP_FN quotient_steps to_power(quotient_steps s, power_step power) noexcept {
  s.power = power;
  return s;
}

inline constexpr quotient_steps four_over_six_steps{
    .quotient = block_quotient::times_outer, .element = element_step::by_reciprocal_of_product};
inline constexpr scale_search four_over_six_squares{.kind = search_kind::four_over_six};
inline constexpr scale_search four_over_six_magnitudes{.kind = search_kind::four_over_six,
                                                       .measure = error_measure::magnitudes};

/// A multiplier M / A, 1 for blocks of zeros.
LOWP_FN block_recipe multiplier_recipe(power_step power, infinite_factor infinite) noexcept {
  block_recipe r = quotient_recipe({.quotient = block_quotient::max_over_amax,
                                    .element = element_step::by_multiplier,
                                    .power = power,
                                    .infinite = infinite});
  r.zero_block = zero_block_rule::one;
  return r;
}

LOWP_FN block_recipe infinity_is_one(block_recipe r) noexcept {
  r.infinity = special_rule::unit;
  return r;
}

LOWP_FN block_recipe zero_block_is_one(block_recipe r) noexcept {
  r.zero_block = zero_block_rule::one;
  return r;
}

// binary32 of 1e-4 and of 1e-12.
inline constexpr std::uint32_t ten_to_minus_4 = 0x38d1b717;
inline constexpr std::uint32_t ten_to_minus_12 = 0x2b8cbccc;

}  // namespace detail

// One recipe a row, kept by hand.
// clang-format off

/// The published recipes. spec/blocks.md BLS-15; what of their recorded results is not met: BLS-16.
inline constexpr named_block_recipe all_block_recipes[] = {
    {"ocp", "mx,bfp,msfp", detail::power_recipe(scale_rule::floor),
     "floor, nearest even, NaN for blocks with NaN or infinity", "OCP MX v1.0, 6.3; microxcaling 7bc4195, mx/cpp; torchao 36027d8, FLOOR"},
    {"torchao_rceil", "mxfp", detail::power_recipe(scale_rule::round_up),
     "the least scale under which nothing overflows", "torchao 36027d8, mx_formats/mx_tensor.py, RCEIL"},
    {"torchao_ceil", "mxfp", detail::power_recipe(scale_rule::ceil),
     "the power of two from amax up", "torchao 36027d8, mx_formats/mx_tensor.py, CEIL"},
    {"torchao_even", "mxfp", {.rule = scale_rule::even, .rounds_to_infinity = true},
     "amax rounded to the element's significand", "torchao 36027d8, mx_formats/mx_tensor.py, EVEN"},
    {"microxcaling_nearest", "mxfp,mxint", detail::power_recipe(scale_rule::floor, rounding::to_nearest_away),
     "floor, ties away from zero: the default of microxcaling", "microxcaling 7bc4195, mx/cpp"},
    {"microxcaling_python", "mxfp,mxint", detail::power_recipe(scale_rule::floor_log2_binary32),
     "floor of a rounded logarithm: wrong just below powers of two", "microxcaling 7bc4195, mx/mx_ops.py"},
    {"te_mxfp8", "mxfp8", detail::ignoring_nan(detail::power_recipe(scale_rule::round_up)),
     "as torchao_rceil, NaN ignored, infinity under scale 2^127; cuDNN, cuBLAS", "TransformerEngine d0067d0, tests/cpp/operator/test_cast_mxfp8.cu"},
    {"tosa", "mxfp", detail::power_recipe(scale_rule::in_range),
     "the least scale under which amax rounds to a finite element", "TOSA cd5acdd, pseudocode/operators/CAST.tosac"},
    {"quark_mx", "mxfp,mxint", {.nan = special_rule::ignore, .infinity = special_rule::ignore, .symmetric = false},
     "floor; NaN and infinity do not count; INT8 down to -128", "AMD Quark 1d27b55, custom_ops/src/mx"},
    {"fbgemm_floor", "mxfp4", detail::fbgemm_mx4(scale_rule::floor),
     "floor, ties away", "FBGEMM 71d6f8b, triton/quantize.py (not run)"},
    {"fbgemm_ceil", "mxfp4", detail::fbgemm_mx4(scale_rule::ceil),
     "ceil, ties away", "FBGEMM 71d6f8b, triton/quantize.py (not run)"},
    {"fbgemm_even", "mxfp4", detail::fbgemm_mx4(scale_rule::even_exclusive),
     "even but for amax exactly half way, ties away", "FBGEMM 71d6f8b, triton/quantize.py (not run)"},
    {"fbgemm_nearest", "mxfp4", detail::fbgemm_mx4(scale_rule::nearest_log2),
     "the nearest power of two by its logarithm, ties away", "FBGEMM 71d6f8b, triton/quantize.py (not run)"},
    {"fbgemm_stochastic", "mxfp4", detail::fbgemm_mx4(scale_rule::stochastic),
     "amax rounded stochastically, ties away", "FBGEMM 71d6f8b, triton/quantize.py (not run)"},
    {"fbgemm_cpu_floor", "mxfp4", detail::fbgemm_mx4(scale_rule::floor_log2_binary32),
     "floor of a rounded logarithm, ties away", "FBGEMM 71d6f8b, triton/quantize_ref.py"},
    {"fbgemm_cpu_ceil", "mxfp4", detail::fbgemm_mx4(scale_rule::ceil_log2_binary32),
     "ceil of a rounded logarithm, ties away", "FBGEMM 71d6f8b, triton/quantize_ref.py"},
    {"fbgemm_cpu_even", "mxfp4", detail::fbgemm_mx4(scale_rule::even_log2_binary32),
     "even by a rounded logarithm, ties away", "FBGEMM 71d6f8b, triton/quantize_ref.py"},
    {"fbgemm_cpu_nearest", "mxfp4", detail::fbgemm_mx4(scale_rule::nearest_log2),
     "the nearest power of two by its logarithm, ties away", "FBGEMM 71d6f8b, triton/quantize_ref.py"},
    {"fbgemm_e3m0_floor", "mx4_e3m0", detail::fbgemm_e3m0(scale_rule::floor),
     "floor, ties away", "FBGEMM 71d6f8b, triton/quantize.py (not run)"},
    {"fbgemm_e3m0_ceil", "mx4_e3m0", detail::fbgemm_e3m0(scale_rule::ceil),
     "ceil, ties away", "FBGEMM 71d6f8b, triton/quantize.py (not run)"},
    {"fbgemm_e3m0_even", "mx4_e3m0", detail::fbgemm_e3m0(scale_rule::even_exclusive),
     "even but for amax exactly half way, ties away", "FBGEMM 71d6f8b, triton/quantize.py (not run)"},
    {"fbgemm_e3m0_nearest", "mx4_e3m0", detail::fbgemm_e3m0(scale_rule::nearest_log2),
     "the nearest power of two by its logarithm, ties away", "FBGEMM 71d6f8b, triton/quantize.py (not run)"},
    {"fbgemm_e3m0_stochastic", "mx4_e3m0", detail::fbgemm_e3m0(scale_rule::stochastic),
     "amax rounded stochastically, ties away", "FBGEMM 71d6f8b, triton/quantize.py (not run)"},
    {"fbgemm_e3m0_cpu_floor", "mx4_e3m0", detail::fbgemm_e3m0(scale_rule::floor_log2_binary32),
     "floor of a rounded logarithm, ties away", "FBGEMM 71d6f8b, triton/quantize_ref.py"},
    {"fbgemm_e3m0_cpu_ceil", "mx4_e3m0", detail::fbgemm_e3m0(scale_rule::ceil_log2_binary32),
     "ceil of a rounded logarithm, ties away", "FBGEMM 71d6f8b, triton/quantize_ref.py"},
    {"fbgemm_e3m0_cpu_even", "mx4_e3m0", detail::fbgemm_e3m0(scale_rule::even_log2_binary32),
     "even by a rounded logarithm, ties away", "FBGEMM 71d6f8b, triton/quantize_ref.py"},
    {"fbgemm_e3m0_cpu_nearest", "mx4_e3m0", detail::fbgemm_e3m0(scale_rule::nearest_log2),
     "the nearest power of two by its logarithm, ties away", "FBGEMM 71d6f8b, triton/quantize_ref.py"},
    {"modelopt_mxfp4", "mxfp4", detail::with_zero_sign(detail::power_recipe(scale_rule::round_up, rounding::to_nearest_zero), zero_sign_rule::exact_negative),
     "round_up, ties toward zero, numbers that are zero become -0", "Model-Optimizer a2fbac7, qtensor/mxfp4_tensor.py"},
    {"deepgemm_mxfp4", "mxfp4", detail::at_least(detail::with_zero_sign(detail::power_recipe(scale_rule::round_up, rounding::to_nearest_zero), zero_sign_rule::positive), detail::ten_to_minus_4),
     "round_up, ties toward zero, amax at least 1e-4, no -0", "DeepGEMM 54e2261, deep_gemm/utils/math.py"},
    {"minimum_mse", "mx,bfp,msfp", detail::searching(detail::power_recipe(scale_rule::floor), {.kind = search_kind::neighbours, .below = 1, .above = 2}),
     "the scale of least squared error among floor's and its neighbours", "own"},
    {"quark_mx9", "mx4,mx6,mx9", detail::quark_microexponents(rounding::to_nearest_even),
     "nearest even, subnormals are zero; saturating where Quark is not", "AMD Quark 1d27b55, custom_ops/src/bfp"},
    {"hif_mx9", "mx4,mx6,mx9", detail::quark_microexponents(rounding::to_nearest_away),
     "the same, ties away from zero", "HiFloat4 6d937b6, To_MXN; AMD Quark 1d27b55"},
    {"quark_bfp16", "bfp16", detail::quark_bfp16(scale_rule::floor, rounding::to_nearest_even),
     "floor, nearest even, NaN and infinity do not count", "AMD Quark 1d27b55, custom_ops/src/bfp"},
    {"quark_bfp16_away", "bfp16", detail::quark_bfp16(scale_rule::floor, rounding::to_nearest_away),
     "the same, ties away from zero", "AMD Quark 1d27b55, custom_ops/src/bfp"},
    {"quark_bfp16_compiler", "bfp16_compiler", detail::quark_bfp16(scale_rule::in_range_signed, rounding::to_nearest_even),
     "the exponent goes up where a number would round to 128", "AMD Quark 1d27b55, custom_ops/src/bfp"},
    {"quark_bfp16_compiler_away", "bfp16_compiler", detail::quark_bfp16(scale_rule::in_range_signed, rounding::to_nearest_away),
     "the same, ties away from zero", "AMD Quark 1d27b55, custom_ops/src/bfp"},
    {"hif4", "hif", detail::with_zero_sign({.rule = scale_rule::hif4}, zero_sign_rule::exact_positive),
     "three levels in steps of bfloat16", "HiFloat4 6d937b6, quant_cy/base/QFuncs/hifx.py"},
    {"nvfp4_te", "nvfp4", detail::quotient_recipe(detail::te_nvfp4),
     "amax (S (1/6)); x (1 / (b (1/S)))", "TransformerEngine d0067d0, common/cast/nvfp4/core_nvfp4.cuh; arXiv 2509.25149"},
    {"nvfp4_te_reference", "nvfp4", detail::quotient_recipe(detail::zeroing(detail::te_nvfp4)),
     "the same, zeros under a scale of zero", "TransformerEngine d0067d0, tests/cpp/operator/test_cast_nvfp4_transpose.cu"},
    {"nvfp4_te_reference_2d", "nvfp4_16x16", detail::quotient_recipe(detail::zeroing({.quotient = block_quotient::times_outer, .element = element_step::by_outer_over_scale})),
     "(amax / 6) S; x (S / b)", "TransformerEngine d0067d0, tests/cpp/operator/test_cast_nvfp4_transpose.cu"},
    {"nvfp4_te_python", "nvfp4", detail::with_zero_sign(detail::quotient_recipe(detail::te_nvfp4), zero_sign_rule::exact_positive),
     "as nvfp4_te, +0 for -0", "TransformerEngine d0067d0, custom_recipes/reference_nvfp4.py"},
    {"nvfp4_fouroversix_6", "nvfp4", detail::quotient_recipe(detail::zeroing(detail::four_over_six_steps)),
     "(amax / 6) S; x (1 / (b (1/S)))", "fouroversix dadfad6, quantize/pytorch/reference.py"},
    {"nvfp4_4over6_mse", "nvfp4", detail::searching(detail::quotient_recipe(detail::with_bound(detail::four_over_six_steps, 256)), detail::four_over_six_squares),
     "the better of two scales by squared error, outer scale for 256", "arXiv 2512.02010; TransformerEngine d0067d0, quantize_4over6_nvfp4.cuh"},
    {"nvfp4_4over6_mae", "nvfp4", detail::searching(detail::quotient_recipe(detail::with_bound(detail::four_over_six_steps, 256)), detail::four_over_six_magnitudes),
     "the better of two scales by absolute error, outer scale for 256", "TransformerEngine d0067d0, quantize_4over6_nvfp4.cuh"},
    {"nvfp4_4over6_mse_448", "nvfp4", detail::searching(detail::quotient_recipe(detail::four_over_six_steps), detail::four_over_six_squares),
     "the better of two scales by squared error, outer scale for 448", "TransformerEngine d0067d0, quantize_4over6_nvfp4.cuh"},
    {"nvfp4_4over6_mae_448", "nvfp4", detail::searching(detail::quotient_recipe(detail::four_over_six_steps), detail::four_over_six_magnitudes),
     "the better of two scales by absolute error, outer scale for 448", "TransformerEngine d0067d0, quantize_4over6_nvfp4.cuh"},
    {"nvfp4_torchao", "nvfp4", detail::quotient_recipe({.quotient = block_quotient::over_outer, .element = element_step::by_reciprocal_outer_over_scale, .infinite = infinite_factor::keep, .least_scale_log2 = -6}),
     "(amax / 6) / P from 2^-6 up; x ((1/P) / b)", "torchao 36027d8, mx_formats/nvfp4_tensor.py"},
    {"nvfp4_torchao_single", "nvfp4_single", detail::quotient_recipe({.quotient = block_quotient::amax_over_max, .element = element_step::by_reciprocal, .infinite = infinite_factor::keep, .least_scale_log2 = -6}),
     "amax / 6 from 2^-6 up; x (1 / b)", "torchao 36027d8, mx_formats/nvfp4_tensor.py"},
    {"nvfp4_modelopt", "nvfp4", detail::zero_block_is_one(detail::quotient_recipe({.quotient = block_quotient::over_product, .element = element_step::over_product, .least_scale_log2 = -9})),
     "amax / (6 P) from 2^-9 up, 1 for zeros; x / (b P)", "Model-Optimizer a2fbac7, qtensor/nvfp4_tensor.py (not run)"},
    {"nvfp4_triton", "nvfp4_single", detail::quotient_recipe(detail::zeroing({.quotient = block_quotient::amax_over_max, .element = element_step::by_reciprocal})),
     "amax / 6; x (1 / b), zeros under a scale of zero", "triton, numerics_details/mxfp.py (not run)"},
    {"nvfp4_cudnn", "nvfp4_single", {.rule = scale_rule::quotient, .steps = {.element = element_step::over_scale, .zero_scale_zeroes = true}, .nan = special_rule::ignore, .infinity = special_rule::join, .scale = detail::saturating_with(rounding::toward_positive)},
     "amax / 6 rounded up; x / b, zeros under a scale of zero", "cuDNN documentation, block_scale_quantize (not run)"},
    {"nvfp4_neighbours", "nvfp4_single", detail::searching(detail::quotient_recipe({.quotient = block_quotient::amax_over_max, .element = element_step::by_reciprocal}), {.kind = search_kind::neighbours, .below = 2, .above = 2}),
     "the scale of least squared error among five", "own, after ggml d99724f, ggml-cuda/quantize.cu"},
    {"fp8_te", "fp8_", detail::infinity_is_one(detail::multiplier_recipe(power_step::none, infinite_factor::greatest)),
     "x (M / amax), 1 / (M / amax) stored", "TransformerEngine d0067d0, common/recipe/recipe_common.cuh"},
    {"fp8_te_power", "fp8_", detail::infinity_is_one(detail::multiplier_recipe(power_step::multiplier_down, infinite_factor::greatest)),
     "the same with a power of two", "TransformerEngine d0067d0, common/recipe/recipe_common.cuh"},
    {"fp8_deepseek", "fp8_", detail::at_least(detail::quotient_recipe({.element = element_step::over_scale}), detail::ten_to_minus_4),
     "x / (amax / M), amax at least 1e-4", "DeepSeek-V3 9b4e978, inference/kernel.py (not run)"},
    {"fp8_deepseek_ue8m0", "fp8_", detail::at_least(detail::quotient_recipe(detail::to_power({.element = element_step::over_scale}, power_step::scale_up)), detail::ten_to_minus_4),
     "the same with a power of two", "DeepSeek-V3 9b4e978, inference/kernel.py (not run)"},
    {"fp8_deepgemm", "fp8_", detail::at_least(detail::quotient_recipe({.element = element_step::by_reciprocal}), detail::ten_to_minus_4),
     "x (1 / (amax / M)), amax at least 1e-4", "DeepGEMM 54e2261, deep_gemm/utils/math.py"},
    {"fp8_deepgemm_ue8m0", "fp8_", detail::at_least(detail::quotient_recipe(detail::to_power({.element = element_step::by_reciprocal}, power_step::scale_up)), detail::ten_to_minus_4),
     "the same with a power of two", "DeepGEMM 54e2261, deep_gemm/utils/math.py"},
    {"fp8_fbgemm", "fp8_", detail::at_least(detail::multiplier_recipe(power_step::none, infinite_factor::one), detail::ten_to_minus_12),
     "x (M / amax), amax at least 1e-12", "FBGEMM 71d6f8b, triton_gemm/fp8_gemm.py (not run)"},
};
// clang-format on

/// Number of registered recipes.
inline constexpr std::size_t block_recipe_count =
    sizeof(all_block_recipes) / sizeof(all_block_recipes[0]);

namespace detail {

consteval block_recipe block_recipe_named(const char* name) {
  return row_named(all_block_recipes, name);
}

// A block format that names no row of this registry is a compile error.
consteval bool every_format_has_its_recipe() {
  for (const named_block_format& f : all_block_formats) block_recipe_named(f.recipe);
  return true;
}
static_assert(every_format_has_its_recipe());

}  // namespace detail

/// The rows that people write, as constants; all others by `find_block_recipe`.
namespace block_recipes {

inline constexpr block_recipe ocp = detail::block_recipe_named("ocp");
inline constexpr block_recipe torchao_rceil = detail::block_recipe_named("torchao_rceil");
inline constexpr block_recipe te_mxfp8 = detail::block_recipe_named("te_mxfp8");
inline constexpr block_recipe minimum_mse = detail::block_recipe_named("minimum_mse");
inline constexpr block_recipe quark_mx9 = detail::block_recipe_named("quark_mx9");
inline constexpr block_recipe quark_bfp16 = detail::block_recipe_named("quark_bfp16");
inline constexpr block_recipe hif4 = detail::block_recipe_named("hif4");
inline constexpr block_recipe nvfp4_te = detail::block_recipe_named("nvfp4_te");
inline constexpr block_recipe nvfp4_4over6_mse = detail::block_recipe_named("nvfp4_4over6_mse");
inline constexpr block_recipe nvfp4_torchao = detail::block_recipe_named("nvfp4_torchao");
inline constexpr block_recipe nvfp4_torchao_single =
    detail::block_recipe_named("nvfp4_torchao_single");
inline constexpr block_recipe fp8_te = detail::block_recipe_named("fp8_te");
inline constexpr block_recipe fp8_te_power = detail::block_recipe_named("fp8_te_power");
inline constexpr block_recipe fp8_deepseek = detail::block_recipe_named("fp8_deepseek");
inline constexpr block_recipe fp8_deepgemm = detail::block_recipe_named("fp8_deepgemm");

}  // namespace block_recipes

/// The registered recipe of a name; null if there is none.
LOWP_FN const named_block_recipe* find_block_recipe(const char* name) noexcept {
  return detail::find_row(all_block_recipes, name);
}

/// The recipe of a registered format's own source.
LOWP_FN block_recipe default_recipe(const named_block_format& f) noexcept {
  return find_block_recipe(f.recipe)->value;
}

}  // namespace lowp

#endif  // LOWP_BLOCK_BLOCK_RECIPES_HPP
