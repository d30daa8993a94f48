// SPDX-License-Identifier: Apache-2.0
/// \file
/// Runs of numbers that share affine parameters, to integers in bytes and back. The definition:
/// `quantise` and `dequantise` of integer/affine.hpp.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "affine_definition.hpp"
#include "rowwise_codes-inl.hpp"

#if defined(LOWP_SIMD_AFFINE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_AFFINE_INL_HPP
#undef LOWP_SIMD_AFFINE_INL_HPP
#else
#define LOWP_SIMD_AFFINE_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_ROW_KERNELS
namespace rows {

/// Where the zero point goes in kernels; after rounding there is no difference between integers and
/// binary32 up to `most_zero_point`.
enum class affine_way : std::uint8_t { after, before, fused };

inline constexpr std::int32_t most_zero_point = 1 << 22;

/// A run's constants, and an order of operations that is known when the kernel is compiled.
template <bool Divides, affine_way Way, bool X86, bool Away>
struct affine_encoder {
  float_vector factor, zero_point, least, most;
  integer_vector zero, low, high, mask;

  HWY_INLINE integer_vector operator()(float_vector x) const {
    const float_vector y = shifted(x);
    integer_vector q;
    if constexpr (X86) {
      q = to_integers(lesser(y, set_real(0x4effffff)));  // 2147483520, of NaN too
      if constexpr (Way == affine_way::after) q = hn::Add(q, zero);
      q = hn::Min(hn::Max(q, low), high);
    } else {
      const float_vector number = select(are_nan(y), hn::Zero(floats()), y);
      const float_vector inside = lesser(greater(number, least), most);
      q = Away ? away(inside) : to_integers(inside);
      if constexpr (Way == affine_way::after) q = hn::Add(q, zero);
    }
    return hn::And(q, mask);
  }

