// SPDX-License-Identifier: Apache-2.0
/// \file
/// The golden model of a conversion instruction as a whole: registers in, a register out, with
/// random bits and scales. Registers of up to 32 bits.
#ifndef LOWP_FUZZ_INSTRUCTION_MODEL_HPP
#define LOWP_FUZZ_INSTRUCTION_MODEL_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
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

/// Cases of an instruction. Of up to 2^20 inputs every one; else first, for each directed operand
/// of its rule, one with that in all elements, one with it in one element among zeros, and one with
/// others beside it; then half of the elements close to places where results change, the others
/// uniform.
class instruction_inputs {
 public:
  explicit instruction_inputs(const instruction_model& m);

  std::uint64_t directed() const { return directed_; }
  /// Case number `index`, a pure function of seed and index.
  void make(std::uint64_t seed, std::uint64_t index, code_t* operands) const;

 private:
  void direct(std::uint64_t index, code_t* operands) const;

  instruction_model model_;
  std::vector<field> fields_;
  bool enumerated_ = false;
  /// Code and, where there are any, random bits.
  std::shared_ptr<const std::vector<std::array<code_t, 3>>> codes_;
  std::uint64_t directed_ = 0;
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_INSTRUCTION_MODEL_HPP
