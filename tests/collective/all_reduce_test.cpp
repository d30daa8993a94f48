// SPDX-License-Identifier: Apache-2.0
// All-reduce over simulated ranks against the reference, which knows no messages and no parts, for
// every codec, schedule and number of ranks. spec/collectives.md COL-15 to COL-17, COL-19, COL-20.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/collective/wire_codecs.hpp>

#include "ranks.hpp"

using namespace lowp;

namespace {

bool same_bits(const rank_numbers& a, const rank_numbers& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

struct named_schedule {
  const char* name;
  reduce_schedule value;
};

// Those that so many ranks can follow.
std::vector<named_schedule> schedules(const wire_codec& c, std::uint32_t size) {
  const wire_codec& half = wire_codecs::bf16;
  std::vector<named_schedule> all{
      {"two-shot", two_shot(c)}, {"two-shot, bf16 back", two_shot(c, half)}, {"ring", ring(c, c)}};
  if (size % 2 == 0) all.push_back({"nodes of 2", hierarchical(2, c, half, c)});
  if (size == 4) all.push_back({"halving", halving(2, c, c)});
  if (size == 8) {
    all.push_back({"halving", halving(3, c, c)});
    all.push_back({"nodes of 4", hierarchical(4, half, c, c)});
  }
  return all;
}

// Sizes with no numbers, fewer than ranks, rows that do not divide.
std::vector<std::size_t> sizes(const wire_codec& c) {
  const std::size_t row = c.row;
  return {0, 1, 3, row, row + 1, 5 * row / 2 + 3, 9 * row + 7};
}

std::string label(const char* codec, const char* schedule, std::uint32_t size, std::size_t n) {
  return std::string(codec) + ", " + schedule + ", " + std::to_string(size) + " ranks, " +
         std::to_string(n) + " numbers";
}

// What the task of this rank throws.
std::string check_rank_text(rank_of self) {
  const reduce_plan plan(two_shot(wire_codecs::bf16));
  rank_numbers x(3);
  rank_task task = all_reduce_task(self, 0, x, plan);
  try {
    task.next();
  } catch (const array_error& e) {
    return e.what();
  }
  return "";
}

// Ranks whose numbers are not those of the reference, and the first such run.
struct comparison {
  std::uint64_t runs = 0, different = 0;
  std::string first;

  void add(const ranks::outcome& o, const rank_numbers& expected, const std::string& what) {
    ++runs;
    bool is_right = o.all_succeed();
    for (const rank_numbers& x : o.numbers) is_right = is_right && same_bits(x, expected);
    if (is_right) return;
    if (different++ == 0) first = what + ": " + (o.all_succeed() ? "other bits" : o.error[0]);
  }
  void report() const {
    MESSAGE(runs, " runs");
    CHECK_MESSAGE(different == 0, different, " differ, the first: ", first);
    CHECK(runs > 0);
  }
};

}  // namespace

TEST_CASE("COL-19, COL-20: every rank has the bits of the reference") {
  comparison all;
  for (const named_wire_codec& row : all_wire_codecs) {
    for (const std::uint32_t size : {1U, 2U, 3U, 4U, 8U}) {
      for (const std::size_t n : sizes(row.value)) {
        const std::vector<rank_numbers> x = ranks::numbers(size, n);
        for (const bool random : {false, true}) {
          const wire_codec c = random ? with_stochastic(row.value) : row.value;
          for (named_schedule s : schedules(c, size)) {
            const bool is_ring = s.value.pattern == reduce_pattern::ring;
            s.value.sum = random || is_ring ? wire_sum::in_order : wire_sum::exact;
            const collective_options o{.random = {.seed = 3, .stream = n}};
            const reduce_plan plan(s.value);
            simulated_group group;
            all.add(ranks::all_reduce(group, x, plan, o),
                    reference_all_reduce(s.value, x, o.random), label(row.name, s.name, size, n));
          }
        }
      }
    }
  }
  all.report();
}

TEST_CASE("COL-15: parts are whole units, the first ones have one more") {
  for (const std::uint64_t unit : {1U, 32U, 128U}) {
    for (const std::uint64_t n : {0U, 1U, 31U, 32U, 33U, 1000U, 4096U}) {
      for (const std::uint64_t parts : {1U, 2U, 3U, 8U, 100U}) {
        const index_range whole{unit * 7, n};
        const std::uint64_t units = (n + unit - 1) / unit;
        std::uint64_t at = whole.first;
        for (std::uint64_t p = 0; p < parts; ++p) {
          const std::uint64_t mine = units / parts + (p < units % parts ? 1 : 0);
          const index_range want{at, std::min(mine * unit, whole.end() - at)};
          CHECK(part_of(whole, unit, parts, p) == want);
          at = want.end();
        }
        CHECK(at == whole.end());
      }
    }
  }
}

TEST_CASE("COL-16: an exact sum does not depend on the order of ranks") {
  const std::size_t n = 777;
  std::mt19937 shuffle(4);
  for (const wire_codec& c : {wire_codecs::fp32, wire_codecs::int8, wire_codecs::mxfp4}) {
    std::vector<rank_numbers> x = ranks::numbers(8, n);
    for (std::size_t i = 0; i < n; ++i) x[i % 8][i] *= 1e7f;  // so that order matters
    std::vector<std::uint64_t> names{0, 1, 2, 3, 4, 5, 6, 7};
    reduce_schedule s = two_shot(with_stochastic(c), wire_codecs::fp32);
    bool order_matters = false;
    for (const wire_sum sum : {wire_sum::in_order, wire_sum::exact}) {
      s.sum = sum;
      const reduce_plan plan(s);
      rank_numbers before;
      std::vector<std::uint64_t> order = names;
      for (int k = 0; k < 6; ++k, std::shuffle(order.begin(), order.end(), shuffle)) {
        simulated_group group;
        std::vector<rank_numbers> y;
        for (const std::uint64_t r : order) y.push_back(x[r]);
        const ranks::outcome o = ranks::run(group, y, [&](rank_of self, std::span<float> mine) {
          const collective_options how{.random = {.seed = 1}, .contribution = order[self.rank]};
          return all_reduce_task(self, 0, mine, plan, how);
        });
        REQUIRE(o.all_succeed());
        if (k > 0 && !same_bits(before, o.numbers[0])) {
          CHECK(sum == wire_sum::in_order);
          order_matters = true;
        }
        before = o.numbers[0];
      }
    }
    // Numbers of 4 bits leave binary32 room for sums without rounding.
    CHECK(order_matters == (c.kind != wire_kind::blocks));
  }
}

TEST_CASE("COL-17: random bits belong to contributions, streams and hops, not to ranks") {
  const random_source base{.seed = 9, .stream = 77};
  CHECK(source_of_hop(base, 0, 0) != source_of_hop(base, 1, 0));
  CHECK(source_of_hop(base, 0, 0) != source_of_hop(base, 0, 1));
  CHECK(source_of_hop(base, 0, 0) != source_of_hop({.seed = 9, .stream = 78}, 0, 0));
  CHECK(source_of_hop(base, 0, 1) != source_of_hop(base, 0, 1 + (std::uint64_t{1} << 32)));
  CHECK(source_of_hop(base, 2, 5).seed == 9);
  // Words 0 and 1 of Philox4x32-10 of (2, 5, 0, "COLL") under (77, 0).
  const random_block b = philox4x32_10({{2, 5, 0, 0x434f4c4c}}, 77, 0);
  CHECK(source_of_hop(base, 2, 5).stream == (b.word[0] | std::uint64_t{b.word[1]} << 32));

  // The same addends on other numbers of owners: nodes change who sums and who owns.
  const std::vector<rank_numbers> x = ranks::numbers(6, 1000);
  const wire_codec c = with_stochastic(wire_codecs::int4);
  const reduce_plan plan(two_shot(c, c));
  const std::vector<std::uint64_t> names{10, 11, 12, 13, 14, 15};
  const rank_numbers expected = reference_all_reduce(plan.schedule(), x, base, names);
  for (const std::size_t n : {1000UL, 640UL, 129UL}) {
    std::vector<rank_numbers> begin;
    for (const rank_numbers& r : x) begin.emplace_back(r.begin(), r.begin() + static_cast<long>(n));
    simulated_group group;
    const ranks::outcome o = ranks::run(group, begin, [&](rank_of self, std::span<float> mine) {
      return all_reduce_task(self, 0, mine, plan, {.random = base, .contribution = 10 + self.rank});
    });
    REQUIRE(o.all_succeed());
    // Whole rows of the shorter tensor are those of the longer one.
    const std::size_t whole = n / c.row * c.row;
    CHECK(std::equal(expected.begin(), expected.begin() + static_cast<long>(whole),
                     o.numbers[3].begin()));
  }
}

TEST_CASE("COL-19: schedules that so many ranks cannot follow are refused by name") {
  const auto error = [](const reduce_schedule& s, std::uint32_t size) {
    const reduce_plan plan(s);
    simulated_group group;
    const std::vector<rank_numbers> x = ranks::numbers(size, 10);
    const ranks::outcome o = ranks::all_reduce(group, x, plan);
    CHECK(o.all_fail());
    CHECK(o.numbers == x);
    CHECK(group.messages() == 0);
    return o.error[0];
  };
  const wire_codec c = wire_codecs::bf16;
  CHECK(error(hierarchical(4, c, c, c), 6) ==
        "lowp::reduce_plan: a level of 4 ranks does not divide 6 of 6 ranks");
  CHECK(error(halving(2, c, c), 8) == "lowp::reduce_plan: the levels have 4 ranks, the group 8");
  CHECK(check_rank_text({3, 3}) == "lowp::all_reduce: there is no rank 3 of 3");
  wire_codec other = wire_codecs::int4;
  other.id = wire_codecs::int8.id;
  CHECK_THROWS_WITH(reduce_plan(two_shot(other)),
                    "lowp::reduce_plan: a codec has the id 12 of a registered one that reads other "
                    "numbers");
  reduce_schedule long_parts = two_shot(with_row(c, 4093));
  for (const std::uint32_t row : {4091U, 4079U, 4073U}) {
    long_parts.level.push_back({1, with_row(c, row)});
  }
  CHECK_THROWS_AS(reduce_plan{long_parts}, array_error);
  CHECK(halving(0, c, c).level.size() == 1);
  reduce_schedule s = ring(c, c);
  s.level[0].ranks = 3;
  CHECK_THROWS_WITH(reduce_plan{s}, "lowp::reduce_plan: a ring has one level, of all ranks");
  CHECK_THROWS_WITH(reduce_plan(reduce_schedule{}), "lowp::reduce_plan: the schedule has no level");
}
