// SPDX-License-Identifier: Apache-2.0
/// \file
/// The search for causes: which few deviations from a claimed rule give every result that an
/// implementation returned, cell by cell. spec/diagnosis.md DIA-5.
#ifndef LOWP_GOLDEN_IDENTIFY_CONVERSION_EXPLAIN_HPP
#define LOWP_GOLDEN_IDENTIFY_CONVERSION_EXPLAIN_HPP

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "identify_conversion_cells.hpp"
#include "identify_conversion_deviations.hpp"
#include "identify_conversion_outcomes.hpp"

namespace lowp::golden::detail {

/// Deviations that occur together, as ascending places in the list.
using combination = std::vector<std::size_t>;

/// A cell in which the claim fails, and what explains it, if anything does.
struct explained_cell {
  const cell* where = nullptr;
  std::vector<conversion_case> wrong;  ///< the cases that differ from the claim
  std::vector<conversion_case> right;
  std::optional<combination> cause;
};

class explainer {
 public:
  explainer(const conversion_rule& claim, std::vector<deviation> list)
      : claim_{claim}, list_{std::move(list)} {}

  const std::vector<deviation>& list() const noexcept { return list_; }

  conversion_behaviour behaviour(const combination& c) const {
    conversion_behaviour b{claim_, {}};
    for (const std::size_t i : c) list_[i].change(b);
    return b;
  }

  /// The failing cells, each with its part of the smallest set of causes that was found.
  std::vector<explained_cell> explain(std::span<const cell> cells) {
    std::vector<explained_cell> failing = failing_cells(cells);
    if (explain_at_once(failing)) return failing;
    for (const explained_cell& f : failing) search(f);
    cover(failing);
    return failing;
  }

 private:
  std::vector<explained_cell> failing_cells(std::span<const cell> cells) const {
    std::vector<explained_cell> out;
    for (const cell& c : cells) {
      explained_cell f{&c, {}, {}, {}};
      for (const conversion_case& k : c.cases) {
        const bool fits = lowp::apply(claim_, k.code, k.random) == k.got;
        (fits ? f.right : f.wrong).push_back(k);
      }
      if (!f.wrong.empty()) out.push_back(std::move(f));
    }
    return out;
  }

  static bool gives(const conversion_behaviour& b, const explained_cell& f) {
    const auto same = [&](const conversion_case& k) {
      return golden::apply(b, k.code, k.random) == k.got;
    };
    return std::all_of(f.wrong.begin(), f.wrong.end(), same) &&
           std::all_of(f.right.begin(), f.right.end(), same);
  }

  // One deviation for all cells; or one format taken for another, perhaps rounded otherwise.
  bool explain_at_once(std::vector<explained_cell>& failing) const {
    const auto try_all = [&](const combination& c) {
      const conversion_behaviour b = behaviour(c);
      const auto explains = [&](const explained_cell& f) { return gives(b, f); };
      if (!std::all_of(failing.begin(), failing.end(), explains)) return false;
      for (explained_cell& f : failing) f.cause = c;
      return true;
    };
    for (const bool global : {false, true}) {
      for (std::size_t i = 0; i < list_.size(); ++i) {
        if (is_global(list_[i]) == global && try_all({i})) return true;
      }
    }
    for (std::size_t i = 0; i < list_.size(); ++i) {
      if (!is_global(list_[i])) continue;
      for (std::size_t k = 0; k < list_.size(); ++k) {
        if (list_[k].group == group_round && try_all({k, i})) return true;
      }
    }
    return false;
  }

  // All combinations of the least size that explain the cell become known.
  void search(const explained_cell& f) {
    combination rows;
    for (std::size_t i = 0; i < list_.size(); ++i) {
      if (!is_global(list_[i]) && (list_[i].regions & f.where->regions) != 0) rows.push_back(i);
    }
    bool found = find(f, rows, 1);
    if (found) return;
    for (const combination& c : known_) {
      if (c.size() > 1 && gives(behaviour(c), f)) return;
    }
    if (hopeless_ < patience) found = find(f, rows, 2);
    if (!found && stays_constant(f)) return;
    if (!found && hopeless_ < patience) found = find(f, rows, 3);
    if (!found) ++hopeless_;
  }

  // Are the results that the claim, or a known combination, does not give all the same? That says
  // more than many deviations at once.
  bool stays_constant(const explained_cell& f) const {
    const auto constant = [&](const conversion_behaviour& b) {
      std::vector<code_t> left;
      for (const auto* part : {&f.wrong, &f.right}) {
        for (const conversion_case& c : *part) {
          if (golden::apply(b, c.code, c.random) == c.got) continue;
          left.push_back(magnitude_of(claim_.to, c.got));
          if (left.back() != left.front()) return false;
        }
      }
      constexpr std::size_t some = 4;
      return left.size() >= some;
    };
    return constant({claim_, {}}) ||
           std::any_of(known_.begin(), known_.end(),
                       [&](const combination& c) { return constant(behaviour(c)); });
  }

  bool find(const explained_cell& f, const combination& rows, std::size_t size) {
    combination chosen;
    return extend(f, rows, 0, size, {claim_, {}}, chosen);
  }

  bool extend(const explained_cell& f, const combination& rows, std::size_t begin, std::size_t size,
              const conversion_behaviour& b, combination& chosen) {
    if (size == 0) {
      if (!gives(b, f)) return false;
      known_.insert(chosen);
      return true;
    }
    bool found = false;
    for (std::size_t i = begin; i < rows.size(); ++i) {
      const deviation& d = list_[rows[i]];
      if (std::any_of(chosen.begin(), chosen.end(),
                      [&](std::size_t c) { return list_[c].group == d.group; })) {
        continue;
      }
      conversion_behaviour next = b;
      d.change(next);
      chosen.push_back(rows[i]);
      found = extend(f, rows, i + 1, size - 1, next, chosen) || found;
      chosen.pop_back();
    }
    return found;
  }

  // Few combinations for all cells: each time the one that explains the most of what is left.
  void cover(std::vector<explained_cell>& failing) {
    std::vector<combination> candidates(known_.begin(), known_.end());
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const auto& a, const auto& b) { return a.size() < b.size(); });
    std::vector<std::vector<std::size_t>> explains(candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const conversion_behaviour b = behaviour(candidates[i]);
      for (std::size_t k = 0; k < failing.size(); ++k) {
        if (gives(b, failing[k])) explains[i].push_back(k);
      }
    }
    while (true) {
      std::size_t best = 0;
      std::size_t most_cells = 0;
      for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto open = static_cast<std::size_t>(
            std::count_if(explains[i].begin(), explains[i].end(),
                          [&](std::size_t k) { return !failing[k].cause; }));
        if (open > most_cells) {
          most_cells = open;
          best = i;
        }
      }
      if (most_cells == 0) return;
      for (const std::size_t k : explains[best]) {
        if (!failing[k].cause) failing[k].cause = candidates[best];
      }
    }
  }

  static constexpr int patience = 24;  ///< cells without cause before only known ones are tried
  conversion_rule claim_;
  std::vector<deviation> list_;
  std::set<combination> known_;
  int hopeless_ = 0;
};

}  // namespace lowp::golden::detail

#endif  // LOWP_GOLDEN_IDENTIFY_CONVERSION_EXPLAIN_HPP
