// SPDX-License-Identifier: Apache-2.0
#include "attention.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "exponential.hpp"
#include "fixed_product.hpp"
#include "fixed_sums.hpp"

namespace language {

namespace {

// Tokens x head as head x tokens.
std::vector<float> transposed(const float* x, std::size_t stride, std::size_t tokens,
                              std::size_t head) {
  std::vector<float> t(tokens * head);
  for (std::size_t i = 0; i < tokens; ++i) {
    for (std::size_t e = 0; e < head; ++e) t[e * tokens + i] = x[i * stride + e];
  }
  return t;
}

// Scores of one query become weights of the keys up to `last`; those behind get none.
void softmax(float* score, std::size_t last, std::size_t keys, float factor) {
  float greatest = score[0];
  // A NaN does not pass through std::max, but through the exponential.
  for (std::size_t j = 1; j <= last; ++j) greatest = std::max(greatest, score[j]);
  for (std::size_t j = 0; j <= last; ++j) score[j] = exponential((score[j] - greatest) * factor);
  const float sum = fixed_sum(last + 1, [=](std::size_t j) { return score[j]; });
  for (std::size_t j = 0; j <= last; ++j) score[j] /= sum;
  for (std::size_t j = last + 1; j < keys; ++j) score[j] = 0;
}

}  // namespace

void attention::forward(const matrix& q, const matrix& k, const matrix& v, matrix& out,
                        lowp::thread_pool& threads) {
  const std::size_t stride = columns_of(q), heads = stride / head_, t = sequence_;
  const std::size_t units = rows_of(q) / t * heads;
  weights_.resize(units * t * t);
  const float factor = 1.0f / std::sqrt(static_cast<float>(head_));
  threads.run(units, [&](std::size_t unit) {
    const std::size_t at = unit / heads * t * stride + unit % heads * head_;
    float* p = weights(unit);
    const std::vector<float> keys = transposed(k.data() + at, stride, t, head_);
    fixed_product(t, t, {q.data() + at, stride, 1}, keys.data(), t, p, t,
                  [&](std::size_t) { return std::pair(std::size_t{0}, head_); });
    for (std::size_t i = 0; i < t; ++i) softmax(p + i * t, i, t, factor);
    fixed_product(t, head_, {p, t, 1}, v.data() + at, stride, out.data() + at, stride,
                  [&](std::size_t i) { return std::pair(std::size_t{0}, std::min(t, i + 4)); });
  });
}

void attention::backward(const matrix& q, const matrix& k, const matrix& v, const matrix& dout,
                         matrix& dq, matrix& dk, matrix& dv, lowp::thread_pool& threads) const {
  const std::size_t stride = columns_of(q), heads = stride / head_, t = sequence_;
  const float factor = 1.0f / std::sqrt(static_cast<float>(head_));
  threads.run(rows_of(q) / t * heads, [&](std::size_t unit) {
    const std::size_t at = unit / heads * t * stride + unit % heads * head_;
    const float* p = weights(unit);
    const auto up_to = [&](std::size_t i) { return std::pair(std::size_t{0}, std::min(t, i + 4)); };
    const auto from = [&](std::size_t i) { return std::pair(i, t); };
    fixed_product(t, head_, {p, 1, t}, dout.data() + at, stride, dv.data() + at, stride, from);

    // Gradients of the weights, then of the scores.
    std::vector<float> d(t * t);
    const std::vector<float> values = transposed(v.data() + at, stride, t, head_);
    fixed_product(t, t, {dout.data() + at, stride, 1}, values.data(), t, d.data(), t,
                  [&](std::size_t) { return std::pair(std::size_t{0}, head_); });
    for (std::size_t i = 0; i < t; ++i) {
      const float* weight = p + i * t;
      float* row = d.data() + i * t;
      const float mean = fixed_sum(i + 1, [=](std::size_t j) { return weight[j] * row[j]; });
      for (std::size_t j = 0; j <= i; ++j) row[j] = weight[j] * (row[j] - mean) * factor;
      for (std::size_t j = i + 1; j < t; ++j) row[j] = 0;
    }
    fixed_product(t, head_, {d.data(), t, 1}, k.data() + at, stride, dq.data() + at, stride, up_to);
    fixed_product(t, head_, {d.data(), 1, t}, q.data() + at, stride, dk.data() + at, stride, from);
  });
}

}  // namespace language
