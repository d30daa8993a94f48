// SPDX-License-Identifier: Apache-2.0
/// \file
/// Everything in which an implementation may deviate from a claimed rule: members of the
/// projection, a second rounding, random bits, and the rows of fault_models. spec/diagnosis.md
/// DIA-4, DIA-5.
#ifndef LOWP_GOLDEN_IDENTIFY_CONVERSION_DEVIATIONS_HPP
#define LOWP_GOLDEN_IDENTIFY_CONVERSION_DEVIATIONS_HPP

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "identify_conversion_deviation.hpp"

namespace lowp::golden::detail {

/// The list of all deviations from a claim. What explains as much as another and stands before it
/// is reported.
class deviation_list {
 public:
  explicit deviation_list(const conversion_rule& claim) : claim_{claim} {
    add_rounding();
    add_faults(true);
    add_overflow();
    add_specials();
    add_subnormals();
    if (is_stochastic(claim.last.round)) add_random();
    add_faults(false);
    add_masks();
    add_guards();
    add_second_rounding();
    add_formats();
  }

  std::vector<deviation> take() && { return std::move(rows_); }

 private:
  // A row that gives a member of the last projection another value.
  template <class Member>
  void add_member(int group, std::uint16_t regions, Member projection::*member, Member value,
                  std::function<std::string(const conversion_behaviour&)> text) {
    if (claim_.last.*member == value) return;
    rows_.push_back({group, regions,
                     [member, value](conversion_behaviour& b) { b.rule.last.*member = value; },
                     std::move(text)});
  }
  static std::function<std::string(const conversion_behaviour&)> fixed(std::string text) {
    return [text](const conversion_behaviour&) { return text; };
  }

  void add_rounding() {
    for (int r = 0; r <= static_cast<int>(rounding::stochastic_c); ++r) {
      const auto mode = static_cast<rounding>(r);
      if (is_stochastic(mode) && !is_stochastic(claim_.last.round)) continue;
      add_member(
          group_round, all_finite, &projection::round, mode,
          [c = claim_](const conversion_behaviour& b) { return round_words(c, b.rule.last); });
    }
  }

  void add_via(std::uint16_t regions, format via, const projection& first, std::string text) {
    rows_.push_back({group_via, regions,
                     [via, first](conversion_behaviour& b) {
                       b.rule.via = via;
                       b.rule.first = first;
                     },
                     [text](const conversion_behaviour& b) {
                       return text + ", then " + words(b.rule.last.round);
                     }});
  }

  void add_guards() {
    const auto& [from, to] = std::pair{claim_.from, claim_.to};
    if (from.kind != number_kind::minifloat || to.kind != number_kind::minifloat) return;
    constexpr int guards = 4;
    for (int k = 1; k <= guards && from.precision > to.precision + k; ++k) {
      format cut = from;
      cut.precision = static_cast<std::uint8_t>(to.precision + k);
      cut.width = static_cast<std::uint8_t>(from.width - (from.precision - cut.precision));
      add_via(all_finite, cut, {.round = toward_zero, .nan = nan_rule::payload},
              "only the first " + std::to_string(k) +
                  (k == 1 ? " discarded bit counts" : " discarded bits count") +
                  ": no sticky bit for those below");
    }
  }

  void add_second_rounding() {
    if (rounds_twice(claim_)) {
      add_via(all_finite, {}, {},
              "rounded once, claimed twice: through " + format_words(claim_.via) + ", " +
                  words(claim_.first.round));
    }
    const auto& [from, to] = std::pair{claim_.from, claim_.to};
    for (const format via : formats_between(from, to)) {
      for (const rounding r : {to_nearest_even, toward_zero, to_nearest_away, to_odd}) {
        if (via == claim_.via && r == claim_.first.round) continue;
        add_via(all_finite, via, {.round = r, .nan = nan_rule::payload},
                "rounded twice: first " + words(r) + " to " + format_words(via) + " (" +
                    std::to_string(via.precision) + " bits)");
      }
    }
    if (from.kind != number_kind::minifloat || to.kind != number_kind::minifloat) return;
    if (from.bias > to.bias) {
      add_via(subnormal_results, with_bias(from, to.bias), {.nan = nan_rule::payload},
              "rounded twice: rescaled to the exponents of the result (times " +
                  power_words(to.bias - from.bias) + ") in the precision of the source");
    }
  }

