// SPDX-License-Identifier: Apache-2.0
// Host functions of the CUDA headers: 6-bit formats.
#include "../implementation.hpp"

#if defined(LOWP_HAVE_CUDA) && __has_include(<cuda_fp6.h>)
#define LOWP_HAVE_CUDA_FP6
#include <cuda_fp6.h>

#include "cuda_headers.hpp"
#endif

namespace lowp::tool {

#if defined(LOWP_HAVE_CUDA_FP6)

namespace {

using code6 = __nv_fp6_storage_t;

template <__nv_fp6_interpretation_t Kind, cudaRoundMode Round>
void add_narrowing(catalogue& c) {
  const bool nearest = Round == cudaRoundNearest;
  const std::string rule =
      std::string("cuda13.") + (Kind == __NV_E2M3 ? "e2m3" : "e3m2") + (nearest ? ".rn" : ".rz");
  const std::string of =
      std::string(Kind == __NV_E2M3 ? " E2M3" : " E3M2") + (nearest ? ", rn" : ", rz");
  const auto add = [&](const char* function, const char* from, batch_function run) {
    c.rows.push_back({"CUDA", function + of, named_rule((rule + from).c_str()), run});
  };
  add("float_to_fp6", "", each<[](float x) { return __nv_cvt_float_to_fp6(x, Kind, Round); }>);
  add("double_to_fp6", ".from_binary64",
      each<[](double x) { return __nv_cvt_double_to_fp6(x, Kind, Round); }>);
  add("halfraw_to_fp6", ".from_binary16",
      each<[](std::uint16_t x) { return __nv_cvt_halfraw_to_fp6(cuda_half(x), Kind, Round); }>);
  add("bfloat16raw_to_fp6", ".from_bfloat16", each<[](std::uint16_t x) {
        return __nv_cvt_bfloat16raw_to_fp6(cuda_bfloat16(x), Kind, Round);
      }>);
}

}  // namespace

void add_cuda_fp6(catalogue& c) {
  add_narrowing<__NV_E2M3, cudaRoundNearest>(c);
  add_narrowing<__NV_E2M3, cudaRoundZero>(c);
  add_narrowing<__NV_E3M2, cudaRoundNearest>(c);
  add_narrowing<__NV_E3M2, cudaRoundZero>(c);
  c.rows.push_back(
      {"CUDA", "fp6_to_halfraw E2M3", named_rule("cuda13.binary16.from_e2m3"),
       each<[](code6 x) { return cuda_bits(__nv_cvt_fp6_to_halfraw(x, __NV_E2M3)); }>});
  c.rows.push_back(
      {"CUDA", "fp6_to_halfraw E3M2", named_rule("cuda13.binary16.from_e3m2"),
       each<[](code6 x) { return cuda_bits(__nv_cvt_fp6_to_halfraw(x, __NV_E3M2)); }>});
}

#else

void add_cuda_fp6(catalogue&) {}

#endif

}  // namespace lowp::tool
