// SPDX-License-Identifier: Apache-2.0
// Parsing rounds once from the exact value of the text: against the oracle at every value and
// middle of the formats and a hair beside them, in every rounding mode, and against
// std::from_chars.
#include <charconv>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/find_format.hpp>
#include <lowp/formats.hpp>
#include <lowp/text.hpp>
#include <lowp/types.hpp>

#include "oracle/decimal.hpp"
#include "oracle/project.hpp"
#include "oracle/sources.hpp"

using namespace lowp;

namespace {

constexpr rounding all_modes[] = {to_nearest_even,     to_nearest_away, to_nearest_zero,
                                  to_nearest_negative, toward_zero,     toward_positive,
                                  toward_negative,     away_from_zero,  to_odd,
                                  stochastic_a,        stochastic_b,    stochastic_c};

parsed read(const std::string& text, format f, const parse_options& options = {}) {
  return parse(text.data(), text.data() + text.size(), f, options);
}

// A text and what the oracle makes of it.
struct question {
  question(const oracle::destination& destination, format form, std::string t, long places)
      : to(destination), f(form), text(std::move(t)) {
    const oracle::decimal d = oracle::read_decimal(text);
    x.cls = d.digits == 0 ? oracle::sort::zero : oracle::sort::finite;
    x.negative = d.negative;
    if (d.digits == 0) return;
    x.magnitude = oracle::stand_in(d, places);
    at = to.side(x.negative).locate(x.magnitude);
  }

  // Under one projection; false on a difference.
  bool agrees(const projection& p, std::uint64_t random) const {
    const oracle::outcome expected = oracle::project(to, x, p, random, at);
    const parsed r = read(text, f, {.how = p, .project_out_of_range = true, .random = random});
    const bool same = r.ok() && r.code == expected.code && r.flags.bits == expected.flags;
    if (!same) {
      const std::string shown =
          text.size() < 80 ? text : text.substr(0, 60) + "..." + text.substr(text.size() - 10);
      FAIL_CHECK(to.format.name << " " << shown << " mode " << static_cast<int>(p.round)
                                << ": code " << r.code << " flags " << int{r.flags.bits}
                                << ", oracle " << expected.code << " flags "
                                << int{expected.flags});
    }
    return same;
  }

  const oracle::destination& to;
  format f;
  std::string text;
  oracle::value x;
  oracle::place at;
};

// The step and the middle above it, as text, exact and a hair beside.
std::vector<std::string> texts_around(const oracle::ladder& l, std::uint64_t index, bool negative) {
  std::vector<std::string> texts;
  for (const bool middle : {false, true}) {
    const oracle::real x = middle ? l.middle(index) : l.at(index);
    if (x.is_zero() || !x.is_dyadic()) continue;
    const std::string exact = oracle::exact_text(x);
    texts.push_back(exact);
    for (const std::size_t places : {std::size_t{3}, std::size_t{40}, std::size_t{300}}) {
      texts.push_back(oracle::nudged(exact, places, true));
      texts.push_back(oracle::nudged(exact, places, false));
    }
  }
  if (negative) {
    for (std::string& t : texts) t.insert(0, "-");
  }
  return texts;
}

void check_step(const oracle::destination& to, format f, std::uint64_t index, bool negative,
                std::uint64_t& cases, long places) {
  const bool own_side = negative && to.format.sign;
  const oracle::ladder& l = own_side ? to.down : to.up;
  if (index > l.top() || (l.ends() && index == l.top())) return;
  for (const std::string& text : texts_around(l, index, negative)) {
    const question q(to, f, text, places);
    for (const rounding mode : all_modes) {
      projection p{.round = mode};
      if (is_stochastic(mode)) p.random_bits = 8;
      if (!q.agrees(p, 0x5a ^ (index * 37 & 0xff))) return;
      ++cases;
    }
  }
}

}  // namespace

TEST_CASE("decimal text at and around every value and middle, in every rounding mode") {
  std::uint64_t cases = 0;
  for (const oracle::source& s : oracle::sources_up_to(16)) {
    const std::uint64_t top = s.to.up.top() + 1;
    const std::uint64_t step = top > 300 ? top / 24 + 1 : top > 40 ? 5 : 1;
    for (std::uint64_t index = 0; index < top; ++index) {
      const bool end = index < 3 || index + 3 > top;
      if (!end && index % step != 0) continue;
      for (const bool negative : {false, true}) {
        check_step(s.to, s.format.value, index, negative, cases, 400);
      }
    }
  }
  CHECK(cases > 400000);
  MESSAGE(cases << " roundings");
}

