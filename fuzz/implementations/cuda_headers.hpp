// SPDX-License-Identifier: Apache-2.0
/// \file
/// The CUDA headers as the host compiler reads them, and the bits of their 16-bit types. Their
/// inline functions have internal linkage, so the headers of two toolkits would not mix.
#ifndef LOWP_FUZZ_IMPLEMENTATIONS_CUDA_HEADERS_HPP
#define LOWP_FUZZ_IMPLEMENTATIONS_CUDA_HEADERS_HPP

#include <cstdint>

#include <cuda.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>

namespace lowp::tool {

inline __half_raw cuda_half(std::uint16_t code) {
  __half_raw x;
  x.x = code;
  return x;
}
inline __nv_bfloat16_raw cuda_bfloat16(std::uint16_t code) {
  __nv_bfloat16_raw x;
  x.x = code;
  return x;
}
inline std::uint16_t cuda_bits(__half_raw x) { return x.x; }
inline std::uint16_t cuda_bits(__nv_bfloat16_raw x) { return x.x; }

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_IMPLEMENTATIONS_CUDA_HEADERS_HPP
