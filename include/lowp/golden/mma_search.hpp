// SPDX-License-Identifier: Apache-2.0
/// \file
/// The search for the model of a matrix unit of minifloats: questions about one product, then about
/// many, then new ones until no answer surprises; in the end those that tell the found model from
/// its neighbours. spec/diagnosis.md DIA-9.
#ifndef LOWP_GOLDEN_MMA_SEARCH_HPP
#define LOWP_GOLDEN_MMA_SEARCH_HPP

#include <algorithm>
#include <utility>

#include "mma_fit.hpp"
#include "mma_normal_form.hpp"
#include "mma_settings.hpp"
#include "mma_shapes.hpp"

namespace lowp::golden {

class mma_searcher {
 public:
  using result = mma_fitter::result;

  mma_searcher(const mma_question& q, const black_box& box, std::uint64_t seed, int cases)
      : q_(q), box_(box), cases_(cases), random_(seed), prober_(q), fitter_(q, answers_) {}

  /// The model that explains most, and how many of the cases asked it does not.
  result run() {
    begin();
    refine();
    if (guesses_.front().wrong != 0) widen();
    for (int round = 0; round < most_rounds; ++round) {
      if (guesses_.front().wrong != 0) refine();
      if (guesses_.front().wrong != 0 || !settle()) break;
    }
    examine();
    return guesses_.front();
  }
  /// Every answer that the model is held to: those that told guesses apart, and some others.
  const std::vector<mma_answer>& answers() const { return answers_; }

  /// New cases of all kinds, not asked.
  std::vector<mma_answer> fresh(int n) {
    std::vector<mma_answer> out;
    make(out, 0, mma_aims, false, n);
    return out;
  }

 private:
  bool has(mma_aim aim) const { return aim != mma_aim::scales || q_.scale_block != 0; }
  void make(std::vector<mma_answer>& to, int first_aim, int last_aim, bool single, int n) {
    for (int a = first_aim; a < last_aim; ++a) {
      const auto aim = static_cast<mma_aim>(a);
      if (!has(aim)) continue;
      for (int i = 0; i < n; ++i) {
        to.push_back({aim, single, prober_.make(aim, random_, single), 0});
      }
    }
  }
  void ask_all(std::vector<mma_answer>& cases, std::size_t first) { ask(box_, cases, first); }

  /// The first questions; a guess for each way of adding that they leave.
  void begin() {
    make(answers_, 0, mma_single_aims, true, 64);
    ask_all(answers_, 0);
    std::vector<result> fits;
    for (const mma_guess& g : mma_beginnings(q_)) fits.push_back(fitter_.fit(g, true, false));
    std::stable_sort(fits.begin(), fits.end(), better);
    const std::size_t first = answers_.size();
    make(answers_, static_cast<int>(mma_aim::low), mma_single_aims, false, 32);
    make(answers_, mma_single_aims, mma_aims, false, 64);
    ask_all(answers_, first);
    // The best shape of each beginning, and all that are about as good as the best of all.
    std::vector<result> best, others;
    for (const result& fit : fits) {
      if (fit.wrong > 2 * fits.front().wrong + 40) continue;
      const std::vector<result> all = shapes(fit.guess);
      best.push_back(all.front());
      others.insert(others.end(), all.begin() + 1, all.end());
    }
    const std::size_t least = std::min_element(best.begin(), best.end(), better)->wrong;
    std::erase_if(others, [&](const result& x) { return x.wrong > 2 * least + 16; });
    best.insert(best.end(), others.begin(), others.end());
    for (const result& x : best) add(fitter_.fit(x.guess, false, false));
    sort_guesses();
  }
  /// Asks until no answer surprises, or nothing helps.
  void refine() {
    int stuck = 0;  // rounds that ended with answers unexplained
    for (int round = 0; round < most_rounds; ++round) {
      const bool surprised = challenge();
      result& best = guesses_.front();
      if (!surprised && best.wrong == 0) return;
      stuck = best.wrong == 0 ? 0 : stuck + 1;
      if (stuck > 4) return;
      if (stuck % 3 == 2) best = fitter_.fit(best.guess, false, true);
    }
  }
  /// Begins again, with all answers: each way of adding gets its best shape and is mended
  /// thoroughly.
  void widen() {
    for (const mma_guess& g : mma_beginnings(q_)) {
      for (const result& x : shapes(fitter_.fit(g, true, true).guess)) {
        add(fitter_.fit(x.guess, false, true));
        if (guesses_.back().wrong == 0) break;
      }
    }
    sort_guesses();
  }
  static bool better(const result& x, const result& y) { return x.wrong < y.wrong; }
  void add(const result& r) {
    const mma_model form = normal_form(r.guess.model);
    for (const result& known : guesses_) {
      if (normal_form(known.guess.model) == form) return;
    }
    guesses_.push_back(r);
  }
  void sort_guesses() {
    std::stable_sort(guesses_.begin(), guesses_.end(), better);
    while (guesses_.size() > 1 && (guesses_.size() > most_guesses ||
                                   guesses_.back().wrong > 4 * guesses_.front().wrong + 24)) {
      guesses_.pop_back();
    }
  }

