// SPDX-License-Identifier: Apache-2.0
/// \file
/// Block-quantised matrices to binary32 on one thread, as a ratio to the roofline of the same codes
/// and numbers in the same run, in the L2 cache (16 Ki elements) and in memory (64 Mi elements);
/// dot products of block-quantised rows in the L1 cache.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/simd/block_dot.hpp>
#include <lowp/simd/dequantise.hpp>

#include "roofline.hpp"

namespace {

using namespace lowp;

double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

template <class Work>
double time_of(const Work& work, int repeats) {
  const double start = thread_seconds();
  for (int i = 0; i < repeats; ++i) {
    work();
    asm volatile("" ::: "memory");
  }
  return (thread_seconds() - start) / repeats;
}

struct buffer {
  explicit buffer(std::size_t bytes)
      : at(static_cast<std::byte*>(std::aligned_alloc(2 << 20, (bytes + (2 << 20)) >> 21 << 21))) {
    std::fill(at, at + bytes, std::byte{1});
  }
  ~buffer() { std::free(at); }
  buffer(const buffer&) = delete;
  buffer& operator=(const buffer&) = delete;
  std::byte* at;
};

struct job {
  const char* name;
  block_matrix m;
  dequantise_steps steps = dequantise_steps::exact;
};

void fill(const job& j, block_buffers b, matrix_shape s) {
  std::mt19937_64 random(20261121);
  for (std::byte& x : b.data) x = static_cast<std::byte>(random());
  const matrix_shape blocks = scale_shape(j.m.layout, s);
  const code_t one = encode(j.m.f.scale, exact_finite(false, 1, 0));
  for (std::uint64_t row = 0; row < blocks.rows; ++row) {
    for (std::uint64_t column = 0; column < blocks.columns; ++column) {
      write_scale(j.m.layout, b, s, row, column, one + random() % 4);
    }
  }
}

/// Ratio to the roofline; the best of `rounds`.
void measure(const job& j, matrix_shape s, int rounds, bool in_memory) {
  const block_bytes size = bytes_of(j.m.layout, s);
  buffer data(size.data), scales(size.scales), out(s.rows * s.columns * 4 + 64);
  const block_buffers b{{data.at, size.data}, {scales.at, size.scales}};
  fill(j, b, s);
  const float outer = 0.37f;
  auto* numbers = reinterpret_cast<float*>(out.at);
  dequantise_options options;
  options.outer = &outer;
  options.steps = j.steps;
  const std::size_t elements = s.rows * s.columns;
  const std::size_t code_bytes =
      elements * static_cast<std::size_t>(slot_bits(j.m.layout.elements)) / 8;
  const auto work = [&] { dequantise(j.m, {b.data, b.scales}, {numbers, s.columns, s}, options); };
  const auto reference = [&] { bench::move(data.at, code_bytes, out.at, elements * 4); };
  const int repeats = in_memory ? 1 : 400;
  double best = std::numeric_limits<double>::infinity(), least = best;
  for (int i = 0; i < rounds; ++i) {
    best = std::min(best, time_of(work, repeats));
    least = std::min(least, time_of(reference, repeats));
  }
  fmt::print(" {:>8.1f} {:>6.3f}", 4e-9 * static_cast<double>(elements) / best, least / best);
}

/// x in one format, rows in another that has blocks of the same length.
void measure_dot(const char* name, const block_format& f, const block_format& g, dot_rule rule,
                 int rounds) {
  constexpr std::size_t n = 4096, rows = 4;
  std::mt19937_64 random(20261121);
  const array_layout elements = f.element;
  const std::size_t code_bytes = bytes_of(elements, n), blocks = n / f.columns;
  std::vector<std::byte> codes(code_bytes * (rows + 1)), scales(blocks * (rows + 1));
  for (std::byte& x : codes) x = static_cast<std::byte>(random() & 0xf7);  // no NaN
  const code_t one = encode(f.scale, exact_finite(false, 1, 0));
  for (std::byte& x : scales) x = static_cast<std::byte>(one + random() % 4);
  const block_vector x{f, elements, codes.data(), scales.data()};
  const block_rows y{
      {g, g.element, codes.data() + code_bytes, scales.data() + blocks}, rows, code_bytes, blocks};
  float out[rows];
  const auto work = [&] { dot_products(x, y, n, out, rule); };
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < rounds; ++i) best = std::min(best, time_of(work, 100));
  fmt::print("{:<28} {:>8.2f}\n", name, 1e-9 * static_cast<double>(n * rows) / best);
}

}  // namespace

