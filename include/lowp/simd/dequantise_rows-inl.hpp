// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of a block-quantised matrix to numbers, chunk by chunk: scale codes and element codes are
/// collected from the layout, scales become factors, blocks with special scales are left to the
/// definition. spec/bulk.md BLK-8.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include <hwy/highway.h>

#include "dequantise-inl.hpp"

#if defined(LOWP_SIMD_DEQUANTISE_ROWS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_DEQUANTISE_ROWS_INL_HPP
#undef LOWP_SIMD_DEQUANTISE_ROWS_INL_HPP
#else
#define LOWP_SIMD_DEQUANTISE_ROWS_INL_HPP
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

/// Reads one row of a matrix after the other.
class row_reader {
 public:
  row_reader(const dequantise_plan& p, const block_places& places, const_block_buffers in)
      : p_(p),
        l_(p.m.layout),
        places_(places),
        in_(in),
        scales_are_row_major_(run_of(l_.scales.order, matrix_axis::column) == 0) {
    if (!scales_are_row_major_ || l_.record != 0 || !p.has_byte_scales) {
      scale_at_.emplace(places.scales(), matrix_axis::column, p.scale_run);
    }
  }

  void start(std::uint64_t row) {
    row_ = row;
    const auto part = [](const order_strides& s, std::uint64_t n) {
      return s.part(matrix_axis::row, n);
    };
    element_part_ = part(places_.elements(), row);
    scale_part_ = part(places_.scales(), row / p_.m.f.rows);
    scale_walker_ = scale_at_;
    if (!is_direct()) element_walker_.emplace(places_.elements(), matrix_axis::column);
  }

  /// Codes of n elements from column `first` on: where they are, or in `room`. Tells which.
  chunk_codes codes(std::uint64_t first, std::size_t n, std::uint8_t* room) {
    const std::uint64_t place = element_part_ + first;
    const std::byte* data = in_.data.data();
    if (is_direct() && l_.record == 0) {
      const std::uint64_t slots = place * static_cast<std::uint64_t>(slot_bits(l_.elements));
      const std::byte* at = data + places_.element_array(0) + slots / 8;
      return {reinterpret_cast<const std::uint8_t*>(at), true};
    }
    if (is_direct()) {
      const std::uint64_t bytes = bytes_of(l_.elements, l_.record);
      const std::uint64_t apart = element_record_bytes();
      const std::byte* from = data + places_.element_array(place);
      if (l_.record == 32 && p_.direct == code_places::split_32) {
        return {reinterpret_cast<const std::uint8_t*>(from), true, apart};
      }
      const std::uint64_t records = (n + l_.record - 1) / l_.record;
      for (std::uint64_t r = 0; r < records; ++r) {
        std::memcpy(room + r * bytes, from + r * apart, bytes);
      }
      return {room, true};
    }
    for (std::size_t i = 0; i < n; ++i) {
      room[i] = static_cast<std::uint8_t>(
          places_.read_element_at(in_, element_part_ + element_walker_->part()));
      element_walker_->advance();
    }
    return {room, false};
  }

  /// Scale bits of n blocks from block `first` on, as bytes if they are such.
  const std::uint8_t* scale_bytes(std::uint64_t first, std::size_t n, std::uint8_t* room) {
    const bool apart = l_.position == scale_position::apart;
    const auto* bytes =
        reinterpret_cast<const std::uint8_t*>((apart ? in_.scales : in_.data).data());
    const std::uint64_t place = scale_part_ + first;
    if (scales_are_row_major_ && l_.record == 0) return bytes + places_.scale_offset(0) + place;
    if (scales_are_row_major_) {
      const std::uint64_t each = l_.record / (std::uint64_t{l_.block_rows} * l_.block_columns);
      const std::uint64_t step = scale_record_bytes();
      if (each == 1) {
        const std::uint8_t* from = bytes + places_.scale_offset(place);
        for (std::size_t i = 0; i < n; ++i) room[i] = from[i * step];
        return room;
      }
    }
    if (p_.scale_run == 4) {
      const std::uint8_t* from = bytes + places_.scale_offset(0);
      for (std::size_t i = 0; i < n; i += 4) {
        std::memcpy(room + i, from + scale_part_ + scale_walker_->part(), 4);
        scale_walker_->advance();
      }
      return room;
    }
    for (std::size_t i = 0; i < n; ++i) {
      room[i] = bytes[places_.scale_offset(scale_part_ + scale_walker_->part())];
      scale_walker_->advance();
    }
    return room;
  }

