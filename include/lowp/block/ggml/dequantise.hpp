// SPDX-License-Identifier: Apache-2.0
/// \file
/// The numbers of a ggml block: one formula for all types, led by their rows.
#ifndef LOWP_BLOCK_GGML_DEQUANTISE_HPP
#define LOWP_BLOCK_GGML_DEQUANTISE_HPP

#include <cstddef>
#include <cstdint>

#include "fields.hpp"
#include "types.hpp"

namespace lowp {

namespace detail::ggml {

template <binary32_real Real>
LOWP_FN void dequantise(const ggml_type& t, const std::byte* in, Real* y) noexcept {
  const int span = t.group != 0 ? t.group : t.scale.span;
  for (int first = 0; first < t.elements; first += span) {
    Real d = read_number<Real>(t.scale, in, first);
    if (t.factors.exists()) {
      const int factor = value_of(t.factors, read_integer(t.factors, in, first / span));
      d = d * real_from_integer<Real>(factor);
    }
    const bool has_low = t.low.kind != ggml_number::none;
    Real low = has_low ? read_number<Real>(t.low, in, first) : real<Real>(0);
    const bool subtracts = t.low_factors.exists();
    if (subtracts) {
      const int factor = value_of(t.low_factors, read_integer(t.low_factors, in, first / span));
      low = low * real_from_integer<Real>(factor);
    }
    for (int i = first; i < first + span && i < t.elements; ++i) {
      const Real product =
          d * real_from_integer<Real>(value_of(t.codes, read_integer(t.codes, in, i)));
      y[i] = subtracts ? product - low : has_low ? product + low : product;
    }
  }
}

}  // namespace detail::ggml

/// The `t.elements` numbers of a block of `t.bytes` bytes, of a type that
/// `check` lets pass; every block is one. Each step rounds to
/// binary32: (d factor) value, plus the minimum of the block or less (dmin factor). A result from a
/// NaN or infinite scale may be any NaN. spec/ggml.md GGM-3.
template <binary32_real Real>
LOWP_FN void dequantise_ggml_block(const ggml_type& t, const std::byte* in, Real* y) noexcept {
  detail::ggml::dequantise(t, in, y);
}

/// The numbers of n blocks, one after the other.
template <binary32_real Real>
LOWP_FN void dequantise_ggml(const ggml_type& t, const std::byte* in, std::size_t n,
                             Real* y) noexcept {
  for (std::size_t b = 0; b < n; ++b) {
    dequantise_ggml_block(t, in + b * t.bytes, y + b * t.elements);
  }
}

}  // namespace lowp

#endif  // LOWP_BLOCK_GGML_DEQUANTISE_HPP
