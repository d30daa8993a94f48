// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operations on NaN, infinities and zeros against tables typed from IEEE 754-2019 (6.1
/// to 6.3, 7.2, 7.3, 9.2.1), C23 Annex F and p3109.md sections 4 and 5. Nothing here is computed.
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/arithmetic.hpp>
#include <lowp/compare.hpp>
#include <lowp/convert.hpp>
#include <lowp/find_format.hpp>
#include <lowp/operations.hpp>

#include "oracle/report.hpp"

namespace {

using lowp::code_t;
using lowp::coded;
using lowp::operation;
using lowp::operation_rules;
using lowp::projection;
using lowp::status;

/// Operands in the order of rows and columns: quiet and signalling NaN, -inf, -finite, -0, +0,
/// +finite, +inf. The first operand's finite numbers are +-3.5, the others' +-3.
///
/// Results: n NaN; ! NaN and invalid; i I inf, -inf; d D inf, -inf and divide_by_zero; z Z 0, -0;
/// p m a positive, a negative number.
struct table {
  operation op;
  std::string_view rows[8];
};

constexpr table ieee_unary[] = {
    {operation::sqrt, {"n!!!Zzpi"}},          {operation::recip, {"n!ZmDdpz"}},
    {operation::rsqrt, {"n!!!Ddpz"}},         {operation::logb, {"n!ipDDpi"}},
    {operation::rint_even, {"n!ImZzpi"}},     {operation::rint_away, {"n!ImZzpi"}},
    {operation::rint_zero, {"n!ImZzpi"}},     {operation::rint_negative, {"n!ImZzpi"}},
    {operation::rint_positive, {"n!ImZzpi"}}, {operation::abs, {"n!ipzzpi"}},
    {operation::negate, {"n!ipzZmI"}},        {operation::copy, {"n!ImZzpi"}}};

constexpr table ieee_binary[] = {
    {operation::add,
     {"n!nnnnnn", "!!!!!!!!", "n!IIIII!", "n!Immmmi", "n!ImZzpi", "n!Imzzpi", "n!Ippppi",
      "n!!iiiii"}},
    {operation::subtract,
     {"n!nnnnnn", "!!!!!!!!", "n!!IIIII", "n!immmmI", "n!ipzZmI", "n!ipzzmI", "n!ippppI",
      "n!iiiii!"}},
    {operation::multiply,
     {"n!nnnnnn", "!!!!!!!!", "n!ii!!II", "n!ipzZmI", "n!!zzZZ!", "n!!ZZzz!", "n!ImZzpi",
      "n!II!!ii"}},
    {operation::divide,
     {"n!nnnnnn", "!!!!!!!!", "n!!iiII!", "n!zpdDmZ", "n!zz!!ZZ", "n!ZZ!!zz", "n!ZmDdpz",
      "n!!IIii!"}},
    // 9.2.1: hypot of an infinity is infinite, beside a quiet NaN too.
    {operation::hypot,
     {"n!innnni", "!!!!!!!!", "i!iiiiii", "n!ippppi", "n!ipzzpi", "n!ipzzpi", "n!ippppi",
      "i!iiiiii"}},
    // 3.5 - 3 = 0.5. 5.3.1: x itself for an infinite y; a zero has the sign of x.
    {operation::remainder,
     {"n!nnnnnn", "!!!!!!!!", "n!!!!!!!", "n!mm!!mm", "n!ZZ!!ZZ", "n!zz!!zz", "n!pp!!pp",
      "n!!!!!!!"}},
    {operation::fmod,
     {"n!nnnnnn", "!!!!!!!!", "n!!!!!!!", "n!mm!!mm", "n!ZZ!!ZZ", "n!zz!!zz", "n!pp!!pp",
      "n!!!!!!!"}},
    {operation::scalb,
     {"n!nnnnnn", "!!!!!!!!", "n!!IIIII", "n!ZmmmmI", "n!ZZZZZ!", "n!zzzzz!", "n!zppppi",
      "n!!iiiii"}},
    // 9.6
    {operation::minimum,
     {"n!nnnnnn", "!!!!!!!!", "n!IIIIII", "n!Immmmm", "n!ImZZZZ", "n!ImZzzz", "n!ImZzpp",
      "n!ImZzpi"}},
    {operation::maximum,
     {"n!nnnnnn", "!!!!!!!!", "n!ImZzpi", "n!mmZzpi", "n!ZZZzpi", "n!zzzzpi", "n!pppppi",
      "n!iiiiii"}},
    // 9.6: a signalling NaN signals, and the number is returned.
    {operation::minimum_number,
     {"n!ImZzpi", "!!!!!!!!", "I!IIIIII", "m!Immmmm", "Z!ImZZZZ", "z!ImZzzz", "p!ImZzpp",
      "i!ImZzpi"}},
    {operation::maximum_number,
     {"n!ImZzpi", "!!!!!!!!", "I!ImZzpi", "m!mmZzpi", "Z!ZZZzpi", "z!zzzzpi", "p!pppppi",
      "i!iiiiii"}},
    // 754-2008 5.3.1
    {operation::min_num,
     {"n!ImZzpi", "!!!!!!!!", "I!IIIIII", "m!Immmmm", "Z!ImZZZZ", "z!ImZzzz", "p!ImZzpp",
      "i!ImZzpi"}},
    {operation::max_num,
     {"n!ImZzpi", "!!!!!!!!", "I!ImZzpi", "m!mmZzpi", "Z!ZZZzpi", "z!zzzzpi", "p!pppppi",
      "i!iiiiii"}},
};

/// Formats with one NaN and one zero: NaN, -inf, -finite, 0, +finite, +inf. The flags of P3109 are
/// lowp's own; the values are the report's.
constexpr table p3109_unary[] = {{operation::sqrt, {"n!!zpi"}},   {operation::recip, {"nzm!pz"}},
                                 {operation::rsqrt, {"n!!!pz"}},  {operation::abs, {"nipzpi"}},
                                 {operation::negate, {"nipzmI"}}, {operation::copy, {"nImzpi"}}};

constexpr table p3109_binary[] = {
    {operation::add, {"nnnnnn", "nIIII!", "nImmmi", "nImzpi", "nIpppi", "n!iiii"}},
    {operation::subtract, {"nnnnnn", "n!IIII", "nimmmI", "nipzmI", "nipppI", "niiii!"}},
    {operation::multiply, {"nnnnnn", "nii!II", "nipzmI", "n!zzz!", "nImzpi", "nII!ii"}},
    {operation::divide, {"nnnnnn", "n!i!I!", "nzp!mz", "nzz!zz", "nzm!pz", "n!I!i!"}},
    {operation::hypot, {"nnnnnn", "niiiii", "nipppi", "nipzpi", "nipppi", "niiiii"}},
    {operation::copysign, {"nnnnnn", "nIIiii", "nmmppp", "nzzzzz", "nmmppp", "nIIiii"}},
    {operation::minimum, {"nnnnnn", "nIIIII", "nImmmm", "nImzzz", "nImzpp", "nImzpi"}},
    {operation::maximum, {"nnnnnn", "nImzpi", "nmmzpi", "nzzzpi", "nppppi", "niiiii"}},
    {operation::minimum_number, {"nImzpi", "IIIIII", "mImmmm", "zImzzz", "pImzpp", "iImzpi"}},
    {operation::maximum_number, {"nImzpi", "IImzpi", "mmmzpi", "zzzzpi", "pppppi", "iiiiii"}},
    // Magnitudes: 3.5 against 3, equal ones by value.
    {operation::minimum_magnitude, {"nnnnnn", "nImzpI", "nmmzpm", "nzzzzz", "npmzpp", "nImzpi"}},
    {operation::maximum_magnitude, {"nnnnnn", "nIIIIi", "nImmmi", "nImzpi", "nIpppi", "niiiii"}},
    {operation::minimum_finite, {"nImzpi", "IImzpI", "mmmmmm", "zzmzzz", "ppmzpp", "iImzpi"}},
    {operation::maximum_finite, {"nImzpi", "IImzpi", "mmmzpm", "zzzzpz", "pppppp", "iimzpi"}},
};

/// The codes of the operands in a format.
std::vector<code_t> operands(lowp::format f, double finite, bool ieee) {
  using lowp::convert;
  const auto number = [&](double x) {
    return convert(lowp::formats::binary64, lowp::to_code(x), f);
  };
  const double inf = std::numeric_limits<double>::infinity();
  const code_t nan = number(std::numeric_limits<double>::quiet_NaN());
  if (!ieee) return {nan, number(-inf), number(-finite), number(0), number(finite), number(inf)};
  return {nan,          number(inf) + 1, number(-inf),   number(-finite),
          number(-0.0), number(0.0),     number(finite), number(inf)};
}

/// The letter of a result; ? for flags that no letter has.
char letter(lowp::format f, const lowp::encoded& e) {
  const lowp::exact x = lowp::decode(f, e.code);
  const std::uint8_t flags = e.flags.bits & (status::invalid | status::divide_by_zero);
  const bool n = x.negative;
  switch (x.cls) {
    case lowp::number_class::nan: return flags == 0 ? 'n' : flags == status::invalid ? '!' : '?';
    case lowp::number_class::infinity:
      if (flags == status::divide_by_zero) return n ? 'D' : 'd';
      return flags != 0 ? '?' : n ? 'I' : 'i';
    case lowp::number_class::zero: return flags != 0 ? '?' : n ? 'Z' : 'z';
    case lowp::number_class::finite: return flags != 0 ? '?' : n ? 'm' : 'p';
  }
  return '?';
}

void check_table(const table& t, const char* name, const projection& p, oracle::tally& cases) {
  const bool ieee = p.rules == operation_rules::ieee754;
  const lowp::format f = *lowp::find_format(name);
  const bool is_unary = lowp::operand_count(t.op) == 1;
  const std::vector<code_t> xs = operands(f, 3.5, ieee);
  const std::vector<code_t> ys = operands(f, 3, ieee);
  // 9.6: beside a signalling NaN the number is the result, and invalid is raised.
  const bool number_beats_signalling =
      t.op == operation::minimum_number || t.op == operation::maximum_number;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    for (std::size_t j = 0; j < (is_unary ? 1 : ys.size()); ++j) {
      const char want = is_unary ? t.rows[0][i] : t.rows[i][j];
      const coded x[] = {{f, xs[i]}, {f, is_unary ? 0 : ys[j]}};
      lowp::encoded got = lowp::compute_with_status(t.op, f, p, 0, x);
      if (ieee && number_beats_signalling && (i == 1) != (j == 1) && i != 0 && j != 0) {
        const code_t number = i == 1 ? ys[j] : xs[i];
        cases.expect(got.code == number && got.flags.bits == status::invalid, [&] {
          return std::string(lowp::info(t.op).name) + " signalling " + oracle::hex(number);
        });
        continue;
      }
      const char found = letter(f, got);
      cases.expect(found == want, [&] {
        return std::string(lowp::info(t.op).name) + " " + name + " " + oracle::hex(xs[i]) + " " +
               oracle::hex(x[1].code) + ", " + oracle::text(p) + ": expected " + want + ", got " +
               found + " (" + oracle::hex(got.code) + ")";
      });
    }
  }
}

