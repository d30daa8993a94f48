// SPDX-License-Identifier: Apache-2.0
/// \file
/// Elements of blocks whose scales are known: from numbers to codes in containers of a byte.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "convert.hpp"
#include "encode_bytes-inl.hpp"
#include "encode_even-inl.hpp"
#include "float_steps-inl.hpp"
#include "quantise_plan.hpp"
#include "quantise_scales-inl.hpp"

#if defined(LOWP_SIMD_QUANTISE_ELEMENTS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_QUANTISE_ELEMENTS_INL_HPP
#undef LOWP_SIMD_QUANTISE_ELEMENTS_INL_HPP
#else
#define LOWP_SIMD_QUANTISE_ELEMENTS_INL_HPP
#endif

#if HWY_TARGET != HWY_SCALAR

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// Upper and lower halves of two vectors of numbers.
HWY_INLINE void split_halves(float_vector x0, float_vector x1, word_vector& upper,
                             word_vector& lower) {
  const word_lanes d;
  const word_vector w0 = hn::BitCast(d, x0), w1 = hn::BitCast(d, x1);
  upper = hn::ConcatOdd(d, w1, w0);
  lower = hn::ConcatEven(d, w1, w0);
}

/// Calls `encode(x, codes, k)` for each n codes that fill a vector, from number k on, the last ones
/// through buffers.
template <class Encode>
HWY_INLINE void for_each_vector(const float* x, std::uint8_t* codes, std::size_t n,
                                const Encode& encode) {
  const byte_lanes d;
  const std::size_t step = hn::Lanes(d);
  std::size_t k = 0;
  for (; k + step <= n; k += step) {
    prefetch(x + k);
    hn::StoreU(encode(x + k, k), d, codes + k);
  }
  if (k == n) return;
  HWY_ALIGN float last[HWY_MAX_BYTES] = {};
  HWY_ALIGN std::uint8_t last_codes[HWY_MAX_BYTES];
  std::memcpy(last, x + k, (n - k) * sizeof(float));
  hn::Store(encode(last, k), d, last_codes);
  std::memcpy(codes + k, last_codes, n - k);
}

/// By ladders: `lowest` has the field of the lowest binade of each 2 L numbers, L lanes of
/// binary32.
template <rounding_shape Mode>
HWY_NOINLINE void encode_by_ladder(const quantise_plan& p, const float* x,
                                   const std::uint32_t* lowest, std::uint8_t* codes,
                                   std::size_t n) {
  const word_lanes d;
  const float_vectors df;
  const byte_encoder<Mode, true> encoder(p.codes);
  const std::size_t lanes = float_lanes();
  const word_vector distance = hn::Set(d, static_cast<std::uint16_t>(p.distance));
  for_each_vector(x, codes, n, [&](const float* from, std::size_t k) HWY_ATTR {
    word_vector upper0, lower0, upper1, lower1, fields = hn::Zero(d);
    split_halves(hn::LoadU(df, from), hn::LoadU(df, from + lanes), upper0, lower0);
    split_halves(hn::LoadU(df, from + 2 * lanes), hn::LoadU(df, from + 3 * lanes), upper1, lower1);
    const std::uint32_t* at = lowest + k / (2 * lanes);
    const auto less_one = [&](std::uint32_t field) HWY_ATTR {
      return hn::Set(d, static_cast<std::uint16_t>(field - 0x80));
    };
    const word_vector lowest0 = less_one(at[0]), lowest1 = less_one(at[1]);
    const auto index0 =
        encoder.index_of(upper0, lower0, fields, lowest0, hn::Sub(lowest0, distance));
    const auto index1 =
        encoder.index_of(upper1, lower1, fields, lowest1, hn::Sub(lowest1, distance));
    return encoder.code_of(index0, index1, upper0, upper1);
  });
}

/// Products with the factors of each vector of numbers, or quotients.
class scaler {
 public:
  HWY_INLINE scaler(const quantise_plan& p, const std::uint32_t* values)
      : values_(values), divides_(divides(p)) {}

