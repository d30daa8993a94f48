// SPDX-License-Identifier: Apache-2.0
// The short way of arithmetic against its definition: evaluate on exact values, then encode.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/lowp.hpp>
#include <lowp/operations.hpp>

#include "oracle/report.hpp"

namespace {

using lowp::code_t;
using lowp::coded;
using lowp::format;
using lowp::operation;
using lowp::projection;

constexpr std::uint64_t seed = 20261121;

const lowp::rounding deterministic[] = {
    lowp::to_nearest_even,     lowp::to_nearest_away, lowp::to_nearest_zero,
    lowp::to_nearest_negative, lowp::toward_zero,     lowp::toward_positive,
    lowp::toward_negative,     lowp::away_from_zero,  lowp::to_odd};

// Registered formats that may take part, up to a width.
std::vector<lowp::named_format> short_formats(int width) {
  std::vector<lowp::named_format> list;
  for (const lowp::named_format& row : lowp::all_formats) {
    if (row.value.width <= width && lowp::detail::is_short(row.value)) list.push_back(row);
  }
  return list;
}

std::string words(const char* name, const projection& p, code_t got, code_t want, format to,
                  std::initializer_list<coded> x) {
  std::string s = std::string(name) + " to width " + std::to_string(to.width) + " precision " +
                  std::to_string(to.precision) + " bias " + std::to_string(to.bias) + ", " +
                  oracle::text(p) + ":";
  for (const coded& c : x) {
    s += " " + std::to_string(c.f.width) + "." + std::to_string(c.f.precision) + "." +
         std::to_string(c.f.bias) + ":" + oracle::hex(c.code);
  }
  return s + " -> " + oracle::hex(got) + ", defined " + oracle::hex(want);
}

// Compares one case if there is a short way for it.
template <operation Op, class... Coded>
bool compare(oracle::tally& t, format to, const projection& p, Coded... x) {
  if (!lowp::detail::can_short<Op>(to, p, x...)) return false;
  const code_t got = lowp::detail::short_way<Op>(to, p, x...);
  const code_t want = lowp::detail::compute_by_value<Op>(to, p, 0, x...);
  t.expect(got == want, [&] { return words(lowp::info(Op).name, p, got, want, to, {x...}); });
  return true;
}

// Projections that between them show every rule in every mode.
std::vector<projection> projections(format f) {
  std::vector<projection> list = {lowp::default_projection(f)};
  for (std::size_t i = 0; i < std::size(deterministic); ++i) {
    projection p;
    p.round = deterministic[i];
    p.overflow = static_cast<lowp::overflow_rule>(i % 4);
    p.no_infinity = static_cast<lowp::no_infinity_rule>(i % 3);
    p.negative = static_cast<lowp::negative_rule>(i % 5);
    p.zero_sign = static_cast<lowp::sign_rule>(i % 4);
    p.rules = static_cast<lowp::operation_rules>(i % 3);
    list.push_back(p);
  }
  return list;
}

template <operation Op>
void all_pairs(oracle::tally& t, format f, const projection& p) {
  const code_t end = code_t{1} << f.width;
  std::vector<lowp::exact> values;
  for (code_t c = 0; c < end; ++c) values.push_back(lowp::decode(f, c));
  REQUIRE(lowp::detail::can_short<Op>(f, p, coded{f, 0}, coded{f, 0}));
  for (code_t x = 0; x < end; ++x) {
    for (code_t y = 0; y < end; ++y) {
      const coded a{f, x};
      const coded b{f, y};
      const code_t got = lowp::detail::short_way<Op>(f, p, a, b);
      const code_t want = lowp::encode(f, lowp::evaluate<Op>(p, values[x], values[y]).value, p);
      t.expect(got == want, [&] { return words(lowp::info(Op).name, p, got, want, f, {a, b}); });
    }
  }
}

// Codes where something changes, of either sign.
std::vector<code_t> landmarks(format f) {
  const code_t least_normal = code_t{1} << lowp::trailing_bits(f);
  const code_t one = static_cast<code_t>(f.bias > 0 ? f.bias : 0) << lowp::trailing_bits(f);
  const code_t top = lowp::max_finite(f);
  std::vector<code_t> list;
  for (const code_t middle : {code_t{1}, least_normal / 2, least_normal, one, top / 2, top}) {
    for (int d = -2; d <= 2; ++d) {
      const code_t c = (middle + static_cast<code_t>(d)) & lowp::detail::low_mask(f.width);
      list.push_back(c);
      list.push_back(c ^ code_t{1} << (f.width - 1));
    }
  }
  return list;
}

// A code at random, or one near another so that terms cancel.
class codes {
 public:
  explicit codes(std::uint64_t s) : generator_(s) {}
  std::uint64_t word() { return generator_(); }
  code_t any(format f) { return generator_() & lowp::detail::low_mask(f.width); }
  code_t near(format f, code_t c) {
    const std::uint64_t w = generator_();
    const code_t sign = (w & 1) << (f.width - 1);
    const int shift = static_cast<int>((w >> 1) % f.width);
    return (c ^ sign ^ ((w >> 8) & lowp::detail::low_mask(shift))) &
           lowp::detail::low_mask(f.width);
  }

