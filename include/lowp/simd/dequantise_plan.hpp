// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the kernels need to know to read a block-quantised matrix. Everything here is asked of the
/// scalar definition. spec/bulk.md BLK-8.
#ifndef LOWP_SIMD_DEQUANTISE_PLAN_HPP
#define LOWP_SIMD_DEQUANTISE_PLAN_HPP

#include <bit>
#include <cstdint>
#include <numeric>

#include "../block/quantise_matrix.hpp"
#include "chunk.hpp"

namespace lowp::simd {

/// How elements become numbers.
enum class element_way : std::uint8_t {
  none,      ///< the definition, element by element
  value,     ///< entries of `value`
  nibbles,   ///< codes of 4 bits: 16 entries of `value`
  integers,  ///< two's complement of 8 bits, times `unit`
  bytes,     ///< entries of `high` and `low`
};

/// How codes stand where the kernels read them.
enum class code_places : std::uint8_t {
  bytes,        ///< a code in each byte; bits above it are anything
  eight_bytes,  ///< 16 codes of 4 bits in 8 bytes, the first bit of each in `nibble`
  split_32,     ///< byte j of 16 holds element j below element j + 16
  dense_6,      ///< codes of 6 bits end to end, the first in the lowest bits
};

/// A matrix to be read, prepared; for usable matrices only.
struct dequantise_plan {
  block_matrix m;
  dequantise_steps steps = dequantise_steps::exact;
  element_way way = element_way::none;
  code_places direct = code_places::bytes;  ///< of whole rows, if `is_direct`
  bool is_direct = false;   ///< the kernels read codes from memory; else they are unpacked first
  bool reads_rows = false;  ///< `is_direct`, and chunks of rows begin where packings begin anew
  std::uint64_t align = 1;  ///< elements in which they do, if the row's first element is one
  std::uint64_t chunk = 0;  ///< elements that go together: whole blocks
  std::uint32_t scale_run = 1;        ///< 4 where scales of one byte always stand in fours, else 1
  bool is_per_element = false;        ///< factors differ within 16 elements
  bool zero_is_special = false;       ///< elements have infinities
  bool has_outer = false;             ///< `exact` with an outer scale: a second product
  bool scale_is_power = false;        ///< the scale is E8M0
  bool has_byte_scales = false;       ///< scale bits are codes of up to 8 bits in a byte
  int log2_columns = 0;               ///< of a block, if not `is_per_element`
  float unit = 1;                     ///< of `integers`: a part of the factors
  float bound = 1;                    ///< of `amax_first`: 1 / (F M)
  float value[256] = {};              ///< of codes, in units
  float scale_value[256] = {};        ///< of scale codes of up to 8 bits
  std::uint8_t high[128] = {};        ///< the highest byte of values, without sign if `sign_mask`
  std::uint8_t low[128] = {};         ///< the byte below; the two others are zero
  std::uint8_t sign_mask = 0;         ///< bit of the code that is the value's sign
  std::uint8_t nibble[64] = {};       ///< of element i, its first bit in the eight bytes at 4 i
  std::uint8_t scale_high[128] = {};  ///< of scales of up to 7 bits, if `scales_are_bytes`
  std::uint8_t scale_low[128] = {};
  bool scales_are_bytes = false;
};

/// Elements that go through the first-level cache together.
inline constexpr std::uint64_t dequantise_chunk = 4096;

namespace detail {

LOWP_FN std::uint32_t bits_of_code(format f, code_t code) noexcept {
  return static_cast<std::uint32_t>(convert(f, code, formats::binary32, projection{}));
}

/// Significant bits, lowest bit and binade of the finite values of a format, all of which are
/// binary32's.
struct value_span {
  int precision = 0, lowest = 1000, highest = -1000;

