// SPDX-License-Identifier: Apache-2.0
// What formats with shared scales lose: signal to quantisation noise, 10 log10(sum x^2 / sum (x -
// y)^2) in decibels, against bits per value, of every block format by every recipe that is meant
// for it, the ggml types, groups of integers and rows of embedding tables; and what a
// multiply-accumulate of it costs by the proxy of block_quality/cost.hpp.
// usage: block_quality --json TABLE.json && plot_block_quality.py TABLE.json PICTURE.svg
//        plot_format_costs.py TABLE.json PICTURE.svg
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "block_quality/published.hpp"

namespace {

using namespace quality;

/// A line of the table; recipes of a format that have the same figures share one.
struct table_line {
  subject what;
  std::vector<std::string> recipes;
  std::vector<decibels> of;
};

std::vector<matrix> draw_all(std::size_t samples, std::uint64_t seed) {
  std::vector<matrix> m;
  for (std::size_t d = 0; d < distribution_count; ++d) m.push_back(draw(d, samples, seed));
  return m;
}

std::vector<decibels> measure(const subject& s, const std::vector<matrix>& numbers) {
  std::vector<decibels> of;
  for (const matrix& m : numbers) of.push_back(signal_to_noise(m, s.restored(m)));
  return of;
}

/// Are they the same figures in print?
bool same(const std::vector<decibels>& a, const std::vector<decibels>& b) {
  const auto hundredths = [](const decibels& d) { return std::lround(100 * d.value); };
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [&](const decibels& x, const decibels& y) { return hundredths(x) == hundredths(y); });
}

bool is_wanted(const subject& s, const std::string& only) {
  return (s.family + ": " + s.name + ", " + s.recipe).find(only) != std::string::npos;
}

std::vector<table_line> measure_all(const std::string& only, const std::vector<matrix>& numbers) {
  std::vector<table_line> lines;
  for (const subject& s : all_subjects()) {
    if (!is_wanted(s, only)) continue;
    const std::vector<decibels> of = measure(s, numbers);
    const auto twin = std::find_if(lines.begin(), lines.end(), [&](const table_line& l) {
      return l.what.name == s.name && same(l.of, of);
    });
    if (twin == lines.end()) {
      lines.push_back({s, {s.recipe}, of});
    } else {
      twin->recipes.insert(s.is_default ? twin->recipes.begin() : twin->recipes.end(), s.recipe);
      twin->what.is_default |= s.is_default;
    }
  }
  std::stable_sort(lines.begin(), lines.end(), [](const table_line& a, const table_line& b) {
    return a.what.bits < b.what.bits;
  });
  return lines;
}

void print_heading(const char* first) {
  fmt::print("{}", first);
  for (const distribution& d : distributions) fmt::print(" {:>8}", d.name);
}

void print_table(const std::vector<table_line>& lines) {
  print_heading(fmt::format("{:<24} {:>6} {:>6}", "", "bits", "pJ").c_str());
  fmt::print("   recipes with these figures, * that of the format's source\n");
  std::vector<double> errors(distribution_count);
  for (const table_line& l : lines) {
    const std::string cost = l.what.cost == 0 ? "" : fmt::format("{:.3f}", l.what.cost);
    fmt::print("{:<24} {:>6.3f} {:>6}", l.what.name, l.what.bits, cost);
    for (std::size_t d = 0; d < l.of.size(); ++d) {
      fmt::print(" {:>8.2f}", l.of[d].value);
      errors[d] = std::max(errors[d], l.of[d].standard_error);
    }
    std::string recipes;  // g++ 12 warns of fmt::join at -O3, without cause
    for (const std::string& r : l.recipes) recipes += (recipes.empty() ? "" : ", ") + r;
    fmt::print(" {} {}\n", l.what.is_default ? '*' : ' ', recipes);
  }
  fmt::print("{:<38}", "greatest standard error");
  for (const double e : errors) fmt::print(" {:>8.2f}", e);
  fmt::print("\n");
}