 private:
  std::mt19937_64 generator_;
};

template <operation Op>
void random_pairs(oracle::tally& t, format f, std::uint64_t count, codes& source) {
  const std::vector<projection> list = projections(f);
  for (std::uint64_t i = 0; i < count; ++i) {
    const code_t x = source.any(f);
    const code_t y = i % 2 == 0 ? source.any(f) : source.near(f, x);
    // Half of the cases in the mode that people use.
    const projection& p = i % 4 < 2 ? list[0] : list[i / 4 % list.size()];
    compare<Op>(t, f, p, coded{f, x}, coded{f, y});
  }
}

void random_triples(oracle::tally& t, format f, std::uint64_t count, codes& source) {
  const std::vector<projection> list = projections(f);
  for (std::uint64_t i = 0; i < count; ++i) {
    const coded x{f, source.any(f)};
    const coded y{f, source.any(f)};
    const code_t xy = lowp::multiply(x, y, f, {});
    const coded z{f, i % 2 == 0 ? source.any(f) : source.near(f, xy)};
    const projection& p = i % 4 < 2 ? list[0] : list[i / 4 % list.size()];
    compare<operation::fma>(t, f, p, x, y, z);
  }
}

}  // namespace

TEST_CASE("every pair of every format of up to 8 bits, in every deterministic mode") {
  const oracle::stopwatch watch;
  oracle::tally t;
  for (const lowp::named_format& row : short_formats(8)) {
    CAPTURE(row.name);
    for (const projection& p : projections(row.value)) {
      all_pairs<operation::add>(t, row.value, p);
      all_pairs<operation::subtract>(t, row.value, p);
      all_pairs<operation::multiply>(t, row.value, p);
      all_pairs<operation::divide>(t, row.value, p);
    }
  }
  oracle::report("pairs", t, watch.seconds());
}

TEST_CASE("square roots of every code of every format of up to 16 bits") {
  const oracle::stopwatch watch;
  oracle::tally t;
  for (const lowp::named_format& row : short_formats(16)) {
    const format f = row.value;
    for (const projection& p : projections(f)) {
      for (code_t c = 0; c < code_t{1} << f.width; ++c) {
        compare<operation::sqrt>(t, f, p, coded{f, c});
      }
    }
  }
  oracle::report("square roots", t, watch.seconds());
}

TEST_CASE("fma: every triple up to 5 bits, others at random") {
  const oracle::stopwatch watch;
  oracle::tally t;
  codes source(seed);
  for (const lowp::named_format& row : short_formats(8)) {
    const format f = row.value;
    if (f.width > 5) {
      random_triples(t, f, 1 << 16, source);
      continue;
    }
    const code_t end = code_t{1} << f.width;
    for (const projection& p : projections(f)) {
      for (code_t i = 0; i < end * end * end; ++i) {
        compare<operation::fma>(t, f, p, coded{f, i / end / end}, coded{f, i / end % end},
                                coded{f, i % end});
      }
    }
  }
  oracle::report("fma", t, watch.seconds());
}

