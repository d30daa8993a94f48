// SPDX-License-Identifier: Apache-2.0
/// \file
/// Pooled bags of rows against the published order of operations in the machine's float.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/integer/table/bag.hpp>
#include <lowp/integer/table/rowwise_codecs.hpp>
#include <lowp/simd/machine_binary32.hpp>
#include <lowp/types.hpp>

#include "support/normal_numbers.hpp"

namespace {

using lowp::bag_error;
using lowp::bag_refusal;
using lowp::float32;
using lowp::simd::float_environment;
using lowp::simd::machine_binary32;
using support::normal_numbers;
using support::reals;
using indices = std::vector<std::int64_t>;

constexpr std::uint32_t seed = 5;

struct table {
  std::size_t rows, columns;
  std::vector<std::byte> bytes;
  const lowp::rowwise_codec* codec;
  lowp::rowwise_table view() const { return {*codec, columns, bytes}; }
};

table random_table(std::mt19937& random, const char* codec, std::size_t rows, std::size_t columns) {
  table t{rows, columns, {}, &lowp::find_rowwise_codec(codec)->value};
  t.bytes.resize(rows * lowp::bytes_per_row(*t.codec, columns));
  const auto x = reals<machine_binary32>(normal_numbers(random, rows * columns));
  REQUIRE(lowp::quantise_rows<machine_binary32>(*t.codec, x, columns, t.bytes) ==
          lowp::rowwise_error::none);
  return t;
}

/// q4_sbhalf by hand: codes of a row, scale and bias as float.
struct plain_row {
  std::vector<int> codes;
  float scale, bias;
};
float half(const std::byte* at) {
  const unsigned code = std::to_integer<unsigned>(at[0]) | std::to_integer<unsigned>(at[1]) << 8;
  const int field = static_cast<int>(code >> 10 & 31), trailing = static_cast<int>(code & 1023);
  const float x = field == 0 ? std::ldexp(static_cast<float>(trailing), -24)
                             : std::ldexp(static_cast<float>(1024 + trailing), field - 25);
  return (code >> 15) != 0 ? -x : x;
}
plain_row row_of(const table& t, std::size_t r) {
  const std::size_t packed = (t.columns + 1) / 2;
  const std::byte* at = t.bytes.data() + r * (packed + 4);
  plain_row row;
  for (std::size_t i = 0; i < t.columns; ++i) {
    const unsigned byte = std::to_integer<unsigned>(at[i / 2]);
    row.codes.push_back(static_cast<int>(i % 2 == 0 ? byte & 15 : byte >> 4));
  }
  row.scale = half(at + packed);
  row.bias = half(at + packed + 2);
  return row;
}

std::vector<float> floats(const std::vector<std::byte>& bytes) {
  std::vector<float> x(bytes.size() / 4);
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    std::uint32_t bits = 0;
    for (std::size_t k = 4; k-- > 0;)
      bits = bits << 8 | std::to_integer<std::uint32_t>(bytes[i + k]);
    std::memcpy(&x[i / 4], &bits, 4);
  }
  return x;
}