  /// `k`: the index of the first number.
  HWY_INLINE float_vector operator()(const float* x, std::size_t k) const {
    const float_vectors df;
    const auto value = hn::BitCast(df, hn::Set(bit_vectors(), values_[k / float_lanes()]));
    const auto number = hn::LoadU(df, x);
    return divides_ ? DivStep(number, value) : MulStep(number, value);
  }

 private:
  const std::uint32_t* values_;
  bool divides_;
};

/// By products in binary32, which are finite.
template <rounding_shape Mode>
HWY_NOINLINE void encode_scaled(const quantise_plan& p, const float* x, const std::uint32_t* values,
                                std::uint8_t* codes, std::size_t n) {
  const word_lanes d;
  const byte_encoder<Mode, true> encoder(p.codes);
  const scaler scale(p, values);
  const std::size_t lanes = float_lanes();
  word_vector fields = hn::Zero(d);
  for_each_vector(x, codes, n, [&](const float* from, std::size_t k) HWY_ATTR {
    word_vector upper0, lower0, upper1, lower1;
    split_halves(scale(from, k), scale(from + lanes, k + lanes), upper0, lower0);
    split_halves(scale(from + 2 * lanes, k + 2 * lanes), scale(from + 3 * lanes, k + 3 * lanes),
                 upper1, lower1);
    const auto lowest = hn::Set(d, p.codes.bytes.lowest), far = hn::Set(d, p.codes.bytes.far);
    const auto index0 = encoder.index_of(upper0, lower0, fields, lowest, far);
    const auto index1 = encoder.index_of(upper1, lower1, fields, lowest, far);
    return encoder.code_of(index0, index1, upper0, upper1);
  });
}

/// What a product v of x becomes before it is converted.
HWY_INLINE float_vector adjusted(const quantise_plan& p, float_vector x, float_vector v) {
  const float_vectors df;
  const bit_vectors d;
  const auto magnitude = hn::Set(d, 0x7fffffffu);
  if (p.keeps_tiny) {
    const auto is_tiny = hn::Lt(hn::And(hn::BitCast(d, v), magnitude), hn::Set(d, 0x00800000u));
    const auto is_zero = hn::Eq(hn::And(hn::BitCast(d, x), magnitude), hn::Zero(d));
    const auto last = hn::IfThenElseZero(hn::AndNot(is_zero, is_tiny), hn::Set(d, 1u));
    v = hn::BitCast(df, hn::Or(hn::BitCast(d, v), last));
  }
  if (p.is_symmetric) v = hn::Max(v, hn::Set(df, p.least_element));
  if (p.drops_sign != 0) {
    const bit_vector bits = hn::BitCast(d, v);
    const auto is_dropped =
        hn::Lt(hn::Xor(bits, hn::Set(d, 0x80000000u)), hn::Set(d, p.drops_sign));
    v = hn::BitCast(df, hn::IfThenZeroElse(is_dropped, bits));
  }
  if (p.zeros_are_negative) {
    const bit_vector bits = hn::BitCast(d, v);
    const auto is_zero = hn::Eq(hn::And(bits, magnitude), hn::Zero(d));
    v = hn::BitCast(df, hn::IfThenElse(is_zero, hn::Set(d, 0x80000000u), bits));
  }
  return v;
}

/// By products that are converted as any array; `first` is the index of the first number.
HWY_NOINLINE void encode_by_buffer(const quantise_plan& p, const float* x,
                                   const std::uint32_t* values, std::uint8_t* codes, std::size_t n,
                                   std::uint64_t first) {
  const float_vectors df;
  const scaler scale(p, values);
  HWY_ALIGN float v[most_band_elements];
  for (std::size_t k = 0; k < n; k += float_lanes()) {
    hn::Store(adjusted(p, hn::LoadU(df, x + k), scale(x + k, k)), df, v + k);
  }
  simd::convert(p.element, reinterpret_cast<const std::byte*>(v),
                reinterpret_cast<std::byte*>(codes), n, first);
}

