// SPDX-License-Identifier: Apache-2.0
#include "function_names.hpp"

#include <vector>

#include <fmt/format.h>

#include "../format_names.hpp"
#include "../operation_names.hpp"
#include "../parse_claim.hpp"
#include "../suggest.hpp"

namespace lowp::tool {

namespace {

struct alias {
  const char* name;
  const char* meaning;
};
constexpr alias relations[] = {
    {"eq", "compare equal"}, {"le", "compare less_equal"}, {"lt", "compare less"}};
constexpr alias integers[] = {{"i8", "int8"},     {"ui8", "uint8"},  {"i16", "int16"},
                              {"ui16", "uint16"}, {"i32", "int32"},  {"ui32", "uint32"},
                              {"i64", "int64"},   {"ui64", "uint64"}};

std::string format_word(const std::string& word) {
  for (const alias& a : integers) {
    if (word == a.name) return a.meaning;
  }
  return word;
}

bool is_format(const std::string& word) {
  format f;
  return parse_format(format_word(word).c_str(), f);
}

// Empty if there is no such operation.
std::string operation_word(const std::string& word) {
  for (const alias& a : relations) {
    if (word == a.name) return a.meaning;
  }
  for (const named_operation& row : all_operations) {
    if (row.name == word || testfloat_name(row.value) == "F_" + word) return row.name;
  }
  return "";
}

}  // namespace

bool is_function_name(const std::string& word) {
  if (word.find('_') == std::string::npos || !operation_word(word).empty()) return false;
  for (const claim_kind& kind : claim_kinds()) {
    if (kind.parse != nullptr && std::string(kind.grammar).rfind(word + " ", 0) == 0) return false;
  }
  return true;
}

std::string claim_of_function(const std::string& name) {
  const std::string to = "_to_";
  if (const std::size_t at = name.find(to); at != std::string::npos) {
    const std::string from = format_word(name.substr(0, at));
    const std::string target = format_word(name.substr(at + to.size()));
    parse_format_argument(from);
    parse_format_argument(target);
    return fmt::format("convert {} {}", from, target);
  }
  std::vector<std::string> known;
  for (std::size_t at = name.find('_'); at != std::string::npos; at = name.find('_', at + 1)) {
    const std::string of = name.substr(0, at);
    if (!is_format(of)) continue;
    const std::string op = operation_word(name.substr(at + 1));
    if (!op.empty()) return fmt::format("{} {}", op, format_word(of));
    for (const alias& a : relations) known.push_back(fmt::format("{}_{}", of, a.name));
    for (const named_operation& row : all_operations) {
      known.push_back(of + testfloat_name(row.value).substr(1));
    }
  }
  throw usage_error(
      fmt::format("'{:.80}' is neither a kind of claim nor a function FORMAT_to_FORMAT or "
                  "FORMAT_OPERATION{}; lowp claims shows what can be claimed",
                  name, nearest_text(name, known)));
}

}  // namespace lowp::tool
