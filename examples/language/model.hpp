// SPDX-License-Identifier: Apache-2.0
// A LLaMA-shaped language model of bytes: an embedding, blocks, a norm and a head of its own (not
// the embedding again: so every tensor has one role, hence one rule of rounding and one gradient).
#ifndef LOWP_EXAMPLES_LANGUAGE_MODEL_HPP
#define LOWP_EXAMPLES_LANGUAGE_MODEL_HPP

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "block.hpp"

namespace language {

class model {
 public:
  // Parameters as the seed says. Throws std::invalid_argument for shapes that are none.
  model(const model_shape& shape, const lowp::training_recipe& recipe, std::uint64_t seed);
  model(const model&) = delete;
  model& operator=(const model&) = delete;

  // Whole sequences of tokens; logits, a row for each.
  const matrix& forward(std::span<const std::uint8_t> tokens, const pass& p);
  // After `forward` of the same tokens: writes all gradients.
  void backward(std::span<const std::uint8_t> tokens, const matrix& of_logits, const pass& p);

  const model_shape& shape() const { return shape_; }
  std::vector<parameter>& parameters() { return parameters_; }
  const std::vector<parameter>& parameters() const { return parameters_; }
  std::uint64_t size() const;    // numbers in all parameters
  std::uint64_t digest() const;  // of their bits

  // Calls each(linear_layer&) for all of them, in a fixed order.
  template <class Do>
  void for_each_linear(const Do& each) {
    for (block& b : blocks_) b.for_each_linear(each);
    each(*head_);
  }

 private:
  parameter& embedding() { return parameters_.front(); }
  parameter& gain() { return parameters_[parameters_.size() - 2]; }

  model_shape shape_;
  std::vector<parameter> parameters_;  // embedding, those of the blocks, gains, head
  rotation rotation_;
  std::vector<block> blocks_;
  rms_norm norm_;
  std::unique_ptr<linear_layer> head_;
  matrix x_, normed_, logits_, of_x_, of_normed_;
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_MODEL_HPP
