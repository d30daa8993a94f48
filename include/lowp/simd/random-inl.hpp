// SPDX-License-Identifier: Apache-2.0
/// \file
/// Random bits for a chunk of elements, and the thresholds of stochastic rounding made of them.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "../pack/convert_array.hpp"
#include "chunk.hpp"
#include "lanes-inl.hpp"

#if defined(LOWP_SIMD_RANDOM_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_RANDOM_INL_HPP
#undef LOWP_SIMD_RANDOM_INL_HPP
#else
#define LOWP_SIMD_RANDOM_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// Words that a buffer has beyond those asked for: whole vectors of whole blocks, and fields of
/// whole groups of vectors.
inline constexpr std::size_t word_room = 8 + 4 * HWY_MAX_BYTES / sizeof(std::uint32_t);

/// Words from the first one of `block`, n of them and what is left of a vector of blocks. A block
/// in the 64-bit lanes of four vectors: multiplications read the low half of a lane only, so that
/// the high half may hold anything.
inline void fill_philox(const random_source& s, std::uint64_t block, std::size_t n,
                        std::uint32_t* out) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t i = 0; i < n; i += 4) {
    const random_block words = lowp::detail::philox_block(s, block++);
    for (std::size_t j = 0; j < 4; ++j) out[i + j] = words.word[j];
  }
#else
  const hn::ScalableTag<std::uint64_t> d;
  const hn::Repartition<std::uint32_t, decltype(d)> d32;
  using V = hn::Vec<decltype(d)>;
  const std::size_t blocks = hn::Lanes(d);
  // Even lanes hold the first half of the blocks and odd lanes the second half, which is the order
  // in which lanes of the results are interleaved.
  HWY_ALIGN std::uint64_t order[HWY_MAX_BYTES / sizeof(std::uint64_t)];
  for (std::size_t i = 0; i < blocks; ++i) order[i] = i / 2 + i % 2 * (blocks / 2);
  V counter = hn::Add(hn::Load(d, order), hn::Set(d, block));

  const V multiplier0 = hn::Set(d, std::uint64_t{lowp::detail::philox_multiplier_0});
  const V multiplier1 = hn::Set(d, std::uint64_t{lowp::detail::philox_multiplier_1});
  const auto multiply = [&](V a, V b) HWY_ATTR {
    return hn::MulEven(hn::BitCast(d32, a), hn::BitCast(d32, b));
  };
  std::uint64_t key0[lowp::detail::philox_rounds];
  std::uint64_t key1[lowp::detail::philox_rounds];
  for (std::uint32_t r = 0; r < lowp::detail::philox_rounds; ++r) {
    key0[r] = static_cast<std::uint32_t>(s.seed) + r * lowp::detail::philox_weyl_0;
    key1[r] = static_cast<std::uint32_t>(s.seed >> 32) + r * lowp::detail::philox_weyl_1;
  }

  for (std::size_t i = 0; i < n; i += 4 * blocks) {
    V x0 = counter;
    V x1 = hn::ShiftRight<32>(counter);
    V x2 = hn::Set(d, s.stream);
    V x3 = hn::Set(d, s.stream >> 32);
    for (std::size_t r = 0; r < lowp::detail::philox_rounds; ++r) {
      const V p0 = multiply(x0, multiplier0);
      const V p1 = multiply(x2, multiplier1);
      x0 = hn::Xor3(hn::ShiftRight<32>(p1), x1, hn::Set(d, key0[r]));
      x2 = hn::Xor3(hn::ShiftRight<32>(p0), x3, hn::Set(d, key1[r]));
      x1 = p1;
      x3 = p0;
    }
    counter = hn::Add(counter, hn::Set(d, std::uint64_t{blocks}));
    const auto join = [&](V low, V high) HWY_ATTR {
      const V up = hn::ShiftLeft<32>(high);
      return hn::BitCast(d, hn::OddEven(hn::BitCast(d32, up), hn::BitCast(d32, low)));
    };
    const V low = join(x0, x1);
    const V high = join(x2, x3);
    const V first_half = hn::InterleaveLower(d, low, high);
    const V second_half = hn::InterleaveUpper(d, low, high);
    hn::StoreU(hn::BitCast(d32, first_half), d32, out + i);
    hn::StoreU(hn::BitCast(d32, second_half), d32, out + i + 2 * blocks);
  }
#endif
}

/// Keys of `keyed_mix`, kept from chunk to chunk of one source.
struct random_keys {
  std::uint64_t high = ~std::uint64_t{0};  ///< of the words that they are for
  random_block block;
};

/// Words from `first` on, n of them and what is left of a vector, all under the keys of the first.
inline void fill_mixed(const random_block& keys, std::uint64_t first, std::size_t n,
                       std::uint32_t* out) {
  const hn::ScalableTag<std::uint32_t> d;
  const std::size_t step = hn::Lanes(d);
  constexpr std::uint32_t increment = lowp::detail::mix_increment;
  const auto index = hn::Iota(d, static_cast<std::uint32_t>(first));
  auto counter = hn::Add(hn::Mul(index, hn::Set(d, increment)), hn::Set(d, keys.word[0]));
  const auto stride = hn::Set(d, static_cast<std::uint32_t>(step) * increment);
  const auto key = hn::Set(d, keys.word[1]);
  const auto multiplier0 = hn::Set(d, lowp::detail::mix_multiplier_0);
  const auto multiplier1 = hn::Set(d, lowp::detail::mix_multiplier_1);
  for (std::size_t i = 0; i < n; i += step) {
    auto x = counter;
    x = hn::Mul(hn::Xor(x, hn::ShiftRight<16>(x)), multiplier0);
    x = hn::Xor3(x, hn::ShiftRight<15>(x), key);
    x = hn::Mul(x, multiplier1);
    hn::StoreU(hn::Xor(x, hn::ShiftRight<15>(x)), d, out + i);
    counter = hn::Add(counter, stride);
  }
}

