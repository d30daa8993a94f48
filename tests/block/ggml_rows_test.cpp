// SPDX-License-Identifier: Apache-2.0
// Rows of ggml block types made by hand: which are refused, that the others stay within their
// bytes, and that the registry of layouts describes the same bytes.
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/layout/block_layouts.hpp>

#include "block/ggml_blocks.hpp"
#include "block/ggml_machine.hpp"

namespace {

using ggml_blocks::bytes;
using ggml_blocks::ggml_type;
using lowp::ggml_error;
using lowp::ggml_field;
using lowp::ggml_method;
using lowp::ggml_number;
using lowp::ggml_sum;
using lowp::ggml_value;
using lowp::scale_rule;

struct bad_row {
  ggml_error error;
  const char* base;  // the row that is changed
  void (*change)(ggml_type&);
};

// clang-format off
const bad_row bad_rows[] = {
    {ggml_error::elements, "q4_0", [](ggml_type& t) { t.elements = 0; }},
    {ggml_error::elements, "tq2_0", [](ggml_type& t) { t.elements = 257; }},
    {ggml_error::method, "q4_0", [](ggml_type& t) { t.method = static_cast<ggml_method>(5); }},
    {ggml_error::codes, "q4_0", [](ggml_type& t) { t.codes = ggml_field{}; }},
    {ggml_error::codes, "tq1_0", [](ggml_type& t) { t.elements = 128; }},
    {ggml_error::codes, "tq1_0", [](ggml_type& t) { t.codes.parts[0] = {.at = 0, .width = 2, .pack = {.slot = 2}}; }},
    {ggml_error::codes, "tq1_0", [](ggml_type& t) { t.codes.value = ggml_value::iq4; }},
    {ggml_error::codes, "q2_K", [](ggml_type& t) { t.factors = ggml_field{.base_3 = true}; }},
    {ggml_error::layout, "q4_0", [](ggml_type& t) { t.codes.parts[0].pack.slot = 2; }},
    {ggml_error::layout, "q4_0", [](ggml_type& t) { t.codes.parts[0].pack.group = 24; }},
    {ggml_error::layout, "q2_K", [](ggml_type& t) { t.low_factors.parts[0].pack.lift = 5; }},
    {ggml_error::integer, "q4_0", [](ggml_type& t) { t.codes.parts[0].shift = 5; }},
    {ggml_error::integer, "iq4_nl", [](ggml_type& t) { t.codes.parts[0] = {.at = 0, .width = 5, .pack = {.slot = 4}}; t.codes.parts[0].pack.slot = 5; t.bytes = 32; }},
    {ggml_error::integer, "mxfp4", [](ggml_type& t) { t.codes.parts[1] = {.at = 1, .width = 1, .pack = {.slot = 1}, .shift = 4}; }},
    {ggml_error::integer, "q8_0", [](ggml_type& t) { t.codes.parts[0].width = 7; }},
    {ggml_error::integer, "q8_0", [](ggml_type& t) { t.codes.value = static_cast<ggml_value>(4); }},
    {ggml_error::range, "q2_K", [](ggml_type& t) { t.asymmetric.highest = 4; }},
    {ggml_error::range, "q4_K", [](ggml_type& t) { t.asymmetric.levels = 64; }},
    {ggml_error::range, "q4_K", [](ggml_type& t) { t.asymmetric.levels = -1; }},
    {ggml_error::range, "q3_K", [](ggml_type& t) { t.symmetric.highest = 5; }},
    {ggml_error::range, "q6_K", [](ggml_type& t) { t.symmetric.levels = 129; }},
    {ggml_error::range, "q3_K", [](ggml_type& t) { t.symmetric.most_scale = 32; }},
    {ggml_error::range, "iq4_xs", [](ggml_type& t) { t.factors.offset = -31; }},
    {ggml_error::range, "iq4_xs", [](ggml_type& t) { t.tries = -1; }},
    {ggml_error::range, "iq4_nl", [](ggml_type& t) { t.codes.value = ggml_value::e2m1; }},
    {ggml_error::range, "mxfp4", [](ggml_type& t) { t.codes.parts[0].width = 3; }},
    {ggml_error::numbers, "q4_0", [](ggml_type& t) { t.scale.kind = ggml_number::none; }},
    {ggml_error::numbers, "q4_0", [](ggml_type& t) { t.scale.kind = ggml_number::e8m0_half; }},
    {ggml_error::numbers, "q4_0", [](ggml_type& t) { t.scale.span = 16; }},
    {ggml_error::numbers, "q4_0", [](ggml_type& t) { t.low = {ggml_number::binary16, 2}; }},
    {ggml_error::numbers, "q4_1", [](ggml_type& t) { t.low = {}; }},
    {ggml_error::numbers, "q5_K", [](ggml_type& t) { t.low.span = 128; }},
    {ggml_error::numbers, "mxfp4", [](ggml_type& t) { t.scale.kind = ggml_number::binary16; }},
    {ggml_error::numbers, "mxfp4", [](ggml_type& t) { t.scale.span = 0; }},
    {ggml_error::numbers, "nvfp4", [](ggml_type& t) { t.scale.span = 24; }},
    {ggml_error::rule, "mxfp4", [](ggml_type& t) { t.rule = scale_rule::stochastic; }},
    {ggml_error::rule, "mxfp4", [](ggml_type& t) { t.rule = scale_rule::in_range_signed; }},
    {ggml_error::rule, "mxfp4", [](ggml_type& t) { t.rule = scale_rule::hif4; }},
    {ggml_error::groups, "q4_K", [](ggml_type& t) { t.group = 64; }},
    {ggml_error::groups, "q4_K", [](ggml_type& t) { t.group = 0; }},
    {ggml_error::groups, "q4_K", [](ggml_type& t) { t.group = 24; }},
    {ggml_error::groups, "q6_K", [](ggml_type& t) { t.group = 8; }},
    {ggml_error::groups, "q4_K", [](ggml_type& t) { t.low_factors = ggml_field{}; }},
    {ggml_error::groups, "q6_K", [](ggml_type& t) { t.factors = ggml_field{}; }},
    {ggml_error::groups, "q4_0", [](ggml_type& t) { t.group = 16; }},
    {ggml_error::groups, "iq4_nl", [](ggml_type& t) { t.elements = 64; t.bytes = 34; }},
    {ggml_error::sum, "q4_K", [](ggml_type& t) { t.sum = ggml_sum::scaled; }},
    {ggml_error::sum, "q8_K", [](ggml_type& t) { t.elements = 250; }},
    {ggml_error::sum, "q8_K", [](ggml_type& t) { t.sum = static_cast<ggml_sum>(3); }},
    {ggml_error::bytes, "q4_0", [](ggml_type& t) { t.codes.parts[0].at = 60000; }},
    {ggml_error::bytes, "q4_0", [](ggml_type& t) { t.codes.parts[0].at = 3; }},
    {ggml_error::bytes, "q4_0", [](ggml_type& t) { t.bytes = 0; }},
    {ggml_error::bytes, "q4_0", [](ggml_type& t) { t.scale.at = 17; }},
    {ggml_error::bytes, "q4_1", [](ggml_type& t) { t.low.at = 65535; }},
    {ggml_error::bytes, "nvfp4", [](ggml_type& t) { t.scale.at = 33; }},
    {ggml_error::bytes, "q6_K", [](ggml_type& t) { t.factors.parts[0].at = 195; }},
    {ggml_error::bytes, "q4_K", [](ggml_type& t) { t.low_factors.parts[1].at = 141; }},
    {ggml_error::bytes, "tq1_0", [](ggml_type& t) { t.scale.at = 0; t.bytes = 51; }},
    {ggml_error::bytes, "q8_1", [](ggml_type& t) { t.sum_at = 35; }},
    {ggml_error::bytes, "q8_K", [](ggml_type& t) { t.sum_at = 261; }},
};
// clang-format on

// A row of the registry with one to three things changed.
ggml_type changed_row(std::mt19937& random) {
  const auto below = [&](unsigned n) { return static_cast<std::uint8_t>(random() % n); };
  const unsigned i = below(lowp::ggml_type_count + lowp::ggml_variant_count);
  ggml_type t = i < lowp::ggml_type_count ? lowp::all_ggml_types[i]
                                          : lowp::all_ggml_variants[i - lowp::ggml_type_count];
  for (unsigned n = 1 + below(3); n > 0; --n) {
    lowp::ggml_field* const fields[] = {&t.codes, &t.factors, &t.low_factors};
    lowp::ggml_part& part = fields[below(3)]->parts[below(3)];
    switch (below(16)) {
      case 0: t.bytes = static_cast<std::uint16_t>(t.bytes + below(9) - 4); break;
      case 1: t.elements = static_cast<std::uint16_t>(1 + random() % 256); break;
      case 2: part.at = static_cast<std::uint16_t>(random() % (t.bytes + 4U)); break;
      case 3: part.width = below(9); break;
      case 4: part.pack.slot = below(9); break;
      case 5: part.pack.group = static_cast<std::uint16_t>(1U << below(9)); break;
      case 6: part.pack.step = static_cast<std::uint16_t>(1U << below(9)); break;
      case 7: part.count = static_cast<std::uint16_t>(random() % 257); break;
      case 8: part.first = static_cast<std::uint16_t>(random() % 257); break;
      case 9: part.shift = below(8); break;
      case 10: t.group = static_cast<std::uint16_t>(1U << below(9)); break;
      case 11: t.scale.at = static_cast<std::uint16_t>(random() % (t.bytes + 4U)); break;
      case 12: t.scale.span = static_cast<std::uint16_t>(1U << below(9)); break;
      case 13: t.sum = static_cast<ggml_sum>(below(3)); break;
      case 14: t.sum_at = static_cast<std::uint16_t>(random() % (t.bytes + 4U)); break;
      default:
        part.pack.padding = below(3), part.pack.run = static_cast<std::uint16_t>(8U * below(3));
        break;
    }
  }
  return t;
}

// A block in a buffer of its bytes and no more: sanitizers see what is read or written beyond. In
// front and behind of a second one stand bytes that must stay.
bool stays_within(const ggml_type& t, const std::vector<machine_float>& x) {
  constexpr std::size_t guard = 512;
  bytes exact(t.bytes);
  bytes guarded(t.bytes + 2 * guard, std::byte{0x5a});
  lowp::quantise_ggml_block(t, x.data(), exact.data());
  lowp::quantise_ggml_block(t, x.data(), guarded.data() + guard);
  bool same = true;
  for (std::size_t i = 0; i < guarded.size(); ++i) {
    const bool inside = i >= guard && i < guard + t.bytes;
    same = same && guarded[i] == (inside ? exact[i - guard] : std::byte{0x5a});
  }
  std::vector<machine_float> y(t.elements);
  lowp::dequantise_ggml_block(t, exact.data(), y.data());
  return same;
}

}  // namespace

