// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which rows describe ggml block types whose blocks can be made and read within their bytes.
#ifndef LOWP_BLOCK_GGML_CHECK_HPP
#define LOWP_BLOCK_GGML_CHECK_HPP

#include <cstdint>

#include "type.hpp"

namespace lowp {

/// The rule that a type breaks, see `check` and `message`.
enum class [[nodiscard]] ggml_error : std::uint8_t{
    none,
    elements,  ///< none, or more than there is room for
    method,    ///< none of the enumerators
    codes,     ///< no codes; digits of base 3 as anything but codes of 256 elements
    layout,    ///< the bits of a part do not fit its slots: `check(array_layout)`
    integer,   ///< an integer of a field has more bits than its value takes
    range,     ///< a code or integer scale of the method is none of its field's
    numbers,   ///< scale or minimum are not of the kind, or as many, as the method stores
    rule,      ///< the scale is no power of two that follows from an amax alone
    groups,    ///< integer scales without groups, or groups without; they do not divide the block,
               ///< are too many, or too long for the search
    sum,       ///< sums beside a method that stores none, or of elements that 16 does not divide
    bytes,     ///< a part, number or sum ends beyond the block
};

/// The rule in words, for messages.
LOWP_FN const char* message(ggml_error e) noexcept {
  switch (e) {
    case ggml_error::none: return "no error";
    case ggml_error::elements: return "a block must have 1 to 256 elements";
    case ggml_error::method: return "the method is none";
    case ggml_error::codes:
      return "a block must have codes; digits of base 3 are codes of 256 elements, without parts";
    case ggml_error::layout: return "the bits of a part must fit its slots";
    case ggml_error::integer:
      return "integers must have up to 8 bits, those of a table 4, those with a sign 8";
    case ggml_error::range: return "fields must have room for the integers of the method";
    case ggml_error::numbers:
      return "scale and minimum must be of the kind, and as many, as the method stores";
    case ggml_error::rule: return "the scale rule must be one of powers of two, not stochastic";
    case ggml_error::groups:
      return "integer scales need groups that divide the block, at most 16, of at most 32 elements";
    case ggml_error::sum:
      return "sums are of plain types, every 16 codes only where 16 divides them";
    case ggml_error::bytes: return "fields, numbers and sums must end within the block";
  }
  return "unknown";
}

namespace detail::ggml {

/// Integers 0...n - 1 of a field, of which a part has some.
LOWP_FN int integers_in(const ggml_part& part, int n) noexcept {
  const int last = part.first + part.count < n ? part.first + part.count : n;
  return last > part.first ? last - part.first : 0;
}

/// Whether a part of n integers is usable within so many bytes.
LOWP_FN ggml_error check_part(const ggml_part& part, int n, int bytes) noexcept {
  if (part.width + part.shift > 8) return ggml_error::integer;
  if (check(layout_of(part)) != packing_error::none) return ggml_error::layout;
  const auto count = static_cast<std::uint64_t>(integers_in(part, n));
  const std::uint64_t end = part.at + bytes_of(layout_of(part), count);
  return end > static_cast<std::uint64_t>(bytes) ? ggml_error::bytes : ggml_error::none;
}

/// Bits of the integers of a field.
LOWP_FN int integer_bits(const ggml_field& field) noexcept {
  int bits = 0;
  for (const ggml_part& part : field.parts) {
    if (part.width != 0 && part.width + part.shift > bits) bits = part.width + part.shift;
  }
  return bits;
}

/// Whether a field of n integers, made of parts, is usable within so many bytes.
LOWP_FN ggml_error check_field(const ggml_field& field, int n, int bytes) noexcept {
  if (field.base_3) return ggml_error::codes;
  for (const ggml_part& part : field.parts) {
    const ggml_error e = part.width == 0 ? ggml_error::none : check_part(part, n, bytes);
    if (e != ggml_error::none) return e;
  }
  const int bits = integer_bits(field);
  switch (field.value) {
    case ggml_value::scaled: return ggml_error::none;
    case ggml_value::twos_complement: return bits == 8 ? ggml_error::none : ggml_error::integer;
    case ggml_value::e2m1:
    case ggml_value::iq4: return bits <= 4 ? ggml_error::none : ggml_error::integer;
  }
  return ggml_error::integer;
}

LOWP_FN ggml_error check_codes(const ggml_type& t) noexcept {
  if (!t.codes.base_3) {
    return t.codes.exists() ? check_field(t.codes, t.elements, t.bytes) : ggml_error::codes;
  }
  if (t.elements != 256 || integer_bits(t.codes) != 0 || t.codes.value != ggml_value::scaled) {
    return ggml_error::codes;
  }
  return t.bytes < base_3_bytes ? ggml_error::bytes : ggml_error::none;
}

/// Groups of integer scales, and the elements that a search has at once.
LOWP_FN ggml_error check_groups(const ggml_type& t) noexcept {
  const bool grouped = t.method == ggml_method::asymmetric || t.method == ggml_method::symmetric ||
                       (t.method == ggml_method::iq4 && t.factors.exists());
  if (t.factors.exists() != grouped || (t.group != 0) != grouped) return ggml_error::groups;
  if (t.low_factors.exists() != (t.method == ggml_method::asymmetric)) return ggml_error::groups;
  if (grouped && t.elements % t.group != 0) return ggml_error::groups;
  const int groups = grouped ? t.elements / t.group : 0;
  if (groups > ggml_most_groups) return ggml_error::groups;
  const bool searches = grouped || t.method == ggml_method::iq4;
  const int searched = grouped ? t.group : t.elements;
  if (searches && searched > ggml_most_in_group) return ggml_error::groups;
  const ggml_error e = check_field(t.factors, groups, t.bytes);
  return e != ggml_error::none ? e : check_field(t.low_factors, groups, t.bytes);
}

/// Whether a field can hold integers low...high.
LOWP_FN bool holds(const ggml_field& field, int low, int high) noexcept {
  if (low > high) return false;
  if (field.value == ggml_value::twos_complement) return low >= -128 && high <= 127;
  return low >= 0 && high < 1 << integer_bits(field);
}

/// Whether the integers that the method makes are those of the fields. Those of plain types are
/// taken modulo what there is room for.
LOWP_FN bool has_room(const ggml_type& t) noexcept {
  const int code = t.codes.offset;
  const int factor = t.factors.offset;
  switch (t.method) {
    case ggml_method::plain: return true;
    case ggml_method::nearest: return t.codes.value == ggml_value::e2m1 && holds(t.codes, 0, 15);
    case ggml_method::iq4:
      return t.codes.value == ggml_value::iq4 && holds(t.codes, 0, 15) && t.tries >= 0 &&
             (t.group == 0 || holds(t.factors, -32 - factor, 31 - factor));
    case ggml_method::asymmetric:
      return holds(t.codes, 0, t.asymmetric.highest) && holds(t.factors, 0, t.asymmetric.levels) &&
             holds(t.low_factors, 0, t.asymmetric.levels);
    case ggml_method::symmetric: {
      const int most = t.symmetric.highest;
      return most > 0 && holds(t.codes, -most - code, most - 1 - code) &&
             holds(t.factors, -t.symmetric.levels - factor, t.symmetric.most_scale - factor);
    }
  }
  return false;
}

LOWP_FN bool is_float(ggml_number kind) noexcept {
  return kind == ggml_number::binary16 || kind == ggml_number::binary32;
}

/// Kinds and counts of scales and minima, not where they stand.
LOWP_FN bool has_numbers(const ggml_type& t) noexcept {
  if (t.method == ggml_method::nearest) {
    const bool bytes =
        t.scale.kind == ggml_number::e8m0_half || t.scale.kind == ggml_number::ue4m3_half;
    return bytes && t.scale.span != 0 && t.elements % t.scale.span == 0 &&
           t.low.kind == ggml_number::none;
  }
  const bool is_range =
      t.method == ggml_method::plain && t.plain.statistic == ggml_statistic::range;
  if (!is_float(t.scale.kind) || t.scale.span < t.elements) return false;
  if (!is_range && t.method != ggml_method::asymmetric) return t.low.kind == ggml_number::none;
  return is_float(t.low.kind) && t.low.span >= t.elements;
}

LOWP_FN bool end_within(const ggml_numbers& numbers, const ggml_type& t) noexcept {
  if (numbers.kind == ggml_number::none) return true;
  const int count = (t.elements + numbers.span - 1) / numbers.span;
  return numbers.at + count * bytes_of(numbers.kind) <= t.bytes;
}

LOWP_FN ggml_error check_sum(const ggml_type& t) noexcept {
  if (t.sum == ggml_sum::none) return ggml_error::none;
  if (t.method != ggml_method::plain || t.sum > ggml_sum::of_16) return ggml_error::sum;
  if (t.sum == ggml_sum::of_16 && t.elements % 16 != 0) return ggml_error::sum;
  const int size = t.sum == ggml_sum::scaled ? 2 : t.elements / 8;
  return t.sum_at + size > t.bytes ? ggml_error::bytes : ggml_error::none;
}

/// Rules that need no random word and no more than an amax.
LOWP_FN bool takes_rule(const ggml_type& t) noexcept {
  return is_power_rule(t.rule) && t.rule != scale_rule::stochastic &&
         t.rule != scale_rule::in_range_signed;
}

}  // namespace detail::ggml

/// Which rule a type breaks; `ggml_error::none` for one whose blocks can be made and read: nothing
/// beyond `bytes` is touched, no integer is of other bits than its field has. What numbers such
/// blocks then have is the author's. spec/ggml.md GGM-14.
LOWP_FN ggml_error check(const ggml_type& t) noexcept {
  if (t.elements == 0 || t.elements > ggml_most_elements) return ggml_error::elements;
  if (t.method > ggml_method::symmetric) return ggml_error::method;
  ggml_error e = detail::ggml::check_codes(t);
  if (e == ggml_error::none) e = detail::ggml::check_groups(t);
  if (e != ggml_error::none) return e;
  if (!detail::ggml::has_room(t)) return ggml_error::range;
  if (!detail::ggml::has_numbers(t)) return ggml_error::numbers;
  if (!detail::ggml::takes_rule(t)) return ggml_error::rule;
  if (!detail::ggml::end_within(t.scale, t) || !detail::ggml::end_within(t.low, t)) {
    return ggml_error::bytes;
  }
  return detail::ggml::check_sum(t);
}

}  // namespace lowp

#endif  // LOWP_BLOCK_GGML_CHECK_HPP