TEST_CASE("binary16 and bfloat16: landmarks, and 2^24 cases at random an operation") {
  const oracle::stopwatch watch;
  oracle::tally t;
  codes source(seed + 1);
  for (const format f : {format(lowp::formats::binary16), format(lowp::formats::bfloat16)}) {
    const std::vector<code_t> list = landmarks(f);
    for (const projection& p : projections(f)) {
      for (const code_t x : list) {
        for (const code_t y : list) {
          compare<operation::add>(t, f, p, coded{f, x}, coded{f, y});
          compare<operation::subtract>(t, f, p, coded{f, x}, coded{f, y});
          compare<operation::multiply>(t, f, p, coded{f, x}, coded{f, y});
          compare<operation::divide>(t, f, p, coded{f, x}, coded{f, y});
          if (p.round > lowp::to_nearest_away && p.round != lowp::toward_negative) continue;
          for (const code_t z : list) {
            compare<operation::fma>(t, f, p, coded{f, x}, coded{f, y}, coded{f, z});
          }
        }
      }
    }
    constexpr std::uint64_t count = 1 << 23;
    random_pairs<operation::add>(t, f, count, source);
    random_pairs<operation::subtract>(t, f, count, source);
    random_pairs<operation::multiply>(t, f, count, source);
    random_pairs<operation::divide>(t, f, count, source);
    random_triples(t, f, count, source);
  }
  oracle::report("16 bits", t, watch.seconds());
}

TEST_CASE("mixed formats and any projection, at random") {
  const oracle::stopwatch watch;
  oracle::tally t;
  codes source(seed + 2);
  std::vector<format> list;
  for (const lowp::named_format& row : short_formats(32)) list.push_back(row.value);
  // Also what no registered format has: far biases, precision 1 and 12.
  list.push_back(lowp::with_bias(lowp::formats::e4m3fn, -40));
  list.push_back(lowp::with_bias(lowp::formats::e5m2, 60));
  list.push_back(lowp::with_bias(lowp::formats::binary16, 100));
  list.push_back(lowp::ieee_format(4, 11));
  list.push_back(lowp::p3109_format(8, 1, true, true));
  list.push_back(lowp::p3109_format(16, 12, false, true));
  list.push_back(lowp::p3109_format(16, 1, true, false));
  std::uint64_t without = 0;
  for (int i = 0; i < 1 << 16; ++i) {
    const auto pick = [&] { return list[source.word() % list.size()]; };
    const format to = pick();
    const format fx = pick();
    const format fy = source.word() % 2 == 0 ? fx : pick();
    const format fz = source.word() % 2 == 0 ? to : pick();
    const std::uint64_t w = source.word();
    projection p;
    p.round = static_cast<lowp::rounding>(w % 9);
    p.overflow = static_cast<lowp::overflow_rule>((w >> 8) % 4);
    p.no_infinity = static_cast<lowp::no_infinity_rule>((w >> 12) % 3);
    p.no_infinity_sign = static_cast<lowp::sign_rule>((w >> 16) % 4);
    p.nan = static_cast<lowp::nan_rule>((w >> 20) % 8);
    p.nan_sign = static_cast<lowp::sign_rule>((w >> 24) % 4);
    p.negative = static_cast<lowp::negative_rule>((w >> 28) % 5);
    p.zero_sign = static_cast<lowp::sign_rule>((w >> 32) % 4);
    p.odd_overflows = (w >> 36) % 2 != 0;
    p.rules = static_cast<lowp::operation_rules>((w >> 40) % 3);
    for (int k = 0; k < 16; ++k) {
      const coded x{fx, source.any(fx)};
      const coded y{fy, source.any(fy)};
      const coded z{fz, source.any(fz)};
      without += compare<operation::add>(t, to, p, x, y) ? 0 : 1;
      without += compare<operation::subtract>(t, to, p, x, y) ? 0 : 1;
      without += compare<operation::multiply>(t, to, p, x, y) ? 0 : 1;
      without += compare<operation::divide>(t, to, p, x, y) ? 0 : 1;
      without += compare<operation::sqrt>(t, to, p, x) ? 0 : 1;
      without += compare<operation::fma>(t, to, p, x, y, z) ? 0 : 1;
    }
  }
  std::printf("without a short way: %llu\n", static_cast<unsigned long long>(without));
  oracle::report("mixed formats", t, watch.seconds());
}

