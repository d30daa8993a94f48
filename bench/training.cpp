// SPDX-License-Identifier: Apache-2.0
/// \file
/// The three products of an emulated linear layer, K tokens, K inputs, K outputs, beside Eigen's
/// product of binary32 matrices of that size on the same pool of threads, in processor time. usage:
/// training
/// [-threads N] [-size K] [-rounds N] [TEXT]: recipes whose name contains TEXT; by default all, on
/// one thread and on all of the machine.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include <lowp/simd/thread_pool.hpp>
#include <lowp/training/training.hpp>

namespace {

using namespace lowp;

/// Nanoseconds of all threads: others on the machine do not count.
double processor_time() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

row_matrix draw(Eigen::Index n, std::uint32_t seed) {
  std::mt19937 g(seed);
  std::normal_distribution<float> normal;
  return row_matrix::NullaryExpr(n, n, [&] { return normal(g); });
}

/// Eigen's own product on these threads, columns of D shared among them.
template <class A, class B>
void plain_product(const A& a, const B& b, row_matrix& d, thread_pool& threads) {
  const Eigen::Index parts = threads.threads(), each = (d.cols() + parts - 1) / parts;
  threads.run(threads.threads(), [&](std::size_t i) {
    const Eigen::Index first =
        std::min<Eigen::Index>(static_cast<Eigen::Index>(i) * each, d.cols());
    const Eigen::Index count = std::min(each, d.cols() - first);
    d.middleCols(first, count).noalias() = a * b.middleCols(first, count);
  });
}

void run(std::size_t n, thread_pool& threads, int rounds, const std::string& text) {
  const auto size = static_cast<Eigen::Index>(n);
  const row_matrix x = draw(size, 1), w = draw(size, 2), dy = draw(size, 3);
  row_matrix d(size, size);
  const double products = static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n);
  fmt::print("{0} x {0} x {0}, {1} thread(s); times of a product beside Eigen's\n", n,
             threads.threads());
  fmt::print("{:>9} {:>9} {:>9} {:>9}  {}\n", "forward", "d input", "d weight", "GMAC/s", "recipe");
  double gated[2] = {};
  for (const named_training_recipe& r : all_training_recipes) {
    if (std::string(r.name).find(text) == std::string::npos) continue;
    double ratio[training_product_count], best = 0;
    for (std::size_t p = 0; p < training_product_count; ++p) {
      emulated_linear linear(r.value);
      linear_options o;
      o.threads = threads.threads();
      o.pool = threads.pool();
      double plain = 1e300, emulated = 1e300;
      // Once is enough of what the definition does.
      for (int round = 0; round < rounds && (round == 0 || emulated < 1e9); ++round) {
        double start = processor_time();
        if (p == 0) plain_product(x, w.transpose(), d, threads);
        if (p == 1) plain_product(dy, w, d, threads);
        if (p == 2) plain_product(dy.transpose(), x, d, threads);
        plain = std::min(plain, processor_time() - start);
        o.step = static_cast<std::uint64_t>(round) + 1;
        start = processor_time();
        if (p == 0) linear.forward(numbers_of(x), numbers_of(w), numbers_of(d), o);
        if (p == 1) {
          linear.backward(numbers_of(x), numbers_of(w), numbers_of(dy), numbers_of(d), {}, o);
        }
        if (p == 2) {
          linear.backward(numbers_of(x), numbers_of(w), numbers_of(dy), {}, numbers_of(d), o);
        }
        emulated = std::min(emulated, processor_time() - start);
      }
      ratio[p] = emulated / plain;
      best = std::max(best, products / plain);
    }
    fmt::print("{:9.2f} {:9.2f} {:9.2f} {:9.1f}  {}\n", ratio[0], ratio[1], ratio[2], best, r.name);
    std::fflush(stdout);
    const double worst = std::max({ratio[0], ratio[1], ratio[2]});
    if (std::string(r.name) == "mxfp8") gated[0] = worst;
    if (std::string(r.name) == "fp8_hopper") gated[1] = worst;
  }
  if (gated[0] != 0) fmt::print("mxfp8: {:.2f}, to be at most 1.25\n", gated[0]);
  if (gated[1] != 0) fmt::print("fp8_hopper: {:.2f}, to be at most 5\n", gated[1]);
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t n = 1024;
  unsigned threads = 0;
  int rounds = 5;
  std::string text;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto number = [&] { return i + 1 < argc ? std::atoi(argv[++i]) : 0; };
    if (word == "-threads") {
      threads = static_cast<unsigned>(std::max(1, number()));
    } else if (word == "-size") {
      n = static_cast<std::size_t>(std::max(1, number()));
    } else if (word == "-rounds") {
      rounds = std::max(1, number());
    } else {
      text = word;
    }
  }
  std::vector<unsigned> counts{threads};
  if (threads == 0) {
    counts = {1};
    const unsigned all = std::thread::hardware_concurrency();
    if (all > 1) counts.push_back(all);
  }
  for (const unsigned count : counts) {
    thread_pool threads(count);
    run(n, threads, rounds, text);
  }
}
