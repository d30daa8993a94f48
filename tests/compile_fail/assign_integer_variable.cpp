// SPDX-License-Identifier: Apache-2.0
// error: constant expression
#include <lowp/lowp.hpp>

void use(lowp::float16& x, int n) {
  static_cast<void>(n);
#ifdef CORRECTED
  x = lowp::float16{n};
#else
  x = n;
#endif
}
