// SPDX-License-Identifier: Apache-2.0
/// \file
/// Commands that list a registry: lowp formats, ops, rules, instructions, models, blocks, integers,
/// codecs.
#ifndef LOWP_FUZZ_REGISTRY_COMMAND_HPP
#define LOWP_FUZZ_REGISTRY_COMMAND_HPP

#include <string>
#include <vector>

#include "command.hpp"
#include "listing.hpp"

namespace lowp::tool {

/// A registry that can be listed and searched.
struct registry {
  const char* command;      ///< "formats"
  const char* row;          ///< what a row is called: "format"
  const char* description;  ///< for --help
  listing (*rows)();        ///< all rows, in the order of the registry
  /// The row that a whole name stands for although no row bears it; may be null.
  bool (*named)(const std::string& name, listing& l) = nullptr;
};

/// The rows in which every one of `words` stands somewhere, in either case; numbers match as a
/// whole. With all words together being the name of rows, only these.
struct found_rows {
  listing rows;
  bool by_name = false;             ///< `rows` bear the name
  std::vector<std::string> others;  ///< the names of rows that have the words but not the name
};
found_rows search(const listing& all, const std::vector<std::string>& words);

/// Why `search` found nothing: the words, how many rows have each, the nearest names.
std::string nothing_found(const listing& all, const char* row,
                          const std::vector<std::string>& words);

/// Adds `--as text|csv|json|markdown`.
void add_output_option(CLI::App& command, std::string& as);

/// Adds `lowp COMMAND [TEXT...] [--as FORMAT]`. Exit status 1 if nothing is found.
void add_registry_command(CLI::App& app, int& status, const registry& r);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_REGISTRY_COMMAND_HPP
