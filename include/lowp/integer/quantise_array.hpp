// SPDX-License-Identifier: Apache-2.0
/// \file
/// Affine quantisation of arrays, with parameters for any granularity and integers packed in any
/// order. The definition, one element at a time.
#ifndef LOWP_INTEGER_QUANTISE_ARRAY_HPP
#define LOWP_INTEGER_QUANTISE_ARRAY_HPP

#include <cstddef>
#include <cstdint>

#include "../pack/packing.hpp"
#include "affine.hpp"
#include "intn.hpp"
#include "tiling.hpp"

namespace lowp {

/// Element i of `out` is the code, in the integer format of the layout, of `in[i]` quantised with
/// the parameters of its tile. The range lies in that format's. spec/integers.md INT-7.
template <binary32_real Real>
LOWP_FN void quantise_array(const tiling& t, const affine<Real>* parameters, integer_range q,
                            const quantise_rule& r, const Real* in, const array_layout& to,
                            std::byte* out) noexcept {
  for (std::size_t i = 0; i < element_count(t); ++i) {
    const std::int32_t n = quantise(in[i], parameters[tile_of(t, i)], q, r);
    write_code(to, out, i, integer_code(to.f, n, integer_overflow::wrap));
  }
}

/// `out[i]` is the number that element i of `in` means. `how` is the rule's that made it.
template <binary32_real Real>
LOWP_FN void dequantise_array(const tiling& t, const affine<Real>* parameters,
                              const array_layout& from, const std::byte* in, Real* out,
                              scaling how = scaling::divide) noexcept {
  for (std::size_t i = 0; i < element_count(t); ++i) {
    const auto n = static_cast<std::int32_t>(integer_value(from.f, read_code(from, in, i)));
    out[i] = dequantise(n, parameters[tile_of(t, i)], how);
  }
}

}  // namespace lowp

#endif  // LOWP_INTEGER_QUANTISE_ARRAY_HPP
