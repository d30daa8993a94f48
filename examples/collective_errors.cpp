// SPDX-License-Identifier: Apache-2.0
// How the error of an all-reduce grows with the number of ranks: every rank has independent normal
// numbers; ||result - sum|| / ||sum|| of each codec and schedule, and what theory says.
// collective_errors [MOST-RANKS [NUMBERS]], default 4096 4096.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include <lowp/collective/all_reduce.hpp>
#include <lowp/collective/simulation.hpp>
#include <lowp/collective/wire_codecs.hpp>

namespace {

struct codec {
  const char* name;
  lowp::wire_codec value;
};

const codec codecs[] = {
    {"bf16", lowp::wire_codecs::bf16},
    {"fp8_e4m3", lowp::wire_codecs::fp8_e4m3},
    {"mxfp8_e4m3", lowp::wire_codecs::mxfp8_e4m3},
    {"int8, rows of 32", lowp::wire_codecs::fbgemm_int8_cpu},
    {"int4, rows of 32", lowp::with_row(lowp::wire_codecs::int4, 32)},
    {"mxfp4", lowp::wire_codecs::mxfp4},
    {"nvfp4", lowp::wire_codecs::nvfp4},
};

double error_of(const lowp::reduce_schedule& s, std::uint32_t ranks, std::size_t n) {
  std::mt19937 random(ranks);
  std::normal_distribution<float> normal;
  std::vector<std::vector<float>> numbers(ranks, std::vector<float>(n));
  std::vector<double> sum(n);
  for (std::vector<float>& x : numbers) {
    for (std::size_t i = 0; i < n; ++i) sum[i] += static_cast<double>(x[i] = normal(random));
  }
  const lowp::reduce_plan plan(s);
  std::vector<lowp::rank_task> tasks;
  for (std::uint32_t r = 0; r < ranks; ++r) {
    tasks.push_back(
        lowp::all_reduce_task({r, ranks}, 0, numbers[r], plan, {.tolerated_faults = 0}));
  }
  lowp::simulated_group group;
  for (const std::exception_ptr& e : group.run(tasks)) {
    if (e) std::rethrow_exception(e);
  }
  double error = 0, norm = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double e = static_cast<double>(numbers[0][i]) - sum[i];
    error += e * e;
    norm += sum[i] * sum[i];
  }
  return std::sqrt(error / norm);
}

// Levels of two ranks.
std::uint32_t levels(std::uint32_t ranks) {
  std::uint32_t n = 0;
  while (ranks > 1U << n) ++n;
  return n;
}

}  // namespace

int main(int argc, char** argv) {
  const auto most = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 4096);
  const auto n = static_cast<std::size_t>(argc > 2 ? std::atoi(argv[2]) : 4096);
  if (argc > 3 || most < 2 || n < 1) {
    std::fprintf(stderr, "usage: collective_errors [MOST-RANKS >= 2 [NUMBERS >= 1]]\n");
    return 2;
  }
  for (const codec& c : codecs) {
    const double one = error_of(lowp::two_shot(c.value, lowp::wire_codecs::fp32), 2, n);
    std::printf("%s: one message %.5f\n", c.name, one);
    std::printf("%6s %10s %10s %10s %10s %10s %10s\n", "ranks", "two-shot", "theory", "halving",
                "theory", "ring", "theory");
    for (std::uint32_t ranks = 2; ranks <= most; ranks *= 2) {
      const double shot = error_of(lowp::two_shot(c.value), ranks, n);
      const double half = error_of(lowp::halving(levels(ranks), c.value, c.value), ranks, n);
      std::printf("%6u %10.5f %10.5f %10.5f %10.5f", ranks, shot, one * std::sqrt(2.0), half,
                  one * std::sqrt(levels(ranks) + 1.0));
      // A ring has as many rounds as ranks: their square, in messages.
      if (ranks <= 256) {
        std::printf(" %10.5f %10.5f", error_of(lowp::ring(c.value, c.value), ranks, n),
                    one * std::sqrt((ranks + 1) / 2.0));
      }
      std::printf("\n");
      std::fflush(stdout);
    }
  }
}
