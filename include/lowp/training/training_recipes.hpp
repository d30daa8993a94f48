// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of ways to train in few bits. A new one is one row. spec/training.md TRN-12.
#ifndef LOWP_TRAINING_TRAINING_RECIPES_HPP
#define LOWP_TRAINING_TRAINING_RECIPES_HPP

#include <cstddef>

#include "../block/block_formats.hpp"
#include "../block/block_recipes.hpp"
#include "../collective/wire_codecs.hpp"
#include "../detail/find_row.hpp"
#include "../hardware/mma/mma_generic.hpp"
#include "../hardware/mma/mma_nvidia.hpp"
#include "../hardware/mma/mma_nvidia_blackwell.hpp"
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

namespace detail {

/// All numbers of one format, without a factor: infinite where they overflow.
LOWP_FN operand_rule cast_to(format f) noexcept {
  return {.kind = operand_kind::elements, .element = f};
}
/// All numbers of one format under a factor, saturating.
LOWP_FN operand_rule scaled_to(format f, tensor_scaling scaling,
                               std::uint16_t history = 0) noexcept {
  return {.kind = operand_kind::elements,
          .element = f,
          .conversion = {.overflow = overflow_rule::saturate},
          .scaling = scaling,
          .history = history};
}
LOWP_FN operand_rule blocks_of(const block_format& f, const block_recipe& r) noexcept {
  return {.kind = operand_kind::blocks, .block = f, .recipe = r};
}
/// An MX format whose elements never overflow.
LOWP_FN operand_rule mx_operand(const block_format& f) noexcept {
  return blocks_of(f, block_recipe_named("torchao_rceil"));
}
LOWP_FN operand_rule default_blocks(const char* name) noexcept {
  const named_block_format* f = find_block_format(name);
  return blocks_of(f->value, default_recipe(*f));
}

/// The three products from what becomes of activations, weights and gradients.
LOWP_FN training_recipe of_operands(const operand_rule& activations, const operand_rule& weights,
                                    const operand_rule& gradients) noexcept {
  training_recipe r;
  r.product[0].a = activations;
  r.product[0].b = weights;
  r.product[1].a = gradients;
  r.product[1].b = weights;
  r.product[2].a = gradients;
  r.product[2].b = activations;
  return r;
}
LOWP_FN training_recipe of_operands(const operand_rule& all) noexcept {
  return of_operands(all, all, all);
}

/// Gradients of outputs draw random bits.
LOWP_FN training_recipe stochastic_gradients(training_recipe r, int bits) noexcept {
  r.product[1].a = with_stochastic(r.product[1].a, bits);
  r.product[2].a = with_stochastic(r.product[2].a, bits);
  return r;
}
LOWP_FN training_recipe rotated(training_recipe r, training_product p,
                                const hadamard_transform& t) noexcept {
  product_rule& product = r.product[static_cast<std::size_t>(p)];
  product.a = with_rotation(product.a, t);
  product.b = with_rotation(product.b, t);
  return r;
}
LOWP_FN training_recipe plain_ends(training_recipe r, int first, int last) noexcept {
  r.plain_first = static_cast<std::uint16_t>(first);
  r.plain_last = static_cast<std::uint16_t>(last);
  return r;
}
LOWP_FN training_recipe summed(training_recipe r, const sum_rule& sum) noexcept {
  for (product_rule& p : r.product) p.sum = sum;
  return r;
}
LOWP_FN training_recipe stored(training_recipe r, const storage_rule& weights) noexcept {
  r.weights = weights;
  return r;
}
LOWP_FN training_recipe loss_scaled(training_recipe r, const loss_scaling& loss) noexcept {
  r.loss = loss;
  return r;
}
LOWP_FN training_recipe with_gradients(training_recipe r, const wire_codec& c) noexcept {
  r.gradients = c;
  return r;
}

/// Exact sums of 32 products, and of what was summed before, each in one rounding to binary32.
inline constexpr sum_rule exact_sums{
    .kind = sum_kind::values,
    .unit = {.unit =
                 mma_rows::exact_dot(formats::binary32, formats::binary32, formats::binary32, 32)}};

LOWP_FN sum_rule codes_in(const mma_model& unit, std::uint32_t promote_every = 0) noexcept {
  return {.kind = sum_kind::codes, .unit = {.unit = unit, .promote_every = promote_every}};
}
LOWP_FN mma_model hopper_fp8(format a, format b) noexcept {
  return mma_rows::nvidia(a, b, formats::binary32, formats::binary32, 32, 32, mma_rows::fp8_13);
}
/// A recipe of FP8 elements in Hopper's unit, whose model depends on both formats.
LOWP_FN training_recipe in_hopper(training_recipe r, std::uint32_t promote_every) noexcept {
  for (product_rule& p : r.product) {
    p.sum = codes_in(hopper_fp8(element_of(p.a), element_of(p.b)), promote_every);
  }
  return r;
}
LOWP_FN sum_rule outside_scales(const mma_model& unit, int columns) noexcept {
  sum_rule s = codes_in(unit);
  s.promote_columns = static_cast<std::uint16_t>(columns);
  return s;
}

/// Transformer Engine's FP8: E4M3 forward, E5M2 for gradients.
LOWP_FN training_recipe hybrid_fp8(tensor_scaling scaling, int history = 0) noexcept {
  const auto steps = static_cast<std::uint16_t>(history);
  const operand_rule e4m3 = scaled_to(formats::e4m3fn, scaling, steps);
  return of_operands(e4m3, e4m3, scaled_to(formats::e5m2, scaling, steps));
}
/// DeepSeek's FP8: E4M3 everywhere, 1 x 128 blocks, weights in tiles.
LOWP_FN training_recipe deepseek_fp8() noexcept {
  const operand_rule rows = blocks_of(block_formats::fp8_1x128, block_recipes::fp8_deepseek);
  return of_operands(rows, blocks_of(block_formats::fp8_128x128, block_recipes::fp8_deepseek),
                     rows);
}
/// NVFP4: which of its measures hold.
LOWP_FN training_recipe nvfp4_training(bool stochastic, bool rotation, int plain) noexcept {
  const operand_rule rows = blocks_of(block_formats::nvfp4, block_recipes::nvfp4_te);
  training_recipe r =
      of_operands(rows, blocks_of(block_formats::nvfp4_16x16, block_recipes::nvfp4_te), rows);
  if (stochastic) r = stochastic_gradients(r, 8);
  if (rotation) r = rotated(r, training_product::weight_gradient, transformer_engine_hadamard);
  return plain_ends(r, 0, plain);
}

/// The rotation of MXFP4 training: groups of a block.
inline constexpr hadamard_transform rotation_32{32, random_signs({.seed = 0x4d58}, 32)};

inline constexpr storage_rule bfloat16_nearest{.element = formats::bfloat16};
inline constexpr storage_rule bfloat16_stochastic{
    .element = formats::bfloat16,
    .conversion = {.round = rounding::stochastic_a, .random_bits = 16}};
inline constexpr loss_scaling amp_loss{.initial = 65536, .growth_interval = 2000};

inline constexpr mma_model blackwell_mxfp8 =
    row_named(mma_rows::nvidia_blackwell_models,
              "sm100a.tcgen05.mma.block_scale.mMnNk32.block32.f32.e4m3.e4m3.ue8m0");
inline constexpr mma_model blackwell_nvfp4 =
    row_named(mma_rows::nvidia_blackwell_models,
              "sm100a.tcgen05.mma.block_scale.mMnNk64.block16.f32.e2m1.e2m1.ue4m3");
inline constexpr mma_model hopper_int8 =
    row_named(mma_rows::nvidia_integer_models, "sm90a.wgmma.m64nNk32.s32.s8.s8");

}  // namespace detail

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
    {"fp8_block", detail::deepseek_fp8(), "E4M3, binary32 scales of 1 x 128, weights of 128 x 128", "DeepSeek-V3 9b4e978, inference/kernel.py"},
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
    {"mxfp4_stochastic", detail::stochastic_gradients(detail::of_operands(detail::mx_operand(block_formats::mxfp4)), 8), "MXFP4, gradients rounded stochastically", "arXiv 2502.20586"},
    {"mxfp4_rotated", detail::rotated(detail::rotated(detail::stochastic_gradients(detail::of_operands(detail::mx_operand(block_formats::mxfp4)), 8), training_product::input_gradient, detail::rotation_32), training_product::weight_gradient, detail::rotation_32), "the same with rotated operands of both gradients", "arXiv 2502.20586"},
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
