// SPDX-License-Identifier: Apache-2.0
/// \file
/// How a block is quantised: which scale, in which steps, what special values do, how elements
/// round. Data; the published ones are in block_recipes.hpp. spec/blocks.md BLS-8 to BLS-13.
#ifndef LOWP_BLOCK_BLOCK_RECIPE_HPP
#define LOWP_BLOCK_BLOCK_RECIPE_HPP

#include <cstdint>

#include "../projection.hpp"
#include "block_format.hpp"
#include "scale_rule.hpp"

namespace lowp {

/// What the scale of a `quotient` rule is before it is rounded to its format; A: amax of the block,
/// T: amax of the tensor or row, M: greatest element, F: greatest scale, S = F M / T and
/// P = T / (F M) rounded to binary32, as is every operation in the order written; S and P are 1 in
/// formats without outer scale. BLS-3, BLS-9.
enum class block_quotient : std::uint8_t {
  amax_over_max,   ///< A / M
  amax_by_factor,  ///< A (S (1/M)), 1/M rounded to binary32
  times_outer,     ///< (A / M) S
  over_outer,      ///< (A / M) / P
  over_product,    ///< A / (M P)
  max_over_amax,   ///< s = M / A multiplies the elements; 1 / s is stored
};

/// What makes an element of x; b: the stored scale, s and S, P as above. BLS-9.
enum class element_step : std::uint8_t {
  by_reciprocal_of_product,        ///< x (1 / (b (1/S)))
  by_outer_over_scale,             ///< x (S / b)
  by_reciprocal_outer_over_scale,  ///< x ((1/P) / b)
  over_product,                    ///< x / (b P)
  by_reciprocal,                   ///< x (1 / b)
  over_scale,                      ///< x / b
  by_multiplier,                   ///< x s, with `max_over_amax`
};

/// How a quotient becomes a power of two. BLS-9.
enum class power_step : std::uint8_t {
  none,
  multiplier_down,  ///< s loses its trailing significand: 2^floor(log2 s)
  scale_up,         ///< the quotient becomes 2^ceil(log2)
};

/// What a factor beyond the greatest binary32 becomes. BLS-9.
enum class infinite_factor : std::uint8_t { greatest, one, keep };

/// The steps of `scale_rule::quotient`.
struct quotient_steps {
  block_quotient quotient = block_quotient::amax_over_max;
  element_step element = element_step::by_reciprocal;
  power_step power = power_step::none;
  infinite_factor infinite = infinite_factor::greatest;
  /// F of the outer scale, if it is not the greatest value of the scale's format.
  std::uint16_t outer_bound = 0;
  /// A scale of zero makes every element zero; else its reciprocal is infinite.
  bool zero_scale_zeroes = false;
  /// The quotient is at least 2^this before it is rounded; 0: no bound.
  std::int8_t least_scale_log2 = 0;

  friend LOWP_FN bool operator==(const quotient_steps&, const quotient_steps&) noexcept = default;
};

/// Scales that compete with the rule's own. BLS-10.
enum class search_kind : std::uint8_t {
  none,
  /// Quotients (A/M) S and 1.5 times that, the second if its error is less: "four over six".
  four_over_six,
  /// The codes from `below` below the rule's scale to `above` above it, in the order 0, -1, 1, -2,
  /// 2 ...; the first of least error.
  neighbours,
};

/// What the error of a candidate is. Sums in binary32: along rows, then rows halved. BLS-10.
enum class error_measure : std::uint8_t { squares, magnitudes };

struct scale_search {
  search_kind kind = search_kind::none;
  error_measure measure = error_measure::squares;
  std::uint8_t below = 0;
  std::uint8_t above = 0;

