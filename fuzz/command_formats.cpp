// SPDX-License-Identifier: Apache-2.0
// lowp formats: the registry, searched by any name.
#include <algorithm>
#include <bit>
#include <cctype>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/lowp.hpp>

#include "code_text.hpp"
#include "command.hpp"
#include "format_names.hpp"
#include "suggest.hpp"

namespace lowp::tool {

namespace {

// For the overview; lowp show has the exact value.
double as_double(format f, code_t code) {
  return std::bit_cast<double>(convert(f, code, formats::binary64));
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool matches(const named_format& f, const std::string& text) {
  std::vector<std::string> words = names_of(f);
  words.emplace_back(f.description);
  words.emplace_back(f.source);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return lower(word).find(lower(text)) != std::string::npos;
  });
}

int formats_command(const std::vector<std::string>& search) {
  std::vector<const named_format*> shown;
  for (const named_format& f : all_formats) {
    if (std::all_of(search.begin(), search.end(),
                    [&](const std::string& text) { return matches(f, text); })) {
      shown.push_back(&f);
    }
  }
  if (shown.empty()) {
    throw usage_error(fmt::format(
        "SEARCH: no format has '{}' in its names, description or source{}",
        fmt::join(search, "' and '"), nearest_text(search.front(), all_format_names())));
  }
  fmt::print("{:<14} {:>4} {:>5} {:>12} {:>12}  {:<24} {}\n", "format", "bits", "prec.", "max",
             "min > 0", "type", "other names");
  for (const named_format* f : shown) {
    std::vector<std::string> others = names_of(*f);
    others.erase(others.begin(), others.begin() + 2);
    fmt::print("{:<14} {:>4} {:>5} {:>12.6g} {:>12.6g}  {:<24} {}\n", f->name, f->value.width,
               f->value.precision == 0 ? "" : std::to_string(f->value.precision),
               as_double(f->value, max_finite(f->value)),
               as_double(f->value, min_positive(f->value)), f->type_name, fmt::join(others, ", "));
  }
  return exit_fine;
}

}  // namespace

void add_formats_command(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("formats", "List the registered formats");
  const auto search = std::make_shared<std::vector<std::string>>();
  command->add_option("SEARCH", *search,
                      "Only formats with these texts in a name, the description or the source");
  on_run(app, *command, status, [search] { return formats_command(*search); });
}

}  // namespace lowp::tool
