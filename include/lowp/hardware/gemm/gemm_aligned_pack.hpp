// SPDX-License-Identifier: Apache-2.0
/// \file
/// Packs rows and columns for the kernel of aligned sums. spec/gemm.md GEM-6.
#ifndef LOWP_HARDWARE_GEMM_GEMM_ALIGNED_PACK_HPP
#define LOWP_HARDWARE_GEMM_GEMM_ALIGNED_PACK_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "gemm_aligned_plan.hpp"
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

/// Packs vectors; Bytes of a code, Read: what reads it.
template <int Bytes, class Read>
class aligned_packer {
 public:
  LOWP_UNIT aligned_packer(const aligned_plan& p, const aligned_layout& at, const gemm_source& from,
                           const Read& read)
      : p_(p), at_(at), from_(from), m_(*from.model), read_(read) {
    for (int i = 0; i < m_.k; ++i) {
      places_[i] = static_cast<std::uint16_t>(lowp::detail::product_at(m_, i));
    }
  }

  LOWP_UNIT void run(std::size_t begin, std::uint64_t instructions, std::byte* out,
                     unsigned char* special) {
    for (std::uint64_t i = 0; i < instructions; ++i, out += at_.instruction(p_.steps)) {
      for (int s = 0; s < p_.steps; ++s) {
        std::byte* const step = out + static_cast<std::size_t>(s) * at_.step();
        for (int lane = 0; lane < at_.lanes; ++lane) {
          const std::size_t v = begin + static_cast<std::size_t>(lane);
          if (pack_step(v, i, s * m_.group, lane, step)) special[lane] = 1;
        }
      }
    }
  }

 private:
  LOWP_UNIT aligned_factor factor(std::size_t v, std::size_t k) const noexcept {
    std::uint64_t code = 0;
    if (v < from_.codes.rows && k < from_.codes.columns) {
      std::memcpy(&code, from_.codes.data + from_.codes.place(v, k), Bytes);
    }
    return read_(code);
  }

  /// Divided by 2^offset. What is below 2^-126 then does not reach the grid of any sum that the
  /// kernel keeps.
  LOWP_UNIT static float divided(float x, int exponent, int offset) noexcept {
    return exponent - offset < -126
               ? 0.0f
               : static_cast<float>(static_cast<double>(x) * power_of_two(-offset));
  }

  /// True: a value that the kernel does not take is among the factors or scales.
  LOWP_UNIT bool pack_step(std::size_t v, std::size_t instruction, int first, int lane,
                           std::byte* out) noexcept {
    auto* const factors = reinterpret_cast<float*>(out) + lane;
    std::byte* const words = out + at_.exponents() + 4 * lane;
    const auto put_exponent = [&](int i, int exponent) {
      std::byte* const word = words + 4 * at_.lanes * (i / at_.in_word);
      if (p_.is_wide) {
        reinterpret_cast<std::int16_t*>(word)[i % 2] = static_cast<std::int16_t>(exponent);
      } else {
        const int least = std::max(exponent, no_short_exponent);
        reinterpret_cast<std::int8_t*>(word)[i % 4] = static_cast<std::int8_t>(least);
      }
    };
    const auto put = [&](int i, float value, int exponent) {
      factors[i * at_.lanes] = value;
      put_exponent(i, exponent);
    };
    bool is_special = false;
    int offset = p_.is_wide ? no_factor_exponent : 0, n = 0;
    aligned_factor* const x = factors_;
    for (int i = 0; i < m_.group; ++i) {
      const aligned_factor y = factor(v, instruction * m_.k + places_[first + i]);
      is_special = is_special || y.is_special;
      if (!p_.is_wide && m_.low_bits == 0) {
        put(n++, y.value, y.exponent);
        continue;
      }
      if (p_.is_wide && (std::bit_cast<std::uint32_t>(y.value) << 1) != 0) {
        offset = std::max<int>(offset, y.exponent);
      }
      x[i] = y;
    }
    if (offset == no_factor_exponent) offset = 0;
    for (int i = n; i < m_.group; ++i) {
      int e = x[i].exponent;
      float value = x[i].value, low = x[i].low;
      if (p_.is_wide && e != no_factor_exponent) {
        value = divided(value, e, offset);
        low = divided(low, e, offset);
        e -= offset;
      }
      if (m_.low_bits == 0) {
        put(n++, value, e);
        continue;
      }
      // (high, high), (high, low), (low, high), (low, low)
      for (int part = 0; part < 4; ++part) {
        const bool takes_low = (from_.is_b ? part & 1 : part >> 1) != 0;
        put(n++, takes_low ? low : value - low, e);
      }
    }
    for (; n < p_.group; ++n) put(n, 0.0f, no_factor_exponent);
    for (; n % at_.in_word != 0; ++n) put_exponent(n, no_factor_exponent);
    if (m_.scale_block != 0) {
      const auto block = instruction * static_cast<std::size_t>(m_.k / m_.scale_block) +
                         static_cast<std::size_t>(first / m_.scale_block);
      const mma_operand scale = from_.scale(v, block);
      is_special = is_special || scale.cls != number_class::finite;
      offset += scale.exponent;
    }
    reinterpret_cast<std::int32_t*>(out + at_.offsets())[lane] = offset;
    return is_special;
  }

  const aligned_plan& p_;
  const aligned_layout& at_;
  const gemm_source& from_;
  const mma_model& m_;
  const Read& read_;
  std::uint16_t places_[most_products];
  aligned_factor factors_[most_products];  ///< of the step in work
};

template <class Read>
LOWP_UNIT void pack_aligned_as(int lanes, const gemm_source& from, std::size_t begin,
                               std::uint64_t instructions, std::byte* out, unsigned char* special) {
  aligned_plan p;
  if (!plan_aligned(lowp::detail::chained_unit(*from.model), p)) return;
  const aligned_layout at(lanes, p);
  const Read read(from);
  switch (from.codes.bytes) {
    case 1:
      return aligned_packer<1, Read>(p, at, from, read).run(begin, instructions, out, special);
    case 2:
      return aligned_packer<2, Read>(p, at, from, read).run(begin, instructions, out, special);
    case 4:
      return aligned_packer<4, Read>(p, at, from, read).run(begin, instructions, out, special);
    default:
      return aligned_packer<8, Read>(p, at, from, read).run(begin, instructions, out, special);
  }
}

/// Packs `lanes` vectors from `begin` on.
LOWP_UNIT inline void pack_aligned(int lanes, const gemm_source& from, std::size_t begin,
                                   std::uint64_t instructions, std::byte* out,
                                   unsigned char* special) {
  const int width = stored_width(*from.model, from.is_b ? from.model->b : from.model->a);
  if (width <= 8) {
    pack_aligned_as<read_byte_factor>(lanes, from, begin, instructions, out, special);
  } else if (read_wide_factor::takes(from)) {
    pack_aligned_as<read_wide_factor>(lanes, from, begin, instructions, out, special);
  } else {
    pack_aligned_as<read_any_factor>(lanes, from, begin, instructions, out, special);
  }
}

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_ALIGNED_PACK_HPP
