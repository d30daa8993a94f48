// SPDX-License-Identifier: Apache-2.0
/// \file
/// States of the processor's floating-point unit other than the default one.
#ifndef LOWP_TESTS_SIMD_CHANGED_ENVIRONMENT_HPP
#define LOWP_TESTS_SIMD_CHANGED_ENVIRONMENT_HPP

#include <cfenv>
#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace bulk {

/// While it lives: a rounding direction by bits 0 and 1 of `state`; bit 2: denormals are zero, bit
/// 3: they are flushed.
class changed_environment {
 public:
  explicit changed_environment(std::uint64_t state) {
    constexpr int roundings[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    std::feholdexcept(&saved_);
    std::fesetround(roundings[state % 4]);
    const bool zero = (state & 4) != 0, flush = (state & 8) != 0;
#if defined(__SSE2__)
    _mm_setcsr(_mm_getcsr() | (zero ? 1u << 6 : 0) | (flush ? 1u << 15 : 0));
#elif defined(__aarch64__)
    std::uint64_t word = 0;
    __asm__ volatile("mrs %0, fpcr" : "=r"(word));
    if (zero || flush) word |= std::uint64_t{1} << 24;
    __asm__ volatile("msr fpcr, %0" : : "r"(word));
#else
    (void)zero, (void)flush;
#endif
  }
  changed_environment(const changed_environment&) = delete;
  changed_environment& operator=(const changed_environment&) = delete;
  ~changed_environment() { std::fesetenv(&saved_); }

 private:
  std::fenv_t saved_;
};

}  // namespace bulk

#endif  // LOWP_TESTS_SIMD_CHANGED_ENVIRONMENT_HPP
