// SPDX-License-Identifier: Apache-2.0
/// \file
/// The floating-point environment in which the machine's arithmetic is that of IEEE 754: nearest
/// even, subnormals kept, nothing trapped.
#ifndef LOWP_SIMD_FLOAT_ENVIRONMENT_HPP
#define LOWP_SIMD_FLOAT_ENVIRONMENT_HPP

#include <cfenv>
#include <cstdint>

#include "../config.hpp"

namespace lowp::simd {

/// While it lives, this thread rounds to nearest even, keeps subnormals (no FTZ, no DAZ) and masks
/// exceptions; then the environment is what it was, exception flags included. A few instructions:
/// one for each call that does much, not one for each element. spec/bulk.md BLK-6.
class float_environment {
 public:
  LOWP_UNIT float_environment() noexcept {
#if defined(__x86_64__)
    // MXCSR as a process starts with it; x87 is not used.
    const std::uint32_t nearest = 0x1f80;
    __asm__ volatile("stmxcsr %0" : "=m"(saved_) : : "memory");
    __asm__ volatile("ldmxcsr %0" : : "m"(nearest) : "memory");
#elif defined(__aarch64__)
    __asm__ volatile("mrs %0, fpcr" : "=r"(saved_) : : "memory");
    __asm__ volatile("mrs %0, fpsr" : "=r"(flags_) : : "memory");
    __asm__ volatile("msr fpcr, %0" : : "r"(std::uint64_t{0}) : "memory");
#elif defined(__riscv) && defined(__riscv_flen)
    __asm__ volatile("csrrwi %0, fcsr, 0" : "=r"(saved_) : : "memory");
#else
    std::feholdexcept(&saved_);
    std::fesetround(FE_TONEAREST);
#endif
  }
  float_environment(const float_environment&) = delete;
  float_environment& operator=(const float_environment&) = delete;
  LOWP_UNIT ~float_environment() {
#if defined(__x86_64__)
    __asm__ volatile("ldmxcsr %0" : : "m"(saved_) : "memory");
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" : : "r"(saved_) : "memory");
    __asm__ volatile("msr fpsr, %0" : : "r"(flags_) : "memory");
#elif defined(__riscv) && defined(__riscv_flen)
    __asm__ volatile("csrw fcsr, %0" : : "r"(saved_) : "memory");
#else
    std::fesetenv(&saved_);
#endif
  }

 private:
#if defined(__x86_64__)
  std::uint32_t saved_;
#elif defined(__aarch64__)
  std::uint64_t saved_, flags_;
#elif defined(__riscv) && defined(__riscv_flen)
  std::uintptr_t saved_;
#else
  std::fenv_t saved_;
#endif
};

}  // namespace lowp::simd

#endif  // LOWP_SIMD_FLOAT_ENVIRONMENT_HPP
