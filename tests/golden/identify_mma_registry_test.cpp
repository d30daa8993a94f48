// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every registered matrix unit is recognised from its results, or one that is proven equivalent:
/// equal normal forms, whose rules hold for all inputs, and no difference on 10^5 cases. Without
/// LOWP_EVERY_CASE in the environment some of them, and fewer cases.
#include <cstdlib>

#include "golden/identify_mma_checks.hpp"

TEST_CASE("DIA-9 DIA-10 MMA-13 identify finds every registered matrix unit") {
  using namespace identify_mma;
  const bool every = std::getenv("LOWP_EVERY_CASE") != nullptr;
  std::vector<mma_model> known;  // one of each normal form
  std::size_t tried = 0;
  for (const named_mma_model& row : all_mma_models) {
    const mma_model form = normal_form(row.value);
    if (std::find(known.begin(), known.end(), form) != known.end()) continue;
    known.push_back(form);
    if (form.sum == mma_sum::integer || (!every && known.size() % 24 != 1)) continue;
    ++tried;
    check_row(row, every ? 100'000 : 2000);
  }
  MESSAGE(tried, " of ", known.size(), " different models");
  CHECK(known.size() > 150);
}
