// SPDX-License-Identifier: Apache-2.0
/// \file
/// Policies by name (users reference, section 4; standards), and what every rule and policy must
/// keep.
#include <cstddef>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include <lowp/hardware/all_rules.hpp>
#include <lowp/projection_members.hpp>

#include "support/registry_rows.hpp"
#include "vendor_rows.hpp"

namespace {
using lowp::code_t;
using lowp::conversion_rule;
using vendor::cell;
using vendor::check;
using vendor::input_count;
using vendor::sources;
}  // namespace

TEST_CASE("users reference, section 4: a policy by name gives the row's codes") {
  struct policy_row {
    const char* policy;
    lowp::format to;
    code_t codes[input_count];
  };
  namespace f = lowp::formats;
  constexpr policy_row rows[] = {
      {"CUDA 13 nosat", f::e4m3fn, {0x7f, 0x7f, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"CUDA 13 satfinite", f::e4m3fn, {0x7f, 0x7f, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"CUTLASS", f::e4m3fn, {0x7f, 0x7f, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"ml_dtypes default", f::e4m3fn, {0x7f, 0xff, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"ml_dtypes saturating", f::e4m3fn, {0x7f, 0xff, 0x7f, 0xff, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"Universal", f::e4m3fn, {0x7f, 0xff, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"Universal saturating", f::e4m3fn, {0x7f, 0xff, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"gfloat", f::e4m3fn, {0xff, 0xff, 0xff, 0xff, 0x7e, 0xff, 0xff, 0xff}},
      {"gfloat saturating", f::e4m3fn, {0xff, 0xff, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"CUDA 13 nosat", f::e5m2, {0x7f, 0x7f, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"CUDA 13 satfinite", f::e5m2, {0x7f, 0x7f, 0x7b, 0xfb, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"CUTLASS", f::e5m2, {0x7f, 0x7f, 0x7b, 0xfb, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"ml_dtypes default", f::e5m2, {0x7e, 0xfe, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"ml_dtypes saturating", f::e5m2, {0x7e, 0xfe, 0x7c, 0xfc, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"Universal", f::e5m2, {0x7e, 0xfe, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"CUDA 13 satfinite", f::e3m2, {0x1f, 0x1f, 0x1f, 0x3f, 0x1f, 0x1f, 0x1f, 0x3f}},
      {"CUTLASS", f::e2m3, {0x1f, 0x3f, 0x1f, 0x3f, 0x1f, 0x1f, 0x1f, 0x3f}},
      {"ml_dtypes default", f::e3m2, {0x20, 0x00, 0x1f, 0x3f, 0x1f, 0x1f, 0x1f, 0x3f}},
      {"Universal", f::e3m2, {0x00, 0x00, 0x1f, 0x3f, 0x1f, 0x1f, 0x1f, 0x3f}},
      {"CUDA 13 satfinite", f::e2m1, {0x7, 0x7, 0x7, 0xf, 0x7, 0x7, 0x7, 0xf}},
      {"CUTLASS", f::e2m1, {0x7, 0xf, 0x7, 0xf, 0x7, 0x7, 0x7, 0xf}},
      {"ml_dtypes default", f::e2m1, {0x8, 0x0, 0x7, 0xf, 0x7, 0x7, 0x7, 0xf}},
      {"Universal", f::e2m1, {0x0, 0x0, 0x7, 0xf, 0x7, 0x7, 0x7, 0xf}},
      {"CUDA 13 rz nosat", f::e8m0fnu, {0xff, 0xff, 0xff, 0xff, 0x87, 0x87, 0x92, 0x92}},
      {"CUDA 13 rp nosat", f::e8m0fnu, {0xff, 0xff, 0xff, 0xff, 0x88, 0x88, 0x93, 0x93}},
      {"CUDA 13 rp satfinite", f::e8m0fnu, {0xff, 0xff, 0xfe, 0xfe, 0x88, 0x88, 0x93, 0x93}},
      {"CUTLASS", f::e8m0fnu, {0xff, 0xff, 0xff, 0xff, 0x88, 0x88, 0x93, 0x93}},
      {"ml_dtypes default", f::e8m0fnu, {0xff, 0xff, 0xff, 0xff, 0x88, 0x88, 0x93, 0xff}},
      {"ml_dtypes saturating", f::e8m0fnu, {0xff, 0xff, 0xff, 0xff, 0x88, 0x88, 0x93, 0x00}},
      {"CUTLASS", f::ue4m3, {0x7f, 0x7f, 0x7e, 0x7e, 0x7e, 0x7e, 0x7e, 0x7e}},
      {"ml_dtypes default", f::e4m3fnuz, {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80}},
      {"ml_dtypes saturating", f::e4m3fnuz, {0x80, 0x80, 0x80, 0x80, 0x7f, 0x7f, 0x7f, 0xff}},
      {"ml_dtypes default", f::e5m2fnuz, {0x80, 0x80, 0x80, 0x80, 0x63, 0x63, 0x80, 0x80}},
      {"ml_dtypes saturating", f::e5m2fnuz, {0x80, 0x80, 0x80, 0x80, 0x63, 0x63, 0x7f, 0xff}},
      {"ml_dtypes default", f::e4m3, {0x7c, 0xfc, 0x78, 0xf8, 0x78, 0x78, 0x78, 0xf8}},
      {"ml_dtypes saturating", f::e4m3, {0x7c, 0xfc, 0x78, 0xf8, 0x77, 0x77, 0x77, 0xf7}},
  };
  for (const policy_row& r : rows) {
    const conversion_rule* c = lowp::find_rule(r.policy, f::binary32, r.to);
    REQUIRE_MESSAGE(c != nullptr, std::string(r.policy));
    for (std::size_t i = 0; i < input_count; ++i) {
      CAPTURE(std::string(c->name));
      CAPTURE(i);
      CHECK(lowp::apply(*c, sources[0].codes[i]) == r.codes[i]);
    }
  }
  // E2M1 ties: 0.25 0.75 1.25 1.75 2.5 3.5 5.0 with nearest-even, microxcaling nearest and floor
  constexpr code_t ties[] = {0x3e800000, 0x3f400000, 0x3fa00000, 0x3fe00000,
                             0x40200000, 0x40600000, 0x40a00000};
  constexpr code_t even[] = {0, 2, 2, 4, 4, 6, 6};
  constexpr code_t away[] = {1, 2, 3, 4, 5, 6, 7};
  constexpr code_t floor[] = {0, 1, 2, 3, 4, 5, 6};
  for (std::size_t i = 0; i < 7; ++i) {
    CAPTURE(i);
    CHECK(lowp::convert(f::binary32, ties[i], f::e2m1) == even[i]);
    CHECK(lowp::convert(f::binary32, ties[i], f::e2m1, {.round = lowp::to_nearest_away}) ==
          away[i]);
    CHECK(lowp::convert(f::binary32, ties[i], f::e2m1, {.round = lowp::toward_zero}) == floor[i]);
  }
  // CPFloat's "e4m3" goes on to 480: another format. 465 -> 480, 496 overflows.
  constexpr lowp::format cpfloat = lowp::finite_format(4, 3, lowp::nan_codes::none);
  CHECK(lowp::convert(f::binary32, 0x43e80000, cpfloat) == 0x7e);
  CHECK(lowp::convert(f::binary32, 0x43e88000, cpfloat) == 0x7f);
  CHECK(lowp::convert(f::binary32, 0x43f80000, cpfloat, {.overflow = lowp::saturate}) == 0x7f);
  const lowp::encoded at_496 = lowp::convert_with_status(f::binary32, 0x43f80000, cpfloat, {});
  CHECK(at_496.flags.has(lowp::status::overflow));
}

TEST_CASE("formats reference, table 1.1: finite overflow of each ecosystem's default") {
  constexpr cell cells[] = {
      {"ml_dtypes.e4m3fn", 0xc9742400, 0xff},
      {"cuda13.e4m3fn.satfinite", 0xc9742400, 0xfe},
      {"ptx.e4m3fn.rn.satfinite", 0xc9742400, 0xfe},
      {"hip2024.e4m3fn.satfinite", 0xc9742400, 0xfe},
      {"pytorch.e4m3fn", 0xc9742400, 0xff},
      {"onnx.e4m3fn.saturate", 0xc9742400, 0xfe},
      {"riscv.vfncvt.e4m3fn", 0xc9742400, 0x7f},
      {"arm.e4m3fn.osc0", 0xc9742400, 0xff},
      {"ml_dtypes.e5m2", 0xc9742400, 0xfc},
      {"cuda13.e5m2.satfinite", 0xc9742400, 0xfb},
      {"hip2024.e5m2.satfinite", 0xc9742400, 0xfb},
      {"pytorch.e5m2", 0xc9742400, 0xfc},
      {"onnx.e5m2.saturate", 0xc9742400, 0xfb},
      {"riscv.vfncvt.e5m2", 0xc9742400, 0xfc},
      {"arm.e5m2.osc0", 0xc9742400, 0xfc},
      {"ml_dtypes.e4m3fnuz", 0xc9742400, 0x80},
      {"hip2024.e5m2fnuz.satfinite", 0xc9742400, 0xff},
      {"pytorch.e5m2fnuz", 0xc9742400, 0x80},
      {"onnx.e5m2fnuz.saturate", 0xc9742400, 0xff},
  };
  check(cells);
}

TEST_CASE("the standards' policies") {
  namespace f = lowp::formats;
  const auto by_name = [](const char* name) {
    const lowp::named_projection* p = lowp::find_policy(name);
    REQUIRE_MESSAGE(p != nullptr, std::string(name));
    return p->value;
  };
  // The worked results of P3109 4.7.5: SatFinite / SatPropagate / SatNone.
  struct worked {
    lowp::format to;
    code_t input;
    lowp::rounding round;
    code_t finite, propagate, none;
  };
  using enum lowp::rounding;
  const worked cases[] = {
      {f::binary8p4se, 0x43680000, to_nearest_even, 0x7e, 0x7e, 0x7e},  // 232
      {f::binary8p4se, 0x43680000, to_nearest_away, 0x7e, 0x7e, 0x7f},
      {f::binary8p4se, 0x43680000, to_odd, 0x7e, 0x7e, 0x7f},
      {f::binary8p4se, 0x7f800000, toward_zero, 0x7e, 0x7f, 0x7f},
      {f::binary8p4se, 0xc3960000, to_nearest_even, 0xfe, 0xfe, 0xff},  // -300
      {f::binary8p4se, 0xc3960000, toward_positive, 0xfe, 0xfe, 0xfe},
      {f::e4m3fnuz, 0x44700000, to_nearest_even, 0x7f, 0x7f, 0x7f},  // binary8p4sf, 960
      {f::e4m3fnuz, 0x7f800000, to_nearest_even, 0x7f, 0x7f, 0x7f},
      {f::binary8p3ue, 0x50200000, to_nearest_even, 0xfd, 0xfd, 0xfe},  // 10737418240
      {f::binary8p3ue, 0x50200000, toward_zero, 0xfd, 0xfd, 0xfd},
      {f::binary8p3ue, 0x50200000, to_odd, 0xfd, 0xfd, 0xfd},
      {f::binary8p3ue, 0xc0000000, to_nearest_even, 0x00, 0x00, 0xff},  // -2
      {f::binary8p3ue, 0xc0000000, toward_zero, 0x00, 0x00, 0x00},
      {f::binary8p3ue, 0xff800000, toward_zero, 0x00, 0x00, 0xff},
  };
  for (const worked& c : cases) {
    CAPTURE(c.input);
    lowp::projection p = by_name("P3109 SatFinite");
    p.round = c.round;
    CHECK(lowp::convert(f::binary32, c.input, c.to, p) == c.finite);
    p = by_name("P3109 SatPropagate");
    p.round = c.round;
    CHECK(lowp::convert(f::binary32, c.input, c.to, p) == c.propagate);
    p = by_name("P3109 SatNone");
    p.round = c.round;
    CHECK(lowp::convert(f::binary32, c.input, c.to, p) == c.none);
  }
  // The formal specification: NaN in a finite domain, and to_odd overflows.
  lowp::projection formal = by_name("P3109 SatNone formal");
  CHECK(lowp::convert(f::binary32, 0x44700000, f::e4m3fnuz, formal) == 0x80);
  CHECK(lowp::convert(f::binary32, 0x7f800000, f::e4m3fnuz, formal) == 0x80);
  formal.round = to_odd;
  CHECK(lowp::convert(f::binary32, 0x50200000, f::binary8p3ue, formal) == 0xfe);
  formal.round = toward_zero;
  CHECK(lowp::convert(f::binary32, 0x44700000, f::e4m3fnuz, formal) == 0x7f);
  // P3109 has one zero, also in external formats.
  CHECK(lowp::convert(f::binary32, 0x80000000, f::binary16, by_name("P3109 SatFinite")) == 0);
  CHECK(lowp::convert(f::binary32, 0x80000000, f::binary16, by_name("IEEE 754")) == 0x8000);
  CHECK(lowp::convert(f::binary32, 0xffa00001, f::binary16, by_name("IEEE 754")) == 0xff00);
  CHECK(lowp::convert(f::binary32, 0x7f800000, f::e4m3fn, by_name("OCP saturating")) == 0x7e);
  CHECK(lowp::convert(f::binary32, 0x7f800000, f::e4m3fn, by_name("OCP not saturating")) == 0x7f);
}

TEST_CASE("every rule is well formed and found by its name") {
  std::set<std::string> names;
  std::set<std::string> points;
  for (const conversion_rule& r : lowp::all_conversion_rules) {
    const std::string name = r.name;
    CAPTURE(name);
    CHECK(names.insert(name).second);
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._") == std::string::npos);
    CHECK(lowp::find_rule(r.name) != nullptr);
    CHECK(!std::string(r.origin.source).empty());
    CHECK(!std::string(r.origin.vendor).empty());
    CHECK(std::string(lowp::name(r.origin.mark)) != "unknown");
    const lowp::named_format* from = lowp::find_format(r.from);
    const lowp::named_format* to = lowp::find_format(r.to);
    REQUIRE(from != nullptr);
    REQUIRE(to != nullptr);
    CHECK((!lowp::rounds_twice(r) || lowp::find_format(r.via) != nullptr));
    // The name says the formats, unless a mnemonic does.
    const bool mnemonic = name.find(".v") != std::string::npos && name.rfind("riscv", 0) != 0;
    if (!mnemonic) {
      CHECK((name + '.').find('.' + std::string(to->name) + '.') != std::string::npos);
      const std::string suffix = ".from_" + std::string(from->name);
      const bool has = name.size() > suffix.size() &&
                       name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
      CHECK(has == (r.from != lowp::formats::binary32));
    }
    // One rule for a policy and a pair of formats.
    const std::string point = r.origin.policy + std::string("|") + from->name + "|" + to->name;
    CHECK_MESSAGE(points.insert(point).second, point);
    CHECK(lowp::find_rule(r.origin.policy, r.from, r.to) != nullptr);
    CHECK(lowp::is_stochastic(r.last.round) == (r.last.random_bits != 0));
  }
  CHECK(lowp::find_rule("cuda13.e4m3fn") == nullptr);
  CHECK(lowp::find_rule("CUDA 13 satfinite", lowp::formats::binary32, lowp::formats::nf4) ==
        nullptr);
  CHECK(lowp::find_policy("CUDA") == nullptr);
  check_rows(lowp::all_policies, lowp::find_policy, is_phrase);
  MESSAGE(names.size() << " rules, " << lowp::all_policies.size() << " policies");
}

TEST_CASE("a policy and the rules of its name agree") {
  for (const lowp::named_projection& p : lowp::all_policies) {
    CAPTURE(std::string(p.name));
    for (const conversion_rule& r : lowp::all_conversion_rules) {
      if (std::string(r.origin.policy) != p.name) continue;
      // Doubles keep the NaN's sign in CUDA; RISC-V has another canonical NaN in bfloat16.
      if (r.from == lowp::formats::binary64) continue;
      CAPTURE(std::string(r.name));
      CHECK(r.last == p.value);
    }
  }
}

TEST_CASE("compile time: apply and find_rule are constant expressions") {
  static_assert(lowp::apply(*lowp::find_rule("cuda13.e4m3fn.satfinite"), 0x7f800000) == 0x7e);
  static_assert(lowp::apply(*lowp::find_rule("onednn.e4m3fn"), 0x3a800001) == 0x00);
  static_assert(noexcept(lowp::find_rule("")));
  static_assert(noexcept(lowp::apply(lowp::all_conversion_rules[0], 0)));
}

TEST_CASE("projection members have names, and values that differ from the default are marked") {
  const lowp::projection p{
      .round = lowp::toward_zero, .nan_sign = lowp::sign_rule::flip, .random_bits = 20};
  int count = 0;
  int different = 0;
  std::set<std::string> names;
  for (const lowp::projection_member& m : lowp::members(p)) {
    ++count;
    names.insert(m.name);
    CHECK((m.value == nullptr || std::string(m.value) != "unknown"));
    if (m.is_default) continue;
    ++different;
    const std::string name = m.name;
    if (name == "round") CHECK(std::string(m.value) == "toward_zero");
    if (name == "nan_sign") CHECK(std::string(m.value) == "flip");
    if (name == "random_bits") CHECK(m.number == 20);
  }
  CHECK(count == lowp::projection_member_count);
  CHECK(names.size() == static_cast<std::size_t>(count));
  CHECK(different == 3);
  for (const lowp::projection_member& m : lowp::members({})) CHECK(m.is_default);
}
