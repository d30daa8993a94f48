// SPDX-License-Identifier: Apache-2.0
/// \file
/// What an operand of an emulated product becomes before it is multiplied. Data; nothing here
/// quantises: convert.hpp, block/ and simd/ do. spec/training.md TRN-2.
#ifndef LOWP_TRAINING_OPERAND_RULE_HPP
#define LOWP_TRAINING_OPERAND_RULE_HPP

#include <cstdint>

#include "../block/block_format.hpp"
#include "../block/block_recipe.hpp"
#include "../block/hadamard.hpp"
#include "../formats.hpp"
#include "../projection.hpp"

namespace lowp {

/// What makes values of the numbers of an operand.
enum class operand_kind : std::uint8_t {
  binary32,  ///< they stay what they are
  elements,  ///< each is converted for itself, all under one factor
  blocks,    ///< a block format: blocks along the contraction share a scale
};

/// Where the factor of `elements` comes from. TRN-3, TRN-4.
enum class tensor_scaling : std::uint8_t {
  none,     ///< it is 1
  current,  ///< the amax of this tensor
  delayed,  ///< the amaxes of earlier steps, see scale_state.hpp
};

/// Which amax of the history counts for a delayed factor. TRN-4.
enum class amax_choice : std::uint8_t { greatest, latest };

/// The most steps that a history reaches back.
inline constexpr std::uint16_t most_history = 4096;

/// What happens to one operand of a product.
struct operand_rule {
  operand_kind kind = operand_kind::binary32;
  /// Of `elements`: x becomes value(q) (1/s) with q = x s converted to `element`, s the factor.
  format element = formats::binary32;
  projection conversion = {};
  tensor_scaling scaling = tensor_scaling::none;
  /// Of factors: the greatest element stays 2^margin below the greatest number of the format.
  std::uint8_t margin = 0;
  bool power_of_two = false;  ///< of `current`: the factor loses its trailing significand
  /// Of `delayed`: steps that count, 1...`most_history`.
  std::uint16_t history = 0;
  amax_choice choice = amax_choice::greatest;
  /// Of `blocks`.
  block_format block = {};
  block_recipe recipe = {};
  /// Groups along the contraction are rotated before anything else; size 0: none. Both operands of
  /// a product have the same rotation, so that it cancels. TRN-5.
  hadamard_transform rotation = {.size = 0};

  friend LOWP_FN bool operator==(const operand_rule&, const operand_rule&) noexcept = default;
};

/// The rule that an `operand_rule` breaks, see `check` and `message`.
enum class [[nodiscard]] operand_rule_error : std::uint8_t{
    none,
    kind,      ///< no such kind, scaling or choice
    element,   ///< elements of no usable format, of more than 32 bits, or scaled without a number
               ///< above zero
    random,    ///< the conversion asks for more than 32 random bits
    history,   ///< a delayed factor needs a history of 1 to `most_history` steps
    margin,    ///< a margin over 64
    block,     ///< `check` of the block format, or of the recipe beside it, refuses
    rotation,  ///< `check` of the transform refuses
};

/// The rule in words, for messages.
LOWP_FN const char* message(operand_rule_error e) noexcept {
  switch (e) {
    case operand_rule_error::none: return "no error";
    case operand_rule_error::kind: return "kind, scaling and choice must be of the named ones";
    case operand_rule_error::element:
      return "elements must be of a usable format of 1 to 32 bits, with a number above zero";
    case operand_rule_error::random: return "a conversion takes at most 32 random bits";
    case operand_rule_error::history: return "a delayed factor needs a history of 1 to 4096 steps";
    case operand_rule_error::margin: return "the margin must be 0 to 64";
    case operand_rule_error::block: return "the block format and its recipe must be usable";
    case operand_rule_error::rotation:
      return "the size of a rotation must be 0 or a power of two from 2 to 1024";
  }
  return "unknown";
}

/// Which rule an operand's rule breaks; `operand_rule_error::none` for a usable one. TRN-2.
LOWP_FN operand_rule_error check(const operand_rule& r) noexcept {
  using enum operand_rule_error;
  if (r.kind > operand_kind::blocks || r.scaling > tensor_scaling::delayed ||
      r.choice > amax_choice::latest) {
    return kind;
  }
  if (r.rotation.size != 0 && check(r.rotation) != hadamard_error::none) return rotation;
  if (r.kind == operand_kind::blocks) {
    const bool usable = check(r.block) == block_format_error::none &&
                        check(r.block, r.recipe) == block_recipe_error::none;
    return usable ? none : block;
  }
  if (r.kind == operand_kind::binary32) return none;
  if (check(r.element) != format_error::none || r.element.width > 32) return element;
  if (r.scaling != tensor_scaling::none && max_finite(r.element) == 0) return element;
  if (r.conversion.random_bits > 32) return random;
  const bool delayed = r.scaling == tensor_scaling::delayed;
  if (delayed && (r.history == 0 || r.history > most_history)) return history;
  return r.margin > 64 ? margin : none;
}

/// Does the rule draw random bits?
LOWP_FN bool is_stochastic(const operand_rule& r) noexcept {
  switch (r.kind) {
    case operand_kind::binary32: return false;
    case operand_kind::elements: return is_stochastic(r.conversion.round);
    case operand_kind::blocks:
      return is_stochastic(r.recipe.element.round) || is_stochastic(r.recipe.scale.round) ||
             r.recipe.rule == scale_rule::stochastic;
  }
  return false;
}

/// Does one number that follows from the whole tensor decide about all values?
LOWP_FN bool has_tensor_amax(const operand_rule& r) noexcept {
  if (r.kind == operand_kind::elements) return r.scaling != tensor_scaling::none;
  return r.kind == operand_kind::blocks && r.block.outer != outer_scale::none;
}

/// The same rule with elements that round up or down at random: `rounding::stochastic_a` of so many
/// random bits.
LOWP_FN operand_rule with_stochastic(operand_rule r, int bits) noexcept {
  r.conversion.round = r.recipe.element.round = rounding::stochastic_a;
  r.conversion.random_bits = r.recipe.element.random_bits = static_cast<std::uint8_t>(bits);
  return r;
}

/// The same rule with rotated groups.
LOWP_FN operand_rule with_rotation(operand_rule r, const hadamard_transform& t) noexcept {
  r.rotation = t;
  return r;
}

}  // namespace lowp

#endif  // LOWP_TRAINING_OPERAND_RULE_HPP