TEST_CASE("GGM-14: rows that are refused, and why") {
  std::set<ggml_error> seen;
  for (const bad_row& row : bad_rows) {
    ggml_type t = ggml_blocks::type(row.base);
    CHECK(check(t) == ggml_error::none);
    row.change(t);
    CAPTURE(std::string(row.base));
    CAPTURE(std::string(lowp::message(row.error)));
    CHECK(std::string(lowp::message(check(t))) == lowp::message(row.error));
    seen.insert(row.error);
  }
  CHECK(seen.size() == static_cast<std::size_t>(ggml_error::bytes));
  std::set<std::string> messages;
  for (int e = 0; e <= static_cast<int>(ggml_error::bytes); ++e) {
    messages.insert(lowp::message(static_cast<ggml_error>(e)));
  }
  CHECK(messages.size() == static_cast<std::size_t>(ggml_error::bytes) + 1);
}

TEST_CASE("GGM-14: blocks of rows that pass stay within their bytes") {
  constexpr unsigned seed = 20261122;
  MESSAGE("seed " << seed);
  std::mt19937 random(seed);
  int passed = 0, refused = 0, wrong = 0;
  for (int round = 0; round < 6000; ++round) {
    const ggml_type t = changed_row(random);
    if (check(t) != ggml_error::none) {
      ++refused;
      continue;
    }
    ++passed;
    std::vector<machine_float> x(t.elements);
    for (machine_float& v : x)
      v = {static_cast<float>(static_cast<std::int32_t>(random())) * 0x1p-28F};
    if (round % 8 == 0)
      x[0] = lowp::real_from_bits<machine_float>(static_cast<std::uint32_t>(random()));
    wrong += stays_within(t, x) ? 0 : 1;
  }
  MESSAGE(passed << " rows passed, " << refused << " were refused");
  CHECK(passed > 1000);
  CHECK(refused > 1000);
  CHECK(wrong == 0);
}

