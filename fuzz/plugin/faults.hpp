// SPDX-License-Identifier: Apache-2.0
/// \file
/// From a batch that failed to the least part of it that does (GLD-4).
#ifndef LOWP_FUZZ_PLUGIN_FAULTS_HPP
#define LOWP_FUZZ_PLUGIN_FAULTS_HPP

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../implementation.hpp"
#include "plugin_worker.hpp"

namespace lowp::tool {

/// "input 0x3f800000 = 1, random 0x00000000": the operands of case i, the first few.
std::string operands_text(const std::vector<field>& in, const void* const* arrays, std::size_t i);

/// The cases `start` ... `start + n - 1` of a batch.
batch part_of(const batch& b, const std::vector<field>& in, const std::vector<field>& out,
              std::size_t start, std::size_t n, std::vector<const void*>& ins,
              std::vector<void*>& outs);

/// Halves a batch in which `run` (of a part) found a fault as long as a half of it has one, and
/// says what it comes down to: a case, or a batch none of whose halves has a fault.
implementation_failure least_fault(
    const call_fault& found, const batch& b, const std::vector<field>& in,
    const std::vector<field>& out,
    const std::function<std::optional<call_fault>(const batch& part)>& run);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PLUGIN_FAULTS_HPP
