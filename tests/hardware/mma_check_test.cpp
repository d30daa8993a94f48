// SPDX-License-Identifier: Apache-2.0
// Matrix units: the rules that `check` names.
#include <string>

#include <doctest/doctest.h>

#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma_members.hpp>

namespace {

using lowp::accumulator_entry;
using lowp::mma_error;
using lowp::mma_model;
using lowp::mma_sum;
using lowp::product_order;

/// A model that passes, to be broken in one respect.
mma_model sound() {
  mma_model m = lowp::mma_rows::aligned_dot(lowp::formats::bfloat16, lowp::formats::bfloat16,
                                            lowp::formats::binary32, 16, 8, 24);
  return m;
}
template <class Change>
mma_error broken(Change change) {
  mma_model m = sound();
  change(m);
  return check(m);
}

}  // namespace

TEST_CASE("MMA-1 check names the first rule that a model breaks") {
  using M = mma_model;
  namespace formats = lowp::formats;
  CHECK(check(sound()) == mma_error::none);
  // Formats.
  CHECK(check(M{}) == mma_error::formats);
  CHECK(broken([](M& m) { m.a = {}; }) == mma_error::formats);
  CHECK(broken([](M& m) { m.d = formats::int32; }) == mma_error::formats);
  CHECK(broken([](M& m) { m.accumulator = formats::posit16; }) == mma_error::formats);
  CHECK(broken([](M& m) { m.c = lowp::ieee_format(8, 55); }) == mma_error::formats);
  CHECK(broken([](M& m) {
          m.sum = mma_sum::exact;
          m.a = formats::binary64;
        }) == mma_error::formats);
  CHECK(broken([](M& m) { m.sum = mma_sum::integer; }) == mma_error::formats);
  CHECK(broken([](M& m) {
          m = lowp::mma_rows::integer_sum(formats::int32, formats::int8, formats::int32, 4, 4,
                                          lowp::integer_overflow::wrap);
        }) == mma_error::formats);
  CHECK(broken([](M& m) {
          m = lowp::mma_rows::integer_sum(formats::int8, formats::int8, formats::int32, 4, 4,
                                          lowp::integer_overflow::wrap);
          m.c = formats::uint32;
        }) == mma_error::formats);
  CHECK(broken([](M& m) { m.run = 2; }) ==
        mma_error::formats);  // bfloat16 in runs that are aligned
  CHECK(broken([](M& m) { m.a = lowp::with_bias(formats::bfloat16, 1300); }) == mma_error::formats);
  CHECK(broken([](M& m) { m.b = lowp::with_bias(formats::bfloat16, -1300); }) ==
        mma_error::formats);
  CHECK(broken([](M& m) { m.a.precision = 60; }) == mma_error::formats);
  CHECK(broken([](M& m) {
          m.sum = mma_sum::exact;
          m.d = formats::binary64;
        }) == mma_error::formats);
  CHECK(broken([](M& m) { m.scales_align = true; }) == mma_error::formats);  // bfloat16 is too wide
  CHECK(broken([](M& m) { m.product = formats::int8; }) == mma_error::formats);
  CHECK(broken([](M& m) {
          m.stored = formats::binary32;
          m.stored.width = 65;
        }) == mma_error::formats);
  // Lengths.
  CHECK(broken([](M& m) {
          m.k = m.group = 7;
          m.order = product_order::pairs_reversed;
        }) == mma_error::length);
  CHECK(broken([](M& m) {
          m.k = m.group = 6;
          m.order = product_order::pairs_dealt;
        }) == mma_error::length);
  CHECK(broken([](M& m) {
          m.k = m.group = 6;
          m.order = product_order::pairs_reversed;
        }) == mma_error::none);
  CHECK(broken([](M& m) {
          m.sum = mma_sum::chain;
          m.run = 2;
        }) == mma_error::length);
  CHECK(broken([](M& m) { m.k = 0; }) == mma_error::length);
  CHECK(broken([](M& m) { m.k = 520; }) == mma_error::length);
  CHECK(broken([](M& m) { m.k = 512; }) == mma_error::none);
  CHECK(broken([](M& m) { m.group = 0; }) == mma_error::length);
  CHECK(broken([](M& m) { m.group = 5; }) == mma_error::length);
  CHECK(broken([](M& m) { m.run = 0; }) == mma_error::length);
  CHECK(broken([](M& m) {
          m.a = m.b = formats::e4m3fn;
          m.run = 3;
        }) == mma_error::length);
  // Ways of adding.
  CHECK(broken([](M& m) { m.chains = 0; }) == mma_error::sum);
  CHECK(broken([](M& m) { m.chains = 3; }) == mma_error::sum);
  CHECK(broken([](M& m) { m.chains = 2; }) == mma_error::sum);
  CHECK(broken([](M& m) { m.sum = mma_sum::tree; }) == mma_error::sum);
  CHECK(broken([](M& m) {
          m.sum = mma_sum::tree;
          m.entry = accumulator_entry::after_step;
        }) == mma_error::sum);  // without a format of products
  CHECK(broken([](M& m) {
          m.sum = mma_sum::tree;
          m.entry = accumulator_entry::after_step;
          m.product = formats::binary32;
        }) == mma_error::none);
  CHECK(broken([](M& m) { m.sum = mma_sum::gaudi2; }) == mma_error::sum);
  CHECK(broken([](M& m) {
          m.sum = mma_sum::exact;
          m.chains = 2;
        }) == mma_error::sum);
  CHECK(broken([](M& m) {
          m.sum = mma_sum::chain;
          m.chains = 2;
        }) == mma_error::sum);
  CHECK(broken([](M& m) {
          m.sum = mma_sum::chain;
          m.entry = accumulator_entry::after_step;
        }) == mma_error::sum);
  // Alignment.
  CHECK(broken([](M& m) { m.kept_bits = 0; }) == mma_error::alignment);
  CHECK(broken([](M& m) { m.kept_bits = 61; }) == mma_error::alignment);
  const auto late = [](M& m, int sum, int c) {
    m.entry = accumulator_entry::after_step;
    m.kept_sum = static_cast<std::uint8_t>(sum);
    m.kept_c = static_cast<std::uint8_t>(c);
  };
  CHECK(broken([&](M& m) { late(m, 31, 24); }) == mma_error::none);
  CHECK(broken([&](M& m) { late(m, 23, 24); }) == mma_error::alignment);
  CHECK(broken([&](M& m) { late(m, 31, 0); }) == mma_error::alignment);
  CHECK(broken([&](M& m) { late(m, 61, 24); }) == mma_error::alignment);
  CHECK(broken([](M& m) { m.least_exponent = 1 << 21; }) == mma_error::alignment);
  CHECK(broken([](M& m) { m.least_exponent = -(1 << 21); }) == mma_error::alignment);
  CHECK(broken([](M& m) { m.low_bits = 53; }) == mma_error::alignment);
  CHECK(broken([](M& m) {
          m.low_bits = 4;
          m.scale = formats::e8m0fnu;
          m.scale_block = 16;
        }) == mma_error::alignment);
  const auto gaudi2 = [](M& m, int kept_bits) {
    m.sum = mma_sum::gaudi2;
    m.entry = accumulator_entry::after_step;
    m.kept_bits = static_cast<std::uint8_t>(kept_bits);
  };
  CHECK(broken([&](M& m) { gaudi2(m, 48); }) == mma_error::none);
  CHECK(broken([&](M& m) { gaudi2(m, 49); }) == mma_error::alignment);
  CHECK(broken([&](M& m) {
          gaudi2(m, 46);
          m.accumulator = formats::binary16;
        }) == mma_error::sum);
  CHECK(broken([](M& m) {
          m = lowp::mma_rows::fma_chain(formats::binary16, formats::binary16, formats::binary32, 4);
          m.scales_align = true;
        }) == mma_error::sum);
  // Scales.
  CHECK(broken([](M& m) {
          m.scale = lowp::with_bias(formats::e8m0fnu, 200);
          m.scale_block = 16;
        }) == mma_error::scale);
  CHECK(broken([](M& m) { m.scale_block = 16; }) == mma_error::scale);
  CHECK(broken([](M& m) { m.scale = formats::e8m0fnu; }) == mma_error::scale);
  CHECK(broken([](M& m) {
          m.scale = formats::e8m0fnu;
          m.scale_block = 5;
        }) == mma_error::scale);
  CHECK(broken([](M& m) {
          m.scale = formats::binary32;
          m.scale_block = 16;
        }) == mma_error::scale);
  CHECK(broken([](M& m) {
          m.scale = formats::e8m0fnu;
          m.scale_block = 8;
        }) == mma_error::none);
  for (const mma_error e : {mma_error::formats, mma_error::length, mma_error::sum,
                            mma_error::alignment, mma_error::scale}) {
    CHECK(std::string(message(e)).size() > 20);
    CHECK(std::string(message(e)) != message(mma_error::none));
  }
}

TEST_CASE("MMA-13 members of all rows have names and values") {
  for (const lowp::named_mma_model& row : lowp::all_mma_models) {
    INFO(std::string(row.name));
    int differ = 0;
    for (const lowp::mma_member& m : lowp::members(row.value)) {
      if (!m.is_default) ++differ;
      if (m.kind == lowp::mma_member_kind::enumerator) CHECK(std::string(m.value) != "unknown");
    }
    CHECK(differ >= 5);  // at least the five formats
  }
  for (const lowp::mma_member& m : lowp::members(mma_model{})) CHECK(m.is_default);
  const auto units = lowp::members(*lowp::find_mma_model("sm80.mma.m16n8k16.f32.bf16.bf16.f32"));
  CHECK(std::string(units.rows[6].name) == "group");
  CHECK(units.rows[6].number == 8);
  CHECK(units.rows[0].f == lowp::formats::bfloat16);
}
