// SPDX-License-Identifier: Apache-2.0
// error: no operand's format holds every value of the others
#include <cmath>

#include <lowp/math.hpp>
#include <lowp/types.hpp>

auto use(lowp::float16 x, lowp::bfloat16 y) {
#ifdef CORRECTED
  return lowp::pow<lowp::float32>(x, y);
#else
  return pow(x, y);
#endif
}
