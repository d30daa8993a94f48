// SPDX-License-Identifier: Apache-2.0
// For `lowp verify --self-test`: a converter with a common fault (field-bugs FB-02).
#include <bit>

#include "../implementation.hpp"

namespace lowp::tool {

void add_broken(catalogue& c) {
  c.rows.push_back({"self-test", "truncates, claims nearest", named_rule("cuda13.bfloat16.rn"),
                    each<[](float x) {
                      return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(x) >> 16);
                    }>});
}

}  // namespace lowp::tool