constexpr const char* ieee_formats[] = {"e5m2",     "e4m3",     "e3m4",     "binary16",
                                        "bfloat16", "binary32", "binary64", "tf32"};

TEST_CASE("ARI-3 ARI-4 ARI-6 ARI-8 ARI-9 ARI-10 ARI-11 special operands under IEEE 754 rules") {
  oracle::tally t;
  for (const char* name : ieee_formats) {
    for (const table& row : ieee_unary) {
      check_table(row, name, {}, t);
    }
    for (const table& row : ieee_binary) {
      const bool overflows = row.op == operation::scalb && std::string_view(name) == "e3m4";
      if (!overflows) check_table(row, name, {}, t);
    }
  }
  oracle::report("special operands, IEEE 754", t);
}

TEST_CASE("ARI-3 ARI-4 ARI-6 ARI-10 ARI-11 special operands under P3109 rules") {
  oracle::tally t;
  for (const char* name : {"binary8p3se", "binary8p4se", "binary8p5se", "binary6p3se",
                           "binary16p11se", "binary16p8se"}) {
    for (const auto rules : {operation_rules::p3109_4_0, operation_rules::p3109_2026_07}) {
      const projection p{.rules = rules};
      for (const table& row : p3109_unary) check_table(row, name, p, t);
      for (const table& row : p3109_binary) check_table(row, name, p, t);
    }
  }
  oracle::report("special operands, P3109", t);
}

