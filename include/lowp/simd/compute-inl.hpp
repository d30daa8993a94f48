// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operations and comparisons of arrays, through binary32 in chunks or by a table.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "compute_bytes-inl.hpp"
#include "compute_plan.hpp"
#include "convert_array-inl.hpp"

#if defined(LOWP_SIMD_COMPUTE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_COMPUTE_INL_HPP
#undef LOWP_SIMD_COMPUTE_INL_HPP
#else
#define LOWP_SIMD_COMPUTE_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// x + y of binary32 terms, of which the lesser is moved up to `reach` binary orders below the
/// greater (see compute_plan). Zeros by IEEE 754 6.3.
template <class D, class V = hn::VFromD<D>>
HWY_INLINE V add_lanes(D d, V x, V y, V reach, bool downward) {
  const hn::RebindToFloat<D> df;
  const hn::RebindToSigned<D> di;
  const V sign_bit = hn::Set(d, 0x80000000u);
  const V zero = hn::Zero(d);
  const V a = hn::AndNot(sign_bit, x);
  const V b = hn::AndNot(sign_bit, y);
  const auto signed_max = [&](V u, V v) HWY_ATTR {
    return hn::BitCast(d, hn::Max(hn::BitCast(di, u), hn::BitCast(di, v)));
  };
  // The power of two `reach` below the greater; all terms are far from the ends of the range.
  const V lead = hn::And(signed_max(a, b), hn::Set(d, 0x7f800000u));
  const V least = hn::Sub(lead, reach);
  const V moved_a = hn::IfThenZeroElse(hn::Eq(a, zero), signed_max(a, least));
  const V moved_b = hn::IfThenZeroElse(hn::Eq(b, zero), signed_max(b, least));
  const V sum = hn::BitCast(d, hn::Add(hn::BitCast(df, hn::Or(moved_a, hn::And(x, sign_bit))),
                                       hn::BitCast(df, hn::Or(moved_b, hn::And(y, sign_bit)))));
  const V sign = hn::And(downward ? hn::Or(x, y) : hn::And(x, y), sign_bit);
  return hn::IfThenElse(hn::Eq(hn::AndNot(sign_bit, sum), zero), sign, sum);
}

/// Lanes of binary32 that are NaN, as a mask of integers: compilers may take floats for numbers.
template <class D, class V = hn::VFromD<D>>
HWY_INLINE auto is_nan(D d, V x) {
  const hn::RebindToSigned<D> di;
  const V a = hn::AndNot(hn::Set(d, 0x80000000u), x);
  return hn::RebindMask(d, hn::Gt(hn::BitCast(di, a), hn::Set(di, 0x7f800000)));
}

/// The first of x and more that is NaN, else a positive NaN.
template <class D, class V, class... More>
HWY_INLINE V first_nan(D d, V x, More... more) {
  if constexpr (sizeof...(more) == 0) {
    return hn::IfThenElse(is_nan(d, x), x, hn::Set(d, 0x7fc00000u));
  } else {
    return hn::IfThenElse(is_nan(d, x), x, first_nan(d, more...));
  }
}

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL

/// Of both directed roundings of a sum the odd one, which every narrower format rounds as the sum
/// itself. Instructions carry their rounding, so that the machine's mode does not matter.
HWY_INLINE __m512i odd_of(__m512 down, __m512 up, bool downward) {
  const __m512i first = _mm512_castps_si512(downward ? down : up);
  const __m512i second = _mm512_castps_si512(downward ? up : down);
  return _mm512_mask_mov_epi32(first, _mm512_test_epi32_mask(second, _mm512_set1_epi32(1)), second);
}

/// x + y as good as exact, and x * y + z. Exact zeros by IEEE 754 6.3.
template <class D, class V = hn::VFromD<D>>
HWY_INLINE V sum_lanes(D, V x, V y, V, bool downward) {
  const __m512 a = _mm512_castsi512_ps(x.raw), b = _mm512_castsi512_ps(y.raw);
  return V{odd_of(_mm512_add_round_ps(a, b, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC),
                  _mm512_add_round_ps(a, b, _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC), downward)};
}
template <class D, class V = hn::VFromD<D>>
HWY_INLINE V fma_lanes(D, V x, V y, V z, V, bool downward) {
  const __m512 a = _mm512_castsi512_ps(x.raw), b = _mm512_castsi512_ps(y.raw),
               c = _mm512_castsi512_ps(z.raw);
  return V{odd_of(_mm512_fmadd_round_ps(a, b, c, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC),
                  _mm512_fmadd_round_ps(a, b, c, _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC),
                  downward)};
}

#else

