// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every task runs once and has returned when the call does, however many threads, tasks and
/// callers there are.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/simd/parts.hpp>
#include <lowp/simd/thread_pool.hpp>

#include "../oracle/report.hpp"

namespace {

using namespace lowp;

TEST_CASE("every task runs once, and is over when the call is") {
  oracle::tally t;
  for (unsigned threads = 0; threads <= 5; ++threads) {
    thread_pool pool(threads);
    if (threads == 0)
      CHECK(pool.threads() == lowp::detail::thread_count({.threads = 0, .pool = {}}));
    if (threads != 0) CHECK(pool.threads() == threads);
    // Not atomic: a task that is still on its way would be a race.
    for (std::size_t round = 0; round < 4000; ++round) {
      const std::size_t tasks = round % 13;
      std::vector<std::uint32_t> runs(tasks + 1, 0);
      pool.run(tasks, [&](std::size_t i) { runs[i] += i < tasks ? 1 : 7; });
      std::vector<std::uint32_t> want(tasks, 1);
      want.push_back(0);
      t.expect(runs == want, [&] {
        return std::to_string(threads) + " threads, " + std::to_string(tasks) + " tasks";
      });
    }
  }
  oracle::report("calls of pools", t);
}

TEST_CASE("threads that wake after a call is over take nothing of the next") {
  oracle::tally t;
  for (const unsigned threads : {6U, 8U, 32U}) {
    thread_pool pool(threads);
    const std::thread::id caller = std::this_thread::get_id();
    // Calls overlap with late threads only where others get to run at all: what counts is how many
    // tasks they had, which on a busy machine takes more rounds. Without the pool's check this
    // fails on an idle machine and, on a busy one, by luck only: no mutant.
    std::atomic<int> others = 0;
    for (std::size_t round = 0; round < 100'000 && others < 100'000; ++round) {
      std::vector<std::uint32_t> runs(threads, 0);
      pool.run(threads, [&](std::size_t i) {
        ++runs[i];
        for (std::atomic<int> spent = 0; spent < 100;) ++spent;  // long enough for others to come
        if (std::this_thread::get_id() != caller) ++others;
      });
      t.expect(runs == std::vector<std::uint32_t>(threads, 1),
               [&] { return std::to_string(threads) + " threads"; });
    }
  }
  oracle::report("calls that follow each other", t);
}

TEST_CASE("tasks are shared among threads, and a slow one holds up none of the others") {
  thread_pool pool(3);
  std::atomic<int> here = 0;
  std::vector<std::thread::id> on(3);
  // No task returns before all three have begun.
  pool.run(3, [&](std::size_t i) {
    on[i] = std::this_thread::get_id();
    ++here;
    while (here < 3) std::this_thread::yield();
  });
  CHECK(std::set<std::thread::id>(on.begin(), on.end()).size() == 3);
  CHECK(std::set<std::thread::id>(on.begin(), on.end()).count(std::this_thread::get_id()) == 1);
  // Task 0 waits for all others, those of its own thread among them.
  std::atomic<int> others = 0;
  pool.run(10, [&](std::size_t i) {
    if (i != 0) ++others;
    while (i == 0 && others < 9) std::this_thread::yield();
  });
  CHECK(others == 9);
}

TEST_CASE("calls from within tasks and from several threads at a time") {
  thread_pool pool(4);
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> inner = 0;
    pool.run(6, [&](std::size_t) { pool.run(5, [&](std::size_t) { ++inner; }); });
    CHECK(inner == 30);
  }
  std::atomic<int> all = 0;
  {
    std::vector<std::jthread> callers;
    for (int c = 0; c < 3; ++c) {
      callers.emplace_back([&] {
        for (int round = 0; round < 2000; ++round) {
          int sum = 0;
          std::vector<int> each(7, 0);
          pool.run(7, [&](std::size_t i) { each[i] = 1; });
          for (const int e : each) sum += e;
          all += sum;
        }
      });
    }
  }
  CHECK(all == 3 * 2000 * 7);
}

TEST_CASE("what a task throws comes out of the call, and the pool goes on") {
  for (int round = 0; round < 300; ++round) {
    thread_pool pool(1 + static_cast<unsigned>(round) % 3);
    for (const std::size_t bad : {std::size_t{0}, std::size_t{1}, std::size_t{5}}) {
      std::atomic<int> begun = 0;
      const auto task = [&](std::size_t i) {
        ++begun;
        if (i == bad) throw std::runtime_error("task " + std::to_string(i));
      };
      CHECK_THROWS_WITH_AS(pool.run(6, task), ("task " + std::to_string(bad)).c_str(),
                           std::runtime_error);
      CHECK(begun == 6);
    }
    int sum = 0;
    std::vector<int> each(6, 0);
    pool.run(6, [&](std::size_t i) { each[i] = static_cast<int>(i); });
    for (const int e : each) sum += e;
    CHECK(sum == 15);
  }
}

TEST_CASE("options of calls take it") {
  thread_pool pool(2);
  const thread_options options{.threads = pool.threads(), .pool = pool.pool()};
  std::vector<int> each(1000, 0);
  lowp::detail::for_each_part(options, each.size(), [&](std::size_t i) { ++each[i]; });
  CHECK(each == std::vector<int>(1000, 1));
}

}  // namespace
