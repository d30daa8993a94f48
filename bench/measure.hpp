// SPDX-License-Identifier: Apache-2.0
/// \file
/// Timing loops side by side: every candidate in turn, many rounds, the best round of each.
#ifndef LOWP_BENCH_MEASURE_HPP
#define LOWP_BENCH_MEASURE_HPP

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace bench {

/// A loop over `elements` elements; `run` returns a digest of its results, so that nothing is
/// optimised away and equal candidates can be seen to agree.
struct candidate {
  std::string name;
  std::function<std::uint64_t()> run;
  double best_ns_per_element = std::numeric_limits<double>::infinity();
  std::uint64_t digest = 0;
};

/// Interleaves the candidates, so that a busy machine slows all of them alike.
inline void measure(std::vector<candidate>& candidates, std::size_t elements, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    for (candidate& c : candidates) {
      const auto start = std::chrono::steady_clock::now();
      c.digest = c.run();
      const std::chrono::duration<double, std::nano> time =
          std::chrono::steady_clock::now() - start;
      const double each = time.count() / static_cast<double>(elements);
      if (each < c.best_ns_per_element) c.best_ns_per_element = each;
    }
  }
}

/// FNV-1a over bytes.
inline std::uint64_t digest(const std::uint8_t* bytes, std::size_t count) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (std::size_t i = 0; i < count; ++i) hash = (hash ^ bytes[i]) * 0x100000001b3u;
  return hash;
}

}  // namespace bench

#endif  // LOWP_BENCH_MEASURE_HPP
