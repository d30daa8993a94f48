// SPDX-License-Identifier: Apache-2.0
// error: the_result_would_narrow_to_the_left_operand
#include <lowp/lowp.hpp>

auto use(int n, lowp::float16 x) {
#ifdef CORRECTED
  return n -= int(x);
#else
  return n -= x;
#endif
}
