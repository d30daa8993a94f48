// SPDX-License-Identifier: Apache-2.0
/// \file
/// Formats that are a table of values. spec/values.md VAL-9.
#ifndef LOWP_DETAIL_CODEBOOK_HPP
#define LOWP_DETAIL_CODEBOOK_HPP

#include "../codebooks.hpp"
#include "kind.hpp"

namespace lowp::detail {

/// The ladder index is the position in the sorted magnitudes of the sign.
template <>
struct kind_of_number<number_kind::codebook> {
  LOWP_FN static std::uint64_t top(format f, bool negative) noexcept {
    return static_cast<std::uint64_t>(codebook(f.table, negative).size - 1);
  }

  LOWP_FN static unpacked unpack(format f, code_t code) noexcept {
    for (int sign = 0; sign < 2; ++sign) {
      const codebook_side side = codebook(f.table, sign != 0);
      for (int i = 0; i < side.size; ++i) {
        if (side.code[i] != (code & 15)) continue;
        return {i == 0 ? number_class::zero : number_class::finite, sign != 0,
                static_cast<std::uint64_t>(i), 0};
      }
    }
    return {};
  }

  LOWP_FN static exact value(format f, bool negative, std::uint64_t index) noexcept {
    return exact_finite(negative, in_units(codebook(f.table, negative).magnitude[index]), unit);
  }

  LOWP_FN static position locate(format f, const exact& x) noexcept {
    const codebook_side side = codebook(f.table, x.negative);
    if (binade(x) > 0) return {.fraction = {0, true}, .beyond = true};
    const position units = align(x, unit);
    int i = side.size - 1;
    while (in_units(side.magnitude[i]) > units.index) --i;
    const std::uint64_t low = in_units(side.magnitude[i]);
    if (i == side.size - 1) {
      const bool exactly = units.index == low && units.fraction.is_zero();
      if (exactly) return {static_cast<std::uint64_t>(i), {}};
      return {.fraction = {0, true}, .beyond = true};
    }
    return {static_cast<std::uint64_t>(i),
            divide(units.index - low, in_units(side.magnitude[i + 1]) - low, units.fraction)};
  }

  LOWP_FN static code_t code(format f, bool negative, std::uint64_t index) noexcept {
    return codebook(f.table, negative).code[index];
  }

  LOWP_FN static std::int32_t least_normal_exponent(format f) noexcept {
    const exact least = normalized(value(f, false, 1));
    return binade(least);
  }

 private:
  // All magnitudes are binary32 values in [2^-8, 1] or 0: multiples of 2^-31.
  static constexpr std::int32_t unit = -31;

  LOWP_FN static std::uint64_t in_units(std::uint32_t binary32) noexcept {
    if (binary32 == 0) return 0;
    const int exponent = static_cast<int>(binary32 >> 23) - 127;  // -8...0
    return (std::uint64_t{(binary32 & 0x7fffff) | 0x800000} << 8) >> -exponent;
  }
};

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_CODEBOOK_HPP
