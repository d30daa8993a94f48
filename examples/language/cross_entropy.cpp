// SPDX-License-Identifier: Apache-2.0
#include "cross_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "exponential.hpp"
#include "fixed_sums.hpp"

namespace language {

loss_sum cross_entropy(const matrix& logits, std::span<const std::int16_t> targets, double scale,
                       std::uint64_t count, matrix* gradient, lowp::thread_pool& threads,
                       lowp::transport* ranks) {
  const std::size_t rows = rows_of(logits), columns = columns_of(logits);
  const auto factor = static_cast<float>(scale / static_cast<double>(count));
  std::vector<double> loss(rows);
  if (gradient != nullptr) gradient->resize(logits.rows(), logits.cols());
  threads.run(rows, [&](std::size_t i) {
    const float* x = row_of(logits, i);
    float* d = gradient != nullptr ? row_of(*gradient, i) : nullptr;
    if (targets[i] < 0) {
      if (d != nullptr) std::fill_n(d, columns, 0.0f);
      return;
    }
    const auto target = static_cast<std::size_t>(targets[i]);
    const float greatest = *std::max_element(x, x + columns);
    const auto weight = [=](std::size_t j) { return exponential(x[j] - greatest); };
    const float sum = fixed_sum(columns, weight);
    loss[i] = std::log(static_cast<double>(sum)) + static_cast<double>(greatest - x[target]);
    if (d == nullptr) return;
    for (std::size_t j = 0; j < columns; ++j) d[j] = weight(j) / sum * factor;
    d[target] = (weight(target) / sum - 1.0f) * factor;
  });
  order_free_sums all(1);
  for (const double l : loss) all.add(l);
  add_ranks(all, ranks);
  return {all.sum(), add_ranks(counted(targets), ranks)};
}

}  // namespace language
