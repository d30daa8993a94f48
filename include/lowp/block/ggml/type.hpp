// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a ggml block type is, as data: where its fields stand in the bytes, what their integers
/// mean, and how its reference function chooses them. The rows are in types.hpp.
#ifndef LOWP_BLOCK_GGML_TYPE_HPP
#define LOWP_BLOCK_GGML_TYPE_HPP

#include <cstdint>

#include "../../pack/packing.hpp"
#include "../../projection.hpp"
#include "../scale_rule.hpp"

namespace lowp {

/// Some bits of some integers of a field: an array of `width`-bit codes, packed in the bytes from
/// `at` on. spec/ggml.md GGM-2.
struct ggml_part {
  std::uint16_t at = 0;    ///< first byte
  std::uint8_t width = 0;  ///< bits; 0: no part
  packing pack = {};
  std::uint8_t shift = 0;     ///< of these bits within the integer
  std::uint16_t first = 0;    ///< the integer that element 0 of the array belongs to
  std::uint16_t count = 256;  ///< integers that have these bits
};

/// What the integer c of a field stands for. GGM-3.
enum class ggml_value : std::uint8_t {
  scaled,           ///< step c + offset
  twos_complement,  ///< c of 8 bits as a signed integer
  e2m1,             ///< twice the value of an E2M1 code; that of -0 is 0
  iq4,              ///< `ggml_iq4_value`
};

/// A run of integers in a block, put together from parts.
struct ggml_field {
  ggml_part parts[3] = {};
  ggml_value value = ggml_value::scaled;
  std::int8_t step = 1;
  std::int16_t offset = 0;
  bool base_3 = false;  ///< no parts: digits of base 3 as TQ1_0 has them, GGM-4

  LOWP_FN bool exists() const noexcept { return base_3 || parts[0].width != 0; }
};

/// How a number of a block is stored. GGM-5.
enum class ggml_number : std::uint8_t {
  none,
  binary16,
  binary32,
  e8m0_half,   ///< byte b is 2^(b - 128), of b = 255 too
  ue4m3_half,  ///< half of an E4M3 code without sign; 0 where that is NaN
};

/// Numbers of a block: one for every `span` elements, end to end from byte `at` on.
struct ggml_numbers {
  ggml_number kind = ggml_number::none;
  std::uint16_t at = 0;
  std::uint16_t span = 256;
};

/// Sums of codes that a block carries for dot products. GGM-8.
enum class ggml_sum : std::uint8_t {
  none,
  scaled,  ///< binary16: the sum of all codes times the unrounded scale
  of_16,   ///< 16-bit integers: the sum of every 16 codes
};

/// Which family of algorithms makes the block; each has its parameters. GGM-7...GGM-13.
enum class ggml_method : std::uint8_t { plain, nearest, iq4, asymmetric, symmetric };

/// What the scale of a plain block is made of. GGM-7.
enum class ggml_statistic : std::uint8_t {
  signed_peak,     ///< the first element of the greatest magnitude, with its sign
  amax,            ///< the greatest magnitude
  range,           ///< greatest less least element; the least is subtracted from all
  mean_magnitude,  ///< the sum of magnitudes from the first on; `divisor` is their number
};

/// The integer type of C that a rounded number goes through, modulo its range. GGM-6.
enum class ggml_cast : std::uint8_t { word, signed_byte, unsigned_byte };

/// c = clamp(round(x / d + add) + offset), d = statistic / divisor. GGM-7, GGM-8.
struct ggml_plain {
  ggml_statistic statistic = ggml_statistic::amax;
  std::int16_t divisor = 1;
  /// The reciprocal 1 / d is computed first, as divisor / statistic, and d is its reciprocal.
  bool reciprocal_first = false;
  bool sign_only = false;  ///< c is x >= 0
  float add = 0;
  rounding round = rounding::toward_zero;
  ggml_cast cast = ggml_cast::signed_byte;
  std::int8_t offset = 0;
  std::int16_t lowest = -128;
  std::int16_t highest = 127;
};

/// How a number becomes an E2M1 code. GGM-9.
enum class ggml_e2m1_rule : std::uint8_t {
  nearest_value,  ///< the first of the table's values times d that is nearest
  nearest_even,   ///< the number times the reciprocal scale, rounded to nearest even
};

/// A search of a scale with a minimum to subtract, by weighted least squares. GGM-12.
struct ggml_asymmetric {
  std::int16_t highest = 0;     ///< greatest code
  std::int16_t levels = 0;      ///< greatest integer scale and minimum
  float start = 0, step = 0;    ///< the reciprocal is tried at (start + step s + highest) / range
  std::int16_t steps = 0;       ///< for s = 0...steps
  bool absolute_error = false;  ///< errors count by magnitude, else by square
  bool rms_weights = false;     ///< weights are rms + |x|, else |x|
};

/// A search of a signed scale. GGM-13.
struct ggml_symmetric {
  std::int16_t highest = 0;     ///< codes are -highest...highest - 1
  bool descent = false;         ///< codes change one by one, else the scale moves and codes follow
  std::int16_t levels = 0;      ///< the greatest scale becomes the integer -levels
  std::int16_t most_scale = 0;  ///< greatest integer scale
  float least_scale = 0;        ///< below it the block counts as zero
  bool clears = false;          ///< codes of such a block are 0
};

/// One block type, or another way of making its blocks. GGM-1.
struct ggml_type {
  const char* name = "";
  std::uint16_t elements = 0;
  std::uint16_t bytes = 0;
  ggml_field codes = {};
  ggml_numbers scale = {};  ///< d
  ggml_numbers low = {};    ///< m or dmin
  std::uint16_t group = 0;  ///< elements to which one of `factors` and `low_factors` belongs
  ggml_field factors = {};
  ggml_field low_factors = {};
  ggml_sum sum = ggml_sum::none;
  std::uint16_t sum_at = 0;

