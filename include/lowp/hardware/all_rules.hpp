// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every conversion rule and every policy, in lists, and found by name: ask for what CUDA 13 does.
#ifndef LOWP_HARDWARE_ALL_RULES_HPP
#define LOWP_HARDWARE_ALL_RULES_HPP

#include <cstddef>

#include "../find_format.hpp"
#include "amd.hpp"
#include "amd_cdna4.hpp"
#include "arm.hpp"
#include "gaudi.hpp"
#include "intel.hpp"
#include "nvidia.hpp"
#include "policies.hpp"
#include "riscv.hpp"
#include "software.hpp"

namespace lowp {

/// A fixed list that can be iterated, also at compile time.
template <class Row, std::size_t Size>
struct row_list {
  Row rows[Size];

  LOWP_FN const Row* begin() const noexcept { return rows; }
  LOWP_FN const Row* end() const noexcept { return rows + Size; }
  LOWP_FN std::size_t size() const noexcept { return Size; }
  LOWP_FN const Row& operator[](std::size_t i) const noexcept { return rows[i]; }
};

namespace detail {

template <class Row, std::size_t... Sizes>
LOWP_FN auto concatenate(const Row (&... tables)[Sizes]) noexcept {
  row_list<Row, (Sizes + ...)> all{};
  std::size_t i = 0;
  const auto append = [&](const auto& table) {
    for (const Row& row : table) all.rows[i++] = row;
  };
  (append(tables), ...);
  return all;
}

}  // namespace detail

/// All named conversions. spec/conversion_rules.json.
inline constexpr auto all_conversion_rules = detail::concatenate(
    rules::cuda_rules, rules::ptx_rules, rules::cutlass_rules, rules::hip2024_rules,
    rules::hip_ocp_rules, rules::amd_instruction_rules, rules::cdna4_rules, rules::x86_rules,
    rules::arm_rules, rules::riscv_rules, rules::gaudi_rules, rules::ml_dtypes_rules,
    rules::pytorch_rules, rules::onnx_rules, rules::onednn_rules, rules::other_rules);

namespace rules {

/// Projections of vendors that mean the same for all formats of a kind, fp8, fp6 and fp4 at least.
/// Policies whose projection depends on the formats (ml_dtypes, CUTLASS) have rows of rules only.
inline constexpr named_projection vendors[] = {
    {"CUDA 13 satfinite", policies::cuda13_satfinite, detail::cuda13_headers},
    {"CUDA 13 nosat", policies::cuda13_nosat, detail::cuda13_headers},
    {"CUDA 13 rd", policies::cuda13_rd, detail::cuda13_headers},
    {"CUDA 13 ru", policies::cuda13_ru, detail::cuda13_headers},
    {"PTX rn satfinite", policies::cuda13_satfinite, detail::ptx_isa},
    {"RDNA4 FP16_OVFL=0", policies::rdna4_ovfl0, rdna4_source},
    {"RDNA4 FP16_OVFL=1", policies::rdna4_ovfl1, rdna4_source},
    {"CDNA3 FP16_OVFL=0", policies::cdna3_ovfl0, cdna3_source},
    {"CDNA3 FP16_OVFL=1", policies::cdna3_ovfl1, cdna3_source},
    {"x86 rn", policies::x86_rn, x86_run},
    {"x86 rz", policies::x86_rz, x86_run},
    {"x86 rd", policies::x86_rd, x86_run},
    {"x86 ru", policies::x86_ru, x86_run},
    {"AVX10.2", policies::x86_rn, avx10_text},
    {"AVX10.2 saturating", policies::x86_saturating, avx10_text},
    {"Arm OSC=0", policies::arm_osc0, arm_text},
    {"Arm OSC=1", policies::arm_osc1, arm_text},
    {"Arm OSC=0 AH", policies::arm_osc0_ah, arm_text},
    {"Arm OSC=1 AH", policies::arm_osc1_ah, arm_text},
    {"RISC-V rtz", policies::riscv(toward_zero, ieee), riscv_isa_sim},
    {"RISC-V rdn", policies::riscv(toward_negative, ieee), riscv_isa_sim},
    {"RISC-V rup", policies::riscv(toward_positive, ieee), riscv_isa_sim},
    {"RISC-V rmm", policies::riscv(to_nearest_away, ieee), riscv_isa_sim},
    {"RISC-V sat rne", policies::riscv(to_nearest_even, saturate), riscv_isa_sim},
    {"RISC-V sat rtz", policies::riscv(toward_zero, saturate), riscv_isa_sim},
    {"RISC-V sat rdn", policies::riscv(toward_negative, saturate), riscv_isa_sim},
    {"RISC-V sat rup", policies::riscv(toward_positive, saturate), riscv_isa_sim},
    {"RISC-V sat rmm", policies::riscv(to_nearest_away, saturate), riscv_isa_sim},
    {"Eigen", policies::eigen, eigen_is.source},
};

}  // namespace rules

/// Projections by name that hold for every pair of formats: standards, then vendors.
inline constexpr auto all_policies = detail::concatenate(rules::standards, rules::vendors);

/// The rule of this name, nullptr if there is none.
LOWP_UNIT constexpr const conversion_rule* find_rule(const char* name) noexcept {
  for (const conversion_rule& rule : all_conversion_rules) {
    if (detail::same_text(rule.name, name)) return &rule;
  }
  return nullptr;
}

/// What a policy ("CUDA 13 satfinite", "ml_dtypes default") does between two formats; nullptr where
/// that is not known.
LOWP_UNIT constexpr const conversion_rule* find_rule(const char* policy, format from,
                                                     format to) noexcept {
  for (const conversion_rule& rule : all_conversion_rules) {
    if (rule.from == from && rule.to == to && detail::same_text(rule.origin.policy, policy)) {
      return &rule;
    }
  }
  return nullptr;
}

/// The projection of this name that holds for every pair of formats, nullptr if there is none.
LOWP_UNIT constexpr const named_projection* find_policy(const char* name) noexcept {
  for (const named_projection& policy : all_policies) {
    if (detail::same_text(policy.name, name)) return &policy;
  }
  return nullptr;
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_ALL_RULES_HPP
