// SPDX-License-Identifier: Apache-2.0
// Matrices of the model: a row for each token, or for each output of a layer.
#ifndef LOWP_EXAMPLES_LANGUAGE_MATRIX_HPP
#define LOWP_EXAMPLES_LANGUAGE_MATRIX_HPP

#include <cstddef>

#include <Eigen/Core>

#include <lowp/training/eigen_matrix.hpp>

namespace language {

using matrix = lowp::row_matrix;

inline Eigen::Index index_of(std::size_t i) { return static_cast<Eigen::Index>(i); }
inline matrix matrix_of(std::size_t rows, std::size_t columns) {
  return matrix::Zero(index_of(rows), index_of(columns));
}

inline std::size_t rows_of(const matrix& m) { return static_cast<std::size_t>(m.rows()); }
inline std::size_t columns_of(const matrix& m) { return static_cast<std::size_t>(m.cols()); }
inline float* row_of(matrix& m, std::size_t i) { return m.data() + i * columns_of(m); }
inline const float* row_of(const matrix& m, std::size_t i) { return m.data() + i * columns_of(m); }

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_MATRIX_HPP
