// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of numbers to row-wise codecs and back on one thread, as a ratio to a loop that moves the
/// bytes of numbers and codes in the same run: in the L2 cache (16 Ki elements) and in memory (64
/// Mi elements), for rows of 64, 128 and 1024. Parameters of rows count as overhead.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/mman.h>

#include <lowp/integer/table/rowwise_codecs.hpp>
#include <lowp/simd/rowwise.hpp>

#include "measure.hpp"
#include "roofline.hpp"

namespace {

/// Memory in large pages where the machine has them.
struct free_memory {
  void operator()(std::byte* p) const { std::free(p); }
};
using memory = std::unique_ptr<std::byte, free_memory>;

memory allocate(std::size_t bytes) {
  constexpr std::size_t page = 2 << 20;
  const std::size_t size = (bytes + page) & ~(page - 1);
  memory m(static_cast<std::byte*>(std::aligned_alloc(page, size)));
  madvise(m.get(), size, MADV_HUGEPAGE);
  std::fill(m.get(), m.get() + size, std::byte{1});
  return m;
}

constexpr const char* codecs[] = {"q8_sbfloat", "q8_cuda",   "q8_sbhalf",
                                  "q4_sbhalf",  "q2_sbhalf", "fp8_rowwise_forward"};

void measure_all(std::size_t elements, int rounds, const std::string& only) {
  const memory numbers = allocate(4 * elements), rows = allocate(2 * elements);
  auto* x = reinterpret_cast<float*>(numbers.get());
  std::mt19937_64 generator(20261121);
  std::normal_distribution<float> normal;
  const std::size_t own = std::min<std::size_t>(elements, 1 << 16);
  for (std::size_t i = 0; i < own; ++i) x[i] = normal(generator);
  for (std::size_t i = own; i < elements; i += own) std::memcpy(x + i, x, 4 * own);
  const std::size_t repeats = std::max<std::size_t>(1, (1 << 19) / elements);
  for (const char* name : codecs) {
    if (std::string(name).find(only) == std::string::npos) continue;
    const lowp::rowwise_codec codec = lowp::find_rowwise_codec(name)->value;
    const std::size_t code_bytes = elements * codec.element.width / 8;
    std::vector<bench::candidate> all;
    const auto candidate = [&](std::string what, auto run) {
      all.push_back({std::move(what), [&, run] {
                       for (std::size_t i = 0; i < repeats; ++i) {
                         run();
                         asm volatile("" ::: "memory");
                       }
                       return std::uint64_t{0};
                     }});
    };
    const memory spare = allocate(4 * elements);
    candidate("loop there",
              [&] { bench::move(numbers.get(), 4 * elements, spare.get(), code_bytes); });
    candidate("loop back", [&] { bench::move(rows.get(), code_bytes, spare.get(), 4 * elements); });
    std::vector<std::size_t> columns_of{64, 128, 1024};
    for (const std::size_t columns : columns_of) {
      const std::size_t bytes = elements / columns * lowp::bytes_per_row(codec, columns);
      candidate(fmt::format("{} {} quantise", name, columns), [&, columns, bytes] {
        lowp::quantise_rows(codec, {x, elements}, columns, {rows.get(), bytes});
      });
      candidate(fmt::format("{} {} dequantise", name, columns), [&, columns, bytes] {
        lowp::dequantise_rows(codec, {rows.get(), bytes}, columns, {spare.get(), 4 * elements});
      });
    }
    bench::measure(all, elements * repeats, rounds);
    for (std::size_t i = 2; i < all.size(); ++i) {
      const double loop = all[i % 2].best_ns_per_element, own_time = all[i].best_ns_per_element;
      fmt::print("{:<36} {:>7.1f} GB/s of binary32, ratio {:.2f}\n", all[i].name, 4 / own_time,
                 loop / own_time);
    }
  }
}

}  // namespace

/// Arguments: rounds (default 40), part of a codec's name, "dram" for arrays in memory too.
int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 40;
  const std::string only = argc > 2 ? argv[2] : "";
  fmt::print("kernels for {}; in L2\n", lowp::simd::instruction_set());
  measure_all(std::size_t{1} << 14, rounds, only);
  if (argc <= 3) return 0;
  fmt::print("in memory\n");
  measure_all(std::size_t{1} << 26, std::max(3, rounds / 10), only);
}
