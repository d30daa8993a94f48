// SPDX-License-Identifier: Apache-2.0
/// \file
/// The process in which a plug-in runs: `lowp plugin-worker FILE SOCKET MEMORY`, started by
/// plugin.cpp.
#ifndef LOWP_FUZZ_PLUGIN_WORKER_HPP
#define LOWP_FUZZ_PLUGIN_WORKER_HPP

namespace lowp::tool {

/// The hidden command's first word.
inline constexpr const char* worker_command = "plugin-worker";

/// Its exit status when the connection to the tool is lost.
inline constexpr int lost_connection = 99;

/// Loads the shared object, describes it, and runs batches until the socket is closed. The exit
/// status of the process.
int run_worker(const char* file, int socket, int memory);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PLUGIN_WORKER_HPP
