// SPDX-License-Identifier: Apache-2.0
/// \file
/// Random bits of array elements: a pure function of seed, stream and index, so that any split of
/// an array among threads or ranks gives the same results.
#ifndef LOWP_RANDOM_RANDOM_SOURCE_HPP
#define LOWP_RANDOM_RANDOM_SOURCE_HPP

#include <cstdint>

#include "philox.hpp"

namespace lowp {

/// How words come from counters. spec/random.md RND-2.
enum class random_generator : std::uint8_t {
  philox4x32_10,  ///< the reference: passes the known batteries of tests
  keyed_mix,      ///< two multiplications a word: for rounding noise, nothing else; see `mix_word`
};

/// Where the random bits of an array come from.
struct random_source {
  std::uint64_t seed = 0;
  /// Tells arrays with the same seed apart: a tensor, a step.
  std::uint64_t stream = 0;
  random_generator generator = random_generator::philox4x32_10;

  friend LOWP_FN bool operator==(const random_source&, const random_source&) noexcept = default;
};

namespace detail {

inline constexpr std::uint32_t mix_increment = 0x9e3779b9;
inline constexpr std::uint32_t mix_multiplier_0 = 0x21f0aaad;
inline constexpr std::uint32_t mix_multiplier_1 = 0x735a2d97;

/// Four words of the source, of which a stream has 2^64 such blocks. spec/random.md RND-2.
LOWP_FN random_block philox_block(const random_source& s, std::uint64_t block) noexcept {
  return philox4x32_10(
      {{static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
        static_cast<std::uint32_t>(s.stream), static_cast<std::uint32_t>(s.stream >> 32)}},
      static_cast<std::uint32_t>(s.seed), static_cast<std::uint32_t>(s.seed >> 32));
}

/// The keys of `keyed_mix` for 2^32 words: a block of Philox whose counter no word uses, as those
/// of words stay below 2^62.
LOWP_FN random_block mix_keys(const random_source& s, std::uint64_t word) noexcept {
  return philox_block(s, ~(word >> 32));
}

/// A bijection of 32 bits with two keys: a Weyl sequence through the hash with the multipliers and
/// shifts that C. Wellons published as lowbias32 (revised), keyed in the middle. Without the Weyl
/// increment, words 4096 apart and the like are correlated by 2 % and more.
LOWP_FN std::uint32_t mix_word(std::uint32_t x, std::uint32_t key0, std::uint32_t key1) noexcept {
  x = x * mix_increment + key0;
  x ^= x >> 16;
  x *= mix_multiplier_0;
  x ^= (x >> 15) ^ key1;
  x *= mix_multiplier_1;
  x ^= x >> 15;
  return x;
}

}  // namespace detail

/// Word `i` of the source.
LOWP_FN std::uint32_t random_word(const random_source& s, std::uint64_t i) noexcept {
  if (s.generator == random_generator::philox4x32_10) {
    return detail::philox_block(s, i / 4).word[i % 4];
  }
  const random_block keys = detail::mix_keys(s, i);
  return detail::mix_word(static_cast<std::uint32_t>(i), keys.word[0], keys.word[1]);
}

/// Bits that an element takes from the source where a projection asks for `random_bits` of them, so
/// that one word serves four, two or one: 8, 16 or 32.
LOWP_FN int random_field_bits(int random_bits) noexcept {
  return random_bits <= 8 ? 8 : random_bits <= 16 ? 16 : 32;
}

/// The random bits of element i, in the low `field` bits (8, 16 or 32); the first elements have the
/// low bits of a word. spec/random.md RND-3.
LOWP_FN std::uint32_t random_bits_of(const random_source& s, std::uint64_t i, int field) noexcept {
  const std::uint64_t per_word = 32 / static_cast<std::uint64_t>(field);
  const std::uint32_t word = random_word(s, i / per_word);
  const int shift = static_cast<int>(i % per_word) * field;
  return field == 32 ? word : (word >> shift) & ((std::uint32_t{1} << field) - 1);
}

}  // namespace lowp

#endif  // LOWP_RANDOM_RANDOM_SOURCE_HPP
