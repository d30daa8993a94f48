// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the texts of AMD, Arm, RISC-V and Gaudi say of an instruction, read off its mnemonic.
#ifndef LOWP_TESTS_HARDWARE_INSTRUCTION_MODEL_AMD_HPP
#define LOWP_TESTS_HARDWARE_INSTRUCTION_MODEL_AMD_HPP

#include "instruction_model.hpp"

namespace model {

// AMD ISA documents, v_cvt_*.

struct amd_type {
  std::string format;
  int slot;
  int fraction;
};

inline amd_type amd_type_of(const std::string& t, const std::string& gpu) {
  const bool fnuz = gpu == "gfx942";
  if (t == "f32") return {"binary32", 32, 23};
  if (t == "f16") return {"binary16", 16, 10};
  if (t == "bf16") return {"bfloat16", 16, 7};
  if (t == "fp8") return {fnuz ? "e4m3fnuz" : "e4m3fn", 8, 3};
  if (t == "bf8") return {fnuz ? "e5m2fnuz" : "e5m2", 8, 2};
  if (t == "fp6") return {"e2m3", 6, 3};
  if (t == "bf6") return {"e3m2", 6, 2};
  if (t == "fp4") return {"e2m1", 4, 1};
  throw std::runtime_error("type " + t);
}

inline void amd_projection(instruction& m, const std::string& gpu, const amd_type& from,
                           const amd_type& to, bool stochastic, const instruction_state& state) {
  const bool narrows = to.slot < from.slot;
  if (gpu == "gfx1201" || (gpu == "gfx942" && !narrows)) m.p.nan_sign = sign_rule::negative;
  if (to.slot == 8 && state.fp16_ovfl) {
    m.p.overflow = gpu == "gfx942" ? lowp::saturate : lowp::saturate_finite;
  }
  if (to.slot < 8) {
    m.p.overflow = lowp::saturate;
    m.p.nan = nan_rule::max_finite;
    if (gpu == "emulator") m.p.nan = nan_rule::zero, m.p.nan_sign = sign_rule::positive;
  }
  if (to.slot == 16 && from.slot == 32) m.p.nan = nan_rule::payload;
  if (from.format == "bfloat16" && to.slot == 32) m.p.nan = nan_rule::payload_raw;
  if (stochastic) {
    m.p.round = rounding::stochastic_a;
    m.p.random_bits = static_cast<std::uint8_t>(from.fraction - to.fraction);
    if (to.slot == 16) m.p.nan = nan_rule::all_ones;
    const int bits = m.p.random_bits;
    m.random = [=](int, int) { return std::uint64_t{state.random} >> (32 - bits); };
  }
}

inline instruction amd(const std::string& full, const instruction_state& state) {
  const std::vector<std::string> words = split(full, ' ');
  std::string gpu = words.size() > 1 ? words.back() : "gfx950";
  const std::vector<std::string> parts = split(words[0], '_');
  const amd_type from = amd_type_of(parts.back(), gpu);
  const amd_type to = amd_type_of(parts[parts.size() - 2], gpu);
  const bool stochastic = has(parts, "sr");
  const bool narrows = to.slot < from.slot;
  instruction m{.from = from.format, .to = to.format};
  amd_projection(m, gpu, from, to, stochastic, state);
  if (has(parts, "pkrtz")) m.p.round = rounding::toward_zero;
  const bool pair = has(parts, "pk") || has(parts, "pkrtz");
  int count = pair ? 2 : has(parts, "pk32") ? 32 : has(parts, "2xpk16") ? 32 : 1;
  // Two registers of binary32 each, but for those with a random operand.
  const bool two = count == 2 && parts.back() == "f32" && !stochastic;
  m.sources = two || has(parts, "2xpk16") ? 2 : 1;
  m.elements = count / m.sources;
  const int select = state.select;
  const auto chunk = [&](int bits, int which) {
    return 32 / bits > 1 ? which % (32 / bits) * bits : 0;
  };
  const int width = to.slot;
  m.cleared = width;
  m.in = every(from.slot);
  m.source_bits = std::max(32, from.slot * m.elements);
  m.result_bits = std::max(32, to.slot * count);
  if (!narrows || (from.slot == 32 && to.slot == 16 && !stochastic)) {
    m.out = [=](int s, int i) { return width * (i + s); };
    if (from.slot < 32 && count < 32) {
      const int base = chunk(from.slot * count, count == 1 && to.slot == 16 ? select & 3 : select);
      const int step = from.slot;
      m.in = [=](int, int i) { return base + step * i; };
    }
    if (count == 1 && to.slot == 16) {  // one half of the result
      const int base = chunk(16, select >> 2);
      m.out = [=](int, int) { return base; };
      m.keeps = true;
    }
  } else if (count < 32) {
    const int base = chunk(to.slot * count, select);
    m.out = [=](int s, int i) { return base + width * (i + s); };
    m.keeps = true;
  } else if (m.sources == 2) {
    m.out = [=](int s, int i) { return width * (2 * i + s); };
  } else {
    m.out = every(width);
  }
  if (has(parts, "scalef32")) {
    m.exponent = [=](int, int) { return power_of(state.scale >> 23 & 255, narrows); };
  }
  return m;
}

/// amd_hip_ocp_host.hpp: int8 scales, -128 is NaN.
inline instruction amd_host(const std::string& full, const instruction_state& state) {
  const std::vector<std::string> words = split(full, ' ');
  const int slot = has(full, "fp8") ? 8 : has(full, "fp6") ? 6 : 4;
  const int count = has(full, "x32") ? 32 : 2;
  instruction m{.from = "binary32", .to = "e2m1"};
  if (words.size() > 1) {
    m.to = words[1] == "E4M3"   ? "e4m3fn"
           : words[1] == "E5M2" ? "e5m2"
           : words[1] == "E2M3" ? "e2m3"
                                : "e3m2";
  }
  if (slot < 8) {
    m.p = {.overflow = lowp::saturate, .nan = nan_rule::max_finite};
  } else if (words[2] == "sat" && m.to == "e5m2") {
    m.p.overflow = lowp::saturate;  // E4M3 gives NaN all the same
  }
  m.elements = count;
  m.source_bits = 32 * count;
  m.result_bits = slot * count;
  m.in = every(32);
  m.out = every(slot);
  m.cleared = slot;
  m.exponent = [=](int, int) -> std::optional<long> {
    const long e = static_cast<std::int8_t>(state.scale & 255);
    if (e == -128) return {};
    return -e;
  };
  return m;
}

// Arm ARM.

inline instruction arm(const std::string& full, const instruction_state& state) {
  const std::string name = full.substr(0, full.find(' '));
  const int n = state.length;
  const bool ah = (state.fpcr & 2) != 0;
  instruction m;
  const bool widens = has(name, "1CVT") || has(name, "2CVT");
  const bool braces = has(full, "{Z");
  if (widens) {
    const bool second = has(name, "2CVT");
    const bool to_bf16 = name[0] == 'B';
    const std::uint64_t field = second ? state.fpmr >> 3 & 7 : state.fpmr & 7;
    m.from = field == 0 ? "e5m2" : "e4m3fn";
    m.to = to_bf16 ? "bfloat16" : "binary16";
    m.p.nan_sign = ah ? sign_rule::negative : sign_rule::positive;
    const std::uint64_t scale = state.fpmr >> (second ? 32 : 16) & (to_bf16 ? 63 : 15);
    m.exponent = [=](int, int) { return -static_cast<long>(scale); };
    m.cleared = 16;
    m.elements = (braces ? 16 : 8) * n;
    m.result_bits = 16 * m.elements;
    m.out = every(16);
    m.source_bits = has(full, "Vn.8B") ? 64 : 128 * n;
    const bool top = name.substr(name.size() - 2) == "LT" || name.back() == '2';
    if (has(full, "Vn")) {
      m.in = [=](int, int i) { return 8 * i + (top ? 64 : 0); };
    } else if (!braces) {  // even or odd bytes
      m.in = [=](int, int i) { return 16 * i + (top ? 8 : 0); };
    } else {
      m.in = every(8);
      const int half = m.elements / 2;
      if (name.back() == 'L') m.out = [=](int, int i) { return 16 * (i % 2 * half + i / 2); };
    }
    return m;
  }
  const bool from_half = has(full, ".4H, Vm") || has(full, ".8H, Vm") || has(full, "Zn1.H");
  const bool to_byte = has(full, "d.8B") || has(full, "d.16B") || has(full, "Zd.B");
  const int wide = from_half ? 16 : 32;
  m.from = !from_half ? "binary32" : name[0] == 'B' ? "bfloat16" : "binary16";
  m.source_bits = (has(full, "Vn.4H") ? 64 : has(full, "Sn") ? 32 : 128) * n;
  m.elements = m.source_bits / wide;
  m.sources = has(full, "Zn4") ? 4 : has(full, "Vm") || braces ? 2 : 1;
  m.in = every(wide);
  const int width = to_byte ? 8 : 16;
  const int total = m.sources * m.elements;
  const int each = m.elements;
  const int sources = m.sources;
  const bool interleaves = braces && has(name, "CVTN");
  m.cleared = width;
  m.out = [=](int s, int i) { return width * (interleaves ? i * sources + s : s * each + i); };
  m.result_bits = width * total;
  if (name.back() == '2') {
    m.out = [=](int s, int i) { return 64 + width * (s * each + i); };
    m.result_bits = 128;
    m.keeps = true;
  } else if (name.substr(name.size() - 2) == "NT") {  // odd places
    m.out = [=](int s, int i) { return width * (2 * (i * sources + s) + 1); };
    m.result_bits *= 2;
    m.keeps = true;
  } else if (name.back() == 'B' || (name == "BFCVT" && has(full, "Pg"))) {  // containers
    m.out = [=](int s, int i) { return 2 * width * (i * sources + s); };
    m.result_bits *= 2;
    m.cleared = 2 * width;
  }
  if (to_byte) {
    m.to = (state.fpmr >> 6 & 7) == 0 ? "e5m2" : "e4m3fn";
    if ((state.fpmr >> 15 & 1) != 0) m.p.overflow = lowp::saturate;
    m.p.nan_sign = ah ? sign_rule::negative : sign_rule::positive;
    long scale = static_cast<std::int8_t>(state.fpmr >> 24 & 255);
    if (m.from == "binary16") scale = (static_cast<long>(state.fpmr >> 24 & 31) ^ 16) - 16;
    m.exponent = [=](int, int) { return scale; };
  } else {
    m.to = "bfloat16";
    constexpr rounding modes[] = {rounding::to_nearest_even, rounding::toward_positive,
                                  rounding::toward_negative, rounding::toward_zero};
    m.p.round = modes[state.fpcr >> 22 & 3];
    m.p.nan = nan_rule::payload;
    if ((state.fpcr >> 25 & 1) != 0) m.p.nan = nan_rule::quiet, m.p.nan_sign = sign_rule::positive;
    if ((state.fpcr >> 24 & 1) != 0) {
      m.p.subnormal_input = lowp::subnormal_input_rule::zero;
      m.p.flush_subnormal_result = true;
      m.p.tininess = lowp::tininess_rule::before_rounding;
    }
  }
  return m;
}

// RISC-V Zfbfmin, Zvfbfmin, Zvfofp8min, Zvfofp4min.

inline instruction riscv(const std::string& name, const instruction_state& state) {
  const int n = state.length;
  instruction m;
  const bool vector = name[0] == 'v';
  const bool eight = has(name, "SEW=8") || has(name, ".f.f.q");
  const std::string fp8 = state.altfmt ? "e5m2" : "e4m3fn";
  int wide = 32;
  if (name == "vfext.vf2") {
    m.from = "e2m1";
    m.to = "e4m3fn";
    wide = 8;
  } else if (has(name, "vfw") || name == "fcvt.s.bf16") {
    m.from = eight ? fp8 : "bfloat16";
    m.to = eight ? "bfloat16" : "binary32";
    wide = eight ? 16 : 32;
  } else {
    m.from = has(name, "SEW=8") ? "bfloat16" : "binary32";
    m.to = eight ? fp8 : "bfloat16";
    wide = has(name, "SEW=8") ? 16 : 32;
    constexpr rounding modes[] = {rounding::to_nearest_even, rounding::toward_zero,
                                  rounding::toward_negative, rounding::toward_positive,
                                  rounding::to_nearest_away};
    m.p.round = modes[state.frm > 4 ? 0 : state.frm];
    if (eight) {
      m.p.nan = nan_rule::all_ones;
      m.p.no_infinity_sign = sign_rule::positive;
      if (has(name, ".sat")) m.p.overflow = lowp::saturate;
    }
  }
  m.p.nan_sign = sign_rule::positive;
  const auto bits_of = [](const std::string& f) {
    return f == "binary32" ? 32 : f == "bfloat16" ? 16 : f == "e2m1" ? 4 : 8;
  };
  m.elements = vector ? 128 / wide * n : 1;
  m.in = every(bits_of(m.from));
  m.out = every(bits_of(m.to));
  m.cleared = bits_of(m.to);
  m.source_bits = bits_of(m.from) * m.elements;
  m.result_bits = bits_of(m.to) * m.elements;
  return m;
}

/// Intel Gaudi2, tpc-intrinsics.h.
inline instruction gaudi(const std::string& full, const instruction_state& state) {
  instruction m{.from = "binary32", .to = "bfloat16"};
  if (has(full, "f8_143")) m.to = "e4m3";
  if (has(full, "f8_152")) m.to = "e5m2";
  m.p.overflow = has(full, "SW_CLIP_FP") ? lowp::saturate : lowp::ieee;
  if (has(full, "SW_RZ")) m.p.round = rounding::toward_zero;
  if (has(full, "SW_RD")) m.p.round = rounding::toward_negative;
  if (has(full, "SW_RU")) m.p.round = rounding::toward_positive;
  m.elements = 64;
  m.source_bits = m.result_bits = 2048;
  m.cleared = m.to == "bfloat16" ? 16 : 8;
  const int lane = state.select % (32 / m.cleared) * m.cleared;
  m.in = every(32);
  m.out = [=](int, int i) { return 32 * i + lane; };
  m.keeps = true;
  return m;
}

/// The instruction of a mnemonic in a state.
inline instruction read(const std::string& name, const instruction_state& state) {
  if (name.rfind("cvt.", 0) == 0) return ptx(name, state);
  if (name.rfind("VCVT", 0) == 0) return x86(name, state);
  if (name.rfind("v_cvt", 0) == 0) return amd(name, state);
  if (name.rfind("v_convert", 0) == 0) return gaudi(name, state);
  if (name.rfind("__amd", 0) == 0) return amd_host(name, state);
  if (name[0] == 'F' || name[0] == 'B') return arm(name, state);
  return riscv(name, state);
}

}  // namespace model

#endif  // LOWP_TESTS_HARDWARE_INSTRUCTION_MODEL_AMD_HPP
