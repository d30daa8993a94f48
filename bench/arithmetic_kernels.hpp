// SPDX-License-Identifier: Apache-2.0
/// \file
/// Element-wise loops r[i] = x[i] op y[i] that bench/arithmetic.cpp times. The same source is
/// compiled twice, without and with the compiler's vectoriser.
#ifndef LOWP_BENCH_ARITHMETIC_KERNELS_HPP
#define LOWP_BENCH_ARITHMETIC_KERNELS_HPP

#include <cstddef>
#include <vector>

namespace bench {

/// Operands and results are arrays of `bytes`-wide elements.
struct kernel {
  const char* who;
  const char* format;
  const char* operation;
  int bytes;
  void (*run)(const void* x, const void* y, const void* z, void* r, std::size_t n);
};

namespace scalar {
std::vector<kernel> kernels();
}
namespace vectorised {
std::vector<kernel> kernels();
}

}  // namespace bench

#endif  // LOWP_BENCH_ARITHMETIC_KERNELS_HPP
