// SPDX-License-Identifier: Apache-2.0
// lowp check: results in files and pipes against the golden model.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "code_text.hpp"
#include "command.hpp"
#include "suggest.hpp"
#include "vectors/check.hpp"

namespace lowp::tool {

namespace {

struct arguments {
  std::string file;
  std::optional<std::string> claim;
  std::optional<std::string> as;
  std::string nan = "exact";
  std::string errors = "20";
  bool flags = false;
  bool no_flags = false;
};

int check_command(const arguments& a) {
  check_options options;
  if (a.flags && a.no_flags) throw usage_error("--flags and --no-flags exclude each other");
  if ((a.flags || a.no_flags) && !a.claim) {
    throw usage_error("--flags and --no-flags go with --claim; files say it themselves");
  }
  if (a.flags) options.flags = flags_choice::yes;
  if (a.no_flags) options.flags = flags_choice::no;
  if (a.nan != "exact" && a.nan != "any") {
    throw usage_error(fmt::format("--nan: '{}' is neither exact nor any", a.nan));
  }
  options.any_nan = a.nan == "any";
  options.shown = parse_integer("--errors", a.errors, 0, ~0ull);
  if (a.claim) options.claim = {*a.claim};
  const std::vector<std::string> formats = readable_formats();
  if (a.as && std::find(formats.begin(), formats.end(), *a.as) == formats.end()) {
    throw usage_error(fmt::format("--as: '{}' is none of {}{}", *a.as, fmt::join(formats, ", "),
                                  nearest_text(*a.as, formats)));
  }

  input_stream in(a.file);
  vector_check check(options, in.name());
  read_vectors(in, a.as.value_or(""), check.sink());
  check.finish();
  std::uint64_t cases = 0;
  std::uint64_t mismatches = 0;
  for (const section_result& s : check.sections()) {
    fmt::print("{}: {} case{}, {} mismatch{}\n", s.claim, count_text(s.cases),
               s.cases == 1 ? "" : "s", count_text(s.mismatches), s.mismatches == 1 ? "" : "es");
    cases += s.cases;
    mismatches += s.mismatches;
  }
  for (const auto& [what, count] : check.skipped()) {
    fmt::print("not checked: {} line{} {}\n", count_text(count), count == 1 ? "" : "s", what);
  }
  if (cases == 0) {
    std::fflush(stdout);
    fmt::print(stderr, "lowp: {}: no case was checked: it has no rows{}\n", in.name(),
               check.skipped().empty() ? "" : " that are covered");
    return exit_mismatch;
  }
  return mismatches == 0 ? exit_fine : exit_mismatch;
}

}  // namespace

void add_check_command(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("check", "Check a file of results against the golden model");
  command->group(group_check);
  const auto a = std::make_shared<arguments>();
  command
      ->add_option("FILE", a->file,
                   "What lowp vectors writes, with results, or .fptest of FPgen; - reads a pipe")
      ->required();
  command->add_option("--claim", a->claim,
                      "What is computed, if the file does not say it or says something else");
  command->add_option("--as", a->as, "The format of the file (default: seen from its first bytes)");
  command->add_option("--nan", a->nan, "exact (default): codes of NaN count; any: they do not");
  command->add_option("--errors", a->errors, "Mismatches that are shown (default 20; 0: all)");
  command->add_flag("--flags", a->flags, "Rows end with the exception flags");
  command->add_flag("--no-flags", a->no_flags,
                    "They do not, though the claim is a function's name");
  command->footer(
      "Exit status: 0 all right, 1 mismatches or no row at all, 2 wrong usage or a\n"
      "file that is malformed, incomplete or unreadable.");
  on_run(app, *command, status, [a] { return check_command(*a); });
}

}  // namespace lowp::tool