/// 6.3: a cancelled sum is +0, but -0 toward negative; zeros of one sign keep it.
TEST_CASE("ARI-4 ARI-5 the sign of a zero sum") {
  const lowp::format f = lowp::formats::e5m2;
  constexpr code_t plus = 0x00;
  constexpr code_t minus = 0x80;
  constexpr code_t one = 0x3c;
  constexpr code_t two = 0x40;
  const auto at = [&](code_t c) { return coded{f, c}; };
  oracle::tally t;
  for (int mode = 0; mode < 12; ++mode) {
    const projection p{.round = static_cast<lowp::rounding>(mode)};
    const code_t open = p.round == lowp::toward_negative ? minus : plus;
    const auto expect = [&](code_t want, code_t got) {
      t.expect(want == got, [&] { return oracle::text(p) + " " + oracle::hex(got); });
    };
    expect(open, lowp::add(at(one), at(one | minus), f, p));
    expect(open, lowp::add(at(one | minus), at(one), f, p));
    expect(open, lowp::subtract(at(two), at(two), f, p));
    expect(open, lowp::add(at(plus), at(minus), f, p));
    expect(open, lowp::subtract(at(minus), at(minus), f, p));
    expect(plus, lowp::add(at(plus), at(plus), f, p));
    expect(minus, lowp::add(at(minus), at(minus), f, p));
    expect(minus, lowp::subtract(at(minus), at(plus), f, p));
    expect(open, lowp::fma(at(one), at(two), at(two | minus), f, p));
    expect(open, lowp::fma(at(minus), at(two), at(plus), f, p));
    expect(minus, lowp::fma(at(minus), at(two), at(minus), f, p));
    expect(plus, lowp::fma(at(minus), at(two | minus), at(plus), f, p));
    expect(open, lowp::faa(at(one), at(one), at(two | minus), f, p));
    expect(open, lowp::faa(at(minus), at(minus), at(plus), f, p));
    expect(minus, lowp::faa(at(minus), at(minus), at(minus), f, p));
  }
  oracle::report("signs of zero sums", t);
}

