// SPDX-License-Identifier: Apache-2.0
/// \file
/// Arm as instructions on registers: FEAT_BF16 and FEAT_FP8 with FPCR and FPMR, in Advanced SIMD,
/// SVE and SME. Rows of scalable vectors are for 128 bits; `length` is VL / 128. All elements are
/// active.
#ifndef LOWP_HARDWARE_INSTRUCTIONS_ARM_HPP
#define LOWP_HARDWARE_INSTRUCTIONS_ARM_HPP

#include "arm.hpp"
#include "conversion_instruction.hpp"

namespace lowp {

namespace detail::arm_rows {

using instruction_option::dn;
using instruction_option::fz;
using instruction_option::keeps_rest;
using instruction_option::scale_divides;

inline constexpr register_layout four_32{.bits = 128, .slot = 32};
inline constexpr register_layout eight_16{.bits = 128, .slot = 16};
inline constexpr register_layout sixteen_8{.bits = 128, .slot = 8};

/// FPCR.RMode rounds; FZ and DN count. FPCR.AH and FIZ are 0.
constexpr conversion_instruction bf16(const char* name, const char* target, register_layout source,
                                      int sources, register_layout result, int options = 0) {
  const auto rule = [](const char* r) { return rule_named(rules::arm_rules, r); };
  conversion_instruction row = instruction(name, target, rule("arm.bfloat16.rn"), source, sources,
                                           result, options | fz | dn);
  row.choice = rule_choice::fpcr_rounding;
  row.rules[1] = rule("arm.bfloat16.rp");
  row.rules[2] = rule("arm.bfloat16.rm");
  row.rules[3] = rule("arm.bfloat16.rz");
  return row;
}

constexpr const conversion_rule* arm_rule(const char* a, const char* b, const char* c,
                                          const char* d) {
  return rule_joined(rules::arm_rules, {a, b, c, d});
}

/// To FPMR.F8D with 2^NSCALE, of which `bits` low bits count.
constexpr conversion_instruction narrow(const char* name, const char* target, const char* suffix,
                                        int bits, register_layout source, int sources,
                                        register_layout result, int options = 0) {
  conversion_instruction row = instruction(name, target, arm_rule("arm.e5m2", ".osc0", "", suffix),
                                           source, sources, result, options);
  row.choice = rule_choice::fpmr_destination;
  const char* const formats_of[] = {"arm.e5m2", "arm.e4m3fn"};
  const char* const clamps[] = {".osc0", ".osc1"};
  const char* const signs[] = {"", ".ah"};
  for (int i = 0; i < 8; ++i) {
    row.rules[i] = arm_rule(formats_of[i / 4], clamps[i / 2 % 2], signs[i % 2], suffix);
  }
  row.scale = scale_kind::nscale;
  row.scale_bits = static_cast<std::uint8_t>(bits);
  return row;
}

/// From FPMR.F8S1 or F8S2 with 2^-LSCALE or 2^-LSCALE2, of which `bits` low bits count.
constexpr conversion_instruction widen(const char* name, const char* target, rule_choice choice,
                                       const char* to, int bits, register_layout source,
                                       register_layout result) {
  const bool first = choice == rule_choice::fpmr_source1;
  conversion_instruction row = instruction(name, target, arm_rule("arm.", to, "", ".from_e5m2"),
                                           source, 1, result, scale_divides);
  row.choice = choice;
  row.rules[1] = arm_rule("arm.", to, ".ah", ".from_e5m2");
  row.rules[2] = arm_rule("arm.", to, "", ".from_e4m3fn");
  row.rules[3] = arm_rule("arm.", to, ".ah", ".from_e4m3fn");
  row.scale = first ? scale_kind::lscale : scale_kind::lscale2;
  row.scale_bits = static_cast<std::uint8_t>(bits);
  return row;
}

constexpr conversion_instruction sve(conversion_instruction row) {
  row.lengths = vector_length::scalable;
  return row;
}

constexpr conversion_instruction interleaved(conversion_instruction row) {
  row.order = source_order::interleaved;
  return row;
}

constexpr conversion_instruction deinterleaved(conversion_instruction row) {
  row.order = source_order::deinterleaved;
  return row;
}

inline constexpr conversion_instruction rows[] = {
    // clang-format off
    bf16("BFCVT Hd, Sn", "FEAT_BF16", {.bits = 32, .slot = 32}, 1, {.bits = 16, .slot = 16}),
    bf16("BFCVTN Vd.4H, Vn.4S", "FEAT_BF16", four_32, 1, {.bits = 64, .slot = 16}),
    bf16("BFCVTN2 Vd.8H, Vn.4S", "FEAT_BF16", four_32, 1, {.bits = 128, .slot = 16, .first = 4}, keeps_rest),
    sve(bf16("BFCVT Zd.H, Pg/M, Zn.S", "FEAT_SVE, FEAT_BF16", four_32, 1, {.bits = 128, .slot = 32})),
    sve(bf16("BFCVTNT Zd.H, Pg/M, Zn.S", "FEAT_SVE, FEAT_BF16", four_32, 1, {.bits = 128, .slot = 16, .first = 1, .step = 2}, keeps_rest)),
    sve(bf16("BFCVT Zd.H, {Zn1.S-Zn2.S}", "FEAT_SME2", four_32, 2, eight_16)),
    sve(interleaved(bf16("BFCVTN Zd.H, {Zn1.S-Zn2.S}", "FEAT_SME2", four_32, 2, eight_16))),
    narrow("FCVTN Vd.8B, Vn.4S, Vm.4S", "FEAT_FP8", "", 8, four_32, 2, {.bits = 64, .slot = 8}),
    narrow("FCVTN2 Vd.16B, Vn.4S, Vm.4S", "FEAT_FP8", "", 8, four_32, 2, {.bits = 128, .slot = 8, .first = 8}, keeps_rest),
    narrow("FCVTN Vd.8B, Vn.4H, Vm.4H", "FEAT_FP8", ".from_binary16", 5, {.bits = 64, .slot = 16}, 2, {.bits = 64, .slot = 8}),
    narrow("FCVTN Vd.16B, Vn.8H, Vm.8H", "FEAT_FP8", ".from_binary16", 5, eight_16, 2, sixteen_8),
    sve(interleaved(narrow("FCVTN Zd.B, {Zn1.H-Zn2.H}", "FEAT_FP8, FEAT_SVE2", ".from_binary16", 5, eight_16, 2, sixteen_8))),
    sve(interleaved(narrow("BFCVTN Zd.B, {Zn1.H-Zn2.H}", "FEAT_FP8, FEAT_SVE2", ".from_bfloat16", 8, eight_16, 2, sixteen_8))),
    sve(interleaved(narrow("FCVTNB Zd.B, {Zn1.S-Zn2.S}", "FEAT_FP8, FEAT_SVE2", "", 8, four_32, 2, {.bits = 128, .slot = 16}))),
    sve(interleaved(narrow("FCVTNT Zd.B, {Zn1.S-Zn2.S}", "FEAT_FP8, FEAT_SVE2", "", 8, four_32, 2, {.bits = 128, .slot = 8, .first = 1, .step = 2}, keeps_rest))),
    sve(narrow("FCVT Zd.B, {Zn1.H-Zn2.H}", "FEAT_FP8, FEAT_SME2", ".from_binary16", 5, eight_16, 2, sixteen_8)),
    sve(narrow("BFCVT Zd.B, {Zn1.H-Zn2.H}", "FEAT_FP8, FEAT_SME2", ".from_bfloat16", 8, eight_16, 2, sixteen_8)),
    sve(narrow("FCVT Zd.B, {Zn1.S-Zn4.S}", "FEAT_FP8, FEAT_SME2", "", 8, four_32, 4, sixteen_8)),
    sve(interleaved(narrow("FCVTN Zd.B, {Zn1.S-Zn4.S}", "FEAT_FP8, FEAT_SME2", "", 8, four_32, 4, sixteen_8))),
    widen("F1CVTL Vd.8H, Vn.8B", "FEAT_FP8", rule_choice::fpmr_source1, "binary16", 4, {.bits = 64, .slot = 8}, eight_16),
    widen("F1CVTL2 Vd.8H, Vn.16B", "FEAT_FP8", rule_choice::fpmr_source1, "binary16", 4, {.bits = 128, .slot = 8, .first = 8}, eight_16),
    sve(widen("F1CVT Zd.H, Zn.B", "FEAT_FP8, FEAT_SVE2", rule_choice::fpmr_source1, "binary16", 4, {.bits = 128, .slot = 16}, eight_16)),
    sve(widen("F1CVTLT Zd.H, Zn.B", "FEAT_FP8, FEAT_SVE2", rule_choice::fpmr_source1, "binary16", 4, {.bits = 128, .slot = 8, .first = 1, .step = 2}, eight_16)),
    sve(widen("F1CVT {Zd1.H-Zd2.H}, Zn.B", "FEAT_FP8, FEAT_SME2", rule_choice::fpmr_source1, "binary16", 4, sixteen_8, {.bits = 256, .slot = 16})),
    sve(deinterleaved(widen("F1CVTL {Zd1.H-Zd2.H}, Zn.B", "FEAT_FP8, FEAT_SME2", rule_choice::fpmr_source1, "binary16", 4, sixteen_8, {.bits = 256, .slot = 16}))),
    widen("F2CVTL Vd.8H, Vn.8B", "FEAT_FP8", rule_choice::fpmr_source2, "binary16", 4, {.bits = 64, .slot = 8}, eight_16),
    widen("F2CVTL2 Vd.8H, Vn.16B", "FEAT_FP8", rule_choice::fpmr_source2, "binary16", 4, {.bits = 128, .slot = 8, .first = 8}, eight_16),
    sve(widen("F2CVT Zd.H, Zn.B", "FEAT_FP8, FEAT_SVE2", rule_choice::fpmr_source2, "binary16", 4, {.bits = 128, .slot = 16}, eight_16)),
    sve(widen("F2CVTLT Zd.H, Zn.B", "FEAT_FP8, FEAT_SVE2", rule_choice::fpmr_source2, "binary16", 4, {.bits = 128, .slot = 8, .first = 1, .step = 2}, eight_16)),
    sve(widen("F2CVT {Zd1.H-Zd2.H}, Zn.B", "FEAT_FP8, FEAT_SME2", rule_choice::fpmr_source2, "binary16", 4, sixteen_8, {.bits = 256, .slot = 16})),
    sve(deinterleaved(widen("F2CVTL {Zd1.H-Zd2.H}, Zn.B", "FEAT_FP8, FEAT_SME2", rule_choice::fpmr_source2, "binary16", 4, sixteen_8, {.bits = 256, .slot = 16}))),
    widen("BF1CVTL Vd.8H, Vn.8B", "FEAT_FP8", rule_choice::fpmr_source1, "bfloat16", 6, {.bits = 64, .slot = 8}, eight_16),
    widen("BF1CVTL2 Vd.8H, Vn.16B", "FEAT_FP8", rule_choice::fpmr_source1, "bfloat16", 6, {.bits = 128, .slot = 8, .first = 8}, eight_16),
    sve(widen("BF1CVT Zd.H, Zn.B", "FEAT_FP8, FEAT_SVE2", rule_choice::fpmr_source1, "bfloat16", 6, {.bits = 128, .slot = 16}, eight_16)),
    sve(widen("BF1CVTLT Zd.H, Zn.B", "FEAT_FP8, FEAT_SVE2", rule_choice::fpmr_source1, "bfloat16", 6, {.bits = 128, .slot = 8, .first = 1, .step = 2}, eight_16)),
    sve(widen("BF1CVT {Zd1.H-Zd2.H}, Zn.B", "FEAT_FP8, FEAT_SME2", rule_choice::fpmr_source1, "bfloat16", 6, sixteen_8, {.bits = 256, .slot = 16})),
    sve(deinterleaved(widen("BF1CVTL {Zd1.H-Zd2.H}, Zn.B", "FEAT_FP8, FEAT_SME2", rule_choice::fpmr_source1, "bfloat16", 6, sixteen_8, {.bits = 256, .slot = 16}))),
    widen("BF2CVTL Vd.8H, Vn.8B", "FEAT_FP8", rule_choice::fpmr_source2, "bfloat16", 6, {.bits = 64, .slot = 8}, eight_16),
    widen("BF2CVTL2 Vd.8H, Vn.16B", "FEAT_FP8", rule_choice::fpmr_source2, "bfloat16", 6, {.bits = 128, .slot = 8, .first = 8}, eight_16),
    sve(widen("BF2CVT Zd.H, Zn.B", "FEAT_FP8, FEAT_SVE2", rule_choice::fpmr_source2, "bfloat16", 6, {.bits = 128, .slot = 16}, eight_16)),
    sve(widen("BF2CVTLT Zd.H, Zn.B", "FEAT_FP8, FEAT_SVE2", rule_choice::fpmr_source2, "bfloat16", 6, {.bits = 128, .slot = 8, .first = 1, .step = 2}, eight_16)),
    sve(widen("BF2CVT {Zd1.H-Zd2.H}, Zn.B", "FEAT_FP8, FEAT_SME2", rule_choice::fpmr_source2, "bfloat16", 6, sixteen_8, {.bits = 256, .slot = 16})),
    sve(deinterleaved(widen("BF2CVTL {Zd1.H-Zd2.H}, Zn.B", "FEAT_FP8, FEAT_SME2", rule_choice::fpmr_source2, "bfloat16", 6, sixteen_8, {.bits = 256, .slot = 16}))),
    // clang-format on
};

}  // namespace detail::arm_rows

namespace rules {

inline constexpr const auto& arm_instructions = detail::arm_rows::rows;

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_INSTRUCTIONS_ARM_HPP
