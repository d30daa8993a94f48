// SPDX-License-Identifier: Apache-2.0
/// \file
/// Conversion between any two formats in one rounding.
#ifndef LOWP_CONVERT_HPP
#define LOWP_CONVERT_HPP

#include <cstdint>

#include "codec.hpp"
#include "detail/narrow.hpp"

namespace lowp {

namespace detail {

// The source format's least normal value; only minifloats have subnormals to treat specially.
LOWP_FN exact apply_input_rule(format from, const exact& x, subnormal_input_rule rule) noexcept {
  if (rule == subnormal_input_rule::keep || from.kind != number_kind::minifloat) return x;
  if (x.cls != number_class::finite) return x;
  const std::int32_t least = kind_of_number<number_kind::minifloat>::least_normal_exponent(from);
  const exact n = normalized(x);
  const std::int32_t exponent = binade(n);
  if (exponent >= least) return x;
  if (rule == subnormal_input_rule::zero) return exact_zero(x.negative);
  const bool above_half =
      exponent == least - 1 && (n.significand != std::uint64_t{1} << 63 || n.sticky);
  if (rule == subnormal_input_rule::half_down && !above_half) return x;
  return exact_finite(x.negative, 1, least);
}

LOWP_FN code_t convert_by_value(format from, code_t code, format to, const projection& p,
                                std::uint64_t random) noexcept {
  return lowp::encode(to, apply_input_rule(from, decode(from, code), p.subnormal_input), p, random);
}

// Inlined, so that constant formats and a constant projection fold.
LOWP_INLINE_FN code_t convert(format from, code_t code, format to, const projection& p,
                              std::uint64_t random) noexcept {
  code_t out = 0;
  if (can_narrow(from, to, p) && narrow(from, code, to, p, random, out)) return out;
  return convert_by_value(from, code, to, p, random);
}

}  // namespace detail

/// The code of `to` that `p` makes of a code of `from`: decode, one projection. spec/conversion.md
/// CVT-1. `random` as in `encode`.
LOWP_FN code_t convert(format from, code_t code, format to, const projection& p = {},
                       std::uint64_t random = 0) noexcept {
  return detail::convert(from, code, to, p, random);
}

/// The same with exception flags. A subnormal input that a rule changes raises none. CVT-2.
LOWP_FN encoded convert_with_status(format from, code_t code, format to, const projection& p = {},
                                    std::uint64_t random = 0) noexcept {
  return encode_with_status(
      to, detail::apply_input_rule(from, decode(from, code), p.subnormal_input), p, random);
}

}  // namespace lowp

#endif  // LOWP_CONVERT_HPP
