// SPDX-License-Identifier: Apache-2.0
#include "many_operands.hpp"

#include "dot_inputs.hpp"

namespace lowp::tool {

namespace {

many_operands of_dots(const dot_model& m) {
  const auto arrays = arrays_of(m.value);
  const dot_inputs inputs(m);
  return {
      {arrays.begin(), arrays.end()},
      [inputs](std::uint64_t seed, std::uint64_t index, code_t* o) { inputs.make(seed, index, o); },
      dot_engine(m),
      2 * inputs.directed()};
}

many_operands of_instruction(const instruction_model& m) {
  many_operands out;
  for (const format& f : operand_formats(m)) {
    out.arrays.push_back({f, 1, static_cast<std::size_t>(lowp::detail::storage_bytes(f.width))});
  }
  out.make = [m](std::uint64_t seed, std::uint64_t index, code_t* o) {
    make_case(m, seed, index, o);
  };
  out.golden = [m](const code_t* o) { return expected_code(m, o); };
  return out;
}

}  // namespace

std::optional<many_operands> operands_of(const golden_model& model) {
  if (const auto* m = std::get_if<dot_model>(&model)) return of_dots(*m);
  if (const auto* m = std::get_if<instruction_model>(&model)) return of_instruction(*m);
  return std::nullopt;
}

}  // namespace lowp::tool
