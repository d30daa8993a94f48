// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where the parts of a block-quantised matrix stand, as data: the codes of its elements, the
/// scales of its blocks, in buffers of their own or together, as a whole or record by record.
#ifndef LOWP_BLOCK_LAYOUT_BLOCK_LAYOUT_HPP
#define LOWP_BLOCK_LAYOUT_BLOCK_LAYOUT_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "../../detail/bits.hpp"
#include "../../pack/packing.hpp"
#include "scale_layout.hpp"

namespace lowp {

/// Where scales stand, seen from the elements.
enum class scale_position : std::uint8_t {
  apart,   ///< in a buffer of their own
  before,  ///< in the same buffer, in each record before the elements
  after,   ///< in the same buffer, in each record behind the elements
};

/// The layout of a block-quantised matrix. Its elements, in `element_order`, and the scales of its
/// blocks, in `scales.order`, are two sequences; each record of memory holds the next `record`
/// elements and the scales of as many blocks. spec/layouts.md LAY-6.
struct block_layout {
  std::uint32_t block_rows = 1;      ///< of a block
  std::uint32_t block_columns = 32;  ///< of a block
  array_layout elements{};           ///< codes of a record; they begin anew in each
  matrix_order element_order{};
  scale_layout scales{};
  scale_position position = scale_position::apart;
  std::uint32_t record = 0;  ///< elements of a record; 0: one record holds all
  std::uint16_t part_multiple =
      1;  ///< bytes of elements and of scales in a record are padded to it
  std::uint16_t record_multiple = 1;  ///< bytes of a record are padded to it

  friend LOWP_FN bool operator==(const block_layout&, const block_layout&) noexcept = default;
};

/// The shape of the matrix of scales: one for each block, the last ones may be partial.
LOWP_FN matrix_shape scale_shape(const block_layout& l, matrix_shape s) noexcept {
  return {detail::pieces_of(s.rows, l.block_rows), detail::pieces_of(s.columns, l.block_columns)};
}

/// Which rule a layout breaks; `layout_error::none` for a usable one. spec/layouts.md LAY-8.
LOWP_FN layout_error check(const block_layout& l) noexcept {
  if (check(l.elements) != packing_error::none) return layout_error::packing;
  if (l.block_rows < 1 || l.block_rows > 65536 || l.block_columns < 1 || l.block_columns > 65536) {
    return layout_error::block;
  }
  layout_error e = check(l.element_order);
  if (e == layout_error::none) e = check(l.scales);
  if (e != layout_error::none) return e;
  const auto is_multiple = [](int n) { return n >= 1 && n <= 4096; };
  if (!is_multiple(l.part_multiple) || !is_multiple(l.record_multiple)) return layout_error::record;
  if (l.record == 0) return layout_error::none;
  const std::uint64_t block = std::uint64_t{l.block_rows} * l.block_columns;
  return l.record > 65536 || l.record % block != 0 || l.record % l.elements.pack.group != 0
             ? layout_error::record
             : layout_error::none;
}

/// Bytes of the buffers of a matrix. Where scales stand with the elements, all are data.
struct block_bytes {
  std::uint64_t data = 0;
  std::uint64_t scales = 0;

  friend LOWP_FN bool operator==(const block_bytes&, const block_bytes&) noexcept = default;
};

/// Are buffers of these bytes large enough?
LOWP_FN bool holds(block_bytes have, block_bytes need) noexcept {
  return have.data >= need.data && have.scales >= need.scales;
}

/// The buffers of a matrix; `scales` is used by layouts with scales apart only.
template <class Byte>
struct basic_block_buffers {
  std::span<Byte> data;
  std::span<Byte> scales{};

