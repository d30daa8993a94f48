// SPDX-License-Identifier: Apache-2.0
// Random bits of array elements: known answers, the definition of a source written a second time,
// independence of how an array is split, and simple statistics of both generators.
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/pack/convert_array.hpp>
#include <lowp/random/random_source.hpp>

namespace {

using lowp::random_block;
using lowp::random_generator;
using lowp::random_source;

constexpr random_generator generators[] = {random_generator::philox4x32_10,
                                           random_generator::keyed_mix};

// Random123 1.14, tests/kat_vectors, the lines "philox4x32 10".
static_assert(lowp::philox4x32_10({}, 0, 0) ==
              random_block{{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}});
static_assert(lowp::philox4x32_10({{~0U, ~0U, ~0U, ~0U}}, ~0U, ~0U) ==
              random_block{{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}});
static_assert(lowp::philox4x32_10({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822,
                                  0x299f31d0) ==
              random_block{{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}});

// Philox as the paper draws it: two Feistel halves (L, R) and a permutation, key bumped in between.
std::array<std::uint32_t, 4> paper_philox(std::array<std::uint32_t, 4> c, std::uint64_t key) {
  std::uint64_t k0 = key & 0xffffffff, k1 = key >> 32;
  for (int round = 0; round < 10; ++round) {
    if (round != 0) {
      k0 = (k0 + 0x9e3779b9) % 0x100000000;
      k1 = (k1 + 0xbb67ae85) % 0x100000000;
    }
    const std::uint64_t a = c[0] * std::uint64_t{0xd2511f53};
    const std::uint64_t b = c[2] * std::uint64_t{0xcd9e8d57};
    c = {static_cast<std::uint32_t>((b / 0x100000000) ^ c[1] ^ k0),
         static_cast<std::uint32_t>(b % 0x100000000),
         static_cast<std::uint32_t>((a / 0x100000000) ^ c[3] ^ k1),
         static_cast<std::uint32_t>(a % 0x100000000)};
  }
  return c;
}

std::uint32_t paper_word(std::uint64_t seed, std::uint64_t stream, std::uint64_t w) {
  const std::uint64_t block = w / 4;
  return paper_philox(
      {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
       static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)},
      seed)[w % 4];
}

// keyed_mix a second time, from spec/random.md RND-2: a Weyl sequence through a hash, keyed by
// Philox of the complement of the upper half of w.
std::uint32_t mixed_word(std::uint64_t seed, std::uint64_t stream, std::uint64_t w) {
  const std::uint64_t counter = std::numeric_limits<std::uint64_t>::max() - (w >> 32);
  const auto keys =
      paper_philox({static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32),
                    static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)},
                   seed);
  std::uint64_t x = (w * 0x9e3779b9 + keys[0]) % 0x100000000;
  x = (x ^ (x >> 16)) * 0x21f0aaad % 0x100000000;
  x = ((x ^ (x >> 15)) ^ keys[1]) * 0x735a2d97 % 0x100000000;
  return static_cast<std::uint32_t>(x ^ (x >> 15));
}

// Words at the start, around 2^32 words and far away.
std::vector<std::uint64_t> places() {
  std::vector<std::uint64_t> all;
  for (const std::uint64_t near : {std::uint64_t{100}, std::uint64_t{1} << 32,
                                   std::uint64_t{1} << 34, std::uint64_t{1} << 61}) {
    for (std::uint64_t i = 0; i < 200; ++i) all.push_back(near - 100 + i);
  }
  return all;
}

TEST_CASE("RND-1 RND-2 words of a source") {
  for (const std::uint64_t seed : {0ULL, 1ULL, 0x0123456789abcdefULL, ~0ULL}) {
    for (const std::uint64_t stream : {0ULL, 1ULL, 0xfedcba9876543210ULL}) {
      for (const std::uint64_t w : places()) {
        REQUIRE(lowp::random_word({seed, stream, random_generator::philox4x32_10}, w) ==
                paper_word(seed, stream, w));
        REQUIRE(lowp::random_word({seed, stream, random_generator::keyed_mix}, w) ==
                mixed_word(seed, stream, w));
      }
    }
  }
}

