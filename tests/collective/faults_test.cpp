// SPDX-License-Identifier: Apache-2.0
// Messages that are lost, doubled, late, changed or cut, and ranks that die: every rank that lives
// returns the same verdict, and numbers are right or as they were. spec/collectives.md COL-14,
// COL-18, COL-24.
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/collective/all_gather.hpp>
#include <lowp/collective/all_to_all.hpp>
#include <lowp/collective/reduce_scatter.hpp>
#include <lowp/collective/wire_codecs.hpp>

#include "ranks.hpp"

using namespace lowp;

namespace {

constexpr fault_kind all_kinds[] = {
    fault_kind::lost,      fault_kind::duplicated, fault_kind::delayed,     fault_kind::corrupted,
    fault_kind::truncated, fault_kind::extended,   fault_kind::misdirected, fault_kind::died};

const char* name_of(fault_kind k) {
  const char* names[] = {"lost",      "duplicated", "delayed",     "corrupted",
                         "truncated", "extended",   "misdirected", "died"};
  return names[static_cast<int>(k)];
}

// One operation on simulated ranks, as often as it takes.
struct job {
  std::string name;
  std::vector<rank_numbers> begin;
  ranks::outcome (*run)(simulated_group&, const std::vector<rank_numbers>&);
};

constexpr std::uint32_t size = 4;

collective_options options() { return {.random = {.seed = 1}}; }

template <class Schedule>
ranks::outcome reduce(simulated_group& g, const std::vector<rank_numbers>& x, Schedule s) {
  const reduce_plan plan(s);
  return ranks::all_reduce(g, x, plan, options());
}

std::vector<job> jobs() {
  static const wire_codec c = with_stochastic(wire_codecs::int8);
  const std::vector<rank_numbers> x = ranks::numbers(size, 1000);
  return {
      {"two-shot", x, [](simulated_group& g, const auto& y) { return reduce(g, y, two_shot(c)); }},
      {"two-shot of few numbers", ranks::numbers(size, 3),
       [](simulated_group& g, const auto& y) { return reduce(g, y, two_shot(c)); }},
      {"nodes", x,
       [](simulated_group& g, const auto& y) { return reduce(g, y, hierarchical(2, c, c, c)); }},
      {"ring", x, [](simulated_group& g, const auto& y) { return reduce(g, y, ring(c, c)); }},
      {"reduce-scatter", x,
       [](simulated_group& g, const auto& y) {
         const reduce_plan plan(two_shot(c));
         // The last numbers of each rank get the sum.
         return ranks::run(g, y, [&](rank_of self, std::span<float> mine) {
           const std::uint64_t n = owned_range(plan, self, 700).count;
           return reduce_scatter_task(self, 5, mine.first(700), mine.last(n), plan, options());
         });
       }},
      {"all-to-all", x,
       [](simulated_group& g, const auto& y) {
         static const wire_coder coder(c);
         static const std::vector<std::uint64_t> counts(size, 125);
         return ranks::run(g, y, [&](rank_of self, std::span<float> mine) {
           return all_to_all_task(self, 5, mine.first(500), counts, mine.last(500), counts, coder,
                                  options());
         });
       }},
      {"all-gather", x,
       [](simulated_group& g, const auto& y) {
         static const wire_coder coder(c);
         static const std::vector<std::uint64_t> counts{200, 0, 100, 200};
         return ranks::run(g, y, [&](rank_of self, std::span<float> mine) {
           return all_gather_task(self, 5, mine.first(counts[self.rank]), mine.last(500), counts,
                                  coder, options());
         });
       }},
  };
}

// What a run with faults may do: all that live fail, with their numbers as they were, or all
// succeed with the right ones.
struct verdict {
  bool agrees = true;    ///< one verdict for all that live
  bool is_right = true;  ///< no wrong numbers
  bool fails = false;
};

verdict judge(const job& j, const ranks::outcome& o, const ranks::outcome& right) {
  verdict v;
  bool one_fails = false, one_succeeds = false;
  for (std::size_t r = 0; r < o.error.size(); ++r) {
    if (o.error[r] == "the rank died") continue;
    const bool fails = !o.error[r].empty();
    (fails ? one_fails : one_succeeds) = true;
    v.is_right = v.is_right && o.numbers[r] == (fails ? j.begin[r] : right.numbers[r]);
  }
  v.agrees = !(one_fails && one_succeeds);
  v.fails = one_fails;
  return v;
}

// A rank beside these two.
std::uint32_t third(std::uint32_t a, std::uint32_t b) {
  std::uint32_t c = 0;
  while (c == a || c == b) ++c;
  return c;
}

// How often what came out, over all faults of a kind.
struct tally {
  std::uint64_t runs = 0, struck = 0, harmless = 0;
  std::string wrong, split, missed;
};

}  // namespace

