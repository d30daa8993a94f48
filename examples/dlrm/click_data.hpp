// SPDX-License-Identifier: Apache-2.0
// Clicks that never were: a hidden teacher says how likely each is. A sample is a function of the
// seed and its index, so that any number of processes sees the same ones.
#ifndef LOWP_EXAMPLES_DLRM_CLICK_DATA_HPP
#define LOWP_EXAMPLES_DLRM_CLICK_DATA_HPP

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include <lowp/random/random_source.hpp>

namespace dlrm {

// A categorical feature: a sample has `bag` of its categories, the first ones the most often.
struct feature {
  std::uint32_t categories, bag;
};
inline constexpr std::array<feature, 8> features{
    {{10, 1}, {20, 1}, {50, 1}, {100, 1}, {200, 1}, {500, 1}, {1000, 2}, {2000, 4}}};
inline constexpr int dense_features = 13;
inline constexpr std::uint32_t slots = 12;  // categories of a sample, over all features

// Numbers between 0 and 1, and normal ones, from a stream of random words.
class random_numbers {
 public:
  random_numbers(std::uint64_t seed, std::uint64_t stream) : source_{seed, stream} {}
  double uniform() {
    if (at_ % 4 == 0) block_ = lowp::detail::philox_block(source_, at_ / 4);
    return (block_.word[at_++ % 4] + 0.5) * 0x1p-32;
  }
  double normal() {
    const double u = uniform(), v = uniform();
    return std::sqrt(-2 * std::log(u)) * std::cos(6.283185307179586 * v);
  }

 private:
  lowp::random_source source_;
  lowp::random_block block_{};
  std::uint64_t at_ = 0;
};

struct samples {
  Eigen::MatrixXf dense;                // a column for each sample
  std::vector<std::uint32_t> category;  // `slots` for each sample
  std::vector<float> click;             // 0 or 1
  std::vector<double> truth;            // the teacher's probability
};

// Every category has a taste, every visitor, who is known by dense features, too. Whether they
// meet, and what is generally liked, decides.
class teacher {
 public:
  explicit teacher(std::uint64_t seed) : seed_(seed) {
    random_numbers r(seed, 0);
    for (double& w : dense_) w = 0.7 * r.normal() / std::sqrt(dense_features);
    for (double& w : taste_) w = r.normal() / std::sqrt(dense_features);
    for (std::size_t f = 0; f < features.size(); ++f) {
      random_numbers c(seed, f + 1);
      for (std::uint32_t i = 0; i < features[f].categories; ++i) {
        std::array<double, tastes + 1> u;
        for (double& x : u) x = c.normal();
        u[tastes] *= 0.5;
        category_[f].push_back(u);
      }
    }
  }

  samples draw(std::uint64_t first, std::uint64_t count) const {
    samples s;
    s.dense.resize(dense_features, static_cast<Eigen::Index>(count));
    for (std::uint64_t i = 0; i < count; ++i) add(s, first + i, static_cast<Eigen::Index>(i));
    return s;
  }

 private:
  static constexpr std::size_t tastes = 4;
  static constexpr std::uint64_t samples_begin = std::uint64_t{1} << 32;

  void add(samples& s, std::uint64_t index, Eigen::Index column) const {
    random_numbers r(seed_, samples_begin + index);
    std::array<double, tastes> visitor{}, sum{};
    double logit = -1.5;
    for (std::size_t i = 0; i < dense_.size(); ++i) {
      const double x = r.normal();
      s.dense(static_cast<Eigen::Index>(i), column) = static_cast<float>(x);
      logit += dense_[i] * x;
      for (std::size_t k = 0; k < tastes; ++k) visitor[k] += taste_[i * tastes + k] * x;
    }
    double squares = 0;
    for (std::size_t f = 0; f < features.size(); ++f) {
      std::array<double, tastes + 1> bag{};
      for (std::uint32_t b = 0; b < features[f].bag; ++b) {
        const double top = std::log(features[f].categories + 1.0);
        const auto c = static_cast<std::uint32_t>(std::exp(r.uniform() * top)) - 1;
        const std::uint32_t here = c < features[f].categories ? c : features[f].categories - 1;
        s.category.push_back(here);
        for (std::size_t k = 0; k <= tastes; ++k) bag[k] += category_[f][here][k];
      }
      logit += bag[tastes];
      for (std::size_t k = 0; k < tastes; ++k) {
        const double u = bag[k] / std::sqrt(features[f].bag);
        logit += 0.1 * u * visitor[k];
        sum[k] += u;
        squares += u * u;
      }
    }
    // All pairs of features: half of the square of the sum less the squares.
    double pairs = -squares;
    for (const double x : sum) pairs += x * x;
    logit += 0.02 * pairs;
    const double p = 1 / (1 + std::exp(-logit));
    s.truth.push_back(p);
    s.click.push_back(r.uniform() < p ? 1.0f : 0.0f);
  }

  std::uint64_t seed_;
  std::array<double, dense_features> dense_{};
  std::array<double, dense_features * tastes> taste_{};
  std::array<std::vector<std::array<double, tastes + 1>>, features.size()> category_;
};

}  // namespace dlrm

#endif  // LOWP_EXAMPLES_DLRM_CLICK_DATA_HPP