template <class D, class V = hn::VFromD<D>>
HWY_INLINE V sum_lanes(D d, V x, V y, V reach, bool downward) {
  return add_lanes(d, x, y, reach, downward);
}
template <class D, class V = hn::VFromD<D>>
HWY_INLINE V fma_lanes(D d, V x, V y, V z, V reach, bool downward) {
  const hn::RebindToFloat<D> df;
  const auto product = hn::Mul(hn::BitCast(df, x), hn::BitCast(df, y));
  return add_lanes(d, hn::BitCast(d, product), z, reach, downward);
}

#endif

/// One chunk of binary32 operands to results, which may lie where x does.
template <operation Op>
void compute_lanes(const compute_plan& p, const std::uint32_t* x, const std::uint32_t* y,
                   const std::uint32_t* z, std::uint32_t* out, std::size_t n) {
  const hn::ScalableTag<std::uint32_t> d;
  const hn::RebindToFloat<decltype(d)> df;
  using vector = hn::VFromD<decltype(d)>;
  const vector reach = hn::Set(d, static_cast<std::uint32_t>(p.reach) << 23);
  const bool downward = p.c.p.round == rounding::toward_negative;
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    const vector a = hn::LoadU(d, x + i);
    const vector b = hn::LoadU(d, y + i);
    vector c = a;
    vector r;
    if constexpr (Op == operation::add) {
      r = sum_lanes(d, a, b, reach, downward);
    } else if constexpr (Op == operation::subtract) {
      r = sum_lanes(d, a, hn::Xor(b, hn::Set(d, 0x80000000u)), reach, downward);
    } else if constexpr (Op == operation::multiply) {
      r = hn::BitCast(d, hn::Mul(hn::BitCast(df, a), hn::BitCast(df, b)));
    } else {
      c = hn::LoadU(d, z + i);
      r = fma_lanes(d, a, b, c, reach, downward);
    }
    const auto nans = is_nan(d, r);
    if (!hn::AllFalse(d, nans)) r = hn::IfThenElse(nans, first_nan(d, a, b, c), r);
    hn::StoreU(r, d, out + i);
  }
}

/// n lanes to the codes of a result in memory; up to `chunk_room` bytes behind those of `buffer`
/// are written.
inline void encode_results(const compute_plan& p, const std::uint32_t* lanes, std::uint8_t* buffer,
                           std::byte* out, std::size_t n) {
  if (container_bytes(p.c.to.f) != 1) {
    return convert_planned(p.result, reinterpret_cast<const std::byte*>(lanes), out, n, 0);
  }
  const bool is_direct = is_plain(p.c.to.pack) && n == chunk_size;
  std::uint8_t* codes = is_direct ? reinterpret_cast<std::uint8_t*>(out) : buffer;
  encode_chunk<std::uint32_t>(p.result.to32, lanes, nullptr, codes, n);
  if (!is_direct) pack_chunk(p.c.to, codes, out, n);
}

/// `compute_planned` in lanes of bytes.
inline void compute_by_bytes(const compute_plan& p, const array_operand* x, std::byte* out,
                             std::uint64_t n) {
  const bool plain[] = {is_plain(x[0].layout.pack), is_plain(x[1].layout.pack)};
  const bool plain_out = is_plain(p.c.to.pack);
  HWY_ALIGN std::uint8_t buffer[2][chunk_size + chunk_room];
  const std::uint64_t piece = plain[0] && plain[1] && plain_out ? n : chunk_size;
  for (std::uint64_t start = 0; start < n; start += piece) {
    const std::size_t here = n - start < piece ? n - start : piece;
    const std::uint8_t* codes[2];
    for (int i = 0; i < 2; ++i) {
      const std::byte* in = x[i].bytes + bytes_of(x[i].layout, start);
      codes[i] = plain[i] ? reinterpret_cast<const std::uint8_t*>(in) : buffer[i];
      if (!plain[i]) unpack_chunk(x[i].layout, in, buffer[i], here);
    }
    std::byte* target = out + bytes_of(p.c.to, start);
    std::uint8_t* results = plain_out ? reinterpret_cast<std::uint8_t*>(target) : buffer[0];
    compute_bytes(p.bytes, codes[0], codes[1], results, here);
    if (!plain_out) pack_chunk(p.c.to, results, target, here);
  }
}

