// SPDX-License-Identifier: Apache-2.0
/// \file
/// A product of matrices in a matrix unit, as data: which instruction, in which slices of K, where
/// its accumulator is emptied into a sum. spec/gemm.md GEM-2, GEM-3.
#ifndef LOWP_HARDWARE_GEMM_GEMM_RULE_HPP
#define LOWP_HARDWARE_GEMM_GEMM_RULE_HPP

#include <cstdint>

#include "../mma/mma.hpp"

namespace lowp {

/// Slices of K at most.
inline constexpr std::uint32_t most_slices = 64;

/// In which order the results of slices are added. spec/gemm.md GEM-4.
enum class slice_order : std::uint8_t {
  ascending,   ///< ((s0 + s1) + s2) + ...
  descending,  ///< the last first
  pairwise,    ///< s0 + s1, s2 + s3, ..., then pairs of these; what has no partner waits
};

/// How D = A B + C is made of instructions.
struct gemm_rule {
  mma_model unit{};
  /// Instructions after which the accumulator is added to a sum, rounded to nearest in the format
  /// of d, and begins at +0 again; 0: never. FP8 on Hopper with k = 32: 4. GEM-3
  std::uint32_t promote_every = 0;
  /// Parts of K that are summed apart (split-K), 1 ... `most_slices`. GEM-4
  std::uint32_t slices = 1;
  /// Instruction i belongs to slice i mod `slices`; else slices are runs of ceil(n / slices).
  bool interleaved = false;
  slice_order join = slice_order::ascending;
  /// All products are multiplied by two to this power, as `mma_operands::exponent`.
  std::int32_t exponent = 0;

