// SPDX-License-Identifier: Apache-2.0
// error: float8_e4m3fn
#include <lowp/lowp.hpp>

lowp::float8_e4m3fn use(lowp::float8_e4m3fn x) {
#ifdef CORRECTED
  return lowp::float8_e4m3fn{x * 2.0f};
#else
  return x * 2.0f;
#endif
}
