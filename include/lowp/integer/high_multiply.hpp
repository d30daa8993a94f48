// SPDX-License-Identifier: Apache-2.0
/// \file
/// Products of fixed-point fractions: the high half of twice the product, rounded.
#ifndef LOWP_INTEGER_HIGH_MULTIPLY_HPP
#define LOWP_INTEGER_HIGH_MULTIPLY_HPP

#include <cstdint>

#include "intn.hpp"

namespace lowp {

/// a b / 2^(w-1) for integers of a signed format of w <= 32 bits, as fractions of 2^(w-1), rounded.
/// Only the square of the least integer leaves the range. Arm VQRDMULH and SQRDMULH, and gemmlowp's
/// SaturatingRoundingDoublingHighMul, saturate then; x86 `pmulhrsw` (16 bits) wraps.
/// spec/integers.md INT-10.
LOWP_FN std::int64_t high_multiply(format f, std::int64_t a, std::int64_t b, integer_overflow o,
                                   integer_rounding r = integer_rounding::to_nearest_up) noexcept {
  return integer_value(f, integer_code(f, shift_right(a * b, f.width - 1, r), o));
}

}  // namespace lowp

#endif  // LOWP_INTEGER_HIGH_MULTIPLY_HPP
