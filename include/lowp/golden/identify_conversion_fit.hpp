// SPDX-License-Identifier: Apache-2.0
/// \file
/// The projection that gives the most of what an implementation returned: members are chosen group
/// by group on a sample, which grows by the cases that the result does not explain.
/// spec/diagnosis.md DIA-7.
#ifndef LOWP_GOLDEN_IDENTIFY_CONVERSION_FIT_HPP
#define LOWP_GOLDEN_IDENTIFY_CONVERSION_FIT_HPP

#include <cstdint>
#include <vector>

#include "identify_conversion_cells.hpp"
#include "identify_conversion_deviation.hpp"

namespace lowp::golden::detail {

class projection_fit {
 public:
  projection_fit(const conversion_question& q, std::span<const cell> cells)
      : question_{q}, cells_{cells} {
    best_.name = "identified";
    best_.origin = {"", "", evidence::inferred, ""};
    best_.from = q.from;
    best_.to = q.to;
    best_.notes = "";
    first_sample();
  }

  /// The best rule found; `supporting()` of the cases fit it.
  conversion_rule run() {
    constexpr int rounds = 8;
    conversion_rule now = best_;
    supporting_ = count_all(now, nullptr);
    for (int i = 0; i < rounds; ++i) {
      const conversion_rule before = now;
      improve(now);
      simplify(now);
      std::vector<entry> missed;
      const std::uint64_t fits = count_all(now, &missed);
      if (fits > supporting_) {
        supporting_ = fits;
        best_ = now;
      }
      const bool same =
          now.last == before.last && now.via == before.via && now.first == before.first;
      if (missed.empty() || (same && i > 0)) break;
      sample_.insert(sample_.end(), missed.begin(), missed.end());
    }
    return best_;
  }

  std::uint64_t supporting() const noexcept { return supporting_; }

 private:
  struct entry {
    conversion_case one;
    std::uint16_t regions;
  };

  void first_sample() {
    constexpr std::size_t many = 24;
    constexpr std::size_t few = 4;
    for (const cell& c : cells_) {
      const bool telling = (c.regions & (normal_results | nan_inputs | infinite_inputs)) != 0 ||
                           c.key.cls == input_class::subnormal;
      const std::size_t wanted = std::min(c.cases.size(), telling ? many : few);
      for (std::size_t i = 0; i < wanted; ++i) {
        sample_.push_back({c.cases[mixed(7, i) % c.cases.size()], c.regions});
      }
    }
  }

  // Cases that fit; those that do not, a few of each cell.
  std::uint64_t count_all(const conversion_rule& rule, std::vector<entry>* missed) const {
    constexpr std::size_t few = 12;
    std::uint64_t n = 0;
    for (const cell& c : cells_) {
      std::size_t here = 0;
      for (const conversion_case& k : c.cases) {
        if (lowp::apply(rule, k.code, k.random) == k.got) {
          ++n;
        } else if (missed != nullptr && here++ < few) {
          missed->push_back({k, c.regions});
        }
      }
    }
    return n;
  }

  std::vector<const entry*> in_regions(std::uint16_t regions) const {
    std::vector<const entry*> out;
    for (const entry& e : sample_) {
      if ((e.regions & regions) != 0) out.push_back(&e);
    }
    return out;
  }

  // Mistakes of a rule, counted up to a limit.
  static std::size_t mistakes(const conversion_rule& rule, std::span<const entry* const> sample,
                              std::size_t limit) {
    std::size_t n = 0;
    for (const entry* e : sample) {
      if (lowp::apply(rule, e->one.code, e->one.random) != e->one.got && ++n >= limit) break;
    }
    return n;
  }