TEST_CASE("TAB-15 sums, weighted sums and means in the published order") {
  MESSAGE("seed ", seed);
  std::mt19937 random(seed);
  const float_environment guard;
  for (int trial = 0; trial < 40; ++trial) {
    const std::size_t columns = 1 + random() % 150;
    const table t = random_table(random, "q4_sbhalf", 20, columns);
    indices list, offsets = {0};
    while (offsets.size() < 6) {
      const std::size_t length = random() % 8;
      for (std::size_t i = 0; i < length; ++i) {
        list.push_back(static_cast<std::int64_t>(random() % 21) - 1);
      }
      offsets.push_back(static_cast<std::int64_t>(list.size()));
    }
    const bool weighted = trial % 2 == 0, mean = trial % 4 < 2, by_place = trial % 8 == 0;
    const auto weights = normal_numbers(random, by_place ? 7 : list.size());
    if (by_place) {
      // The longest bag has as many places as there are weights.
      list.insert(list.end(), 7, 3);
      offsets.push_back(static_cast<std::int64_t>(list.size()));
    }
    std::vector<float> expected;
    for (std::size_t b = 0; b + 1 < offsets.size(); ++b) {
      std::vector<float> sum(columns, 0.0f);
      const auto begin = static_cast<std::size_t>(offsets[b]),
                 end = static_cast<std::size_t>(offsets[b + 1]);
      for (std::size_t i = begin; i < end; ++i) {
        if (list[i] < 0) continue;
        const plain_row row = row_of(t, static_cast<std::size_t>(list[i]));
        const float w = weighted ? weights[by_place ? i - begin : i] : 1.0f;
        volatile float s = w * row.scale, c = w * row.bias;
        for (std::size_t j = 0; j < columns; ++j) {
          volatile float with_bias = sum[j] + c;
          sum[j] = std::fma(s, static_cast<float>(row.codes[j]), with_bias);
        }
      }
      volatile float factor = mean && end > begin ? 1.0f / static_cast<float>(end - begin) : 1.0f;
      for (const float x : sum) {
        const float pooled = x * factor;
        expected.push_back(pooled);
      }
    }
    const lowp::pooling_options o{.mode = mean ? lowp::pooling::mean : lowp::pooling::sum,
                                  .weight_by_place = by_place,
                                  .allow_pruned = true};
    std::vector<std::byte> out(expected.size() * 4);
    const auto w = reals<machine_binary32>(weights);
    const std::span<const machine_binary32> some(weighted ? w.data() : nullptr,
                                                 weighted ? w.size() : 0);
    CHECK(lowp::pool_rows<machine_binary32>(t.view(), {list, offsets}, some, out, o) ==
          bag_refusal{});
    CHECK(floats(out) == expected);
    // The same bags by their lengths.
    indices lengths;
    for (std::size_t b = 1; b < offsets.size(); ++b) lengths.push_back(offsets[b] - offsets[b - 1]);
    std::vector<std::byte> again(out.size());
    CHECK(lowp::pool_rows<machine_binary32>(t.view(), {list, lengths, true}, some, again, o) ==
          bag_refusal{});
    CHECK(out == again);
    if (trial >= 4) continue;
    const auto defined = reals<float32>(weights);
    const std::span<const float32> same(weighted ? defined.data() : nullptr, some.size());
    CHECK(lowp::pool_rows<float32>(t.view(), {list, offsets}, same, again, o) == bag_refusal{});
    CHECK(out == again);
  }
}

TEST_CASE("TAB-15 every codec and output: a bag of one row is that row") {
  std::mt19937 random(seed);
  const float_environment guard;
  using enum lowp::row_output;
  for (const lowp::named_rowwise_codec& c : lowp::all_rowwise_codecs) {
    INFO(std::string(c.name));
    const table t = random_table(random, c.name, 3, 70);
    for (const lowp::row_output o : {binary32, binary16, bfloat16, bfloat16_add_half}) {
      std::vector<std::byte> all(3 * 70 * lowp::bytes_of(o)), pooled(all.size());
      REQUIRE(lowp::dequantise_rows<machine_binary32>(c.value, t.bytes, 70, all, {o, {}}) ==
              lowp::rowwise_error::none);
      const indices list = {0, 1, 2}, ones = {1, 1, 1};
      CHECK(lowp::pool_rows<machine_binary32>(t.view(), {list, ones, true}, {}, pooled,
                                              {.output = o}) == bag_refusal{});
      // 0 + bias first, then the fused step: the decoder's own bits.
      CHECK(all == pooled);
    }
  }
}

TEST_CASE("TAB-15 rows with code books of their own and of groups") {
  using book_type = lowp::code_book<float32>;
  book_type book;
  book.size = 4;
  for (int i = 0; i < 4; ++i) book.value[i] = float32{static_cast<float>(i * i)};
  const std::vector<float32> row = reals<float32>({0, 1, 4, 9, 1});
  const lowp::code_book_layout own{2, lowp::formats::binary16},
      apart{2, lowp::formats::binary16, false};
  std::vector<std::byte> bytes(2 * lowp::bytes_per_row(own, 5)),
      codes(2 * lowp::bytes_per_row(apart, 5));
  for (std::size_t r = 0; r < 2; ++r) {
    lowp::write_row(own, book, row.data(), 5, bytes.data() + r * lowp::bytes_per_row(own, 5));
    lowp::write_row(apart, book, row.data(), 5, codes.data() + r * lowp::bytes_per_row(apart, 5));
  }
  const indices list = {0, 1, 1}, offsets = {0, 3};
  const std::vector<float32> weights = reals<float32>({1, 2, 0.5f});
  std::vector<std::byte> out(5 * 4);
  const lowp::code_book_table<float32> t{own, 5, bytes};
  CHECK(lowp::pool_rows<float32>(t, {list, offsets}, weights, out) == bag_refusal{});
  CHECK(floats(out) == std::vector<float>{0, 3.5f, 14, 31.5f, 3.5f});
  std::vector<book_type> books = {book, book};
  for (int i = 0; i < 4; ++i) books[1].value[i] = float32{10.0f};
  const std::vector<std::uint32_t> group = {0, 1};
  lowp::code_book_table<float32> grouped{apart, 5, codes, books, group};
  CHECK(lowp::pool_rows<float32>(grouped, {list, offsets}, weights, out) == bag_refusal{});
  CHECK(floats(out) == std::vector<float>{25, 26, 29, 34, 26});
  const std::vector<std::uint32_t> wrong = {0, 2};
  grouped.group = wrong;
  CHECK(lowp::pool_rows<float32>(grouped, {list, offsets}, weights, out) ==
        bag_refusal{bag_error::groups, 1, 2});
  grouped.group = std::span(wrong).first(1);
  CHECK(lowp::pool_rows<float32>(grouped, {list, offsets}, weights, out).error ==
        bag_error::groups);
}

