// SPDX-License-Identifier: Apache-2.0
// number<F>: storage, construction, implicit conversions, integers; typed calls equal untyped ones.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include <doctest/doctest.h>

#include <lowp/lowp.hpp>

using namespace lowp;

namespace {

// Every registered type, to loop over at compile time.
template <std::size_t... I>
auto types_of(std::index_sequence<I...>) -> std::tuple<number<all_formats[I].value>...>;
using all_types = decltype(types_of(std::make_index_sequence<format_count>{}));

template <class Use>
void for_each_type(Use use) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (use(std::tuple_element_t<I, all_types>{}), ...);
  }
  (std::make_index_sequence<format_count>{});
}

// Compile-time proof: the whole path is a constant expression.
static_assert(float8_e4m3fn{0.3f}.code() == 0x2a);
static_assert(float8_e4m3fn{1.0625 + 0x1p-40}.code() == 0x39);  // one rounding from binary64
static_assert(float8_e5m2{464.0f}.code() == 0x5f);
static_assert(is_nan(float8_e4m3fn{465.0f}) && !is_nan(float8_e4m3fn{464.0f}));
static_assert(float4_e2m1fn{-5.0f}.code() == 0xe && float4_e2m1fn{2.5f}.code() == 0x4);
static_assert(convert<float8_e4m3fn>(1e6f, {.overflow = saturate}).code() == 0x7e);
static_assert(convert<float8_e4m3fn>(17, {.round = toward_positive}) == 18);
static_assert(static_cast<float>(float8_e8m0fnu::from_code(0)) == 0x1p-127f);
static_assert(float16{bfloat16{1.5f}} == 1.5f && bfloat16{float16{2.0f}} == 2);
static_assert(convert<std::int8_t>(float16{-1000.f}) == -128);
static_assert(convert<std::uint64_t>(0x1p63) == std::uint64_t{1} << 63);
static_assert(convert<int>(float16::quiet_nan()) == 0 && convert<int>(-2.75f) == -2);
static_assert(convert<float>(std::int64_t{(1 << 24) + 1}) == 0x1p24f);
static_assert(next_up(float16{1.0f}) == 1.0 + 0x1p-10);
static_assert(posit16{3.0f} == 3 && hifloat8{4.0f}.code() == 0x20 && takum16{-2.5f} == -2.5);
static_assert(encode_with_status(formats::e4m3fn, decode(float32{0.3f})).flags.bits ==
              status::inexact);

// Implicit exactly where every value survives.
static_assert(std::is_convertible_v<float8_e4m3fn, float>);
static_assert(std::is_convertible_v<float8_e4m3fn, float16>);
static_assert(std::is_convertible_v<float8_e5m2, float16>);
static_assert(std::is_convertible_v<float4_e2m1fn, float8_e4m3fn>);
static_assert(std::is_convertible_v<float4_e2m1fn, float6_e2m3fn>);
static_assert(std::is_convertible_v<float16, float> && std::is_convertible_v<bfloat16, float>);
static_assert(std::is_convertible_v<float, float64> && std::is_convertible_v<float32, double>);
static_assert(std::is_convertible_v<std::int8_t, bfloat16>);
static_assert(std::is_convertible_v<std::int16_t, float32>);
static_assert(!std::is_convertible_v<float, float16> && !std::is_convertible_v<double, float32>);
static_assert(!std::is_convertible_v<float16, bfloat16>);
static_assert(!std::is_convertible_v<bfloat16, float16>);
static_assert(!std::is_convertible_v<float8_e5m2, float8_e4m3fn>);
static_assert(!std::is_convertible_v<float8_e8m0fnu, float16>);  // 2^-127
static_assert(!std::is_convertible_v<float8_e4m3fnuz, float4_e2m1fn>);
static_assert(!std::is_convertible_v<int, float32> && !std::is_convertible_v<short, float16>);
static_assert(!std::is_convertible_v<float4_e2m1fn, std::int8_t>);
static_assert(!std::is_constructible_v<float8_e4m3fn, bool>);

// Assigned from an integer constant that exists there; tests/compile_fail has what is refused.
constexpr auto assigned(auto x) {
  x = 3;
  return x;
}
static_assert(assigned(float8_e4m3fn{}) == 3 && assigned(posit16{}) == 3 && assigned(int4{}) == 3);
static_assert(!std::is_assignable_v<float16&, double> && !std::is_assignable_v<float16&, bool>);
static_assert(!std::is_constructible_v<float8_e4m3fn, const char*>);

}  // namespace

