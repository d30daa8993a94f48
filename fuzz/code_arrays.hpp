// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes in arrays of 1, 2, 4 or 8 bytes each.
#ifndef LOWP_FUZZ_CODE_ARRAYS_HPP
#define LOWP_FUZZ_CODE_ARRAYS_HPP

#include "implementation.hpp"

namespace lowp::tool {

inline void store_code(void* to, std::size_t bytes, std::size_t index, code_t code) {
  switch (bytes) {
    case 1: detail::store(to, index, static_cast<std::uint8_t>(code)); break;
    case 2: detail::store(to, index, static_cast<std::uint16_t>(code)); break;
    case 4: detail::store(to, index, static_cast<std::uint32_t>(code)); break;
    default: detail::store(to, index, code); break;
  }
}

inline code_t load_code(const void* from, std::size_t bytes, std::size_t index) {
  switch (bytes) {
    case 1: return detail::load<std::uint8_t>(from, index);
    case 2: return detail::load<std::uint16_t>(from, index);
    case 4: return detail::load<std::uint32_t>(from, index);
    default: return detail::load<std::uint64_t>(from, index);
  }
}

/// Bytes of one case in the array of a field.
inline std::size_t bytes_of_case(const field& f) { return f.count * f.bytes(); }

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_CODE_ARRAYS_HPP
