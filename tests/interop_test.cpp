// SPDX-License-Identifier: Apache-2.0
// The standard library around number<F>: numeric_limits, hash, streams, strings, formatters.
#include <cstdint>
#include <functional>
#include <iomanip>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_set>
#include <utility>

#if __has_include(<fmt/format.h>)
#define FMT_HEADER_ONLY
#include <fmt/format.h>
#endif

#include <doctest/doctest.h>

#include <lowp/interop/format.hpp>
#include <lowp/interop/hash.hpp>
#include <lowp/interop/number_formatter.hpp>
#include <lowp/interop/ostream.hpp>
#include <lowp/interop/string.hpp>
#include <lowp/limits.hpp>
#include <lowp/types.hpp>

#ifdef FMT_HEADER_ONLY
#include <lowp/interop/fmt.hpp>
#endif

using namespace lowp;

namespace {

template <class Use>
void for_each_type(Use use) {
  [&]<std::size_t... I>(std::index_sequence<I...>) { (use(number<all_formats[I].value>{}), ...); }
  (std::make_index_sequence<std::size(all_formats)>{});
}

// Literal values worked out by hand from the definitions in the standard and the widths, biases and
// special codes of the formats' documents.
struct expected {
  int digits, digits10, max_digits10;
  int min_exponent, min_exponent10, max_exponent, max_exponent10;
  bool infinity, quiet_nan, signalling_nan, subnormals, iec559, is_signed;
  double min, max, lowest, epsilon, denorm_min;
};

template <class T>
void check_limits(const expected& e) {
  using L = std::numeric_limits<T>;
  static_assert(L::is_specialized && !L::is_integer && !L::is_exact && L::radix == 2);
  static_assert(L::is_bounded && !L::is_modulo && !L::traps && !L::tinyness_before);
  static_assert(!L::has_denorm_loss && L::round_style == std::round_to_nearest);
  CHECK(L::digits == e.digits);
  CHECK(L::digits10 == e.digits10);
  CHECK(L::max_digits10 == e.max_digits10);
  CHECK(L::min_exponent == e.min_exponent);
  CHECK(L::min_exponent10 == e.min_exponent10);
  CHECK(L::max_exponent == e.max_exponent);
  CHECK(L::max_exponent10 == e.max_exponent10);
  CHECK(L::has_infinity == e.infinity);
  CHECK(L::has_quiet_NaN == e.quiet_nan);
  CHECK(L::has_signaling_NaN == e.signalling_nan);
  CHECK((L::has_denorm == std::denorm_present) == e.subnormals);
  CHECK(L::is_iec559 == e.iec559);
  CHECK(L::is_signed == e.is_signed);
  CHECK(convert<double>(L::min()) == e.min);
  CHECK(convert<double>(L::max()) == e.max);
  CHECK(convert<double>(L::lowest()) == e.lowest);
  CHECK(convert<double>(L::epsilon()) == e.epsilon);
  CHECK(convert<double>(L::denorm_min()) == e.denorm_min);
  CHECK(convert<double>(L::round_error()) == 0.5);
  CHECK(is_infinite(L::infinity()) == e.infinity);
  CHECK(is_nan(L::quiet_NaN()) == e.quiet_nan);
  CHECK((classify(L::signaling_NaN()) == value_class::signalling_nan) == e.signalling_nan);
  static_assert(std::numeric_limits<const volatile T>::digits == L::digits);
}

// Formats of the compiler: every member must equal its own.
template <class T, class Native>
void check_like_native() {
  using L = std::numeric_limits<T>;
  using N = std::numeric_limits<Native>;
  static_assert(L::digits == N::digits && L::digits10 == N::digits10);
  static_assert(L::is_signed == N::is_signed && L::is_integer == N::is_integer);
  static_assert(L::is_exact == N::is_exact && L::is_iec559 == N::is_iec559);
  static_assert(L::max_digits10 == N::max_digits10);
  static_assert(L::min_exponent == N::min_exponent && L::min_exponent10 == N::min_exponent10);
  static_assert(L::max_exponent == N::max_exponent && L::max_exponent10 == N::max_exponent10);
  static_assert(L::has_infinity == N::has_infinity && L::has_quiet_NaN == N::has_quiet_NaN);
  static_assert(L::has_signaling_NaN == N::has_signaling_NaN && L::has_denorm == N::has_denorm);
  static_assert(to_code(L::min()) == to_code(N::min()));
  static_assert(to_code(L::max()) == to_code(N::max()));
  static_assert(to_code(L::lowest()) == to_code(N::lowest()));
  static_assert(to_code(L::epsilon()) == to_code(N::epsilon()));
  static_assert(to_code(L::denorm_min()) == to_code(N::denorm_min()));
  static_assert(to_code(L::round_error()) == to_code(N::round_error()));
  static_assert(to_code(L::infinity()) == to_code(N::infinity()));
  static_assert(to_code(L::quiet_NaN()) == to_code(N::quiet_NaN()));
}

}  // namespace

