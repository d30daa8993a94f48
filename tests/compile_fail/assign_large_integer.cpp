// SPDX-License-Identifier: Apache-2.0
// error: the_integer_is_not_a_value_of_the_format
#include <lowp/lowp.hpp>

void use(lowp::float16& x, int n) {
  static_cast<void>(n);
#ifdef CORRECTED
  x = 2048;
#else
  x = 2049;
#endif
}
