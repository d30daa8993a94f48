// SPDX-License-Identifier: Apache-2.0
/// \file
/// The one function that runs any conversion instruction on raw registers.
#ifndef LOWP_HARDWARE_RUN_INSTRUCTION_HPP
#define LOWP_HARDWARE_RUN_INSTRUCTION_HPP

#include <cstddef>
#include <cstdint>

#include "conversion_instruction.hpp"

namespace lowp {

/// The rule that a state chooses. Formats of FPMR that do not exist count as E4M3, frm above 4 as
/// RNE. spec/instructions.md INS-4.
LOWP_FN const conversion_rule& rule_of(const conversion_instruction& row,
                                       const instruction_state& state = {}) noexcept {
  const auto bit = [](std::uint64_t word, int at) { return static_cast<int>(word >> at & 1); };
  const auto is_e4m3 = [&](int at) { return (state.fpmr >> at & 7) != 0 ? 1 : 0; };
  const int ah = bit(state.fpcr, 1);
  const int frm = state.frm > 4 ? 0 : state.frm;
  const int mxcsr_rounding = static_cast<int>(state.mxcsr >> 13 & 3);
  switch (row.choice) {
    case rule_choice::only: break;
    case rule_choice::mxcsr_rounding: return *row.rules[mxcsr_rounding];
    case rule_choice::immediate:
      return *row.rules[(state.immediate & 4) != 0 ? mxcsr_rounding : state.immediate & 3];
    case rule_choice::fp16_ovfl: return *row.rules[state.fp16_ovfl ? 1 : 0];
    case rule_choice::fpcr_rounding: return *row.rules[state.fpcr >> 22 & 3];
    case rule_choice::fpmr_destination:
      return *row.rules[4 * is_e4m3(6) + 2 * bit(state.fpmr, 15) + ah];
    case rule_choice::fpmr_source1: return *row.rules[2 * is_e4m3(0) + ah];
    case rule_choice::fpmr_source2: return *row.rules[2 * is_e4m3(3) + ah];
    case rule_choice::frm: return *row.rules[frm];
    case rule_choice::frm_altfmt: return *row.rules[(state.altfmt ? 5 : 0) + frm];
    case rule_choice::altfmt: return *row.rules[state.altfmt ? 1 : 0];
  }
  return *row.rules[0];
}

namespace detail {

/// The factor of an element: 2^exponent, or NaN.
struct instruction_scale {
  std::int32_t exponent = 0;
  bool is_nan = false;
};

/// The low bits of a word as two's complement.
LOWP_FN std::int32_t as_signed(std::uint64_t word, int bits) noexcept {
  const std::int32_t half = std::int32_t{1} << (bits - 1);
  return (static_cast<std::int32_t>(word & low_mask(bits)) ^ half) - half;
}

LOWP_FN instruction_scale scale_of(const conversion_instruction& row,
                                   const instruction_state& state, int element) noexcept {
  instruction_scale s;
  const auto of_e8m0 = [&](std::uint32_t byte) {
    s = {static_cast<std::int32_t>(byte & 0xff) - 127, (byte & 0xff) == 0xff};
  };
  switch (row.scale) {
    case scale_kind::none: return s;
    case scale_kind::binary32_exponent: of_e8m0(state.scale >> 23); break;
    case scale_kind::e8m0_pair: of_e8m0(state.scale >> (8 * (element & 1))); break;
    case scale_kind::int8: s = {as_signed(state.scale, 8), (state.scale & 0xff) == 0x80}; break;
    case scale_kind::nscale: s.exponent = as_signed(state.fpmr >> 24, row.scale_bits); break;
    case scale_kind::lscale:
      s.exponent = static_cast<std::int32_t>(state.fpmr >> 16 & low_mask(row.scale_bits));
      break;
    case scale_kind::lscale2:
      s.exponent = static_cast<std::int32_t>(state.fpmr >> 32 & low_mask(row.scale_bits));
      break;
  }
  if (has(row, instruction_option::scale_divides)) s.exponent = -s.exponent;
  return s;
}

/// The projection of the rule that a state chooses, with what control bits change of it.
LOWP_FN projection projection_of(const conversion_instruction& row, const conversion_rule& rule,
                                 const instruction_state& state) noexcept {
  projection p = rule.last;
  if (has(row, instruction_option::daz) && (state.mxcsr >> 6 & 1) != 0) {
    p.subnormal_input = subnormal_input_rule::zero;
  }
  // Tiny results come from subnormal sources only: bfloat16 has the exponents of binary32.
  if (has(row, instruction_option::fz) && (state.fpcr >> 24 & 1) != 0) {
    p.subnormal_input = subnormal_input_rule::zero;
  }
  if (has(row, instruction_option::dn) && (state.fpcr >> 25 & 1) != 0) {
    p.nan = nan_rule::quiet;
    p.nan_sign = sign_rule::positive;
  }
  return p;
}

LOWP_FN code_t convert_element(const conversion_rule& rule, const projection& p,
                               const instruction_scale& scale, bool clamps_negative, code_t code,
                               std::uint64_t random) noexcept {
  exact x = apply_input_rule(rule.from, decode(rule.from, code), p.subnormal_input);
  if (scale.is_nan) x = exact_nan();
  if (clamps_negative && x.negative && x.cls != number_class::nan) x = exact_zero();
  if (x.cls == number_class::finite) x.exponent += scale.exponent;
  return encode(rule.to, x, p, random);
}

/// The place of element `i` of source `s` in the result, or with one source in a register.
LOWP_FN std::uint64_t place_of(const conversion_instruction& row, int s, int i,
                               int length) noexcept {
  const int per_source = row.source.elements * length;
  switch (row.order) {
    case source_order::first_low: return static_cast<std::uint64_t>(s * per_source + i);
    case source_order::first_high:
      return static_cast<std::uint64_t>((row.sources - 1 - s) * per_source + i);
    case source_order::interleaved: return static_cast<std::uint64_t>(i * row.sources + s);
    case source_order::deinterleaved:
      return static_cast<std::uint64_t>(i % 2 * (per_source / 2) + i / 2);
  }
  return 0;
}

/// The part of a register that `select` chooses, of as many as there are.
LOWP_FN unsigned selected(const register_layout& r, int select) noexcept {
  if (r.per_select == 0) return 0;
  const unsigned all = r.step == 1 ? r.bits / r.slot : r.step;
  const unsigned parts = all / r.per_select;
  return static_cast<unsigned>(select) % parts;
}

/// The place of an element in a register.
LOWP_FN std::uint64_t slot_in(const register_layout& r, unsigned select,
                              std::uint64_t element) noexcept {
  return unsigned{r.first} + r.per_select * select + r.step * element;
}

/// The word that `encode` takes the random bits of the element at a place of the result from.
LOWP_FN std::uint64_t random_of(const conversion_instruction& row, std::uint32_t word,
                                std::uint64_t place) noexcept {
  if (row.random != random_origin::slices) return word;
  const random_slice slice = row.slices[place & 3];
  const auto byte_of = [&](std::uint8_t i) {
    std::uint32_t byte = word >> (8 * (i & 3)) & 0xff;
    if (!slice.reversed) return byte;
    byte = (byte & 0x0f) << 4 | byte >> 4;
    byte = (byte & 0x33) << 2 | (byte >> 2 & 0x33);
    return (byte & 0x55) << 1 | (byte >> 1 & 0x55);
  };
  return byte_of(slice.high) << 8 | byte_of(slice.low);
}

LOWP_FN array_layout layout_in(const register_layout& r, format f) noexcept {
  return {f, {.slot = r.slot, .lift = r.lift}};
}

}  // namespace detail

/// Runs an instruction. sources: `source_registers(row)` registers of `source_bytes` each; result:
/// `result_bytes`, which are read as well where the row `keeps_rest`. No register may overlap the
/// result. The row is usable: `check(row)`. spec/instructions.md INS-1.
LOWP_FN void run_instruction(const conversion_instruction& row, const std::byte* const* sources,
                             std::byte* result, const instruction_state& state = {}) noexcept {
  const conversion_rule& rule = rule_of(row, state);
  const projection p = detail::projection_of(row, rule, state);
  const array_layout from = detail::layout_in(row.source, rule.from);
  const array_layout to = detail::layout_in(row.result, rule.to);
  const array_layout whole = {format{.width = row.result.slot}, {.slot = row.result.slot}};
  const bool has_register = row.random == random_origin::first_register;
  const array_layout bias = detail::layout_in(row.source, format{.width = 8});
  if (!detail::has(row, instruction_option::keeps_rest)) {
    for (std::size_t i = 0; i < result_bytes(row, state); ++i) result[i] = std::byte{0};
  }
  const bool both = row.source.per_select != 0 && row.result.per_select != 0;
  const unsigned from_select = detail::selected(row.source, state.select);
  const unsigned to_select = detail::selected(row.result, both ? state.select >> 2 : state.select);
  for (int s = 0; s < row.sources; ++s) {
    for (int i = 0; i < row.source.elements * state.length; ++i) {
      const std::uint64_t read = detail::slot_in(row.source, from_select, static_cast<unsigned>(i));
      const std::uint64_t element = detail::place_of(row, s, i, state.length);
      const std::uint64_t random = has_register ? read_code(bias, sources[0], read)
                                                : detail::random_of(row, state.random, element);
      const code_t code = read_code(from, sources[s + (has_register ? 1 : 0)], read);
      const code_t out =
          detail::convert_element(rule, p, detail::scale_of(row, state, static_cast<int>(element)),
                                  detail::has(row, instruction_option::relu), code, random);
      const std::uint64_t write = detail::slot_in(row.result, to_select, element);
      write_code(whole, result, write, 0);
      write_code(to, result, write, out);
    }
  }
}

/// The same for registers of up to 64 bits, given as numbers; `old` is what the result register
/// held. `sources`: `source_registers(row)` words, at most 5.
LOWP_FN std::uint64_t run_instruction(const conversion_instruction& row,
                                      const std::uint64_t* sources,
                                      const instruction_state& state = {},
                                      std::uint64_t old = 0) noexcept {
  std::byte bytes[5][8] = {};
  const std::byte* registers[5] = {};
  for (int s = 0; s < source_registers(row) && s < 5; ++s) {
    for (int i = 0; i < 8; ++i) bytes[s][i] = static_cast<std::byte>(sources[s] >> (8 * i));
    registers[s] = bytes[s];
  }
  std::byte result[8] = {};
  for (int i = 0; i < 8; ++i) result[i] = static_cast<std::byte>(old >> (8 * i));
  run_instruction(row, registers, result, state);
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < result_bytes(row, state) && i < 8; ++i) {
    word |= static_cast<std::uint64_t>(result[i]) << (8 * i);
  }
  return word;
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_RUN_INSTRUCTION_HPP
