// SPDX-License-Identifier: Apache-2.0
/// \file
/// Dot products of block-quantised vectors: exact inside a block, and over blocks either exact or
/// in binary32. spec/blocks.md BLS-22.
#ifndef LOWP_BLOCK_BLOCK_DOT_HPP
#define LOWP_BLOCK_BLOCK_DOT_HPP

#include <cstddef>
#include <cstdint>

#include "../basic_accumulator.hpp"
#include "../detail/bits.hpp"
#include "../pack/bytes.hpp"
#include "../types.hpp"
#include "block_matrix.hpp"
#include "quantise_block.hpp"

namespace lowp {

/// A vector in blocks of 1 x n: codes in the packing of `elements`, from a byte on, and the scale
/// bits of each block in `scale_bytes_of(f)` bytes, one after the other.
struct block_vector {
  block_format f;
  array_layout elements;
  const std::byte* codes = nullptr;
  const std::byte* scales = nullptr;
  exact outer = exact_finite(false, 1, 0);  ///< the outer scale; 1 where there is none
};

/// How sums over blocks are made. BLS-22.
enum class dot_sum : std::uint8_t {
  exact,  ///< all products exactly, one rounding
  /// Each block's dot product exactly and rounded to binary32; block j is added to sum j mod
  /// `lanes`, in order, in binary32; then sums are added in halves.
  blocks,
};

struct dot_rule {
  dot_sum sum = dot_sum::exact;
  std::uint8_t lanes = 16;  ///< of `blocks`: a power of two up to 64

