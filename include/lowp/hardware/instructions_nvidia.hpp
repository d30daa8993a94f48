// SPDX-License-Identifier: Apache-2.0
/// \file
/// NVIDIA: PTX cvt as instructions on registers. The first source goes to the upper part.
#ifndef LOWP_HARDWARE_INSTRUCTIONS_NVIDIA_HPP
#define LOWP_HARDWARE_INSTRUCTIONS_NVIDIA_HPP

#include "conversion_instruction.hpp"
#include "nvidia.hpp"

namespace lowp {

namespace detail::ptx_rows {

using instruction_option::relu;
using instruction_option::scale_divides;

inline constexpr register_layout one_f32{.bits = 32, .slot = 32};
inline constexpr register_layout one_tf32{.bits = 32, .slot = 32, .lift = 13};
inline constexpr register_layout one_16{.bits = 16, .slot = 16};
inline constexpr register_layout two_16{.bits = 32, .slot = 16};
inline constexpr register_layout two_8{.bits = 16, .slot = 8};
inline constexpr register_layout four_8{.bits = 32, .slot = 8};
inline constexpr register_layout two_4{.bits = 8, .slot = 4};
inline constexpr register_layout four_4{.bits = 16, .slot = 4};

inline constexpr const char* fixed_targets = "PTX 9.1, sm_100a, sm_103a, sm_120a, sm_121a";

constexpr conversion_instruction ptx(const char* name, const char* target, const char* rule,
                                     register_layout source, int sources, register_layout result,
                                     int options = 0) {
  conversion_instruction row = instruction(name, target, rule_named(rules::ptx_rules, rule), source,
                                           sources, result, options);
  row.order = source_order::first_high;
  return row;
}

/// Two ue8m0 scales; that the lower one is the lower element's is inferred.
constexpr conversion_instruction ptx_scaled(const char* name, const char* target, const char* rule,
                                            register_layout source, int sources,
                                            register_layout result, int options = 0) {
  conversion_instruction row = ptx(name, target, rule, source, sources, result, options);
  row.scale = scale_kind::e8m0_pair;
  row.origin.mark = evidence::inferred;
  return row;
}

/// Which random bits the element at place k of the result takes, 0 the lowest.
struct slices {
  random_slice of[4];
};
/// x2: a half each.
inline constexpr slices halves{{{1, 0}, {3, 2}}};
/// x4 of 8 bits: each half serves two elements, one with the bits in reverse order.
inline constexpr slices shared_halves{{{1, 0}, {0, 1, true}, {3, 2}, {2, 3, true}}};
/// x4 of 4 bits: likewise the bytes 2 and 0, 3 and 1.
inline constexpr slices shared_bytes{{{2, 0}, {0, 2, true}, {3, 1}, {1, 3, true}}};

constexpr conversion_instruction ptx_rs(const char* name, const char* rule, int sources,
                                        register_layout result, const slices& s, int options = 0) {
  conversion_instruction row =
      ptx(name, "sm_100a, sm_103a", rule, one_f32, sources, result, options);
  row.random = random_origin::slices;
  for (int i = 0; i < 4; ++i) row.slices[i] = s.of[i];
  return row;
}

/// cvt without random bits and without scales.
inline constexpr conversion_instruction plain[] = {
    // clang-format off
    ptx("cvt.rn.f16.f32", "sm_80", "ptx.binary16.rn", one_f32, 1, one_16),
    ptx("cvt.rn.f16x2.f32", "sm_80", "ptx.binary16.rn", one_f32, 2, two_16),
    ptx("cvt.rn.satfinite.f16.f32", "sm_80", "ptx.binary16.rn.satfinite", one_f32, 1, one_16),
    ptx("cvt.rn.satfinite.f16x2.f32", "sm_80", "ptx.binary16.rn.satfinite", one_f32, 2, two_16),
    ptx("cvt.rn.relu.f16.f32", "sm_80", "ptx.binary16.rn", one_f32, 1, one_16, relu),
    ptx("cvt.rn.relu.f16x2.f32", "sm_80", "ptx.binary16.rn", one_f32, 2, two_16, relu),
    ptx("cvt.rn.relu.satfinite.f16.f32", "sm_80", "ptx.binary16.rn.satfinite", one_f32, 1, one_16, relu),
    ptx("cvt.rn.relu.satfinite.f16x2.f32", "sm_80", "ptx.binary16.rn.satfinite", one_f32, 2, two_16, relu),
    ptx("cvt.rz.f16.f32", "sm_80", "ptx.binary16.rz", one_f32, 1, one_16),
    ptx("cvt.rz.f16x2.f32", "sm_80", "ptx.binary16.rz", one_f32, 2, two_16),
    ptx("cvt.rz.satfinite.f16.f32", "sm_80", "ptx.binary16.rz.satfinite", one_f32, 1, one_16),
    ptx("cvt.rz.satfinite.f16x2.f32", "sm_80", "ptx.binary16.rz.satfinite", one_f32, 2, two_16),
    ptx("cvt.rz.relu.f16.f32", "sm_80", "ptx.binary16.rz", one_f32, 1, one_16, relu),
    ptx("cvt.rz.relu.f16x2.f32", "sm_80", "ptx.binary16.rz", one_f32, 2, two_16, relu),
    ptx("cvt.rz.relu.satfinite.f16.f32", "sm_80", "ptx.binary16.rz.satfinite", one_f32, 1, one_16, relu),
    ptx("cvt.rz.relu.satfinite.f16x2.f32", "sm_80", "ptx.binary16.rz.satfinite", one_f32, 2, two_16, relu),
    ptx("cvt.rm.f16.f32", "all", "ptx.binary16.rm", one_f32, 1, one_16),
    ptx("cvt.rp.f16.f32", "all", "ptx.binary16.rp", one_f32, 1, one_16),
    ptx("cvt.rn.bf16.f32", "sm_80", "ptx.bfloat16.rn", one_f32, 1, one_16),
    ptx("cvt.rn.bf16x2.f32", "sm_80", "ptx.bfloat16.rn", one_f32, 2, two_16),
    ptx("cvt.rn.satfinite.bf16.f32", "sm_80", "ptx.bfloat16.rn.satfinite", one_f32, 1, one_16),
    ptx("cvt.rn.satfinite.bf16x2.f32", "sm_80", "ptx.bfloat16.rn.satfinite", one_f32, 2, two_16),
    ptx("cvt.rn.relu.bf16.f32", "sm_80", "ptx.bfloat16.rn", one_f32, 1, one_16, relu),
    ptx("cvt.rn.relu.bf16x2.f32", "sm_80", "ptx.bfloat16.rn", one_f32, 2, two_16, relu),
    ptx("cvt.rn.relu.satfinite.bf16.f32", "sm_80", "ptx.bfloat16.rn.satfinite", one_f32, 1, one_16, relu),
    ptx("cvt.rn.relu.satfinite.bf16x2.f32", "sm_80", "ptx.bfloat16.rn.satfinite", one_f32, 2, two_16, relu),
    ptx("cvt.rz.bf16.f32", "sm_80", "ptx.bfloat16.rz", one_f32, 1, one_16),
    ptx("cvt.rz.bf16x2.f32", "sm_80", "ptx.bfloat16.rz", one_f32, 2, two_16),
    ptx("cvt.rz.satfinite.bf16.f32", "sm_80", "ptx.bfloat16.rz.satfinite", one_f32, 1, one_16),
    ptx("cvt.rz.satfinite.bf16x2.f32", "sm_80", "ptx.bfloat16.rz.satfinite", one_f32, 2, two_16),
    ptx("cvt.rz.relu.bf16.f32", "sm_80", "ptx.bfloat16.rz", one_f32, 1, one_16, relu),
    ptx("cvt.rz.relu.bf16x2.f32", "sm_80", "ptx.bfloat16.rz", one_f32, 2, two_16, relu),
    ptx("cvt.rz.relu.satfinite.bf16.f32", "sm_80", "ptx.bfloat16.rz.satfinite", one_f32, 1, one_16, relu),
    ptx("cvt.rz.relu.satfinite.bf16x2.f32", "sm_80", "ptx.bfloat16.rz.satfinite", one_f32, 2, two_16, relu),
    ptx("cvt.rm.bf16.f32", "sm_90", "ptx.bfloat16.rm", one_f32, 1, one_16),
    ptx("cvt.rp.bf16.f32", "sm_90", "ptx.bfloat16.rp", one_f32, 1, one_16),
    ptx("cvt.rn.ftz.f16.f32", "all", "ptx.binary16.rn.ftz", one_f32, 1, one_16),
    ptx("cvt.rz.ftz.f16.f32", "all", "ptx.binary16.rz.ftz", one_f32, 1, one_16),
    ptx("cvt.rm.ftz.f16.f32", "all", "ptx.binary16.rm.ftz", one_f32, 1, one_16),
    ptx("cvt.rp.ftz.f16.f32", "all", "ptx.binary16.rp.ftz", one_f32, 1, one_16),
    ptx("cvt.f32.f16", "all", "ptx.binary32.from_binary16", one_16, 1, one_f32),
    ptx("cvt.f32.bf16", "sm_90", "ptx.binary32.from_bfloat16", one_16, 1, one_f32),
    ptx("cvt.rna.tf32.f32", "sm_80", "ptx.tf32.rna", one_f32, 1, one_tf32),
    ptx("cvt.rna.satfinite.tf32.f32", "sm_80", "ptx.tf32.rna.satfinite", one_f32, 1, one_tf32),
    ptx("cvt.rn.tf32.f32", "sm_90", "ptx.tf32.rn", one_f32, 1, one_tf32),
    ptx("cvt.rn.relu.tf32.f32", "sm_90", "ptx.tf32.rn", one_f32, 1, one_tf32, relu),
    ptx("cvt.rn.satfinite.tf32.f32", "sm_100", "ptx.tf32.rn.satfinite", one_f32, 1, one_tf32),
    ptx("cvt.rn.satfinite.relu.tf32.f32", "sm_100", "ptx.tf32.rn.satfinite", one_f32, 1, one_tf32, relu),
    ptx("cvt.rz.tf32.f32", "sm_90", "ptx.tf32.rz", one_f32, 1, one_tf32),
    ptx("cvt.rz.relu.tf32.f32", "sm_90", "ptx.tf32.rz", one_f32, 1, one_tf32, relu),
    ptx("cvt.rz.satfinite.tf32.f32", "sm_100", "ptx.tf32.rz.satfinite", one_f32, 1, one_tf32),
    ptx("cvt.rz.satfinite.relu.tf32.f32", "sm_100", "ptx.tf32.rz.satfinite", one_f32, 1, one_tf32, relu),
    ptx("cvt.rn.satfinite.e4m3x2.f32", "sm_89", "ptx.e4m3fn.rn.satfinite", one_f32, 2, two_8),
    ptx("cvt.rn.satfinite.relu.e4m3x2.f32", "sm_89", "ptx.e4m3fn.rn.satfinite", one_f32, 2, two_8, relu),
    ptx("cvt.rn.satfinite.e4m3x2.f16x2", "sm_89", "ptx.e4m3fn.rn.satfinite.from_binary16", two_16, 1, two_8),
    ptx("cvt.rn.satfinite.relu.e4m3x2.f16x2", "sm_89", "ptx.e4m3fn.rn.satfinite.from_binary16", two_16, 1, two_8, relu),
    ptx("cvt.rn.satfinite.e4m3x2.bf16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e4m3fn.rn.satfinite.from_bfloat16", two_16, 1, two_8),
    ptx("cvt.rn.satfinite.relu.e4m3x2.bf16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e4m3fn.rn.satfinite.from_bfloat16", two_16, 1, two_8, relu),
    ptx("cvt.rn.f16x2.e4m3x2", "sm_89", "ptx.binary16.rn.from_e4m3fn", two_8, 1, two_16),
    ptx("cvt.rn.relu.f16x2.e4m3x2", "sm_89", "ptx.binary16.rn.from_e4m3fn", two_8, 1, two_16, relu),
    ptx("cvt.rn.satfinite.e5m2x2.f32", "sm_89", "ptx.e5m2.rn.satfinite", one_f32, 2, two_8),
    ptx("cvt.rn.satfinite.relu.e5m2x2.f32", "sm_89", "ptx.e5m2.rn.satfinite", one_f32, 2, two_8, relu),
    ptx("cvt.rn.satfinite.e5m2x2.f16x2", "sm_89", "ptx.e5m2.rn.satfinite.from_binary16", two_16, 1, two_8),
    ptx("cvt.rn.satfinite.relu.e5m2x2.f16x2", "sm_89", "ptx.e5m2.rn.satfinite.from_binary16", two_16, 1, two_8, relu),
    ptx("cvt.rn.satfinite.e5m2x2.bf16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e5m2.rn.satfinite.from_bfloat16", two_16, 1, two_8),
    ptx("cvt.rn.satfinite.relu.e5m2x2.bf16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e5m2.rn.satfinite.from_bfloat16", two_16, 1, two_8, relu),
    ptx("cvt.rn.f16x2.e5m2x2", "sm_89", "ptx.binary16.rn.from_e5m2", two_8, 1, two_16),
    ptx("cvt.rn.relu.f16x2.e5m2x2", "sm_89", "ptx.binary16.rn.from_e5m2", two_8, 1, two_16, relu),
    ptx("cvt.rn.satfinite.e2m3x2.f32", "sm_100a, sm_120a", "ptx.e2m3.rn.satfinite", one_f32, 2, two_8),
    ptx("cvt.rn.satfinite.relu.e2m3x2.f32", "sm_100a, sm_120a", "ptx.e2m3.rn.satfinite", one_f32, 2, two_8, relu),
    ptx("cvt.rn.satfinite.e2m3x2.f16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e2m3.rn.satfinite.from_binary16", two_16, 1, two_8),
    ptx("cvt.rn.satfinite.relu.e2m3x2.f16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e2m3.rn.satfinite.from_binary16", two_16, 1, two_8, relu),
    ptx("cvt.rn.satfinite.e2m3x2.bf16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e2m3.rn.satfinite.from_bfloat16", two_16, 1, two_8),
    ptx("cvt.rn.satfinite.relu.e2m3x2.bf16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e2m3.rn.satfinite.from_bfloat16", two_16, 1, two_8, relu),
    ptx("cvt.rn.f16x2.e2m3x2", "sm_100a, sm_120a", "ptx.binary16.rn.from_e2m3", two_8, 1, two_16),
    ptx("cvt.rn.relu.f16x2.e2m3x2", "sm_100a, sm_120a", "ptx.binary16.rn.from_e2m3", two_8, 1, two_16, relu),
    ptx("cvt.rn.satfinite.e3m2x2.f32", "sm_100a, sm_120a", "ptx.e3m2.rn.satfinite", one_f32, 2, two_8),
    ptx("cvt.rn.satfinite.relu.e3m2x2.f32", "sm_100a, sm_120a", "ptx.e3m2.rn.satfinite", one_f32, 2, two_8, relu),
    ptx("cvt.rn.satfinite.e3m2x2.f16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e3m2.rn.satfinite.from_binary16", two_16, 1, two_8),
    ptx("cvt.rn.satfinite.relu.e3m2x2.f16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e3m2.rn.satfinite.from_binary16", two_16, 1, two_8, relu),
    ptx("cvt.rn.satfinite.e3m2x2.bf16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e3m2.rn.satfinite.from_bfloat16", two_16, 1, two_8),
    ptx("cvt.rn.satfinite.relu.e3m2x2.bf16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e3m2.rn.satfinite.from_bfloat16", two_16, 1, two_8, relu),
    ptx("cvt.rn.f16x2.e3m2x2", "sm_100a, sm_120a", "ptx.binary16.rn.from_e3m2", two_8, 1, two_16),
    ptx("cvt.rn.relu.f16x2.e3m2x2", "sm_100a, sm_120a", "ptx.binary16.rn.from_e3m2", two_8, 1, two_16, relu),
    ptx("cvt.rn.satfinite.e2m1x2.f32", "sm_100a, sm_120a", "ptx.e2m1.rn.satfinite", one_f32, 2, two_4),
    ptx("cvt.rn.satfinite.relu.e2m1x2.f32", "sm_100a, sm_120a", "ptx.e2m1.rn.satfinite", one_f32, 2, two_4, relu),
    ptx("cvt.rn.satfinite.e2m1x2.f16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e2m1.rn.satfinite.from_binary16", two_16, 1, two_4),
    ptx("cvt.rn.satfinite.relu.e2m1x2.f16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e2m1.rn.satfinite.from_binary16", two_16, 1, two_4, relu),
    ptx("cvt.rn.satfinite.e2m1x2.bf16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e2m1.rn.satfinite.from_bfloat16", two_16, 1, two_4),
    ptx("cvt.rn.satfinite.relu.e2m1x2.bf16x2", "PTX 9.1, sm_100a, sm_120a", "ptx.e2m1.rn.satfinite.from_bfloat16", two_16, 1, two_4, relu),
    ptx("cvt.rn.f16x2.e2m1x2", "sm_100a, sm_120a", "ptx.binary16.rn.from_e2m1", two_4, 1, two_16),
    ptx("cvt.rn.relu.f16x2.e2m1x2", "sm_100a, sm_120a", "ptx.binary16.rn.from_e2m1", two_4, 1, two_16, relu),
    ptx("cvt.rz.ue8m0x2.f32", "sm_100a, sm_120a", "ptx.e8m0fnu.rz", one_f32, 2, two_8),
    ptx("cvt.rz.ue8m0x2.bf16x2", "sm_100a, sm_120a", "ptx.e8m0fnu.rz.from_bfloat16", two_16, 1, two_8),
    ptx("cvt.rz.satfinite.ue8m0x2.f32", "sm_100a, sm_120a", "ptx.e8m0fnu.rz.satfinite", one_f32, 2, two_8),
    ptx("cvt.rz.satfinite.ue8m0x2.bf16x2", "sm_100a, sm_120a", "ptx.e8m0fnu.rz.satfinite.from_bfloat16", two_16, 1, two_8),
    ptx("cvt.rp.ue8m0x2.f32", "sm_100a, sm_120a", "ptx.e8m0fnu.rp", one_f32, 2, two_8),
    ptx("cvt.rp.ue8m0x2.bf16x2", "sm_100a, sm_120a", "ptx.e8m0fnu.rp.from_bfloat16", two_16, 1, two_8),
    ptx("cvt.rp.satfinite.ue8m0x2.f32", "sm_100a, sm_120a", "ptx.e8m0fnu.rp.satfinite", one_f32, 2, two_8),
    ptx("cvt.rp.satfinite.ue8m0x2.bf16x2", "sm_100a, sm_120a", "ptx.e8m0fnu.rp.satfinite.from_bfloat16", two_16, 1, two_8),
    ptx("cvt.rn.bf16x2.ue8m0x2", "sm_100a, sm_120a", "ptx.bfloat16.rn.from_e8m0fnu", two_8, 1, two_16),
    // clang-format on
};

/// cvt.rs. Source: PTX ISA 9; which bits each element takes: vkuzo/quant_cast_bench 41fec09, found
/// by experiment on sm_100a for bf16x2, e4m3x4, e5m2x4 and e2m1x4, the others as these.
inline constexpr conversion_instruction stochastic[] = {
    // clang-format off
    ptx_rs("cvt.rs.f16x2.f32", "ptx.binary16.rs", 2, two_16, halves),
    ptx_rs("cvt.rs.satfinite.f16x2.f32", "ptx.binary16.rs.satfinite", 2, two_16, halves),
    ptx_rs("cvt.rs.relu.f16x2.f32", "ptx.binary16.rs", 2, two_16, halves, relu),
    ptx_rs("cvt.rs.relu.satfinite.f16x2.f32", "ptx.binary16.rs.satfinite", 2, two_16, halves, relu),
    ptx_rs("cvt.rs.bf16x2.f32", "ptx.bfloat16.rs", 2, two_16, halves),
    ptx_rs("cvt.rs.satfinite.bf16x2.f32", "ptx.bfloat16.rs.satfinite", 2, two_16, halves),
    ptx_rs("cvt.rs.relu.bf16x2.f32", "ptx.bfloat16.rs", 2, two_16, halves, relu),
    ptx_rs("cvt.rs.relu.satfinite.bf16x2.f32", "ptx.bfloat16.rs.satfinite", 2, two_16, halves, relu),
    ptx_rs("cvt.rs.satfinite.e4m3x4.f32", "ptx.e4m3fn.rs.satfinite", 4, four_8, shared_halves),
    ptx_rs("cvt.rs.relu.satfinite.e4m3x4.f32", "ptx.e4m3fn.rs.satfinite", 4, four_8, shared_halves, relu),
    ptx_rs("cvt.rs.satfinite.e5m2x4.f32", "ptx.e5m2.rs.satfinite", 4, four_8, shared_halves),
    ptx_rs("cvt.rs.relu.satfinite.e5m2x4.f32", "ptx.e5m2.rs.satfinite", 4, four_8, shared_halves, relu),
    ptx_rs("cvt.rs.satfinite.e2m3x4.f32", "ptx.e2m3.rs.satfinite", 4, four_8, shared_halves),
    ptx_rs("cvt.rs.relu.satfinite.e2m3x4.f32", "ptx.e2m3.rs.satfinite", 4, four_8, shared_halves, relu),
    ptx_rs("cvt.rs.satfinite.e3m2x4.f32", "ptx.e3m2.rs.satfinite", 4, four_8, shared_halves),
    ptx_rs("cvt.rs.relu.satfinite.e3m2x4.f32", "ptx.e3m2.rs.satfinite", 4, four_8, shared_halves, relu),
    ptx_rs("cvt.rs.satfinite.e2m1x4.f32", "ptx.e2m1.rs.satfinite", 4, four_4, shared_bytes),
    ptx_rs("cvt.rs.relu.satfinite.e2m1x4.f32", "ptx.e2m1.rs.satfinite", 4, four_4, shared_bytes, relu),
    // clang-format on
};

/// .s2f6x2, and scaled forms; what is open in them: spec/instructions.md INS-9.
inline constexpr conversion_instruction scaled[] = {
    // clang-format off
    ptx("cvt.rn.satfinite.s2f6x2.f32", fixed_targets, "ptx.mxint8.rn.satfinite", one_f32, 2, two_8),
    ptx_scaled("cvt.rn.satfinite.scaled::n2::ue8m0.s2f6x2.f32", fixed_targets, "ptx.mxint8.rn.satfinite", one_f32, 2, two_8, scale_divides),
    ptx("cvt.rn.satfinite.relu.s2f6x2.f32", fixed_targets, "ptx.mxint8.rn.satfinite", one_f32, 2, two_8, relu),
    ptx_scaled("cvt.rn.satfinite.relu.scaled::n2::ue8m0.s2f6x2.f32", fixed_targets, "ptx.mxint8.rn.satfinite", one_f32, 2, two_8, relu | scale_divides),
    ptx("cvt.rn.satfinite.s2f6x2.bf16x2", fixed_targets, "ptx.mxint8.rn.satfinite.from_bfloat16", two_16, 1, two_8),
    ptx_scaled("cvt.rn.satfinite.scaled::n2::ue8m0.s2f6x2.bf16x2", fixed_targets, "ptx.mxint8.rn.satfinite.from_bfloat16", two_16, 1, two_8, scale_divides),
    ptx("cvt.rn.satfinite.relu.s2f6x2.bf16x2", fixed_targets, "ptx.mxint8.rn.satfinite.from_bfloat16", two_16, 1, two_8, relu),
    ptx_scaled("cvt.rn.satfinite.relu.scaled::n2::ue8m0.s2f6x2.bf16x2", fixed_targets, "ptx.mxint8.rn.satfinite.from_bfloat16", two_16, 1, two_8, relu | scale_divides),
    ptx("cvt.rn.bf16x2.s2f6x2", fixed_targets, "ptx.bfloat16.rn.from_mxint8", two_8, 1, two_16),
    ptx_scaled("cvt.rn.scaled::n2::ue8m0.bf16x2.s2f6x2", fixed_targets, "ptx.bfloat16.rn.from_mxint8", two_8, 1, two_16),
    ptx("cvt.rn.relu.bf16x2.s2f6x2", fixed_targets, "ptx.bfloat16.rn.from_mxint8", two_8, 1, two_16, relu),
    ptx_scaled("cvt.rn.relu.scaled::n2::ue8m0.bf16x2.s2f6x2", fixed_targets, "ptx.bfloat16.rn.from_mxint8", two_8, 1, two_16, relu),
    ptx("cvt.rn.satfinite.bf16x2.s2f6x2", fixed_targets, "ptx.bfloat16.rn.satfinite.from_mxint8", two_8, 1, two_16),
    ptx_scaled("cvt.rn.satfinite.scaled::n2::ue8m0.bf16x2.s2f6x2", fixed_targets, "ptx.bfloat16.rn.satfinite.from_mxint8", two_8, 1, two_16),
    ptx("cvt.rn.satfinite.relu.bf16x2.s2f6x2", fixed_targets, "ptx.bfloat16.rn.satfinite.from_mxint8", two_8, 1, two_16, relu),
    ptx_scaled("cvt.rn.satfinite.relu.scaled::n2::ue8m0.bf16x2.s2f6x2", fixed_targets, "ptx.bfloat16.rn.satfinite.from_mxint8", two_8, 1, two_16, relu),
    ptx_scaled("cvt.rn.scaled::n2::ue8m0.bf16x2.e4m3x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.from_e4m3fn", two_8, 1, two_16),
    ptx_scaled("cvt.rn.relu.scaled::n2::ue8m0.bf16x2.e4m3x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.from_e4m3fn", two_8, 1, two_16, relu),
    ptx_scaled("cvt.rn.satfinite.scaled::n2::ue8m0.bf16x2.e4m3x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.satfinite.from_e4m3fn", two_8, 1, two_16),
    ptx_scaled("cvt.rn.satfinite.relu.scaled::n2::ue8m0.bf16x2.e4m3x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.satfinite.from_e4m3fn", two_8, 1, two_16, relu),
    ptx_scaled("cvt.rn.scaled::n2::ue8m0.bf16x2.e5m2x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.from_e5m2", two_8, 1, two_16),
    ptx_scaled("cvt.rn.relu.scaled::n2::ue8m0.bf16x2.e5m2x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.from_e5m2", two_8, 1, two_16, relu),
    ptx_scaled("cvt.rn.satfinite.scaled::n2::ue8m0.bf16x2.e5m2x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.satfinite.from_e5m2", two_8, 1, two_16),
    ptx_scaled("cvt.rn.satfinite.relu.scaled::n2::ue8m0.bf16x2.e5m2x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.satfinite.from_e5m2", two_8, 1, two_16, relu),
    ptx_scaled("cvt.rn.scaled::n2::ue8m0.bf16x2.e2m3x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.from_e2m3", two_8, 1, two_16),
    ptx_scaled("cvt.rn.relu.scaled::n2::ue8m0.bf16x2.e2m3x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.from_e2m3", two_8, 1, two_16, relu),
    ptx_scaled("cvt.rn.satfinite.scaled::n2::ue8m0.bf16x2.e2m3x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.satfinite.from_e2m3", two_8, 1, two_16),
    ptx_scaled("cvt.rn.satfinite.relu.scaled::n2::ue8m0.bf16x2.e2m3x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.satfinite.from_e2m3", two_8, 1, two_16, relu),
    ptx_scaled("cvt.rn.scaled::n2::ue8m0.bf16x2.e3m2x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.from_e3m2", two_8, 1, two_16),
    ptx_scaled("cvt.rn.relu.scaled::n2::ue8m0.bf16x2.e3m2x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.from_e3m2", two_8, 1, two_16, relu),
    ptx_scaled("cvt.rn.satfinite.scaled::n2::ue8m0.bf16x2.e3m2x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.satfinite.from_e3m2", two_8, 1, two_16),
    ptx_scaled("cvt.rn.satfinite.relu.scaled::n2::ue8m0.bf16x2.e3m2x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.satfinite.from_e3m2", two_8, 1, two_16, relu),
    ptx_scaled("cvt.rn.scaled::n2::ue8m0.bf16x2.e2m1x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.from_e2m1", two_4, 1, two_16),
    ptx_scaled("cvt.rn.relu.scaled::n2::ue8m0.bf16x2.e2m1x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.from_e2m1", two_4, 1, two_16, relu),
    ptx_scaled("cvt.rn.satfinite.scaled::n2::ue8m0.bf16x2.e2m1x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.satfinite.from_e2m1", two_4, 1, two_16),
    ptx_scaled("cvt.rn.satfinite.relu.scaled::n2::ue8m0.bf16x2.e2m1x2", "PTX 9.2, sm_100f, sm_120f", "ptx.bfloat16.rn.satfinite.from_e2m1", two_4, 1, two_16, relu),
    // clang-format on
};

}  // namespace detail::ptx_rows

namespace rules {

inline constexpr const auto& ptx_instructions = detail::ptx_rows::plain;
inline constexpr const auto& ptx_rs_instructions = detail::ptx_rows::stochastic;
inline constexpr const auto& ptx_scaled_instructions = detail::ptx_rows::scaled;

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_INSTRUCTIONS_NVIDIA_HPP
