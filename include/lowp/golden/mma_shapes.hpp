// SPDX-License-Identifier: Apache-2.0
/// \file
/// The ways in which a matrix unit can add products: where a search begins, and all groupings and
/// orders of a way. spec/mma.md MMA-2, MMA-3.
#ifndef LOWP_GOLDEN_MMA_SHAPES_HPP
#define LOWP_GOLDEN_MMA_SHAPES_HPP

#include <span>
#include <vector>

#include "mma_question.hpp"

namespace lowp::golden {

namespace detail {

inline void keep_valid(std::vector<mma_guess>& all, const mma_model& m) {
  if (check(m) == mma_error::none) all.push_back({m});
}

/// Where c is added at the end, what it and one product become says nothing of the alignment: the
/// usual numbers of kept bits, and sums that are cut.
inline void add_hidden(std::vector<mma_guess>& all, mma_model m) {
  m.join = m.step;
  for (const bool cuts : {false, true}) {
    if (cuts) {
      m.step.round = toward_zero;
      m.step.overflow = infinite;
    }
    for (const int n : {13, 20, 23, 24, 25, 26, 30, 35}) {
      m.kept_bits = static_cast<std::uint8_t>(n);
      keep_valid(all, m);
    }
  }
}

}  // namespace detail

/// One model for each way of adding one product to c; the numbers are those of units that exist.
inline std::vector<mma_guess> mma_beginnings(const mma_question& q) {
  mma_model m{.a = q.a, .b = q.b, .c = q.c, .d = q.d, .accumulator = q.d};
  m.k = m.group = static_cast<std::uint16_t>(q.k);
  m.scale = q.scale;
  m.scale_block = static_cast<std::uint16_t>(q.scale_block);
  std::vector<mma_guess> all;
  mma_model n = m;
  n.sum = mma_sum::chain;
  n.group = 1;
  detail::keep_valid(all, n);
  n = m;
  n.sum = mma_sum::exact;
  detail::keep_valid(all, n);
  m.kept_bits = 24;
  detail::keep_valid(all, m);
  n = m;
  n.entry = accumulator_entry::after_step;
  n.kept_sum = 31;
  n.kept_c = 24;
  detail::keep_valid(all, n);
  n = m;
  n.sum = mma_sum::gaudi2;
  n.entry = accumulator_entry::after_step;
  n.kept_bits = 46;
  detail::keep_valid(all, n);
  return all;
}

/// The same arithmetic of one product and c with the products grouped, ordered and joined in every
/// way that goes with it.
inline std::vector<mma_guess> mma_shapes_of(const mma_guess& fit) {
  using enum accumulator_entry;
  struct way {
    mma_sum sum;
    accumulator_entry entry;
    std::uint8_t chains;
  };
  static constexpr way aligned[] = {{mma_sum::aligned, in_step, 1},
                                    {mma_sum::aligned, after_all, 1}};
  static constexpr way late[] = {{mma_sum::aligned, after_step, 1},
                                 {mma_sum::aligned, after_step, 2}};
  static constexpr way window[] = {{mma_sum::gaudi2, after_step, 1}};
  static constexpr way rounded[] = {
      {mma_sum::chain, in_step, 1},   {mma_sum::chain, after_all, 1},
      {mma_sum::chain, after_all, 2}, {mma_sum::exact, in_step, 1},
      {mma_sum::exact, after_all, 1}, {mma_sum::exact, after_step, 1},
      {mma_sum::tree, after_step, 1},
  };
  const mma_model& from = fit.model;
  const std::span<const way> ways = from.sum == mma_sum::gaudi2    ? std::span<const way>{window}
                                    : from.sum != mma_sum::aligned ? std::span<const way>{rounded}
                                    : from.entry == after_step     ? std::span<const way>{late}
                                                                   : std::span<const way>{aligned};
  std::vector<mma_guess> all;
  for (const way& w : ways) {
    for (int group = 1; group <= from.k; ++group) {
      if (from.k % group != 0 || (w.sum == mma_sum::chain && group > 1)) continue;
      for (int run = 1; run <= group && run < 256; ++run) {
        if (group % run != 0 || (run > 1 && w.sum == mma_sum::exact)) continue;
        for (const product_order order : {product_order::ascending, product_order::pairs_reversed,
                                          product_order::pairs_dealt}) {
          for (const bool by_scales : {false, true}) {
            if (by_scales && from.scale_block == 0) continue;
            mma_model m = from;
            m.sum = w.sum;
            m.entry = w.entry;
            m.chains = w.chains;
            m.group = static_cast<std::uint16_t>(group);
            m.run = static_cast<std::uint8_t>(run);
            m.order = order;
            m.scales_align = by_scales;
            if (w.sum == mma_sum::tree && m.product.width == 0) {
              m.product = m.accumulator;
              m.product_last = m.step;
            }
            detail::keep_valid(all, m);
            if (run == 1 && w.sum == mma_sum::aligned && w.entry == after_all) {
              detail::add_hidden(all, m);
            }
          }
        }
      }
    }
  }
  return all;
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_SHAPES_HPP
