// SPDX-License-Identifier: Apache-2.0
// The clauses of spec/formats.md, values.md and conversion.md, each by the cases that its text
// names. The sweeps against the oracle are elsewhere.
#include <cstring>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include <lowp/hardware/all_rules.hpp>
#include <lowp/lowp.hpp>
#include <lowp/text.hpp>

namespace {

using namespace lowp;

double value_of(const format& f, code_t code) {
  return float64::from_code(convert(f, code, formats::binary64));
}

code_t code_of(const format& f, double x, const projection& p = {}) {
  return encode(f, decode(float64{x}), p);
}

template <class Use>
void for_each_code_up_to_16_bits(Use use) {
  for (const named_format& f : all_formats) {
    if (f.value.width > 16) continue;
    for (code_t code = 0; code < code_t{1} << f.value.width; ++code) use(f, code);
  }
}

}  // namespace

TEST_CASE("FMT-1 the registry has unique ids and types, sources, and only usable formats") {
  std::set<std::string> names, types;
  for (const named_format& f : all_formats) {
    CHECK_MESSAGE(names.insert(f.name).second, f.name);
    CHECK_MESSAGE(types.insert(f.type_name).second, f.type_name);
    CHECK(std::strlen(f.source) > 0);
    CHECK(std::strlen(f.description) > 0);
    CHECK(check(f) == format_error::none);
  }
  CHECK(names.size() == format_count);
  // Equal members are the same format, whatever the name.
  CHECK(p3109_format(8, 4, true, false) == formats::e4m3fnuz);
}

TEST_CASE("FMT-2 every kind of number is registered and decodes") {
  std::set<number_kind> kinds;
  for (const named_format& f : all_formats) kinds.insert(f.value.kind);
  CHECK(kinds.size() == 7);
  for (const named_format& f : all_formats)
    CHECK(decode(f, max_finite(f)).cls <= number_class::finite);
}

TEST_CASE("FMT-4 higher bits of a code are ignored, and zero in results") {
  for_each_code_up_to_16_bits([](const named_format& f, code_t code) {
    const code_t dirty = code | ~detail::low_mask(f.value.width);
    if (!(decode(f, dirty) == decode(f, code))) FAIL(f.name << ' ' << code);
    if (convert(f, dirty, f) >> f.value.width != 0) FAIL(f.name << ' ' << code);
  });
  CHECK(exponent_field_bits(formats::binary16) == 5);
  CHECK(exponent_field_bits(p3109_format(8, 4, true, true)) == 4);   // K - P
  CHECK(exponent_field_bits(p3109_format(8, 4, false, true)) == 5);  // K - P + 1
  CHECK(exponent_field_bits(p3109_format(8, 8, false, true)) == 1);
}

TEST_CASE("FMT-5 the bottom binade of each sort") {
  CHECK(value_of(formats::e4m3fn, 1) == 0x1p-9);  // gradual
  CHECK(value_of(formats::e4m3fn, 7) == 7 * 0x1p-9);
  CHECK(value_of(formats::cfloat8_143, 1) == 0x1p-10);  // halved: 0.001 x 2^-7
  CHECK(value_of(formats::cfloat8_143, 7) == 7 * 0x1p-10);
  CHECK(value_of(formats::cfloat8_143, 8) == 0x1p-6);  // the wide step
  CHECK(value_of(formats::dlfloat16, 0) == 0);         // zero only
  CHECK(value_of(formats::dlfloat16, 1) == 0x1p-31 + 0x1p-40);
  CHECK(value_of(formats::e8m0fnu, 0) == 0x1p-127);  // no zero
  format usual = formats::cfloat8_143;
  usual.bottom = bottom_binade::gradual;
  CHECK(value_of(usual, 7) == 7 * 0x1p-9);
}

