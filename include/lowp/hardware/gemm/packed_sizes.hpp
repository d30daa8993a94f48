// SPDX-License-Identifier: Apache-2.0
/// \file
/// Factors packed as values and as what they are aligned by. spec/gemm.md GEM-10.
#ifndef LOWP_HARDWARE_GEMM_PACKED_SIZES_HPP
#define LOWP_HARDWARE_GEMM_PACKED_SIZES_HPP

#include "rounded_models.hpp"

namespace lowp::simd {

/// A packed instruction: `value_bytes` of binary64, then as many sizes.
LOWP_UNIT constexpr std::size_t sized_bytes(int k, int count) noexcept {
  return value_bytes(2 * k, count, sizeof(double));
}

/// 2^exponent of a factor, 0 of zero.
LOWP_UNIT inline double size_of_factor(const mma_model& m, format f, double x) noexcept {
  const auto field = static_cast<int>(lowp::detail::bit_cast<std::uint64_t>(x) << 1 >> 53) - 1023;
  if (field == -1023) return 0.0;
  const int least = least_normal(f);
  return values::power_of_two(!m.normalises && field < least ? least : field);
}

/// A `gemm_pack`.
template <int Count>
LOWP_UNIT void pack_sized(const gemm_source& from, std::size_t first, std::uint64_t instructions,
                          std::byte* out, unsigned char* special) {
  const mma_model& m = *from.model;
  const format f = from.is_b ? m.b : m.a;
  const int each = m.k * Count;
  values::pack<double, Count>({from, first, instructions, out, special, sized_bytes(m.k, Count)});
  for (std::uint64_t n = 0; n < instructions; ++n, out += sized_bytes(m.k, Count)) {
    auto* const values = reinterpret_cast<double*>(out + values_at);
    for (int i = 0; i < each; ++i) values[each + i] = size_of_factor(m, f, values[i]);
  }
}

/// The range of products of a tile.
LOWP_UNIT inline value_range range_of_sized(const gemm_tile& t) noexcept {
  return rounded_models::range_of_tile(t, sized_bytes(t.model->k, value_rows),
                                       sized_bytes(t.model->k, value_columns));
}

/// A kernel for values with sizes.
LOWP_UNIT inline void set_sized_kernel(const mma_model& m, void (*tile)(const gemm_tile&),
                                       gemm_kernel& k) noexcept {
  k = {value_rows,
       value_columns,
       gemm_store::binary32,
       sized_bytes(m.k, value_rows),
       sized_bytes(m.k, value_columns),
       pack_sized<value_rows>,
       pack_sized<value_columns>,
       tile};
}

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_PACKED_SIZES_HPP
