// SPDX-License-Identifier: Apache-2.0
#include "registry_command.hpp"

#include <algorithm>
#include <cctype>
#include <memory>

#include <fmt/format.h>

#include "suggest.hpp"

namespace lowp::tool {

namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool has_word(const cell& c, const std::string& word) {
  if (std::holds_alternative<bool>(c)) return false;
  const std::string text = lower(cell_text(c, "\n"));
  return std::holds_alternative<std::int64_t>(c) ? text == word
                                                 : text.find(word) != std::string::npos;
}

bool has_word(const std::vector<cell>& row, const std::string& word) {
  return std::any_of(row.begin(), row.end(), [&](const cell& c) { return has_word(c, word); });
}

bool is_whole(const cell& c, const std::string& name) {
  const auto* list = std::get_if<std::vector<std::string>>(&c);
  if (list != nullptr) return std::find(list->begin(), list->end(), name) != list->end();
  const auto* text = std::get_if<std::string>(&c);
  return text != nullptr && *text == name;
}

// Rows that bear the name: their own first, else one of those in the columns of names.
listing rows_named(const listing& all, const std::string& name) {
  listing out{all.columns, {}};
  if (name.empty()) return out;
  for (const bool own : {true, false}) {
    for (const auto& row : all.rows) {
      for (std::size_t k = 0; k < row.size(); ++k) {
        if ((own ? k == 0 : all.columns[k].is_name) && is_whole(row[k], name)) {
          out.rows.push_back(row);
          break;
        }
      }
    }
    if (!out.rows.empty()) break;
  }
  return out;
}

std::vector<std::string> all_names(const listing& l) {
  std::vector<std::string> names;
  for (const auto& row : l.rows) {
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (k != 0 && !l.columns[k].is_name) continue;
      if (const auto* text = std::get_if<std::string>(&row[k])) names.push_back(*text);
      if (const auto* list = std::get_if<std::vector<std::string>>(&row[k])) {
        names.insert(names.end(), list->begin(), list->end());
      }
    }
  }
  return names;
}

std::string records(const found_rows& found, std::size_t width) {
  std::string text;
  for (std::size_t i = 0; i < found.rows.rows.size(); ++i) {
    text += (i == 0 ? "" : "\n") + to_record(found.rows, i, width);
  }
  if (found.others.empty()) return text;
  constexpr std::size_t most = 8;
  const std::size_t n = std::min(found.others.size(), most);
  const listing also{
      {{"more with this text"}},
      {{fmt::format(
          "{}{}",
          fmt::join(found.others.begin(), found.others.begin() + static_cast<std::ptrdiff_t>(n),
                    ", "),
          found.others.size() > n ? fmt::format(" and {} more", found.others.size() - n) : "")}}};
  return text + "\n" + to_record(also, 0, width);
}

struct arguments {
  std::vector<std::string> words;
  std::string as = "text";
};

int list_rows(const registry& r, const arguments& a) {
  const output_format as = parse_output_format(a.as);
  const listing all = r.rows();
  found_rows found = search(all, a.words);
  if (found.rows.rows.empty() && r.named != nullptr && a.words.size() == 1) {
    found.by_name = r.named(a.words[0], found.rows);
  }
  if (found.rows.rows.empty()) {
    fmt::print(stderr, "lowp: {}\n", nothing_found(all, r.row, a.words));
    return exit_nothing;
  }
  print(as == output_format::text && found.by_name ? records(found, line_width())
                                                   : to_string(found.rows, as));
  return exit_fine;
}

}  // namespace

found_rows search(const listing& all, const std::vector<std::string>& words) {
  found_rows found{{all.columns, {}}, false, {}};
  std::vector<std::string> lowered;
  for (const std::string& word : words) lowered.push_back(lower(word));
  for (const auto& row : all.rows) {
    if (std::all_of(lowered.begin(), lowered.end(),
                    [&](const std::string& word) { return has_word(row, word); })) {
      found.rows.rows.push_back(row);
    }
  }
  if (words.empty()) return found;
  listing named = rows_named(all, fmt::format("{}", fmt::join(words, " ")));
  if (named.rows.empty()) return found;
  for (const auto& row : found.rows.rows) {
    const std::string name = cell_text(row[0]);
    const bool bears_it = std::any_of(named.rows.begin(), named.rows.end(), [&](const auto& other) {
      return cell_text(other[0]) == name;
    });
    if (!bears_it) found.others.push_back(name);
  }
  found.rows = std::move(named);
  found.by_name = true;
  return found;
}

std::string nothing_found(const listing& all, const char* row,
                          const std::vector<std::string>& words) {
  const std::vector<std::string> names = all_names(all);
  if (words.size() == 1) {
    return fmt::format("no {} has '{:.80}' in its names, description or source{}", row, words[0],
                       nearest_text(words[0], names));
  }
  std::vector<std::string> counts;
  std::string near;
  for (const std::string& word : words) {
    const auto n = std::count_if(all.rows.begin(), all.rows.end(),
                                 [&](const auto& cells) { return has_word(cells, lower(word)); });
    counts.push_back(fmt::format("'{:.80}' {}", word, n == 0 ? "none" : std::to_string(n)));
    if (n == 0 && near.empty()) near = nearest_text(word, names);
  }
  return fmt::format("no {} has all of these texts; alone: {}{}", row, fmt::join(counts, ", "),
                     near);
}

void add_output_option(CLI::App& command, std::string& as) {
  command.add_option("--as", as, "text, csv, json or markdown (default text)");
}

void add_registry_command(CLI::App& app, int& status, const registry& r) {
  CLI::App* command = app.add_subcommand(r.command, r.description)->group(group_look_up);
  const auto a = std::make_shared<arguments>();
  command->add_option("TEXT", a->words,
                      "Only rows that have all of these texts somewhere; a whole name shows all "
                      "that is known of its row");
  add_output_option(*command, a->as);
  command->footer("Exit status: 0 found, 1 nothing found, 2 wrong usage.");
  on_run(app, *command, status, [r, a] { return list_rows(r, *a); });
}

}  // namespace lowp::tool
