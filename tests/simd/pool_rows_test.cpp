// SPDX-License-Identifier: Apache-2.0
/// \file
/// Bags pooled in bulk against the definition on the machine's binary32: every codec, mode, output
/// and kind of weights, special parameters, every instruction set and environment.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/integer/table/rowwise_codecs.hpp>
#include <lowp/simd/machine_binary32.hpp>
#include <lowp/simd/pool_rows.hpp>
#include <lowp/simd/rowwise.hpp>

#include "../oracle/report.hpp"
#include "changed_environment.hpp"
#include "targets.hpp"

namespace {

using namespace bulk;
using lowp::simd::machine_binary32;
using oracle::tally;

using bytes = std::vector<std::byte>;

constexpr std::uint64_t seed = 20261122;

/// A table of normal numbers; some rows have parameters of any bits.
bytes make_table(const lowp::rowwise_codec& c, std::uint64_t rows, std::uint64_t columns,
                 bool has_any, std::mt19937_64& g) {
  std::vector<float> x(rows * columns);
  std::normal_distribution<float> normal;
  for (float& v : x) v = normal(g);
  bytes table(rows * lowp::bytes_per_row(c, columns));
  lowp::quantise_rows(c, x, columns, table);
  for (std::uint64_t r = 0; has_any && r < rows; r += 3) {
    std::byte* at =
        table.data() + r * lowp::bytes_per_row(c, columns) + lowp::parameter_offset(c, columns);
    for (std::uint64_t i = 0; i < 2 * lowp::parameter_bytes(c); ++i) {
      at[i] = static_cast<std::byte>(g());
    }
  }
  return table;
}

TEST_CASE("BLK-11 bags pooled in bulk have the bytes of the definition") {
  tally t;
  std::mt19937_64 g(seed);
  constexpr std::uint64_t widths[] = {1, 2, 3, 7, 16, 33, 64, 100, 128, 200, 300};
  for (const auto& named : lowp::all_rowwise_codecs) {
    const lowp::rowwise_codec c = named.value;
    for (const std::uint64_t columns : widths) {
      for (int round = 0; round < 4; ++round) {
        const std::uint64_t rows = 40;
        const bytes storage = make_table(c, rows, columns, round == 3, g);
        const lowp::rowwise_table table{c, columns, storage};
        std::vector<std::int64_t> indices, offsets{0}, lengths;
        std::vector<machine_binary32> weights;
        std::uint64_t longest = 0;
        lowp::pooling_options how{.mode = g() % 2 == 0 ? lowp::pooling::sum : lowp::pooling::mean,
                                  .output = static_cast<lowp::row_output>(g() % 4),
                                  .weight_by_place = g() % 3 == 0,
                                  .allow_pruned = g() % 3 == 0};
        if (round == 0) how.output = lowp::row_output::binary32;
        for (int bag = 0; bag < 6; ++bag) {
          const std::uint64_t length = g() % 4 == 0 ? 0 : g() % 20;
          for (std::uint64_t i = 0; i < length; ++i) {
            const bool pruned = how.allow_pruned && g() % 5 == 0;
            indices.push_back(pruned ? -1 : static_cast<std::int64_t>(g() % rows));
          }
          lengths.push_back(static_cast<std::int64_t>(length));
          offsets.push_back(static_cast<std::int64_t>(indices.size()));
          longest = std::max(longest, length);
        }
        const bool weighted = g() % 2 == 0, are_lengths = g() % 2 == 0;
        const std::uint64_t count = how.weight_by_place ? longest : indices.size();
        for (std::uint64_t i = 0; weighted && i < count; ++i) {
          // Of any bits, or infinite or NaN.
          const auto any = static_cast<std::uint32_t>(g() | (g() % 4 == 0 ? 0x7f800000 : 0));
          weights.push_back(round == 2 && g() % 8 == 0 ? machine_binary32::from_bits(any)
                                                       : machine_binary32::from_float(
                                                             std::normal_distribution<float>()(g)));
        }
        std::vector<float> floats(weights.size());
        if (!floats.empty()) std::memcpy(floats.data(), weights.data(), 4 * floats.size());
        const lowp::row_bags bags{indices, are_lengths ? std::span(lengths) : std::span(offsets),
                                  are_lengths};
        bytes want(6 * columns * lowp::bytes_of(how.output));
        {
          const lowp::simd::float_environment guard;
          REQUIRE(lowp::pool_rows<machine_binary32>(table, bags, weights, want, how).error ==
                  lowp::bag_error::none);
        }
        for (const target& target : targets()) {
          const forced_target forced(target.bit);
          bytes got(want.size());
          {
            const changed_environment changed(g());
            lowp::pool_rows(table, bags, floats, got, how, {.threads = round % 2 == 0 ? 1u : 3u});
          }
          t.expect(got == want, [&] {
            return target.name + ", " + std::string(named.name) + ", " + std::to_string(columns) +
                   " columns, mode " + std::to_string(static_cast<int>(how.mode)) + ", output " +
                   std::to_string(static_cast<int>(how.output)) + ", round " +
                   std::to_string(round);
          });
        }
      }
    }
  }
  oracle::report("bags", t);
}

TEST_CASE("BLK-11 bags on any number of threads") {
  std::mt19937_64 g(seed + 1);
  const lowp::rowwise_codec c = *lowp::find_rowwise_codec("q4_sbhalf");
  const std::uint64_t rows = 500, columns = 128, bags = 900;
  const bytes storage = make_table(c, rows, columns, false, g);
  std::vector<std::int64_t> indices, offsets{0};
  for (std::uint64_t b = 0; b < bags; ++b) {
    for (int i = 0; i < 20; ++i) indices.push_back(static_cast<std::int64_t>(g() % rows));
    offsets.push_back(static_cast<std::int64_t>(indices.size()));
  }
  bytes one(bags * columns * 4), several(one.size());
  lowp::pool_rows({c, columns, storage}, {indices, offsets}, {}, one);
  lowp::pool_rows({c, columns, storage}, {indices, offsets}, {}, several, {}, {.threads = 4});
  CHECK(one == several);
}

TEST_CASE("BLK-11 bags that break a rule are refused with words") {
  const lowp::rowwise_codec c = *lowp::find_rowwise_codec("q8_sbfloat");
  const bytes storage(2 * 12);
  bytes out(2 * 16);
  const auto refusal = [&](std::vector<std::int64_t> indices, std::vector<std::int64_t> offsets,
                           std::size_t table_bytes, std::size_t room) -> std::string {
    try {
      lowp::pool_rows({c, 4, std::span(storage).first(table_bytes)}, {indices, offsets}, {},
                      std::span(out).first(room));
    } catch (const lowp::array_error& e) {
      return e.what();
    }
    return {};
  };
  CHECK(refusal({0, 1, 1}, {0, 1, 3}, 24, 32).empty());
  CHECK(refusal({0, 1, 2}, {0, 1, 3}, 24, 32) ==
        "lowp::pool_rows: bags.indices[2] is 2: an index must be that of a row, or -1 where rows "
        "may be pruned");
  CHECK(refusal({0, 1, 1}, {0, 3, 1}, 24, 32) ==
        "lowp::pool_rows: bags.offsets[2] is 1: offsets must not fall, lengths not be negative");
  CHECK(refusal({0, 1, 1}, {0, 1, 3}, 23, 32) ==
        "lowp::pool_rows: table.bytes has 23 bytes: the table's bytes must be whole rows");
  CHECK(refusal({0, 1, 1}, {0, 1, 3}, 24, 16) ==
        "lowp::pool_rows: out has 16 bytes: the output must be one row of numbers for each bag");
  std::vector<std::int64_t> indices{0, 1, 1, 0}, offsets{0, 1, 4};
  std::vector<float> weights(8, 1.0f);
  const auto into = [&](auto& shared) -> std::string {
    try {
      lowp::pool_rows({c, 4, storage}, {indices, offsets}, std::span(weights).first(4),
                      std::as_writable_bytes(std::span(shared)).first(32));
    } catch (const lowp::array_error& e) {
      return e.what();
    }
    return {};
  };
  CHECK(into(out).empty());
  CHECK(into(indices) ==
        "lowp::pool_rows: bags.indices and out overlap: 32 and 32 bytes, the second begins 0 bytes "
        "behind the first; they must share no byte");
  CHECK(into(weights) ==
        "lowp::pool_rows: weights and out overlap: 16 and 32 bytes, the second begins 0 bytes "
        "behind the first; they must share no byte");
  std::vector<std::int64_t> several(16);
  std::copy(offsets.begin(), offsets.end(), several.begin());
  try {
    lowp::pool_rows({c, 4, storage}, {indices, std::span(several).first(3)}, {},
                    std::as_writable_bytes(std::span(several)).subspan(8, 32));
    CHECK(false);
  } catch (const lowp::array_error& e) {
    CHECK(std::string(e.what()) ==
          "lowp::pool_rows: bags.offsets and out overlap: 24 and 32 bytes, the second begins 8 "
          "bytes behind the first; they must share no byte");
  }
}

}  // namespace
