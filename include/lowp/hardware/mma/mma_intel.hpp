// SPDX-License-Identifier: Apache-2.0
/// \file
/// Dot products and tiles of x86: AVX512-BF16, VNNI, AMX, AVX10.2. AMX models have the k of a full
/// tile (64 bytes a row); `with_k` makes shorter ones. spec/mma.md MMA-17.
#ifndef LOWP_HARDWARE_MMA_MMA_INTEL_HPP
#define LOWP_HARDWARE_MMA_MMA_INTEL_HPP

#include "mma_registry.hpp"

namespace lowp::mma_rows {

/// NaN of the first operand; invalid ones are negative. Subnormal operands and results are zeros
/// where the instruction says so; no control register counts.
LOWP_FN mma_model x86_chain(format a, int k, bool reads_subnormals) noexcept {
  mma_model m = fma_chain(a, a, f32, k);
  m.nan = mma_nan::first_operand;
  m.invalid_is_negative = true;
  m.step = {.nan = nan_rule::payload, .flush_subnormal_result = true};
  m.join = m.step;
  if (!reads_subnormals) m.read.subnormal_input = subnormal_input_rule::zero;
  m.read_c.subnormal_input = subnormal_input_rule::zero;
  return m;
}

/// VDPBF16PS: from the accumulator on, the odd product first.
LOWP_FN mma_model x86_pair(format a, bool reads_subnormals) noexcept {
  mma_model m = x86_chain(a, 2, reads_subnormals);
  m.order = product_order::pairs_reversed;
  return m;
}

/// A tile of pairs: even and odd products in chains of their own from +0, joined, then added.
LOWP_FN mma_model amx_pairs(format a, int k, bool reads_subnormals) noexcept {
  mma_model m = x86_chain(a, k, reads_subnormals);
  m.chains = 2;
  m.entry = accumulator_entry::after_all;
  return m;
}

/// TMMULTF32PS: one chain from +0, then the accumulator; the low 13 bits of factors do not count.
LOWP_FN mma_model amx_tf32(int k) noexcept {
  mma_model m = x86_chain(tf32, k, true);
  m.entry = accumulator_entry::after_all;
  m.stored = f32;
  m.read = {.round = toward_zero, .nan = nan_rule::payload};
  return m;
}

/// AMX-FP8: all products exactly, one rounding, then the accumulator.
LOWP_FN mma_model amx_fp8(format a, format b) noexcept {
  mma_model m = x86_chain(a, 64, true);
  m.b = b;
  m.group = 64;
  m.sum = mma_sum::exact;
  m.entry = accumulator_entry::after_all;
  return m;
}

inline constexpr mma_origin x86_run_here{
    "Intel", evidence::run, "run on Sapphire Rapids: 2 x 10^7 results, no difference", "Intel SDM"};
inline constexpr mma_origin x86_run_on_two{
    "Intel", evidence::run,
    "run on Sapphire Rapids, 2 x 10^7 results, and Zen 4, 10^8: no difference", "Intel SDM"};
inline constexpr mma_origin vnni_run_here{
    "Intel", evidence::run, "run on Sapphire Rapids: 5 x 10^6 results, no difference", "Intel SDM"};
inline constexpr mma_origin vnni_by_analogy{"Intel", evidence::inferred,
                                            "as VPDPBUSD with other signs",
                                            "Intel SDM, AVX-VNNI-INT8, AVX-VNNI-INT16"};
inline constexpr mma_origin amx_fp16_source{"Intel", evidence::source,
                                            "vendor's pseudocode; that of TDPBF16PS was run",
                                            "Intel SDM TDPFP16PS"};
inline constexpr mma_origin amx_tf32_header{"Intel", evidence::inferred, "compiler header",
                                            "clang amxtf32intrin.h; Rust core documentation"};
inline constexpr mma_origin amx_fp8_header{"Intel", evidence::inferred, "compiler header",
                                           "clang amxfp8intrin.h"};
inline constexpr mma_origin avx10_by_analogy{
    "Intel", evidence::inferred, "as VDPBF16PS; the arithmetic was not found", "LLVM, VDPPHPS"};

// clang-format off
inline constexpr named_mma_model intel_models[] = {
    {"avx512_bf16.vdpbf16ps", x86_pair(bf16, false), x86_run_on_two},
    {"amx_bf16.tdpbf16ps", amx_pairs(bf16, 32, false), x86_run_here},
    {"amx_fp16.tdpfp16ps", amx_pairs(f16, 32, true), amx_fp16_source, "compiler headers show one chain from the accumulator, as they do for TDPBF16PS"},
    {"amx_tf32.tmmultf32ps", amx_tf32(16), amx_tf32_header},
    {"amx_fp8.tdpbf8ps", amx_fp8(e5m2, e5m2), amx_fp8_header},
    {"amx_fp8.tdphf8ps", amx_fp8(e4m3, e4m3), amx_fp8_header},
    {"amx_fp8.tdpbhf8ps", amx_fp8(e5m2, e4m3), amx_fp8_header},
    {"amx_fp8.tdphbf8ps", amx_fp8(e4m3, e5m2), amx_fp8_header},
    {"avx10.vdpphps", x86_pair(f16, true), avx10_by_analogy},
    {"amx_int8.tdpbssd", integer_sum(s8, s8, s32, 64, 4, integer_overflow::wrap), vnni_run_here},
    {"amx_int8.tdpbsud", integer_sum(s8, u8, s32, 64, 4, integer_overflow::wrap), vnni_run_here},
    {"amx_int8.tdpbusd", integer_sum(u8, s8, s32, 64, 4, integer_overflow::wrap), vnni_run_here},
    {"amx_int8.tdpbuud", integer_sum(u8, u8, s32, 64, 4, integer_overflow::wrap), vnni_run_here},
    {"avx512_vnni.vpdpbusd", integer_sum(u8, s8, s32, 4, 4, integer_overflow::wrap), x86_run_on_two},
    {"avx512_vnni.vpdpbusds", integer_sum(u8, s8, s32, 4, 4, integer_overflow::saturate), x86_run_on_two},
    {"avx512_vnni.vpdpwssd", integer_sum(s16, s16, s32, 2, 2, integer_overflow::wrap), x86_run_on_two},
    {"avx512_vnni.vpdpwssds", integer_sum(s16, s16, s32, 2, 2, integer_overflow::saturate), x86_run_on_two},
    {"avx_vnni_int8.vpdpbssd", integer_sum(s8, s8, s32, 4, 4, integer_overflow::wrap), vnni_by_analogy},
    {"avx_vnni_int8.vpdpbssds", integer_sum(s8, s8, s32, 4, 4, integer_overflow::saturate), vnni_by_analogy},
    {"avx_vnni_int8.vpdpbsud", integer_sum(s8, u8, s32, 4, 4, integer_overflow::wrap), vnni_by_analogy},
    {"avx_vnni_int8.vpdpbsuds", integer_sum(s8, u8, s32, 4, 4, integer_overflow::saturate), vnni_by_analogy},
    {"avx_vnni_int8.vpdpbuud", integer_sum(u8, u8, formats::uint32, 4, 4, integer_overflow::wrap), vnni_by_analogy},
    {"avx_vnni_int8.vpdpbuuds", integer_sum(u8, u8, formats::uint32, 4, 4, integer_overflow::saturate), vnni_by_analogy, "saturates at 2^32 - 1"},
    {"avx_vnni_int16.vpdpwsud", integer_sum(s16, formats::uint16, s32, 2, 2, integer_overflow::wrap), vnni_by_analogy},
    {"avx_vnni_int16.vpdpwsuds", integer_sum(s16, formats::uint16, s32, 2, 2, integer_overflow::saturate), vnni_by_analogy},
    {"avx_vnni_int16.vpdpwusd", integer_sum(formats::uint16, s16, s32, 2, 2, integer_overflow::wrap), vnni_by_analogy},
    {"avx_vnni_int16.vpdpwusds", integer_sum(formats::uint16, s16, s32, 2, 2, integer_overflow::saturate), vnni_by_analogy},
    {"avx_vnni_int16.vpdpwuud", integer_sum(formats::uint16, formats::uint16, formats::uint32, 2, 2, integer_overflow::wrap), vnni_by_analogy},
    {"avx_vnni_int16.vpdpwuuds", integer_sum(formats::uint16, formats::uint16, formats::uint32, 2, 2, integer_overflow::saturate), vnni_by_analogy, "saturates at 2^32 - 1"},
};
// clang-format on

}  // namespace lowp::mma_rows

#endif  // LOWP_HARDWARE_MMA_MMA_INTEL_HPP
