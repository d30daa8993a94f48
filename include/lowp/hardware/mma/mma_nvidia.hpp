// SPDX-License-Identifier: Apache-2.0
/// \file
/// NVIDIA's tensor cores up to Hopper. spec/mma.md MMA-14.
#ifndef LOWP_HARDWARE_MMA_MMA_NVIDIA_HPP
#define LOWP_HARDWARE_MMA_MMA_NVIDIA_HPP

#include "mma_registry.hpp"

namespace lowp::mma_rows {

/// A generation of tensor cores: fraction bits that terms keep, and addends of its widest adder,
/// the accumulator among them, from which the least exponent follows.
struct tensor_core {
  std::uint8_t kept_bits;
  int addends;
};
inline constexpr tensor_core volta{23, 5}, ampere{24, 9}, hopper{25, 17}, fp8_13{13, 17};

/// What of binary32 the FP8 units of Ada and Hopper return: 13 fraction bits.
inline constexpr format e8m13 = ieee_format(8, 13);

/// The biased exponent of the adder's top bit is not below 0.
LOWP_FN std::int32_t least_exponent(format d, int addends) noexcept {
  int bits = 0;
  while ((1 << bits) < addends) ++bits;
  return -d.bias - 1 - bits;
}

/// Products and accumulator in one aligned sum; binary32 results are cut, binary16 ones rounded.
LOWP_FN mma_model nvidia(format a, format b, format c, format d, int k, int group,
                         tensor_core core) noexcept {
  mma_model m{.a = a, .b = b, .c = c, .d = d, .accumulator = d};
  m.k = static_cast<std::uint16_t>(k);
  m.group = static_cast<std::uint16_t>(group);
  m.kept_bits = core.kept_bits;
  m.least_exponent = least_exponent(d, group + 1 > core.addends ? group + 1 : core.addends);
  m.step = {
      .nan = nan_rule::all_ones, .nan_sign = sign_rule::positive, .zero_sign = sign_rule::positive};
  m.join = m.step;
  if (d == f32) {
    m.step.round = toward_zero;
    m.step.overflow = infinite;
    if (core.kept_bits < 23) m.accumulator = e8m13;
  }
  if (a == tf32) {
    m.stored = f32;
    m.read = {.round = toward_zero, .nan = nan_rule::payload_raw};
  }
  return m;
}

/// FP8 by `mma.sync` where there is no unit for it: two steps of 16 products of binary16 values,
/// from 0 on, then an ordinary addition of the accumulator.
LOWP_FN mma_model nvidia_emulated(format a, format b, format d) noexcept {
  mma_model m = nvidia(a, b, d, d, 32, 16, hopper);
  m.entry = accumulator_entry::after_all;
  m.order = product_order::pairs_dealt;
  m.join.zero_sign = sign_rule::keep;
  return m;
}

/// Integers; when it saturates, once per instruction.
LOWP_FN mma_model nvidia_integers(format a, format b, int k, integer_overflow overflow) noexcept {
  return integer_sum(a, b, s32, k, k, overflow);
}
LOWP_FN mma_model nvidia_bits(int k, bool exclusive_or) noexcept {
  mma_model m = integer_sum(formats::uint2, formats::uint2, s32, k, k, integer_overflow::wrap);
  m.one_bit = true;
  m.exclusive_or = exclusive_or;
  return m;
}

inline constexpr const char* mma_sources =
    "arXiv 2511.10909, microsoft/MMA-Sim c785138; arXiv 2512.07004, MATLAB-tensor-core";
// clang-format off
inline constexpr mma_origin by_v100{"NVIDIA", evidence::measured, "model compared with published results of V100; MMA-Sim", mma_sources};
inline constexpr mma_origin by_mma_sim{"NVIDIA", evidence::measured, "MMA-Sim, with a hardware test harness", mma_sources};
inline constexpr mma_origin by_mma_sim_untested{"NVIDIA", evidence::inferred, "MMA-Sim, no hardware test visible", mma_sources};
inline constexpr mma_origin by_a100{"NVIDIA", evidence::measured, "model compared with published results of A100; MMA-Sim", mma_sources};
inline constexpr mma_origin by_a2{"NVIDIA", evidence::measured, "model compared with published results of A2; MMA-Sim", mma_sources};
inline constexpr mma_origin by_rtx_1000_ada_l40s{"NVIDIA", evidence::measured, "model compared with published results of RTX 1000 Ada, L40S; MMA-Sim", mma_sources};
inline constexpr mma_origin by_rtx_1000_ada{"NVIDIA", evidence::measured, "model compared with published results of RTX 1000 Ada; MMA-Sim", mma_sources};
inline constexpr mma_origin by_h100_h200{"NVIDIA", evidence::measured, "model compared with published results of H100, H200; MMA-Sim", mma_sources};
inline constexpr mma_origin by_h100_h200_with_c_0{"NVIDIA", evidence::measured, "model compared with published results of H100, H200 with c = 0; MMA-Sim", mma_sources};
inline constexpr mma_origin by_b200{"NVIDIA", evidence::measured, "model compared with published results of B200; MMA-Sim", mma_sources};
inline constexpr mma_origin by_published_emulation{"NVIDIA", evidence::measured, "fitted to published results of H100, H200, B200: 40000, no difference", "MATLAB-tensor-core, model_validation"};
inline constexpr mma_origin emulation_inferred{"NVIDIA", evidence::inferred, "as the measured types and results of the same emulation", "MATLAB-tensor-core, model_validation"};
inline constexpr mma_origin integers_documented{"NVIDIA", evidence::source, "vendor's text", "PTX ISA, mma, wgmma"};
inline constexpr mma_origin satfinite_inferred{"NVIDIA", evidence::inferred, "vendor's text; that it clamps once per instruction is inferred", "PTX ISA, mma, wgmma"};
// clang-format on

/// Volta to Hopper. Turing's FP16 with k = 4 and all of sm_86 but FP16, bf16, TF32: as far as
/// stated.
inline constexpr named_mma_model nvidia_models[] = {
    // clang-format off
    {"sm70.mma.m8n8k4.f32.f16.f16.f32", nvidia(f16, f16, f32, f32, 4, 4, volta), by_v100},
    {"sm70.mma.m8n8k4.f32.f16.f16.f16", nvidia(f16, f16, f16, f32, 4, 4, volta), by_v100},
    {"sm70.mma.m8n8k4.f16.f16.f16.f16", nvidia(f16, f16, f16, f16, 4, 4, volta), by_v100},
    {"sm75.mma.m16n8k8.f32.f16.f16.f32", nvidia(f16, f16, f32, f32, 8, 8, ampere), by_mma_sim},
    {"sm75.mma.m16n8k8.f16.f16.f16.f16", nvidia(f16, f16, f16, f16, 8, 8, ampere), by_mma_sim},
    {"sm75.mma.m8n8k4.f32.f16.f16.f32", nvidia(f16, f16, f32, f32, 4, 4, ampere), by_mma_sim_untested},
    {"sm75.mma.m8n8k4.f32.f16.f16.f16", nvidia(f16, f16, f16, f32, 4, 4, ampere), by_mma_sim_untested},
    {"sm75.mma.m8n8k4.f16.f16.f16.f16", nvidia(f16, f16, f16, f16, 4, 4, ampere), by_mma_sim_untested},
    {"sm80.mma.m16n8k8.f32.f16.f16.f32", nvidia(f16, f16, f32, f32, 8, 8, ampere), by_a100},
    {"sm80.mma.m16n8k8.f16.f16.f16.f16", nvidia(f16, f16, f16, f16, 8, 8, ampere), by_a100},
    {"sm80.mma.m8n8k4.f64.f64.f64.f64", fma_chain(f64, f64, f64, 4), by_mma_sim},
    {"sm80.mma.m16n8k8.f32.tf32.tf32.f32", nvidia(tf32, tf32, f32, f32, 8, 4, ampere), by_a100},
    {"sm80.mma.m16n8k4.f32.tf32.tf32.f32", nvidia(tf32, tf32, f32, f32, 4, 4, ampere), by_a100},
    {"sm80.mma.m16n8k16.f32.f16.f16.f32", nvidia(f16, f16, f32, f32, 16, 8, ampere), by_a100},
    {"sm80.mma.m16n8k16.f16.f16.f16.f16", nvidia(f16, f16, f16, f16, 16, 8, ampere), by_a100},
    {"sm80.mma.m16n8k16.f32.bf16.bf16.f32", nvidia(bf16, bf16, f32, f32, 16, 8, ampere), by_a100},
    {"sm80.mma.m16n8k8.f32.bf16.bf16.f32", nvidia(bf16, bf16, f32, f32, 8, 8, ampere), by_a100},
    {"sm86.mma.m16n8k8.f32.f16.f16.f32", nvidia(f16, f16, f32, f32, 8, 8, ampere), by_a2},
    {"sm86.mma.m16n8k8.f16.f16.f16.f16", nvidia(f16, f16, f16, f16, 8, 8, ampere), by_a2},
    {"sm86.mma.m8n8k4.f64.f64.f64.f64", fma_chain(f64, f64, f64, 4), by_mma_sim},
    {"sm86.mma.m16n8k8.f32.tf32.tf32.f32", nvidia(tf32, tf32, f32, f32, 8, 4, ampere), by_a2},
    {"sm86.mma.m16n8k4.f32.tf32.tf32.f32", nvidia(tf32, tf32, f32, f32, 4, 4, ampere), by_a2},
    {"sm86.mma.m16n8k16.f32.f16.f16.f32", nvidia(f16, f16, f32, f32, 16, 8, ampere), by_a2},
    {"sm86.mma.m16n8k16.f16.f16.f16.f16", nvidia(f16, f16, f16, f16, 16, 8, ampere), by_a2},
    {"sm86.mma.m16n8k16.f32.bf16.bf16.f32", nvidia(bf16, bf16, f32, f32, 16, 8, ampere), by_a2},
    {"sm86.mma.m16n8k8.f32.bf16.bf16.f32", nvidia(bf16, bf16, f32, f32, 8, 8, ampere), by_a2},
    {"sm89.mma.m16n8k8.f32.f16.f16.f32", nvidia(f16, f16, f32, f32, 8, 8, ampere), by_rtx_1000_ada_l40s},
    {"sm89.mma.m16n8k8.f16.f16.f16.f16", nvidia(f16, f16, f16, f16, 8, 8, ampere), by_rtx_1000_ada_l40s},
    {"sm89.mma.m8n8k4.f64.f64.f64.f64", fma_chain(f64, f64, f64, 4), by_mma_sim},
    {"sm89.mma.m16n8k8.f32.tf32.tf32.f32", nvidia(tf32, tf32, f32, f32, 8, 4, ampere), by_rtx_1000_ada_l40s},
    {"sm89.mma.m16n8k4.f32.tf32.tf32.f32", nvidia(tf32, tf32, f32, f32, 4, 4, ampere), by_rtx_1000_ada_l40s},
    {"sm89.mma.m16n8k16.f32.f16.f16.f32", nvidia(f16, f16, f32, f32, 16, 8, ampere), by_rtx_1000_ada_l40s},
    {"sm89.mma.m16n8k16.f16.f16.f16.f16", nvidia(f16, f16, f16, f16, 16, 8, ampere), by_rtx_1000_ada_l40s},
    {"sm89.mma.m16n8k16.f32.bf16.bf16.f32", nvidia(bf16, bf16, f32, f32, 16, 8, ampere), by_rtx_1000_ada_l40s},
    {"sm89.mma.m16n8k8.f32.bf16.bf16.f32", nvidia(bf16, bf16, f32, f32, 8, 8, ampere), by_rtx_1000_ada_l40s},
    {"sm89.mma.m16n8k32.f32.e5m2.e5m2.f32", nvidia(e5m2, e5m2, f32, f32, 32, 16, fp8_13), by_rtx_1000_ada_l40s},
    {"sm89.mma.m16n8k32.f32.e5m2.e4m3.f32", nvidia(e5m2, e4m3, f32, f32, 32, 16, fp8_13), by_mma_sim},
    {"sm89.mma.m16n8k32.f32.e4m3.e5m2.f32", nvidia(e4m3, e5m2, f32, f32, 32, 16, fp8_13), by_mma_sim},
    {"sm89.mma.m16n8k32.f32.e4m3.e4m3.f32", nvidia(e4m3, e4m3, f32, f32, 32, 16, fp8_13), by_rtx_1000_ada_l40s},
    {"sm89.mma.m16n8k16.f32.e5m2.e5m2.f32", nvidia(e5m2, e5m2, f32, f32, 16, 16, fp8_13), by_mma_sim},
    {"sm89.mma.m16n8k16.f32.e5m2.e4m3.f32", nvidia(e5m2, e4m3, f32, f32, 16, 16, fp8_13), by_mma_sim},
    {"sm89.mma.m16n8k16.f32.e4m3.e5m2.f32", nvidia(e4m3, e5m2, f32, f32, 16, 16, fp8_13), by_mma_sim},
    {"sm89.mma.m16n8k16.f32.e4m3.e4m3.f32", nvidia(e4m3, e4m3, f32, f32, 16, 16, fp8_13), by_mma_sim},
    {"sm89.mma.m16n8k32.f16.e5m2.e5m2.f16", nvidia(e5m2, e5m2, f16, f16, 32, 16, fp8_13), by_rtx_1000_ada},
    {"sm89.mma.m16n8k32.f16.e5m2.e4m3.f16", nvidia(e5m2, e4m3, f16, f16, 32, 16, fp8_13), by_mma_sim},
    {"sm89.mma.m16n8k32.f16.e4m3.e5m2.f16", nvidia(e4m3, e5m2, f16, f16, 32, 16, fp8_13), by_mma_sim},
    {"sm89.mma.m16n8k32.f16.e4m3.e4m3.f16", nvidia(e4m3, e4m3, f16, f16, 32, 16, fp8_13), by_rtx_1000_ada},
    {"sm89.mma.m16n8k16.f16.e5m2.e5m2.f16", nvidia(e5m2, e5m2, f16, f16, 16, 16, fp8_13), by_mma_sim},
    {"sm89.mma.m16n8k16.f16.e5m2.e4m3.f16", nvidia(e5m2, e4m3, f16, f16, 16, 16, fp8_13), by_mma_sim},
    {"sm89.mma.m16n8k16.f16.e4m3.e5m2.f16", nvidia(e4m3, e5m2, f16, f16, 16, 16, fp8_13), by_mma_sim},
    {"sm89.mma.m16n8k16.f16.e4m3.e4m3.f16", nvidia(e4m3, e4m3, f16, f16, 16, 16, fp8_13), by_mma_sim},
    {"sm90.mma.m16n8k4.f64.f64.f64.f64", fma_chain(f64, f64, f64, 4), by_mma_sim},
    {"sm90.mma.m8n8k4.f64.f64.f64.f64", fma_chain(f64, f64, f64, 4), by_mma_sim},
    {"sm90.mma.m16n8k16.f64.f64.f64.f64", fma_chain(f64, f64, f64, 16), by_mma_sim},
    {"sm90.mma.m16n8k8.f64.f64.f64.f64", fma_chain(f64, f64, f64, 8), by_mma_sim},
    {"sm90.mma.m16n8k8.f32.tf32.tf32.f32", nvidia(tf32, tf32, f32, f32, 8, 8, hopper), by_h100_h200},
    {"sm90.mma.m16n8k4.f32.tf32.tf32.f32", nvidia(tf32, tf32, f32, f32, 4, 4, hopper), by_h100_h200},
    {"sm90.mma.m16n8k16.f32.f16.f16.f32", nvidia(f16, f16, f32, f32, 16, 16, hopper), by_h100_h200},
    {"sm90.mma.m16n8k16.f16.f16.f16.f16", nvidia(f16, f16, f16, f16, 16, 16, hopper), by_h100_h200},
    {"sm90.mma.m16n8k16.f32.bf16.bf16.f32", nvidia(bf16, bf16, f32, f32, 16, 16, hopper), by_h100_h200},
    {"sm90.mma.m16n8k8.f32.bf16.bf16.f32", nvidia(bf16, bf16, f32, f32, 8, 8, hopper), by_mma_sim},
    {"sm90.mma.m16n8k8.f32.f16.f16.f32", nvidia(f16, f16, f32, f32, 8, 8, hopper), by_mma_sim},
    {"sm90.mma.m16n8k8.f16.f16.f16.f16", nvidia(f16, f16, f16, f16, 8, 8, hopper), by_mma_sim},
    {"sm90a.wgmma.m64nNk8.f32.tf32.tf32", nvidia(tf32, tf32, f32, f32, 8, 8, hopper), by_mma_sim},
    {"sm90a.wgmma.m64nNk16.f32.f16.f16", nvidia(f16, f16, f32, f32, 16, 16, hopper), by_mma_sim},
    {"sm90a.wgmma.m64nNk16.f16.f16.f16", nvidia(f16, f16, f16, f16, 16, 16, hopper), by_mma_sim},
    {"sm90a.wgmma.m64nNk16.f32.bf16.bf16", nvidia(bf16, bf16, f32, f32, 16, 16, hopper), by_mma_sim},
    {"sm90a.wgmma.m64nNk32.f32.e5m2.e5m2", nvidia(e5m2, e5m2, f32, f32, 32, 32, fp8_13), by_h100_h200_with_c_0},
    {"sm90a.wgmma.m64nNk32.f32.e5m2.e4m3", nvidia(e5m2, e4m3, f32, f32, 32, 32, fp8_13), by_mma_sim},
    {"sm90a.wgmma.m64nNk32.f32.e4m3.e5m2", nvidia(e4m3, e5m2, f32, f32, 32, 32, fp8_13), by_mma_sim},
    {"sm90a.wgmma.m64nNk32.f32.e4m3.e4m3", nvidia(e4m3, e4m3, f32, f32, 32, 32, fp8_13), by_h100_h200_with_c_0},
    {"sm90a.wgmma.m64nNk32.f16.e5m2.e5m2", nvidia(e5m2, e5m2, f16, f16, 32, 32, fp8_13), by_mma_sim},
    {"sm90a.wgmma.m64nNk32.f16.e5m2.e4m3", nvidia(e5m2, e4m3, f16, f16, 32, 32, fp8_13), by_mma_sim},
    {"sm90a.wgmma.m64nNk32.f16.e4m3.e5m2", nvidia(e4m3, e5m2, f16, f16, 32, 32, fp8_13), by_mma_sim},
    {"sm90a.wgmma.m64nNk32.f16.e4m3.e4m3", nvidia(e4m3, e4m3, f16, f16, 32, 32, fp8_13), by_mma_sim},
    {"sm90.mma.m16n8k32.f32.e5m2.e5m2.f32", nvidia_emulated(e5m2, e5m2, f32), emulation_inferred},
    {"sm90.mma.m16n8k32.f32.e5m2.e4m3.f32", nvidia_emulated(e5m2, e4m3, f32), emulation_inferred},
    {"sm90.mma.m16n8k32.f32.e4m3.e5m2.f32", nvidia_emulated(e4m3, e5m2, f32), emulation_inferred},
    {"sm90.mma.m16n8k32.f32.e4m3.e4m3.f32", nvidia_emulated(e4m3, e4m3, f32), emulation_inferred},
    {"sm90.mma.m16n8k32.f16.e5m2.e5m2.f16", nvidia_emulated(e5m2, e5m2, f16), by_published_emulation},
    {"sm90.mma.m16n8k32.f16.e5m2.e4m3.f16", nvidia_emulated(e5m2, e4m3, f16), emulation_inferred},
    {"sm90.mma.m16n8k32.f16.e4m3.e5m2.f16", nvidia_emulated(e4m3, e5m2, f16), emulation_inferred},
    {"sm90.mma.m16n8k32.f16.e4m3.e4m3.f16", nvidia_emulated(e4m3, e4m3, f16), by_published_emulation},
    // clang-format on
};

/// Integers and single bits.
inline constexpr named_mma_model nvidia_integer_models[] = {
    // clang-format off
    {"sm75.mma.m8n8k16.s32.s8.s8.s32", nvidia_integers(s8, s8, 16, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k16.s32.s8.s8.s32", nvidia_integers(s8, s8, 16, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k32.s32.s8.s8.s32", nvidia_integers(s8, s8, 32, integer_overflow::wrap), integers_documented},
    {"sm90a.wgmma.m64nNk32.s32.s8.s8", nvidia_integers(s8, s8, 32, integer_overflow::wrap), integers_documented},
    {"sm75.mma.m8n8k16.s32.s8.u8.s32", nvidia_integers(s8, u8, 16, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k16.s32.s8.u8.s32", nvidia_integers(s8, u8, 16, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k32.s32.s8.u8.s32", nvidia_integers(s8, u8, 32, integer_overflow::wrap), integers_documented},
    {"sm90a.wgmma.m64nNk32.s32.s8.u8", nvidia_integers(s8, u8, 32, integer_overflow::wrap), integers_documented},
    {"sm75.mma.m8n8k16.s32.u8.s8.s32", nvidia_integers(u8, s8, 16, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k16.s32.u8.s8.s32", nvidia_integers(u8, s8, 16, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k32.s32.u8.s8.s32", nvidia_integers(u8, s8, 32, integer_overflow::wrap), integers_documented},
    {"sm90a.wgmma.m64nNk32.s32.u8.s8", nvidia_integers(u8, s8, 32, integer_overflow::wrap), integers_documented},
    {"sm75.mma.m8n8k16.s32.u8.u8.s32", nvidia_integers(u8, u8, 16, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k16.s32.u8.u8.s32", nvidia_integers(u8, u8, 16, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k32.s32.u8.u8.s32", nvidia_integers(u8, u8, 32, integer_overflow::wrap), integers_documented},
    {"sm90a.wgmma.m64nNk32.s32.u8.u8", nvidia_integers(u8, u8, 32, integer_overflow::wrap), integers_documented},
    {"sm75.mma.m8n8k32.s32.s4.s4.s32", nvidia_integers(s4, s4, 32, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k32.s32.s4.s4.s32", nvidia_integers(s4, s4, 32, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k64.s32.s4.s4.s32", nvidia_integers(s4, s4, 64, integer_overflow::wrap), integers_documented},
    {"sm75.mma.m8n8k32.s32.s4.u4.s32", nvidia_integers(s4, u4, 32, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k32.s32.s4.u4.s32", nvidia_integers(s4, u4, 32, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k64.s32.s4.u4.s32", nvidia_integers(s4, u4, 64, integer_overflow::wrap), integers_documented},
    {"sm75.mma.m8n8k32.s32.u4.s4.s32", nvidia_integers(u4, s4, 32, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k32.s32.u4.s4.s32", nvidia_integers(u4, s4, 32, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k64.s32.u4.s4.s32", nvidia_integers(u4, s4, 64, integer_overflow::wrap), integers_documented},
    {"sm75.mma.m8n8k32.s32.u4.u4.s32", nvidia_integers(u4, u4, 32, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k32.s32.u4.u4.s32", nvidia_integers(u4, u4, 32, integer_overflow::wrap), integers_documented},
    {"sm80.mma.m16n8k64.s32.u4.u4.s32", nvidia_integers(u4, u4, 64, integer_overflow::wrap), integers_documented},
    {"sm75.mma.m8n8k16.satfinite.s32.s8.s8.s32", nvidia_integers(s8, s8, 16, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k16.satfinite.s32.s8.s8.s32", nvidia_integers(s8, s8, 16, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k32.satfinite.s32.s8.s8.s32", nvidia_integers(s8, s8, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm90a.wgmma.m64nNk32.satfinite.s32.s8.s8", nvidia_integers(s8, s8, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm75.mma.m8n8k16.satfinite.s32.s8.u8.s32", nvidia_integers(s8, u8, 16, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k16.satfinite.s32.s8.u8.s32", nvidia_integers(s8, u8, 16, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k32.satfinite.s32.s8.u8.s32", nvidia_integers(s8, u8, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm90a.wgmma.m64nNk32.satfinite.s32.s8.u8", nvidia_integers(s8, u8, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm75.mma.m8n8k16.satfinite.s32.u8.s8.s32", nvidia_integers(u8, s8, 16, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k16.satfinite.s32.u8.s8.s32", nvidia_integers(u8, s8, 16, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k32.satfinite.s32.u8.s8.s32", nvidia_integers(u8, s8, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm90a.wgmma.m64nNk32.satfinite.s32.u8.s8", nvidia_integers(u8, s8, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm75.mma.m8n8k16.satfinite.s32.u8.u8.s32", nvidia_integers(u8, u8, 16, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k16.satfinite.s32.u8.u8.s32", nvidia_integers(u8, u8, 16, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k32.satfinite.s32.u8.u8.s32", nvidia_integers(u8, u8, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm90a.wgmma.m64nNk32.satfinite.s32.u8.u8", nvidia_integers(u8, u8, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm75.mma.m8n8k32.satfinite.s32.s4.s4.s32", nvidia_integers(s4, s4, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k32.satfinite.s32.s4.s4.s32", nvidia_integers(s4, s4, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k64.satfinite.s32.s4.s4.s32", nvidia_integers(s4, s4, 64, integer_overflow::saturate), satfinite_inferred},
    {"sm75.mma.m8n8k32.satfinite.s32.s4.u4.s32", nvidia_integers(s4, u4, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k32.satfinite.s32.s4.u4.s32", nvidia_integers(s4, u4, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k64.satfinite.s32.s4.u4.s32", nvidia_integers(s4, u4, 64, integer_overflow::saturate), satfinite_inferred},
    {"sm75.mma.m8n8k32.satfinite.s32.u4.s4.s32", nvidia_integers(u4, s4, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k32.satfinite.s32.u4.s4.s32", nvidia_integers(u4, s4, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k64.satfinite.s32.u4.s4.s32", nvidia_integers(u4, s4, 64, integer_overflow::saturate), satfinite_inferred},
    {"sm75.mma.m8n8k32.satfinite.s32.u4.u4.s32", nvidia_integers(u4, u4, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k32.satfinite.s32.u4.u4.s32", nvidia_integers(u4, u4, 32, integer_overflow::saturate), satfinite_inferred},
    {"sm80.mma.m16n8k64.satfinite.s32.u4.u4.s32", nvidia_integers(u4, u4, 64, integer_overflow::saturate), satfinite_inferred},
    {"sm75.mma.m8n8k128.s32.b1.b1.s32.xor.popc", nvidia_bits(128, true), integers_documented, "a code is one bit: the lowest"},
    {"sm80.mma.m8n8k128.s32.b1.b1.s32.and.popc", nvidia_bits(128, false), integers_documented, "a code is one bit: the lowest"},
    {"sm80.mma.m16n8k128.s32.b1.b1.s32.xor.popc", nvidia_bits(128, true), integers_documented, "a code is one bit: the lowest"},
    {"sm80.mma.m16n8k128.s32.b1.b1.s32.and.popc", nvidia_bits(128, false), integers_documented, "a code is one bit: the lowest"},
    {"sm80.mma.m16n8k256.s32.b1.b1.s32.xor.popc", nvidia_bits(256, true), integers_documented, "a code is one bit: the lowest"},
    {"sm80.mma.m16n8k256.s32.b1.b1.s32.and.popc", nvidia_bits(256, false), integers_documented, "a code is one bit: the lowest"},
    {"sm90a.wgmma.m64nNk256.s32.b1.b1.and.popc", nvidia_bits(256, false), integers_documented, "a code is one bit: the lowest"},
    // clang-format on
};

}  // namespace lowp::mma_rows

#endif  // LOWP_HARDWARE_MMA_MMA_NVIDIA_HPP