TEST_CASE("the same for wide formats at the ends of their binades") {
  std::uint64_t cases = 0;
  for (const char* name : {"binary32", "binary64", "tf32", "posit32", "int64", "uint64"}) {
    const oracle::description& d = *oracle::find(name);
    const oracle::destination to{d};
    const format f = find_format(name)->value;
    const std::uint64_t binade = std::uint64_t{1} << d.trailing_bits;
    const std::uint64_t top = to.up.top();
    std::vector<std::uint64_t> indices = {0,       1,       2,           binade - 1, binade,
                                          0x12345, top - 1, top,         top - 2,    top / 2,
                                          top - 3, top / 3, top / 2 + 1, top / 2 + 2};
    for (const std::uint64_t field : {3u, 100u, 127u, 128u, 200u, 254u}) {
      indices.push_back(field * binade);
      indices.push_back(field * binade - 1);
      indices.push_back(field * binade + 0x155);
    }
    for (const std::uint64_t index : indices) check_step(to, f, index, index % 4 == 1, cases, 1200);
  }
  CHECK(cases > 25000);
  MESSAGE(cases << " roundings");
}

TEST_CASE("random decimals in every registered format under random projections") {
  std::mt19937_64 random(7);
  std::uint64_t cases = 0;
  for (const named_format& row : all_formats) {
    // oracle::stand_in needs dyadic steps and middles.
    if (row.value.kind == number_kind::logarithmic) continue;
    const oracle::destination to{*oracle::find(row.name)};
    const detail::binary_range range = detail::range_of(row.value);
    const long low = range.least * 3 / 10 - 3;
    const long high = range.greatest * 3 / 10 + 3;
    for (int i = 0; i < 400; ++i) {
      const auto exponent =
          low + static_cast<long>(random() % static_cast<std::uint64_t>(high - low + 1));
      const std::uint64_t digits = random() >> (random() % 64);
      const std::string text =
          (random() % 2 != 0 ? "-" : "") + std::to_string(digits) + "e" +
          std::to_string(exponent - static_cast<long>(std::to_string(digits).size()));
      projection p{.round = all_modes[random() % 12], .overflow = overflow_rule(random() % 4)};
      p.tininess = tininess_rule(random() % 2);
      p.flush_subnormal_result = random() % 8 == 0;
      p.negative = negative_rule(random() % 4);
      p.zero_sign = sign_rule(random() % 2);
      const bool wide = detail::bounds(row.value).precision > 32;
      if (is_stochastic(p.round)) {
        p.random_bits = static_cast<std::uint8_t>(random() % (wide ? 1 : 33));
      }
      if (!question(to, row.value, text, 1200).agrees(p, random())) break;
      ++cases;
    }
  }
  CHECK(cases > 20000);
  MESSAGE(cases << " roundings");
}

TEST_CASE("no detour through double: texts for which it changes the result") {
  struct row {
    const char* text;
    format f;
    code_t code;
    code_t through_double;
  };
  const row rows[] = {
      // just above and below the middle of 1 and 1.125: double rounds to the middle, a tie to even
      {"1.0625000000000000000000000000001", formats::e4m3fn, 0x39, 0x38},
      {"1.1874999999999999999999999999999", formats::e4m3fn, 0x39, 0x3a},
      {"464.00000000000000000000000000001", formats::e4m3fn, 0x7f, 0x7e},
      {"1.00048828125000000000000000000001", formats::binary16, 0x3c01, 0x3c00},
      {"1.00390625000000000000000000000000000001", formats::bfloat16, 0x3f81, 0x3f80},
      {"2.5000000000000000000001", formats::e2m1, 0x5, 0x4},
      {"5e-324", formats::e4m3fn, 0, 0},
      {"0.50000000000000000000000001", formats::int8, 1, 0},
      {"18446744073709551614.5000000000000000001", formats::uint64, ~code_t{0}, ~code_t{0}},
      {"18446744073709551613.4999999999999999999", formats::uint64, ~code_t{2}, ~code_t{0}},
      {"18446744073709551612.5", formats::uint64, ~code_t{3}, ~code_t{0}},
      {"9223372036854775808.5000000000000000001", formats::uint64, 9223372036854775809u,
       9223372036854775808u},
      {"9223372036854775808.4", formats::uint64, 9223372036854775808u, 9223372036854775808u},
      {"9223372036854775808.0000000000000000001", formats::uint64, 9223372036854775808u,
       9223372036854775808u},
      {"9007199254740993", formats::int64, 9007199254740993, 9007199254740992},
  };
  for (const row& r : rows) {
    CHECK(read(r.text, r.f, {.project_out_of_range = true}).code == r.code);
    CHECK(convert(formats::binary64, to_code(std::strtod(r.text, nullptr)), r.f) ==
          r.through_double);
  }
  // and one that float rounds wrongly on the way
  CHECK(read("1.06250005", formats::e4m3fn).code == 0x39);
  CHECK(float8_e4m3fn{1.06250005f}.code() == 0x38);
}