/// Calls `go` with the mode of a plan's `codes`.
template <class Go>
HWY_INLINE auto with_shape(const quantise_plan& p, const Go& go) {
  using enum rounding_shape;
  switch (p.codes.bytes.mode) {
    case nearest_away: return go(std::integral_constant<rounding_shape, nearest_away>());
    case nearest_side: return go(std::integral_constant<rounding_shape, nearest_side>());
    case truncate: return go(std::integral_constant<rounding_shape, truncate>());
    case directed: return go(std::integral_constant<rounding_shape, directed>());
    case odd: return go(std::integral_constant<rounding_shape, odd>());
    default: return go(std::integral_constant<rounding_shape, nearest_even>());
  }
}

/// Can codes of the plan's elements be made end to end in the same pass?
inline bool can_pack(const quantise_plan& p) {
#if LOWP_SIMD_HAS_EVEN
  const element_way way = way_of_elements(p);
  return way == element_way::ladder || way == element_way::scaled
             ? p.q.to.f.columns % 16 == 0 && is_even(p.codes) && !divides(p)
             : false;
#else
  return p.way == scale_way::definition && false;
#endif
}

/// Values of whole blocks: one for each 2^log2 numbers.
struct block_values {
  const std::uint32_t* of;
  int log2;
};

/// Where codes of blocks go: `run` numbers have theirs end to end, `bits` of them each, and the
/// next ones `run_bytes` behind those.
struct code_room {
  std::uint8_t* at;
  int bits;
  std::size_t run;
  std::uint64_t run_bytes;
};

/// n numbers of whole blocks to codes in bytes; `first` is the index of the first number.
inline void encode_bytes_of(const quantise_plan& p, element_way way, const float* x,
                            const std::uint32_t* values, std::uint8_t* codes, std::size_t n,
                            std::uint64_t first) {
  if (way == element_way::ladder) {
    return with_shape(
        p, [&](auto mode) HWY_ATTR { encode_by_ladder<mode.value>(p, x, values, codes, n); });
  }
  if (way == element_way::scaled) {
    return with_shape(
        p, [&](auto mode) HWY_ATTR { encode_scaled<mode.value>(p, x, values, codes, n); });
  }
  encode_by_buffer(p, x, values, codes, n, first);
}

/// The same to where codes go.
inline void encode_elements(const quantise_plan& p, element_way way, const code_room& to,
                            const float* x, const block_values& values, std::size_t n,
                            std::uint64_t first) {
  const std::size_t runs = n / to.run;
#if LOWP_SIMD_HAS_EVEN
  if (can_pack(p) && (to.bits == 4 || to.bits == 6 || to.bits == 8)) {
    const even_runs all{x,     runs,        to.run, values.of, values.log2, to.run >> values.log2,
                        to.at, to.run_bytes};
    if (way == element_way::ladder) return encode_even_bits<false>(p.codes, to.bits, all);
    return encode_even_bits<true>(p.codes, to.bits, all);
  }
#endif
  if (to.bits == 8 && runs == 1) return encode_bytes_of(p, way, x, values.of, to.at, n, first);
  std::uint8_t apart[most_band_elements];
  std::byte packed[most_band_elements];
  encode_bytes_of(p, way, x, values.of, apart, n, first);
  const auto* from = reinterpret_cast<const std::byte*>(apart);
  if (to.bits != 8) {
    simd::pack(p.q.to.layout.elements, apart, packed, n);
    from = packed;
  }
  const std::size_t bytes = to.run * static_cast<unsigned>(to.bits) / 8;
  for (std::size_t r = 0; r < runs; ++r) {
    std::memcpy(to.at + r * to.run_bytes, from + r * bytes, bytes);
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // HWY_TARGET != HWY_SCALAR

#endif
