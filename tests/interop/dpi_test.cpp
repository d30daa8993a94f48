// SPDX-License-Identifier: Apache-2.0
/// \file
/// Handles, conversions and operations of lowp_dpi.h are those of lowp.h.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "dpi_checks.hpp"

using namespace lowp_dpi_checks;

namespace {

std::string projection_text(const lowp_projection& p) {
  std::string out;
  for (std::size_t i = 0; i < offsetof(lowp_projection, reserved); ++i) {
    const char *member = nullptr, *value = nullptr;
    REQUIRE(lowp_projection_member(i, &member) == LOWP_OK);
    const int number = (&p.round)[i];
    REQUIRE(lowp_projection_value(i, number, &value) == LOWP_OK);
    const bool flag = std::strstr("flush_subnormal_result overflow_before_rounding odd_overflows",
                                  member) != nullptr;
    out += std::string(member) + "=" +
           (value != nullptr ? value
            : flag           ? (number != 0 ? "true" : "false")
                             : std::to_string(number)) +
           " ";
  }
  return out;
}

}  // namespace

TEST_CASE("GLD-20 handles of formats are the formats") {
  source random;
  const lowp_projection p = {};
  std::vector<std::string> names = {"binary8p3se", "int7", "uint3", "posit12", "int1", "uint64"};
  for (std::size_t i = 0; i < count(LOWP_FORMATS); ++i) names.push_back(text(LOWP_FORMATS, i));
  for (const std::string& name : names) {
    CAPTURE(name);
    lowp_format f;
    REQUIRE(lowp_format_named(name.c_str(), &f) == LOWP_OK);
    const std::uint64_t handle = lowp_dpi_format(name.c_str());
    CHECK(lowp_dpi_width(handle) == f.width);
    lowp_format wide;
    REQUIRE(lowp_format_named("binary64", &wide) == LOWP_OK);
    for (int i = 0; i < 200; ++i) {
      const std::uint64_t code = random(), number = random();
      std::uint64_t there = 0, back = 0;
      std::uint8_t flags = 0;
      REQUIRE(lowp_convert_code(&f, code, &wide, &p, 0, &there, &flags) == LOWP_OK);
      CHECK(lowp_dpi_convert(handle, code, lowp_dpi_format("binary64"), 0, LOWP_DYN, 0) == there);
      CHECK(lowp_dpi_convert_flags(handle, code, lowp_dpi_format("binary64"), 0, LOWP_RNE, 0) ==
            flags);
      REQUIRE(lowp_convert_code(&wide, number, &f, &p, 0, &back, &flags) == LOWP_OK);
      CHECK(lowp_dpi_convert(lowp_dpi_format("binary64"), number, handle, 0, 0, 0) == back);
    }
  }
}

TEST_CASE("GLD-20 handles of projections are the projections, in words and by policy") {
  source random;
  lowp_format f, t;
  REQUIRE(lowp_format_named("binary32", &f) == LOWP_OK);
  REQUIRE(lowp_format_named("e4m3fn", &t) == LOWP_OK);
  const std::uint64_t from = lowp_dpi_format("binary32"), to = lowp_dpi_format("e4m3fn");
  const auto same = [&](const lowp_projection& p, const std::string& words) {
    CAPTURE(words);
    const std::uint64_t handle = lowp_dpi_projection(words.c_str());
    REQUIRE(handle != refused);
    for (int i = 0; i < 100; ++i) {
      // Near the ends of the range, and special codes.
      std::uint64_t code = random() & 0xffffffff, out = 0;
      if (i % 2 == 0) code = (code & 0x80ffffff) | (i % 4 == 0 ? 0x43000000 : 0x3b000000);
      const auto word = static_cast<std::uint32_t>(random());
      std::uint8_t flags = 0;
      REQUIRE(lowp_convert_code(&f, code, &t, &p, word, &out, &flags) == LOWP_OK);
      CHECK(lowp_dpi_convert(from, code, to, handle, LOWP_DYN, word) == out);
      CHECK(lowp_dpi_convert_flags(from, code, to, handle, LOWP_DYN, word) == flags);
    }
    CHECK(lowp_dpi_projection(projection_text(p).c_str()) == handle);
  };
  lowp_projection p = {};
  same(p, "");
  for (std::size_t i = 0; i < count(LOWP_POLICIES); ++i) {
    REQUIRE(lowp_policy_at(i, &p) == LOWP_OK);
    same(p, text(LOWP_POLICIES, i));
    p.overflow = LOWP_OVERFLOW_SATURATE;
    same(p, std::string("  ") + text(LOWP_POLICIES, i) + "  overflow=saturate ");
  }
  // Every value of every member.
  for (std::size_t member = 0; member < offsetof(lowp_projection, reserved); ++member) {
    for (int value = 0; value < 40; ++value) {
      const char* name = nullptr;
      if (lowp_projection_value(member, value, &name) != LOWP_OK) continue;
      p = {};
      (&p.round)[member] = static_cast<std::uint8_t>(value);
      same(p, projection_text(p));
    }
  }
}

