// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of a block-quantised matrix to numbers, chunk by chunk: scale codes and element codes are
/// collected from the layout. spec/bulk.md BLK-8.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include <hwy/highway.h>

#include "dequantise_factors-inl.hpp"

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
      decode_chunk(p, codes, factors, &P, to, n, past);
      if (special) define_blocks(p, reader, column, n, P, all, scales.factor, to);
    }
  }
  if (stream) hwy::FlushStream();
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
