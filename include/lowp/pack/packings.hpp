// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of published packings. A new one is one row.
#ifndef LOWP_PACK_PACKINGS_HPP
#define LOWP_PACK_PACKINGS_HPP

#include <cstdint>

#include "../detail/find_row.hpp"
#include "packing.hpp"

namespace lowp {

/// A packing that somebody uses.
struct named_packing {
  const char* name;
  std::uint8_t width;  ///< of the codes that it is for; 0: any
  packing value;
  const char* used_by;
};

namespace packings {

/// One code in the low bits of a container of 8, 16, 32 or 64 bits.
inline constexpr packing containers{};

/// Codes of `f` end to end, the first in the lowest bits: spec/packing.md PCK-5.
LOWP_FN packing dense(format f) noexcept { return {.slot = f.width}; }

/// Codes of `f` end to end, the first in the highest bits.
LOWP_FN packing dense_high_first(format f) noexcept {
  return {.slot = f.width, .order = bit_order::high_first};
}

/// 4 bits: ggml's blocks of 32; byte j holds element j below element j + 16.
inline constexpr packing split_32{.slot = 4, .group = 32, .step = 16};
/// 4 bits: ggml's NVFP4; byte j of 8 holds element j below element j + 8.
inline constexpr packing split_16{.slot = 4, .group = 16, .step = 8};
/// 4 bits: AWQ's words of 8 elements in the order 0, 2, 4, 6, 1, 3, 5, 7.
inline constexpr packing awq{.slot = 4, .group = 8, .step = 2};
/// 2 bits: ggml's TQ2_0; byte j of 32 holds elements j, j + 32, j + 64, j + 96.
inline constexpr packing split_128{.slot = 2, .group = 128, .step = 32};
/// 6 bits: 16 codes in 12 bytes and 4 bytes of padding.
inline constexpr packing b6x16_p32{.slot = 6, .run = 16, .padding = 4};
/// 6 bits: 32 codes in 24 bytes and 8 bytes of padding.
inline constexpr packing b6x32_p64{.slot = 6, .run = 32, .padding = 8};
/// 4 bits: 16 codes in 8 bytes and 8 bytes of padding.
inline constexpr packing b4x16_p64{.slot = 4, .run = 16, .padding = 8};
/// 4 and 6 bits: one code in the bits of a byte above its two lowest.
inline constexpr packing lifted_byte{.slot = 8, .lift = 2};

}  // namespace packings

// One packing a row, kept by hand.
// clang-format off
/// The published packings. Sources: those of spec/packing.md PCK-5.
inline constexpr named_packing all_packings[] = {
    {"containers", 0, packings::containers, "ml_dtypes, CUDA fp8/fp6 storage types, torchao FP6, PyTorch"},
    {"dense1_low", 1, {.slot = 1}, "ggml Q1_0"},
    {"dense2_low", 2, {.slot = 2}, "ONNX INT2, PyTorch quint2x4, FBGEMM 2-bit rows"},
    {"dense4_low", 4, {.slot = 4}, "CUDA fp4x2, PTX e2m1x2, ONNX, PyTorch float4_e2m1fn_x2, RISC-V vfext.vf2, TFLite int4"},
    {"dense4_high", 4, {.slot = 4, .order = bit_order::high_first}, "bitsandbytes NF4 and FP4, DeepSpeed int4, torchao NF4, FBGEMM MX4 on CUDA"},
    {"dense6_low", 6, {.slot = 6}, "AMD v_cvt_scalef32_*pk32*, CUDA global memory (TMA)"},
    {"split_32", 4, packings::split_32, "ggml Q4_0, Q4_1, MXFP4"},
    {"split_16", 4, packings::split_16, "ggml NVFP4"},
    {"split_128", 2, packings::split_128, "ggml TQ2_0"},
    {"awq", 4, packings::awq, "AWQ GEMM"},
    {"b6x16_p32", 6, packings::b6x16_p32, "CUDA tensor maps 16U6_ALIGN16B, CUTLASS shared memory"},
    {"b6x32_p64", 6, packings::b6x32_p64, "HIP host structures, Triton AMD"},
    {"b4x16_p64", 4, packings::b4x16_p64, "CUDA tensor maps 16U4_ALIGN16B"},
    {"lifted_byte", 0, packings::lifted_byte, "tt-metal FP6 (bits 7:2), mma.kind::f8f6f4 FP4 registers (bits 5:2)"},
};
// clang-format on

/// The registered packing of a name; null if there is none.
LOWP_FN const named_packing* find_packing(const char* name) noexcept {
  return detail::find_row(all_packings, name);
}

}  // namespace lowp

#endif  // LOWP_PACK_PACKINGS_HPP
