// SPDX-License-Identifier: Apache-2.0
// What if an FP8 matrix unit kept 20 bits? The error of a product of matrices as large language
// models have them (K = 4096, some channels of the activations far greater than others), over the
// fraction bits that the unit keeps when it aligns products and the number of products that it adds
// at once. usage: design_space --json TABLE.json && plot_design_space.py TABLE.json PICTURE.svg
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <lowp/convert.hpp>
#include <lowp/hardware/gemm/gemm.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/types.hpp>

#include "block_quality/samples.hpp"

namespace {

struct sizes {
  std::size_t rows = 64, columns = 64, depth = 4096;
};

/// Codes of e4m3fn and what they are multiplied with, in rows that share a scale.
struct operand {
  std::vector<double> numbers;  ///< before quantisation
  std::vector<lowp::float8_e4m3fn> codes;
  std::vector<double> scale;  ///< of each row
};

operand quantised(std::vector<double> x, std::size_t rows, std::size_t columns) {
  operand q{std::move(x), {}, {}};
  for (std::size_t i = 0; i < rows; ++i) {
    const auto begin = q.numbers.begin() + static_cast<std::ptrdiff_t>(i * columns);
    double amax = 0;
    std::for_each(begin, begin + static_cast<std::ptrdiff_t>(columns),
                  [&](double v) { amax = std::max(amax, std::fabs(v)); });
    q.scale.push_back(amax / 448);
    for (std::size_t j = 0; j < columns; ++j) {
      q.codes.emplace_back(q.numbers[i * columns + j] / q.scale.back());
    }
  }
  return q;
}

/// Tokens in rows. One channel in 200 is 40 times greater than the others.
operand activations(const sizes& s, quality::generator& g) {
  std::vector<double> channel(s.depth), x(s.rows * s.depth);
  for (double& c : channel) c = std::exp(0.5 * g.normal()) * (g.uniform() < 0.005 ? 40 : 1);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = channel[i % s.depth] * g.normal();
  return quantised(std::move(x), s.rows, s.depth);
}

/// Output channels in rows.
operand weights(const sizes& s, quality::generator& g) {
  std::vector<double> w(s.columns * s.depth);
  for (double& v : w) v = 0.02 * g.student();
  return quantised(std::move(w), s.columns, s.depth);
}

/// Binary digits that are right, on average over the matrix: -log2 of the relative error.
class accuracy {
 public:
  void add(double got, double want) {
    error_ += (got - want) * (got - want);
    size_ += want * want;
  }
  double bits() const { return error_ == 0 ? 53 : 0.5 * std::log2(size_ / error_); }

 private:
  double error_ = 0, size_ = 0;
};

class experiment {
 public:
  experiment(const sizes& s, std::uint64_t seed) : size_(s) {
    quality::generator g(seed);
    x_ = activations(s, g);
    w_ = weights(s, g);
    // Exact: products are multiples of 2^-18 below 2^18, so the sums fit 53 bits.
    for (std::size_t i = 0; i < s.rows; ++i) {
      for (std::size_t j = 0; j < s.columns; ++j) exact_.push_back(sum_of(i, j));
    }
  }

  /// What the codes lose before any unit sees them.
  double bits_of_codes() const {
    accuracy a;
    for (std::size_t i = 0; i < size_.rows; ++i) {
      for (std::size_t j = 0; j < size_.columns; ++j) {
        double want = 0;
        for (std::size_t k = 0; k < size_.depth; ++k) {
          want += x_.numbers[i * size_.depth + k] * w_.numbers[j * size_.depth + k];
        }
        a.add(exact_[i * size_.columns + j] * x_.scale[i] * w_.scale[j], want);
      }
    }
    return a.bits();
  }

  double bits_of(const lowp::gemm_rule& rule) const {
    std::vector<float> d(exact_.size());
    lowp::gemm(rule, lowp::row_major(x_.codes.data(), size_.rows, size_.depth),
               lowp::column_major(w_.codes.data(), size_.depth, size_.columns), {},
               lowp::row_major_out(d.data(), size_.rows, size_.columns));
    accuracy a;
    for (std::size_t i = 0; i < d.size(); ++i) a.add(static_cast<double>(d[i]), exact_[i]);
    return a.bits();
  }

