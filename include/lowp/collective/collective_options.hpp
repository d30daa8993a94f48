// SPDX-License-Identifier: Apache-2.0
/// \file
/// What all operations of many ranks take beside their numbers.
#ifndef LOWP_COLLECTIVE_COLLECTIVE_OPTIONS_HPP
#define LOWP_COLLECTIVE_COLLECTIVE_OPTIONS_HPP

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>

#include "../random/random_source.hpp"
#include "../simd/convert.hpp"
#include "../simd/threads.hpp"
#include "exchange.hpp"

namespace lowp {

/// How an operation runs, the same on all ranks but for `contribution`, `threads` and `memory`.
struct collective_options {
  /// Of stochastic codecs. A stream for each tensor and step. COL-17.
  random_source random = {};
  /// What this rank's numbers are called as an addend, different on all ranks; its rank unless it
  /// is given. Random bits of the first hop belong to it, not to the rank; a ring has no use for
  /// it. COL-17.
  std::optional<std::uint64_t> contribution = {};
  /// So many faults at most leave all ranks with the same verdict; 0: every rank judges for
  /// itself, without messages for that. COL-18.
  std::uint32_t tolerated_faults = 1;
  thread_options threads = {};
  /// Where messages and sums are while the operation runs; it outlives the task. Null: that of the
  /// transport, of a task alone new memory each time. COL-27.
  std::pmr::memory_resource* memory = nullptr;
};

namespace detail {

/// Does another exchange of verdicts follow the `done` that were?
inline bool needs_verdict(const collective_options& o, rank_of self, std::uint64_t done) noexcept {
  return self.size > 1 && o.tolerated_faults != 0 && done <= o.tolerated_faults;
}

inline std::pmr::memory_resource* memory_of(const collective_options& o) noexcept {
  return o.memory == nullptr ? std::pmr::new_delete_resource() : o.memory;
}

/// The options of an operation over a transport.
inline collective_options options_over(transport& t, collective_options o) {
  if (o.memory == nullptr) o.memory = &t.memory();
  return o;
}

/// Refuses a rank that is not of its group.
inline void check_rank(const char* function, rank_of self) {
  if (self.rank < self.size) return;
  throw array_error(std::string(function) + ": there is no rank " + std::to_string(self.rank) +
                    " of " + std::to_string(self.size));
}

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_COLLECTIVE_OPTIONS_HPP
