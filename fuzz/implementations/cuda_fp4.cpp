// SPDX-License-Identifier: Apache-2.0
// Host functions of the CUDA headers: the 4-bit format.
#include "../implementation.hpp"

#if defined(LOWP_HAVE_CUDA) && __has_include(<cuda_fp4.h>)
#define LOWP_HAVE_CUDA_FP4
#include <cuda_fp4.h>

#include "cuda_headers.hpp"
#endif

namespace lowp::tool {

#if defined(LOWP_HAVE_CUDA_FP4)

namespace {

using code4 = __nv_fp4_storage_t;

template <cudaRoundMode Round>
void add_narrowing(catalogue& c) {
  const bool nearest = Round == cudaRoundNearest;
  const std::string rule = nearest ? "cuda13.e2m1.rn" : "cuda13.e2m1.rz";
  const std::string of = nearest ? " E2M1, rn" : " E2M1, rz";
  const auto add = [&](const char* function, const char* from, batch_function run) {
    c.rows.push_back({"CUDA", function + of, named_rule((rule + from).c_str()), run});
  };
  add("float_to_fp4", "", each<[](float x) { return __nv_cvt_float_to_fp4(x, __NV_E2M1, Round); }>);
  add("double_to_fp4", ".from_binary64",
      each<[](double x) { return __nv_cvt_double_to_fp4(x, __NV_E2M1, Round); }>);
  add("halfraw_to_fp4", ".from_binary16", each<[](std::uint16_t x) {
        return __nv_cvt_halfraw_to_fp4(cuda_half(x), __NV_E2M1, Round);
      }>);
  add("bfloat16raw_to_fp4", ".from_bfloat16", each<[](std::uint16_t x) {
        return __nv_cvt_bfloat16raw_to_fp4(cuda_bfloat16(x), __NV_E2M1, Round);
      }>);
}

}  // namespace

void add_cuda_fp4(catalogue& c) {
  add_narrowing<cudaRoundNearest>(c);
  add_narrowing<cudaRoundZero>(c);
  c.rows.push_back(
      {"CUDA", "fp4_to_halfraw E2M1", named_rule("cuda13.binary16.from_e2m1"),
       each<[](code4 x) { return cuda_bits(__nv_cvt_fp4_to_halfraw(x, __NV_E2M1)); }>});
}

#else

void add_cuda_fp4(catalogue&) {}

#endif

}  // namespace lowp::tool