/// x y + z and x + y + z of infinities and NaN. 7.2; p3109.md 5.
TEST_CASE("ARI-5 special operands of fma and faa") {
  const lowp::format f = lowp::formats::binary16;
  constexpr code_t inf = 0x7c00;
  constexpr code_t minus = 0x8000;
  constexpr code_t one = 0x3c00;
  constexpr code_t nan = 0x7e00;
  constexpr code_t signalling = 0x7c01;
  struct row {
    operation op;
    code_t x, y, z;
    char want;
  };
  constexpr row rows[] = {{operation::fma, inf, 0, one, '!'},
                          {operation::fma, 0, inf, inf, '!'},
                          {operation::fma, inf, one, minus | inf, '!'},
                          {operation::fma, inf, minus | one, inf, '!'},
                          {operation::fma, inf, one, inf, 'i'},
                          {operation::fma, one, one, minus | inf, 'I'},
                          {operation::fma, 0, one, inf, 'i'},
                          {operation::fma, nan, one, one, 'n'},
                          {operation::fma, one, nan, inf, 'n'},
                          {operation::fma, nan, one, signalling, '!'},
                          {operation::fma, signalling, one, one, '!'},
                          {operation::fma, one, one, nan, 'n'},
                          {operation::faa, inf, one, one, 'i'},
                          {operation::faa, inf, one, minus | inf, '!'},
                          {operation::faa, minus | inf, inf, 0, '!'},
                          {operation::faa, one, minus | inf, inf, '!'},
                          {operation::faa, inf, inf, inf, 'i'},
                          {operation::faa, minus | inf, one, nan, 'n'},
                          {operation::faa, one, signalling, nan, '!'},
                          {operation::faa, one, minus | inf, one, 'I'},
                          {operation::clamp, nan, one, inf, 'n'},
                          {operation::clamp, one, nan, inf, 'n'},
                          {operation::clamp, one, inf, nan, 'n'},
                          {operation::clamp, one, inf, one, '!'},
                          {operation::clamp, one, minus | inf, inf, 'p'},
                          {operation::clamp, one, inf, inf, 'i'},
                          {operation::clamp, inf, minus | inf, minus | inf, 'I'},
                          {operation::clamp, minus | inf, minus | one, one, 'm'}};
  for (const auto rules :
       {operation_rules::ieee754, operation_rules::p3109_4_0, operation_rules::p3109_2026_07}) {
    for (const row& r : rows) {
      const coded x[] = {{f, r.x}, {f, r.y}, {f, r.z}};
      CAPTURE(lowp::info(r.op).name);
      CAPTURE(r.x);
      CAPTURE(r.y);
      CAPTURE(r.z);
      CHECK(letter(f, lowp::compute_with_status(r.op, f, {.rules = rules}, 0, x)) == r.want);
    }
  }
}