TEST_CASE("RND-3 bits of elements are the bytes of the words, in order") {
  CHECK(lowp::random_field_bits(0) == 8);
  CHECK(lowp::random_field_bits(8) == 8);
  CHECK(lowp::random_field_bits(9) == 16);
  CHECK(lowp::random_field_bits(16) == 16);
  CHECK(lowp::random_field_bits(17) == 32);
  CHECK(lowp::random_field_bits(32) == 32);
  for (const random_generator g : generators) {
    const random_source s{42, 7, g};
    for (const std::uint64_t i : places()) {
      std::uint32_t by_bytes = 0, by_halves = 0;
      for (std::uint64_t k = 0; k < 4; ++k) {
        by_bytes |= lowp::random_bits_of(s, 4 * i + k, 8) << (8 * k);
      }
      for (std::uint64_t k = 0; k < 2; ++k) {
        by_halves |= lowp::random_bits_of(s, 2 * i + k, 16) << (16 * k);
      }
      REQUIRE(by_bytes == lowp::random_word(s, i));
      REQUIRE(by_halves == lowp::random_word(s, i));
      REQUIRE(lowp::random_bits_of(s, i, 32) == lowp::random_word(s, i));
    }
  }
}

TEST_CASE("RND-3 PRJ-3 the end of the word that the projection reads") {
  const random_source s{3, 4};
  lowp::projection p{.round = lowp::stochastic_a, .random_bits = 5};
  CHECK(lowp::random_word_of(p, s, 9) == lowp::random_bits_of(s, 9, 8));
  p.random_from = lowp::random_field::high;
  CHECK(lowp::random_word_of(p, s, 9) == std::uint64_t{lowp::random_bits_of(s, 9, 8)} << 24);
  p.random_bits = 13;
  CHECK(lowp::random_word_of(p, s, 9) == std::uint64_t{lowp::random_bits_of(s, 9, 16)} << 16);
  p.random_bits = 20;
  CHECK(lowp::random_word_of(p, s, 9) == lowp::random_word(s, 9));
  p.round = lowp::to_nearest_even;
  CHECK(lowp::random_word_of(p, s, 9) == 0);
}

TEST_CASE("RND-3 PCK-6 any split of an array gives the same results") {
  constexpr std::size_t n = 1000;
  std::vector<std::byte> in(4 * n);
  const lowp::array_layout from{lowp::formats::binary32};
  for (std::size_t i = 0; i < n; ++i) {
    lowp::write_code(from, in.data(), i, 0x3f800000 + static_cast<lowp::code_t>(i) * 0x1234);
  }
  for (const random_generator g : generators) {
    for (const int random_bits : {7, 16, 23}) {
      lowp::array_conversion c{from, {lowp::formats::e4m3fn}, {}, {11, 12, g}};
      c.p.round = lowp::stochastic_a;
      c.p.random_bits = static_cast<std::uint8_t>(random_bits);
      const std::uint64_t first = (std::uint64_t{1} << 32) - 333;
      std::vector<std::byte> whole(n), parts(n);
      lowp::convert_array(c, in.data(), whole.data(), n, first);
      for (std::size_t at = 0, step = 1; at < n; at += step, step = step * 3 % 101) {
        const std::size_t here = at + step < n ? step : n - at;
        lowp::convert_array(c, in.data() + 4 * at, parts.data() + at, here, first + at);
      }
      CHECK(whole == parts);
    }
  }
}

// Chi-squared of counts that should be equal, as standard deviations from its mean.
double deviation(const std::vector<std::uint64_t>& counts) {
  double total = 0;
  for (const std::uint64_t c : counts) total += static_cast<double>(c);
  const double expected = total / static_cast<double>(counts.size());
  double sum = 0;
  for (const std::uint64_t c : counts) {
    sum += (static_cast<double>(c) - expected) * (static_cast<double>(c) - expected) / expected;
  }
  const double freedom = static_cast<double>(counts.size() - 1);
  return (sum - freedom) / std::sqrt(2 * freedom);
}

// Both generators are fixed functions: these figures do not vary from run to run. Six deviations in
// some hundred figures would be an accident of 1 in 10^6.
constexpr double limit = 6;
constexpr std::uint64_t sample = 1 << 18;

TEST_CASE("RND-2 fields are equally likely, alone and in neighbouring pairs") {
  for (const random_generator g : generators) {
    for (const std::uint64_t seed : {0ULL, 1ULL, 2ULL, 0x8000000000000000ULL}) {
      const random_source s{seed, 5, g};
      for (int shift = 0; shift < 32; shift += 8) {
        std::vector<std::uint64_t> bytes(256), pairs(65536);
        std::uint32_t before = lowp::random_word(s, 0) >> shift & 0xff;
        for (std::uint64_t i = 1; i <= sample; ++i) {
          const std::uint32_t byte = lowp::random_word(s, i) >> shift & 0xff;
          ++bytes[byte];
          ++pairs[before * 256 + byte];
          before = byte;
        }
        CHECK(std::abs(deviation(bytes)) < limit);
        CHECK(std::abs(deviation(pairs)) < limit);
      }
      // Neighbours in one word.
      std::vector<std::uint64_t> pairs(65536);
      for (std::uint64_t i = 0; i < sample; ++i) ++pairs[lowp::random_word(s, i) >> 8 & 0xffff];
      CHECK(std::abs(deviation(pairs)) < limit);
    }
  }
}

