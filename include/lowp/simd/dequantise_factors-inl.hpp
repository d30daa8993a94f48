// SPDX-License-Identifier: Apache-2.0
/// \file
/// Factors of a chunk's blocks from their scale codes, and the blocks with special ones, which are
/// left to the definition. spec/bulk.md BLK-8.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "dequantise-inl.hpp"

#if defined(LOWP_SIMD_DEQUANTISE_FACTORS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_DEQUANTISE_FACTORS_INL_HPP
#undef LOWP_SIMD_DEQUANTISE_FACTORS_INL_HPP
#else
#define LOWP_SIMD_DEQUANTISE_FACTORS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Room behind arrays of a chunk: whole vectors.
inline constexpr std::size_t dequantise_room = 64;

/// Scales of a chunk: binary32 bits of their numbers, as codes where levels need them.
struct chunk_scales {
  HWY_ALIGN std::uint64_t record[dequantise_chunk];  ///< scale bits, if the format has levels
  HWY_ALIGN std::uint8_t code[dequantise_chunk + dequantise_room];
  HWY_ALIGN float factor[dequantise_chunk + dequantise_room];
};

/// Numbers of E8M0 codes times a unit, for which all are exact; whole vectors. Is one a NaN?
inline bool powers_of_two(const std::uint8_t* codes, float* out, std::size_t n, float unit) {
  const hn::CappedTag<std::uint32_t, 16> d;
  const hn::Rebind<std::uint8_t, decltype(d)> d8;
  const hn::RebindToFloat<decltype(d)> df;
  auto found = hn::Zero(d);
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    const auto code = hn::PromoteTo(d, hn::LoadU(d8, codes + i));
    const auto power =
        hn::Max(hn::ShiftLeft<23>(code), hn::Set(d, std::uint32_t{0x00400000}));  // 2^-127
    const auto is_nan = hn::VecFromMask(d, hn::Eq(code, hn::Set(d, std::uint32_t{255})));
    found = hn::Or(found, is_nan);
    const auto quiet = hn::And(is_nan, hn::Set(d, std::uint32_t{0x00400000}));
    const auto number = hn::BitCast(df, hn::Or(power, quiet));
    hn::StoreU(MulStep(number, hn::Set(df, unit)), df, out + i);
  }
  return !hn::AllTrue(d, hn::Eq(found, hn::Zero(d)));
}

/// The factors of n blocks from block `first` on, and whether one of them is special.
template <class Reader>
bool make_factors(const dequantise_plan& p, Reader& reader, std::uint64_t first, std::size_t n,
                  float outer, chunk_scales& s) {
  const block_format& f = p.m.f;
  const hn::CappedTag<float, 16> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  const hn::RebindToSigned<decltype(d)> di;
  bool special = false, has_unit = p.way != element_way::integers;
  if (p.has_byte_scales) {
    const std::uint8_t* codes = reader.scale_bytes(first, n, s.code);
    if (p.scale_is_power) {
      const std::size_t lanes = hn::Lanes(d), whole = n / lanes * lanes;
      special = powers_of_two(codes, s.factor, whole, p.unit);
      for (std::size_t i = whole; i < n; ++i) {
        s.factor[i] = machine::multiply(p.scale_value[codes[i]], p.unit);
        special = special || codes[i] == 255;
      }
      has_unit = true;
      if (p.steps == dequantise_steps::exact) return special;
    } else {
      decode_scales(p, codes, s.factor, n);
    }
  } else {
    for (std::size_t i = 0; i < n; ++i) {
      s.record[i] = reader.next_scale();
      const code_t code = scale_code(f, s.record[i]);
      s.factor[i] = f.scale.width > 8
                        ? lowp::detail::bit_cast<float>(static_cast<std::uint32_t>(code))
                        : p.scale_value[code];
    }
  }
  for (std::size_t i = n; i < n + hn::Lanes(d); ++i) s.factor[i] = 1;
  // Magnitudes from there on are infinite or NaN; zeros are the greatest if they count.
  const auto zero = hn::Set(du, std::uint32_t{p.zero_is_special ? 1u : 0u});
  const auto least = hn::Set(di, std::int32_t{p.zero_is_special ? 0x7f7fffff : 0x7f800000} - 1);
  const auto magnitudes = hn::Set(du, std::uint32_t{0x7fffffff});
  auto found = hn::Zero(di);
  const auto P = hn::Set(d, outer), bound = hn::Set(d, p.bound), unit = hn::Set(d, p.unit);
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    auto b = hn::LoadU(d, s.factor + i);
    if (p.steps == dequantise_steps::scale_first) b = MulStep(P, b);
    if (p.steps == dequantise_steps::amax_first) b = MulStep(MulStep(b, P), bound);
    const auto rank = hn::And(hn::Sub(hn::And(hn::BitCast(du, b), magnitudes), zero), magnitudes);
    found = hn::Or(found, hn::VecFromMask(di, hn::Gt(hn::BitCast(di, rank), least)));
    if (!has_unit) b = MulStep(b, unit);
    hn::StoreU(b, d, s.factor + i);
  }
  return !hn::AllTrue(di, hn::Eq(found, hn::Zero(di)));
}

