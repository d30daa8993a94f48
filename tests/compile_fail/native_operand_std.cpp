// SPDX-License-Identifier: Apache-2.0
// error: a native operand beside a number
#include <cmath>

#include <lowp/math.hpp>
#include <lowp/types.hpp>

using namespace std;

auto use(lowp::float64 x) {
#ifdef CORRECTED
  return pow(lowp::float64{2}, x);
#else
  return pow(2.0, x);
#endif
}
