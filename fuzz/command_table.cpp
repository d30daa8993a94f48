// SPDX-License-Identifier: Apache-2.0
// lowp table: the codes of a format with all that is known of them.
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "code_facts.hpp"
#include "code_text.hpp"
#include "command.hpp"
#include "format_names.hpp"
#include "read_value.hpp"
#include "registry_command.hpp"

namespace lowp::tool {

namespace {

constexpr code_t most_rows = 65536;

struct arguments {
  std::string format;
  std::optional<std::string> from, to;
  std::string as = "text";
};

struct code_range {
  code_t first = 0;
  code_t last = 0;
};

code_range range_of(const arguments& a, const format& f) {
  code_range r{0, lowp::detail::low_mask(f.width)};
  if (a.from) r.first = read_value("--from", f, *a.from).code;
  if (a.to) r.last = read_value("--to", f, *a.to).code;
  if (r.first > r.last) {
    throw usage_error(fmt::format("--from: {} is behind --to, {}; codes ascend as whole numbers",
                                  bits_text(f, r.first), bits_text(f, r.last)));
  }
  if (r.last - r.first >= most_rows) {
    const std::string count =
        r.last - r.first == ~code_t{0} ? "2^64" : count_text(r.last - r.first + 1);
    throw usage_error(fmt::format(
        "FORMAT: {} codes of {}; a table has at most {}: choose them by --from and --to", count,
        a.format, count_text(most_rows)));
  }
  return r;
}

int table_command(const arguments& a) {
  const output_format as = parse_output_format(a.as);
  const format f = parse_format_argument(a.format);
  const code_range r = range_of(a, f);
  listing l{code_columns(), {}};
  for (code_t code = r.first;; ++code) {
    l.rows.push_back(code_cells(f, code));
    if (code == r.last) break;
  }
  print(to_string(l, as));
  return exit_fine;
}

}  // namespace

void add_table_command(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("table", "List the codes of a format")->group(group_look_up);
  const auto a = std::make_shared<arguments>();
  command->add_option("FORMAT", a->format, "Any name of a format, as lowp formats lists them")
      ->required();
  command->add_option("--from", a->from,
                      "The first code: 0x7e, 0b01111110, or the code of a number");
  command->add_option("--to", a->to, "The last code");
  add_output_option(*command, a->as);
  command->footer(
      "bits: fields apart. ratio: the value in whole numbers. hex: the value as a hexadecimal\n"
      "float. CSV and JSON have the fields as numbers and the value with all its digits besides.");
  on_run(app, *command, status, [a] { return table_command(*a); });
}

}  // namespace lowp::tool
