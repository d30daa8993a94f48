// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a matrix unit answered, and the model that explains most of it: a search that changes one
/// respect of a guess after the other.
#ifndef LOWP_GOLDEN_MMA_FIT_HPP
#define LOWP_GOLDEN_MMA_FIT_HPP

#include <algorithm>
#include <utility>

#include "black_box.hpp"
#include "mma_directions.hpp"
#include "mma_probes.hpp"

namespace lowp::golden {

/// A case with its answer.
struct mma_answer {
  mma_aim aim = mma_aim::uniform;
  bool single = false;  ///< one product at most is not of zeros
  std::vector<code_t> codes;
  code_t result = 0;
};

/// Asks a black box many cases at once.
inline void ask(const black_box& box, std::vector<mma_answer>& cases, std::size_t first) {
  if (first == cases.size()) return;
  std::vector<code_t> in, out(cases.size() - first);
  for (std::size_t i = first; i < cases.size(); ++i) {
    in.insert(in.end(), cases[i].codes.begin(), cases[i].codes.end());
  }
  box(in, out);
  for (std::size_t i = first; i < cases.size(); ++i) cases[i].result = out[i - first];
}

/// The search on a set of answers.
class mma_fitter {
 public:
  mma_fitter(const mma_question& q, const std::vector<mma_answer>& answers)
      : q_(q), answers_(answers), run_(q) {}

  code_t result_of(const mma_guess& g, const mma_answer& x) { return run_(g, x.codes.data()); }
  bool explains(const mma_guess& g, const mma_answer& x) { return result_of(g, x) == x.result; }
  /// Cases that a guess does not explain, of those given; stops counting above `most`.
  std::size_t wrong(const mma_guess& g, const std::vector<std::size_t>& cases, std::size_t most) {
    std::size_t n = 0;
    for (const std::size_t i : cases) {
      if (!explains(g, answers_[i]) && ++n > most) break;
    }
    return n;
  }
  /// Numbers of the cases of some aims; of singles only, or all.
  std::vector<std::size_t> cases(std::uint32_t aims, bool single) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      if (single && !answers_[i].single) continue;
      if ((aims >> static_cast<int>(answers_[i].aim) & 1) != 0) out.push_back(i);
    }
    return out;
  }

  struct result {
    mma_guess guess;
    std::size_t wrong = 0;
  };

  /// From a guess to the best that changes of one respect at a time lead to.
  result fit(const mma_guess& start, bool single, bool thorough) {
    active_ = cases(~0u, single);
    state s = climb({start, {}, 0});
    while (thorough && s.count != 0) {
      state next = escape(s);
      if (next.count >= s.count) break;
      s = std::move(next);
    }
    return {s.guess, s.count};
  }

 private:
  struct state {
    mma_guess guess;
    std::vector<bool> is_wrong;  ///< by number of the case
    std::size_t count = 0;
  };
  /// An alternative and how many cases it does not explain.
  struct candidate {
    mma_guess guess;
    std::size_t wrong = 0;
  };

  void judge(state& s) {
    s.is_wrong.assign(answers_.size(), false);
    s.count = 0;
    for (const std::size_t i : active_) {
      if (explains(s.guess, answers_[i])) continue;
      s.is_wrong[i] = true;
      ++s.count;
    }
  }

  /// Sweeps over all directions: over the cases made for each, in the end over all cases.
  state climb(state s) {
    judge(s);
    bool every_aim = false;
    for (int sweep = 0; sweep < 12 && s.count != 0; ++sweep) {
      const std::size_t before = s.count;
      for (const mma_direction& d : mma_directions()) {
        if (s.count != 0) try_direction(s, d, every_aim ? ~0u : d.aims);
      }
      if (s.count != before) continue;
      if (every_aim) break;
      every_aim = true;
    }
    return s;
  }

  /// Steps that explain more of what is wrong, though they lose more elsewhere, and where they
  /// lead.
  state escape(const state& s) {
    const std::vector<std::size_t> bad = thin(wrong_cases(s, ~0u), 32);
    std::vector<candidate> steps;
    for (const mma_direction& d : mma_directions()) {
      mma_alternatives out(q_, s.guess);
      d.alternatives(out);
      candidate best{{}, bad.size()};
      for (const mma_guess& g : out.all) {
        const std::size_t n = wrong(g, bad, best.wrong);
        if (n < best.wrong) best = {g, n};
      }
      if (best.wrong < bad.size()) steps.push_back(best);
    }
    std::stable_sort(steps.begin(), steps.end(),
                     [](const candidate& x, const candidate& y) { return x.wrong < y.wrong; });
    if (steps.size() > 5) steps.resize(5);
    for (const candidate& step : steps) {
      state next = climb({step.guess, {}, 0});
      if (next.count < s.count) return next;
    }
    return s;
  }

  std::vector<std::size_t> wrong_cases(const state& s, std::uint32_t aims) const {
    std::vector<std::size_t> out;
    for (const std::size_t i : active_) {
      if (s.is_wrong[i] && (aims >> static_cast<int>(answers_[i].aim) & 1) != 0) out.push_back(i);
    }
    return out;
  }
  std::vector<std::size_t> right_cases(const state& s, std::uint32_t aims) const {
    std::vector<std::size_t> out;
    for (const std::size_t i : active_) {
      if (!s.is_wrong[i] && (aims >> static_cast<int>(answers_[i].aim) & 1) != 0) out.push_back(i);
    }
    return out;
  }
  static std::vector<std::size_t> thin(const std::vector<std::size_t>& from, std::size_t most) {
    if (from.size() <= most) return from;
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < most; ++i) out.push_back(from[i * from.size() / most]);
    return out;
  }

  /// Takes the best alternative in a direction, if it is better than the guess: ever more cases for
  /// ever fewer alternatives.
  void try_direction(state& s, const mma_direction& d, std::uint32_t aims) {
    const std::vector<std::size_t> bad = wrong_cases(s, aims);
    if (bad.empty()) return;
    const std::vector<std::size_t> good = right_cases(s, aims);
    mma_alternatives out(q_, s.guess);
    d.alternatives(out);
    std::vector<mma_guess> left = std::move(out.all);
    for (const std::size_t n : {std::size_t{24}, std::size_t{240}}) {
      std::vector<std::size_t> sample = thin(bad, n);
      const std::size_t now = sample.size();
      for (const std::size_t i : thin(good, n)) sample.push_back(i);
      left = best_of(left, sample, now - 1);
    }
    for (std::size_t i = 0; i < left.size() && i < 6; ++i) {
      if (wrong(left[i], active_, s.count - 1) >= s.count) continue;
      s.guess = left[i];
      judge(s);
      return;
    }
  }
  /// Those with the fewest wrong cases, at most `most`.
  std::vector<mma_guess> best_of(const std::vector<mma_guess>& all,
                                 const std::vector<std::size_t>& sample, std::size_t most) {
    std::vector<mma_guess> best;
    for (const mma_guess& g : all) {
      const std::size_t n = wrong(g, sample, most);
      if (n > most) continue;
      if (n < most) best.clear();
      most = n;
      best.push_back(g);
    }
    return best;
  }

  mma_question q_;
  const std::vector<mma_answer>& answers_;
  mma_runner run_;
  std::vector<std::size_t> active_;
};

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_FIT_HPP
