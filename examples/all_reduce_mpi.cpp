// SPDX-License-Identifier: Apache-2.0
// The mean of gradients over the ranks of an MPI program, 4 bits a number on the wire, with error
// feedback: mpirun -n 4 example_all_reduce_mpi
#include <cmath>
#include <cstdint>
#include <iostream>
#include <vector>

#include <lowp/mpi.hpp>

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    lowp::mpi_transport ranks;
    const auto [rank, size] = ranks.self();
    // Within pairs of ranks 8 bits, between pairs 4 bits; an odd number of ranks goes in one shot.
    const lowp::wire_codec int8 = lowp::wire_codecs::int8;
    const lowp::wire_codec int4 = lowp::with_stochastic(lowp::wire_codecs::int4);
    const lowp::reduce_plan plan(size % 2 == 0 ? lowp::hierarchical(2, int8, int4, int4)
                                               : lowp::two_shot(int4));
    lowp::error_feedback residuals;
    double given = 0, received = 0;
    for (std::uint64_t step = 0; step < 100; ++step) {
      std::vector<float> gradients(1000);
      for (std::size_t i = 0; i < gradients.size(); ++i) {
        gradients[i] = std::sin(static_cast<float>(i + 31 * rank + 17 * step));
      }
      for (std::uint32_t r = 0; r < size; ++r) {
        given += std::sin(static_cast<double>(123 + 31 * r + 17 * step)) / size;
      }
      lowp::all_reduce(ranks, gradients, plan, {.random = {.seed = 1, .stream = step}}, &residuals);
      for (float& g : gradients) g /= static_cast<float>(size);
      received += gradients[123];
    }
    if (rank == 0) {
      std::cout << size << " ranks: element 123 summed to " << received
                << " over 100 steps, exactly " << given << '\n';
    }
  }
  MPI_Finalize();
}
