// SPDX-License-Identifier: Apache-2.0
// Formats of lines.
#include <algorithm>

#include "reader.hpp"

namespace lowp::tool {

using nlohmann::json;

void reader::lines() {
  std::vector<std::string_view> fields;
  for (std::string_view line; data_line(line);) {
    if (line[0] == '@') continue;  // an address of a memory dump
    const vector_claim& v = claim();
    fields.clear();
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find_first_of(" _", begin), line.size());
      if (end == begin) fail("two blanks in a row, or one at an end; one stands between fields");
      fields.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    // A memory that was dumped has the fields of a word without anything between.
    std::size_t digits = 0;
    for (const vector_column& c : v.columns)
      digits += static_cast<std::size_t>(c.digits()) * c.data.count;
    if (fields.size() == 1 && codes_of(v) > 1 && line.size() == digits) {
      fields.clear();
      std::size_t begin = 0;
      for (const vector_column& c : v.columns) {
        for (std::size_t k = 0; k < c.data.count; ++k) {
          fields.push_back(line.substr(begin, static_cast<std::size_t>(c.digits())));
          begin += fields.back().size();
        }
      }
    }
    row(v, fields.size(), true, [&](std::size_t i) { return fields[i]; });
  }
}

void reader::csv() {
  std::vector<std::string_view> fields;
  const vector_claim* v = nullptr;
  for (std::string_view line; data_line(line);) {
    const bool names = announced_.has_value() || v == nullptr;
    v = &claim();
    fields.clear();
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find(',', begin), line.size());
      fields.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    if (names) {
      std::size_t i = 0;
      for (const vector_column& c : v->columns) {
        for (std::size_t k = 0; k < c.data.count; ++k, ++i) {
          const std::string name = code_name({c.data}, k);
          if (i < fields.size() && fields[i] == name) continue;
          fail(fmt::format("column {} is '{}', '{}' has {} there", i + 1,
                           i < fields.size() ? shown(fields[i]) : "", v->text, name));
        }
      }
      if (i != fields.size()) fail(fmt::format("column {} is one too many", i + 1));
      continue;
    }
    row(*v, fields.size(), false, [&](std::size_t i) {
      const bool prefix = fields[i].substr(0, 2) == "0x" || fields[i].substr(0, 2) == "0X";
      return fields[i].substr(prefix ? 2 : 0);
    });
  }
}

void reader::json_lines() {
  for (std::string_view line; in_.line(line);) {
    ++place_;
    if (line.empty()) continue;
    const json value = object(line);
    if (value.contains("lowp")) {
      announced_ = section_of(value);
      continue;
    }
    if (value.contains("coverage")) continue;
    const vector_claim& v = claim();
    std::vector<std::string> texts;
    for (const vector_column& c : v.columns) {
      const auto found = value.find(c.data.name);
      if (found == value.end()) fail(fmt::format("\"{}\" is missing", c.data.name));
      const bool many = c.data.count != 1;
      if (many != found->is_array() || (many && found->size() != c.data.count)) {
        fail(fmt::format("\"{}\" is not {}", c.data.name,
                         many ? fmt::format("an array of {}", c.data.count) : "one code"));
      }
      for (std::size_t k = 0; k < c.data.count; ++k) {
        const json& text = many ? (*found)[k] : *found;
        if (!text.is_string()) fail(fmt::format("\"{}\" is no text", code_name({c.data}, k)));
        texts.push_back(text.get<std::string>());
      }
    }
    if (value.size() != v.columns.size()) {
      fail(fmt::format("{} members, '{}' has {}: {}", value.size(), v.text, v.columns.size(),
                       column_names(v)));
    }
    row(v, texts.size(), false, [&](std::size_t i) { return std::string_view(texts[i]); });
  }
}

}  // namespace lowp::tool
