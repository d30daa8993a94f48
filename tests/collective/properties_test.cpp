// SPDX-License-Identifier: Apache-2.0
// What operations promise of their errors: growth with the number of ranks, feedback that loses
// nothing, stochastic rounding that is right on average; and results of the operations other than
// all-reduce. spec/collectives.md COL-21 to COL-23, COL-26.
#include <cmath>
#include <cstdint>
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

// Normal numbers without outliers.
std::vector<rank_numbers> normal(std::uint32_t size, std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<rank_numbers> all;
  for (std::uint32_t r = 0; r < size; ++r) all.push_back(support::normal_numbers(random, n));
  return all;
}

std::vector<double> exact_sum(const std::vector<rank_numbers>& all) {
  std::vector<double> sum(all[0].size());
  for (const rank_numbers& x : all) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(x[i]);
  }
  return sum;
}

// ||x - y|| / ||y||.
template <class Numbers>
double relative_error(const Numbers& x, const std::vector<double>& y) {
  double error = 0, norm = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double e = static_cast<double>(x[i]) - y[i];
    error += e * e;
    norm += y[i] * y[i];
  }
  return std::sqrt(error / norm);
}

double error_of(const reduce_schedule& s, std::uint32_t size, std::size_t n) {
  const std::vector<rank_numbers> x = normal(size, n, size);
  const reduce_plan plan(s);
  simulated_group g;
  const ranks::outcome o = ranks::all_reduce(g, x, plan, {.tolerated_faults = 0});
  REQUIRE(o.all_succeed());
  return relative_error(o.numbers[0], exact_sum(x));
}

}  // namespace

TEST_CASE("COL-26: errors against the number of ranks") {
  // Collectives reference, section 2.3: simulated there by another program.
  struct line {
    const char* name;
    wire_codec codec;
    double two_shot[3];  // 2, 8, 32 ranks
    double ring[3];      // 0: not there
  };
  const line lines[] = {
      {"int8, rows of 32", wire_codecs::fbgemm_int8, {.0066, .0064, .0067}, {.0056, .0098, .0190}},
      {"int4, rows of 32", with_row(wire_codecs::int4, 32), {.111, .110, .111}, {.095, .168, .338}},
      {"MX4", wire_codecs::fbgemm_mx4, {.161, .159, .158}, {.134, .235, .416}},
      {"HFP8, rows of 32", wire_codecs::fbgemm_fp8_forward, {.033, .033, .033}, {0, 0, 0}},
      {"bf16", wire_codecs::bf16, {.0024, .0024, .0024}, {0, 0, 0}}};
  constexpr std::uint32_t sizes[] = {2, 8, 32};
  for (const line& l : lines) {
    for (int k = 0; k < 3; ++k) {
      const wire_codec& c = l.codec;
      INFO(l.name, ", ", sizes[k], " ranks");
      const double shot = error_of(two_shot(c), sizes[k], 4096);
      CHECK(shot == doctest::Approx(l.two_shot[k]).epsilon(0.03));
      if (l.ring[k] == 0) continue;
      CHECK(error_of(ring(c, c), sizes[k], 4096) == doctest::Approx(l.ring[k]).epsilon(0.05));
    }
  }
  // Theory: sqrt 2 of one message whatever the ranks; a ring sqrt((P + 1) / 2); levels of two
  // sqrt(log2 P + 1) with the encoding of the result.
  const wire_codec c = wire_codecs::fbgemm_int8;
  const double one = error_of(two_shot(c, wire_codecs::fp32), 8, 4096);
  CHECK(error_of(two_shot(c), 8, 4096) == doctest::Approx(one * std::sqrt(2)).epsilon(0.05));
  CHECK(error_of(ring(c, c), 8, 4096) == doctest::Approx(one * std::sqrt(4.5)).epsilon(0.05));
  CHECK(error_of(halving(3, c, c), 8, 4096) == doctest::Approx(one * 2).epsilon(0.05));
}

