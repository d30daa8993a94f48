// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which dot products of block-quantised vectors have kernels, and the integers that their elements
/// are. spec/bulk.md BLK-10.
#ifndef LOWP_SIMD_BLOCK_DOT_PLAN_HPP
#define LOWP_SIMD_BLOCK_DOT_PLAN_HPP

#include <array>
#include <cstddef>
#include <cstdint>

#include "../block/block_dot.hpp"
#include "../formats.hpp"
#include "chunk.hpp"
#include "machine_binary32.hpp"

namespace lowp::simd {

/// Elements of both vectors.
enum class dot_elements : std::uint8_t {
  none,  ///< no kernel: the definition
  e2m1,  ///< two in a byte, the first in the low bits
  e4m3,
  int8,  ///< two's complement
};

/// A pair of vectors, prepared.
struct block_dot_plan {
  dot_elements elements = dot_elements::none;
  int columns = 0;              ///< of a block: 16 or 32 of E2M1, else 32
  bool scale_is_power = false;  ///< E8M0, else UE4M3
  int unit = 0;                 ///< exponent of products' unit
  double outer = 1;             ///< the product of the outer scales
};

/// Sums added in halves, as the definition does it.
LOWP_UNIT inline float sum_in_halves(float* lane, int lanes) noexcept {
  for (int half = lanes / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) lane[i] = machine::add(lane[i], lane[i + half]);
  }
  return lane[0];
}

namespace detail {

/// Values of codes in units of 2^unit.
template <std::size_t N>
LOWP_FN std::array<std::int32_t, N> integers_of(format f, int unit) noexcept {
  std::array<std::int32_t, N> all{};
  for (std::size_t c = 0; c < N; ++c) {
    const exact x = decode(f, c);
    if (x.cls != number_class::finite || x.significand == 0) continue;
    const int shift = x.exponent - unit;
    const auto magnitude =
        static_cast<std::int32_t>(shift >= 0 ? x.significand << shift : x.significand >> -shift);
    all[c] = x.negative ? -magnitude : magnitude;
  }
  return all;
}

/// Digits of magnitudes of E4M3 to the base 64, in units of 2^-9; of NaN the highest is 128.
struct e4m3_digit_table {
  alignas(64) std::uint8_t digit[3][128];
};
LOWP_FN e4m3_digit_table make_e4m3_digits() noexcept {
  e4m3_digit_table t{};
  const auto values = integers_of<128>(formats::e4m3fn, -9);
  for (std::size_t c = 0; c < 128; ++c) {
    for (std::size_t d = 0; d < 3; ++d) {
      t.digit[d][c] = static_cast<std::uint8_t>(values[c] >> (6 * d) & 63);
    }
    if (decode(formats::e4m3fn, c).cls == number_class::nan) t.digit[2][c] = 128;
  }
  return t;
}
inline constexpr e4m3_digit_table e4m3_digits = make_e4m3_digits();

inline constexpr auto e2m1_integers = integers_of<16>(formats::e2m1, -1);

}  // namespace detail

/// Prepares two vectors in which `check` finds nothing.
LOWP_FN block_dot_plan make_block_dot_plan(const block_vector& x, const block_vector& y,
                                           dot_rule rule) noexcept {
  block_dot_plan p;
  const block_format& f = x.f;
  const bool has_levels = f.level[0].group != 0 || f.level[1].group != 0;
  const bool alike = f.element == y.f.element && f.scale == y.f.scale &&
                     f.level[0] == y.f.level[0] && f.level[1] == y.f.level[1];
  const bool by_default = x.elements.pack == default_packing(f.element) &&
                          y.elements.pack == default_packing(f.element);
  if (rule.sum != dot_sum::blocks || has_levels || !alike || !by_default || !host_is_supported) {
    return p;
  }
  p.scale_is_power = f.scale == formats::e8m0fnu;
  if (!p.scale_is_power && f.scale != formats::ue4m3) return p;
  if (!(x.outer == exact_finite(false, 1, 0)) || !(y.outer == exact_finite(false, 1, 0))) {
    // Outer scales of binary32: the product is a number of binary64.
    const exact product = evaluate<operation::multiply>({}, x.outer, y.outer).value;
    const auto each = encode_with_status(formats::binary64, product);
    const auto bits = each.code;
    const int field = static_cast<int>(bits >> 52 & 2047);
    if (each.flags.has(status::inexact) || field < 1023 - 400 || field > 1023 + 400) return p;
    p.outer = lowp::detail::bit_cast<double>(bits);
  }
  p.columns = f.columns;
  if (f.element == formats::e2m1 && (f.columns == 16 || f.columns == 32)) {
    p.elements = dot_elements::e2m1;
    p.unit = -2;
  } else if (f.element == formats::e4m3fn && f.columns == 32) {
    p.elements = dot_elements::e4m3;
    p.unit = -18;
  } else if (f.element == formats::mxint8 && f.columns == 32) {
    p.elements = dot_elements::int8;
    p.unit = -12;
  }
  return p;
}

}  // namespace lowp::simd

#endif  // LOWP_SIMD_BLOCK_DOT_PLAN_HPP
