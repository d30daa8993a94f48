// SPDX-License-Identifier: Apache-2.0
/// \file
/// One process that runs a plug-in, seen from the tool (GLD-3).
#ifndef LOWP_FUZZ_PLUGIN_PLUGIN_WORKER_HPP
#define LOWP_FUZZ_PLUGIN_PLUGIN_WORKER_HPP

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../implementation.hpp"
#include "channel.hpp"
#include "child.hpp"

namespace lowp::tool {

/// A fault of an implementation in one call.
struct call_fault {
  std::string words;  ///< "was killed by SIGSEGV, reading behind ..."
  bool slow = false;  ///< it hung
};

class plugin_worker {
 public:
  /// Starts a process that loads the file; its description is then ready, or `fault` says why not.
  /// `timeout`: seconds for loading and for every batch.
  plugin_worker(const std::string& file, double timeout);

  const std::optional<call_fault>& fault() const { return fault_; }
  /// Text of a `description`; empty with a fault.
  const std::string& description_text() const { return description_; }

  /// Runs a batch of an operation. Results are left in b.out as they came. After a fault that
  /// ended the process `alive` is false.
  std::optional<call_fault> run(std::size_t operation, const std::vector<field>& in,
                                const std::vector<field>& out, const batch& b, double timeout);
  bool alive() const { return alive_; }

 private:
  std::optional<call_fault> receive(worker_answer& a, std::string& text, double timeout);
  call_fault ended_fault();
  std::string access_text() const;
  std::string array_text(std::size_t k) const;
  bool set_layout(const std::vector<field>& in, const std::vector<field>& out, std::size_t cases);

  std::vector<std::string> names_;  // of the arrays
  descriptor socket_;
  descriptor memory_;
  std::unique_ptr<child> process_;
  shared_arrays arrays_;
  std::optional<call_fault> fault_;
  std::string description_;
  std::uint64_t number_ = 0;
  bool alive_ = false;
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PLUGIN_PLUGIN_WORKER_HPP
