// SPDX-License-Identifier: Apache-2.0
/// \file
/// `gemm` of matrix objects with a scalar type and strides, Eigen's above all: Matrix, Map, Ref,
/// Block, in rows or columns. Needs no header of Eigen. spec/gemm.md GEM-8.
#ifndef LOWP_HARDWARE_GEMM_GEMM_DENSE_HPP
#define LOWP_HARDWARE_GEMM_GEMM_DENSE_HPP

#include <concepts>
#include <cstddef>
#include <string>
#include <type_traits>

#include "../../number.hpp"
#include "gemm.hpp"

namespace lowp {

/// A matrix in memory: elements of a scalar type at strides that it tells. Expressions are no such
/// matrices: evaluate them first.
template <class M>
concept dense_matrix = requires(const std::remove_cvref_t<M>& m) {
  typename std::remove_cvref_t<M>::Scalar;
  { *m.data() } -> std::convertible_to<typename std::remove_cvref_t<M>::Scalar>;
  { m.rows() } -> std::convertible_to<std::ptrdiff_t>;
  { m.cols() } -> std::convertible_to<std::ptrdiff_t>;
  { m.rowStride() } -> std::convertible_to<std::ptrdiff_t>;
  { m.colStride() } -> std::convertible_to<std::ptrdiff_t>;
};

namespace detail {

template <class M>
using scalar_of = typename std::remove_cvref_t<M>::Scalar;

template <class M>
LOWP_UNIT code_matrix codes_of(const M& m) {
  return {reinterpret_cast<const std::byte*>(m.data()), static_cast<int>(sizeof(scalar_of<M>)),
          static_cast<std::size_t>(m.rows()),           static_cast<std::size_t>(m.cols()),
          static_cast<std::ptrdiff_t>(m.rowStride()),   static_cast<std::ptrdiff_t>(m.colStride())};
}

/// Refuses elements of another format than the unit's.
LOWP_UNIT inline void check_elements(const char* name, format have, format want) {
  if (have == want) return;
  const auto words = [](format f) {
    return std::to_string(f.width) + " bits, precision " + std::to_string(f.precision) + ", bias " +
           std::to_string(f.bias);
  };
  throw array_error(std::string("lowp::gemm: ") + name + " has elements of " + words(have) +
                    ": those of the unit have " + words(want));
}

}  // namespace detail

/// D = A B + C, as `gemm` of codes. Scalars are number<F> of the unit's formats, or the native type
/// of one; those of units that read TF32 are float. d has its size. Throws `array_error` as that
/// does, and on a scalar of another format.
template <dense_matrix A, dense_matrix B, dense_matrix C, dense_matrix D>
LOWP_UNIT void gemm(const gemm_rule& rule, const A& a, const B& b, const C& c, D&& d,
                    const gemm_scales& scales = {}, const thread_options& options = {}) {
  const mma_model& m = rule.unit;
  const auto stored = [&](format f) { return m.stored.width != 0 ? m.stored : f; };
  detail::check_elements("a", detail::traits<detail::scalar_of<A>>::value, stored(m.a));
  detail::check_elements("b", detail::traits<detail::scalar_of<B>>::value, stored(m.b));
  detail::check_elements("c", detail::traits<detail::scalar_of<C>>::value, m.c);
  detail::check_elements("d", detail::traits<detail::scalar_of<D>>::value, m.d);
  const code_matrix out = detail::codes_of(d);
  gemm(rule, detail::codes_of(a), detail::codes_of(b), detail::codes_of(c),
       code_matrix_out{reinterpret_cast<std::byte*>(d.data()), out.bytes, out.rows, out.columns,
                       out.row_stride, out.column_stride},
       scales, options);
}

/// D = A B.
template <dense_matrix A, dense_matrix B, dense_matrix D>
LOWP_UNIT void gemm(const gemm_rule& rule, const A& a, const B& b, D&& d,
                    const gemm_scales& scales = {}, const thread_options& options = {}) {
  const mma_model& m = rule.unit;
  const auto stored = [&](format f) { return m.stored.width != 0 ? m.stored : f; };
  detail::check_elements("a", detail::traits<detail::scalar_of<A>>::value, stored(m.a));
  detail::check_elements("b", detail::traits<detail::scalar_of<B>>::value, stored(m.b));
  detail::check_elements("d", detail::traits<detail::scalar_of<D>>::value, m.d);
  const code_matrix out = detail::codes_of(d);
  gemm(rule, detail::codes_of(a), detail::codes_of(b), code_matrix{},
       code_matrix_out{reinterpret_cast<std::byte*>(d.data()), out.bytes, out.rows, out.columns,
                       out.row_stride, out.column_stride},
       scales, options);
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_GEMM_GEMM_DENSE_HPP
