// SPDX-License-Identifier: Apache-2.0
/// \file
/// Exact sums of logarithmic numbers 2^(k/32): one integer for each of the 32 roots between 1 and
/// 2, which are linearly independent over the rationals. spec/accumulation.md ACC-8.
#ifndef LOWP_DETAIL_ACCUMULATOR_SURDS_HPP
#define LOWP_DETAIL_ACCUMULATOR_SURDS_HPP

#include <cstddef>
#include <cstdint>

#include "../basic_accumulator.hpp"
#include "interval_values.hpp"

namespace lowp::detail {

/// 2^(r/32), 0 <= r < 32, as an integer: M with M - e < 2^(64N - 1 + r/32) < M + e, e = 2^32.
template <int N>
LOWP_FN interval<N> root_of_two(int r) noexcept {
  interval<N> base = from_integer<N>(2);
  interval<N> power = from_integer<N>(1);
  for (int bit = 16; bit != 0; bit >>= 1) {
    base = square_root(base);
    if ((r & bit) != 0) power = power * base;
  }
  return power;
}

/// A basic_accumulator for values of logarithmic formats as well, up to 2^63 of them, and for
/// products with them.
template <int Limbs>
class surd_accumulator : public rounded_once<surd_accumulator<Limbs>> {
  static constexpr int roots = 32;
  class part : public basic_accumulator<Limbs> {
   public:
    using basic_accumulator<Limbs>::basic_accumulator;
    /// Some term is not zero, though it was added elsewhere.
    LOWP_FN void note_term() noexcept { this->add_integer(0, this->unit()); }
  };

 public:
  static constexpr int limb_count = roots * Limbs;
  static constexpr std::size_t byte_count = roots * part::byte_count;

  LOWP_FN explicit surd_accumulator(std::int32_t unit) noexcept {
    for (part& p : part_) p = part(unit);
  }

  LOWP_FN void add(const exact& x) noexcept {
    const int r = root_index(x);
    part_[r].add(without_root(x));
    if (r != 0) part_[0].note_term();
  }
  LOWP_FN void subtract(exact x) noexcept {
    x.negative = !x.negative;
    add(x);
  }
  LOWP_FN void add_product(const exact& x, const exact& y) noexcept {
    // What is zero or special has no root, whatever the other factor is.
    const bool finite = x.cls == number_class::finite && y.cls == number_class::finite;
    const int r = finite ? root_index(x) + root_index(y) : 0;
    exact a = without_root(x);
    if (r >= roots) ++a.exponent;
    part_[r % roots].add_product(a, without_root(y));
    if (r % roots != 0) part_[0].note_term();
  }
  LOWP_FN void subtract_product(exact x, const exact& y) noexcept {
    x.negative = !x.negative;
    add_product(x, y);
  }

  LOWP_FN void merge(const surd_accumulator& other) noexcept {
    for (int r = 0; r < roots; ++r) part_[r].merge(other.part_[r]);
  }
  LOWP_FN surd_accumulator& operator+=(const surd_accumulator& other) noexcept {
    merge(other);
    return *this;
  }
  LOWP_FN void reset() noexcept { *this = surd_accumulator(unit()); }

  LOWP_FN bool has_nan() const noexcept { return part_[0].has_nan(); }
  LOWP_FN bool has_infinity(bool negative) const noexcept {
    return part_[0].has_infinity(negative);
  }
  LOWP_FN bool is_exact() const noexcept {
    for (const part& p : part_) {
      if (!p.is_exact()) return false;
    }
    return true;
  }

  LOWP_FN unrounded result(rounding direction = rounding::to_nearest_even) const noexcept {
    const unrounded first = part_[0].result(direction);
    if (!is_exact()) return {exact_nan(), {status::invalid}};
    if (first.value.cls == number_class::nan || first.value.cls == number_class::infinity) {
      return first;
    }
    bool irrational = false;
    for (int r = 1; r < roots; ++r) {
      irrational = irrational || part_[r].value().cls != number_class::zero;
    }
    exact x = first.value;
    if (irrational) x = evaluated();
    // Off the grid by a trace that 128 bits do not show: one unit tells the side.
    const int side = side_of(x);
    if (side != 0) x.tail += (side < 0) == x.negative ? 1 : ~std::uint64_t{0};
    return {x, {}};
  }
  LOWP_FN exact value() const noexcept { return result().value; }

