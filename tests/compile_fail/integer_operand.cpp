// SPDX-License-Identifier: Apache-2.0
// error: neither_format_holds_every_value_of_the_other
#include <lowp/lowp.hpp>

auto use(lowp::float8_e4m3fn x) {
#ifdef CORRECTED
  return x * lowp::float8_e4m3fn{2};
#else
  return x * 2;
#endif
}
