// SPDX-License-Identifier: Apache-2.0
// Classes, order and neighbours of every code against the oracle's value tables.
#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/lowp.hpp>

#include "oracle/values.hpp"

namespace {

using lowp::code_t;

struct table {
  lowp::format format;
  oracle::description description;
  std::vector<oracle::value> values;
};

std::vector<table> tables(int max_width) {
  std::vector<table> all;
  for (const oracle::description& d : oracle::registry()) {
    if (d.width > max_width) continue;
    all.push_back({lowp::find_format(d.name.c_str())->value, d, oracle::values(d)});
  }
  return all;
}

// -1, 0, 1; 2 for unordered.
int order(const oracle::value& a, const oracle::value& b) {
  using oracle::sort;
  if (a.cls == sort::nan || b.cls == sort::nan) return 2;
  const auto side = [](const oracle::value& v) {
    return v.cls == sort::zero ? 0 : v.negative ? -1 : 1;
  };
  if (side(a) != side(b)) return side(a) < side(b) ? -1 : 1;
  if (side(a) == 0) return 0;
  int magnitudes = 0;
  if (a.cls == sort::infinity || b.cls == sort::infinity) {
    magnitudes = (a.cls == sort::infinity ? 1 : 0) - (b.cls == sort::infinity ? 1 : 0);
  } else {
    magnitudes = compare(a.magnitude, b.magnitude);
  }
  return a.negative ? -magnitudes : magnitudes;
}

int order(lowp::ordering o) { return static_cast<int>(o); }

// totalOrder from its text in IEEE 754-2019 section 5.10. A NaN without sign counts as positive.
int total(const table& t, code_t a, code_t b) {
  const oracle::value& x = t.values[a];
  const oracle::value& y = t.values[b];
  const auto negative = [&](const oracle::value& v) {
    const bool sign_means_nothing = v.cls == oracle::sort::nan && !lowp::has_signed_nan(t.format);
    return v.negative && !sign_means_nothing;
  };
  const auto rank = [&](const oracle::value& v) {
    const bool nan = v.cls == oracle::sort::nan;
    return negative(v) ? (nan ? 0 : 1) : (nan ? 3 : 2);
  };
  if (rank(x) != rank(y)) return rank(x) < rank(y) ? -1 : 1;
  if (x.cls == oracle::sort::nan) {
    const int payloads = x.payload < y.payload ? -1 : x.payload > y.payload ? 1 : 0;
    return negative(x) ? -payloads : payloads;
  }
  return order(x, y);
}

struct mismatches {
  std::uint64_t cases = 0;
  std::uint64_t wrong = 0;
  std::string first;

  void expect(bool same, const std::string& format, code_t a, code_t b = 0) {
    ++cases;
    if (same) return;
    if (wrong++ == 0) first = format + " codes " + std::to_string(a) + " " + std::to_string(b);
  }
};

void check(const mismatches& m) {
  CHECK(m.cases > 0);
  CHECK_MESSAGE(m.wrong == 0, m.wrong << " of " << m.cases << " differ, first: " << m.first);
}

}  // namespace

TEST_CASE("VAL-11 order of all pairs of codes of each format up to 8 bits") {
  mismatches m;
  for (const table& t : tables(8)) {
    for (code_t a = 0; a < t.values.size(); ++a) {
      for (code_t b = 0; b < t.values.size(); ++b) {
        m.expect(order(lowp::compare(t.format, a, t.format, b)) == order(t.values[a], t.values[b]),
                 t.description.name, a, b);
      }
    }
  }
  check(m);
}

TEST_CASE("VAL-11 order across formats and in 16-bit formats, sampled") {
  constexpr std::uint64_t seed = 11;
  MESSAGE("seed " << seed);
  std::mt19937_64 generator(seed);
  mismatches m;
  const std::vector<table> all = tables(16);
  for (const table& t : all) {
    for (const table& u : all) {
      for (int i = 0; i < 500; ++i) {
        const code_t a = generator() % t.values.size();
        const code_t b = generator() % u.values.size();
        m.expect(order(lowp::compare(t.format, a, u.format, b)) == order(t.values[a], u.values[b]),
                 t.description.name + " and " + u.description.name, a, b);
      }
    }
  }
  check(m);
}

TEST_CASE("VAL-11 order of all pairs of codes of two formats of up to 8 bits") {
  // One format of each kind and shape.
  mismatches m;
  std::vector<table> chosen;
  for (table& t : tables(8)) {
    for (const char* name : {"e5m2", "e4m3fn", "e3m4", "e8m0fnu", "binary8p3ue", "e2m3", "nf4",
                             "hifloat8", "posit8", "takum8", "lns8", "int8", "uint8"}) {
      if (t.description.name == name) chosen.push_back(t);
    }
  }
  CHECK(chosen.size() == 13);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const table& t = chosen[i];
      const table& u = chosen[j];
      const std::string names = t.description.name + " and " + u.description.name;
      for (code_t a = 0; a < t.values.size(); ++a) {
        for (code_t b = 0; b < u.values.size(); ++b) {
          const int want = order(t.values[a], u.values[b]);
          const int got = order(lowp::compare(t.format, a, u.format, b));
          const int mirrored = order(lowp::compare(u.format, b, t.format, a));
          const bool good = got == want && mirrored == (want == 2 ? 2 : -want);
          m.expect(good, names, a, b);
        }
      }
    }
  }
  check(m);
}

