// SPDX-License-Identifier: Apache-2.0
// error: bool
#include <lowp/lowp.hpp>

auto use(lowp::float16 x) {
#ifdef CORRECTED
  return x != 0 ? 1 : 0;
#else
  return x ? 1 : 0;
#endif
}
