// SPDX-License-Identifier: Apache-2.0
/// \file
/// Factors of aligned sums from codes: values of binary32 and exponents. spec/gemm.md GEM-6.
#ifndef LOWP_HARDWARE_GEMM_GEMM_ALIGNED_FACTORS_HPP
#define LOWP_HARDWARE_GEMM_GEMM_ALIGNED_FACTORS_HPP

#include <algorithm>
#include <bit>
#include <cstdint>

#include "gemm_kernel.hpp"
#include "gemm_values.hpp"

namespace lowp::simd {

/// A factor: its value, what of it lies in the low bits if factors are cut, its exponent.
struct aligned_factor {
  float value = 0, low = 0;
  std::int16_t exponent = no_factor_exponent;
  bool is_special = false;
};

/// Any factor from its operand.
struct read_any_factor {
  const gemm_source& from;
  format f;

  LOWP_UNIT explicit read_any_factor(const gemm_source& s)
      : from(s), f(s.is_b ? s.model->b : s.model->a) {}
  LOWP_UNIT aligned_factor operator()(code_t code) const noexcept {
    const mma_model& m = *from.model;
    code &= lowp::detail::low_mask(stored_width(m, f));
    const mma_operand x = from.table != nullptr ? from.table[code]
                          : from.is_b           ? read_b(m, code)
                                                : read_a(m, code);
    if (x.cls > number_class::finite) return {.is_special = true};
    if (x.cls == number_class::zero) {
      const bool counts = m.zeros == zero_exponent::minus_126;
      return {.exponent = static_cast<std::int16_t>(counts ? -126 : no_factor_exponent)};
    }
    const double unit = power_of_two(x.exponent - trailing_bits(f)) * (x.negative ? -1 : 1);
    const std::uint64_t low = x.significand & lowp::detail::low_mask(m.low_bits);
    return {static_cast<float>(static_cast<double>(x.significand) * unit),
            static_cast<float>(static_cast<double>(low) * unit),
            static_cast<std::int16_t>(x.exponent), false};
  }
};

/// Formats of few codes: all factors at once.
struct read_byte_factor {
  aligned_factor factors[256];
  code_t mask;

  LOWP_UNIT explicit read_byte_factor(const gemm_source& s) {
    const read_any_factor any(s);
    mask = lowp::detail::low_mask(stored_width(*s.model, any.f));
    for (code_t c = 0; c <= mask; ++c) factors[c] = any(c);
  }
  LOWP_UNIT const aligned_factor& operator()(code_t code) const noexcept {
    return factors[code & mask];
  }
};

/// binary16, bfloat16, and TF32 in the high bits of binary32.
struct read_wide_factor {
  bool is_half, is_bfloat16, is_cut, normalises;
  std::uint32_t low_mask;
  std::int16_t zero;

  LOWP_UNIT explicit read_wide_factor(const gemm_source& s) {
    const mma_model& m = *s.model;
    const format f = s.is_b ? m.b : m.a;
    is_half = f == formats::binary16;
    is_bfloat16 = f == formats::bfloat16;
    is_cut = m.read.round == rounding::toward_zero;
    normalises = m.normalises;
    low_mask = ((1u << m.low_bits) - 1) << (23 - trailing_bits(f));
    zero = m.zeros == zero_exponent::minus_126 ? -126 : no_factor_exponent;
  }
  /// Whether it reads the factors of the source.
  LOWP_UNIT static bool takes(const gemm_source& s) noexcept {
    const mma_model& m = *s.model;
    const format f = s.is_b ? m.b : m.a;
    if (m.stored.width == 0) {
      return m.read == projection{} && (f == formats::binary16 || f == formats::bfloat16) &&
             !(m.normalises && f == formats::bfloat16);
    }
    const projection cut{.round = rounding::toward_zero, .nan = nan_rule::payload_raw};
    return m.stored == formats::binary32 && f == formats::tf32 && !m.normalises &&
           (m.read == cut || m.read == projection{});
  }
  LOWP_UNIT aligned_factor operator()(code_t code) const noexcept {
    auto w = static_cast<std::uint32_t>(code);
    int least = -126;
    if (is_half) {
      w = widen_half(w & 0xffff);
      least = normalises ? -24 : -14;
    } else if (is_bfloat16) {
      w <<= 16;
    } else {
      if (!is_cut && (w & 0x7f800000) != 0x7f800000) w += 0xfff + (w >> 13 & 1);
      w &= ~std::uint32_t{0x1fff};
    }
    const int field = static_cast<int>(w >> 23 & 0xff);
    aligned_factor r{.value = std::bit_cast<float>(w)};
    r.is_special = field == 255;
    r.exponent = (w << 1) == 0 ? zero : static_cast<std::int16_t>(std::max(field - 127, least));
    if (low_mask != 0 && !r.is_special) r.low = r.value - std::bit_cast<float>(w & ~low_mask);
    return r;
  }
};

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_ALIGNED_FACTORS_HPP
