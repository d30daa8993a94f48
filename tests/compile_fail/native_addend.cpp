// SPDX-License-Identifier: Apache-2.0
// error: a native operand beside a number
#include <cmath>

#include <lowp/math.hpp>
#include <lowp/types.hpp>

auto use(lowp::float64 x) {
#ifdef CORRECTED
  return fma(x, x, lowp::float64{1});
#else
  return fma(x, x, 1.0);
#endif
}
