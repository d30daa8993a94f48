// SPDX-License-Identifier: Apache-2.0
// SwiGLU: y = g / (1 + e^-g) u, element by element, of a gate g and a value u.
#ifndef LOWP_EXAMPLES_LANGUAGE_SWIGLU_HPP
#define LOWP_EXAMPLES_LANGUAGE_SWIGLU_HPP

#include <lowp/simd/thread_pool.hpp>

#include "matrix.hpp"

namespace language {

void swiglu_forward(const matrix& gate, const matrix& up, matrix& y, lowp::thread_pool& threads);

// Writes the gradients of both.
void swiglu_backward(const matrix& gate, const matrix& up, const matrix& dy, matrix& dgate,
                     matrix& dup, lowp::thread_pool& threads);

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_SWIGLU_HPP
