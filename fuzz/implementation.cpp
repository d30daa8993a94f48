// SPDX-License-Identifier: Apache-2.0
#include "implementation.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include <lowp/hardware/all_rules.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>

namespace lowp::tool {

namespace {

bool same_codes(const std::vector<field>& x, const std::vector<field>& y) {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const field& f, const field& g) {
    return f.of == g.of && f.count == g.count;
  });
}

}  // namespace

const char* rounding_text(rounding r) {
  switch (r) {
    case rounding::to_nearest_even: return "nearest even";
    case rounding::to_nearest_away: return "nearest away";
    case rounding::to_nearest_zero: return "nearest, ties to zero";
    case rounding::to_nearest_negative: return "nearest, ties to lesser";
    case rounding::toward_zero: return "toward zero";
    case rounding::toward_positive: return "toward +inf";
    case rounding::toward_negative: return "toward -inf";
    case rounding::away_from_zero: return "away from zero";
    case rounding::to_odd: return "to odd";
    case rounding::stochastic_a:
    case rounding::stochastic_b:
    case rounding::stochastic_c: return "stochastic";
  }
  return "";
}

std::string format_name(const format& f) {
  if (const named_format* row = find_format(f); row != nullptr) return row->name;
  return fmt::format("{}-bit format", f.width);
}

conversion_rule named_rule(const char* name) {
  if (const conversion_rule* rule = find_rule(name); rule != nullptr) return *rule;
  fmt::print(stderr, "lowp: no conversion rule is named {}\n", name);
  std::abort();
}

dot_model named_dot(const char* name) {
  if (const named_mma_model* row = find_mma_model(name); row != nullptr) {
    return {row->name, row->origin.source, row->value};
  }
  fmt::print(stderr, "lowp: no matrix instruction is named {}\n", name);
  std::abort();
}

std::string dot_that_gives(const dot_model& m, const std::vector<code_t>& operands, code_t got) {
  for (const named_zero_rule& zeros : all_zero_rules) {
    const dot_model other{m.name, "", with_zero_rule(m.value, zeros.zeros)};
    if (dot_engine(other)(operands.data()) == got) {
      return fmt::format("{} with zeros as {}", m.name, zeros.name);
    }
  }
  // What other machines do comes after what is published of this one.
  for (const named_mma_model& row : all_mma_models) {
    const mma_model other = row.value.k != m.value.k && row.value.k % row.value.group == 0 &&
                                    m.value.k % row.value.group == 0
                                ? with_k(row.value, m.value.k)
                                : row.value;
    const dot_model named{row.name, "", other};
    if (!same_codes(operand_fields(named), operand_fields(m)) || !(other.d == m.value.d)) continue;
    if (dot_engine(named)(operands.data()) == got) return row.name;
  }
  return "";
}

conversion_rule like(const char* name, format from, format to) {
  conversion_rule rule = named_rule(name);
  rule.from = from;
  rule.to = to;
  return rule;
}

conversion_rule ieee_rule(const char* source, format from, format to, rounding round) {
  conversion_rule rule{
      "IEEE 754", {"IEEE 754", "", evidence::source, source}, from, to, policies::ieee754};
  rule.last.round = round;
  return rule;
}

std::vector<field> operand_fields(const golden_model& model) {
  if (const auto* rule = std::get_if<conversion_rule>(&model)) {
    std::vector<field> out{{"input", rule->from}};
    if (is_stochastic(rule->last.round)) out.push_back({"random", formats::uint32, 1, true});
    return out;
  }
  if (const auto* m = std::get_if<comparison_model>(&model)) {
    return {{"a", m->value}, {"b", m->value}};
  }
  if (const auto* m = std::get_if<dot_model>(&model)) {
    const auto fields = fields_of(m->value);
    return {fields.begin(), fields.end() - (m->value.scale_block == 0 ? 2 : 0)};
  }
  if (const auto* m = std::get_if<instruction_model>(&model)) return operand_fields(*m);
  if (const auto* m = std::get_if<std::shared_ptr<const claim>>(&model)) return (*m)->in;
  const auto& m = std::get<arithmetic_model>(model);
  if (operand_count(m.op) == 1) return {{"input", m.from[0]}};
  std::vector<field> out;
  for (int k = 0; k < operand_count(m.op); ++k) {
    out.push_back(
        {std::string(1, static_cast<char>('a' + k)), m.from[static_cast<std::size_t>(k)]});
  }
  return out;
}

