// SPDX-License-Identifier: Apache-2.0
#include "explain_rows.hpp"

#include <memory>
#include <variant>

#include "diagnose.hpp"
#include "minimise.hpp"

namespace lowp::tool {

namespace {

bool to_be_explained(const row_result& row) {
  const auto* c = std::get_if<std::shared_ptr<const claim>>(&row.row->model);
  const bool audited = c != nullptr && (*c)->own_random;
  return row.failure.empty() && !row.unsteady && (row.mismatches != 0 || audited);
}

// Causes of what was found, and what no single case shows; examples as small as can be.
void explain_row(row_result& row, std::uint64_t seed, bool maps) {
  if (row.first && !row.complete && row.row->known.empty()) {
    row.first = minimise(*row.row, *row.first);
  }
  try {
    row.findings = diagnose(*row.row, seed);
    if (maps && row.first) row.map = map_outcomes(*row.row, seed);
  } catch (const implementation_failure& e) {
    row.failure = e.what();
  }
}

}  // namespace

void add_findings(std::vector<row_result>& rows, std::uint64_t seed, bool maps, team& ranks) {
  std::vector<row_result*> chosen;
  for (row_result& row : rows) {
    if (to_be_explained(row)) chosen.push_back(&row);
  }
  for (std::size_t i = ranks.rank(); i < chosen.size(); i += ranks.size()) {
    explain_row(*chosen[i], seed, maps);
  }
  collect_results(ranks, chosen);
  share_results(ranks, rows);
}

}  // namespace lowp::tool
