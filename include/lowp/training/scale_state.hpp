// SPDX-License-Identifier: Apache-2.0
/// \file
/// Factors of tensors: from an amax, and delayed, from the amaxes of earlier steps. A state is
/// plain data that a checkpoint writes. spec/training.md TRN-3, TRN-4.
#ifndef LOWP_TRAINING_SCALE_STATE_HPP
#define LOWP_TRAINING_SCALE_STATE_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../binary32.hpp"
#include "../types.hpp"
#include "operand_rule.hpp"

namespace lowp {

namespace detail {

/// M 2^-margin, the greatest number of the rule's format under its margin, in binary32.
LOWP_FN std::uint32_t greatest_scaled(const operand_rule& r) noexcept {
  exact m = decode(r.element, max_finite(r.element));
  m.exponent -= r.margin;
  return static_cast<std::uint32_t>(encode(formats::binary32, m));
}

}  // namespace detail

/// The factor of a tensor with this amax: M 2^-margin / amax in binary32, the greatest number where
/// that is infinite; 1 where amax is 0 or not finite. With `power_of_two` its trailing significand
/// is dropped. TRN-3.
LOWP_FN std::uint32_t factor_of_amax(const operand_rule& r, std::uint32_t amax) noexcept {
  constexpr std::uint32_t one = 0x3f800000, infinity = 0x7f800000, greatest = 0x7f7fffff;
  if (amax == 0 || amax >= infinity) return one;
  const float32 s =
      real_from_bits<float32>(detail::greatest_scaled(r)) / real_from_bits<float32>(amax);
  std::uint32_t bits = real_bits(s);
  if (bits >= infinity) bits = greatest;
  return r.power_of_two ? bits & 0xff800000 : bits;
}

/// What a delayed factor remembers of one operand. TRN-4.
struct scale_state {
  float scale = 1;         ///< the factor of this step
  std::uint64_t step = 0;  ///< the step that it is of
  float amax = 0;          ///< the greatest amax seen in this step, so far
  /// Amaxes of earlier steps, the latest first, at most as many as the rule's history.
  std::vector<float> history = {};

  friend bool operator==(const scale_state&, const scale_state&) = default;
};

/// Begins a step: if it is another than the state's, the amax seen joins the history, and the
/// factor follows from it; amaxes that are zero or not finite leave it as it was. A history as
/// TransformerEngine's `amax_history`. TRN-4.
LOWP_UNIT inline void begin_step(const operand_rule& r, scale_state& s, std::uint64_t step) {
  if (s.step == step) return;
  s.step = step;
  if (s.history.empty() && s.amax == 0) return;  // nothing was seen yet
  s.history.insert(s.history.begin(), s.amax);
  if (s.history.size() > r.history) s.history.resize(r.history);
  const float latest = s.amax;
  s.amax = 0;
  std::uint32_t amax = std::bit_cast<std::uint32_t>(latest);
  if (r.choice == amax_choice::greatest) {
    for (const float a : s.history) amax = std::max(amax, std::bit_cast<std::uint32_t>(a));
  }
  if (amax != 0 && amax < 0x7f800000) s.scale = std::bit_cast<float>(factor_of_amax(r, amax));
}

/// Notes an amax, bits of a binary32 number without sign. Infinities count, NaNs do not.
LOWP_UNIT inline void note_amax(scale_state& s, float amax) {
  if (std::bit_cast<std::uint32_t>(amax) > std::bit_cast<std::uint32_t>(s.amax)) s.amax = amax;
}

}  // namespace lowp

#endif  // LOWP_TRAINING_SCALE_STATE_HPP
