// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle's table of matrix instructions: names taken apart, parameters after the table of
/// mma.md, sections 2 and 1.8; processors are in mma_names_cpu.hpp.
#ifndef LOWP_TESTS_ORACLE_MMA_NAMES_HPP
#define LOWP_TESTS_ORACLE_MMA_NAMES_HPP

#include <algorithm>
#include <regex>
#include <stdexcept>
#include <string>

#include "mma_names_cpu.hpp"

namespace oracle::mma {

// ---- NVIDIA, table 2.1

/// Products per step and fraction bits kept, by machine and type.
inline void set_nvidia_step(unit& u, const std::string& machine) {
  const bool narrow = u.a.width <= 8;
  const bool f16_out = u.d == f16;
  u.group = u.k;
  if (machine == "sm70") {
    u.F = 23;
    u.floor_e = f16_out ? -19 : -131;
  } else if (machine == "sm75" || machine == "sm80" || machine == "sm86" || machine == "sm89") {
    u.F = narrow ? 13 : 24;
    if (machine != "sm75") u.group = u.a == tf32 ? 4 : std::min(u.k, narrow ? 16 : 8);
    u.floor_e = f16_out ? -20 : -132;
  } else {
    u.F = narrow && machine == "sm90a" ? 13 : 25;
    u.floor_e = f16_out ? -21 : -133;
  }
  if (u.group == 32) u.floor_e = f16_out ? -22 : -134;
  if (u.F == 13 && u.d == f32) u.dropped = 10;
}

inline unit nvidia_of(const words& w) {
  const std::string& machine = w[0];
  words types;
  int k = 0;
  bool saturates = false, scaled = false, exclusive_or = false, block_scale = false;
  int block = 0;
  for (std::size_t i = 1; i < w.size(); ++i) {
    std::smatch m;
    if (std::regex_match(w[i], m, std::regex("m(\\d+|M)n(\\d+|N|8)k(\\d+)"))) {
      k = std::stoi(m[3]);
    } else if (std::regex_match(w[i], m, std::regex("block(\\d+)"))) {
      block = std::stoi(m[1]);
      scaled = true;
    } else if (w[i] == "satfinite") {
      saturates = true;
    } else if (w[i] == "block_scale") {
      block_scale = true;
    } else if (w[i] == "xor") {
      exclusive_or = true;
    } else if (std::regex_match(w[i], std::regex("[fbtesu]+[0-9]+.*"))) {
      types.push_back(w[i]);
    }
  }
  if (block_scale != scaled) throw std::runtime_error("scales without a block");
  unit u;
  if (types[0] == "s32") {
    set_integers(u, types[1] == "b1" ? "u1" : types[1], types[2] == "b1" ? "u1" : types[2], k, k);
    u.one_bit = types[1] == "b1";
    u.exclusive_or = exclusive_or;
    u.saturates = saturates;
    return u;
  }
  u = plain(order::fused_c, type_of(types[1]), type_of(types[2]), type_of(types[0]), k, k);
  if (u.d == f64) {
    u.how = order::chain;
    u.any_nan = true;
    return u;
  }
  if (!scaled && types.size() > 3) u.c = type_of(types[3]);
  u.nan = all_ones_nan(u.d);
  u.out.way = u.d == f32 ? direction::zero : direction::nearest;
  set_nvidia_step(u, machine);
  if (u.a == tf32) u.held = container::cut_f32;
  if (scaled) {
    u.block = block;
    u.scale = type_of(types.back());
  }
  if (scaled && k == 64) {
    u.how = order::groups_of_16;
    u.F = 35;
    u.floor_e = -1000000;
  }
  if (w[1] == "mma" && !scaled && u.a.width <= 8 && (machine == "sm90" || machine == "sm100")) {
    u.how = order::emulated;
    u.F = 25;
    u.group = 16;
    u.floor_e = u.d == f16 ? -21 : -133;
  }
  return u;
}

// ---- AMD, table 2.2

inline unit amd_of(const std::string& machine, const std::string& mnemonic, const words& rest) {
  std::smatch m;
  unit u;
  if (std::regex_match(mnemonic, m,
                       std::regex("v_(mfma|wmma)_i32_\\d+x\\d+x(\\d+)(_\\d+b)?_?(i|iu)(\\d)"))) {
    const std::string bits = m[5];
    const bool signs = m[4] == "iu";
    const int k = std::stoi(m[2]);
    set_integers(u, (signs ? rest[0] : "s") + bits, (signs ? rest[1] : "s") + bits, k, k);
    u.saturates = !rest.empty() && rest.back() == "clamp";
    return u;
  }
  if (!std::regex_match(mnemonic, m,
                        std::regex("v_mfma_(f32|f64)_\\d+x\\d+x(\\d+)(_\\d+b)?_?"
                                   "(bf16_1k|bf16|f16|f32|f64|xf32|bf8|fp8)(_(bf8|fp8))?"))) {
    throw std::runtime_error("unknown instruction " + mnemonic);
  }
  const bool one_k = m[4] == "bf16_1k";
  const type& a = type_of(one_k ? "bf16" : m[4].str());
  const type& b = m[6].matched ? type_of(m[6]) : a;
  const int k = std::stoi(m[2]);
  u = plain(order::chain, a, b, type_of(m[1]), k, 1);
  u.any_nan = true;
  if (a == f32 || a == f64) return u;
  if (machine == "gfx942") {
    u.how = a.width == 8 ? order::even_odd : order::fused_late;
    u.F = 24;
    u.group = a.width == 8 ? 16 : a == tf32 ? 4 : std::min(8, k);
    u.held = a == tf32 ? container::cut_f32 : container::own;
    return u;
  }
  const bool as_tree = !rest.empty() && rest[0] == "tree";
  u.group = a == f16 || one_k ? 4 : 2;
  u.how = machine == "gfx908" && !as_tree ? order::exact : order::pairwise;
  u.flushes = machine == "gfx90a";
  u.add_zero = true;
  return u;
}

// ---- Gaudi, 1.8

inline unit gaudi_of(const words& w) {
  const bool third = w[0] == "gaudi3";
  const bool ieee_e4m3 = !third && w[1] == "e4m3";
  const type& a = ieee_e4m3 ? e4m3_ieee : type_of(w[1]);
  const type& b = w.size() > 2 ? type_of(w[2]) : a;
  const bool split = third && (a == f16 || a == tf32);
  const int k = third ? (split ? 2 : 8) : a.width == 8 ? 16 : a == tf32 ? 4 : 8;
  unit u = plain(third ? order::fused_c : order::gaudi2, a, b, f32, k, k);
  u.nan = all_ones_nan(f32);
  u.split = split;
  u.held = a == tf32 ? container::rounded_f32 : container::own;
  u.F = third || a.width == 8 ? 24 : 46;
  if (third) u.floor_e = -132;
  u.normalises = !third || a.width == 8 || a == f16;
  u.reads_subnormals = third || a == f16 || a.width == 8;
  return u;
}

inline unit generic_of(const words& w) {
  const type &d = type_of(w[2]), &a = type_of(w[3]);
  if (w[1] == "fma_chain") return plain(order::chain, a, a, d, 32, 1);
  if (w[1] == "pairwise") return plain(order::pairwise, a, a, d, 32, 32);
  if (w[1] == "exact") return plain(order::exact, a, a, d, 32, 32);
  if (w[1] == "systolic") {
    unit u = plain(order::chain, a, a, d, 128, 1);
    if (a == bf16) u.product = d;
    return u;
  }
  const bool eight = a == e4m3;
  unit u = plain(order::fused_c, a, a, d, eight ? 32 : 16, eight ? 32 : 16);
  u.F = eight ? 20 : 24;
  u.out.way = direction::nearest;
  return u;
}

/// The unit that an instruction of lowp's registry is by the reference.
inline unit unit_of(const std::string& name) {
  const words w = split_at_dots(name);
  const auto starts = [&](const char* text) { return w[0].rfind(text, 0) == 0; };
  if (starts("sm")) return nvidia_of(w);
  if (starts("gfx")) return amd_of(w[0], w[1], words(w.begin() + 2, w.end()));
  if (starts("gaudi")) return gaudi_of(w);
  if (starts("amx") || starts("avx")) return x86_of(w[1]);
  if (starts("arm")) return arm_of(w);
  if (starts("riscv")) return riscv_of(w);
  if (starts("generic")) return generic_of(w);
  throw std::runtime_error("no vendor has the instruction " + name);
}

}  // namespace oracle::mma

#endif  // LOWP_TESTS_ORACLE_MMA_NAMES_HPP
