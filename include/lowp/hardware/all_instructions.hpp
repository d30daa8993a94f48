// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every conversion instruction in one list, and found by name.
#ifndef LOWP_HARDWARE_ALL_INSTRUCTIONS_HPP
#define LOWP_HARDWARE_ALL_INSTRUCTIONS_HPP

#include "all_rules.hpp"
#include "instructions_nvidia.hpp"
#include "run_instruction.hpp"

namespace lowp {

/// All conversion instructions. spec/conversion_instructions.json.
inline constexpr auto all_conversion_instructions = detail::concatenate(rules::ptx_instructions);

/// The instruction of this name, nullptr if there is none. spec/instructions.md INS-1.
LOWP_FN const conversion_instruction* find_instruction(const char* name) noexcept {
  for (const conversion_instruction& row : all_conversion_instructions) {
    if (detail::same_text(row.name, name)) return &row;
  }
  return nullptr;
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_ALL_INSTRUCTIONS_HPP
