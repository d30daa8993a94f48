// SPDX-License-Identifier: Apache-2.0
/// \file
/// How binary32 numbers travel between ranks: what a codec of a wire is, as data, and where
/// everything stands in its bytes. Published and usual ones are in wire_codecs.hpp, the definition
/// of their arithmetic in wire_definition.hpp, the same at speed in wire_coder.hpp.
/// spec/collectives.md COL-1.
#ifndef LOWP_COLLECTIVE_WIRE_CODEC_HPP
#define LOWP_COLLECTIVE_WIRE_CODEC_HPP

#include <cstddef>
#include <cstdint>

#include "../block/block_format.hpp"
#include "../block/block_recipe.hpp"
#include "../block/hadamard.hpp"
#include "../formats.hpp"
#include "../integer/table/rowwise.hpp"
#include "../pack/packing.hpp"
#include "../projection.hpp"

namespace lowp {

/// What makes bytes of the numbers of a row.
enum class wire_kind : std::uint8_t {
  numbers,  ///< each number is converted for itself
  rows,     ///< a row-wise codec: every row has its own scale and bias
  blocks,   ///< a block format: every block of a row has a scale, every row an outer one if any
};

/// The most numbers of a row.
inline constexpr std::uint32_t most_wire_row = 4096;

/// A codec of a wire. A message of n numbers is rows of `row` numbers, the last one as short as n
/// leaves it; every row is encoded for itself, so that a message may be cut between any two.
struct wire_codec {
  /// What messages call it: 1...32767 are the registered ones, 32768...65535 anybody's own.
  std::uint16_t id = 0x8000;
  wire_kind kind = wire_kind::numbers;
  std::uint32_t row = 1;  ///< numbers of a row, 1...`most_wire_row`
  /// Of `numbers`: what they become, in 8, 16 or 32 bits, and how.
  format element = formats::binary32;
  projection conversion = {};
  /// Of `rows`.
  rowwise_codec rows = {};
  /// Of `blocks`: one row high. The bytes of a row are the codes of its elements end to end, the
  /// first in the lowest bits, then the scales of its blocks, then the outer scale as binary32.
  block_format block = {};
  block_recipe recipe = {};
  /// Groups of so many numbers of a row are rotated before they are encoded, and back after they
  /// are decoded: a power of two that divides `row`, 2...1024; 0: none. What is left of a short
  /// row's last group is not rotated. COL-4.
  std::uint16_t hadamard = 0;
  std::uint64_t hadamard_seed = 0;  ///< of the rotation's random signs