TEST_CASE("number: trivial storage of the least size") {
  for_each_type([](auto x) {
    using T = decltype(x);
    CHECK(std::is_trivially_copyable_v<T>);
    CHECK(std::is_trivially_default_constructible_v<T>);
    constexpr int width = T::format_value.width;
    CHECK(8 * sizeof(T) >= width);
    CHECK((width <= 8 || 4 * sizeof(T) < width));
    CHECK(T{}.code() == 0);
    CHECK(T::from_code(~code_t{0}).code() == detail::low_mask(width));
  });
}

TEST_CASE("CVT-3 typed conversions give the bits of the untyped ones") {
  constexpr std::uint64_t seed = 20261121;
  MESSAGE("seed " << seed);
  std::mt19937_64 generator(seed);
  std::uint64_t cases = 0;
  for_each_type([&](auto x) {
    using T = decltype(x);
    constexpr format f = T::format_value;
    std::uint64_t wrong = 0;
    const auto expect = [&](bool same) {
      ++cases;
      wrong += same ? 0 : 1;
    };
    for (int i = 0; i < 20000; ++i) {
      const auto bits = static_cast<std::uint32_t>(generator());
      const std::uint64_t wide = generator();
      const float single = std::bit_cast<float>(bits);
      const double twice = std::bit_cast<double>(wide);
      constexpr projection own = default_projection(f);
      expect(T{single}.code() == convert(formats::binary32, bits, f, own));
      expect(T{twice}.code() == convert(formats::binary64, wide, f, own));
      expect(T{static_cast<std::int32_t>(bits)}.code() == convert(formats::int32, bits, f, own));
      expect(T{wide}.code() == convert(formats::uint64, wide, f, own));
      expect(convert<T>(single).code() == T{single}.code());
      constexpr projection p{.round = stochastic_a, .overflow = saturate, .random_bits = 7};
      expect(convert<T>(single, p, wide).code() == convert(formats::binary32, bits, f, p, wide));
      const T y = T::from_code(wide);
      expect(std::bit_cast<std::uint32_t>(convert<float>(y)) ==
             convert(f, y.code(), formats::binary32));
      expect(std::bit_cast<std::uint64_t>(static_cast<double>(y)) ==
             convert(f, y.code(), formats::binary64));
      expect(convert<float16>(y).code() == convert(f, y.code(), formats::binary16));
    }
    CHECK_MESSAGE(wrong == 0,
                  "format " << std::string(find_format(f)->name) << ": " << wrong << " differ");
  });
  CHECK(cases > 0);
}

TEST_CASE("CVT-1 the short way of narrowing gives the bits of decode and encode") {
  constexpr std::uint64_t seed = 7;
  MESSAGE("seed " << seed);
  std::mt19937_64 generator(seed);
  std::uint64_t cases = 0;
  std::uint64_t wrong = 0;
  for (const format& from : {formats::binary64, formats::binary32, formats::tf32, formats::binary16,
                             formats::bfloat16, formats::e5m2, formats::e4m3}) {
    for (const named_format& row : all_formats) {
      const format to = row;
      for (int i = 0; i < 20000; ++i) {
        const projection p{.round = static_cast<rounding>(generator() % 12),
                           .overflow = static_cast<overflow_rule>(generator() % 4),
                           .random_bits = static_cast<std::uint8_t>(generator() % 33)};
        // Half of the codes next to values of the target, half anywhere.
        const std::uint64_t word = generator();
        code_t code = generator() >> (64 - from.width);
        if (i % 2 == 0) {
          const rounding way = word % 2 == 0 ? toward_negative : toward_positive;
          code = encode(from, decode(to, generator()), {.round = way}) ^
                 static_cast<code_t>(i / 2 % 2);
        }
        const code_t expected = encode(to, decode(from, code), p, word);
        ++cases;
        if (convert(from, code, to, p, word) == expected) continue;
        if (wrong++ == 0) {
          MESSAGE("to " << std::string(row.name) << " code " << code << " rounding "
                        << static_cast<int>(p.round));
        }
      }
    }
  }
  CHECK(cases > 0);
  CHECK(wrong == 0);
}

