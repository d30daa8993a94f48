// SPDX-License-Identifier: Apache-2.0
// Text that is no number, or none that the format has: which error, and where.
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/text.hpp>

using namespace lowp;
using namespace std::literals;

namespace {

using enum text_error;

struct row {
  std::string_view text;
  text_error error;
  std::ptrdiff_t position;
  format f = formats::e5m2;
};

constexpr row numbers[] = {
    {"", empty, 0},
    {" ", not_a_number, 0},
    {" 1", not_a_number, 0},
    {"1 ", trailing_characters, 1},
    {"1\n", trailing_characters, 1},
    {"\t", not_a_number, 0},
    {"+", not_a_number, 1},
    {"-", not_a_number, 1},
    {"--1", not_a_number, 1},
    {"+-1", not_a_number, 1},
    {"- 1", not_a_number, 1},
    {".", not_a_number, 1},
    {"..", not_a_number, 1},
    {"-.", not_a_number, 2},
    {".e1", not_a_number, 1},
    {"e1", not_a_number, 0},
    {"1..2", trailing_characters, 2},
    {"1.2.3", trailing_characters, 3},
    {"1e", not_a_number, 2},
    {"1e+", not_a_number, 3},
    {"1E-", not_a_number, 3},
    {"1e+-1", not_a_number, 3},
    {"1e1.5", trailing_characters, 3},
    {"1e1e1", trailing_characters, 3},
    {"1ee1", not_a_number, 2},
    {"1e 1", not_a_number, 2},
    {"1p3", trailing_characters, 1},
    {"1f", trailing_characters, 1},
    {"1,5", trailing_characters, 1},
    {"1'000", trailing_characters, 1},
    {"1_000", trailing_characters, 1},
    {"12a", trailing_characters, 2},
    {"a", not_a_number, 0},
    {"0x", not_a_number, 2},
    {"0x.", not_a_number, 3},
    {"0xg", not_a_number, 2},
    {"0x1g", trailing_characters, 3},
    {"0x1p", not_a_number, 4},
    {"0x1p+", not_a_number, 5},
    {"0x1pa", not_a_number, 4},
    {"0x1.8.8", trailing_characters, 5},
    {"0x1e+3", trailing_characters, 4},
    {"x1", not_a_number, 0},
    {"0b1", trailing_characters, 1},
    {"00x1", trailing_characters, 2},
    {"0x0x1", trailing_characters, 3},
    {"i", not_a_number, 0},
    {"in", not_a_number, 0},
    {"-in", not_a_number, 1},
    {"info", trailing_characters, 3},
    {"infinit", trailing_characters, 3},
    {"infinityy", trailing_characters, 8},
    {"inf ", trailing_characters, 3},
    {"na", not_a_number, 0},
    {"nano", trailing_characters, 3},
    {"nan(1)", trailing_characters, 3},
    {"snan", not_a_number, 0},
    {"1\0"sv, trailing_characters, 1},
    {"\0"sv, not_a_number, 0},
    {"\0"
     "1"sv,
     not_a_number, 0},
    {"1\0"
     "5"sv,
     trailing_characters, 1},
    {"1e\0"sv, not_a_number, 2},
    {"\xff", not_a_number, 0},
    {"1\x80", trailing_characters, 1},
    {"\xe2\x88\x92"
     "1",
     not_a_number, 0},  // a typographic minus
    {"61440", out_of_range, 0},
    {"-1e9", out_of_range, 0},
    {"1e99999999999999999999999999", out_of_range, 0},
    {"0x1p99999999999999999999", out_of_range, 0},
    {"inf", no_infinity, 0, formats::e4m3fn},
    {"-Infinity", no_infinity, 0, formats::uint8},
    {"nan", no_nan, 0, formats::e2m1},
    {"-NaN", no_nan, 0, formats::int8},
    {"-inf", out_of_range, 0, formats::binary8p1ue},
    {"0", out_of_range, 0, formats::e8m0fnu},
    {"-1", out_of_range, 0, formats::ue4m3},
    {"256", out_of_range, 0, formats::uint8},
    {"-1", out_of_range, 0, formats::uint1},
};

constexpr row codes[] = {
    {"", empty, 0},
    {"7e", not_a_number, 0},
    {"0", not_a_number, 1},
    {"0x", not_a_number, 2},
    {"0b", not_a_number, 2},
    {"0X", not_a_number, 2},
    {"x7e", not_a_number, 0},
    {"-0x7e", not_a_number, 0},
    {"+0x7e", not_a_number, 0},
    {" 0x7e", not_a_number, 0},
    {"0x7e ", trailing_characters, 4},
    {"0x7g", trailing_characters, 3},
    {"0x7.e", trailing_characters, 3},
    {"0b12", trailing_characters, 3},
    {"0b2", not_a_number, 2},
    {"0x'7e", not_a_number, 2},
    {"0x7e'", not_a_number, 5},
    {"0x7''e", not_a_number, 4},
    {"0x100", code_too_wide, 0},
    {"0b1'0000'0000", code_too_wide, 0},
    {"0xffffffffffffffffff", code_too_wide, 0},
    {"0x10000000000000000", code_too_wide, 0},
    {"0x80", code_too_wide, 0, formats::ue4m3},
    {"0x10", code_too_wide, 0, formats::e2m1},
    {"0x7\0"sv, trailing_characters, 3},
};

// The text in a heap block of its size, so that a sanitizer sees any read beyond it.
struct exact_copy {
  explicit exact_copy(std::string_view text)
      : block{new char[text.size() == 0 ? 1 : text.size()]}, first{block.get()}, last{first} {
    std::memcpy(block.get(), text.data(), text.size());
    last += text.size();
  }
  std::unique_ptr<char[]> block;
  const char* first;
  const char* last;
};

void check_row(const row& r, parsed (*read)(const char*, const char*, format)) {
  const exact_copy t{r.text};
  const parsed p = read(t.first, t.last, r.f);
  const std::string text{r.text};
  CHECK_MESSAGE(p.error == r.error, text << " gave: " << std::string(message(p.error)));
  CHECK_MESSAGE(p.position - t.first == r.position, text);
  CHECK_MESSAGE(!p.ok(), text);
}

constexpr bool all_rows_fail_at_compile_time() {
  for (const row& r : numbers) {
    const char* const first = r.text.data();
    const parsed p = parse(first, first + r.text.size(), r.f);
    if (p.error != r.error || p.position - first != r.position) return false;
  }
  return true;
}
static_assert(all_rows_fail_at_compile_time());

}  // namespace

