// SPDX-License-Identifier: Apache-2.0
/// \file
/// Integer helpers of the core: masks, zeros at the ends, powers of two, multiples, fractions.
/// Those of <bit> are not for device code.
#ifndef LOWP_DETAIL_BITS_HPP
#define LOWP_DETAIL_BITS_HPP

#include <cstdint>

#include "../config.hpp"

namespace lowp::detail {

/// The n lowest bits set, 0 <= n <= 64.
LOWP_FN std::uint64_t low_mask(int n) noexcept {
  return n >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
}

/// Zeros above the highest set bit; x must not be 0.
LOWP_FN int leading_zeros(std::uint64_t x) noexcept { return __builtin_clzll(x); }
/// Zeros below the lowest set bit; x must not be 0.
LOWP_FN int trailing_zeros(std::uint64_t x) noexcept { return 63 - leading_zeros(x & (0 - x)); }

/// Whether an odd number of bits is set.
LOWP_FN bool has_odd_ones(std::uint64_t x) noexcept {
  for (int half = 32; half > 0; half /= 2) x ^= x >> half;
  return (x & 1) != 0;
}

/// True for 1, 2, 4, 8...
LOWP_FN bool is_power_of_two(std::uint64_t n) noexcept { return n != 0 && (n & (n - 1)) == 0; }

/// Pieces of `size` that n take, the last one whole, and the least multiple of `size` that is not
/// below n. size > 0; n + size stays below 2^64.
LOWP_FN std::uint64_t pieces_of(std::uint64_t n, std::uint64_t size) noexcept {
  return (n + size - 1) / size;
}
LOWP_FN std::uint64_t round_up_to(std::uint64_t n, std::uint64_t size) noexcept {
  return pieces_of(n, size) * size;
}

/// std::swap, without its header.
template <class T>
LOWP_FN void swap_values(T& a, T& b) noexcept {
  const T t = a;
  a = b;
  b = t;
}

/// Reinterprets an object as another type of the same size. The builtin is used because it is
/// constexpr in every supported compiler, device code included.
template <class To, class From>
LOWP_FN To bit_cast(const From& from) noexcept {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, from);
}

/// A binary fraction in [0, 1) with a flag for anything non-zero below its last bit.
template <class Word>
struct binary_fraction {
  Word bits = 0;
  bool sticky = false;

  /// True for the value 0.
  LOWP_FN bool is_zero() const noexcept { return bits == 0 && !sticky; }
};
using fraction64 = binary_fraction<std::uint64_t>;

/// numerator / denominator for 0 <= numerator < denominator <= 2^63, by long division.
LOWP_FN fraction64 divide(std::uint64_t numerator, std::uint64_t denominator,
                          fraction64 below = {}) noexcept {
  // `below` extends the numerator by bits after its binary point.
  std::uint64_t rest = numerator;
  std::uint64_t quotient = 0;
  for (int i = 63; i >= 0; --i) {
    rest = (rest << 1) | ((below.bits >> i) & 1);
    quotient <<= 1;
    if (rest >= denominator) {
      rest -= denominator;
      quotient |= 1;
    }
  }
  return {quotient, rest != 0 || below.sticky};
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_BITS_HPP
