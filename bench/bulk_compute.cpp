// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operations on arrays of narrow codes, one thread, arrays in the L1 cache, beside a loop over a
/// table of 256 x 256 results (which works element by element).
#include <array>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/arithmetic.hpp>
#include <lowp/find_format.hpp>
#include <lowp/simd/compute.hpp>

#include "measure.hpp"

namespace {

constexpr std::size_t elements = 1 << 12;
constexpr int repeats = 4;

std::uint8_t table[1 << 16];

}  // namespace

int main(int argc, char** argv) {
  using namespace lowp;
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 400;
  for (code_t i = 0; i < 1 << 16; ++i) {
    table[i] = static_cast<std::uint8_t>(
        add({formats::e4m3fn, i >> 8}, {formats::e4m3fn, i & 255}, formats::e4m3fn));
  }
  std::mt19937_64 generator(20261121);
  std::vector<std::byte> x(elements);
  std::vector<std::byte> y(elements);
  std::vector<std::byte> z(elements);
  std::vector<std::byte> out(elements);
  for (std::size_t i = 0; i < elements; ++i) {
    x[i] = static_cast<std::byte>(generator());
    y[i] = static_cast<std::byte>(generator());
    z[i] = static_cast<std::byte>(generator());
  }
  std::vector<bench::candidate> candidates;
  const auto candidate = [&](std::string name, auto run) {
    candidates.push_back({std::move(name), [&out, run] {
                            for (int i = 0; i < repeats; ++i) {
                              run();
                              asm volatile("" ::: "memory");
                            }
                            return std::to_integer<std::uint64_t>(out[0]);
                          }});
  };
  candidate("table of 256 x 256, e4m3fn add", [&] {
    for (std::size_t i = 0; i < elements; ++i) {
      out[i] = static_cast<std::byte>(
          table[std::to_integer<unsigned>(x[i]) << 8 | std::to_integer<unsigned>(y[i])]);
      asm volatile("" ::: "memory");
    }
  });
  struct row {
    const char* name;
    operation op;
  };
  constexpr row operations[] = {
      {"add", operation::add}, {"multiply", operation::multiply}, {"fma", operation::fma}};
  std::vector<simd::compute_plan> plans;
  plans.reserve(64);
  std::vector<simd::compare_plan> comparisons;
  comparisons.reserve(64);
  for (const char* name : {"e4m3fn", "e5m2", "e4m3fnuz", "binary8p4se", "binary8p3se", "e3m4",
                           "e2m3", "e3m2", "e2m1"}) {
    const format f = *find_format(name);
    const packing pack = f.width == 4 ? packing{.slot = 4} : packing{};
    const array_layout layout{f, pack};
    const array_operand operands[3] = {{layout, x.data()}, {layout, y.data()}, {layout, z.data()}};
    for (const row& r : operations) {
      plans.push_back(
          simd::make_compute_plan({r.op, layout, {.overflow = saturate}, {}}, operands));
      const simd::compute_plan& plan = plans.back();
      candidate(std::string(name) + ' ' + r.name, [&, operands_of = std::to_array(operands)] {
        simd::compute(plan, operands_of.data(), out.data(), elements);
      });
    }
    // relu: the maximum with a constant zero.
    static const std::byte zero[1] = {};
    const array_operand relu[3] = {{layout, x.data()}, {layout, zero, true}, {}};
    plans.push_back(simd::make_compute_plan({operation::maximum, layout, {}, {}}, relu));
    const simd::compute_plan& plan = plans.back();
    candidate(std::string(name) + " relu", [&, own = std::to_array(relu)] {
      simd::compute(plan, own.data(), out.data(), elements);
    });
    comparisons.push_back(simd::make_compare_plan(layout, layout));
    const simd::compare_plan& comparison = comparisons.back();
    candidate(std::string(name) + " less", [&, own = std::to_array(operands)] {
      simd::compare(relation::less, comparison, own.data(), formats::uint1, out.data(), elements);
    });
  }
  bench::measure(candidates, elements * repeats, rounds);
  const double reference = candidates[0].best_ns_per_element;
  fmt::print("{} random codes, best of {} rounds; kernels for {}\n\n{:<34} {:>10} {:>8}\n",
             elements, rounds, simd::instruction_set(), "", "Mop/s", "x table");
  for (const bench::candidate& c : candidates) {
    fmt::print("{:<34} {:>10.0f} {:>8.2f}\n", c.name, 1e3 / c.best_ns_per_element,
               reference / c.best_ns_per_element);
  }
}
