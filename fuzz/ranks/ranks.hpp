// SPDX-License-Identifier: Apache-2.0
/// \file
/// Runs that mpirun starts as several processes.
#ifndef LOWP_FUZZ_RANKS_RANKS_HPP
#define LOWP_FUZZ_RANKS_RANKS_HPP

#include <functional>

#include "team.hpp"

namespace lowp::tool {

/// The number of this process among those that mpirun or the like started, as the environment says;
/// 0 if none did.
std::size_t rank_in_environment();

/// Runs `work` on all ranks that were started with this one, or in this process alone, and gives
/// its status. MPI is begun only where a launcher started this process: alone it would cost half a
/// second. Of errors that all ranks know of (`together`) the leader prints the words and all give
/// `failed`; any other exception of one rank of several ends all of them with that status. Throws
/// std::runtime_error where there are several ranks and this build has no MPI, and lets exceptions
/// of a process alone pass.
int run_on_ranks(int failed, const std::function<int(team&)>& work);

/// How many threads this rank should start: as many as it may use processors, divided among the
/// ranks on the same ones.
unsigned fair_threads(team& t);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_RANKS_RANKS_HPP
