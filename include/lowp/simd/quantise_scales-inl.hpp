// SPDX-License-Identifier: Apache-2.0
/// \file
/// Scales of many blocks at once: powers of two from the bits of amax, quotients in the steps of
/// block/quotient_scale.hpp.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "encode-inl.hpp"
#include "float_steps-inl.hpp"
#include "lanes-inl.hpp"
#include "quantise_amax-inl.hpp"
#include "quantise_plan.hpp"

#if defined(LOWP_SIMD_QUANTISE_SCALES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_QUANTISE_SCALES_INL_HPP
#undef LOWP_SIMD_QUANTISE_SCALES_INL_HPP
#else
#define LOWP_SIMD_QUANTISE_SCALES_INL_HPP
#endif

#if HWY_TARGET != HWY_SCALAR

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// Blocks of a band, the first of which is block `first`.
struct band_piece {
  std::size_t first, blocks;
};

/// Names the blocks from `first` on whose lanes are odd.
template <class Mask>
HWY_INLINE void add_odd(Mask is_odd, std::size_t first, quantise_band_data& b) {
  const bit_vectors d;
  if (hn::AllFalse(d, is_odd)) return;
  HWY_ALIGN std::uint32_t odd[HWY_MAX_BYTES / 4];
  hn::Store(hn::VecFromMask(d, is_odd), d, odd);
  for (std::size_t k = 0; k < float_lanes() && first + k < b.blocks; ++k) {
    if (odd[k] != 0) b.odd[b.odd_count++] = static_cast<std::uint16_t>(first + k);
  }
}

/// Scale codes of the blocks from `first` on.
HWY_INLINE void store_scales(bit_vector code, std::size_t first, quantise_band_data& b) {
  const bit_vectors d;
  hn::StoreU(code, d, b.scales + first);
  store_codes(d, hn::And(code, hn::Set(d, 0xffu)), b.scale_bytes + first);
}

/// Are elements divided?
inline bool divides(const quantise_plan& p) {
  const quotient_steps& s = p.q.recipe.steps;
  return p.way == scale_way::quotient && s.quotient != block_quotient::max_over_amax &&
         (s.element == element_step::over_product || s.element == element_step::over_scale);
}

/// Is what the greatest magnitude becomes infinite or NaN?
HWY_INLINE auto overflows(const quantise_plan& p, bit_vector amax, bit_vector value) {
  const bit_vectors d;
  const float_vectors df;
  const float_vector a = hn::BitCast(df, amax), v = hn::BitCast(df, value);
  const float_vector most = divides(p) ? DivStep(a, v) : MulStep(a, v);
  return hn::Not(hn::Lt(hn::BitCast(d, most), hn::Set(d, 0x7f800000u)));
}

/// Exponents of scales from the bits of amax.
HWY_INLINE integer_vector exponents_by_bits(const quantise_plan& p, bit_vector amax) {
  const bit_vectors d;
  const integer_vectors di;
  // Subnormal numbers as normal ones with fields below 1.
  const auto unit = hn::Set(d, std::uint32_t{149} << 23);
  const bit_vector lifted = hn::Sub(bits_of_integer(d, amax), unit);
  const auto is_subnormal = hn::Lt(amax, hn::Set(d, 1u << 23));
  const bit_vector bits = hn::IfThenElse(is_subnormal, lifted, amax);
  const auto up = hn::Add(hn::BitCast(di, bits), hn::Set(di, p.round));
  return hn::Add(hn::ShiftRight<23>(up), hn::Set(di, p.offset));
}

/// The same by the definition.
inline void exponents_by_rule(const quantise_plan& p, const std::uint32_t* amax,
                              const band_piece& at, const quantise_band_data& b,
                              std::int32_t* exponents) {
  const block_format& f = p.q.to.f;
  for (std::size_t j = 0; j < at.blocks; ++j) {
    block_summary s;
    s.amax = amax[j] < p.least_amax ? p.least_amax : amax[j];
    const block_random random{p.q.random, 0, 0, b.first_block + at.first + j};
    const code_t code = lowp::detail::power_scale_of(f, p.q.recipe, s, random);
    exponents[j] = lowp::detail::exponent_of_scale(f, code);
  }
}

