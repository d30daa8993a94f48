// SPDX-License-Identifier: Apache-2.0
/// \file
/// Arrays split among threads, for the definitions behind the front doors.
#ifndef LOWP_SIMD_PARTS_HPP
#define LOWP_SIMD_PARTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <thread>
#include <vector>

#include "../config.hpp"
#include "threads.hpp"

namespace lowp::detail {

/// Elements below which a thread costs more than it gains.
inline constexpr std::uint64_t elements_per_thread = std::uint64_t{1} << 18;

/// The threads that the options of a call ask for.
template <class Options>
LOWP_UNIT thread_options threads_of(const Options& options) {
  return {options.threads, options.pool};
}

/// How many that are.
LOWP_UNIT inline unsigned thread_count(const thread_options& options) {
  return options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
}

/// How n items are split: `count` parts of `each` items, the last perhaps shorter.
struct part_split {
  std::uint64_t each;
  std::size_t count;
};

/// Parts are multiples of `unit` items; an item is `weight` elements.
LOWP_UNIT inline part_split split(const thread_options& options, std::uint64_t n,
                                  std::uint64_t unit, std::uint64_t weight) {
  const std::uint64_t threads =
      std::min<std::uint64_t>(thread_count(options), n * weight / elements_per_thread + 1);
  std::uint64_t each = (n + threads - 1) / threads;
  each = (each + unit - 1) / unit * unit;
  return {each, static_cast<std::size_t>((n + each - 1) / each)};
}

/// Own threads; where the system gives no more of them, the caller's does the rest.
LOWP_UNIT inline void run_threads(void*, std::size_t tasks, void (*task)(void*, std::size_t),
                                  void* data) {
  std::vector<std::jthread> threads;
  threads.reserve(tasks);
  std::size_t i = 1;
  try {
    for (; i < tasks; ++i) threads.emplace_back(task, data, i);
  } catch (const std::system_error&) {
  }
  for (; i < tasks; ++i) task(data, i);
  task(data, 0);
}

/// Calls body(part) for every part, on the threads that the options ask for.
template <class Body>
LOWP_UNIT void for_each_part(const thread_options& options, std::size_t parts, Body body) {
  const auto task = [](void* data, std::size_t i) { (*static_cast<Body*>(data))(i); };
  if (parts == 1) return body(std::size_t{0});
  const auto run = options.pool.run != nullptr ? options.pool.run : run_threads;
  run(options.pool.pool, parts, task, &body);
}

}  // namespace lowp::detail

#endif  // LOWP_SIMD_PARTS_HPP