 private:
  HWY_INLINE float_vector shifted(float_vector x) const {
    if constexpr (Way == affine_way::fused) return FmaStep(x, factor, zero_point);
    const float_vector y = Divides ? DivStep(x, factor) : MulStep(x, factor);
    if constexpr (Way == affine_way::before) return AddStep(y, zero_point);
    return y;
  }
  /// Nearest integers, ties away from zero, of magnitudes up to 2^23.
  static HWY_INLINE integer_vector away(float_vector y) {
    const word_vector sign = hn::And(bits_of(y), set_bits(0x80000000));
    const integer_vector whole = hn::ConvertTo(integers(), y);  // toward zero
    const float_vector rest = SubStep(y, hn::ConvertTo(floats(), whole));
    const auto goes = hn::Gt(as_signed(magnitudes(rest)), as_signed(set_bits(0x3effffff)));
    const integer_vector one = hn::Or(hn::ShiftRight<31>(as_signed(sign)), hn::Set(integers(), 1));
    return hn::Add(whole, hn::IfThenElseZero(goes, one));
  }
};

template <bool Divides, affine_way Way, bool X86, bool Away>
void encode_run(const affine_run& r, const float* in, std::uint64_t n, std::uint8_t* codes) {
  using real = machine_binary32;
  const std::int32_t zero = r.parameters.zero_point;
  const real scale = r.parameters.scale;
  const bool reciprocal = !Divides && r.rule.scale != scaling::multiply;
  const real factor = reciprocal ? lowp::real<real>(1.0f) / scale : scale;
  const bool after = Way == affine_way::after;
  const auto end = [&](std::int32_t q) HWY_ATTR {
    return hn::Set(floats(), static_cast<float>(after ? q - zero : q));
  };
  const integers d;
  const affine_encoder<Divides, Way, X86, Away> encode{set_real(factor.bits()),
                                                       hn::Set(floats(), static_cast<float>(zero)),
                                                       end(r.range.lowest),
                                                       end(r.range.greatest),
                                                       hn::Set(d, zero),
                                                       hn::Set(d, r.range.lowest),
                                                       hn::Set(d, r.range.greatest),
                                                       hn::Set(d, (1 << r.f.width) - 1)};
  const floats df;
  std::uint64_t i = 0;
  for (; i + bytes_step <= n; i += bytes_step) {
    const float* p = in + i;
    const byte_vector all = pack_words(
        encode(hn::LoadU(df, p)), encode(hn::LoadU(df, p + row_lanes)),
        encode(hn::LoadU(df, p + 2 * row_lanes)), encode(hn::LoadU(df, p + 3 * row_lanes)));
    hn::StoreU(in_order(all), bytes_tag(), codes + i);
  }
  for (; i < n; i += row_lanes) {
    const std::size_t have = n - i < row_lanes ? static_cast<std::size_t>(n - i) : row_lanes;
    const float_vector x = have == row_lanes ? hn::LoadU(df, in + i) : load_first(in + i, have);
    const integer_vector none = hn::Zero(d);
    HWY_ALIGN std::uint8_t bytes[HWY_LANES(std::uint8_t)];
    hn::Store(in_order(pack_words(encode(x), none, none, none)), bytes_tag(), bytes);
    std::memcpy(codes + i, bytes, have);
  }
}

/// Codes of a run; false: no kernel has this order of operations or these parameters.
inline bool encode_affine(const affine_run& r, const float* in, std::uint64_t n,
                          std::uint8_t* codes) {
  const std::int32_t zero = r.parameters.zero_point;
  if (zero < -most_zero_point || zero > most_zero_point || r.f.width > 8 || r.range.lowest < -128 ||
      r.range.greatest > 255 || r.range.lowest > r.range.greatest) {
    return false;
  }
  const bool divides = r.rule.scale == scaling::divide;
  const bool x86 = r.rule.conversion == integer_conversion::x86;
  const bool away = r.rule.round == rounding::to_nearest_away;
  if (!away && r.rule.round != rounding::to_nearest_even) return false;
  using enum affine_way;
  switch (r.rule.zero_point) {
    case zero_point_place::after_rounding:
      if (x86 && !divides && !away)
        return encode_run<false, after, true, false>(r, in, n, codes), true;
      [[fallthrough]];
    case zero_point_place::after_rounding_binary32:
      if (x86) return false;
      if (divides && away) return encode_run<true, after, false, true>(r, in, n, codes), true;
      if (away) return false;
      if (divides) return encode_run<true, after, false, false>(r, in, n, codes), true;
      return encode_run<false, after, false, false>(r, in, n, codes), true;
    case zero_point_place::before_rounding:
      if (x86 || away) return false;
      if (divides) return encode_run<true, before, false, false>(r, in, n, codes), true;
      return encode_run<false, before, false, false>(r, in, n, codes), true;
    case zero_point_place::before_rounding_fused:
      if (!has_fused_step || divides || away || !x86) return false;
      return encode_run<false, fused, true, false>(r, in, n, codes), true;
  }
  return false;
}

/// Numbers of a run; false: the parameters are beyond the kernel.
inline bool decode_affine(const affine_run& r, const std::uint8_t* codes, std::uint64_t n,
                          float* out) {
  const std::int32_t zero = r.parameters.zero_point;
  const machine_binary32 scale = r.parameters.scale;
  const machine_binary32 step =
      r.rule.scale == scaling::multiply ? real<machine_binary32>(1.0f) / scale : scale;
  if (zero < -most_zero_point || zero > most_zero_point || r.f.width > 8 ||
      magnitude_of(step) >= 0x7f800000) {
    return false;
  }
  const float_vector factor = set_real(step.bits());
  const integer_vector offset = hn::Set(integers(), zero);
  const integer_vector sign = hn::Set(integers(), r.f.is_signed ? 1 << (r.f.width - 1) : 0);
  const hn::Rebind<std::uint8_t, integers> d8;
  const auto number = [&](const std::uint8_t* p) HWY_ATTR {
    const integer_vector code = hn::PromoteTo(integers(), hn::LoadU(d8, p));
    const integer_vector q = hn::Sub(hn::Xor(code, sign), sign);
    return MulStep(factor, hn::ConvertTo(floats(), hn::Sub(q, offset)));
  };
  std::uint64_t i = 0;
  for (; i + row_lanes <= n; i += row_lanes) hn::StoreU(number(codes + i), floats(), out + i);
  if (i < n) {
    std::uint8_t last[row_lanes] = {};
    std::memcpy(last, codes + i, n - i);
    store_first(number(last), out + i, n - i);
  }
  return true;
}

}  // namespace rows
#endif  // LOWP_HAS_ROW_KERNELS

/// Codes of a run, a byte each. A `float_environment` must live.
HWY_NOINLINE void quantise_run(const affine_run& r, const float* in, std::uint64_t n,
                               std::uint8_t* codes) {
#if LOWP_HAS_ROW_KERNELS
  if (rows::encode_affine(r, in, n, codes)) return;
#endif
  define_codes(r, in, n, codes);
}

/// The numbers of a run.
HWY_NOINLINE void dequantise_run(const affine_run& r, const std::uint8_t* codes, std::uint64_t n,
                                 float* out) {
#if LOWP_HAS_ROW_KERNELS
  if (rows::decode_affine(r, codes, n, out)) return;
#endif
  define_reals(r, codes, n, out);
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
