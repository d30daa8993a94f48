// SPDX-License-Identifier: Apache-2.0
// What every worker has a copy of: fully connected layers, with parameters in one array, which is
// what is reduced over the workers.
#ifndef LOWP_EXAMPLES_DLRM_LAYERS_HPP
#define LOWP_EXAMPLES_DLRM_LAYERS_HPP

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "click_data.hpp"

namespace dlrm {

using matrix = Eigen::MatrixXf;
using matrix_view = Eigen::Map<const matrix>;

// Layers of these widths, from `first` on in an array of parameters: weights of a layer, then its
// biases. ReLU follows each but a last one that is `linear`.
class layers {
 public:
  layers(std::vector<int> widths, std::size_t first, bool linear)
      : widths_(std::move(widths)), linear_(linear) {
    for (std::size_t l = 0; l + 1 < widths_.size(); ++l) {
      place_.push_back(first);
      first += static_cast<std::size_t>((widths_[l] + 1) * widths_[l + 1]);
    }
    end_ = first;
    kept_.resize(widths_.size());
  }

  std::size_t end() const { return end_; }

  void initialise(std::vector<float>& parameters, random_numbers r) const {
    for (std::size_t l = 0; l < place_.size(); ++l) {
      const int weights = widths_[l] * widths_[l + 1];
      const double size = std::sqrt(2.0 / (widths_[l] + widths_[l + 1]));
      for (int i = 0; i < weights; ++i) {
        parameters[place_[l] + static_cast<std::size_t>(i)] = static_cast<float>(size * r.normal());
      }
    }
  }

  // A column for each sample in, and out.
  const matrix& forward(const std::vector<float>& parameters, const matrix& in) {
    kept_[0] = in;
    for (std::size_t l = 0; l < place_.size(); ++l) {
      kept_[l + 1].noalias() = weights(parameters, l) * kept_[l];
      kept_[l + 1].colwise() += biases(parameters, l);
      if (!is_linear(l)) kept_[l + 1] = kept_[l + 1].cwiseMax(0.0f);
    }
    return kept_.back();
  }

  // After `forward`: adds to the gradients, returns that of what came in.
  matrix backward(const std::vector<float>& parameters, matrix of_out,
                  std::vector<float>& gradients) const {
    for (std::size_t l = place_.size(); l-- > 0;) {
      if (!is_linear(l)) {
        of_out = (kept_[l + 1].array() > 0).select(of_out.array(), 0.0f).matrix();
      }
      float* g = gradients.data() + place_[l];
      Eigen::Map<matrix>(g, widths_[l + 1], widths_[l]).noalias() += of_out * kept_[l].transpose();
      Eigen::Map<Eigen::VectorXf>(g + widths_[l + 1] * widths_[l], widths_[l + 1]) +=
          of_out.rowwise().sum();
      of_out = weights(parameters, l).transpose() * of_out;
    }
    return of_out;
  }

 private:
  bool is_linear(std::size_t l) const { return linear_ && l + 1 == place_.size(); }
  matrix_view weights(const std::vector<float>& p, std::size_t l) const {
    return {p.data() + place_[l], widths_[l + 1], widths_[l]};
  }
  Eigen::Map<const Eigen::VectorXf> biases(const std::vector<float>& p, std::size_t l) const {
    return {p.data() + place_[l] + widths_[l + 1] * widths_[l], widths_[l + 1]};
  }

  std::vector<int> widths_;
  bool linear_;
  std::vector<std::size_t> place_;
  std::size_t end_ = 0;
  std::vector<matrix> kept_;  // what went into each layer, and what came out of the last
};

}  // namespace dlrm

#endif  // LOWP_EXAMPLES_DLRM_LAYERS_HPP
