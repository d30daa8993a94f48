// SPDX-License-Identifier: Apache-2.0
/// \file
/// Literal table rows for the tests of vendors' rules.
#ifndef LOWP_TESTS_VENDOR_ROWS_HPP
#define LOWP_TESTS_VENDOR_ROWS_HPP

#include <cstddef>
#include <string>

#include <doctest/doctest.h>

#include <lowp/hardware/all_rules.hpp>

namespace vendor {

using lowp::code_t;
using lowp::conversion_rule;

inline const conversion_rule& rule(const char* name) {
  const conversion_rule* r = lowp::find_rule(name);
  REQUIRE_MESSAGE(r != nullptr, std::string(name));
  return *r;
}

/// +NaN, -NaN, +Inf, -Inf, 464, 465, 1e6, -1e6 in each source format; 65504 is the greatest
/// binary16 and stands for 1e6 there.
inline constexpr std::size_t input_count = 8;
struct inputs {
  lowp::format from;
  code_t codes[input_count];
};
inline constexpr inputs sources[] = {
    {lowp::formats::binary32,
     {0x7fc00000, 0xffc00000, 0x7f800000, 0xff800000, 0x43e80000, 0x43e88000, 0x49742400,
      0xc9742400}},
    {lowp::formats::binary64,
     {0x7ff8000000000000, 0xfff8000000000000, 0x7ff0000000000000, 0xfff0000000000000,
      0x407d000000000000, 0x407d100000000000, 0x412e848000000000, 0xc12e848000000000}},
    {lowp::formats::binary16, {0x7e00, 0xfe00, 0x7c00, 0xfc00, 0x5f40, 0x5f44, 0x7bff, 0xfbff}},
    {lowp::formats::bfloat16, {0x7fc0, 0xffc0, 0x7f80, 0xff80, 0x43e8, 0x43e9, 0x4974, 0xc974}},
};

inline const inputs& inputs_of(const lowp::format& from) {
  for (const inputs& i : sources) {
    if (i.from == from) return i;
  }
  FAIL("no inputs for this source");
  return sources[0];
}

struct row {
  const char* rule;
  code_t codes[input_count];
};

template <std::size_t Size>
void check(const row (&rows)[Size]) {
  for (const row& r : rows) {
    const conversion_rule& c = rule(r.rule);
    const inputs& in = inputs_of(c.from);
    for (std::size_t i = 0; i < input_count; ++i) {
      CAPTURE(std::string(r.rule));
      CAPTURE(i);
      CHECK(lowp::apply(c, in.codes[i]) == r.codes[i]);
    }
  }
}

/// One input of one rule.
struct cell {
  const char* rule;
  code_t input;
  code_t code;
};

template <std::size_t Size>
void check(const cell (&cells)[Size]) {
  for (const cell& c : cells) {
    CAPTURE(std::string(c.rule));
    CAPTURE(c.input);
    CHECK(lowp::apply(rule(c.rule), c.input) == c.code);
  }
}

}  // namespace vendor

#endif  // LOWP_TESTS_VENDOR_ROWS_HPP
