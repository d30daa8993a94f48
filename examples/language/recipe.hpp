// SPDX-License-Identifier: Apache-2.0
// Which layers of a network follow a recipe, and what the others do.
#ifndef LOWP_EXAMPLES_LANGUAGE_RECIPE_HPP
#define LOWP_EXAMPLES_LANGUAGE_RECIPE_HPP

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <lowp/training/sharded_linear.hpp>
#include <lowp/training/training_recipes.hpp>

namespace language {

// The products of the recipe "bf16" instead of a recipe's own. A recipe whose operands stay
// binary32 keeps them, and sums of values, which do not depend on threads and ranks, stay what they
// are.
inline lowp::training_recipe without_few_bits(lowp::training_recipe r) {
  const lowp::training_recipe& plain = lowp::training_recipes::bf16;
  for (std::size_t p = 0; p < lowp::training_product_count; ++p) {
    lowp::product_rule& rule = r.product[p];
    for (lowp::operand_rule lowp::product_rule::*o :
         {&lowp::product_rule::a, &lowp::product_rule::b}) {
      if (!(rule.*o == lowp::operand_rule{})) rule.*o = plain.product[p].*o;
    }
    if (rule.sum.kind != lowp::sum_kind::values) rule.sum = plain.product[p].sum;
  }
  return r;
}

// The same operands with exact sums in four slices of the contraction (TRN-13): up to four ranks
// that share the tokens end with the bits of one.
inline lowp::training_recipe with_exact_sums(lowp::training_recipe r) {
  const lowp::sum_rule exact = lowp::training_recipes::f32_exact.product[0].sum;
  for (lowp::product_rule& p : r.product) p.sum = exact;
  return lowp::with_slices(r, 4);
}

// Throws std::invalid_argument where so many ranks would not have the bits of one.
inline void check_shared(const lowp::training_recipe& r, std::uint32_t ranks,
                         std::uint64_t tokens) {
  for (const lowp::product_rule& p : r.product) {
    const lowp::gemm_rule& sum = p.sum.unit;
    if (p.sum.kind != lowp::sum_kind::values) {
      throw std::invalid_argument("recipe: ranks can share exact sums only (--exact)");
    }
    if (sum.slices % ranks != 0) {
      throw std::invalid_argument("share: there are " + std::to_string(ranks) +
                                  " ranks, they must divide " + std::to_string(sum.slices));
    }
    const std::uint64_t least = std::uint64_t{sum.slices} * sum.unit.k;
    if (ranks > 1 && tokens % least != 0) {
      throw std::invalid_argument("batch: has " + std::to_string(tokens) +
                                  " tokens in all, ranks share multiples of " +
                                  std::to_string(least));
    }
  }
}

inline lowp::training_recipe recipe_of_block(const lowp::training_recipe& r, std::size_t block,
                                             std::size_t blocks) {
  return lowp::is_plain(r, static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(blocks))
             ? without_few_bits(r)
             : r;
}

// The head is never in few bits, as in the published recipes.
inline lowp::training_recipe recipe_of_head(const lowp::training_recipe& r) {
  return without_few_bits(r);
}

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_RECIPE_HPP
