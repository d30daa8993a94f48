// SPDX-License-Identifier: Apache-2.0
/// \file
/// Intel and compatible CPUs as instructions on registers: F16C, AVX512-FP16, AVX512-BF16,
/// AVX-NE-CONVERT, AVX10.2, without masks. Rows are for XMM registers; `length` 2 and 4 are YMM and
/// ZMM. What a row does not write of a longer register is zero.
#ifndef LOWP_HARDWARE_INSTRUCTIONS_INTEL_HPP
#define LOWP_HARDWARE_INSTRUCTIONS_INTEL_HPP

#include "conversion_instruction.hpp"
#include "intel.hpp"

namespace lowp {

namespace detail::x86_rows {

using instruction_option::daz;

inline constexpr register_layout two_64{.bits = 128, .slot = 64};
inline constexpr register_layout four_32{.bits = 128, .slot = 32};
inline constexpr register_layout eight_16{.bits = 128, .slot = 16};
inline constexpr register_layout half_16{.bits = 64, .slot = 16};
inline constexpr register_layout quarter_16{.bits = 32, .slot = 16};
inline constexpr register_layout sixteen_8{.bits = 128, .slot = 8};
inline constexpr register_layout half_8{.bits = 64, .slot = 8};

constexpr conversion_instruction x86(const char* name, const char* target, const char* rule,
                                     register_layout source, int sources, register_layout result,
                                     int options = 0) {
  conversion_instruction row = instruction(name, target, rule_named(rules::x86_rules, rule), source,
                                           sources, result, options);
  row.order = source_order::first_high;
  row.lengths = vector_length::up_to_4;
  return row;
}

/// Rounds as imm8 or MXCSR.RC say, reads subnormals as MXCSR.DAZ says, writes them always.
constexpr conversion_instruction x86_rounded(const char* name, const char* target,
                                             rule_choice choice, const char* rule,
                                             register_layout source, register_layout result) {
  const char* const modes[] = {".rn", ".rd", ".ru", ".rz"};
  conversion_instruction row = instruction(
      name, target, rule_joined(rules::x86_rules, {rule, ".rn"}), source, 1, result, daz);
  for (int i = 0; i < 4; ++i) row.rules[i] = rule_joined(rules::x86_rules, {rule, modes[i]});
  row.choice = choice;
  row.lengths = vector_length::up_to_4;
  return row;
}

constexpr conversion_instruction scalar(conversion_instruction row) {
  row.lengths = vector_length::fixed;
  row.notes = "the bits above the result are those of the first source";
  return row;
}

/// Sources: the register of bias bytes, then the numbers.
constexpr conversion_instruction x86_bias(const char* name, const char* rule) {
  conversion_instruction row = x86(name, "AVX10.2", rule, eight_16, 1, half_8);
  row.random = random_origin::first_register;
  return row;
}

constexpr conversion_instruction two_singles(const char* name, const char* target) {
  conversion_instruction row = x86_rounded(name, target, rule_choice::mxcsr_rounding,
                                           "avx512_fp16.vcvtps2phx", four_32, eight_16);
  row.sources = 2;
  row.result.elements = 8;
  row.order = source_order::first_high;
  row.origin.mark = evidence::inferred;
  return row;
}

inline constexpr conversion_instruction rows[] = {
    // clang-format off
    x86_rounded("VCVTPS2PH", "F16C; AVX512F", rule_choice::immediate, "f16c.vcvtps2ph", four_32, half_16),
    x86("VCVTPH2PS", "F16C; AVX512F", "f16c.vcvtph2ps", half_16, 1, four_32),
    x86_rounded("VCVTPS2PHX", "AVX512-FP16", rule_choice::mxcsr_rounding, "avx512_fp16.vcvtps2phx", four_32, half_16),
    x86("VCVTPH2PSX", "AVX512-FP16", "f16c.vcvtph2ps", half_16, 1, four_32),
    x86_rounded("VCVTPD2PH", "AVX512-FP16", rule_choice::mxcsr_rounding, "avx512_fp16.vcvtpd2ph", two_64, quarter_16),
    x86("VCVTPH2PD", "AVX512-FP16", "avx512_fp16.vcvtph2pd", quarter_16, 1, two_64),
    scalar(x86_rounded("VCVTSS2SH", "AVX512-FP16", rule_choice::mxcsr_rounding, "avx512_fp16.vcvtps2phx", {.bits = 32, .slot = 32}, {.bits = 16, .slot = 16})),
    scalar(x86_rounded("VCVTSD2SH", "AVX512-FP16", rule_choice::mxcsr_rounding, "avx512_fp16.vcvtpd2ph", {.bits = 64, .slot = 64}, {.bits = 16, .slot = 16})),
    scalar(x86("VCVTSH2SS", "AVX512-FP16", "f16c.vcvtph2ps", {.bits = 16, .slot = 16}, 1, {.bits = 32, .slot = 32})),
    x86("VCVTNEPS2BF16", "AVX512-BF16; AVX-NE-CONVERT", "avx512_bf16.vcvtneps2bf16", four_32, 1, half_16),
    x86("VCVTNE2PS2BF16", "AVX512-BF16", "avx512_bf16.vcvtneps2bf16", four_32, 2, eight_16),
    x86("VCVTNEEBF162PS", "AVX-NE-CONVERT", "avx_ne_convert.vcvtneebf162ps", {.bits = 128, .slot = 16, .step = 2}, 1, four_32),
    x86("VCVTNEOBF162PS", "AVX-NE-CONVERT", "avx_ne_convert.vcvtneebf162ps", {.bits = 128, .slot = 16, .first = 1, .step = 2}, 1, four_32),
    x86("VCVTNEEPH2PS", "AVX-NE-CONVERT", "f16c.vcvtph2ps", {.bits = 128, .slot = 16, .step = 2}, 1, four_32),
    x86("VCVTNEOPH2PS", "AVX-NE-CONVERT", "f16c.vcvtph2ps", {.bits = 128, .slot = 16, .first = 1, .step = 2}, 1, four_32),
    two_singles("VCVT2PS2PHX", "AVX10.2"),
    x86("VCVTPH2BF8", "AVX10.2", "avx10.vcvtph2bf8", eight_16, 1, half_8),
    x86("VCVT2PH2BF8", "AVX10.2", "avx10.vcvtph2bf8", eight_16, 2, sixteen_8),
    x86_bias("VCVTBIASPH2BF8", "avx10.vcvtbiasph2bf8"),
    x86("VCVTPH2BF8S", "AVX10.2", "avx10.vcvtph2bf8s", eight_16, 1, half_8),
    x86("VCVT2PH2BF8S", "AVX10.2", "avx10.vcvtph2bf8s", eight_16, 2, sixteen_8),
    x86_bias("VCVTBIASPH2BF8S", "avx10.vcvtbiasph2bf8s"),
    x86("VCVTPH2HF8", "AVX10.2", "avx10.vcvtph2hf8", eight_16, 1, half_8),
    x86("VCVT2PH2HF8", "AVX10.2", "avx10.vcvtph2hf8", eight_16, 2, sixteen_8),
    x86_bias("VCVTBIASPH2HF8", "avx10.vcvtbiasph2hf8"),
    x86("VCVTPH2HF8S", "AVX10.2", "avx10.vcvtph2hf8s", eight_16, 1, half_8),
    x86("VCVT2PH2HF8S", "AVX10.2", "avx10.vcvtph2hf8s", eight_16, 2, sixteen_8),
    x86_bias("VCVTBIASPH2HF8S", "avx10.vcvtbiasph2hf8s"),
    x86("VCVTHF82PH", "AVX10.2", "avx10.vcvthf82ph", half_8, 1, eight_16),
    // clang-format on
};

}  // namespace detail::x86_rows

namespace rules {

inline constexpr const auto& x86_instructions = detail::x86_rows::rows;

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_INSTRUCTIONS_INTEL_HPP
