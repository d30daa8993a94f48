// SPDX-License-Identifier: Apache-2.0
/// \file
/// Projections of very many results to a format of at most 16 bits. The points where any rounding
/// changes (values, middles, parts of a step) cut the line into cells; all of a cell projects
/// alike, so `project` is asked once per cell and projection.
#ifndef LOWP_TESTS_ORACLE_CELLS_HPP
#define LOWP_TESTS_ORACLE_CELLS_HPP

#include <algorithm>
#include <bit>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "project.hpp"

namespace oracle {

__extension__ using wide = unsigned __int128;

/// A magnitude as one integer that orders like it: 12 bits of exponent, 51 bits of fraction, and a
/// last bit that says that more follows. Two numbers of which one has at most 52 significant bits
/// compare exactly.
using key = std::uint64_t;

inline key make_key(long top, std::uint64_t lead, bool rest) {
  // lead has its first bit set; 52 bits of it stay, and the first of them is understood.
  const std::uint64_t fraction = (lead << 1) >> 13;
  const bool more = rest || (lead << 52) != 0;
  return (static_cast<std::uint64_t>(top + 2048) << 52) | (fraction << 1) | (more ? 1 : 0);
}

/// Of n x 2^e and `rest`, n > 0.
inline key key_of(wide n, long e, bool rest = false) {
  const auto high = static_cast<std::uint64_t>(n >> 64);
  const int top = high != 0 ? 127 - std::countl_zero(high)
                            : 63 - std::countl_zero(static_cast<std::uint64_t>(n));
  const wide aligned = n << (127 - top);
  return make_key(e + top, static_cast<std::uint64_t>(aligned >> 64),
                  rest || static_cast<std::uint64_t>(aligned) != 0);
}

inline key key_of(const real& x) {
  const auto high = static_cast<long>(msb(x.n()));
  if (high <= 63) return key_of(static_cast<std::uint64_t>(x.n()), x.e());
  // n is odd: something follows the 64 bits.
  const integer lead = x.n() >> static_cast<unsigned>(high - 63);
  return make_key(x.top(), static_cast<std::uint64_t>(lead), true);
}

/// A number with that key, in the same cell as all others that have it.
inline real real_of(key k) {
  const auto top = static_cast<long>(k >> 52) - 2048;
  const std::uint64_t fraction = k << 12 >> 12;
  return {(std::uint64_t{1} << 52) | fraction, top - 52};
}

/// A projection and its random word.
struct setting {
  projection p;
  std::uint64_t word = 0;
};

/// A format of dyadic values with the cells of up to `part_bits` random bits and one more.
class cells {
 public:
  cells(const destination& d, std::vector<setting> settings, int part_bits = 0)
      : d_(d), settings_(std::move(settings)) {
    for (const bool negative : {false, true}) {
      cut(d.side(negative), part_bits + 1, points_[negative]);
      known_[negative].assign((2 * points_[negative].size() + 1) * settings_.size(), 0);
    }
  }

  const std::vector<setting>& settings() const { return settings_; }

  /// Number of the cell of a magnitude.
  std::size_t find(bool negative, key k) const {
    const std::vector<key>& points = points_[negative];
    const auto at = std::lower_bound(points.begin(), points.end(), k);
    const auto i = static_cast<std::size_t>(at - points.begin());
    return 2 * i + (at != points.end() && *at == k ? 1 : 0);
  }

  /// What setting number s makes of a number with this key in this cell.
  outcome project(bool negative, std::size_t cell, key k, std::size_t s) {
    std::uint32_t& known = known_[negative][cell * settings_.size() + s];
    if (known == 0) {
      const value x{.cls = sort::finite, .negative = negative, .magnitude = real_of(k)};
      const outcome r = oracle::project(d_, x, settings_[s].p, settings_[s].word);
      known =
          1U << 31 | static_cast<std::uint32_t>(r.flags) << 16 | static_cast<std::uint32_t>(r.code);
    }
    return {known & 0xffff, static_cast<std::uint8_t>(known >> 16 & 0xff)};
  }

 private:
  static void cut(const ladder& l, int bits, std::vector<key>& points) {
    const auto add = [&points](const real& x) {
      if (x.is_zero()) return;
      points.push_back(key_of(x));
      if (!(real_of(points.back()) == x)) throw std::logic_error("a point needs more bits");
    };
    for (std::uint64_t i = 0; i <= l.top(); ++i) {
      add(l.at(i));
      if (i == l.top() && l.ends()) break;
      if (i == 0 && l.format().tapered()) continue;
      if (bits == 1) {
        add(l.middle(i));
        continue;
      }
      for (int part = 1; part < 1 << bits; ++part) add(l.between(i, part, bits));
    }
    if (!l.ends()) add(l.after(l.top()));
    // Where a number that rounds to the precision becomes the least normal one.
    const real least = tiny_limit(l);
    add(least);
    const int places = l.format().trailing_bits + 1 + bits;
    for (int part = 1; part <= 1 << bits; ++part) {
      add((least * ((integer(1) << static_cast<unsigned>(places)) - part)).scaled(-places));
    }
    std::sort(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end()), points.end());
  }

  const destination& d_;
  std::vector<setting> settings_;
  std::vector<key> points_[2];
  std::vector<std::uint32_t> known_[2];  ///< by cell and setting; 0: not asked yet
};

/// A value whose magnitude is n x 2^e with a small n.
struct small_value {
  sort cls = sort::zero;
  bool negative = false;
  std::uint64_t n = 0;
  long e = 0;
};

inline small_value small(const value& v) {
  small_value s{.cls = v.cls, .negative = v.negative};
  if (v.cls == sort::finite) {
    s.n = static_cast<std::uint64_t>(v.magnitude.n());
    s.e = v.magnitude.e();
  }
  return s;
}

/// The sign and key of a result.
struct keyed {
  bool negative = false;
  key k = 0;
  bool is_zero = false;
};

// The operands below have at most 26 bits, so products have at most 52.

inline keyed multiply(const small_value& x, const small_value& y) {
  return {x.negative != y.negative, key_of(static_cast<wide>(x.n) * y.n, x.e + y.e)};
}

inline keyed divide(const small_value& x, const small_value& y) {
  const wide n = static_cast<wide>(x.n) << 100;
  return {x.negative != y.negative, key_of(n / y.n, x.e - y.e - 100, n % y.n != 0)};
}

/// x + y of numbers of at most 52 bits: the greater one in units of its 127th bit, the other one
/// cut off there.
inline keyed add(const small_value& x, const small_value& y) {
  const auto top = [](const small_value& v) { return v.e + 64 - std::countl_zero(v.n); };
  const bool swapped = top(x) < top(y);
  const small_value& high = swapped ? y : x;
  const small_value& low = swapped ? x : y;
  const int shift = 63 + std::countl_zero(high.n);
  const long unit = high.e - shift;
  const wide a = static_cast<wide>(high.n) << shift;
  const long cut = unit - low.e;
  const bool far = cut >= 64;
  const wide b = cut <= 0 ? static_cast<wide>(low.n) << -cut : far ? 0 : low.n >> cut;
  const bool rest = far || (cut > 0 && (low.n & ((std::uint64_t{1} << cut) - 1)) != 0);
  if (high.negative == low.negative) return {high.negative, key_of(a + b, unit, rest)};
  if (a == b && !rest) return {.is_zero = true};
  if (a < b) return {low.negative, key_of(b - a, unit)};
  return {high.negative, key_of(a - b - (rest ? 1 : 0), unit, rest)};
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_CELLS_HPP
