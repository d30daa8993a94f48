// SPDX-License-Identifier: Apache-2.0
/// \file
/// The machine's own binary32 as a `Real` of binary32.hpp: published quantisers run on it with the
/// bits that they have on `float32`, many times faster. It needs a `float_environment` around it
/// and nothing of the compiler: -ffast-math, contraction and reordering do not reach its
/// operations. spec/bulk.md BLK-6.
#ifndef LOWP_SIMD_MACHINE_BINARY32_HPP
#define LOWP_SIMD_MACHINE_BINARY32_HPP

#include <cmath>
#include <cstdint>

#include "../binary32.hpp"
#include "float_environment.hpp"

namespace lowp::simd {

namespace machine {

// One instruction each. Volatile, so that none crosses an end of a `float_environment`.
#if defined(__AVX__)
#define LOWP_INSTRUCTION(name, mnemonic, symbol)                                    \
  LOWP_UNIT inline float name(float x, float y) noexcept {                          \
    __asm__ volatile("v" mnemonic "ss {%1, %0, %0|%0, %0, %1}" : "+x"(x) : "x"(y)); \
    return x;                                                                       \
  }
#elif defined(__x86_64__)
#define LOWP_INSTRUCTION(name, mnemonic, symbol)                        \
  LOWP_UNIT inline float name(float x, float y) noexcept {              \
    __asm__ volatile(mnemonic "ss {%1, %0|%0, %1}" : "+x"(x) : "x"(y)); \
    return x;                                                           \
  }
#elif defined(__aarch64__)
#define LOWP_INSTRUCTION(name, mnemonic, symbol)                        \
  LOWP_UNIT inline float name(float x, float y) noexcept {              \
    __asm__ volatile("f" mnemonic " %s0, %s0, %s1" : "+w"(x) : "w"(y)); \
    return x;                                                           \
  }
#elif defined(__riscv) && defined(__riscv_flen)
#define LOWP_INSTRUCTION(name, mnemonic, symbol)                       \
  LOWP_UNIT inline float name(float x, float y) noexcept {             \
    __asm__ volatile("f" mnemonic ".s %0, %0, %1" : "+f"(x) : "f"(y)); \
    return x;                                                          \
  }
#else
#define LOWP_INSTRUCTION(name, mnemonic, symbol)           \
  LOWP_UNIT inline float name(float x, float y) noexcept { \
    const volatile float a = x, b = y;                     \
    const volatile float r = a symbol b;                   \
    return r;                                              \
  }
#endif
LOWP_INSTRUCTION(add, "add", +)
LOWP_INSTRUCTION(subtract, "sub", -)
LOWP_INSTRUCTION(multiply, "mul", *)
LOWP_INSTRUCTION(divide, "div", /)
#undef LOWP_INSTRUCTION

/// x y + z in one rounding.
LOWP_UNIT inline float fma(float x, float y, float z) noexcept {
#if defined(__FMA__)
  __asm__ volatile("vfmadd213ss {%2, %1, %0|%0, %1, %2}" : "+x"(x) : "x"(y), "x"(z));
  return x;
#elif defined(__aarch64__)
  __asm__ volatile("fmadd %s0, %s0, %s1, %s2" : "+w"(x) : "w"(y), "w"(z));
  return x;
#elif defined(__riscv) && defined(__riscv_flen)
  __asm__ volatile("fmadd.s %0, %0, %1, %2" : "+f"(x) : "f"(y), "f"(z));
  return x;
#else
  // Of the C library, by a pointer: -ffast-math makes a call by name a product and a sum.
  float (*const volatile fused)(float, float, float) = std::fmaf;
  return fused(x, y, z);
#endif
}

}  // namespace machine

/// A binary32 number of the machine. Held as bits, because compilers may take a `float` under
/// -ffast-math for finite. While a `float_environment` lives, every operation gives the bits of the
/// same one of `float32`; of NaNs too, by calling it, so that NaNs are slow.
class machine_binary32 {
 public:
  machine_binary32() noexcept = default;
  LOWP_UNIT static machine_binary32 from_bits(std::uint32_t bits) noexcept {
    machine_binary32 x;
    x.bits_ = bits;
    return x;
  }
  LOWP_UNIT static machine_binary32 from_float(float x) noexcept {
    return from_bits(__builtin_bit_cast(std::uint32_t, x));
  }
  LOWP_UNIT std::uint32_t bits() const noexcept { return bits_; }
  LOWP_UNIT float value() const noexcept { return __builtin_bit_cast(float, bits_); }
  LOWP_UNIT bool is_nan() const noexcept { return (bits_ & 0x7fffffff) > 0x7f800000; }

  LOWP_UNIT friend machine_binary32 operator+(machine_binary32 x, machine_binary32 y) noexcept {
    return checked<sum>(machine::add(x.value(), y.value()), x, y);
  }
  LOWP_UNIT friend machine_binary32 operator-(machine_binary32 x, machine_binary32 y) noexcept {
    return checked<difference>(machine::subtract(x.value(), y.value()), x, y);
  }
  LOWP_UNIT friend machine_binary32 operator*(machine_binary32 x, machine_binary32 y) noexcept {
    return checked<product>(machine::multiply(x.value(), y.value()), x, y);
  }
  LOWP_UNIT friend machine_binary32 operator/(machine_binary32 x, machine_binary32 y) noexcept {
    return checked<quotient>(machine::divide(x.value(), y.value()), x, y);
  }
  LOWP_UNIT friend machine_binary32 operator-(machine_binary32 x) noexcept {
    return from_bits(x.bits_ ^ 0x80000000);
  }

