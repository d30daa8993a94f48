// SPDX-License-Identifier: Apache-2.0
/// \file
/// The cases that a matrix unit is asked; those in which many products decide: order, grouping,
/// what is kept of each. spec/diagnosis.md DIA-8.
#ifndef LOWP_GOLDEN_MMA_PROBES_HPP
#define LOWP_GOLDEN_MMA_PROBES_HPP

#include <utility>
#include <vector>

#include "mma_probes_few.hpp"

namespace lowp::golden {

/// Makes cases for units of minifloats.
class mma_prober : private mma_few_probes {
 public:
  using mma_few_probes::mma_few_probes;

  /// A case; with `single` only one product is not a product of zeros.
  std::vector<code_t> make(mma_aim aim, mma_random& r, bool single) const {
    mma_case x(q_, a_, b_, scale_);
    switch (aim) {
      case mma_aim::addend: addend(x, r); break;
      case mma_aim::product: product(x, r, some(r)); break;
      case mma_aim::pair: pair(x, r); break;
      case mma_aim::low: low(x, r, single); break;
      case mma_aim::high: high(x, r, single); break;
      case mma_aim::zeros: zeros(x, r, single); break;
      case mma_aim::special: special(x, r, single); break;
      case mma_aim::triple: triple(x, r); break;
      case mma_aim::crumbs: crumbs(x, r); break;
      case mma_aim::ties: ties(x, r); break;
      case mma_aim::dense: dense(x, r); break;
      case mma_aim::spread: spread(x, r); break;
      case mma_aim::lowest: lowest(x, r); break;
      case mma_aim::scales: scales(x, r); break;
      case mma_aim::uniform: uniform(x, r); break;
    }
    return std::move(x.codes);
  }

 private:
  /// All scales of a case such that products are multiplied by 2^shift.
  void scale_by(mma_case& x, int shift) const {
    const std::size_t first = 2 * static_cast<std::size_t>(q_.k) + 1;
    for (std::size_t j = first; j < x.codes.size(); ++j) {
      const bool of_a = j < first + scale_count(q_);
      x.codes[j] = scale_.power({of_a ? shift / 2 : shift - shift / 2});
    }
  }

  /// Products that add up to the least number, just: the greatest ones, then powers of two, then
  /// the least ones, without which the sum would be 0. Where scales are this small, that alone
  /// shows what is cut of factors with few exponents.
  void filled(mma_case& x, mma_random& r) const {
    const auto units = [](const mma_fields& f) {
      return static_cast<std::uint64_t>(f.ones() * 2 + 1) << (f.greatest - f.least);
    };
    const std::uint64_t most = units(a_) * units(b_);  // of the least product
    const int crumbs = r.within(1, 4);
    int bits = 4;
    while (bits < 40 && (std::uint64_t{2} << bits) < most * static_cast<std::uint64_t>(q_.k))
      ++bits;
    bits -= r.below(std::min(bits - 3, 8));
    std::uint64_t rest = (std::uint64_t{1} << bits) - static_cast<std::uint64_t>(crumbs);
    int i = 0;
    for (; i < q_.k && rest >= most; ++i, rest -= most) {
      x.a(i) = max_finite(a_.f);
      x.b(i) = max_finite(b_.f);
    }
    const int top = x.greatest() - x.smallest();  // of the greatest power of two
    for (; i < q_.k && rest >> top > 1; ++i, rest -= std::uint64_t{1} << top) {
      x.power(i, {x.greatest()}, r);
    }
    for (int bit = 0; bit < bits && i < q_.k; ++bit) {
      if ((rest >> bit & 1) != 0) x.power(i++, {x.smallest() + bit}, r);
    }
    for (int n = 0; n < crumbs && i < q_.k; ++n) x.power(i++, {x.smallest()}, r);
    scale_by(x, d_.smallest - bits - x.smallest());
  }

  /// Few units of the least number, or half of it, and crumbs that tell on which side of it the sum
  /// is, if they are kept.
  void lowest(mma_case& x, mma_random& r) const {
    if (q_.scale_block != 0 && x.greatest() - x.smallest() <= 62 && r.one_in(3)) {
      return filled(x, r);
    }
    const int big = d_.smallest + r.within(-1, 3);
    const bool negative = sign(r), against = sign(r);
    const int i = some(r), n = r.below(3) != 0 ? 1 : r.within(1, q_.k);
    // Factors of few exponents get there by their scales.
    int shift = 0;
    if (q_.scale_block != 0) {
      shift = big - r.within(x.smallest(), x.greatest());
      scale_by(x, shift);
    }
    const int crumb = r.one_in(3) ? x.smallest() + r.below(6) : big - shift - r.within(1, 56);
    for (int j = 0; j < n; ++j) x.power(some(r), {crumb, against}, r);
    if (r.below(4) != 0) x.power(i, {big - shift, negative}, r);
    x.c() = r.below(3) != 0 ? c_.zero(negative) : c_.power({big + r.within(-2, 3), negative});
  }

  /// Places of terms: products, and q.k for c.
  void put(mma_case& x, int place, const mma_number& n, mma_random& r) const {
    if (place == q_.k) {
      x.c() = c_.power(n);
    } else {
      x.power(place, n, r);
    }
  }
  /// An exponent that terms at both places can have, without overflow.
  int common(const mma_case& x, mma_random& r, int first, int second) const {
    const bool with_c = first == q_.k || second == q_.k;
    const bool only_c = first == q_.k && second == q_.k;
    int least = only_c ? c_.least : x.least(), most = only_c ? c_.greatest : x.greatest();
    most = std::min(most, d_.greatest - 3);
    if (with_c) {
      least = std::max(least, c_.least);
      most = std::min(most, c_.greatest);
    }
    switch (r.below(3)) {
      case 0: return std::clamp(r.within(-4, 4), least, most);
      case 1: return r.within(std::max(least, most - 8), most);
      default: return r.within(least, most);
    }
  }

