// SPDX-License-Identifier: Apache-2.0
#include "training_loop.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "checkpoint.hpp"
#include "journal.hpp"
#include "run_monitor.hpp"

namespace language {

namespace {

using clock_type = std::chrono::steady_clock;

double seconds_since(clock_type::time_point start) {
  return std::chrono::duration<double>(clock_type::now() - start).count();
}

constexpr std::size_t steps_of_mean = 50;
constexpr unsigned most_skips = 50;

// The last losses of training batches, which alone are noisy.
class mean_loss {
 public:
  void add(double loss) {
    last_.push_back(loss);
    if (last_.size() > steps_of_mean) last_.pop_front();
  }
  double value() const {
    return std::accumulate(last_.begin(), last_.end(), 0.0) / static_cast<double>(last_.size());
  }

 private:
  std::deque<double> last_;
};

// A line on a terminal that is written over, and lines of checks that stay.
class display {
 public:
  display(const trainer& t, bool quiet)
      : steps_(t.setting().steps), quiet_(quiet), terminal_(!quiet && ::isatty(2) != 0) {}

  void show(const step_result& r, double mean, double steps_per_second) const {
    if (!terminal_) return;
    const double left = static_cast<double>(steps_ - r.step) / steps_per_second;
    fmt::print(stderr, "\r\033[Kstep {} of {}  loss {:.4f}  {:.1f} steps/s  {:.0f} s left", r.step,
               steps_, mean, steps_per_second, left);
  }
  void check(const step_result& r, double mean, double held_out, double steps_per_second) const {
    if (quiet_) return;
    clear();
    fmt::print("step {:>6}  loss {:.4f}  held out {:.4f}  gradient norm {:.3g}  {:.1f} steps/s\n",
               r.step, mean, held_out, r.norm, steps_per_second);
    std::fflush(stdout);
  }
  // Signs of divergence of a step, of each rule the first.
  void signs(const std::vector<nlohmann::ordered_json>& lines) const {
    if (quiet_) return;
    std::map<std::string, std::pair<const nlohmann::ordered_json*, int>> of_rule;
    for (const auto& line : lines) {
      if (line["kind"] == "signal")
        ++of_rule.try_emplace(line["rule"], &line, 0).first->second.second;
    }
    for (const auto& [rule, first] : of_rule) {
      const auto& [s, count] = first;
      const auto text = [&line = *s](const char* name) { return line[name].get<std::string>(); };
      clear();
      fmt::print("step {:>6}  {}: {} in {}, {} {}{}: {}\n", (*s)["step"].get<std::uint64_t>(),
                 text("severity"), rule, text("tensor"), text("product"), text("operand"),
                 count == 1 ? "" : fmt::format(" and {} more", count - 1), text("cause"));
    }
    std::fflush(stdout);
  }
  void clear() const {
    if (terminal_) fmt::print(stderr, "\r\033[K");
  }

 private:
  std::uint64_t steps_;
  bool quiet_, terminal_;
};

void begin(trainer& t, const loop_options& o) {
  if (o.checkpoint.empty()) return;
  if (o.resume) return read_checkpoint(o.checkpoint, t);
  if (!t.is_first()) return;
  if (std::filesystem::exists(o.checkpoint)) {
    throw std::runtime_error(o.checkpoint + " is there: go on from it, or name another file");
  }
  // So that a kill before the first checkpoint is not an error of the resumption.
  write_checkpoint(o.checkpoint, t);
}

}  // namespace

loop_result run(trainer& t, const loop_options& o) {
  begin(t, o);
  std::optional<journal> kept;
  try {
    kept.emplace(t.is_first() ? o.json : std::string(), t, t.state().step);
  } catch (...) {
    // Nothing is left of a run that does not begin.
    if (!o.checkpoint.empty() && !o.resume) std::filesystem::remove(o.checkpoint);
    throw;
  }
  journal& record = *kept;
  const display shown(t, o.quiet || !t.is_first());
  run_monitor monitor(t, o.monitor_every);
  if (o.monitor_every != 0 && t.state().step == 0) record.write(monitor.head());
  if (o.resume && !o.json.empty()) monitor.recall_record(o.json);
  const auto start = clock_type::now();
  loop_result result;
  mean_loss mean;
  unsigned skips = 0;
  while (!t.is_done() && result.failure.empty()) {
    monitor.begin_step(t.state().step + 1);
    const step_result r = t.step();
    mean.add(r.loss);
    skips = r.was_updated ? 0 : skips + 1;
    result.loss = mean.value();
    result.seconds = seconds_since(start);
    const double speed = static_cast<double>(++result.steps) / result.seconds;
    std::optional<double> held_out;
    if (r.step % o.check_every == 0 || t.is_done()) {
      result.held_out = t.held_out_loss();
      held_out = result.held_out;
      shown.check(r, result.loss, result.held_out, speed);
    }
    record.add(r, held_out, result.seconds);
    const auto lines = monitor.end_step(r.step);
    for (const auto& line : lines) record.write(line);
    shown.signs(lines);
    if (!std::isfinite(r.loss)) {
      result.failure = fmt::format("the loss of step {} is not finite", r.step);
    } else if (skips == most_skips) {
      result.failure =
          fmt::format("no finite gradient in {} steps, up to step {}", most_skips, r.step);
    } else if (t.is_first() && !o.checkpoint.empty() && (r.step % o.every == 0 || t.is_done())) {
      write_checkpoint(o.checkpoint, t);
    }
    shown.show(r, result.loss, speed);
  }
  shown.clear();
  if (result.steps == 0) result.held_out = t.held_out_loss();  // all were done before
  record.end(t, result.failure.empty() ? "done" : result.failure);
  return result;
}

}  // namespace language
