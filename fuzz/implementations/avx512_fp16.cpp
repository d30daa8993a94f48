// SPDX-License-Identifier: Apache-2.0
#include "../implementation.hpp"
namespace lowp::tool {
void add_avx512_fp16(catalogue&) {}
}  // namespace lowp::tool