  friend LOWP_FN bool operator==(const scale_search&, const scale_search&) noexcept = default;
};

/// What a NaN or an infinity does to its block. BLS-11.
enum class special_rule : std::uint8_t {
  poison,  ///< the scale becomes NaN, and so does every element's value
  ignore,  ///< it does not count for amax; the element converts as the projection says
  join,    ///< it counts for amax (infinities only)
  unit,    ///< the scale of the block is 1
};

/// The scale of a block without non-zero elements. BLS-12.
enum class zero_block_rule : std::uint8_t { by_rule, least, one };

/// The sign of elements that become zero; v: the number in units of the scale, in binary32; in HiF4
/// the number itself. BLS-12.
enum class zero_sign_rule : std::uint8_t {
  keep,            ///< that of the number
  positive,        ///< always +0
  exact_positive,  ///< +0 where v is zero, that of the number where it rounds to zero
  exact_negative,  ///< -0 where v is zero, that of the number where it rounds to zero
};

/// How blocks are quantised.
struct block_recipe {
  scale_rule rule = scale_rule::floor;
  /// Added to the exponent of power rules.
  std::int8_t exponent_offset = 0;
  /// Clamps of that exponent, besides what the scale's format has.
  std::int16_t least_exponent = -1000;
  std::int16_t greatest_exponent = 1000;
  quotient_steps steps = {};
  scale_search search = {};
  special_rule nan = special_rule::poison;
  special_rule infinity = special_rule::poison;
  zero_block_rule zero_block = zero_block_rule::by_rule;
  zero_sign_rule zero_sign = zero_sign_rule::keep;
  /// An amax that the rule rounds up to 2^128 counts as an infinity.
  bool rounds_to_infinity = false;
  /// Bits of the binary32 number that amax is raised to.
  std::uint32_t least_amax = 0;
  /// Elements stay within +-M where the format has one value more below: INT8's -128.
  bool symmetric = true;
  /// How elements, and scales of `quotient`, round.
  projection element = {.overflow = overflow_rule::saturate};
  projection scale = {.overflow = overflow_rule::saturate};

  friend LOWP_FN bool operator==(const block_recipe&, const block_recipe&) noexcept = default;
};

/// The rule that a recipe breaks, alone or beside a format, see `check` and `message`.
enum class [[nodiscard]] block_recipe_error : std::uint8_t{
    none,
    element,  ///< elements have no zero, or are neither minifloats nor integers with a binary point
    random,   ///< a projection asks for more than 32 random bits
    levels,  ///< levels that lower exponents need a power-of-two rule, those that raise them `hif4`
    hif4,    ///< `hif4` needs two levels of one bit that raise, and elements of sign and magnitude
    outer,   ///< the steps name an outer scale that the format has not, or the other way round
    search,  ///< `four_over_six` needs a quotient with an outer scale; `neighbours` no `hif4`, and
             ///< under a power-of-two rule scales that are all powers of two
};

/// Which rule a recipe breaks beside a format that `check` allows; `none` for a usable pair.
/// spec/blocks.md BLS-8.
LOWP_FN block_recipe_error check(const block_format& f, const block_recipe& r) noexcept {
  using enum block_recipe_error;
  const bool number =
      f.element.kind == number_kind::minifloat || f.element.kind == number_kind::fixed_point;
  if (!number || !has_zero(f.element)) return element;
  if (r.element.random_bits > 32 || r.scale.random_bits > 32) return random;
  const bool is_hif4 = r.rule == scale_rule::hif4;
  for (const exponent_level& l : f.level) {
    if (is_hif4 && (l.group == 0 || l.bits != 1 || l.lowers)) return hif4;
    const bool fits = l.lowers ? is_power_rule(r.rule) : is_hif4;
    if (l.group != 0 && !fits) return levels;
  }
  const bool magnitudes = f.element.kind == number_kind::minifloat && f.element.is_signed &&
                          exponent_field_bits(f.element) == 1 && f.element.bias == 1;
  if (is_hif4 && !magnitudes) return hif4;
  const block_quotient q = r.steps.quotient;
  const bool wants_outer = r.rule == scale_rule::quotient && q != block_quotient::amax_over_max &&
                           q != block_quotient::max_over_amax;
  if (wants_outer != (f.outer != outer_scale::none)) return outer;
  if (r.search.kind == search_kind::four_over_six && !wants_outer) return search;
  const bool has_powers_only = f.scale.precision == 1 && !has_zero(f.scale);
  const bool has_neighbours = is_power_rule(r.rule) ? has_powers_only : !is_hif4;
  return r.search.kind == search_kind::neighbours && !has_neighbours ? search : none;
}

/// The rule in words, for messages.
LOWP_FN const char* message(block_recipe_error e) noexcept {
  switch (e) {
    case block_recipe_error::none: return "no error";
    case block_recipe_error::element:
      return "elements must be minifloats or fixed-point numbers, with a zero";
    case block_recipe_error::random: return "a projection takes at most 32 random bits";
    case block_recipe_error::levels:
      return "levels that lower exponents need a power-of-two rule, those that raise them hif4";
    case block_recipe_error::hif4:
      return "hif4 needs two levels of one bit that raise exponents, and elements of sign and "
             "magnitude";
    case block_recipe_error::outer:
      return "a format has an outer scale exactly where the steps of the recipe name one";
    case block_recipe_error::search:
      return "four_over_six needs a quotient with an outer scale; neighbours need a quotient, or "
             "scales that are all powers of two";
  }
  return "unknown";
}

}  // namespace lowp

#endif  // LOWP_BLOCK_BLOCK_RECIPE_HPP
