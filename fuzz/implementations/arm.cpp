// SPDX-License-Identifier: Apache-2.0
#include "../implementation.hpp"
namespace lowp::tool {
void add_arm(catalogue&) {}
}  // namespace lowp::tool
