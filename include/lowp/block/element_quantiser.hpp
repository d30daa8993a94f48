// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a recipe makes of the elements of a block, once its scale is chosen, and the scale that its
/// rule chooses.
#ifndef LOWP_BLOCK_ELEMENT_QUANTISER_HPP
#define LOWP_BLOCK_ELEMENT_QUANTISER_HPP

#include <cstddef>
#include <cstdint>

#include "../pack/convert_array.hpp"
#include "block_input.hpp"
#include "block_random.hpp"
#include "block_value.hpp"
#include "hif4.hpp"
#include "quotient_scale.hpp"

namespace lowp {

namespace detail {

/// What a recipe makes of elements under one scale.
template <binary32_real Real>
struct element_quantiser {
  block_format f;
  block_recipe r;
  code_t scale;                      // the block's scale bits
  std::int32_t exponent = 0;         // of power rules
  element_factor<Real> factor = {};  // of the others

  LOWP_FN code_t operator()(Real x, int at, std::uint64_t random) const noexcept {
    switch (r.rule) {
      case scale_rule::hif4: return with_zero_sign(x, hif4_element(f, scale, factor.value, x, at));
      case scale_rule::quotient: {
        const Real scaled = factor.of(x);
        return with_zero_sign(scaled,
                              within_symmetry(encode_real(f.element, scaled, r.element, random)));
      }
      default: break;
    }
    exact v = apply_input_rule(formats::binary32, decode(formats::binary32, real_bits(x)),
                               r.element.subnormal_input);
    if (v.cls == number_class::finite) v.exponent -= exponent + level_exponent(f, scale, at);
    const code_t code = within_symmetry(encode(f.element, v, r.element, random));
    if (r.zero_sign == zero_sign_rule::keep) return code;
    const auto scaled = static_cast<std::uint32_t>(encode(formats::binary32, v));
    return with_zero_sign(real_from_bits<Real>(scaled), code);
  }

 private:
  /// BLS-13.
  LOWP_FN code_t within_symmetry(code_t code) const noexcept {
    const bool has_one_below = f.element.kind == number_kind::fixed_point && f.element.is_signed;
    return r.symmetric && has_one_below && code == lowest(f.element) ? code + 1 : code;
  }

