// SPDX-License-Identifier: Apache-2.0
/// \file
/// What one element of the result of a matrix unit is, as data: d = f(a row of A, a column of B,
/// c). The engine that runs any of them is in mma.hpp, those that exist are in mma_nvidia.hpp and
/// the files beside it. spec/mma.md MMA-1.
#ifndef LOWP_HARDWARE_MMA_MMA_MODEL_HPP
#define LOWP_HARDWARE_MMA_MMA_MODEL_HPP

#include <cstdint>

#include "../../format.hpp"
#include "../../integer/intn.hpp"
#include "../../projection.hpp"

namespace lowp {

/// How the products of one step become a sum. spec/mma.md MMA-3.
enum class mma_sum : std::uint8_t {
  aligned,  ///< cut on a grid below the greatest exponent, then added without further loss. MMA-4
  exact,    ///< added exactly. MMA-6
  chain,    ///< one after the other, each addition rounded (fused multiply-add). MMA-7
  tree,     ///< rounded, then added in pairs, these in pairs ..., each sum rounded. MMA-8
  gaudi2,   ///< as `aligned`, then with the accumulator in a window of 62 bits. MMA-9
  integer,  ///< integers; the accumulator wraps or saturates. MMA-10
};

/// Where the accumulator enters. spec/mma.md MMA-5.
enum class accumulator_entry : std::uint8_t {
  in_step,     ///< it is one more term of each step
  after_step,  ///< the sum of each step is added to it
  after_all,   ///< steps begin with +0; it is added once, at the end of the instruction
};

/// In which order the products of an instruction are taken. spec/mma.md MMA-2.
enum class product_order : std::uint8_t {
  ascending,
  pairs_reversed,  ///< 1, 0, 3, 2, ...
  pairs_dealt,     ///< 0, 1, 4, 5, 8, 9, ... and then 2, 3, 6, 7, ...
};

/// Which exponent a product or an accumulator of zero has when terms are aligned. MMA-4.
enum class zero_exponent : std::uint8_t {
  none,            ///< it takes no part
  minus_126,       ///< the zero counts as 0 x 2^-126, whatever its format
  minus_126_of_c,  ///< only an accumulator of zero does
};

/// Which NaN an operation on NaNs gives before the projection. MMA-11.
enum class mma_nan : std::uint8_t {
  canonical,      ///< a positive one without payload
  first_operand,  ///< of x y + z the first of x, y, z; of x + y the first
};

/// Products of an instruction, at most.
inline constexpr int most_products = 512;

/// The arithmetic of one matrix instruction. All `format`s of width 0 are "none".
///
/// An instruction takes k products in steps of `group`, the first ones first; the result of a step
/// is the accumulator of the next. Two models are the same arithmetic if all members are equal.
struct mma_model {
  format a{};  ///< of the factors
  format b{};
  format c{};               ///< of the operand that is added
  format d{};               ///< of the result
  format accumulator{};     ///< what every rounding inside gives; every value of it is one of `d`
  std::uint16_t k = 1;      ///< products of one instruction, 1 ... `most_products`
  std::uint16_t group = 1;  ///< products of one step, 1 ... k
  mma_sum sum = mma_sum::aligned;
  accumulator_entry entry = accumulator_entry::in_step;
  product_order order = product_order::ascending;
  /// Sums that are made apart in a step (aligned) or over the instruction (chain): product i
  /// belongs to sum i mod `chains`. Joined before the accumulator comes in. 1 or 2.
  std::uint8_t chains = 1;
  /// Adjacent products that are added exactly to one term before anything is cut or rounded.
  std::uint8_t run = 1;

  // Operands. MMA-2
  format stored{};          ///< codes of a and b are of this format, if they are not of their own
  projection read{};        ///< from `stored`; subnormal rule of a and b
  projection read_c{};      ///< subnormal rule of c and sign of its zero
  bool normalises = false;  ///< subnormal factors get exponents below the least normal one
  bool normalises_products =
      false;                  ///< a product of significands of 2 and more has the next exponent
  std::uint8_t low_bits = 0;  ///< factors are cut in two above that many bits; four products each

  // Alignment. MMA-4, MMA-5
  std::uint8_t kept_bits = 0;  ///< fraction bits of a term below the greatest exponent, up to 60
  bool floors = false;         ///< terms are cut downward instead of toward zero
  zero_exponent zeros = zero_exponent::none;
  std::int32_t least_exponent = -(1 << 20);  ///< the greatest exponent is not less than this
  bool scales_align = false;                 ///< exponents of terms are those of the scales alone
  std::uint8_t kept_sum = 0;  ///< entry after_step: fraction bits of the sum of products
  std::uint8_t kept_c = 0;    ///< entry after_step: fraction bits of the accumulator
  std::uint8_t reach_c = 0;   ///< not 0: an accumulator of an exponent further below counts as 0
  bool huge_products_are_infinite = false;  ///< a product of 2^128 or more is an infinity

  // Roundings. MMA-3
  format product{};  ///< products (runs of them) are rounded to this format first
  projection product_last{};
  bool products_add_zero =
      false;                   ///< a product is a b + 0: one of -0 is +0, not one that underflows
  projection step{};           ///< of every sum
  projection join{};           ///< of the addition of c after all
  bool flush_rounded = false;  ///< results that are subnormal once rounded are zeros of their sign
  bool keeps_zero_sign = false;  ///< an aligned or exact sum of zeros of one sign has that sign

  // Special values. MMA-11
  mma_nan nan = mma_nan::canonical;
  bool invalid_is_negative = false;  ///< sign of the NaN of inf x 0 and inf - inf

  // Scales. MMA-12
  format scale{};                 ///< of one scale of a row of A and one of a column of B
  std::uint16_t scale_block = 0;  ///< products that share them

  // Integers. MMA-10
  integer_overflow overflow = integer_overflow::wrap;
  bool one_bit = false;       ///< of a factor only the lowest bit counts
  bool exclusive_or = false;  ///< products are exclusive ors

  friend LOWP_FN bool operator==(const mma_model&, const mma_model&) noexcept = default;
};

}  // namespace lowp

#endif  // LOWP_HARDWARE_MMA_MMA_MODEL_HPP
