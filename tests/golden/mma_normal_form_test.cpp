// SPDX-License-Identifier: Apache-2.0
/// \file
/// The normal form of a model gives the same results: of registered models, and of such with up to
/// three members changed.
#include "golden/identify_mma_checks.hpp"

TEST_CASE("MMA-1 the normal form of a model is the same arithmetic") {
  using namespace identify_mma;
  std::vector<mma_model> known;
  mma_random random(5);
  int compared = 0;
  for (const named_mma_model& row : all_mma_models) {
    if (std::find(known.begin(), known.end(), row.value) != known.end()) continue;
    known.push_back(row.value);
    if (row.value.k > 64 || row.value.sum == mma_sum::integer) continue;
    const mma_question q = question_of(row.value);
    for (int variant = 0; variant < 8; ++variant) {
      mma_guess g{row.value};
      for (int step = 0; step < variant % 4; ++step) {
        const auto& all = mma_directions();
        mma_alternatives out(q, g);
        all[static_cast<std::size_t>(random.below(static_cast<int>(all.size())))].alternatives(out);
        if (out.all.empty()) continue;
        g = out.all[static_cast<std::size_t>(random.below(static_cast<int>(out.all.size())))];
      }
      const mma_guess form{normal_form(g.model)};
      INFO(std::string(row.name), " ", text(g.model), "\nnormal", text(form.model));
      REQUIRE(check(form.model) == mma_error::none);
      CHECK(normal_form(form.model) == form.model);
      if (form == g) continue;
      CHECK(differences(g, form, 300, random.next()) == 0);
      ++compared;
    }
  }
  MESSAGE(compared, " models compared with their normal forms");
  CHECK(compared > 500);
}
