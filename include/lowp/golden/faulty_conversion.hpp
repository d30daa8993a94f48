// SPDX-License-Identifier: Apache-2.0
/// \file
/// A conversion as hand-written code does it, field by field, with switches for what goes wrong
/// there. With all switches off it is the rule that it starts from. spec/diagnosis.md DIA-4.
#ifndef LOWP_GOLDEN_FAULTY_CONVERSION_HPP
#define LOWP_GOLDEN_FAULTY_CONVERSION_HPP

#include <cstdint>

#include <lowp/hardware/conversion_rule.hpp>

namespace lowp::golden {

/// How subnormal codes of the source are read.
enum class subnormal_reading : std::uint8_t {
  right,
  implicit_one,       ///< (1 + m / 2^t) x 2^(-bias): the branch for the field 0 is missing
  implicit_one_next,  ///< (1 + m / 2^t) x 2^(1 - bias)
  half,               ///< m / 2^t x 2^(-bias): exponent of the field 0 not raised
};

/// What is cut off when the rounded magnitude has more bits than the format.
enum class wrapping : std::uint8_t {
  none,
  field,  ///< bits above the magnitude are cut off
  sign,   ///< bits above the code are cut off, the sign bit is overwritten
};

/// Mistakes on top of a projection; the default is none.
struct conversion_faults {
  // Reading.
  subnormal_reading subnormals = subnormal_reading::right;
  bool nan_is_number = false;
  bool infinity_is_number = false;
  bool nan_is_infinity = false;
  bool nan_is_negative_zero = false;
  bool zero_extended = false;
  bool least_is_zero = false;  ///< code 0 of a format without zero
  // Rounding and packing.
  bool carry_is_ored = false;
  bool top_field_reserved = false;
  bool overflow_keeps_fraction = false;
  bool subnormal_after_rounding = false;
  bool subnormal_sticky_lost = false;
  std::int8_t subnormal_shift = 0;  ///< bits too far to the right
  std::uint8_t shift_modulo = 0;
  std::uint8_t random_shift = 0;  ///< random bits added so many places too low
  wrapping wraps = wrapping::none;
  code_t cleared_bits = 0;
  // The code.
  std::int8_t field_offset = 0;
  bool drops_sign = false;
  bool flips_sign = false;
  code_t code_offset = 0;

  friend bool operator==(const conversion_faults&, const conversion_faults&) noexcept = default;
};

namespace detail {

using lowp::detail::fraction64;
using lowp::detail::low_mask;

inline exact read_with(format f, code_t code, const conversion_faults& faults) noexcept {
  const code_t bits = code & low_mask(f.width);
  if (f.kind == number_kind::fixed_point && faults.zero_extended && f.is_signed) {
    return exact_finite(false, bits, -f.bias);
  }
  const exact x = decode(f, code);
  if (f.kind != number_kind::minifloat) return x;
  const int n = magnitude_bits(f);
  const std::uint64_t index = bits & low_mask(n);
  const bool negative = f.is_signed && bits >> n != 0;
  using kind = lowp::detail::kind_of_number<number_kind::minifloat>;
  if (x.cls == number_class::nan) {
    if (f.nans == nan_codes::negative_zero && faults.nan_is_negative_zero) return exact_zero(true);
    if (faults.nan_is_infinity) return exact_infinity(negative);
    if (faults.nan_is_number) return kind::value(f, negative, index);
    return x;
  }
  if (x.cls == number_class::infinity) {
    return faults.infinity_is_number ? kind::value(f, negative, index) : x;
  }
  if (index == 0 && !has_zero(f) && faults.least_is_zero) return exact_zero(negative);
  const int t = trailing_bits(f);
  if (x.cls == number_class::zero || index >> t != 0 || !has_subnormals(f)) return x;
  const std::uint64_t one = std::uint64_t{1} << t;
  switch (faults.subnormals) {
    case subnormal_reading::right: break;
    case subnormal_reading::implicit_one: return exact_finite(negative, one | index, -f.bias - t);
    case subnormal_reading::implicit_one_next:
      return exact_finite(negative, one | index, 1 - f.bias - t);
    case subnormal_reading::half: return exact_finite(negative, index, -f.bias - t);
  }
  return x;
}

/// The rounding of one value, with what goes wrong in it.
struct faulty_rounding {
  const projection& p;
  const conversion_faults& faults;
  bool negative;
  std::uint64_t random;

  bool up(bool odd, const fraction64& nu) const noexcept {
    int bits = 0;
    const std::uint64_t r = is_stochastic(p.round) ? lowp::detail::random_of(p, random, bits) : 0;
    const int places = is_stochastic(p.round) ? bits + faults.random_shift : 0;
    return lowp::detail::rounds_away(p.round, negative, odd, nu, r, places > 62 ? 62 : places);
  }

