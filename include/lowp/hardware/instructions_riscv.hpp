// SPDX-License-Identifier: Apache-2.0
/// \file
/// RISC-V as instructions on registers: Zfbfmin, Zvfbfmin, Zvfofp8min, Zvfofp4min. Rows of vectors
/// are for 128 bits on the wide side; `length` is how many times that. No masks, no tail.
#ifndef LOWP_HARDWARE_INSTRUCTIONS_RISCV_HPP
#define LOWP_HARDWARE_INSTRUCTIONS_RISCV_HPP

#include "conversion_instruction.hpp"
#include "riscv.hpp"

namespace lowp {

namespace detail::riscv_rows {

inline constexpr register_layout one_32{.bits = 32, .slot = 32};
inline constexpr register_layout one_16{.bits = 16, .slot = 16};
inline constexpr register_layout four_32{.bits = 128, .slot = 32};
inline constexpr register_layout four_16{.bits = 64, .slot = 16};
inline constexpr register_layout four_8{.bits = 32, .slot = 8};
inline constexpr register_layout eight_16{.bits = 128, .slot = 16};
inline constexpr register_layout eight_8{.bits = 64, .slot = 8};

constexpr const conversion_rule* riscv_rule(const char* base, const char* format, const char* mode,
                                            const char* suffix) {
  return rule_joined(rules::riscv_rules, {base, format, mode, suffix});
}

inline constexpr const char* modes[] = {"", ".rtz", ".rdn", ".rup", ".rmm"};

constexpr conversion_instruction exact_riscv(const char* name, const char* target, const char* rule,
                                             register_layout source, register_layout result) {
  return instruction(name, target, rule_named(rules::riscv_rules, rule), source, 1, result, 0);
}

constexpr conversion_instruction riscv(const char* name, const char* target, const char* base,
                                       const char* suffix, register_layout source,
                                       register_layout result) {
  conversion_instruction row =
      instruction(name, target, riscv_rule(base, "", "", suffix), source, 1, result, 0);
  row.choice = rule_choice::frm;
  for (int i = 0; i < 5; ++i) row.rules[i] = riscv_rule(base, "", modes[i], suffix);
  return row;
}

constexpr conversion_instruction with_altfmt(const char* name, const char* base, const char* suffix,
                                             register_layout source, register_layout result) {
  conversion_instruction row = instruction(
      name, "Zvfofp8min", riscv_rule(base, ".e4m3fn", "", suffix), source, 1, result, 0);
  row.choice = rule_choice::frm_altfmt;
  for (int i = 0; i < 5; ++i) {
    row.rules[i] = riscv_rule(base, ".e4m3fn", modes[i], suffix);
    row.rules[5 + i] = riscv_rule(base, ".e5m2", modes[i], suffix);
  }
  return row;
}

constexpr conversion_instruction widening() {
  conversion_instruction row =
      exact_riscv("vfwcvtbf16.f.f.v SEW=8", "Zvfofp8min", "riscv.vfwcvtbf16.bfloat16.from_e4m3fn",
                  eight_8, eight_16);
  row.choice = rule_choice::altfmt;
  row.rules[1] = rule_named(rules::riscv_rules, "riscv.vfwcvtbf16.bfloat16.from_e5m2");
  return row;
}

constexpr conversion_instruction vector(conversion_instruction row) {
  row.lengths = vector_length::scalable;
  return row;
}

inline constexpr conversion_instruction rows[] = {
    // clang-format off
    riscv("fcvt.bf16.s", "Zfbfmin", "riscv.fcvt.bfloat16", "", one_32, one_16),
    exact_riscv("fcvt.s.bf16", "Zfbfmin", "riscv.fcvt.binary32.from_bfloat16", one_16, one_32),
    vector(riscv("vfncvtbf16.f.f.w SEW=16", "Zvfbfmin", "riscv.fcvt.bfloat16", "", four_32, four_16)),
    vector(exact_riscv("vfwcvtbf16.f.f.v SEW=16", "Zvfbfmin", "riscv.fcvt.binary32.from_bfloat16", four_16, four_32)),
    vector(with_altfmt("vfncvt.f.f.q", "riscv.vfncvt", "", four_32, four_8)),
    vector(with_altfmt("vfncvtbf16.f.f.w SEW=8", "riscv.vfncvtbf16", ".from_bfloat16", eight_16, eight_8)),
    vector(with_altfmt("vfncvt.sat.f.f.q", "riscv.vfncvt.sat", "", four_32, four_8)),
    vector(with_altfmt("vfncvtbf16.sat.f.f.w SEW=8", "riscv.vfncvtbf16.sat", ".from_bfloat16", eight_16, eight_8)),
    vector(widening()),
    vector(exact_riscv("vfext.vf2", "Zvfofp4min", "riscv.vfext.e4m3fn.from_e2m1", {.bits = 64, .slot = 4}, {.bits = 128, .slot = 8})),
    // clang-format on
};

}  // namespace detail::riscv_rows

namespace rules {

inline constexpr const auto& riscv_instructions = detail::riscv_rows::rows;

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_INSTRUCTIONS_RISCV_HPP