/// Scales of power rules. Values are the fields of the lowest binade of ladders, in both halves, or
/// factors.
inline void find_powers(const quantise_plan& p, element_way way, const std::uint32_t* amax,
                        const band_piece& at, quantise_band_data& b,
                        std::uint32_t* HWY_RESTRICT values) {
  const bit_vectors d;
  const integer_vectors di;
  HWY_ALIGN std::int32_t ruled[most_band_blocks];
  if (p.way == scale_way::by_rule) exponents_by_rule(p, amax, at, b, ruled);
  const auto lowest = static_cast<std::int32_t>(p.codes.bytes.lowest);
  const auto distance = static_cast<std::int32_t>(p.distance);
  for (std::size_t j = 0; j < at.blocks; j += float_lanes()) {
    const bit_vector a = hn::Max(hn::Load(d, amax + j), hn::Set(d, p.least_amax));
    const auto is_zero = hn::Eq(a, hn::Zero(d));
    auto is_odd = hn::Not(hn::Lt(a, hn::Set(d, p.odd_from)));
    integer_vector e =
        p.way == scale_way::by_rule ? hn::Load(di, ruled + j) : exponents_by_bits(p, a);
    e = hn::Min(hn::Max(e, hn::Set(di, p.least)), hn::Set(di, p.most));
    if (p.zero_is_given) {
      const auto zero = hn::Set(di, static_cast<std::int32_t>(p.zero_scale) - 127);
      e = hn::IfThenElse(hn::RebindMask(di, is_zero), zero, e);
    }
    const bit_vector code = hn::BitCast(d, hn::Add(e, hn::Set(di, 127)));
    store_scales(code, at.first + j, b);
    if (way == element_way::ladder) {
      const integer_vector moved = hn::Add(hn::ShiftLeft<7>(e), hn::Set(di, lowest));
      const auto first = hn::Set(di, distance), last = hn::Set(di, 253 << 7);
      const auto is_off = hn::Or(hn::Gt(first, moved), hn::Gt(moved, last));
      is_odd = hn::Or(is_odd, hn::AndNot(is_zero, hn::RebindMask(d, is_off)));
      const auto kept = hn::Add(hn::Min(hn::Max(moved, first), last), hn::Set(di, 0x80));
      hn::Store(hn::BitCast(d, hn::Or(kept, hn::ShiftLeft<16>(kept))), d, values + j);
    } else {
      // 2^-e, the least of which is subnormal.
      const bit_vector power = hn::ShiftLeft<23>(hn::Sub(hn::Set(d, 254u), code));
      const bit_vector value = hn::Max(power, hn::Set(d, 1u << 22));
      if (way == element_way::scaled) is_odd = hn::Or(is_odd, overflows(p, a, value));
      hn::Store(value, d, values + j);
    }
    add_odd(is_odd, at.first + j, b);
  }
}

/// The quotient of blocks with the amax A.
HWY_INLINE float_vector quotients_of(const quantise_plan& p, const quotient_floats& c,
                                     float_vector A) {
  const float_vectors df;
  const auto M = hn::Set(df, c.M);
  switch (p.q.recipe.steps.quotient) {
    case block_quotient::amax_over_max: return DivStep(A, M);
    case block_quotient::amax_by_factor: return MulStep(A, hn::Set(df, c.factor));
    case block_quotient::times_outer: return MulStep(DivStep(A, M), hn::Set(df, c.S));
    case block_quotient::over_outer: return DivStep(DivStep(A, M), hn::Set(df, c.P));
    case block_quotient::over_product: return DivStep(A, hn::Set(df, c.product));
    case block_quotient::max_over_amax: break;
  }
  return DivStep(M, A);
}

HWY_INLINE float_vector bounded_factors(infinite_factor rule, float_vector x) {
  const bit_vectors d;
  if (rule == infinite_factor::keep) return x;
  const auto bits = hn::BitCast(d, x);
  const auto is_infinite = hn::Eq(bits, hn::Set(d, 0x7f800000u));
  const auto other = hn::Set(d, rule == infinite_factor::greatest ? 0x7f7fffffu : 0x3f800000u);
  return hn::BitCast(float_vectors(), hn::IfThenElse(is_infinite, other, bits));
}

/// The numbers that scale codes are.
HWY_INLINE float_vector scales_of(const quantise_plan& p, bit_vector code) {
  const bit_vectors d;
  const float_vectors df;
  if (p.kind == scale_kind::binary32) return hn::BitCast(df, code);
  if (p.kind == scale_kind::power) {
    return hn::BitCast(df, hn::Max(hn::ShiftLeft<23>(code), hn::Set(d, 1u << 22)));
  }
  const auto bits = hn::ShiftLeftSame(code, p.scale_shift);
  return MulStep(hn::BitCast(df, bits), hn::Set(df, p.scale_factor));
}