  LOWP_FN operator basic_block_buffers<const std::byte>() const noexcept
      requires(!std::is_const_v<Byte>) {
    return {data, scales};
  }
};
using block_buffers = basic_block_buffers<std::byte>;
using const_block_buffers = basic_block_buffers<const std::byte>;

/// A layout for matrices of one shape: places by arithmetic alone. For usable layouts and sizes
/// only, see `check`.
class block_places {
 public:
  LOWP_FN block_places(const block_layout& l, matrix_shape s) noexcept
      : layout_(l),
        elements_(l.element_order, s),
        scales_(l.scales.order, scale_shape(l, s)),
        element_count_(places_of(l.element_order, s)),
        scale_count_(places_of(l.scales.order, scale_shape(l, s))) {
    const bool whole = l.record == 0;
    record_elements_ = whole ? element_count_ : l.record;
    record_scales_ =
        whole ? scale_count_ : l.record / (std::uint64_t{l.block_rows} * l.block_columns);
    element_bytes_ =
        detail::round_up_to(lowp::bytes_of(l.elements, record_elements_), l.part_multiple);
    scale_bytes_ = detail::round_up_to(record_scales_ * l.scales.scale_bytes, l.part_multiple);
    const bool apart = l.position == scale_position::apart;
    record_bytes_ =
        detail::round_up_to(element_bytes_ + (apart ? 0 : scale_bytes_), l.record_multiple);
    scale_record_bytes_ =
        apart ? detail::round_up_to(scale_bytes_, l.record_multiple) : record_bytes_;
    if (l.position == scale_position::before) first_element_ = scale_bytes_;
    if (l.position == scale_position::after) first_scale_ = element_bytes_;
  }

  LOWP_FN const order_strides& elements() const noexcept { return elements_; }
  LOWP_FN const order_strides& scales() const noexcept { return scales_; }
  LOWP_FN std::uint64_t element_count() const noexcept { return element_count_; }
  LOWP_FN std::uint64_t scale_count() const noexcept { return scale_count_; }

  /// Whether elements and scales, with their padding, fill the same whole records.
  LOWP_FN bool is_whole() const noexcept {
    if (layout_.record == 0) return true;
    return element_count_ % record_elements_ == 0 && scale_count_ % record_scales_ == 0 &&
           element_count_ / record_elements_ == scale_count_ / record_scales_;
  }

  /// Bytes of the buffers.
  LOWP_FN block_bytes bytes() const noexcept {
    const bool whole = layout_.record == 0;
    const std::uint64_t records = whole ? 1 : detail::pieces_of(element_count_, record_elements_);
    const bool apart = layout_.position == scale_position::apart;
    return {records * record_bytes_, apart ? records * scale_record_bytes_ : 0};
  }

  /// The first byte, in its buffer, of the codes or the scales of the record that holds the
  /// element or scale at this place of its sequence.
  LOWP_FN std::uint64_t element_array(std::uint64_t place) const noexcept {
    return first_element_ + record_of(place, record_elements_) * record_bytes_;
  }
  LOWP_FN std::uint64_t scale_offset(std::uint64_t place) const noexcept {
    const std::uint64_t record = record_of(place, record_scales_);
    return first_scale_ + record * scale_record_bytes_ +
           (place - record * record_scales_) * layout_.scales.scale_bytes;
  }

  /// The index of an element's code in the array of its record.
  LOWP_FN std::uint64_t element_index(std::uint64_t place) const noexcept {
    return place - record_of(place, record_elements_) * record_elements_;
  }

  LOWP_FN code_t read_element_at(const_block_buffers b, std::uint64_t place) const noexcept {
    return read_code(layout_.elements, b.data.data() + element_array(place), element_index(place));
  }
  LOWP_FN void write_element_at(block_buffers b, std::uint64_t place, code_t code) const noexcept {
    write_code(layout_.elements, b.data.data() + element_array(place), element_index(place), code);
  }
  LOWP_FN code_t read_scale_at(const_block_buffers b, std::uint64_t place) const noexcept {
    const bool apart = layout_.position == scale_position::apart;
    const std::byte* from = (apart ? b.scales : b.data).data();
    return detail::read_bytes(from + scale_offset(place), layout_.scales.scale_bytes);
  }
  LOWP_FN void write_scale_at(block_buffers b, std::uint64_t place, code_t code) const noexcept {
    const bool apart = layout_.position == scale_position::apart;
    std::byte* to = (apart ? b.scales : b.data).data();
    detail::write_bytes(to + scale_offset(place), layout_.scales.scale_bytes, code);
  }

