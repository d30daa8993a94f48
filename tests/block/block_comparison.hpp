// SPDX-License-Identifier: Apache-2.0
/// \file
/// Registered recipes on the formats that they name, by lowp and by the oracle of
/// tests/oracle/block.hpp: scale bits, element codes, and nothing written beside them.
#ifndef LOWP_TESTS_BLOCK_BLOCK_COMPARISON_HPP
#define LOWP_TESTS_BLOCK_BLOCK_COMPARISON_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/quantise_block.hpp>
#include <lowp/types.hpp>

#include "block_cases.hpp"

namespace block_cases {

using lowp::block_format;
using lowp::block_recipe;
using lowp::float32;
using oracle::block_description;

inline constexpr std::uint64_t seed = 20261122;
inline constexpr std::uint16_t untouched = 0xa5a5;

inline std::string hex(std::uint64_t x) {
  char text[20];
  std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(x));
  return text;
}

/// A recipe and a format, by both sides.
struct pair_of_rows {
  std::string name;
  block_format format;
  block_recipe recipe;
  const block_description* description;
};

inline bool names(std::string_view list, std::string_view name) {
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    if (name.substr(0, end - at) == list.substr(at, end - at)) return true;
    at = end + 1;
  }
  return false;
}

template <class Keep>
std::vector<pair_of_rows> pairs_where(Keep keep) {
  std::vector<pair_of_rows> pairs;
  for (const auto& r : lowp::all_block_recipes) {
    for (const auto& f : lowp::all_block_formats) {
      if (!names(r.formats, f.name) || !keep(r.value)) continue;
      if (check(f.value, r.value) != lowp::block_recipe_error::none) continue;
      const block_description* d = oracle::find_block(f.name);
      REQUIRE(d != nullptr);
      pairs.push_back({std::string(r.name) + " on " + f.name, f, r, d});
    }
  }
  return pairs;
}

/// What a quantiser is given besides the recipe.
struct block_case {
  rows_of_bits rows;
  std::size_t gap = 0;  ///< between a row's end and the next one's beginning
  std::uint32_t outer_amax = 0;
  lowp::block_random random = {};
};

/// RND-3, read again: fields of 8, 16 or 32 bits, the first in the lowest bits of a word.
inline std::uint64_t word_of_element(const lowp::projection& p, const lowp::block_random& r,
                                     int row, int column) {
  const std::uint64_t i =
      r.first + static_cast<std::uint64_t>(row) * r.stride + static_cast<std::uint64_t>(column);
  const std::uint64_t field = p.random_bits > 16 ? 32 : p.random_bits > 8 ? 16 : 8;
  const std::uint64_t each = 32 / field;
  const std::uint64_t word = lowp::random_word(r.source, i / each);
  const std::uint64_t bits =
      word / (std::uint64_t{1} << (i % each * field)) % (std::uint64_t{1} << field);
  const bool high = p.random_from == lowp::random_field::high;
  return high ? bits * (std::uint64_t{1} << (32 - field)) : bits;
}

/// Quantises a case by lowp and by the oracle; reports the first few differences.
class comparison {
 public:
  explicit comparison(const pair_of_rows& p) : p_(p), oracle_(*p.description, p.recipe) {}

  void operator()(const block_case& c) {
    oracle::block_numbers in{.rows = c.rows, .outer_amax = c.outer_amax};
    in.element_word = [&](int i, int j) {
      return word_of_element(p_.recipe.element, c.random, i, j);
    };
    if (p_.recipe.rule == lowp::scale_rule::stochastic) {
      in.block_word = lowp::random_word(c.random.source, c.random.block);
    }
    const oracle::block_result theirs = oracle_(in);
    run(c);
    ++blocks;
    if (scale_ != oracle::scale_bits_of(*p_.description, theirs)) {
      report(c, "scale bits ", scale_, oracle::scale_bits_of(*p_.description, theirs), -1);
    }
    for (std::size_t i = 0; i < codes_.size(); ++i) {
      const std::size_t row = i / static_cast<std::size_t>(p_.description->columns);
      const std::size_t column = i % static_cast<std::size_t>(p_.description->columns);
      const bool inside = row < c.rows.size() && column < c.rows[row].size();
      const std::uint64_t expected = inside ? theirs.codes[i] : untouched;
      if (codes_[i] != expected) report(c, "code ", codes_[i], expected, static_cast<int>(i));
    }
  }

  ~comparison() {
    INFO(p_.name << ": " << blocks << " blocks");
    CHECK(blocks > 0);
    CHECK(differences == 0);
  }

