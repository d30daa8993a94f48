// SPDX-License-Identifier: Apache-2.0
// AdamW (Loshchilov, Hutter, arXiv 1711.05101) with what it keeps between steps stored in the
// formats of a recipe: m and v are averages of g and g^2, m' and v' these without their bias to 0,
// and w -= rate (m' / (sqrt(v') + epsilon) + decay w).
#ifndef LOWP_EXAMPLES_LANGUAGE_ADAMW_HPP
#define LOWP_EXAMPLES_LANGUAGE_ADAMW_HPP

#include <cstdint>
#include <span>
#include <vector>

#include <lowp/simd/thread_pool.hpp>

#include "parameter.hpp"
#include "recipe.hpp"

namespace language {

struct adamw_setting {
  double rate = 1e-3;  // the greatest; see `rate_of_step`
  double beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8;
  double decay = 0.1;          // of matrices; gains do not decay
  double clip = 1;             // gradients of a greater norm are made as small
  std::uint64_t warm_up = 30;  // steps
};

// Grows for `warm_up` steps, then falls as half a cosine to a tenth at the last step; 0 is the
// first.
double rate_of_step(const adamw_setting& s, std::uint64_t step, std::uint64_t steps);

// The norm of all gradients, divided by the loss scale before they are squared, so that the sum
// stays in the range where its order does not matter.
double gradient_norm(std::span<const parameter> parameters, double scale,
                     lowp::thread_pool& threads);

struct adamw_step {
  std::uint64_t seed = 0, step = 0;
  std::uint64_t updates = 1;  // with this one; fewer than steps where a loss scale was too great
  double rate = 0;
  double factor = 1;  // of the gradients: for clipping and for the loss scale
};

// One update of all parameters. The weights move by averages not yet stored.
void update(std::span<parameter> parameters, const adamw_setting& s, const adamw_step& step,
            const lowp::training_recipe& recipe, lowp::thread_pool& threads);

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_ADAMW_HPP