/// `compute_array` of a prepared operation.
inline void compute_planned(const compute_plan& p, const array_operand* x, std::byte* out,
                            std::uint64_t n, std::uint64_t first) {
  if (p.way == compute_route::scalar || !has_kernels()) {
    return compute_array(p.c, x, out, n, first);
  }
  if (p.way == compute_route::table) {
    return convert_planned(p.look_up, x[p.varying].bytes, out, n, first);
  }
  if (computes_bytes && p.bytes.is_set) return compute_by_bytes(p, x, out, n);
  const int operands = operand_count(p.c.op);
  HWY_ALIGN std::uint32_t lanes[3][chunk_size + chunk_room];
  HWY_ALIGN std::uint8_t buffer[chunk_size + chunk_room];
  for (std::uint64_t start = 0; start < n; start += chunk_size) {
    const std::size_t here = n - start < chunk_size ? n - start : chunk_size;
    for (int i = 0; i < operands; ++i) {
      convert_planned(p.operand[i], x[i].bytes + bytes_of(x[i].layout, start),
                      reinterpret_cast<std::byte*>(lanes[i]), here, 0);
    }
    const auto run = [&](auto lanes_of)
                         HWY_ATTR { lanes_of(p, lanes[0], lanes[1], lanes[2], lanes[0], here); };
    switch (p.c.op) {
      case operation::add: run(compute_lanes<operation::add>); break;
      case operation::subtract: run(compute_lanes<operation::subtract>); break;
      case operation::multiply: run(compute_lanes<operation::multiply>); break;
      default: run(compute_lanes<operation::fma>); break;
    }
    encode_results(p, lanes[0], buffer, out + bytes_of(p.c.to, start), here);
  }
}

/// 1 where keys of binary32 compare so, else 0.
inline void compare_lanes(relation r, const std::uint32_t* x, const std::uint32_t* y,
                          std::uint8_t* results, std::size_t n) {
  const hn::ScalableTag<std::uint32_t> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto bit = [&](int k) HWY_ATTR { return hn::Set(d, (static_cast<unsigned>(r) >> k) & 1); };
  // Order of binary32 numbers as integers; -0 becomes +0 first.
  const auto key = [&](const std::uint32_t* at) HWY_ATTR {
    const auto x32 = hn::LoadU(d, at);
    const auto a = hn::BitCast(di, hn::AndNot(hn::Set(d, 0x80000000u), x32));
    const auto below_zero = hn::BroadcastSignBit(hn::BitCast(di, x32));
    return hn::Sub(hn::Xor(a, below_zero), below_zero);
  };
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    const auto a = key(x + i);
    const auto b = key(y + i);
    const auto unordered = hn::Or(is_nan(d, hn::LoadU(d, x + i)), is_nan(d, hn::LoadU(d, y + i)));
    auto v = hn::IfThenElse(hn::RebindMask(d, hn::Lt(a, b)), bit(0), bit(2));
    v = hn::IfThenElse(hn::RebindMask(d, hn::Eq(a, b)), bit(1), v);
    v = hn::IfThenElse(unordered, bit(3), v);
    store_codes(d, v, results + i);
  }
}

/// The same of keys in bytes with sign. `results` may be `x`.
inline void compare_bytes(relation r, const compare_plan& p, const std::uint8_t* x,
                          const std::uint8_t* y, std::uint8_t* results, std::size_t n) {
  const hn::ScalableTag<std::int8_t> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  const auto bit = [&](int k) HWY_ATTR {
    return hn::Set(d, static_cast<std::int8_t>((static_cast<unsigned>(r) >> k) & 1));
  };
  const auto nan = hn::Set(d, static_cast<std::int8_t>(p.nan_key));
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    const auto a = hn::BitCast(d, hn::LoadU(du, x + i));
    const auto b = hn::BitCast(d, hn::LoadU(du, y + i));
    auto v = hn::IfThenElse(hn::Lt(a, b), bit(0), bit(2));
    v = hn::IfThenElse(hn::Eq(a, b), bit(1), v);
    if (p.has_nan) v = hn::IfThenElse(hn::Or(hn::Eq(a, nan), hn::Eq(b, nan)), bit(3), v);
    hn::StoreU(hn::BitCast(du, v), du, results + i);
  }
}

/// `compare_array` of a prepared comparison.
inline void compare_planned(relation r, const compare_plan& p, const array_operand* x,
                            const array_layout& to, std::byte* out, std::uint64_t n) {
  HWY_ALIGN std::uint32_t keys[2][chunk_size + chunk_room];
  HWY_ALIGN std::uint8_t results[chunk_size + chunk_room];
  for (std::uint64_t start = 0; start < n; start += chunk_size) {
    const std::size_t here = n - start < chunk_size ? n - start : chunk_size;
    for (int i = 0; i < 2; ++i) {
      convert_planned(p.keys[i], x[i].bytes + bytes_of(x[i].layout, start),
                      reinterpret_cast<std::byte*>(keys[i]), here, 0);
    }
    if (p.by_bytes) {
      compare_bytes(r, p, reinterpret_cast<const std::uint8_t*>(keys[0]),
                    reinterpret_cast<const std::uint8_t*>(keys[1]), results, here);
    } else {
      compare_lanes(r, keys[0], keys[1], results, here);
    }
    pack_chunk(to, results, out + bytes_of(to, start), here);
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
