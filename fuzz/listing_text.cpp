// SPDX-License-Identifier: Apache-2.0
// Listings for people: aligned columns, and single rows.
#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "listing.hpp"

namespace lowp::tool {

namespace {

constexpr std::size_t between = 2;       // blanks from one column to the next
constexpr std::size_t narrowest = 16;    // of a column whose text wraps
constexpr std::size_t comfortable = 24;  // the same while names can be narrowed
constexpr std::size_t indent = 2;        // of what follows the first line of a text in a list
constexpr std::size_t least_name = 20;   // of the first column, before names get their own lines

std::string heading(const column& c) {
  if (!c.heading.empty()) return c.heading;
  std::string text = c.key;
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

// Lines of at most `width` characters, broken between the words; a longer word stays whole.
std::vector<std::string> filled(const std::vector<std::string>& words, std::size_t width) {
  std::vector<std::string> lines{""};
  for (const std::string& word : words) {
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width) {
      lines.emplace_back();
    }
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

// What a line may be broken between: the texts of a list, else words.
std::vector<std::string> words_of(const cell& c) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&c)) {
    std::vector<std::string> words = *list;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) words[i] += ",";
    return words;
  }
  const std::string text = cell_text(c);
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

std::vector<std::string> lines_of(const cell& c, std::size_t width) {
  std::string text = cell_text(c);
  return text.size() <= width ? std::vector{std::move(text)} : filled(words_of(c), width);
}

// The columns of a table in text with their widths.
struct layout {
  std::vector<std::size_t> columns;  // indices into the listing's
  std::vector<std::size_t> widths;
  std::vector<std::size_t> longest;  // what cannot be broken
  std::vector<bool> right;

  std::size_t total() const {
    return std::accumulate(widths.begin(), widths.end(), between * (widths.size() - 1));
  }
};

layout natural_layout(const listing& l) {
  layout out;
  for (std::size_t k = 0; k < l.columns.size(); ++k) {
    if ((l.columns[k].where & shown::in_tables) == 0) continue;
    std::size_t width = heading(l.columns[k]).size();
    std::size_t longest = width;
    bool numbers = false;
    bool words = false;
    bool used = k == 0;
    for (const auto& row : l.rows) {
      width = std::max(width, cell_text(row[k]).size());
      for (const std::string& word : words_of(row[k])) longest = std::max(longest, word.size());
      numbers = numbers || std::holds_alternative<std::int64_t>(row[k]);
      words = words || std::holds_alternative<std::string>(row[k]);
      used = used || !cell_text(row[k]).empty();
    }
    if (!used && !l.rows.empty()) continue;
    out.columns.push_back(k);
    out.widths.push_back(width);
    out.longest.push_back(longest);
    out.right.push_back(l.columns[k].right || (numbers && !words));
  }
  return out;
}

// Narrows the columns that wrap, the widest first, as far as is needed and down to `least`.
void narrow(layout& to, const listing& l, std::size_t width, std::size_t least) {
  while (to.total() > width) {
    std::size_t widest = 0;
    for (std::size_t k = 1; k < to.columns.size(); ++k) {
      const bool can =
          l.columns[to.columns[k]].wraps && to.widths[k] > std::max(least, to.longest[k]);
      if (can && (widest == 0 || to.widths[k] > to.widths[widest])) widest = k;
    }
    if (widest == 0) return;
    --to.widths[widest];
  }
}

// Leaves less place for names, down to `least`.
void narrow_names(layout& to, std::size_t width, std::size_t least) {
  const std::size_t total = to.total();
  if (total <= width) return;
  const std::size_t rest = total - to.widths[0];
  to.widths[0] = std::min(to.widths[0], std::max(least, width > rest ? width - rest : 0));
}

layout fitted_layout(const listing& l, std::size_t width) {
  layout to = natural_layout(l);
  narrow(to, l, width, comfortable);
  narrow_names(to, width, width / 5 * 2);
  narrow(to, l, width, narrowest);
  narrow_names(to, width, least_name);
  return to;
}

void append_line(std::string& text, const layout& to, const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    if (k != 0) line.append(between, ' ');
    line += to.right[k] ? fmt::format("{:>{}}", cells[k], to.widths[k])
                        : fmt::format("{:<{}}", cells[k], to.widths[k]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  text += line + "\n";
}

// A row in as many lines as its longest cell needs.
void append_row(std::string& text, const layout& to, const std::vector<cell>& cells) {
  std::vector<std::vector<std::string>> lines;
  std::size_t height = 1;
  for (std::size_t k = 0; k < to.columns.size(); ++k) {
    const cell& c = cells[to.columns[k]];
    lines.push_back(k == 0 ? std::vector{cell_text(c)} : lines_of(c, to.widths[k]));
    height = std::max(height, lines[k].size());
  }
  if (lines[0][0].size() > to.widths[0]) {
    text += lines[0][0] + "\n";
    lines[0] = {""};
  }
  for (std::size_t i = 0; i < height; ++i) {
    std::vector<std::string> line;
    for (const auto& of_cell : lines) line.push_back(i < of_cell.size() ? of_cell[i] : "");
    append_line(text, to, line);
  }
}

}  // namespace

std::size_t line_width() {
  constexpr std::size_t least = 40;
  if (const char* columns = std::getenv("COLUMNS"); columns != nullptr) {
    char* end = nullptr;
    const unsigned long width = std::strtoul(columns, &end, 10);
    if (end != columns && *end == 0 && width != 0) return std::max<std::size_t>(width, least);
  }
  winsize terminal{};
  if (isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &terminal) == 0 &&
      terminal.ws_col != 0) {
    return std::max<std::size_t>(terminal.ws_col, least);
  }
  return std::numeric_limits<std::size_t>::max();
}

std::string to_text(const listing& l, std::size_t width) {
  const layout to = fitted_layout(l, width);
  std::string text;
  std::vector<cell> headings;
  for (const column& c : l.columns) headings.emplace_back(heading(c));
  append_row(text, to, headings);
  for (const auto& row : l.rows) append_row(text, to, row);
  return text;
}

std::string to_record(const listing& l, std::size_t row, std::size_t width) {
  std::size_t label = 0;
  for (const column& c : l.columns) {
    if ((c.where & shown::in_records) != 0) label = std::max(label, heading(c).size());
  }
  const std::size_t room =
      width > label + between + narrowest ? width - label - between : narrowest;
  std::string text;
  for (std::size_t k = 0; k < l.columns.size(); ++k) {
    if ((l.columns[k].where & shown::in_records) == 0) continue;
    const cell& c = l.rows[row][k];
    const auto* list = std::get_if<std::vector<std::string>>(&c);
    const std::vector<std::string> facts =
        list != nullptr ? *list : std::vector<std::string>{cell_text(c)};
    std::string name = heading(l.columns[k]);
    for (const std::string& fact : facts) {
      if (fact.empty()) continue;
      const char* deeper = "";
      for (const std::string& line : lines_of(fact, room - indent)) {
        text += fmt::format("{:<{}}{}{}\n", name, label + between, deeper, line);
        name.clear();
        if (list != nullptr) deeper = "  ";
      }
    }
  }
  return text;
}

}  // namespace lowp::tool