  /// BLS-12. x: the number in units of the scale, in binary32.
  LOWP_FN code_t with_zero_sign(Real x, code_t code) const noexcept {
    if (r.zero_sign == zero_sign_rule::keep || !has_negative_zero(f.element)) return code;
    const code_t sign = code_t{1} << (f.element.width - 1);
    if ((code & ~sign) != 0) return code;
    if (r.zero_sign == zero_sign_rule::positive) return 0;
    if (magnitude_of(x) != 0) return code;
    return r.zero_sign == zero_sign_rule::exact_negative ? sign : 0;
  }
};

/// Has a format of scales nothing but powers of two?
LOWP_FN bool has_powers_only(format scale) noexcept {
  return scale.precision == 1 && !has_zero(scale);
}

/// The exponent within those of the format's powers of two.
LOWP_FN std::int32_t power_within(format scale, std::int32_t e) noexcept {
  std::int32_t least = binade(normalized(decode(scale, min_positive(scale))));
  const encoded there = encode_with_status(scale, exact_finite(false, 1, least));
  if (there.flags.has(status::inexact)) ++least;  // zero stands in its place
  const std::int32_t greatest = binade(normalized(decode(scale, max_finite(scale))));
  return e < least ? least : e > greatest ? greatest : e;
}

/// The scale code of a power of two, clamped to what recipe and format have.
LOWP_FN code_t power_scale(const block_format& f, const block_recipe& r, std::int32_t e) noexcept {
  if (e < r.least_exponent) e = r.least_exponent;
  if (e > r.greatest_exponent) e = r.greatest_exponent;
  if (!has_powers_only(f.scale)) e = power_within(f.scale, e);
  return encode(f.scale, exact_finite(false, 1, e), {.overflow = overflow_rule::saturate});
}

LOWP_FN std::int32_t exponent_of_scale(const block_format& f, code_t scale) noexcept {
  return binade(normalized(decode(f.scale, scale)));
}

/// The fields of levels that lower exponents: by how much the group's own scale, before clamps, is
/// less. BLS-2.
template <binary32_real Real>
LOWP_FN code_t lowering_fields(const block_format& f, const block_recipe& r,
                               const block_input<Real>& in, std::int32_t exponent) noexcept {
  code_t fields = 0;
  for (int level = 0; level < 2; ++level) {
    const exponent_level& l = f.level[level];
    if (l.group == 0 || !l.lowers) continue;
    const auto most = static_cast<std::int32_t>(low_mask(l.bits));
    for (int i = 0; i < in.rows; ++i) {
      for (int j = 0; j < in.columns; j += l.group) {
        const int at = i * f.columns + j;
        const std::uint32_t a = group_amax(in, i, j, l.group);
        std::int32_t field = most;
        if (a != 0) {
          const std::int32_t own = scale_exponent(r.rule, f.element, a) + r.exponent_offset;
          field = exponent + level_exponent(f, fields, at) - own;  // what the first level left
        }
        field = field > most ? most : field < 0 ? 0 : field;
        fields |= static_cast<code_t>(field) << field_shift(f, level, at);
      }
    }
  }
  return fields;
}

/// The quantiser of a block under a power rule.
template <binary32_real Real>
LOWP_FN element_quantiser<Real> with_power_scale(const block_format& f, const block_recipe& r,
                                                 const block_input<Real>& in,
                                                 code_t scale) noexcept {
  const std::int32_t exponent = exponent_of_scale(f, scale);
  return {f, r, scale | lowering_fields(f, r, in, exponent), exponent, {}};
}

/// Does the rule round the bits of a finite amax to 2^128, where that counts as an infinity? A
/// logarithm that is rounded to 128 does not. BLS-11.
LOWP_FN bool is_beyond(const block_format& f, const block_recipe& r,
                       const block_summary& s) noexcept {
  const bool by_bits = r.rule == scale_rule::even_log2_binary32;
  const scale_rule rule = by_bits ? scale_rule::even_exclusive : r.rule;
  return r.rounds_to_infinity && s.amax != 0 && s.amax < binary32_bits::infinity &&
         scale_exponent(rule, f.element, s.amax) + greatest_exponent(f.element) == 128;
}

/// The scale code of a power rule.
LOWP_FN code_t power_scale_of(const block_format& f, const block_recipe& r, const block_summary& s,
                              const block_random& random) noexcept {
  if (s.amax == 0) return power_scale(f, r, -exponent_bound);
  if (s.amax >= binary32_bits::infinity) return power_scale(f, r, exponent_bound);
  const std::uint32_t word =
      r.rule == scale_rule::stochastic ? random_word(random.source, random.block) : 0;
  std::int32_t e = scale_exponent(r.rule, f.element, s.amax, word);
  if (r.rule == scale_rule::in_range_signed) {
    e = scale_exponent(scale_rule::floor, f.element, s.amax);
    const bool same_binade = s.positive_amax != 0 && parts_of_amax(s.positive_amax).exponent ==
                                                         parts_of_amax(s.amax).exponent;
    if (same_binade) e = scale_exponent(r.rule, f.element, s.positive_amax);
  }
  return power_scale(f, r, e + r.exponent_offset);
}

/// The quantiser of a block under a quotient.
template <binary32_real Real>
LOWP_FN element_quantiser<Real> with_quotient(const block_format& f, const block_recipe& r,
                                              const quotient_scale<Real>& s) noexcept {
  return {f, r, s.code, 0, s.factor};
}

/// The bits of the scale code of a block without non-zero elements, or whose scale is 1. BLS-12.
LOWP_FN code_t special_scale(const block_format& f, bool one_not_least) noexcept {
  return one_not_least ? one(f.scale) : code_t{0};
}

/// The quantiser that a recipe's rule gives, before others compete with it.
template <binary32_real Real>
LOWP_FN element_quantiser<Real> first_choice(const block_format& f, const block_recipe& r,
                                             const block_input<Real>& in, const block_summary& s,
                                             const quotient_constants<Real>& c,
                                             const block_random& random) noexcept {
  const bool given = s.unit || (s.amax == 0 && r.zero_block != zero_block_rule::by_rule);
  const code_t code = special_scale(f, s.unit || r.zero_block == zero_block_rule::one);
  if (r.rule == scale_rule::quotient) {
    if (given) return with_quotient(f, r, scale_with_code(f, r, c, code));
    const Real amax = real_from_bits<Real>(s.amax);
    return with_quotient(f, r, scale_from(f, r, c, quotient_of(r, c, amax)));
  }
  if (r.rule == scale_rule::hif4) {
    const code_t scale = hif4_scale(f, r, in, s.amax);
    return {f, r, scale, 0, {hif4_factor<Real>(f, scale)}};
  }
  return with_power_scale(f, r, in, given ? code : power_scale_of(f, r, s, random));
}

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_BLOCK_ELEMENT_QUANTISER_HPP
