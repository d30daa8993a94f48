// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where the kernels of block quantisation put codes and scales, row by row, in layouts whose
/// elements stand in rows.
#ifndef LOWP_SIMD_QUANTISE_PLACES_HPP
#define LOWP_SIMD_QUANTISE_PLACES_HPP

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "../block/layout/convert_layout.hpp"
#include "chunk.hpp"
#include "convert.hpp"

namespace lowp::simd {

/// A matrix's places by rows. `l` and `s` are usable.
class quantise_places {
 public:
  LOWP_UNIT quantise_places(const block_layout& l, matrix_shape s) : l_(l), s_(s), places_(l, s) {
    const matrix_shape whole = padded(l.element_order, s);
    row_elements_ = whole.columns;
    const array_layout& a = l.elements;
    // Elements after which codes are at the start of a byte, a group and a run.
    const auto slot = static_cast<unsigned>(slot_bits(a));
    std::uint64_t align = 8u >> std::min(std::countr_zero(slot), 3);
    align = std::max<std::uint64_t>(align, a.pack.group == a.pack.step ? 1 : a.pack.group);
    align = std::max<std::uint64_t>(align, a.pack.run);
    const bool in_rows = is_row_major(l.element_order);
    const bool rows_are_aligned = row_elements_ % align == 0 || s.rows <= 1;
    const bool one = l.record == 0;
    const bool whole_records = l.record % align == 0 && row_elements_ % (one ? 1 : l.record) == 0 &&
                               most_record % (one ? 1 : l.record) == 0 &&
                               bytes_of(a, l.record) * 8 == l.record * std::uint64_t{slot};
    is_fast_ = in_rows && rows_are_aligned && a.f.width <= 8 && (one || whole_records);
    const bool dense = is_dense(a) && a.pack.order == bit_order::low_first;
    if (is_fast_ && one && slot == 8 && is_plain(a.pack)) bits_ = 8;
    if (is_fast_ && one && dense && (slot == 4 || slot == 6)) bits_ = static_cast<int>(slot);
    splits_ = slot % 8 == 0 || (in_rows && rows_are_aligned);
    // The definition writes codes of partial blocks, and leaves the bits beside them in their
    // bytes.
    const bool writes_bits = slot % 8 != 0 || a.f.width != static_cast<int>(slot);
    const bool has_parts = writes_bits && s.columns % l.block_columns != 0;
    const std::uint64_t elements = (s.rows * s.columns * slot + 7) / 8;
    const matrix_shape blocks = scale_shape(l, s);
    const std::uint64_t scales = blocks.rows * blocks.columns * l.scales.scale_bytes;
    const bool apart = l.position == scale_position::apart;
    bytes_ = places_.bytes();
    pads_data_ = has_parts || bytes_.data != elements + (apart ? 0 : scales);
    pads_scales_ = apart && bytes_.scales != scales;
    scale_row_is_one_ = one && l.scales.order.digit[0] == order_digit{matrix_axis::column, 1, 0};
    if (!is_fast_ || scale_row_is_one_) return;
    column_part_ = parts_of(places_.scales(), matrix_axis::column, blocks.columns);
    row_part_ = parts_of(places_.scales(), matrix_axis::row, blocks.rows);
  }

  /// Can `write_codes` and `write_scales` be used?
  LOWP_UNIT bool is_fast() const { return is_fast_; }
  /// Bits of codes that stand end to end in bytes (8), or from the lowest bits on (4, 6); else 0.
  LOWP_UNIT int bits() const { return bits_; }
  /// Do different rows of blocks have no byte in common?
  LOWP_UNIT bool can_split() const { return splits_; }
  /// Writes what holds no element or scale; other bytes as well.
  LOWP_UNIT void write_padding(block_buffers out) const {
    if (l_.scales.pad != 0) return clear(l_, out, s_);
    if (pads_data_) std::memset(out.data.data(), 0, bytes_.data);
    if (pads_scales_) std::memset(out.scales.data(), 0, bytes_.scales);
  }
  /// Elements of a row in memory.
  LOWP_UNIT std::uint64_t row_elements() const { return row_elements_; }

