// SPDX-License-Identifier: Apache-2.0
#include "cpu.hpp"

#include <cstdint>
#include <fstream>

#include <sys/utsname.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace lowp::tool {

#if defined(__x86_64__) || defined(__i386__)

namespace {

struct registers {
  std::uint32_t a = 0, b = 0, c = 0, d = 0;
};

registers cpuid(std::uint32_t leaf, std::uint32_t subleaf) {
  registers r;
  if (__get_cpuid_count(leaf, subleaf, &r.a, &r.b, &r.c, &r.d) == 0) return {};
  return r;
}

bool bit(std::uint32_t word, int n) { return ((word >> n) & 1) != 0; }

// XCR0, by its encoding: the intrinsic needs a compiler flag.
std::uint32_t saved_state() {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__(".byte 0x0f, 0x01, 0xd0" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

}  // namespace

x86_features find_x86_features() {
  const registers one = cpuid(1, 0);
  const bool osxsave = bit(one.c, 27);
  x86_features f;
  f.sse41 = bit(one.c, 19);
  if (!osxsave || !bit(one.c, 28)) return f;
  const std::uint32_t state = saved_state();
  const bool avx = (state & 0x6) == 0x6;
  const bool avx512 = (state & 0xe6) == 0xe6;
  const registers seven = cpuid(7, 0);
  const bool base512 = avx512 && bit(seven.b, 16) && bit(seven.b, 30) && bit(seven.b, 31);
  f.fma3 = avx && bit(one.c, 12);
  f.f16c = avx && bit(one.c, 29);
  f.avx512_bf16 = base512 && bit(cpuid(7, 1).a, 5);
  f.avx512_fp16 = base512 && bit(seven.d, 23);
  f.avx512_vnni = base512 && bit(seven.c, 11);
  const registers seven_one = cpuid(7, 1);
  const bool avx2 = avx && bit(seven.b, 5);
  f.avx_vnni = avx2 && bit(seven_one.a, 4);
  f.avx_vnni_int8 = avx2 && bit(seven_one.d, 4);
  f.avx_vnni_int16 = avx2 && bit(seven_one.d, 10);
  f.avx10_2 = base512 && bit(seven_one.d, 19) && (cpuid(0x24, 0).b & 0xff) >= 2;
  f.amx_tile = (state & 0x60000) == 0x60000 && bit(seven.d, 24);
  const registers amx = cpuid(0x1e, 1);
  f.amx_bf16 = f.amx_tile && bit(seven.d, 22);
  f.amx_int8 = f.amx_tile && bit(seven.d, 25);
  f.amx_fp16 = f.amx_tile && bit(seven_one.a, 21);
  f.amx_fp8 = f.amx_tile && bit(amx.a, 4);
  f.amx_tf32 = f.amx_tile && bit(amx.a, 6);
  return f;
}

#else

x86_features find_x86_features() { return {}; }

#endif

#if defined(__aarch64__)

arm_features find_arm_features() {
  const unsigned long one = getauxval(AT_HWCAP);
  const unsigned long two = getauxval(AT_HWCAP2);
  const auto bit = [](unsigned long word, int n) { return (word >> n & 1) != 0; };
  return {.fp16 = bit(one, 10),
          .bf16 = bit(two, 14),
          .ebf16 = bit(two, 32),
          .dot_product = bit(one, 20),
          .i8mm = bit(two, 13)};
}

#else

arm_features find_arm_features() { return {}; }

#endif

std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0 || line.rfind("CPU part", 0) == 0) {
      const std::size_t colon = line.find(':');
      if (colon != std::string::npos && colon + 2 <= line.size()) return line.substr(colon + 2);
    }
  }
  return "unknown processor";
}

std::string system_name() {
  utsname u{};
  if (uname(&u) != 0) return "unknown system";
  return std::string(u.sysname) + " " + u.release + " " + u.machine;
}

}  // namespace lowp::tool
