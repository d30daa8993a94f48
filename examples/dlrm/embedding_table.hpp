// SPDX-License-Identifier: Apache-2.0
// An embedding table, which one worker has: bags of its rows are summed, and rows that took part
// are updated by row-wise Adagrad or by plain descent.
#ifndef LOWP_EXAMPLES_DLRM_EMBEDDING_TABLE_HPP
#define LOWP_EXAMPLES_DLRM_EMBEDDING_TABLE_HPP

#include <cmath>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "click_data.hpp"

namespace dlrm {

inline constexpr int dimensions = 32;  // of an embedding

// How parameters follow gradients.
struct optimiser {
  bool is_adagrad = true;
  float rate = 0.03f;
  // Adagrad's sums of squares begin here: from zero, first steps would be as long for gradients
  // that are nothing but rounding as for others.
  float squares = 1e-4f;
};

class embedding_table {
 public:
  embedding_table(std::size_t f, random_numbers r)
      : bag_(features[f].bag),
        rows_(dimensions, features[f].categories),
        gradient_(Eigen::MatrixXf::Zero(dimensions, features[f].categories)),
        squares_(features[f].categories) {
    for (std::size_t before = 0; before < f; ++before) slot_ += features[before].bag;
    for (Eigen::Index i = 0; i < rows_.size(); ++i) {
      rows_.data()[i] = static_cast<float>(0.1 * r.normal());
    }
  }

  // Sums of the bags of `count` samples from sample `first` on, a column each.
  void look_up(const samples& s, std::size_t first, std::size_t count, float* out) const {
    Eigen::Map<Eigen::MatrixXf> sums(out, dimensions, static_cast<Eigen::Index>(count));
    sums.setZero();
    for (std::size_t i = 0; i < count; ++i) {
      for (std::uint32_t b = 0; b < bag_; ++b) {
        sums.col(static_cast<Eigen::Index>(i)) += rows_.col(row(s, first + i, b));
      }
    }
  }

  // The gradients of those sums.
  void add_gradients(const samples& s, std::size_t first, std::size_t count, const float* of) {
    const Eigen::Map<const Eigen::MatrixXf> sums(of, dimensions, static_cast<Eigen::Index>(count));
    for (std::size_t i = 0; i < count; ++i) {
      for (std::uint32_t b = 0; b < bag_; ++b) {
        const Eigen::Index c = row(s, first + i, b);
        gradient_.col(c) += sums.col(static_cast<Eigen::Index>(i));
        touched_.push_back(c);
      }
    }
  }

  void update(const optimiser& o) {
    for (const Eigen::Index c : touched_) {
      auto g = gradient_.col(c);
      float& squares = squares_[static_cast<std::size_t>(c)];
      const float mean = g.squaredNorm() / dimensions;
      if (mean == 0) continue;  // nothing to do, or done
      squares += mean;
      rows_.col(c) -= (o.is_adagrad ? o.rate / std::sqrt(squares + o.squares) : o.rate) * g;
      g.setZero();
    }
    touched_.clear();
  }

  const Eigen::MatrixXf& rows() const { return rows_; }

 private:
  Eigen::Index row(const samples& s, std::size_t i, std::uint32_t b) const {
    return static_cast<Eigen::Index>(s.category[i * slots + slot_ + b]);
  }

  std::uint32_t slot_ = 0, bag_;
  Eigen::MatrixXf rows_, gradient_;
  std::vector<float> squares_;
  std::vector<Eigen::Index> touched_;
};

}  // namespace dlrm

#endif  // LOWP_EXAMPLES_DLRM_EMBEDDING_TABLE_HPP
