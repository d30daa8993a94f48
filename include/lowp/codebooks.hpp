// SPDX-License-Identifier: Apache-2.0
/// \file
/// The values of the codebook formats, as binary32 bit patterns by magnitude.
#ifndef LOWP_CODEBOOKS_HPP
#define LOWP_CODEBOOKS_HPP

#include <cstdint>

#include "format.hpp"

namespace lowp {

/// The magnitudes of one sign in ascending order (the first is zero), and their codes.
struct codebook_side {
  int size = 0;                  ///< number of entries, zero included
  std::uint32_t magnitude[9]{};  ///< binary32 patterns
  std::uint8_t code[9]{};
};

/// One side of a table. spec/values.md VAL-9.
///
/// nf4: the 16 quantiles of QLoRA as bitsandbytes has them in binary32 (arXiv 2305.14314).
/// bnb_fp4: the 4-bit table of bitsandbytes, which is not OCP E2M1; codes do not follow the values.
LOWP_FN codebook_side codebook(codebook_id id, bool negative) noexcept {
  if (id == codebook_id::nf4) {
    if (negative) {
      return {
          8,
          {0, 0x3dba7871, 0x3e3d353f, 0x3e91a24d, 0x3eca32a0, 0x3f066b30, 0x3f3239b1, 0x3f800000},
          {7, 6, 5, 4, 3, 2, 1, 0}};
    }
    return {9,
            {0, 0x3da2faff, 0x3e24cae3, 0x3e7c04dd, 0x3ead033a, 0x3ee1a4b8, 0x3f1007ab, 0x3f3913b3,
             0x3f800000},
            {7, 8, 9, 10, 11, 12, 13, 14, 15}};
  }
  const std::uint8_t sign = negative ? 8 : 0;
  return {8,
          {0, 0x3baaaaab, 0x3e2aaaab, 0x3e800000, 0x3eaaaaab, 0x3f000000, 0x3f2aaaab, 0x3f800000},
          {static_cast<std::uint8_t>(sign | 0), static_cast<std::uint8_t>(sign | 1),
           static_cast<std::uint8_t>(sign | 6), static_cast<std::uint8_t>(sign | 7),
           static_cast<std::uint8_t>(sign | 4), static_cast<std::uint8_t>(sign | 5),
           static_cast<std::uint8_t>(sign | 2), static_cast<std::uint8_t>(sign | 3)}};
}

}  // namespace lowp

#endif  // LOWP_CODEBOOKS_HPP
