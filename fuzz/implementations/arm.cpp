// SPDX-License-Identifier: Apache-2.0
// Arm: conversions of the ARMv8.0 base between binary16, binary32 and binary64, FEAT_FP16
// arithmetic and FEAT_BF16. FPCR.DN, FZ and AH are clear, as after the start of a program.
#include "../cpu.hpp"
#include "../implementation.hpp"

#if defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace lowp::tool {

#if defined(__aarch64__)

namespace {

constexpr const char* manual = "Arm ARM, FPConvert and FPProcessNaN";

std::uint64_t read_control() {
  std::uint64_t value = 0;
  __asm__ volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}

void write_control(std::uint64_t value) { __asm__ volatile("msr fpcr, %0" : : "r"(value)); }

// FPCR.RMode: 0 nearest even, 1 toward +inf, 2 toward -inf, 3 toward zero.
template <unsigned Mode>
void to_half(const void* const* in, void* out, std::size_t n) {
  const std::uint64_t before = read_control();
  write_control((before & ~(std::uint64_t{3} << 22)) | std::uint64_t{Mode} << 22);
  for (std::size_t i = 0; i < n; ++i) {
    const float x = detail::load<float>(in[0], i);
    std::uint16_t r = 0;
    // Not the compiler's conversion: it may move out of the region with the other mode.
    float wide = x;
    __asm__ volatile("fcvt %h0, %s1" : "=w"(wide) : "w"(x));
    std::memcpy(&r, &wide, sizeof(r));
    detail::store(out, i, r);
  }
  write_control(before);
}

void from_double(const void* const* in, void* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const double x = detail::load<double>(in[0], i);
    double wide = x;
    __asm__("fcvt %h0, %d1" : "=w"(wide) : "w"(x));
    std::uint16_t r = 0;
    std::memcpy(&r, &wide, sizeof(r));
    detail::store(out, i, r);
  }
}

void to_float(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const std::uint16_t*>(in[0]);
  auto* r = static_cast<float*>(out);
  for (std::size_t i = 0; i < n; i += 4) {
    vst1q_f32(r + i, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(a + i))));
  }
}

// By encoding, so that the assembler needs no extension: BFCVTN v0.4h, v1.4s.
void to_bfloat16(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const float*>(in[0]);
  auto* r = static_cast<std::uint16_t*>(out);
  for (std::size_t i = 0; i < n; i += 4) {
    register float32x4_t x __asm__("v1") = vld1q_f32(a + i);
    register uint16x4_t y __asm__("v0");
    __asm__(".inst 0x0ea16820" : "=w"(y) : "w"(x));
    vst1_u16(r + i, y);
  }
}

template <operation Op>
void arithmetic(const void* const* in, void* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    float a = 0;
    float b = 0;
    float c = 0;
    std::memcpy(&a, static_cast<const std::uint16_t*>(in[0]) + i, 2);
    if (operand_count(Op) > 1) std::memcpy(&b, static_cast<const std::uint16_t*>(in[1]) + i, 2);
    if (operand_count(Op) > 2) std::memcpy(&c, static_cast<const std::uint16_t*>(in[2]) + i, 2);
    float r = 0;
#define LOWP_FP16 ".arch_extension fp16\n\t"
    if constexpr (Op == operation::add) {
      __asm__(LOWP_FP16 "fadd %h0, %h1, %h2" : "=w"(r) : "w"(a), "w"(b));
    } else if constexpr (Op == operation::subtract) {
      __asm__(LOWP_FP16 "fsub %h0, %h1, %h2" : "=w"(r) : "w"(a), "w"(b));
    } else if constexpr (Op == operation::multiply) {
      __asm__(LOWP_FP16 "fmul %h0, %h1, %h2" : "=w"(r) : "w"(a), "w"(b));
    } else if constexpr (Op == operation::divide) {
      __asm__(LOWP_FP16 "fdiv %h0, %h1, %h2" : "=w"(r) : "w"(a), "w"(b));
    } else if constexpr (Op == operation::sqrt) {
      __asm__(LOWP_FP16 "fsqrt %h0, %h1" : "=w"(r) : "w"(a));
    } else {
      __asm__(LOWP_FP16 "fmadd %h0, %h1, %h2, %h3" : "=w"(r) : "w"(a), "w"(b), "w"(c));
    }
#undef LOWP_FP16
    std::uint16_t bits = 0;
    std::memcpy(&bits, &r, sizeof(bits));
    detail::store(out, i, bits);
  }
}

template <operation Op>
void add_arithmetic(catalogue& c, const char* function) {
  const arithmetic_model model =
      arithmetic_in(formats::binary16, Op, manual, policies::ieee754, nan_result::signalling_first);
  c.rows.push_back({"Arm FP16", function, model, arithmetic<Op>});
}

}  // namespace

void add_arm(catalogue& c) {
  using namespace formats;
  const auto add = [&](const char* function, const conversion_rule& rule, batch_function run) {
    c.rows.push_back({"Arm", function, rule, run});
  };
  add("fcvt h,s RN", ieee_rule(manual, binary32, binary16), to_half<0>);
  add("fcvt h,s RP", ieee_rule(manual, binary32, binary16, toward_positive), to_half<1>);
  add("fcvt h,s RM", ieee_rule(manual, binary32, binary16, toward_negative), to_half<2>);
  add("fcvt h,s RZ", ieee_rule(manual, binary32, binary16, toward_zero), to_half<3>);
  add("fcvt h,d RN", ieee_rule(manual, binary64, binary16), from_double);
  add("fcvtl", ieee_rule(manual, binary16, binary32), to_float);
  const arm_features features = find_arm_features();
  if (features.bf16) {
    add("bfcvtn", ieee_rule(manual, binary32, formats::bfloat16), to_bfloat16);
  } else {
    c.absent.push_back({"Arm BF16", "this processor does not have it"});
  }
  if (!features.fp16) {
    c.absent.push_back({"Arm FP16", "this processor does not have it"});
    return;
  }
  add_arithmetic<operation::add>(c, "fadd");
  add_arithmetic<operation::subtract>(c, "fsub");
  add_arithmetic<operation::multiply>(c, "fmul");
  add_arithmetic<operation::divide>(c, "fdiv");
  add_arithmetic<operation::sqrt>(c, "fsqrt");
  add_arithmetic<operation::fma>(c, "fmadd");
}

#else

void add_arm(catalogue& c) { c.absent.push_back({"Arm FP16 and BF16", "only on AArch64"}); }

#endif

}  // namespace lowp::tool
