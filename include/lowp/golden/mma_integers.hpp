// SPDX-License-Identifier: Apache-2.0
/// \file
/// The search for the model of a matrix unit of integers: where sums wrap or saturate, and in which
/// order. spec/mma.md MMA-10.
#ifndef LOWP_GOLDEN_MMA_INTEGERS_HPP
#define LOWP_GOLDEN_MMA_INTEGERS_HPP

#include <vector>

#include "mma_fit.hpp"
#include "mma_normal_form.hpp"

namespace lowp::golden {

/// Cases of integers: ends of the ranges, sums that leave the accumulator's and come back.
inline std::vector<code_t> integer_case(const mma_question& q, mma_random& r) {
  const auto mask = [](int width) { return (code_t{1} << width) - 1; };
  const auto ends = [&](const format& f) {
    const code_t sign = code_t{1} << (f.width - 1);
    const code_t all[] = {mask(f.width), sign, sign - 1, 1, 0, sign + 1, 2};
    return all[r.below(7)] & mask(f.width);
  };
  std::vector<code_t> x(operand_count(q));
  const auto k = static_cast<std::size_t>(q.k);
  const int some = r.below(4), few = r.below(3);
  for (std::size_t i = 0; i < 2 * k; ++i) {
    const format f = i < k ? q.a : q.b;
    x[i] = r.below(4) < some ? ends(f) : r.next() & mask(f.width);
    if (few == 0 && i < k && r.below(3) != 0) x[i] = 0;
  }
  const int kind = r.below(4);
  const code_t some_bits = mask(r.within(1, std::min(22, q.c.width - 1)));
  const code_t near = r.next() & some_bits;
  const code_t sign = q.c.is_signed ? code_t{1} << (q.c.width - 1) : 0;
  x[2 * k] = kind == 0 ? r.next() : kind == 1 ? sign + near : kind == 2 ? sign - 1 - near : near;
  x[2 * k] &= mask(q.c.width);
  return x;
}

/// All guesses, those without a fault and with the longest steps first.
inline std::vector<mma_guess> integer_guesses(const mma_question& q) {
  std::vector<mma_guess> all;
  const auto add = [&](int group, product_order order, integer_overflow overflow, int digits,
                       int run, int bits) {
    mma_guess g;
    mma_model& m = g.model;
    m = {.a = q.a, .b = q.b, .c = q.c, .d = q.d, .accumulator = q.d};
    m.k = static_cast<std::uint16_t>(q.k);
    m.group = static_cast<std::uint16_t>(group);
    m.sum = mma_sum::integer;
    m.order = order;
    m.overflow = overflow;
    m.one_bit = (digits & 1) != 0;
    m.exclusive_or = (digits & 2) != 0;
    if (check(m) != mma_error::none) return;
    m = normal_form(m);
    g.saturating_run = static_cast<std::uint8_t>(run);
    g.saturating_bits = static_cast<std::uint8_t>(bits);
    if (std::find(all.begin(), all.end(), g) == all.end()) all.push_back(g);
  };
  using enum product_order;
  for (const integer_overflow overflow : {integer_overflow::wrap, integer_overflow::saturate}) {
    for (int digits = 0; digits < 4; ++digits) {
      for (const product_order order : {ascending, pairs_reversed, pairs_dealt}) {
        for (int group = q.k; group >= 1; --group) add(group, order, overflow, digits, 0, 0);
      }
    }
  }
  for (const integer_overflow overflow : {integer_overflow::wrap, integer_overflow::saturate}) {
    for (int run = 1; run <= q.k && run < 256; run *= 2) {
      for (int group = q.k; group >= run; --group) {
        if (q.k % group != 0 || group % run != 0) continue;
        for (const int bits : {16, 8, 24, 32}) {
          if (bits <= q.d.width) add(group, ascending, overflow, 0, run, bits);
        }
      }
    }
  }
  return all;
}

/// The guess that explains most answers; asks until no other does as well.
inline mma_fitter::result search_integers(const mma_question& q, const black_box& box,
                                          std::uint64_t seed, int cases,
                                          std::vector<mma_answer>& answers) {
  mma_random random(seed);
  for (int i = 0; i < cases; ++i) {
    answers.push_back({mma_aim::dense, false, integer_case(q, random), 0});
  }
  ask(box, answers, 0);
  mma_fitter fitter(q, answers);
  const std::vector<std::size_t> all = fitter.cases(~0u, false);
  mma_fitter::result best{{}, all.size() + 1};
  for (const mma_guess& g : integer_guesses(q)) {
    const std::size_t n = fitter.wrong(g, all, best.wrong);
    if (n < best.wrong) best = {g, n};
    if (n == 0) break;  // the first is the simplest
  }
  return best;
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_INTEGERS_HPP