  // Tries what `make(now, try_it)` offers and keeps the best in the given regions.
  template <class Make>
  bool choose(conversion_rule& now, std::uint16_t regions, const Make& make) const {
    const std::vector<const entry*> sample = in_regions(regions);
    std::size_t least = mistakes(now, sample, sample.size() + 1);
    bool changed = false;
    const conversion_rule start = now;
    make(start, [&](const conversion_rule& candidate) {
      if (least == 0) return;
      const std::size_t n = mistakes(candidate, sample, least);
      if (n >= least) return;
      least = n;
      now = candidate;
      changed = true;
    });
    return changed;
  }

  void improve(conversion_rule& now) const {
    constexpr int passes = 4;
    for (int i = 0; i < passes; ++i) {
      bool changed = choose_rounding(now);
      changed = choose_underflow(now) || changed;
      changed = choose_overflow(now) || changed;
      changed = choose_signs(now) || changed;
      changed = choose_nan(now) || changed;
      changed = choose_nan_on_the_way(now) || changed;
      if (!changed) return;
    }
  }

  bool choose_rounding(conversion_rule& now) const {
    return choose(
        now, normal_results | subnormal_results,
        [&](const conversion_rule& start, const auto& try_it) {
          conversion_rule rule = start;
          rule.via = {};
          rule.first = {};
          for (int r = 0; r <= static_cast<int>(rounding::to_odd); ++r) {
            rule.last.round = static_cast<rounding>(r);
            try_it(rule);
          }
          if (question_.has_random) return offer_stochastic(rule, try_it);
          for (const format via : formats_between(question_.from, question_.to)) {
            rule.via = via;
            for (const rounding first : {to_nearest_even, toward_zero, to_nearest_away, to_odd}) {
              rule.first = {.round = first, .nan = nan_rule::payload};
              for (int r = 0; r <= static_cast<int>(rounding::to_odd); ++r) {
                rule.last.round = static_cast<rounding>(r);
                try_it(rule);
              }
            }
          }
        });
  }

  template <class Try>
  static void offer_stochastic(conversion_rule rule, const Try& try_it) {
    constexpr int most = 32;
    for (const rounding r :
         {rounding::stochastic_a, rounding::stochastic_b, rounding::stochastic_c}) {
      for (const random_field f : {random_field::low, random_field::high}) {
        for (int n = 1; n <= most; ++n) {
          rule.last.round = r;
          rule.last.random_from = f;
          rule.last.random_bits = static_cast<std::uint8_t>(n);
          try_it(rule);
        }
      }
    }
  }

  bool choose_underflow(conversion_rule& now) const {
    return choose(now, subnormal_inputs | subnormal_results | normal_results,
                  [](const conversion_rule& start, const auto& try_it) {
                    conversion_rule rule = start;
                    for (int s = 0; s <= static_cast<int>(subnormal_input_rule::least_normal);
                         ++s) {
                      for (int flush = 0; flush < 3; ++flush) {
                        projection& p = rounds_twice(rule) ? rule.first : rule.last;
                        p.subnormal_input = static_cast<subnormal_input_rule>(s);
                        rule.last.flush_subnormal_result = flush != 0;
                        rule.last.tininess = flush == 2 ? tininess_rule::before_rounding
                                                        : tininess_rule::after_rounding;
                        try_it(rule);
                      }
                    }
                  });
  }

  bool choose_overflow(conversion_rule& now) const {
    return choose(now, large_results | infinite_inputs,
                  [&](const conversion_rule& start, const auto& try_it) {
                    conversion_rule rule = start;
                    projection& p = rule.last;
                    for (int k = 0; k < 4 * 2 * 2 * 3 * 4; ++k) {
                      p.overflow = static_cast<overflow_rule>(k % 4);
                      p.overflow_before_rounding = k / 4 % 2 != 0;
                      p.odd_overflows = k / 8 % 2 != 0;
                      p.no_infinity = static_cast<no_infinity_rule>(k / 16 % 3);
                      p.no_infinity_sign = static_cast<sign_rule>(k / 48);
                      if (p.odd_overflows && p.round != to_odd) continue;
                      if (has_infinity(question_.to) && k >= 16) break;
                      try_it(rule);
                    }
                  });
  }