  /// Where `bits` are not 0: the byte of the code of an element.
  LOWP_UNIT std::uint8_t* codes(block_buffers out, std::uint64_t row, std::uint64_t column) const {
    const std::uint64_t at = bytes_of(l_.elements, row * row_elements_ + column);
    return reinterpret_cast<std::uint8_t*>(out.data.data() + places_.element_array(0) + at);
  }

  /// n codes from element (row, column) on, `column` a multiple of `packing_tile`; `packed` has
  /// room for them.
  LOWP_UNIT void write_codes(block_buffers out, std::uint64_t row, std::uint64_t column,
                             const std::uint8_t* codes, std::uint64_t n, std::byte* packed) const {
    const std::uint64_t place = row * row_elements_ + column;
    const array_layout& a = l_.elements;
    if (l_.record == 0) {
      return pack(a, codes, out.data.data() + places_.element_array(0) + bytes_of(a, place), n);
    }
    pack(a, codes, packed, n);
    const std::uint64_t bytes = bytes_of(a, l_.record);
    std::byte* to = out.data.data() + places_.element_array(place);
    const std::uint64_t step =
        places_.element_array(place + l_.record) - places_.element_array(place);
    const std::uint64_t all = bytes_of(a, n);
    for (std::uint64_t at = 0; at < all; at += bytes, to += step) {
      if (bytes == 16 && all - at >= 16) {
        std::memcpy(to, packed + at, 16);
      } else {
        std::memcpy(to, packed + at, std::min(bytes, all - at));
      }
    }
  }

  /// The scales of `count` blocks from (i, j) on.
  LOWP_UNIT void write_scales(block_buffers out, std::uint64_t i, std::uint64_t j,
                              const std::uint32_t* scales, std::size_t count) const {
    const bool apart = l_.position == scale_position::apart;
    std::byte* to = (apart ? out.scales : out.data).data();
    const std::uint64_t row =
        scale_row_is_one_ ? places_.scales().part(matrix_axis::row, i) : row_part_[i];
    const std::uint64_t size = l_.scales.scale_bytes;
    if (scale_row_is_one_) {
      to += places_.scale_offset(0) + (row + j) * size;
      if (size == 1) {
        for (std::size_t k = 0; k < count; ++k) to[k] = static_cast<std::byte>(scales[k]);
        return;
      }
      for (std::size_t k = 0; k < count; ++k, to += size) write(to, size, scales[k]);
      return;
    }
    const std::uint64_t base = l_.record == 0 ? places_.scale_offset(0) : 0;
    const bool has_fours =
        size == 1 && l_.record == 0 && run_of(l_.scales.order, matrix_axis::column) % 4 == 0;
    for (std::size_t k = 0; k < count; ++k) {
      const std::uint64_t place = row + column_part_[j + k];
      if (has_fours && (j + k) % 4 == 0 && count - k >= 4) {
        for (std::size_t i = 0; i < 4; ++i)
          to[base + place + i] = static_cast<std::byte>(scales[k + i]);
        k += 3;
        continue;
      }
      write(to + (l_.record == 0 ? base + place * size : places_.scale_offset(place)), size,
            scales[k]);
    }
  }

 private:
  static constexpr std::uint64_t most_record = packing_tile;

  /// What each of n row or column numbers adds to a place.
  LOWP_UNIT static std::vector<std::uint64_t> parts_of(const order_strides& s, matrix_axis axis,
                                                       std::uint64_t n) {
    std::vector<std::uint64_t> parts(n);
    order_walker walker(s, axis);
    for (std::uint64_t& part : parts) {
      part = walker.part();
      walker.advance();
    }
    return parts;
  }

  LOWP_UNIT static void write(std::byte* to, std::uint64_t size, std::uint32_t code) {
    if (size == 1) {
      *to = static_cast<std::byte>(code);
    } else {
      lowp::detail::write_bytes(to, static_cast<int>(size), code);
    }
  }

  const block_layout& l_;
  matrix_shape s_;
  block_places places_;
  block_bytes bytes_;
  std::uint64_t row_elements_ = 0;
  int bits_ = 0;
  bool is_fast_ = false, splits_ = false, pads_data_ = false, pads_scales_ = false;
  bool scale_row_is_one_ = false;
  std::vector<std::uint64_t> column_part_, row_part_;
};

}  // namespace lowp::simd

#endif  // LOWP_SIMD_QUANTISE_PLACES_HPP