TEST_CASE("GLD-21 rounding has the codes of RISC-V") {
  const std::uint64_t from = lowp_dpi_format("binary32"), to = lowp_dpi_format("e4m3fn");
  // 1 + 1/16, a tie; -(1 + 1/16); 1 + 3/32.
  const std::uint64_t tie = 0x3f880000, minus = 0xbf880000, above = 0x3f8c0000;
  const auto codes = [&](int rm) {
    return std::to_string(lowp_dpi_convert(from, tie, to, 0, rm, 0)) + " " +
           std::to_string(lowp_dpi_convert(from, minus, to, 0, rm, 0)) + " " +
           std::to_string(lowp_dpi_convert(from, above, to, 0, rm, 0));
  };
  CHECK(codes(LOWP_RNE) == "56 184 57");
  CHECK(codes(LOWP_RTZ) == "56 184 56");
  CHECK(codes(LOWP_RDN) == "56 185 56");
  CHECK(codes(LOWP_RUP) == "57 184 57");
  CHECK(codes(LOWP_RMM) == "57 185 57");
  CHECK(codes(LOWP_ODD) == "57 185 57");
  CHECK(codes(LOWP_DYN) == "56 184 57");
  CHECK(lowp_dpi_convert(from, tie, to, lowp_dpi_projection("round=toward_positive"), LOWP_DYN,
                         0) == 57);
  for (const int rm : {5, 8, -1, 1 << 30}) {
    CHECK(lowp_dpi_convert(from, tie, to, 0, rm, 0) == refused);
    CHECK(says("lowp_dpi_convert: rm is "));
    CHECK(lowp_dpi_convert_flags(from, tie, to, 0, rm, 0) == -1);
  }
}

TEST_CASE("GLD-21 operations and rules are those of the C ABI") {
  source random;
  const char* const formats[][4] = {{"binary16", "binary16", "binary16", "binary16"},
                                    {"e4m3fn", "e5m2", "binary16", "bfloat16"}};
  const lowp_projection p = {};
  for (std::size_t op = 0; op < count(LOWP_OPERATIONS); ++op) {
    const char* const name = text(LOWP_OPERATIONS, op);
    CAPTURE(name);
    REQUIRE(lowp_dpi_find(LOWP_OPERATIONS, name) == static_cast<int>(op));
    for (const auto& names : formats) {
      lowp_format f[3], to;
      std::uint64_t handle[4];
      for (int i = 0; i < 4; ++i) {
        REQUIRE(lowp_format_named(names[i], i < 3 ? &f[i] : &to) == LOWP_OK);
        handle[i] = lowp_dpi_format(names[i]);
      }
      for (int i = 0; i < 20; ++i) {
        std::uint64_t x[3], out = 0;
        for (int j = 0; j < 3; ++j) x[j] = random() & mask_of(f[j]);
        std::uint8_t flags = 0;
        const auto code = static_cast<int>(op);
        REQUIRE(lowp_compute_codes(code, f, x, &to, &p, 0, &out, &flags) == LOWP_OK);
        CHECK(lowp_dpi_compute(code, handle[0], x[0], handle[1], x[1], handle[2], x[2], handle[3],
                               0, LOWP_RNE, 0) == out);
        CHECK(lowp_dpi_compute_flags(code, handle[0], x[0], handle[1], x[1], handle[2], x[2],
                                     handle[3], 0, LOWP_RNE, 0) == flags);
      }
    }
  }
  CHECK(lowp_dpi_compute(100000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) == refused);
  CHECK(says("operation is 100000"));
  for (std::size_t rule = 0; rule < count(LOWP_CONVERSION_RULES); ++rule) {
    std::uint64_t out = 0;
    const std::uint64_t code = random();
    REQUIRE(lowp_apply_rule_code(rule, code, 77, &out) == LOWP_OK);
    CHECK(lowp_dpi_apply_rule(static_cast<int>(rule), code, 77) == out);
  }
  CHECK(lowp_dpi_apply_rule(-1, 0, 0) == refused);
}

