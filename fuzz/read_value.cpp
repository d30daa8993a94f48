// SPDX-License-Identifier: Apache-2.0
#include "read_value.hpp"

#include <fmt/format.h>

#include "code_text.hpp"
#include "usage_error.hpp"

namespace lowp::tool {

namespace {

bool looks_like_code(const std::string& text) {
  const bool binary = text.rfind("0b", 0) == 0 || text.rfind("0B", 0) == 0;
  const bool hex = text.rfind("0x", 0) == 0 || text.rfind("0X", 0) == 0;
  return binary || (hex && text.find_first_of(".pP") == std::string::npos);
}

}  // namespace

value_argument read_value(const char* argument, const format& f, const std::string& text) {
  const char* const first = text.data();
  const char* const last = first + text.size();
  const bool is_code = looks_like_code(text);
  const parsed p = is_code ? parse_code(first, last, f) : parse(first, last, f);
  if (p.ok()) return {p.code, is_code, is_code || !p.flags.has(status::inexact)};
  std::string rule = message(p.error);
  if (p.error == text_error::out_of_range) {
    rule +=
        fmt::format(", which is {} to {}", value_text(f, lowest(f)), value_text(f, max_finite(f)));
  }
  throw usage_error(fmt::format("{}: '{:.80}', character {}: {} (a code is written 0x... or 0b...)",
                                argument, text, p.position - first + 1, rule));
}

}  // namespace lowp::tool