TEST_CASE("GGM-1 LAY-7: types and layouts of matrices describe the same bytes") {
  std::mt19937 random(20261123);
  int compared = 0;
  for (const lowp::named_block_layout& row : lowp::all_block_layouts) {
    const std::string_view name = row.name;
    if (!name.starts_with("ggml_")) continue;
    CAPTURE(std::string(name));
    ++compared;
    const ggml_type& t = ggml_blocks::type(row.name + 5);
    const lowp::block_layout& l = row.value;
    constexpr std::uint64_t blocks = 3;
    const lowp::matrix_shape shape{1, blocks * t.elements};
    REQUIRE(bytes_of(l, shape) == lowp::block_bytes{blocks * t.bytes, 0});
    bytes by_layout(blocks * t.bytes);
    bytes by_type(by_layout.size());
    for (std::uint64_t j = 0; j < shape.columns; ++j) {
      const lowp::code_t code = random() & ((1U << l.elements.f.width) - 1);
      write_element(l, {by_layout}, shape, 0, j, code);
      lowp::detail::ggml::write_integer(t.codes, by_type.data() + j / t.elements * t.bytes,
                                        static_cast<int>(j % t.elements), static_cast<int>(code));
    }
    // A scale of the layout is all numbers of a block, those of the type one behind another.
    const int size = lowp::detail::ggml::bytes_of(t.scale.kind);
    const bool has_low = t.low.kind != ggml_number::none;
    if (has_low) CHECK(t.low.at == t.scale.at + size);
    CHECK(l.scales.scale_bytes == (has_low ? 2 : 1) * size);
    const std::uint64_t scales = scale_shape(l, shape).columns;
    for (std::uint64_t j = 0; j < scales; ++j) {
      const std::uint64_t in_block = j % (scales / blocks);
      const lowp::code_t code = random() >> (32 - 8 * l.scales.scale_bytes);
      write_scale(l, {by_layout}, shape, 0, j, code);
      std::byte* to = by_type.data() + j / (scales / blocks) * t.bytes + t.scale.at;
      lowp::detail::write_bytes(to + in_block * static_cast<unsigned>(size), l.scales.scale_bytes,
                                code);
    }
    CHECK(by_layout == by_type);
  }
  CHECK(compared == 6);
}
