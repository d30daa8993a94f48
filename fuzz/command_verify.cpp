// SPDX-License-Identifier: Apache-2.0
// lowp verify: this machine's number implementations against the golden model.
#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "code_text.hpp"
#include "command.hpp"
#include "diagnosis/explain_rows.hpp"
#include "gpu/gpu.hpp"
#include "output_file.hpp"
#include "plugin/command_lines.hpp"
#include "plugin/plugin.hpp"
#include "progress.hpp"
#include "ranks/ranks.hpp"
#include "report.hpp"
#include "suggest.hpp"

namespace lowp::tool {

namespace {

// As typed: checked in one place, after parsing, for messages of one kind.
struct arguments {
  std::string budget = "120";
  std::string threads;
  std::string seed = "1";
  std::optional<std::string> json;
  std::optional<std::string> html;
  std::vector<std::string> only;
  bool list = false;
  bool progress = false;
  bool self_test = false;
  std::string gpu;
  std::vector<std::string> plugins;
  std::optional<std::string> command;
  std::optional<std::string> claim;
  std::string timeout = "10";
};

std::string title(const implementation& row) {
  return fmt::format("{} {}: {}", row.family, row.function, operation_text(row.model));
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// `*` stands for any text; a pattern may match anywhere in the title.
bool matches(const std::string& pattern, const std::string& text) {
  std::size_t at = 0;
  for (std::size_t begin = 0; begin <= pattern.size();) {
    const std::size_t end = std::min(pattern.find('*', begin), pattern.size());
    const std::size_t found = text.find(pattern.substr(begin, end - begin), at);
    if (found == std::string::npos) return false;
    at = found + (end - begin);
    begin = end + 1;
  }
  return true;
}

void keep_only(catalogue& c, const std::vector<std::string>& patterns) {
  std::vector<std::string> names;
  for (const implementation& row : c.rows) {
    names.push_back(row.family);
    names.push_back(row.function);
  }
  for (const std::string& pattern : patterns) {
    const bool any = std::any_of(c.rows.begin(), c.rows.end(), [&](const implementation& row) {
      return matches(lower(pattern), lower(title(row)));
    });
    if (!any || pattern.empty()) {
      throw usage_error(fmt::format(
          "--only: '{}' matches no implementation of this machine{}; lowp verify --list shows them",
          pattern, nearest_text(pattern, names)));
    }
  }
  std::erase_if(c.rows, [&](const implementation& row) {
    return std::none_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
      return matches(lower(pattern), lower(title(row)));
    });
  });
  c.absent.clear();
}

void list(const catalogue& c) {
  for (const implementation& row : c.rows) fmt::print("{}\n", title(row));
  for (const absent_family& a : c.absent) fmt::print("absent: {} ({})\n", a.family, a.reason);
}

// A library, or for the tests "stand-in:CAPABILITY" and "stand-in:CAPABILITY:wrong".
void add_gpus(catalogue& c, const std::string& which) {
  const std::string prefix = "stand-in:";
  if (which.rfind(prefix, 0) != 0) return add_gpu_library(c, which);
  std::string capability = which.substr(prefix.size());
  const std::string suffix = ":wrong";
  const bool wrong =
      capability.size() > suffix.size() &&
      capability.compare(capability.size() - suffix.size(), suffix.size(), suffix) == 0;
  if (wrong) capability.resize(capability.size() - suffix.size());
  add_gpu(c, gpu_stand_in(static_cast<int>(parse_integer("--gpu", capability, 75, 120)), wrong));
}

// What is asked for by name alone, or everything of this machine.
catalogue find_rows(const arguments& a) {
  if (a.command.has_value() != a.claim.has_value()) {
    throw usage_error(a.claim ? "--claim: belongs to --command, which is missing"
                              : "--command: --claim must say what it computes; lowp claims shows "
                                "what can be claimed");
  }
  const double timeout = parse_seconds("--timeout", a.timeout);
  catalogue found;
  for (const std::string& file : a.plugins) add_plugin(found, file, timeout);
  if (a.command) add_command(found, *a.command, *a.claim, timeout);
  if (!found.rows.empty()) {
    if (a.self_test || !a.gpu.empty()) {
      throw usage_error("--gpu: does not go together with --plugin or --command");
    }
    return found;
  }
  found = find_implementations();
  if (a.self_test) {
    add_broken(found);
    add_stand_ins(found);
  }
  if (a.gpu.empty()) {
    found.absent.push_back({"GPU", "./run verify checks one where there are nvidia-smi and nvcc"});
  } else {
    add_gpus(found, a.gpu);
  }
  return found;
}

// All ranks must have been asked for the same and have the same implementations.
void check_alike(const catalogue& found, const verify_options& options, team& ranks) {
  std::string asked = fmt::format("budget {}, seed {}", options.budget, options.seed);
  for (const implementation& row : found.rows) asked += "\n" + title(row);
  const std::string of_leader = ranks.broadcast(asked);
  together(ranks, [&] {
    if (asked == of_leader) return;
    throw usage_error(
        "was started with other options than rank 0, or finds other implementations on its "
        "machine; "
        "--only chooses those that all have");
  });
}

// What the user asked for; fails before the work that this means.
struct task {
  verify_options options;
  catalogue found;
  std::optional<output_file> json;
  std::optional<output_file> html;
};

task prepare(const arguments& a, bool leads) {
  task t;
  t.options.budget = parse_seconds("--budget", a.budget);
  if (!a.threads.empty()) {
    t.options.threads = static_cast<unsigned>(parse_integer("--threads", a.threads, 1, 1024));
  }
  t.options.seed = parse_integer("--seed", a.seed, 0, ~0ull);
  t.found = find_rows(a);
  if (!a.only.empty()) keep_only(t.found, a.only);
  if (a.json && leads) t.json.emplace(*a.json);
  if (a.html && leads) t.html.emplace(*a.html);
  if (t.found.rows.empty() && !a.list) {
    throw usage_error("this machine has no implementation to check");
  }
  return t;
}

int verify_command(const arguments& a, team& ranks) {
  task t;
  together(ranks, [&] { t = prepare(a, ranks.leads()); });
  if (a.list) {
    if (ranks.leads()) list(t.found);
    return exit_fine;
  }
  check_alike(t.found, t.options, ranks);
  if (a.threads.empty()) t.options.threads = fair_threads(ranks);
  t.options.all_threads = 0;
  for (const std::string& threads : ranks.exchange(std::to_string(t.options.threads))) {
    t.options.all_threads += static_cast<unsigned>(std::stoul(threads));
  }

  const auto start = std::chrono::steady_clock::now();
  report r;
  r.where = describe_environment(t.options);
  r.where.ranks = ranks.size();
  r.absent = t.found.absent;
  {
    const bool shown = a.progress || isatty(STDERR_FILENO) != 0;
    progress_bar bar(shown && ranks.leads());
    r.rows = verify(t.found.rows, t.options, bar, ranks);
  }
  add_findings(r.rows, t.options.seed, a.html.has_value(), ranks);
  r.where.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  together(ranks, [&] {
    if (!ranks.leads()) return;
    fmt::print("{}", to_text(r));
    if (std::fflush(stdout) != 0) throw std::runtime_error("standard output: cannot be written");
    if (t.json) t.json->commit(to_json(r));
    if (t.html) t.html->commit(to_html(r));
  });
  return r.good() ? exit_fine : exit_mismatch;
}

}  // namespace

