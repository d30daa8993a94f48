// SPDX-License-Identifier: Apache-2.0
/// \file
/// Dynamic loss scaling: the state of `loss_scaling`. spec/training.md TRN-11.
#ifndef LOWP_TRAINING_LOSS_SCALER_HPP
#define LOWP_TRAINING_LOSS_SCALER_HPP

#include <bit>
#include <cstdint>
#include <span>

#include "training_recipe.hpp"

namespace lowp {

/// What a checkpoint writes of dynamic loss scaling.
struct loss_scaler {
  float scale = 1;
  std::uint32_t good_steps = 0;  ///< since the factor changed

  loss_scaler() = default;
  explicit loss_scaler(const loss_scaling& rule) : scale(rule.initial) {}

  /// After each step: were all gradients finite? Returns that, for the optimiser, which skips the
  /// step where they were not. TRN-11.
  bool update(const loss_scaling& rule, bool all_were_finite) {
    if (rule.growth_interval == 0) return all_were_finite;
    if (!all_were_finite) {
      scale *= rule.backoff;
      good_steps = 0;
    } else if (++good_steps == rule.growth_interval) {
      const float grown = scale * rule.growth;
      if ((std::bit_cast<std::uint32_t>(grown) & 0x7fffffff) < 0x7f800000) scale = grown;
      good_steps = 0;
    }
    return all_were_finite;
  }

  friend bool operator==(const loss_scaler&, const loss_scaler&) = default;
};

/// Are all of these numbers finite? -ffast-math does not reach it.
inline bool all_finite(std::span<const float> x) {
  std::uint32_t greatest = 0;
  for (const float v : x) {
    const std::uint32_t a = std::bit_cast<std::uint32_t>(v) & 0x7fffffff;
    greatest = a > greatest ? a : greatest;
  }
  return greatest < 0x7f800000;
}

}  // namespace lowp

#endif  // LOWP_TRAINING_LOSS_SCALER_HPP
