// SPDX-License-Identifier: Apache-2.0
#include "../implementation.hpp"
namespace lowp::tool {
void add_cuda_fp4(catalogue&) {}
}  // namespace lowp::tool
