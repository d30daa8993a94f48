// SPDX-License-Identifier: Apache-2.0
// The processes of this program: those of MPI where it is built with it, otherwise one.
#ifndef LOWP_EXAMPLES_DLRM_PROCESSES_HPP
#define LOWP_EXAMPLES_DLRM_PROCESSES_HPP

#ifdef LOWP_EXAMPLE_MPI
#include <mpi.h>

#include <lowp/mpi.hpp>
#endif

#include "workers.hpp"

namespace dlrm {

#ifdef LOWP_EXAMPLE_MPI
class mpi_session {
 public:
  mpi_session(int& argc, char**& argv) { MPI_Init(&argc, &argv); }
  ~mpi_session() { MPI_Finalize(); }
  mpi_session(const mpi_session&) = delete;
  mpi_session& operator=(const mpi_session&) = delete;
  // Ends all processes, of which others would wait for this one.
  static void abort() { MPI_Abort(MPI_COMM_WORLD, 1); }
};
using processes = lowp::mpi_transport;
inline processes all_processes() { return processes(MPI_COMM_WORLD); }
#else
struct mpi_session {
  mpi_session(int&, char**&) {}
  static void abort() {}
};
using processes = alone;
inline processes all_processes() { return {}; }
#endif

}  // namespace dlrm

#endif  // LOWP_EXAMPLES_DLRM_PROCESSES_HPP
