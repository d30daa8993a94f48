// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "fixed_sums.hpp"
#include "recipe.hpp"

namespace language {

namespace {

// The shape if it is one.
const model_shape& checked(const model_shape& s) {
  s.check();
  return s;
}

}  // namespace

model::model(const model_shape& shape, const lowp::training_recipe& recipe, std::uint64_t seed)
    : shape_(checked(shape)), rotation_(shape.sequence, shape.head()) {
  const auto add = [&](std::string name, std::size_t rows, std::size_t columns, double deviation) {
    const auto id = static_cast<std::uint32_t>(parameters_.size());
    const matrix zero = matrix_of(rows, columns);
    parameters_.push_back({std::move(name), id, deviation != 0, zero, zero, zero, zero});
    if (deviation != 0) {
      initialise(parameters_.back(), static_cast<float>(deviation), seed);
    } else {
      parameters_.back().value.setOnes();
    }
  };
  const std::size_t width = shape.width, hidden = shape.hidden();
  // What is added to the sum of the network is smaller the more blocks there are.
  const double of_width = 1 / std::sqrt(static_cast<double>(width)),
               of_hidden = 1 / std::sqrt(static_cast<double>(hidden)),
               added = 1 / std::sqrt(2 * static_cast<double>(shape.layers));
  add("embedding", vocabulary, width, 1);
  for (std::size_t b = 0; b < shape.layers; ++b) {
    for (std::size_t part = 0; part < block::parts; ++part) {
      const std::string name = "block" + std::to_string(b) + '.' + block::names[part];
      switch (part) {
        case block::norm1:
        case block::norm2: add(name, 1, width, 0); break;
        case block::o: add(name, width, width, of_width * added); break;
        case block::gate:
        case block::up: add(name, hidden, width, of_width); break;
        case block::down: add(name, width, hidden, of_hidden * added); break;
        default: add(name, width, width, of_width);
      }
    }
  }
  add("norm", 1, width, 0);
  add("head", vocabulary, width, of_width / 4);

  // From here on the parameters stay where they are.
  blocks_.reserve(shape.layers);
  for (std::size_t b = 0; b < shape.layers; ++b) {
    std::array<parameter*, block::parts> of_block;
    for (std::size_t part = 0; part < block::parts; ++part) {
      of_block[part] = &parameters_[1 + b * block::parts + part];
    }
    blocks_.emplace_back(shape, of_block, recipe_of_block(recipe, b, shape.layers));
  }
  head_ = std::make_unique<linear_layer>(parameters_.back(), recipe_of_head(recipe));
}

const matrix& model::forward(std::span<const std::uint8_t> tokens, const pass& p) {
  const auto rows = index_of(tokens.size()), width = index_of(shape_.width);
  x_.resize(rows, width), normed_.resize(rows, width), logits_.resize(rows, index_of(vocabulary));
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::copy_n(row_of(embedding().value, tokens[i]), shape_.width, row_of(x_, i));
  }
  for (block& b : blocks_) b.forward(x_, rotation_, p);
  norm_.forward(x_, gain().value, normed_, p.threads);
  head_->forward(normed_, logits_, p);
  return logits_;
}

void model::backward(std::span<const std::uint8_t> tokens, const matrix& of_logits, const pass& p) {
  of_normed_.resize(x_.rows(), x_.cols());
  of_x_.setZero(x_.rows(), x_.cols());
  head_->backward(normed_, of_logits, of_normed_, p);
  norm_.backward(x_, gain().value, of_normed_, of_x_, gain().gradient, p.threads, p.ranks);
  for (std::size_t b = blocks_.size(); b-- > 0;) blocks_[b].backward(of_x_, rotation_, p);

  order_free_sums sums(vocabulary * shape_.width);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    sums.add(tokens[i] * shape_.width, row_of(of_x_, i), shape_.width);
  }
  add_ranks(sums, p.ranks);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    embedding().gradient.data()[i] = static_cast<float>(sums.sum(i));
  }
}

std::uint64_t model::size() const {
  std::uint64_t n = 0;
  for (const parameter& p : parameters_) n += static_cast<std::uint64_t>(p.value.size());
  return n;
}

std::uint64_t model::digest() const {
  std::uint64_t d = 0xcbf29ce484222325;  // FNV-1a over words
  for (const parameter& p : parameters_) {
    for (Eigen::Index i = 0; i < p.value.size(); ++i) {
      d = (d ^ std::bit_cast<std::uint32_t>(p.value.data()[i])) * 0x100000001b3;
    }
  }
  return d;
}

}  // namespace language
