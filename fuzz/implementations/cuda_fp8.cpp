// SPDX-License-Identifier: Apache-2.0
// Host functions of the CUDA headers: 8-bit formats and E8M0 scales. Compiled by the host compiler.
#include "../implementation.hpp"

#if defined(LOWP_HAVE_CUDA)
#include "cuda_headers.hpp"
#endif

namespace lowp::tool {

#if defined(LOWP_HAVE_CUDA)

namespace {

using code8 = __nv_fp8_storage_t;

template <__nv_saturation_t Saturate, __nv_fp8_interpretation_t Kind>
void add_narrowing(catalogue& c, const std::string& rule) {
  const std::string of = std::string(Kind == __NV_E4M3 ? "E4M3" : "E5M2") +
                         (Saturate == __NV_SATFINITE ? ", SATFINITE" : ", NOSAT");
  const auto add = [&](const char* function, const char* from, batch_function run) {
    c.rows.push_back(
        {"CUDA", std::string(function) + " " + of, named_rule((rule + from).c_str()), run});
  };
  add("float_to_fp8", "", each<[](float x) { return __nv_cvt_float_to_fp8(x, Saturate, Kind); }>);
  add("double_to_fp8", ".from_binary64",
      each<[](double x) { return __nv_cvt_double_to_fp8(x, Saturate, Kind); }>);
  add("halfraw_to_fp8", ".from_binary16",
      each<[](std::uint16_t x) { return __nv_cvt_halfraw_to_fp8(cuda_half(x), Saturate, Kind); }>);
  add("bfloat16raw_to_fp8", ".from_bfloat16", each<[](std::uint16_t x) {
        return __nv_cvt_bfloat16raw_to_fp8(cuda_bfloat16(x), Saturate, Kind);
      }>);
}

template <__nv_saturation_t Saturate, cudaRoundMode Round>
void add_scale(catalogue& c) {
  const std::string of = std::string(Round == cudaRoundZero ? "rz" : "rp") +
                         (Saturate == __NV_SATFINITE ? ", SATFINITE" : ", NOSAT");
  const std::string rule = std::string("cuda13.e8m0fnu.") + (Round == cudaRoundZero ? "rz" : "rp") +
                           (Saturate == __NV_SATFINITE ? ".satfinite" : ".nosat");
  const auto add = [&](const char* function, const char* from, batch_function run) {
    c.rows.push_back(
        {"CUDA", std::string(function) + " " + of, named_rule((rule + from).c_str()), run});
  };
  add("float_to_e8m0", "",
      each<[](float x) { return __nv_cvt_float_to_e8m0(x, Saturate, Round); }>);
  add("double_to_e8m0", ".from_binary64",
      each<[](double x) { return __nv_cvt_double_to_e8m0(x, Saturate, Round); }>);
  add("bfloat16raw_to_e8m0", ".from_bfloat16", each<[](std::uint16_t x) {
        return __nv_cvt_bfloat16raw_to_e8m0(cuda_bfloat16(x), Saturate, Round);
      }>);
}

}  // namespace

void add_cuda_fp8(catalogue& c) {
  add_narrowing<__NV_SATFINITE, __NV_E4M3>(c, "cuda13.e4m3fn.satfinite");
  add_narrowing<__NV_NOSAT, __NV_E4M3>(c, "cuda13.e4m3fn.nosat");
  add_narrowing<__NV_SATFINITE, __NV_E5M2>(c, "cuda13.e5m2.satfinite");
  add_narrowing<__NV_NOSAT, __NV_E5M2>(c, "cuda13.e5m2.nosat");
  const auto add = [&](const char* function, const char* rule, batch_function run) {
    c.rows.push_back({"CUDA", function, named_rule(rule), run});
  };
  add("fp8_to_halfraw E4M3", "cuda13.binary16.from_e4m3fn",
      each<[](code8 x) { return cuda_bits(__nv_cvt_fp8_to_halfraw(x, __NV_E4M3)); }>);
  add("fp8_to_halfraw E5M2", "cuda13.binary16.from_e5m2",
      each<[](code8 x) { return cuda_bits(__nv_cvt_fp8_to_halfraw(x, __NV_E5M2)); }>);
  add("float(__nv_fp8_e4m3)", "cuda13.binary32.from_e4m3fn", each<[](code8 x) {
        __nv_fp8_e4m3 y;
        y.__x = x;
        return static_cast<float>(y);
      }>);
  add("float(__nv_fp8_e5m2)", "cuda13.binary32.from_e5m2", each<[](code8 x) {
        __nv_fp8_e5m2 y;
        y.__x = x;
        return static_cast<float>(y);
      }>);
#if CUDA_VERSION >= 12070
  add_scale<__NV_SATFINITE, cudaRoundZero>(c);
  add_scale<__NV_NOSAT, cudaRoundZero>(c);
  add_scale<__NV_SATFINITE, cudaRoundPosInf>(c);
  add_scale<__NV_NOSAT, cudaRoundPosInf>(c);
  add("e8m0_to_bf16raw", "cuda13.bfloat16.from_e8m0fnu",
      each<[](code8 x) { return cuda_bits(__nv_cvt_e8m0_to_bf16raw(x)); }>);
#endif
}

#else

void add_cuda_fp8(catalogue&) {}

#endif

}  // namespace lowp::tool