  /// Of each way of adding the grouping and order that explain most of the cases made to show
  /// them; ways that are much worse than the best are left out.
  std::vector<result> shapes(const mma_guess& fit) {
    using enum mma_aim;
    const auto all = fitter_.cases(detail::aims_of(triple, crumbs, ties, dense, spread), false);
    std::vector<std::size_t> sample;  // mixed: a wrong one shall fail early
    for (std::size_t first = 0; first < 64; ++first) {
      for (std::size_t i = first; i < all.size(); i += 64) sample.push_back(all[i]);
    }
    std::vector<result> out;
    std::size_t most = sample.size();
    for (const mma_guess& g : mma_shapes_of(fit)) {
      const auto same_way = [&](const result& r) {
        const mma_model &x = r.guess.model, &y = g.model;
        return x.sum == y.sum && x.entry == y.entry && x.chains == y.chains;
      };
      const auto known = std::find_if(out.begin(), out.end(), same_way);
      if (known != out.end() && known->wrong == 0) continue;
      const std::size_t limit = known == out.end() ? most : std::min(most, known->wrong - 1);
      const std::size_t n = fitter_.wrong(g, sample, limit);
      if (n > limit) continue;
      most = std::min(most, 2 * n + 16);
      if (known == out.end()) {
        out.push_back({g, n});
      } else {
        *known = {g, n};
      }
    }
    std::erase_if(out, [&](const result& r) { return r.wrong > most; });
    std::stable_sort(out.begin(), out.end(), better);
    return out;
  }

  /// Asks new questions; whether one of the answers is not as the best guess has it.
  bool challenge() {
    std::vector<mma_answer> fresh = this->fresh(cases_ / mma_aims / 4);
    ask_all(fresh, 0);
    bool surprised = false;
    std::vector<std::size_t> taken(mma_aims);
    std::size_t others = 0;
    for (mma_answer& x : fresh) {
      bool doubtful = false;
      for (std::size_t g = 0; g < guesses_.size(); ++g) {
        if (fitter_.explains(guesses_[g].guess, x)) continue;
        doubtful = true;
        surprised = surprised || g == 0;
      }
      if (doubtful ? ++taken[static_cast<std::size_t>(x.aim)] <= 12 : others++ % 16 == 0)
        answers_.push_back(std::move(x));
    }
    judge();
    return surprised;
  }

  /// How good the guesses are by all answers; where none explains them each is mended.
  void judge() {
    const auto all = fitter_.cases(~0u, false);
    for (result& g : guesses_) g.wrong = fitter_.wrong(g.guess, all, all.size());
    std::stable_sort(guesses_.begin(), guesses_.end(), better);
    if (guesses_.front().wrong != 0) {
      for (result& g : guesses_) g = fitter_.fit(g.guess, false, false);
    }
    sort_guesses();
  }

  /// Holds the model found to cases that had no part in finding it. All their answers count.
  void examine() {
    const std::size_t first = answers_.size();
    for (mma_answer& x : fresh(cases_ / mma_aims / 4)) answers_.push_back(std::move(x));
    ask_all(answers_, first);
    result& best = guesses_.front();
    const bool explained = best.wrong == 0;
    best.wrong = fitter_.wrong(best.guess, fitter_.cases(~0u, false), answers_.size());
    if (explained && best.wrong != 0) best = fitter_.fit(best.guess, false, true);
  }