  void add_overflow() {
    constexpr std::uint16_t where = large_results | infinite_inputs;
    for (const overflow_rule r : {ieee, infinite, saturate, saturate_finite}) {
      add_member(
          group_overflow, where, &projection::overflow, r,
          [c = claim_](const conversion_behaviour& b) { return overflow_words(c, b.rule.last); });
    }
    add_member(group_overflow_before, large_results, &projection::overflow_before_rounding,
               !claim_.last.overflow_before_rounding,
               fixed(claim_.last.overflow_before_rounding
                         ? "overflow decided after rounding, claimed before"
                         : "overflow decided before rounding: everything above the greatest finite "
                           "value overflows"));
    if (has_infinity(claim_.to)) return;
    for (const no_infinity_rule r :
         {no_infinity_rule::nan, no_infinity_rule::max_finite, no_infinity_rule::zero}) {
      add_member(group_no_infinity, where, &projection::no_infinity, r,
                 fixed(std::string("infinity, which the format lacks, becomes ") + name(r)));
    }
    for (const sign_rule s : {sign_rule::keep, sign_rule::positive, sign_rule::negative}) {
      add_member(group_no_infinity_sign, where, &projection::no_infinity_sign, s,
                 fixed("sign of what stands for an infinity " + words(s)));
    }
  }

  void add_specials() {
    for (int r = 0; r <= static_cast<int>(nan_rule::zero); ++r) {
      const auto rule = static_cast<nan_rule>(r);
      add_member(group_nan, nan_inputs, &projection::nan, rule,
                 fixed("NaN: " + words(rule) + ", claimed " + words(claim_.last.nan)));
    }
    for (int s = 0; s <= static_cast<int>(sign_rule::flip); ++s) {
      const auto rule = static_cast<sign_rule>(s);
      add_member(group_nan_sign, nan_inputs, &projection::nan_sign, rule,
                 fixed("sign of NaN " + words(rule) + ", claimed " + words(claim_.last.nan_sign)));
      add_member(group_zero_sign, zero_inputs | all_finite, &projection::zero_sign, rule,
                 fixed("sign of zero results " + words(rule) + ", claimed " +
                       words(claim_.last.zero_sign)));
    }
    if (!claim_.to.is_signed) {
      for (int r = 0; r <= static_cast<int>(negative_rule::clamp_finite); ++r) {
        const auto rule = static_cast<negative_rule>(r);
        add_member(group_negative, negative_inputs, &projection::negative, rule,
                   fixed("negative values " + words(rule) + "; claimed: they " +
                         words(claim_.last.negative)));
      }
    }
    if (!has_zero(claim_.to)) {
      const bool least = claim_.last.no_zero == no_zero_rule::least;
      add_member(group_no_zero, zero_inputs, &projection::no_zero,
                 least ? no_zero_rule::nan : no_zero_rule::least,
                 fixed(least ? "zero becomes NaN, claimed the least value"
                             : "zero becomes the least value, claimed NaN"));
    }
  }

  void add_subnormals() {
    for (int r = 0; r <= static_cast<int>(subnormal_input_rule::least_normal); ++r) {
      const auto rule = static_cast<subnormal_input_rule>(r);
      add_member(group_subnormal_input, subnormal_inputs, &projection::subnormal_input, rule,
                 fixed(format_words(claim_.from) + " subnormal inputs " + words(rule) +
                       "; claimed: they " + words(claim_.last.subnormal_input)));
    }
    if (claim_.last.flush_subnormal_result) {
      add_member(group_flush, subnormal_results | normal_results,
                 &projection::flush_subnormal_result, false,
                 fixed("subnormal results are kept, claimed to flush to zero"));
      return;
    }
    for (const tininess_rule t : {tininess_rule::after_rounding, tininess_rule::before_rounding}) {
      rows_.push_back({group_flush, subnormal_results | normal_results,
                       [t](conversion_behaviour& b) {
                         b.rule.last.flush_subnormal_result = true;
                         b.rule.last.tininess = t;
                       },
                       fixed("results below the smallest normal value flush to 0")});
    }
  }

