// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a rule does to an operand of a product: its statistics, at speed. Declarations, without
/// Highway; the definitions are in implementation_statistics.hpp, which one unit of a program
/// includes; Meson offers it in the dependency `lowp_simd`. The operand is quantised once more, by
/// what quantises it for the product. spec/monitors.md MON-7, MON-8.
#ifndef LOWP_TRAINING_OPERAND_STATISTICS_HPP
#define LOWP_TRAINING_OPERAND_STATISTICS_HPP

#include "../simd/threads.hpp"
#include "operand.hpp"
#include "tensor_statistics.hpp"

namespace lowp {

/// Statistics of the numbers of an operand, as read and rotated, and of the values that a product
/// sees. A delayed factor is that of the state, which learns nothing. The threads change nothing;
/// the instruction set changes last digits of sums. Where `in.amax` reduces, all ranks must call.
/// Throws `array_error` for what `quantise_operand` refuses.
tensor_statistics statistics_of(const operand_rule& rule, const operand& in,
                                const thread_options& options = {});

namespace simd {

/// Adds n numbers x with the values v that stand for them and the greatest values g under their
/// scales. A `float_environment` must live around it.
void add_statistics(tensor_statistics& to, const float* x, const float* v, const float* g,
                    std::size_t n) noexcept;

}  // namespace simd

}  // namespace lowp

#endif  // LOWP_TRAINING_OPERAND_STATISTICS_HPP