 private:
  LOWP_FN std::uint64_t record_of(std::uint64_t place, std::uint64_t per_record) const noexcept {
    return layout_.record == 0 ? 0 : place / per_record;
  }

  block_layout layout_;
  order_strides elements_, scales_;
  std::uint64_t element_count_, scale_count_;
  std::uint64_t record_elements_ = 0, record_scales_ = 0;
  std::uint64_t element_bytes_ = 0, scale_bytes_ = 0;
  std::uint64_t record_bytes_ = 0, scale_record_bytes_ = 0;
  std::uint64_t first_element_ = 0, first_scale_ = 0;
};

/// Whether a matrix of this shape can stand in a layout. LAY-8.
LOWP_FN layout_error check(const block_layout& l, matrix_shape s) noexcept {
  layout_error e = check(l);
  if (e == layout_error::none) e = check(l.element_order, s);
  if (e == layout_error::none) e = check(l.scales.order, scale_shape(l, s));
  if (e != layout_error::none || l.record == 0) return e;
  return block_places(l, s).is_whole() ? layout_error::none : layout_error::records;
}

/// Bytes of the buffers of a matrix of this shape, for usable layouts and sizes.
LOWP_FN block_bytes bytes_of(const block_layout& l, matrix_shape s) noexcept {
  return block_places(l, s).bytes();
}

/// Whether a matrix of this shape stands in buffers of such sizes. LAY-8.
LOWP_FN layout_error check(const block_layout& l, matrix_shape s, block_bytes have) noexcept {
  const layout_error e = check(l, s);
  if (e != layout_error::none) return e;
  const block_bytes need = bytes_of(l, s);
  if (holds(have, need)) return layout_error::none;
  return have.data < need.data ? layout_error::data_buffer : layout_error::scale_buffer;
}

/// The first bit of element (i, j)'s slot in the string of bits (PCK-1) that the data are.
LOWP_FN std::uint64_t element_bit(const block_layout& l, matrix_shape s, std::uint64_t i,
                                  std::uint64_t j) noexcept {
  const block_places p(l, s);
  const std::uint64_t place = p.elements().place(i, j);
  return 8 * p.element_array(place) +
         bit_of_slot(l.elements, slot_of(l.elements.pack, p.element_index(place)));
}

/// The first byte of the scale of block (i, j), in the buffer that holds it.
LOWP_FN std::uint64_t scale_offset(const block_layout& l, matrix_shape s, std::uint64_t i,
                                   std::uint64_t j) noexcept {
  const block_places p(l, s);
  return p.scale_offset(p.scales().place(i, j));
}

/// The code of element (i, j), and writing it over what stands there. LAY-6.
LOWP_FN code_t read_element(const block_layout& l, const_block_buffers b, matrix_shape s,
                            std::uint64_t i, std::uint64_t j) noexcept {
  const block_places p(l, s);
  return p.read_element_at(b, p.elements().place(i, j));
}
LOWP_FN void write_element(const block_layout& l, block_buffers b, matrix_shape s, std::uint64_t i,
                           std::uint64_t j, code_t code) noexcept {
  const block_places p(l, s);
  p.write_element_at(b, p.elements().place(i, j), code);
}

/// The code of the scale of block (i, j), rows and columns counted in blocks, and writing it.
LOWP_FN code_t read_scale(const block_layout& l, const_block_buffers b, matrix_shape s,
                          std::uint64_t i, std::uint64_t j) noexcept {
  const block_places p(l, s);
  return p.read_scale_at(b, p.scales().place(i, j));
}
LOWP_FN void write_scale(const block_layout& l, block_buffers b, matrix_shape s, std::uint64_t i,
                         std::uint64_t j, code_t code) noexcept {
  const block_places p(l, s);
  p.write_scale_at(b, p.scales().place(i, j), code);
}

}  // namespace lowp

#endif  // LOWP_BLOCK_LAYOUT_BLOCK_LAYOUT_HPP