  /// The scale bits that lowp gave to the last case.
  std::uint64_t scale() const { return scale_; }

  std::size_t blocks = 0, differences = 0;

 private:
  void run(const block_case& c) {
    const std::size_t columns = c.rows[0].size(), stride = columns + c.gap;
    const float32 filler = float32::from_code(0x7fc00000);  // would poison
    x_.assign(c.rows.size() * stride, filler);
    for (std::size_t i = 0; i < c.rows.size(); ++i) {
      for (std::size_t j = 0; j < columns; ++j) {
        x_[i * stride + j] = float32::from_code(c.rows[i][j]);
      }
    }
    codes_.assign(static_cast<std::size_t>(p_.description->elements()), untouched);
    const lowp::block_input<float32> in{x_.data(), stride, static_cast<int>(c.rows.size()),
                                        static_cast<int>(columns)};
    scale_ = lowp::quantise_block(p_.format, p_.recipe, in, float32::from_code(c.outer_amax),
                                  codes_.data(), c.random);
  }

  void report(const block_case& c, const char* what, std::uint64_t ours, std::uint64_t theirs,
              int at) {
    if (++differences > 4) return;
    std::string text = p_.name + ": " + what + hex(ours) + ", expected " + hex(theirs);
    if (at >= 0) text += " at element " + std::to_string(at);
    text += " of";
    std::size_t shown = 0;
    for (const auto& row : c.rows) {
      for (const std::uint32_t bits : row) {
        if (++shown <= 64) text += " " + hex(bits);
      }
    }
    MESSAGE(text << ", outer amax " << hex(c.outer_amax) << ", seed " << seed);
  }

  pair_of_rows p_;
  oracle::block_quantiser oracle_;
  std::vector<float32> x_;
  std::vector<std::uint16_t> codes_;
  std::uint64_t scale_ = 0;
};

inline std::uint32_t amax_bits(const rows_of_bits& rows) {
  std::uint32_t amax = 0;
  for (const auto& row : rows) {
    for (const std::uint32_t bits : row) {
      const std::uint32_t a = bits & ~sign_bit;
      if (a <= infinity) amax = std::max(amax, a);
    }
  }
  return amax;
}

/// An outer amax: mostly the block's or a few binades more, now and then anything.
inline std::uint32_t outer_amax(maker& make, const rows_of_bits& rows) {
  const std::uint32_t amax = amax_bits(rows);
  static const std::uint32_t odd_ones[] = {
      0, 1, 0x800, 0x7fffff, 0x800000, 0x02000000, 0x42c80000, 0x7f7fffff, 0x7f800000, 0x45280000};
  switch (make.below(8)) {
    case 0: return amax;
    case 1: return odd_ones[make.below(10)];
    default: {
      const std::uint32_t mask = make.below(2) == 0 ? 0xffff0000 : 0xffffffff;
      const std::uint32_t more = (amax + make.below(10 << 23)) & mask;
      return more < infinity ? more : amax;
    }
  }
}

inline block_case some_case(maker& make, const block_description& f, content what, bool whole) {
  const int most_rows = f.rows > 16 && !whole ? 3 : f.rows;
  const bool cut = !whole && make.below(4) == 0;
  const auto part = [&](int n) {
    return 1 + static_cast<int>(make.below(static_cast<std::uint32_t>(n)));
  };
  block_case c;
  c.rows = make.block(what, cut ? part(most_rows) : most_rows, cut ? part(f.columns) : f.columns);
  c.gap = make.below(3);
  c.outer_amax = outer_amax(make, c.rows);
  c.random = {.source = {.seed = make.random()(), .stream = make.below(9)},
              .first = make.below(1000),
              .stride = 16 + make.below(1000),
              .block = make.below(100)};
  return c;
}

/// About `numbers` numbers in blocks of all contents.
inline void compare_pair(const pair_of_rows& p, int numbers) {
  maker make(*p.description, seed);
  comparison compare(p);
  const int size = std::min(p.description->elements(), 512);
  const int rounds = std::max(1, numbers / size / contents);
  for (int round = 0; round < rounds; ++round) {
    for (int what = 0; what < contents; ++what) {
      compare(some_case(make, *p.description, static_cast<content>(what), false));
    }
  }
  if (p.description->rows > 16) compare(some_case(make, *p.description, content::near_one, true));
}

}  // namespace block_cases

#endif  // LOWP_TESTS_BLOCK_BLOCK_COMPARISON_HPP
