// SPDX-License-Identifier: Apache-2.0
// Registries of integers and tables: every row has a name that finds it, and a source.
#include <doctest/doctest.h>

#include <lowp/integer/dots.hpp>
#include <lowp/integer/min_max_rules.hpp>
#include <lowp/integer/quantise_rules.hpp>
#include <lowp/integer/requantisations.hpp>
#include <lowp/integer/table/quantisers.hpp>
#include <lowp/integer/table/rowwise_codecs.hpp>

#include "support/registry_rows.hpp"

namespace {

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
