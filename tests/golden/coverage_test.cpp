// SPDX-License-Identifier: Apache-2.0
// The classes of test vectors at places that were worked out by hand.
#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/golden/coverage.hpp>
#include <lowp/golden/vector_row.hpp>

namespace {

using namespace lowp;
using names = std::vector<std::string>;

names of_code(format f, code_t code) {
  names out;
  for (const auto& c : golden::all_code_classes) {
    if (c.holds(golden::coded_value::of(f, code))) out.emplace_back(c.name);
  }
  return out;
}

// What nearest-even makes of it is the result.
names of_value(format to, std::uint64_t significand, int exponent, bool negative = false) {
  const exact x = exact_finite(negative, significand, exponent);
  names out;
  for (const auto& c : golden::all_result_classes) {
    if (c.holds(golden::place_of(to, x, encode(to, x)))) out.emplace_back(c.name);
  }
  return out;
}

names of_sum(format to, std::initializer_list<exact> list) {
  std::vector<exact> terms;
  for (const exact& t : list) terms.push_back(normalized(t));
  names out;
  for (const auto& c : golden::all_sum_classes) {
    if (c.holds({terms, golden::sum_of(terms), to})) out.emplace_back(c.name);
  }
  return out;
}

exact value(std::int64_t n, int exponent = 0) {
  return exact_finite(n < 0, static_cast<std::uint64_t>(n < 0 ? -n : n), exponent);
}

}  // namespace

TEST_CASE("GLD-14 classes of codes") {
  using formats::binary16, formats::e4m3fn, formats::int8;
  CHECK(of_code(e4m3fn, 0x00) == names{"+0"});
  CHECK(of_code(e4m3fn, 0x80) == names{"-0"});
  CHECK(of_code(e4m3fn, 0x01) == names{"least positive", "subnormal", "power of two"});
  CHECK(of_code(e4m3fn, 0x07) == names{"subnormal", "greatest subnormal", "end of a binade"});
  CHECK(of_code(e4m3fn, 0x86) == names{"negative subnormal", "negative number"});
  CHECK(of_code(e4m3fn, 0x08) == names{"least normal", "power of two"});
  CHECK(of_code(e4m3fn, 0x38) == names{"one", "power of two"});
  CHECK(of_code(e4m3fn, 0x39).empty());
  CHECK(of_code(e4m3fn, 0x7e) == names{"greatest"});
  CHECK(of_code(e4m3fn, 0xfe) == names{"negative number", "lowest"});
  CHECK(of_code(e4m3fn, 0xff) == names{"NaN", "negative NaN"});
  CHECK(of_code(binary16, 0x7c00) == names{"+infinity"});
  CHECK(of_code(binary16, 0xfc00) == names{"-infinity"});
  CHECK(of_code(binary16, 0x7e00) == names{"NaN"});
  CHECK(of_code(binary16, 0x7e01) == names{"NaN", "NaN with payload"});
  CHECK(of_code(binary16, 0x7d00) == names{"signalling NaN"});
  CHECK(of_code(binary16, 0x7c1f) == names{"signalling NaN", "signalling NaN of low payload"});
  CHECK(of_code(binary16, 0xfc20) == names{"negative NaN", "signalling NaN"});
  CHECK(of_code(int8, 0x80) == names{"negative number", "power of two", "lowest"});
  CHECK(of_code(int8, 0x7f) == names{"greatest"});
}

