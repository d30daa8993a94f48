// SPDX-License-Identifier: Apache-2.0
/// \file
/// The progress bar of `lowp verify`, on the error stream.
#ifndef LOWP_FUZZ_PROGRESS_HPP
#define LOWP_FUZZ_PROGRESS_HPP

#include <chrono>

#include "verify.hpp"

namespace lowp::tool {

/// One line that is overwritten; erased by the destructor. Shows nothing if not enabled.
class progress_bar final : public verify_observer {
 public:
  explicit progress_bar(bool enabled) : enabled_(enabled) {}
  ~progress_bar() override;
  void progress(const implementation& row, double done) override;

 private:
  bool enabled_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PROGRESS_HPP
