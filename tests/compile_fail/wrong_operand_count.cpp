// SPDX-License-Identifier: Apache-2.0
// error: lowp: wrong number of operands
#include <lowp/lowp.hpp>

auto use(lowp::coded x) {
#ifdef CORRECTED
  return lowp::compute<lowp::operation::abs>(x.f, {}, 0, x);
#else
  return lowp::compute<lowp::operation::add>(x.f, {}, 0, x);
#endif
}
