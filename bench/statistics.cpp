// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a monitor costs: nanoseconds of processor time a number for the statistics of an operand,
/// of 1024 x 128 normal numbers as read and transposed, beside quantising it for the product.
/// usage: statistics [TEXT]: recipes whose name contains TEXT; by default those of README.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/training/operand.hpp>
#include <lowp/training/operand_statistics.hpp>
#include <lowp/training/training_recipes.hpp>

namespace {

using namespace lowp;

double processor_time() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

/// The least of some runs, by number.
template <class Body>
double time_of(std::size_t n, const Body& body) {
  double least = 1e300;
  for (int i = 0; i < 30; ++i) {
    const double start = processor_time();
    body();
    least = std::min(least, processor_time() - start);
  }
  return least / static_cast<double>(n);
}

}  // namespace

int main(int argc, char** argv) {
  constexpr std::size_t rows = 1024, columns = 128, n = rows * columns;
  std::mt19937 g(1);
  std::normal_distribution<float> normal;
  std::vector<float> x(n), values(n);
  for (float& v : x) v = normal(g);
  const std::string text = argc > 1 ? argv[1] : "";
  fmt::print("nanoseconds a number of operand a of the forward product, as read / transposed\n");
  fmt::print("{:>19} {:>19}  {}\n", "statistics", "quantised", "recipe");
  for (const named_training_recipe& r : all_training_recipes) {
    const std::string name = r.name;
    const bool is_usual = name == "f32" || name == "fp8_current" || name == "mxfp8" ||
                          name == "mxfp4" || name == "nvfp4" || name == "mx9" || name == "hif4";
    if (text.empty() ? !is_usual : name.find(text) == std::string::npos) continue;
    const operand_rule& rule = r.value.product[0].a;
    double statistics[2], quantised[2];
    for (const bool transposed : {false, true}) {
      operand in;
      in.x = {x.data(), columns, {rows, columns}};
      in.transposed = transposed;
      scale_state state;
      in.scale = &state;
      std::uint64_t seen = 0;
      statistics[transposed] = time_of(n, [&] { seen += statistics_of(rule, in).numbers; });
      const std::size_t wide = transposed ? rows : columns;
      const number_matrix<float> out{values.data(), wide, {n / wide, wide}};
      quantised[transposed] = time_of(n, [&] { quantise_operand(rule, in, out); });
      if (seen == 0) return 1;
    }
    fmt::print("{:9.2f} {:9.2f} {:9.2f} {:9.2f}  {}\n", statistics[0], statistics[1], quantised[0],
               quantised[1], name);
  }
}
