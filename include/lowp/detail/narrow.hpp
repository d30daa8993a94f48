// SPDX-License-Identifier: Apache-2.0
/// \file
/// The short way for the conversions that people run in loops: from an IEEE style format to a
/// narrower signed minifloat. Same ladder, same rounding decision, no detour through `exact`.
#ifndef LOWP_DETAIL_NARROW_HPP
#define LOWP_DETAIL_NARROW_HPP

#include "../codec.hpp"

namespace lowp::detail {

/// Do the formats and the projection allow the short way?
LOWP_INLINE_FN bool can_narrow(format from, format to, const projection& p) noexcept {
  return from.kind == number_kind::minifloat && from.nans == nan_codes::ieee && from.has_infinity &&
         from.bottom == bottom_binade::gradual && from.is_signed &&
         to.kind == number_kind::minifloat && to.bottom == bottom_binade::gradual && to.is_signed &&
         to.nans != nan_codes::negative_zero && from.precision > to.precision &&
         from.bias >= to.bias && p.subnormal_input == subnormal_input_rule::keep &&
         !p.flush_subnormal_result && p.zero_sign == sign_rule::keep && !p.overflow_before_rounding;
}

/// Converts all but a few inputs (NaN; tiny values under stochastic rounding); false for those.
LOWP_INLINE_FN bool narrow(format from, code_t code, format to, const projection& p,
                           std::uint64_t word, code_t& out) noexcept {
  const int t = trailing_bits(from);
  const int dropped = from.precision - to.precision;
  const std::uint64_t magnitude = code & low_mask(magnitude_bits(from));
  const bool negative = ((code >> magnitude_bits(from)) & 1) != 0;
  const auto field = static_cast<std::int32_t>(magnitude >> t);
  const std::int32_t least = 1 + from.bias - to.bias;  // field of the target's least normal value
  const std::int32_t infinite = static_cast<std::int32_t>(low_mask(exponent_field_bits(from)));
  using kind = kind_of_number<number_kind::minifloat>;
  if (field == infinite) {
    if ((magnitude & low_mask(t)) != 0) return false;
    out = encode_overflow<kind, false>(to, p, negative, true).code;
    return true;
  }
  // Without branches on the data: subnormals of source and target only lengthen the shift.
  const std::int32_t subnormal = field == 0 ? 1 : 0;
  const std::uint64_t implicit = static_cast<std::uint64_t>(1 - subnormal) << t;
  const std::uint64_t significand = (magnitude & low_mask(t)) | implicit;
  const std::int32_t scale = field + subnormal;
  const std::int32_t raised = scale > least ? scale : least;
  int shift = dropped + raised - scale;
  if (is_stochastic(p.round) && shift > 63) return false;
  shift = shift > 63 ? 63 : shift;  // nu stays below one half, and zero or not as it was
  std::uint64_t index =
      (static_cast<std::uint64_t>(raised - least) << trailing_bits(to)) + (significand >> shift);
  const fraction64 nu{significand << (64 - shift), false};
  int random_bits = 0;
  const std::uint64_t random = is_stochastic(p.round) ? random_of(p, word, random_bits) : 0;
  index += rounds_away(p.round, negative, (index & 1) != 0, nu, random, random_bits) ? 1 : 0;
  const code_t sign = negative ? std::uint64_t{1} << magnitude_bits(to) : 0;
  const code_t overflow = encode_overflow<kind, false>(to, p, negative, false).code;
  const std::uint64_t over = 0 - static_cast<std::uint64_t>(index > kind::top(to, negative));
  out = (overflow & over) | ((index | sign) & ~over);
  return true;
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_NARROW_HPP