TEST_CASE("FMT-6 NaN codes of each sort") {
  const auto nans = [](const format& f) {
    std::set<code_t> found;
    for (code_t c = 0; c < code_t{1} << f.width; ++c) {
      if (is_nan(f, c)) found.insert(c);
    }
    return found;
  };
  CHECK(nans(formats::e2m1).empty());
  CHECK(nans(formats::e5m2) == std::set<code_t>{0x7d, 0x7e, 0x7f, 0xfd, 0xfe, 0xff});
  CHECK(nans(formats::e4m3fn) == std::set<code_t>{0x7f, 0xff});
  CHECK(nans(formats::ue4m3) == std::set<code_t>{0x7f});
  CHECK(nans(formats::e8m0fnu) == std::set<code_t>{0xff});
  for (const format& f : {formats::e4m3fnuz, formats::binary8p3se, formats::hifloat8,
                          formats::posit8, formats::takum8, formats::lns8}) {
    CHECK(nans(f) == std::set<code_t>{0x80});
    CHECK_FALSE(has_signed_nan(f));
  }
  CHECK(nans(formats::mxint8).empty());
  CHECK(nans(formats::nf4).empty());
  // NaNs of an unsigned IEEE style format have no sign.
  format unsigned_e5m3 = ieee_format(5, 3);
  unsigned_e5m3.is_signed = false;
  unsigned_e5m3.width = 8;
  REQUIRE(check(unsigned_e5m3) == format_error::none);
  CHECK(encode(unsigned_e5m3, exact_nan(true)) == 0xfc);
  CHECK(is_nan(unsigned_e5m3, 0xfc));
}

TEST_CASE("FMT-7 infinities, and the greatest finite value before them") {
  const auto ends = [](const format& f, code_t max, code_t inf) {
    CHECK(max_finite(f) == max);
    CHECK(infinity(f) == inf);
    CHECK(is_infinite(f, inf));
    CHECK(is_finite(f, max));
  };
  ends(formats::e5m2, 0x7b, 0x7c);
  ends(formats::e4m3, 0x77, 0x78);
  ends(formats::binary8p4se, 0x7e, 0x7f);
  ends(formats::binary8p3ue, 0xfd, 0xfe);
  ends(formats::hifloat8, 0x6e, 0x6f);
  CHECK(infinity(formats::hifloat8, true) == 0xef);
  CHECK(max_finite(formats::e4m3fn) == 0x7e);
  CHECK(max_finite(formats::e4m3fnuz) == 0x7f);
  CHECK(max_finite(formats::binary8p3uf) == 0xfe);
  format no_infinity = formats::e5m2;
  no_infinity.has_infinity = false;
  CHECK(max_finite(no_infinity) == 0x7b);
  CHECK(is_nan(no_infinity, 0x7c));
}

TEST_CASE("FMT-8 the five formats called e4m3") {
  const double one[] = {value_of(formats::e4m3fn, 0x38), value_of(formats::e4m3, 0x38),
                        value_of(formats::e4m3fnuz, 0x38), value_of(formats::e4m3b11fnuz, 0x38),
                        value_of(formats::cfloat8_143, 0x38)};
  CHECK(one[0] == 1);
  CHECK(one[1] == 1);
  CHECK(one[2] == 0.5);
  CHECK(one[3] == 0.0625);
  CHECK(one[4] == 1);
  CHECK(value_of(formats::e4m3fn, max_finite(formats::e4m3fn)) == 448);
  CHECK(value_of(formats::e4m3, max_finite(formats::e4m3)) == 240);
  CHECK(value_of(formats::e4m3fnuz, max_finite(formats::e4m3fnuz)) == 240);
  CHECK(value_of(formats::e4m3b11fnuz, max_finite(formats::e4m3b11fnuz)) == 30);
  CHECK(value_of(formats::cfloat8_143, max_finite(formats::cfloat8_143)) == 480);
  CHECK(value_of(formats::mxint8, 0x80) == -2);
}

