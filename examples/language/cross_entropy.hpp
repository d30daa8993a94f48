// SPDX-License-Identifier: Apache-2.0
// The loss: mean of -log(probability of the byte that came), in nats, over the places that count.
#ifndef LOWP_EXAMPLES_LANGUAGE_CROSS_ENTROPY_HPP
#define LOWP_EXAMPLES_LANGUAGE_CROSS_ENTROPY_HPP

#include <cstdint>
#include <span>

#include <lowp/simd/thread_pool.hpp>

#include "matrix.hpp"
#include "ranks.hpp"

namespace language {

struct loss_sum {
  double sum = 0;
  std::uint64_t count = 0;

  double mean() const { return sum / static_cast<double>(count); }
};

// A target for each row, -1 where none counts. Writes the gradient of scale x sum / count, where
// `count` is of all ranks; without `gradient` only the loss. The result is of all ranks.
loss_sum cross_entropy(const matrix& logits, std::span<const std::int16_t> targets, double scale,
                       std::uint64_t count, matrix* gradient, lowp::thread_pool& threads,
                       lowp::transport* ranks = nullptr);

inline std::uint64_t counted(std::span<const std::int16_t> targets) {
  std::uint64_t n = 0;
  for (const std::int16_t t : targets) n += t >= 0;
  return n;
}

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_CROSS_ENTROPY_HPP
