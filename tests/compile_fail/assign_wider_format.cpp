// SPDX-License-Identifier: Apache-2.0
// error: the_result_would_narrow_to_the_left_operand
#include <lowp/lowp.hpp>

auto use(lowp::float8_e4m3fn x, lowp::float16 y) {
#ifdef CORRECTED
  return y += x;
#else
  return x += y;
#endif
}
