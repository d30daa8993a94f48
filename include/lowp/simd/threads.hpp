// SPDX-License-Identifier: Apache-2.0
/// \file
/// On which threads the front doors of arrays, rows and matrices work. The results are the same on
/// any: spec/bulk.md BLK-1.
#ifndef LOWP_SIMD_THREADS_HPP
#define LOWP_SIMD_THREADS_HPP

#include <cstddef>

namespace lowp {

/// Runs task(data, i) for all i below `tasks`, in any order, at the same time or not, and returns
/// when all are done. The caller's own pool of threads.
struct parallel_for {
  void (*run)(void* pool, std::size_t tasks, void (*task)(void* data, std::size_t i),
              void* data) = nullptr;
  void* pool = nullptr;
};

/// Who does the work of a call; the options of calls that take more have the same members.
struct thread_options {
  /// Threads for what is large; 0: as many as the machine has.
  unsigned threads = 1;
  /// If it has `run`, it does the parts that `threads` asks for, instead of threads of our own.
  parallel_for pool = {};
};

}  // namespace lowp

#endif  // LOWP_SIMD_THREADS_HPP
