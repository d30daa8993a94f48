// SPDX-License-Identifier: Apache-2.0
// A small recommendation model (DLRM) trained on synthetic clicks by workers that have embedding
// tables apart and the other layers together, under codecs of few bits for all that they send.
// usage: mpirun -n 2 dlrm --json TABLE.json && plot_dlrm.py TABLE.json PICTURE.svg
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dlrm/experiments.hpp"
#include "dlrm/processes.hpp"

namespace {

using namespace dlrm;
using clock_type = std::chrono::steady_clock;

struct arguments {
  setting training;
  std::uint32_t workers = 4, seeds = 3;
  std::uint64_t first_seed = 1;
  std::vector<std::string> only;
  std::string optimiser = "adagrad", json;
};

double seconds_since(clock_type::time_point start) {
  return std::chrono::duration<double>(clock_type::now() - start).count();
}

double bits(const lowp::wire_codec& c) {
  return 8.0 * static_cast<double>(lowp::bytes_per_row(c, c.row)) / c.row;
}

nlohmann::ordered_json as_json(const outcome& o, std::uint64_t seed, double seconds) {
  nlohmann::ordered_json j{{"seed", seed},
                           {"seconds", seconds},
                           {"workers_agree", o.workers_agree},
                           {"digest", fmt::format("{:016x}", o.digest)}};
  for (const check& c : o.curve) {
    j["curve"].push_back({{"step", c.step},
                          {"training_loss", c.training_loss},
                          {"loss", c.validation.loss},
                          {"normalised_entropy", c.validation.normalised_entropy},
                          {"auc", c.validation.area}});
  }
  return j;
}

// Mean and standard error of differences between paired runs.
struct spread {
  double mean = 0, error = 0;
};
spread spread_of(const std::vector<double>& x) {
  spread s;
  for (const double v : x) s.mean += v / static_cast<double>(x.size());
  for (const double v : x) s.error += (v - s.mean) * (v - s.mean);
  const auto n = static_cast<double>(x.size());
  s.error = n > 1 ? std::sqrt(s.error / (n - 1) / n) : 0;
  return s;
}

class report {
 public:
  explicit report(const arguments& a) : arguments_(a) {
    table_["workers"] = a.workers, table_["steps"] = a.training.steps;
    table_["samples_of_step"] = a.training.each * a.workers, table_["optimiser"] = a.optimiser;
    table_["rate"] = a.training.how.rate;
  }

  void add_teacher(const samples& s, std::uint64_t seed) {
    std::vector<double> logit;
    double entropy = 0;
    for (const double p : s.truth) {
      logit.push_back(std::log(p / (1 - p)));
      entropy -= p * std::log(p) + (1 - p) * std::log(1 - p);
    }
    entropy /= static_cast<double>(s.truth.size());
    const quality q = quality_of(logit, s.click);
    table_["teacher"].push_back({{"seed", seed},
                                 {"expected_loss", entropy},
                                 {"loss", q.loss},
                                 {"normalised_entropy", q.normalised_entropy},
                                 {"auc", q.area}});
    fmt::print(
        "seed {}: the teacher's loss is {:.4f} on {} validation samples ({:.4f} expected), "
        "normalised entropy {:.4f}, AUC {:.4f}\n",
        seed, q.loss, s.click.size(), entropy, q.normalised_entropy, q.area);
  }

  void add(const experiment& e, const outcome& o, std::uint64_t seed, double seconds) {
    const std::string name = name_of(e);
    std::size_t at = 0;
    while (at < lines_.size() && lines_[at].name != name) ++at;
    if (at == lines_.size()) {
      lines_.push_back({name, {}, {}});
      table_["experiments"].push_back({{"name", name},
                                       {"codec", e.codec},
                                       {"rounding", e.rounding},
                                       {"where", e.where},
                                       {"feedback", e.codecs.feedback},
                                       {"bits_of_embeddings", bits(e.codecs.forward)},
                                       {"bits_of_gradients", bits(e.codecs.backward)},
                                       {"bits_of_layers", bits(e.codecs.reduce)}});
    }
    lines_[at].loss[seed] = o.curve.back().validation.normalised_entropy;
    lines_[at].area[seed] = o.curve.back().validation.area;
    table_["experiments"][at]["runs"].push_back(as_json(o, seed, seconds));
  }

