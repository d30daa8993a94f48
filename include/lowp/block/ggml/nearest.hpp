// SPDX-License-Identifier: Apache-2.0
/// \file
/// ggml blocks of E2M1 codes, MXFP4 and NVFP4: a scale from amax, then the nearest value.
#ifndef LOWP_BLOCK_GGML_NEAREST_HPP
#define LOWP_BLOCK_GGML_NEAREST_HPP

#include <cstddef>
#include <cstdint>

#include "../scale_rule.hpp"
#include "fields.hpp"
#include "plain.hpp"

namespace lowp::detail::ggml {

/// The byte of a scale 2^(byte - 128): half of the power of two that `rule` gives, infinity
/// counting as 2^128. Amax below 2^-125, where C leaves the conversion open, has byte 0.
/// spec/ggml.md GGM-9.
LOWP_FN std::uint8_t power_byte(scale_rule rule, std::uint32_t amax) noexcept {
  if (amax < 0x01000000) return 0;
  return static_cast<std::uint8_t>(scale_exponent(rule, formats::e2m1, amax) + 127);
}

/// The byte of a scale by the kind that it has.
template <binary32_real Real>
LOWP_FN std::uint8_t scale_byte(const ggml_type& t, Real amax) noexcept {
  return t.scale.kind == ggml_number::ue4m3_half ? ue4m3_code(amax / real<Real>(6))
                                                 : power_byte(t.rule, magnitude_of(amax));
}

/// The least code whose value times d is nearest to x; of NaN 0. Never 8, that of -0.
template <binary32_real Real>
LOWP_FN int nearest_e2m1(Real x, Real d) noexcept {
  int best = 0;
  Real least = magnitude(real<Real>(0) * d - x);
  for (int code = 1; code < 16; ++code) {
    const Real error = magnitude(real_from_integer<Real>(ggml_e2m1_value(code)) * d - x);
    if (!(error < least)) continue;
    least = error;
    best = code;
  }
  return best;
}

/// The code of x over twice d, as instructions convert it: to nearest even, saturating, NaN to the
/// greatest; the sign of zero stays. GGM-9.
template <binary32_real Real>
LOWP_FN int even_e2m1(Real x, Real d) noexcept {
  const projection p{
      .overflow = saturate, .nan = nan_rule::max_finite, .nan_sign = sign_rule::positive};
  const Real reciprocal = reciprocal_or_zero(real<Real>(2) * d);
  return static_cast<int>(encode_real(formats::e2m1, x * reciprocal, p));
}

template <binary32_real Real>
LOWP_FN void quantise_nearest(const ggml_type& t, const Real* x, std::byte* out) noexcept {
  const int span = t.scale.span;
  for (int first = 0; first < t.elements; first += span) {
    const Real amax = magnitude(signed_peak(x + first, span));
    const std::uint8_t byte = scale_byte(t, amax);
    out[t.scale.at + first / span] = std::byte{byte};
    const Real d = byte_scale<Real>(t.scale.kind, byte);
    for (int i = first; i < first + span; ++i) {
      const bool by_value = t.e2m1_rule == ggml_e2m1_rule::nearest_value;
      write_integer(t.codes, out, i, by_value ? nearest_e2m1(x[i], d) : even_e2m1(x[i], d));
    }
  }
}

}  // namespace lowp::detail::ggml

#endif  // LOWP_BLOCK_GGML_NEAREST_HPP
