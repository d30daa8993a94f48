// SPDX-License-Identifier: Apache-2.0
/// \file
/// The rules that a model of a matrix unit must keep, so that every sum of it fits what it is made
/// in. spec/mma.md MMA-1.
#ifndef LOWP_HARDWARE_MMA_MMA_CHECK_HPP
#define LOWP_HARDWARE_MMA_MMA_CHECK_HPP

#include <cstdint>

#include "mma_model.hpp"

namespace lowp {

/// The rule that a model breaks, see `check`.
enum class [[nodiscard]] mma_error : std::uint8_t{
    none,
    formats,    ///< of operands, result and what is between them
    length,     ///< k, group, run, order
    sum,        ///< members that this way of adding does not know
    alignment,  ///< kept bits, least exponent, cut factors
    scale,      ///< scale format and block
};

LOWP_FN const char* message(mma_error e) noexcept {
  switch (e) {
    case mma_error::none: return "no error";
    case mma_error::formats:
      return "a, b, c, d, accumulator and product must be minifloats with exponents from -1200 to "
             "1200; of exact sums (of runs: a and b) at most 24 significand bits in a and b and "
             "exponents from -160 to 160; of terms that are runs or aligned by scales 11 bits and "
             "-26 to 17; of integer sums integers of 2 to 32 bits (a and b: 16), c, d and "
             "accumulator the same";
    case mma_error::length:
      return "1 <= run <= group <= k <= 512; run divides group, group divides k; pairs_reversed "
             "needs an even k, pairs_dealt a multiple of 4; chains and gaudi2 have no runs";
    case mma_error::sum:
      return "chains is 2 only for aligned sums with the accumulator after each step and for "
             "chains with the accumulator after all; chains take it in or after all, trees and "
             "gaudi2 after each step, integers in the step; only aligned sums are aligned by "
             "scales; trees have a format of products, gaudi2 has an accumulator of binary32";
    case mma_error::alignment:
      return "kept_bits is 1 to 60 (gaudi2: 48); with the accumulator after each step kept_c and "
             "kept_sum are 1 to 60 and kept_sum is not less than kept_bits; least_exponent is "
             "-2^20 to 2^20; low_bits is at most 52, without runs and scales";
    case mma_error::scale:
      return "scale and scale_block go together; scale is a minifloat of at most 8 significand "
             "bits with exponents from -160 to 160; scale_block is a multiple of run and divides "
             "k; integers have no scales";
  }
  return "unknown";
}

namespace detail {

/// A valid minifloat of so many significand bits, its exponents between the limits.
LOWP_FN bool is_minifloat(format f, int precision, int least, int greatest) noexcept {
  return f.kind == number_kind::minifloat && check(f) == format_error::none &&
         f.precision <= precision && -f.bias - trailing_bits(f) >= least &&
         (1 << exponent_field_bits(f)) - f.bias <= greatest;
}

LOWP_FN bool is_integer(format f, int width) noexcept {
  return f.kind == number_kind::fixed_point && check(f) == format_error::none && f.bias == 0 &&
         f.width >= 2 && f.width <= width;
}

LOWP_FN bool has_integers(const mma_model& m) noexcept {
  return is_integer(m.a, 16) && is_integer(m.b, 16) && is_integer(m.d, 32) && m.c == m.d &&
         m.accumulator == m.d;
}

LOWP_FN bool has_minifloats(const mma_model& m) noexcept {
  // What exact sums are made in: accumulators of limbs, terms before an alignment in 128 bits.
  const bool in_limbs = m.sum == mma_sum::exact || m.run > 1;
  const bool in_words = m.sum == mma_sum::aligned && (m.run > 1 || m.scales_align);
  for (const format f : {m.a, m.b}) {
    if (!(in_words   ? is_minifloat(f, 11, -26, 17)
          : in_limbs ? is_minifloat(f, 24, -160, 160)
                     : is_minifloat(f, 53, -1200, 1200))) {
      return false;
    }
  }
  const int limit = m.sum == mma_sum::exact ? 160 : 1200;
  for (const format f : {m.c, m.d, m.accumulator}) {
    if (!is_minifloat(f, 53, -limit, limit)) return false;
  }
  if (m.stored.width != 0 && check(m.stored) != format_error::none) return false;
  return m.product.width == 0 || is_minifloat(m.product, 53, -1200, 1200);
}

LOWP_FN bool has_lengths(const mma_model& m) noexcept {
  if (m.k < 1 || m.k > most_products || m.group < 1 || m.k % m.group != 0) return false;
  if (m.run < 1 || m.group % m.run != 0) return false;
  if (m.run > 1 && (m.sum == mma_sum::chain || m.sum == mma_sum::gaudi2)) return false;
  if (m.order == product_order::pairs_reversed) return m.k % 2 == 0;
  return m.order == product_order::ascending || m.k % 4 == 0;
}

LOWP_FN bool has_known_sum(const mma_model& m) noexcept {
  const bool late = m.entry == accumulator_entry::after_step;
  if (m.chains < 1 || m.chains > 2) return false;
  if (m.scales_align && m.sum != mma_sum::aligned) return false;
  switch (m.sum) {
    case mma_sum::aligned: return m.chains == 1 || late;
    case mma_sum::chain: return !late && (m.chains == 1 || m.entry == accumulator_entry::after_all);
    case mma_sum::tree: return m.chains == 1 && late && m.product.width != 0;
    case mma_sum::gaudi2: return m.chains == 1 && late && m.accumulator == ieee_format(8, 23);
    case mma_sum::exact: return m.chains == 1;
    case mma_sum::integer: return m.chains == 1 && m.entry == accumulator_entry::in_step;
  }
  return false;
}

LOWP_FN bool is_kept(int bits) noexcept { return bits >= 1 && bits <= 60; }

LOWP_FN bool has_alignment(const mma_model& m) noexcept {
  if (m.sum != mma_sum::aligned && m.sum != mma_sum::gaudi2) return true;
  if (!is_kept(m.kept_bits) || (m.sum == mma_sum::gaudi2 && m.kept_bits > 48)) return false;
  if (m.least_exponent < -(1 << 20) || m.least_exponent > 1 << 20) return false;
  if (m.low_bits > 52 || (m.low_bits != 0 && (m.run > 1 || m.scale_block != 0))) return false;
  if (m.sum == mma_sum::gaudi2 || m.entry != accumulator_entry::after_step) return true;
  return is_kept(m.kept_c) && is_kept(m.kept_sum) && m.kept_sum >= m.kept_bits;
}

LOWP_FN bool has_scales(const mma_model& m) noexcept {
  if ((m.scale.width != 0) != (m.scale_block != 0)) return false;
  if (m.scale_block == 0) return true;
  return m.sum != mma_sum::integer && m.scale_block % m.run == 0 && m.k % m.scale_block == 0 &&
         is_minifloat(m.scale, 8, -160, 160);
}

}  // namespace detail

/// The first rule that the model breaks.
LOWP_FN mma_error check(const mma_model& m) noexcept {
  const bool integers = m.sum == mma_sum::integer;
  if (!(integers ? detail::has_integers(m) : detail::has_minifloats(m))) return mma_error::formats;
  if (!detail::has_lengths(m)) return mma_error::length;
  if (!detail::has_known_sum(m)) return mma_error::sum;
  if (!detail::has_alignment(m)) return mma_error::alignment;
  return detail::has_scales(m) ? mma_error::none : mma_error::scale;
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_MMA_MMA_CHECK_HPP
