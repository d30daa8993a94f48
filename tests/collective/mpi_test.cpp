// SPDX-License-Identifier: Apache-2.0
// Collectives between the processes of an MPI program, run under mpirun with several numbers of
// ranks: every rank knows the numbers of all and compares what it gets with the reference.
// spec/collectives.md COL-25.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/collective/reference.hpp>
#include <lowp/mpi.hpp>

#include "ranks.hpp"

using namespace lowp;

namespace {

// MPI from the first test on to the end of the process.
struct session {
  session() { MPI_Init(nullptr, nullptr); }
  ~session() { MPI_Finalize(); }
};

mpi_transport& world() {
  static const session all;
  static mpi_transport t;
  return t;
}

bool same_bits(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

std::vector<reduce_schedule> schedules(const wire_codec& c, std::uint32_t size) {
  std::vector<reduce_schedule> all{two_shot(c), ring(c, wire_codecs::bf16)};
  if (size % 2 == 0) all.push_back(hierarchical(2, wire_codecs::bf16, c, c));
  return all;
}

}  // namespace

TEST_CASE("COL-25: all-reduce over MPI has the bits of the reference") {
  const rank_of self = world().self();
  std::uint64_t different = 0, runs = 0;
  std::string first;
  for (const named_wire_codec& row : all_wire_codecs) {
    const wire_codec c = with_stochastic(row.value);
    for (const std::size_t n : {std::size_t{0}, std::size_t{2}, std::size_t{3} * c.row + 5}) {
      const std::vector<rank_numbers> x = ranks::numbers(self.size, n);
      for (const reduce_schedule& s : schedules(c, self.size)) {
        const reduce_plan plan(s);
        const random_source random{.seed = 5, .stream = n};
        rank_numbers mine = x[self.rank];
        all_reduce(world(), mine, plan, {.random = random});
        ++runs;
        if (same_bits(mine, reference_all_reduce(s, x, random))) continue;
        if (different++ == 0) first = std::string(row.name) + ", " + std::to_string(n);
      }
    }
  }
  CHECK_MESSAGE(different == 0, different, " differ of ", runs, ", the first: ", first);
}

TEST_CASE("COL-25: the other operations, with chunks of all sizes") {
  const rank_of self = world().self();
  const wire_coder coder(wire_codecs::int8);
  const auto arrives = [&](std::span<const float> x) {
    std::vector<std::byte> bytes(coder.encoded_size(x.size()));
    encode_wire(coder.codec(), x, bytes.data());
    rank_numbers y(x.size());
    decode_wire(coder.codec(), bytes.data(), std::span(y));
    return y;
  };
  // Rank a sends rank b chunk(a, b); the numbers of a rank are its chunks, end to end.
  const auto chunk = [](std::uint32_t a, std::uint32_t b) -> std::uint64_t {
    return (a * 37 + b * 101) % 300 * ((a + b) % 3);
  };
  std::vector<rank_numbers> x;
  for (std::uint32_t r = 0; r < self.size; ++r) {
    std::uint64_t n = 0;
    for (std::uint32_t b = 0; b < self.size; ++b) n += chunk(r, b);
    x.push_back(ranks::numbers(1, n, r)[0]);
  }
  std::vector<std::uint64_t> to, from;
  rank_numbers expected;
  for (std::uint32_t r = 0; r < self.size; ++r) {
    to.push_back(chunk(self.rank, r));
    from.push_back(chunk(r, self.rank));
    std::uint64_t before = 0;
    for (std::uint32_t b = 0; b < self.rank; ++b) before += chunk(r, b);
    const rank_numbers y = arrives(std::span(x[r]).subspan(before, from.back()));
    expected.insert(expected.end(), y.begin(), y.end());
  }
  rank_numbers got(expected.size());
  all_to_all(world(), x[self.rank], to, got, from, coder);
  CHECK(same_bits(got, expected));

  std::vector<std::uint64_t> counts;
  expected.clear();
  for (const rank_numbers& r : x) {
    counts.push_back(r.size());
    const rank_numbers y = arrives(r);
    expected.insert(expected.end(), y.begin(), y.end());
  }
  got.assign(expected.size(), 0);
  all_gather(world(), x[self.rank], got, counts, coder);
  CHECK(same_bits(got, expected));

  const std::vector<rank_numbers> all = ranks::numbers(self.size, 1000);
  const reduce_plan plan(two_shot(wire_codecs::int4, wire_codecs::fp32));
  const rank_numbers sum = reference_all_reduce(plan.schedule(), all);
  const index_range own = owned_range(plan, self, 1000);
  got.assign(own.count, 0);
  reduce_scatter(world(), all[self.rank], got, plan);
  CHECK(same_bits(got, std::span(sum).subspan(own.first, own.count)));
}

TEST_CASE("COL-25: groups of a communicator") {
  const rank_of self = world().self();
  MPI_Comm half = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, static_cast<int>(self.rank % 2), 0, &half);
  {
    mpi_transport group(half);
    const std::vector<rank_numbers> x = ranks::numbers(group.self().size, 200, self.rank % 2);
    rank_numbers mine = x[group.self().rank];
    const reduce_plan plan(two_shot(wire_codecs::mxfp8_e4m3));
    all_reduce(group, mine, plan);
    CHECK(same_bits(mine, reference_all_reduce(plan.schedule(), x)));
  }
  MPI_Comm_free(&half);
}