TEST_CASE("GLD-14 places of exact results") {
  using formats::e4m3fn, formats::e8m0fnu, formats::int8, formats::posit8;
  // Codes between 1 and 2 are eighths: 17/16 is a tie above 8/8, 19/16 one above 9/8.
  CHECK(of_value(e4m3fn, 1, 0) == names{"exact"});
  CHECK(of_value(e4m3fn, 17, -4) == names{"tie above an even code"});
  CHECK(of_value(e4m3fn, 19, -4) == names{"tie above an odd code"});
  CHECK(of_value(e4m3fn, 19, -4, true) == names{"tie above an odd code"});
  // Within an eighth of a step of the middle: 3/8 and 5/8 are the ends.
  CHECK(of_value(e4m3fn, 64 + 3, -6) == names{"just below a tie"});
  CHECK(of_value(e4m3fn, 64 + 5, -6) == names{"just above a tie"});
  CHECK(of_value(e4m3fn, (64 + 3) * 1024 - 1, -16) == names{"just above a code"});
  CHECK(of_value(e4m3fn, (64 + 5) * 1024 + 1, -16) == names{"just below a code"});
  CHECK(of_value(e4m3fn, 31, -4) == names{"tie above an odd code", "carry into the exponent"});
  CHECK(of_value(e4m3fn, 61, -5) == names{"just above a code"});
  // Subnormals are multiples of 2^-9, 7 of them; the least normal is 8.
  CHECK(of_value(e4m3fn, 3, -9) == names{"exact", "subnormal exact"});
  CHECK(of_value(e4m3fn, 7, -10) == names{"subnormal tie"});
  CHECK(of_value(e4m3fn, 27, -12) == names{"subnormal just below a tie"});
  CHECK(of_value(e4m3fn, 29, -12) == names{"subnormal just above a tie"});
  CHECK(of_value(e4m3fn, 15, -10) ==
        names{"carry into the exponent", "tie below the least normal"});
  CHECK(of_value(e4m3fn, 59, -12) == names{"beside the tie below the least normal"});
  CHECK(of_value(e4m3fn, 1, -10) == names{"half the least magnitude"});
  CHECK(of_value(e4m3fn, 7, -13) == names{"just below half the least magnitude"});
  CHECK(of_value(e4m3fn, 9, -13) == names{"just above half the least magnitude"});
  CHECK(of_value(e4m3fn, 1, -13).empty());
  // The greatest is 448, the step before it 32.
  CHECK(of_value(e4m3fn, 448, 0) == names{"exact"});
  CHECK(of_value(e4m3fn, 464, 0) == names{"overflow threshold"});
  CHECK(of_value(e4m3fn, 463, 0, true) == names{"just below the overflow threshold"});
  CHECK(of_value(e4m3fn, 465, 0) == names{"just above the overflow threshold"});
  CHECK(of_value(e4m3fn, 480, 0) == names{"far above the greatest"});
  // Without zero; and the two ends of integers.
  CHECK(of_value(e8m0fnu, 1, -128) == names{"half the least magnitude"});
  CHECK(of_value(e8m0fnu, 5, 125) == names{"overflow threshold"});
  CHECK(of_value(e8m0fnu, 1, 0, true).empty());
  CHECK(of_value(int8, 255, -1) == names{"overflow threshold"});
  CHECK(of_value(int8, 257, -1, true) == names{"overflow threshold"});
  CHECK(of_value(int8, 5, -1, true) == names{"tie above an even code"});
  CHECK(of_value(posit8, 17, -9).empty());
}

TEST_CASE("GLD-14 sums") {
  using formats::binary16;
  CHECK(of_sum(binary16, {value(3), value(-3)}) == names{"cancels to zero", "terms of one binade"});
  CHECK(of_sum(binary16, {value(4), value(-3)}) ==
        names{"cancels by more", "terms one binade apart"});
  CHECK(of_sum(binary16, {value(4), value(-1)}) == names{"cancels by a binade"});
  CHECK(of_sum(binary16, {value(3), value(3)}) ==
        names{"grows by a binade", "terms of one binade"});
  CHECK(of_sum(binary16, {value(1), value(1, -10)}) ==
        names{"terms apart by the precision less one"});
  CHECK(of_sum(binary16, {value(1), value(1, -11)}) == names{"terms apart by the precision"});
  CHECK(of_sum(binary16, {value(1, -12), value(1)}) ==
        names{"terms apart by the precision and one"});
  CHECK(of_sum(binary16, {value(1), value(1, -13)}) == names{"terms further apart"});
  CHECK(of_sum(binary16, {value(1), exact_zero()}) == names{"zero beside a number"});
  CHECK(of_sum(binary16, {exact_infinity(), exact_infinity(true)}) ==
        names{"infinities of both signs"});
  // Three terms, the great ones gone: nothing may be lost on the way.
  const std::vector<exact> terms{normalized(value(1, 120)), normalized(value(1, -120)),
                                 normalized(value(-1, 120))};
  CHECK(compare(golden::sum_of(terms), value(1, -120)) == ordering::equal);
}

TEST_CASE("GLD-10 GLD-11 GLD-12 GLD-13 rows") {
  CHECK(golden::row_flags == 0x1f);
  CHECK(golden::hex_digits(formats::e2m1) == 1);
  CHECK(golden::hex_digits(formats::e3m2) == 2);
  CHECK(golden::hex_digits(formats::tf32) == 5);
  CHECK(std::string(golden::vector_magic).size() == 8);
  CHECK(golden::vector_header_unit == 64);
  using formats::binary16;
  CHECK(golden::is_right(binary16, 0x3c00, 0x3c00));
  CHECK_FALSE(golden::is_right(binary16, 0x0000, 0x8000, true));
  CHECK_FALSE(golden::is_right(binary16, 0x7e00, 0xfe00));
  CHECK(golden::is_right(binary16, 0x7e00, 0xfe01, true));
  CHECK_FALSE(golden::is_right(binary16, 0x7e00, 0x7c00, true));
  CHECK_FALSE(golden::is_right(binary16, 0x7c00, 0x7e00, true));
}