  LOWP_FN void add(std::uint32_t bits) noexcept {
    const exact x = decode(formats::binary32, bits);
    if (x.cls != number_class::finite || x.significand == 0) return;
    const int low = x.exponent + static_cast<int>(std::countr_zero(x.significand));
    const int high = x.exponent + static_cast<int>(std::bit_width(x.significand)) - 1;
    if (high - low + 1 > precision) precision = high - low + 1;
    if (low < lowest) lowest = low;
    if (high > highest) highest = high;
  }
  /// Are all products with 2^e, or with values of another format, exact?
  LOWP_FN bool takes(int e) const noexcept { return lowest + e >= -149 && highest + e <= 127; }
  LOWP_FN bool takes(const value_span& s) const noexcept {
    return precision + s.precision <= 24 && lowest + s.lowest >= -149 &&
           highest + s.highest + 1 <= 127;
  }
};

LOWP_FN value_span span_of_scales(const dequantise_plan& p) noexcept {
  if (p.m.f.scale == formats::binary32) return {24, -149, 127};
  value_span span;
  for (const float v : p.scale_value) span.add(lowp::detail::bit_cast<std::uint32_t>(v));
  return span;
}

/// Are values integers in two's complement of 8 bits times the value of 1?
LOWP_FN bool are_integers(format f) noexcept {
  return f.kind == number_kind::fixed_point && f.is_signed && f.width == 8;
}

/// Fills tables of bytes if values have two bytes, and a sign of their own if codes have 8 bits.
LOWP_FN bool make_bytes(int width, const float* value, std::uint8_t* high,
                        std::uint8_t* low) noexcept {
  for (int c = 0; c < 256; ++c) {
    const auto bits = lowp::detail::bit_cast<std::uint32_t>(value[c]);
    const auto folded = lowp::detail::bit_cast<std::uint32_t>(value[c & 127]);
    if ((bits & 0xffff) != 0) return false;
    if (c < 128) {
      high[c] = static_cast<std::uint8_t>(bits >> 24);
      low[c] = static_cast<std::uint8_t>(bits >> 16);
      if (width == 8 && bits >> 31 != 0) return false;
    } else if (width == 8 && bits != (folded | 0x80000000)) {
      return false;
    }
  }
  return true;
}
LOWP_FN bool make_bytes(dequantise_plan& p) noexcept {
  p.sign_mask = p.m.f.element.width == 8 ? 0x80 : 0;
  return make_bytes(p.m.f.element.width, p.value, p.high, p.low);
}

/// Which codes the kernels read from memory.
LOWP_FN bool make_direct(dequantise_plan& p) noexcept {
  const array_layout& a = p.m.layout.elements;
  const packing& k = a.pack;
  if (k.lift != 0 || k.run != 0) return false;
  const bool in_order = k.group == k.step, low = k.order == bit_order::low_first;
  const int slot = slot_bits(a);
  p.direct = code_places::bytes;
  if (slot == 8) return in_order && p.way != element_way::nibbles;
  p.direct = code_places::dense_6;
  if (slot == 6 && a.f.width == 6) return in_order && low && p.way == element_way::bytes;
  if (slot != 4 || p.way != element_way::nibbles) return false;
  p.direct = code_places::split_32;
  if (k.group == 32 && k.step == 16 && low) return true;
  p.direct = code_places::eight_bytes;
  if (!in_order && k.group > 16) return false;
  for (int i = 0; i < 16; ++i) {
    const auto place = static_cast<int>(slot_of(k, static_cast<std::uint64_t>(i)));
    p.nibble[4 * i] = static_cast<std::uint8_t>(4 * (low ? place : place ^ 1));
  }
  return true;
}

/// How rows are read chunk by chunk.
LOWP_FN void set_chunks(dequantise_plan& p) noexcept {
  const block_layout& l = p.m.layout;
  const packing& pack = l.elements.pack;
  const auto slot = static_cast<std::uint64_t>(slot_bits(l.elements));
  p.chunk = dequantise_chunk / p.m.f.columns * p.m.f.columns;
  p.align = pack.group != pack.step ? pack.group : 8 / std::gcd(std::uint64_t{8}, slot);
  if (l.record != 0) p.align = std::lcm(p.align, std::uint64_t{l.record});
  p.reads_rows = p.is_direct && run_of(l.element_order, matrix_axis::column) == 0 &&
                 p.chunk % p.align == 0 && l.record * slot % 8 == 0;
  const std::uint32_t run = run_of(l.scales.order, matrix_axis::column);
  const bool in_fours = run != 0 && run % 4 == 0 && dequantise_chunk / p.m.f.columns % 4 == 0;
  p.scale_run = in_fours && l.record == 0 && p.has_byte_scales ? 4 : 1;
}

}  // namespace detail

/// Prepares a matrix for which `check` finds nothing.
LOWP_FN dequantise_plan make_dequantise_plan(const block_matrix& m,
                                             dequantise_steps steps) noexcept {
  dequantise_plan p;
  p.m = m;
  p.steps = steps;
  const block_format& f = m.f;
  const bool wide_scale = f.scale == formats::binary32;
  if (!host_is_supported || f.element.width > 8 || (f.scale.width > 8 && !wide_scale) ||
      f.columns > dequantise_chunk || !embeds(f.element, formats::binary32) ||
      !embeds(f.scale, formats::binary32)) {
    return p;
  }
  detail::value_span elements;
  const auto mask = static_cast<int>(lowp::detail::low_mask(f.element.width));
  for (int c = 0; c < 256; ++c) {
    const code_t code = static_cast<code_t>(c & mask);
    const std::uint32_t bits = detail::bits_of_code(f.element, code);
    p.value[c] = lowp::detail::bit_cast<float>(bits);
    elements.add(bits);
    p.zero_is_special = p.zero_is_special || (bits & 0x7fffffff) == 0x7f800000;
    if (!wide_scale) {
      const code_t scale = static_cast<code_t>(c) & lowp::detail::low_mask(f.scale.width);
      p.scale_value[c] = lowp::detail::bit_cast<float>(detail::bits_of_code(f.scale, scale));
    }
  }
  const detail::value_span scales = detail::span_of_scales(p);
  const bool is_exact = steps == dequantise_steps::exact;
  p.has_outer = is_exact && f.outer != outer_scale::none;
  const bool has_levels = is_exact && (f.level[0].group != 0 || f.level[1].group != 0);
  if (has_levels) {
    int least = 0, most = 0;
    for (const exponent_level& l : f.level) {
      if (l.group == 0) continue;
      (l.lowers ? least : most) +=
          (l.lowers ? -1 : 1) * static_cast<int>(lowp::detail::low_mask(l.bits));
    }
    if (least < -126 || most > 127 || !scales.takes(least) || !scales.takes(most)) return p;
  }
  if (p.has_outer && (has_levels || !elements.takes(scales))) return p;
  if (steps == dequantise_steps::amax_first) {
    const float32 F = decode_real<float32>(f.scale, max_finite(f.scale));
    const float32 M = decode_real<float32>(f.element, max_finite(f.element));
    const float32 one = real<float32>(1.0f);
    p.bound = lowp::detail::bit_cast<float>(real_bits(one / (F * M)));
  }
  p.is_per_element = has_levels || f.columns % 16 != 0 || (f.columns & (f.columns - 1)) != 0;
  p.log2_columns = std::countr_zero(f.columns);
  p.scales_are_bytes = f.scale.width <= 7 &&
                       detail::make_bytes(f.scale.width, p.scale_value, p.scale_high, p.scale_low);
  p.has_byte_scales = m.layout.scales.scale_bytes == 1 && !wide_scale && f.level[0].group == 0 &&
                      f.level[1].group == 0;
  p.scale_is_power = f.scale == formats::e8m0fnu;
  const bool is_plain = is_exact && !p.has_outer && !wide_scale;
  p.way = element_way::value;
  if (f.element.width == 4 && slot_bits(m.layout.elements) == 4) {
    p.way = element_way::nibbles;
  } else if (!p.has_outer && detail::make_bytes(p)) {
    p.way = element_way::bytes;
  } else if (is_plain && !has_levels && detail::are_integers(f.element) &&
             scales.takes(-f.element.bias)) {
    p.way = element_way::integers;
    p.unit = p.value[1];
    for (int c = 0; c < 256; ++c) p.value[c] = static_cast<float>(c < 128 ? c : c - 256);
  }
  p.is_direct = detail::make_direct(p);
  if (!p.is_direct && p.way == element_way::nibbles) {
    p.way = !p.has_outer && detail::make_bytes(p) ? element_way::bytes : element_way::value;
  }
  detail::set_chunks(p);
  return p;
}

/// The definition's number of element `at` of a block with these codes. Not inline, as every
/// instruction set calls it.
[[gnu::noinline]] LOWP_UNIT inline float define_number(const dequantise_plan& p, code_t scale,
                                                       code_t code, int at, float outer) noexcept {
  const float32 y =
      lowp::detail::dequantised(p.m.f, p.steps, scale, code, at, real<float32>(outer));
  return lowp::detail::bit_cast<float>(real_bits(y));
}
/// The same of a matrix.
[[gnu::noinline]] LOWP_UNIT inline float define_number(const dequantise_plan& p,
                                                       const block_places& places,
                                                       const_block_buffers in, std::uint64_t row,
                                                       std::uint64_t column, code_t code,
                                                       float outer) noexcept {
  const block_format& f = p.m.f;
  const code_t scale =
      places.read_scale_at(in, places.scales().place(row / f.rows, column / f.columns));
  const int at = static_cast<int>(row % f.rows * f.columns + column % f.columns);
  return define_number(p, scale, code, at, outer);
}

/// Lines of n numbers each, at most `dequantise_chunk`: codes end to end, scales, an outer scale if
/// the format has one.
struct block_lines {
  std::uint64_t n, code_bytes, scale_bytes, blocks, line_bytes;
};

/// Lines by a plan that was made before, whose matrix is one row high and has codes end to end;
/// defined in implementation_dequantise.hpp. Nothing is checked.
void dequantise_lines(const dequantise_plan& p, const block_lines& l, const std::byte* in,
                      std::uint64_t count, float* out) noexcept;

}  // namespace lowp::simd

#endif  // LOWP_SIMD_DEQUANTISE_PLAN_HPP