TEST_CASE("COL-18: after any one fault all ranks fail, or it was in the last verdicts") {
  for (const job& j : jobs()) {
    INFO(j.name);
    simulated_group clean;
    const ranks::outcome right = j.run(clean, j.begin);
    REQUIRE(right.all_succeed());
    const std::uint32_t rounds = clean.rounds();
    tally t;
    std::mt19937_64 random(8);
    for (const fault_kind kind : all_kinds) {
      for (std::uint32_t round = 0; round < rounds; ++round) {
        for (std::uint32_t from = 0; from < size; ++from) {
          for (std::uint32_t to = 0; to < size; ++to) {
            if (from == to) continue;
            if (kind == fault_kind::died && to != (from + 1) % size) continue;
            fault f{kind, round, from, to, random()};
            if (kind == fault_kind::misdirected) f.detail = third(from, to);
            simulated_group g({f});
            const ranks::outcome o = j.run(g, j.begin);
            ++t.runs;
            if (g.struck() == 0) continue;  // there was no such message
            ++t.struck;
            const verdict v = judge(j, o, right);
            const std::string what = std::string(name_of(kind)) + " in round " +
                                     std::to_string(round) + " from " + std::to_string(from) +
                                     " to " + std::to_string(to);
            if (!v.is_right) t.wrong = what;
            if (!v.agrees) t.split = what;
            // The second copy of a first verdict comes in place of a last one, which no longer
            // has to come.
            const std::uint32_t last = kind == fault_kind::duplicated ? rounds - 2 : rounds - 1;
            if (!v.fails && round < last) t.missed = what;
            t.harmless += v.fails ? 0 : 1;
          }
        }
      }
    }
    MESSAGE(j.name, ": ", t.runs, " runs, ", t.struck, " faults, ", t.harmless, " harmless");
    CHECK_MESSAGE(t.wrong.empty(), "wrong numbers: ", t.wrong);
    CHECK_MESSAGE(t.split.empty(), "two verdicts: ", t.split);
    CHECK_MESSAGE(t.missed.empty(), "no error: ", t.missed);
    CHECK(t.struck > 100);
    CHECK(t.harmless < t.struck / 2);
  }
}

TEST_CASE("COL-18: several faults, tolerated by as many verdicts, do not split ranks") {
  const std::vector<rank_numbers> x = ranks::numbers(5, 400);
  const reduce_plan plan(two_shot(wire_codecs::int4));
  simulated_group clean;
  const ranks::outcome right = ranks::all_reduce(clean, x, plan, {.tolerated_faults = 3});
  REQUIRE(right.all_succeed());
  CHECK(clean.rounds() == 2 + 4);
  const job j{"", x, nullptr};
  std::mt19937_64 random(21);
  std::uint64_t split = 0, wrong = 0, failed = 0;
  for (int k = 0; k < 4000; ++k) {
    std::vector<fault> faults;
    for (int i = 0; i < 3; ++i) {
      const auto from = static_cast<std::uint32_t>(random() % 5);
      const auto to = static_cast<std::uint32_t>((from + 1 + random() % 4) % 5);
      const fault_kind kind = all_kinds[random() % 8];
      faults.push_back({kind, static_cast<std::uint32_t>(random() % 6), from, to, random()});
      if (kind == fault_kind::misdirected) faults.back().detail %= 5;
    }
    simulated_group g(faults);
    const ranks::outcome o = ranks::all_reduce(g, x, plan, {.tolerated_faults = 3});
    const verdict v = judge(j, o, right);
    split += v.agrees ? 0 : 1;
    wrong += v.is_right ? 0 : 1;
    failed += v.fails ? 1 : 0;
  }
  CHECK(split == 0);
  CHECK(wrong == 0);
  CHECK(failed > 2000);
}

TEST_CASE("COL-18: any two faults of few ranks do not split them") {
  const reduce_plan plan(two_shot(wire_codecs::int4));
  for (const std::uint32_t ranks : {2U, 3U}) {
    const std::vector<rank_numbers> x = ranks::numbers(ranks, 300);
    simulated_group clean;
    const ranks::outcome right = ranks::all_reduce(clean, x, plan, {.tolerated_faults = 2});
    REQUIRE(right.all_succeed());
    const job j{"", x, nullptr};
    std::vector<fault> single;
    for (const fault_kind kind : all_kinds) {
      if (kind == fault_kind::misdirected) continue;
      for (std::uint32_t round = ranks == 2 ? 0 : 2; round < clean.rounds(); ++round) {
        for (std::uint32_t from = 0; from < ranks; ++from) {
          for (std::uint32_t to = 0; to < ranks; ++to) {
            if (from != to) single.push_back({kind, round, from, to, 1000});
          }
        }
      }
    }
    std::uint64_t split = 0, wrong = 0;
    for (const fault& f : single) {
      for (const fault& g : single) {
        simulated_group group({f, g});
        const ranks::outcome o = ranks::all_reduce(group, x, plan, {.tolerated_faults = 2});
        const verdict v = judge(j, o, right);
        split += v.agrees ? 0 : 1;
        wrong += v.is_right ? 0 : 1;
      }
    }
    CHECK(split == 0);
    CHECK(wrong == 0);
  }
}

