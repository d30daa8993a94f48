// SPDX-License-Identifier: Apache-2.0
/// \file
/// The rules that layouts of matrices have to keep, and their words.
#ifndef LOWP_BLOCK_LAYOUT_LAYOUT_ERROR_HPP
#define LOWP_BLOCK_LAYOUT_LAYOUT_ERROR_HPP

#include <cstdint>

#include "../../config.hpp"

namespace lowp {

/// The rule that a layout, a matrix or its buffers break, see `check` and `message`.
enum class [[nodiscard]] layout_error : std::uint8_t{
    none,
    digits,       ///< the digits of an axis do not make up its numbers once each
    multiple,     ///< a multiple is 0, over 65536, or no multiple of its axis' last step
    scale_bytes,  ///< a scale takes no 1...8 bytes, or the padding's code takes more
    packing,      ///< `check` of the elements' array_layout refuses
    block,        ///< a block has no rows or columns, or over 65536
    record,   ///< elements of a record: no multiple of a block, of a packing's group, over 65536
    records,  ///< elements and scales of the padded matrix do not fill the same records
    size,     ///< over 2^40 entries of the padded matrix
    data_buffer,   ///< the buffer of the data is too small
    scale_buffer,  ///< the buffer of the scales is too small
    different,     ///< the layouts are of different blocks, widths of codes or bytes of scales
};

/// The rule in words, for messages.
LOWP_FN const char* message(layout_error e) noexcept {
  switch (e) {
    case layout_error::none: return "no error";
    case layout_error::digits:
      return "the digits of rows and of columns must each have steps 1, c1, c1 c2, ... and end "
             "with one of count 0";
    case layout_error::multiple:
      return "a multiple must be 1...65536 and a multiple of the last step of its axis";
    case layout_error::scale_bytes:
      return "a scale must take 1...8 bytes and the padding's code must fit it";
    case layout_error::packing: return "the packing of the elements is not usable";
    case layout_error::block: return "rows and columns of a block must be 1...65536";
    case layout_error::record:
      return "a record must hold whole blocks and groups of at most 65536 elements, its parts "
             "padded to 1...4096 bytes";
    case layout_error::records:
      return "the padded elements and scales must fill the same number of records";
    case layout_error::size: return "a padded matrix must have at most 2^40 entries";
    case layout_error::data_buffer: return "the buffer of the data is too small";
    case layout_error::scale_buffer: return "the buffer of the scales is too small";
    case layout_error::different:
      return "both layouts must have the same block, width of codes and bytes per scale";
  }
  return "unknown";
}

}  // namespace lowp

#endif  // LOWP_BLOCK_LAYOUT_LAYOUT_ERROR_HPP