TEST_CASE("bad numbers: error and position") {
  for (const row& r : numbers) {
    check_row(r, [](const char* a, const char* b, format f) { return parse(a, b, f); });
  }
  MESSAGE(std::size(numbers) << " texts");
}

TEST_CASE("bad codes: error and position") {
  for (const row& r : codes) {
    check_row(r, [](const char* a, const char* b, format f) { return parse_code(a, b, f); });
  }
}

TEST_CASE("good spellings stay good") {
  for (const std::string_view text :
       {"1", "+1", "1.", "01", "1e0", "1E+00", "0.1e1", "10e-1", "0x1", "0X1P0", "0x1.", "+0x1p-0",
        "0x.8p1", "000001.000000", "0x0001"}) {
    const exact_copy t{text};
    const parsed p = parse(t.first, t.last, formats::e5m2);
    CHECK_MESSAGE(p.ok(), std::string(text));
    CHECK_MESSAGE(p.code == 0x3c, std::string(text));
    CHECK(p.position == t.last);
  }
  for (const std::string_view text : {"-inf", "-INF", "-Infinity", "-iNfInItY"}) {
    const exact_copy t{text};
    CHECK(parse(t.first, t.last, formats::e5m2).code == 0xfc);
  }
  for (const std::string_view text : {"nan", "NaN", "+NAN"}) {
    const exact_copy t{text};
    CHECK(parse(t.first, t.last, formats::e5m2).code == 0x7e);
  }
  for (const std::string_view text : {"0x3c", "0X3C", "0x003c", "0x3'c", "0b00111100",
                                      "0b0'01111'00", "0B111100", "0x0000000000000000000000003c"}) {
    const exact_copy t{text};
    const parsed p = parse_code(t.first, t.last, formats::e5m2);
    CHECK_MESSAGE(p.ok(), std::string(text));
    CHECK(p.code == 0x3c);
    CHECK(p.position == t.last);
  }
}

TEST_CASE("a null range is empty, and the number is left alone after an error") {
  CHECK(parse(nullptr, nullptr, formats::e5m2).error == empty);
  CHECK(parse_code(nullptr, nullptr, formats::e5m2).error == empty);
  float x = 7;
  const char text[] = "1x";
  CHECK(!parse(text, text + 2, x).ok());
  CHECK(x == 7);
  CHECK(parse(text, text + 1, x).ok());
  CHECK(x == 1);
}

TEST_CASE("very long bad texts") {
  const std::string digits(300000, '9');
  const auto error = [](const std::string& t) {
    return parse(t.data(), t.data() + t.size(), formats::binary64).error;
  };
  CHECK(error(digits) == out_of_range);
  CHECK(error(digits + "x") == trailing_characters);
  CHECK(error("1e" + digits) == out_of_range);
  CHECK(error("1e-" + digits) == none);
  CHECK(error("0x" + digits) == out_of_range);
  CHECK(error("0x1p" + digits) == out_of_range);
  CHECK(error(std::string(300000, '-')) == not_a_number);
  CHECK(error(std::string(300000, '.')) == not_a_number);
  CHECK(error("0." + std::string(300000, '0') + "e") == not_a_number);
}

TEST_CASE("random bytes of the alphabet of numbers never leave the range") {
  constexpr char alphabet[] = "0123456789+-.eEpPxXinfatyb'\0 ";
  std::mt19937 random(5);
  std::uint32_t good = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string text;
    for (auto n = random() % 9; n > 0; --n) text += alphabet[random() % (sizeof alphabet - 1)];
    const exact_copy t{text};
    const parsed p = parse(t.first, t.last, formats::e4m3fn);
    const parsed c = parse_code(t.first, t.last, formats::e4m3fn);
    const bool inside = t.first <= p.position && p.position <= t.last && t.first <= c.position &&
                        c.position <= t.last;
    if (!inside) FAIL_CHECK(text);
    good += p.ok() ? 1 : 0;
  }
  CHECK(good > 1000);
}

TEST_CASE("every error has words") {
  for (int e = 0; e <= static_cast<int>(code_too_wide); ++e) {
    CHECK(std::string(message(text_error(e))) != "unknown");
  }
}