void add_verify_command(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("verify",
                         "Check this machine's number implementations, a plug-in or a program")
          ->group(group_check);
  const auto a = std::make_shared<arguments>();
  command->add_option("--budget", a->budget, "Seconds in all (default 120)");
  command->add_option("--threads", a->threads,
                      "Threads of each process (default: one per processor)");
  command->add_option("--seed", a->seed, "Seed of the samples (default 1)");
  command
      ->add_option("--only", a->only,
                   "Only rows of --list that contain this text (* for any); may be repeated")
      ->allow_extra_args(false)
      ->take_all();
  command->add_option("--json", a->json, "Write the results to this file as JSON");
  command->add_option("--html", a->html, "Write the results to this file as one HTML page");
  command->add_option("--gpu", a->gpu,
                      "Check this machine's GPU too, by a library that fuzz/gpu/build.py made "
                      "(./run verify does)");
  command
      ->add_option("--plugin", a->plugins,
                   "Check the operations of this shared object (include/lowp/golden/vendor.h) "
                   "instead; may be repeated")
      ->allow_extra_args(false)
      ->take_all();
  command->add_option("--command", a->command,
                      "Check this program, run by the shell, which reads lines of operands and "
                      "writes lines of results");
  command->add_option("--claim", a->claim, "What the program of --command computes (lowp claims)");
  command->add_option("--timeout", a->timeout,
                      "Seconds that a plug-in or program may take for a batch (default 10)");
  command->add_flag("--list", a->list, "List what would be checked, and stop");
  command->add_flag("--progress", a->progress, "Show progress even if this is no terminal");
  command
      ->add_flag("--self-test", a->self_test,
                 "Add deliberately wrong implementations and stand-ins for hardware")
      ->group("");
  command->footer(
      "Small input spaces and cheap operations are run on all inputs, the others on directed and\n"
      "seeded pseudo-random inputs for as long as the budget allows, dot products on 10^8 cases.\n"
      "Plug-ins and programs run in processes of their own; spec/golden.md says how, and what "
      "counts\n"
      "as a fault.\n"
      "Started by mpirun as several processes (./run verify --ranks N), it splits the cases over\n"
      "them and gives one report.\n"
      "Exit status: 0 no unexplained mismatch, 1 some, or an operation that crashed, hung, refused "
      "or\n"
      "returned garbage, 2 wrong usage, unusable plug-in or unwritable file.");
  on_run(app, *command, status, [a] {
    return run_on_ranks(exit_usage, [a](team& ranks) { return verify_command(*a, ranks); });
  });
}

}  // namespace lowp::tool
