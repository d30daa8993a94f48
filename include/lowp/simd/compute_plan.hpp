// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the kernels need to know of an operation on arrays, and when a detour through binary32
/// gives its bits. spec/bulk.md BLK-4.
#ifndef LOWP_SIMD_COMPUTE_PLAN_HPP
#define LOWP_SIMD_COMPUTE_PLAN_HPP

#include <cstdint>

#include "../compute.hpp"
#include "../pack/compute_array.hpp"
#include "../properties.hpp"
#include "compute_bytes_plan.hpp"
#include "plan.hpp"

namespace lowp::simd {

/// Which way an operation on arrays goes.
enum class compute_route : std::uint8_t {
  scalar,  ///< the definition, element by element
  table,   ///< one operand of at most 8 bits varies: a table of all results
  by32,    ///< operands as binary32, one operation there that is exact or as good, one encoding
};

/// An operation, prepared.
struct compute_plan {
  array_computation c;
  array_operand x[3];  ///< layouts and constants; the bytes of arrays are given later
  compute_route way = compute_route::scalar;
  int varying = 0;  ///< of `table`: the operand that is an array
  plan look_up;     ///< of `table`
  plan operand[3];  ///< of `by32`: to binary32
  plan result;      ///< from binary32
  /// Binary orders of magnitude below the greater term at which a lesser one no longer changes
  /// what its sum becomes; it is moved up to there, and the sum is exact.
  int reach = 0;
  compute_bytes_plan bytes;  ///< of `by32`: a faster way for some
};

namespace detail {

/// Are all numbers of `f` zeros, infinities or normal numbers of binary32 within 2^-60...2^60, with
/// no more than 8 significant bits?
LOWP_FN bool is_small(format f) noexcept {
  if (f.kind != number_kind::minifloat || f.width > 8 || !embeds(f, formats::binary32)) {
    return false;
  }
  return binade(normalized(decode(f, max_finite(f)))) <= 60 &&
         binade(normalized(decode(f, min_positive(f)))) >= -60;
}

LOWP_FN bool is_sum_or_product(operation op) noexcept {
  return op == operation::add || op == operation::subtract || op == operation::multiply ||
         op == operation::fma;
}

/// Does the detour give the bits of the definition? Sets `reach`. The terms of a sum are multiples
/// of 2^(1-m) times their leading power of two, m significant bits each; roundings of the target
/// change at multiples of 2^-(q+1) of the binade below that of the sum. A lesser term beyond both
/// is as good as any other of its sign there.
LOWP_FN bool can_detour(const compute_plan& r, int& reach) noexcept {
  const int operands = operand_count(r.c.op);
  const projection& p = r.c.p;
  const format to = r.c.to.f;
  if (p.subnormal_input != subnormal_input_rule::keep || is_stochastic(p.round)) return false;
  if (p.rules != operation_rules::ieee754 && has_negative_zero(to)) return false;
  if (to.kind != number_kind::minifloat || to.precision > 8) return false;
  int bits = 0;
  for (int i = 0; i < operands; ++i) {
    if (!is_small(r.x[i].layout.f)) return false;
    bits = r.x[i].layout.f.precision > bits ? r.x[i].layout.f.precision : bits;
  }
  if (r.c.op == operation::multiply) return true;
  if (r.c.op == operation::fma) {
    bits = bits > r.x[0].layout.f.precision + r.x[1].layout.f.precision
               ? bits
               : r.x[0].layout.f.precision + r.x[1].layout.f.precision;
  }
  reach = (bits > to.precision + 2 ? bits : to.precision + 2) + 2;
  return reach + bits + 1 <= formats::binary32.precision;
}

}  // namespace detail

/// Prepares an operation. Of constants, `x` has the bytes.
LOWP_FN compute_plan make_compute_plan(const array_computation& c,
                                       const array_operand* x) noexcept {
  compute_plan r;
  r.c = c;
  const int operands = operand_count(c.op);
  int arrays = 0;
  for (int i = 0; i < operands; ++i) {
    r.x[i] = x[i];
    if (x[i].is_constant) continue;
    ++arrays;
    r.varying = i;
  }
  const array_layout& varying = r.x[r.varying].layout;
  if (arrays == 1 && varying.f.width <= 8 && !is_stochastic(c.p.round)) {
    r.way = compute_route::table;
    r.look_up.way = route::table;
    r.look_up.c = {varying, c.to, c.p, {}};
    coded of[3];
    for (int i = 0; i < operands; ++i) {
      if (i != r.varying) of[i] = lowp::detail::element_of(r.x[i], 0);
    }
    for (std::uint64_t code = 0; code < std::uint64_t{1} << varying.f.width; ++code) {
      of[r.varying] = {varying.f, code};
      r.look_up.look_up.entry[code] = compute(c.op, c.to.f, c.p, 0, of);
    }
    prepare(r.look_up.look_up, varying.f.width, container_bytes(c.to.f));
    prepare_dense(r.look_up.look_up, varying);
    return r;
  }
  if (arrays != operands || !detail::is_sum_or_product(c.op)) return r;
  r.result = make_plan({formats::binary32, c.to, c.p, {}});
  if (r.result.way != route::by32 || r.result.to32.by_scalar_nan) return r;
  if (!detail::can_detour(r, r.reach)) return r;
  for (int i = 0; i < operands; ++i) {
    r.operand[i] = make_plan({r.x[i].layout, formats::binary32, {}, {}});
  }
  detail::make_compute_bytes_plan(c, r.x, r.result.to32, r.bytes);
  r.way = compute_route::by32;
  return r;
}

/// A comparison, prepared.
struct compare_plan {
  bool is_set = false;
  bool by_bytes = false;  ///< keys are bytes with sign in the order of the numbers; else binary32
  bool has_nan = false;
  std::uint8_t nan_key = 0;  ///< of bytes
  plan keys[2];              ///< from operands to keys
};

namespace detail {

/// Keys of codes of at most 8 bits as bytes with sign, ordered as their numbers are: magnitudes
/// with the sign, or integers. Returns whether the definition agrees.
LOWP_FN bool make_keys(format f, bool by_magnitude, compare_plan& r,
                       std::uint64_t (&key)[256]) noexcept {
  const int codes = 1 << f.width;
  int code_of[256] = {};
  for (int& c : code_of) c = -1;
  for (int code = 0; code < codes; ++code) {
    const number_class of = decode(f, static_cast<code_t>(code)).cls;
    const bool is_negative = f.is_signed && code >= codes / 2;
    int at = f.is_signed ? code : code - codes / 2;
    if (is_negative) at = by_magnitude ? codes / 2 - 1 - code : code - codes;
    if (by_magnitude && f.is_signed && of == number_class::zero) at = 0;
    key[code] = static_cast<std::uint8_t>(at);
    if (of == number_class::nan) {
      r.has_nan = true;
      key[code] = 256;
      continue;
    }
    const int same = code_of[at + 128];
    code_of[at + 128] = code;
    if (same >= 0 &&
        compare(f, static_cast<code_t>(same), f, static_cast<code_t>(code)) != ordering::equal) {
      return false;
    }
  }
  int last = -1;
  for (int at = -128; at < 128; ++at) {
    const int code = code_of[at + 128];
    if (code < 0) r.nan_key = static_cast<std::uint8_t>(at);
    if (code < 0) continue;
    if (last >= 0 &&
        compare(f, static_cast<code_t>(last), f, static_cast<code_t>(code)) != ordering::less) {
      return false;
    }
    last = code;
  }
  for (std::uint64_t& k : key) k = k == 256 ? r.nan_key : k;
  return true;
}

}  // namespace detail

/// Prepares a comparison, where there is a faster way than the definition.
LOWP_FN compare_plan make_compare_plan(const array_layout& x, const array_layout& y) noexcept {
  compare_plan r;
  const array_layout* layouts[] = {&x, &y};
  if (x.f == y.f && x.f.width <= 8) {
    std::uint64_t key[256] = {};
    r.by_bytes = detail::make_keys(x.f, true, r, key) || detail::make_keys(x.f, false, r, key);
    for (int i = 0; r.by_bytes && i < 2; ++i) {
      plan& p = r.keys[i];
      p.way = route::table;
      p.c = {*layouts[i], formats::uint8, {}, {}};
      for (int code = 0; code < 256; ++code) p.look_up.entry[code] = key[code];
      prepare(p.look_up, x.f.width, 1);
      prepare_dense(p.look_up, *layouts[i]);
    }
  }
  const auto in_lanes = [](format f) { return f.width <= 16 && embeds(f, formats::binary32); };
  if (!r.by_bytes && (!in_lanes(x.f) || !in_lanes(y.f))) return r;
  for (int i = 0; !r.by_bytes && i < 2; ++i) {
    r.keys[i] = make_plan({*layouts[i], formats::binary32, {}, {}});
  }
  r.is_set = true;
  return r;
}

}  // namespace lowp::simd

#endif  // LOWP_SIMD_COMPUTE_PLAN_HPP
