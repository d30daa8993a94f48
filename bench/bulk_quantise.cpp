// SPDX-License-Identifier: Apache-2.0
/// \file
/// Block quantisation on one thread as a ratio to a loop that only reads the numbers and writes as
/// many bytes as the elements have, in the same run: in the L2 cache (16 Ki elements) and in memory
/// (64 Mi). Work and loop take turns; the best round of each counts.
#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <lowp/block/block_recipes.hpp>
#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/simd/quantise.hpp>

#include "roofline.hpp"
#include "turns.hpp"

namespace {

using namespace lowp;

/// A quantisation, and its least ratios in the L2 cache and in memory.
struct job {
  std::string name;
  block_quantisation q;
  double gate_l2 = 0;
  double gate_dram = 0;
  bool measures = false;  ///< the outer amax too
};

block_recipe recipe_named(const char* name) { return find_block_recipe(name)->value; }

std::vector<job> all_jobs() {
  std::vector<job> jobs;
  const auto add = [&](std::string name, const block_format& f, const block_recipe& r, double l2) {
    jobs.push_back({std::move(name), {block_matrix(f), r, {}}, l2, l2 > 0 ? 0.65 : 0});
  };
  const auto add_in = [&](std::string name, const block_format& f, const char* layout,
                          const block_recipe& r, double l2) {
    block_layout l = find_block_layout(layout)->value;
    l.elements.f = f.element;
    jobs.push_back({std::move(name), {block_matrix(f, l), r, {}}, l2, l2 > 0 ? 0.65 : 0});
  };
  namespace b = block_formats;
  namespace r = block_recipes;
  add("mxfp8_e4m3 ocp", b::mxfp8_e4m3, r::ocp, 0.25);
  add("mxfp8_e5m2 ocp", b::mxfp8_e5m2, r::ocp, 0.25);
  add("mxfp8_e4m3 round_up", b::mxfp8_e4m3, recipe_named("torchao_rceil"), 0.25);
  add_in("mxfp8_e4m3 128x4", b::mxfp8_e4m3, "mxfp8_128x4", r::te_mxfp8, 0.25);
  add("mxfp6_e2m3 bytes", b::mxfp6_e2m3, r::ocp, 0.20);
  add_in("mxfp6_e2m3 dense 128x4", b::mxfp6_e2m3, "mxfp6_dense", r::ocp, 0.20);
  add_in("mxfp6_e3m2 dense 128x4", b::mxfp6_e3m2, "mxfp6_dense", r::ocp, 0.20);
  add("mxfp4 ocp", b::mxfp4, r::ocp, 0.20);
  add_in("mxfp4 128x4", b::mxfp4, "mxfp4_128x4", recipe_named("torchao_rceil"), 0.20);
  add_in("mxfp4 ggml", b::mxfp4, "ggml_mxfp4", r::ocp, 0);
  add("mxint8 ocp", b::mxint8, r::ocp, 0);
  add("nvfp4 te", b::nvfp4, r::nvfp4_te, 0.11);
  add("nvfp4 te, amax measured", b::nvfp4, r::nvfp4_te, 0);
  jobs.back().measures = true;
  add("nvfp4 torchao", b::nvfp4, r::nvfp4_torchao, 0.11);
  add_in("nvfp4_single 128x4", b::nvfp4_single, "nvfp4_128x4", recipe_named("nvfp4_torchao_single"),
         0.11);
  add("fp8_1x128 deepseek", b::fp8_1x128, r::fp8_deepseek, 0);
  add("fp8_1x128 te", b::fp8_1x128, r::fp8_te, 0);
  add("fp8_128x128 deepseek", b::fp8_128x128, r::fp8_deepseek, 0);
  block_recipe random = r::ocp;
  random.element.round = stochastic_a;
  random.element.random_bits = 8;
  jobs.push_back({"mxfp4 stochastic, keyed_mix",
                  {b::mxfp4, random, {1, 2, random_generator::keyed_mix}},
                  0,
                  0});
  return jobs;
}

struct memory {
  std::uint64_t rows, columns;
  bench::page_buffer in, data, scales;
  memory(std::uint64_t r, std::uint64_t c)
      : rows(r), columns(c), in(4 * r * c), data(2 * r * c), scales(r * c) {
    std::mt19937_64 g(20261121);
    std::normal_distribution<float> normal;
    std::vector<float> period(1 << 16);
    for (float& x : period) x = normal(g);
    const std::uint64_t bytes = 4 * r * c, step = 4 * period.size();
    for (std::uint64_t at = 0; at < bytes; at += step) {
      std::memcpy(in.data() + at, period.data(), std::min(step, bytes - at));
    }
  }
};

struct result {
  double gb_per_s = 0;
  double ratio = 0;
};

result run(const job& j, memory& m, int rounds) {
  const float* x = reinterpret_cast<const float*>(m.in.data());
  const number_matrix<const float> in{x, m.columns, {m.rows, m.columns}};
  const block_bytes need = bytes_of(j.q.to.layout, in.shape);
  const std::uint64_t n = m.rows * m.columns;
  const block_buffers out{{m.data.data(), need.data}, {m.scales.data(), need.scales}};
  const float amax = 5.0f;
  float outer = 0;
  block_options options;
  options.outer = &outer;
  if (!j.measures) options.outer_amax = &amax;
  const auto work = [&] { quantise(in, j.q, out, options); };
  const std::uint64_t elements = bytes_of(j.q.to.layout.elements, n);
  const auto move = [&] { bench::move(m.in.data(), 4 * n, m.data.data(), elements); };
  const bench::turn_times t = bench::in_turns(work, move, rounds, 1e-3);
  return {4e-9 * static_cast<double>(n) / t.work, t.reference / t.work};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Block quantisation as a ratio to a loop that only moves the bytes");
  std::string only;
  int rounds = 12;
  bool no_dram = false;
  app.add_option("--only", only, "only jobs whose name contains this");
  app.add_option("--rounds", rounds, "rounds of each job")->check(CLI::Range(1, 1000));
  app.add_flag("--no-dram", no_dram, "leave out matrices in memory");
  CLI11_PARSE(app, argc, argv);
  fmt::print("kernels for {}; one thread, best of {} rounds\n", simd::instruction_set(), rounds);
  fmt::print("{:<32} {:>8} {:>6} {:>5}   {:>8} {:>6} {:>5}\n", "", "L2 GB/s", "ratio", "gate",
             "DRAM", "ratio", "gate");
  memory l2(16, 1024);
  std::unique_ptr<memory> dram;
  if (!no_dram) dram = std::make_unique<memory>(8192, 8192);
  int missed = 0;
  for (const job& j : all_jobs()) {
    if (j.name.find(only) == std::string::npos) continue;
    const result a = run(j, l2, rounds);
    const result b = dram ? run(j, *dram, (rounds + 2) / 3) : result{};
    const bool below = a.ratio < j.gate_l2 || (dram && b.ratio < j.gate_dram);
    missed += below ? 1 : 0;
    fmt::print("{:<32} {:>8.1f} {:>6.3f} {:>5.2f}   {:>8.1f} {:>6.3f} {:>5.2f}{}\n", j.name,
               a.gb_per_s, a.ratio, j.gate_l2, b.gb_per_s, b.ratio, j.gate_dram,
               below ? "  below" : "");
  }
  fmt::print("{} below their gate\n", missed);
}
