// SPDX-License-Identifier: Apache-2.0
/// \file
/// NVIDIA: PTX cvt as instructions on registers. The first source goes to the upper part.
#ifndef LOWP_HARDWARE_INSTRUCTIONS_NVIDIA_HPP
#define LOWP_HARDWARE_INSTRUCTIONS_NVIDIA_HPP

#include "conversion_instruction.hpp"
#include "nvidia.hpp"

namespace lowp::rules {

inline constexpr conversion_instruction ptx_instructions[] = {
    {.name = "cvt.rn.satfinite.e4m3x2.f32",
     .target = "sm_89, PTX 8.1",
     .origin = ptx_infers_satfinite,
     .rules = {&detail::rule_named(ptx_rules, "ptx.e4m3fn.rn.satfinite")},
     .source = {.bits = 32, .elements = 1, .slot = 32},
     .result = {.bits = 16, .elements = 2, .slot = 8},
     .sources = 2,
     .order = source_order::first_high,
     .notes = ptx_nan_open},
};

}  // namespace lowp::rules

#endif  // LOWP_HARDWARE_INSTRUCTIONS_NVIDIA_HPP
