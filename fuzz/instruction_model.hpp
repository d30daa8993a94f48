// SPDX-License-Identifier: Apache-2.0
/// \file
/// The golden model of a conversion instruction as a whole: registers in, a register out, with
/// random bits and scales. Registers of up to 32 bits.
#ifndef LOWP_FUZZ_INSTRUCTION_MODEL_HPP
#define LOWP_FUZZ_INSTRUCTION_MODEL_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <lowp/hardware/conversion_instruction.hpp>

#include "claim.hpp"

namespace lowp::tool {

/// Its operands are the sources in the order of the assembler, then the random operand, then that
/// of scales, those that the row has. The row chooses its rule by nothing.
struct instruction_model {
  const conversion_instruction* row;
};

/// A register with one element that fills it has that element's format, others are integers.
std::vector<field> operand_fields(const instruction_model& m);
field result_field(const instruction_model& m);
/// "binary32 -> e4m3fn x 2, nearest even".
std::string operation_text(const instruction_model& m);

code_t expected_code(const instruction_model& m, const code_t* operands);

/// Case number `index`: of up to 2^20 inputs every one, else half of the elements close to places
/// where results change, the others uniform.
void make_case(const instruction_model& m, std::uint64_t seed, std::uint64_t index,
               code_t* operands);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_INSTRUCTION_MODEL_HPP
