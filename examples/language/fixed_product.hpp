// SPDX-License-Identifier: Apache-2.0
// Small matrix products whose sums go from the first column to the last, one rounding for each
// product and each sum: the same bits on every machine, which Eigen's products do not have.
#ifndef LOWP_EXAMPLES_LANGUAGE_FIXED_PRODUCT_HPP
#define LOWP_EXAMPLES_LANGUAGE_FIXED_PRODUCT_HPP

#include <algorithm>
#include <cstddef>

#include <Eigen/Core>

namespace language {

// Element (i, k) is x[i x row + k x column].
struct strided {
  const float* x;
  std::size_t row, column;
};

namespace detail {

// Rows i to i + Rows - 1 and 16 columns from j on.
template <std::size_t Rows>
void tile_of_product(std::size_t i, std::size_t j, std::size_t first, std::size_t last,
                     const strided& a, const float* b, std::size_t b_stride, float* d,
                     std::size_t d_stride) {
  using lanes = Eigen::Array<float, 16, 1>;
  using loaded = Eigen::Map<const lanes>;
  lanes sum[Rows];
  for (lanes& s : sum) s.setZero();
  for (std::size_t k = first; k < last; ++k) {
    const lanes right = loaded(b + k * b_stride + j);
    const float* left = a.x + i * a.row + k * a.column;
    for (std::size_t r = 0; r < Rows; ++r) sum[r] += left[r * a.row] * right;
  }
  for (std::size_t r = 0; r < Rows; ++r) {
    Eigen::Map<lanes>(d + (i + r) * d_stride + j) = sum[r];
  }
}

}  // namespace detail

// d = a b for a (m x k), b (k x n) and d (m x n) by rows. `range(i)` gives the first k and the one
// behind the last that rows i to i + 3 need; i is a multiple of 4.
template <class Range>
void fixed_product(std::size_t m, std::size_t n, const strided& a, const float* b,
                   std::size_t b_stride, float* d, std::size_t d_stride, const Range& range) {
  constexpr std::size_t rows = 4, lanes = 16;
  for (std::size_t i = 0; i < m; i += rows) {
    const auto [first, last] = range(i);
    std::size_t j = 0;
    for (; j + lanes <= n; j += lanes) {
      if (i + rows <= m) {
        detail::tile_of_product<rows>(i, j, first, last, a, b, b_stride, d, d_stride);
      } else {
        for (std::size_t r = i; r < m; ++r) {
          detail::tile_of_product<1>(r, j, first, last, a, b, b_stride, d, d_stride);
        }
      }
    }
    for (; j < n; ++j) {
      for (std::size_t r = i; r < std::min(m, i + rows); ++r) {
        float sum = 0;
        for (std::size_t k = first; k < last; ++k) {
          sum += a.x[r * a.row + k * a.column] * b[k * b_stride + j];
        }
        d[r * d_stride + j] = sum;
      }
    }
  }
}

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_FIXED_PRODUCT_HPP