TEST_CASE("CVT-4 conversions to and from the integers") {
  CHECK(static_cast<int>(float16{-3.7f}) == -3);
  CHECK(convert<int>(1e30) == std::numeric_limits<int>::max());
  CHECK(convert<int>(-std::numeric_limits<double>::infinity()) == std::numeric_limits<int>::min());
  CHECK(convert<unsigned char>(-1.0) == 0);
  CHECK(convert<std::int64_t>(-0x1p63) == std::numeric_limits<std::int64_t>::min());
  CHECK(convert<std::uint64_t>(std::numeric_limits<double>::max()) == ~std::uint64_t{0});
  CHECK(convert<std::uint8_t>(2.5f, {.round = to_nearest_even}) == 2);
  CHECK(convert<std::uint8_t>(2.5f, {.round = to_nearest_away}) == 3);
  for (int i = -300; i <= 300; ++i) {
    CHECK(convert<std::int8_t>(i) == std::max(-128, std::min(127, i)));
    CHECK(float16{i} == i);
  }
  CHECK(float8_e4m3fn{17} == 16);
  CHECK(float8_e4m3fn{std::numeric_limits<long long>::min()}.code() == 0xff);
}

TEST_CASE("CVT-3 the default projection of a format") {
  for (const named_format& row : all_formats) {
    const format f = row;
    projection p = default_projection(f);
    CHECK((p.rules == operation_rules::ieee754) == has_negative_zero(f));
    CHECK((p.negative == negative_rule::p3109) == (!f.is_signed && has_nan(f)));
    p.rules = {};
    p.negative = {};
    CHECK(p == projection{});
  }
  CHECK(is_nan(float8_e8m0fnu{-1.0f}));
  CHECK(is_nan(convert<float8_ue4m3>(-2)));
  CHECK(is_nan(p3109_binary8p3ue{-std::numeric_limits<float>::infinity()}));
  CHECK(float8_ue4m3{-0x1p-20f}.code() == 0);
  CHECK(float8_e8m0fnu{-0.0f}.code() == 0);
  CHECK(cfloat16_uhp{-1.0f}.code() == 0);  // no NaN to become
  CHECK(uint4{-1}.code() == 0);
  CHECK(convert<unsigned>(-1.0f) == 0);
}

TEST_CASE("VAL-11 numbers compare by value with every numeric type") {
  const float8_e4m3fn x{0.3f};
  CHECK(x == 0.3125f);
  CHECK(0.3125 == x);
  CHECK(x < 1);
  CHECK(x > float4_e2m1fn{});
  CHECK(x != bfloat16{0.3f});
  CHECK(float16{-0.0f} == 0);
  CHECK(float16{-0.0f} == float4_e2m1fn{});
  const float16 nan = float16::quiet_nan();
  CHECK_FALSE(nan == nan);
  CHECK(nan != nan);
  CHECK_FALSE(nan < 1);
  CHECK_FALSE(1 < nan);
  CHECK((x <=> nan) == std::partial_ordering::unordered);
  // 2^53 + 1 is no double: mixed comparison does not round.
  CHECK(float64{0x1p53} < (std::int64_t{1} << 53) + 1);
}

TEST_CASE("CVT-5 embeds says exactly which conversions lose nothing") {
  // By definition, code by code, for all pairs up to 16 bits.
  std::uint64_t pairs = 0;
  std::uint64_t wrong = 0;
  for (const named_format& a : all_formats) {
    if (a.value.width > 16) continue;
    for (const named_format& b : all_formats) {
      bool survives = true;
      for (code_t code = 0; survives && code < (code_t{1} << a.value.width); ++code) {
        const exact x = decode(a, code);
        const exact y = decode(b, convert(a, code, b, {.overflow = infinite}));
        if (x.cls == number_class::nan) {
          survives = y.cls == number_class::nan;
        } else {
          survives = x.cls == y.cls && x.negative == y.negative &&
                     compare(x, y) == ordering::equal && (!x.sticky || a.value == b.value);
        }
      }
      ++pairs;
      if (survives == embeds(a, b)) continue;
      ++wrong;
      MESSAGE(std::string(a.name) << " in " << std::string(b.name) << ": embeds says "
                                  << embeds(a, b));
    }
  }
  CHECK(pairs > 0);
  CHECK(wrong == 0);
}