  /// `bits` without the last `drop`, rounded.
  std::uint64_t cut(std::uint64_t bits, int drop) const noexcept {
    if (drop <= 0) return drop <= -64 ? 0 : bits << -drop;
    const std::uint64_t kept = drop >= 64 ? 0 : bits >> drop;
    fraction64 nu{0, true};
    if (drop <= 64) {
      nu = {bits << (64 - drop), false};
    } else if (drop < 128) {
      nu = {bits >> (drop - 64), (bits & low_mask(drop - 64)) != 0};
    }
    return kept + (up((kept & 1) != 0, nu) ? 1 : 0);
  }
};

/// A minifloat as hand-written code makes it: fields, shifts, additions. Finite `x`, normalized,
/// from a format of `precision` significant bits.
inline code_t write_minifloat(int precision, format to, const exact& x, const projection& p,
                              std::uint64_t random, const conversion_faults& faults) noexcept {
  using kind = lowp::detail::kind_of_number<number_kind::minifloat>;
  const faulty_rounding rounds{p, faults, x.negative, random};
  const int t = trailing_bits(to);
  const int n = magnitude_bits(to);
  const std::int32_t least = has_subnormals(to) ? 1 : 0;
  const std::int32_t field = binade(x) + to.bias;
  const auto all_ones = static_cast<std::int32_t>(low_mask(exponent_field_bits(to)));
  const auto overflow = [&] {
    return encode(to, exact_finite(x.negative, 1, exponent_bound), p, random);
  };

  const std::uint64_t leading = x.significand >> (63 - t);
  const std::uint64_t fraction = leading & low_mask(t);
  const bool odd = t == 0 ? (field & 1) != 0 : (fraction & 1) != 0;
  const std::uint64_t rounded =
      fraction + (rounds.up(odd, {x.significand << (t + 1), false}) ? 1 : 0);
  const std::int32_t decisive =
      field + (faults.subnormal_after_rounding && rounded >> t != 0 ? 1 : 0);
  std::uint64_t index = 0;
  if (decisive >= least) {
    if (faults.top_field_reserved && field >= all_ones) return overflow();
    if (faults.overflow_keeps_fraction && field >= all_ones) {
      return kind::code(to, x.negative, (static_cast<std::uint64_t>(all_ones) << t) | fraction);
    }
    const std::uint64_t high = static_cast<std::uint64_t>(field) << t;
    index = faults.carry_is_ored && field > 0 ? high | rounded : high + rounded;
  } else {
    const std::uint64_t significand = x.significand >> (64 - precision);
    const int lift = least - field;
    const int drop = precision - 1 - t + faults.subnormal_shift;
    if (faults.subnormal_sticky_lost) {
      index = rounds.cut(lift >= 64 ? 0 : significand >> lift, drop);
    } else {
      const int all = drop + lift;
      index = rounds.cut(significand, faults.shift_modulo != 0 ? all % faults.shift_modulo : all);
    }
  }
  const code_t sign = x.negative && to.is_signed ? code_t{1} << n : 0;
  if (faults.wraps == wrapping::field) index &= low_mask(n);
  if (faults.wraps == wrapping::sign || faults.shift_modulo != 0) {
    return (index | sign) & low_mask(to.width);
  }
  if (index > kind::top(to, x.negative)) return overflow();
  index &= ~faults.cleared_bits;
  return index == 0 ? encode(to, exact_zero(x.negative), p) : kind::code(to, x.negative, index);
}

/// Two's complement without a check of the range: higher bits are cut off.
inline code_t write_integer(format to, const exact& x, const projection& p, std::uint64_t random,
                            const conversion_faults& faults) noexcept {
  const faulty_rounding rounds{p, faults, x.negative, random};
  const std::uint64_t magnitude = rounds.cut(x.significand, -to.bias - x.exponent);
  return (x.negative ? 0 - magnitude : magnitude) & low_mask(to.width);
}

inline bool packs_wrongly(const conversion_faults& faults) noexcept {
  return faults.carry_is_ored || faults.top_field_reserved || faults.overflow_keeps_fraction ||
         faults.subnormal_sticky_lost || faults.subnormal_shift != 0 || faults.shift_modulo != 0 ||
         faults.random_shift != 0 || faults.wraps != wrapping::none || faults.cleared_bits != 0;
}

inline code_t write_with(format from, format to, exact x, const projection& p, std::uint64_t random,
                         const conversion_faults& faults) noexcept {
  x = normalized(x);
  const bool finite = x.cls == number_class::finite;
  if (finite && packs_wrongly(faults) && (to.is_signed || !x.negative)) {
    if (to.kind == number_kind::minifloat) {
      const int precision = from.kind == number_kind::minifloat ? from.precision : 64;
      return write_minifloat(precision, to, x, p, random, faults);
    }
    if (to.kind == number_kind::fixed_point && faults.wraps != wrapping::none) {
      return write_integer(to, x, p, random, faults);
    }
  }
  return encode(to, x, p, random);
}

inline code_t change_code(format to, code_t code, const conversion_faults& faults) noexcept {
  const code_t sign = to.is_signed ? code_t{1} << (to.width - 1) : 0;
  if (faults.field_offset != 0 && decode(to, code).cls == number_class::finite) {
    const code_t step = code_t{1} << (to.kind == number_kind::minifloat ? trailing_bits(to) : 0);
    const bool normal = (code & low_mask(magnitude_bits(to))) >= step;
    if (normal) code = faults.field_offset < 0 ? code - step : code + step;
  }
  if (faults.drops_sign) code &= ~sign;
  if (faults.flips_sign) code ^= sign;
  return (code + faults.code_offset) & low_mask(to.width);
}

}  // namespace detail

/// A way of converting: a rule, and mistakes on top of it.
struct conversion_behaviour {
  conversion_rule rule;
  conversion_faults faults;
};

/// The code that an implementation of this behaviour returns.
inline code_t apply(const conversion_behaviour& b, code_t code, std::uint64_t random = 0) noexcept {
  if (b.faults == conversion_faults{}) return lowp::apply(b.rule, code, random);
  const conversion_rule& rule = b.rule;
  const bool twice = rounds_twice(rule);
  const projection& entry = twice ? rule.first : rule.last;
  exact x = lowp::detail::apply_input_rule(rule.from, detail::read_with(rule.from, code, b.faults),
                                           entry.subnormal_input);
  if (twice) x = decode(rule.via, encode(rule.via, x, rule.first, random));
  const format from = twice ? rule.via : rule.from;
  return detail::change_code(
      rule.to, detail::write_with(from, rule.to, x, rule.last, random, b.faults), b.faults);
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_FAULTY_CONVERSION_HPP
