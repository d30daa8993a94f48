// SPDX-License-Identifier: Apache-2.0
// The record of a run: a line of JSON for its setting, one for each step, and one at its end.
#ifndef LOWP_EXAMPLES_LANGUAGE_JOURNAL_HPP
#define LOWP_EXAMPLES_LANGUAGE_JOURNAL_HPP

#include <cmath>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "recipe_cost.hpp"
#include "safe_file.hpp"
#include "setting_json.hpp"

namespace language {

class journal {
 public:
  // Begins a record; of a run that goes on after `steps_done` steps, keeps the lines so far of the
  // record that is there. Without a path, none is kept. Throws std::runtime_error.
  journal(const std::string& path, trainer& t, std::uint64_t steps_done) : path_(path) {
    if (path.empty()) return;
    const recipe_cost own = cost_of(t.recipe()), of_model = cost_of(t.model());
    const nlohmann::ordered_json first{{"setting", as_json(t.setting(), t.data())},
                                       {"parameters", t.model().size()},
                                       {"recipe_bits", own.bits},
                                       {"recipe_energy", own.energy},
                                       {"bits", of_model.bits},
                                       {"energy", of_model.energy}};
    std::string lines = first.dump() + '\n';
    if (steps_done != 0) lines = lines_up_to(steps_done, lines);
    replace_file(path, lines);
    out_.open(path, std::ios::binary | std::ios::app);
    if (!out_) throw std::runtime_error("cannot write " + path);
  }

  void add(const step_result& r, std::optional<double> held_out, double seconds) {
    nlohmann::ordered_json line{
        {"step", r.step},        {"loss", r.loss},           {"norm", r.norm},    {"rate", r.rate},
        {"loss_scale", r.scale}, {"updated", r.was_updated}, {"seconds", seconds}};
    if (held_out) line["held_out"] = *held_out;
    write(line);
  }

  // One more line.
  void write(const nlohmann::ordered_json& line) {
    if (path_.empty()) return;
    out_ << line.dump() << '\n';
    if (!out_.flush()) throw std::runtime_error("cannot write " + path_);
  }

  void end(trainer& t, const std::string& why) {
    write({{"end", why}, {"digest", fmt::format("{:016x}", t.model().digest())}});
  }

 private:
  // A kill may have cut the last line, and later steps are done again.
  std::string lines_up_to(std::uint64_t steps, const std::string& first) const {
    std::string text;
    try {
      text = read_file(path_);
    } catch (const std::runtime_error&) {
      return first;
    }
    std::istringstream in(text);
    std::string kept, line;
    while (std::getline(in, line)) {
      const auto j = nlohmann::ordered_json::parse(line, nullptr, false);
      if (kept.empty() && line + '\n' != first) {
        throw std::runtime_error(path_ + " is the record of another run");
      }
      if (!j.is_object() || j.contains("end")) break;
      if (j.contains("step") && j["step"].is_number() && j["step"] > steps) break;
      kept += line + '\n';
    }
    return kept.empty() ? first : kept;
  }

  std::string path_;
  std::ofstream out_;
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_JOURNAL_HPP
