// SPDX-License-Identifier: Apache-2.0
/// \file
/// Constants of encode_half-inl.hpp: binary32 to bfloat16 and binary16.
#ifndef LOWP_SIMD_HALF_PLAN_HPP
#define LOWP_SIMD_HALF_PLAN_HPP

#include <cstdint>

#include "byte_plan.hpp"

namespace lowp::simd {

enum class half_way : std::uint8_t {
  none,        ///< the general encoder
  upper_half,  ///< the upper half of the lane, rounded: bfloat16
  half,        ///< binary16, by the conversion that machines have
};

/// Pairs are indexed by the sign.
struct half_plan {
  half_way way = half_way::none;
  rounding_shape mode = rounding_shape::none;
  std::uint16_t less[2] = {};
  bool limits = false;        ///< what is over stays at the greatest finite number of some sign
  std::uint16_t special = 0;  ///< magnitudes of results from here on may have other codes
};

/// The plan for an encode_plan of 32 bits that is filled but for this.
template <class EncodePlan>
LOWP_FN half_plan make_half_plan(const EncodePlan& e) noexcept {
  half_plan h;
  if (!e.is_plain || e.positive_zero || e.twos_complement || e.implicit != 0 || e.below != 0 ||
      e.sign_bit != 0x8000) {
    return h;
  }
  h.mode = shape_of(e, h.less);
  const bool nearest_even = h.mode == rounding_shape::nearest_even;
  if (e.drop == 16 && e.least == 1 && e.top[0] == 0x7f7f) {
    h.way = half_way::upper_half;
    h.limits = e.cap[0] == e.top[0] || e.cap[1] == e.top[1];
    h.special = 0x7f80;
  } else if (e.drop == 13 && e.least == 113 && e.top[0] == 0x7bff) {
    const bool by_machine = nearest_even || h.mode == rounding_shape::truncate ||
                            (h.mode == rounding_shape::directed && h.less[0] != h.less[1]);
    if (!by_machine) return h;
    bool keeps_infinity = true;
    for (int s = 0; s < 2; ++s) {
      // Directed conversions overflow as `overflow_rule::ieee` says.
      const bool overflows = nearest_even || h.less[s] != 0;
      if (!nearest_even && (e.cap[s] > e.top[s]) != overflows) return h;
      h.limits = h.limits || (nearest_even && e.cap[s] == e.top[s]);
      const std::uint32_t infinite =
          (s == 1 ? e.sign_bit : 0) | (nearest_even ? e.cap[s] : std::uint32_t{0x7c00});
      keeps_infinity = keeps_infinity && e.infinite[s] == infinite;
    }
    h.way = half_way::half;
    h.special = keeps_infinity ? 0x7c01 : 0x7c00;
  }
  return h;
}

}  // namespace lowp::simd

#endif  // LOWP_SIMD_HALF_PLAN_HPP
