// SPDX-License-Identifier: Apache-2.0
/// \file
/// The scales of HiFloat4 and its kin: three levels, in steps of bfloat16. spec/blocks.md BLS-14.
#ifndef LOWP_BLOCK_HIF4_HPP
#define LOWP_BLOCK_HIF4_HPP

#include <cstdint>

#include "../binary32.hpp"
#include "block_format.hpp"
#include "block_input.hpp"
#include "block_recipe.hpp"

namespace lowp::detail {

/// bfloat16 of 1 / scale.
template <binary32_real Real>
LOWP_FN Real hif4_factor(const block_format& f, code_t scale) noexcept {
  const Real one = real<Real>(1.0f);
  return rounded_to(formats::bfloat16, one / decode_real<Real>(f.scale, scale_code(f, scale)));
}

/// The scale bits of a block: UE6M2 of amax / 7 and the fields of both levels.
template <binary32_real Real>
LOWP_FN code_t hif4_scale(const block_format& f, const block_recipe& r, const block_input<Real>& in,
                          std::uint32_t amax) noexcept {
  const Real seventh = real_from_bits<Real>(0x3e120000);  // bfloat16 of 1/7
  const Real s = rounded_to(formats::bfloat16, real_from_bits<Real>(amax) * seventh);
  code_t scale = encode_real(f.scale, s, r.scale);
  const Real factor = hif4_factor<Real>(f, scale);
  const Real half = real<Real>(0.5f);
  for (int i = 0; i < in.rows; ++i) {
    for (int j = 0; j < in.columns; ++j) {
      const int at = i * f.columns + j;
      if (j % f.level[0].group == 0) {
        const Real v = real_from_bits<Real>(group_amax(in, i, j, f.level[0].group)) * factor;
        if (!(v < real<Real>(4.0f))) scale |= code_t{1} << field_shift(f, 0, at);
      }
      if (j % f.level[1].group == 0) {
        Real v = real_from_bits<Real>(group_amax(in, i, j, f.level[1].group)) * factor;
        if ((scale >> field_shift(f, 0, at) & 1) != 0) v = v * half;
        if (!(v < real<Real>(2.0f))) scale |= code_t{1} << field_shift(f, 1, at);
      }
    }
  }
  return scale;
}

/// The code of element `at` of a block: its magnitude times a power of two and the factor, to the
/// nearest multiple of a step by adding a half in binary32, ties away from zero.
template <binary32_real Real>
LOWP_FN code_t hif4_element(const block_format& f, code_t scale, Real factor, Real x,
                            int at) noexcept {
  Real a = magnitude(x);
  for (int e = level_exponent(f, scale, at); e > 0; --e) a = a * real<Real>(0.5f);
  const int magnitude_width = f.element.width - 1;
  const Real steps = real_from_integer<Real>(std::int64_t{1} << (magnitude_width - 1));
  const std::int32_t q = to_integer((a * factor) * steps + real<Real>(0.5f), rounding::toward_zero);
  const auto most = static_cast<std::int32_t>(low_mask(magnitude_width));
  const auto code = static_cast<code_t>(q > most ? most : q);
  return code | static_cast<code_t>(real_bits(x) >> 31) << magnitude_width;
}

}  // namespace lowp::detail

#endif  // LOWP_BLOCK_HIF4_HPP
