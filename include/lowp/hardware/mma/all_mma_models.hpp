// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every matrix instruction, in one list, and found by name; published rules that differ from the
/// default; models changed in one respect.
#ifndef LOWP_HARDWARE_MMA_ALL_MMA_MODELS_HPP
#define LOWP_HARDWARE_MMA_ALL_MMA_MODELS_HPP

#include "../all_rules.hpp"
#include "mma_amd.hpp"
#include "mma_arm.hpp"
#include "mma_gaudi.hpp"
#include "mma_generic.hpp"
#include "mma_intel.hpp"
#include "mma_nvidia.hpp"
#include "mma_nvidia_blackwell.hpp"

namespace lowp {

/// All named models. spec/mma_models.json.
inline constexpr auto all_mma_models = detail::concatenate(
    mma_rows::nvidia_models, mma_rows::nvidia_blackwell_models, mma_rows::nvidia_integer_models,
    mma_rows::amd_models, mma_rows::gaudi_models, mma_rows::intel_models, mma_rows::arm_models,
    mma_rows::generic_models);

/// The model of this name, nullptr if there is none.
LOWP_UNIT constexpr const named_mma_model* find_mma_model(const char* name) noexcept {
  for (const named_mma_model& m : all_mma_models) {
    if (detail::same_text(m.name, name)) return &m;
  }
  return nullptr;
}

/// The same unit with k products an instruction: a shorter tile of AMX. k must be a multiple of
/// `group`.
LOWP_FN mma_model with_k(mma_model m, int k) noexcept {
  m.k = static_cast<std::uint16_t>(k);
  if (m.sum == mma_sum::exact && m.entry == accumulator_entry::after_all) m.group = m.k;
  return m;
}

/// What is published on zeros among aligned terms. spec/mma.md MMA-4 *Open*.
struct named_zero_rule {
  const char* name;
  zero_exponent zeros;
  const char* source;
};
inline constexpr named_zero_rule all_zero_rules[] = {
    {"skipped", zero_exponent::none, "Khattak and Mikaitis, MATLAB-tensor-core; Gaudi3's source"},
    {"minus_126", zero_exponent::minus_126, "MMA-Sim since January 2026"},
};

/// The model under a rule for zeros; what does not align, and Gaudi, is as it was.
LOWP_FN mma_model with_zero_rule(mma_model m, zero_exponent zeros) noexcept {
  if (m.sum != mma_sum::aligned || m.zeros == zeros || zeros != zero_exponent::minus_126) return m;
  m.zeros = zeros;
  m.least_exponent = mma_model{}.least_exponent;
  return m;
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_MMA_ALL_MMA_MODELS_HPP