/// Which NaN: the first operand's, quiet, with its sign and payload.
TEST_CASE("ARI-3 the NaN of the first operand that is one") {
  const projection p{.nan = lowp::nan_rule::payload};
  const lowp::format f = lowp::formats::binary16;
  const coded one{f, 0x3c00};
  const coded first{f, 0xfe12};
  const coded second{f, 0x7e34};
  const coded signalling{f, 0x7c56};
  for (const operation op :
       {operation::add, operation::subtract, operation::multiply, operation::divide,
        operation::remainder, operation::fmod, operation::hypot, operation::minimum,
        operation::maximum, operation::minimum_number, operation::minimum_finite}) {
    CAPTURE(lowp::info(op).name);
    const auto code = [&](coded x, coded y) {
      const coded operands[] = {x, y};
      return lowp::compute(op, f, p, 0, operands);
    };
    CHECK(code(first, second) == 0xfe12);
    CHECK(code(second, first) == 0x7e34);
    CHECK(code(signalling, first) == 0x7e56);
    CHECK(code(first, signalling) == 0xfe12);
    if (op < operation::minimum_number) CHECK(code(one, second) == 0x7e34);
  }
  CHECK(lowp::fma(one, first, second, f, p) == 0xfe12);
  CHECK(lowp::fma(one, one, second, f, p) == 0x7e34);
  CHECK(lowp::faa(one, second, first, f, p) == 0x7e34);
  CHECK(lowp::sqrt(first, f, p) == 0xfe12);
  CHECK(lowp::sqrt(coded{f, 0xbc00}, f, p) == 0x7e00);  // invalid: positive
}

}  // namespace
