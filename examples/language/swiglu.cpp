// SPDX-License-Identifier: Apache-2.0
#include "swiglu.hpp"

#include "exponential.hpp"

namespace language {

namespace {

inline float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

}  // namespace

void swiglu_forward(const matrix& gate, const matrix& up, matrix& y, lowp::thread_pool& threads) {
  const std::size_t columns = columns_of(gate);
  threads.run(rows_of(gate), [&](std::size_t i) {
    const float *g = row_of(gate, i), *u = row_of(up, i);
    float* out = row_of(y, i);
    for (std::size_t j = 0; j < columns; ++j) out[j] = g[j] * sigmoid(g[j]) * u[j];
  });
}

void swiglu_backward(const matrix& gate, const matrix& up, const matrix& dy, matrix& dgate,
                     matrix& dup, lowp::thread_pool& threads) {
  const std::size_t columns = columns_of(gate);
  threads.run(rows_of(gate), [&](std::size_t i) {
    const float *g = row_of(gate, i), *u = row_of(up, i), *d = row_of(dy, i);
    float *dg = row_of(dgate, i), *du = row_of(dup, i);
    for (std::size_t j = 0; j < columns; ++j) {
      const float s = sigmoid(g[j]), silu = g[j] * s;
      dg[j] = d[j] * u[j] * (s + silu * (1.0f - s));
      du[j] = d[j] * silu;
    }
  });
}

}  // namespace language
