// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the kernels of block quantisation need to know of a format and recipe: which way the
/// numbers go, and constants, asked of the scalar definition. spec/bulk.md BLK-7.
#ifndef LOWP_SIMD_QUANTISE_PLAN_HPP
#define LOWP_SIMD_QUANTISE_PLAN_HPP

#include <cstdint>

#include "../block/quantise_matrix.hpp"
#include "machine_binary32.hpp"
#include "plan.hpp"

namespace lowp::simd {

/// How the scale of a block follows from its amax.
enum class scale_way : std::uint8_t {
  definition,  ///< not by kernels: every block is quantised by the definition
  by_bits,     ///< a power of two by one addition to the bits of amax
  by_rule,     ///< a power of two that the definition finds from amax
  quotient,
};

/// How scale codes of at most 8 bits are numbers; binary32 stands for itself.
enum class scale_kind : std::uint8_t {
  power,    ///< 2^(code - 127)
  gradual,  ///< unsigned minifloat with subnormal numbers: bits of binary32 times a power of two
  binary32,
};

/// A quantisation of matrices, prepared.
struct quantise_plan {
  block_quantisation q;
  scale_way way = scale_way::definition;
  std::uint32_t least_amax = 0;
  std::uint32_t odd_from = 0;  ///< blocks with an amax of these bits or above go to the definition
  code_t most_scale = 0;       ///< codes above are no numbers

  // Powers of two: exponents from `least` to `most`, whose codes are 127 greater.
  std::int32_t round = 0;   ///< what is added to the bits of amax, and carries into the exponent
  std::int32_t offset = 0;  ///< from the exponent field of that to the scale's exponent
  std::int32_t least = 0, most = 0;
  bool zero_is_given = false;  ///< blocks of zeros have the code `zero_scale`
  code_t zero_scale = 0;

  // Quotients.
  scale_kind kind = scale_kind::power;
  int scale_shift = 0;               ///< of `gradual`: from its bits to those of binary32
  float scale_factor = 1;            ///< of `gradual`: what then makes the number
  encode_plan<std::uint32_t> scale;  ///< from binary32, where the scale is not binary32