  /// The scale bits of the next block, of any width.
  code_t next_scale() {
    const code_t bits = places_.read_scale_at(in_, scale_part_ + scale_walker_->part());
    scale_walker_->advance();
    return bits;
  }

  /// The definition's number of an element, from its code.
  float define(std::uint64_t column, code_t code, float outer) const {
    return define_number(p_, places_, in_, row_, column, code, outer);
  }
  code_t code_at(std::uint64_t column) const {
    return places_.read_element_at(
        in_, element_part_ + places_.elements().part(matrix_axis::column, column));
  }

 private:
  bool is_direct() const {
    const std::uint64_t align = p_.align;
    const bool is_power = (align & (align - 1)) == 0;
    return p_.reads_rows && (is_power ? element_part_ & (align - 1) : element_part_ % align) == 0;
  }

  /// From one record to the next, for layouts with records.
  std::uint64_t element_record_bytes() const {
    return places_.element_array(l_.record) - places_.element_array(0);
  }
  std::uint64_t scale_record_bytes() const {
    const std::uint64_t scales = l_.record / (std::uint64_t{l_.block_rows} * l_.block_columns);
    return places_.scale_offset(scales) - places_.scale_offset(0);
  }

  const dequantise_plan& p_;
  const block_layout& l_;
  const block_places& places_;
  const_block_buffers in_;
  std::uint64_t row_ = 0, element_part_ = 0, scale_part_ = 0;
  bool scales_are_row_major_;
  std::optional<order_walker> scale_at_, scale_walker_, element_walker_;
};

/// The factors of n blocks from block `first` on, and whether one of them is special.
inline bool make_factors(const dequantise_plan& p, row_reader& reader, std::uint64_t first,
                         std::size_t n, float outer, chunk_scales& s) {
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
inline void define_blocks(const dequantise_plan& p, const row_reader& reader, std::uint64_t first,
                          std::size_t n, float outer, bool all, const chunk_scales& s, float* out) {
  const std::uint64_t columns = p.m.f.columns;
  for (std::uint64_t block = 0; block * columns < n; ++block) {
    const auto bits = lowp::detail::bit_cast<std::uint32_t>(s.factor[block]) & 0x7fffffff;
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

/// Rows [first, last) of a matrix.
inline void dequantise_rows(const dequantise_plan& p, const block_places& places,
                            const_block_buffers in, const float* outer,
                            const number_matrix<float>& out, std::uint64_t first,
                            std::uint64_t last, bool stream) {
  const block_format& f = p.m.f;
  row_reader reader(p, places, in);
  chunk_scales scales;
  HWY_ALIGN std::uint8_t room[dequantise_chunk + dequantise_room];
  HWY_ALIGN float each[dequantise_chunk + dequantise_room];
  const std::uint64_t chunk = p.chunk;
  for (std::uint64_t row = first; row < last; ++row) {
    reader.start(row);
    const float P = f.outer == outer_scale::none ? 1.0f : outer_of(f, outer, row);
    const std::uint32_t P_bits = lowp::detail::bit_cast<std::uint32_t>(P) & 0x7fffffff;
    const bool all = P_bits >= 0x7f800000 || (P_bits == 0 && p.zero_is_special);
    for (std::uint64_t column = 0; column < out.shape.columns; column += chunk) {
      const std::uint64_t left = out.shape.columns - column;
      const std::size_t n = left < chunk ? left : chunk;
      const chunk_codes codes = reader.codes(column, n, room);
      const std::size_t blocks = (n + f.columns - 1) / f.columns;
      const bool special = make_factors(p, reader, column / f.columns, blocks, P, scales) || all;
      chunk_factors factors{scales.factor, p.log2_columns};
      if (p.is_per_element) {
        spread_factors(p, row, scales, each, n);
        factors.of = each;
      }
      float* to = out.x + row * out.stride + column;
      const bool past = stream && reinterpret_cast<std::uintptr_t>(to) % 64 == 0;
      decode_chunk(p, codes, factors, P, to, n, past);
      if (special) define_blocks(p, reader, column, n, P, all, scales, to);
    }
  }
  if (stream) hwy::FlushStream();
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
