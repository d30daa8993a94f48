// SPDX-License-Identifier: Apache-2.0
/// \file
/// What is known of a matrix unit before it is asked anything: formats and lengths; and a guess at
/// what it computes, run on operands as a black box takes them. spec/mma.md MMA-1.
#ifndef LOWP_GOLDEN_MMA_QUESTION_HPP
#define LOWP_GOLDEN_MMA_QUESTION_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include <lowp/hardware/mma/mma.hpp>

namespace lowp::golden {

/// One element of the result of a matrix unit: formats of the codes, number of products.
struct mma_question {
  format a{};  ///< of the codes of factors: binary32 where TF32 numbers are stored in it
  format b{};
  format c{};
  format d{};
  int k = 1;            ///< products, 1 ... `most_products`
  format scale{};       ///< width 0: there are no scales
  int scale_block = 0;  ///< products that share one

  friend bool operator==(const mma_question&, const mma_question&) = default;
};

/// The question to which a model is an answer.
inline mma_question question_of(const mma_model& m) {
  const bool stored = m.stored.width != 0;
  return {stored ? m.stored : m.a, stored ? m.stored : m.b, m.c, m.d, m.k, m.scale, m.scale_block};
}

inline std::size_t scale_count(const mma_question& q) {
  return q.scale_block == 0 ? 0 : static_cast<std::size_t>(q.k / q.scale_block);
}
/// Codes of one case: k of a, k of b, c, scales of a, scales of b.
inline std::size_t operand_count(const mma_question& q) {
  return static_cast<std::size_t>(2 * q.k) + 1 + 2 * scale_count(q);
}
/// The format of an operand.
inline format format_of(const mma_question& q, std::size_t operand) {
  const auto k = static_cast<std::size_t>(q.k);
  return operand < k ? q.a : operand < 2 * k ? q.b : operand == 2 * k ? q.c : q.scale;
}
inline bool asks_integers(const mma_question& q) { return q.a.kind == number_kind::fixed_point; }

/// A model, or one with a fault that no member describes.
struct mma_guess {
  mma_model model{};
  /// Integers: so many adjacent products are added and saturated to `saturating_bits` before they
  /// meet others. 0: none.
  std::uint8_t saturating_run = 0;
  std::uint8_t saturating_bits = 0;

  friend bool operator==(const mma_guess&, const mma_guess&) = default;
};

/// Runs guesses; keeps room for operands between cases.
class mma_runner {
 public:
  explicit mma_runner(const mma_question& q)
      : scales_(scale_count(q)), k_(static_cast<std::size_t>(q.k)), room_(2 * (k_ + scales_)) {}

  /// The result of one case.
  code_t operator()(const mma_guess& g, const code_t* codes) {
    const mma_model& m = g.model;
    for (std::size_t i = 0; i < k_; ++i) room_[i] = read_a(m, codes[i]);
    for (std::size_t i = k_; i < 2 * k_; ++i) room_[i] = read_b(m, codes[i]);
    const code_t c = codes[2 * k_];
    if (g.saturating_run != 0) return saturating(g, c);
    for (std::size_t i = 0; i < 2 * scales_; ++i) {
      room_[2 * k_ + i] = read_scale(m, codes[2 * k_ + 1 + i]);
    }
    const mma_operand* const all = room_.data();
    if (prepared_.model != m) prepared_ = prepare(m);
    return multiply_add(prepared_, {all, all + k_, all + 2 * k_, all + 2 * k_ + scales_}, c);
  }

 private:
  code_t saturating(const mma_guess& g, code_t c) const {
    const format narrow = integer_format(g.saturating_bits, true);
    std::int64_t sum = integer_value(g.model.c, c);
    std::int64_t run = 0;
    for (std::size_t i = 0; i < k_; ++i) {
      run += static_cast<std::int64_t>(room_[i].significand) *
             static_cast<std::int64_t>(room_[k_ + i].significand);
      if ((i + 1) % g.saturating_run != 0) continue;
      sum += integer_value(narrow, integer_code(narrow, run, integer_overflow::saturate));
      run = 0;
      if ((i + 1) % g.model.group != 0) continue;
      sum = integer_value(g.model.d, integer_code(g.model.d, sum, g.model.overflow));
    }
    return integer_code(g.model.d, sum, integer_overflow::wrap);
  }

  std::size_t scales_, k_;
  std::vector<mma_operand> room_;
  prepared_mma prepared_{};
};

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_QUESTION_HPP