TEST_CASE("numeric_limits of the types that the compiler has too") {
  check_like_native<float32, float>();
  check_like_native<float64, double>();
  check_like_native<int8, std::int8_t>();
  check_like_native<uint8, std::uint8_t>();
  check_like_native<int16, std::int16_t>();
  check_like_native<uint16, std::uint16_t>();
  check_like_native<int32, std::int32_t>();
  check_like_native<uint32, std::uint32_t>();
  check_like_native<int64, std::int64_t>();
  check_like_native<uint64, std::uint64_t>();
}

TEST_CASE("numeric_limits against literal tables") {
  // digits digits10 max_digits10 | min_exp min_exp10 max_exp max_exp10 | inf qnan snan subn iec
  // signed | min max lowest epsilon denorm_min
  check_limits<float16>({11, 3, 5, -13, -4, 16, 4, true, true, true, true, true, true,  //
                         0x1p-14, 65504, -65504, 0x1p-10, 0x1p-24});
  check_limits<bfloat16>({8, 2, 4, -125, -37, 128, 38, true, true, true, true, false, true,  //
                          0x1p-126, 0x1.fep127, -0x1.fep127, 0x1p-7, 0x1p-133});
  check_limits<tfloat32>({11, 3, 5, -125, -37, 128, 38, true, true, true, true, false, true,  //
                          0x1p-126, 0x1.ffcp127, -0x1.ffcp127, 0x1p-10, 0x1p-136});
  check_limits<dlfloat16>({10, 2, 5, -29, -9, 33, 9, false, true, false, false, false, true,  //
                           0x1.008p-31, 0x1.ffp32, -0x1.ffp32, 0x1p-9, 0x1.008p-31});
  check_limits<float8_e5m2>({3, 0, 2, -13, -4, 16, 4, true, true, true, true, false, true,  //
                             0x1p-14, 57344, -57344, 0.25, 0x1p-16});
  check_limits<float8_e4m3fn>({4, 0, 3, -5, -1, 9, 2, false, true, false, true, false, true,  //
                               0x1p-6, 448, -448, 0.125, 0x1p-9});
  check_limits<float8_e4m3>({4, 0, 3, -5, -1, 8, 2, true, true, true, true, false, true,  //
                             0x1p-6, 240, -240, 0.125, 0x1p-9});
  check_limits<float8_e3m4>({5, 1, 3, -1, 0, 4, 1, true, true, true, true, false, true,  //
                             0.25, 15.5, -15.5, 0.0625, 0x1p-6});
  check_limits<float8_e4m3fnuz>({4, 0, 3, -6, -2, 8, 2, false, true, false, true, false, true,  //
                                 0x1p-7, 240, -240, 0.125, 0x1p-10});
  check_limits<float8_e5m2fnuz>({3, 0, 2, -14, -4, 16, 4, false, true, false, true, false, true,  //
                                 0x1p-15, 57344, -57344, 0.25, 0x1p-17});
  check_limits<float8_e4m3b11fnuz>({4, 0, 3, -9, -3, 5, 1, false, true, false, true, false,
                                    true,  //
                                    0x1p-10, 30, -30, 0.125, 0x1p-13});
  check_limits<float8_e8m0fnu>({1, 0, 2, -126, -38, 128, 38, false, true, false, false, false,
                                false, 0x1p-127, 0x1p127, 0x1p-127, 1, 0x1p-127});
  check_limits<float8_ue4m3>({4, 0, 3, -5, -1, 9, 2, false, true, false, true, false, false,  //
                              0x1p-6, 448, 0, 0.125, 0x1p-9});
  check_limits<float8_ue5m3>({4, 0, 3, -13, -4, 17, 5, false, true, false, true, false, false,  //
                              0x1p-14, 114688, 0, 0.125, 0x1p-17});
  check_limits<float6_e3m2fn>({3, 0, 2, -1, 0, 5, 1, false, false, false, true, false, true,  //
                               0.25, 28, -28, 0.25, 0x1p-4});
  check_limits<float6_e2m3fn>({4, 0, 3, 1, 0, 3, 0, false, false, false, true, false, true,  //
                               1, 7.5, -7.5, 0.125, 0x1p-3});
  check_limits<float4_e2m1fn>({2, 0, 2, 1, 0, 3, 0, false, false, false, true, false, true,  //
                               1, 6, -6, 0.5, 0.5});
  check_limits<float4_e3m0>({1, 0, 2, -1, 0, 5, 1, false, false, false, false, false, true,  //
                             0.25, 16, -16, 1, 0.25});
  check_limits<p3109_binary8p4se>({4, 0, 3, -6, -2, 8, 2, true, true, false, true, false, true,  //
                                   0x1p-7, 224, -224, 0.125, 0x1p-10});
  check_limits<hifloat8>({4, 0, 3, -14, -4, 16, 4, true, true, false, true, false, true,  //
                          0x1p-15, 32768, -32768, 0.125, 0x1p-22});
  check_limits<posit16>({12, 3, 5, -55, -16, 57, 16, false, true, false, false, false, true,  //
                         0x1p-56, 0x1p56, -0x1p56, 0x1p-11, 0x1p-56});
}