TEST_CASE("FMT-9 special codes of the whole P3109 family up to 16 bits") {
  for (int K = 3; K <= 16; ++K) {
    for (const bool is_signed : {true, false}) {
      for (int P = 1; P <= (is_signed ? K - 1 : K); ++P) {
        for (const bool extended : {true, false}) {
          const format f = p3109_format(K, P, is_signed, extended);
          CAPTURE(K);
          CAPTURE(P);
          CAPTURE(is_signed);
          CAPTURE(extended);
          REQUIRE(check(f) == format_error::none);
          const code_t all = code_t{1} << K;
          const code_t nan = is_signed ? all / 2 : all - 1;
          const code_t last = (is_signed ? all / 2 : all - 1) - 1;  // greatest magnitude, not NaN
          CHECK(canonical_nan(f) == nan);
          CHECK(max_finite(f) == (extended ? last - 1 : last));
          if (extended) CHECK(infinity(f) == last);
          if (extended && is_signed) CHECK(infinity(f, true) == all - 1);
          CHECK(zero(f) == 0);
          CHECK_FALSE(has_negative_zero(f));
          CHECK(one(f) == all / (is_signed ? 4 : 2));
          CHECK(value_of(f, one(f)) == 1);
          CHECK(min_normal(f) == code_t{1} << (P - 1));
        }
      }
    }
  }
  CHECK(std::string(find_format(p3109_format(8, 3, true, false))->name) == "e5m2fnuz");
}

TEST_CASE("FMT-10 another bias moves every value") {
  for (const int bias : {0, 7, 63}) {
    const format f = with_bias(formats::cfloat8_143, bias);
    CHECK(decode(f, 0x38) == exact_finite(false, 8, 7 - bias - 3));
    CHECK(encode(f, decode(f, 0x7f)) == 0x7f);
  }
  CHECK(value_of(with_bias(formats::e4m3, 15), 0x38) == 0x1p-8);
  CHECK(value_of(formats::e1m2, 7) == 1.75);
  CHECK(value_of(formats::mxint8, 0x40) == 1);  // also PTX s2f6
}

TEST_CASE("FMT-11 look-up by every name, families without a row, and no other text") {
  CHECK(std::string(find_format("E4M3")->name) == "e4m3fn");
  CHECK(std::string(find_format("e4m3")->name) == "e4m3");
  CHECK(std::string(find_format("__nv_fp8_e5m2")->name) == "e5m2");
  CHECK(std::string(find_format("Binary8p4sf")->name) == "e4m3fnuz");
  CHECK(find_format("float9") == nullptr);
  format f;
  REQUIRE(parse_format("binary12p5ue", f));
  CHECK(f == p3109_format(12, 5, false, true));
  REQUIRE(parse_format("int7", f));
  CHECK(f == integer_format(7, true));
  REQUIRE(parse_format("posit24", f));
  CHECK(f.width == 24);
  for (const char* bad :
       {"", "binary2p1se", "binary8p8se", "binary8p4s", "binary8p4sex", "int0", "int65", "uint",
        "posit2", "takum33", "e4m3fn ", "binary99999999999p1se"}) {
    const format before = f;
    CHECK_FALSE(parse_format(bad, f));
    CHECK(f == before);
  }
}

TEST_CASE("FMT-12 derived properties of formats with an unusual end") {
  CHECK(lowest(formats::int8) == 0x80);
  CHECK(lowest(formats::e8m0fnu) == 0);
  CHECK(lowest(formats::posit8) == 0x81);
  CHECK(lowest(formats::nf4) == 0);
  CHECK(min_positive(formats::int1) == 0);
  CHECK(min_normal(formats::hifloat8) == 0x7e);
  CHECK(value_of(formats::hifloat8, 0x7e) == 0x1p-15);
  CHECK(zero(formats::nf4) == 7);
  CHECK(zero(formats::e8m0fnu) == 0);
  CHECK(one(formats::e8m0fnu) == 127);
  CHECK(finite_code_count(formats::e4m3fn) == 254);
  CHECK(finite_value_count(formats::e4m3fn) == 253);
  CHECK(finite_value_count(formats::hifloat8) == 253);
}

