// SPDX-License-Identifier: Apache-2.0
// How good predictions are.
#ifndef LOWP_EXAMPLES_DLRM_METRICS_HPP
#define LOWP_EXAMPLES_DLRM_METRICS_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace dlrm {

// -log of the probability 1 / (1 + exp(-logit)) of what happened, in nats.
inline double log_loss(double logit, double click) {
  const double signed_logit = click > 0 ? logit : -logit;
  return std::max(-signed_logit, 0.0) + std::log1p(std::exp(-std::abs(signed_logit)));
}

struct quality {
  double loss = 0;                // mean log loss
  double normalised_entropy = 0;  // over that of always saying the mean
  double area = 0;                // under the receiver operating characteristic
};

inline quality quality_of(const std::vector<double>& logit, const std::vector<float>& click) {
  quality q;
  double clicks = 0;
  for (std::size_t i = 0; i < click.size(); ++i) {
    q.loss += log_loss(logit[i], static_cast<double>(click[i]));
    clicks += static_cast<double>(click[i]);
  }
  const auto n = static_cast<double>(click.size());
  q.loss /= n;
  const double rate = clicks / n;
  q.normalised_entropy = q.loss / -(rate * std::log(rate) + (1 - rate) * std::log(1 - rate));
  // Pairs of a click and none in the right order; equal predictions count half.
  std::vector<std::size_t> order(click.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return logit[a] < logit[b]; });
  double right = 0, below = 0;
  for (std::size_t i = 0; i < order.size();) {
    double here = 0, not_here = 0;
    const double value = logit[order[i]];
    for (; i < order.size() && logit[order[i]] == value; ++i) {
      (click[order[i]] > 0 ? here : not_here) += 1;
    }
    right += here * (below + not_here / 2);
    below += not_here;
  }
  q.area = right / (clicks * (n - clicks));
  return q;
}

// FNV-1a over the bits of numbers.
class digest {
 public:
  void add(const float* x, std::size_t n) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(x);
    for (std::size_t i = 0; i < n * sizeof(float); ++i)
      value_ = (value_ ^ bytes[i]) * 0x100000001b3;
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325;
};

}  // namespace dlrm

#endif  // LOWP_EXAMPLES_DLRM_METRICS_HPP
