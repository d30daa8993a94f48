// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a block format is: elements that share a scale. Data; the registry is block_formats.hpp.
/// How a scale is chosen is another matter (block_recipe.hpp), where things stand in memory a third
/// (block_layout.hpp).
#ifndef LOWP_BLOCK_BLOCK_FORMAT_HPP
#define LOWP_BLOCK_BLOCK_FORMAT_HPP

#include <cstdint>

#include "../detail/bits.hpp"
#include "../format.hpp"

namespace lowp {

/// Exponents that smaller groups within a block share: element i has the value of field
/// i / `group` of the level, added to its exponent or subtracted from it. spec/blocks.md BLS-2.
struct exponent_level {
  std::uint8_t group = 0;  ///< elements of a group, a power of two; 0: the format has no such level
  std::uint8_t bits = 0;   ///< of a field, 1...8
  bool lowers = false;     ///< the field is subtracted: shared microexponents

  friend LOWP_FN bool operator==(const exponent_level&, const exponent_level&) noexcept = default;
};

/// A scale over the scales: a binary32 factor of all elements of a tensor or a row. BLS-3.
enum class outer_scale : std::uint8_t { none, tensor, row };

/// A block format. Element i of a block is
///     element code x scale code x 2^(sum of its level fields) x outer scale. BLS-1.
struct block_format {
  format element;
  format scale;
  std::uint16_t rows = 1;      ///< of a block
  std::uint16_t columns = 32;  ///< of a block
  exponent_level level[2] = {};
  outer_scale outer = outer_scale::none;

  friend LOWP_FN bool operator==(const block_format&, const block_format&) noexcept = default;
};

namespace detail {

inline constexpr int most_block_elements = 16384;

}  // namespace detail

/// Elements of a whole block.
LOWP_FN int block_elements(const block_format& f) noexcept { return f.rows * f.columns; }

/// Fields of a level in a whole block; 0 if there is no such level.
LOWP_FN int level_fields(const block_format& f, int level) noexcept {
  const int group = f.level[level].group;
  return group == 0 ? 0 : block_elements(f) / group;
}

/// Bits of a block's scale with the fields of its levels: the scale code lowest, then the fields of
/// the first level, then those of the second, each level's first field lowest. BLS-4.
LOWP_FN int scale_bits(const block_format& f) noexcept {
  return f.scale.width + level_fields(f, 0) * f.level[0].bits +
         level_fields(f, 1) * f.level[1].bits;
}

/// Bytes of a block's scale bits in memory.
LOWP_FN int scale_bytes_of(const block_format& f) noexcept { return (scale_bits(f) + 7) / 8; }

/// Bits of storage per element of whole blocks with scales in whole bytes, in 1/1000 bits, without
/// outer scales: 4250 for MXFP4. BLS-4.
LOWP_FN std::int64_t millibits_per_element(const block_format& f) noexcept {
  const std::int64_t n = block_elements(f);
  return (1000 * (n * f.element.width + 8 * scale_bytes_of(f)) + n / 2) / n;
}

/// The scale code of a block's scale bits.
LOWP_FN code_t scale_code(const block_format& f, code_t scale) noexcept {
  return scale & detail::low_mask(f.scale.width);
}

/// The first bit, within the scale bits, of the field of element i in a level.
LOWP_FN int field_shift(const block_format& f, int level, int i) noexcept {
  const int before = level == 0 ? 0 : level_fields(f, 0) * f.level[0].bits;
  return f.scale.width + before + i / f.level[level].group * f.level[level].bits;
}

/// The power of two that the levels give to element i, from its block's scale bits.
LOWP_FN int level_exponent(const block_format& f, code_t scale, int i) noexcept {
  int sum = 0;
  for (int level = 0; level < 2; ++level) {
    const exponent_level& l = f.level[level];
    if (l.group == 0) continue;
    const int field =
        static_cast<int>((scale >> field_shift(f, level, i)) & detail::low_mask(l.bits));
    sum += l.lowers ? -field : field;
  }
  return sum;
}

/// The rule that a block format breaks, see `check` and `message`.
enum class [[nodiscard]] block_format_error : std::uint8_t{
    none,
    element,  ///< `check(element)` refuses, it is over 16 bits, or none of its numbers is above
              ///< zero
    scale,    ///< `check(scale)` refuses, or the scale is no minifloat or over 32 bits
    shape,    ///< rows or columns are 0, or a block has more than `most_block_elements`
    level,    ///< a group is no power of two that divides the columns, or its bits are not 1...8
    record,   ///< scale and fields take more than 64 bits
};

/// Which rule `f` breaks; `none` for a usable format. BLS-1.
LOWP_FN block_format_error check(const block_format& f) noexcept {
  using enum block_format_error;
  if (check(f.element) != format_error::none || f.element.width > 16) return element;
  const bool is_one_bit = f.element.kind == number_kind::fixed_point && f.element.width == 1;
  if (is_one_bit && f.element.is_signed) return element;  // 0 and -1
  if (check(f.scale) != format_error::none || f.scale.width > 32 ||
      f.scale.kind != number_kind::minifloat) {
    return scale;
  }
  if (f.rows == 0 || f.columns == 0 || f.rows > detail::most_block_elements / f.columns)
    return shape;
  for (const exponent_level& l : f.level) {
    if (l.group == 0 && l.bits == 0) continue;
    const bool power = detail::is_power_of_two(l.group);
    if (!power || f.columns % l.group != 0 || l.bits < 1 || l.bits > 8) return level;
  }
  return scale_bits(f) > 64 ? record : none;
}

/// The rule in words, for messages.
LOWP_FN const char* message(block_format_error e) noexcept {
  switch (e) {
    case block_format_error::none: return "no error";
    case block_format_error::element:
      return "elements must be of a usable format of 1...16 bits, with a number above zero";
    case block_format_error::scale: return "scales must be minifloats of at most 32 bits";
    case block_format_error::shape:
      return "a block must have at least one row and column and at most 16384 elements";
    case block_format_error::level:
      return "groups must be powers of two that divide the columns, with fields of 1...8 bits";
    case block_format_error::record: return "a scale with its fields must fit 64 bits";
  }
  return "unknown";
}

}  // namespace lowp

#endif  // LOWP_BLOCK_BLOCK_FORMAT_HPP
