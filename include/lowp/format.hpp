// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a number format is: one small value of data, usable at run time and as template argument.
#ifndef LOWP_FORMAT_HPP
#define LOWP_FORMAT_HPP

#include <cstdint>

#include "config.hpp"

namespace lowp {

/// The bits of one number, right-aligned; the bits above the format's width are ignored on reading
/// and zero in every result. spec/formats.md FMT-4.
using code_t = std::uint64_t;

/// How the bits of a code are read. spec/formats.md FMT-2.
enum class number_kind : std::uint8_t {
  minifloat,    ///< sign, exponent field, trailing significand: all IEEE, OCP, fnuz, P3109 formats
  fixed_point,  ///< two's complement (or unsigned) integer times 2^-bias
  hifloat8,     ///< HiFloat8: prefix-coded exponent width, 8 bits
  posit,        ///< posit standard (2022): regime, `exponent_bits` exponent bits, fraction
  takum,        ///< linear takum: direction, 3-bit regime, characteristic, fraction
  logarithmic,  ///< sign and a fixed-point base-2 logarithm
  codebook,     ///< a table of values, see `codebook_id`
};

/// Which codes of a minifloat are NaN. spec/formats.md FMT-6.
enum class nan_codes : std::uint8_t {
  none,           ///< every code is a number
  ieee,           ///< all-ones exponent with a non-zero trailing significand
  top,            ///< only the greatest magnitude code, with either sign if there is a sign
  negative_zero,  ///< only the code that would be -0
};

/// What the all-zeros exponent field of a minifloat means. spec/formats.md FMT-5.
enum class bottom_binade : std::uint8_t {
  gradual,    ///< 0.f x 2^(1-bias): zero and subnormals, as IEEE 754
  halved,     ///< 0.f x 2^(-bias): zero and subnormals as the text of Tesla's Dojo formats has them
  zero_only,  ///< an ordinary binade 1.f x 2^(-bias) whose first code, 0, is zero instead
  no_zero,    ///< an ordinary binade 1.f x 2^(-bias): the format has no zero
};

/// The tables of `number_kind::codebook`; their values are in codebooks.hpp.
enum class codebook_id : std::uint8_t { none, nf4, bnb_fp4 };

/// A number format. All members are public so that a format can be a template argument
/// (`number<F>`); two formats are the same type exactly when all members are equal.
/// Use the rows of formats.hpp or the makers below; `check` tells whether a hand-made value is
/// sane.
struct format {
  number_kind kind = number_kind::minifloat;
  std::uint8_t width = 0;  ///< bits of a code, 2...64
  /// Significand bits with the implicit one (minifloat). Other kinds derive theirs.
  std::uint8_t precision = 0;
  /// Exponent bits behind the regime (posit); fraction bits of the logarithm (logarithmic); else 0.
  std::uint8_t exponent_bits = 0;
  bool is_signed = true;
  bool has_infinity = false;  ///< of minifloats, where it is: spec/formats.md FMT-7
  nan_codes nans = nan_codes::none;
  bottom_binade bottom = bottom_binade::gradual;
  codebook_id table = codebook_id::none;
  /// Exponent bias (minifloat, logarithmic in units of the log field); fraction bits (fixed_point).
  std::int32_t bias = 0;

