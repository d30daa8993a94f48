// SPDX-License-Identifier: Apache-2.0
// What the products of a recipe take: bits of the numbers that they read, and energy.
#ifndef LOWP_EXAMPLES_LANGUAGE_RECIPE_COST_HPP
#define LOWP_EXAMPLES_LANGUAGE_RECIPE_COST_HPP

#include <lowp/training/training_recipe.hpp>

#include "../block_quality/cost.hpp"
#include "model.hpp"

namespace language {

// Bits of a number, with its part of the scale of its block.
inline double bits_of(const lowp::operand_rule& rule) {
  switch (rule.kind) {
    case lowp::operand_kind::binary32: return 32;
    case lowp::operand_kind::elements: return rule.element.width;
    case lowp::operand_kind::blocks:
      return static_cast<double>(lowp::millibits_per_element(rule.block)) / 1000;
  }
  return 0;
}

inline quality::operand_shape shape_of(const lowp::operand_rule& rule) {
  return rule.kind == lowp::operand_kind::blocks
             ? quality::shape_of(rule.block)
             : quality::without_blocks(rule.kind == lowp::operand_kind::elements
                                           ? rule.element
                                           : lowp::formats::binary32);
}

struct recipe_cost {
  double bits = 0;    // of a number that a product reads
  double energy = 0;  // of a multiply-accumulate, in pJ of 45 nm, by the proxy of cost.hpp
};

// Means over the three products, and over both operands of each.
inline recipe_cost cost_of(const lowp::training_recipe& r) {
  recipe_cost mean;
  constexpr auto n = static_cast<double>(lowp::training_product_count);
  for (const lowp::product_rule& p : r.product) {
    mean.bits += (bits_of(p.a) + bits_of(p.b)) / (2 * n);
    mean.energy += quality::multiply_add_energy(shape_of(p.a), shape_of(p.b)) / n;
  }
  return mean;
}

// Means over all multiply-accumulates of the linear layers of a model, of which some may be plain.
inline recipe_cost cost_of(model& m) {
  recipe_cost sum;
  double weights = 0;
  m.for_each_linear([&](linear_layer& l) {
    const recipe_cost c = cost_of(l.products().recipe());
    const auto n = static_cast<double>(l.weight().value.size());
    sum.bits += n * c.bits;
    sum.energy += n * c.energy;
    weights += n;
  });
  return {sum.bits / weights, sum.energy / weights};
}

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_RECIPE_COST_HPP
