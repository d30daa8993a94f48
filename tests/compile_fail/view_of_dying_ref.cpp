// SPDX-License-Identifier: Apache-2.0
// error: would not live as long
#include <lowp/training/eigen_matrix.hpp>

float first(const Eigen::MatrixXf& m) {
#ifdef CORRECTED
  const Eigen::Ref<const lowp::row_matrix> rows(m);
  return *lowp::numbers_of(rows).x;
#else
  return *lowp::numbers_of(Eigen::Ref<const lowp::row_matrix>(m)).x;
#endif
}
