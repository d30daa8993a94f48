// SPDX-License-Identifier: Apache-2.0
/// \file
/// The commands of the `lowp` tool: one file command_NAME.cpp each, and a line in main.cpp.
#ifndef LOWP_FUZZ_COMMAND_HPP
#define LOWP_FUZZ_COMMAND_HPP

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "usage_error.hpp"

namespace lowp::tool {

/// Exit statuses of all commands.
inline constexpr int exit_fine = 0;
inline constexpr int exit_mismatch = 1;
inline constexpr int exit_nothing = 1;  ///< a search found nothing
inline constexpr int exit_usage = 2;

/// The parts of --help.
inline constexpr const char* group_look_up = "Look up";
inline constexpr const char* group_compute = "Compute";
inline constexpr const char* group_check = "Check";

// Each adds its command to the application and sets `status` when it ran.
void add_verify_command(CLI::App& app, int& status);
void add_claims_command(CLI::App& app, int& status);
void add_identify_command(CLI::App& app, int& status);
void add_formats_command(CLI::App& app, int& status);
void add_show_command(CLI::App& app, int& status);
void add_table_command(CLI::App& app, int& status);
void add_ops_command(CLI::App& app, int& status);
void add_rules_command(CLI::App& app, int& status);
void add_instructions_command(CLI::App& app, int& status);
void add_models_command(CLI::App& app, int& status);
void add_blocks_command(CLI::App& app, int& status);
void add_integers_command(CLI::App& app, int& status);
void add_codecs_command(CLI::App& app, int& status);
void add_instruction_command(CLI::App& app, int& status);
void add_model_command(CLI::App& app, int& status);
void add_block_command(CLI::App& app, int& status);
void add_vectors_command(CLI::App& app, int& status);
void add_check_command(CLI::App& app, int& status);
void add_message_command(CLI::App& app, int& status);

/// Runs `action` when the command is chosen and nothing on the command line is left over.
void on_run(CLI::App& app, CLI::App& command, int& status, std::function<int()> action);

/// Text of an option as a number; usage_error naming `option` unless it is one in [least,
/// greatest].
double parse_seconds(const std::string& option, const std::string& text);
unsigned long long parse_integer(const std::string& option, const std::string& text,
                                 unsigned long long least, unsigned long long greatest);

/// An argument of numbers. Those that look like options ("-inf", "-.5") reach the parser behind a
/// blank, which is taken away here.
CLI::Option* add_numbers(CLI::App& command, const std::string& name,
                         std::vector<std::string>& numbers, const std::string& description);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_COMMAND_HPP
