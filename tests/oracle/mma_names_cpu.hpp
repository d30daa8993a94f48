// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the oracle's tables of instructions share, and its table of processors: x86, Arm, RISC-V,
/// after mma.md, section 5.
#ifndef LOWP_TESTS_ORACLE_MMA_NAMES_CPU_HPP
#define LOWP_TESTS_ORACLE_MMA_NAMES_CPU_HPP

#include <map>
#include <string>

#include "mma_unit.hpp"

namespace oracle::mma {

using words = std::vector<std::string>;

inline words split_at_dots(const std::string& name) {
  words all(1);
  for (const char c : name) {
    if (c == '.') {
      all.emplace_back();
    } else {
      all.back() += c;
    }
  }
  return all;
}

inline const type& type_of(const std::string& name) {
  static const std::map<std::string, type> types{
      {"f16", f16},   {"bf16", bf16}, {"tf32", tf32}, {"f32", f32},     {"f64", f64},
      {"e5m2", e5m2}, {"e4m3", e4m3}, {"bf8", bf8},   {"fp8", fp8},     {"e3m2", e3m2},
      {"e2m3", e2m3}, {"e2m1", e2m1}, {"xf32", tf32}, {"ue8m0", ue8m0}, {"ue4m3", ue4m3}};
  return types.at(name);
}

/// "s8", "u4".
inline void set_integers(unit& u, const std::string& a, const std::string& b, int k, int group) {
  u = {};
  u.how = order::integers;
  u.k = k;
  u.group = group;
  u.signed_a = a[0] == 's';
  u.signed_b = b[0] == 's';
  u.bits_a = std::stoi(a.substr(1));
  u.bits_b = std::stoi(b.substr(1));
}

inline std::uint64_t canonical_nan(const type& d) {  // only the quiet bit
  return infinity_code(d, false) | std::uint64_t{1} << (d.fraction - 1);
}
inline std::uint64_t all_ones_nan(const type& d) { return (std::uint64_t{1} << (d.width - 1)) - 1; }

inline unit plain(order how, const type& a, const type& b, const type& d, int k, int group) {
  unit u;
  u.how = how;
  u.a = a;
  u.b = b;
  u.c = u.d = d;
  u.k = k;
  u.group = group;
  u.nan = canonical_nan(d);
  return u;
}

// ---- x86, 5.1 and 1.10

inline unit x86_of(const std::string& mnemonic) {
  static const std::map<std::string, words> signs{
      {"tdpbssd", {"s8", "s8"}},    {"tdpbsud", {"s8", "u8"}},    {"tdpbusd", {"u8", "s8"}},
      {"tdpbuud", {"u8", "u8"}},    {"vpdpbusd", {"u8", "s8"}},   {"vpdpwssd", {"s16", "s16"}},
      {"vpdpbssd", {"s8", "s8"}},   {"vpdpbsud", {"s8", "u8"}},   {"vpdpbuud", {"u8", "u8"}},
      {"vpdpwsud", {"s16", "u16"}}, {"vpdpwusd", {"u16", "s16"}}, {"vpdpwuud", {"u16", "u16"}}};
  const bool s = signs.count(mnemonic) == 0 && mnemonic.back() == 's';
  const std::string base = s ? mnemonic.substr(0, mnemonic.size() - 1) : mnemonic;
  unit u;
  if (const auto found = signs.find(base); found != signs.end()) {
    const bool tile = base[0] == 't';
    const int group = found->second[0].size() == 3 ? 2 : 4;
    set_integers(u, found->second[0], found->second[1], tile ? 64 : group, group);
    u.saturates = s;
    u.signed_d = tile || base.substr(base.size() - 3) != "uud";
    return u;
  }
  const std::map<std::string, unit> rows{
      {"vdpbf16ps", plain(order::x86_pair, bf16, bf16, f32, 2, 1)},
      {"vdpphps", plain(order::x86_pair, f16, f16, f32, 2, 1)},
      {"tdpbf16ps", plain(order::x86_tile, bf16, bf16, f32, 32, 1)},
      {"tdpfp16ps", plain(order::x86_tile, f16, f16, f32, 32, 1)},
      {"tmmultf32ps", plain(order::x86_row, tf32, tf32, f32, 16, 1)},
      {"tdpbf8ps", plain(order::x86_exact, e5m2, e5m2, f32, 64, 64)},
      {"tdphf8ps", plain(order::x86_exact, e4m3, e4m3, f32, 64, 64)},
      {"tdpbhf8ps", plain(order::x86_exact, e5m2, e4m3, f32, 64, 64)},
      {"tdphbf8ps", plain(order::x86_exact, e4m3, e5m2, f32, 64, 64)}};
  u = rows.at(mnemonic);
  u.reads_subnormals = !(u.a == bf16);
  u.held = u.a == tf32 ? container::cut_f32 : container::own;
  return u;
}

// ---- Arm and RISC-V, 5.3 and 5.4

inline unit arm_of(const words& w) {
  const std::string& what = w[1];
  const bool ebf = w.size() > 2 && w[2] == "ebf";
  unit u;
  if (what.substr(0, 2) == "bf" && what != "bfmlal") {
    const int k = what == "bfmmla" ? 4 : 2;
    return plain(ebf ? order::arm_pairs : order::arm_odd, bf16, bf16, f32, k, 2);
  }
  if (what == "bfmlal") return plain(order::chain, bf16, bf16, f32, 1, 1);
  if (w.size() == 4)
    return plain(order::arm_pairs, f16, f16, f32, what == "fmmla" ? 4 : 2, what == "fmmla" ? 4 : 2);
  if (w.size() >= 5) {
    const int wide = w[2] == "f32" ? 2 : 1;  // products per halfword of the result
    const int k = what == "fmmla" ? 4 * wide : what == "fdot" || what == "fmopa" ? 2 * wide : 1;
    u = plain(order::arm_exact, type_of(w[3]), type_of(w[4]), type_of(w[2]), k, k);
    u.saturates = w.back() == "osm1";
    return u;
  }
  const bool u_first = what[0] == 'u', s_second = what[0] == 's' || what.substr(0, 2) == "us";
  const int k = what.find("mmla") != std::string::npos ? 8 : 4;
  set_integers(u, u_first ? "u8" : "s8", s_second ? "s8" : "u8", k, k);
  u.signed_d = !(u_first && !s_second);
  return u;
}

inline unit riscv_of(const words& w) {
  if (w[1] == "vfwmaccbf16") return plain(order::chain, bf16, bf16, f32, 1, 1);
  if (w[1] == "vfwmacc") return plain(order::chain, f16, f16, f32, 1, 1);
  // vqdot: both signed; u: both not; su, us: of the first and the second.
  const std::string signs = w[1].substr(5);
  unit u;
  set_integers(u, signs.empty() || signs == "su" ? "s8" : "u8",
               signs.empty() || signs == "us" ? "s8" : "u8", 4, 4);
  u.signed_d = signs != "u";
  return u;
}

}  // namespace oracle::mma

#endif  // LOWP_TESTS_ORACLE_MMA_NAMES_CPU_HPP