void print_comparison(const std::string& only, const std::vector<matrix>& numbers) {
  const auto samples = static_cast<double>(numbers[0].x.size());
  fmt::print(
      "Published: measured on the implementations named, 2^20 numbers of each distribution "
      "(reference, section 9).\nEach column: published, and what is measured here less that; ! "
      "where more than 0.1 dB and more than 4 standard errors.\n");
  fmt::print("{:<14} {:>7} {:<21} {:<17}", "", "columns", "recipe", "implementation");
  for (std::size_t d = 0; d < published_distributions; ++d) {
    fmt::print(" {:>13} ", distributions[d].name);
  }
  fmt::print("\n");
  double greatest[published_distributions] = {};
  for (const published_line& line : published) {
    const subject s = subject_of(line);
    if (!is_wanted(s, only)) continue;
    fmt::print("{:<14} {:>7} {:<21} {:<17}", line.format,
               line.columns == 0 ? "" : std::to_string(line.columns), line.recipe,
               line.implementation);
    for (std::size_t d = 0; d < published_distributions; ++d) {
      const decibels here = signal_to_noise(numbers[d], s.restored(numbers[d]));
      const double difference = here.value - line.decibels[d];
      const bool off = std::abs(difference) > std::max(0.1, tolerance(here, samples));
      fmt::print(" {:>6.2f} {:>+6.2f}{}", line.decibels[d], difference,
                 off && line.differs == nullptr ? '!' : ' ');
      if (line.differs == nullptr) greatest[d] = std::max(greatest[d], std::abs(difference));
    }
    if (line.differs != nullptr) fmt::print("  not comparable: {}", line.differs);
    fmt::print("\n");
  }
  fmt::print("{:<62}", "greatest difference of comparable lines");
  for (const double g : greatest) fmt::print(" {:>13.2f} ", g);
  fmt::print("\n");
}

bool write_json(const std::string& file, const std::vector<table_line>& lines, std::size_t samples,
                std::uint64_t seed) {
  nlohmann::json report{{"samples", samples}, {"seed", seed}};
  for (const published_cost& c : published_costs) {
    report["published_costs"].push_back({{"operation", c.operation},
                                         {"picojoules", c.picojoules},
                                         {"square_micrometres", c.square_micrometres}});
  }
  for (const distribution& d : distributions) {
    report["distributions"].push_back({{"name", d.name}, {"meaning", d.meaning}});
  }
  for (const table_line& l : lines) {
    nlohmann::json line{{"family", l.what.family},
                        {"name", l.what.name},
                        {"recipes", l.recipes},
                        {"default", l.what.is_default},
                        {"bits", l.what.bits}};
    if (l.what.cost != 0) line["cost"] = l.what.cost;
    for (std::size_t d = 0; d < l.of.size(); ++d) {
      line["sqnr"][distributions[d].name] = l.of[d].value;
      line["standard_error"][distributions[d].name] = l.of[d].standard_error;
    }
    report["lines"].push_back(line);
  }
  std::ofstream out(file);
  out << report.dump(1) << '\n';
  return out.good();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Signal to quantisation noise against bits per value of all formats with scales");
  std::size_t samples = 1 << 15;
  std::uint64_t seed = 1;
  std::string only, json_file;
  bool reference = false;
  app.add_option("--samples", samples,
                 "numbers of each distribution, rounded up to a multiple of 32768 (default 32768)")
      ->check(CLI::Range(1, 1 << 24));
  app.add_option("--seed", seed, "of the first distribution, the next has the next (default 1)");
  app.add_option("--only", only, "only lines whose family, name or recipe contains this");
  CLI::Option* json = app.add_option("--json", json_file, "write the table to this file as well");
  app.add_flag("--reference", reference,
               "instead of the table, compare with figures measured on the implementations")
      ->excludes(json);
  CLI11_PARSE(app, argc, argv);

  const lowp::simd::float_environment guard;
  const std::vector<matrix> numbers = draw_all(samples, seed);
  samples = numbers[0].x.size();
  fmt::print("Signal to quantisation noise in dB; {} numbers in rows of {}, mt19937_64\n", samples,
             matrix::columns);
  for (std::size_t d = 0; d < distribution_count; ++d) {
    fmt::print("  {:<9} {}, seed {}\n", distributions[d].name, distributions[d].meaning, seed + d);
  }
  if (reference) {
    print_comparison(only, numbers);
    return 0;
  }
  const std::vector<table_line> lines = measure_all(only, numbers);
  if (lines.empty()) {
    fmt::print(stderr, "--only: no family, name or recipe contains '{}'\n", only);
    return 2;
  }
  print_table(lines);
  if (!json_file.empty() && !write_json(json_file, lines, samples, seed)) {
    fmt::print(stderr, "--json: cannot write {}\n", json_file);
    return 1;
  }
}
