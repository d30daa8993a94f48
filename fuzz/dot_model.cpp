// SPDX-License-Identifier: Apache-2.0
#include "dot_model.hpp"

#include <fmt/format.h>

#include "implementation.hpp"

namespace lowp::tool {

namespace {

// Factors with this many codes are unpacked once.
constexpr int table_bits = 8;

}  // namespace

std::array<dot_array, dot_arrays> arrays_of(const mma_model& m) {
  const auto array = [](format f, std::size_t count) {
    return dot_array{f, count, static_cast<std::size_t>(lowp::detail::storage_bytes(f.width))};
  };
  const format a = m.stored.width != 0 ? m.stored : m.a;
  const format b = m.stored.width != 0 ? m.stored : m.b;
  std::array<dot_array, dot_arrays> out{array(a, m.k), array(b, m.k), array(m.c, 1)};
  if (m.scale_block != 0) {
    out[3] = out[4] = array(m.scale, static_cast<std::size_t>(m.k / m.scale_block));
  }
  return out;
}

std::vector<format> operand_formats(const dot_model& m) {
  std::vector<format> out;
  for (const dot_array& a : arrays_of(m.value)) out.insert(out.end(), a.count, a.of);
  return out;
}

std::string operand_name(const dot_model& m, std::size_t operand) {
  constexpr const char* names[dot_arrays] = {"a", "b", "c", "scale_a", "scale_b"};
  const auto arrays = arrays_of(m.value);
  std::size_t k = 0;
  while (operand >= arrays[k].count) operand -= arrays[k++].count;
  return arrays[k].count == 1 ? names[k] : fmt::format("{}[{}]", names[k], operand);
}

dot_engine::dot_engine(const dot_model& m) : model_(m.value), exponent_(m.exponent) {
  const auto arrays = arrays_of(m.value);
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
  const auto arrays = arrays_of(m.value);
  const std::string a = format_name(arrays[0].of);
  const std::string b = format_name(arrays[1].of);
  std::string text =
      fmt::format("{}: c + a b, {} product{} of {}", format_name(m.value.d), m.value.k,
                  m.value.k == 1 ? "" : "s", a == b ? a : a + " and " + b);
  if (m.words[0] != '\0') text += fmt::format(", {}", m.words);
  return text;
}

}  // namespace lowp::tool