TEST_CASE("VAL-12 total order of all pairs up to 8 bits, and of neighbours up to 16") {
  mismatches m;
  for (const table& t : tables(16)) {
    const code_t count = t.values.size();
    const code_t step = count > 256 ? count - 1 : 1;
    for (code_t a = 0; a < count; ++a) {
      for (code_t k = 0; k < count; k += step) {
        const code_t b = (a + k) % count;
        m.expect(order(lowp::total_order(t.format, a, t.format, b)) == total(t, a, b),
                 t.description.name, a, b);
      }
    }
  }
  check(m);
}

TEST_CASE("VAL-13 next_up and next_down walk through the sorted values of every format") {
  mismatches m;
  for (const table& t : tables(16)) {
    std::vector<code_t> sorted;
    for (code_t c = 0; c < t.values.size(); ++c) {
      if (t.values[c].cls == oracle::sort::nan) {
        m.expect(lowp::next_up(t.format, c) == c && lowp::next_down(t.format, c) == c,
                 t.description.name, c);
      } else {
        sorted.push_back(c);
      }
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [&](code_t a, code_t b) { return order(t.values[a], t.values[b]) < 0; });
    // -0 and +0 are one value, reached as -0 from below and as +0 from above.
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      const oracle::value& here = t.values[sorted[i]];
      std::size_t up = i + 1;
      while (up < sorted.size() && order(here, t.values[sorted[up]]) == 0) ++up;
      std::size_t down = i;
      while (down > 0 && order(here, t.values[sorted[down - 1]]) == 0) --down;
      const auto expect_step = [&](code_t got, bool exists, std::size_t to) {
        if (!exists) return m.expect(got == sorted[i], t.description.name, sorted[i], got);
        const oracle::value& target = t.values[sorted[to]];
        bool right = got < t.values.size() && order(t.values[got], target) == 0;
        if (right && target.cls == oracle::sort::zero && oracle::has_negative_zero(t.description)) {
          right = t.values[got].negative == here.negative;
        }
        m.expect(right, t.description.name, sorted[i], got);
      };
      expect_step(lowp::next_up(t.format, sorted[i]), up < sorted.size(), up);
      expect_step(lowp::next_down(t.format, sorted[i]), down > 0, down - 1);
    }
  }
  check(m);
}

TEST_CASE("VAL-10 class of every code") {
  mismatches m;
  for (const table& t : tables(16)) {
    // The least normal value by its definition: the lowest value of full precision.
    oracle::real least;
    const bool minifloat = t.description.kind == oracle::shape::minifloat;
    if (minifloat) {
      const bool subnormals = t.description.low == oracle::low_end::subnormals ||
                              t.description.low == oracle::low_end::dojo_subnormals;
      least = oracle::real{1, (subnormals ? 1 : 0) - t.description.bias};
    } else if (t.description.kind == oracle::shape::hifloat8) {
      least = oracle::real{1, -15};
    }
    for (code_t c = 0; c < t.values.size(); ++c) {
      const oracle::value& v = t.values[c];
      using lowp::value_class;
      value_class expected = value_class::quiet_nan;
      switch (v.cls) {
        case oracle::sort::nan:
          if (v.payload >> 63 == 0) expected = value_class::signalling_nan;
          break;
        case oracle::sort::infinity:
          expected = v.negative ? value_class::negative_infinity : value_class::positive_infinity;
          break;
        case oracle::sort::zero:
          expected = v.negative ? value_class::negative_zero : value_class::positive_zero;
          break;
        case oracle::sort::finite:
          if (v.magnitude < least) {
            expected =
                v.negative ? value_class::negative_subnormal : value_class::positive_subnormal;
          } else {
            expected = v.negative ? value_class::negative_normal : value_class::positive_normal;
          }
          break;
      }
      m.expect(lowp::classify(t.format, c) == expected, t.description.name, c);
      m.expect(lowp::is_nan(t.format, c) == (v.cls == oracle::sort::nan), t.description.name, c);
      m.expect(lowp::is_infinite(t.format, c) == (v.cls == oracle::sort::infinity),
               t.description.name, c);
      m.expect(lowp::is_zero(t.format, c) == (v.cls == oracle::sort::zero), t.description.name, c);
      m.expect(lowp::is_finite(t.format, c) ==
                   (v.cls == oracle::sort::zero || v.cls == oracle::sort::finite),
               t.description.name, c);
    }
  }
  check(m);
}

TEST_CASE("VAL-13 find_neighbours brackets every binary16 value in every format") {
  mismatches m;
  const lowp::format half = lowp::formats::binary16;
  for (const table& t : tables(16)) {
    for (code_t c = 0; c < 0x10000; c += 3) {
      const lowp::exact x = lowp::decode(half, c);
      if (x.cls != lowp::number_class::finite || (x.negative && !t.format.is_signed)) continue;
      const lowp::neighbours n = lowp::find_neighbours(t.format, x);
      const int below = order(lowp::compare(lowp::decode(t.format, n.below), x));
      const int above = order(lowp::compare(lowp::decode(t.format, n.above), x));
      const bool at_end = n.below == lowp::max_finite(t.format) ||
                          n.above == lowp::lowest(t.format) ||
                          (n.above == 0 && !lowp::has_zero(t.format));
      const bool bracket = below <= 0 && above >= 0;
      const bool tight = n.below == n.above ? below == 0 || at_end
                                            : lowp::next_up(t.format, n.below) == n.above ||
                                                  lowp::is_zero(t.format, n.above);
      m.expect((bracket || at_end) && tight, t.description.name, c);
    }
  }
  check(m);
}
