// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of ggml block types. A new one of a known method is one row.
#ifndef LOWP_BLOCK_GGML_TYPES_HPP
#define LOWP_BLOCK_GGML_TYPES_HPP

#include <cstddef>
#include <cstdint>

#include "../../detail/find_row.hpp"
#include "../../formats.hpp"
#include "../../pack/packings.hpp"
#include "check.hpp"
#include "type.hpp"

namespace lowp {

/// The fields that the rows below are made of. `at` is a byte of the block.
namespace ggml_fields {

/// 4 bits: byte j of 32 holds element j below element j + 32.
inline constexpr packing split_64{.slot = 4, .group = 64, .step = 32};
/// 4 bits: byte j of 64 holds element j below element j + 64.
inline constexpr packing split_128_nibbles{.slot = 4, .group = 128, .step = 64};
/// 1 bit: byte j of 32 holds elements j, j + 32 ... j + 224 from the lowest bit.
inline constexpr packing split_256{.slot = 1, .group = 256, .step = 32};
/// 2 bits: byte j of 4 holds integers j, j + 4, j + 8, j + 12 from the lowest bits.
inline constexpr packing split_16_pairs{.slot = 2, .group = 16, .step = 4};
/// 4 bits: byte j of 8 holds integer j below integer j + 8.
inline constexpr packing split_16_nibbles = packings::split_16;

LOWP_FN ggml_numbers half(std::uint16_t at) noexcept { return {ggml_number::binary16, at}; }

/// Codes of one part, c + offset.
LOWP_FN ggml_field codes(std::uint16_t at, std::uint8_t width, packing pack,
                         std::int16_t offset = 0) noexcept {
  return {.parts = {{.at = at, .width = width, .pack = pack}}, .offset = offset};
}

/// 4-bit codes of a table, halves of 2 `step` elements in the nibbles of `step` bytes.
LOWP_FN ggml_field table(std::uint16_t at, packing pack, ggml_value value) noexcept {
  return {.parts = {{.at = at, .width = 4, .pack = pack}}, .value = value};
}

LOWP_FN ggml_field signed_bytes(std::uint16_t at) noexcept {
  return {.parts = {{.at = at, .width = 8, .pack = {.slot = 8}}},
          .value = ggml_value::twos_complement};
}

/// Codes whose lowest bits and the bits above them stand apart.
LOWP_FN ggml_field two_parts(ggml_part low, ggml_part high, std::int16_t offset) noexcept {
  high.shift = low.width;
  return {.parts = {low, high}, .offset = offset};
}

/// Six-bit integers of Q4_K and Q5_K in 12 bytes: eight scales, or the eight minima beside them.
/// Four in the low bits of bytes of their own; of the others a nibble in bytes 8...11 and the two
/// bits above those of the first four.
LOWP_FN ggml_field six_bits(std::uint16_t at, bool is_minimum) noexcept {
  const auto own = static_cast<std::uint16_t>(at + (is_minimum ? 4 : 0));
  const auto shared = static_cast<std::uint16_t>(at + 8);
  const std::uint8_t lift = is_minimum ? 4 : 0;
  return {
      .parts = {{.at = own, .width = 6, .pack = {.slot = 8}, .count = 4},
                {.at = shared, .width = 4, .pack = {.slot = 8, .lift = lift}, .first = 4},
                {.at = own, .width = 2, .pack = {.slot = 8, .lift = 6}, .shift = 4, .first = 4}}};
}

}  // namespace ggml_fields

// One type a row, kept by hand: name, elements, bytes, codes, numbers, groups, method, source.
// clang-format off
/// The block types of ggml d99724f with their reference functions (`quantize_row_*_ref`) in
/// ggml-quants.c. spec/ggml.md GGM-1.
inline constexpr ggml_type all_ggml_types[] = {
    {.name = "q4_0", .elements = 32, .bytes = 18,
     .codes = ggml_fields::codes(2, 4, packings::split_32, -8),
     .scale = ggml_fields::half(0),
     .plain = {.statistic = ggml_statistic::signed_peak, .divisor = -8, .add = 8.5F, .highest = 15},
     .source = "quantize_row_q4_0_ref"},
    {.name = "q4_1", .elements = 32, .bytes = 20,
     .codes = ggml_fields::codes(4, 4, packings::split_32),
     .scale = ggml_fields::half(0), .low = ggml_fields::half(2),
     .plain = {.statistic = ggml_statistic::range, .divisor = 15, .add = 0.5F, .highest = 15},
     .source = "quantize_row_q4_1_ref"},
    {.name = "q5_0", .elements = 32, .bytes = 22,
     .codes = ggml_fields::two_parts({.at = 6, .width = 4, .pack = packings::split_32}, {.at = 2, .width = 1, .pack = {.slot = 1}}, -16),
     .scale = ggml_fields::half(0),
     .plain = {.statistic = ggml_statistic::signed_peak, .divisor = -16, .add = 16.5F, .highest = 31},
     .source = "quantize_row_q5_0_ref"},
    {.name = "q5_1", .elements = 32, .bytes = 24,
     .codes = ggml_fields::two_parts({.at = 8, .width = 4, .pack = packings::split_32}, {.at = 4, .width = 1, .pack = {.slot = 1}}, 0),
     .scale = ggml_fields::half(0), .low = ggml_fields::half(2),
     .plain = {.statistic = ggml_statistic::range, .divisor = 31, .add = 0.5F, .cast = ggml_cast::unsigned_byte, .highest = 255},
     .source = "quantize_row_q5_1_ref"},
    {.name = "q8_0", .elements = 32, .bytes = 34,
     .codes = ggml_fields::signed_bytes(2),
     .scale = ggml_fields::half(0),
     .plain = {.divisor = 127, .round = rounding::to_nearest_away},
     .source = "quantize_row_q8_0_ref"},
    {.name = "q8_1", .elements = 32, .bytes = 36,
     .codes = ggml_fields::signed_bytes(4),
     .scale = ggml_fields::half(0),
     .sum = ggml_sum::scaled, .sum_at = 2,
     .plain = {.divisor = 127, .round = rounding::to_nearest_away},
     .source = "quantize_row_q8_1_ref"},
    {.name = "mxfp4", .elements = 32, .bytes = 17,
     .codes = ggml_fields::table(1, packings::split_32, ggml_value::e2m1),
     .scale = {.kind = ggml_number::e8m0_half, .at = 0, .span = 32},
     .method = ggml_method::nearest,
     .source = "quantize_row_mxfp4_ref"},
    {.name = "nvfp4", .elements = 64, .bytes = 36,
     .codes = ggml_fields::table(4, packings::split_16, ggml_value::e2m1),
     .scale = {.kind = ggml_number::ue4m3_half, .at = 0, .span = 16},
     .method = ggml_method::nearest,
     .source = "quantize_row_nvfp4_ref"},
    {.name = "iq4_nl", .elements = 32, .bytes = 18,
     .codes = ggml_fields::table(2, packings::split_32, ggml_value::iq4),
     .scale = ggml_fields::half(0),
     .method = ggml_method::iq4,
     .source = "quantize_row_iq4_nl_ref"},
    {.name = "q1_0", .elements = 128, .bytes = 18,
     .codes = {.parts = {{.at = 2, .width = 1, .pack = {.slot = 1}}}, .step = 2, .offset = -1},
     .scale = ggml_fields::half(0),
     .plain = {.statistic = ggml_statistic::mean_magnitude, .divisor = 128, .sign_only = true},
     .source = "quantize_row_q1_0_ref"},
    {.name = "q2_0", .elements = 64, .bytes = 18,
     .codes = ggml_fields::codes(2, 2, {.slot = 2}, -1),
     .scale = ggml_fields::half(0),
     .plain = {.round = rounding::to_nearest_away, .cast = ggml_cast::word, .offset = 1, .lowest = 0, .highest = 3},
     .source = "quantize_row_q2_0_ref"},
    {.name = "tq1_0", .elements = 256, .bytes = 54,
     .codes = {.offset = -1, .base_3 = true},
     .scale = ggml_fields::half(52),
     .plain = {.round = rounding::to_nearest_away, .cast = ggml_cast::unsigned_byte, .offset = 1, .highest = 256},
     .source = "quantize_row_tq1_0_ref"},
    {.name = "tq2_0", .elements = 256, .bytes = 66,
     .codes = ggml_fields::codes(0, 2, packings::split_128, -1),
     .scale = ggml_fields::half(64),
     .plain = {.round = rounding::to_nearest_away, .cast = ggml_cast::unsigned_byte, .offset = 1, .highest = 256},
     .source = "quantize_row_tq2_0_ref"},
    {.name = "q2_K", .elements = 256, .bytes = 84,
     .codes = ggml_fields::codes(16, 2, packings::split_128),
     .scale = ggml_fields::half(80), .low = ggml_fields::half(82),
     .group = 16, .factors = ggml_fields::codes(0, 4, {.slot = 8}), .low_factors = ggml_fields::codes(0, 4, {.slot = 8, .lift = 4}),
     .method = ggml_method::asymmetric, .asymmetric = {.highest = 3, .levels = 15, .start = -0.5F, .step = 0.1F, .steps = 15, .absolute_error = true},
     .source = "quantize_row_q2_K_ref"},
    {.name = "q3_K", .elements = 256, .bytes = 110,
     .codes = ggml_fields::two_parts({.at = 32, .width = 2, .pack = packings::split_128}, {.at = 0, .width = 1, .pack = ggml_fields::split_256}, -4),
     .scale = ggml_fields::half(108),
     .group = 16, .factors = ggml_fields::two_parts({.at = 96, .width = 4, .pack = ggml_fields::split_16_nibbles}, {.at = 104, .width = 2, .pack = ggml_fields::split_16_pairs}, -32),
     .method = ggml_method::symmetric, .symmetric = {.highest = 4, .descent = true, .levels = 32, .most_scale = 31},
     .source = "quantize_row_q3_K_ref"},
    {.name = "q4_K", .elements = 256, .bytes = 144,
     .codes = ggml_fields::codes(16, 4, ggml_fields::split_64),
     .scale = ggml_fields::half(0), .low = ggml_fields::half(2),
     .group = 32, .factors = ggml_fields::six_bits(4, false), .low_factors = ggml_fields::six_bits(4, true),
     .method = ggml_method::asymmetric, .asymmetric = {.highest = 15, .levels = 63, .start = -1.0F, .step = 0.1F, .steps = 20, .rms_weights = true},
     .source = "quantize_row_q4_K_ref"},
    {.name = "q5_K", .elements = 256, .bytes = 176,
     .codes = ggml_fields::two_parts({.at = 48, .width = 4, .pack = ggml_fields::split_64}, {.at = 16, .width = 1, .pack = ggml_fields::split_256}, 0),
     .scale = ggml_fields::half(0), .low = ggml_fields::half(2),
     .group = 32, .factors = ggml_fields::six_bits(4, false), .low_factors = ggml_fields::six_bits(4, true),
     .method = ggml_method::asymmetric, .asymmetric = {.highest = 31, .levels = 63, .start = -0.5F, .step = 0.1F, .steps = 15, .rms_weights = true},
     .source = "quantize_row_q5_K_ref"},
    {.name = "q6_K", .elements = 256, .bytes = 210,
     .codes = ggml_fields::two_parts({.at = 0, .width = 4, .pack = ggml_fields::split_128_nibbles}, {.at = 128, .width = 2, .pack = packings::split_128}, -32),
     .scale = ggml_fields::half(208),
     .group = 16, .factors = ggml_fields::signed_bytes(192),
     .method = ggml_method::symmetric, .symmetric = {.highest = 32, .levels = 128, .most_scale = 127, .least_scale = 1e-15F, .clears = true},
     .source = "quantize_row_q6_K_ref"},
    {.name = "q8_K", .elements = 256, .bytes = 292,
     .codes = ggml_fields::signed_bytes(4),
     .scale = {.kind = ggml_number::binary32, .at = 0},
     .sum = ggml_sum::of_16, .sum_at = 260,
     .plain = {.statistic = ggml_statistic::signed_peak, .divisor = -127, .reciprocal_first = true, .round = rounding::to_nearest_even},
     .source = "quantize_row_q8_K_ref"},
    {.name = "iq4_xs", .elements = 256, .bytes = 136,
     .codes = ggml_fields::table(8, packings::split_32, ggml_value::iq4),
     .scale = ggml_fields::half(0),
     .group = 32, .factors = ggml_fields::two_parts({.at = 4, .width = 4, .pack = {.slot = 4}}, {.at = 2, .width = 2, .pack = {.slot = 2}}, -32),
     .method = ggml_method::iq4, .tries = 7,
     .source = "quantize_row_iq4_xs_ref"},
};
// clang-format on

/// Number of types.
inline constexpr std::size_t ggml_type_count = sizeof(all_ggml_types) / sizeof(all_ggml_types[0]);

namespace detail {

// A copy of a row to change. A name that is not there does not compile.
consteval ggml_type ggml_row(const char* name, const char* renamed, const char* source) {
  for (ggml_type t : all_ggml_types) {
    if (!same_text(t.name, name)) continue;
    t.name = renamed;
    t.source = source;
    return t;
  }
  throw "lowp: ggml has no type of this name";
}

consteval ggml_type iq4_nl_search() {
  ggml_type t = ggml_row("iq4_nl", "iq4_nl_search", "quantize_iq4_nl without weights");
  t.tries = 7;
  return t;
}
consteval ggml_type mxfp4_exact() {
  ggml_type t = ggml_row("mxfp4", "mxfp4_exact", "OCP MX 1.0 6.3 with ggml's codes");
  t.rule = scale_rule::floor;
  return t;
}
consteval ggml_type mxfp4_cuda() {
  ggml_type t = ggml_row("mxfp4", "mxfp4_cuda", "ggml-cuda/quantize.cu, quantize_mmq_mxfp4");
  t.rule = scale_rule::nearest_log2;
  t.e2m1_rule = ggml_e2m1_rule::nearest_even;
  return t;
}

}  // namespace detail

/// Other ways to make blocks of the same layouts. GGM-9, GGM-11.
inline constexpr ggml_type all_ggml_variants[] = {detail::iq4_nl_search(), detail::mxfp4_exact(),
                                                  detail::mxfp4_cuda()};

/// Number of variants.
inline constexpr std::size_t ggml_variant_count =
    sizeof(all_ggml_variants) / sizeof(all_ggml_variants[0]);

namespace detail {

consteval bool all_ggml_rows_are_usable() {
  for (const ggml_type& t : all_ggml_types) {
    if (check(t) != ggml_error::none) return false;
  }
  for (const ggml_type& t : all_ggml_variants) {
    if (check(t) != ggml_error::none) return false;
  }
  return true;
}
static_assert(all_ggml_rows_are_usable());

}  // namespace detail

/// The row of this name, a variant's too; null if there is none.
LOWP_FN const ggml_type* find_ggml_type(const char* name) noexcept {
  const ggml_type* row = detail::find_row(all_ggml_types, name);
  return row != nullptr ? row : detail::find_row(all_ggml_variants, name);
}

}  // namespace lowp

#endif  // LOWP_BLOCK_GGML_TYPES_HPP
