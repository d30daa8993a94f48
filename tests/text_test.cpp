// SPDX-License-Identifier: Apache-2.0
// Printing: every code survives each kind of text, decimal text is the shortest and nearest, and
// equals what std::to_chars writes for float and double.
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/text.hpp>
#include <lowp/types.hpp>

#include "oracle/decimal.hpp"
#include "oracle/project.hpp"
#include "oracle/sources.hpp"

using namespace lowp;

namespace {

using printer = printed (*)(char*, char*, format, code_t) noexcept;

std::string text_of(printer print, format f, code_t code) {
  std::array<char, 1200> buffer;
  const printed p = print(buffer.data(), buffer.data() + buffer.size(), f, code);
  REQUIRE(p.ok);
  return {buffer.data(), p.end};
}

parsed read(const std::string& text, format f, const parse_options& options = {}) {
  return parse(text.data(), text.data() + text.size(), f, options);
}

// Compile-time proof that all of it is a constant expression.
constexpr bool prints(printer print, format f, code_t code, const char* expected) {
  char buffer[max_text_size]{};
  const printed p = print(buffer, buffer + max_text_size, f, code);
  for (const char* c = buffer; c != p.end; ++c, ++expected) {
    if (*c != *expected) return false;
  }
  return p.ok && *expected == 0;
}
static_assert(prints(print_decimal, formats::e4m3fn, 0x7e, "448"));
static_assert(prints(print_decimal, formats::e4m3fn, 0x01, "0.002"));
static_assert(prints(print_decimal, formats::e4m3fn, 0xff, "-nan"));
static_assert(prints(print_decimal, formats::e5m2, 0xfc, "-inf"));
static_assert(prints(print_decimal, formats::binary64, 0x3fb999999999999a, "0.1"));
static_assert(prints(print_decimal, formats::binary64, 1, "5e-324"));
static_assert(prints(print_decimal, formats::uint64, ~code_t{0}, "18446744073709551615"));
static_assert(prints(print_exact, formats::e4m3fn, 0x01, "0.001953125"));
static_assert(prints(print_exact, formats::lns8, 0x41, "1.09050773266525765..."));
static_assert(prints(print_hex_float, formats::e4m3fn, 0x7e, "0x1.cp+8"));
static_assert(prints(print_hex_float, formats::binary16, 0x8001, "-0x1p-24"));
static_assert(prints(print_code, formats::e3m2, 0x3f, "0x3f"));
static_assert(prints(print_code, formats::ue4m3, 0x7e, "0x7e"));
static_assert(prints(print_bits, formats::e4m3fn, 0x7e, "0b0'1111'110"));
static_assert(prints(print_bits, formats::e8m0fnu, 0x7e, "0b01111110"));
static_assert(prints(print_bits, formats::ue4m3, 0x7e, "0b1111'110"));
static_assert(prints(print_bits, formats::e3m0, 0xe, "0b1'110"));
static_assert(prints(print_bits, formats::posit8, 0x7e, "0b01111110"));
static_assert(from_text<float8_e4m3fn>("0.3").code() == 0x2a);
static_assert(from_text<float8_e4m3fn>("0x1.4p-2").code() == 0x2a);
static_assert(from_text<float8_e5m2>("-inf").code() == 0xfc);
static_assert(from_text<double>("0.1") == 0.1 && from_text<float>("1e-45") == 1e-45f);
static_assert(from_text<int>("-7") == -7);

// What does not fit is rejected at compile time.
template <class T>
constexpr bool takes_500 = requires {
  typename std::bool_constant<(from_text<T>("500"), true)>;
};
static_assert(takes_500<float16> && takes_500<float>);
static_assert(!takes_500<float8_e4m3fn> && !takes_500<float4_e2m1fn>);

bool same(const exact& a, const exact& b) {
  if (a.cls == number_class::nan) return b.cls == a.cls && a.negative == b.negative;
  return a == b;
}

// The codes to look at: all, or a sample of wide formats with both ends.
std::vector<code_t> codes_of(format f) {
  std::vector<code_t> codes;
  if (f.width <= 16) {
    for (code_t c = 0; c < code_t{1} << f.width; ++c) codes.push_back(c);
    return codes;
  }
  std::mt19937_64 random(f.width);
  for (code_t c = 0; c < 40; ++c) {
    for (const code_t base : {code_t{0}, code_t{1} << (f.width - 1), code_t{1} << (f.width - 2)}) {
      codes.push_back((base + c - 20) & detail::low_mask(f.width));
    }
  }
  for (int i = 0; i < 4000; ++i) codes.push_back(random() & detail::low_mask(f.width));
  return codes;
}

}  // namespace

