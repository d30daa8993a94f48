// SPDX-License-Identifier: Apache-2.0
// lowp rules: what conversions of vendors and libraries return.
#include <sstream>
#include <string>

#include <fmt/format.h>

#include <lowp/hardware/all_rules.hpp>

#include "format_names.hpp"
#include "projection_words.hpp"
#include "registry_command.hpp"

namespace lowp::tool {

namespace {

std::string formats_text(const conversion_rule& rule) {
  const std::string via = rounds_twice(rule) ? " > " + format_text(rule.via) : "";
  return format_text(rule.from) + via + " > " + format_text(rule.to);
}

// The members that are not the default, as a claim has them.
std::string policy_text(const projection& p) {
  const std::string text = projection_words(p);
  return text.empty() ? "default" : text;
}

// Those of the first step begin with "via.".
std::string steps_text(const conversion_rule& rule) {
  std::string text = policy_text(rule.last);
  std::istringstream first(rounds_twice(rule) ? projection_words(rule.first) : "");
  for (std::string word; first >> word;) text += " via." + word;
  return text;
}

listing all_rows() {
  using namespace shown;
  listing l{{{.key = "rule"},
             {.key = "formats", .where = in_tables, .wraps = true},
             {.key = "from", .where = in_full},
             {.key = "via", .where = in_full},
             {.key = "to", .where = in_full},
             {.key = "evidence", .where = in_full},
             {.key = "projection", .wraps = true},
             {.key = "policy", .where = in_full, .is_name = true},
             {.key = "vendor", .where = in_full},
             {.key = "notes", .where = in_full},
             {.key = "source", .where = in_full}},
            {}};
  for (const conversion_rule& rule : all_conversion_rules) {
    l.rows.push_back({rule.name, formats_text(rule), format_text(rule.from),
                      rounds_twice(rule) ? cell{format_text(rule.via)} : cell{},
                      format_text(rule.to), name(rule.origin.mark), steps_text(rule),
                      rule.origin.policy, rule.origin.vendor, rule.notes, rule.origin.source});
  }
  for (const named_projection& policy : all_policies) {
    l.rows.push_back({policy.name,
                      "any > any",
                      "any",
                      {},
                      "any",
                      {},
                      policy_text(policy.value),
                      {},
                      {},
                      {},
                      policy.source});
  }
  return l;
}

}  // namespace

void add_rules_command(CLI::App& app, int& status) {
  add_registry_command(app, status,
                       {.command = "rules",
                        .row = "rule",
                        .description = "List conversion rules of vendors, libraries and standards",
                        .rows = all_rows});
}

}  // namespace lowp::tool
