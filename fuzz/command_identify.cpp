// SPDX-License-Identifier: Apache-2.0
// lowp identify: what an implementation computes, inferred from its results alone.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "code_text.hpp"
#include "command.hpp"
#include "diagnosis/identify.hpp"
#include "plugin/command_lines.hpp"
#include "plugin/plugin.hpp"
#include "suggest.hpp"

namespace lowp::tool {

namespace {

struct arguments {
  std::vector<std::string> words;
  std::vector<std::string> plugins;
  std::optional<std::string> command;
  std::optional<std::string> claim;
  std::string timeout = "10";
  std::string seed = "1";
};

catalogue rows_of(const arguments& a) {
  const double timeout = parse_seconds("--timeout", a.timeout);
  if (a.command.has_value() != a.claim.has_value()) {
    throw usage_error(a.claim ? "--claim: belongs to --command, which is missing"
                              : "--command: --claim must say of what formats it is; lowp claims "
                                "shows what can be claimed");
  }
  catalogue found;
  for (const std::string& file : a.plugins) {
    add_plugin(found, file, timeout, open_claims::kept);
  }
  if (a.command) add_command(found, *a.command, *a.claim, timeout, open_claims::kept);
  if (a.plugins.empty() && !a.command) found = find_implementations();
  return found;
}

std::string title(const implementation& row) {
  return fmt::format("{} {}", row.family, row.function);
}

std::string lower_case(std::string text) {
  for (char& c : text) c = 'A' <= c && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return text;
}

// All words occur in family and function, whatever their case.
bool matches(const implementation& row, const std::vector<std::string>& words) {
  const std::string text = lower_case(title(row));
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return text.find(lower_case(word)) != std::string::npos;
  });
}

bool print_identity(const implementation& row, std::uint64_t seed) {
  fmt::print("{}\n", title(row));
  try {
    const identity found = identify(row, seed);
    for (const std::string& line : found.words) fmt::print("  {}\n", line);
    if (!found.model.empty()) fmt::print("  model: {}\n", found.model);
    if (!found.names.empty()) fmt::print("  as: {}\n", fmt::join(found.names, ", "));
    if (!found.not_told_apart.empty()) {
      fmt::print("  not told apart from: {}\n", fmt::join(found.not_told_apart, ", "));
    }
    if (found.cases != 0) {
      fmt::print("  {} of {} cases support this\n", count_text(found.supporting),
                 count_text(found.cases));
    }
    for (const golden::finding& f : found.unexplained) {
      fmt::print("  not explained: {}{}{}\n", f.cause.empty() ? f.inputs : f.cause,
                 f.example.empty() ? "" : "; ", f.example);
    }
    return found.unexplained.empty();
  } catch (const implementation_failure& e) {
    fmt::print("  failed: {}\n", e.what());
    return false;
  }
}

int identify_command(const arguments& a) {
  const std::uint64_t seed = parse_integer("--seed", a.seed, 0, ~0ull);
  const catalogue found = rows_of(a);
  const bool machine = a.plugins.empty() && !a.command;
  if (machine && a.words.empty()) {
    throw usage_error(
        "identify: name an implementation of this machine (lowp verify --list), a "
        "--plugin or a --command");
  }
  std::vector<std::string> names;
  bool any = false;
  bool explained = true;
  for (const implementation& row : found.rows) {
    names.push_back(title(row));
    if (!matches(row, a.words)) continue;
    any = true;
    explained = print_identity(row, seed) && explained;
  }
  if (!any) {
    const std::string words = fmt::format("{}", fmt::join(a.words, " "));
    throw usage_error(fmt::format("identify: no implementation matches '{}'{}", words,
                                  nearest_text(words, names)));
  }
  return explained ? exit_fine : exit_mismatch;
}

}  // namespace

void add_identify_command(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand(
      "identify", "Infer what an implementation computes from its results alone");
  command->group(group_check);
  const auto a = std::make_shared<arguments>();
  command->add_option("words", a->words, "Only implementations whose names contain these words");
  command->add_option("--plugin", a->plugins, "A shared object (include/lowp/golden/vendor.h)")
      ->allow_extra_args(false)
      ->take_all();
  command->add_option("--command", a->command, "A program that answers lines of operands");
  command->add_option("--claim", a->claim,
                      "Its formats, e.g. \"convert binary32 e4m3fn ?\" (lowp claims)");
  command->add_option("--timeout", a->timeout, "Seconds for a batch (default 10)");
  command->add_option("--seed", a->seed, "Seed of the cases (default 1)");
  command->footer(
      "Conversions and dot products are inferred from their formats, whatever they claim; other\n"
      "operations are compared with their claim and with what is known to be done instead.\n"
      "Exit status: 0 everything is explained, 1 not, 2 wrong usage or unusable plug-in.");
  on_run(app, *command, status, [a] { return identify_command(*a); });
}

}  // namespace lowp::tool