  friend LOWP_FN bool operator==(const gemm_rule&, const gemm_rule&) noexcept = default;
};

/// The rule that a `gemm_rule` breaks.
enum class [[nodiscard]] gemm_error : std::uint8_t{none, unit, slices, join, exponent};

LOWP_FN const char* message(gemm_error e) noexcept {
  switch (e) {
    case gemm_error::none: return "no error";
    case gemm_error::unit: return "the model of the unit must pass its own check";
    case gemm_error::slices: return "slices is 1 to 64";
    case gemm_error::join: return "join must be one of the named orders";
    case gemm_error::exponent: return "exponent is -256 to 256, and 0 for integers";
  }
  return "unknown";
}

LOWP_FN gemm_error check(const gemm_rule& r) noexcept {
  if (check(r.unit) != mma_error::none) return gemm_error::unit;
  if (r.slices < 1 || r.slices > most_slices) return gemm_error::slices;
  if (r.join > slice_order::pairwise) return gemm_error::join;
  const bool is_integer = r.unit.sum == mma_sum::integer;
  if (r.exponent < -256 || r.exponent > 256 || (is_integer && r.exponent != 0)) {
    return gemm_error::exponent;
  }
  return gemm_error::none;
}

/// Instructions for K products: the last is filled up with +0. GEM-2
LOWP_FN std::uint64_t gemm_instructions(const mma_model& m, std::uint64_t products) noexcept {
  return products / m.k + (products % m.k != 0 ? 1 : 0);
}

/// The instructions first, first + step, ... below last of a slice.
struct slice_range {
  std::uint64_t first = 0, last = 0, step = 1;
};
LOWP_FN slice_range range_of_slice(const gemm_rule& r, std::uint64_t instructions,
                                   std::uint32_t slice) noexcept {
  if (r.interleaved) return {slice, instructions, r.slices};
  const std::uint64_t each = (instructions + r.slices - 1) / r.slices;
  const std::uint64_t first = slice * each < instructions ? slice * each : instructions;
  return {first, first + each < instructions ? first + each : instructions, 1};
}

namespace detail {

/// The unit for instructions that take over the result of another.
LOWP_FN mma_model chained_unit(mma_model m) noexcept {
  m.c = m.d;
  return m;
}

/// Addition to nearest in the format of d: sums of promoted accumulators and of slices. GEM-3
LOWP_FN projection gemm_addition(const mma_model& m) noexcept {
  projection p = m.step;
  p.round = rounding::to_nearest_even;
  p.overflow = overflow_rule::ieee;
  p.zero_sign = sign_rule::keep;
  return p;
}
LOWP_FN code_t gemm_add(const mma_model& m, code_t x, code_t y) noexcept {
  if (m.sum == mma_sum::integer) {
    return integer_code(m.d, integer_value(m.d, x) + integer_value(m.d, y), m.overflow);
  }
  return encode(m.d, add_exact(m, decode(m.d, x), decode(m.d, y)), gemm_addition(m));
}

/// c as a code of d.
LOWP_FN code_t gemm_read_c(const mma_model& m, code_t c) noexcept {
  return m.sum == mma_sum::integer ? integer_code(m.d, integer_value(m.c, c), m.overflow)
                                   : encode(m.d, read_c(m, c), gemm_addition(m));
}

/// The operands of instruction i.
LOWP_FN mma_operands operands_of(const mma_model& m, const mma_operands& x,
                                 std::uint64_t i) noexcept {
  mma_operands r = x;
  r.a += i * m.k;
  r.b += i * m.k;
  if (m.scale_block != 0) {
    r.scale_a += i * (m.k / m.scale_block);
    r.scale_b += i * (m.k / m.scale_block);
  }
  return r;
}

/// One slice. c, a code of the unit's c, enters if `with_c`; else +0 does. GEM-3
LOWP_FN code_t gemm_slice(const gemm_rule& r, const mma_operands& x, const slice_range& range,
                          code_t c, bool with_c) noexcept {
  const mma_model& m = r.unit;
  const mma_model chained = chained_unit(m);
  code_t sum = with_c ? gemm_read_c(m, c) : 0;
  if (range.first >= range.last) return sum;
  bool fresh = with_c && r.promote_every == 0;
  code_t accumulator = fresh ? c : 0;
  std::uint32_t n = 0;
  for (std::uint64_t i = range.first; i < range.last; i += range.step) {
    accumulator = multiply_add(fresh ? m : chained, operands_of(m, x, i), accumulator);
    fresh = false;
    if (++n == r.promote_every) {
      sum = gemm_add(m, sum, accumulator);
      accumulator = 0;
      n = 0;
    }
  }
  if (r.promote_every == 0) return accumulator;
  return n == 0 ? sum : gemm_add(m, sum, accumulator);
}

/// The sum of the results of slices, which it overwrites. GEM-4
LOWP_FN code_t join_slices(const gemm_rule& r, code_t* s) noexcept {
  std::uint32_t n = r.slices;
  if (r.join == slice_order::pairwise) {
    while (n > 1) {
      std::uint32_t out = 0;
      for (std::uint32_t i = 0; i + 1 < n; i += 2) s[out++] = gemm_add(r.unit, s[i], s[i + 1]);
      if (n % 2 != 0) s[out++] = s[n - 1];
      n = out;
    }
    return s[0];
  }
  const bool ascends = r.join == slice_order::ascending;
  code_t sum = ascends ? s[0] : s[n - 1];
  for (std::uint32_t i = 1; i < n; ++i) sum = gemm_add(r.unit, sum, s[ascends ? i : n - 1 - i]);
  return sum;
}

}  // namespace detail

/// The definition: one element of D from a row of A and a column of B, `instructions` times
/// `unit.k` factors each (and their scales), and a code of c; x.exponent counts, not r.exponent.
/// The rule must pass `check`. spec/gemm.md GEM-2
LOWP_FN code_t gemm_element(const gemm_rule& r, const mma_operands& x, std::uint64_t instructions,
                            code_t c) noexcept {
  if (r.slices == 1) {
    return detail::gemm_slice(r, x, range_of_slice(r, instructions, 0), c, true);
  }
  code_t results[most_slices]{};
  for (std::uint32_t s = 0; s < r.slices; ++s) {
    results[s] = detail::gemm_slice(r, x, range_of_slice(r, instructions, s), c, s == 0);
  }
  return detail::join_slices(r, results);
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_GEMM_GEMM_RULE_HPP
