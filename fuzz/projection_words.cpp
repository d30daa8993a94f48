// SPDX-License-Identifier: Apache-2.0
#include "projection_words.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include <lowp/projection_members.hpp>

#include "suggest.hpp"
#include "usage_error.hpp"

namespace lowp::tool {

namespace {

// Enumerators are numbered from 0 without gaps.
template <class Enum>
std::vector<std::string> values_of(Enum) {
  std::vector<std::string> known;
  for (int i = 0; std::strcmp(name(static_cast<Enum>(i)), "unknown") != 0; ++i) {
    known.push_back(name(static_cast<Enum>(i)));
  }
  return known;
}
constexpr int greatest = 32;
std::vector<std::string> values_of(bool) { return {"false", "true"}; }
std::vector<std::string> values_of(std::uint8_t) { return {fmt::format("0 to {}", greatest)}; }

template <class Enum>
void read(Enum& member, std::string_view key, std::string_view value) {
  const std::vector<std::string> known = values_of(member);
  const auto at = std::find(known.begin(), known.end(), value);
  if (at != known.end()) {
    member = static_cast<Enum>(at - known.begin());
    return;
  }
  throw usage_error(fmt::format("{}: '{}' is none of {}{}", key, value, fmt::join(known, ", "),
                                nearest_text(value, known)));
}

void read(bool& member, std::string_view key, std::string_view value) {
  if (value != "true" && value != "false") {
    throw usage_error(fmt::format("{}: '{}' is neither true nor false", key, value));
  }
  member = value == "true";
}

void read(std::uint8_t& member, std::string_view key, std::string_view value) {
  int number = -1;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size() || number < 0 ||
      number > greatest) {
    throw usage_error(fmt::format("{}: '{}' is no integer from 0 to {}", key, value, greatest));
  }
  member = static_cast<std::uint8_t>(number);
}

// Calls use(member) for the member of that name; false if there is none.
template <class Use>
bool with_member(projection& p, std::string_view name, const Use& use) {
  auto& [round, overflow, no_infinity, no_infinity_sign, nan, nan_sign, negative, no_zero,
         zero_sign, subnormal_input, flush_subnormal_result, tininess, overflow_before_rounding,
         odd_overflows, random_bits, random_from, rules] = p;
  const std::vector<std::string> names = projection_member_names();
  std::size_t k = 0;
  bool found = false;
  // In the order of `members`, so that names are written in one place.
  const auto member = [&](auto& m) {
    if (names[k++] != name) return;
    use(m);
    found = true;
  };
  member(round), member(overflow), member(no_infinity), member(no_infinity_sign), member(nan);
  member(nan_sign), member(negative), member(no_zero), member(zero_sign), member(subnormal_input);
  member(flush_subnormal_result), member(tininess), member(overflow_before_rounding);
  member(odd_overflows), member(random_bits), member(random_from), member(rules);
  return found;
}

}  // namespace

std::vector<std::string> projection_member_names() {
  std::vector<std::string> out;
  for (const projection_member& m : members(projection{})) out.push_back(m.name);
  return out;
}

std::vector<std::string> projection_member_values(std::string_view name) {
  projection p;
  std::vector<std::string> out;
  with_member(p, name, [&](auto& member) { out = values_of(member); });
  return out;
}

void set_member(projection& p, std::string_view name, std::string_view value) {
  if (with_member(p, name, [&](auto& member) { read(member, name, value); })) return;
  throw usage_error(fmt::format("no part of a projection is named '{}'{}", name,
                                nearest_text(name, projection_member_names())));
}

std::string projection_words(const projection& p) {
  std::string out;
  for (const projection_member& m : members(p)) {
    if (m.is_default) continue;
    if (!out.empty()) out += ' ';
    out += m.value != nullptr ? fmt::format("{}={}", m.name, m.value)
                              : fmt::format("{}={}", m.name, m.number);
  }
  return out;
}

}  // namespace lowp::tool
