// SPDX-License-Identifier: Apache-2.0
// lowp vectors: test vectors for any claim.
#include <cstdio>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "command.hpp"
#include "output_file.hpp"
#include "vectors/cases.hpp"
#include "vectors/writers.hpp"

namespace lowp::tool {

namespace {

struct arguments {
  std::vector<std::string> claim;
  std::string cases = "directed";
  std::optional<std::string> count;
  std::string seed = "1";
  std::string as = "testfloat";
  std::optional<std::string> output;
  std::optional<std::string> join;
  bool flags = false;
  bool no_flags = false;
  bool operands_only = false;
  bool coverage = false;
};

// The standard output, or a file that appears when all is written.
class destination {
 public:
  explicit destination(const std::optional<std::string>& path) {
    try {
      if (path) file_.emplace(*path);
    } catch (const std::runtime_error& e) {
      throw std::runtime_error(fmt::format("--output: {}", e.what()));
    }
  }
  void write(std::string& bytes) {
    if (file_) {
      file_->write(bytes);
    } else if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) {
      throw std::runtime_error("standard output: cannot be written");
    }
    bytes.clear();
  }
  void finish() {
    if (file_) file_->commit();
  }

 private:
  std::optional<output_stream> file_;
};

std::string join_of(const arguments& a, const vector_format& format) {
  if (!a.join) return format.join == nullptr ? "" : format.join;
  if (format.join == nullptr) {
    throw usage_error(
        fmt::format("--join: files as {} have nothing between fields to choose", format.name));
  }
  if (*a.join != "_" && *a.join != " ") {
    throw usage_error(fmt::format("--join: '{}' is neither '_' nor a blank", *a.join));
  }
  return *a.join;
}

int vectors_command(const arguments& a) {
  if (a.flags && a.no_flags) throw usage_error("--flags and --no-flags exclude each other");
  const vector_format& format = find_vector_format("--as", a.as);
  std::optional<std::uint64_t> count;
  if (a.count) count = parse_integer("--count", *a.count, 1, ~0ull);
  const std::uint64_t seed = parse_integer("--seed", a.seed, 0, ~0ull);
  const std::string join = join_of(a, format);
  const vector_claim v = make_vector_claim(a.claim, a.flags      ? flags_choice::yes
                                                    : a.no_flags ? flags_choice::no
                                                                 : flags_choice::by_name);
  const case_list cases = make_cases(v.functions, a.cases, count, seed);
  if (!format.is_text && !a.output && isatty(STDOUT_FILENO) != 0) {
    throw usage_error(fmt::format("--output: {} is for files and pipes, not for terminals", a.as));
  }
  destination to(a.output);
  const std::unique_ptr<vector_writer> writer =
      format.make({v, cases.kind, cases.count, cases.seed, join, a.operands_only});
  std::optional<coverage_counts> coverage;
  if (a.coverage) coverage.emplace(v);

  constexpr std::size_t piece = std::size_t{1} << 16;
  std::string bytes;
  writer->begin(bytes);
  std::vector<code_t> operands(v.operands());
  std::vector<code_t> results(v.results());
  for (std::uint64_t i = 0; i < cases.count; ++i) {
    cases.make(i, operands.data());
    if (!a.operands_only || coverage) v.functions.golden(operands.data(), results.data());
    if (coverage) coverage->add(operands.data(), results.data());
    writer->row(bytes, operands.data(), results.data());
    if (bytes.size() >= piece) to.write(bytes);
  }
  writer->end(bytes, coverage ? &*coverage : nullptr);
  to.write(bytes);
  to.finish();
  if (coverage) {
    fmt::print(stderr, "{}: {} {} cases\n", v.text, cases.count, cases.kind);
    for (const std::string& line : coverage->text()) fmt::print(stderr, "  {}\n", line);
  }
  return exit_fine;
}

}  // namespace

void add_vectors_command(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("vectors", "Write test vectors for a claim");
  command->group(group_check);
  const auto a = std::make_shared<arguments>();
  command
      ->add_option("CLAIM", a->claim,
                   "What is computed: a claim, or a name such as f32_to_e4m3fn or e5m2_mulAdd")
      ->required();
  command->add_option("--cases", a->cases, "exhaustive, directed (default) or random");
  command->add_option("--count", a->count,
                      "Number of cases (default: all directed ones up to 2^21, 65536 random ones); "
                      "random ones follow the directed ones");
  command->add_option("--seed", a->seed, "Seed of what is random (default 1)");
  std::string formats;
  for (const vector_format& f : all_vector_formats) {
    formats += fmt::format("{}{}", formats.empty() ? "" : ", ", f.name);
  }
  command->add_option("--as", a->as, formats + " (default testfloat)");
  command->add_option("--output", a->output, "Write to this file, which appears when complete");
  command->add_option("--join", a->join, "What stands between fields: '_' or ' '");
  command->add_flag("--flags", a->flags, "A last field with the exception flags");
  command->add_flag("--no-flags", a->no_flags, "No flags for functions by name either");
  command->add_flag("--operands-only", a->operands_only, "No results");
  command->add_flag("--coverage", a->coverage, "Tell on standard error which classes were hit");
  std::string footer = "Formats:\n";
  for (const vector_format& f : all_vector_formats) {
    footer += fmt::format("  {:<10} {}\n", f.name, f.meaning);
  }
  command->footer(
      footer +
      "The same claim, cases, seed and version give the same vectors on every machine.\n"
      "lowp claims shows what can be claimed; lowp check reads results back.");
  on_run(app, *command, status, [a] { return vectors_command(*a); });
}

}  // namespace lowp::tool
