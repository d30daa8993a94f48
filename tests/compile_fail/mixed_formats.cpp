// SPDX-License-Identifier: Apache-2.0
// error: neither_format_holds_every_value_of_the_other
#include <lowp/lowp.hpp>

auto use(lowp::float16 x, lowp::bfloat16 y) {
#ifdef CORRECTED
  return x * lowp::float16{y};
#else
  return x * y;
#endif
}
