// SPDX-License-Identifier: Apache-2.0
// error: neighbours differ between two formats
#include <cmath>

#include <lowp/math.hpp>
#include <lowp/types.hpp>

auto use(lowp::bfloat16 x, lowp::float8_e4m3fn y) {
#ifdef CORRECTED
  return nextafter(x, lowp::bfloat16{y});
#else
  return nextafter(x, y);
#endif
}
