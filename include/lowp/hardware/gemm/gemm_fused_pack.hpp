// SPDX-License-Identifier: Apache-2.0
/// \file
/// Packs rows and columns for the kernel of aligned sums in fused steps. spec/gemm.md GEM-6.
#ifndef LOWP_HARDWARE_GEMM_GEMM_FUSED_PACK_HPP
#define LOWP_HARDWARE_GEMM_GEMM_FUSED_PACK_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "gemm_aligned_factors.hpp"

namespace lowp::simd {

/// A packed step of a group of `lanes` vectors. Of A: magnitudes of factors, one per lane and
/// product; behind them, for each, where the parts of B's factors are that make negative products.
/// Of B: for each product negative parts, then positive parts of factors, as magnitudes. Then
/// exponents in words of four products: bytes whose sum is that of binary32's field, 0 of zeros.
struct fused_layout {
  static constexpr int bias_a = 63, bias_b = 64;
  int lanes = 0, group = 0;

  LOWP_UNIT int words() const noexcept { return (group + 3) / 4; }
  LOWP_UNIT std::size_t exponents() const noexcept { return size(2 * group * lanes) * 4; }
  LOWP_UNIT std::size_t step() const noexcept {
    return exponents() + size(words()) * size(lanes) * 4;
  }
  LOWP_UNIT std::size_t instruction(int steps) const noexcept {
    return (step() * size(steps) + 63) / 64 * 64;
  }

 private:
  LOWP_UNIT static std::size_t size(int n) noexcept { return static_cast<std::size_t>(n); }
};

/// False: the sums of the model are not for it.
LOWP_UNIT inline bool plan_fused(const mma_model& m, aligned_plan& p) noexcept {
  if (!p.is_narrow || m.low_bits != 0 || p.least > -126) return false;
  int greatest[2], least[2];
  for (const bool is_b : {false, true}) {
    const format f = is_b ? m.b : m.a;
    if (stored_width(m, f) > 8) return false;
    greatest[is_b] = factor_greatest_exponent(f);
    least[is_b] = factor_least_exponent(m, f);
  }
  // A sum of magnitudes stays below twice 2^23 units.
  const std::int64_t most = p.group * (greatest_on_grid(m) + 1) + (std::int64_t{2} << p.kept);
  if (most >= std::int64_t{1} << 23) return false;
  p.zero_field =
      std::max(greatest[0] + fused_layout::bias_a, greatest[1] + fused_layout::bias_b) + 1;
  p.most_field = 254 - (23 - p.kept);
  // Products are below 2^62 (plan_formats), so that no sum of them comes to most_field.
  return p.zero_field <= least[0] + least[1] + 127 && least[0] + fused_layout::bias_a > 0 &&
         least[1] + fused_layout::bias_b > 0;
}

/// A factor as it is packed: of A the bits of its magnitude, and the place; of B those of its
/// negative and positive part. The exponent's byte, and above it a bit for what is no number.
struct fused_factor {
  static constexpr std::uint32_t special = 256;
  std::uint32_t first = 0, second = 0, exponent = 0;
};

/// All factors by code, for panels of so many columns.
struct fused_factors {
  fused_factor factors[256];
  unsigned mask;

  LOWP_UNIT fused_factors(const gemm_source& from, int columns) {
    const read_byte_factor read(from);
    mask = static_cast<unsigned>(read.mask);
    for (unsigned c = 0; c <= mask; ++c) {
      const aligned_factor& x = read.factors[c];
      fused_factor& y = factors[c];
      if (x.is_special) y.exponent = fused_factor::special;
      if (x.is_special || x.exponent == no_factor_exponent) continue;
      const bool is_negative = x.value < 0;
      const auto magnitude = std::bit_cast<std::uint32_t>(x.value) & 0x7fffffff;
      const int bias = from.is_b ? fused_layout::bias_b : fused_layout::bias_a;
      y.exponent = static_cast<std::uint32_t>(x.exponent + bias);
      if (!from.is_b) {
        y.first = magnitude;
        y.second = is_negative ? static_cast<std::uint32_t>(columns) * 4 : 0;
      } else {
        (is_negative ? y.first : y.second) = magnitude;
      }
    }
  }
};

/// Packs `Lanes` vectors from `begin` on; `Columns` of them are a panel of B.
template <int Lanes, int Columns>
LOWP_UNIT void pack_fused(const gemm_source& from, std::size_t begin, std::uint64_t instructions,
                          std::byte* out, unsigned char* special) {
  const mma_model& m = *from.model;
  const fused_layout at{Lanes, m.group};
  const int group = m.group, steps = m.k / group;
  const fused_factors table(from, Columns);
  const code_matrix codes = from.codes;
  const std::size_t rows = codes.rows < begin ? 0 : codes.rows - begin;
  const auto inside = static_cast<int>(std::min<std::size_t>(rows, Lanes));
  const std::ptrdiff_t apart = codes.row_stride * codes.bytes;
  std::uint32_t seen[Lanes] = {};
  for (std::uint64_t i = 0; i < instructions; ++i, out += at.instruction(steps)) {
    std::byte* step = out;
    for (int start = 0; start < m.k; start += group, step += at.step()) {
      auto* first = reinterpret_cast<std::uint32_t*>(step);
      auto* second = first + (from.is_b ? Lanes : group * Lanes);
      auto* exponents = reinterpret_cast<std::uint32_t*>(step + at.exponents());
      std::uint32_t words[Lanes] = {};
      for (int n = 0; n < group; ++n) {
        const std::size_t k =
            i * m.k + static_cast<std::size_t>(lowp::detail::product_at(m, start + n));
        const int count = k < codes.columns ? inside : 0;
        const std::byte* x = count == 0 ? nullptr : codes.data + codes.place(begin, k);
        const auto put = [&](int lane, unsigned code) {
          const fused_factor& y = table.factors[code & table.mask];
          first[lane] = y.first;
          second[lane] = y.second;
          words[lane] |= (y.exponent & 255) << n % 4 * 8;
          seen[lane] |= y.exponent;
        };
        for (int lane = 0; lane < count; ++lane, x += apart) put(lane, static_cast<unsigned>(*x));
        for (int lane = count; lane < Lanes; ++lane) put(lane, 0);
        first += from.is_b ? 2 * Lanes : Lanes;
        second += from.is_b ? 2 * Lanes : Lanes;
        if (n % 4 == 3 || n + 1 == group) {
          std::copy_n(words, Lanes, exponents);
          std::fill_n(words, Lanes, 0u);
          exponents += Lanes;
        }
      }
    }
  }
  for (int lane = 0; lane < Lanes; ++lane) {
    if (seen[lane] >= fused_factor::special) special[lane] = 1;
  }
}

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_FUSED_PACK_HPP