TEST_CASE("GLD-21 results are compared by code, by the class of a NaN, or with any NaN") {
  for (const char* name : {"e5m2", "e4m3fn", "e2m1"}) {
    lowp_format f;
    REQUIRE(lowp_format_named(name, &f) == LOWP_OK);
    const std::uint64_t handle = lowp_dpi_format(name);
    for (std::uint64_t a = 0; a <= mask_of(f); ++a) {
      for (std::uint64_t b = 0; b <= mask_of(f); ++b) {
        lowp_value x, y;
        REQUIRE(lowp_decode_code(&f, a, &x) == LOWP_OK);
        REQUIRE(lowp_decode_code(&f, b, &y) == LOWP_OK);
        const bool nans = x.cls == LOWP_NOT_A_NUMBER && y.cls == LOWP_NOT_A_NUMBER;
        const bool quiet = x.significand >> 63 == y.significand >> 63;
        const int got[] = {lowp_dpi_same(handle, a, b, LOWP_SAME_CODE),
                           lowp_dpi_same(handle, a, b | 0x100, LOWP_SAME_NAN_CLASS),
                           lowp_dpi_same(handle, a, b, LOWP_SAME_ANY_NAN)};
        if (got[0] != (a == b) || got[1] != (a == b || (nans && quiet)) ||
            got[2] != (a == b || nans)) {
          CAPTURE(a);
          CAPTURE(b);
          CHECK(got[0] == (a == b));
          CHECK(got[1] == (a == b || (nans && quiet)));
          CHECK(got[2] == (a == b || nans));
        }
      }
    }
    CHECK(lowp_dpi_same(handle, 0, 0, 3) == -1);
  }
  CHECK(lowp_dpi_same(0, 0, 0, 0) == -1);
}

TEST_CASE("GLD-20 what cannot be done is refused with a reason") {
  const std::uint64_t from = lowp_dpi_format("binary32");
  CHECK(lowp_dpi_format("e4m3fm") == refused);
  CHECK(says("\"e4m3fm\""));
  CHECK(lowp_dpi_format(nullptr) == refused);
  CHECK(lowp_dpi_find(LOWP_MMA_MODELS, "nothing") == -1);
  CHECK(lowp_dpi_find(-3, "nothing") == -1);
  CHECK(lowp_dpi_width(0) == -1);
  CHECK(lowp_dpi_width(refused) == -1);
  for (const char* words : {"OCP", "overflow=saturat", "owerflow=saturate", "random_bits=33",
                            "random_bits=", "random_bits=1x", "random_bits=123456789012", "=",
                            "overflow=saturate OCP saturating", "odd_overflows=1"}) {
    CAPTURE(words);
    CHECK(lowp_dpi_projection(words) == refused);
  }
  CHECK(lowp_dpi_projection(nullptr) == refused);
  CHECK(lowp_dpi_projection(std::string(5000, 'x').c_str()) == refused);
  CHECK(lowp_dpi_projection("overflow=saturat") == refused);
  CHECK(says("\"overflow=saturat\" is no MEMBER=VALUE of a projection, nor a policy"));
  CHECK(lowp_dpi_convert(from, 0, refused, 0, 0, 0) == refused);
  CHECK(lowp_dpi_convert(from, 0, from, refused, 0, 0) == refused);
  words out(LOWP_DPI_WORDS);
  std::uint64_t scale = 0;
  std::uint32_t outer = 0;
  CHECK(lowp_dpi_quantise(-1, -1, 0, out.data(), 0, out.data(), &scale, &outer) ==
        LOWP_OUT_OF_RANGE);
  CHECK((scale == refused && outer == 0xffffffff && out == words(LOWP_DPI_WORDS, 0xffffffff)));
  CHECK(lowp_dpi_dequantise(100000, out.data(), 0, 0, out.data()) == LOWP_OUT_OF_RANGE);
  // Any bits as handles: refused or usable, never harm.
  source random;
  for (int i = 0; i < 200000; ++i) {
    const std::uint64_t a = random() & random(), b = random() & random(), p = random() & random();
    lowp_dpi_convert(a & 0xffff0000'7fffffff, random(), i % 2 == 0 ? from : b, i % 4 == 0 ? p : 0,
                     i % 9, 0);
  }
}