 private:
  double sum_of(std::size_t i, std::size_t j) const {
    double sum = 0;
    for (std::size_t k = 0; k < size_.depth; ++k) {
      sum += static_cast<double>(x_.codes[i * size_.depth + k]) *
             static_cast<double>(w_.codes[j * size_.depth + k]);
    }
    return sum;
  }

  sizes size_;
  operand x_, w_;
  std::vector<double> exact_;
};

struct machine {
  const char* label;
  const char* name;
  std::uint32_t promote_every;
};
constexpr machine machines[] = {
    {"Hopper wgmma", "sm90a.wgmma.m64nNk32.f32.e4m3.e4m3", 0},
    {"Hopper wgmma, promoted every 128", "sm90a.wgmma.m64nNk32.f32.e4m3.e4m3", 4},
    {"Blackwell tcgen05", "sm100a.tcgen05.mma.mMnNk32.f32.e4m3.e4m3", 0},
    {"chain of binary32 fma", "generic.fma_chain.f32.e4m3", 0},
};

constexpr int groups[] = {4, 8, 16, 32, 64, 128};

/// A unit that adds `group` products, aligned with `kept` bits.
lowp::mma_model unit_of(int group, int kept, bool accumulator_apart) {
  using namespace lowp::mma_rows;
  lowp::mma_model m = aligned_dot(e4m3, e4m3, f32, group, group, kept);
  if (accumulator_apart) {
    m.entry = lowp::accumulator_entry::after_step;
    m.kept_sum = m.kept_c = 31;
  }
  return m;
}

/// Prints the digits of all units of one kind and adds them to the table.
void sweep(const experiment& e, int least, int most, bool apart, nlohmann::ordered_json& table) {
  fmt::print("\n{}\nkept",
             apart ? "sums added to an accumulator in binary32" : "accumulator among the addends");
  for (const int group : groups) fmt::print("{:>8}", fmt::format("of {}", group));
  fmt::print("\n");
  for (int kept = least; kept <= most; ++kept) {
    fmt::print("{:4}", kept);
    for (const int group : groups) {
      const double bits = e.bits_of({.unit = unit_of(group, kept, apart)});
      table["units"].push_back(
          {{"apart", apart}, {"kept", kept}, {"group", group}, {"bits", bits}});
      fmt::print("{:8.1f}", bits);
    }
    fmt::print("\n");
  }
}

int run(const sizes& s, std::uint64_t seed, int least, int most, const std::string& file) {
  const experiment e(s, seed);
  nlohmann::ordered_json table;
  table["rows"] = s.rows, table["columns"] = s.columns, table["depth"] = s.depth;
  table["seed"] = seed;
  table["codes"] = e.bits_of_codes();
  fmt::print("e4m3fn, {} x {} x {}, seed {}: digits right, -log2 of the relative error\n", s.rows,
             s.columns, s.depth, seed);
  fmt::print("the codes themselves: {:.1f}\n", table["codes"].get<double>());
  for (const bool apart : {false, true}) sweep(e, least, most, apart, table);
  fmt::print("\n");
  for (const machine& m : machines) {
    const double bits =
        e.bits_of({.unit = *lowp::find_mma_model(m.name), .promote_every = m.promote_every});
    table["machines"].push_back({{"name", m.label}, {"bits", bits}});
    fmt::print("{:<34} {:5.1f}\n", m.label, bits);
  }
  if (!file.empty()) {
    std::ofstream out(file);
    out << table.dump(1) << '\n';
    if (!out.flush()) {
      fmt::print(stderr, "design_space: --json: cannot write {}\n", file);
      return 1;
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Error of FP8 matrix units over kept bits and products per step");
  sizes s;
  std::uint64_t seed = 1;
  int least = 6, most = 26;
  std::string file;
  const auto positive = CLI::Range(std::size_t{1}, std::size_t{1} << 14);
  app.add_option("--rows", s.rows, "tokens")->check(positive)->capture_default_str();
  app.add_option("--columns", s.columns, "output channels")->check(positive)->capture_default_str();
  app.add_option("--depth", s.depth, "K")->check(positive)->capture_default_str();
  app.add_option("--least", least, "fewest bits kept")->check(CLI::Range(1, 31));
  app.add_option("--most", most, "most bits kept")->check(CLI::Range(1, 31));
  app.add_option("--seed", seed, "of the numbers")->capture_default_str();
  app.add_option("--json", file, "table for plot_design_space.py");
  CLI11_PARSE(app, argc, argv);
  return run(s, seed, least, most, file);
}
