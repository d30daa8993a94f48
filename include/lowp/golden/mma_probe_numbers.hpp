// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes for the cases that a matrix unit is asked: numbers of a wanted exponent, products of one,
/// special codes; and the random words that choose them.
#ifndef LOWP_GOLDEN_MMA_PROBE_NUMBERS_HPP
#define LOWP_GOLDEN_MMA_PROBE_NUMBERS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lowp/codec.hpp>
#include <lowp/properties.hpp>

#include "mma_question.hpp"

namespace lowp::golden {

/// Random words, a pure function of where they begin (splitmix64).
class mma_random {
 public:
  explicit mma_random(std::uint64_t state) : state_(state) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// 0 ... n - 1.
  int below(int n) {
    return static_cast<int>((next() >> 32) * static_cast<std::uint64_t>(n) >> 32);
  }
  /// 0 ... n - 1, as bits.
  code_t bits_below(int n) { return static_cast<code_t>(below(n)); }
  /// least ... greatest, or `least` where that is greater.
  int within(int least, int greatest) {
    return greatest <= least ? least : least + below(greatest - least + 1);
  }
  bool one_in(int n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

/// A number that a case asks for. Written in braces, in which draws of random words have the same
/// order under every compiler; arguments of a function have any order.
struct mma_number {
  int exponent = 0;
  bool negative = false;
  code_t fraction = 0;
};

/// A minifloat format taken apart.
struct mma_fields {
  format f{};
  int trailing = 0;
  int least = 0;  ///< exponents of normal numbers
  int greatest = 0;
  int smallest = 0;  ///< of the least subnormal one
  code_t sign = 0;   ///< its bit, or 0
  std::vector<code_t> specials;

  mma_fields() = default;
  explicit mma_fields(const format& of) : f(of) {
    if (of.kind != number_kind::minifloat || of.width == 0) return;
    trailing = trailing_bits(of);
    sign = of.is_signed ? code_t{1} << (of.width - 1) : 0;
    greatest = binade(normalized(decode(of, max_finite(of))));
    least = binade(normalized(decode(of, min_normal(of))));
    smallest = binade(normalized(decode(of, min_positive(of))));
    for (const code_t code : {code_t{0}, min_positive(of), min_normal(of), one(of), max_finite(of),
                              min_normal(of) - 1}) {
      add(code);
    }
    if (has_infinity(of)) add(infinity(of));
    if (!has_nan(of)) return;
    const code_t nan = canonical_nan(of);
    add(nan);
    if (of.nans != nan_codes::ieee) return;
    add(infinity(of) + 1);
    add(nan + (of.precision > 4 ? 5 : 1));
    add(nan | ((code_t{1} << trailing) - 1));
    // Payloads above and below the bits that a shorter format keeps.
    if (trailing > 14) add(infinity(of) + (code_t{1} << (trailing - 12)));
    if (trailing > 10) add(infinity(of) + (code_t{1} << (trailing - 5)) + 3);
  }

  code_t ones() const { return (code_t{1} << trailing) - 1; }
  /// About 2^exponent with these fraction bits, as near as normal numbers come.
  code_t number(const mma_number& n) const {
    const int e = std::clamp(n.exponent, least, greatest);
    const code_t field = min_normal(f) + (static_cast<code_t>(e - least) << trailing);
    return std::min(field | (n.fraction & ones()), max_finite(f)) | (n.negative ? sign : 0);
  }
  /// 2^exponent, or the nearest power of two that is a number.
  code_t power(const mma_number& n) const {
    const int e = std::clamp(n.exponent, smallest, greatest);
    return encode(f, exact_finite(n.negative && sign != 0, 1, e), {.overflow = saturate});
  }
  code_t zero(bool negative) const { return negative && has_negative_zero(f) ? sign : 0; }
  /// A random fraction: any, none, all ones, one bit, few bits.
  code_t fraction(mma_random& r) const {
    const code_t any = r.next() & ones();
    switch (r.below(6)) {
      case 0: return 0;
      case 1: return ones();
      case 2: return trailing == 0 ? 0 : code_t{1} << r.below(trailing);
      case 3: return any & ~(ones() >> std::min(3, trailing));
      default: return any;
    }
  }

 private:
  void add(code_t code) {
    specials.push_back(code);
    if (sign != 0) specials.push_back(code | sign);
  }
};

/// A case under construction.
class mma_case {
 public:
  mma_case(const mma_question& q, const mma_fields& a, const mma_fields& b, const mma_fields& scale)
      : a_(a), b_(b), k_(static_cast<std::size_t>(q.k)), codes(operand_count(q)) {
    for (std::size_t i = 2 * k_ + 1; i < codes.size(); ++i) codes[i] = one(scale.f);
  }

  /// Exponents that products of normal numbers have.
  int least() const { return a_.least + b_.least; }
  int greatest() const { return a_.greatest + b_.greatest; }
  int smallest() const { return a_.smallest + b_.smallest; }

  code_t& a(int i) { return codes[static_cast<std::size_t>(i)]; }
  code_t& b(int i) { return codes[k_ + static_cast<std::size_t>(i)]; }
  code_t& c() { return codes[2 * k_]; }

  /// Product i is +-2^exponent, if there is such a product.
  void power(int i, const mma_number& n, mma_random& r) {
    const int exponent = n.exponent, of_a = some_exponent(exponent, r);
    a(i) = a_.power({of_a, n.negative && a_.sign != 0});
    b(i) = b_.power({exponent - of_a, n.negative && a_.sign == 0});
  }
  /// Product i is of about that size, its factors as random chooses.
  void number(int i, const mma_number& n, mma_random& r) {
    const int exponent = n.exponent, of_a = some_exponent(exponent, r);
    const int of_b = exponent - of_a;
    a(i) = of_a < a_.least ? a_.power({of_a, n.negative})
                           : a_.number({of_a, n.negative && a_.sign != 0, a_.fraction(r)});
    b(i) = of_b < b_.least ? b_.power({of_b}) : b_.number({of_b, false, b_.fraction(r)});
    // A subnormal factor of several bits.
    if (of_a < a_.least && r.one_in(2)) a(i) |= r.next() & (a_.ones() >> (a_.least - of_a));
    if (of_b < b_.least && r.one_in(2)) b(i) |= r.next() & (b_.ones() >> (b_.least - of_b));
  }
  /// Product i is +-2^exponent less a little, (1 + x) (1 - x): in a sum it is just short of a tie,
  /// which a first rounding to a wider format makes one.
  void near_power(int i, const mma_number& n, mma_random& r) {
    const int of_a = first_exponent(n.exponent, n.exponent / 2);
    const int s = r.within(1, std::min(a_.trailing, b_.trailing));
    a(i) = a_.number({of_a, n.negative && a_.sign != 0, code_t{1} << (a_.trailing - s)});
    const code_t tail = b_.ones() >> (s - 1);
    b(i) = b_.number({n.exponent - of_a - 1, n.negative && a_.sign == 0, ~tail});
  }
  /// Product i becomes product j with the other sign.
  void opposite(int i, int j) {
    a(i) = a(j);
    b(i) = b(j);
    (a_.sign != 0 ? a(i) : b(i)) ^= a_.sign != 0 ? a_.sign : b_.sign;
  }

 private:
  /// The exponent of the factor of a. Now and then one of the factors is subnormal, which other
  /// units align elsewhere.
  int some_exponent(int exponent, mma_random& r) const {
    switch (r.below(8)) {
      case 0: return first_exponent(exponent, r.within(a_.smallest, a_.least - 1));
      case 1: return first_exponent(exponent, exponent - r.within(b_.smallest, b_.least - 1));
      case 2:
      case 3: return first_exponent(exponent, r.within(a_.least, a_.greatest));
      default: return first_exponent(exponent, exponent / 2);
    }
  }
  /// The exponent of the factor of a near the wanted one, so that b has the rest.
  int first_exponent(int exponent, int wanted) const {
    int e = std::clamp(wanted, a_.smallest, a_.greatest);
    const int of_b = exponent - e;
    if (of_b > b_.greatest) e = std::min(exponent - b_.greatest, a_.greatest);
    if (of_b < b_.least) e = std::max(exponent - b_.least, std::min(wanted, a_.least));
    if (exponent - e < b_.smallest) e = std::max(exponent - b_.smallest, a_.smallest);
    return e;
  }

  const mma_fields &a_, &b_;
  std::size_t k_;

 public:
  std::vector<code_t> codes;
};

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_PROBE_NUMBERS_HPP