  friend LOWP_FN bool operator==(const dot_rule&, const dot_rule&) noexcept = default;
};

/// The rule that two vectors break, see `dot`.
enum class [[nodiscard]] dot_error : std::uint8_t{
    none,
    format,     ///< `check` of a format refuses, or its exact sums take more than 128 bits or are
                ///< beyond 2^1392 or no multiples of 2^-1360, without scales 2^576 and 2^-640
    shape,      ///< blocks of more than one row
    different,  ///< blocks of different length
    packing,    ///< `check` of a packing refuses, or the codes are of another width
    lanes,      ///< lanes are no power of two up to 64
};

LOWP_FN const char* message(dot_error e) noexcept {
  switch (e) {
    case dot_error::none: return "no error";
    case dot_error::format:
      return "the block format must be usable and its exact sums must fit 128 bits, not too far "
             "from 1";
    case dot_error::shape: return "blocks must have one row";
    case dot_error::different: return "both vectors must have blocks of the same length";
    case dot_error::packing:
      return "the packing must be usable and for codes of the format's width";
    case dot_error::lanes: return "lanes must be a power of two up to 64";
  }
  return "unknown";
}

namespace detail {

// Units and limbs that hold every sum that `check` lets pass: products of two elements with their
// levels; the same times two scales and two outer ones.
using products_of_block = basic_accumulator<20>;
inline constexpr std::int32_t unit_of_products = -640;
using products_of_vector = basic_accumulator<44>;
inline constexpr std::int32_t unit_of_scaled = -1360;

/// Exponents e such that all positive values of a format are multiples of 2^low below 2^high.
struct value_exponents {
  int low, high;
};
LOWP_FN value_exponents exponents_of(format f) noexcept {
  const exact least = decode(f, min_positive(f));
  const exact top = normalized(decode(f, max_finite(f)));
  return {least.exponent + trailing_zeros(least.significand), binade(top) + 1};
}

/// Of elements with their levels.
LOWP_FN value_exponents element_exponents(const block_format& f) noexcept {
  value_exponents e = exponents_of(f.element);
  for (const exponent_level& l : f.level) {
    if (l.group == 0) continue;
    const auto most = static_cast<int>(low_mask(l.bits));
    (l.lowers ? e.low : e.high) += l.lowers ? -most : most;
  }
  return e;
}

/// Bits from the unit of a block's values to its greatest sum, with its scale's: half of what a
/// product of two such blocks takes.
LOWP_FN int bits_of_sum(const block_vector& v) noexcept {
  if (v.f.element.kind == number_kind::logarithmic) return 1000;
  const value_exponents e = element_exponents(v.f);
  int bits = e.high - e.low + 8;
  if (v.f.scale.precision > 1) bits += v.f.scale.precision;
  return bits + (v.f.outer == outer_scale::none ? 0 : 24);
}

/// Are all sums multiples of the accumulators' units and within them?
LOWP_FN bool fits_accumulators(const block_vector& x, const block_vector& y) noexcept {
  constexpr int sum_bits = 14;  // of most_block_elements
  value_exponents products{0, sum_bits}, scales{0, 0};
  for (const block_vector* v : {&x, &y}) {
    const value_exponents e = element_exponents(v->f), s = exponents_of(v->f.scale);
    products = {products.low + e.low, products.high + e.high};
    scales = {scales.low + s.low, scales.high + s.high};
    if (v->f.outer != outer_scale::none) scales = {scales.low - 149, scales.high + 128};
  }
  constexpr int of_products = unit_of_products + 64 * (products_of_block::limb_count - 1);
  constexpr int of_scaled = unit_of_scaled + 64 * (products_of_vector::limb_count - 1);
  return products.low >= unit_of_products && products.high <= of_products &&
         products.low + scales.low >= unit_of_scaled && products.high + scales.high <= of_scaled;
}

}  // namespace detail

LOWP_FN dot_error check(const block_vector& x, const block_vector& y, dot_rule rule) noexcept {
  for (const block_vector* v : {&x, &y}) {
    if (check(v->f) != block_format_error::none) return dot_error::format;
    if (v->f.rows != 1) return dot_error::shape;
    if (check(v->elements) != packing_error::none || v->elements.f.width != v->f.element.width) {
      return dot_error::packing;
    }
  }
  if (detail::bits_of_sum(x) + detail::bits_of_sum(y) > 128 || !detail::fits_accumulators(x, y)) {
    return dot_error::format;
  }
  if (x.f.columns != y.f.columns) return dot_error::different;
  const bool power = rule.lanes <= 64 && detail::is_power_of_two(rule.lanes);
  return power ? dot_error::none : dot_error::lanes;
}

namespace detail {

LOWP_FN code_t scale_bits_at(const block_vector& v, std::uint64_t block) noexcept {
  const int bytes = scale_bytes_of(v.f);
  return read_bytes(v.scales + block * static_cast<std::uint64_t>(bytes), bytes);
}

LOWP_FN exact element_at(const block_vector& v, code_t scale, std::uint64_t i) noexcept {
  exact e = decode(v.f.element, read_code(v.elements, v.codes, i));
  if (e.cls == number_class::finite) {
    e.exponent += level_exponent(v.f, scale, static_cast<int>(i % v.f.columns));
  }
  return e;
}

LOWP_FN exact scale_of(const block_vector& v, code_t scale) noexcept {
  return evaluate<operation::multiply>({}, decode(v.f.scale, scale_code(v.f, scale)), v.outer)
      .value;
}

}  // namespace detail

/// The dot product of one block of each, X_A X_B (sum of P_i^A P_i^B) over `n` elements, exactly.
/// OCP MX v1.0, 6.1.
LOWP_FN exact dot_of_block(const block_vector& x, const block_vector& y, std::uint64_t block,
                           int n) noexcept {
  const code_t sx = detail::scale_bits_at(x, block), sy = detail::scale_bits_at(y, block);
  detail::products_of_block sum(detail::unit_of_products);
  const std::uint64_t first = block * x.f.columns;
  for (int i = 0; i < n; ++i) {
    const auto at = first + static_cast<std::uint64_t>(i);
    sum.add_product(detail::element_at(x, sx, at), detail::element_at(y, sy, at));
  }
  const exact scale =
      evaluate<operation::multiply>({}, detail::scale_of(x, sx), detail::scale_of(y, sy)).value;
  return evaluate<operation::multiply>({}, scale, sum.value()).value;
}

/// The dot product of two vectors of n elements in binary32. OCP MX v1.0, 6.2; BLS-22. For vectors
/// that `check` allows.
LOWP_FN float32 dot(const block_vector& x, const block_vector& y, std::uint64_t n,
                    dot_rule rule = {}) noexcept {
  const std::uint64_t length = x.f.columns, blocks = detail::pieces_of(n, length);
  const auto dot_at = [&](std::uint64_t j) {
    const std::uint64_t left = n - j * length;
    return dot_of_block(x, y, j, static_cast<int>(left < length ? left : length));
  };
  if (rule.sum == dot_sum::exact) {
    detail::products_of_vector sum(detail::unit_of_scaled);
    for (std::uint64_t j = 0; j < blocks; ++j) sum.add(dot_at(j));
    return sum.round<float32>();
  }
  float32 lane[64] = {};
  for (std::uint64_t j = 0; j < blocks; ++j) {
    float32& to = lane[j % rule.lanes];
    to = to + float32::from_code(encode(formats::binary32, dot_at(j)));
  }
  for (int half = rule.lanes / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) lane[i] = lane[i] + lane[i + half];
  }
  return lane[0];
}

}  // namespace lowp

#endif  // LOWP_BLOCK_BLOCK_DOT_HPP
