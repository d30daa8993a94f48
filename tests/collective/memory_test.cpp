// SPDX-License-Identifier: Apache-2.0
// Memory that stays between operations, and tensors that are worked on piece by piece: the same
// bits as without. spec/collectives.md COL-20, COL-21, COL-27.
#include <cstdint>
#include <cstring>
#include <memory>
#include <memory_resource>
#include <new>
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

// Counts what is asked of it, and fills it with what nobody should read.
class counting final : public std::pmr::memory_resource {
 public:
  std::uint64_t requests = 0, bytes = 0;  // ever
  std::uint64_t in_use = 0;               // now

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    void* p = std::pmr::new_delete_resource()->allocate(size, alignment);
    std::memset(p, 0xfe, size);
    ++requests;
    ++in_use;
    bytes += size;
    return p;
  }
  void do_deallocate(void* p, std::size_t size, std::size_t alignment) override {
    --in_use;
    std::pmr::new_delete_resource()->deallocate(p, size, alignment);
  }
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }
};

// Numbers of several pieces, the last one short, parts of which begin inside of pieces.
constexpr std::size_t several_pieces = 5 * 16384 + 777;

std::vector<reduce_schedule> schedules(const wire_codec& c) {
  return {two_shot(c), hierarchical(2, wire_codecs::bf16, c, c), halving(2, c, wire_codecs::fp16),
          ring(c, wire_codecs::bf16)};
}

}  // namespace

TEST_CASE("COL-27: kept memory gives blocks again, the smallest that is long enough") {
  counting from;
  {
    kept_memory kept(&from);
    void* a = kept.allocate(1000, 8);
    void* b = kept.allocate(100, 64);
    CHECK(reinterpret_cast<std::uintptr_t>(a) % 64 == 0);
    CHECK(reinterpret_cast<std::uintptr_t>(b) % 64 == 0);
    CHECK(kept.blocks() == 2);
    CHECK(kept.bytes() == 1100);
    kept.deallocate(a, 1000, 8);
    kept.deallocate(b, 100, 64);
    CHECK(from.requests == from.in_use);
    CHECK(kept.allocate(101, 8) == a);
    CHECK(kept.allocate(1, 8) == b);
    kept.deallocate(a, 101, 8);
    kept.deallocate(b, 1, 8);
    CHECK(kept.allocate(100, 8) == b);
    kept.deallocate(b, 100, 8);
    CHECK(from.requests == 2);

    // What is too short gives way to what is long enough, the largest first.
    void* c = kept.allocate(1001, 8);
    CHECK(kept.blocks() == 2);
    CHECK(kept.bytes() == 1101);
    CHECK(from.in_use == 2);
    // In use blocks stay.
    void* d = kept.allocate(2000, 8);
    CHECK(kept.blocks() == 2);
    CHECK(kept.bytes() == 3001);
    kept.release();
    CHECK(kept.blocks() == 2);
    kept.deallocate(c, 1001, 8);
    kept.deallocate(d, 2000, 8);
    kept.release();
    CHECK(kept.blocks() == 0);
    CHECK(kept.bytes() == 0);
    CHECK(from.in_use == 0);

    // Of higher alignments nothing is kept.
    void* e = kept.allocate(10, 4096);
    CHECK(reinterpret_cast<std::uintptr_t>(e) % 4096 == 0);
    kept.deallocate(e, 10, 4096);
    CHECK(from.in_use == 0);
    void* f = kept.allocate(7, 1);
    kept.deallocate(f, 7, 1);
    volatile std::size_t too_many = ~std::size_t{0} - 8;  // unknown to compilers that warn
    CHECK_THROWS_AS((void)kept.allocate(too_many, 8), std::bad_alloc);
  }
  CHECK(from.in_use == 0);
}

TEST_CASE("COL-27: with kept memory, and in pieces, every rank has the bits of the reference") {
  constexpr std::uint32_t size = 4;
  std::uint64_t runs = 0;
  for (const wire_codec& base : {wire_codecs::fp32, wire_codecs::bf16, wire_codecs::int8,
                                 wire_codecs::int4, with_row(wire_codecs::mxfp4, 96)}) {
    const wire_codec c = with_stochastic(base);
    for (const reduce_schedule& s : schedules(c)) {
      counting from;
      std::vector<std::unique_ptr<kept_memory>> kept;
      for (std::uint32_t r = 0; r < size; ++r) kept.push_back(std::make_unique<kept_memory>(&from));
      const reduce_plan plan(s);
      const auto run = [&](std::size_t n) {
        const std::vector<rank_numbers> x = ranks::numbers(size, n, static_cast<unsigned>(runs));
        const random_source random{.seed = 3, .stream = runs++};
        simulated_group g;
        const ranks::outcome o = ranks::run(g, x, [&](rank_of self, std::span<float> mine) {
          return all_reduce_task(self, 0, mine, plan,
                                 {.random = random, .memory = kept[self.rank].get()});
        });
        REQUIRE(o.all_succeed());
        const rank_numbers expected = reference_all_reduce(s, x, random);
        for (const rank_numbers& y : o.numbers) CHECK(y == expected);
      };
      run(several_pieces);
      // A few operations later all that is needed is there.
      for (int k = 0; k < 6; ++k) run(20000);
      const std::uint64_t requests = from.requests;
      for (const std::size_t n : {20000U, 1000U, 20000U}) run(n);
      CHECK(from.requests == requests);
      CHECK(requests > 0);
      kept.clear();
      CHECK(from.in_use == 0);
    }
  }
}