TEST_CASE("numeric_limits of kinds without an exponent field") {
  using mx = std::numeric_limits<mxint8>;
  static_assert(mx::is_exact && !mx::is_integer && mx::digits == 7 &&
                mx::has_denorm == std::denorm_absent);
  CHECK(convert<double>(mx::min()) == -2);
  CHECK(convert<double>(mx::lowest()) == -2);
  CHECK(convert<double>(mx::max()) == 1.984375);
  CHECK(convert<double>(mx::epsilon()) == 0x1p-6);
  using tiny = std::numeric_limits<int1>;
  static_assert(tiny::is_integer && tiny::digits == 0 && tiny::digits10 == 0);
  CHECK(convert<int>(tiny::min()) == -1);
  CHECK(convert<int>(tiny::max()) == 0);
  using lns = std::numeric_limits<lns8>;
  static_assert(lns::digits == 4 && lns::min_exponent == -6 && lns::max_exponent == 8);
  CHECK(lns::max().code() == 0x7f);
  using four = std::numeric_limits<nf4>;
  static_assert(four::digits == 0 && four::max_digits10 == 2 && four::max_exponent == 1);
  CHECK(is_zero(four::epsilon()));
}

TEST_CASE("numeric_limits: what the standard promises of its members holds for every format") {
  for_each_type([](auto x) {
    using T = decltype(x);
    using L = std::numeric_limits<T>;
    constexpr format f = T::format_value;
    INFO(std::string(find_format(f)->name));
    CHECK(!(L::max() < L::min()));
    CHECK(!(L::min() < L::lowest()));
    CHECK(is_finite(L::max()));
    CHECK(compare(f, next_up(f, L::max().code()), f, L::max().code()) !=
          (L::has_infinity ? ordering::equal : ordering::greater));
    if constexpr (!L::is_exact && f.kind == number_kind::minifloat) {
      // 2^(min_exponent-1) and 2^(max_exponent-1) exist, the powers beyond do not
      const auto exists = [&](int e) {
        const exact power = exact_finite(false, 1, e);
        return compare(decode(f, encode(f, power, {.overflow = saturate})), power) ==
               ordering::equal;
      };
      CHECK(exists(L::min_exponent - 1));
      CHECK(exists(L::max_exponent - 1));
      CHECK(!exists(L::max_exponent));
      CHECK(!(decode(f, L::min().code()).cls == number_class::zero));
      // 10^max_exponent10 is in range, ten times that is not; likewise below
      const auto range = [&](int e) {
        const std::string text = "1e" + std::to_string(e);
        const parsed p =
            parse(text.data(), text.data() + text.size(), f, {.how = {.round = toward_zero}});
        return p.ok() && !p.flags.has(status::overflow) && T::from_code(p.code) >= L::min();
      };
      if (L::max_exponent10 >= L::min_exponent10) CHECK(range(L::max_exponent10));
      if (L::max_exponent10 >= L::min_exponent10) CHECK(range(L::min_exponent10));
      CHECK(!range(L::min_exponent10 - 1));
    }
  });
}

