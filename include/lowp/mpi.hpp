// SPDX-License-Identifier: Apache-2.0
/// \file
/// Everything for quantised collectives in MPI programs: a transport over a communicator, codecs,
/// and the operations. Link lowp_simd, Highway and MPI.
#ifndef LOWP_MPI_HPP
#define LOWP_MPI_HPP

#include "collective/collective.hpp"
#include "collective/mpi_transport.hpp"

#endif  // LOWP_MPI_HPP
