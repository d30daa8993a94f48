// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the vendors' texts say of an instruction, read off its mnemonic: formats, projection, where
/// each element stands, scales and random bits. Written from the texts, without the rows.
#ifndef LOWP_TESTS_HARDWARE_INSTRUCTION_MODEL_HPP
#define LOWP_TESTS_HARDWARE_INSTRUCTION_MODEL_HPP

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <lowp/hardware/conversion_instruction.hpp>

namespace model {

using lowp::instruction_state;
using lowp::nan_rule;
using lowp::projection;
using lowp::rounding;
using lowp::sign_rule;

/// Bit positions of element i of source s.
using place = std::function<int(int s, int i)>;

struct instruction {
  std::string from;  ///< as the oracle names formats
  std::string to;
  projection p = {};
  int sources = 1;
  int elements = 1;  ///< of one source
  int source_bits = 0;
  int result_bits = 0;
  place in = {};
  place out = {};
  int cleared = 0;  ///< bits from `out - lift` on that the instruction writes
  int lift = 0;
  bool keeps = false;
  bool relu = false;
  bool bias_register = false;
  /// The exponent of the factor of an element; none for NaN.
  std::function<std::optional<long>(int s, int i)> exponent = [](int, int) { return 0L; };
  std::function<std::uint64_t(int s, int i)> random = [](int, int) { return std::uint64_t{0}; };
};

inline std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

inline bool has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}
inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// e8m0: 2^(byte - 127), FF is NaN.
inline std::optional<long> power_of(std::uint32_t byte, bool divides) {
  if (byte == 255) return {};
  const long e = static_cast<long>(byte) - 127;
  return divides ? -e : e;
}

inline place every(int bits) {
  return [bits](int, int i) { return bits * i; };
}

// PTX ISA 9, cvt.

struct ptx_type {
  std::string format;
  int slot;
};

inline ptx_type ptx_type_of(const std::string& t) {
  if (t == "f16") return {"binary16", 16};
  if (t == "bf16") return {"bfloat16", 16};
  if (t == "f32") return {"binary32", 32};
  if (t == "tf32") return {"tf32", 32};
  if (t == "e4m3") return {"e4m3fn", 8};
  if (t == "e5m2" || t == "e2m3" || t == "e3m2") return {t, 8};
  if (t == "e2m1") return {t, 4};
  if (t == "ue8m0") return {"e8m0fnu", 8};
  if (t == "s2f6") return {"mxint8", 8};
  throw std::runtime_error("type " + t);
}

/// "e4m3x4" -> e4m3, 4.
inline int ptx_count(std::string& type) {
  const std::size_t at = type.rfind('x');
  if (at == std::string::npos) return 1;
  const int n = std::stoi(type.substr(at + 1));
  type.resize(at);
  return n;
}

/// The numbers of the random word's bits, the highest first, that operand s of a, b, e, f takes.
inline std::vector<int> ptx_random_bits(const std::string& type, int count, int s) {
  std::vector<int> bits;
  const auto run = [&](int first, int last) {
    for (int b = first; b != last; b += first < last ? 1 : -1) bits.push_back(b);
    bits.push_back(last);
  };
  if (count == 2) {
    const int width = type == "f16" ? 13 : 16;
    s == 0 ? run(15 + width, 16) : run(width - 1, 0);
  } else if (type == "e2m1") {
    if (s == 0) run(8, 15), run(24, 31);
    if (s == 1) run(31, 24), run(15, 8);
    if (s == 2) run(0, 7), run(16, 23);
    if (s == 3) run(23, 16), run(7, 0);
  } else {
    if (s == 0) run(16, 31);
    if (s == 1) run(31, 16);
    if (s == 2) run(0, 15);
    if (s == 3) run(15, 0);
  }
  return bits;
}

inline instruction ptx(const std::string& name, const instruction_state& state) {
  std::vector<std::string> words = split(name, '.');
  std::string source = words.back();
  std::string target = words[words.size() - 2];
  const int in_count = ptx_count(source);
  const int out_count = ptx_count(target);
  const ptx_type from = ptx_type_of(source);
  const ptx_type to = ptx_type_of(target);
  instruction m{.from = from.format, .to = to.format};
  m.sources = out_count / in_count;
  m.elements = in_count;
  m.source_bits = from.slot * in_count;
  m.result_bits = to.slot * out_count;
  m.in = every(from.slot);
  const int slot = to.slot;
  const int sources = m.sources;
  m.out = [=](int s, int i) { return slot * (sources > 1 ? sources - 1 - s : i); };
  m.cleared = slot;
  m.lift = target == "tf32" ? 13 : 0;
  m.relu = has(words, "relu");
  m.p.nan = nan_rule::all_ones;
  m.p.nan_sign = sign_rule::positive;
  if (target == "s2f6") m.p.nan = nan_rule::max_finite;
  if (source == "bf16" && target == "f32") m.p = {.nan = nan_rule::payload_raw};
  if (has(words, "satfinite")) m.p.overflow = lowp::saturate;
  if (has(words, "rz")) m.p.round = rounding::toward_zero;
  if (has(words, "rm")) m.p.round = rounding::toward_negative;
  if (has(words, "rp")) m.p.round = rounding::toward_positive;
  if (has(words, "rna")) m.p.round = rounding::to_nearest_away;
  if (has(words, "ftz")) m.p.subnormal_input = lowp::subnormal_input_rule::zero;
  if (target == "ue8m0") {
    m.p.negative = lowp::negative_rule::magnitude;
    if (has(words, "rp")) m.p.round = rounding::away_from_zero;
  }
  if (has(words, "rs")) {
    m.p.round = rounding::stochastic_a;
    m.p.random_bits = target == "f16" ? 13 : 16;
    m.random = [=](int s, int) {
      std::uint64_t r = 0;
      for (const int b : ptx_random_bits(target, out_count, s)) r = 2 * r + (state.random >> b & 1);
      return r;
    };
  }
  if (has(name, "scaled::n2::ue8m0")) {
    const bool divides = target == "s2f6";
    m.exponent = [=](int s, int i) {
      const int upper = sources > 1 ? 1 - s : i;
      return power_of(state.scale >> (8 * upper) & 255, divides);
    };
  }
  return m;
}