  /// Models that explain all answers, too, but are not the best guess: the other guesses, and those
  /// that differ from it in one respect.
  struct rival {
    mma_guess guess;
    std::uint32_t aims;  ///< that tell it from the best guess
  };
  std::vector<rival> rivals(const mma_guess& best) {
    std::vector<rival> out;
    std::vector<mma_model> known{normal_form(best.model)};
    for (const mma_guess& g : alike_) known.push_back(g.model);
    const std::vector<std::size_t> all = fitter_.cases(~0u, false);
    const auto add = [&](const mma_guess& g, std::uint32_t aims) {
      const mma_model form = normal_form(g.model);
      if (std::find(known.begin(), known.end(), form) != known.end()) return;
      if (fitter_.wrong(g, all, 0) != 0) return;
      known.push_back(form);
      out.push_back({{form}, aims});
    };
    for (std::size_t i = 1; i < guesses_.size(); ++i) add(guesses_[i].guess, ~0u);
    for (const mma_direction& d : mma_directions()) {
      mma_alternatives alternatives(q_, best);
      d.alternatives(alternatives);
      for (const mma_guess& g : alternatives.all) add(g, d.sharp);
    }
    return out;
  }

  /// Looks for cases that tell rivals from the best guess, among all kinds and, longer, among those
  /// made for each; up to three for one. Those that none tells go to `alike_`.
  void tell_apart(const mma_guess& best, const std::vector<rival>& rivals) {
    std::vector<int> told(rivals.size());
    const auto compare = [&](mma_answer x, std::uint32_t aims) {
      const code_t expected = fitter_.result_of(best, x);
      bool tells = false;
      for (std::size_t r = 0; r < rivals.size(); ++r) {
        if (told[r] >= (aims == 0 ? 3 : 1) || (aims != 0 && (aims & rivals[r].aims) == 0)) continue;
        if (fitter_.result_of(rivals[r].guess, x) == expected) continue;
        ++told[r];
        tells = true;
      }
      if (tells) answers_.push_back(std::move(x));
    };
    for (mma_answer& x : fresh(cases_ / mma_aims / 4)) compare(std::move(x), 0);
    std::uint32_t wanted = 0;
    for (std::size_t r = 0; r < rivals.size(); ++r) wanted |= told[r] == 0 ? rivals[r].aims : 0;
    for (int a = 0; a < mma_aims; ++a) {
      const auto aim = static_cast<mma_aim>(a);
      if ((wanted >> a & 1) == 0 || !has(aim)) continue;
      for (int i = 0; i < cases_ / 10; ++i) {
        compare({aim, false, prober_.make(aim, random_, false), 0}, 1u << a);
      }
    }
    for (std::size_t r = 0; r < rivals.size(); ++r) {
      if (told[r] == 0) alike_.push_back(rivals[r].guess);
    }
  }

  /// Asks what tells the best guess from its rivals; whether that changed anything. Of those that
  /// nothing tells apart the simplest is taken.
  bool settle() {
    mma_guess& best = guesses_.front().guess;
    best.model = normal_form(best.model);
    if (settled_ != best) alike_.clear();
    settled_ = best;
    const std::vector<rival> all = rivals(best);
    const std::size_t first = answers_.size();
    tell_apart(best, all);
    if (answers_.size() != first) {
      ask_all(answers_, first);
      guesses_.resize(1);
      for (const rival& r : all) guesses_.push_back({r.guess});
      for (result& g : guesses_) g.wrong = fitter_.wrong(g.guess, fitter_.cases(~0u, false), 99);
      std::stable_sort(guesses_.begin(), guesses_.end(), better);
      if (guesses_.size() > 2 * most_guesses) guesses_.resize(2 * most_guesses);
      if (guesses_.front().wrong != 0) {
        guesses_.front() = fitter_.fit(guesses_.front().guess, false, true);
      }
      return true;
    }
    const auto simplest =
        std::min_element(alike_.begin(), alike_.end(), [](const mma_guess& x, const mma_guess& y) {
          return settings(x.model) < settings(y.model);
        });
    if (simplest == alike_.end() || settings(simplest->model) >= settings(best.model)) return false;
    best = *simplest;
    return true;
  }
  static constexpr std::size_t most_guesses = 8;
  static constexpr int most_rounds = 12;
  mma_question q_;
  black_box box_;
  int cases_;
  mma_random random_;
  mma_prober prober_;
  std::vector<mma_answer> answers_;
  mma_fitter fitter_;
  std::vector<result> guesses_;   ///< the best first
  std::vector<mma_guess> alike_;  ///< to `settled_`, in normal form
  mma_guess settled_;
};

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_SEARCH_HPP