  void add_random() {
    for (const random_field f : {random_field::low, random_field::high}) {
      add_member(group_random_from, all_finite, &projection::random_from, f,
                 fixed(std::string("random bits taken from the ") + name(f) +
                       " end of the word, claimed the other"));
    }
    constexpr int most = 32;
    const int claimed = claim_.last.random_bits;
    for (int n = 0; n <= most; ++n) {
      add_member(
          group_random_bits, all_finite, &projection::random_bits, static_cast<std::uint8_t>(n),
          fixed(std::to_string(n) + " random bits used, claimed " + std::to_string(claimed)));
    }
    constexpr int farthest = 24;
    for (int k = 1; k <= farthest; ++k) {
      rows_.push_back(
          {group_random_shift, all_finite,
           [k](conversion_behaviour& b) { b.faults.random_shift = static_cast<std::uint8_t>(k); },
           [k](const conversion_behaviour& b) {
             return "stochastic: " + std::to_string(b.rule.last.random_bits) +
                    " random bits used, aligned " + std::to_string(k) +
                    " bits too low; mean bias " + mean_bias_words(k) + " ulp toward zero";
           }});
    }
  }

  // One format taken for another of the same width, or its bias for the next.
  void add_format(format conversion_rule::*member, int group, const char* verb) {
    const format right = claim_.*member;
    if (right.kind != number_kind::minifloat) return;
    const auto add = [&](format other, std::string text) {
      rows_.push_back({group, 0xffff,
                       [member, other](conversion_behaviour& b) { b.rule.*member = other; },
                       fixed(std::string(verb) + std::move(text))});
    };
    for (const int bias : {right.bias - 1, right.bias + 1}) {
      add(with_bias(right, bias), "with exponent bias " + std::to_string(bias) + " instead of " +
                                      std::to_string(right.bias));
    }
    for (const named_format& f : all_formats) {
      const bool sibling = f.value.kind == right.kind && f.value.width == right.width &&
                           f.value.is_signed == right.is_signed && f.value != right;
      if (sibling) add(f.value, std::string(f.name) + " instead of " + format_words(right));
    }
  }

  void add_formats() {
    const bool narrows = claim_.to.width < claim_.from.width;
    if (narrows) add_format(&conversion_rule::to, group_to, "encodes ");
    add_format(&conversion_rule::from, group_from, "decodes ");
    if (!narrows) add_format(&conversion_rule::to, group_to, "encodes ");
  }

  void add_mask(code_t cleared, std::string text) {
    rows_.push_back({group_mask, all_finite,
                     [cleared](conversion_behaviour& b) { b.faults.cleared_bits = cleared; },
                     fixed(std::move(text))});
  }

  void add_faults(bool reading) {
    for (const fault_model& m : fault_models) {
      if (reading != (m.group <= last_reading_group)) continue;
      if (m.minifloats_only && claim_.to.kind != number_kind::minifloat) continue;
      rows_.push_back({m.group, m.regions, [&m](conversion_behaviour& b) { m.set(b.faults); },
                       [&m](const conversion_behaviour& b) { return m.words(b.rule); }});
    }
  }

  void add_masks() {
    if (claim_.to.kind != number_kind::minifloat) return;
    const int t = trailing_bits(claim_.to);
    const code_t all = low_mask(t);
    const code_t greatest = max_finite(claim_.to) & all;
    if (greatest != all) {
      add_mask(all & ~greatest,
               "lowest fraction bit always 0: the fraction mask is that of the "
               "largest code, " +
                   std::to_string(greatest));
    }
    constexpr int lost = 3;
    for (int k = 1; k <= lost && k <= t; ++k) {
      add_mask(low_mask(k), k == 1 ? "lowest fraction bit always 0"
                                   : "lowest " + std::to_string(k) + " fraction bits always 0");
    }
    if (t > 1) add_mask(code_t{1} << (t - 1), "highest fraction bit always 0");
  }

  conversion_rule claim_;
  std::vector<deviation> rows_;
};

}  // namespace lowp::golden::detail

#endif  // LOWP_GOLDEN_IDENTIFY_CONVERSION_DEVIATIONS_HPP
