// SPDX-License-Identifier: Apache-2.0
/// \file
/// Loops that are split over ranks: the sum of one process, for any number of them. Run alone by
/// Meson, by tests/cli/ranks_test.py under mpirun.
///
/// Environment: LOWP_TEST_FAULT: "wrong" for a loop that fails, "dies" for a rank that does.
#include "ranks.hpp"

#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

namespace {

using namespace oracle;

// Task t has t cases; those of `bad` have mismatches, as many as their number has digits.
tally loop(std::size_t tasks, const std::vector<std::size_t>& bad) {
  return in_parallel(tasks, [&](std::size_t task, tally& t) {
    t.add_good(task);
    for (const std::size_t b : bad) {
      if (b != task) continue;
      for (char digit : std::to_string(b)) {
        --t.cases;
        t.expect(false, [&] { return std::string("task ") + std::to_string(b) + digit; });
      }
    }
  });
}

TEST_CASE("GLD-17 sums of split loops") {
  for (const std::size_t tasks : {0u, 1u, 2u, 7u, 1000u}) {
    const tally good = loop(tasks, {});
    CHECK(good.cases == (tasks == 0 ? 0 : tasks * (tasks - 1) / 2));
    CHECK(good.mismatches == 0);
    CHECK(good.first.empty());
  }
  for (const std::size_t least : {1u, 2u, 3u, 4u, 5u, 6u, 250u}) {
    const tally t = loop(1000, {403, 998, least, 400});
    CHECK(t.cases == 499500);
    CHECK(t.mismatches == 9 + std::to_string(least).size());
    CHECK(t.first == "task " + std::to_string(least) + std::to_string(least)[0]);
  }
}

TEST_CASE("a loop that fails, if asked for") {
  const char* fault = std::getenv("LOWP_TEST_FAULT");
  if (fault == nullptr) return;
  if (fault == std::string("dies") && this_world.rank() + 1 == this_world.size()) std::abort();
  report("loop", loop(1000, {998, 403}));
}

}  // namespace
