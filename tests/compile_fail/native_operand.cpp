// SPDX-License-Identifier: Apache-2.0
// error: a native operand beside a number
#include <cmath>

#include <lowp/math.hpp>
#include <lowp/types.hpp>

auto use(lowp::float16 x) {
#ifdef CORRECTED
  return pow(x, lowp::float16{2});
#else
  return pow(x, 2);
#endif
}
