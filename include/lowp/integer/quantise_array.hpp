// SPDX-License-Identifier: Apache-2.0
/// \file
/// Affine quantisation of arrays, with parameters for any granularity and integers packed in any
/// order. The definition, one element at a time.
#ifndef LOWP_INTEGER_QUANTISE_ARRAY_HPP
#define LOWP_INTEGER_QUANTISE_ARRAY_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

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

/// The rule that a call on arrays breaks, see `message`. Then nothing is written.
enum class [[nodiscard]] affine_array_error : std::uint8_t{
    none,
    tiling,      ///< see `check` of tilings
    integers,    ///< codes are not of an integer format of up to 31 bits, or 32 signed ones
    layout,      ///< see `check` of layouts
    range,       ///< the range is empty or not within the format's
    parameters,  ///< not one pair of parameters for each tile
    numbers,     ///< not one number for each element
    bytes,       ///< fewer bytes than the codes take
};

/// The rule in words, for messages.
LOWP_FN const char* message(affine_array_error e) noexcept {
  switch (e) {
    case affine_array_error::none: return "no error";
    case affine_array_error::tiling:
      return "tiles must have elements, no more than a size_t counts";
    case affine_array_error::integers:
      return "codes must be integers of up to 31 bits, or 32 signed ones";
    case affine_array_error::layout: return "the layout must be usable";
    case affine_array_error::range: return "the range must be one of integers of the format";
    case affine_array_error::parameters: return "there must be parameters for each tile";
    case affine_array_error::numbers: return "there must be one number for each element";
    case affine_array_error::bytes: return "the codes need more bytes";
  }
  return "unknown";
}

/// Which rule an array of codes breaks: its tiling, layout and sizes.
LOWP_FN affine_array_error check_array(const tiling& t, const array_layout& a,
                                       std::size_t parameters, std::size_t numbers,
                                       std::size_t bytes) noexcept {
  if (check(t) != tiling_error::none) return affine_array_error::tiling;
  const format f = a.f;
  const bool integers =
      f == integer_format(f.width, f.is_signed) && f.width <= 32 && (f.is_signed || f.width < 32);
  if (!integers) return affine_array_error::integers;
  if (check(a) != packing_error::none) return affine_array_error::layout;
  if (parameters != tile_count(t)) return affine_array_error::parameters;
  if (numbers != element_count(t)) return affine_array_error::numbers;
  if (bytes < bytes_of(a, numbers)) return affine_array_error::bytes;
  return affine_array_error::none;
}

/// Parameters of every tile from its least and its greatest number. The error is that of the first
/// tile that has none; its parameters and those behind it are not written. INT-7, INT-8.
template <binary32_real Real = float32>
LOWP_FN parameter_error choose_array_parameters(
    const min_max_rule& rule, const tiling& t, std::span<const std::type_identity_t<Real>> x,
    integer_range q, std::span<std::type_identity_t<affine<Real>>> parameters) noexcept {
  if (check(t) != tiling_error::none) return parameter_error::tiling;
  if (x.size() != element_count(t) || parameters.size() != tile_count(t)) {
    return parameter_error::sizes;
  }
  for (std::size_t tile = 0; tile < parameters.size(); ++tile) {
    const auto choice = choose_parameters(rule, min_max_of_tile(t, tile, x.data()), q);
    if (choice.error != parameter_error::none) return choice.error;
    parameters[tile] = choice.value;
  }
  return parameter_error::none;
}

/// Element i of `out` is the code, in the integer format of the layout, of `in[i]` quantised with
/// the parameters of its tile. Writes `bytes_of(to, in.size())` bytes; bits that hold no element
/// become zero. spec/integers.md INT-7.
template <binary32_real Real = float32>
LOWP_FN affine_array_error
quantise_array(const quantise_rule& r, const tiling& t,
               std::span<const std::type_identity_t<affine<Real>>> parameters, integer_range q,
               std::span<const std::type_identity_t<Real>> in, const array_layout& to,
               std::span<std::byte> out) noexcept {
  const affine_array_error e = check_array(t, to, parameters.size(), in.size(), out.size());
  if (e != affine_array_error::none) return e;
  const integer_range all = range_of(to.f);
  if (q.lowest < all.lowest || q.greatest > all.greatest || q.greatest < q.lowest) {
    return affine_array_error::range;
  }
  for (std::byte& b : out.first(bytes_of(to, in.size()))) b = std::byte{0};
  for (std::size_t i = 0; i < in.size(); ++i) {
    const std::int32_t n = quantise(r, in[i], parameters[tile_of(t, i)], q);
    write_code(to, out.data(), i, integer_code(to.f, n, integer_overflow::wrap));
  }
  return affine_array_error::none;
}

/// `out[i]` is the number that element i of `in` means. `how` is the rule's that made it.
template <binary32_real Real = float32>
LOWP_FN affine_array_error dequantise_array(
    const tiling& t, std::span<const std::type_identity_t<affine<Real>>> parameters,
    const array_layout& from, std::span<const std::byte> in,
    std::span<std::type_identity_t<Real>> out, scaling how = scaling::divide) noexcept {
  const affine_array_error e = check_array(t, from, parameters.size(), out.size(), in.size());
  if (e != affine_array_error::none) return e;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto n = static_cast<std::int32_t>(integer_value(from.f, read_code(from, in.data(), i)));
    out[i] = dequantise(n, parameters[tile_of(t, i)], how);
  }
  return affine_array_error::none;
}

}  // namespace lowp

#endif  // LOWP_INTEGER_QUANTISE_ARRAY_HPP