  void print() const {
    fmt::print(
        "\n{:<34} {:>9} {:>9}   {}\n", "", "NE", "AUC",
        "against fp32 with the same seed, in 1/1000: NE, standard error, lowest, highest; AUC");
    for (const line& l : lines_) {
      std::vector<double> loss, area, more_loss, more_area;
      for (const auto& [seed, x] : l.loss) {
        loss.push_back(x), area.push_back(l.area.at(seed));
        const auto base = lines_[0].loss.find(seed);
        if (lines_[0].name != "fp32" || base == lines_[0].loss.end()) continue;
        more_loss.push_back(1e3 * (x - base->second));
        more_area.push_back(1e3 * (l.area.at(seed) - lines_[0].area.at(seed)));
      }
      fmt::print("{:<34} {:>9.4f} {:>9.4f}", l.name, spread_of(loss).mean, spread_of(area).mean);
      if (!more_loss.empty() && &l != &lines_[0]) {
        const spread s = spread_of(more_loss);
        fmt::print("   {:>+8.2f} {:>6.2f} {:>+8.2f} {:>+8.2f}   {:>+8.2f}", s.mean, s.error,
                   *std::min_element(more_loss.begin(), more_loss.end()),
                   *std::max_element(more_loss.begin(), more_loss.end()),
                   spread_of(more_area).mean);
      }
      fmt::print("\n");
    }
  }

  bool write() const {
    if (arguments_.json.empty()) return true;
    std::ofstream out(arguments_.json);
    out << table_.dump(1) << '\n';
    if (out.flush()) return true;
    fmt::print(stderr, "dlrm: --json: cannot write {}\n", arguments_.json);
    return false;
  }

 private:
  struct line {
    std::string name;
    std::map<std::uint64_t, double> loss, area;  // by seed
  };

  const arguments& arguments_;
  nlohmann::ordered_json table_;
  std::vector<line> lines_;
};

bool is_wanted(const experiment& e, const std::vector<std::string>& only) {
  return only.empty() || std::find(only.begin(), only.end(), name_of(e)) != only.end();
}

int run(const arguments& a, lowp::transport& processes) {
  worker_group group(processes, a.workers);
  report r(a);
  bool is_right = true;
  const auto start = clock_type::now();
  const std::uint64_t each_step = std::uint64_t{a.workers} * a.training.each;
  for (std::uint64_t seed = a.first_seed; seed < a.first_seed + a.seeds; ++seed) {
    const teacher t(seed);
    const samples train = t.draw(0, a.training.steps * each_step);
    const samples validation = t.draw(train.click.size(), a.training.validation_steps * each_step);
    if (group.is_first_process()) r.add_teacher(validation, seed);
    for (const experiment& e : all_experiments()) {
      if (!is_wanted(e, a.only)) continue;
      const auto begin = clock_type::now();
      const std::uint64_t initial = seed + (e.has_other_start ? 2000000 : 1000000);
      training run(group, a.training, e.codecs, train, validation, seed, initial);
      const outcome o = run.run();
      is_right = is_right && o.workers_agree;
      if (!group.is_first_process()) continue;
      r.add(e, o, seed, seconds_since(begin));
      fmt::print("seed {} {:<34} training {:.4f} validation {:.4f} AUC {:.4f}, {:.1f} s{}\n", seed,
                 name_of(e), o.curve.back().training_loss, o.curve.back().validation.loss,
                 o.curve.back().validation.area, seconds_since(begin),
                 o.workers_agree ? "" : ", WORKERS DIFFER");
      std::fflush(stdout);
    }
  }
  if (!group.is_first_process()) return is_right ? 0 : 1;
  r.print();
  fmt::print("\n{} workers in {} processes, {:.0f} s\n", a.workers, processes.self().size,
             seconds_since(start));
  return r.write() && is_right ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const mpi_session session(argc, argv);
  CLI::App app("DLRM trained under codecs of few bits");
  arguments a;
  const auto positive = CLI::Range(1, 1 << 20);
  app.add_option("--steps", a.training.steps, "of a training")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--each", a.training.each, "samples of a worker in a step")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--validation-steps", a.training.validation_steps, "samples in such steps")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--checks", a.training.checks, "points of the curves")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--workers", a.workers, "a multiple of the processes")
      ->check(CLI::Range(1, 8))
      ->capture_default_str();
  app.add_option("--seeds", a.seeds, "of data and initial parameters")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--first-seed", a.first_seed)->capture_default_str();
  app.add_option("--optimiser", a.optimiser)
      ->check(CLI::IsMember({"adagrad", "sgd"}))
      ->capture_default_str();
  app.add_option("--rate", a.training.how.rate, "of learning")->capture_default_str();
  app.add_option("--squares", a.training.how.squares, "where Adagrad's sums of squares begin")
      ->capture_default_str();
  app.add_option("--only", a.only, "these trainings, by their names");
  app.add_option("--json", a.json, "table for plot_dlrm.py");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e);
  }
  a.training.how.is_adagrad = a.optimiser == "adagrad";
  if (a.training.steps % a.training.checks != 0) {
    fmt::print(stderr, "dlrm: --checks: {} must divide --steps, {}\n", a.training.checks,
               a.training.steps);
    return 2;
  }
  try {
    processes all = all_processes();
    return run(a, all);
  } catch (const std::exception& e) {
    fmt::print(stderr, "dlrm: {}\n", e.what());
    mpi_session::abort();
    return 1;
  }
}
