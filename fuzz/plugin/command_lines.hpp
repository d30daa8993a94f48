// SPDX-License-Identifier: Apache-2.0
/// \file
/// Programs that compute an operation on lines of text, as rows of `lowp verify`: operands in,
/// results out, upper-case hexadecimal digits, one process per batch (GLD-6).
#ifndef LOWP_FUZZ_PLUGIN_COMMAND_LINES_HPP
#define LOWP_FUZZ_PLUGIN_COMMAND_LINES_HPP

#include <string>
#include <vector>

#include "../implementation.hpp"
#include "../parse_claim.hpp"
#include "plugin_worker.hpp"

namespace lowp::tool {

/// The lines of a batch as the program reads them.
std::string operand_lines(const std::vector<field>& in, const batch& b);

/// Reads the answer into the result arrays; the words of what is wrong with it, empty if nothing.
std::string read_result_lines(const std::string& text, const std::vector<field>& out,
                              const batch& b);

/// Runs a program for one batch.
std::optional<call_fault> run_command(const std::string& command, const std::vector<field>& in,
                                      const std::vector<field>& out, const batch& b,
                                      double timeout);

/// A row for a program, run by the shell. usage_error for a claim that cannot be read, and for a
/// program that cannot be started.
void add_command(catalogue& c, const std::string& command, const std::string& claim, double timeout,
                 open_claims open = open_claims::refused);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PLUGIN_COMMAND_LINES_HPP
