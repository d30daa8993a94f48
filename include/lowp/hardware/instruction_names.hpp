// SPDX-License-Identifier: Apache-2.0
/// \file
/// The parts of a conversion instruction in words, for tables and messages.
#ifndef LOWP_HARDWARE_INSTRUCTION_NAMES_HPP
#define LOWP_HARDWARE_INSTRUCTION_NAMES_HPP

#include "conversion_instruction.hpp"

namespace lowp {

LOWP_FN const char* name(source_order o) noexcept {
  switch (o) {
    case source_order::first_low: return "first source low";
    case source_order::first_high: return "first source high";
    case source_order::interleaved: return "interleaved";
    case source_order::deinterleaved: return "deinterleaved";
  }
  return "unknown";
}

LOWP_FN const char* name(rule_choice c) noexcept {
  switch (c) {
    case rule_choice::only: return "none";
    case rule_choice::mxcsr_rounding: return "MXCSR.RC";
    case rule_choice::immediate: return "imm8, MXCSR.RC";
    case rule_choice::fp16_ovfl: return "MODE.FP16_OVFL";
    case rule_choice::fpcr_rounding: return "FPCR.RMode";
    case rule_choice::fpmr_destination: return "FPMR.F8D, FPMR.OSC, FPCR.AH";
    case rule_choice::fpmr_source1: return "FPMR.F8S1, FPCR.AH";
    case rule_choice::fpmr_source2: return "FPMR.F8S2, FPCR.AH";
    case rule_choice::frm: return "frm";
    case rule_choice::frm_altfmt: return "vtype.altfmt, frm";
    case rule_choice::altfmt: return "vtype.altfmt";
  }
  return "unknown";
}

LOWP_FN const char* name(scale_kind k) noexcept {
  switch (k) {
    case scale_kind::none: return "none";
    case scale_kind::binary32_exponent: return "exponent of a binary32";
    case scale_kind::e8m0_pair: return "two e8m0fnu";
    case scale_kind::int8: return "int8";
    case scale_kind::nscale: return "FPMR.NSCALE";
    case scale_kind::lscale: return "FPMR.LSCALE";
    case scale_kind::lscale2: return "FPMR.LSCALE2";
  }
  return "unknown";
}

LOWP_FN const char* name(random_origin r) noexcept {
  switch (r) {
    case random_origin::none: return "none";
    case random_origin::operand: return "operand";
    case random_origin::slices: return "slices of the operand";
    case random_origin::first_register: return "bytes of the first register";
  }
  return "unknown";
}

LOWP_FN const char* name(vector_length v) noexcept {
  switch (v) {
    case vector_length::fixed: return "1";
    case vector_length::up_to_4: return "1, 2, 4";
    case vector_length::scalable: return "1 to 16";
  }
  return "unknown";
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_INSTRUCTION_NAMES_HPP
