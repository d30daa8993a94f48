// SPDX-License-Identifier: Apache-2.0
#include "rms_norm.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>

namespace language {

namespace {
constexpr std::size_t rows_of_task = 64;
}

void rms_norm::forward(const matrix& x, const matrix& gain, matrix& y, lowp::thread_pool& threads) {
  const std::size_t rows = rows_of(x), columns = columns_of(x);
  factor_.resize(rows);
  threads.run((rows + rows_of_task - 1) / rows_of_task, [&](std::size_t task) {
    const float* g = gain.data();
    for (std::size_t i = task * rows_of_task; i < std::min(rows, (task + 1) * rows_of_task); ++i) {
      const float* in = row_of(x, i);
      float* out = row_of(y, i);
      const float squares = fixed_sum(columns, [=](std::size_t j) { return in[j] * in[j]; });
      const float f = 1.0f / std::sqrt(squares / static_cast<float>(columns) + 1e-5f);
      for (std::size_t j = 0; j < columns; ++j) out[j] = in[j] * f * g[j];
      factor_[i] = f;
    }
  });
}

void rms_norm::backward(const matrix& x, const matrix& gain, const matrix& dy, matrix& dx,
                        matrix& dgain, lowp::thread_pool& threads, lowp::transport* ranks) const {
  const std::size_t rows = rows_of(x), columns = columns_of(x);
  order_free_sums all(columns);
  std::mutex mutex;
  threads.run((rows + rows_of_task - 1) / rows_of_task, [&](std::size_t task) {
    const float* g = gain.data();
    order_free_sums here(columns);
    std::vector<float> of_gain(columns);
    for (std::size_t i = task * rows_of_task; i < std::min(rows, (task + 1) * rows_of_task); ++i) {
      const float *in = row_of(x, i), *d = row_of(dy, i);
      float* out = row_of(dx, i);
      const float f = factor_[i];
      const float dot = fixed_sum(columns, [=](std::size_t j) { return in[j] * g[j] * d[j]; });
      const float back = f * f * f * dot / static_cast<float>(columns);
      for (std::size_t j = 0; j < columns; ++j) {
        out[j] += f * (g[j] * d[j]) - back * in[j];
        of_gain[j] = d[j] * (in[j] * f);
      }
      here.add(0, of_gain.data(), columns);
    }
    const std::lock_guard hold(mutex);
    all.add(here);
  });
  add_ranks(all, ranks);
  for (std::size_t j = 0; j < columns; ++j) dgain.data()[j] = static_cast<float>(all.sum(j));
}

}  // namespace language
