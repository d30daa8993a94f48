// SPDX-License-Identifier: Apache-2.0
// Decimals longer than a double: parsing into a format is one rounding, where strtod and a
// conversion are two and give another code.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include <lowp/lowp.hpp>

#include "oracle/decimal.hpp"
#include "oracle/project.hpp"
#include "oracle/report.hpp"
#include "oracle/sources.hpp"

using namespace lowp;

namespace {

parsed read(const std::string& text, format f, const parse_options& options = {}) {
  return parse(text.data(), text.data() + text.size(), f, options);
}

/// The code by way of double.
code_t detour(const std::string& text, format f, const projection& p = {}) {
  return convert(formats::binary64, to_code(std::strtod(text.c_str(), nullptr)), f, p);
}

/// The middles of neighbouring values of a format, a hair beside which double cannot tell from the
/// middle. Counts where the detour differs: for each middle one of the two hairs, as the tie goes
/// to the even neighbour.
void check_middles(const oracle::source& s) {
  const format f = s.format;
  oracle::tally direct;
  std::uint64_t different = 0;
  std::uint64_t middles = 0;
  for (std::uint64_t index = s.to.up.top() > 600 ? 513 : 1; index < s.to.up.top();
       index += s.to.up.top() / 300 + 1) {
    const oracle::real middle = s.to.up.middle(index);
    if (!middle.is_dyadic() || middle.top() < -1000) continue;
    const std::string exact = oracle::exact_text(middle);
    ++middles;
    for (const bool above : {false, true}) {
      const std::string text = oracle::nudged(exact, 30, above);
      const code_t code = read(text, f).code;
      // The oracle's own ladder: the value above or below the middle.
      const oracle::value neighbour{.cls = oracle::sort::finite,
                                    .magnitude = s.to.up.at(above ? index + 1 : index)};
      const code_t expected = oracle::project(s.to, neighbour, projection{}, 0).code;
      direct.expect(code == expected, [&] { return text + " gives " + oracle::hex(code); });
      different += detour(text, f) != code ? 1 : 0;
    }
  }
  oracle::report(std::string(s.format.name) + ", hairs beside middles", direct);
  CAPTURE(s.format.name);
  CHECK(different == middles);
}

}  // namespace

TEST_CASE("a hair beside every middle: direct is right, by double every second is wrong") {
  for (const oracle::source& s : oracle::sources_up_to(16)) {
    const format f = s.format;
    if (f.kind == number_kind::minifloat && f.width > 3 && s.to.up.top() > 3) check_middles(s);
  }
}

TEST_CASE("texts that a detour gets wrong") {
  struct row {
    const char* text;
    format f;
    code_t direct;
    code_t by_double;
  };
  const row rows[] = {
      // 1 + 2^-11, the middle after 1 in binary16, and a hair more.
      {"1.000488281250000000000000000001", formats::binary16, 0x3c01, 0x3c00},
      // 1 + 3 x 2^-8 in bfloat16, a hair less.
      {"1.01171874999999999999999999", formats::bfloat16, 0x3f81, 0x3f82},
      // Half of the least e4m3fn: zero, and the least.
      {"0.0009765625000000000000000000000000000001", formats::e4m3fn, 0x01, 0x00},
      // 464, where e4m3fn ends: one hair more is NaN.
      {"464.00000000000000000000000000000001", formats::e4m3fn, 0x7f, 0x7e},
      // 2.5 in e2m1 and in int8.
      {"2.500000000000000000000000000000000000000001", formats::e2m1, 0x5, 0x4},
      {"2.500000000000000000000000000000000000000001", formats::int8, 3, 2},
      // Posits never round to zero, doubles do.
      {"1e-400", formats::posit16, 0x0001, 0x0000},
      {"1e-400", formats::takum16, 0x0001, 0x0000},
      {"1e400", formats::posit16, 0x7fff, 0x8000},
      // 2^63 - 1 is no double.
      {"9223372036854775807", formats::uint64, 0x7fffffffffffffff, 0x8000000000000000},
      // Beside the middle of two floats: 1 + 2^-24.
      {"1.000000059604644775390625000000000001", formats::binary32, 0x3f800001, 0x3f800000},
      // Half of the least float.
      {"7.0064923216240853546187e-46", formats::binary32, 0x00000001, 0x00000000},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    CHECK(read(r.text, r.f, {.project_out_of_range = true}).code == r.direct);
    CHECK(detour(r.text, r.f) == r.by_double);
  }
  // Directed modes: a hair above a value is above it.
  const std::string hair = "1.0000000000000000000000000000000000000000000001";
  const projection up{.round = toward_positive};
  CHECK(read(hair, formats::e4m3fn, {.how = up}).code == 0x39);
  CHECK(detour(hair, formats::e4m3fn, up) == 0x38);
  static_assert(from_text<float16>("1.000488281250000000000000000001").code() == 0x3c01);
}

TEST_CASE("stochastic rounding of long texts into formats of 53 and 64 bits") {
  // 1 + R 2^-84 in binary64: R of 2^32 random words round up, exactly.
  oracle::tally t;
  for (const std::uint64_t r :
       {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{0x7fffffff}, std::uint64_t{0x80000000},
        std::uint64_t{0x12345678}, std::uint64_t{0xffffffff}}) {
    const oracle::integer n = (oracle::integer{1} << 84) + r;
    const std::string exact = oracle::exact_text(oracle::real{n, -84});
    const std::string more = oracle::nudged(exact, 20, true);
    const std::string less = oracle::nudged(exact, 20, false);
    const auto rounds_up = [](const std::string& text, std::uint64_t word) {
      const projection p{.round = stochastic_a, .random_bits = 32};
      return read(text, formats::binary64, {.how = p, .random = word}).code == to_code(1.0) + 1;
    };
    const auto words = [r] { return oracle::hex(r); };
    const std::uint64_t first = (std::uint64_t{1} << 32) - r;  // of the words that round up
    t.expect(rounds_up(exact, first) && rounds_up(more, first), words);
    if (r > 1) t.expect(!rounds_up(less, first) && rounds_up(less, first + 1), words);
    t.expect(!rounds_up(exact, first - 1) && !rounds_up(more, first - 1), words);
  }
  // The greatest odd integer of 63 bits and R 2^-32 more.
  for (const std::uint64_t r :
       {std::uint64_t{1}, std::uint64_t{0x80000001}, std::uint64_t{0xfffffffe}}) {
    const oracle::integer n = (oracle::integer{0x7ffffffffffffff1} << 32) + r;
    const std::string exact = oracle::exact_text(oracle::real{n, -32});
    for (const std::uint64_t word :
         {(std::uint64_t{1} << 32) - r, (std::uint64_t{1} << 32) - r - 1}) {
      const projection p{.round = stochastic_a, .random_bits = 32};
      const bool up = word + r >= std::uint64_t{1} << 32;
      const code_t code = read(exact, formats::int64, {.how = p, .random = word}).code;
      t.expect(code == (up ? 0x7ffffffffffffff2 : 0x7ffffffffffffff1),
               [r] { return oracle::hex(r); });
    }
  }
  oracle::report("stochastic texts", t);
}