TEST_CASE("quotients of every two significands, to every number of digits") {
  const oracle::stopwatch watch;
  oracle::tally t;
  const auto expect = [&](bool right, std::uint32_t x, std::uint32_t y, int count) {
    t.expect(right, [&] {
      return std::to_string(x) + " / " + std::to_string(y) + " to " + std::to_string(count);
    });
  };
  constexpr std::uint32_t least = 1 << 11;
  for (std::uint32_t y = least; y < 2 * least; ++y) {
    for (int count = 3; count <= 14; ++count) {
      for (std::uint32_t x = least; x < 2 * least; ++x) {
        const std::uint32_t up = x << (count - 1);
        const std::uint32_t want = 2 * (up / y) + (up % y != 0 ? 1 : 0);
        expect(lowp::detail::divided(x, y, {count, false}) == want, x, y, count);
      }
    }
  }
  // Where an estimate is enough: what is kept of it is right, and the rest tells what is exact.
  for (int of_x = 1; of_x <= 12; ++of_x) {
    for (int of_y = 1; of_y <= 5; ++of_y) {
      for (int of_result = 1; of_result <= 12; ++of_result) {
        const auto with = [](int precision) {
          return lowp::p3109_format(16, precision, true, true);
        };
        const auto digits =
            lowp::detail::digits_of_quotient(with(of_x), with(of_y), with(of_result));
        if (!digits.enough) continue;
        const int kept = digits.count - of_y;
        for (std::uint32_t i = 1; i < 1u << of_x; ++i) {
          for (std::uint32_t j = 1u << (of_y - 1); j < 1u << of_y; ++j) {
            const std::uint32_t x = i << (12 - of_x);
            const std::uint32_t y = j << (12 - of_y);
            const std::uint32_t got = lowp::detail::divided(x, y, digits);
            const bool exact = (x << kept) % y == 0;
            expect(got >> of_y == (x << kept) / y && (got % (1u << of_y) == 0) == exact, x, y,
                   digits.count);
          }
        }
      }
    }
  }
  oracle::report("quotients", t, watch.seconds());
}

TEST_CASE("the increment of a rounding is its decision") {
  oracle::tally t;
  for (const lowp::rounding mode : deterministic) {
    for (int places = 1; places <= 8; ++places) {
      const std::uint32_t ulp = 1u << places;
      for (std::uint32_t value = 0; value < 4 * ulp; ++value) {
        for (const bool negative : {false, true}) {
          const std::uint32_t index = value / ulp;
          const bool odd = index % 2 != 0;
          const lowp::detail::binary_fraction<std::uint32_t> nu{value % ulp << (32 - places),
                                                                false};
          const bool away = lowp::detail::rounds_away(mode, negative, odd, nu, 0, 0);
          const auto increment = lowp::detail::rounding_increment(mode, negative, odd, ulp);
          t.expect((value + increment) / ulp == index + (away ? 1 : 0), [&] {
            return std::to_string(static_cast<int>(mode)) + ": " + std::to_string(value) + " / " +
                   std::to_string(ulp);
          });
        }
      }
    }
  }
  oracle::report("increments", t, 0);
}

TEST_CASE("where there is no short way") {
  using lowp::detail::can_short;
  const coded x{lowp::formats::e4m3fn, 0};
  const format to = lowp::formats::e4m3fn;
  CHECK(can_short<operation::add>(to, {}, x, x));
  CHECK_FALSE(can_short<operation::add>(to, {.round = lowp::stochastic_a}, x, x));
  CHECK_FALSE(can_short<operation::add>(to, {.flush_subnormal_result = true}, x, x));
  CHECK_FALSE(can_short<operation::add>(to, {.overflow_before_rounding = true}, x, x));
  CHECK_FALSE(
      can_short<operation::add>(to, {.subnormal_input = lowp::subnormal_input_rule::zero}, x, x));
  CHECK_FALSE(can_short<operation::add>(lowp::formats::binary32, {}, x, x));
  CHECK_FALSE(
      can_short<operation::add>(lowp::formats::bfloat16, {.nan = lowp::nan_rule::payload}, x, x));
  CHECK_FALSE(can_short<operation::add>(to, {}, coded{lowp::formats::e8m0fnu, 0}, x));
}
