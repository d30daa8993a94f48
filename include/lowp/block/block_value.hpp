// SPDX-License-Identifier: Apache-2.0
/// \file
/// What an element of a block is worth.
#ifndef LOWP_BLOCK_BLOCK_VALUE_HPP
#define LOWP_BLOCK_BLOCK_VALUE_HPP

#include "../arithmetic.hpp"
#include "block_format.hpp"

namespace lowp {

/// The value of element i of a block, exactly: its code, its block's scale bits and the outer
/// scale. BLS-1.
LOWP_FN exact block_value(const block_format& f, code_t scale, code_t element, int i,
                          const exact& outer = exact_finite(false, 1, 0)) noexcept {
  exact s = evaluate<operation::multiply>({}, decode(f.scale, scale_code(f, scale)), outer).value;
  if (s.cls == number_class::finite) s.exponent += level_exponent(f, scale, i);
  return evaluate<operation::multiply>({}, s, decode(f.element, element)).value;
}

}  // namespace lowp

#endif  // LOWP_BLOCK_BLOCK_VALUE_HPP