int main(int argc, char** argv) {
  namespace bf = block_formats;
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 20;
  const bool no_dram = argc > 2;
  block_layout dense6 = default_layout(bf::mxfp6_e2m3);
  dense6.elements.pack = packings::dense(formats::e2m3);
  dense6.element_order = matrix_orders::row_major(4);
  const auto layout = [](const char* name) { return *find_block_layout(name); };
  using enum dequantise_steps;
  const job jobs[] = {
      {"mxfp8_e4m3", {bf::mxfp8_e4m3}},
      {"mxfp8_e5m2", {bf::mxfp8_e5m2}},
      {"mxfp8_e4m3, 128x4", {bf::mxfp8_e4m3, layout("mxfp8_128x4")}},
      {"mxfp6_e2m3, bytes", {bf::mxfp6_e2m3}},
      {"mxfp6_e2m3, dense", {bf::mxfp6_e2m3, dense6}},
      {"mxfp4", {bf::mxfp4}},
      {"mxfp4, 128x4", {bf::mxfp4, layout("mxfp4_128x4")}},
      {"mxfp4, ggml", {bf::mxfp4, layout("ggml_mxfp4")}},
      {"nvfp4", {bf::nvfp4}},
      {"nvfp4, scale first", {bf::nvfp4}, scale_first},
      {"nvfp4, amax first", {bf::nvfp4}, amax_first},
      {"nvfp4, 128x4", {bf::nvfp4, layout("nvfp4_128x4")}},
      {"mxint8", {bf::mxint8}},
      {"fp8_1x128", {bf::fp8_1x128}},
      {"msfp16", {bf::msfp16}},
      {"bfp16", {bf::bfp16}},
      {"mx9", {bf::mx9}},
      {"hif4", {bf::hif4}},
  };
  fmt::print("kernels for {}, best of {} rounds\n{:<28} {:>8} {:>6} {:>8} {:>6}\n",
             simd::instruction_set(), rounds, "", "L2 GB/s", "ratio", "DRAM", "ratio");
  for (const job& j : jobs) {
    fmt::print("{:<28}", j.name);
    measure(j, {4, 4096}, rounds, false);
    if (!no_dram) measure(j, {16384, 4096}, std::min(rounds, 4), true);
    fmt::print("\n");
  }
  fmt::print("\n{:<28} {:>8}\n", "dot products", "Gpair/s");
  const dot_rule blocks{dot_sum::blocks, 16};
  const auto alike = [&](const char* name, const block_format& f) {
    measure_dot(name, f, f, blocks, rounds);
  };
  alike("mxfp8_e4m3", bf::mxfp8_e4m3);
  alike("mxfp4", bf::mxfp4);
  alike("nvfp4", bf::nvfp4);
  alike("mxint8", bf::mxint8);
  alike("mxfp8_e5m2", bf::mxfp8_e5m2);
  alike("mxfp6_e2m3", bf::mxfp6_e2m3);
  measure_dot("mxfp8_e4m3 by e5m2", bf::mxfp8_e4m3, bf::mxfp8_e5m2, blocks, rounds);
  measure_dot("mxfp8_e4m3, exact", bf::mxfp8_e4m3, bf::mxfp8_e4m3, {}, rounds);
}