TEST_CASE("float and double are read as std::from_chars reads them") {
  std::mt19937_64 random(11);
  for (int i = 0; i < 60000; ++i) {
    std::string text = std::to_string(random() >> (random() % 64));
    if (random() % 2 != 0) text.insert(random() % (text.size() + 1), ".");
    if (text[0] != '.' && random() % 4 == 0) text += std::to_string(random());
    text += "e" + std::to_string(static_cast<int>(random() % 680) - 345);
    const char* const first = text.data();
    const char* const last = first + text.size();
    double d = 0;
    float s = 0;
    const auto to_double = std::from_chars(first, last, d);
    const auto to_float = std::from_chars(first, last, s);
    double ours = 0;
    float ours_single = 0;
    const parsed a = parse(first, last, ours);
    const parsed b = parse(first, last, ours_single);
    // from_chars calls a result of zero out of range too
    if (to_double.ec == std::errc{} && !(a.ok() && ours == d)) FAIL_CHECK(text);
    if (to_float.ec == std::errc{} && !(b.ok() && ours_single == s)) FAIL_CHECK(text);
    if (to_double.ec != std::errc{} && a.ok() && ours > 1e-300) FAIL_CHECK(text);
    if (to_float.ec != std::errc{} && b.ok() && ours_single > 1e-37f) FAIL_CHECK(text);
  }
}

TEST_CASE("hexadecimal floating point in one rounding") {
  struct row {
    const char* text;
    format f;
    code_t code;
  };
  const row rows[] = {
      {"0x1.1p0", formats::e4m3fn, 0x38},  // the middle: even
      {"0x1.10000000000000000000001p0", formats::e4m3fn, 0x39},
      {"0x0.0000000000000000000000011000000000000000000000001p96", formats::e4m3fn, 0x39},
      {"0X1.8P+3", formats::e4m3fn, 0x54},
      {"-0x.8", formats::e4m3fn, 0xb0},
      {"0x10", formats::e4m3fn, 0x58},
      {"0x1.", formats::e4m3fn, 0x38},
      {"0x0p99999999999999999999", formats::e4m3fn, 0},
      {"0x1p-99999999999999999999", formats::e4m3fn, 0},
      {"0xffffffffffffffff", formats::uint64, ~code_t{0}},
      {"0x1.fffffffffffffffe", formats::uint64, 2},
      {"0x1.fffffffffffffffep63", formats::uint64, ~code_t{0}},
      {"0x3.fffffffffffffffcp62", formats::uint64, ~code_t{0}},
      {"0x1.fffffffffffff7fffffffffffp0", formats::binary64, 0x3fffffffffffffff},
      {"0x1.fffffffffffff8p0", formats::binary64, 0x4000000000000000},
      {"0x0.00000000000008p-1022", formats::binary64, 0},
      {"0x0.0000000000000800000000001p-1022", formats::binary64, 1},
  };
  for (const row& r : rows) {
    const parsed p = read(r.text, r.f);
    CHECK_MESSAGE(p.ok(), std::string(r.text));
    CHECK_MESSAGE(p.code == r.code, std::string(r.text));
  }
  std::mt19937_64 random(3);
  for (int i = 0; i < 20000; ++i) {  // against the C library
    char text[64];
    const auto n = static_cast<unsigned long long>(random() >> (random() % 64));
    std::snprintf(text, sizeof text, "0x%llx.%llxp%d", n, static_cast<unsigned long long>(random()),
                  static_cast<int>(random() % 2200) - 1140);
    double ours = 0;
    const parsed p = parse(text, text + std::char_traits<char>::length(text), ours,
                           {.project_out_of_range = true});
    if (!p.ok() || ours != std::strtod(text, nullptr)) FAIL_CHECK(text);
  }
}

