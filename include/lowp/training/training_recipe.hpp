// SPDX-License-Identifier: Apache-2.0
/// \file
/// How a network is trained in emulated formats: which formats its products, sums, optimiser and
/// collectives have. Data; the published ones are in training_recipes.hpp. spec/training.md TRN-1.
#ifndef LOWP_TRAINING_TRAINING_RECIPE_HPP
#define LOWP_TRAINING_TRAINING_RECIPE_HPP

#include <cstddef>
#include <cstdint>

#include "../collective/wire_codec.hpp"
#include "../hardware/gemm/gemm_rule.hpp"
#include "operand_rule.hpp"

namespace lowp {

/// The products of a linear layer with inputs X (tokens x inputs), weights W (outputs x inputs) and
/// outputs Y (tokens x outputs). All are D = A B^T, with the contraction along the columns of A and
/// B. TRN-1.
enum class training_product : std::uint8_t {
  forward,          ///< Y = X W^T: A is X, B is W
  input_gradient,   ///< dX = dY W: A is dY, B is W^T
  weight_gradient,  ///< dW = dY^T X: A is dY^T, B is X^T
};
inline constexpr std::size_t training_product_count = 3;

/// The name of a product, for messages and files.
LOWP_FN const char* name_of(training_product p) noexcept {
  switch (p) {
    case training_product::forward: return "forward";
    case training_product::input_gradient: return "input_gradient";
    case training_product::weight_gradient: return "weight_gradient";
  }
  return "unknown";
}

/// How products of values become sums. TRN-7.
enum class sum_kind : std::uint8_t {
  binary32,  ///< Eigen's product of the values as binary32 matrices: fast, in an order of its own
  values,    ///< an emulated unit whose factors are binary32: it takes the values
  codes,     ///< an emulated unit that takes the codes, and the scales if it has any
};

/// How products of values become sums.
struct sum_rule {
  sum_kind kind = sum_kind::binary32;
  gemm_rule unit = {};  ///< of `values` and `codes`
  /// Of `codes`, for block formats whose scales the unit does not take: sums of so many products
  /// leave the unit and are added in binary32, each multiplied by both scales. A block of either
  /// operand has a multiple of it along the contraction. TRN-8.
  std::uint16_t promote_columns = 0;

  friend LOWP_FN bool operator==(const sum_rule&, const sum_rule&) noexcept = default;
};

/// One product: what its operands become, how it is summed.
struct product_rule {
  operand_rule a = {}, b = {};
  sum_rule sum = {};

  friend LOWP_FN bool operator==(const product_rule&, const product_rule&) noexcept = default;
};

/// What numbers that live from step to step are kept in. TRN-10.
struct storage_rule {
  format element = formats::binary32;
  projection conversion = {};

  friend LOWP_FN bool operator==(const storage_rule&, const storage_rule&) noexcept = default;
};

/// A factor on the loss, and so on all gradients, that goes down where one of them is not finite
/// and up after so many steps without. TRN-11.
struct loss_scaling {
  float initial = 1;
  float growth = 2;
  float backoff = 0.5f;
  std::uint32_t growth_interval = 0;  ///< steps; 0: the factor stays what it is

  friend LOWP_FN bool operator==(const loss_scaling&, const loss_scaling&) noexcept = default;
};

/// How a network is trained.
struct training_recipe {
  product_rule product[training_product_count] = {};  ///< by `training_product`
  storage_rule weights = {}, first_moment = {}, second_moment = {};
  wire_codec gradients = {.id = 1};  ///< between ranks that share the tokens
  loss_scaling loss = {};
  /// Blocks of the network, from its first and up to its last, whose products are those of the
  /// recipe "bf16".
  std::uint16_t plain_first = 0, plain_last = 0;

