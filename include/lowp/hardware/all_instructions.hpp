// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every conversion instruction in one list, and found by name.
#ifndef LOWP_HARDWARE_ALL_INSTRUCTIONS_HPP
#define LOWP_HARDWARE_ALL_INSTRUCTIONS_HPP

#include "all_rules.hpp"
#include "check_instruction.hpp"
#include "instructions_amd.hpp"
#include "instructions_arm.hpp"
#include "instructions_gaudi.hpp"
#include "instructions_intel.hpp"
#include "instructions_nvidia.hpp"
#include "instructions_riscv.hpp"
#include "run_instruction.hpp"

namespace lowp {

/// All conversion instructions. spec/conversion_instructions.json.
inline constexpr auto all_conversion_instructions = detail::concatenate(
    rules::ptx_instructions, rules::ptx_rs_instructions, rules::ptx_scaled_instructions,
    rules::amd_instructions, rules::amd_scaled_instructions, rules::amd_mx_instructions,
    rules::x86_instructions, rules::arm_instructions, rules::riscv_instructions,
    rules::gaudi_instructions);

/// The instruction of this name; where none has it, the first whose name begins with it and a
/// blank ("v_cvt_pk_fp8_f32", "FCVTN"); nullptr if there is none. spec/instructions.md INS-1.
LOWP_UNIT constexpr const conversion_instruction* find_instruction(const char* name) noexcept {
  const conversion_instruction* first = nullptr;
  for (const conversion_instruction& row : all_conversion_instructions) {
    const char* a = row.name;
    const char* b = name;
    while (*b != 0 && *a == *b) ++a, ++b;
    if (*b != 0) continue;
    if (*a == 0) return &row;
    if (*a == ' ' && first == nullptr) first = &row;
  }
  return first;
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_ALL_INSTRUCTIONS_HPP
