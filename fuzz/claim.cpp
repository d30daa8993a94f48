// SPDX-License-Identifier: Apache-2.0
#include "claim.hpp"

#include <utility>

#include <fmt/format.h>

namespace lowp::tool {

namespace {

// The field that holds a code, and the code's place in it.
std::pair<const field*, std::size_t> find(const std::vector<field>& fields, std::size_t place) {
  const field* f = fields.data();
  for (; place >= f->count; ++f) place -= f->count;
  return {f, place};
}

}  // namespace

std::size_t code_count(const std::vector<field>& fields) {
  std::size_t n = 0;
  for (const field& f : fields) n += f.count;
  return n;
}

int bit_count(const std::vector<field>& fields) {
  std::size_t n = 0;
  for (const field& f : fields) n += f.count * static_cast<std::size_t>(f.of.width);
  return static_cast<int>(n);
}

std::string code_name(const std::vector<field>& fields, std::size_t place) {
  const auto [f, i] = find(fields, place);
  return f->count == 1 ? f->name : fmt::format("{}[{}]", f->name, i);
}

format code_format(const std::vector<field>& fields, std::size_t place) {
  return find(fields, place).first->of;
}

}  // namespace lowp::tool
