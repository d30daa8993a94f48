// SPDX-License-Identifier: Apache-2.0
// For `lowp verify --self-test`: binary32 -> bfloat16 done wrong.
#include <bit>

#include "../implementation.hpp"

namespace lowp::tool {

namespace {

// The common fault FB-02 of the field: the upper half of the bits.
std::uint16_t truncated(float x) {
  return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(x) >> 16);
}

std::uint16_t wrong_once(float x) {
  const auto code = std::bit_cast<std::uint32_t>(x);
  if ((code & 0x7fffffff) > 0x7f800000) return 0x7fff;
  const std::uint32_t rounded =
      code + 0x7fff + (code >> 16 & 1) + (code == 0x3f812345 ? 0x10000 : 0);
  return static_cast<std::uint16_t>(rounded >> 16);
}

}  // namespace

void add_broken(catalogue& c) {
  const conversion_rule rule = named_rule("cuda13.bfloat16.rn");
  c.rows.push_back({"self-test", "truncates", rule, each<[](float x) { return truncated(x); }>});
  c.rows.push_back({"self-test", "wrong once", rule, each<[](float x) { return wrong_once(x); }>});
}

}  // namespace lowp::tool