TEST_CASE("VAL-1 exact values: normal form, tails, quiet bit") {
  CHECK(normalized(exact_finite(true, 3, 5)) == exact_finite(true, std::uint64_t{3} << 62, -57));
  CHECK(exact_finite(true, 0, 5) == exact_zero(true));
  CHECK(is_signalling(decode(formats::binary32, 0x7f800001)));
  CHECK_FALSE(is_signalling(decode(formats::binary32, 0x7fc00000)));
  CHECK(decode(formats::lns8, 0x41).sticky);        // 2^(1/8) does not end
  CHECK_FALSE(decode(formats::lns8, 0x48).sticky);  // 2
  CHECK((decode(formats::lns8, 0x41).significand >> 63) == 1);
}

TEST_CASE("VAL-2 every code has a value, and the value has that code") {
  // What neither has a sign of its own nor is one of many NaNs comes back by itself.
  for_each_code_up_to_16_bits([](const named_format& f, code_t code) {
    const code_t again = encode(f, decode(f, code), {.nan = nan_rule::payload_raw});
    if (again != code) FAIL(f.name << ' ' << code << " comes back as " << again);
  });
}

TEST_CASE("VAL-3 minifloat values") {
  CHECK(value_of(formats::e4m3fn, 0x7e) == 448);
  CHECK(value_of(formats::e5m2, 0xfb) == -57344);
  CHECK(value_of(formats::binary8p1se, 0x40) == 1);  // precision 1
  CHECK(value_of(formats::binary8p1se, 1) == 0x1p-63);
  CHECK(value_of(formats::ue5m3, 0xfe) == 114688);
  CHECK(decode(formats::e2m1, 8) == exact_zero(true));
  CHECK(decode(formats::e4m3fnuz, 0x80).cls == number_class::nan);
}

TEST_CASE("VAL-4 fixed point values") {
  CHECK(value_of(formats::mxint8, 0x7f) == 1.984375);
  CHECK(value_of(formats::mxint8, 0x80) == -2);
  CHECK(value_of(formats::int1, 1) == -1);
  CHECK(decode(formats::int64, code_t{1} << 63) == exact_finite(true, code_t{1} << 63, 0));
}

TEST_CASE("VAL-5 HiFloat8 values") {
  CHECK(value_of(formats::hifloat8, 0x6e) == 32768);
  CHECK(value_of(formats::hifloat8, 0x01) == 0x1p-22);
  CHECK(value_of(formats::hifloat8, 0x07) == 0x1p-16);
  CHECK(value_of(formats::hifloat8, 0x08) == 1);
  CHECK(value_of(formats::hifloat8, 0x20) == 4);
  CHECK(value_of(formats::hifloat8, 0x30) == 0.25);
  CHECK(value_of(formats::hifloat8, 0x40) == 16);
  CHECK(value_of(formats::hifloat8, 0x88) == -1);
}

TEST_CASE("VAL-6 posit values") {
  CHECK(value_of(formats::posit8, 0x40) == 1);
  CHECK(value_of(formats::posit8, 0xc0) == -1);
  CHECK(value_of(formats::posit8, 0x7f) == 0x1p24);
  CHECK(value_of(formats::posit8, 0x01) == 0x1p-24);
  CHECK(value_of(formats::posit8, 0x44) == 1.5);
  CHECK(value_of(formats::posit16, 0x7fff) == 0x1p56);
  CHECK(value_of(formats::posit32, 1) == 0x1p-120);
}

TEST_CASE("VAL-7 linear takum values; short ones are cut, longer ones continue with zeros") {
  CHECK(value_of(formats::takum8, 0x40) == 1);
  CHECK(value_of(formats::takum8, 0x7f) == 0x1p239);
  CHECK(value_of(formats::takum8, 0x01) == 0x1p-239);
  for (code_t c = 0; c < 256; ++c) {
    CHECK(normalized(decode(formats::takum8, c)) == normalized(decode(formats::takum16, c << 8)));
  }
}

TEST_CASE("VAL-8 logarithmic values and rounding on the logarithm") {
  CHECK(value_of(formats::lns8, 0x40) == 1);
  CHECK(value_of(formats::lns8, 0x48) == 2);
  CHECK(value_of(formats::lns8, 0xc8) == -2);
  CHECK(value_of(formats::lns8, 0x41) == doctest::Approx(1.0905077326652577).epsilon(1e-15));
  // 2^(1/16) lies between 1.0442737824274138 and the double above.
  CHECK(code_of(formats::lns8, 1.0442737824274136) == 0x40);
  CHECK(code_of(formats::lns8, 1.0442737824274143) == 0x41);
  CHECK(code_of(formats::lns8, 0x1p-8) == 0);
  CHECK(code_of(formats::lns8, 0x1p-8, {.round = away_from_zero}) == 1);
}