TEST_CASE("FMT-3 format checks name the broken rule") {
  CHECK(check(format{}) == format_error::width);
  format f = formats::e4m3fn;
  f.precision = 8;
  CHECK(check(f) == format_error::precision);
  f = formats::e4m3fn;
  f.width = 65;
  CHECK(check(f) == format_error::width);
  f = formats::e4m3fn;
  f.bias = 70000;
  CHECK(check(f) == format_error::bias);
  f = formats::e8m0fnu;
  f.nans = nan_codes::negative_zero;
  CHECK(check(f) == format_error::negative_zero_unsigned);
  f = formats::e5m2;
  f.precision = 1;
  CHECK(check(f) == format_error::ieee_needs_trailing);
  f = ieee_format(17, 10);
  CHECK(check(f) == format_error::exponent_field);
  f = formats::hifloat8;
  f.width = 16;
  CHECK(check(f) == format_error::hifloat8);
  f = formats::posit16;
  f.width = 40;
  CHECK(check(f) == format_error::tapered);
  f = formats::lns8;
  f.exponent_bits = 7;
  CHECK(check(f) == format_error::logarithmic);
  f = formats::nf4;
  f.table = codebook_id::none;
  CHECK(check(f) == format_error::codebook);
  f = formats::int8;
  f.has_infinity = true;
  CHECK(check(f) == format_error::not_of_this_kind);
  f = formats::e8m0fnu;
  f.is_signed = true;
  CHECK(check(f) == format_error::signed_without_zero);
  f = p3109_format(3, 1, true, true);
  f.width = 2;
  CHECK(check(f) == format_error::no_room);
  for (const named_format& row : all_formats) CHECK(check(row) == format_error::none);
  // Makers never turn nonsense into another format.
  CHECK(check(integer_format(264, true)) == format_error::width);
  CHECK(check(integer_format(-8, true)) == format_error::width);
  CHECK(check(ieee_format(8, 260)) != format_error::none);
  CHECK(check(ieee_format(0, 3)) != format_error::none);
  CHECK(check(ieee_format(40, 3)) != format_error::none);
  CHECK(check(posit_format(264)) != format_error::none);
  CHECK(check(takum_format(0)) != format_error::none);
  CHECK(check(p3109_format(8, 9, true, true)) == format_error::precision);
  CHECK(check(p3109_format(300, 3, true, true)) != format_error::none);
  format f2 = formats::e4m3fn;
  for (const char* name :
       {"int08", "binary08p4se", "int0", "uint65", "binary8p8se", "posit2", ""}) {
    CHECK_FALSE(parse_format(name, f2));
  }
  CHECK(f2 == formats::e4m3fn);
}

TEST_CASE("VAL-1 hand-made exact values beyond every format are defined") {
  const exact huge{.cls = number_class::finite, .exponent = INT32_MAX, .significand = 1};
  const exact tiny{.cls = number_class::finite, .exponent = INT32_MIN, .significand = 1};
  const exact none{.cls = number_class::finite, .negative = true};
  for (const named_format& f : all_formats) {
    CHECK(encode(f, huge, {.overflow = saturate}) == max_finite(f));
    CHECK(encode(f, tiny, {.round = toward_positive}) == min_positive(f));
    CHECK(encode(f, none) == encode(f, exact_zero(true)));
  }
  CHECK(compare(huge, tiny) == ordering::greater);
}

TEST_CASE("FMT-4 bits above the width do not count and never come back") {
  for (const named_format& row : all_formats) {
    const format f = row;
    if (f.width > 16) continue;
    const code_t above = code_t{1} << f.width;
    for (code_t code = 0; code<above; code += f.width> 8 ? 97 : 1) {
      CHECK(decode(f, code | above) == decode(f, code));
      CHECK(next_up(f, code | above) == next_up(f, code));
      CHECK(next_down(f, code | above) == next_down(f, code));
      CHECK(convert(f, code | above, f) == convert(f, code, f));
    }
  }
}

TEST_CASE("CVT-1 IEEE NaN codes without infinity are no infinity on the short way either") {
  format f = formats::binary16;
  f.has_infinity = false;
  for (code_t code = 0x7b00; code <= 0x7fff; ++code) {
    CHECK(convert(f, code, formats::e5m2) == encode(formats::e5m2, decode(f, code)));
  }
}

TEST_CASE("CVT-5 embeds is not fooled by a top binade that ends early") {
  CHECK_FALSE(
      embeds(p3109_format(12, 11, false, false), {.kind = number_kind::takum, .width = 15}));
  CHECK(embeds(p3109_format(12, 10, false, false), {.kind = number_kind::takum, .width = 20}));
}

TEST_CASE("FMT-12 the umbrella header brings std::numeric_limits") {
  static_assert(std::numeric_limits<float8_e4m3fn>::is_specialized);
  CHECK(std::numeric_limits<float8_e4m3fn>::max() == 448);
}
