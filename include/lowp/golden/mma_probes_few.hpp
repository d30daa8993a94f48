// SPDX-License-Identifier: Apache-2.0
/// \file
/// Cases of a matrix unit in which c and one product, or few, decide: spec/mma.md MMA-2, MMA-4,
/// MMA-11.
#ifndef LOWP_GOLDEN_MMA_PROBES_FEW_HPP
#define LOWP_GOLDEN_MMA_PROBES_FEW_HPP

#include "mma_aims.hpp"
#include "mma_probe_numbers.hpp"

namespace lowp::golden {

/// Changes a blank case, of products of zeros and c = 0, into one of an aim.
class mma_few_probes {
 public:
  explicit mma_few_probes(const mma_question& q)
      : q_(q), a_(q.a), b_(q.b), c_(q.c), d_(q.d), scale_(q.scale) {}

 protected:
  int some(mma_random& r) const { return r.below(q_.k); }

  /// Another place, near by in powers of two more often than not.
  int other(mma_random& r, int i) const {
    const int j = i ^ (1 << r.below(6));
    return j < q_.k && r.below(3) != 0 ? j : some(r);
  }

  static bool sign(mma_random& r) { return r.one_in(2); }

  code_t special_code(const mma_fields& f, mma_random& r) const {
    return f.specials[static_cast<std::size_t>(r.below(static_cast<int>(f.specials.size())))];
  }

  static code_t low_bits(int width) { return width == 64 ? ~code_t{0} : (code_t{1} << width) - 1; }

  code_t tiny_addend(mma_random& r) const {
    const code_t power = c_.power({r.within(c_.smallest, c_.least), sign(r)});
    return power | r.bits_below(2);
  }

  void addend(mma_case& x, mma_random& r) const {
    switch (r.below(4)) {
      case 0: x.c() = special_code(c_, r); break;
      case 1: x.c() = c_.number({r.within(-6, 6), sign(r), c_.fraction(r)}); break;
      case 2: x.c() = tiny_addend(r); break;
      default: x.c() = r.next() & low_bits(c_.f.width);
    }
    if (r.one_in(2)) sign_zeros(x, r);
  }

  void product(mma_case& x, mma_random& r, int i) const {
    x.c() = c_.zero(r.one_in(3));
    switch (r.below(4)) {
      case 0:
        x.a(i) = special_code(a_, r);
        x.b(i) = r.one_in(2) ? one(b_.f) : special_code(b_, r);
        if (r.one_in(2)) x.b(i) = special_code(b_, r);
        break;
      case 1: x.number(i, {r.within(x.smallest(), x.greatest()), sign(r)}, r); break;
      case 2:
        x.a(i) = a_.number({r.within(-1, 1), sign(r), a_.fraction(r)});
        x.b(i) = r.one_in(2) ? one(b_.f) : b_.number({r.within(-1, 1), false, b_.fraction(r)});
        break;
      default: x.a(i) = r.next() & low_bits(a_.f.width); x.b(i) = r.next() & low_bits(b_.f.width);
    }
  }

  void pair(mma_case& x, mma_random& r) const {
    const int i = some(r), t = d_.trailing;
    const int distance = r.below(5) < 2 ? r.within(t - 3, t + 5) : r.within(-t - 8, 70);
    const int e = r.one_in(2) ? std::clamp(r.within(-8, 8), x.least(), x.greatest())
                              : r.within(x.smallest(), x.greatest());
    if (r.one_in(3)) {
      x.power(i, {e, sign(r)}, r);
    } else {
      x.number(i, {e, sign(r)}, r);
    }
    x.c() = c_.number({e + distance, sign(r), c_.fraction(r)});
  }

  /// The least normal number less about one unit of its last place: tiny, or no longer once
  /// rounded.
  void least_normal(mma_case& x, mma_random& r, bool single) const {
    const mma_number least{d_.least, sign(r), static_cast<code_t>(r.one_in(4))};
    const int i = some(r);
    if (const int j = other(r, i); j != i && !single && r.one_in(2)) {
      x.power(j, least, r);
    } else {
      x.c() = c_.number(least);
    }
    x.number(i, {d_.smallest - r.within(-1, 3), !least.negative}, r);
  }

  void low(mma_case& x, mma_random& r, bool single) const {
    if (r.one_in(4)) return least_normal(x, r, single);
    const int products = single ? 1 : r.within(1, std::min(q_.k, 4));
    for (int n = 0; n < products; ++n) {
      const int e = r.within(d_.smallest - 3, d_.least + 2);
      const int i = some(r);
      r.one_in(2) ? x.power(i, {e, sign(r)}, r) : x.number(i, {e, sign(r)}, r);
      if (n != 0 && r.one_in(3)) x.opposite(i, some(r));
    }
    switch (r.below(4)) {
      case 0: x.c() = c_.zero(sign(r)); break;
      case 1: x.c() = c_.number({c_.least, sign(r), r.bits_below(3)}); break;
      case 2: x.c() = tiny_addend(r); break;
      default: x.c() = c_.number({r.within(c_.least, d_.least + 3), sign(r), c_.fraction(r)});
    }
  }