  void triple(mma_case& x, mma_random& r) const {
    int place[3] = {some(r), 0, 0};
    place[1] = other(r, place[0]);
    place[2] = other(r, r.one_in(2) ? place[0] : place[1]);
    if (r.one_in(2)) place[r.below(3)] = q_.k;
    const int e = common(x, r, place[0], place[1]);
    const int t = d_.trailing;
    const int down = r.one_in(2) ? r.within(0, 64) : r.within(t - 2, t + 14);
    put(x, place[2], {e - down, sign(r)}, r);
    if (place[2] != q_.k && r.one_in(2)) x.number(place[2], {e - down, sign(r)}, r);
    const bool negative = sign(r);
    put(x, place[0], {e, negative}, r);
    put(x, place[1], {e, !negative}, r);
    if (place[0] != q_.k && place[1] != q_.k && place[0] != place[1] && r.below(3) != 0) {
      if (r.below(3) != 0) x.number(place[0], {e, negative}, r);
      x.opposite(place[1], place[0]);
    }
  }

  void crumbs(mma_case& x, mma_random& r) const {
    const int big = r.one_in(3) ? some(r) : q_.k;
    const int t = d_.trailing;
    const int down = r.one_in(2) ? r.within(0, 64) : r.within(t - 4, t + 12);
    const int e = big == q_.k ? std::min(r.within(x.least(), x.greatest()) + down, c_.greatest - 2)
                              : common(x, r, big, big);
    const bool negative = sign(r);
    const int stride = 1 << r.below(3), begin = r.below(stride);
    const int end = r.one_in(2) ? q_.k : r.within(1, q_.k);
    const bool full = r.one_in(3);
    for (int i = begin; i < end; i += stride) {
      x.power(i, {e - down, negative}, r);
      if (full) x.number(i, {e - down, negative}, r);
    }
    put(x, big, {e, r.one_in(4) != negative}, r);
    if (big == q_.k && r.one_in(2)) x.c() |= c_.fraction(r);
  }

  void ties(mma_case& x, mma_random& r) const {
    const int big = r.one_in(4) ? some(r) : q_.k, t = d_.trailing;
    const int i = some(r), j = other(r, i);
    const int half = r.below(4) != 0 ? t + 1 : r.within(2, t + 3);
    const int e = big == q_.k ? std::min(r.within(x.least(), x.greatest()) + half, c_.greatest - 2)
                              : common(x, r, big, big);
    const bool negative = sign(r);
    put(x, big, {e, negative}, r);
    if (big == q_.k) x.c() |= r.one_in(2) ? r.bits_below(2) : c_.fraction(r);
    const bool against = r.one_in(3);
    if (i != big) x.power(i, {e - half, negative != against}, r);
    if (i != big && r.one_in(4)) x.near_power(i, {e - half, negative != against}, r);
    const int crumb = e - half - r.within(1, r.one_in(2) ? 8 : 48);
    if (j != i && j != big) x.power(j, {crumb, sign(r)}, r);
    if (big != q_.k && r.one_in(2)) {
      x.c() = r.one_in(2) ? c_.power({crumb, sign(r)}) : tiny_addend(r);
    }
  }

  void spread(mma_case& x, mma_random& r) const {
    const int e = r.one_in(2) ? std::clamp(r.within(-4, 10), x.least(), x.greatest())
                              : r.within(x.least(), std::min(x.greatest(), d_.greatest));
    const int width = r.within(2, 60), filled = r.below(3);
    for (int i = 0; i < q_.k; ++i) {
      if (filled != 0 && r.below(4) < filled) continue;
      x.number(i, {e - r.within(0, width), sign(r)}, r);
      if (i != 0 && r.one_in(4)) x.opposite(i, r.below(i));
    }
    x.c() = r.one_in(6) ? c_.zero(sign(r))
                        : c_.number({e + r.within(-width, 8), sign(r), c_.fraction(r)});
    if (r.one_in(2)) some_scales(x, r);
  }

  void some_scales(mma_case& x, mma_random& r) const {
    const int width = r.within(0, 30), middle = r.one_in(3) ? r.within(-60, 60) : 0;
    for (std::size_t i = 2 * static_cast<std::size_t>(q_.k) + 1; i < x.codes.size(); ++i) {
      x.codes[i] = scale_.number({middle + r.within(-width, width), false, scale_.fraction(r)});
    }
  }

  void scales(mma_case& x, mma_random& r) const {
    r.one_in(2) ? dense(x, r) : crumbs(x, r);
    some_scales(x, r);
    const std::size_t first = 2 * static_cast<std::size_t>(q_.k) + 1;
    const int kind = r.below(3);
    for (std::size_t i = first; i < x.codes.size(); ++i) {
      if (kind == 0 && r.one_in(3)) x.codes[i] = special_code(scale_, r);
      if (kind == 1 && r.one_in(2)) x.codes[i] = r.next() & low_bits(scale_.f.width);
    }
    if (r.one_in(3)) x.c() = c_.zero(sign(r));
    if (r.one_in(3)) sign_zeros(x, r);
  }

  void uniform(mma_case& x, mma_random& r) const {
    for (std::size_t i = 0; i < x.codes.size(); ++i) {
      x.codes[i] = r.next() & low_bits(format_of(q_, i).width);
    }
  }
};

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_PROBES_HPP
