// SPDX-License-Identifier: Apache-2.0
/// \file
/// Intel Gaudi2 as instructions on registers: 64 binary32 to bytes or halves of the same 32 bits,
/// which lane_sel (`select`) chooses; the others stay. Stochastic rounding is left out: its random
/// bits are not described.
#ifndef LOWP_HARDWARE_INSTRUCTIONS_GAUDI_HPP
#define LOWP_HARDWARE_INSTRUCTIONS_GAUDI_HPP

#include "conversion_instruction.hpp"
#include "gaudi.hpp"

namespace lowp {

namespace detail::gaudi_rows {

using instruction_option::keeps_rest;

inline constexpr register_layout byte{.bits = 2048, .slot = 8, .step = 4, .per_select = 1};
inline constexpr register_layout half{.bits = 2048, .slot = 16, .step = 2, .per_select = 1};

constexpr conversion_instruction gaudi(const char* name, const char* rule, register_layout result) {
  return instruction(name, "Gaudi2", rule_named(rules::gaudi_rules, rule),
                     {.bits = 2048, .slot = 32}, 1, result, keeps_rest);
}

inline constexpr conversion_instruction rows[] = {
    // clang-format off
    gaudi("v_convert_f32_to_f8_b f8_143 SW_RHNE", "gaudi2.e4m3.rhne", byte),
    gaudi("v_convert_f32_to_f8_b f8_143 SW_RHNE|SW_CLIP_FP", "gaudi2.e4m3.rhne.clip", byte),
    gaudi("v_convert_f32_to_f8_b f8_143 SW_RZ", "gaudi2.e4m3.rz", byte),
    gaudi("v_convert_f32_to_f8_b f8_143 SW_RZ|SW_CLIP_FP", "gaudi2.e4m3.rz.clip", byte),
    gaudi("v_convert_f32_to_f8_b f8_143 SW_RD", "gaudi2.e4m3.rd", byte),
    gaudi("v_convert_f32_to_f8_b f8_143 SW_RD|SW_CLIP_FP", "gaudi2.e4m3.rd.clip", byte),
    gaudi("v_convert_f32_to_f8_b f8_143 SW_RU", "gaudi2.e4m3.ru", byte),
    gaudi("v_convert_f32_to_f8_b f8_143 SW_RU|SW_CLIP_FP", "gaudi2.e4m3.ru.clip", byte),
    gaudi("v_convert_f32_to_f8_b f8_152 SW_RHNE", "gaudi2.e5m2.rhne", byte),
    gaudi("v_convert_f32_to_f8_b f8_152 SW_RHNE|SW_CLIP_FP", "gaudi2.e5m2.rhne.clip", byte),
    gaudi("v_convert_f32_to_f8_b f8_152 SW_RZ", "gaudi2.e5m2.rz", byte),
    gaudi("v_convert_f32_to_f8_b f8_152 SW_RZ|SW_CLIP_FP", "gaudi2.e5m2.rz.clip", byte),
    gaudi("v_convert_f32_to_f8_b f8_152 SW_RD", "gaudi2.e5m2.rd", byte),
    gaudi("v_convert_f32_to_f8_b f8_152 SW_RD|SW_CLIP_FP", "gaudi2.e5m2.rd.clip", byte),
    gaudi("v_convert_f32_to_f8_b f8_152 SW_RU", "gaudi2.e5m2.ru", byte),
    gaudi("v_convert_f32_to_f8_b f8_152 SW_RU|SW_CLIP_FP", "gaudi2.e5m2.ru.clip", byte),
    gaudi("v_convert_f32_to_bf16_b SW_RHNE", "gaudi2.bfloat16.rhne", half),
    gaudi("v_convert_f32_to_bf16_b SW_RZ", "gaudi2.bfloat16.rz", half),
    gaudi("v_convert_f32_to_bf16_b SW_RD", "gaudi2.bfloat16.rd", half),
    gaudi("v_convert_f32_to_bf16_b SW_RU", "gaudi2.bfloat16.ru", half),
    // clang-format on
};

}  // namespace detail::gaudi_rows

namespace rules {

inline constexpr const auto& gaudi_instructions = detail::gaudi_rows::rows;

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_INSTRUCTIONS_GAUDI_HPP
