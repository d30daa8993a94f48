// SPDX-License-Identifier: Apache-2.0
// Host functions of the CUDA headers: bfloat16.
#include "../implementation.hpp"

#if defined(LOWP_HAVE_CUDA)
#include <lowp/hardware/nvidia.hpp>

#include "cuda_headers.hpp"
#endif

namespace lowp::tool {

#if defined(LOWP_HAVE_CUDA)

namespace {

std::uint16_t bits(__nv_bfloat16 x) { return cuda_bits(static_cast<__nv_bfloat16_raw>(x)); }
__nv_bfloat16 number_of(std::uint16_t code) { return __nv_bfloat16(cuda_bfloat16(code)); }

}  // namespace

void add_cuda_bf16(catalogue& c) {
  using namespace formats;
  const auto add = [&](const char* function, const conversion_rule& rule, batch_function run) {
    c.rows.push_back({"CUDA", function, rule, run});
  };
  add("__float2bfloat16_rn", named_rule("cuda13.bfloat16.rn"),
      each<[](float x) { return bits(__float2bfloat16_rn(x)); }>);
  add("__float2bfloat16_rz", named_rule("cuda13.bfloat16.rz"),
      each<[](float x) { return bits(__float2bfloat16_rz(x)); }>);
  add("__float2bfloat16_rd", named_rule("cuda13.bfloat16.rd"),
      each<[](float x) { return bits(__float2bfloat16_rd(x)); }>);
  add("__float2bfloat16_ru", named_rule("cuda13.bfloat16.ru"),
      each<[](float x) { return bits(__float2bfloat16_ru(x)); }>);
  add("__double2bfloat16", named_rule("cuda13.bfloat16.rn.from_binary64"),
      each<[](double x) { return bits(__double2bfloat16(x)); }>);
  conversion_rule widening = like("cuda13.bfloat16.rn", formats::bfloat16, binary32);
  widening.last = policies::cuda13_shift;
  add("__bfloat162float", widening,
      each<[](std::uint16_t x) { return __bfloat162float(number_of(x)); }>);
  add("__int2bfloat16_rn", like("cuda13.bfloat16.rn", formats::int32, formats::bfloat16),
      each<[](std::int32_t x) { return bits(__int2bfloat16_rn(x)); }>);
  add("__uint2bfloat16_rn", like("cuda13.bfloat16.rn", formats::uint32, formats::bfloat16),
      each<[](std::uint32_t x) { return bits(__uint2bfloat16_rn(x)); }>);
  add("__ll2bfloat16_rn", like("cuda13.bfloat16.rn", formats::int64, formats::bfloat16),
      each<[](std::int64_t x) { return bits(__ll2bfloat16_rn(x)); }>);
}

#else

void add_cuda_bf16(catalogue&) {}

#endif

}  // namespace lowp::tool