TEST_CASE("COL-21: with feedback nothing is lost") {
  constexpr int steps = 60;
  constexpr std::uint32_t size = 4;
  constexpr std::size_t n = 600;
  for (const wire_codec& base : {wire_codecs::int4, wire_codecs::mxfp4, wire_codecs::fp8_e4m3}) {
    for (const bool random : {false, true}) {
      const wire_codec c = random ? with_stochastic(base) : base;
      for (const reduce_schedule& s :
           {two_shot(c), hierarchical(2, c, wire_codecs::bf16, c), ring(c, c)}) {
        const reduce_plan plan(s);
        std::vector<error_feedback> feedback(size);
        std::vector<double> given(n), received(n);
        for (unsigned step = 0; step < steps; ++step) {
          const std::vector<rank_numbers> x = normal(size, n, 100 + step);
          simulated_group g;
          const ranks::outcome o =
              ranks::all_reduce(g, x, plan, {.random = {.stream = step}}, &feedback);
          REQUIRE(o.all_succeed());
          const std::vector<double> sum = exact_sum(x);
          for (std::size_t i = 0; i < n; ++i) {
            given[i] += sum[i];
            received[i] += static_cast<double>(o.numbers[0][i]);
          }
        }
        // What was given is what was received and what residuals hold, but for roundings of
        // binary32 sums.
        std::vector<double> held(n);
        for (std::uint32_t r = 0; r < size; ++r) {
          if (s.pattern == reduce_pattern::ring) {
            REQUIRE(feedback[r].of_hop.size() == 1);
            for (std::size_t i = 0; i < n; ++i) {
              held[i] += static_cast<double>(feedback[r].of_hop[0][i]);
            }
            continue;
          }
          const reduce_places places(plan, {r, size}, n);
          REQUIRE(feedback[r].of_hop.size() == places.levels() + 1);
          for (std::size_t h = 0; h <= places.levels(); ++h) {
            const index_range range = h < places.levels() ? places[h].range : places.owned();
            for (std::uint64_t i = 0; i < range.count; ++i) {
              held[range.first + i] += static_cast<double>(feedback[r].of_hop[h][i]);
            }
          }
        }
        double most = 0, lost = 0;
        for (std::size_t i = 0; i < n; ++i) {
          most = std::max(most, std::abs(given[i] - received[i] - held[i]));
          lost = std::max(lost, std::abs(given[i] - received[i]));
        }
        CHECK(most < 2e-4);
        CHECK(lost > 0.01);
      }
    }
  }
}

TEST_CASE("COL-21: the mean of T results is off by 1/T with feedback, by 1/sqrt T at random") {
  constexpr std::size_t n = 2048;
  const wire_codec c = with_row(wire_codecs::int4, 32);
  const std::vector<rank_numbers> x = normal(2, n, 3);
  const std::vector<double> sum = exact_sum(x);
  const auto mean_error = [&](const wire_codec& codec, int times, bool with_feedback) {
    const reduce_plan plan(two_shot(codec));
    std::vector<error_feedback> feedback(2);
    std::vector<double> mean(n);
    for (int k = 0; k < times; ++k) {
      simulated_group g;
      const collective_options o{.random = {.stream = static_cast<std::uint64_t>(k)},
                                 .tolerated_faults = 0};
      const ranks::outcome out =
          ranks::all_reduce(g, x, plan, o, with_feedback ? &feedback : nullptr);
      for (std::size_t i = 0; i < n; ++i) mean[i] += static_cast<double>(out.numbers[0][i]) / times;
    }
    return relative_error(mean, sum);
  };
  const double once = mean_error(c, 1, false);
  CHECK(mean_error(c, 16, false) == doctest::Approx(once));
  CHECK(mean_error(c, 16, true) < once / 12);
  CHECK(mean_error(c, 64, true) < once / 48);
  const double random_once = mean_error(with_stochastic(c), 1, false);
  CHECK(random_once == doctest::Approx(once * std::sqrt(2)).epsilon(0.05));
  CHECK(mean_error(with_stochastic(c), 64, false) == doctest::Approx(random_once / 8).epsilon(0.1));
}

TEST_CASE("COL-21: what is left of infinities and NaNs is forgotten") {
  for (const wire_codec& c : {wire_codecs::int8, wire_codecs::mxfp4, wire_codecs::fp8_e4m3,
                              wire_codecs::bf16, wire_codecs::fp32}) {
    for (const float bad : {INFINITY, -INFINITY, NAN}) {
      const reduce_plan plan(two_shot(c));
      std::vector<error_feedback> feedback(2);
      double error = 0;
      for (unsigned step = 0; step < 4; ++step) {
        std::vector<rank_numbers> x = normal(2, 512, step);
        if (step == 0) x[1][77] = bad;
        simulated_group g;
        const ranks::outcome o = ranks::all_reduce(g, x, plan, {}, &feedback);
        REQUIRE(o.all_succeed());
        error = relative_error(o.numbers[0], exact_sum(x));
      }
      CHECK(error < 0.3);
    }
  }
}

