// SPDX-License-Identifier: Apache-2.0
#include "instruction_model.hpp"

#include <fmt/format.h>

#include <lowp/hardware/run_instruction.hpp>

#include "inputs.hpp"

namespace lowp::tool {

namespace {

constexpr int enumerated_bits = 20;
// Directed cases of one code.
constexpr std::uint64_t kinds = 3;

format register_format(const register_layout& r, format element) {
  const bool filled = r.elements == 1 && r.lift == 0 && element.width == r.bits;
  return filled ? element : integer_format(r.bits, false);
}

bool has_random(const conversion_instruction& row) { return row.random != random_origin::none; }
bool has_scale(const conversion_instruction& row) { return row.scale != scale_kind::none; }

// Elements where results change, or any.
code_t some_register(const conversion_instruction& row, std::uint64_t seed, std::uint64_t index) {
  const golden_model rule = *row.rules[0];
  code_t word = 0;
  for (unsigned i = 0; i < row.source.elements; ++i) {
    const code_t code = random_operands(rule, random_bits(seed, i), index)[0];
    word |= code << (row.source.slot * i + row.source.lift);
  }
  return word;
}

// Two of e8m0, mostly near 1.
code_t some_scales(std::uint64_t r) {
  return (r >> 60) == 0 ? r & 0xffff : ((120 + (r & 15)) | (120 + (r >> 8 & 15)) << 8);
}

}  // namespace

std::vector<field> operand_fields(const instruction_model& m) {
  const conversion_instruction& row = *m.row;
  const format source = register_format(row.source, row.rules[0]->from);
  std::vector<field> out;
  for (unsigned i = 1; i <= row.sources; ++i) out.push_back({fmt::format("source_{}", i), source});
  if (has_random(row)) out.push_back({"random", formats::uint32, 1, true});
  if (has_scale(row)) out.push_back({"scales", formats::uint16});
  return out;
}

field result_field(const instruction_model& m) {
  return {"result", register_format(m.row->result, m.row->rules[0]->to)};
}

std::string operation_text(const instruction_model& m) {
  std::string text = operation_text(golden_model(*m.row->rules[0]));
  if (m.row->result.elements > 1) text += fmt::format(", {} elements", m.row->result.elements);
  if (has_scale(*m.row)) text += ", scaled";
  if ((m.row->options & instruction_option::relu) != 0) text += ", relu";
  return text;
}

code_t expected_code(const instruction_model& m, const code_t* operands) {
  const conversion_instruction& row = *m.row;
  std::uint64_t sources[5] = {};
  for (std::size_t s = 0; s < row.sources; ++s) sources[s] = *operands++;
  instruction_state state;
  if (has_random(row)) state.random = static_cast<std::uint32_t>(*operands++);
  if (has_scale(row)) state.scale = static_cast<std::uint32_t>(*operands++);
  return run_instruction(row, sources, state);
}

instruction_inputs::instruction_inputs(const instruction_model& m)
    : model_(m),
      fields_(operand_fields(m)),
      enumerated_(bit_count(fields_) <= enumerated_bits),
      codes_(std::make_shared<std::vector<operands>>(
          enumerated_ ? std::vector<operands>{} : directed_inputs(*m.row->rules[0]))),
      directed_(enumerated_ ? std::uint64_t{1} << bit_count(fields_) : kinds * codes_->size()) {}

void instruction_inputs::direct(std::uint64_t index, code_t* operands) const {
  const conversion_instruction& row = *model_.row;
  const std::vector<std::array<code_t, 3>>& codes = *codes_;
  const std::uint64_t kind = index % kinds;
  const std::uint64_t at = index / kinds;
  const unsigned elements = row.source.elements;
  for (unsigned s = 0; s < row.sources; ++s) {
    code_t word = 0;
    for (unsigned i = 0; i < elements; ++i) {
      const unsigned place = s * elements + i;
      // A prime: neighbours are far from each other in the list.
      const std::uint64_t other = kind == 2 ? place * 1009 : 0;
      const bool empty = kind == 1 && place != at % (row.sources * elements);
      const code_t code = empty ? 0 : codes[(at + other) % codes.size()][0];
      word |= code << (row.source.slot * i + row.source.lift);
    }
    *operands++ = word;
  }
  if (has_random(row)) *operands++ = codes[at][1];
  if (has_scale(row)) *operands++ = some_scales(random_bits(0, index));
}

void instruction_inputs::make(std::uint64_t seed, std::uint64_t index, code_t* operands) const {
  const conversion_instruction& row = *model_.row;
  if (enumerated_) {
    for (const field& f : fields_) {
      *operands++ = index & lowp::detail::low_mask(f.of.width);
      index >>= f.of.width;
    }
    return;
  }
  if (index < directed_) return direct(index, operands);
  for (unsigned s = 0; s < row.sources; ++s) {
    const std::uint64_t r = random_bits(seed + s, index);
    *operands++ = (r >> 63) != 0 ? some_register(row, seed + s, index)
                                 : r & lowp::detail::low_mask(row.source.bits);
  }
  if (has_random(row)) *operands++ = random_bits(seed + 8, index) & 0xffffffff;
  if (has_scale(row)) *operands++ = some_scales(random_bits(seed + 9, index));
}

}  // namespace lowp::tool