TEST_CASE("hash: equal values hash alike") {
  const std::hash<float16> h;
  CHECK(h(float16{0.0f}) == h(float16{-0.0f}));
  CHECK(h(float16{1.0f}) != h(float16{-1.0f}));
  for_each_type([](auto x) {
    using T = decltype(x);
    if constexpr (T::format_value.width <= 8) {
      std::unordered_set<T> seen;
      std::unordered_set<std::size_t> hashes;
      std::uint64_t nans = 0;
      for (code_t c = 0; c < code_t{1} << T::format_value.width; ++c) {
        seen.insert(T::from_code(c));
        nans += is_nan(T::from_code(c)) ? 1 : 0;
      }
      CHECK(seen.size() ==
            finite_value_count(T::format_value) + nans +
                (has_infinity(T::format_value) ? T::format_value.is_signed ? 2 : 1 : 0));
    }
  });
}

namespace {

template <class... Change>
std::string shown(float16 x, Change... change) {
  std::ostringstream out;
  (void)(out << ... << change);
  out << x << '|';
  return out.str();
}

}  // namespace

TEST_CASE("operator<< honours the flags of the stream") {
  const float16 x{1.5f};
  const float16 y{-1.5f};
  CHECK(shown(x) == "1.5|");
  CHECK(shown(x, std::hexfloat) == "0x1.8p+0|");
  CHECK(shown(x, std::hexfloat, std::uppercase, std::showpos) == "+0X1.8P+0|");
  CHECK(shown(x, std::setw(6)) == "   1.5|");
  CHECK(shown(x, std::left, std::setw(6)) == "1.5   |");
  CHECK(shown(y, std::internal, std::setfill('*'), std::setw(7)) == "-***1.5|");
  CHECK(shown(x, std::internal, std::setfill('*'), std::setw(6)) == "***1.5|");
  CHECK(shown(x, std::fixed, std::setprecision(9)) == "1.5|");
  CHECK(shown(float16::quiet_nan(), std::uppercase) == "NAN|");
  CHECK(shown(float16{1e-5f}) == "1e-05|");
  std::wostringstream wide;
  wide << float8_e4m3fn{448.0f};
  CHECK((wide.str() == L"448"));
}

TEST_CASE("operator>> takes what begins a number and leaves the rest") {
  std::istringstream in(" 1.5-inf 0x1p3,+.25e1 nan");
  float16 x;
  char comma = 0;
  in >> x;
  CHECK(x == 1.5f);
  in >> x;
  CHECK(x == -std::numeric_limits<float>::infinity());
  in >> x >> comma;
  CHECK(x == 8);
  CHECK(comma == ',');
  in >> x;
  CHECK(x == 2.5f);
  in >> x;
  CHECK(is_nan(x));
  CHECK(in.eof());
  CHECK(!in.fail());

  const auto fails = [](const char* text, float expected, const char* rest) {
    std::istringstream bad(text);
    float8_e4m3fn y{1.0f};
    bad >> y;
    CHECK_MESSAGE(bad.fail(), std::string(text));
    CHECK_MESSAGE(y == expected, std::string(text));
    bad.clear();
    std::string left;
    std::getline(bad, left);
    CHECK_MESSAGE(left == rest, std::string(text));
  };
  fails("", 1.0f, "");  // nothing to read: untouched, as for double
  fails("abc", 0.0f, "abc");
  fails("-x", 0.0f, "x");
  fails("1e9 2", 448.0f, " 2");
  fails("-inf", -448.0f, "");
  fails("1e+x", 0.0f, "x");
  fails("infi 1", 0.0f, " 1");
  std::wistringstream wide(L"0.3");
  float8_e4m3fn z;
  wide >> z;
  CHECK(z.code() == 0x2a);
}

