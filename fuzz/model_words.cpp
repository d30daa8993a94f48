// SPDX-License-Identifier: Apache-2.0
#include "model_words.hpp"

#include <fmt/format.h>

#include <lowp/hardware/mma/mma_members.hpp>

#include "format_names.hpp"
#include "projection_words.hpp"

namespace lowp::tool {

namespace {

std::string member_text(const mma_member& m) {
  switch (m.kind) {
    case mma_member_kind::enumerator:
    case mma_member_kind::boolean: return fmt::format("{}={}", m.name, m.value);
    case mma_member_kind::number: return fmt::format("{}={}", m.name, m.number);
    case mma_member_kind::format: return fmt::format("{}={}", m.name, format_text(m.f));
    case mma_member_kind::projection: break;
  }
  return fmt::format("{}: {}", m.name, projection_words(m.p));
}

}  // namespace

std::vector<std::string> model_words(const mma_model& m) {
  std::vector<std::string> changed;
  for (const mma_member& member : members(m)) {
    if (!member.is_default) changed.push_back(member_text(member));
  }
  return changed;
}

}  // namespace lowp::tool
