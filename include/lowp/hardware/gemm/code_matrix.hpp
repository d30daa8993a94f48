// SPDX-License-Identifier: Apache-2.0
/// \file
/// Matrices of codes, one element in 1, 2, 4 or 8 bytes, with any strides. spec/gemm.md GEM-1.
#ifndef LOWP_HARDWARE_GEMM_CODE_MATRIX_HPP
#define LOWP_HARDWARE_GEMM_CODE_MATRIX_HPP

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "../../format.hpp"

namespace lowp {

/// rows x columns codes; element (i, j) begins `bytes` x (i row_stride + j column_stride) bytes
/// behind `data`, little-endian, and its bits above the format's width do not count. Strides in
/// elements: a matrix is transposed by exchanging them. No data: there is no such matrix.
template <class Byte>
struct basic_code_matrix {
  Byte* data = nullptr;
  int bytes = 1;
  std::size_t rows = 0, columns = 0;
  std::ptrdiff_t row_stride = 0, column_stride = 1;

  LOWP_FN std::ptrdiff_t place(std::size_t i, std::size_t j) const noexcept {
    return bytes * (static_cast<std::ptrdiff_t>(i) * row_stride +
                    static_cast<std::ptrdiff_t>(j) * column_stride);
  }
  LOWP_FN code_t code(std::size_t i, std::size_t j) const noexcept {
    const Byte* p = data + place(i, j);
    code_t c = 0;
    for (int n = 0; n < bytes; ++n) c |= static_cast<code_t>(p[n]) << (8 * n);
    return c;
  }
  LOWP_FN void set(std::size_t i, std::size_t j, code_t c) const noexcept
      requires(!std::is_const_v<Byte>) {
    Byte* p = data + place(i, j);
    for (int n = 0; n < bytes; ++n) p[n] = static_cast<Byte>(c >> (8 * n) & 0xff);
  }
  LOWP_FN basic_code_matrix transposed() const noexcept {
    return {data, bytes, columns, rows, column_stride, row_stride};
  }
};

using code_matrix = basic_code_matrix<const std::byte>;
using code_matrix_out = basic_code_matrix<std::byte>;

/// Codes in rows (row-major) or columns without gaps, of integers of their size.
template <class Code>
LOWP_UNIT code_matrix row_major(const Code* data, std::size_t rows, std::size_t columns) noexcept {
  static_assert(std::is_trivially_copyable_v<Code>);
  return {reinterpret_cast<const std::byte*>(data),
          sizeof(Code),
          rows,
          columns,
          static_cast<std::ptrdiff_t>(columns),
          1};
}
template <class Code>
LOWP_UNIT code_matrix column_major(const Code* data, std::size_t rows,
                                   std::size_t columns) noexcept {
  return row_major(data, columns, rows).transposed();
}
template <class Code>
LOWP_UNIT code_matrix_out row_major_out(Code* data, std::size_t rows,
                                        std::size_t columns) noexcept {
  static_assert(std::is_trivially_copyable_v<Code>);
  return {reinterpret_cast<std::byte*>(data),
          sizeof(Code),
          rows,
          columns,
          static_cast<std::ptrdiff_t>(columns),
          1};
}
template <class Code>
LOWP_UNIT code_matrix_out column_major_out(Code* data, std::size_t rows,
                                           std::size_t columns) noexcept {
  return row_major_out(data, columns, rows).transposed();
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_GEMM_CODE_MATRIX_HPP
