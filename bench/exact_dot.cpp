// SPDX-License-Identifier: Apache-2.0
/// \file
/// Exact dot products of two spans with one rounding, against plain loops in float and double that
/// convert the same codes and round at every step. One thread, spans in the L1 cache.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/accumulator.hpp>
#include <lowp/types.hpp>

#include "measure.hpp"

namespace {

constexpr std::size_t elements = 4096;

/// The values of all codes, as a user's table would have them.
template <class T, class Float>
std::vector<Float> table() {
  std::vector<Float> values(std::size_t{1} << T::format_value.width);
  for (std::size_t code = 0; code < values.size(); ++code) {
    values[code] = lowp::convert<Float>(T::from_code(code));
  }
  return values;
}

template <class T>
[[gnu::noinline]] double exact(const T* x, const T* y, std::size_t n) {
  lowp::accumulator<T::format_value> sum;
  sum.add_products(x, y, n);
  return sum.template round<double>();
}

template <class T>
[[gnu::noinline]] double one_by_one(const T* x, const T* y, std::size_t n) {
  lowp::accumulator<T::format_value> sum;
  for (std::size_t i = 0; i < n; ++i) sum.add_product(x[i], y[i]);
  return sum.template round<double>();
}

template <class T, class Float>
[[gnu::noinline]] double plain(const T* x, const T* y, std::size_t n, const Float* value) {
  Float sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += value[x[i].code()] * value[y[i].code()];
  return static_cast<double>(sum);
}

template <class T>
void row(const char* name) {
  std::mt19937 generator(20261121);
  std::normal_distribution<float> normal;
  std::vector<T> x(elements);
  std::vector<T> y(elements);
  for (std::size_t i = 0; i < elements; ++i) {
    x[i] = T{normal(generator)};
    y[i] = T{normal(generator)};
  }
  const std::vector<float> floats = table<T, float>();
  const std::vector<double> doubles = table<T, double>();
  double result[4] = {};
  std::vector<bench::candidate> candidates;
  const auto add = [&](const char* what, auto run, double& out) {
    candidates.push_back({what, [&out, run] {
                            out = run();
                            return std::uint64_t{0};
                          }});
  };
  add(
      "exact, spans", [&] { return exact(x.data(), y.data(), elements); }, result[0]);
  add(
      "exact, one by one", [&] { return one_by_one(x.data(), y.data(), elements); }, result[1]);
  add(
      "float loop", [&] { return plain(x.data(), y.data(), elements, floats.data()); }, result[2]);
  add(
      "double loop", [&] { return plain(x.data(), y.data(), elements, doubles.data()); },
      result[3]);
  bench::measure(candidates, elements, 300);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    fmt::print("{:<14} {:<20} {:>10.0f} {:>24.17g}\n", name, candidates[i].name,
               1e3 / candidates[i].best_ns_per_element, result[i]);
  }
}

}  // namespace

int main() {
  fmt::print("dot product of two spans of {} numbers, best of 300 rounds\n\n", elements);
  fmt::print("{:<14} {:<20} {:>10} {:>24}\n", "format", "", "M prod./s", "result");
  row<lowp::float8_e4m3fn>("e4m3fn");
  row<lowp::float8_e5m2>("e5m2");
  row<lowp::posit8>("posit8");
  row<lowp::float4_e2m1fn>("e2m1");
  row<lowp::bfloat16>("bfloat16");
  row<lowp::float16>("binary16");
}
