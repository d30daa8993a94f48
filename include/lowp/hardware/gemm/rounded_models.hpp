// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the kernels of sums that are not aligned ask about a model. spec/gemm.md GEM-10.
#ifndef LOWP_HARDWARE_GEMM_ROUNDED_MODELS_HPP
#define LOWP_HARDWARE_GEMM_ROUNDED_MODELS_HPP

#include "packed_values.hpp"

namespace lowp::simd::rounded_models {

/// Rounds to nearest even, overflows to infinity; what it does about NaN and subnormal results is
/// asked apart.
LOWP_UNIT inline bool is_nearest(projection p) noexcept {
  p.nan = projection{}.nan;
  p.nan_sign = projection{}.nan_sign;
  p.flush_subnormal_result = false;
  return p == projection{};
}

/// Values of a minifloat are those of binary32 or binary64.
LOWP_UNIT inline bool fits(format f, int trailing, int least_exponent, int greatest) noexcept {
  if (f.width == 0 || f.kind != number_kind::minifloat) return false;
  const int t = trailing_bits(f);
  const exact most = decode(f, max_finite(f));
  return t <= trailing && binade(normalized(most)) <= greatest &&
         least_normal(f) - t >= least_exponent - trailing;
}
LOWP_UNIT inline bool fits_binary32(format f) noexcept { return fits(f, 23, -126, 127); }
LOWP_UNIT inline bool fits_binary64(format f) noexcept { return fits(f, 52, -1022, 1023); }

/// Products of the factors have at most 24 bits.
LOWP_UNIT inline bool has_short_products(const mma_model& m) noexcept {
  return m.a.precision + m.b.precision <= 24;
}

/// A kernel of these families: tiles of value_rows x value_columns.
template <class Real>
LOWP_UNIT void set_kernel(const mma_model& m, gemm_store store, void (*tile)(const gemm_tile&),
                          gemm_kernel& k) noexcept {
  k.rows = value_rows;
  k.columns = value_columns;
  k.store = store;
  k.bytes_a = value_bytes(m.k, value_rows, sizeof(Real));
  k.bytes_b = value_bytes(m.k, value_columns, sizeof(Real));
  k.pack_a = pack_values<Real, value_rows>;
  k.pack_b = pack_values<Real, value_columns>;
  k.tile = tile;
}

/// The range of products of a tile, of instructions of so many bytes.
LOWP_UNIT inline value_range range_of_tile(const gemm_tile& t, std::size_t bytes_a,
                                           std::size_t bytes_b) noexcept {
  value_range r;
  for (std::uint64_t n = t.first; n < t.last; n += t.step) {
    const value_range a = range_at(t.a + n * bytes_a), b = range_at(t.b + n * bytes_b);
    r.join({a.least + b.least + t.exponent, a.greatest + b.greatest + t.exponent});
  }
  return r;
}
template <class Real>
LOWP_UNIT value_range range_of_tile(const gemm_tile& t) noexcept {
  return range_of_tile(t, value_bytes(t.model->k, value_rows, sizeof(Real)),
                       value_bytes(t.model->k, value_columns, sizeof(Real)));
}

/// The definition does all of a tile.
LOWP_UNIT inline void redo_all(const gemm_tile& t) noexcept {
  std::memset(t.redo, 1, static_cast<std::size_t>(value_rows * value_columns));
}

}  // namespace lowp::simd::rounded_models

#endif  // LOWP_HARDWARE_GEMM_ROUNDED_MODELS_HPP
