// SPDX-License-Identifier: Apache-2.0
// Block formats: what the registry says against the oracle's own table, and what codes, scales and
// fields stand for against exact numbers.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/element_quantiser.hpp>
#include <lowp/block/quantise_block.hpp>
#include <lowp/types.hpp>

#include "../oracle/block.hpp"
#include "../oracle/block_recipes.hpp"

namespace {

using lowp::block_format;
using lowp::block_format_error;
using oracle::block_description;

bool same(const lowp::exact& got, const oracle::value& want) {
  using lowp::number_class;
  switch (want.cls) {
    case oracle::sort::nan: return got.cls == number_class::nan;
    case oracle::sort::infinity:
      return got.cls == number_class::infinity && got.negative == want.negative;
    case oracle::sort::zero: return got.cls == number_class::zero && got.negative == want.negative;
    case oracle::sort::finite: break;
  }
  return got.cls == number_class::finite && got.negative == want.negative && got.tail == 0 &&
         !got.sticky && oracle::real(got.significand, got.exponent) == want.magnitude;
}

std::vector<std::uint64_t> scales_of(const block_description& f) {
  if (f.scale.width > 8) {
    return {0,          0x80000000, 1,          0x007fffff, 0x00800000, 0x3f800000, 0x3f7fffff,
            0x40490fdb, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0xc0490fdb, 0x3eaaaaab};
  }
  std::vector<std::uint64_t> all;
  for (std::uint64_t c = 0; c < f.scale.code_count(); ++c) all.push_back(c);
  return all;
}

TEST_CASE("BLS-1 values of all codes under all scales and fields") {
  const std::uint64_t seed = 11;
  MESSAGE("seed " << seed);
  std::mt19937_64 random(seed);
  for (const auto& row : lowp::all_block_formats) {
    const block_description& f = *oracle::find_block(row.name);
    const oracle::block_quantiser by_oracle(f, {});
    std::size_t differ = 0;
    for (const std::uint64_t scale : scales_of(f)) {
      for (std::uint64_t code = 0; code < f.element.code_count(); ++code) {
        oracle::block_result b;
        b.scale = scale;
        for (std::size_t level = 0; level < f.groups.size(); ++level) {
          for (int i = 0; i < f.elements(); i += f.groups[level]) {
            b.fields[level].push_back(static_cast<int>(random() % 2));
          }
        }
        const int at = static_cast<int>(random() % static_cast<std::uint64_t>(f.elements()));
        b.codes.assign(static_cast<std::size_t>(f.elements()), 0);
        b.codes[static_cast<std::size_t>(at)] = code;
        const auto got = block_value(row.value, oracle::scale_bits_of(f, b), code, at);
        if (!same(got, by_oracle.value_in(b, at, oracle::one()))) ++differ;
        const auto outer = static_cast<std::uint32_t>(random() % 0x7f800000);
        const auto times = block_value(row.value, oracle::scale_bits_of(f, b), code, at,
                                       lowp::decode(lowp::formats::binary32, outer));
        if (outer != 0 && !same(times, by_oracle.value_in(b, at, oracle::single_of(outer)))) {
          ++differ;
        }
      }
    }
    CAPTURE(std::string(row.name));
    CHECK(differ == 0);
  }
}

TEST_CASE("BLS-1 check names the rule that a format breaks") {
  const auto with = [](auto change) {
    block_format f = lowp::block_formats::mxfp4;
    change(f);
    return check(f);
  };
  using enum block_format_error;
  for (const auto& row : lowp::all_block_formats) CHECK(check(row.value) == none);
  CHECK(with([](auto& f) { f.element = lowp::formats::binary16; }) == none);
  CHECK(with([](auto& f) { f.element = lowp::formats::tf32; }) == element);
  CHECK(with([](auto& f) { f.element = lowp::integer_format(1, true); }) == element);  // 0 and -1
  CHECK(with([](auto& f) { f.element = lowp::integer_format(1, false); }) == none);
  CHECK(with([](auto& f) { f.scale = lowp::formats::binary64; }) == scale);
  CHECK(with([](auto& f) { f.scale = lowp::formats::int8; }) == scale);
  CHECK(with([](auto& f) { f.rows = 0; }) == shape);
  CHECK(with([](auto& f) { f.columns = 0; }) == shape);
  CHECK(with([](auto& f) { f = with_shape(f, 128, 128); }) == none);
  CHECK(with([](auto& f) { f = with_shape(f, 129, 128); }) == shape);
  CHECK(with([](auto& f) { f = with_shape(f, 1, 16385); }) == shape);
  CHECK(with([](auto& f) { f.level[0] = {.group = 8, .bits = 0}; }) == level);
  CHECK(with([](auto& f) { f.level[0] = {.group = 0, .bits = 1}; }) == level);
  CHECK(with([](auto& f) { f.level[1] = {.group = 12, .bits = 1}; }) == level);
  CHECK(with([](auto& f) { f.level[1] = {.group = 64, .bits = 1}; }) == level);
  CHECK(with([](auto& f) { f.level[0] = {.group = 8, .bits = 9}; }) == level);
  // 8 bits of scale and 56 or 57 of fields.
  const auto fields = [&](int n) {
    return with([&](auto& f) {
      f = with_shape(f, 1, n);
      f.level[0] = {.group = 1, .bits = 1};
    });
  };
  CHECK(fields(56) == none);
  CHECK(fields(57) == record);
}

struct quantised {
  std::uint64_t scale;
  std::vector<std::uint16_t> codes;
};

quantised quantise(const block_format& f, const lowp::block_recipe& r,
                   const std::vector<float>& numbers) {
  std::vector<lowp::float32> x;
  for (const float n : numbers) x.emplace_back(n);
  quantised q{0, std::vector<std::uint16_t>(static_cast<std::size_t>(block_elements(f)))};
  q.scale =
      quantise_block(f, r, lowp::block_input<lowp::float32>{x.data(), f.columns, f.rows, f.columns},
                     lowp::float32{}, q.codes.data());
  return q;
}

TEST_CASE("BLS-2 fields tell how much less the scales of groups would be") {
  block_format f = with_shape(lowp::block_formats::mxfp4, 1, 16);
  f.level[0] = {.group = 4, .bits = 2, .lowers = true};
  // Own scales 2^0, 2^-1, 2^-3, none; fields 0, 1, 3, 3. All greatest elements become 6.
  const std::vector<float> x{6, 1, -0.5F, 0, 3, .5F, 0, 0,  //
                             0, 0, -.75F, 0, 0, 0,   0, 0};
  const quantised q = quantise(f, lowp::block_recipes::ocp, x);
  CHECK(q.scale == (127 | 0xf400));
  CHECK(q.codes == std::vector<std::uint16_t>{7, 2, 9, 0, 7, 2, 0, 0, 0, 0, 15, 0, 0, 0, 0, 0});
  // Beyond what a field holds: clamped.
  f.level[0].bits = 1;
  CHECK(quantise(f, lowp::block_recipes::ocp, x).scale == (127 | 0xe00));
  // A second level goes on from the first: pairs with own scales 2^0, 2^-3, 2^-1, none, none, 2^-3,
  // none, none, fields 0, 3, 0, 3, 3, 2, 3, 3.
  f.level[1] = {.group = 2, .bits = 2, .lowers = true};
  CHECK(quantise(f, lowp::block_recipes::ocp, x).scale == (127 | 0xe00 | 0xfbccULL << 12));
  // An offset of the recipe is one of the groups too.
  lowp::block_recipe shifted = lowp::block_recipes::ocp;
  shifted.exponent_offset = 1;
  f.level[1] = {};
  CHECK(quantise(f, shifted, x).scale == (128 | 0xe00));
}

TEST_CASE("BLS-2 fields that add, fields that subtract") {
  using lowp::block_formats::hif4;
  using lowp::block_formats::mx9;
  // HiF4: group 1 of 8 and group 3 of 4 are set, element 12 is in both.
  const std::uint64_t scale = 0xc0 | 1U << 9 | 1U << 19;
  CHECK(level_exponent(hif4, scale, 7) == 0);
  CHECK(level_exponent(hif4, scale, 8) == 1);
  CHECK(level_exponent(hif4, scale, 11) == 1);
  CHECK(level_exponent(hif4, scale, 12) == 2);
  CHECK(level_exponent(hif4, scale, 15) == 2);
  CHECK(level_exponent(hif4, scale, 16) == 0);
  CHECK(level_exponent(mx9, 0x7f | 1U << 15, 13) == 0);
  CHECK(level_exponent(mx9, 0x7f | 1U << 15, 14) == -1);
}

TEST_CASE("BLS-4 scale bits: the code lowest, then the first level, then the second") {
  using namespace lowp::block_formats;
  CHECK(scale_bits(mx9) == 16);
  CHECK(scale_bits(lowp::block_formats::hif4) == 32);
  CHECK(scale_bits(nvfp4) == 7);
  CHECK(scale_bits(fp8_1x128) == 32);
  CHECK(scale_code(mx9, 0xabcd) == 0xcd);
  CHECK(field_shift(mx9, 0, 15) == 15);
  CHECK(field_shift(lowp::block_formats::hif4, 0, 63) == 15);
  CHECK(field_shift(lowp::block_formats::hif4, 1, 3) == 16);
  CHECK(field_shift(lowp::block_formats::hif4, 1, 63) == 31);
  for (const auto& row : lowp::all_block_formats) {
    CAPTURE(std::string(row.name));
    CHECK(millibits_per_element(row.value) == oracle::find_block(row.name)->millibits);
  }
}

TEST_CASE("BLS-5 sign and magnitude are minifloats of one exponent bit") {
  for (int m = 1; m <= 8; ++m) {
    const lowp::format f = lowp::sign_magnitude_format(m);
    CAPTURE(m);
    CHECK(f.width == m + 1);
    for (std::uint64_t n = 0; n < std::uint64_t{1} << m; ++n) {
      const oracle::real step{n, 1 - m};
      CHECK(same(lowp::decode(f, n), oracle::number_of(step)));
      CHECK(same(lowp::decode(f, n | std::uint64_t{1} << m), oracle::number_of(step, true)));
    }
  }
  CHECK(lowp::block_formats::msfp12.element == lowp::formats::e1m2);
  CHECK(lowp::block_formats::bfp16.element.width == 8);
}

TEST_CASE("BLS-6 the registry has the block formats that the oracle describes") {
  CHECK(lowp::block_format_count == oracle::block_registry().size());
  for (const auto& row : lowp::all_block_formats) {
    CAPTURE(std::string(row.name));
    const block_description* d = oracle::find_block(row.name);
    REQUIRE(d != nullptr);
    const block_format& f = row.value;
    CHECK(f.rows == d->rows);
    CHECK(f.columns == d->columns);
    CHECK(f.element.width == d->element.width);
    CHECK(f.scale.width == d->scale.width);
    CHECK(static_cast<int>(f.outer) == static_cast<int>(d->factor));
    for (std::size_t level = 0; level < 2; ++level) {
      const bool has = level < d->groups.size();
      CHECK(f.level[level].group == (has ? d->groups[level] : 0));
      CHECK(f.level[level].bits == (has ? 1 : 0));
      CHECK(f.level[level].lowers == (has && d->lowers));
    }
  }
}

TEST_CASE("BLS-15 the registry has the recipes that were typed from the sources") {
  const auto rows = oracle::block_recipe_rows();
  CHECK(lowp::block_recipe_count == rows.size());
  for (const oracle::recipe_row& typed : rows) {
    CAPTURE(typed.name);
    const lowp::named_block_recipe* row = nullptr;
    for (const auto& r : lowp::all_block_recipes) {
      if (typed.name == r.name) row = &r;
    }
    REQUIRE(row != nullptr);
    CHECK(typed.formats == row->formats);
    CHECK(typed.recipe == row->value);
    CHECK(std::string(row->source) != "");
  }
}

}  // namespace
