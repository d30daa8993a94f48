// SPDX-License-Identifier: Apache-2.0
/// \file
/// What rows of training_recipes.hpp are put together from: operands, the three products, sums,
/// storage. spec/training.md TRN-12.
#ifndef LOWP_TRAINING_RECIPE_PARTS_HPP
#define LOWP_TRAINING_RECIPE_PARTS_HPP

#include <cstddef>
#include <cstdint>

#include "../block/block_formats.hpp"
#include "../block/block_recipes.hpp"
#include "../collective/wire_codecs.hpp"
#include "../hardware/mma/mma_generic.hpp"
#include "../hardware/mma/mma_nvidia.hpp"
#include "../hardware/mma/mma_nvidia_blackwell.hpp"
#include "training_recipe.hpp"

namespace lowp {

namespace detail {

/// All numbers of one format, without a factor: infinite, or NaN, where they overflow.
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

}  // namespace lowp

#endif  // LOWP_TRAINING_RECIPE_PARTS_HPP