  LOWP_FN std::int32_t unit() const noexcept { return part_[0].unit(); }
  LOWP_FN std::uint64_t limb(int i) const noexcept { return part_[i / Limbs].limb(i % Limbs); }

  LOWP_FN void to_bytes(std::uint8_t* out) const noexcept {
    for (int r = 0; r < roots; ++r)
      part_[r].to_bytes(out + static_cast<std::size_t>(r) * part::byte_count);
  }
  LOWP_FN void from_bytes(const std::uint8_t* in) noexcept {
    for (int r = 0; r < roots; ++r)
      part_[r].from_bytes(in + static_cast<std::size_t>(r) * part::byte_count);
  }

  friend LOWP_FN bool operator==(const surd_accumulator& a, const surd_accumulator& b) noexcept {
    for (int r = 0; r < roots; ++r) {
      if (!(a.part_[r] == b.part_[r])) return false;
    }
    return true;
  }

 private:
  LOWP_FN static int root_index(const exact& x) noexcept {
    return x.cls == number_class::finite ? surd_index(x) / 2 : 0;
  }
  // Values that are neither rational nor such a root keep their rest, and are off the grid.
  LOWP_FN static exact without_root(const exact& x) noexcept {
    return root_index(x) == 0 ? x : exact_finite(x.negative, 1, binade(x));
  }

  LOWP_FN exact evaluated() const noexcept {
    exact x;
    if (!evaluate<Limbs + 4>(x)) evaluate<Limbs + 32>(x);
    return x;
  }

  /// The sign of the sum minus x, whose 128 bits and rest are those of both; 0 if x is the sum, or
  /// no 2^(k/32).
  LOWP_FN int side_of(const exact& x) const noexcept {
    if (surd_index(x) == 0 || surd_index(x) % 2 != 0) return 0;
    surd_accumulator rest = *this;
    rest.subtract(x);
    bool any = false;
    for (const part& p : rest.part_) any = any || p.value().cls != number_class::zero;
    if (!any || !rest.is_exact()) return 0;
    return rest.evaluated().negative ? -1 : 1;
  }

  // The sum of irrational terms from the roots in N limbs. False if they do not tell 128 bits.
  template <int N>
  LOWP_FN bool evaluate(exact& x) const noexcept {
    constexpr int n = Limbs + N + 1;
    std::uint64_t total[n] = {};
    for (int r = 0; r < roots; ++r) add_times<N>(total, part_[r], root_of_two<N>(r));
    // The error of the sum is below 32 x 2^(64 Limbs - 1) x 2^32.
    const std::int32_t last = unit() - (64 * N - 1);
    constexpr int error = 64 * (Limbs + 1);
    subtract_at(total, n, 1, error);
    const exact low = leading_bits(total, n, last);
    add_at(total, n, 2, error);
    x = leading_bits(total, n, last);
    x.sticky = true;
    return low.cls == x.cls && low.negative == x.negative && low.exponent == x.exponent &&
           low.significand == x.significand && low.tail == x.tail;
  }

  template <int N>
  LOWP_FN static void add_times(std::uint64_t (&total)[Limbs + N + 1], const part& p,
                                const interval<N>& root) noexcept {
    std::uint64_t limbs[Limbs] = {};
    for (int i = 0; i < Limbs; ++i) limbs[i] = p.limb(i);
    const magnitude_limbs magnitude(limbs, Limbs);
    for (int i = magnitude.last(); i < Limbs; ++i) {
      const std::uint64_t factor = magnitude[i];
      for (int j = 0; j < N && factor != 0; ++j) {
        const uint128 product = uint128{factor} * root.limb[j];
        if (magnitude.is_negative()) {
          subtract_at(total, Limbs + N + 1, product, 64 * (i + j));
        } else {
          add_at(total, Limbs + N + 1, product, 64 * (i + j));
        }
      }
    }
  }

  part part_[roots] = {part(0), part(0), part(0), part(0), part(0), part(0), part(0), part(0),
                       part(0), part(0), part(0), part(0), part(0), part(0), part(0), part(0),
                       part(0), part(0), part(0), part(0), part(0), part(0), part(0), part(0),
                       part(0), part(0), part(0), part(0), part(0), part(0), part(0), part(0)};
};

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_ACCUMULATOR_SURDS_HPP
