// SPDX-License-Identifier: Apache-2.0
/// \file
/// Eigen's matrices of float, row by row, as number matrices. spec/training.md TRN-1.
#ifndef LOWP_TRAINING_EIGEN_MATRIX_HPP
#define LOWP_TRAINING_EIGEN_MATRIX_HPP

#include <cstdint>
#include <type_traits>

#include <Eigen/Core>

#include "../pack/matrix.hpp"

namespace lowp {

/// A matrix of float in rows, as layers take it.
using row_matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

namespace detail {

/// A matrix whose numbers die with it. A Ref of constants is one: given a matrix of another layout,
/// it holds a copy.
template <class T>
constexpr bool owns_numbers = std::is_base_of_v<Eigen::PlainObjectBase<T>, T>;
template <class T, int Options, class Stride>
constexpr bool owns_numbers<Eigen::Ref<const T, Options, Stride>> = true;

}  // namespace detail

/// The same numbers, not copied, of a matrix in memory with its rows end to end or apart: Matrix,
/// Map, Ref, Block. Others do not compile; one that owns numbers and dies at the end of the line
/// neither.
template <class M>
auto numbers_of(M&& m) {
  using type = std::remove_cvref_t<M>;
  static_assert(type::IsRowMajor && type::InnerStrideAtCompileTime == 1,
                "rows of the matrix must be contiguous: use lowp::row_matrix, or Maps of such");
  static_assert(std::is_lvalue_reference_v<M> || !detail::owns_numbers<type>,
                "the matrix would not live as long as the view of it");
  using number = std::remove_pointer_t<decltype(m.data())>;
  return number_matrix<number>{
      m.data(),
      static_cast<std::uint64_t>(m.outerStride()),
      {static_cast<std::uint64_t>(m.rows()), static_cast<std::uint64_t>(m.cols())}};
}

}  // namespace lowp

#endif  // LOWP_TRAINING_EIGEN_MATRIX_HPP
