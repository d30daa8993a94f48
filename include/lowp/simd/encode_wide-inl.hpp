// SPDX-License-Identifier: Apache-2.0
/// \file
/// Second stage from binary32 lanes to integers of more than 32 bits: rounded in lanes of 32 bits,
/// which hold every number that has a fraction, and shifted up in lanes of 64.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "chunk.hpp"
#include "lanes-inl.hpp"
#include "plan.hpp"

#if defined(LOWP_SIMD_ENCODE_WIDE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ENCODE_WIDE_INL_HPP
#undef LOWP_SIMD_ENCODE_WIDE_INL_HPP
#else
#define LOWP_SIMD_ENCODE_WIDE_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// Magnitudes as index << up.
struct wide_places {
  HWY_ALIGN std::uint32_t index[HWY_MAX_BYTES / 4];
  HWY_ALIGN std::uint32_t up[HWY_MAX_BYTES / 4];
};

/// The places of a vector of lanes; `p` has a deterministic mode.
HWY_INLINE void round_to_integers(const encode_plan<std::uint64_t>& p, const std::uint32_t* lanes,
                                  wide_places& places) {
  const hn::ScalableTag<std::uint32_t> d;
  const hn::RebindToSigned<decltype(d)> di;
  constexpr int t = lane_trailing<std::uint32_t>;
  const auto set = [&](std::int64_t x)
                       HWY_ATTR { return hn::Set(di, static_cast<std::int32_t>(x)); };
  // The field of numbers whose last bit counts one, in both lanes' formats.
  const std::int64_t unit =
      p.least - (lane_format<std::uint64_t>.bias + 52) + lane_format<std::uint32_t>.bias + t;
  const auto x = hn::LoadU(d, lanes);
  const auto negative = hn::RebindMask(d, hn::Lt(hn::BitCast(di, x), hn::Zero(di)));
  const auto a = hn::And(x, hn::Set(d, 0x7fffffff));
  const auto field = hn::Max(hn::BitCast(di, hn::ShiftRight<t>(a)), set(1));
  const auto implicit = hn::ShiftLeft<t>(hn::BitCast(d, hn::Sub(field, set(1))));
  const auto significand = hn::Sub(a, implicit);
  const auto down = hn::Sub(set(unit), field);
  const auto shift = hn::BitCast(d, hn::Min(hn::Max(down, set(0)), set(31)));
  auto index = hn::Shr(significand, shift);
  const auto rest = hn::Shl(significand, hn::Sub(hn::Set(d, 31), shift));
  const auto fraction = hn::Add(rest, rest);
  const auto threshold = [&](int sign) HWY_ATTR {
    return hn::Set(d, static_cast<std::uint32_t>(p.threshold[sign] >> 32));
  };
  const bool counts_sign = !p.drops_sign && p.threshold[0] != p.threshold[1];
  auto limit = counts_sign ? hn::IfThenElse(negative, threshold(1), threshold(0)) : threshold(0);
  limit = hn::Sub(limit, hn::And(index, hn::Set(d, static_cast<std::uint32_t>(p.if_odd))));
  index = hn::Sub(index, hn::VecFromMask(d, hn::Gt(fraction, limit)));
  hn::StoreU(index, d, places.index);
  hn::StoreU(hn::BitCast(d, hn::Max(hn::Sub(set(0), down), set(0))), d, places.up);
}

/// Codes of infinities and NaNs among n lanes.
inline void replace_wide_specials(const encode_plan<std::uint64_t>& p, const std::uint32_t* lanes,
                                  std::uint64_t* codes, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t a = lanes[i] & 0x7fffffff, sign = lanes[i] >> 31;
    if (a == lane_infinity<std::uint32_t>) codes[i] = p.infinite[p.drops_sign ? 0 : sign];
    if (a > lane_infinity<std::uint32_t>) codes[i] = p.nan[sign];
  }
}

/// n lanes to codes; `p.is_wide`, its mode is deterministic. Reads and writes up to `chunk_room`
/// elements behind the last.
inline void encode_wide(const encode_plan<std::uint64_t>& p, const std::uint32_t* lanes,
                        std::uint64_t* codes, std::size_t n) {
  const hn::ScalableTag<std::uint32_t> d;
  const hn::ScalableTag<std::uint64_t> d64;
  const hn::RebindToSigned<decltype(d)> di;
  const hn::Rebind<std::int32_t, decltype(d64)> half;
  const auto most = hn::Set(d64, std::uint64_t{63 - lane_trailing<std::uint32_t>});
  const auto mask = hn::Set(d64, p.index_mask);
  const auto zero = hn::Zero(d64);
  wide_places places;
  for (std::size_t start = 0; start < n; start += chunk_size) {
    const std::size_t end = n - start < chunk_size ? n : start + chunk_size;
    auto greatest = hn::Zero(di);
    for (std::size_t i = start; i < end; i += hn::Lanes(d)) {
      const auto a = hn::And(hn::LoadU(d, lanes + i), hn::Set(d, 0x7fffffff));
      greatest = hn::Max(greatest, hn::BitCast(di, a));
      round_to_integers(p, lanes + i, places);
      for (std::size_t j = 0; j < hn::Lanes(d); j += hn::Lanes(d64)) {
        const auto* signs = reinterpret_cast<const std::int32_t*>(lanes + i + j);
        const auto x = hn::PromoteTo(hn::RebindToSigned<decltype(d64)>(), hn::LoadU(half, signs));
        auto below_zero = hn::BitCast(d64, hn::BroadcastSignBit(x));
        if (p.drops_sign) below_zero = zero;
        const auto negative = hn::Ne(below_zero, zero);
        const auto up = load_codes(d64, places.up + j);
        const auto index = hn::Shl(load_codes(d64, places.index + j), hn::Min(up, most));
        const auto top = hn::IfThenElse(negative, hn::Set(d64, p.top[1]), hn::Set(d64, p.top[0]));
        const auto over =
            hn::IfThenElse(negative, hn::Set(d64, p.over[1]), hn::Set(d64, p.over[0]));
        const auto is_far = hn::And(hn::Gt(up, most), hn::Ne(index, zero));
        const auto is_over = hn::Or(hn::Gt(index, top), is_far);
        const auto code = hn::And(hn::Sub(hn::Xor(index, below_zero), below_zero), mask);
        hn::StoreU(hn::IfThenElse(is_over, over, code), d64, codes + i + j);
      }
    }
    const auto numbers = hn::Set(di, static_cast<std::int32_t>(lane_infinity<std::uint32_t>) - 1);
    if (hn::AllFalse(di, hn::Gt(greatest, numbers))) continue;
    replace_wide_specials(p, lanes + start, codes + start, end - start);
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