TEST_CASE("COL-27: residuals of tensors in pieces are those of whole ones") {
  constexpr std::uint32_t size = 4;
  for (const wire_codec& base : {wire_codecs::int4, wire_codecs::mxfp8_e4m3}) {
    const wire_codec c = with_stochastic(base);
    for (const reduce_schedule& s : schedules(c)) {
      const reduce_plan plan(s);
      std::vector<error_feedback> pieces(size), whole(size);
      for (unsigned step = 0; step < 3; ++step) {
        const std::vector<rank_numbers> x = ranks::numbers(size, several_pieces, step);
        const random_source random{.seed = 3, .stream = step};
        simulated_group g;
        const auto run = [&](std::vector<error_feedback>& feedback, unsigned threads) {
          return ranks::all_reduce(g, x, plan, {.random = random, .threads = {threads}}, &feedback);
        };
        const ranks::outcome a = run(pieces, 1), b = run(whole, 2);
        REQUIRE(a.all_succeed());
        CHECK(a.numbers == b.numbers);
        for (std::uint32_t r = 0; r < size; ++r) CHECK(pieces[r].of_hop == whole[r].of_hop);
      }
      // A failure leaves residuals, whatever it has done before.
      const std::vector<error_feedback> before = pieces;
      std::vector<error_feedback> fresh(size);
      const std::vector<rank_numbers> x = ranks::numbers(size, several_pieces, 9);
      simulated_group bad({{fault_kind::corrupted, 0, 0, 1, 8 * 20000}});
      CHECK(ranks::all_reduce(bad, x, plan, {}, &pieces).all_fail());
      CHECK(ranks::all_reduce(bad, x, plan, {}, &fresh).all_fail());
      simulated_group good;
      for (std::uint32_t r = 0; r < size; ++r) CHECK(pieces[r].of_hop == before[r].of_hop);
      const ranks::outcome a = ranks::all_reduce(good, x, plan, {}, &pieces);
      const ranks::outcome b = ranks::all_reduce(good, x, plan, {.threads = {2}}, &whole);
      CHECK(a.numbers == b.numbers);
      std::vector<error_feedback> first(size);
      const ranks::outcome c0 = ranks::all_reduce(good, x, plan, {}, &fresh);
      CHECK(c0.numbers == ranks::all_reduce(good, x, plan, {}, &first).numbers);
    }
  }
}

TEST_CASE("COL-21: residuals of hops that an operation does not reach stay") {
  constexpr std::uint32_t size = 2;
  const reduce_plan plan(two_shot(wire_codecs::int4));
  const std::vector<rank_numbers> x = ranks::numbers(size, 1000);
  std::vector<error_feedback> feedback(size);
  const auto scatter = [&] {
    std::vector<rank_numbers> sums;
    for (std::uint32_t r = 0; r < size; ++r) {
      sums.emplace_back(owned_range(plan, {r, size}, 1000).count);
    }
    simulated_group g;
    const ranks::outcome o = ranks::run(g, sums, [&](rank_of self, std::span<float> mine) {
      return reduce_scatter_task(self, 0, x[self.rank], mine, plan, {}, &feedback[self.rank]);
    });
    REQUIRE(o.all_succeed());
  };
  scatter();
  CHECK(feedback[0].of_hop[0] != std::vector<float>(1000));
  CHECK(feedback[0].of_hop[1] == std::vector<float>(feedback[0].of_hop[1].size()));
  simulated_group g;
  REQUIRE(ranks::all_reduce(g, x, plan, {}, &feedback).all_succeed());
  const std::vector<error_feedback> before = feedback;
  CHECK(before[0].of_hop[1] != std::vector<float>(before[0].of_hop[1].size()));
  scatter();
  for (std::uint32_t r = 0; r < size; ++r) {
    CHECK(feedback[r].of_hop[0] != before[r].of_hop[0]);
    CHECK(feedback[r].of_hop[1] == before[r].of_hop[1]);
  }
}

TEST_CASE("COL-27: a change in any piece of a part fails all ranks") {
  const std::vector<rank_numbers> x = ranks::numbers(2, several_pieces);
  for (const reduce_schedule& s :
       {two_shot(wire_codecs::int8), ring(wire_codecs::int8, wire_codecs::int8)}) {
    const reduce_plan plan(s);
    kept_memory kept;
    for (const std::uint32_t round : {0U, 1U}) {
      for (const std::uint64_t byte : {96U, 5000U, 17600U, 20000U, 40000U}) {
        simulated_group g({{fault_kind::corrupted, round, 0, 1, 8 * byte + 3}});
        const ranks::outcome o = ranks::run(g, x, [&](rank_of self, std::span<float> mine) {
          return all_reduce_task(self, 0, mine, plan, {.memory = &kept});
        });
        CHECK(o.all_fail());
        CHECK(o.numbers == x);
        CHECK(o.error[1] == "lowp::all_reduce: the message of rank 0 to rank 1 in step " +
                                std::to_string(round + 1) +
                                ", at byte 88: the checksum of the payload is wrong");
      }
    }
  }
}

TEST_CASE("COL-20: exact sums around a ring are refused") {
  reduce_schedule s = ring(wire_codecs::int8, wire_codecs::int8);
  s.sum = wire_sum::exact;
  CHECK_THROWS_WITH(reduce_plan{s},
                    "lowp::reduce_plan: the sum is exact, that of a ring must be in_order: every "
                    "rank rounds what it passes on");
  s.sum = wire_sum::in_order;
  CHECK_NOTHROW(reduce_plan{s});
  s.level.push_back(s.level[0]);
  CHECK_THROWS_WITH(reduce_plan{s}, "lowp::reduce_plan: a ring has one level, of all ranks");
}