TEST_CASE("COL-21: residuals of another tensor are refused") {
  const reduce_plan plan(two_shot(wire_codecs::int8));
  std::vector<error_feedback> feedback(2);
  simulated_group g;
  REQUIRE(ranks::all_reduce(g, normal(2, 300, 1), plan, {}, &feedback).all_succeed());
  const ranks::outcome o = ranks::all_reduce(g, normal(2, 301, 1), plan, {}, &feedback);
  CHECK(o.error[0] == "lowp::error_feedback: the residuals are of another tensor or schedule");
}

TEST_CASE("COL-22: reduce-scatter gives each rank its part of the sums, unencoded") {
  for (const named_wire_codec& row : all_wire_codecs) {
    for (const std::uint32_t size : {1U, 3U, 4U}) {
      for (const std::size_t n :
           {std::size_t{0}, std::size_t{1}, row.value.row * std::size_t{5} + 3}) {
        reduce_schedule s = two_shot(row.value, wire_codecs::fp32);
        if (size == 4) s.level = {{2, row.value}, {2, wire_codecs::bf16}};
        const reduce_plan plan(s);
        const std::vector<rank_numbers> x = ranks::numbers(size, n);
        const rank_numbers expected = reference_all_reduce(s, x);
        std::vector<rank_numbers> sums;
        for (std::uint32_t r = 0; r < size; ++r) {
          sums.emplace_back(owned_range(plan, {r, size}, n).count);
        }
        simulated_group g;
        const ranks::outcome o = ranks::run(g, sums, [&](rank_of self, std::span<float> mine) {
          return reduce_scatter_task(self, 0, x[self.rank], mine, plan);
        });
        REQUIRE(o.all_succeed());
        rank_numbers whole(n, -1.0f);
        std::uint64_t owned = 0;
        for (std::uint32_t r = 0; r < size; ++r) {
          const index_range own = owned_range(plan, {r, size}, n);
          owned += own.count;
          std::copy(o.numbers[r].begin(), o.numbers[r].end(),
                    whole.begin() + static_cast<long>(own.first));
        }
        CHECK(owned == n);
        CHECK(whole == expected);
      }
    }
  }
  const reduce_plan around(ring(wire_codecs::bf16, wire_codecs::bf16));
  const reduce_plan plan(two_shot(wire_codecs::bf16));
  rank_numbers x(10), sum(3);
  CHECK_THROWS_WITH(reduce_scatter_task({0, 2}, 0, x, sum, around).next(),
                    "lowp::reduce_scatter: the schedule is a ring, it must be one of levels");
  simulated_group g;
  const ranks::outcome o =
      ranks::run(g, {rank_numbers(3), rank_numbers(5)}, [&](rank_of self, std::span<float> mine) {
        return reduce_scatter_task(self, 0, x, mine, plan);
      });
  CHECK(o.error[0] == "lowp::reduce_scatter: sum has 3 numbers, the rank owns 5");
  CHECK(o.error[1] == "lowp::reduce_scatter: rank 0 reports an error to rank 1 in step 1");
}

TEST_CASE("COL-23: chunks arrive as the codec makes them, one's own too") {
  for (const named_wire_codec& row : all_wire_codecs) {
    const wire_coder coder(with_stochastic(row.value));
    const wire_codec& c = coder.codec();
    const random_source random{.seed = 4, .stream = 2};
    for (const std::uint32_t size : {1U, 2U, 3U, 8U}) {
      const auto count = [&](std::uint32_t from, std::uint32_t to) -> std::uint64_t {
        return (from * 7 + to * 3) % 5 * c.row / 2 * ((from + to) % 3);
      };
      std::vector<std::vector<std::uint64_t>> in(size), out(size);
      std::vector<rank_numbers> x, y, expected(size);
      for (std::uint32_t r = 0; r < size; ++r) {
        std::uint64_t n = 0, m = 0;
        for (std::uint32_t p = 0; p < size; ++p) {
          in[r].push_back(count(r, p));
          out[r].push_back(count(p, r));
          n += count(r, p);
          m += count(p, r);
        }
        x.push_back(ranks::numbers(1, n, r + 1)[0]);
        y.emplace_back(m);
      }
      // By the definition: every chunk begins at a whole row of its sender's numbers.
      for (std::uint32_t to = 0; to < size; ++to) {
        for (std::uint32_t from = 0; from < size; ++from) {
          std::uint64_t place = 0, index = 0;
          for (std::uint32_t p = 0; p < to; ++p) {
            place += count(from, p);
            index += (count(from, p) + c.row - 1) / c.row * c.row;
          }
          const rank_numbers z =
              detail::arrived(c, std::span(x[from]).subspan(place, count(from, to)),
                              source_of_hop(random, 0, from), index);
          expected[to].insert(expected[to].end(), z.begin(), z.end());
        }
      }
      simulated_group g;
      const collective_options how{.random = random};
      const ranks::outcome o = ranks::run(g, y, [&](rank_of self, std::span<float> mine) {
        return all_to_all_task(self, 0, x[self.rank], in[self.rank], mine, out[self.rank], coder,
                               how);
      });
      REQUIRE(o.all_succeed());
      CHECK(o.numbers == expected);
    }
  }
}

