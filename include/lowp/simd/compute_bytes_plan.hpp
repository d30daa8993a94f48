// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums and products of codes of at most 8 bits in lanes of bytes: everything as tables of at most
/// 256 bytes, asked of the scalar definition. spec/bulk.md BLK-4.
#ifndef LOWP_SIMD_COMPUTE_BYTES_PLAN_HPP
#define LOWP_SIMD_COMPUTE_BYTES_PLAN_HPP

#include <bit>
#include <cstdint>

#include "../codec.hpp"
#include "../compute.hpp"
#include "../formats.hpp"
#include "../pack/compute_array.hpp"
#include "../properties.hpp"
#include "encode_plan.hpp"

namespace lowp::simd {

/// Magnitudes have places on one ladder: `step` places to a binade, as many as the target has.
///
/// A sum depends on how far the places are apart and on the greater term within its binade, as long
/// as every sum below the target's normal numbers is exact. A product has the sum of both places
/// and a little more, which depends on both significands; below the normal numbers, a place rounded
/// down and whether it is exact tell the code.
struct compute_bytes_plan {
  bool is_set = false;
  bool is_product = false;
  bool flips = false;     ///< y counts with the opposite sign
  bool downward = false;  ///< x - x is -0
  bool by_sign = false;   ///< the second of a pair of tables is for negative results
  bool positive_zero = false;
  bool has_odd[2] = {};  ///< of each operand: the code of the sign bit alone is NaN
  std::uint8_t sign_bit = 0;
  std::uint8_t step = 0;
  std::uint8_t normal_from = 0;  ///< place of the target's least normal number
  std::uint8_t offset = 0;       ///< from codes to places from there on
  std::uint8_t top = 0;          ///< place of the greatest finite number
  std::uint8_t low_from = 0;     ///< of products: places below count as this
  std::uint8_t over[2] = {};
  /// Places of codes. Of sums unsigned, 0 for zero and 255 for infinities and NaNs; of products
  /// with sign, -128 and 127.
  std::uint8_t place[2][128] = {};
  std::uint8_t greater[64] = {};      ///< of sums: significand, 64 times what it is in its binade
  std::uint8_t lesser[64] = {};       ///< the same of the other by distance, last bit sticky
  std::uint8_t rounded[2][256] = {};  ///< by sum of significands, or by a pair of them
  std::uint8_t between[64] = {};      ///< of products: rounded down, and 64 if inexact
  std::uint8_t low[2][128] = {};      ///< magnitude codes below `normal_from`
  /// What infinities and NaNs become: by classes of both operands, 3 bits each.
  std::uint8_t operand_class[2][128] = {};
  std::uint8_t special[64] = {};
};

namespace detail {

/// The place of a positive integer on a ladder of 2^trailing steps a binade, where 1 has place 0,
/// rounded.
LOWP_FN int place_of(std::uint64_t m, int trailing, rounding mode, bool negative) noexcept {
  const int lead = 63 - std::countl_zero(m);
  const int drop = lead - trailing;
  std::uint64_t index = drop > 0 ? m >> drop : m << -drop;
  if (drop > 0) {
    const lowp::detail::fraction64 rest{m << (64 - drop), false};
    index += lowp::detail::rounds_away(mode, negative, (index & 1) != 0, rest, 0, 0) ? 1 : 0;
  }
  return ((lead - 1) << trailing) + static_cast<int>(index);
}

/// The place of a normalized number on that ladder; its significand fits.
LOWP_FN int place_of(const exact& x, int trailing) noexcept {
  return place_of(x.significand, trailing, rounding::toward_zero, false) +
         x.exponent * (1 << trailing);
}

/// Codes of infinities and NaNs by the classes of both operands, from a code of each class.
LOWP_FN void set_specials(const array_computation& c, const array_operand* x,
                          compute_bytes_plan& b) noexcept {
  code_t member[2][8] = {};
  for (int k = 0; k < 2; ++k) {
    const format f = x[k].layout.f;
    for (int i = 127; i >= 0; --i) {
      const code_t code = static_cast<code_t>(i) & low_mask(magnitude_bits(f));
      const int of = static_cast<int>(decode(f, code).cls);
      b.operand_class[k][i] = static_cast<std::uint8_t>((k == 0 ? 16 : 2) * of);
      member[k][2 * of] = code;
      member[k][2 * of + 1] = code | b.sign_bit;
    }
  }
  for (int i = 0; i < 64; ++i) {
    const coded of[2] = {{x[0].layout.f, member[0][i / 8]}, {x[1].layout.f, member[1][i % 8]}};
    b.special[i] = static_cast<std::uint8_t>(compute(c.op, c.to.f, c.p, 0, of));
  }
}

/// Fills the places of codes: `zero`, `special`, or that on the ladder less `origin`. Returns
/// whether all numbers lie within `least` and `most`.
LOWP_FN bool set_places(format f, int trailing, int origin, int zero, int special, int least,
                        int most, std::uint8_t (&place)[128]) noexcept {
  bool fits = true;
  for (int i = 0; i < 128; ++i) {
    const exact x = normalized(decode(f, static_cast<code_t>(i) & low_mask(magnitude_bits(f))));
    int at = x.cls == number_class::zero ? zero : special;
    if (x.cls == number_class::finite) {
      at = place_of(x, trailing) - origin;
      fits = fits && at >= least && at <= most;
    }
    place[i] = static_cast<std::uint8_t>(at);
  }
  return fits;
}

LOWP_FN void set_sum(int trailing, rounding mode, compute_bytes_plan& b) noexcept {
  const int step = 1 << trailing;
  for (int i = 0; i < 64; ++i) {
    b.greater[i] = static_cast<std::uint8_t>(64 + i % step * (64 / step));
    const int term = 64 + (step - 1 - i % step) * (64 / step);
    const int shift = i / step;
    const bool is_exact = (term >> shift) << shift == term;
    b.lesser[i] = static_cast<std::uint8_t>(term >> shift | (is_exact ? 0 : 1));
  }
  for (int s = 0; s < 2; ++s) {
    // What is taken from a place two binades up; from the sum zero, everything.
    b.rounded[s][0] = 255;
    for (int i = 1; i < 256; ++i) {
      const int at = place_of(static_cast<std::uint64_t>(i), trailing, mode, s == 1);
      b.rounded[s][i] = static_cast<std::uint8_t>(8 * step - at);
    }
  }
}

LOWP_FN void set_product(int trailing, rounding mode, int low_from,
                         compute_bytes_plan& b) noexcept {
  const int step = 1 << trailing;
  for (int i = 0; i < 64; ++i) {
    const int fx = i / 8 % step, fy = i % step;
    const auto product = static_cast<std::uint64_t>((step + fx) * (step + fy));
    const int origin = 2 * trailing * step + fx + fy;
    const int down = place_of(product, trailing, rounding::toward_zero, false);
    const bool is_exact = place_of(product, trailing, rounding::away_from_zero, false) == down;
    b.between[i] = static_cast<std::uint8_t>(down - origin - low_from + (is_exact ? 0 : 64));
    for (int s = 0; s < 2; ++s) {
      const int at = place_of(product, trailing, mode, s == 1);
      b.rounded[s][i] = static_cast<std::uint8_t>(at - origin);
    }
  }
}

/// Can a sum, difference or product of two arrays go in lanes of bytes? The detour through binary32
/// is known to serve. Fills `b` if so.
LOWP_FN void make_compute_bytes_plan(const array_computation& c, const array_operand* x,
                                     const encode_plan<std::uint32_t>& e,
                                     compute_bytes_plan& b) noexcept {
  const format to = c.to.f;
  if (c.op == operation::fma || to.precision < 2 || to.precision > 4) return;
  if (!to.is_signed && (c.op == operation::subtract || to.width > 7)) return;
  if (to.bottom != bottom_binade::gradual || !e.is_plain) return;
  const int trailing = trailing_bits(to);
  const int step = 1 << trailing;
  const int unit = 1 - to.bias - trailing;  // exponent of the least positive number
  b.is_product = c.op == operation::multiply;
  b.flips = c.op == operation::subtract;
  b.downward = c.p.round == rounding::toward_negative;
  b.by_sign = c.p.round == rounding::toward_positive || c.p.round == rounding::toward_negative ||
              c.p.round == rounding::to_nearest_negative;
  b.positive_zero = e.positive_zero;
  b.sign_bit = static_cast<std::uint8_t>(e.sign_bit);
  b.step = static_cast<std::uint8_t>(step);
  // Sums: zero is a binade below the least number. Products: 1 has place 0.
  const int origin = b.is_product ? 0 : (unit - 1) * step;
  const int low_from = (unit - 2) * step;
  for (int k = 0; k < 2; ++k) {
    const format f = x[k].layout.f;
    if (f.is_signed != to.is_signed || f.width != to.width) return;
    if (f.precision > to.precision) return;
    const bool fits =
        b.is_product ? set_places(f, trailing, origin, -128, 127, -127, 126, b.place[k])
                     : set_places(f, trailing, origin, 0, 255, step, 254 - 2 * step, b.place[k]);
    if (!fits) return;
    b.has_odd[k] = f.nans == nan_codes::negative_zero;
  }
  const int normal_from = (1 - to.bias) * step - origin;
  const int top = place_of(normalized(decode(to, max_finite(to))), trailing) - origin;
  if (b.is_product ? low_from < -127 || top > 120 : top > 254 - 2 * step) return;
  b.normal_from = static_cast<std::uint8_t>(normal_from);
  b.offset = static_cast<std::uint8_t>(normal_from - step);
  b.top = static_cast<std::uint8_t>(top);
  b.low_from = static_cast<std::uint8_t>(low_from);
  if (b.is_product) {
    set_product(trailing, c.p.round, low_from, b);
  } else {
    set_sum(trailing, c.p.round, b);
  }
  for (int s = 0; s < 2; ++s) {
    b.over[s] = static_cast<std::uint8_t>(e.over[s]);
    for (int i = 0; i < 128; ++i) {
      // Of products from `low_from` on, later those that are not exact; of sums from 0 on.
      const int at = b.is_product ? low_from + i % 64 : origin + i;
      const int binade = (at - (at & (step - 1))) / step;
      const bool is_between = b.is_product && i >= 64;
      const auto significand =
          static_cast<std::uint64_t>(2 * (step + (at & (step - 1))) + (is_between ? 1 : 0));
      const exact value = exact_finite(s == 1, significand, binade - trailing - 1);
      b.low[s][i] = static_cast<std::uint8_t>(encode(to, value, c.p) & ~code_t{b.sign_bit});
    }
    if (!b.is_product) b.low[s][0] = 0;
  }
  set_specials(c, x, b);
  b.is_set = true;
}

}  // namespace detail

}  // namespace lowp::simd

#endif  // LOWP_SIMD_COMPUTE_BYTES_PLAN_HPP