  friend LOWP_FN bool operator==(const wire_codec&, const wire_codec&) noexcept = default;
};

/// The rule that a codec of a wire breaks, see `check` and `message`.
enum class [[nodiscard]] wire_codec_error : std::uint8_t{
    none,
    kind,      ///< no such kind
    row,       ///< no numbers in a row, or over `most_wire_row`
    element,   ///< `numbers` become codes that are not 8, 16 or 32 bits wide
    rows,      ///< `check` of the row-wise codec refuses
    block,     ///< `check` of the block format, or of the recipe beside it, refuses
    shape,     ///< blocks are higher than one row, rows are not whole blocks, or an outer scale is
               ///< that of a tensor
    hadamard,  ///< the size of groups is no power of two from 2 to 1024, or does not divide the row
};

/// The rule in words, for messages.
LOWP_FN const char* message(wire_codec_error e) noexcept {
  switch (e) {
    case wire_codec_error::none: return "no error";
    case wire_codec_error::kind: return "the kind must be numbers, rows or blocks";
    case wire_codec_error::row: return "a row must have 1 to 4096 numbers";
    case wire_codec_error::element: return "numbers must become codes of 8, 16 or 32 bits";
    case wire_codec_error::rows: return "the row-wise codec is not usable";
    case wire_codec_error::block: return "the block format and its recipe are not usable";
    case wire_codec_error::shape:
      return "blocks must be one row high and fill rows; an outer scale must be that of a row";
    case wire_codec_error::hadamard:
      return "rotated groups must be of a power of two from 2 to 1024 that divides the row";
  }
  return "unknown";
}

/// Which rule a codec breaks; `wire_codec_error::none` for a usable one. COL-1.
LOWP_FN wire_codec_error check(const wire_codec& c) noexcept {
  using enum wire_codec_error;
  if (c.row == 0 || c.row > most_wire_row) return row;
  if (c.hadamard != 0 && (check(hadamard_transform{.size = c.hadamard}) != hadamard_error::none ||
                          c.row % c.hadamard != 0)) {
    return hadamard;
  }
  switch (c.kind) {
    case wire_kind::numbers: {
      const int width = c.element.width;
      const bool fits = check(c.element) == format_error::none;
      return fits && (width == 8 || width == 16 || width == 32) ? none : element;
    }
    case wire_kind::rows: return check(c.rows) == rowwise_error::none ? none : rows;
    case wire_kind::blocks:
      if (check(c.block) != block_format_error::none) return block;
      if (check(c.block, c.recipe) != block_recipe_error::none) return block;
      return c.block.rows != 1 || c.row % c.block.columns != 0 ||
                     c.block.outer == outer_scale::tensor
                 ? shape
                 : none;
  }
  return kind;
}

/// Where the codes of a row stand: from its first byte (of `rows`, from `code_offset` of its codec)
/// end to end, the first in the lowest bits.
LOWP_FN array_layout code_layout(const wire_codec& c) noexcept {
  const format f = c.kind == wire_kind::numbers ? c.element
                   : c.kind == wire_kind::rows  ? c.rows.element
                                                : c.block.element;
  array_layout a(f, packing{});
  if (slot_bits(a) != f.width) a.pack.slot = f.width;
  return a;
}

/// Bytes of a row of n numbers, 0 of none. COL-2.
LOWP_FN std::uint64_t bytes_per_row(const wire_codec& c, std::uint64_t n) noexcept {
  if (n == 0) return 0;
  if (c.kind == wire_kind::rows) return bytes_per_row(c.rows, n);
  const std::uint64_t codes = bytes_of(code_layout(c), n);
  if (c.kind == wire_kind::numbers) return codes;
  const std::uint64_t blocks = detail::pieces_of(n, c.block.columns);
  const std::uint64_t outer = c.block.outer == outer_scale::none ? 0 : 4;
  return codes + blocks * static_cast<std::uint64_t>(scale_bytes_of(c.block)) + outer;
}

/// Bytes of a message of n numbers without its header. COL-2.
LOWP_FN std::uint64_t encoded_size(const wire_codec& c, std::uint64_t n) noexcept {
  return n / c.row * bytes_per_row(c, c.row) + bytes_per_row(c, n % c.row);
}

/// The byte at which the row with number `at`, the first of its row, begins. COL-2.
LOWP_FN std::uint64_t row_offset(const wire_codec& c, std::uint64_t at) noexcept {
  return at / c.row * bytes_per_row(c, c.row);
}

/// Does the codec draw random bits?
LOWP_FN bool is_stochastic(const wire_codec& c) noexcept {
  switch (c.kind) {
    case wire_kind::numbers: return is_stochastic(c.conversion.round);
    case wire_kind::rows: return is_stochastic(c.rows.round);
    case wire_kind::blocks:
      return is_stochastic(c.recipe.element.round) || c.recipe.rule == scale_rule::stochastic;
  }
  return false;
}

/// The same codec with elements that round up or down at random, unbiased to 2^-`bits` of a step:
/// `rounding::stochastic_a`. 1...16 bits. COL-3.
LOWP_FN wire_codec with_stochastic(wire_codec c, int bits = 16) noexcept {
  const auto n = static_cast<std::uint8_t>(bits);
  c.conversion.round = c.rows.round = c.recipe.element.round = rounding::stochastic_a;
  c.conversion.random_bits = c.rows.random_bits = c.recipe.element.random_bits = n;
  return c;
}

/// The same codec with rotated groups. COL-4.
LOWP_FN wire_codec with_hadamard(wire_codec c, int size, std::uint64_t seed = 0) noexcept {
  c.hadamard = static_cast<std::uint16_t>(size);
  c.hadamard_seed = seed;
  return c;
}

/// The same codec with rows of another length.
LOWP_FN wire_codec with_row(wire_codec c, std::uint32_t row) noexcept {
  c.row = row;
  return c;
}

/// The rotation of a codec that has one: its signs are `random_signs` of {hadamard_seed, stream
/// 0}. COL-4.
LOWP_FN hadamard_transform rotation_of(const wire_codec& c) noexcept {
  return {.size = c.hadamard, .minus = random_signs({.seed = c.hadamard_seed}, c.hadamard)};
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_WIRE_CODEC_HPP
