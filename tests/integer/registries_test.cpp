// SPDX-License-Identifier: Apache-2.0
// Registries of integers and tables: every row has a name that finds it, and a source.
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <lowp/integer/dots.hpp>
#include <lowp/integer/min_max_rules.hpp>
#include <lowp/integer/quantise_rules.hpp>
#include <lowp/integer/requantisations.hpp>
#include <lowp/integer/table/quantisers.hpp>
#include <lowp/integer/table/rowwise_codecs.hpp>

namespace {

// The name finds the row itself, so that no other one has it.
template <class Row, std::size_t N, class Find>
void check_rows(const Row (&rows)[N], Find find) {
  for (const Row& row : rows) {
    const std::string_view name = row.name;
    INFO(std::string(name));
    CHECK(find(row.name) == &row);
    CHECK(std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    }));
    CHECK(!std::string_view(row.description).empty());
    CHECK(!std::string_view(row.source).empty());
  }
  CHECK(find("") == nullptr);
  CHECK(find("no such row") == nullptr);
}

TEST_CASE("INT-5 INT-8 INT-12 INT-13 rows by name") {
  check_rows(lowp::all_quantise_rules, lowp::find_quantise_rule);
  check_rows(lowp::all_min_max_rules, lowp::find_min_max_rule);
  check_rows(lowp::all_requantisations, lowp::find_requantisation);
  check_rows(lowp::all_integer_dots, lowp::find_integer_dot);
  static_assert(lowp::find_quantise_rule("onnx")->value == lowp::quantise_rules::onnx);
}

TEST_CASE("TAB-2 TAB-8 rows by name") {
  check_rows(lowp::all_rowwise_codecs, lowp::find_rowwise_codec);
  check_rows(lowp::all_table_quantisers, lowp::find_table_quantiser);
  static_assert(lowp::find_rowwise_codec("q4_sbhalf")->value == lowp::rowwise_codecs::q4_sbhalf);
}

}  // namespace
