// SPDX-License-Identifier: Apache-2.0
/// \file
/// Blocks of numbers that quantisers may get wrong: thresholds of scales, ties and steps of
/// elements, both ends of binary32, zeros, NaN and infinities, blocks cut off by the matrix.
#ifndef LOWP_TESTS_BLOCK_BLOCK_CASES_HPP
#define LOWP_TESTS_BLOCK_BLOCK_CASES_HPP

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "../oracle/block.hpp"

namespace block_cases {

using rows_of_bits = std::vector<std::vector<std::uint32_t>>;

inline constexpr std::uint32_t sign_bit = 0x80000000;
inline constexpr std::uint32_t infinity = 0x7f800000;

/// What a block is made of.
enum class content {
  near_one,     ///< binades around one exponent
  everything,   ///< any finite number
  short_ones,   ///< few significand bits: ties
  eighths,      ///< a grid: ties, equal numbers
  subnormal,    ///< the low end of binary32
  huge,         ///< the high end
  mostly_zero,  ///< zeros of both signs among small and large numbers
  threshold,    ///< amax where some rule changes its mind
  steps,        ///< elements' values, their middles, and neighbours of these
  zeros,
  with_nan,
  with_infinity,
  with_both,
};
inline constexpr int contents = 13;

/// Significands where a rule goes up: of 1, sqrt 2, M, ties of 1 to 10 bits, 2.
inline std::uint32_t threshold_significand(std::mt19937_64& random) {
  static const std::uint32_t at[] = {0x800000, 0xb504f3, 0xc00000, 0xe00000, 0xf00000,
                                     0xe80000, 0xf80000, 0xfc0000, 0xfe0000, 0xff0000,
                                     0xff8000, 0xffc000, 0xffe000, 0xffffff};
  const auto n = random() % (sizeof at / sizeof *at);
  return at[n] + static_cast<std::uint32_t>(random() % 5) - 2;
}

/// m x 2^(e - 23), m of 24 bits, as binary32; the ends of its range where e is beyond them.
inline std::uint32_t bits_of(std::uint32_t m, int e) {
  if (m < 0x800000) m *= 2, --e;
  if (m >= 0x1000000) m /= 2, ++e;
  if (e > 127) return 0x7f7fffff;
  if (e < -126) return -126 - e > 23 ? 1 : m >> (-126 - e);
  return (static_cast<std::uint32_t>(e + 127) << 23) | (m & 0x7fffff);
}

/// Makes blocks for a format.
class maker {
 public:
  maker(const oracle::block_description& f, std::uint64_t seed) : f_(f), random_(seed) {
    const oracle::destination to(f.element);
    for (std::uint64_t i = 0; i <= std::min<std::uint64_t>(to.up.top(), 255); ++i) {
      steps_.push_back(to.up.at(i));
      steps_.push_back(to.up.middle(i));
    }
  }

  rows_of_bits block(content what, int rows, int columns) {
    base_ = centre(what);
    rows_of_bits b(static_cast<std::size_t>(rows));
    for (auto& r : b) {
      for (int j = 0; j < columns; ++j) {
        r.push_back(number(what) | (below(2) == 0 ? 0 : sign_bit));
      }
    }
    place_extremes(what, b);
    return b;
  }

  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  std::mt19937_64& random() { return random_; }

 private:
  int centre(content what) {
    if (what == content::subnormal) return -149 + static_cast<int>(below(26));
    if (what == content::huge) return 118 + static_cast<int>(below(10));
    // Most blocks near one, as binades repeat; some anywhere.
    return static_cast<int>(below(4) == 0 ? below(276) : 140 + below(16)) - 149;
  }

  std::uint32_t significand() { return 0x800000 | below(0x800000); }

  std::uint32_t number(content what) {
    const int e = base_ - static_cast<int>(below(6));
    switch (what) {
      case content::everything: return below(infinity);
      case content::short_ones: return bits_of(significand() & 0xffc00000U >> below(7), e);
      case content::eighths: return below(9) == 0 ? 0 : bits_of((below(31) + 1) << 19, base_);
      case content::mostly_zero: return below(4) != 0 ? 0 : bits_of(significand(), e - 8);
      case content::steps: return step();
      case content::zeros: return 0;
      default: return bits_of(significand(), e);
    }
  }

  /// A value or a middle of two, times a power of two, or a neighbour in binary32.
  std::uint32_t step() {
    const oracle::real& x = steps_[random_() % steps_.size()];
    if (x.is_zero()) return below(3);
    const auto lead =
        static_cast<std::uint32_t>(x.in_units(x.top() - 23 > x.e() ? x.e() : x.top() - 23));
    return bits_of(lead, base_ + static_cast<int>(x.top())) + below(3) - 1;
  }

  void place_extremes(content what, rows_of_bits& b) {
    auto& at = b[below(static_cast<std::uint32_t>(b.size()))];
    const auto place = [&]() -> std::uint32_t& {
      return at[below(static_cast<std::uint32_t>(at.size()))];
    };
    const std::uint32_t sign = below(2) == 0 ? 0 : sign_bit;
    switch (what) {
      case content::threshold: {
        const int e = below(3) == 0 ? static_cast<int>(below(277)) - 149 : base_ + 1;
        place() = bits_of(threshold_significand(random_), e) | sign;
        break;
      }
      case content::steps: {
        // The greatest element as amax, so that the scale is the one that `step` meant.
        const auto top = static_cast<std::uint32_t>(0xffffff >> below(2));
        place() = bits_of(top, base_ + static_cast<int>(steps_.back().top())) | sign;
        break;
      }
      case content::with_both: place() = infinity | sign; [[fallthrough]];
      case content::with_nan: place() = (infinity | (1 + below(0x7fffff))) | sign; break;
      case content::with_infinity: place() = infinity | sign; break;
      case content::mostly_zero: place() = bits_of(significand(), base_) | sign; break;
      default: break;
    }
  }

  oracle::block_description f_;
  std::mt19937_64 random_;
  std::vector<oracle::real> steps_;
  int base_ = 0;
};

}  // namespace block_cases

#endif  // LOWP_TESTS_BLOCK_BLOCK_CASES_HPP
