// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <exception>
#include <iostream>
#include <span>
#include <vector>

#include <lowp/collective/all_reduce.hpp>
#include <lowp/collective/simulation.hpp>
#include <lowp/collective/wire_codecs.hpp>

int main() {
  // Each rank has 10000 numbers.
  std::vector<std::vector<float>> numbers(4, std::vector<float>(10000));
  for (std::size_t i = 0; i < numbers[0].size(); ++i) {
    for (std::size_t r = 0; r < 4; ++r) {
      numbers[r][i] = static_cast<float>(std::sin(static_cast<double>(i * (r + 1))));
    }
  }

  // Parts of 8 bits go to their owners, sums of 4 bits to all; both round stochastically.
  const lowp::reduce_plan plan(lowp::two_shot(lowp::with_stochastic(lowp::wire_codecs::int8),
                                              lowp::with_stochastic(lowp::wire_codecs::int4)));
  const auto run = [&](lowp::simulated_group ranks) {
    std::vector<std::vector<float>> sums = numbers;
    std::vector<lowp::rank_task> tasks;
    for (std::uint32_t r = 0; r < 4; ++r) {
      tasks.push_back(lowp::all_reduce_task({r, 4}, 0, sums[r], plan, {.random = {.seed = 1}}));
    }
    for (const std::exception_ptr& error : ranks.run(tasks)) {
      if (!error) continue;
      try {
        std::rethrow_exception(error);
      } catch (const lowp::collective_error& e) {
        std::cout << e.what() << '\n';
      }
    }
    std::cout << ranks.messages() << " messages, " << ranks.bytes() << " bytes\n";
    return sums;
  };

  const std::vector<std::vector<float>> sums = run({});
  const float exact = numbers[0][7] + numbers[1][7] + numbers[2][7] + numbers[3][7];
  std::cout << "ranks agree: " << (sums[0] == sums[1] && sums[0] == sums[2] && sums[0] == sums[3])
            << "; " << exact << " became " << sums[0][7] << '\n';

  // One bit of what rank 2 sends rank 0 in the first round.
  const lowp::fault one_bit{lowp::fault_kind::corrupted, 0, 2, 0, 5000};
  const std::vector<std::vector<float>> after = run(lowp::simulated_group({one_bit}));
  std::cout << "numbers stay: " << (after == numbers) << '\n';
}