TEST_CASE("COL-25: messages longer than their room leave what is behind it alone") {
  const rank_of self = world().self();
  for (const std::size_t n : {std::size_t{40}, std::size_t{5000}, std::size_t{2000000}}) {
    // Rank r sends n + r bytes to all others, which expect a tenth of it from odd ranks.
    const std::vector<std::byte> sent(n + self.rank, std::byte{7});
    std::vector<std::vector<std::byte>> rooms;
    message_round r;
    for (std::uint32_t peer = 0; peer < self.size; ++peer) {
      rooms.emplace_back(n + 2 * self.size, std::byte{1});
      if (peer == self.rank) continue;
      r.send.push_back({peer, sent});
      r.receive.push_back(
          {peer, std::span(rooms[peer]).first(peer % 2 != 0 ? n / 10 : n + self.size), 0});
    }
    world().exchange(r);
    for (const incoming_message& m : r.receive) {
      CHECK(m.came == n + m.from);
      const std::size_t filled = std::min<std::size_t>(m.came, m.room.size());
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < rooms[m.from].size(); ++i) {
        wrong += rooms[m.from][i] != (i < filled ? std::byte{7} : std::byte{1}) ? 1U : 0U;
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE(
    "COL-25: ranks that expect other numbers fail together, and the next operation is right") {
  const rank_of self = world().self();
  const reduce_plan plan(two_shot(wire_codecs::int8));
  rank_numbers mine(self.rank == 0 ? 1000000 : 100000, 1.0f);
  if (self.size > 1) CHECK_THROWS_AS(all_reduce(world(), mine, plan), collective_error);
  error_feedback residuals;
  if (self.rank == 0) residuals.of_hop.emplace_back(3);
  rank_numbers same(1000, 1.0f);
  CHECK_THROWS(all_reduce(world(), same, plan, {}, self.rank == 0 ? &residuals : nullptr));
  all_reduce(world(), same, plan);
  CHECK(same == rank_numbers(1000, static_cast<float>(self.size)));
}

TEST_CASE("COL-25: datatypes of messages beyond 2^31 bytes") {
  world();
  for (const std::uint64_t n : {std::uint64_t{1}, std::uint64_t{INT_MAX},
                                std::uint64_t{INT_MAX} + 1, std::uint64_t{5} * INT_MAX + 77}) {
    const detail::mpi_bytes type(n);
    MPI_Count size = 0, least = 0, extent = 0;
    MPI_Type_size_x(type.get(), &size);
    MPI_Type_get_true_extent_x(type.get(), &least, &extent);
    CHECK(static_cast<std::uint64_t>(size) == n);
    CHECK(least == 0);
    CHECK(static_cast<std::uint64_t>(extent) == n);
  }
}