// Correlation of the high ends of words, times the root of their number: a standard normal figure.
template <class Other>
double correlation(const random_source& s, const Other& other) {
  double sum = 0;
  for (std::uint64_t i = 0; i < sample; ++i) {
    const double x = lowp::random_word(s, i) / 4294967296.0 - 0.5;
    sum += x * (other(i) / 4294967296.0 - 0.5);
  }
  return 12 * sum / std::sqrt(static_cast<double>(sample));
}

TEST_CASE("RND-2 no correlation with later words, other streams, other seeds") {
  for (const random_generator g : generators) {
    const random_source s{9, 9, g};
    for (const std::uint64_t lag : {1u, 2u, 3u, 4u, 7u, 8u, 16u, 64u, 256u, 1024u, 4096u, 65536u}) {
      const double r =
          correlation(s, [&](std::uint64_t i) { return lowp::random_word(s, i + lag); });
      CHECK_MESSAGE(std::abs(r) < limit, "lag " << lag);
    }
    for (int bit = 0; bit < 64; bit += 9) {
      const std::uint64_t flip = std::uint64_t{1} << bit;
      const random_source stream{9, 9 ^ flip, g}, seed{9 ^ flip, 9, g};
      CHECK(std::abs(correlation(
                s, [&](std::uint64_t i) { return lowp::random_word(stream, i); })) < limit);
      CHECK(std::abs(correlation(s, [&](std::uint64_t i) { return lowp::random_word(seed, i); })) <
            limit);
    }
    // The next 2^32 words.
    CHECK(std::abs(correlation(s, [&](std::uint64_t i) {
            return lowp::random_word(s, i + (std::uint64_t{1} << 32));
          })) < limit);
  }
}

TEST_CASE("RND-2 every bit of the index moves every bit of a word half of the time") {
  constexpr std::uint64_t count = 1 << 14;
  for (const random_generator g : generators) {
    // A hash of two multiplications is not ideal: 4 % off at most.
    const double allowed = g == random_generator::keyed_mix ? 0.04 : 0.025;
    const random_source s{1, 2, g};
    for (int bit = 0; bit < 32; ++bit) {
      std::array<std::uint64_t, 32> flips{};
      for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t at = i * 0x9e3779b1 & 0xffffffff;
        const std::uint32_t change =
            lowp::random_word(s, at) ^ lowp::random_word(s, at ^ (std::uint64_t{1} << bit));
        for (std::size_t b = 0; b < 32; ++b) flips[b] += change >> b & 1;
      }
      for (std::size_t b = 0; b < 32; ++b) {
        const double share = static_cast<double>(flips[b]) / static_cast<double>(count);
        CHECK_MESSAGE(std::abs(share - 0.5) < allowed, "bit " << bit << " to " << b);
      }
    }
  }
}

TEST_CASE("RND-2 keyed_mix gives every word of 2^32 once: sampled") {
  const random_source s{1, 2, random_generator::keyed_mix};
  const random_block keys = lowp::detail::mix_keys(s, 0);
  // A bijection: undone step by step.
  const auto inverse = [](std::uint32_t odd) {
    std::uint32_t x = odd;
    for (int i = 0; i < 5; ++i) x *= 2 - odd * x;
    return x;
  };
  const auto unshift = [](std::uint32_t x, int by) {
    for (int i = by; i < 32; i *= 2) x ^= x >> i;
    return x;
  };
  for (std::uint64_t i = 0; i < 100000; ++i) {
    const auto w = static_cast<std::uint32_t>(i * 0x9e3779b1);
    std::uint32_t x = unshift(lowp::random_word(s, w), 15) * inverse(0x735a2d97) ^ keys.word[1];
    x = unshift(unshift(x, 15) * inverse(0x21f0aaad), 16);
    REQUIRE((x - keys.word[0]) * inverse(0x9e3779b9) == w);
  }
}

constexpr std::uint32_t first_byte = lowp::random_bits_of({1, 2}, 0, 8);
static_assert(first_byte == (lowp::random_word({1, 2}, 0) & 0xff));

}  // namespace
