// SPDX-License-Identifier: Apache-2.0
// lowp claims: what an implementation can be held to.
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "command.hpp"
#include "parse_claim.hpp"
#include "projection_words.hpp"

namespace lowp::tool {

namespace {

std::string fields_text(const std::vector<field>& fields) {
  std::string text;
  for (const field& f : fields) {
    if (f.count == 0) continue;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", f.name);
    if (f.count != 1) text += fmt::format("[{}]", f.count);
    text += ": " + format_name(f.of);
  }
  return text;
}

// The claims with their examples, or what one claim means.
int claims_command(const std::optional<std::string>& claim) {
  if (!claim) {
    for (const claim_kind& k : claim_kinds()) {
      fmt::print("{}\n    {}\n    example: {}\n", k.grammar, k.meaning, k.example);
    }
    fmt::print(
        "\nA last word \"?\" leaves the behaviour open: lowp identify infers it, verify refuses "
        "it.\nlowp claims \"CLAIM\" shows what one means.\n\nMEMBER=VALUE, the default first "
        "(meanings: include/lowp/projection.hpp):\n");
    for (const std::string& member : projection_member_names()) {
      fmt::print("  {}={}\n", member, fmt::join(projection_member_values(member), "|"));
    }
    fmt::print(
        "Stochastic rounding adds the leading random_bits of what is discarded to that many random "
        "bits\n(the lowest or highest of a word of 32, random_from); a carry rounds away from "
        "zero. "
        "With random=own\nany generator will do: one of the two neighbours must come out, as often "
        "as it should.\n");
    return exit_fine;
  }
  const parsed_claim p = parse_claim(*claim);
  fmt::print("operation  {}{}\nsource     {}\noperands   {}\nresults    {}\n",
             operation_text(p.model), p.open ? " (behaviour left open)" : "", model_source(p.model),
             fields_text(operand_fields(p.model)), fields_text(result_fields(p.model)));
  return exit_fine;
}

}  // namespace

void add_claims_command(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand(
             "claims",
             "List what an implementation can claim to compute, or show what a claim means")
          ->group(group_check);
  const auto claim = std::make_shared<std::optional<std::string>>();
  command->add_option("CLAIM", *claim, "One claim, in quotes");
  on_run(app, *command, status, [claim] { return claims_command(*claim); });
}

}  // namespace lowp::tool