TEST_CASE("VAL-9 codebook values") {
  CHECK(value_of(formats::nf4, 0) == -1);
  CHECK(value_of(formats::nf4, 7) == 0);
  CHECK(value_of(formats::nf4, 8) == float{float32::from_code(0x3da2faff)});
  CHECK(value_of(formats::bnb_fp4, 5) == 0.5);
  CHECK(value_of(formats::bnb_fp4, 7) == 0.25);
  CHECK(decode(formats::bnb_fp4, 8) == exact_zero(true));
}

TEST_CASE("VAL-14 payload and sign of decoded NaNs") {
  CHECK(decode(formats::binary16, 0xfe01) == exact_nan(true, (std::uint64_t{0x201} << 54)));
  CHECK(decode(formats::e4m3fn, 0xff).negative);
  CHECK(decode(formats::e4m3fn, 0xff).significand == std::uint64_t{7} << 61);
  CHECK(decode(formats::e8m0fnu, 0xff) == exact_nan());
  for (const format& f : {formats::e4m3fnuz, formats::posit8, formats::hifloat8, formats::lns8}) {
    CHECK(decode(f, 0x80) == exact_nan());
    CHECK(convert(f, 0x80, formats::binary32) == 0x7fc00000);
  }
}

TEST_CASE("CVT-2 status: same code, signalling NaN, replaced subnormals") {
  for (code_t c = 0; c < 0x10000; ++c) {
    const encoded r = convert_with_status(formats::binary16, c, formats::e5m2);
    if (r.code != convert(formats::binary16, c, formats::e5m2)) FAIL(c);
  }
  const encoded nan = convert_with_status(formats::binary16, 0x7c01, formats::binary32);
  CHECK(nan.code == 0x7fc00000);
  CHECK(nan.flags.bits == status::invalid);
  const projection daz{.subnormal_input = subnormal_input_rule::zero};
  const encoded flushed = convert_with_status(formats::binary32, 1, formats::bfloat16, daz);
  CHECK(flushed.code == 0);
  CHECK(flushed.flags.bits == 0);
}

TEST_CASE("CVT-6 rule sets are found by name, once, with a source") {
  std::set<std::string> names;
  for (const conversion_rule& rule : all_conversion_rules) {
    CHECK_MESSAGE(names.insert(rule.name).second, rule.name);
    CHECK(std::strlen(rule.origin.source) > 0);
    CHECK(find_rule(rule.name)->from == rule.from);
  }
  for (const named_projection& policy : all_policies) CHECK(find_policy(policy.name) != nullptr);
  CHECK(find_rule("no such rule") == nullptr);
  const conversion_rule* cuda = find_rule("CUDA 13 satfinite", formats::binary32, formats::e4m3fn);
  REQUIRE(cuda != nullptr);
  CHECK(apply(*cuda, 0xffc00000) == 0x7f);  // -NaN loses its sign
  CHECK(apply(*cuda, 0x7f800000) == 0x7e);  // infinity saturates
}

TEST_CASE("CVT-7 two steps differ from one next to ties") {
  // 464.0625 lies above e4m3fn's overflow tie; binary16 rounds it to 464 first.
  const code_t x = code_of(formats::binary32, 464.0625);
  const code_t between = convert(formats::binary32, x, formats::binary16);
  CHECK(value_of(formats::binary16, between) == 464);
  CHECK(convert(formats::binary16, between, formats::e4m3fn) == 0x7e);
  CHECK(convert(formats::binary32, x, formats::e4m3fn) == 0x7f);
  // Rounding to odd on the way keeps what the second step needs.
  const code_t odd = convert(formats::binary32, x, formats::binary16, {.round = to_odd});
  CHECK(convert(formats::binary16, odd, formats::e4m3fn) == 0x7f);
  int twice = 0;
  for (const conversion_rule& rule : all_conversion_rules) twice += rounds_twice(rule) ? 1 : 0;
  CHECK(twice > 0);
}