std::vector<field> result_fields(const golden_model& model) {
  if (const auto* rule = std::get_if<conversion_rule>(&model)) return {{"result", rule->to}};
  if (const auto* dot = std::get_if<dot_model>(&model)) return {{"d", dot->value.d}};
  if (const auto* i = std::get_if<instruction_model>(&model)) return {result_field(*i)};
  if (const auto* c = std::get_if<std::shared_ptr<const claim>>(&model)) return (*c)->out;
  const auto* m = std::get_if<arithmetic_model>(&model);
  return {{"result", m != nullptr && m->flags == 0 ? m->to : formats::uint8}};
}

std::string model_name(const golden_model& model) {
  if (const auto* rule = std::get_if<conversion_rule>(&model)) return rule->name;
  if (const auto* m = std::get_if<dot_model>(&model)) return m->name;
  if (const auto* m = std::get_if<instruction_model>(&model)) return m->row->name;
  if (std::holds_alternative<std::shared_ptr<const claim>>(model)) return operation_text(model);
  return std::holds_alternative<arithmetic_model>(model) ? "exact arithmetic" : "exact comparison";
}

std::string model_source(const golden_model& model) {
  if (const auto* rule = std::get_if<conversion_rule>(&model)) return rule->origin.source;
  if (const auto* m = std::get_if<arithmetic_model>(&model)) return m->source;
  if (const auto* m = std::get_if<dot_model>(&model)) return m->source;
  if (const auto* m = std::get_if<instruction_model>(&model)) return m->row->origin.source;
  if (const auto* m = std::get_if<std::shared_ptr<const claim>>(&model)) return (*m)->source;
  return std::get<comparison_model>(model).source;
}

std::string operation_text(const golden_model& model) {
  if (const auto* m = std::get_if<arithmetic_model>(&model)) return operation_text(*m);
  if (const auto* m = std::get_if<comparison_model>(&model)) {
    return fmt::format("{}: {}", format_name(m->value), m->words);
  }
  if (const auto* m = std::get_if<dot_model>(&model)) return operation_text(*m);
  if (const auto* m = std::get_if<instruction_model>(&model)) return operation_text(*m);
  if (const auto* m = std::get_if<std::shared_ptr<const claim>>(&model)) return (*m)->words;
  const auto& rule = std::get<conversion_rule>(model);
  std::string text = fmt::format("{} -> {}", format_name(rule.from), format_name(rule.to));
  if (rounds_twice(rule)) text += fmt::format(" via {}", format_name(rule.via));
  if (!embeds(rule.from, rule.to)) {
    text += fmt::format(", {}", rounding_text(rule.last.round));
    if (rule.last.overflow == saturate || rule.last.overflow == saturate_finite) {
      text += ", saturating";
    }
  }
  return text;
}

code_t expected_code(const golden_model& model, const code_t* operands) {
  if (const auto* rule = std::get_if<conversion_rule>(&model)) {
    return apply(*rule, operands[0], is_stochastic(rule->last.round) ? operands[1] : 0);
  }
  if (const auto* m = std::get_if<arithmetic_model>(&model)) return expected_code(*m, operands);
  if (const auto* m = std::get_if<dot_model>(&model)) return dot_engine(*m)(operands);
  if (const auto* m = std::get_if<instruction_model>(&model)) return expected_code(*m, operands);
  if (const auto* m = std::get_if<std::shared_ptr<const claim>>(&model)) {
    code_t result = 0;
    (*m)->golden(operands, &result);
    return result;
  }
  return expected_code(std::get<comparison_model>(model), operands);
}

catalogue find_implementations() {
  catalogue c;
  add_f16c(c);
  add_sse(c);
  add_x86_arithmetic(c);
  add_avx512_bf16(c);
  add_avx512_fp16(c);
  add_x86_dots(c);
  add_x86_fma(c);
  add_x86_tiles(c);
  add_arm(c);
  add_arm_dots(c);
  add_compiler_float(c);
  add_compiler_float16(c);
  add_compiler_bfloat16(c);
  add_libm(c);
  add_eigen(c);
  add_cuda_fp16(c);
  add_cuda_bf16(c);
  add_cuda_arithmetic(c);
  add_cuda_fp8(c);
  add_cuda_fp6(c);
  add_cuda_fp4(c);
  return c;
}

}  // namespace lowp::tool
