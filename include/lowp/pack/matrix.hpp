// SPDX-License-Identifier: Apache-2.0
/// \file
/// Matrices in memory: their shape, and numbers row by row.
#ifndef LOWP_PACK_MATRIX_HPP
#define LOWP_PACK_MATRIX_HPP

#include <cstdint>
#include <type_traits>

#include "../config.hpp"

namespace lowp {

/// Rows and columns of a matrix.
struct matrix_shape {
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;

  friend LOWP_FN bool operator==(const matrix_shape&, const matrix_shape&) noexcept = default;
};

/// A matrix of numbers: row i begins i x stride numbers behind `x`.
template <class Number>
struct number_matrix {
  Number* x = nullptr;
  std::uint64_t stride = 0;
  matrix_shape shape = {};

  /// What is written may be read.
  LOWP_FN operator number_matrix<const Number>() const noexcept requires(!std::is_const_v<Number>) {
    return {x, stride, shape};
  }
};

}  // namespace lowp

#endif  // LOWP_PACK_MATRIX_HPP