TEST_CASE("TAB-15 lists and sizes that break a rule are named") {
  std::mt19937 random(seed);
  const table t = random_table(random, "q8_sbfloat", 3, 4);
  std::vector<std::byte> out(2 * 4 * 4, std::byte{0xa5});
  const auto pool = [&](const indices& list, const indices& offsets, bool lengths = false,
                        lowp::pooling_options o = {}, std::size_t weights = 99) {
    const std::vector<float32> w(weights == 99 ? 0 : weights);
    const std::span<const float32> some(weights == 99 ? nullptr : w.data(), w.size());
    return lowp::pool_rows<float32>(t.view(), {list, offsets, lengths}, some, out, o);
  };
  CHECK(pool({0, 1, 3}, {0, 1, 3}) == bag_refusal{bag_error::index, 2, 3});
  CHECK(pool({0, -1}, {0, 1, 2}) == bag_refusal{bag_error::index, 1, -1});
  CHECK(pool({0, -2}, {0, 1, 2}, false, {.allow_pruned = true}) ==
        bag_refusal{bag_error::index, 1, -2});
  CHECK(pool({0, 1}, {}) == bag_refusal{bag_error::first_offset, 0, 0});
  CHECK(pool({0, 1}, {1, 1, 2}) == bag_refusal{bag_error::first_offset, 0, 1});
  CHECK(pool({0, 1}, {0, 2, 1}) == bag_refusal{bag_error::offset_order, 2, 1});
  CHECK(pool({0, 1}, {0, 3, 2}) == bag_refusal{bag_error::last_offset, 1, 3});
  CHECK(pool({0, 1}, {0, 1, 1}) == bag_refusal{bag_error::last_offset, 3, 1});
  CHECK(pool({0, 1}, {-1, 3}, true) == bag_refusal{bag_error::offset_order, 0, -1});
  CHECK(pool({0, 1}, {1, INT64_MAX}, true) == bag_refusal{bag_error::last_offset, 1, INT64_MAX});
  CHECK(pool({0, 1}, {1, 0}, true) == bag_refusal{bag_error::last_offset, 2, 1});
  CHECK(pool({0, 1}, {0, 1, 2}, false, {}, 3) == bag_refusal{bag_error::weights, 0, 3});
  CHECK(pool({0, 1}, {0, 1, 2}, false, {.weight_by_place = true}, 2) ==
        bag_refusal{bag_error::weights, 0, 2});
  CHECK(pool({0, 1}, {0, 2}) == bag_refusal{bag_error::output_size, 0, 32});
  CHECK(pool({0, 1}, {0, 1, 2}, false, {.output = static_cast<lowp::row_output>(7)}).error ==
        bag_error::table);
  CHECK(out == std::vector<std::byte>(32, std::byte{0xa5}));
  lowp::rowwise_table cut = t.view();
  cut.bytes = cut.bytes.first(cut.bytes.size() - 1);
  CHECK(lowp::pool_rows<float32>(cut, {{}, {}, true}, {}, {}) ==
        bag_refusal{bag_error::table_size, 0, 35});
  cut.columns = 0;
  CHECK(lowp::pool_rows<float32>(cut, {{}, {}, true}, {}, {}).error == bag_error::columns);
  cut = t.view();
  cut.codec.code_alignment = 3;
  CHECK(lowp::pool_rows<float32>(cut, {{}, {}, true}, {}, {}).error == bag_error::table);
  CHECK(pool({0, 1}, {0, 1, 2}) == bag_refusal{});
  // Empty bags are zeros, of means too.
  CHECK(pool({}, {0, 0, 0}, false, {.mode = lowp::pooling::mean}) == bag_refusal{});
  CHECK(out == std::vector<std::byte>(32));
  for (int r = 0; r <= 10; ++r) {
    CHECK(std::string(lowp::message(static_cast<bag_error>(r))) != "unknown");
  }
}

}  // namespace