TEST_CASE("COL-18: a rank that refuses its arguments goes through the rounds as one that failed") {
  const std::vector<rank_numbers> x = ranks::numbers(3, 300);
  const reduce_plan plan(two_shot(wire_codecs::int8));
  std::vector<error_feedback> feedback(3);
  feedback[1].of_hop.emplace_back(7);
  simulated_group g;
  const ranks::outcome o = ranks::all_reduce(g, x, plan, {}, &feedback);
  CHECK(o.error[1] == "lowp::error_feedback: the residuals are of another tensor or schedule");
  CHECK(o.error[0] == "lowp::all_reduce: rank 1 reports an error to rank 0 in step 1");
  CHECK(o.all_fail());
  CHECK(g.rounds() == 4);
  CHECK(o.numbers == x);
  CHECK(feedback[0].of_hop.empty());
}

TEST_CASE("COL-18: errors name ranks, step, byte and rule; residuals stay") {
  const std::vector<rank_numbers> x = ranks::numbers(3, 300);
  const reduce_plan plan(two_shot(wire_codecs::int8));
  std::vector<error_feedback> feedback(3);
  simulated_group clean;
  REQUIRE(ranks::all_reduce(clean, x, plan, {}, &feedback).all_succeed());
  const std::vector<error_feedback> before = feedback;
  simulated_group g({{fault_kind::corrupted, 0, 2, 1, 8 * 100}});
  const ranks::outcome o = ranks::all_reduce(g, x, plan, {}, &feedback);
  CHECK(o.error[1] ==
        "lowp::all_reduce: the message of rank 2 to rank 1 in step 1, at byte 88: the checksum of "
        "the payload is wrong");
  CHECK(o.error[0] == "lowp::all_reduce: rank 1 reports an error to rank 0 in step 2");
  for (std::size_t r = 0; r < 3; ++r) CHECK(feedback[r].of_hop == before[r].of_hop);
  CHECK(o.numbers == x);
}

TEST_CASE("COL-18: ranks with different sizes are told of that") {
  std::vector<rank_numbers> x = ranks::numbers(2, 300);
  x[1].resize(600);
  const reduce_plan plan(two_shot(wire_codecs::fp32));
  simulated_group g;
  const ranks::outcome o = ranks::all_reduce(g, x, plan);
  CHECK(o.all_fail());
  CHECK(
      o.error[0] ==
      "lowp::all_reduce: the message of rank 1 to rank 0 in step 1, at byte 696: there must be no "
      "bytes behind the payload (it has 1296 bytes, expected are 696: are sizes and schedules the "
      "same on all ranks?)");
  CHECK(o.numbers == x);
}

TEST_CASE("COL-14: a task yields what its rank sends and receives, and nothing after its end") {
  rank_numbers x(300, 1.0f);
  const reduce_plan plan(two_shot(wire_codecs::bf16));
  rank_task task = all_reduce_task({1, 3}, 7, x, plan, {.tolerated_faults = 0});
  message_round* r = task.next();
  REQUIRE(r != nullptr);
  CHECK(r->send.size() == 2);
  CHECK(r->send[0].to == 0);
  CHECK(r->send[1].to == 2);
  CHECK(r->receive[0].from == 0);
  CHECK(r->receive[0].room.size() == message_size(wire_codecs::bf16, 100));
  const read_result sent = read_message(r->send[1].bytes);
  REQUIRE(sent.is_right());
  CHECK(sent.header.operation == 7);
  CHECK(sent.header.step == 1);
  CHECK(sent.header.sender == 1);
  CHECK(sent.header.receiver == 2);
  CHECK(sent.header.first == 200);
  CHECK(sent.header.elements == 100);
  CHECK(task.next() != nullptr);
  CHECK_THROWS_AS(task.next(), collective_error);  // nothing came
  CHECK(task.next() == nullptr);
  CHECK(x == rank_numbers(300, 1.0f));
}

TEST_CASE("COL-24: simulated ranks count rounds, messages and bytes") {
  const std::vector<rank_numbers> x = ranks::numbers(4, 512);
  const reduce_plan plan(two_shot(wire_codecs::fp32));
  simulated_group g;
  REQUIRE(ranks::all_reduce(g, x, plan, {.tolerated_faults = 0}).all_succeed());
  CHECK(g.rounds() == 2);
  CHECK(g.messages() == 2 * 4 * 3);
  CHECK(g.bytes() == 2 * 4 * 3 * (96 + 128 * 4));
  REQUIRE(ranks::all_reduce(g, x, plan).all_succeed());
  CHECK(g.rounds() == 4);
  simulated_group dead({{fault_kind::died, 1, 2, 0, 0}});
  const ranks::outcome o = ranks::all_reduce(dead, x, plan);
  CHECK(o.error[2] == "the rank died");
  CHECK(o.all_fail());
}
