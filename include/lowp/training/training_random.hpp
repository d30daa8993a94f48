// SPDX-License-Identifier: Apache-2.0
/// \file
/// Random streams of training: which numbers draw which bits. spec/training.md TRN-9.
#ifndef LOWP_TRAINING_TRAINING_RANDOM_HPP
#define LOWP_TRAINING_TRAINING_RANDOM_HPP

#include <cstdint>

#include "../random/random_source.hpp"
#include "training_recipe.hpp"

namespace lowp {

/// Which numbers of a tensor draw bits.
enum class training_draw : std::uint8_t {
  forward_a,  ///< the operands, in the order of `training_product`
  forward_b,
  input_gradient_a,
  input_gradient_b,
  weight_gradient_a,
  weight_gradient_b,
  weights,  ///< what is stored after the step
  first_moment,
  second_moment,
  initial,  ///< weights before the first step
};

/// The draw of an operand of a product.
LOWP_FN training_draw draw_of(training_product p, bool is_b) noexcept {
  return static_cast<training_draw>(2 * static_cast<int>(p) + (is_b ? 1 : 0));
}

/// The source of one draw: stream = step 2^28 + tensor 2^4 + draw, for steps below 2^36 and tensors
/// below 2^24. Neither threads nor ranks enter. TRN-9.
LOWP_FN random_source source_of(std::uint64_t seed, std::uint64_t step, std::uint32_t tensor,
                                training_draw draw) noexcept {
  return {.seed = seed,
          .stream = step << 28 | std::uint64_t{tensor & 0xffffff} << 4 |
                    static_cast<std::uint64_t>(draw)};
}

}  // namespace lowp

#endif  // LOWP_TRAINING_TRAINING_RANDOM_HPP
