// SPDX-License-Identifier: Apache-2.0
/// \file
/// The conversion of arrays, element by element: the definition that simd/ repeats in bulk.
#ifndef LOWP_PACK_CONVERT_ARRAY_HPP
#define LOWP_PACK_CONVERT_ARRAY_HPP

#include <cstddef>
#include <cstdint>

#include "../convert.hpp"
#include "../random/random_source.hpp"
#include "packing.hpp"

namespace lowp {

/// All that decides the result of an array conversion.
struct array_conversion {
  array_layout from;
  array_layout to;
  projection p = {};
  random_source random = {};  ///< of the stochastic modes

  friend LOWP_FN bool operator==(const array_conversion&,
                                 const array_conversion&) noexcept = default;
};

/// What happened in an array, for monitors. Flags as PRJ-11 defines them; spec/packing.md PCK-7.
struct conversion_counts {
  std::uint64_t nan = 0;        ///< elements that were NaN
  std::uint64_t overflow = 0;   ///< elements with the overflow flag: beyond the greatest finite
  std::uint64_t underflow = 0;  ///< elements with the underflow flag: tiny and inexact

  friend LOWP_FN bool operator==(const conversion_counts&,
                                 const conversion_counts&) noexcept = default;
};

/// Random word of element i for the projection: its bits at the end that `p.random_from` reads.
LOWP_FN std::uint64_t random_word_of(const projection& p, const random_source& s,
                                     std::uint64_t i) noexcept {
  if (!is_stochastic(p.round)) return 0;
  const int field = random_field_bits(p.random_bits);
  const std::uint64_t bits = random_bits_of(s, i, field);
  return p.random_from == random_field::high ? bits << (32 - field) : bits;
}

/// Converts n elements; `first` is the index of the first one in the array that the random source
/// counts. Writes `bytes_of(c.to, n)` bytes; bits that hold no element become zero. `out` may be
/// `in` where no code of `to` takes more room than one of `from`; other overlaps are not allowed.
/// spec/packing.md PCK-6.
LOWP_FN void convert_array(const array_conversion& c, const std::byte* in, std::byte* out,
                           std::uint64_t n, std::uint64_t first = 0,
                           conversion_counts* counts = nullptr) noexcept {
  for (std::uint64_t start = 0; start < n; start += packing_tile) {
    // Whole tiles, so that `out` may be `in`.
    const std::uint64_t here = n - start < packing_tile ? n - start : packing_tile;
    code_t result[packing_tile] = {};
    for (std::uint64_t i = 0; i < here; ++i) {
      const code_t code = read_code(c.from, in, start + i);
      const std::uint64_t word = random_word_of(c.p, c.random, first + start + i);
      if (counts == nullptr) {
        result[i] = convert(c.from.f, code, c.to.f, c.p, word);
        continue;
      }
      const encoded e = convert_with_status(c.from.f, code, c.to.f, c.p, word);
      result[i] = e.code;
      if (decode(c.from.f, code).cls == number_class::nan) ++counts->nan;
      if (e.flags.has(status::overflow)) ++counts->overflow;
      if (e.flags.has(status::underflow)) ++counts->underflow;
    }
    const std::uint64_t end = bytes_of(c.to, start + here);
    for (std::uint64_t b = bytes_of(c.to, start); b < end; ++b) out[b] = std::byte{0};
    for (std::uint64_t i = 0; i < here; ++i) write_code(c.to, out, start + i, result[i]);
  }
}

}  // namespace lowp

#endif  // LOWP_PACK_CONVERT_ARRAY_HPP