/// Random words of a source from `first` on, n of them; `buffer` has `word_room` more. Returns the
/// place of the first one in it.
inline const std::uint32_t* fill_words(const random_source& s, random_keys& keys,
                                       std::uint64_t first, std::size_t n, std::uint32_t* buffer) {
  if (s.generator == random_generator::philox4x32_10) {
    const std::size_t before = first % 4;
    fill_philox(s, first / 4, n + before, buffer);
    return buffer + before;
  }
  for (std::size_t done = 0; done < n;) {
    const std::uint64_t same_keys = (std::uint64_t{1} << 32) - static_cast<std::uint32_t>(first);
    const std::size_t here = n - done < same_keys ? n - done : same_keys;
    if (keys.high != first >> 32) keys = {first >> 32, lowp::detail::mix_keys(s, first)};
    fill_mixed(keys.block, first, here, buffer + done);
    done += here;
    first += here;
  }
  return buffer;
}

/// Random bits of consecutive elements, in fields of so many bytes (spec/random.md RND-3), which
/// are the bytes of the words in order.
struct random_fields {
  const std::uint8_t* at;
  int bytes;

  /// Those of a vector of elements from i on.
  template <class D>
  HWY_INLINE hn::VFromD<D> load(D d, std::size_t i) const {
    const void* from = at + static_cast<std::size_t>(bytes) * i;
    if (bytes == 1) return load_codes(d, static_cast<const std::uint8_t*>(from));
    if constexpr (sizeof(hn::TFromD<D>) == 2) {
      return load_codes(d, static_cast<const std::uint16_t*>(from));
    } else {
      if (bytes == 2) return load_codes(d, static_cast<const std::uint16_t*>(from));
      return load_codes(d, static_cast<const std::uint32_t*>(from));
    }
  }
};

/// Fields of n elements from `first` on. `buffer` as above.
inline random_fields fill_fields(const array_conversion& c, random_keys& keys, std::uint64_t first,
                                 std::size_t n, std::uint32_t* buffer) {
  const int bytes = random_field_bits(c.p.random_bits) / 8;
  const auto per_word = static_cast<std::uint64_t>(4 / bytes);
  const std::size_t before = first % per_word;
  const std::size_t words = (before + n + per_word - 1) / per_word;
  const std::uint32_t* at = fill_words(c.random, keys, first / per_word, words, buffer);
  return {reinterpret_cast<const std::uint8_t*>(at) + before * static_cast<std::size_t>(bytes),
          bytes};
}

/// The threshold that makes `fraction > threshold` the decision of a stochastic mode
/// (spec/projection.md PRJ-2, PRJ-3) for N random bits R; N is at least two below the lane's width.
/// A: ~(2 R << s), B: ~((2 R + 1) << s), C: that of B, and 1 more where R is odd or N is 0.
template <class Word>
struct threshold_plan {
  threshold_plan(const projection& p, int field_bits) {
    const int n = p.random_bits;
    down = p.random_from == random_field::high ? field_bits - n : 0;
    mask = static_cast<Word>(lowp::detail::low_mask(n));
    up = 8 * static_cast<int>(sizeof(Word)) - 1 - n;
    odd = p.round == rounding::stochastic_a ? 0 : 1;
    parity = p.round == rounding::stochastic_c ? 1 : 0;
    more = p.round == rounding::stochastic_c && n == 0 ? 1 : 0;
  }

  template <class D>
  HWY_INLINE hn::VFromD<D> operator()(D d, hn::VFromD<D> field) const {
    const auto r = hn::And(hn::ShiftRightSame(field, down), hn::Set(d, mask));
    const auto twice = hn::Or(hn::ShiftLeft<1>(r), hn::Set(d, odd));
    const auto a = hn::Xor(hn::ShiftLeftSame(twice, up), hn::Set(d, ~Word{0}));
    return hn::Add(a, hn::Add(hn::And(r, hn::Set(d, parity)), hn::Set(d, more)));
  }

  int down, up;
  Word mask, odd, parity, more;
};

/// Thresholds of at most `chunk_size` elements, and what is left of a vector.
template <class Word>
void fill_thresholds(const array_conversion& c, random_keys& keys, std::uint64_t first,
                     std::size_t n, Word* out) {
  HWY_ALIGN std::uint32_t words[chunk_size + word_room];
  const random_fields fields = fill_fields(c, keys, first, n, words);
  const hn::ScalableTag<Word> d;
  const threshold_plan<Word> plan(c.p, 8 * fields.bytes);
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    hn::StoreU(plan(d, fields.load(d, i)), d, out + i);
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
