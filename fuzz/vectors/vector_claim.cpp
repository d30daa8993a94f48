// SPDX-License-Identifier: Apache-2.0
#include "vector_claim.hpp"

#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "../parse_claim.hpp"
#include "function_names.hpp"

namespace lowp::tool {

namespace {

// The flags of the same operation, where it has any.
std::optional<golden_model> flags_of(const golden_model& model) {
  if (const auto* m = std::get_if<arithmetic_model>(&model); m != nullptr && m->flags == 0) {
    arithmetic_model of = *m;
    of.flags = golden::row_flags;
    return of;
  }
  const auto* rule = std::get_if<conversion_rule>(&model);
  if (rule == nullptr || rounds_twice(*rule) || is_stochastic(rule->last.round)) return {};
  arithmetic_model of{rule->origin.source, operation::copy, {rule->from}, rule->to, rule->last};
  of.flags = golden::row_flags;
  return of;
}

void add_flags(claim& c, const golden_model& flags) {
  c.golden = [result = std::move(c.golden), of = claim_of(flags).golden, n = code_count(c.out)](
                 const code_t* o, code_t* r) {
    result(o, r);
    of(o, r + n);
  };
  c.out.push_back({"flags", formats::uint8});
}

void add_columns(std::vector<vector_column>& out, const std::vector<field>& fields, bool results,
                 bool random) {
  std::size_t place = 0;
  for (const field& f : fields) {
    if (f.count != 0 && f.random == random) out.push_back({f, place, results});
    place += f.count;
  }
}

}  // namespace

vector_claim make_vector_claim(const std::vector<std::string>& words, flags_choice flags) {
  // One blank between words: the text stands in remarks and headers.
  std::istringstream in(fmt::format("{}", fmt::join(words, " ")));
  std::string text;
  in >> text;
  const bool by_name = is_function_name(text);
  if (by_name) text = claim_of_function(text);
  for (std::string word; in >> word;) text += " " + word;
  parsed_claim parsed = parse_claim(text);
  if (parsed.open) {
    throw usage_error(fmt::format("'{}' leaves the behaviour open: there are no results", text));
  }
  vector_claim v{std::move(text), std::move(parsed.model), {}, {}, {}};
  if (flags == flags_choice::yes || (flags == flags_choice::by_name && by_name)) {
    v.flags = flags_of(v.model);
  }
  if (flags == flags_choice::yes && !v.flags) {
    throw usage_error(
        fmt::format("--flags: '{}' has none: only arithmetic and conversions in one "
                    "rounding, not stochastic, have",
                    v.text));
  }
  v.functions = claim_of(v.model);
  // True or false is one digit, as TestFloat has it.
  if (std::holds_alternative<comparison_model>(v.model)) {
    v.functions.out[0].of = integer_format(1, false);
  }
  if (v.flags) add_flags(v.functions, *v.flags);
  add_columns(v.columns, v.functions.in, false, false);
  add_columns(v.columns, v.functions.in, false, true);
  add_columns(v.columns, v.functions.out, true, false);
  return v;
}

}  // namespace lowp::tool
