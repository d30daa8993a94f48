// SPDX-License-Identifier: Apache-2.0
// error: a native operand beside a number
#include <cmath>

#include <lowp/math.hpp>
#include <lowp/types.hpp>

auto use(lowp::float16 x) {
#ifdef CORRECTED
  return copysign(x, lowp::float16{-1});
#else
  return copysign(x, -1.0);
#endif
}