  bool choose_signs(conversion_rule& now) const {
    const bool is_signed = question_.to.is_signed;
    const auto regions = static_cast<std::uint16_t>(zero_inputs | subnormal_results |
                                                    (is_signed ? 0 : negative_inputs | nan_inputs));
    return choose(now, regions, [&](const conversion_rule& start, const auto& try_it) {
      conversion_rule rule = start;
      for (int k = 0; k < 4 * 2 * 5; ++k) {
        rule.last.zero_sign = static_cast<sign_rule>(k % 4);
        rule.last.no_zero = static_cast<no_zero_rule>(k / 4 % 2);
        rule.last.negative = static_cast<negative_rule>(k / 8);
        if (is_signed && k >= 4) break;
        try_it(rule);
      }
    });
  }

  bool choose_nan(conversion_rule& now) const {
    return choose(now, nan_inputs, [](const conversion_rule& start, const auto& try_it) {
      conversion_rule rule = start;
      const int firsts = rounds_twice(rule) ? 8 : 1;
      for (int first = 0; first < firsts; ++first) {
        if (rounds_twice(rule)) rule.first.nan = static_cast<nan_rule>(first);
        for (int k = 0; k < 8 * 4; ++k) {
          rule.last.nan = static_cast<nan_rule>(k % 8);
          rule.last.nan_sign = static_cast<sign_rule>(k / 8);
          try_it(rule);
        }
      }
    });
  }

  // A NaN may take its bits from a format on the way that rounds nothing.
  bool choose_nan_on_the_way(conversion_rule& now) const {
    if (question_.to.nans != nan_codes::ieee || rounds_twice(now)) return false;
    if (mistakes(now, in_regions(nan_inputs), 1) == 0) return false;
    return choose(now, 0xffff, [&](const conversion_rule& start, const auto& try_it) {
      conversion_rule rule = start;
      for (const format via : {formats::bfloat16, formats::binary16, formats::binary32}) {
        if (via.width < question_.from.width || via.width >= question_.to.width) continue;
        rule.via = via;
        for (int k = 0; k < 8 * 4 * 8; ++k) {
          rule.first = {.nan = static_cast<nan_rule>(k % 8),
                        .nan_sign = static_cast<sign_rule>(k / 8 % 4)};
          rule.last.nan = static_cast<nan_rule>(k / 32);
          try_it(rule);
        }
      }
    });
  }

  // Members that may as well have their defaults get them.
  void simplify(conversion_rule& now) const {
    const std::vector<const entry*> sample = in_regions(0xffff);
    const std::size_t least = mistakes(now, sample, sample.size() + 1);
    const auto try_reset = [&](auto member) {
      conversion_rule simple = now;
      simple.last.*member = projection{}.*member;
      if (mistakes(simple, sample, least + 1) <= least) now = simple;
    };
    conversion_rule once = now;
    once.via = {};
    once.first = {};
    if (mistakes(once, sample, least + 1) <= least) now = once;
    try_reset(&projection::subnormal_input);
    try_reset(&projection::flush_subnormal_result);
    try_reset(&projection::tininess);
    try_reset(&projection::overflow_before_rounding);
    try_reset(&projection::odd_overflows);
    try_reset(&projection::no_infinity_sign);
    try_reset(&projection::no_infinity);
    try_reset(&projection::negative);
    try_reset(&projection::no_zero);
    try_reset(&projection::zero_sign);
    try_reset(&projection::nan_sign);
    try_reset(&projection::nan);
    try_reset(&projection::overflow);
    try_reset(&projection::random_bits);
    try_reset(&projection::random_from);
  }

  conversion_question question_;
  std::span<const cell> cells_;
  std::vector<entry> sample_;
  conversion_rule best_{};
  std::uint64_t supporting_ = 0;
};

}  // namespace lowp::golden::detail

#endif  // LOWP_GOLDEN_IDENTIFY_CONVERSION_FIT_HPP