TEST_CASE("very long digit strings and exponents") {
  const std::string million(1000000, '0');
  CHECK(read("1" + million + "e-1000000", formats::e4m3fn).code == 0x38);
  CHECK(read("0." + million + "1e1000001", formats::e4m3fn).code == 0x38);
  CHECK(read("1.0625" + million + "1", formats::e4m3fn).code == 0x39);
  CHECK(read("1.0625" + million, formats::e4m3fn).code == 0x38);
  CHECK(read(million + "7", formats::e4m3fn).code == 0x4e);
  CHECK(read(million + "." + million, formats::e4m3fn).code == 0);
  CHECK(read("0e999999999999999999999999", formats::e4m3fn).code == 0);
  CHECK(read("1e-999999999999999999999999", formats::e4m3fn).code == 0);
  CHECK(read("-1e-999999999999999999999999", formats::e4m3fn).code == 0x80);
  CHECK(read("1e-999999999999999999999999", formats::binary64, {.how = {.round = toward_positive}})
            .code == 1);
  CHECK(read("1e999999999999999999999999", formats::binary64).error == text_error::out_of_range);
  CHECK(read("0x" + million + "1." + million + "1p3", formats::e4m3fn).code == 0x50);
  CHECK(read("3." + std::string(1000000, '9'), formats::binary64).code == to_code(4.0));
}

TEST_CASE("a value that the format cannot hold is an error, or projected if asked for") {
  struct row {
    const char* text;
    format f;
    bool out_of_range;
    code_t code;
  };
  const row rows[] = {
      {"464", formats::e4m3fn, false, 0x7e},
      {"465", formats::e4m3fn, true, 0x7f},
      {"-1e9", formats::e4m3fn, true, 0xff},
      {"65519.999", formats::binary16, false, 0x7bff},
      {"65520", formats::binary16, true, 0x7c00},
      {"7", formats::e2m1, true, 0x7},
      {"6.99", formats::e2m1, false, 0x7},
      {"-1", formats::ue4m3, true, 0},
      {"-0.0001", formats::ue4m3, false, 0},
      {"-0", formats::ue4m3, false, 0},
      {"0", formats::e8m0fnu, true, 0},
      {"-0", formats::e8m0fnu, true, 0},
      {"1e-99", formats::e8m0fnu, true, 0},
      {"2.9387358770557e-39", formats::e8m0fnu, true, 0},
      {"2.9387358770558e-39", formats::e8m0fnu, false, 0},
      {"5.8774717541114375e-39", formats::e8m0fnu, false, 0},
      {"6e-39", formats::e8m0fnu, false, 0},
      {"-1", formats::e8m0fnu, true, 0},
      {"128", formats::int8, true, 0x7f},
      {"-128.5", formats::int8, false, 0x80},
      {"-129", formats::int8, true, 0x80},
      {"1e99", formats::posit8, true, 0x7f},
      {"1e-99", formats::posit8, false, 1},
      {"0", formats::posit8, false, 0},
      {"1.1", formats::nf4, true, 15},
      {"1e5", formats::hifloat8, true, 0x6f},
      {"300", formats::lns8, true, 0x80},
  };
  for (const row& r : rows) {
    const std::string text = r.text;
    const parsed p = read(text, r.f);
    const std::string what = text + " in " + find_format(r.f)->name;
    CHECK_MESSAGE(p.error == (r.out_of_range ? text_error::out_of_range : text_error::none), what);
    CHECK_MESSAGE(p.position == (r.out_of_range ? text.data() : text.data() + text.size()), what);
    const parsed q = read(text, r.f, {.project_out_of_range = true});
    CHECK_MESSAGE(q.ok(), what);
    CHECK_MESSAGE(q.code == r.code, what << ": " << q.code);
  }
  CHECK(read("1e9", formats::e4m3fn, {.how = {.overflow = saturate}}).error ==
        text_error::out_of_range);
  CHECK(read("1e9", formats::e4m3fn, {.how = {.overflow = saturate}, .project_out_of_range = true})
            .code == 0x7e);
  CHECK(read("inf", formats::e4m3fn, {.how = {.overflow = saturate}, .project_out_of_range = true})
            .code == 0x7e);
  CHECK(read("-nan", formats::binary16).code == 0xfe00);
  CHECK(read("nan", formats::e2m1, {.project_out_of_range = true}).code == 0x7);
}