TEST_CASE("CVT-8 reading text: one rounding, grammar, errors with their place") {
  const auto read = [](const std::string& text, const format& f, const parse_options& o = {}) {
    return parse(text.data(), text.data() + text.size(), f, o);
  };
  // Just above the tie of 1 and 1.125; binary64 would round it to the tie and then to 1.
  CHECK(read("1.06250000000000000000000001", formats::e4m3fn).code == 0x39);
  CHECK(read("1.0625", formats::e4m3fn).code == 0x38);
  CHECK(read("-0x1.Cp8", formats::e4m3fn).code == 0xfe);
  CHECK(read(".5", formats::e2m1).code == 1);
  CHECK(read("-NaN", formats::e4m3fn).code == 0xff);
  CHECK(read("1e-999999999999999999999", formats::e2m1).code == 0);
  const auto error = [&](const std::string& text, const format& f) { return read(text, f).error; };
  CHECK(error("", formats::e2m1) == text_error::empty);
  CHECK(error(" 1", formats::e2m1) == text_error::not_a_number);
  CHECK(error("1 ", formats::e2m1) == text_error::trailing_characters);
  CHECK(error("7.1", formats::e2m1) == text_error::out_of_range);
  CHECK(error("-1", formats::ue4m3) == text_error::out_of_range);
  CHECK(error("0", formats::e8m0fnu) == text_error::out_of_range);
  CHECK(error("inf", formats::e4m3fn) == text_error::no_infinity);
  CHECK(error("nan", formats::e2m1) == text_error::no_nan);
  CHECK(read("100", formats::e2m1, {.project_out_of_range = true}).code == 7);
  const std::string rubbish = "1.5x";
  CHECK(parse(rubbish.data(), rubbish.data() + 4, formats::e2m1).position == rubbish.data() + 3);
  const std::string bits = "0b0'1111'110", wide = "0x1ff";
  CHECK(parse_code(bits.data(), bits.data() + bits.size(), formats::e4m3fn).code == 0x7e);
  CHECK(parse_code(wide.data(), wide.data() + wide.size(), formats::e4m3fn).error ==
        text_error::code_too_wide);
  static_assert(from_text<float8_e4m3fn>("0.3").code() == 0x2a);
}

TEST_CASE("CVT-9 every code but NaN comes back from its text") {
  char buffer[max_text_size];
  using printer = printed (*)(char*, char*, format, code_t);
  const auto text = [&](printer print, const format& f, code_t code) {
    const printed p = print(buffer, buffer + max_text_size, f, code);
    REQUIRE(p.ok);
    return std::string(buffer, p.end);
  };
  for_each_code_up_to_16_bits([&](const named_format& f, code_t code) {
    if (f.value.width > 12 && code % 97 != 0) return;
    if (is_nan(f, code)) return;
    for (const printer print : {printer{print_decimal}, printer{print_hex_float}}) {
      const std::string t = text(print, f, code);
      const parsed back = parse(t.data(), t.data() + t.size(), f);
      if (!back.ok() || back.code != code) FAIL(f.name << ' ' << code << ' ' << t);
    }
    const std::string t = text(print_bits, f, code);
    if (parse_code(t.data(), t.data() + t.size(), f).code != code) FAIL(f.name << ' ' << t);
  });
  CHECK(text(print_decimal, formats::e4m3fn, 1) == "0.002");
  CHECK(text(print_exact, formats::e4m3fn, 1) == "0.001953125");
  CHECK(text(print_hex_float, formats::e4m3fn, 1) == "0x1p-9");
  CHECK(text(print_code, formats::e4m3fn, 1) == "0x01");
  CHECK(text(print_bits, formats::e4m3fn, 0x7e) == "0b0'1111'110");
  CHECK(text(print_decimal, formats::e4m3fn, 0xff) == "-nan");
}