/// One factor for each element, levels included.
inline void spread_factors(const dequantise_plan& p, std::uint64_t row, const chunk_scales& s,
                           float* out, std::size_t n) {
  const block_format& f = p.m.f;
  const bool is_exact = p.steps == dequantise_steps::exact;
  const hn::CappedTag<float, 16> d;
  // Elements that have their factor in common.
  std::size_t run = f.columns;
  for (const exponent_level& l : f.level) {
    if (is_exact && l.group != 0 && l.group < run) run = l.group;
  }
  const bool has_levels = is_exact && (f.level[0].group != 0 || f.level[1].group != 0);
  const std::size_t line = row % f.rows * f.columns;
  // Where fields stand, as `level_exponent` has it, without division.
  struct {
    int first = 0, log2 = 0, bits = 0;
    std::uint64_t mask = 0;
  } level[2];
  for (int k = 0; k < 2; ++k) {
    const exponent_level& l = f.level[k];
    if (l.group == 0) continue;
    level[k] = {field_shift(f, k, 0), std::countr_zero(l.group), l.bits,
                lowp::detail::low_mask(l.bits)};
  }
  const auto exponent_at = [&](std::uint64_t bits, std::size_t at) {
    int sum = 127;
    for (int k = 0; k < 2; ++k) {
      const std::size_t shift = static_cast<std::size_t>(level[k].first) +
                                (at >> level[k].log2) * static_cast<std::size_t>(level[k].bits);
      const int field = static_cast<int>(bits >> (shift & 63) & level[k].mask);
      sum += f.level[k].lowers ? -field : field;
    }
    return static_cast<std::uint32_t>(sum);
  };
  std::size_t i = 0;
  for (std::size_t block = 0; i < n; ++block) {
    for (std::size_t column = 0; column < f.columns && i < n; column += run) {
      float factor = s.factor[block];
      if (has_levels) {
        const std::uint32_t e = exponent_at(s.record[block], line + column);
        const auto power = lowp::detail::bit_cast<float>(e << 23);
        factor = machine::multiply(factor, power);
      }
      // Whole vectors; the next ones overwrite what is too much.
      for (std::size_t k = 0; k < run; k += hn::Lanes(d)) {
        hn::StoreU(hn::Set(d, factor), d, out + i + k);
      }
      i += run;
    }
  }
  for (i = n; i < n + dequantise_room; ++i) out[i] = 1;
}

/// Numbers of blocks whose factor is infinite, NaN or zero where that matters.
template <class Reader>
void define_blocks(const dequantise_plan& p, const Reader& reader, std::uint64_t first,
                   std::size_t n, float outer, bool all, const float* factors, float* out) {
  const std::uint64_t columns = p.m.f.columns;
  for (std::uint64_t block = 0; block * columns < n; ++block) {
    const auto bits = lowp::detail::bit_cast<std::uint32_t>(factors[block]) & 0x7fffffff;
    if (!all && bits < 0x7f800000 && (bits != 0 || !p.zero_is_special)) continue;
    const std::uint64_t end = (block + 1) * columns < n ? (block + 1) * columns : n;
    const bool is_one = bits > 0x7f800000 && p.steps == dequantise_steps::exact;
    float y = 0;
    for (std::uint64_t j = block * columns; j < end; ++j) {
      if (!is_one || j == block * columns) {
        y = reader.define(first + j, reader.code_at(first + j), outer);
      }
      out[j] = y;
    }
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
