// SPDX-License-Identifier: Apache-2.0
// The same between the processes of an MPI program. spec/training.md TRN-13.
#include <doctest/doctest.h>

#include <lowp/mpi.hpp>

#include "sharding.hpp"

using namespace lowp;

namespace {

// MPI from the first test on to the end of the process.
struct session {
  session() { MPI_Init(nullptr, nullptr); }
  ~session() { MPI_Finalize(); }
};

mpi_transport& world() {
  static const session all;
  static mpi_transport t;
  return t;
}

}  // namespace

TEST_CASE("TRN-13: layers that processes share") {
  sharding::outcome seen;
  for (const char* name :
       {"f32", "fp8_delayed_16", "fp8_current", "fp8_block", "mxfp8", "mxfp4_rotated", "nvfp4"}) {
    for (const layer_split split : sharding::all_splits) {
      sharding::compare(*find_training_recipe(name), split, world(), seen);
    }
  }
  CHECK_MESSAGE(seen.different == 0, seen.different, " of ", seen.matrices,
                " matrices differ, the first: ", seen.first);
}