TEST_CASE("every code of every registered format survives decimal, hex-float, bits and code text") {
  std::uint64_t cases = 0;
  for (const named_format& row : all_formats) {
    const format f = row.value;
    for (const code_t code : codes_of(f)) {
      const exact x = decode(f, code);
      for (const printer print : {printer{print_decimal}, printer{print_hex_float}}) {
        const std::string text = text_of(print, f, code);
        const parsed r = read(text, f);
        const bool good = r.ok() && r.position == text.data() + text.size() &&
                          same(decode(f, r.code), x) && text.size() <= max_text_size;
        if (!good)
          FAIL_CHECK(std::string(row.name)
                     << " " << code << " as " << text << " reads as " << r.code);
        ++cases;
      }
      for (const printer print : {printer{print_bits}, printer{print_code}}) {
        const std::string text = text_of(print, f, code);
        const parsed r = parse_code(text.data(), text.data() + text.size(), f);
        const bool good = r.ok() && r.code == code && text.size() <= max_text_size;
        if (!good)
          FAIL_CHECK(std::string(row.name)
                     << " " << code << " as " << text << " reads as " << r.code);
        ++cases;
      }
    }
  }
  MESSAGE(cases << " texts");
}

TEST_CASE("exact decimal text is the oracle's value, digit by digit") {
  for (const named_format& row : all_formats) {
    const oracle::description* d = oracle::find(row.name);
    REQUIRE(d != nullptr);
    for (code_t code = 0; code < code_t{1} << (d->width > 16 ? 16 : d->width); code += 3) {
      const oracle::value v = oracle::value_of(*d, code);
      if (v.cls != oracle::sort::finite || !v.magnitude.is_dyadic()) continue;
      const std::string expected = (v.negative ? "-" : "") + oracle::exact_text(v.magnitude);
      const std::string text = text_of(print_exact, row.value, code);
      if (text != expected)
        FAIL_CHECK(std::string(row.name) << " " << text << ", expected " << expected);
      const parsed r = read(text, row.value);
      if (!r.ok() || r.code != code || r.flags.has(status::inexact)) {
        FAIL_CHECK(std::string(row.name) << " " << text << " reads as " << r.code);
      }
    }
  }
}

namespace {

oracle::real distance(const oracle::decimal& d, const oracle::real& x) {
  const oracle::real y = oracle::stand_in(d, 400);
  return x < y ? y - x : x - y;
}

// What the oracle reads d as; nothing if that overflows.
const oracle::value* meaning(const oracle::source& s, const oracle::decimal& d, code_t& code) {
  oracle::value x;
  x.cls = oracle::sort::finite;
  x.negative = d.negative;
  x.magnitude = oracle::stand_in(d, 400);
  const oracle::outcome o = oracle::project(s.to, x, {});
  code = o.code;
  const oracle::value& v = s.values[code];
  const bool back = v.cls == oracle::sort::finite && (o.flags & status::overflow) == 0;
  return back ? &v : nullptr;
}

// The text of a decimal, by the documented choice of style. `whole`: the integer nearest to the
// value.
std::string styled(const oracle::decimal& d, const std::string& whole, bool integer) {
  const std::string digits = d.digits.str();
  const auto n = static_cast<long>(digits.size());
  const long point = d.exponent + n;  // digits before the point
  const auto zeros = [](long k) { return std::string(static_cast<std::size_t>(k), '0'); };
  std::string plain = whole;
  if (point <= 0) plain = "0." + zeros(-point) + digits;
  if (point > 0 && d.exponent < 0)
    plain = std::string(digits).insert(static_cast<std::size_t>(point), ".");
  if (d.exponent == 0) plain = digits;
  const long size = point > 0 ? point - 1 : 1 - point;
  std::string scientific =
      digits + (point > 0 ? "e+" : "e-") + (size < 10 ? "0" : "") + std::to_string(size);
  if (n > 1) scientific.insert(1, ".");
  const bool short_plain =
      point <= 0 ? 2 - point + n <= static_cast<long>(scientific.size())
                 : std::max(point, n) + (n > point ? 1 : 0) <= static_cast<long>(scientific.size());
  return (d.negative ? "-" : "") + (short_plain || integer ? plain : scientific);
}

}  // namespace

