// SPDX-License-Identifier: Apache-2.0
/// \file
/// D = A B + C in an emulated matrix unit, on vectors and threads: the declaration, without
/// Highway. The definition is in implementation_gemm.hpp, which the library lowp_simd holds.
/// spec/gemm.md GEM-5.
#ifndef LOWP_HARDWARE_GEMM_GEMM_HPP
#define LOWP_HARDWARE_GEMM_GEMM_HPP

#include "../../simd/convert.hpp"
#include "../../simd/threads.hpp"
#include "code_matrix.hpp"
#include "gemm_rule.hpp"

namespace lowp {

/// Scales of units that have them: of A rows(A) x ceil(K / scale_block), of B the other way round.
struct gemm_scales {
  code_matrix a{}, b{};
};

/// Every element of D as `gemm_element` gives it; K is filled up with products of +0 (and scales of
/// 1). A is M x K, B is K x N, C and D are M x N; without data C is +0. C may be D itself. The
/// result depends neither on the instruction set, nor on the threads, nor on the caller's
/// floating-point environment. Throws `array_error` (a std::invalid_argument) on a rule that does
/// not pass `check`, sizes that do not fit, codes of too few bytes, missing scales and overlap.
void gemm(const gemm_rule& rule, const code_matrix& a, const code_matrix& b, const code_matrix& c,
          const code_matrix_out& d, const gemm_scales& scales = {},
          const thread_options& options = {});

namespace detail {
/// False: `gemm` has no kernel for the unit on this processor and runs the definition.
bool has_gemm_kernel(const gemm_rule& rule);
}  // namespace detail

}  // namespace lowp

#endif  // LOWP_HARDWARE_GEMM_GEMM_HPP
