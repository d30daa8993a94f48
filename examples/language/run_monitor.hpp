// SPDX-License-Identifier: Apache-2.0
// Watches a training: every so many steps the statistics of all operands of its linear layers, and
// signs that it is about to fail, as lines of its record.
#ifndef LOWP_EXAMPLES_LANGUAGE_RUN_MONITOR_HPP
#define LOWP_EXAMPLES_LANGUAGE_RUN_MONITOR_HPP

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <lowp/training/operand_monitor.hpp>

#include "trainer.hpp"

namespace language {

class run_monitor {
 public:
  // Looks at steps that `every` divides; 0: at none. The trainer lives longer.
  run_monitor(trainer& t, std::uint64_t every);
  run_monitor(const run_monitor&) = delete;
  run_monitor& operator=(const run_monitor&) = delete;
  ~run_monitor() { trainer_.observe(nullptr); }

  // A line of kind "recipe": what it is.
  nlohmann::ordered_json head() const;

  // Before step `step`, the first of which is 1.
  void begin_step(std::uint64_t step);
  // After it: lines of kind "tensor", and of kind "signal" for signs that were not told before.
  std::vector<nlohmann::ordered_json> end_step(std::uint64_t step);

  // Takes the statistics of lines that an earlier part of this run wrote, so that trends go on.
  void recall(const nlohmann::ordered_json& line);
  void recall_record(const std::string& path);

 private:
  std::vector<lowp::divergence_signal> watch(const std::string& tensor, const std::string& product,
                                             const std::string& operand, lowp::tensor_role role,
                                             std::uint64_t step, const lowp::tensor_statistics& s);

  trainer& trainer_;
  std::uint64_t every_;
  std::map<std::uint32_t, std::string> names_;  // of tensors
  lowp::operand_monitor seen_;
  lowp::divergence_watch watch_;
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_RUN_MONITOR_HPP
