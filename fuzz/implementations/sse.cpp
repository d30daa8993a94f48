// SPDX-License-Identifier: Apache-2.0
#include "../implementation.hpp"
namespace lowp::tool {
void add_sse(catalogue&) {}
}  // namespace lowp::tool
