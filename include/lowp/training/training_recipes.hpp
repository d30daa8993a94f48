// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of ways to train in few bits. A new one is one row. spec/training.md TRN-12.
#ifndef LOWP_TRAINING_TRAINING_RECIPES_HPP
#define LOWP_TRAINING_TRAINING_RECIPES_HPP

#include <cstddef>

#include "../detail/find_row.hpp"
#include "recipe_parts.hpp"
#include "training_recipe.hpp"

namespace lowp {

/// A row of the registry.
struct named_training_recipe {
  const char* name;
  training_recipe value;
  const char* description;
  const char* source;

  /// A row stands for its recipe.
  LOWP_FN operator training_recipe() const noexcept { return value; }
};

// One recipe a row, kept by hand.
// clang-format off

/// All registered recipes. spec/training.md TRN-12.
inline constexpr named_training_recipe all_training_recipes[] = {
    {"f32", training_recipe{}, "binary32 throughout", "own: what the others are compared with"},
    {"f32_exact", detail::summed(training_recipe{}, detail::exact_sums), "the same with exact sums of 32 products: no bit depends on threads or ranks", "own"},
    {"bf16", detail::of_operands(detail::cast_to(formats::bfloat16)), "operands of products in bfloat16", "the usual mixed precision; TPU, arXiv 1905.12322"},
    {"bf16_stored", detail::stored(detail::of_operands(detail::cast_to(formats::bfloat16)), detail::bfloat16_nearest), "weights kept in bfloat16, to nearest: small updates vanish", "own"},
    {"bf16_stored_stochastic", detail::stored(detail::of_operands(detail::cast_to(formats::bfloat16)), detail::bfloat16_stochastic), "weights kept in bfloat16, stochastic rounding", "arXiv 2010.06192"},
    {"fp16", detail::loss_scaled(detail::of_operands(detail::cast_to(formats::binary16)), detail::amp_loss), "operands of products in binary16, dynamic loss scaling", "arXiv 1710.03740; PyTorch, GradScaler's defaults"},
    {"fp16_unscaled", detail::of_operands(detail::cast_to(formats::binary16)), "the same without loss scaling", "own"},
    {"fp8_delayed", detail::hybrid_fp8(tensor_scaling::delayed, 1024), "E4M3 forward, E5M2 gradients, factors from amaxes of 1024 steps", "TransformerEngine d0067d0, DelayedScaling"},
    {"fp8_delayed_16", detail::hybrid_fp8(tensor_scaling::delayed, 16), "the same with a history of 16 steps", "TransformerEngine d0067d0, DelayedScaling"},
    {"fp8_delayed_1", detail::hybrid_fp8(tensor_scaling::delayed, 1), "the same with the amax of the last step alone", "TransformerEngine d0067d0, DelayedScaling, most_recent"},
    {"fp8_current", detail::hybrid_fp8(tensor_scaling::current), "E4M3 forward, E5M2 gradients, factors from the tensors themselves", "TransformerEngine d0067d0, Float8CurrentScaling"},
    {"fp8_hopper", detail::in_hopper(detail::hybrid_fp8(tensor_scaling::current), 0), "fp8_current, sums as Hopper's wgmma keeps them: 13 bits", "arXiv 2511.10909; mma reference 1"},
    {"fp8_hopper_promoted", detail::in_hopper(detail::hybrid_fp8(tensor_scaling::current), 4), "the same, added in binary32 after 128 products", "DeepSeek-V3 report 3.3.2; CUTLASS"},
    {"fp8_unscaled", detail::of_operands(detail::scaled_to(formats::e4m3fn, tensor_scaling::none), detail::scaled_to(formats::e4m3fn, tensor_scaling::none), detail::scaled_to(formats::e5m2, tensor_scaling::none)), "E4M3 and E5M2 without factors: gradients underflow", "own"},
    {"fp8_cast", detail::loss_scaled(detail::of_operands(detail::cast_to(formats::e4m3fn), detail::cast_to(formats::e4m3fn), detail::cast_to(formats::e5m2)), detail::amp_loss), "E4M3 and E5M2 without factors or saturation, dynamic loss scaling: activations beyond 464 are NaNs", "own; casts as those of ml_dtypes and PyTorch"},
    {"fp8_block", detail::deepseek_fp8(), "E4M3, binary32 scales of 1 x 128, weights of 128 x 128; an amax counts as 1e-4 or more", "DeepSeek-V3 9b4e978, inference/kernel.py"},
    {"fp8_block_hopper", detail::summed(detail::deepseek_fp8(), detail::outside_scales(detail::hopper_fp8(formats::e4m3fn, formats::e4m3fn), 128)), "the same in Hopper's unit, 128 products at a time", "DeepGEMM 54e2261; DeepSeek-V3 report 3.3.2"},
    {"mxfp8", detail::of_operands(detail::mx_operand(block_formats::mxfp8_e4m3)), "MXFP8 E4M3 everywhere, scales rounded up", "arXiv 2506.08027; TransformerEngine d0067d0, MXFP8BlockScaling"},
    {"mxfp8_e5m2", detail::of_operands(detail::mx_operand(block_formats::mxfp8_e4m3), detail::mx_operand(block_formats::mxfp8_e4m3), detail::mx_operand(block_formats::mxfp8_e5m2)), "MXFP8 with E5M2 gradients", "TransformerEngine d0067d0, MXFP8BlockScaling, HYBRID"},
    {"mxfp8_exact", detail::summed(detail::of_operands(detail::mx_operand(block_formats::mxfp8_e4m3)), detail::exact_sums), "MXFP8 with exact sums of 32 products: no bit depends on threads or ranks", "own"},
    {"mxfp8_blackwell", detail::summed(detail::of_operands(detail::mx_operand(block_formats::mxfp8_e4m3)), detail::codes_in(detail::blackwell_mxfp8)), "MXFP8 in Blackwell's block-scaled unit", "arXiv 2511.10909; mma reference 1"},
    {"mxfp8_wire", detail::with_gradients(detail::of_operands(detail::mx_operand(block_formats::mxfp8_e4m3)), detail::wire_codec_named("mxfp8_e4m3")), "MXFP8, gradients between ranks in MXFP8 too", "own"},
    {"mxfp6_e2m3", detail::of_operands(detail::mx_operand(block_formats::mxfp6_e2m3)), "MXFP6 E2M3 everywhere", "OCP MX v1.0; arXiv 2310.10537"},
    {"mxfp6_e3m2", detail::of_operands(detail::mx_operand(block_formats::mxfp6_e3m2)), "MXFP6 E3M2 everywhere", "OCP MX v1.0; arXiv 2310.10537"},
    {"mxfp4", detail::of_operands(detail::mx_operand(block_formats::mxfp4)), "MXFP4 everywhere, to nearest", "OCP MX v1.0"},
    {"mxfp4_ocp", detail::of_operands(detail::blocks_of(block_formats::mxfp4, block_recipes::ocp)), "the same with scales rounded down: the greatest elements clip", "OCP MX v1.0, 6.3"},
    {"mxfp4_stochastic", detail::stochastic_gradients(detail::of_operands(detail::mx_operand(block_formats::mxfp4)), 8), "MXFP4, gradients rounded stochastically", "after arXiv 2502.20586, which has the backward products alone in MXFP4"},
    {"mxfp4_rotated", detail::rotated(detail::rotated(detail::stochastic_gradients(detail::of_operands(detail::mx_operand(block_formats::mxfp4)), 8), training_product::input_gradient, detail::rotation_32), training_product::weight_gradient, detail::rotation_32), "the same with rotated operands of both gradients", "after arXiv 2502.20586, as mxfp4_stochastic"},
    {"mxfp4_mxfp8", detail::of_operands(detail::mx_operand(block_formats::mxfp4), detail::mx_operand(block_formats::mxfp4), detail::mx_operand(block_formats::mxfp8_e4m3)), "MXFP4 activations and weights, MXFP8 gradients", "own"},
    {"nvfp4", detail::nvfp4_training(true, true, 1), "NVFP4: weights in 16 x 16 tiles, stochastic gradients, rotated weight gradient, last block in bfloat16", "TransformerEngine d0067d0, NVFP4BlockScaling; arXiv 2509.25149"},
    {"nvfp4_nearest", detail::nvfp4_training(false, true, 1), "the same with gradients to nearest", "arXiv 2509.25149, ablations"},
    {"nvfp4_unrotated", detail::nvfp4_training(true, false, 1), "the same as nvfp4 without rotation", "arXiv 2509.25149, ablations"},
    {"nvfp4_all_blocks", detail::nvfp4_training(true, true, 0), "the same as nvfp4 with all blocks in NVFP4", "arXiv 2509.25149, ablations"},
    {"nvfp4_bare", detail::nvfp4_training(false, false, 0), "NVFP4 without any of these measures", "arXiv 2509.25149, ablations"},
    {"nvfp4_blackwell", detail::summed(detail::nvfp4_training(true, true, 1), detail::codes_in(detail::blackwell_nvfp4)), "nvfp4 in Blackwell's block-scaled unit", "arXiv 2511.10909; mma reference 1"},
    {"int8", detail::of_operands(detail::scaled_to(formats::int8, tensor_scaling::current)), "INT8 under factors of tensors", "own"},
    {"int8_stochastic", detail::stochastic_gradients(detail::of_operands(detail::scaled_to(formats::int8, tensor_scaling::current)), 8), "the same, gradients rounded stochastically", "arXiv 1805.11046"},
    {"int8_unit", detail::summed(detail::of_operands(detail::scaled_to(formats::int8, tensor_scaling::current)), detail::codes_in(detail::hopper_int8)), "INT8 with sums in 32-bit integers", "PTX ISA, wgmma"},
    {"mxint8", detail::of_operands(detail::blocks_of(block_formats::mxint8, block_recipes::ocp)), "MXINT8 everywhere", "OCP MX v1.0"},
    {"bfp16", detail::of_operands(detail::default_blocks("bfp16")), "block floating point of 8: sign and 7 bits", "AMD Quark 1d27b55; AMD XDNA"},
    {"msfp12", detail::of_operands(detail::default_blocks("msfp12")), "block floating point of 16: sign and 3 bits", "Darvish Rouhani et al., NeurIPS 2020 (not read)"},
    {"mx9", detail::of_operands(detail::default_blocks("mx9")), "shared microexponents of 9 bits", "arXiv 2302.08007"},
    {"mx6", detail::of_operands(detail::default_blocks("mx6")), "shared microexponents of 6 bits", "arXiv 2302.08007"},
    {"mx4", detail::of_operands(detail::default_blocks("mx4")), "shared microexponents of 4 bits", "arXiv 2302.08007"},
    {"hif4", detail::of_operands(detail::default_blocks("hif4")), "HiFloat4: three levels of scales", "HiFloat4 6d937b6"},
    {"mx4_e3m0", detail::of_operands(detail::default_blocks("mx4_e3m0")), "powers of two in 4 bits under a shared scale", "FBGEMM 71d6f8b"},
    {"posit8", detail::of_operands(detail::cast_to(formats::posit8)), "operands of products in posits of 8 bits, without a factor", "Posit Standard 2022"},
};
// clang-format on

/// Number of registered recipes.
inline constexpr std::size_t training_recipe_count =
    sizeof(all_training_recipes) / sizeof(all_training_recipes[0]);

namespace detail {

consteval training_recipe training_recipe_named(const char* name) {
  return row_named(all_training_recipes, name);
}

}  // namespace detail

/// The rows that people write, as constants; all others by `find_training_recipe`.
namespace training_recipes {

inline constexpr training_recipe f32 = detail::training_recipe_named("f32");
inline constexpr training_recipe f32_exact = detail::training_recipe_named("f32_exact");
inline constexpr training_recipe bf16 = detail::training_recipe_named("bf16");
inline constexpr training_recipe fp8_current = detail::training_recipe_named("fp8_current");
inline constexpr training_recipe fp8_hopper = detail::training_recipe_named("fp8_hopper");
inline constexpr training_recipe mxfp8 = detail::training_recipe_named("mxfp8");
inline constexpr training_recipe nvfp4 = detail::training_recipe_named("nvfp4");

}  // namespace training_recipes

/// The registered recipe of a name; null if there is none.
LOWP_FN const named_training_recipe* find_training_recipe(const char* name) noexcept {
  return detail::find_row(all_training_recipes, name);
}

}  // namespace lowp

#endif  // LOWP_TRAINING_TRAINING_RECIPES_HPP
