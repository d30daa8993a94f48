// SPDX-License-Identifier: Apache-2.0
/// \file
/// Mistakes of hand-written conversions as data: each row turns a switch of the faulty conversion
/// and says in words what that means. Rows of different groups combine. spec/diagnosis.md DIA-4.
#ifndef LOWP_GOLDEN_FAULT_MODELS_HPP
#define LOWP_GOLDEN_FAULT_MODELS_HPP

#include <cstdint>
#include <string>

#include "faulty_conversion.hpp"
#include "identify_conversion_words.hpp"

namespace lowp::golden {

/// Where in the source a behaviour shows; bits, to be combined.
enum input_region : std::uint16_t {
  nan_inputs = 1,
  infinite_inputs = 2,
  zero_inputs = 4,
  subnormal_inputs = 8,    ///< of the source
  subnormal_results = 16,  ///< results below the least normal value, zero included
  normal_results = 32,
  large_results = 64,  ///< the top binade and what lies beyond
  negative_inputs = 128,
  all_finite = subnormal_inputs | subnormal_results | normal_results | large_results,
};

/// One mistake: how it is called, where it shows, what it changes. Rows of one group exclude each
/// other.
struct fault_model {
  const char* name;
  int group;
  std::uint16_t regions;
  bool minifloats_only;  ///< as targets
  void (*set)(conversion_faults&);
  std::string (*words)(const conversion_rule&);
};

/// All mistakes without a parameter; a new one is one row (and what it means above).
inline constexpr fault_model fault_models[] = {
    {"implicit_one", 1, subnormal_inputs, false,
     [](conversion_faults& f) { f.subnormals = subnormal_reading::implicit_one; },
     [](const conversion_rule& r) {
       return "subnormal codes decoded with an implicit leading 1 (and exponent " +
              std::to_string(-r.from.bias) + ")";
     }},
    {"implicit_one_next", 1, subnormal_inputs, false,
     [](conversion_faults& f) { f.subnormals = subnormal_reading::implicit_one_next; },
     [](const conversion_rule& r) {
       return "subnormal codes decoded with an implicit leading 1 (and exponent " +
              std::to_string(1 - r.from.bias) + ")";
     }},
    {"half_subnormals", 1, subnormal_inputs, false,
     [](conversion_faults& f) { f.subnormals = subnormal_reading::half; },
     [](const conversion_rule& r) {
       return "subnormal codes decoded to half of their value (exponent " +
              std::to_string(-r.from.bias) + " instead of " + std::to_string(1 - r.from.bias) + ")";
     }},
    {"nan_is_negative_zero", 2, nan_inputs, false,
     [](conversion_faults& f) { f.nan_is_negative_zero = true; },
     [](const conversion_rule&) {
       return std::string("decoded as negative zero; in formats without -0 this code is the NaN");
     }},
    {"nan_is_infinity", 2, nan_inputs, false,
     [](conversion_faults& f) { f.nan_is_infinity = true; },
     [](const conversion_rule&) { return std::string("NaN read as infinity"); }},
    {"nan_is_number", 2, nan_inputs, false, [](conversion_faults& f) { f.nan_is_number = true; },
     [](const conversion_rule&) { return std::string("NaN codes decoded as numbers"); }},
    {"zero_extended", 4, negative_inputs, false,
     [](conversion_faults& f) { f.zero_extended = true; },
     [](const conversion_rule& r) {
       return "negative codes decode " + std::to_string(1u << (r.from.width % 32)) +
              " steps too high: zero-extended instead of sign-extended";
     }},
    {"least_is_zero", 5, all_finite, false, [](conversion_faults& f) { f.least_is_zero = true; },
     [](const conversion_rule& r) {
       return "code 0 decodes to 0 instead of " + value_words(r.from, 0);
     }},
    {"carry_is_ored", 6, normal_results | large_results, true,
     [](conversion_faults& f) { f.carry_is_ored = true; },
     [](const conversion_rule&) {
       return std::string(
           "carry out of the rounded significand is OR-ed into the exponent field: lost when the "
           "field is odd (result = half)");
     }},
    {"top_field_reserved", 7, large_results, true,
     [](conversion_faults& f) { f.top_field_reserved = true; },
     [](const conversion_rule& r) {
       const auto top = static_cast<int>(detail::low_mask(exponent_field_bits(r.to)));
       const bool stays = r.last.overflow == saturate || r.last.overflow == saturate_finite;
       return (stays ? "saturates from " : "overflows from ") + power_words(top - r.to.bias) +
              ": the top exponent field is treated as reserved";
     }},
    {"overflow_keeps_fraction", 8, large_results, true,
     [](conversion_faults& f) { f.overflow_keeps_fraction = true; },
     [](const conversion_rule& r) {
       const auto top = static_cast<int>(detail::low_mask(exponent_field_bits(r.to)));
       return "overflow from " + power_words(top - r.to.bias) +
              " on gives NaN: fraction bits are kept under the all-ones exponent field";
     }},
    {"subnormal_half", 9, subnormal_results, true,
     [](conversion_faults& f) { f.subnormal_shift = 1; },
     [](const conversion_rule&) {
       return std::string(
           "subnormal results are half of the right value (shifted and rounded one bit too high)");
     }},
    {"subnormal_half_after_rounding", 9, subnormal_results, true,
     [](conversion_faults& f) {
       f.subnormal_shift = 1;
       f.subnormal_after_rounding = true;
     },
     [](const conversion_rule&) {
       return std::string(
           "subnormal results are half of the right value (shifted and rounded one bit too high)");
     }},
    {"subnormal_twice", 9, subnormal_results, true,
     [](conversion_faults& f) { f.subnormal_shift = -1; },
     [](const conversion_rule&) {
       return std::string(
           "subnormal results are twice the right value (shifted one bit too little)");
     }},
    {"subnormal_sticky_lost", 10, subnormal_results, true,
     [](conversion_faults& f) { f.subnormal_sticky_lost = true; },
     [](const conversion_rule&) {
       return std::string("subnormal rounding ignores bits lost in the shift (no sticky bit)");
     }},
    {"shift_modulo_32", 11, subnormal_results, true,
     [](conversion_faults& f) { f.shift_modulo = 32; },
     [](const conversion_rule&) {
       return std::string("results are not zero: right shift by >= 32 taken modulo 32");
     }},
    {"shift_modulo_64", 11, subnormal_results, true,
     [](conversion_faults& f) { f.shift_modulo = 64; },
     [](const conversion_rule&) {
       return std::string("results are not zero: right shift by >= 64 taken modulo 64");
     }},
    {"wraps", 12, large_results, false, [](conversion_faults& f) { f.wraps = wrapping::field; },
     [](const conversion_rule& r) {
       return std::string("magnitudes wrap: ") + (r.to.kind == number_kind::minifloat
                                                      ? "exponent bit above the field is cut off"
                                                      : "bits above the integer are cut off");
     }},
    {"wraps_into_sign", 12, large_results, true,
     [](conversion_faults& f) { f.wraps = wrapping::sign; },
     [](const conversion_rule&) {
       return std::string("overflow spills into the sign bit: exponent bits are not masked");
     }},
    {"field_too_small", 13, all_finite, false, [](conversion_faults& f) { f.field_offset = -1; },
     [](const conversion_rule& r) {
       return std::string(
           r.to.kind == number_kind::minifloat
               ? "results are half of the right value (exponent field too small by 1)"
               : "results are one code too low");
     }},
    {"field_too_large", 13, all_finite, false, [](conversion_faults& f) { f.field_offset = 1; },
     [](const conversion_rule& r) {
       return std::string(r.to.kind == number_kind::minifloat
                              ? "results are twice the right value (exponent field too large by 1)"
                              : "results are one code too high");
     }},
    {"drops_sign", 14, all_finite | zero_inputs | infinite_inputs, false,
     [](conversion_faults& f) { f.drops_sign = true; },
     [](const conversion_rule&) { return std::string("the sign is lost"); }},
    {"flips_sign", 14, all_finite | zero_inputs | infinite_inputs, false,
     [](conversion_faults& f) { f.flips_sign = true; },
     [](const conversion_rule&) { return std::string("the sign is inverted"); }},
    {"infinity_is_number", 15, infinite_inputs, false,
     [](conversion_faults& f) { f.infinity_is_number = true; },
     [](const conversion_rule&) { return std::string("infinity decoded as a number"); }},
};

/// Rows up to this group misread the source; the others round or pack wrongly.
inline constexpr int last_reading_group = 5;

/// Groups from here on are free for rows made at run time.
inline constexpr int fault_group_end = 16;

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_FAULT_MODELS_HPP
