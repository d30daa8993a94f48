// SPDX-License-Identifier: Apache-2.0
/// \file
/// Eigen's product of binary32 matrices, compiled for this machine.
#ifndef LOWP_BENCH_GEMM_EIGEN_HPP
#define LOWP_BENCH_GEMM_EIGEN_HPP

#include <cstddef>
#include <cstdint>
#include <memory>

namespace bench {

/// n x n times n x n, on so many threads (each has columns of its own).
class eigen_product {
 public:
  eigen_product(std::size_t n, unsigned threads);
  ~eigen_product();
  std::uint64_t run();

 private:
  struct matrices;
  std::unique_ptr<matrices> m_;
};

}  // namespace bench

#endif  // LOWP_BENCH_GEMM_EIGEN_HPP
