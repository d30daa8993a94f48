// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every code of every registered format stands for the oracle's value and comes back as itself.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/codec.hpp>
#include <lowp/find_format.hpp>
#include <lowp/properties.hpp>

#include "oracle/ladder.hpp"
#include "oracle/report.hpp"

namespace {

using lowp::number_class;
using oracle::description;
using oracle::hex;
using oracle::real;
using oracle::sort;
using oracle::tally;
using oracle::value;

/// Is the library's exact value the oracle's?
bool same(const description& d, const lowp::exact& got, const value& want) {
  const bool several_nans = d.nans.size() == 2 && want.cls == sort::nan;
  switch (got.cls) {
    case number_class::zero: return want.cls == sort::zero && got.negative == want.negative;
    case number_class::infinity: return want.cls == sort::infinity && got.negative == want.negative;
    case number_class::nan:
      return want.cls == sort::nan && got.significand == want.payload &&
             got.negative == (several_nans && want.negative);
    case number_class::finite: break;
  }
  if (want.cls != sort::finite || got.negative != want.negative) return false;
  const real floor{got.significand, got.exponent};
  if (!got.sticky) return floor == want.magnitude;
  const real ceiling{oracle::integer(got.significand) + 1, got.exponent};
  return floor < want.magnitude && want.magnitude < ceiling && got.significand >> 63 == 1;
}

std::string text(const lowp::exact& x) {
  return std::string(x.negative ? "-" : "+") + "class " + std::to_string(static_cast<int>(x.cls)) +
         " " + hex(x.significand) + "*2^" + std::to_string(x.exponent) + (x.sticky ? "+" : "");
}

/// All codes, or for wide formats the ends of every binade, of the sign and of the specials, and
/// seeded random ones.
std::vector<std::uint64_t> codes(const description& d) {
  std::vector<std::uint64_t> all;
  if (d.width <= 16) {
    for (std::uint64_t c = 0; c < d.code_count(); ++c) all.push_back(c);
    return all;
  }
  const std::uint64_t mask = lowp::detail::low_mask(d.width);
  std::vector<std::uint64_t> corners = {0, d.sign_bit(), mask};
  for (std::uint64_t c : d.infinities) corners.push_back(c);
  for (int i = 0; i < d.width; ++i) {
    corners.push_back(std::uint64_t{1} << i);
    corners.push_back(mask & ~(std::uint64_t{1} << i));
  }
  if (d.kind == oracle::shape::minifloat) {
    const std::uint64_t binades = (d.sign_bit() >> d.trailing_bits);
    for (std::uint64_t e = 0; e < binades; ++e) {
      corners.push_back(e << d.trailing_bits);
      corners.push_back(d.sign_bit() | (e << d.trailing_bits));
    }
  }
  for (std::uint64_t c : corners) {
    for (std::uint64_t k = 0; k < 5; ++k) all.push_back((c + k - 2) & mask);
  }
  std::mt19937_64 random(20240607);
  for (int i = 0; i < 20000; ++i) all.push_back(random() & mask);
  return all;
}

TEST_CASE("FMT-1 the oracle describes exactly the registered formats") {
  std::set<std::string> ours;
  for (const description& d : oracle::registry()) ours.insert(d.name);
  for (const lowp::named_format& f : lowp::all_formats) {
    INFO("format ", std::string(f.name), " has no row in tests/oracle/formats.hpp;",
         " the recipe 'Add a format' of spec/README.md lists every step");
    CHECK(ours.erase(f.name) == 1);
  }
  for (const std::string& name : ours) {
    INFO("tests/oracle/formats.hpp describes ", name, ", which lowp::all_formats does not have");
    CHECK(false);
  }
}

TEST_CASE("VAL-2 decode gives the oracle's value of every code") {
  tally t;
  for (const lowp::named_format& f : lowp::all_formats) {
    const description* d = oracle::find(f.name);
    REQUIRE(d != nullptr);
    REQUIRE(d->width == f.value.width);
    for (const std::uint64_t c : codes(*d)) {
      const lowp::exact got = lowp::decode(f, c);
      const value want = value_of(*d, c);
      t.expect(same(*d, got, want), [&] {
        return std::string(f.name) + " code " + hex(c) + ": expected " + oracle::text(want) +
               " payload " + hex(want.payload) + ", got " + text(got);
      });
    }
  }
  oracle::report("decode", t);
}

TEST_CASE("VAL-2 encode of a decoded code is that code") {
  tally t;
  const auto modes = {lowp::to_nearest_even,     lowp::to_nearest_away, lowp::to_nearest_zero,
                      lowp::to_nearest_negative, lowp::toward_zero,     lowp::toward_positive,
                      lowp::toward_negative,     lowp::away_from_zero,  lowp::to_odd,
                      lowp::stochastic_a,        lowp::stochastic_b,    lowp::stochastic_c};
  for (const lowp::named_format& f : lowp::all_formats) {
    const description* d = oracle::find(f.name);
    REQUIRE(d != nullptr);
    for (const std::uint64_t c : codes(*d)) {
      const lowp::exact x = lowp::decode(f, c);
      const bool nan = is_nan_code(*d, c);
      for (const lowp::rounding round : modes) {
        const lowp::projection p{
            .round = round, .nan = lowp::nan_rule::payload_raw, .random_bits = 9};
        const lowp::encoded got = lowp::encode_with_status(f, x, p, 511);
        const bool flags_good = nan || got.flags.bits == 0;
        // lns8 values are irrational: still on the ladder, so nothing is rounded.
        t.expect(got.code == c && flags_good && lowp::encode(f, x, p, 511) == c, [&] {
          return std::string(f.name) + " " + oracle::text(p) + " code " + hex(c) + ": got " +
                 hex(got.code) + " flags " + std::to_string(got.flags.bits);
        });
      }
      if (nan) {
        const std::uint64_t got = lowp::encode(f, x);
        t.expect(is_nan_code(*d, got),
                 [&] { return std::string(f.name) + " NaN " + hex(c) + " became " + hex(got); });
      }
    }
  }
  oracle::report("encode of decode", t);
}

TEST_CASE("FMT-4 bits above the width of a code are ignored") {
  tally t;
  for (const lowp::named_format& f : lowp::all_formats) {
    const description* d = oracle::find(f.name);
    REQUIRE(d != nullptr);
    if (d->width > 16) continue;
    const std::uint64_t junk = ~(d->code_count() - 1);
    for (std::uint64_t c = 0; c<d->code_count(); c += d->width> 8 ? 37 : 1) {
      t.expect(lowp::decode(f, c | junk) == lowp::decode(f, c),
               [&] { return std::string(f.name) + " code " + hex(c); });
    }
  }
  oracle::report("upper bits", t);
}

/// A row of the table of formats.md section 1: n x 2^e for the numbers, 0 where it has a dash.
struct table_row {
  const char* name;
  std::uint64_t infinities, nans;
  std::int64_t max_n;
  int max_e;
  std::uint64_t max_code;
  int min_normal_e;
  int min_subnormal_e;  // 0: none
  std::uint64_t finite_codes, finite_values;
};

constexpr table_row table[] = {
    {"binary16", 2, 2046, 65504, 0, 0x7bff, -14, -24, 63488, 63487},
    {"bfloat16", 2, 254, 255, 120, 0x7f7f, -126, -133, 65280, 65279},
    {"tf32", 2, 2046, 2047, 117, 0x3fbff, -126, -136, 522240, 522239},
    {"pxr24", 2, 65534, 65535, 112, 0x7f7fff, -126, -141, 16711680, 16711679},
    {"e5m2", 2, 6, 57344, 0, 0x7b, -14, -16, 248, 247},
    {"e4m3fn", 0, 2, 448, 0, 0x7e, -6, -9, 254, 253},
    {"e4m3", 2, 14, 240, 0, 0x77, -6, -9, 240, 239},
    {"e3m4", 2, 30, 31, -1, 0x6f, -2, -6, 224, 223},
    {"e4m3fnuz", 0, 1, 240, 0, 0x7f, -7, -10, 255, 255},
    {"e5m2fnuz", 0, 1, 57344, 0, 0x7f, -15, -17, 255, 255},
    {"e4m3b11fnuz", 0, 1, 30, 0, 0x7f, -10, -13, 255, 255},
    {"e8m0fnu", 0, 1, 1, 127, 0xfe, -127, 0, 255, 255},
    {"ue4m3", 0, 1, 448, 0, 0x7e, -6, -9, 127, 127},
    {"ue5m3", 0, 1, 114688, 0, 0xfe, -14, -17, 255, 255},
    {"ue6m2", 0, 1, 49152, 0, 0xfe, -48, 0, 255, 255},  // blocks.md 6.3
    {"e3m2", 0, 0, 28, 0, 0x1f, -2, -4, 64, 63},
    {"e2m3", 0, 0, 15, -1, 0x1f, 0, -3, 64, 63},
    {"e2m1", 0, 0, 6, 0, 0x7, 0, -1, 16, 15},
    {"e3m0", 0, 0, 16, 0, 0x7, -2, 0, 16, 15},
    {"e1m2", 0, 0, 7, -2, 0x7, 0, -2, 16, 15},
    {"cfloat8_143", 0, 0, 15, 5, 0x7f, -6, -10, 256, 255},   // bias b = 7: 1.875 x 2^(15-b)
    {"cfloat8_152", 0, 0, 7, 14, 0x7f, -14, -17, 256, 255},  // bias b = 15: 1.75 x 2^(31-b)
    {"cfloat16_shp", 0, 0, 2047, -10, 0x7fff, -30, -40, 65536, 65535},  // b = 31, max derived
    {"cfloat16_uhp", 0, 0, 2047, 22, 0xffff, -30, -40, 65536, 65536},   // max, min derived
    {"hifloat8", 2, 1, 32768, 0, 0x6e, -15, -22, 253, 253},             // formats.md 3.1
    {"binary8p3se", 2, 1, 49152, 0, 0x7e, -15, -17, 253, 253},          // p3109.md 1.1
    {"binary8p4se", 2, 1, 224, 0, 0x7e, -7, -10, 253, 253},
    {"binary8p5se", 2, 1, 15, 0, 0x7e, -3, -7, 253, 253},
    {"binary8p1se", 2, 1, 1, 62, 0x7e, -63, 0, 253, 253},
    {"binary8p1ue", 1, 1, 1, 125, 0xfd, -127, 0, 254, 254},
    {"binary8p1uf", 0, 1, 1, 126, 0xfe, -127, 0, 255, 255},
    {"binary8p3ue", 1, 1, 5, 29, 0xfd, -31, -33, 254, 254},
    {"binary8p3uf", 0, 1, 3, 30, 0xfe, -31, -33, 255, 255},
    {"binary8p4ue", 1, 1, 53248, 0, 0xfd, -15, -18, 254, 254},
    {"binary6p3se", 2, 1, 12, 0, 0x1e, -3, -5, 61, 61},
    {"binary6p3sf", 0, 1, 14, 0, 0x1f, -3, -5, 63, 63},
    {"binary6p4sf", 0, 1, 15, -2, 0x1f, -1, -4, 63, 63},
    {"binary4p2sf", 0, 1, 3, 0, 0x7, -1, -2, 15, 15},
    {"binary16p11se", 2, 1, 65472, 0, 0x7ffe, -15, -25, 65533, 65533},
};

TEST_CASE("FMT-12 derived numbers are those of the reference table") {
  for (const table_row& r : table) {
    CAPTURE(r.name);
    const lowp::named_format* row = lowp::find_format(r.name);
    REQUIRE(row != nullptr);
    const lowp::format f = *row;
    const description* d = oracle::find(r.name);
    REQUIRE(d != nullptr);
    const auto is = [&](std::uint64_t code, std::int64_t n, int e) {
      return same(*d, lowp::decode(f, code),
                  {.cls = sort::finite, .magnitude = real{oracle::integer(n), e}});
    };
    CHECK(lowp::max_finite(f) == r.max_code);
    CHECK(is(r.max_code, r.max_n, r.max_e));
    CHECK(is(lowp::min_normal(f), 1, r.min_normal_e));
    if (r.min_subnormal_e != 0) CHECK(is(lowp::min_positive(f), 1, r.min_subnormal_e));
    CHECK(lowp::finite_code_count(f) == r.finite_codes);
    CHECK(lowp::finite_value_count(f) == r.finite_values);
    if (d->width > 19) continue;
    std::uint64_t finite = 0, infinite = 0, nan = 0;
    for (std::uint64_t c = 0; c < d->code_count(); ++c) {
      const number_class cls = lowp::decode(f, c).cls;
      infinite += cls == number_class::infinity;
      nan += cls == number_class::nan;
      finite += cls == number_class::zero || cls == number_class::finite;
    }
    CHECK(finite == r.finite_codes);
    CHECK(infinite == r.infinities);
    CHECK(nan == r.nans);
  }
}

TEST_CASE("FMT-12 special code points of all P3109 formats are those of the report's table") {
  for (int K = 3; K <= 16; ++K) {
    for (int P = 1; P <= K; ++P) {
      for (const bool is_signed : {true, false}) {
        for (const bool extended : {true, false}) {
          if (is_signed && P == K) continue;
          const lowp::format f = lowp::p3109_format(K, P, is_signed, extended);
          CAPTURE(K);
          CAPTURE(P);
          CAPTURE(is_signed);
          CAPTURE(extended);
          const std::uint64_t all = std::uint64_t{1} << K;
          const std::uint64_t half = all / 2;
          const std::uint64_t last = is_signed ? half - 1 : all - 2;
          CHECK(lowp::zero(f) == 0);
          CHECK(lowp::min_positive(f) == 1);
          CHECK(lowp::min_normal(f) == std::uint64_t{1} << (P - 1));
          CHECK(lowp::one(f) == (is_signed ? half / 2 : half));
          CHECK(lowp::canonical_nan(f) == (is_signed ? half : all - 1));
          CHECK(lowp::max_finite(f) == last - (extended ? 1 : 0));
          CHECK(lowp::lowest(f) == (is_signed ? all - 1 - (extended ? 1 : 0) : 0));
          if (extended) CHECK(lowp::infinity(f) == last);
          if (extended && is_signed) CHECK(lowp::infinity(f, true) == all - 1);
        }
      }
    }
  }
}

TEST_CASE("VAL-3 the small value tables, number by number") {
  const auto check = [](const char* name, std::uint64_t first, std::vector<double> values) {
    const lowp::named_format* f = nullptr;
    for (const lowp::named_format& g : lowp::all_formats) {
      if (std::strcmp(g.name, name) == 0) f = &g;
    }
    REQUIRE(f != nullptr);
    CAPTURE(name);
    for (std::size_t i = 0; i < values.size(); ++i) {
      CAPTURE(i);
      const lowp::exact x = lowp::decode(*f, first + i);
      const double magnitude = std::ldexp(static_cast<double>(x.significand), x.exponent);
      CHECK((x.negative ? -magnitude : magnitude) == values[i]);
    }
  };
  check("e2m1", 0, {0, 0.5, 1, 1.5, 2, 3, 4, 6});
  check("e2m1", 9, {-0.5, -1, -1.5, -2, -3, -4, -6});
  check("e3m0", 0, {0, .25, .5, 1, 2, 4, 8, 16});
  check("e1m2", 0, {0, .25, .5, .75, 1, 1.25, 1.5, 1.75});
  check("e2m3", 0x0e, {1.75, 1.875, 2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 3.75, 4, 4.5});
  check("e3m2", 0, {0, 1 / 16., 2 / 16., 3 / 16., .25, 5 / 16., 6 / 16., 7 / 16., .5, 5 / 8., .75});
  check("binary4p2sf", 0, {0, .25, .5, .75, 1, 1.5, 2, 3});
  check("hifloat8", 0x08, {1, 1.125, 1.25, 1.375, 1.5, 1.625, 1.75, 1.875, 2});
  check("hifloat8", 0x20, {4});
  check("hifloat8", 0x30, {0.25});
  check("hifloat8", 0x40, {16});
  check("mxint8", 0x7f, {1.984375, -2});
  check("int1", 0, {0, -1});
  check("posit8", 0x3f, {1 - 1 / 16., 1, 1.125});
  check("posit8", 0x7e, {1 << 20, 1 << 24});
  check("nf4", 6, {-0.09105003625154495, 0, 0.07958029955625534});
}

}  // namespace
