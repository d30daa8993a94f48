// SPDX-License-Identifier: Apache-2.0
/// \file
/// The loops of bulk_peers.hpp, built for the machine that runs them.
#include "bulk_peers.hpp"

#include <cstdint>

#include <lowp/formats.hpp>

#ifdef LOWP_BENCH_EIGEN
#include <Eigen/Core>
#endif
#ifdef LOWP_BENCH_CUDA
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp4.h>
#include <cuda_fp8.h>
#endif

namespace bench {

namespace {

using lowp::formats::bfloat16;
using lowp::formats::binary16;
using lowp::formats::binary32;
using lowp::formats::e4m3fn;
using lowp::formats::e5m2;

/// Element by element; the arrays are aligned.
template <class From, class To, To (*Convert)(From)>
void loop(const std::byte* in, std::byte* out, std::size_t n) {
  const auto* from = reinterpret_cast<const From*>(in);
  auto* to = reinterpret_cast<To*>(out);
  for (std::size_t i = 0; i < n; ++i) to[i] = Convert(from[i]);
}

#ifdef LOWP_BENCH_EIGEN
template <class From, class To>
void eigen_cast(const std::byte* in, std::byte* out, std::size_t n) {
  const auto size = static_cast<Eigen::Index>(n);
  Eigen::Map<Eigen::Array<To, Eigen::Dynamic, 1>>(reinterpret_cast<To*>(out), size) =
      Eigen::Map<const Eigen::Array<From, Eigen::Dynamic, 1>>(reinterpret_cast<const From*>(in),
                                                              size)
          .template cast<To>();
}
#endif
#ifdef LOWP_BENCH_CUDA
std::uint8_t cuda_e4m3(float x) { return __nv_cvt_float_to_fp8(x, __NV_SATFINITE, __NV_E4M3); }
std::uint8_t cuda_e5m2(float x) { return __nv_cvt_float_to_fp8(x, __NV_SATFINITE, __NV_E5M2); }
__nv_bfloat16 cuda_bf16(float x) { return __float2bfloat16_rn(x); }
__half cuda_half(float x) { return __float2half_rn(x); }
float cuda_from_half(__half x) { return __half2float(x); }
float cuda_from_e4m3(std::uint8_t x) {
  return __half2float(__half(__nv_cvt_fp8_to_halfraw(x, __NV_E4M3)));
}
#endif
#ifdef __FLT16_MAX__
_Float16 compiler_half(float x) { return static_cast<_Float16>(x); }
float compiler_from_half(_Float16 x) { return x; }
#endif

}  // namespace

std::vector<bulk_peer> bulk_peers() {
  return {
#ifdef LOWP_BENCH_EIGEN
      {"Eigen cast", "binary32 to bfloat16", binary32, bfloat16,
       eigen_cast<float, Eigen::bfloat16>},
      {"Eigen cast", "binary32 to binary16", binary32, binary16, eigen_cast<float, Eigen::half>},
      {"Eigen cast", "binary16 to binary32", binary16, binary32, eigen_cast<Eigen::half, float>},
      {"Eigen cast", "bfloat16 to binary32", bfloat16, binary32,
       eigen_cast<Eigen::bfloat16, float>},
#endif
#ifdef LOWP_BENCH_CUDA
      {"CUDA headers on the host", "binary32 to e4m3fn", binary32, e4m3fn,
       loop<float, std::uint8_t, cuda_e4m3>},
      {"CUDA headers on the host", "binary32 to e5m2", binary32, e5m2,
       loop<float, std::uint8_t, cuda_e5m2>},
      {"CUDA headers on the host", "e4m3fn to binary32", e4m3fn, binary32,
       loop<std::uint8_t, float, cuda_from_e4m3>},
      {"CUDA headers on the host", "binary32 to bfloat16", binary32, bfloat16,
       loop<float, __nv_bfloat16, cuda_bf16>},
      {"CUDA headers on the host", "binary32 to binary16", binary32, binary16,
       loop<float, __half, cuda_half>},
      {"CUDA headers on the host", "binary16 to binary32", binary16, binary32,
       loop<__half, float, cuda_from_half>},
#endif
#ifdef __FLT16_MAX__
      {"compiler, _Float16 loop", "binary32 to binary16", binary32, binary16,
       loop<float, _Float16, compiler_half>},
      {"compiler, _Float16 loop", "binary16 to binary32", binary16, binary32,
       loop<_Float16, float, compiler_from_half>},
#endif
  };
}

}  // namespace bench
