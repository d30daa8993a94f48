// SPDX-License-Identifier: Apache-2.0
/// \file
/// An emulated product: operands are quantised slab by slab of the contraction while they are
/// multiplied, so that no quantised matrix stands in memory as a whole. spec/training.md TRN-7.
#ifndef LOWP_TRAINING_PRODUCT_HPP
#define LOWP_TRAINING_PRODUCT_HPP

#include <cstdint>

#include <Eigen/Core>

#include "product_options.hpp"

namespace lowp {

namespace detail {

/// Eigen's, compiled with the flags of who calls.
LOWP_UNIT inline void multiply_by_eigen(const number_matrix<const float>& a,
                                        const number_matrix<const float>& b,
                                        const number_matrix<float>& d, bool add) {
  using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using stride = Eigen::OuterStride<>;
  const auto view = [](const auto& m) {
    return Eigen::Map<const matrix, 0, stride>(m.x, static_cast<Eigen::Index>(m.shape.rows),
                                               static_cast<Eigen::Index>(m.shape.columns),
                                               stride(static_cast<Eigen::Index>(m.stride)));
  };
  Eigen::Map<matrix, 0, stride> out(d.x, static_cast<Eigen::Index>(d.shape.rows),
                                    static_cast<Eigen::Index>(d.shape.columns),
                                    stride(static_cast<Eigen::Index>(d.stride)));
  if (add) {
    out.noalias() += view(a) * view(b).transpose();
  } else {
    out.noalias() = view(a) * view(b).transpose();
  }
}

}  // namespace detail

/// D (m x n) = A (m x k) B (n x k)^T, A and B as read and as their rules make them. D overlaps
/// neither. Throws `array_error`, nothing written: a rule that `check` refuses, sizes that do not
/// fit, what `quantise_operand` refuses, overlap.
LOWP_UNIT inline void emulated_product(const product_rule& rule, const lowp::operand& a,
                                       const lowp::operand& b, const number_matrix<float>& d,
                                       const product_options& options = {}) {
  detail::run_product(rule, a, b, d, options, detail::multiply_by_eigen);
}

}  // namespace lowp

#endif  // LOWP_TRAINING_PRODUCT_HPP
