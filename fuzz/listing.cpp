// SPDX-License-Identifier: Apache-2.0
// Listings for other programs: CSV, JSON, Markdown. Those for people are in listing_text.cpp.
#include "listing.hpp"

#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "suggest.hpp"
#include "usage_error.hpp"

namespace lowp::tool {

namespace {

constexpr std::pair<const char*, output_format> output_formats[] = {
    {"text", output_format::text},
    {"csv", output_format::csv},
    {"json", output_format::json},
    {"markdown", output_format::markdown}};

std::string csv_text(const cell& c) {
  const bool* truth = std::get_if<bool>(&c);
  const std::string text = truth != nullptr ? (*truth ? "true" : "false") : cell_text(c, "; ");
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  return quoted + '"';
}

std::string json_text(const std::string& text) {
  // What a command line holds need not be UTF-8.
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string json_text(const cell& c) {
  if (const auto* text = std::get_if<std::string>(&c)) return json_text(*text);
  if (const auto* number = std::get_if<std::int64_t>(&c)) return std::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&c)) return *truth ? "true" : "false";
  const auto* list = std::get_if<std::vector<std::string>>(&c);
  if (list == nullptr) return "null";
  std::string all;
  for (const std::string& text : *list) all += (all.empty() ? "" : ", ") + json_text(text);
  return "[" + all + "]";
}

std::string markdown_text(const std::string& text) {
  std::string escaped;
  for (const char letter : text) {
    if (letter == '|' || letter == '\\' || letter == '*' || letter == '`') escaped += '\\';
    escaped += letter == '<' ? "&lt;" : letter == '\n' ? " " : std::string(1, letter);
  }
  return escaped;
}

}  // namespace

output_format parse_output_format(const std::string& text) {
  std::vector<std::string> known;
  for (const auto& [name, value] : output_formats) {
    if (text == name) return value;
    known.emplace_back(name);
  }
  throw usage_error(fmt::format("--as: '{:.80}' is none of {}{}", text, fmt::join(known, ", "),
                                nearest_text(text, known)));
}

std::string cell_text(const cell& c, const char* between) {
  if (const auto* text = std::get_if<std::string>(&c)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&c)) return std::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&c)) return *truth ? "yes" : "no";
  if (const auto* list = std::get_if<std::vector<std::string>>(&c)) {
    return fmt::format("{}", fmt::join(*list, between));
  }
  return "";
}

std::string to_csv(const listing& l) {
  const auto line = [&](const auto& text_of) {
    std::string text;
    for (std::size_t k = 0; k < l.columns.size(); ++k) {
      if ((l.columns[k].where & shown::in_data) == 0) continue;
      text += "," + text_of(k);
    }
    return text.substr(1) + "\n";
  };
  std::string text = line([&](std::size_t k) { return l.columns[k].key; });
  for (const auto& row : l.rows) text += line([&](std::size_t k) { return csv_text(row[k]); });
  return text;
}

std::string to_json(const listing& l) {
  std::string text = "[";
  for (const auto& row : l.rows) {
    text += text.size() == 1 ? "\n  {" : ",\n  {";
    const char* comma = "";
    for (std::size_t k = 0; k < l.columns.size(); ++k) {
      if ((l.columns[k].where & shown::in_data) == 0) continue;
      text += fmt::format("{}\"{}\": {}", comma, l.columns[k].key, json_text(row[k]));
      comma = ", ";
    }
    text += "}";
  }
  return text + (l.rows.empty() ? "]\n" : "\n]\n");
}

std::string to_markdown(const listing& l) {
  std::string head = "|";
  std::string rule = "|";
  for (const column& c : l.columns) {
    if ((c.where & shown::in_tables) == 0) continue;
    head += " " + markdown_text(c.heading.empty() ? c.key : c.heading) + " |";
    rule += c.right ? "---:|" : "---|";
  }
  std::string text = head + "\n" + rule + "\n";
  for (const auto& row : l.rows) {
    text += "|";
    for (std::size_t k = 0; k < l.columns.size(); ++k) {
      if ((l.columns[k].where & shown::in_tables) == 0) continue;
      text += " " + markdown_text(cell_text(row[k])) + " |";
    }
    text += "\n";
  }
  return text;
}

std::string to_string(const listing& l, output_format as) {
  switch (as) {
    case output_format::text: break;
    case output_format::csv: return to_csv(l);
    case output_format::json: return to_json(l);
    case output_format::markdown: return to_markdown(l);
  }
  return to_text(l, line_width());
}

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

}  // namespace lowp::tool