  ggml_method method = ggml_method::plain;
  ggml_plain plain = {};
  /// Of powers of two. Bytes of E4M3 have a rule of ggml's own, GGM-10.
  scale_rule rule = scale_rule::floor_log2_binary32;
  ggml_e2m1_rule e2m1_rule = ggml_e2m1_rule::nearest_value;
  std::int8_t tries = 0;  ///< of the search of iq4; 0: none
  ggml_asymmetric asymmetric = {};
  ggml_symmetric symmetric = {};
  const char* source = "";
};

/// Greatest number of elements, of groups of them, and of elements in a group that is searched:
/// what there is room for while a block is made.
inline constexpr int ggml_most_elements = 256;
inline constexpr int ggml_most_groups = 16;
inline constexpr int ggml_most_in_group = 32;

/// The value of a 4-bit code of IQ4_NL and IQ4_XS. Tables are in functions, for device code.
LOWP_FN int ggml_iq4_value(int code) noexcept {
  constexpr std::int8_t values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                      1,    13,   25,  38,  53,  69,  89,  113};
  return values[code];
}

/// Twice the value of an E2M1 code; that of -0 is 0.
LOWP_FN int ggml_e2m1_value(int code) noexcept {
  constexpr std::int8_t values[8] = {0, 1, 2, 3, 4, 6, 8, 12};
  return code < 8 ? values[code] : -values[code - 8];
}

namespace detail::ggml {

/// Bytes of the digits of 256 elements.
inline constexpr int base_3_bytes = 52;

LOWP_FN array_layout layout_of(const ggml_part& part) noexcept {
  return {integer_format(part.width, false), part.pack};
}

/// Bytes of a stored number.
LOWP_FN int bytes_of(ggml_number kind) noexcept {
  return kind == ggml_number::binary32 ? 4 : kind == ggml_number::binary16 ? 2 : 1;
}

}  // namespace detail::ggml

}  // namespace lowp

#endif  // LOWP_BLOCK_GGML_TYPE_HPP
