// SPDX-License-Identifier: Apache-2.0
#include "dot_model.hpp"

#include <fmt/format.h>

#include "implementation.hpp"

namespace lowp::tool {

namespace {

// Factors with this many codes are unpacked once.
constexpr int table_bits = 8;

}  // namespace

std::array<field, dot_fields> fields_of(const mma_model& m) {
  const format a = m.stored.width != 0 ? m.stored : m.a;
  const format b = m.stored.width != 0 ? m.stored : m.b;
  const auto k = static_cast<std::size_t>(m.k);
  const std::size_t scales = m.scale_block == 0 ? 0 : k / static_cast<std::size_t>(m.scale_block);
  return {field{"a", a, k}, field{"b", b, k}, field{"c", m.c}, field{"scale_a", m.scale, scales},
          field{"scale_b", m.scale, scales}};
}

dot_engine::dot_engine(const dot_model& m) : model_(m.value), exponent_(m.exponent) {
  const auto arrays = fields_of(m.value);
  if (arrays[0].of.width <= table_bits) {
    for (code_t c = 0; c < code_t{1} << arrays[0].of.width; ++c) a_.push_back(read_a(model_, c));
  }
  if (arrays[1].of.width <= table_bits) {
    for (code_t c = 0; c < code_t{1} << arrays[1].of.width; ++c) b_.push_back(read_b(model_, c));
  }
}

code_t dot_engine::operator()(const code_t* operands) const {
  // Not `multiply_add` of codes: it clears room for the longest instruction each time.
  static thread_local std::vector<mma_operand> room;
  const int scales = model_.scale_block == 0 ? 0 : model_.k / model_.scale_block;
  const auto needed = static_cast<std::size_t>(2 * (model_.k + scales));
  if (room.size() < needed) room.resize(needed);
  mma_operand* const row = room.data();
  mma_operand* const column = row + model_.k;
  mma_operand* const row_scales = column + model_.k;
  mma_operand* const column_scales = row_scales + scales;
  const code_t* code = operands;
  for (int i = 0; i < model_.k; ++i, ++code) {
    row[i] = a_.empty() ? read_a(model_, *code) : a_[*code];
  }
  for (int i = 0; i < model_.k; ++i, ++code) {
    column[i] = b_.empty() ? read_b(model_, *code) : b_[*code];
  }
  const code_t c = *code++;
  for (int i = 0; i < scales; ++i) row_scales[i] = read_scale(model_, *code++);
  for (int i = 0; i < scales; ++i) column_scales[i] = read_scale(model_, *code++);
  return multiply_add(model_, {row, column, row_scales, column_scales, exponent_}, c);
}

std::string operation_text(const dot_model& m) {
  const auto arrays = fields_of(m.value);
  const std::string a = format_name(arrays[0].of);
  const std::string b = format_name(arrays[1].of);
  std::string text =
      fmt::format("{}: c + a b, {} product{} of {}", format_name(m.value.d), m.value.k,
                  m.value.k == 1 ? "" : "s", a == b ? a : a + " and " + b);
  if (m.words[0] != '\0') text += fmt::format(", {}", m.words);
  return text;
}

}  // namespace lowp::tool
