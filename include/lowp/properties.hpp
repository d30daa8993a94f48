// SPDX-License-Identifier: Apache-2.0
/// \file
/// Derived properties of a format: the codes of its landmarks. Nothing here is typed by hand.
/// spec/formats.md FMT-12.
#ifndef LOWP_PROPERTIES_HPP
#define LOWP_PROPERTIES_HPP

#include <cstdint>
#include <initializer_list>

#include "codec.hpp"

namespace lowp {

/// Code of the greatest finite value.
LOWP_FN code_t max_finite(format f) noexcept {
  return detail::with_kind(
      f, [&](auto kind) { return detail::max_finite_code<decltype(kind)>(f, false); });
}

/// Code of the least finite value: -max for signed formats (one step further for integers), else
/// zero or the least positive value.
LOWP_FN code_t lowest(format f) noexcept {
  if (!f.is_signed) return 0;
  return detail::with_kind(
      f, [&](auto kind) { return detail::max_finite_code<decltype(kind)>(f, true); });
}

/// Code of the least value above zero; of zero where nothing is (int1).
LOWP_FN code_t min_positive(format f) noexcept {
  return detail::with_kind(f, [&](auto kind) {
    using kind_type = decltype(kind);
    return kind_type::code(f, false, has_zero(f) && kind_type::top(f, false) > 0 ? 1 : 0);
  });
}

/// Code of the least normal value: the least magnitude with full precision (HiFloat8: 2^-15); the
/// least positive value in formats that know no subnormals.
LOWP_FN code_t min_normal(format f) noexcept {
  return detail::with_kind(f, [&](auto kind) -> code_t {
    const std::int32_t exponent = decltype(kind)::least_normal_exponent(f);
    const bool exists = f.kind == number_kind::hifloat8 || has_subnormals(f);
    return exists ? encode(f, exact_finite(false, 1, exponent), {.overflow = saturate})
                  : min_positive(f);
  });
}

/// Code of +0, or of the least value where there is no zero.
LOWP_FN code_t zero(format f) noexcept { return encode(f, exact_zero()); }

/// Code nearest to 1.
LOWP_FN code_t one(format f) noexcept {
  return encode(f, exact_finite(false, 1, 0), {.overflow = saturate});
}

/// Code of an infinity; only for formats that have it (`has_infinity`), else the code of what
/// stands for it by default.
LOWP_FN code_t infinity(format f, bool negative = false) noexcept {
  return encode(f, exact_infinity(negative));
}

/// Code of the canonical NaN; only for formats that have one (`has_nan`).
LOWP_FN code_t canonical_nan(format f) noexcept { return encode(f, exact_nan()); }

/// Number of codes that are zero or finite; for width <= 63.
LOWP_FN std::uint64_t finite_code_count(format f) noexcept {
  return detail::with_kind(f, [&](auto kind) -> std::uint64_t {
    using kind_type = decltype(kind);
    const std::uint64_t positive = kind_type::top(f, false) + 1;  // zero or least value included
    if (!f.is_signed) return positive;
    return positive + kind_type::top(f, true) + (has_negative_zero(f) ? 1 : 0);
  });
}

/// Number of different finite values: -0 and +0 are one.
LOWP_FN std::uint64_t finite_value_count(format f) noexcept {
  return finite_code_count(f) - (has_negative_zero(f) ? 1 : 0);
}

namespace detail {

/// Bounds of the finite values: each is a multiple of 2^unit with at most `precision` significant
/// bits.
struct value_bounds {
  int precision = 0;
  std::int32_t unit = 0;
};

LOWP_FN value_bounds bounds(format f) noexcept {
  switch (f.kind) {
    case number_kind::minifloat: {
      const std::int32_t lift = f.bottom == bottom_binade::gradual ? 1 : 0;
      return {f.precision, lift - f.bias - trailing_bits(f)};
    }
    case number_kind::fixed_point: return {magnitude_bits(f), -f.bias};
    case number_kind::posit:
      return {f.width - 2 - f.exponent_bits, -(f.width - 2) * (1 << f.exponent_bits)};
    case number_kind::takum: return {f.width - 4, -255 - (f.width > 12 ? f.width - 12 : 0)};
    default: return {64, -(1 << 20)};
  }
}

LOWP_FN bool embeds_each_code(format from, format to) noexcept {
  for (code_t code = 0; code < (code_t{1} << from.width); ++code) {
    const exact x = decode(from, code);
    if (x.cls != number_class::finite && x.cls != number_class::zero) continue;
    const encoded there = encode_with_status(to, x);
    if (there.flags.has(status::inexact) || x.sticky) return false;
    if (decode(to, there.code).negative != x.negative) return false;
  }
  return true;
}

LOWP_FN bool is_exact(format f, std::uint64_t significand, std::int32_t exponent) noexcept {
  return !encode_with_status(f, exact_finite(false, significand, exponent))
              .flags.has(status::inexact);
}

// The precision of posits and takums falls toward both ends of the range, so the ends decide.
LOWP_FN bool embeds_in_tapered(format from, format to) noexcept {
  if (from.kind == to.kind) {
    return from.exponent_bits == to.exponent_bits && from.width <= to.width;
  }
  const bool from_regular = from.kind == number_kind::fixed_point ||
                            (from.kind == number_kind::minifloat && !has_negative_zero(from));
  if (!from_regular) return false;
  const exact most = decode(from, max_finite(from));
  // Where a NaN cuts the top binade short, the value before may need one bit more.
  const exact before = decode(from, max_finite(from) - 1);
  const exact least = decode(from, min_positive(from));
  const exact normal = normalized(decode(from, min_normal(from)));
  const bool full = from.kind == number_kind::minifloat;
  return is_exact(to, most.significand, most.exponent) &&
         is_exact(to, before.significand, before.exponent) &&
         is_exact(to, least.significand, least.exponent) &&
         (!full || is_exact(to, low_mask(from.precision), binade(normal) - trailing_bits(from)));
}

LOWP_FN bool embeds_by_bounds(format from, format to) noexcept {
  if (from.is_signed && !to.is_signed) return false;
  if (clamps_to_nonzero(to)) return embeds_in_tapered(from, to);
  const bool regular = to.kind == number_kind::fixed_point ||
                       (to.kind == number_kind::minifloat && to.bottom == bottom_binade::gradual);
  if (!regular || (has_negative_zero(from) && !has_negative_zero(to))) return false;
  const value_bounds source = bounds(from);
  const value_bounds target = bounds(to);
  if (source.precision > target.precision || source.unit < target.unit) return false;
  for (const code_t end : {max_finite(from), lowest(from)}) {
    if (encode_with_status(to, decode(from, end)).flags.has(status::overflow)) return false;
  }
  return true;
}

}  // namespace detail

/// True if every value of `from` exists in `to`: finite values, -0, infinities and NaN (payloads
/// apart). Then `number` converts implicitly. Decided code by code up to 8 bits, by precision and
/// range above; spec/conversion.md CVT-5.
LOWP_FN bool embeds(format from, format to) noexcept {
  if (from == to) return true;
  if (has_infinity(from) && !has_infinity(to)) return false;
  if (has_nan(from) && !has_nan(to)) return false;
  return from.width <= 8 ? detail::embeds_each_code(from, to) : detail::embeds_by_bounds(from, to);
}

}  // namespace lowp

#endif  // LOWP_PROPERTIES_HPP
