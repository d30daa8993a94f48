// SPDX-License-Identifier: Apache-2.0
/// \file
/// Finds the arithmetic of a matrix unit or a dot product of which only the results are known:
/// order and grouping, kept bits, roundings, subnormals, special values, as a model (spec/mma.md
/// MMA-1) and in words. spec/diagnosis.md DIA-8 ... DIA-11.
#ifndef LOWP_GOLDEN_IDENTIFY_MMA_HPP
#define LOWP_GOLDEN_IDENTIFY_MMA_HPP

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include <lowp/hardware/mma/all_mma_models.hpp>

#include "finding.hpp"
#include "mma_integers.hpp"
#include "mma_search.hpp"
#include "mma_words.hpp"

namespace lowp::golden {

struct mma_options {
  std::uint64_t seed = 1;  ///< of the cases
  /// A measure of the effort: where all goes well about half as many cases are asked, up to ten
  /// times as many where the unit is like no model.
  int cases = 20'000;
};

/// What was found out.
struct identified_mma {
  mma_guess guess;  ///< the model that explains most, and a fault beside it if there is one
  mma_model model;  ///< the same, as the registry writes it where it has it
  /// Registered units of this arithmetic: equal in all that their formats let matter.
  std::vector<std::string> names;
  /// Registered units that no case told from it, though their models are not proven to be the same.
  std::vector<std::string> not_told_apart;
  std::uint64_t cases = 0;       ///< answers that the model is held to
  std::uint64_t supporting = 0;  ///< of these, as the model has it
  std::vector<finding> unexplained;
  std::vector<std::string> words;
};

namespace detail {

inline void check_question(const mma_question& q) {
  const auto fail = [](const std::string& text) {
    throw std::invalid_argument("identify: " + text);
  };
  if (q.k < 1 || q.k > most_products) {
    fail("k is " + std::to_string(q.k) + ", it must be 1 to " + std::to_string(most_products));
  }
  if ((q.scale_block != 0) != (q.scale.width != 0)) {
    fail("scale and scale_block go together, scale_block is " + std::to_string(q.scale_block));
  }
  if (q.scale_block < 0 || (q.scale_block > 0 && q.k % q.scale_block != 0)) {
    fail("scale_block is " + std::to_string(q.scale_block) + ", it must divide k, " +
         std::to_string(q.k));
  }
  if (asks_integers(q)) {
    if (integer_guesses(q).empty()) {
      fail("integer formats: a and b must be integers of 2 to 16 bits, d of 2 to 32, c as d");
    }
  } else if (mma_beginnings(q).empty()) {
    fail(std::string("formats: ") + message(mma_error::formats));
  }
}

/// The answers that a guess does not explain, one finding for each kind of case. DIA-11.
inline std::vector<finding> unexplained_by(const mma_guess& g, const mma_question& q,
                                           const std::vector<mma_answer>& answers) {
  std::vector<finding> out(mma_aims);
  mma_runner run(q);
  for (const mma_answer& x : answers) {
    const code_t expected = run(g, x.codes.data());
    if (expected == x.result) continue;
    finding& f = out[static_cast<std::size_t>(x.aim)];
    if (f.cases++ != 0) continue;
    f.inputs = asks_integers(q) ? "integers" : text(x.aim);
    f.in = x.codes;
    f.expected = {expected};
    f.got = {x.result};
    char line[64];
    std::snprintf(line, sizeof line, "expected %llx, got %llx",
                  static_cast<unsigned long long>(expected),
                  static_cast<unsigned long long>(x.result));
    f.example = line;
  }
  std::erase_if(out, [](const finding& f) { return f.cases == 0; });
  return out;
}

/// Registered units that explain all answers; new cases, not asked, compare them with the guess.
/// DIA-10.
inline void find_names(identified_mma& r, const mma_question& q,
                       const std::vector<mma_answer>& answers,
                       const std::vector<mma_answer>& pool) {
  if (r.guess.saturating_run != 0) return;
  const mma_model form = normal_form(r.guess.model);
  mma_runner run(q);
  const auto alike = [&](const mma_guess& row) {
    for (const mma_answer& x : answers) {
      if (run(row, x.codes.data()) != x.result) return false;
    }
    for (const mma_answer& x : pool) {
      if (run(row, x.codes.data()) != run(r.guess, x.codes.data())) return false;
    }
    return true;
  };
  std::vector<std::pair<mma_model, bool>> known;  // rows often share a model
  for (const named_mma_model& row : all_mma_models) {
    if (question_of(row.value) != q) continue;
    if (normal_form(row.value) == form) {
      if (r.names.empty()) r.model = row.value;
      r.names.push_back(row.name);
      continue;
    }
    auto at = std::find_if(known.begin(), known.end(),
                           [&](const auto& k) { return k.first == row.value; });
    if (at == known.end()) at = known.insert(at, {row.value, alike({row.value})});
    if (at->second) r.not_told_apart.push_back(row.name);
  }
}

}  // namespace detail

/// Asks the black box, whose operands are those of one case in the order of `operand_count`, until
/// one model explains its answers and no other that is near does. Throws std::invalid_argument if
/// no model has such formats and lengths.
inline identified_mma identify(const mma_question& q, const black_box& box,
                               const mma_options& o = {}) {
  detail::check_question(q);
  identified_mma r;
  std::vector<mma_answer> answers, pool;
  if (asks_integers(q)) {
    const mma_fitter::result best = search_integers(q, box, o.seed, o.cases / 4, answers);
    r.guess = best.guess;
  } else {
    mma_searcher search(q, box, o.seed, o.cases);
    r.guess = search.run().guess;
    answers = search.answers();
    pool = search.fresh(o.cases / mma_aims);
  }
  r.cases = answers.size();
  r.model = r.guess.model;
  r.unexplained = detail::unexplained_by(r.guess, q, answers);
  r.supporting = r.cases;
  for (const finding& f : r.unexplained) r.supporting -= f.cases;
  if (r.unexplained.empty()) detail::find_names(r, q, answers, pool);
  r.words = words_of(r.guess);
  return r;
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_IDENTIFY_MMA_HPP
