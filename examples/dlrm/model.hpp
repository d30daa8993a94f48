// SPDX-License-Identifier: Apache-2.0
// What one worker computes: its embedding tables for everybody's samples, and all other layers for
// its own samples. Dense features go through the bottom layers; dot products of the result and of
// all embeddings, pairwise, go with it through the top layers to a logit.
#ifndef LOWP_EXAMPLES_DLRM_MODEL_HPP
#define LOWP_EXAMPLES_DLRM_MODEL_HPP

#include <cmath>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include <lowp/collective/rank_task.hpp>

#include "embedding_table.hpp"
#include "layers.hpp"
#include "metrics.hpp"

namespace dlrm {

class model {
 public:
  model(lowp::rank_of self, std::uint64_t seed)
      : self_(self),
        bottom_({dense_features, 64, dimensions}, 0, false),
        top_({dimensions + pairs, 64, 1}, bottom_.end(), true),
        parameters_(top_.end()),
        gradients_(top_.end()),
        squares_(top_.end()) {
    bottom_.initialise(parameters_, {seed, 0});
    top_.initialise(parameters_, {seed, 1});
    for (std::size_t f = self.rank; f < features.size(); f += self.size) {
      tables_.emplace_back(f, random_numbers{seed, 2 + f});
    }
  }

  // Numbers that are exchanged for `each` samples of every worker: to each worker those of the
  // tables here, from each worker those of its tables.
  std::vector<std::uint64_t> counts_out(std::uint64_t each) const {
    return std::vector<std::uint64_t>(self_.size, tables_of(self_.rank) * each * dimensions);
  }
  std::vector<std::uint64_t> counts_in(std::uint64_t each) const {
    std::vector<std::uint64_t> n;
    for (std::uint32_t w = 0; w < self_.size; ++w) n.push_back(tables_of(w) * each * dimensions);
    return n;
  }

  // Embeddings for all workers' samples, `each` of them from `first` on: worker, table, sample.
  std::vector<float> look_up(const samples& s, std::size_t first, std::size_t each) const {
    std::vector<float> out(tables_.size() * self_.size * each * dimensions);
    float* at = out.data();
    for (std::uint32_t w = 0; w < self_.size; ++w) {
      for (const embedding_table& t : tables_) {
        t.look_up(s, first + w * each, each, at);
        at += each * dimensions;
      }
    }
    return out;
  }

  // Logits of `each` samples from `first` on, whose embeddings have come: worker, table, sample.
  matrix forward(const samples& s, std::size_t first, std::size_t each,
                 const std::vector<float>& embeddings) {
    const auto columns = static_cast<Eigen::Index>(each);
    vectors_[0] =
        bottom_.forward(parameters_, s.dense.middleCols(static_cast<Eigen::Index>(first), columns));
    for (std::size_t f = 0; f < features.size(); ++f) {
      vectors_[f + 1] = matrix_view(embeddings.data() + place_of(f, each), dimensions, columns);
    }
    matrix in(dimensions + pairs, columns);
    in.topRows(dimensions) = vectors_[0];
    for_pairs([&](Eigen::Index row, std::size_t a, std::size_t b) {
      in.row(row) = vectors_[a].cwiseProduct(vectors_[b]).colwise().sum();
    });
    return top_.forward(parameters_, in);
  }

  // After `forward`: from gradients of logits those of the parameters, kept here, and of the
  // embeddings, returned as they came.
  std::vector<float> backward(const matrix& of_logits, const std::vector<float>& embeddings) {
    std::fill(gradients_.begin(), gradients_.end(), 0.0f);
    const matrix of_in = top_.backward(parameters_, of_logits, gradients_);
    std::vector<matrix> of(vectors_.size(), matrix::Zero(dimensions, of_logits.cols()));
    of[0] = of_in.topRows(dimensions);
    for_pairs([&](Eigen::Index row, std::size_t a, std::size_t b) {
      of[a].array() += vectors_[b].array().rowwise() * of_in.row(row).array();
      of[b].array() += vectors_[a].array().rowwise() * of_in.row(row).array();
    });
    bottom_.backward(parameters_, of[0], gradients_);
    std::vector<float> out(embeddings.size());
    for (std::size_t f = 0; f < features.size(); ++f) {
      const auto each = static_cast<std::size_t>(of_logits.cols());
      Eigen::Map<matrix>(out.data() + place_of(f, each), dimensions, of_logits.cols()) = of[f + 1];
    }
    return out;
  }

  // Gradients of what `look_up` returned.
  void add_embedding_gradients(const samples& s, std::size_t first, std::size_t each,
                               const std::vector<float>& of) {
    const float* at = of.data();
    for (std::uint32_t w = 0; w < self_.size; ++w) {
      for (embedding_table& t : tables_) {
        t.add_gradients(s, first + w * each, each, at);
        at += each * dimensions;
      }
    }
  }

  std::vector<float>& gradients() { return gradients_; }

  void update(const optimiser& o) {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      const float g = gradients_[i];
      squares_[i] += g * g;
      parameters_[i] -= (o.is_adagrad ? o.rate / std::sqrt(squares_[i] + o.squares) : o.rate) * g;
    }
    for (embedding_table& t : tables_) t.update(o);
  }

  // Of the parameters that all workers have, and of the tables here.
  std::uint64_t digest_of_layers() const {
    digest d;
    d.add(parameters_.data(), parameters_.size());
    return d.value();
  }
  std::uint64_t digest_of_tables() const {
    digest d;
    for (const embedding_table& t : tables_) {
      d.add(t.rows().data(), static_cast<std::size_t>(t.rows().size()));
    }
    return d.value();
  }

 private:
  static constexpr int vectors = static_cast<int>(features.size()) + 1;
  static constexpr int pairs = vectors * (vectors - 1) / 2;

  std::uint64_t tables_of(std::uint32_t worker) const {
    return (features.size() + self_.size - 1 - worker) / self_.size;
  }
  // Where the embeddings of a feature begin among those that came.
  std::size_t place_of(std::size_t f, std::size_t each) const {
    std::size_t tables = f / self_.size;
    for (std::uint32_t w = 0; w < f % self_.size; ++w) tables += tables_of(w);
    return tables * each * dimensions;
  }
  template <class Do>
  static void for_pairs(const Do& each) {
    Eigen::Index row = dimensions;
    for (std::size_t a = 0; a < vectors; ++a) {
      for (std::size_t b = a + 1; b < vectors; ++b) each(row++, a, b);
    }
  }

  lowp::rank_of self_;
  layers bottom_, top_;
  std::vector<float> parameters_, gradients_, squares_;
  std::vector<embedding_table> tables_;
  std::array<matrix, vectors> vectors_;
};

}  // namespace dlrm

#endif  // LOWP_EXAMPLES_DLRM_MODEL_HPP
