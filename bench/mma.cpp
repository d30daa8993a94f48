// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definition of matrix units, one thread: 10^6 multiply-adds a second, in processor time, of
/// a tile of 16 x 16 elements whose operands are read once, and of elements from their codes.
/// usage: mma [TEXT]: models whose name contains TEXT; without, every different one.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma.hpp>

namespace {

using namespace lowp;

constexpr int rows = 16, columns = 16;
constexpr double gate = 20;  // what issue 6 wants of each

/// Codes of random normal numbers, or of integers of any value.
std::vector<code_t> draw(format f, std::size_t n, std::mt19937_64& g) {
  std::normal_distribution<double> normal;
  std::vector<code_t> codes(n);
  for (code_t& c : codes) {
    c = f.kind == number_kind::minifloat
            ? encode(f, decode(formats::binary64, std::bit_cast<code_t>(normal(g))), {})
            : g() & detail::low_mask(f.width);
  }
  return codes;
}

/// Factors and scales of all rows of A, or of all columns of B.
struct side {
  std::vector<code_t> factors, scales;
  std::vector<mma_operand> read_factors, read_scales;
};

/// One tile of a model, and the two ways to its results.
struct problem {
  mma_model m;
  prepared_mma unit;
  side a, b;
  std::vector<code_t> c;

  explicit problem(const mma_model& model) : m(model), unit(prepare(model)) {
    std::mt19937_64 g(20261122);
    a = draw_side(m.a, rows, g);
    b = draw_side(m.b, columns, g);
    c = draw(m.c, rows * columns, g);
  }

  std::size_t k() const { return m.k; }
  std::size_t blocks() const { return m.scale_block == 0 ? 0 : k() / m.scale_block; }

  side draw_side(format f, std::size_t n, std::mt19937_64& g) const {
    side s;
    s.factors = draw(m.stored.width != 0 ? m.stored : f, n * k(), g);
    s.scales.resize(n * blocks());
    for (code_t& scale : s.scales) {
      scale = encode(m.scale, exact_finite(false, 1, static_cast<int>(g() % 5) - 2), {});
    }
    s.read_factors.resize(s.factors.size());
    s.read_scales.resize(s.scales.size());
    return s;
  }

  code_t run_tile() {
    for (std::size_t i = 0; i < a.factors.size(); ++i) {
      a.read_factors[i] = read_a(m, a.factors[i]);
      b.read_factors[i] = read_b(m, b.factors[i]);
    }
    for (std::size_t i = 0; i < a.scales.size(); ++i) {
      a.read_scales[i] = read_scale(m, a.scales[i]);
      b.read_scales[i] = read_scale(m, b.scales[i]);
    }
    return sum([&](std::size_t i, std::size_t j) {
      const mma_operands x{&a.read_factors[i * k()], &b.read_factors[j * k()],
                           a.read_scales.data() + i * blocks(), b.read_scales.data() + j * blocks(),
                           0};
      return multiply_add(unit, x, c[i * columns + j]);
    });
  }

  code_t run_codes() const {
    return sum([&](std::size_t i, std::size_t j) {
      return multiply_add(unit, &a.factors[i * k()], &b.factors[j * k()], c[i * columns + j],
                          a.scales.data() + i * blocks(), b.scales.data() + j * blocks());
    });
  }

  /// Of all results, so that they count.
  template <class Element>
  static code_t sum(Element element) {
    code_t all = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j) all += element(i, j);
    }
    return all;
  }
};

/// Microseconds of this thread: others on the machine do not count.
double processor_time() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) * 1e-3;
}

/// Multiply-adds a microsecond, the best of some batches of a millisecond.
template <class Run>
double speed(const mma_model& m, Run run) {
  double best = 0;
  volatile code_t sink = 0;
  for (int batch = 0; batch < 5; ++batch) {
    const double start = processor_time();
    double time = 0;
    int runs = 0;
    for (; time < 1000; ++runs) {
      sink = sink + run();
      time = processor_time() - start;
    }
    best = std::max(best, runs * rows * columns * m.k / time);
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string text = argc > 1 ? argv[1] : "";
  std::vector<mma_model> seen;
  std::vector<double> tiles, elements;
  fmt::print("{:>9} {:>9}  {}\n", "tile", "codes", "unit");
  for (const named_mma_model& row : all_mma_models) {
    if (std::string(row.name).find(text) == std::string::npos) continue;
    if (std::find(seen.begin(), seen.end(), row.value) != seen.end()) continue;
    seen.push_back(row.value);
    problem p(row.value);
    tiles.push_back(speed(p.m, [&] { return p.run_tile(); }));
    elements.push_back(speed(p.m, [&] { return p.run_codes(); }));
    fmt::print("{:9.1f} {:9.1f}  {}\n", tiles.back(), elements.back(), row.name);
  }
  for (auto [name, speeds] : {std::pair{"tile", &tiles}, std::pair{"codes", &elements}}) {
    if (speeds->empty()) return fmt::print("no model's name contains {}\n", text), 1;
    std::sort(speeds->begin(), speeds->end());
    fmt::print("{}: {} units, least {:.1f}, median {:.1f}, below {}: {}\n", name, speeds->size(),
               speeds->front(), (*speeds)[speeds->size() / 2], gate,
               std::lower_bound(speeds->begin(), speeds->end(), gate) - speeds->begin());
  }
}
