// SPDX-License-Identifier: Apache-2.0
/// \file
/// The search for the model of a matrix unit of minifloats: questions about one product, then about
/// many, then new ones until no answer surprises; in the end those that tell the found model from
/// its neighbours. spec/mma.md MMA-1.
#ifndef LOWP_GOLDEN_MMA_SEARCH_HPP
#define LOWP_GOLDEN_MMA_SEARCH_HPP

#include <algorithm>
#include <utility>

#include <lowp/hardware/mma/mma_members.hpp>

#include "mma_fit.hpp"
#include "mma_normal_form.hpp"
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
    int stuck = 0;  // rounds that ended with answers unexplained
    for (int round = 0; round < most_rounds; ++round) {
      const bool surprised = challenge();
      result& best = guesses_.front();
      if (!surprised && best.wrong == 0) break;
      stuck = best.wrong == 0 ? 0 : stuck + 1;
      if (stuck > 4) break;
      if (stuck % 3 == 2) best = fitter_.fit(best.guess, false, true);
    }
    for (int round = 0; round < most_rounds && guesses_.front().wrong == 0; ++round) {
      if (!settle()) break;
    }
    examine();
    return guesses_.front();
  }
  /// Every answer that the model is held to: those that told guesses apart, and some others.
  const std::vector<mma_answer>& answers() const { return answers_; }
  /// Other models that no case tells from the one found.
  const std::vector<mma_guess>& alike() const { return alike_; }

  /// New cases of all kinds, not asked.
  std::vector<mma_answer> fresh(int n) {
    std::vector<mma_answer> out;
    make(out, 0, mma_aims, false, n);
    return out;
  }
  mma_fitter& fitter() { return fitter_; }

 private:
  bool has(mma_aim aim) const {
    if (aim == mma_aim::scales) return q_.scale_block != 0;
    return true;
  }
  void make(std::vector<mma_answer>& to, int first_aim, int last_aim, bool single, int n) {
    for (int a = first_aim; a < last_aim; ++a) {
      const auto aim = static_cast<mma_aim>(a);
      if (!has(aim)) continue;
      for (int i = 0; i < n; ++i)
        to.push_back({aim, single, prober_.make(aim, random_, single), 0});
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
    for (const result& fit : fits) {
      if (fit.wrong > 2 * fits.front().wrong + 40) continue;
      for (const result& x : shapes(fit.guess)) add(fitter_.fit(x.guess, false, false));
    }
    sort_guesses();
  }
  static bool better(const result& x, const result& y) { return x.wrong < y.wrong; }
  void add(const result& r) {
    for (const result& known : guesses_) {
      if (known.guess == r.guess) return;
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

  /// The groupings and orders that explain most of the cases made to show them; two for each way.
  std::vector<result> shapes(const mma_guess& fit) {
    using enum mma_aim;
    const auto all = fitter_.cases(detail::aims_of(triple, crumbs, ties, dense, spread), false);
    std::vector<std::size_t> sample;  // mixed: a wrong one shall fail early
    for (std::size_t i = 0; i < all.size(); ++i) sample.push_back(all[i * 61 % all.size()]);
    std::vector<result> best;
    for (const mma_guess& g : mma_shapes_of(fit)) {
      const bool full = best.size() == most_compared;
      const std::size_t n = fitter_.wrong(g, sample, full ? best.back().wrong : sample.size());
      if (full && n >= best.back().wrong) continue;
      best.insert(std::upper_bound(best.begin(), best.end(), result{g, n}, better), {g, n});
      if (best.size() > most_compared) best.pop_back();
    }
    // Of those that are equally good only a few, but of each way one.
    std::vector<result> out;
    for (const result& r : best) {
      std::size_t alike = 0;
      for (const result& x : out) {
        alike +=
            x.guess.model.sum == r.guess.model.sum && x.guess.model.entry == r.guess.model.entry;
      }
      if (alike < most_shapes && r.wrong <= 2 * best.front().wrong + 16) out.push_back(r);
    }
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
    for (result& g : guesses_) g = fitter_.fit(g.guess, false, false);
    sort_guesses();
    return surprised;
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

  /// Looks longer for a case that tells a rival from the best guess, among those made for it.
  bool tell_apart(const mma_guess& best, const rival& r) {
    for (int i = 0; i < cases_ / 2; ++i) {
      const int a = random_.below(mma_aims);
      const auto aim = static_cast<mma_aim>(a);
      if ((r.aims >> a & 1) == 0 || !has(aim)) continue;
      mma_answer x{aim, false, prober_.make(aim, random_, false), 0};
      if (fitter_.result_of(best, x) == fitter_.result_of(r.guess, x)) continue;
      answers_.push_back(std::move(x));
      return true;
    }
    return false;
  }

  /// Asks what tells the best guess from its rivals; whether that changed anything. Of those that
  /// nothing tells apart the simplest is taken.
  bool settle() {
    mma_guess& best = guesses_.front().guess;
    best.model = normal_form(best.model);
    const std::vector<rival> all = rivals(best);
    const std::vector<mma_answer> pool = fresh(cases_ / mma_aims / 4);
    std::vector<code_t> expected;
    for (const mma_answer& x : pool) expected.push_back(fitter_.result_of(best, x));
    alike_.clear();
    const std::size_t first = answers_.size();
    for (const rival& r : all) {
      int differ = 0;
      for (std::size_t i = 0; i < pool.size() && differ < 3; ++i) {
        if (fitter_.result_of(r.guess, pool[i]) == expected[i]) continue;
        answers_.push_back(pool[i]);
        ++differ;
      }
      if (differ == 0 && !tell_apart(best, r)) alike_.push_back(r.guess);
    }
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
    std::swap(best, *simplest);
    return true;
  }
  /// Members that are not as usual: what a description has to mention.
  static int settings(const mma_model& m) {
    int n = 0;
    for (const mma_member& x : members(m)) {
      if (x.is_default) continue;
      ++n;
      if (x.kind != mma_member_kind::projection) continue;
      const projection none{};
      n += (x.p.round != none.round) + (x.p.overflow != none.overflow) + (x.p.nan != none.nan) +
           (x.p.nan_sign != none.nan_sign) + (x.p.zero_sign != none.zero_sign) +
           (x.p.subnormal_input != none.subnormal_input) +
           (x.p.flush_subnormal_result != none.flush_subnormal_result) +
           (x.p.tininess != none.tininess) +
           (x.p.overflow_before_rounding != none.overflow_before_rounding);
    }
    return n + (m.accumulator == m.d ? 0 : 1);
  }

  static constexpr std::size_t most_compared = 2, most_shapes = 1, most_guesses = 6;
  static constexpr int most_rounds = 12;
  mma_question q_;
  black_box box_;
  int cases_;
  mma_random random_;
  mma_prober prober_;
  std::vector<mma_answer> answers_;
  mma_fitter fitter_;
  std::vector<result> guesses_;  ///< the best first
  std::vector<mma_guess> alike_;
};

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_SEARCH_HPP
