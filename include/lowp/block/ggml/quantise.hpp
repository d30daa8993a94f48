// SPDX-License-Identifier: Apache-2.0
/// \file
/// The bytes that ggml's reference functions make of numbers.
#ifndef LOWP_BLOCK_GGML_QUANTISE_HPP
#define LOWP_BLOCK_GGML_QUANTISE_HPP

#include <cstddef>

#include "asymmetric.hpp"
#include "iq4.hpp"
#include "nearest.hpp"
#include "plain.hpp"
#include "symmetric.hpp"
#include "types.hpp"

namespace lowp {

/// A block of a type that `check` lets pass: `t.elements` numbers at x, `t.bytes` bytes at out, all
/// of them written. Every input has a result; where C leaves one open, spec/ggml.md GGM-6 says
/// which.
template <binary32_real Real>
LOWP_FN void quantise_ggml_block(const ggml_type& t, const Real* x, std::byte* out) noexcept {
  for (int i = 0; i < t.bytes; ++i) out[i] = std::byte{0};
  switch (t.method) {
    case ggml_method::plain: return detail::ggml::quantise_plain(t, x, out);
    case ggml_method::nearest: return detail::ggml::quantise_nearest(t, x, out);
    case ggml_method::iq4: return detail::ggml::quantise_iq4(t, x, out);
    case ggml_method::asymmetric: return detail::ggml::quantise_asymmetric(t, x, out);
    case ggml_method::symmetric: return detail::ggml::quantise_symmetric(t, x, out);
  }
}

/// n blocks, one after the other.
template <binary32_real Real>
LOWP_FN void quantise_ggml(const ggml_type& t, const Real* x, std::size_t n,
                           std::byte* out) noexcept {
  for (std::size_t b = 0; b < n; ++b) {
    quantise_ggml_block(t, x + b * t.elements, out + b * t.bytes);
  }
}

}  // namespace lowp

#endif  // LOWP_BLOCK_GGML_QUANTISE_HPP
