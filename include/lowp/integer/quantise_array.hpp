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
#include "affine_parameters.hpp"
#include "intn.hpp"
#include "tiling.hpp"

namespace lowp {

/// The range of the elements of one tile.
template <binary32_real Real>
LOWP_FN real_range<Real> min_max_of_tile(const tiling& t, std::size_t tile,
                                         const Real* x) noexcept {
  const std::size_t along[3] = {tile / tiles_along(t, 2) / tiles_along(t, 1),
                                tile / tiles_along(t, 2) % tiles_along(t, 1),
                                tile % tiles_along(t, 2)};
  std::size_t first[3] = {}, last[3] = {};
  for (int d = 0; d < 3; ++d) {
    first[d] = along[d] * t.tile[d];
    last[d] = t.size[d] - first[d] < t.tile[d] ? t.size[d] : first[d] + t.tile[d];
  }
  range_scan<Real> scan;
  for (std::size_t i = first[0]; i < last[0]; ++i) {
    for (std::size_t j = first[1]; j < last[1]; ++j) {
      for (std::size_t k = first[2]; k < last[2]; ++k) {
        scan.add(x[(i * t.size[1] + j) * t.size[2] + k]);
      }
    }
  }
  return scan.range;
}

/// Parameters of every tile from its least and its greatest number. The error is that of the first
/// tile that has none; its parameters and those behind it are not written. INT-7, INT-8.
template <binary32_real Real>
LOWP_FN parameter_error choose_array_parameters(const tiling& t, const Real* x, integer_range q,
                                                const min_max_rule& rule,
                                                affine<Real>* parameters) noexcept {
  for (std::size_t tile = 0; tile < tile_count(t); ++tile) {
    const auto choice = choose_parameters(min_max_of_tile(t, tile, x), q, rule);
    if (choice.error != parameter_error::none) return choice.error;
    parameters[tile] = choice.value;
  }
  return parameter_error::none;
}

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
