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

#include "gemm_aligned_factors.hpp"

namespace lowp::simd {

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
        if (!p_.is_wide && m_.low_bits == 0) {
          pack_factors(begin, i, s * m_.group, step, special);
          continue;
        }
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

  /// A step of all lanes, whose factors and exponents are packed as they are.
  LOWP_UNIT void pack_factors(std::size_t begin, std::size_t instruction, int first, std::byte* out,
                              unsigned char* special) noexcept {
    const code_matrix& codes = from_.codes;
    const auto exponents = [&](int i) {
      std::byte* const word = out + at_.exponents() + 4 * at_.lanes * (i / 4);
      return reinterpret_cast<std::int8_t*>(word) + i % 4;
    };
    const std::size_t rows = codes.rows < begin ? 0 : codes.rows - begin;
    for (int i = 0; i < m_.group; ++i) {
      const std::size_t k = instruction * m_.k + places_[first + i];
      const int inside =
          k < codes.columns
              ? static_cast<int>(std::min<std::size_t>(rows, static_cast<std::size_t>(at_.lanes)))
              : 0;
      const std::byte* const from = inside == 0 ? nullptr : codes.data + codes.place(begin, k);
      float* const factors = reinterpret_cast<float*>(out) + i * at_.lanes;
      std::int8_t* const to = exponents(i);
      for (int lane = 0; lane < at_.lanes; ++lane) {
        std::uint64_t code = 0;
        if (lane < inside) std::memcpy(&code, from + lane * codes.row_stride * Bytes, Bytes);
        const aligned_factor& x = read_(code);
        factors[lane] = x.value;
        to[4 * lane] = static_cast<std::int8_t>(std::max<int>(x.exponent, no_short_exponent));
        if (x.is_special) special[lane] = 1;
      }
    }
    for (int i = m_.group; i < 4 * at_.words(); ++i) {
      for (int lane = 0; lane < at_.lanes; ++lane) {
        if (i < p_.group) reinterpret_cast<float*>(out)[i * at_.lanes + lane] = 0;
        exponents(i)[4 * lane] = no_short_exponent;
      }
    }
    for (int lane = 0; lane < at_.lanes; ++lane) {
      const std::size_t v = begin + static_cast<std::size_t>(lane);
      if (put_offset(v, instruction, first, lane, 0, out)) special[lane] = 1;
    }
  }

  /// Stores the power of two of a step; true: a scale that the kernel does not take.
  LOWP_UNIT bool put_offset(std::size_t v, std::size_t instruction, int first, int lane, int offset,
                            std::byte* out) noexcept {
    bool is_special = false;
    if (m_.scale_block != 0) {
      const auto block = instruction * static_cast<std::size_t>(m_.k / m_.scale_block) +
                         static_cast<std::size_t>(first / m_.scale_block);
      const mma_operand scale = from_.scale(v, block);
      is_special = scale.cls != number_class::finite;
      offset += scale.exponent;
    }
    reinterpret_cast<std::int32_t*>(out + at_.offsets())[lane] = offset;
    return is_special;
  }

  /// A step of one lane with divided or cut factors. True: a value that the kernel does not take is
  /// among the factors or scales.
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
      if (p_.is_wide && (std::bit_cast<std::uint32_t>(y.value) << 1) != 0) {
        offset = std::max<int>(offset, y.exponent);
      }
      x[i] = y;
    }
    if (offset == no_factor_exponent) offset = 0;
    for (int i = 0; i < m_.group; ++i) {
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
    return put_offset(v, instruction, first, lane, offset, out) || is_special;
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
