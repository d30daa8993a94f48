// SPDX-License-Identifier: Apache-2.0
/// \file
/// Whether a row of a conversion instruction can be run.
#ifndef LOWP_HARDWARE_CHECK_INSTRUCTION_HPP
#define LOWP_HARDWARE_CHECK_INSTRUCTION_HPP

#include <cstdint>

#include "conversion_instruction.hpp"

namespace lowp {

/// What is wrong with a row, see `check` and `message`.
enum class [[nodiscard]] instruction_error : std::uint8_t{
    none,
    rule,     ///< a rule is missing, rounds twice, or its formats are wider than the slots
    sources,  ///< sources, elements or order do not fit together
    layout,   ///< elements reach beyond a register
    scale,    ///< scale_bits is not in 1...8
    random,   ///< a stochastic rule without random bits, or random bits without one
};

/// Rules that a choice needs.
LOWP_FN int rules_of(rule_choice choice) noexcept {
  switch (choice) {
    case rule_choice::only: return 1;
    case rule_choice::mxcsr_rounding:
    case rule_choice::immediate:
    case rule_choice::fpcr_rounding:
    case rule_choice::fpmr_source1:
    case rule_choice::fpmr_source2: return 4;
    case rule_choice::fp16_ovfl:
    case rule_choice::altfmt: return 2;
    case rule_choice::fpmr_destination: return 8;
    case rule_choice::frm: return 5;
    case rule_choice::frm_altfmt: return 10;
  }
  return 0;
}

namespace detail {

LOWP_FN bool fits_register(const register_layout& r, int elements) noexcept {
  if (r.bits == 0 || r.bits % 8 != 0 || r.slot == 0 || r.step == 0 || elements == 0) return false;
  const unsigned last = r.first + r.step * static_cast<unsigned>(elements - 1);
  return (last + 1) * r.slot <= r.bits;
}

LOWP_FN bool fits_slots(const conversion_instruction& row, const conversion_rule& rule) noexcept {
  return !rounds_twice(rule) && rule.from.width + row.source.lift <= row.source.slot &&
         rule.to.width + row.result.lift <= row.result.slot && row.result.slot <= 64;
}

}  // namespace detail

/// Which rule a row breaks; `instruction_error::none` for a usable one. INS-1
LOWP_FN instruction_error check(const conversion_instruction& row) noexcept {
  for (int i = 0; i < rules_of(row.choice); ++i) {
    if (row.rules[i] == nullptr || !detail::fits_slots(row, *row.rules[i])) {
      return instruction_error::rule;
    }
    if (is_stochastic(row.rules[i]->last.round) != (row.random != random_origin::none)) {
      return instruction_error::random;
    }
  }
  if (row.sources == 0 || row.sources > 4 ||
      (row.order == source_order::deinterleaved && row.sources != 1)) {
    return instruction_error::sources;
  }
  if (!detail::fits_register(row.source, row.source.elements) ||
      !detail::fits_register(row.result, row.sources * row.source.elements)) {
    return instruction_error::layout;
  }
  if (row.scale_bits == 0 || row.scale_bits > 8) return instruction_error::scale;
  return instruction_error::none;
}

/// The rule in words, for messages.
LOWP_FN const char* message(instruction_error e) noexcept {
  switch (e) {
    case instruction_error::none: return "no error";
    case instruction_error::rule:
      return "each rule that the choice needs must exist, round once and fit the slots";
    case instruction_error::sources:
      return "there are 1 to 4 sources, and one where its elements are deinterleaved";
    case instruction_error::layout: return "the elements must lie within their registers";
    case instruction_error::scale: return "scale_bits must be from 1 to 8";
    case instruction_error::random: return "random bits and stochastic rules need each other";
  }
  return "unknown";
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_CHECK_INSTRUCTION_HPP
