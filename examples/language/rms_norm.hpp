// SPDX-License-Identifier: Apache-2.0
// RMSNorm: y = x g / sqrt(mean of x^2 + 1e-5), row by row, with a gain g for each column.
#ifndef LOWP_EXAMPLES_LANGUAGE_RMS_NORM_HPP
#define LOWP_EXAMPLES_LANGUAGE_RMS_NORM_HPP

#include <vector>

#include <lowp/simd/thread_pool.hpp>

#include "fixed_sums.hpp"
#include "matrix.hpp"
#include "ranks.hpp"

namespace language {

class rms_norm {
 public:
  // One row of gains.
  void forward(const matrix& x, const matrix& gain, matrix& y, lowp::thread_pool& threads);

  // After `forward` of the same x: adds to dx, writes the gradient of the gains, of all ranks.
  void backward(const matrix& x, const matrix& gain, const matrix& dy, matrix& dx, matrix& dgain,
                lowp::thread_pool& threads, lowp::transport* ranks = nullptr) const;

 private:
  std::vector<float> factor_;  // 1 / sqrt(mean of squares + 1e-5) of each row
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_RMS_NORM_HPP
