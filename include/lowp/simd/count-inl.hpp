// SPDX-License-Identifier: Apache-2.0
/// \file
/// Counts of what happens to a chunk of lanes.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "convert_array-inl.hpp"
#include "count.hpp"
#include "decode-inl.hpp"
#include "lanes-inl.hpp"
#include "pack-inl.hpp"

#if defined(LOWP_SIMD_COUNT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_COUNT_INL_HPP
#undef LOWP_SIMD_COUNT_INL_HPP
#else
#define LOWP_SIMD_COUNT_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// Adds what lanes raise, whole vectors of them but for those in `asked` ranges. Returns how many
/// lanes are done; `asked` tells whether the definition must count some of them.
template <class Word>
std::size_t count_lanes(const encode_plan<Word>& e, const count_plan<Word>& p, const Word* lanes,
                        std::size_t n, conversion_counts& counts, bool& asked) {
  const hn::ScalableTag<Word> d;
  const hn::RebindToSigned<decltype(d)> di;
  using integer = std::make_signed_t<Word>;
  constexpr int t = lane_trailing<Word>;
  constexpr int bits = lane_bits<Word>;
  const auto set = [&](Word x) HWY_ATTR { return hn::Set(di, static_cast<integer>(x)); };
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= n; i += hn::Lanes(d)) {
    const auto x = hn::BitCast(di, hn::LoadU(d, lanes + i));
    const auto a = hn::And(x, set(~(Word{1} << (bits - 1))));
    const auto negative = hn::Lt(x, hn::Zero(di));
    const auto choose = [&](Word of_positive, Word of_negative) HWY_ATTR {
      return hn::IfThenElse(negative, set(of_negative), set(of_positive));
    };
    const auto in_range = [&](lane_range<Word> of_positive, lane_range<Word> of_negative) HWY_ATTR {
      return hn::AndNot(hn::Lt(a, choose(of_positive.from, of_negative.from)),
                        hn::Lt(a, choose(of_positive.to, of_negative.to)));
    };
    counts.nan += hn::CountTrue(di, hn::Gt(a, set(lane_infinity<Word>)));
    auto to_ask = in_range(p.of_sign[0].asked[0], p.of_sign[1].asked[0]);
    to_ask = hn::Or(to_ask, in_range(p.of_sign[0].asked[1], p.of_sign[1].asked[1]));
    to_ask = hn::Or(to_ask, in_range(p.of_sign[0].asked[2], p.of_sign[1].asked[2]));
    asked = asked || !hn::AllFalse(di, to_ask);
    const auto over = in_range(p.of_sign[0].overflow, p.of_sign[1].overflow);
    counts.overflow += hn::CountTrue(di, hn::AndNot(to_ask, over));

    // Inexact: something is shifted out, see encode_plan.
    const auto field = hn::Max(hn::ShiftRight<t>(a), set(1));
    const auto significand = hn::Sub(a, hn::ShiftLeft<t>(hn::Sub(field, set(1))));
    const auto binade = hn::Max(field, hn::Set(di, e.least));
    const auto distance = hn::Add(hn::Sub(binade, field), set(static_cast<Word>(e.drop)));
    const auto up = hn::Sub(set(bits - 1), hn::Min(distance, set(bits - 1)));
    const auto rest = hn::ShiftLeft<1>(hn::Shl(hn::BitCast(d, significand), hn::BitCast(d, up)));
    const auto exact = hn::Eq(hn::BitCast(di, rest), hn::Zero(di));
    const auto tiny = hn::Lt(a, choose(p.of_sign[0].tiny_below, p.of_sign[1].tiny_below));
    counts.underflow += hn::CountTrue(di, hn::AndNot(hn::Or(to_ask, exact), tiny));
  }
  return i;
}

/// Is a lane in an `asked` range?
template <class Word>
bool is_asked(const count_plan<Word>& p, Word lane) {
  const Word sign = lane >> (lane_bits<Word> - 1);
  const Word a = lane & ~(Word{1} << (lane_bits<Word> - 1));
  for (const lane_range<Word>& r : p.of_sign[sign].asked) {
    if (a >= r.from && a < r.to) return true;
  }
  return false;
}

/// Counts what n lanes raise; element `i` of `codes` is that of lane i.
template <class Word, class Code>
void count_chunk(const plan& p, const encode_plan<Word>& e, const count_plan<Word>& k,
                 const Word* lanes, const Code* codes, std::size_t n, std::uint64_t first,
                 conversion_counts& counts) {
  const array_conversion each{{p.c.from.f, {}}, {p.c.to.f, {}}, p.c.p, p.c.random};
  bool asked = false;
  const std::size_t done = count_lanes(e, k, lanes, n, counts, asked);
  for (std::size_t i = asked ? 0 : done; i < n; ++i) {
    const bool nan_is_counted = i < done;
    if (i < done && !is_asked(k, lanes[i])) continue;
    conversion_counts own;
    std::byte out[8];
    convert_array(each, reinterpret_cast<const std::byte*>(codes + i), out, 1, first + i, &own);
    counts.nan += nan_is_counted ? 0 : own.nan;
    counts.overflow += own.overflow;
    counts.underflow += own.underflow;
  }
}

template <class Word, class Code>
void count_codes(const plan& p, const decode_plan<Word>& d, const encode_plan<Word>& e,
                 const count_plan<Word>& k, const Code* codes, std::size_t n, std::uint64_t first,
                 conversion_counts& counts) {
  if constexpr (sizeof(Code) <= sizeof(Word)) {
    HWY_ALIGN Word lanes[chunk_size + chunk_room];
    if constexpr (sizeof(Code) == sizeof(Word)) {
      if (d.is_lane) return count_chunk(p, e, k, codes, codes, n, first, counts);
    }
    decode_chunk(d, codes, lanes, n);
    count_chunk(p, e, k, lanes, codes, n, first, counts);
  }
}

/// `convert_planned` that adds to `counts`.
inline void convert_counted(const plan& p, const counter& k, const std::byte* in, std::byte* out,
                            std::uint64_t n, std::uint64_t first, conversion_counts& counts) {
  if (p.way == route::scalar || !has_kernels()) {
    return convert_array(p.c, in, out, n, first, &counts);
  }
  HWY_ALIGN std::uint64_t codes[chunk_size + chunk_room];
  for (std::uint64_t start = 0; start < n; start += chunk_size) {
    const std::size_t here = n - start < chunk_size ? n - start : chunk_size;
    const std::byte* source = in + bytes_of(p.c.from, start);
    unpack_chunk(p.c.from, source, codes, here);
    with_container(container_bytes(p.c.from.f), [&](auto* code) HWY_ATTR {
      const auto* all = reinterpret_cast<const std::remove_pointer_t<decltype(code)>*>(codes);
      if (p.way == route::by32) {
        count_codes(p, p.from32, p.to32, k.by32, all, here, first + start, counts);
      } else if (p.way == route::by64) {
        count_codes(p, p.from64, p.to64, k.by64, all, here, first + start, counts);
      } else {
        for (std::size_t i = 0; i < here; ++i) {
          const conversion_counts& c = k.of_code[static_cast<std::uint8_t>(all[i])];
          counts.nan += c.nan;
          counts.overflow += c.overflow;
          counts.underflow += c.underflow;
        }
      }
    });
    convert_planned(p, source, out + bytes_of(p.c.to, start), here, first + start);
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
