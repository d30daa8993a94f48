// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codecs of wires on one thread, as a ratio to a loop that moves as many bytes in the same run, in
/// the L2 cache (16 Ki numbers) and in memory (32 Mi): encoding, decoding, decoding onto a sum,
/// feedback, sums of four messages. Scales and biases count as overhead; onto a sum, so do codes.
/// Figures go to a file of JSON, one object for each codec, which the cost model reads.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <lowp/collective/wire_codecs.hpp>
#include <lowp/collective/wire_coder.hpp>

#include "roofline.hpp"
#include "turns.hpp"

namespace {

using namespace lowp;

/// Ratios to the roofline that must be reached.
struct gates {
  double encode = 0, decode = 0, decode_add = 0;
};

/// Those of the issue, for the rows of integers of 8 bits; and what other codecs are expected to
/// keep.
gates gates_of(const std::string& name, bool in_memory) {
  if (name == "int8") return {in_memory ? 0.7 : 0.36, 0.8, 0.6};
  return {};
}

/// FBGEMM's encoders of rows of 128 on AVX2 as shared/reference/collectives.md, section 6, has
/// them: ratio to memcpy of the numbers.
struct peer {
  const char* codec;
  double l2, memory;
};
constexpr peer peers[] = {{"int8", 0.37, 0.82}, {"int4", 0.22, 0.68}, {"int2", 0.18, 0.63}};

struct place {
  const char* name;
  std::size_t numbers;
  int rounds;
  double seconds;
};

class run {
 public:
  run(const place& where) : where_(where), n_(where.numbers), x_(4 * n_), y_(4 * n_), r_(4 * n_) {
    std::mt19937_64 random(20261122);
    std::normal_distribution<float> normal;
    float* x = numbers(x_);
    const std::size_t own = std::min<std::size_t>(n_, 1 << 16);
    for (std::size_t i = 0; i < own; ++i) x[i] = normal(random);
    for (std::size_t i = own; i < n_; i += own) std::memcpy(x + i, x, 4 * own);
  }

  nlohmann::json operator()(const std::string& name, const wire_codec& c, bool& all_reached) {
    const wire_coder coder(c);
    const std::size_t bytes = coder.encoded_size(n_);
    bench::page_buffer message(bytes), four(std::max(8 * n_, 4 * bytes));
    const std::span<float> x(numbers(x_), n_), y(numbers(y_), n_), residual(numbers(r_), n_);
    const std::span<std::byte> out(message.data(), bytes);
    std::memset(r_.data(), 0, 4 * n_);
    coder.encode(x, out);
    const std::vector<std::span<const std::byte>> parts(4, out);
    const gates least = gates_of(name, n_ > 1 << 20);
    nlohmann::json figures;
    fmt::print("{:<20}", name);
    const auto measure = [&](const char* what, std::size_t in, std::size_t to, double gate,
                             const auto& work) {
      const auto move = [&] {
        if (bench::move(four.data(), in, y_.data(), to) != in) std::abort();
      };
      const bench::turn_times t = bench::in_turns(work, move, where_.rounds, where_.seconds);
      const double speed = 4e-9 * static_cast<double>(n_) / t.work, ratio = t.reference / t.work;
      const bool reached = ratio >= gate;
      all_reached = all_reached && reached;
      fmt::print(" {:>7.1f} {:>5.2f}{}", speed, ratio, reached ? ' ' : '!');
      std::fflush(stdout);
      figures[what] = {{"gb_per_s", speed}, {"ratio", ratio}};
    };
    const std::size_t wide = 4 * n_;
    const std::size_t codes = n_ * code_layout(c).f.width / 8;  // the loop moves these
    const wire_position at{{1, 2, random_generator::keyed_mix}, 0};
    measure("encode", wide, codes, least.encode, [&] { coder.encode(x, out, at); });
    measure("decode", codes, wide, least.decode, [&] { coder.decode(out, y); });
    measure("decode_add", wide, wide, least.decode_add, [&] { coder.decode_add(out, y); });
    measure("encode_feedback", 2 * wide, wide, 0,
            [&] { coder.encode_feedback(x, residual, out, at); });
    measure("reduce", 4 * codes, wide, 0, [&] { coder.reduce(parts, wire_sum::in_order, y); });
    measure("reduce_exact", 4 * codes, wide, 0, [&] { coder.reduce(parts, wire_sum::exact, y); });
    for (const peer& p : peers) {
      if (name != p.codec) continue;
      const auto copy = [&] { std::memcpy(y_.data(), x_.data(), wide); };
      const auto again = [&] { coder.encode(x, out, at); };
      const bench::turn_times t = bench::in_turns(again, copy, where_.rounds, where_.seconds);
      const double ours = t.reference / t.work, theirs = n_ > 1 << 20 ? p.memory : p.l2;
      fmt::print("  to memcpy {:.2f}, FBGEMM {:.2f}: {:.1f} times", ours, theirs, ours / theirs);
      figures["to_memcpy"] = ours;
    }
    fmt::print("\n");
    return figures;
  }

 private:
  static float* numbers(bench::page_buffer& b) { return reinterpret_cast<float*>(b.data()); }

  place where_;
  std::size_t n_;
  bench::page_buffer x_, y_, r_;
};

}  // namespace

/// Arguments: rounds (default 30), part of a codec's name, file (default collective_codecs.json).
int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 30;
  const std::string only = argc > 2 ? argv[2] : "";
  const std::string path = argc > 3 ? argv[3] : "collective_codecs.json";
  const place places[] = {{"l2", std::size_t{1} << 14, rounds, 2e-4},
                          {"memory", std::size_t{1} << 25, std::max(3, rounds / 8), 1e-3}};
  std::vector<std::pair<std::string, wire_codec>> codecs;
  for (const named_wire_codec& row : all_wire_codecs) codecs.emplace_back(row.name, row.value);
  for (const char* name : {"bf16", "int8", "int4", "mxfp8_e4m3", "mxfp4"}) {
    const wire_codec c = find_wire_codec(name)->value;
    codecs.emplace_back(std::string(name) + "_stochastic", with_stochastic(c, 8));
  }
  codecs.emplace_back("int4_hadamard", with_hadamard(wire_codecs::int4, 128, 1));
  nlohmann::json report = nlohmann::json::array();
  for (const auto& [name, c] : codecs) {
    report.push_back(
        {{"name", name},
         {"row", c.row},
         {"bits_per_number", 8.0 * static_cast<double>(encoded_size(c, 1 << 20)) / (1 << 20)}});
  }
  bool all_reached = true;
  for (const place& where : places) {
    fmt::print("in {}, kernels for {}: GB/s of binary32 and ratio to the loop; ! below its gate\n",
               where.name, simd::instruction_set());
    fmt::print("{:<20}{:>14}{:>15}{:>15}{:>15}{:>15}{:>15}\n", "", "encode", "decode", "decode_add",
               "feedback", "reduce 4", "exact 4");
    run measure(where);
    for (std::size_t i = 0; i < codecs.size(); ++i) {
      if (codecs[i].first.find(only) == std::string::npos) continue;
      report[i][where.name] = measure(codecs[i].first, codecs[i].second, all_reached);
    }
  }
  std::ofstream file(path);
  file << report.dump(1) << '\n';
  if (!file) {
    fmt::print(stderr, "cannot write {}\n", path);
    return 2;
  }
  return all_reached ? 0 : 1;
}
