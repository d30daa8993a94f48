// SPDX-License-Identifier: Apache-2.0
// error: neither_format_holds_every_value_of_the_other
#include <lowp/lowp.hpp>

auto use(lowp::float8_e4m3fn x, bool y) {
#ifdef CORRECTED
  return y ? x + x : x;
#else
  return x + y;
#endif
}