  friend LOWP_FN bool operator==(const format&, const format&) noexcept = default;
};

/// Bits of the magnitude part of a code.
LOWP_FN int magnitude_bits(format f) noexcept { return f.width - (f.is_signed ? 1 : 0); }

/// Stored significand bits of a minifloat, precision - 1.
LOWP_FN int trailing_bits(format f) noexcept { return f.precision - 1; }

/// Width of the exponent field of a minifloat.
LOWP_FN int exponent_field_bits(format f) noexcept { return magnitude_bits(f) - trailing_bits(f); }

namespace detail {

// For the makers: a number that does not fit becomes one that `check` refuses.
LOWP_FN std::uint8_t to_byte(int n) noexcept {
  return static_cast<std::uint8_t>(n < 0 || n > 255 ? 255 : n);
}
LOWP_FN std::int32_t power_of_two(int n) noexcept {
  return std::int32_t{1} << (n < 0 || n > 30 ? 30 : n);
}

}  // namespace detail

/// IEEE 754 style: reserved all-ones exponent, infinities, NaNs, -0, subnormals; bias 2^(e-1) - 1.
/// This and the other makers: spec/formats.md FMT-8.
LOWP_FN format ieee_format(int exponent_bits, int trailing) noexcept {
  return {.kind = number_kind::minifloat,
          .width = detail::to_byte(1 + exponent_bits + trailing),
          .precision = detail::to_byte(trailing + 1),
          .has_infinity = true,
          .nans = nan_codes::ieee,
          .bias = detail::power_of_two(exponent_bits - 1) - 1};
}

/// Like `ieee_format`, but the all-ones exponent is an ordinary binade, there is no infinity, and
/// the NaNs are where `nans` says ("fn": top, "fnuz": negative_zero with a bias of one more, finite
/// formats of OCP MX: none).
LOWP_FN format finite_format(int exponent_bits, int trailing, nan_codes nans) noexcept {
  format f = ieee_format(exponent_bits, trailing);
  f.has_infinity = false;
  f.nans = nans;
  f.bias += nans == nan_codes::negative_zero ? 1 : 0;
  return f;
}

/// IEEE P3109 (interim report 4.0, section 3) binary{K}p{P}{s|u}{e|f}: `extended` has infinities.
/// Signed: 1 <= P <= K-1; unsigned: 1 <= P <= K; 3 <= K <= 16. spec/formats.md FMT-9.
LOWP_FN format p3109_format(int K, int P, bool is_signed, bool extended) noexcept {
  return {.kind = number_kind::minifloat,
          .width = detail::to_byte(K),
          .precision = detail::to_byte(P),
          .is_signed = is_signed,
          .has_infinity = extended,
          .nans = is_signed ? nan_codes::negative_zero : nan_codes::top,
          .bias = detail::power_of_two(K - P - (is_signed ? 1 : 0))};
}

/// Two's complement (or unsigned) integers scaled by 2^-fraction_bits.
LOWP_FN format fixed_point_format(int width, int fraction_bits, bool is_signed) noexcept {
  return {.kind = number_kind::fixed_point,
          .width = detail::to_byte(width),
          .is_signed = is_signed,
          .bias = fraction_bits};
}

/// Integers of 1...64 bits.
LOWP_FN format integer_format(int width, bool is_signed) noexcept {
  return fixed_point_format(width, 0, is_signed);
}

/// Posit of the 2022 standard with 3...32 bits; `exponent_bits` is 2 there.
LOWP_FN format posit_format(int width, int exponent_bits = 2) noexcept {
  return {.kind = number_kind::posit,
          .width = detail::to_byte(width),
          .exponent_bits = detail::to_byte(exponent_bits)};
}

/// Linear takum with 3...32 bits.
LOWP_FN format takum_format(int width) noexcept {
  return {.kind = number_kind::takum, .width = detail::to_byte(width)};
}

/// The same minifloat with another exponent bias (per-tensor biases of Dojo and Gaudi).
/// spec/formats.md FMT-10.
LOWP_FN format with_bias(format f, int bias) noexcept {
  f.bias = bias;
  return f;
}

/// True if a code of `f` is a NaN (or NaR).
LOWP_INLINE_FN bool has_nan(format f) noexcept {
  switch (f.kind) {
    case number_kind::minifloat: return f.nans != nan_codes::none;
    case number_kind::fixed_point:
    case number_kind::codebook: return false;
    default: return true;
  }
}

/// True if a code of `f` is an infinity.
LOWP_FN bool has_infinity(format f) noexcept { return f.has_infinity; }

/// True if a code of `f` is zero.
LOWP_FN bool has_zero(format f) noexcept { return f.bottom != bottom_binade::no_zero; }

/// True if `f` tells -0 from +0.
LOWP_INLINE_FN bool has_negative_zero(format f) noexcept {
  if (f.kind == number_kind::codebook) return f.table == codebook_id::bnb_fp4;
  return f.kind == number_kind::minifloat && f.is_signed && has_zero(f) &&
         f.nans != nan_codes::negative_zero;
}

/// True if every NaN of `f` carries a sign bit of its own.
LOWP_FN bool has_signed_nan(format f) noexcept {
  return f.is_signed && (f.nans == nan_codes::ieee || f.nans == nan_codes::top);
}

/// True for formats in which no finite non-zero value becomes zero or non-finite (posit, takum).
LOWP_FN bool clamps_to_nonzero(format f) noexcept {
  return f.kind == number_kind::posit || f.kind == number_kind::takum;
}

/// True if `f` has subnormal values: a minifloat whose lowest binade lacks the implicit bit.
LOWP_FN bool has_subnormals(format f) noexcept {
  return f.kind == number_kind::minifloat &&
         (f.bottom == bottom_binade::gradual || f.bottom == bottom_binade::halved);
}

/// The rule that a format breaks, see `check` and `message`.
enum class [[nodiscard]] format_error : std::uint8_t{
    none,
    width,           ///< width outside 2...64 (1...64 for integers)
    precision,       ///< minifloat precision outside 1...min(width - sign bit, 53): no room for an
                     ///< exponent
    exponent_field,  ///< minifloat exponent field over 16 bits
    bias,            ///< |bias| over 65536
    ieee_needs_trailing,     ///< IEEE NaNs need at least one trailing bit and two exponent bits
    negative_zero_unsigned,  ///< the code of -0 exists in signed formats only
    signed_without_zero,     ///< a format without zero (no_zero) must be unsigned
    no_room,                 ///< the specials leave no finite non-zero value
    not_of_this_kind,        ///< a member is set that the kind does not use
    hifloat8,                ///< HiFloat8 is 8 bits wide, signed
    tapered,      ///< posit and takum are signed, 3...32 bits wide; posit exponent bits 0...4
    logarithmic,  ///< logarithmic: signed, 4...16 bits, at most 5 fraction bits, fewer than width-1
    codebook,     ///< codebooks are 4 bits wide and name a table
};

/// Which rule `f` breaks, `format_error::none` for a usable format. spec/formats.md FMT-3.
LOWP_FN format_error check(format f) noexcept {
  using enum format_error;
  if (f.width < (f.kind == number_kind::fixed_point ? 1 : 2) || f.width > 64) return width;
  if (f.kind != number_kind::minifloat &&
      (f.precision != 0 || f.has_infinity != (f.kind == number_kind::hifloat8) ||
       f.nans != nan_codes::none || f.bottom != bottom_binade::gradual)) {
    return not_of_this_kind;
  }
  if ((f.kind == number_kind::codebook) != (f.table != codebook_id::none)) return codebook;
  if (f.kind != number_kind::posit && f.kind != number_kind::logarithmic && f.exponent_bits != 0) {
    return not_of_this_kind;
  }
  const bool bias_is_extreme = f.bias > 65536 || f.bias < -65536;
  if (bias_is_extreme && f.kind != number_kind::minifloat) return bias;
  switch (f.kind) {
    case number_kind::minifloat: {
      if (f.precision < 1 || f.precision > 53 || f.precision > magnitude_bits(f)) return precision;
      if (exponent_field_bits(f) > 16) return exponent_field;
      if (bias_is_extreme) return bias;
      if (f.nans == nan_codes::ieee && (f.precision < 2 || exponent_field_bits(f) < 2)) {
        return ieee_needs_trailing;
      }
      if (f.nans == nan_codes::negative_zero && !f.is_signed) return negative_zero_unsigned;
      if (f.is_signed && f.bottom == bottom_binade::no_zero) return signed_without_zero;
      const int specials = (f.nans == nan_codes::top ? 1 : 0) + (f.has_infinity ? 1 : 0);
      const int codes = 1 << (magnitude_bits(f) > 4 ? 4 : magnitude_bits(f));
      if (codes - specials < 2) return no_room;
      return none;
    }
    case number_kind::fixed_point: return none;
    case number_kind::hifloat8: return f.width == 8 && f.is_signed ? none : hifloat8;
    case number_kind::posit:
    case number_kind::takum:
      return f.is_signed && f.width >= 3 && f.width <= 32 && f.exponent_bits <= 4 ? none : tapered;
    case number_kind::logarithmic:
      return f.is_signed && f.width >= 4 && f.width <= 16 && f.exponent_bits <= 5 &&
                     f.exponent_bits < f.width - 1
                 ? none
                 : logarithmic;
    case number_kind::codebook: return f.width == 4 && f.is_signed ? none : codebook;
  }
  return not_of_this_kind;
}

/// The rule in words, for messages.
LOWP_FN const char* message(format_error e) noexcept {
  switch (e) {
    case format_error::none: return "no error";
    case format_error::width: return "width must be 2...64 bits (1...64 for integers)";
    case format_error::precision:
      return "minifloat precision (with the implicit bit) must be 1...53 and leave an exponent bit";
    case format_error::exponent_field: return "minifloat exponent field must have at most 16 bits";
    case format_error::bias: return "bias must be within -65536...65536";
    case format_error::ieee_needs_trailing:
      return "IEEE NaN codes need a trailing significand bit and two exponent bits";
    case format_error::negative_zero_unsigned:
      return "an unsigned format has no code of -0 for its NaN";
    case format_error::signed_without_zero: return "a format without zero must be unsigned";
    case format_error::no_room: return "infinity and NaN leave no finite non-zero value";
    case format_error::not_of_this_kind: return "a member is set that this kind of number ignores";
    case format_error::hifloat8:
      return "HiFloat8 is signed, 8 bits wide, with infinity and no other member set";
    case format_error::tapered:
      return "posit and takum are signed, 3...32 bits wide, posits with 0...4 exponent bits";
    case format_error::logarithmic:
      return "logarithmic formats are signed, 4...16 bits wide, with 0...5 fraction bits";
    case format_error::codebook: return "codebook formats are signed, 4 bits wide and name a table";
  }
  return "unknown";
}

}  // namespace lowp

#endif  // LOWP_FORMAT_HPP
