// SPDX-License-Identifier: Apache-2.0
// A linear layer without bias, y = x w^T: the only place where the model meets emulated products.
#ifndef LOWP_EXAMPLES_LANGUAGE_LINEAR_LAYER_HPP
#define LOWP_EXAMPLES_LANGUAGE_LINEAR_LAYER_HPP

#include <optional>
#include <utility>

#include <lowp/simd/thread_pool.hpp>
#include <lowp/training/sharded_linear.hpp>

#include "matrix.hpp"
#include "parameter.hpp"

namespace language {

// What a pass through the model is given.
struct pass {
  lowp::thread_pool& threads;
  std::uint64_t seed = 0, step = 0;
  bool training = true;  // false: delayed factors learn nothing
  lowp::operand_observer* observer = nullptr;
  const lowp::operand_rule* cache =
      nullptr;                       // of keys and values, in evaluations; null: as they are
  lowp::transport* ranks = nullptr;  // that share the sequences; null: there is one

  lowp::linear_options products() const {
    return {.seed = seed,
            .step = step,
            .training = training,
            .threads = threads.threads(),
            .pool = threads.pool(),
            .observer = observer};
  }
};

class linear_layer {
 public:
  linear_layer(parameter& weight, const lowp::training_recipe& recipe)
      : weight_(&weight), products_(recipe, weight.id) {}

  void forward(const matrix& x, matrix& y, const pass& p) {
    with_products(p, [&](auto& products) {
      products.forward(lowp::numbers_of(x), weights(), lowp::numbers_of(y), p.products());
    });
  }

  // Writes dx and the gradient of the weight; x as in `forward`.
  void backward(const matrix& x, const matrix& dy, matrix& dx, const pass& p) {
    with_products(p, [&](auto& products) {
      products.backward(lowp::numbers_of(x), weights(), lowp::numbers_of(dy), lowp::numbers_of(dx),
                        lowp::numbers_of(weight_->gradient), p.products());
    });
  }

  const parameter& weight() const { return *weight_; }
  lowp::emulated_linear& products() { return shared_ ? shared_->layer() : products_; }

 private:
  template <class Do>
  void with_products(const pass& p, const Do& run) {
    if (p.ranks == nullptr) return run(products_);
    if (!shared_) {
      shared_.emplace(products_.recipe(), weight_->id, lowp::layer_split::tokens, *p.ranks);
      shared_->layer().state() = products_.state();
    }
    run(*shared_);
  }

  lowp::number_matrix<const float> weights() const {
    return lowp::numbers_of(std::as_const(weight_->value));
  }

  parameter* weight_;
  lowp::emulated_linear products_;
  std::optional<lowp::sharded_linear> shared_;  // instead, from the first pass of ranks on
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_LINEAR_LAYER_HPP