/// What elements are multiplied or divided by under the scale b.
HWY_INLINE float_vector factors_of(const quantise_plan& p, const quotient_floats& c,
                                   float_vector b) {
  const float_vectors df;
  const auto one = hn::Set(df, 1.0f);
  const infinite_factor rule = p.q.recipe.steps.infinite;
  switch (p.q.recipe.steps.element) {
    case element_step::by_reciprocal_of_product:
      return bounded_factors(rule, DivStep(one, MulStep(b, hn::Set(df, c.over_S))));
    case element_step::by_outer_over_scale:
      return bounded_factors(rule, DivStep(hn::Set(df, c.S), b));
    case element_step::by_reciprocal_outer_over_scale:
      return bounded_factors(rule, DivStep(hn::Set(df, c.over_P), b));
    case element_step::over_product: return MulStep(b, hn::Set(df, c.P));
    case element_step::over_scale: return b;
    case element_step::by_reciprocal:
    case element_step::by_multiplier: break;
  }
  return bounded_factors(rule, DivStep(one, b));
}

/// Scales of quotients. Values are factors or divisors.
inline void find_quotients(const quantise_plan& p, element_way way, const std::uint32_t* amax,
                           const band_piece& at, quantise_band_data& b,
                           std::uint32_t* HWY_RESTRICT values) {
  const bit_vectors d;
  const float_vectors df;
  const integer_vectors di;
  const block_recipe& r = p.q.recipe;
  const bool multiplies = r.steps.quotient == block_quotient::max_over_amax;
  const bool gives_zero = r.zero_block != zero_block_rule::by_rule;
  const encoder<bit_vectors, false, true> encode(p.scale);
  const auto infinite = hn::Set(d, 0x7f800000u);
  std::size_t next = b.run == 0 ? b.blocks : b.run / p.q.to.f.columns;
  const quotient_floats* c = b.c;
  for (; b.has_run_constants && next <= at.first; next += b.run / p.q.to.f.columns) ++c;
  for (std::size_t j = 0; j < at.blocks; j += float_lanes()) {
    if (b.has_run_constants && at.first + j == next) {
      ++c;
      next += b.run / p.q.to.f.columns;
    }
    const bit_vector a = hn::Max(hn::Load(d, amax + j), hn::Set(d, p.least_amax));
    const auto is_zero = hn::Eq(a, hn::Zero(d));
    auto is_odd = hn::Not(hn::Lt(a, infinite));
    if (gives_zero) is_odd = hn::Or(is_odd, is_zero);
    float_vector q = quotients_of(p, *c, hn::BitCast(df, a)), factor = q;
    if (multiplies) {
      factor = bounded_factors(r.steps.infinite, q);
      if (r.steps.power == power_step::multiplier_down)
        factor = hn::And(factor, hn::BitCast(df, infinite));
      q = DivStep(hn::Set(df, 1.0f), factor);
    }
    bit_vector bits = hn::BitCast(d, q);
    if (!multiplies && r.steps.power == power_step::scale_up) {
      bits = hn::And(hn::Add(bits, hn::Set(d, 0x7fffffu)), infinite);
    }
    // Negative ones, infinities and NaNs; not negative, numbers are in the order of their bits.
    is_odd = hn::Or(is_odd, hn::Not(hn::Lt(bits, infinite)));
    if (!multiplies && r.steps.least_scale_log2 != 0) {
      bits = hn::Max(bits, hn::Set(d, lowp::detail::bits_of_power(r.steps.least_scale_log2)));
    }
    bit_vector code = bits;
    if (p.kind != scale_kind::binary32) {
      integer_vector greatest = hn::Zero(di);
      code = encode(bits, hn::Zero(d), greatest);
      is_odd = hn::Or(is_odd, hn::Gt(code, hn::Set(d, static_cast<std::uint32_t>(p.most_scale))));
    }
    store_scales(code, at.first + j, b);
    if (!multiplies) {
      const float_vector scale = scales_of(p, code);
      factor = factors_of(p, *c, scale);
      const auto is_nothing = hn::Eq(hn::BitCast(d, scale), hn::Zero(d));
      if (r.steps.zero_scale_zeroes) {
        factor = hn::BitCast(df, hn::IfThenZeroElse(is_nothing, hn::BitCast(d, factor)));
      }
    }
    const bit_vector value = hn::BitCast(d, factor);
    if (divides(p)) is_odd = hn::Or(is_odd, hn::Eq(value, hn::Zero(d)));
    is_odd = hn::Or(is_odd, hn::Not(hn::Lt(value, infinite)));
    if (way == element_way::scaled) is_odd = hn::Or(is_odd, overflows(p, a, value));
    hn::Store(value, d, values + j);
    add_odd(is_odd, at.first + j, b);
  }
}

/// Scale codes of a band from the bits of amax, its odd blocks, and a value for each block's
/// elements.
inline void find_scales(const quantise_plan& p, element_way way, const std::uint32_t* amax,
                        const band_piece& at, quantise_band_data& b, std::uint32_t* values) {
  if (p.way == scale_way::quotient) return find_quotients(p, way, amax, at, b, values);
  find_powers(p, way, amax, at, b, values);
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // HWY_TARGET != HWY_SCALAR

#endif
