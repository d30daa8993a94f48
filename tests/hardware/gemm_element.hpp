// SPDX-License-Identifier: Apache-2.0
/// \file
/// Single elements of products of matrices on every instruction set, for tests.
#ifndef LOWP_TESTS_HARDWARE_GEMM_ELEMENT_HPP
#define LOWP_TESTS_HARDWARE_GEMM_ELEMENT_HPP

#include <vector>

#include <doctest/doctest.h>

#include "gemm_problem.hpp"
#include "simd/targets.hpp"

namespace gemm_test {

/// Elements that are not the definition's, on all instruction sets; `wanted` are the definition's.
inline std::size_t differences_on_targets(problem& p, const std::vector<code_t>& wanted,
                                          const thread_options& options = {}) {
  std::size_t bad = 0;
  for (const bulk::target& t : bulk::targets()) {
    const bulk::forced_target forced(t.bit);
    p.run(options);
    const std::size_t wrong = p.differences(wanted);
    if (wrong != 0) MESSAGE(t.name << ": " << wrong);
    bad += wrong;
  }
  return bad;
}

/// The element of one row, one column and c, numbers that the formats have, by the definition and
/// the kernels, which must agree.
inline code_t element(const mma_model& m, const std::vector<double>& a,
                      const std::vector<double>& b, double c = 0) {
  problem p({.unit = m}, 1, 1, a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    p.a.view.set(0, i, of_double(problem::stored(m, m.a), a[i]));
    p.b.view.set(i, 0, of_double(problem::stored(m, m.b), b[i]));
  }
  p.c.view.set(0, 0, of_double(m.c, c));
  const std::vector<code_t> wanted = p.defined();
  CHECK(differences_on_targets(p, wanted) == 0);
  return wanted[0];
}

}  // namespace gemm_test

#endif  // LOWP_TESTS_HARDWARE_GEMM_ELEMENT_HPP
