// SPDX-License-Identifier: Apache-2.0
/// \file
/// MXCSR, the control and status register of SSE and AVX: rounding, flushing, exception flags.
#ifndef LOWP_FUZZ_IMPLEMENTATIONS_X86_STATE_HPP
#define LOWP_FUZZ_IMPLEMENTATIONS_X86_STATE_HPP

#if defined(__x86_64__)

#include <cstdint>

#include <immintrin.h>

#include <lowp/projection.hpp>

namespace lowp::tool {

inline constexpr unsigned x86_flush = 0x8000;       ///< FTZ
inline constexpr unsigned x86_daz = 0x0040;         ///< DAZ
inline constexpr unsigned x86_all_masked = 0x1f80;  ///< all exceptions masked, no flag set

/// The rounding control bits of MXCSR for a rounding mode.
constexpr unsigned x86_rounding(rounding r) {
  return r == toward_negative   ? 0x2000
         : r == toward_positive ? 0x4000
         : r == toward_zero     ? 0x6000
                                : 0;
}

/// MXCSR of this thread with all exceptions masked and these bits, and back at the end.
class x86_state {
 public:
  explicit x86_state(unsigned bits) : before_(_mm_getcsr()) { _mm_setcsr(x86_all_masked | bits); }
  ~x86_state() { _mm_setcsr(before_); }
  x86_state(const x86_state&) = delete;
  x86_state& operator=(const x86_state&) = delete;

 private:
  unsigned before_;
};

/// The flags of MXCSR as `status` has them. The flag of subnormal operands has no counterpart.
constexpr std::uint8_t x86_flags(unsigned csr) {
  const auto moved = [&](unsigned from, std::uint8_t to) {
    return (csr & from) != 0 ? to : std::uint8_t{0};
  };
  return static_cast<std::uint8_t>(moved(0x01, status::invalid) |
                                   moved(0x04, status::divide_by_zero) |
                                   moved(0x08, status::overflow) | moved(0x10, status::underflow) |
                                   moved(0x20, status::inexact));
}

/// All flags that x86 shares with IEEE 754.
inline constexpr std::uint8_t ieee_flags = status::invalid | status::divide_by_zero |
                                           status::overflow | status::underflow | status::inexact;

}  // namespace lowp::tool

#endif

#endif  // LOWP_FUZZ_IMPLEMENTATIONS_X86_STATE_HPP
