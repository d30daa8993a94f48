// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <algorithm>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "code_text.hpp"
#include "cpu.hpp"

namespace lowp::tool {

namespace {

const char* compiler_name() {
#if defined(__clang__)
  return "clang " __clang_version__;
#elif defined(__GNUC__)
  return "g++ " __VERSION__;
#else
  return "unknown compiler";
#endif
}

}  // namespace

environment describe_environment(const verify_options& options) {
  environment e;
  e.version = fmt::format("{}.{}.{}", LOWP_VERSION_MAJOR, LOWP_VERSION_MINOR, LOWP_VERSION_PATCH);
  e.cpu = cpu_name();
  e.system = system_name();
  e.compiler = compiler_name();
  e.time = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  e.options = options;
  return e;
}

std::string threads_text(const environment& e) {
  return fmt::format("{} threads{}", e.options.all_threads,
                     e.ranks == 1 ? "" : fmt::format(" of {} ranks", e.ranks));
}

std::uint64_t report::unexplained() const {
  std::uint64_t n = 0;
  for (const row_result& row : rows) n += row.mismatches;
  return n;
}

std::uint64_t report::failures() const {
  return static_cast<std::uint64_t>(std::count_if(
      rows.begin(), rows.end(), [](const row_result& row) { return !row.failure.empty(); }));
}

std::uint64_t report::faulty() const {
  return static_cast<std::uint64_t>(
      std::count_if(rows.begin(), rows.end(), [](const row_result& row) {
        return !row.faults.empty() || (row.mismatches == 0 && !row.findings.empty());
      }));
}

std::uint64_t report::cases() const {
  std::uint64_t n = 0;
  for (const row_result& row : rows) n += row.cases;
  return n;
}

std::string verdict_text(const report& r) {
  std::vector<std::string> text;
  const auto operations = [](std::uint64_t n) {
    return fmt::format("{} operation{}", n, n == 1 ? "" : "s");
  };
  if (const std::uint64_t n = r.unexplained(); n != 0) {
    text.push_back(fmt::format("{} unexplained mismatch{}", count_text(n), n == 1 ? "" : "es"));
  }
  if (const std::uint64_t n = r.failures(); n != 0) {
    text.push_back(operations(n) + " not checked to the end");
  }
  if (const std::uint64_t n = r.faulty(); n != 0) {
    text.push_back(operations(n) + " whose calls together are wrong");
  }
  return text.empty() ? "no unexplained mismatch" : fmt::format("{}", fmt::join(text, ", "));
}

}  // namespace lowp::tool