// The oracle reads all decimals of one and two significant digits. Every code that one of them
// means must be printed as the one with the fewest digits that is nearest to its value, even for a
// tie.
TEST_CASE("formats up to 8 bits: decimal text is the best of all decimals of one and two digits") {
  std::uint64_t candidates = 0;
  std::uint64_t codes = 0;
  for (const oracle::source& s : oracle::sources_up_to(8)) {
    std::map<code_t, oracle::decimal> best;
    for (int digits = 1; digits < 100; ++digits) {
      for (long exponent = -76; exponent < 76 && digits % 10 != 0; ++exponent) {
        for (const bool negative : {false, true}) {
          const oracle::decimal d{negative, digits, exponent};
          code_t code = 0;
          const oracle::value* v = meaning(s, d, code);
          if (v == nullptr || v->negative != negative || !v->magnitude.is_dyadic()) continue;
          ++candidates;
          const auto [at, is_new] = best.try_emplace(code, d);
          oracle::decimal& b = at->second;
          if (is_new || d.digits.str().size() > b.digits.str().size()) continue;
          const int nearer = compare(distance(d, v->magnitude), distance(b, v->magnitude));
          if (nearer < 0 || (nearer == 0 && d.digits % 2 == 0)) b = d;
        }
      }
    }
    for (code_t code = 0; code < s.values.size(); ++code) {
      const oracle::value& v = s.values[code];
      if (v.cls != oracle::sort::finite || !v.magnitude.is_dyadic()) continue;
      const std::string text = text_of(print_decimal, s.format.value, code);
      const auto found = best.find(code);
      ++codes;
      if (found == best.end()) {
        // Three digits are enough, and fewer are not; integers are written in full.
        const bool whole = text == oracle::exact_text(v.magnitude);
        CHECK((whole || oracle::read_decimal(text).count() == 3));
        continue;
      }
      const bool integer =
          s.to.format.kind == oracle::shape::fixed_point && s.format.value.bias == 0;
      const std::string whole = v.magnitude.e() >= 0 ? v.magnitude.in_units(0).str() : "";
      const std::string expected = styled(found->second, whole, integer);
      if (text != expected)
        FAIL_CHECK(std::string(s.name()) << " " << text << ", expected " << expected);
    }
  }
  MESSAGE(candidates << " decimals, " << codes << " codes");
}

TEST_CASE("decimal text is the nearest of its number of digits, if that reads back") {
  for (const oracle::source& s : oracle::sources_up_to(16)) {
    for (code_t code = 0; code<s.values.size(); code += s.values.size()> 256 ? 5 : 1) {
      const oracle::value& v = s.values[code];
      if (v.cls != oracle::sort::finite || !v.magnitude.is_dyadic()) continue;
      oracle::decimal d = oracle::read_decimal(text_of(print_decimal, s.format.value, code));
      const oracle::real away = distance(d, v.magnitude);
      const int side = oracle::compare_magnitude(d, v.magnitude);
      if (side == 0) continue;
      d.digits -= side;
      if (!(distance(d, v.magnitude) < away)) continue;
      // The other neighbour is nearer, so it must mean something else.
      code_t other = 0;
      const bool means_it = meaning(s, d, other) != nullptr && other == code;
      if (means_it)
        FAIL_CHECK(std::string(s.name()) << " " << text_of(print_decimal, s.format.value, code));
    }
  }
}