  LOWP_FN const product_rule& of(training_product p) const noexcept {
    return product[static_cast<std::size_t>(p)];
  }
  friend LOWP_FN bool operator==(const training_recipe&, const training_recipe&) noexcept = default;
};

/// Has block `block` of `blocks` the products of the recipe "bf16" instead of its own?
LOWP_FN bool is_plain(const training_recipe& r, std::uint32_t block,
                      std::uint32_t blocks) noexcept {
  return block < r.plain_first || blocks - block <= r.plain_last;
}

/// The rule that a product's rule breaks, see `check` and `message`.
enum class [[nodiscard]] product_rule_error : std::uint8_t{
    none,
    a,         ///< `check` of its rule refuses
    b,         ///< the same
    rotation,  ///< the operands have different rotations
    unit,      ///< `check` of the unit's rule refuses
    values,   ///< the unit's factors are not binary32, it has scales, or its result is not binary32
    codes,    ///< the operands do not give codes that the unit takes
    scales,   ///< the unit's scales and those of the operands do not fit
    promote,  ///< scales outside the unit without `promote_columns`, or that do not divide blocks
};

/// The rule in words, for messages.
LOWP_FN const char* message(product_rule_error e) noexcept {
  switch (e) {
    case product_rule_error::none: return "no error";
    case product_rule_error::a: return "the rule of operand a must be usable";
    case product_rule_error::b: return "the rule of operand b must be usable";
    case product_rule_error::rotation: return "both operands must have the same rotation";
    case product_rule_error::unit: return "the rule of the unit must be usable";
    case product_rule_error::values:
      return "a unit of values needs factors and results in binary32, and no scales";
    case product_rule_error::codes:
      return "a unit of codes needs operands whose elements are of its formats";
    case product_rule_error::scales:
      return "scales of a unit need operands in blocks of that scale, multiples of it in length";
    case product_rule_error::promote:
      return "scales outside the unit need promote_columns that divide the columns of blocks";
  }
  return "unknown";
}

namespace detail {

/// The format of the codes that a rule makes; of width 0: it makes none.
LOWP_FN format element_of(const operand_rule& r) noexcept {
  return r.kind == operand_kind::elements ? r.element
         : r.kind == operand_kind::blocks ? r.block.element
                                          : format{};
}
LOWP_FN bool takes_codes(const mma_model& m, format factor, format element) noexcept {
  return element.width != 0 && element == (m.stored.width != 0 ? m.stored : factor);
}
LOWP_FN bool has_scale(const operand_rule& r) noexcept { return r.kind == operand_kind::blocks; }

}  // namespace detail

/// Which rule a product's rule breaks; `product_rule_error::none` for a usable one. TRN-7, TRN-8.
LOWP_FN product_rule_error check(const product_rule& r) noexcept {
  using enum product_rule_error;
  if (check(r.a) != operand_rule_error::none) return a;
  if (check(r.b) != operand_rule_error::none) return b;
  if (!(r.a.rotation == r.b.rotation)) return rotation;
  if (r.sum.kind == sum_kind::binary32) return none;
  if (check(r.sum.unit) != gemm_error::none) return unit;
  const mma_model& m = r.sum.unit.unit;
  if (r.sum.kind == sum_kind::values) {
    const format f = formats::binary32;
    const bool takes = detail::takes_codes(m, m.a, f) && detail::takes_codes(m, m.b, f);
    return takes && m.c == f && m.d == f && m.scale_block == 0 ? none : values;
  }
  if (!detail::takes_codes(m, m.a, detail::element_of(r.a)) ||
      !detail::takes_codes(m, m.b, detail::element_of(r.b)) || m.d.width > 32) {
    return codes;
  }
  if (m.scale_block != 0) {
    for (const operand_rule* o : {&r.a, &r.b}) {
      const bool fits = detail::has_scale(*o) && o->block.scale == m.scale &&
                        o->block.columns % m.scale_block == 0 && o->block.level[0].group == 0 &&
                        o->block.level[1].group == 0 && o->block.outer != outer_scale::row;
      if (!fits) return scales;
    }
    return none;
  }
  if (!detail::has_scale(r.a) && !detail::has_scale(r.b)) return none;
  if (r.sum.promote_columns == 0) return promote;
  for (const operand_rule* o : {&r.a, &r.b}) {
    if (!detail::has_scale(*o)) continue;
    if (o->block.scale != formats::binary32 || o->block.outer != outer_scale::none) return scales;
    if (o->block.columns % r.sum.promote_columns != 0) return promote;
  }
  return none;
}

}  // namespace lowp

#endif  // LOWP_TRAINING_TRAINING_RECIPE_HPP
