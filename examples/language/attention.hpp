// SPDX-License-Identifier: Apache-2.0
// Causal attention: out = softmax(q k^T / sqrt(head), keys up to the query's own place) v, for each
// sequence and each head apart, with sums of a fixed order.
#ifndef LOWP_EXAMPLES_LANGUAGE_ATTENTION_HPP
#define LOWP_EXAMPLES_LANGUAGE_ATTENTION_HPP

#include <cstddef>
#include <vector>

#include <lowp/simd/thread_pool.hpp>

#include "matrix.hpp"

namespace language {

class attention {
 public:
  // sequence: tokens of one; head: columns of one.
  attention(std::size_t sequence, std::size_t head) : sequence_(sequence), head_(head) {}

  // All matrices are tokens x width, whole sequences one after the other.
  void forward(const matrix& q, const matrix& k, const matrix& v, matrix& out,
               lowp::thread_pool& threads);

  // After `forward`: writes the gradients.
  void backward(const matrix& q, const matrix& k, const matrix& v, const matrix& dout, matrix& dq,
                matrix& dk, matrix& dv, lowp::thread_pool& threads) const;

 private:
  float* weights(std::size_t unit) { return weights_.data() + unit * sequence_ * sequence_; }
  const float* weights(std::size_t unit) const {
    return weights_.data() + unit * sequence_ * sequence_;
  }

  std::size_t sequence_, head_;
  std::vector<float> weights_;  // softmax: sequence and head, query, key
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_ATTENTION_HPP