namespace {

template <class T>
void compare_with_standard(T x) {
  std::array<char, 64> expected;
  const auto e = std::to_chars(expected.data(), expected.data() + expected.size(), x);
  std::array<char, 64> text;
  const printed p = print_decimal(text.data(), text.data() + text.size(), x);
  REQUIRE(p.ok);
  const std::string a(text.data(), p.end);
  const std::string b(expected.data(), e.ptr);
  if (a != b) FAIL_CHECK(a << ", std::to_chars " << b);
}

template <class T, class Bits>
void sweep_against_standard(int random_cases) {
  constexpr int width = 8 * sizeof(T);
  constexpr int trailing = std::numeric_limits<T>::digits - 1;
  std::vector<Bits> codes;
  for (int field = 0; field < 1 << (width - 1 - trailing); ++field) {
    const Bits power = static_cast<Bits>(field) << trailing;
    for (int d = -2; d <= 2; ++d) codes.push_back(power + static_cast<Bits>(d));
  }
  for (int i = 0; i < 100; ++i) codes.push_back(static_cast<Bits>(i));
  for (int e = -45; e < 39; ++e) {  // decimal powers and their neighbours
    const auto power = detail::bit_cast<Bits>(static_cast<T>(std::stod("1e" + std::to_string(e))));
    for (int d = -2; d <= 2; ++d) codes.push_back(power + static_cast<Bits>(d));
  }
  std::mt19937_64 random(width);
  for (int i = 0; i < random_cases; ++i) codes.push_back(static_cast<Bits>(random()));
  for (int i = 0; i < random_cases; ++i) {  // values that people use, integers above all
    const auto n = static_cast<double>(random() >> (random() % 64));
    codes.push_back(detail::bit_cast<Bits>(static_cast<T>(n / (random() % 2 != 0 ? 1000 : 1))));
  }
  for (const Bits code : codes) compare_with_standard(detail::bit_cast<T>(code));
  MESSAGE(codes.size() << " values");
}

}  // namespace

TEST_CASE("float and double print as std::to_chars prints them") {
  sweep_against_standard<float, std::uint32_t>(60000);
  sweep_against_standard<double, std::uint64_t>(30000);
}

TEST_CASE("a buffer of the exact size is enough, and one less is reported") {
  const printer all[] = {print_decimal, print_exact, print_hex_float, print_code, print_bits};
  for (const format f : {formats::e4m3fn, formats::binary16, formats::binary64, formats::lns8,
                         formats::int8, formats::hifloat8}) {
    for (const code_t code : {code_t{0}, code_t{1}, code_t{0x2b}, code_t{0x7f}, code_t{0x80},
                              code_t{0xff}, code_t{0x7c00}, code_t{0xfbff}}) {
      for (const printer print : all) {
        const std::string text = text_of(print, f, code);
        for (std::size_t size = 0; size <= text.size(); ++size) {
          std::vector<char> buffer(size + 2, '#');
          char* const first = buffer.data() + 1;
          const printed p = print(first, first + size, f, code);
          CHECK(p.ok == (size == text.size()));
          CHECK(p.end == first + size);
          CHECK(buffer.front() == '#');
          CHECK(buffer.back() == '#');
        }
      }
    }
  }
}

TEST_CASE("formats at the limits of exponent, precision and width survive text") {
  const format formats[] = {p3109_format(16, 1, true, true),
                            p3109_format(16, 1, false, false),
                            p3109_format(16, 2, true, true),
                            with_bias(ieee_format(15, 48), 65536),
                            with_bias(ieee_format(15, 48), -65536),
                            with_bias(ieee_format(11, 52), 65536),
                            with_bias(p3109_format(16, 1, false, true), -65536),
                            fixed_point_format(64, 65536, true),
                            fixed_point_format(64, -65536, false)};
  std::vector<char> buffer(70000);
  constexpr printer decimal = print_decimal, exactly = print_exact, hex_float = print_hex_float;
  std::mt19937_64 random(1);
  for (const format f : formats) {
    REQUIRE(check(f) == format_error::none);
    for (int i = 0; i < 12; ++i) {
      const code_t ends[] = {min_positive(f), max_finite(f), lowest(f), min_normal(f)};
      const code_t code = i < 4 ? ends[i] : random() & detail::low_mask(f.width);
      const exact x = decode(f, code);
      for (const printer print : {decimal, exactly, hex_float}) {
        const printed p = print(buffer.data(), buffer.data() + buffer.size(), f, code);
        REQUIRE(p.ok);
        if (print != exactly) CHECK(p.end - buffer.data() <= max_text_size);
        const parsed r = parse(buffer.data(), p.end, f);
        CHECK(r.ok());
        CHECK(same(decode(f, r.code), x));
        if (print == exactly) CHECK(!r.flags.has(status::inexact));
      }
    }
  }
}