TEST_CASE("strings: round trip, and exceptions that name text, type, rule and position") {
  CHECK(lowp::to_string(float8_e4m3fn{0.3f}) == "0.3");
  CHECK(from_string<float8_e4m3fn>("0.3").code() == 0x2a);
  CHECK(from_string<double>("0.1") == 0.1);
  CHECK(from_string<float8_e4m3fn>("1e9",
                                   {.how = {.overflow = saturate}, .project_out_of_range = true})
            .code() == 0x7e);
  const auto what = [](std::string_view text) -> std::string {
    try {
      static_cast<void>(from_string<float8_e4m3fn>(text));
    } catch (const std::out_of_range& e) {
      return std::string("range: ") + e.what();
    } catch (const std::invalid_argument& e) {
      return std::string("argument: ") + e.what();
    }
    return "";
  };
  CHECK(what("1e9") ==
        "range: lowp: cannot read \"1e9\" as float8_e4m3fn: the value is out of the range "
        "of the format, at character 0");
  CHECK(what("-inf") ==
        "range: lowp: cannot read \"-inf\" as float8_e4m3fn: the format has no infinity, "
        "at character 0");
  CHECK(what("1.5e") ==
        "argument: lowp: cannot read \"1.5e\" as float8_e4m3fn: the text is not a number: "
        "a digit is missing, at character 4");
  CHECK(what("1\n") ==
        "argument: lowp: cannot read \"1?\" as float8_e4m3fn: characters follow after the "
        "number, at character 1");
  CHECK(what("") ==
        "argument: lowp: cannot read \"\" as float8_e4m3fn: the text is empty, at character 0");
  CHECK(what(std::string(1000, '1') + "x").size() < 200);
}

#ifdef FMT_HEADER_ONLY
TEST_CASE("{fmt} formatting") {
  const float16 x{1.5f};
  CHECK(fmt::format("{}", x) == "1.5");
  CHECK(fmt::format("{:8}|", x) == "     1.5|");
  CHECK(fmt::format("{:<8}|", x) == "1.5     |");
  CHECK(fmt::format("{:*^8}|", x) == "**1.5***|");
  CHECK(fmt::format("{:+a}", x) == "+0x1.8p+0");
  CHECK(fmt::format("{:A}", x) == "0X1.8P+0");
  CHECK(fmt::format("{:x}", x) == "0x3e00");
  CHECK(fmt::format("{:b}", x) == "0b0'01111'1000000000");
  CHECK(fmt::format("{:08}", -1) == "-0000001");
  CHECK(fmt::format("{:08}", float16{-1.5f}) == "-00001.5");
  CHECK(fmt::format("{: 08}", x) == " 00001.5");
  CHECK(fmt::format("{:06}", float16::infinity()) == "   inf");
  CHECK(fmt::format("{:+}", float16::quiet_nan()) == "+nan");
  CHECK_THROWS_AS(static_cast<void>(fmt::format(fmt::runtime("{:q}"), x)), fmt::format_error);
  CHECK_THROWS_AS(static_cast<void>(fmt::format(fmt::runtime("{:99999}"), x)), fmt::format_error);
}
#endif

#ifdef __cpp_lib_format
TEST_CASE("std::format") {
  CHECK(std::format("{:*^8}|{:x}", float16{1.5f}, float16{1.5f}) == "**1.5***|0x3e00");
}
#endif
