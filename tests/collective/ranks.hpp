// SPDX-License-Identifier: Apache-2.0
/// \file
/// Simulated ranks for tests of collectives: their numbers, and runs of one operation on all.
#ifndef LOWP_TESTS_COLLECTIVE_RANKS_HPP
#define LOWP_TESTS_COLLECTIVE_RANKS_HPP

#include <cstdint>
#include <exception>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/collective/all_reduce.hpp>
#include <lowp/collective/reference.hpp>
#include <lowp/collective/simulation.hpp>

#include "../support/normal_numbers.hpp"

namespace ranks {

/// n numbers for each rank, normal with a few outliers.
inline std::vector<lowp::rank_numbers> numbers(std::uint32_t size, std::size_t n,
                                               unsigned seed = 1) {
  std::mt19937 random(seed);
  std::vector<lowp::rank_numbers> all;
  for (std::uint32_t r = 0; r < size; ++r) {
    all.push_back(support::normal_numbers(random, n));
    for (float& x : all.back()) {
      if (random() % 61 == 0) x *= 30;
      if (random() % 67 == 0) x = 0;
    }
  }
  return all;
}

/// What a rank's task threw, in words; empty for nothing.
inline std::string text_of(const std::exception_ptr& e) {
  if (!e) return "";
  try {
    std::rethrow_exception(e);
  } catch (const std::exception& what) {
    return what.what();
  }
}

/// The results of a run: the numbers of each rank afterwards, and what it threw.
struct outcome {
  std::vector<lowp::rank_numbers> numbers;
  std::vector<std::string> error;

  bool all_fail() const {
    for (const std::string& e : error) {
      if (e.empty()) return false;
    }
    return true;
  }
  bool all_succeed() const {
    for (const std::string& e : error) {
      if (!e.empty()) return false;
    }
    return true;
  }
};

/// Runs an operation whose task for a rank `make` returns.
template <class Make>
outcome run(lowp::simulated_group& group, std::vector<lowp::rank_numbers> all, Make make) {
  std::vector<lowp::rank_task> tasks;
  const auto size = static_cast<std::uint32_t>(all.size());
  for (std::uint32_t r = 0; r < size; ++r) {
    tasks.push_back(make(lowp::rank_of{r, size}, std::span<float>(all[r])));
  }
  outcome o;
  for (const std::exception_ptr& e : group.run(tasks)) o.error.push_back(text_of(e));
  CHECK(group.unexpected() == 0);
  o.numbers = std::move(all);
  return o;
}

/// The same of `all_reduce`.
inline outcome all_reduce(lowp::simulated_group& group, const std::vector<lowp::rank_numbers>& all,
                          const lowp::reduce_plan& plan,
                          const lowp::collective_options& options = {},
                          std::vector<lowp::error_feedback>* feedback = nullptr) {
  return run(group, all, [&](lowp::rank_of self, std::span<float> x) {
    return lowp::all_reduce_task(self, 5, x, plan, options,
                                 feedback == nullptr ? nullptr : &(*feedback)[self.rank]);
  });
}

}  // namespace ranks

#endif  // LOWP_TESTS_COLLECTIVE_RANKS_HPP