  // Ways of elements, which end in containers of a byte. The first that fits the vectors is taken.
  bool ladder = false;  ///< integers: the ladder of encode_bytes-inl.hpp, moved by the exponent
  bool scaled = false;  ///< binary32 times a factor, by the kernels of encode_bytes-inl.hpp
  bool buffer = false;  ///< the same through a buffer, converted as any array is
  encode_plan<std::uint32_t> codes;  ///< of `ladder` and `scaled`
  std::uint32_t distance = 0;        ///< of `ladder`: from `far` to `lowest` of its byte_plan
  plan element;                      ///< of `buffer`
  // Of `buffer`: what the product, in binary32, becomes before it is converted.
  bool keeps_tiny = false;          ///< what underflows is the least number, not rounded
  bool is_symmetric = false;        ///< at least `least_element`
  float least_element = 0;          ///< -M
  std::uint32_t drops_sign = 0;     ///< negative magnitudes below are +0
  bool zeros_are_negative = false;  ///< zeros are -0
};

namespace detail {

using lowp::detail::bit_cast;
using lowp::detail::exponent_of_scale;
using lowp::detail::low_mask;
using lowp::detail::power_scale;
using lowp::detail::special_scale;

/// Do the kernels find the scales of a power rule? Sets what they need.
LOWP_FN bool set_power(const block_format& f, const block_recipe& r, quantise_plan& p) noexcept {
  using enum scale_rule;
  if (f.scale != formats::e8m0fnu || r.rule == in_range_signed || f.outer != outer_scale::none) {
    return false;
  }
  const std::int32_t emax = greatest_exponent(f.element);
  const bool by_definition = r.rule == stochastic || r.rule == floor_log2_binary32 ||
                             r.rule == ceil_log2_binary32 || r.rule == even_log2_binary32;
  p.way = by_definition ? scale_way::by_rule : scale_way::by_bits;
  p.round = static_cast<std::int32_t>(never_up - up_threshold(r.rule, f.element));
  p.offset = r.exponent_offset - emax - 127;
  p.least = exponent_of_scale(f, power_scale(f, r, -exponent_bound));
  p.most = exponent_of_scale(f, power_scale(f, r, exponent_bound));
  p.zero_is_given = r.zero_block != zero_block_rule::by_rule;
  p.zero_scale = special_scale(f, r.zero_block == zero_block_rule::one);
  if (r.rounds_to_infinity) p.odd_from = 0x7f000000;
  // What amax is 0 becomes far below the least exponent.
  return emax >= -16 && emax <= 64;
}

/// Do the kernels make the scales of quotients? Sets what they need.
LOWP_FN bool set_quotient(const block_format& f, const block_recipe& r, quantise_plan& p) noexcept {
  p.way = scale_way::quotient;
  if (r.scale.subnormal_input != subnormal_input_rule::keep || r.scale.flush_subnormal_result) {
    return false;
  }
  p.most_scale = max_finite(f.scale);
  if (f.scale == formats::binary32) {
    p.kind = scale_kind::binary32;
    return true;
  }
  if (f.scale.width > 8 || f.scale.is_signed || is_stochastic(r.scale.round)) return false;
  if (!make_encode_plan(f.scale, r.scale, p.scale)) return false;
  if (f.scale == formats::e8m0fnu) return p.kind = scale_kind::power, true;
  p.kind = scale_kind::gradual;
  p.scale_shift = 23 - trailing_bits(f.scale);
  p.scale_factor = bit_cast<float>(static_cast<std::uint32_t>(254 - f.scale.bias) << 23);
  return f.scale.kind == number_kind::minifloat && f.scale.bottom == bottom_binade::gradual &&
         f.scale.bias >= 0 && f.scale.bias <= 100;
}

/// The greatest magnitude of negative numbers that become zero.
LOWP_FN std::uint32_t greatest_to_zero(format element, const projection& p) noexcept {
  std::uint32_t low = 0, high = 0x7f800000;
  while (high - low > 1) {
    const std::uint32_t middle = low + (high - low) / 2;
    const code_t code = convert(formats::binary32, 0x80000000 | middle, element, p);
    const bool is_zero = (code & low_mask(element.width - 1)) == 0;
    (is_zero ? low : high) = middle;
  }
  return low;
}

/// Is the rounding of a product in binary32 to 0 or less than 2^-125 of no account?
LOWP_FN bool is_to_nearest(rounding mode) noexcept {
  return mode == rounding::to_nearest_even || mode == rounding::to_nearest_away ||
         mode == rounding::to_nearest_zero || mode == rounding::to_nearest_negative;
}

/// Which way elements go. False: the definition's.
LOWP_FN bool set_elements(const block_format& f, const block_recipe& r, const random_source& random,
                          quantise_plan& p) noexcept {
  const bool is_power = p.way != scale_way::quotient;
  const projection& e = r.element;
  // Tiny numbers must be far below the steps of elements.
  const bool is_narrow = f.element.kind == number_kind::fixed_point ||
                         (f.element.kind == number_kind::minifloat && f.element.bias <= 40);
  if (f.element.width > 8 || !is_narrow || f.element.bias < -40) return false;
  if (e.subnormal_input != subnormal_input_rule::keep || e.overflow_before_rounding) return false;
  p.element = make_plan({formats::binary32, {f.element, packing{}}, e, random});
  p.codes = p.element.to32;
  const byte_plan& b = p.codes.bytes;
  const bool has_zeros = has_negative_zero(f.element);
  const zero_sign_rule zeros = has_zeros ? r.zero_sign : zero_sign_rule::keep;
  const bool one_below = f.element.kind == number_kind::fixed_point && f.element.is_signed;
  const bool symmetric = r.symmetric && one_below;
  const bool by_bytes = p.element.way == route::by32 && !is_stochastic(e.round) &&
                        b.mode != rounding_shape::none && b.is_plain && !b.has_gap && !b.lifts &&
                        !b.raises && !p.codes.by_scalar_nan && p.codes.scalar_to == 0;
  if (symmetric && e.overflow != overflow_rule::saturate) return false;
  if (by_bytes && (zeros == zero_sign_rule::keep || zeros == zero_sign_rule::positive)) {
    if (symmetric) p.codes.cap[1] = p.codes.cap[0];
    if (zeros == zero_sign_rule::positive) p.codes.positive_zero = true;
    p.distance = static_cast<std::uint32_t>(b.lowest - b.far);
    p.scaled = !is_power || is_to_nearest(e.round);
    p.ladder = is_power && b.factor == 1 && b.far > 0;
  }
  p.keeps_tiny = is_power && !is_to_nearest(e.round);
  p.is_symmetric = symmetric;
  if (symmetric) {
    const code_t code = convert(f.element, max_finite(f.element), formats::binary32, projection{});
    p.least_element = bit_cast<float>(0x80000000 | static_cast<std::uint32_t>(code));
  }
  // Signs of zeros are made before the conversion, which keeps them.
  p.buffer = zeros == zero_sign_rule::keep ||
             (e.zero_sign == sign_rule::keep && !p.keeps_tiny &&
              !(zeros == zero_sign_rule::positive && is_stochastic(e.round)));
  p.scaled = p.scaled && p.buffer;  // which takes products that are infinite
  if (!p.buffer) return p.ladder;
  if (zeros == zero_sign_rule::positive) p.drops_sign = greatest_to_zero(f.element, e) + 1;
  if (zeros == zero_sign_rule::exact_positive) p.drops_sign = 1;
  p.zeros_are_negative = zeros == zero_sign_rule::exact_negative;
  return true;
}

}  // namespace detail

/// Prepares a quantisation; format, layout and recipe are usable.
LOWP_FN quantise_plan make_quantise_plan(const block_quantisation& q) noexcept {
  quantise_plan p;
  p.q = q;
  const block_format& f = q.to.f;
  const block_recipe& r = q.recipe;
  p.least_amax = r.least_amax;
  p.odd_from = 0x7f800000;
  const bool has_levels = f.level[0].group != 0 || f.level[1].group != 0;
  const bool is_quotient = r.rule == scale_rule::quotient;
  bool goes = host_is_supported && !has_levels && r.search.kind == search_kind::none &&
              r.rule != scale_rule::hif4 && r.least_amax < p.odd_from;
  goes = goes && (is_quotient ? detail::set_quotient(f, r, p) : detail::set_power(f, r, p));
  goes = goes && detail::set_elements(f, r, q.random, p);
  if (!goes) p.way = scale_way::definition;
  return p;
}

/// The constants of quotients in the machine's binary32, of one outer amax. Names as in
/// `quotient_constants`; `factor` is S (1/M).
struct quotient_floats {
  float M = 0, S = 0, P = 0, factor = 0, over_S = 0, over_P = 0, product = 0;
};

/// Under a `float_environment` only, both.
LOWP_UNIT inline quotient_floats quotient_floats_of(
    const lowp::detail::quotient_constants<machine_binary32>& c) noexcept {
  const machine_binary32 M = c.greatest_element;
  return {M.value(),
          c.S.value(),
          c.P.value(),
          (c.S * (c.one / M)).value(),
          (c.one / c.S).value(),
          (c.one / c.P).value(),
          (M * c.P).value()};
}
LOWP_UNIT inline quotient_floats quotient_floats_of(const block_quantisation& q,
                                                    machine_binary32 T) noexcept {
  return quotient_floats_of(lowp::detail::constants_of(q.to.f, q.recipe, T));
}

/// Elements and blocks that a call of the kernels takes at most.
inline constexpr std::size_t most_band_elements = 4096;
inline constexpr std::size_t most_band_blocks = most_band_elements / 4;

/// Whole blocks side by side, in the first `rows` rows of them.
struct quantise_band_data {
  const float* x = nullptr;
  std::uint64_t stride = 0;  ///< of the rows of x
  int rows = 0;
  std::size_t blocks = 0;
  std::uint64_t columns = 0;        ///< from one row's indices to the next
  std::uint64_t first_element = 0;  ///< indices for the random source
  std::uint64_t first_block = 0;
  const quotient_floats* c = nullptr;  ///< of all, or of each run
  bool has_run_constants = false;      ///< runs are then of whole vectors of blocks
  int bits = 8;                        ///< of a code, as the plan's layout has them; or 8
  std::uint8_t* codes = nullptr;       ///< results: of rows `codes_stride` bytes apart
  std::uint64_t codes_stride = 0;
  /// Of one row: numbers of whole blocks whose codes are whole bytes end to end, and bytes from
  /// those to the next ones'. 0: all.
  std::uint64_t run = 0, run_bytes = 0;
  std::uint32_t scales[most_band_blocks + 64];      ///< results, with room for a vector
  std::uint8_t scale_bytes[most_band_blocks + 64];  ///< the lowest ones of those
  std::uint16_t odd[most_band_blocks];              ///< blocks whose results are void
  std::size_t odd_count = 0;
};

/// Blocks by a plan that was made before, defined in implementation_quantise.hpp: for many short
/// arrays. Nothing is checked, and a `float_environment` must live around `quantise_blocks`.
/// Do the kernels of this machine work for the plan, and can they make codes end to end in one
/// pass?
bool has_block_kernels(const quantise_plan& p) noexcept;
bool packs_blocks(const quantise_plan& p) noexcept;
/// Blocks whose scales are found at once.
std::size_t blocks_at_once() noexcept;
void quantise_blocks(const quantise_plan& p, quantise_band_data& b) noexcept;
/// The greatest magnitude of n numbers below `limit`, as bits.
std::uint32_t greatest_below(const float* x, std::size_t n, std::uint32_t limit) noexcept;

}  // namespace lowp::simd

#endif  // LOWP_SIMD_QUANTISE_PLAN_HPP
