// SPDX-License-Identifier: Apache-2.0
/// \file
/// A process started by the tool whose output is kept and which is killed with all that it started.
#ifndef LOWP_FUZZ_PLUGIN_CHILD_HPP
#define LOWP_FUZZ_PLUGIN_CHILD_HPP

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace lowp::tool {

/// A file descriptor that closes itself.
class descriptor {
 public:
  explicit descriptor(int number = -1) : number_(number) {}
  ~descriptor() { reset(); }
  descriptor(descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  int get() const { return number_; }
  void reset();

 private:
  int number_;
};

/// What the child gets in place of the tool's own: descriptors 0, 1, 2 (-1: nothing to read, or the
/// log), and others that stay open under their numbers.
struct child_files {
  int input = -1;
  int output = -1;
  std::vector<int> kept;
};

class child {
 public:
  /// Starts a program; throws implementation_failure where the system has no process or file for
  /// it.
  child(const std::vector<std::string>& command, const child_files& files);
  /// Kills its process group.
  ~child();
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  /// Has it ended? Then `how_it_ended` has words. Waits for up to that long.
  bool ended(std::chrono::milliseconds wait);
  void kill();
  /// "ended with exit status 3", "was killed by SIGSEGV"; after `ended`.
  std::string how_it_ended() const;
  bool ended_well() const;
  /// The exit status, -1 if a signal ended it.
  int exit_status() const;
  /// The last lines of its log in quotes, printable; empty if it wrote nothing.
  std::string last_output() const;
  /// Forgets a log that has become long. Call it now and then.
  void bound_log() const;

 private:
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
  descriptor log_;
};

/// "SIGSEGV".
std::string signal_name(int signal);

/// Printable ASCII in single quotes, other bytes as \xNN, cut behind `most` of them.
std::string quoted_text(const std::string& text, std::size_t most = 100);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PLUGIN_CHILD_HPP
