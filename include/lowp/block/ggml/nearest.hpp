// SPDX-License-Identifier: Apache-2.0
/// \file
/// ggml blocks of E2M1 codes, MXFP4 and NVFP4: a scale from amax, then the nearest value.
#ifndef LOWP_BLOCK_GGML_NEAREST_HPP
#define LOWP_BLOCK_GGML_NEAREST_HPP

#include <cstddef>
#include <cstdint>

#include "fields.hpp"
#include "plain.hpp"

namespace lowp::detail::ggml {

/// How many units in the last place below 2^k a number may be and still have k as its logarithm to
/// base 2, correctly rounded to binary32: floor(2^24 (1 - 2^-h)) with h half the distance from k to
/// the number below it, 2^(e - 24) for 2^e <= |k| < 2^(e + 1), half that at k = 2^e. So it is
/// floor(2^e ln 2) but for terms too small to matter here. spec/ggml.md GGM-9.
LOWP_FN int ulps_that_round_up(int k) noexcept {
  if (k == 0) return 0;
  const bool is_power = k > 0 && (k & (k - 1)) == 0;
  int e = 0;
  for (int n = k < 0 ? -k : k; n > 1; n >>= 1) ++e;
  if (is_power) --e;
  constexpr int floor_of[] = {0, 1, 2, 5, 11, 22, 44, 88};
  return e < 0 ? 0 : floor_of[e];
}

/// The exponent that a rule makes of a positive normal magnitude; infinity counts as 2^128.
LOWP_FN int exponent_of(ggml_scale_rule rule, std::uint32_t magnitude) noexcept {
  const int exponent = static_cast<int>(magnitude >> 23) - 127;
  const std::uint32_t fraction = magnitude & 0x7fffff;
  switch (rule) {
    case ggml_scale_rule::floor_log2: {
      const int ulps = static_cast<int>(0x800000 - fraction);
      return ulps <= ulps_that_round_up(exponent + 1) ? exponent + 1 : exponent;
    }
    case ggml_scale_rule::nearest_log2:
      // The least fraction above that of the square root of 2.
      return fraction >= 0x3504f4 ? exponent + 1 : exponent;
    default: return exponent;
  }
}

/// The byte of a scale 2^(byte - 128), a quarter of the power of two that codes of up to 6 = 12 / 2
/// need. Amax below 2^-125, where C leaves the conversion open, has byte 0. GGM-9.
LOWP_FN std::uint8_t power_byte(ggml_scale_rule rule, std::uint32_t magnitude) noexcept {
  if (magnitude < 0x01000000) return 0;
  return static_cast<std::uint8_t>(exponent_of(rule, magnitude) - 2 + 127);
}

/// The least code whose value times d is nearest to x; of NaN 0. Never 8, that of -0.
template <binary32_real Real>
LOWP_FN int nearest_e2m1(Real x, Real d) noexcept {
  int best = 0;
  Real least = magnitude(real<Real>(0) * d - x);
  for (int code = 1; code < 16; ++code) {
    const Real error = magnitude(real_from_integer<Real>(ggml_e2m1_values[code]) * d - x);
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
    const std::uint8_t byte = t.scale_rule == ggml_scale_rule::ue4m3_of_sixth
                                  ? ue4m3_code(amax / real<Real>(6))
                                  : power_byte(t.scale_rule, magnitude_of(amax));
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
