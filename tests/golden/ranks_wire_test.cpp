// SPDX-License-Identifier: Apache-2.0
/// \file
/// What ranks of `lowp verify` tell each other: every member there and back, and sums that do not
/// depend on the order.
#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../../fuzz/ranks/wire.hpp"

namespace {

using namespace lowp::tool;

// No UTF-8, and a zero.
const std::string odd_text("\xff\x00\xc3(\"\\", 6);

mismatch some_mismatch(std::uint64_t input) {
  return {{input, ~0ull}, {1, 2, 3}, {4, 5, 6}, {7, 8}};
}

tally some_tally(std::uint64_t k) {
  tally t;
  t.cases = ~0ull - k;
  t.mismatches = 10 + k;
  t.keep_first(some_mismatch(100 - k));
  t.known = {k, 2, 3};
  t.against_default = {k, 5};
  t.places.count({3, 8});
  t.places.count({k % 3, 3});
  t.keep_fault(disagreement::place, odd_text + std::to_string(k));
  if (k == 2) t.keep_fault(disagreement::unwritten, "nothing");
  return t;
}

share some_share(std::uint64_t k) {
  return {some_tally(k), 5 + k, 90 - k, "failure " + std::to_string(k)};
}

row_result some_result() {
  row_result r;
  r.space_bits = 33;
  r.cases = 1ull << 63;
  r.complete = true;
  r.mismatches = 3;
  r.first = some_mismatch(9);
  r.failure = odd_text;
  r.findings = {{"inputs", "cause", 12, {1}, {2, 3}, {~0ull}, "example"}, {}};
  r.map = outcome_map{"x", "y", {{1, "one"}}, {{2, "two"}}, 3, 1, 4, 5, {}, {}};
  r.map->cells = {outcome::not_run, outcome::other_class, outcome::neighbour};
  std::iota(std::begin(r.map->count), std::end(r.map->count), ~0ull - 20);
  r.faults = {"fault", ""};
  r.unsteady = true;
  r.places = "everywhere";
  r.known = {{"what", "source", 77, true, false}, {"other", "", 1, false, true}};
  r.seconds = 0.1 + 0.2;
  return r;
}

TEST_CASE("GLD-17 results come back as they went") {
  const std::string bytes = to_bytes(std::vector{some_result(), row_result{}});
  const std::vector<row_result> all = results_of(bytes);
  REQUIRE(all.size() == 2);
  CHECK(to_bytes(all) == bytes);
  const row_result& r = all[0];
  const row_result want = some_result();
  CHECK(r.space_bits == 33);
  CHECK(r.cases == want.cases);
  CHECK(r.complete);
  CHECK(r.mismatches == 3);
  REQUIRE(r.first.has_value());
  CHECK(r.first->inputs == want.first->inputs);
  CHECK(r.first->expected == want.first->expected);
  CHECK(r.first->got == want.first->got);
  CHECK(r.first->where.place == 7);
  CHECK(r.first->where.length == 8);
  CHECK(r.failure == odd_text);
  REQUIRE(r.findings.size() == 2);
  CHECK(r.findings[0].inputs == "inputs");
  CHECK(r.findings[0].cause == "cause");
  CHECK(r.findings[0].cases == 12);
  CHECK(r.findings[0].in == want.findings[0].in);
  CHECK(r.findings[0].expected == want.findings[0].expected);
  CHECK(r.findings[0].got == want.findings[0].got);
  CHECK(r.findings[0].example == "example");
  REQUIRE(r.map.has_value());
  CHECK(r.map->x == "x");
  CHECK(r.map->y == "y");
  CHECK(r.map->x_ticks.at(0).words == "one");
  CHECK(r.map->y_ticks.at(0).at == 2);
  CHECK(r.map->columns == 3);
  CHECK(r.map->rows == 1);
  CHECK(r.map->first_row == 4);
  CHECK(r.map->left_out == 5);
  CHECK(r.map->cells == want.map->cells);
  CHECK(std::equal(std::begin(r.map->count), std::end(r.map->count), std::begin(want.map->count)));
  CHECK(r.faults == want.faults);
  CHECK(r.unsteady);
  CHECK(r.places == "everywhere");
  REQUIRE(r.known.size() == 2);
  CHECK(r.known[0].count == 77);
  CHECK(r.known[0].by_rule);
  CHECK(r.known[1].of_all_inputs);
  CHECK(r.seconds == want.seconds);
  CHECK_FALSE(all[1].first.has_value());
  CHECK_FALSE(all[1].map.has_value());
}

TEST_CASE("GLD-17 shares come back as they went, and speeds") {
  const std::string bytes = to_bytes(some_share(2));
  share s = share_of(bytes);
  CHECK(to_bytes(s) == bytes);
  CHECK(s.found.cases == ~0ull - 2);
  CHECK(s.found.known == std::vector<std::uint64_t>{2, 2, 3});
  CHECK(s.found.against_default.numbers == 2);
  CHECK(s.found.places.wrong(8, 3) == 1);
  CHECK(s.found.places.wrong(3, 2) == 1);
  CHECK(s.found.places.wrong(8, 2) == 0);
  CHECK(s.found.faults.at(disagreement::place) == odd_text + "2");
  CHECK(s.found.faults.at(disagreement::unwritten) == "nothing");
  CHECK(s.done == 7);
  CHECK(s.failed == 88);
  CHECK(s.failure == "failure 2");
  const std::vector<speed> speeds = speeds_of(to_bytes(std::vector<speed>{{3, 1e-9, "hangs"}}));
  CHECK(speeds.at(0).row == 3);
  CHECK(speeds.at(0).seconds_per_case == 1e-9);
  CHECK(speeds.at(0).failure == "hangs");
}

TEST_CASE("GLD-17 bytes that are no results are refused") {
  const std::string bytes = to_bytes(some_share(1));
  CHECK_THROWS_AS(share_of(""), std::exception);
  CHECK_THROWS_AS(share_of(bytes.substr(0, bytes.size() / 2)), std::exception);
  CHECK_THROWS_AS(share_of(bytes + "x"), std::exception);
  CHECK_THROWS_AS(results_of(bytes), std::exception);
}

TEST_CASE("GLD-17 shares add up to the same in any order") {
  std::vector<int> order = {0, 1, 2, 3};
  std::string first;
  do {
    share sum;
    for (const int k : order) sum.add(k == 3 ? share{} : some_share(static_cast<std::uint64_t>(k)));
    if (first.empty()) first = to_bytes(sum);
    CHECK(to_bytes(sum) == first);
  } while (std::next_permutation(order.begin(), order.end()));
  const share sum = share_of(first);
  CHECK(sum.found.first->inputs[0] == 98);
  CHECK(sum.found.mismatches == 33);
  CHECK(sum.failed == 88);
  CHECK(sum.failure == "failure 2");
  CHECK(sum.done == 18);
  // Of equal inputs the shortest batch counts, of examples the shortest.
  tally t;
  for (const std::size_t length : {9u, 4u, 6u}) {
    t.keep_first({{1}, {2}, {3}, {1, length}});
    t.keep_fault(disagreement::place, std::string(length, 'a'));
    t.keep_fault(disagreement::place, std::string(length, 'b'));
  }
  CHECK(t.first->where.length == 4);
  CHECK(t.faults.at(disagreement::place) == "aaaa");
}

}  // namespace
