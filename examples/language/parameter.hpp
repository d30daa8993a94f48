// SPDX-License-Identifier: Apache-2.0
// What is trained: tensors with their gradients and what the optimiser keeps for them.
#ifndef LOWP_EXAMPLES_LANGUAGE_PARAMETER_HPP
#define LOWP_EXAMPLES_LANGUAGE_PARAMETER_HPP

#include <cmath>
#include <cstdint>
#include <string>

#include <lowp/training/training_random.hpp>

#include "matrix.hpp"

namespace language {

struct parameter {
  std::string name;
  std::uint32_t id;  // place among the parameters of the model
  bool decays;       // gains do not
  matrix value, gradient, first_moment, second_moment;
};

// Values of uniform distribution with this standard deviation; exact, so the same everywhere.
inline void initialise(parameter& p, float deviation, std::uint64_t seed) {
  const lowp::random_source random = lowp::source_of(seed, 0, p.id, lowp::training_draw::initial);
  const float scale = deviation * std::sqrt(3.0f) * 0x1p-23f;
  for (std::size_t i = 0; i < static_cast<std::size_t>(p.value.size()); ++i) {
    const auto word = static_cast<std::int32_t>(lowp::random_word(random, i) >> 8);
    p.value.data()[i] = static_cast<float>(word - (1 << 23)) * scale;
  }
}

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_PARAMETER_HPP
