// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the processor that runs us offers. False for everything on other architectures.
#ifndef LOWP_FUZZ_CPU_HPP
#define LOWP_FUZZ_CPU_HPP

#include <string>

namespace lowp::tool {

/// x86 features, usable: the operating system saves the registers too.
struct x86_features {
  bool sse41 = false;
  bool fma3 = false;
  bool f16c = false;
  bool avx512_bf16 = false;
  bool avx512_fp16 = false;
  bool avx512_vnni = false;
  bool avx_vnni = false;
  bool avx_vnni_int8 = false;
  bool avx_vnni_int16 = false;
  bool avx10_2 = false;
  /// AMX, as the operating system can grant it; see fuzz/implementations/x86_tiles.cpp.
  bool amx_tile = false;
  bool amx_bf16 = false;
  bool amx_int8 = false;
  bool amx_fp16 = false;
  bool amx_fp8 = false;
  bool amx_tf32 = false;
};
x86_features find_x86_features();

/// Arm features beyond the ARMv8.0 base.
struct arm_features {
  bool fp16 = false;
  bool bf16 = false;
  bool ebf16 = false;
  bool dot_product = false;
  bool i8mm = false;
};
arm_features find_arm_features();

/// Model name of the processor, and of the operating system, for reports.
std::string cpu_name();
std::string system_name();

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_CPU_HPP