  // Comparisons of integers: NaN is unordered, zeros are equal.
  LOWP_UNIT friend bool operator==(machine_binary32 x, machine_binary32 y) noexcept {
    return ordered(x, y) && x.key() == y.key();
  }
  LOWP_UNIT friend bool operator<(machine_binary32 x, machine_binary32 y) noexcept {
    return ordered(x, y) && x.key() < y.key();
  }
  LOWP_UNIT friend bool operator<=(machine_binary32 x, machine_binary32 y) noexcept {
    return ordered(x, y) && x.key() <= y.key();
  }
  LOWP_UNIT friend bool operator>(machine_binary32 x, machine_binary32 y) noexcept { return y < x; }
  LOWP_UNIT friend bool operator>=(machine_binary32 x, machine_binary32 y) noexcept {
    return y <= x;
  }

 private:
  using real = number<formats::binary32>;
  friend struct binary32_traits<machine_binary32>;

  // The definitions, for NaNs.
  LOWP_UNIT real exact() const noexcept { return real::from_code(bits_); }
  [[gnu::noinline]] LOWP_UNIT static real sum(real x, real y) noexcept { return x + y; }
  [[gnu::noinline]] LOWP_UNIT static real difference(real x, real y) noexcept { return x - y; }
  [[gnu::noinline]] LOWP_UNIT static real product(real x, real y) noexcept { return x * y; }
  [[gnu::noinline]] LOWP_UNIT static real quotient(real x, real y) noexcept { return x / y; }
  template <real Define(real, real) noexcept>
  LOWP_UNIT static machine_binary32 checked(float result, machine_binary32 x,
                                            machine_binary32 y) noexcept {
    const machine_binary32 r = from_float(result);
    if (r.is_nan()) [[unlikely]]
      return from_bits(Define(x.exact(), y.exact()).code());
    return r;
  }

  /// An integer in the order of the numbers.
  LOWP_UNIT std::int32_t key() const noexcept {
    const auto magnitude = static_cast<std::int32_t>(bits_ & 0x7fffffff);
    return bits_ >> 31 != 0 ? -magnitude : magnitude;
  }
  LOWP_UNIT static bool ordered(machine_binary32 x, machine_binary32 y) noexcept {
    return !x.is_nan() && !y.is_nan();
  }

  std::uint32_t bits_;
};

}  // namespace lowp::simd

namespace lowp {

template <>
struct binary32_traits<simd::machine_binary32> {
  using real = simd::machine_binary32;
  using definition = binary32_traits<number<formats::binary32>>;

  LOWP_UNIT static real from_bits(std::uint32_t bits) noexcept { return real::from_bits(bits); }
  LOWP_UNIT static std::uint32_t bits(real x) noexcept { return x.bits(); }

  /// The nearest number to an integer.
  LOWP_UNIT static real from_integer(std::int64_t n) noexcept {
    if (n < -exact_integers || n > exact_integers) {
      return real::from_bits(definition::from_integer(n).code());
    }
    return real::from_float(static_cast<float>(n));
  }

  /// x as an integer; beyond the range its end, of NaN 0.
  LOWP_UNIT static std::int32_t to_integer(real x, rounding mode) noexcept {
    // Half of 2^24: whole numbers and halves of this size are numbers.
    if ((x.bits() & 0x7fffffff) >= 0x4b000000) return definition::to_integer(x.exact(), mode);
    const auto whole = static_cast<std::int32_t>(x.value());
    const real rest = x - from_integer(whole);  // exact
    if ((rest.bits() & 0x7fffffff) == 0) return whole;
    const bool negative = x.bits() >> 31 != 0;
    const std::uint32_t fraction = rest.bits() & 0x7fffffff, half = 0x3f000000;
    bool away = false;
    switch (mode) {
      case rounding::to_nearest_even:
        away = fraction > half || (fraction == half && (whole & 1) != 0);
        break;
      case rounding::to_nearest_away: away = fraction >= half; break;
      case rounding::toward_zero: break;
      case rounding::toward_positive: away = !negative; break;
      case rounding::toward_negative: away = negative; break;
      default: return definition::to_integer(x.exact(), mode);
    }
    return away ? (negative ? whole - 1 : whole + 1) : whole;
  }

  /// x y + z in one rounding.
  LOWP_UNIT static real fma(real x, real y, real z) noexcept {
    const real result = real::from_float(simd::machine::fma(x.value(), y.value(), z.value()));
    if (!result.is_nan()) [[likely]]
      return result;
    return real::from_bits(definition::fma(x.exact(), y.exact(), z.exact()).code());
  }

  LOWP_UNIT static real sqrt(real x) noexcept {
    const std::uint32_t bits = x.bits();
    if (bits > 0x7f800000 && bits != 0x80000000) {  // negative, NaN
      return real::from_bits(definition::sqrt(x.exact()).code());
    }
#if defined(__AVX__)
    float r;
    __asm__ volatile("vsqrtss {%1, %1, %0|%0, %1, %1}" : "=x"(r) : "x"(x.value()));
    return real::from_float(r);
#elif defined(__x86_64__)
    float r;
    __asm__ volatile("sqrtss {%1, %0|%0, %1}" : "=x"(r) : "x"(x.value()));
    return real::from_float(r);
#elif defined(__aarch64__)
    float r;
    __asm__ volatile("fsqrt %s0, %s1" : "=w"(r) : "w"(x.value()));
    return real::from_float(r);
#elif defined(__riscv) && defined(__riscv_flen)
    float r;
    __asm__ volatile("fsqrt.s %0, %1" : "=f"(r) : "f"(x.value()));
    return real::from_float(r);
#else
    return real::from_bits(definition::sqrt(x.exact()).code());
#endif
  }

 private:
  static constexpr std::int64_t exact_integers = std::int64_t{1} << 24;
};

}  // namespace lowp

#endif  // LOWP_SIMD_MACHINE_BINARY32_HPP
