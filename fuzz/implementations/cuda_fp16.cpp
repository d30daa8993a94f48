// SPDX-License-Identifier: Apache-2.0
// Host functions of the CUDA headers: binary16.
#include "../implementation.hpp"

#if defined(LOWP_HAVE_CUDA)
#include "cuda_headers.hpp"
#endif

namespace lowp::tool {

#if defined(LOWP_HAVE_CUDA)

namespace {

std::uint16_t bits(__half x) { return cuda_bits(static_cast<__half_raw>(x)); }
__half number_of(std::uint16_t code) { return __half(cuda_half(code)); }

}  // namespace

void add_cuda_fp16(catalogue& c) {
  using namespace formats;
  const auto add = [&](const char* function, const conversion_rule& rule, batch_function run) {
    c.rows.push_back({"CUDA", function, rule, run});
  };
  add("__float2half_rn", named_rule("cuda13.binary16.rn"),
      each<[](float x) { return bits(__float2half_rn(x)); }>);
  add("__float2half_rz", named_rule("cuda13.binary16.rz"),
      each<[](float x) { return bits(__float2half_rz(x)); }>);
  add("__float2half_rd", named_rule("cuda13.binary16.rd"),
      each<[](float x) { return bits(__float2half_rd(x)); }>);
  add("__float2half_ru", named_rule("cuda13.binary16.ru"),
      each<[](float x) { return bits(__float2half_ru(x)); }>);
  add("__double2half", named_rule("cuda13.binary16.rn.from_binary64"),
      each<[](double x) { return bits(__double2half(x)); }>);
  add("__half2float", named_rule("cuda13.binary32.from_binary16"),
      each<[](std::uint16_t x) { return __half2float(number_of(x)); }>);
  add("__int2half_rn", like("cuda13.binary16.rn", formats::int32, binary16),
      each<[](std::int32_t x) { return bits(__int2half_rn(x)); }>);
  add("__int2half_rz", like("cuda13.binary16.rz", formats::int32, binary16),
      each<[](std::int32_t x) { return bits(__int2half_rz(x)); }>);
  add("__int2half_rd", like("cuda13.binary16.rd", formats::int32, binary16),
      each<[](std::int32_t x) { return bits(__int2half_rd(x)); }>);
  add("__int2half_ru", like("cuda13.binary16.ru", formats::int32, binary16),
      each<[](std::int32_t x) { return bits(__int2half_ru(x)); }>);
  add("__uint2half_rn", like("cuda13.binary16.rn", formats::uint32, binary16),
      each<[](std::uint32_t x) { return bits(__uint2half_rn(x)); }>);
  add("__ll2half_rn", like("cuda13.binary16.rn", formats::int64, binary16),
      each<[](std::int64_t x) { return bits(__ll2half_rn(x)); }>);
}

#else

void add_cuda_fp16(catalogue& c) {
  c.absent.push_back({"CUDA", "the headers were not there when this program was built"});
}

#endif

}  // namespace lowp::tool