// Intel SDM, AVX10.2.

inline rounding x86_rounding(std::uint32_t rc) {
  constexpr rounding all[] = {rounding::to_nearest_even, rounding::toward_negative,
                              rounding::toward_positive, rounding::toward_zero};
  return all[rc & 3];
}

inline instruction x86(const std::string& name, const instruction_state& state) {
  const int n = state.length;
  instruction m;
  m.p.nan = nan_rule::payload;
  const auto shape = [&](const char* from, int from_slot, const char* to, int to_slot, int count) {
    m.from = from;
    m.to = to;
    m.elements = count * n;
    m.source_bits = from_slot * count * n;
    m.result_bits = to_slot * count * n;
    m.in = every(from_slot);
    m.out = every(to_slot);
    m.cleared = to_slot;
  };
  const bool rounds = name == "VCVTPS2PH" || name == "VCVTPS2PHX" || name == "VCVTPD2PH" ||
                      name == "VCVTSS2SH" || name == "VCVTSD2SH" || name == "VCVT2PS2PHX";
  if (rounds) {
    const std::uint32_t rc = state.mxcsr / 8192;
    const bool immediate = name == "VCVTPS2PH" && state.immediate % 8 < 4;
    m.p.round = x86_rounding(immediate ? state.immediate : rc);
    if ((state.mxcsr & 64) != 0) m.p.subnormal_input = lowp::subnormal_input_rule::zero;
  }
  if (name == "VCVTPS2PH" || name == "VCVTPS2PHX") {
    shape("binary32", 32, "binary16", 16, 4);
  } else if (name == "VCVTPD2PH") {
    shape("binary64", 64, "binary16", 16, 2);
  } else if (name == "VCVTSS2SH") {
    shape("binary32", 32, "binary16", 16, 1);
  } else if (name == "VCVTSD2SH") {
    shape("binary64", 64, "binary16", 16, 1);
  } else if (name == "VCVTSH2SS") {
    shape("binary16", 16, "binary32", 32, 1);
  } else if (name == "VCVTPH2PD") {
    shape("binary16", 16, "binary64", 64, 2);
  } else if (name == "VCVTPH2PS" || name == "VCVTPH2PSX") {
    shape("binary16", 16, "binary32", 32, 4);
  } else if (name == "VCVT2PS2PHX") {
    shape("binary32", 32, "binary16", 16, 4);
    m.sources = 2;
  } else if (name == "VCVTNEPS2BF16" || name == "VCVTNE2PS2BF16") {
    shape("binary32", 32, "bfloat16", 16, 4);
    m.sources = name == "VCVTNEPS2BF16" ? 1 : 2;
    m.p.subnormal_input = lowp::subnormal_input_rule::zero;
  } else if (name.rfind("VCVTNEE", 0) == 0 || name.rfind("VCVTNEO", 0) == 0) {
    const bool odd = name[6] == 'O';
    const bool bf16 = has(name, "BF16");
    shape(bf16 ? "bfloat16" : "binary16", 32, "binary32", 32, 4);
    m.in = [odd](int, int i) { return 32 * i + (odd ? 16 : 0); };
    if (bf16) m.p.nan = nan_rule::payload_raw;
  } else if (name == "VCVTHF82PH") {
    shape("e4m3fn", 8, "binary16", 16, 8);
  } else {
    shape("binary16", 16, has(name, "BF8") ? "e5m2" : "e4m3fn", 8, 8);
    if (name.back() == 'S') m.p.overflow = lowp::saturate;
    if (has(name, "VCVT2PH")) m.sources = 2;
    if (has(name, "BIAS")) {
      m.bias_register = true;
      m.p.round = rounding::stochastic_a;
      m.p.random_bits = 8;
    }
  }
  if (m.sources == 2) {  // the second one fills the low half
    const int half = m.result_bits;
    m.result_bits *= 2;
    const int slot = m.cleared;
    m.out = [=](int s, int i) { return (s == 0 ? half : 0) + slot * i; };
  }
  return m;
}

}  // namespace model

#endif  // LOWP_TESTS_HARDWARE_INSTRUCTION_MODEL_HPP
