// SPDX-License-Identifier: Apache-2.0
// Arm: dot products and small matrix products of bfloat16 and bytes. FPCR as after the start of a
// program, but for FPCR.EBF. Instructions are words, so that the assembler needs no extension.
#include "../cpu.hpp"
#include "../implementation.hpp"
#include "known.hpp"

#if defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace lowp::tool {

#if defined(__aarch64__)

namespace {

constexpr std::uint64_t extended_bf16 = std::uint64_t{1} << 13;  // FPCR.EBF

class control {
 public:
  explicit control(std::uint64_t bits) {
    __asm__ volatile("mrs %0, fpcr" : "=r"(before_));
    write(before_ | bits);
  }
  ~control() { write(before_); }
  control(const control&) = delete;
  control& operator=(const control&) = delete;

 private:
  static void write(std::uint64_t value) { __asm__ volatile("msr fpcr, %0" : : "r"(value)); }
  std::uint64_t before_ = 0;
};

// v0 += v1 v2.
template <std::uint32_t Word>
uint32x4_t multiply(uint32x4_t c, uint8x16_t a, uint8x16_t b) {
  register uint32x4_t d __asm__("v0") = c;
  register uint8x16_t x __asm__("v1") = a;
  register uint8x16_t y __asm__("v2") = b;
  __asm__ volatile(".inst %c3" : "+w"(d) : "w"(x), "w"(y), "i"(Word));
  return d;
}

// Four dwords, each a case.
template <std::uint32_t Word, std::uint64_t Control = 0>
void dot(const void* const* in, void* out, std::size_t n) {
  const control c(Control);
  const auto* a = static_cast<const std::uint8_t*>(in[0]);
  const auto* b = static_cast<const std::uint8_t*>(in[1]);
  const auto* s = static_cast<const std::uint32_t*>(in[2]);
  for (std::size_t i = 0; i < n; i += 4) {
    vst1q_u32(static_cast<std::uint32_t*>(out) + i,
              multiply<Word>(vld1q_u32(s + i), vld1q_u8(a + 4 * i), vld1q_u8(b + 4 * i)));
  }
}

// Two rows by two columns of eight bytes: two cases, on one diagonal and on the other in turn.
template <std::uint32_t Word, std::uint64_t Control = 0>
void matrix(const void* const* in, void* out, std::size_t n) {
  const control c(Control);
  const auto* a = static_cast<const std::uint8_t*>(in[0]);
  const auto* b = static_cast<const std::uint8_t*>(in[1]);
  const auto* s = static_cast<const std::uint32_t*>(in[2]);
  auto* r = static_cast<std::uint32_t*>(out);
  for (std::size_t i = 0; i < n; i += 2) {
    const std::size_t other = i / 2 % 2;  // the column of the first row's case
    std::uint32_t d[4] = {};
    d[other] = s[i];
    d[3 - other] = s[i + 1];
    uint8x16_t y = vld1q_u8(b + 8 * i);
    if (other != 0) y = vextq_u8(y, y, 8);
    vst1q_u32(d, multiply<Word>(vld1q_u32(d), vld1q_u8(a + 8 * i), y));
    r[i] = d[other];
    r[i + 1] = d[3 - other];
  }
}

// BFMLALB and BFMLALT: the even or the odd elements of the factors.
template <std::uint32_t Word, bool Odd>
void widening(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const std::uint16_t*>(in[0]);
  const auto* b = static_cast<const std::uint16_t*>(in[1]);
  const auto* s = static_cast<const std::uint32_t*>(in[2]);
  const auto spread = [](const std::uint16_t* x) {
    const uint32x4_t wide = vmovl_u16(vld1_u16(x));
    return vreinterpretq_u8_u32(Odd ? vshlq_n_u32(wide, 16) : wide);
  };
  for (std::size_t i = 0; i < n; i += 4) {
    vst1q_u32(static_cast<std::uint32_t*>(out) + i,
              multiply<Word>(vld1q_u32(s + i), spread(a + i), spread(b + i)));
  }
}

}  // namespace

void add_arm_dots(catalogue& c) {
  const arm_features has = find_arm_features();
  const auto family = [&](const char* name, bool here) {
    if (!here) c.absent.push_back({name, "this processor does not have it"});
    return here;
  };
  const auto add = [&](const char* family_name, const char* model, batch_function run) {
    const dot_model m = named_dot(model);
    c.rows.push_back({family_name, m.name.substr(m.name.find('.') + 1), m, run});
  };
  if (family("Arm DotProd", has.dot_product)) {
    add("Arm DotProd", "arm.sdot", dot<0x4e829420>);
    add("Arm DotProd", "arm.udot", dot<0x6e829420>);
  }
  if (family("Arm I8MM", has.i8mm)) {
    add("Arm I8MM", "arm.usdot", dot<0x4e829c20>);
    add("Arm I8MM", "arm.smmla", matrix<0x4e82a420>);
    add("Arm I8MM", "arm.ummla", matrix<0x6e82a420>);
    add("Arm I8MM", "arm.usmmla", matrix<0x4e82ac20>);
  }
  if (has.bf16) {  // else add_arm says so
    add("Arm BF16", "arm.bfdot", dot<0x6e42fc20>);
    add("Arm BF16", "arm.bfmmla", matrix<0x6e42ec20>);
    // The NaN is that of FPCR.DN, which is clear: an operand's.
    const dot_model chain = named_dot("arm.bfmlal");
    const std::vector<known_difference> nan{which_nan<formats::binary32>};
    c.rows.push_back({"Arm BF16", "bfmlalb", chain, widening<0x2ec2fc20, false>, nan});
    c.rows.push_back({"Arm BF16", "bfmlalt", chain, widening<0x6ec2fc20, true>, nan});
  }
  if (family("Arm EBF16", has.ebf16)) {
    add("Arm EBF16", "arm.bfdot.ebf", dot<0x6e42fc20, extended_bf16>);
    add("Arm EBF16", "arm.bfmmla.ebf", matrix<0x6e42ec20, extended_bf16>);
  }
}

#else

void add_arm_dots(catalogue& c) {
  c.absent.push_back({"Arm DotProd, I8MM and EBF16", "only on AArch64"});
}

#endif

}  // namespace lowp::tool