  void high(mma_case& x, mma_random& r, bool single) const {
    const int products = single ? 1 : r.within(1, std::min(q_.k, 4));
    for (int n = 0; n < products; ++n) {
      const int e = r.one_in(2) ? r.within(d_.greatest - 3, d_.greatest + 2)
                                : d_.greatest - d_.trailing - r.within(-1, 3);
      const int i = some(r);
      r.one_in(2) ? x.power(i, {e, sign(r)}, r) : x.number(i, {e, sign(r)}, r);
      if (n != 0 && r.one_in(3)) x.opposite(i, some(r));
    }
    const bool greatest = r.below(3) != 0;
    x.c() = greatest ? max_finite(c_.f) | (sign(r) ? c_.sign : 0)
                     : c_.number({d_.greatest - r.below(3), sign(r), c_.fraction(r)});
  }

  /// Products of zero get signs and large factors.
  void sign_zeros(mma_case& x, mma_random& r) const {
    const int kind = r.below(4);
    const bool negative = sign(r);
    for (int i = 0; i < q_.k; ++i) {
      const bool minus = kind == 0 ? negative : sign(r);
      if (x.a(i) != 0 || x.b(i) != 0) continue;
      const bool swap = sign(r);
      x.a(i) = swap ? 0 : a_.zero(minus);
      x.b(i) = swap ? b_.zero(minus) : 0;
      if (kind < 2) continue;
      const bool huge = kind == 3 || r.one_in(4);
      const int e = huge ? r.within(a_.greatest - 8, a_.greatest) : r.within(-30, 30);
      (swap ? x.b(i) : x.a(i)) = (swap ? b_ : a_).number({e});
      (swap ? x.a(i) : x.b(i)) = (swap ? a_ : b_).zero(minus);
    }
  }

  void zeros(mma_case& x, mma_random& r, bool single) const {
    x.c() = c_.zero(sign(r));
    const int i = some(r), kind = r.below(6);
    if (kind == 5) {  // c and a product leave less than a normal number; zeros follow
      const bool negative = sign(r);
      x.number(i, {d_.least, negative}, r);
      x.c() = c_.number({d_.least, !negative, c_.fraction(r)});
    } else if (kind == 0) {  // c and a product that cancel
      const int e = std::clamp(r.within(-6, 6), x.least(), x.greatest());
      x.power(i, {e, sign(r)}, r);
      x.c() = c_.power({e, (x.a(i) & a_.sign) == 0});
    } else if (kind == 1) {
      x.number(i, {r.within(x.smallest(), x.greatest()), sign(r)}, r);
    } else if (kind == 2) {
      x.number(i, {r.within(d_.smallest - 40, d_.least), sign(r)}, r);
    } else if (kind == 3 && !single) {
      const int j = other(r, i);
      x.number(i, {r.within(x.least(), x.greatest()), sign(r)}, r);
      if (j != i) x.opposite(j, i);
    }
    if (kind < 5 && r.one_in(5)) {
      x.c() = c_.number({r.within(c_.least, 2), sign(r), c_.fraction(r)});
    }
    sign_zeros(x, r);
  }

  void special(mma_case& x, mma_random& r, bool single) const {
    const int first = some(r);
    if (!single) dense(x, r);
    const int n = single ? 1 : r.within(1, 3);
    x.c() = r.one_in(2) ? special_code(c_, r) : c_.number({r.within(-6, 6), sign(r)});
    for (int j = 0, i = first; j < n; ++j, i = other(r, i)) {
      x.a(i) = r.below(3) != 0 ? special_code(a_, r) : one(a_.f);
      x.b(i) = r.one_in(2) ? special_code(b_, r) : one(b_.f);
      if (r.one_in(4)) x.number(i, {x.greatest() - r.below(2), sign(r)}, r);
    }
  }

  void dense(mma_case& x, mma_random& r) const {
    const int e = std::clamp(r.within(-4, 4), x.least() + 2, x.greatest());
    const int width = r.below(5);
    for (int i = 0; i < q_.k; ++i) x.number(i, {e - r.within(0, width), sign(r)}, r);
    // Sums as large as they can be, which need all the bits of an adder.
    if (r.one_in(4)) {
      for (int i = 0; i < q_.k; ++i) {
        x.a(i) = a_.number({e / 2, false, a_.ones() - r.bits_below(2)});
        x.b(i) = b_.number({e - e / 2, false, b_.ones() - r.bits_below(2)});
      }
    }
    x.c() = c_.number({e + r.within(-3, 5), sign(r), c_.fraction(r)});
  }

  mma_question q_;
  mma_fields a_, b_, c_, d_, scale_;
};

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_PROBES_FEW_HPP