TEST_CASE("COL-23: gathered numbers are the same on all ranks, and in every cut of a tensor") {
  for (const named_wire_codec& row : all_wire_codecs) {
    const wire_coder coder(with_stochastic(row.value));
    const wire_codec& c = coder.codec();
    const std::size_t n = c.row * std::size_t{6} + 5;
    const rank_numbers x = ranks::numbers(1, n)[0];
    const random_source random{.seed = 4, .stream = 2};
    const rank_numbers expected = detail::arrived(c, x, source_of_hop(random, 0, 0));
    for (const std::uint32_t size : {1U, 2U, 3U, 8U}) {
      std::vector<std::uint64_t> counts;
      for (std::uint32_t r = 0; r < size; ++r) {
        counts.push_back(part_of({0, n}, c.row, size, r).count);
      }
      simulated_group g;
      const collective_options how{.random = random, .contribution = 0};
      const ranks::outcome o =
          ranks::run(g, std::vector<rank_numbers>(size, rank_numbers(n)),
                     [&](rank_of self, std::span<float> mine) {
                       const index_range r = part_of({0, n}, c.row, size, self.rank);
                       return all_gather_task(self, 0, std::span(x).subspan(r.first, r.count), mine,
                                              counts, coder, how, r.first);
                     });
      REQUIRE(o.all_succeed());
      for (const rank_numbers& y : o.numbers) CHECK(y == expected);
    }
  }
}

TEST_CASE("COL-23: counts that are wrong are refused") {
  const wire_coder coder(wire_codecs::int8);
  rank_numbers x(10), y(10);
  // Rank 0 with these counts, rank 1 with right ones.
  const std::vector<std::uint64_t> right{5, 5};
  const auto error = [&](std::vector<std::uint64_t> in, std::vector<std::uint64_t> out,
                         std::size_t room = 10) {
    simulated_group g;
    std::vector<rank_task> tasks;
    rank_numbers small(room), y1(10);
    tasks.push_back(all_to_all_task({0, 2}, 0, x, in, small, out, coder));
    tasks.push_back(all_to_all_task({1, 2}, 0, x, right, y1, right, coder));
    const std::vector<std::exception_ptr> thrown = g.run(tasks);
    CHECK(ranks::text_of(thrown[1]) != "");
    CHECK(y1 == rank_numbers(10));
    CHECK(small == rank_numbers(room));
    return ranks::text_of(thrown[0]);
  };
  CHECK(error({5, 5}, {4, 5}) ==
        "lowp::all_to_all: out has 10 numbers, its 2 counts for 2 ranks must add up to that");
  CHECK(error({5, 5}, {5, 5}, 5) ==
        "lowp::all_to_all: out has 5 numbers, its 2 counts for 2 ranks must add up to that");
  CHECK(error({5, 5}, {5, 6}) ==
        "lowp::all_to_all: out has 10 numbers, its 2 counts for 2 ranks must add up to that");
  CHECK(error({10, 5}, {5, 5}) ==
        "lowp::all_to_all: in has 10 numbers, its 2 counts for 2 ranks must add up to that");
  CHECK(error({5, 5, 0}, {5, 5}) ==
        "lowp::all_to_all: in has 10 numbers, its 3 counts for 2 ranks must add up to that");
  CHECK(error({~std::uint64_t{0}, 11}, {5, 5}) ==
        "lowp::all_to_all: in has 10 numbers, its 2 counts for 2 ranks must add up to that");
  CHECK(error({5, 5}, {6, 4}) == "lowp::all_to_all: rank 0 sends itself 5 numbers and expects 6");
  const std::vector<std::uint64_t> counts{10};
  const auto gather_error = [&](std::size_t n, std::uint64_t first) {
    simulated_group g;
    std::vector<rank_task> tasks;
    tasks.push_back(all_gather_task({0, 1}, 0, std::span(x).first(n), y, counts, coder, {}, first));
    return ranks::text_of(g.run(tasks)[0]);
  };
  CHECK(gather_error(10, 0) == "");
  CHECK(gather_error(9, 0) == "lowp::all_gather: in has 9 numbers, counts say 10 of rank 0");
  CHECK(gather_error(10, 5) ==
        "lowp::all_gather: first is 5, it must be a multiple of the codec's row, 128");
}
