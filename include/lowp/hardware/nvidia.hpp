// SPDX-License-Identifier: Apache-2.0
/// \file
/// NVIDIA: CUDA C++ headers on the host, PTX cvt, CUTLASS on the host, TransformerEngine.
/// `.relu`, scales, packing and the choice of random bits of PTX are in instructions_nvidia.hpp.
#ifndef LOWP_HARDWARE_NVIDIA_HPP
#define LOWP_HARDWARE_NVIDIA_HPP

#include "conversion_rule.hpp"

namespace lowp {

namespace policies {

/// CUDA C++ headers: every NaN becomes the positive all-ones NaN, or +max where there is none.
/// Doubles keep the NaN's sign and payload in fp8.
inline constexpr projection cuda13_satfinite{
    .overflow = saturate, .nan = nan_rule::all_ones, .nan_sign = sign_rule::positive};
inline constexpr projection cuda13_nosat{.nan = nan_rule::all_ones,
                                         .nan_sign = sign_rule::positive};
inline constexpr projection cuda13_satfinite_double{.overflow = saturate, .nan = nan_rule::payload};
inline constexpr projection cuda13_nosat_double{.nan = nan_rule::payload};
inline constexpr projection cuda13_rz_satfinite{.round = toward_zero,
                                                .overflow = saturate,
                                                .nan = nan_rule::all_ones,
                                                .nan_sign = sign_rule::positive};
inline constexpr projection cuda13_rz{
    .round = toward_zero, .nan = nan_rule::all_ones, .nan_sign = sign_rule::positive};
inline constexpr projection cuda13_rd{
    .round = toward_negative, .nan = nan_rule::all_ones, .nan_sign = sign_rule::positive};
inline constexpr projection cuda13_ru{
    .round = toward_positive, .nan = nan_rule::all_ones, .nan_sign = sign_rule::positive};

/// E8M0 scales: the sign is dropped, zero becomes 2^-127; `rp` rounds the magnitude up.
inline constexpr projection cuda13_e8m0_rz{.round = toward_zero,
                                           .negative = negative_rule::magnitude};
inline constexpr projection cuda13_e8m0_rz_satfinite{
    .round = toward_zero, .overflow = saturate, .negative = negative_rule::magnitude};
inline constexpr projection cuda13_e8m0_rp{.round = away_from_zero,
                                           .negative = negative_rule::magnitude};
inline constexpr projection cuda13_e8m0_rp_satfinite{
    .round = away_from_zero, .overflow = saturate, .negative = negative_rule::magnitude};

/// double to float with a sticky last bit, the first step of the headers' double to E8M0.
inline constexpr projection cuda13_sticky{.round = to_odd, .nan = nan_rule::payload};

/// bfloat16 to float by shifting.
inline constexpr projection cuda13_shift{.nan = nan_rule::payload_raw};

/// PTX `.rs`: N random bits of the element, aligned to the top of the discarded part.
LOWP_FN projection ptx_rs(std::uint8_t random_bits, overflow_rule overflow) noexcept {
  projection p = cuda13_nosat;
  p.round = stochastic_a;
  p.overflow = overflow;
  p.random_bits = random_bits;
  return p;
}

/// PTX `cvt.rna.tf32`: ties away from zero.
inline constexpr projection ptx_rna{
    .round = to_nearest_away, .nan = nan_rule::all_ones, .nan_sign = sign_rule::positive};
inline constexpr projection ptx_rna_satfinite{.round = to_nearest_away,
                                              .overflow = saturate,
                                              .nan = nan_rule::all_ones,
                                              .nan_sign = sign_rule::positive};

/// PTX `.s2f6`: two's complement with 6 fraction bits; NaN becomes +max.
inline constexpr projection ptx_s2f6{
    .overflow = saturate, .nan = nan_rule::max_finite, .nan_sign = sign_rule::positive};

/// PTX `.ftz`: subnormal binary32 sources are zero.
LOWP_FN projection ptx_ftz(projection p) noexcept {
  p.subnormal_input = subnormal_input_rule::zero;
  return p;
}

/// CUTLASS host constructors.
inline constexpr projection cutlass = cuda13_satfinite;
inline constexpr projection cutlass_finite{.overflow = saturate, .nan = nan_rule::max_finite};
inline constexpr projection cutlass_ue4m3{.overflow = saturate,
                                          .negative = negative_rule::magnitude};
inline constexpr projection cutlass_ue8m0{
    .round = away_from_zero, .overflow = saturate_finite, .negative = negative_rule::magnitude};
/// Adds half a unit to the bits of finite values; NaN and infinity pass unchanged.
inline constexpr projection cutlass_tf32{
    .round = to_nearest_away, .overflow = infinite, .nan = nan_rule::payload_raw};
/// double to float as C++ does it, the first step of every CUTLASS constructor from double.
inline constexpr projection host_cast{.nan = nan_rule::payload};

/// TransformerEngine's software e2m1: 8 random bits on the real quantum, NaN becomes +6.
inline constexpr projection transformer_engine_rs{.round = stochastic_a,
                                                  .overflow = saturate,
                                                  .nan = nan_rule::max_finite,
                                                  .nan_sign = sign_rule::positive,
                                                  .random_bits = 8};

}  // namespace policies

namespace detail {

inline constexpr const char* cuda13_headers = "CUDA 13.0 headers, host path";
inline constexpr const char* ptx_isa = "PTX ISA 9, cvt";
inline constexpr const char* ptx_isa_rs = "PTX ISA 9, cvt.rs";
inline constexpr const char* ptx_rs_probe =
    "PTX ISA 9, cvt.rs; vkuzo/quant_cast_bench 41fec09, probe of sm_100a";

LOWP_FN rule_origin cuda13(const char* policy) noexcept {
  return {policy, "NVIDIA", evidence::run, cuda13_headers};
}
LOWP_FN rule_origin ptx(const char* policy, evidence mark) noexcept {
  return {policy, "NVIDIA", mark, ptx_isa};
}

}  // namespace detail

namespace rules {

inline constexpr rule_origin cuda13_is_satfinite = detail::cuda13("CUDA 13 satfinite");
inline constexpr rule_origin cuda13_is_nosat = detail::cuda13("CUDA 13 nosat");
inline constexpr rule_origin cuda13_is_rz_satfinite = detail::cuda13("CUDA 13 rz satfinite");
inline constexpr rule_origin cuda13_is_rz_nosat = detail::cuda13("CUDA 13 rz nosat");
inline constexpr rule_origin cuda13_is_rp_satfinite = detail::cuda13("CUDA 13 rp satfinite");
inline constexpr rule_origin cuda13_is_rp_nosat = detail::cuda13("CUDA 13 rp nosat");
inline constexpr rule_origin cuda13_is_rd = detail::cuda13("CUDA 13 rd");
inline constexpr rule_origin cuda13_is_ru = detail::cuda13("CUDA 13 ru");
inline constexpr rule_origin cuda13_is_decode = detail::cuda13("CUDA 13 decode");

/// CUDA C++ headers of CUDA 13, host path: narrowing. Name of the policy = variant of the row.
inline constexpr conversion_rule cuda_rules[] = {
    // clang-format off
    {"cuda13.e4m3fn.satfinite", cuda13_is_satfinite, binary32, e4m3fn, policies::cuda13_satfinite},
    {"cuda13.e4m3fn.satfinite.from_binary64", cuda13_is_satfinite, binary64, e4m3fn, policies::cuda13_satfinite_double, "keeps the sign of NaN, unlike from float"},
    {"cuda13.e4m3fn.satfinite.from_binary16", cuda13_is_satfinite, binary16, e4m3fn, policies::cuda13_satfinite},
    {"cuda13.e4m3fn.satfinite.from_bfloat16", cuda13_is_satfinite, bfloat16, e4m3fn, policies::cuda13_satfinite},
    {"cuda13.e4m3fn.nosat", cuda13_is_nosat, binary32, e4m3fn, policies::cuda13_nosat},
    {"cuda13.e4m3fn.nosat.from_binary64", cuda13_is_nosat, binary64, e4m3fn, policies::cuda13_nosat_double, "keeps the sign of NaN, unlike from float"},
    {"cuda13.e4m3fn.nosat.from_binary16", cuda13_is_nosat, binary16, e4m3fn, policies::cuda13_nosat},
    {"cuda13.e4m3fn.nosat.from_bfloat16", cuda13_is_nosat, bfloat16, e4m3fn, policies::cuda13_nosat},
    {"cuda13.e5m2.satfinite", cuda13_is_satfinite, binary32, e5m2, policies::cuda13_satfinite},
    {"cuda13.e5m2.satfinite.from_binary64", cuda13_is_satfinite, binary64, e5m2, policies::cuda13_satfinite_double, "NaN keeps sign and upper payload"},
    {"cuda13.e5m2.satfinite.from_binary16", cuda13_is_satfinite, binary16, e5m2, policies::cuda13_satfinite},
    {"cuda13.e5m2.satfinite.from_bfloat16", cuda13_is_satfinite, bfloat16, e5m2, policies::cuda13_satfinite},
    {"cuda13.e5m2.nosat", cuda13_is_nosat, binary32, e5m2, policies::cuda13_nosat},
    {"cuda13.e5m2.nosat.from_binary64", cuda13_is_nosat, binary64, e5m2, policies::cuda13_nosat_double, "NaN keeps sign and upper payload"},
    {"cuda13.e5m2.nosat.from_binary16", cuda13_is_nosat, binary16, e5m2, policies::cuda13_nosat},
    {"cuda13.e5m2.nosat.from_bfloat16", cuda13_is_nosat, bfloat16, e5m2, policies::cuda13_nosat},
    {"cuda13.e2m3.rn", cuda13_is_satfinite, binary32, e2m3, policies::cuda13_satfinite},
    {"cuda13.e2m3.rn.from_binary64", cuda13_is_satfinite, binary64, e2m3, policies::cuda13_satfinite},
    {"cuda13.e2m3.rn.from_binary16", cuda13_is_satfinite, binary16, e2m3, policies::cuda13_satfinite},
    {"cuda13.e2m3.rn.from_bfloat16", cuda13_is_satfinite, bfloat16, e2m3, policies::cuda13_satfinite},
    {"cuda13.e2m3.rz", cuda13_is_rz_satfinite, binary32, e2m3, policies::cuda13_rz_satfinite},
    {"cuda13.e2m3.rz.from_binary64", cuda13_is_rz_satfinite, binary64, e2m3, policies::cuda13_rz_satfinite},
    {"cuda13.e2m3.rz.from_binary16", cuda13_is_rz_satfinite, binary16, e2m3, policies::cuda13_rz_satfinite},
    {"cuda13.e2m3.rz.from_bfloat16", cuda13_is_rz_satfinite, bfloat16, e2m3, policies::cuda13_rz_satfinite},
    {"cuda13.e3m2.rn", cuda13_is_satfinite, binary32, e3m2, policies::cuda13_satfinite},
    {"cuda13.e3m2.rn.from_binary64", cuda13_is_satfinite, binary64, e3m2, policies::cuda13_satfinite},
    {"cuda13.e3m2.rn.from_binary16", cuda13_is_satfinite, binary16, e3m2, policies::cuda13_satfinite},
    {"cuda13.e3m2.rn.from_bfloat16", cuda13_is_satfinite, bfloat16, e3m2, policies::cuda13_satfinite},
    {"cuda13.e3m2.rz", cuda13_is_rz_satfinite, binary32, e3m2, policies::cuda13_rz_satfinite},
    {"cuda13.e3m2.rz.from_binary64", cuda13_is_rz_satfinite, binary64, e3m2, policies::cuda13_rz_satfinite},
    {"cuda13.e3m2.rz.from_binary16", cuda13_is_rz_satfinite, binary16, e3m2, policies::cuda13_rz_satfinite},
    {"cuda13.e3m2.rz.from_bfloat16", cuda13_is_rz_satfinite, bfloat16, e3m2, policies::cuda13_rz_satfinite},
    {"cuda13.e2m1.rn", cuda13_is_satfinite, binary32, e2m1, policies::cuda13_satfinite},
    {"cuda13.e2m1.rn.from_binary64", cuda13_is_satfinite, binary64, e2m1, policies::cuda13_satfinite},
    {"cuda13.e2m1.rn.from_binary16", cuda13_is_satfinite, binary16, e2m1, policies::cuda13_satfinite},
    {"cuda13.e2m1.rn.from_bfloat16", cuda13_is_satfinite, bfloat16, e2m1, policies::cuda13_satfinite},
    {"cuda13.e2m1.rz", cuda13_is_rz_satfinite, binary32, e2m1, policies::cuda13_rz_satfinite},
    {"cuda13.e2m1.rz.from_binary64", cuda13_is_rz_satfinite, binary64, e2m1, policies::cuda13_rz_satfinite},
    {"cuda13.e2m1.rz.from_binary16", cuda13_is_rz_satfinite, binary16, e2m1, policies::cuda13_rz_satfinite},
    {"cuda13.e2m1.rz.from_bfloat16", cuda13_is_rz_satfinite, bfloat16, e2m1, policies::cuda13_rz_satfinite},
    {"cuda13.e8m0fnu.rz.satfinite", cuda13_is_rz_satfinite, binary32, e8m0fnu, policies::cuda13_e8m0_rz_satfinite},
    {"cuda13.e8m0fnu.rz.satfinite.from_bfloat16", cuda13_is_rz_satfinite, bfloat16, e8m0fnu, policies::cuda13_e8m0_rz_satfinite},
    two_steps("cuda13.e8m0fnu.rz.satfinite.from_binary64", cuda13_is_rz_satfinite, binary64, policies::cuda13_sticky, binary32, policies::cuda13_e8m0_rz_satfinite, e8m0fnu, "through float with a sticky bit: no double rounding"),
    {"cuda13.e8m0fnu.rz.nosat", cuda13_is_rz_nosat, binary32, e8m0fnu, policies::cuda13_e8m0_rz},
    {"cuda13.e8m0fnu.rz.nosat.from_bfloat16", cuda13_is_rz_nosat, bfloat16, e8m0fnu, policies::cuda13_e8m0_rz},
    two_steps("cuda13.e8m0fnu.rz.nosat.from_binary64", cuda13_is_rz_nosat, binary64, policies::cuda13_sticky, binary32, policies::cuda13_e8m0_rz, e8m0fnu, "through float with a sticky bit: no double rounding"),
    {"cuda13.e8m0fnu.rp.satfinite", cuda13_is_rp_satfinite, binary32, e8m0fnu, policies::cuda13_e8m0_rp_satfinite},
    {"cuda13.e8m0fnu.rp.satfinite.from_bfloat16", cuda13_is_rp_satfinite, bfloat16, e8m0fnu, policies::cuda13_e8m0_rp_satfinite},
    two_steps("cuda13.e8m0fnu.rp.satfinite.from_binary64", cuda13_is_rp_satfinite, binary64, policies::cuda13_sticky, binary32, policies::cuda13_e8m0_rp_satfinite, e8m0fnu, "through float with a sticky bit: no double rounding"),
    {"cuda13.e8m0fnu.rp.nosat", cuda13_is_rp_nosat, binary32, e8m0fnu, policies::cuda13_e8m0_rp},
    {"cuda13.e8m0fnu.rp.nosat.from_bfloat16", cuda13_is_rp_nosat, bfloat16, e8m0fnu, policies::cuda13_e8m0_rp},
    two_steps("cuda13.e8m0fnu.rp.nosat.from_binary64", cuda13_is_rp_nosat, binary64, policies::cuda13_sticky, binary32, policies::cuda13_e8m0_rp, e8m0fnu, "through float with a sticky bit: no double rounding"),
    {"cuda13.binary16.rn", cuda13_is_nosat, binary32, binary16, policies::cuda13_nosat},
    {"cuda13.binary16.rz", cuda13_is_rz_nosat, binary32, binary16, policies::cuda13_rz},
    {"cuda13.binary16.rd", cuda13_is_rd, binary32, binary16, policies::cuda13_rd},
    {"cuda13.binary16.ru", cuda13_is_ru, binary32, binary16, policies::cuda13_ru},
    {"cuda13.binary16.rn.from_binary64", cuda13_is_nosat, binary64, binary16, policies::cuda13_nosat, "rounds once"},
    {"cuda13.bfloat16.rn", cuda13_is_nosat, binary32, bfloat16, policies::cuda13_nosat},
    {"cuda13.bfloat16.rz", cuda13_is_rz_nosat, binary32, bfloat16, policies::cuda13_rz},
    {"cuda13.bfloat16.rd", cuda13_is_rd, binary32, bfloat16, policies::cuda13_rd},
    {"cuda13.bfloat16.ru", cuda13_is_ru, binary32, bfloat16, policies::cuda13_ru},
    {"cuda13.bfloat16.rn.from_binary64", cuda13_is_nosat, binary64, bfloat16, policies::cuda13_nosat, "rounds once"},
    // decoding
    {"cuda13.binary16.from_e4m3fn", cuda13_is_decode, e4m3fn, binary16, policies::cuda13_nosat},
    {"cuda13.binary16.from_e5m2", cuda13_is_decode, e5m2, binary16, policies::cuda13_nosat},
    {"cuda13.binary16.from_e2m3", cuda13_is_decode, e2m3, binary16, policies::cuda13_nosat},
    {"cuda13.binary16.from_e3m2", cuda13_is_decode, e3m2, binary16, policies::cuda13_nosat},
    {"cuda13.binary16.from_e2m1", cuda13_is_decode, e2m1, binary16, policies::cuda13_nosat},
    {"cuda13.binary32.from_e4m3fn", cuda13_is_decode, e4m3fn, binary32, policies::cuda13_nosat},
    {"cuda13.binary32.from_e5m2", cuda13_is_decode, e5m2, binary32, policies::cuda13_nosat},
    {"cuda13.binary32.from_binary16", cuda13_is_decode, binary16, binary32, policies::cuda13_nosat},
    {"cuda13.bfloat16.from_e8m0fnu", cuda13_is_decode, e8m0fnu, bfloat16, policies::cuda13_nosat},
    two_steps("cuda13.binary32.from_e8m0fnu", cuda13_is_decode, e8m0fnu, policies::cuda13_nosat, bfloat16, policies::cuda13_shift, binary32, "NaN is 7FFF0000: bfloat16's 7FFF shifted"),
    // clang-format on
};

/// PTX cvt. NaN codes that the text leaves open are those of the CUDA headers' emulation.
inline constexpr rule_origin ptx_is_satfinite = detail::ptx("PTX rn satfinite", evidence::source);
inline constexpr rule_origin ptx_infers_satfinite =
    detail::ptx("PTX rn satfinite", evidence::inferred);
inline constexpr rule_origin ptx_is_rn = detail::ptx("PTX rn", evidence::source);
inline constexpr rule_origin ptx_is_rz = detail::ptx("PTX rz", evidence::source);
inline constexpr rule_origin ptx_is_rz_satfinite =
    detail::ptx("PTX rz satfinite", evidence::source);
inline constexpr rule_origin ptx_is_rp = detail::ptx("PTX rp", evidence::source);
inline constexpr rule_origin ptx_is_rp_satfinite =
    detail::ptx("PTX rp satfinite", evidence::source);
inline constexpr rule_origin ptx_infers_rn = detail::ptx("PTX rn", evidence::inferred);
inline constexpr rule_origin ptx_infers_rz = detail::ptx("PTX rz", evidence::inferred);
inline constexpr rule_origin ptx_infers_rz_satfinite =
    detail::ptx("PTX rz satfinite", evidence::inferred);
inline constexpr rule_origin ptx_infers_rna = detail::ptx("PTX rna", evidence::inferred);
inline constexpr rule_origin ptx_infers_rna_satfinite =
    detail::ptx("PTX rna satfinite", evidence::inferred);
inline constexpr rule_origin ptx_is_rs{"PTX rs", "NVIDIA", evidence::inferred, detail::ptx_isa_rs};
inline constexpr rule_origin ptx_is_rs_satfinite{"PTX rs satfinite", "NVIDIA", evidence::inferred,
                                                 detail::ptx_isa_rs};

inline constexpr rule_origin ptx_measured_rs{"PTX rs", "NVIDIA", evidence::measured,
                                             detail::ptx_rs_probe};
inline constexpr rule_origin ptx_measured_rs_satfinite{"PTX rs satfinite", "NVIDIA",
                                                       evidence::measured, detail::ptx_rs_probe};
inline constexpr rule_origin ptx_infers_s2f6 =
    detail::ptx("PTX rn satfinite s2f6", evidence::inferred);
inline constexpr rule_origin ptx_infers_rm = detail::ptx("PTX rm", evidence::inferred);
inline constexpr rule_origin ptx_infers_rp = detail::ptx("PTX rp", evidence::inferred);
inline constexpr rule_origin ptx_infers_rn_ftz = detail::ptx("PTX rn ftz", evidence::inferred);
inline constexpr rule_origin ptx_infers_rz_ftz = detail::ptx("PTX rz ftz", evidence::inferred);
inline constexpr rule_origin ptx_infers_rm_ftz = detail::ptx("PTX rm ftz", evidence::inferred);
inline constexpr rule_origin ptx_infers_rp_ftz = detail::ptx("PTX rp ftz", evidence::inferred);
inline constexpr rule_origin ptx_infers_widening = detail::ptx("PTX widening", evidence::inferred);

inline constexpr const char* ptx_nan_open = "the text does not state the NaN code and sign";
inline constexpr const char* ptx_s2f6_open =
    "whether -max is -2 or -2 + 2^-6 is not stated; here -2, the least value";
inline constexpr const char* ptx_rs_open = "not measured; as the formats that were";
inline constexpr const char* ptx_rs_normal = "subnormal results were not measured";

/// PTX instructions, named without `.relu`, packing and operand order.
inline constexpr conversion_rule ptx_rules[] = {
    // clang-format off
    {"ptx.e4m3fn.rn.satfinite", ptx_infers_satfinite, binary32, e4m3fn, policies::cuda13_satfinite, ptx_nan_open},
    {"ptx.e4m3fn.rn.satfinite.from_binary16", ptx_infers_satfinite, binary16, e4m3fn, policies::cuda13_satfinite, ptx_nan_open},
    {"ptx.e4m3fn.rn.satfinite.from_bfloat16", ptx_infers_satfinite, bfloat16, e4m3fn, policies::cuda13_satfinite, ptx_nan_open},
    {"ptx.e5m2.rn.satfinite", ptx_infers_satfinite, binary32, e5m2, policies::cuda13_satfinite, ptx_nan_open},
    {"ptx.e5m2.rn.satfinite.from_binary16", ptx_infers_satfinite, binary16, e5m2, policies::cuda13_satfinite, ptx_nan_open},
    {"ptx.e5m2.rn.satfinite.from_bfloat16", ptx_infers_satfinite, bfloat16, e5m2, policies::cuda13_satfinite, ptx_nan_open},
    {"ptx.e2m3.rn.satfinite", ptx_is_satfinite, binary32, e2m3, policies::cuda13_satfinite},
    {"ptx.e2m3.rn.satfinite.from_binary16", ptx_is_satfinite, binary16, e2m3, policies::cuda13_satfinite},
    {"ptx.e2m3.rn.satfinite.from_bfloat16", ptx_is_satfinite, bfloat16, e2m3, policies::cuda13_satfinite},
    {"ptx.e3m2.rn.satfinite", ptx_is_satfinite, binary32, e3m2, policies::cuda13_satfinite},
    {"ptx.e3m2.rn.satfinite.from_binary16", ptx_is_satfinite, binary16, e3m2, policies::cuda13_satfinite},
    {"ptx.e3m2.rn.satfinite.from_bfloat16", ptx_is_satfinite, bfloat16, e3m2, policies::cuda13_satfinite},
    {"ptx.e2m1.rn.satfinite", ptx_is_satfinite, binary32, e2m1, policies::cuda13_satfinite},
    {"ptx.e2m1.rn.satfinite.from_binary16", ptx_is_satfinite, binary16, e2m1, policies::cuda13_satfinite},
    {"ptx.e2m1.rn.satfinite.from_bfloat16", ptx_is_satfinite, bfloat16, e2m1, policies::cuda13_satfinite},
    {"ptx.e8m0fnu.rz", ptx_is_rz, binary32, e8m0fnu, policies::cuda13_e8m0_rz},
    {"ptx.e8m0fnu.rz.satfinite", ptx_is_rz_satfinite, binary32, e8m0fnu, policies::cuda13_e8m0_rz_satfinite},
    {"ptx.e8m0fnu.rp", ptx_is_rp, binary32, e8m0fnu, policies::cuda13_e8m0_rp},
    {"ptx.e8m0fnu.rp.satfinite", ptx_is_rp_satfinite, binary32, e8m0fnu, policies::cuda13_e8m0_rp_satfinite, "CUTLASS ue8m0 on the device"},
    {"ptx.e8m0fnu.rz.from_bfloat16", ptx_is_rz, bfloat16, e8m0fnu, policies::cuda13_e8m0_rz},
    {"ptx.e8m0fnu.rz.satfinite.from_bfloat16", ptx_is_rz_satfinite, bfloat16, e8m0fnu, policies::cuda13_e8m0_rz_satfinite},
    {"ptx.e8m0fnu.rp.from_bfloat16", ptx_is_rp, bfloat16, e8m0fnu, policies::cuda13_e8m0_rp},
    {"ptx.e8m0fnu.rp.satfinite.from_bfloat16", ptx_is_rp_satfinite, bfloat16, e8m0fnu, policies::cuda13_e8m0_rp_satfinite},
    {"ptx.binary16.rn", ptx_is_rn, binary32, binary16, policies::cuda13_nosat},
    {"ptx.binary16.rz", ptx_is_rz, binary32, binary16, policies::cuda13_rz},
    {"ptx.binary16.rn.satfinite", ptx_is_satfinite, binary32, binary16, policies::cuda13_satfinite},
    {"ptx.binary16.rz.satfinite", ptx_is_rz_satfinite, binary32, binary16, policies::cuda13_rz_satfinite},
    {"ptx.bfloat16.rn", ptx_is_rn, binary32, bfloat16, policies::cuda13_nosat},
    {"ptx.bfloat16.rz", ptx_is_rz, binary32, bfloat16, policies::cuda13_rz},
    {"ptx.bfloat16.rn.satfinite", ptx_is_satfinite, binary32, bfloat16, policies::cuda13_satfinite},
    {"ptx.bfloat16.rz.satfinite", ptx_is_rz_satfinite, binary32, bfloat16, policies::cuda13_rz_satfinite},
    {"ptx.tf32.rn", ptx_infers_rn, binary32, tf32, policies::cuda13_nosat, ptx_nan_open},
    {"ptx.tf32.rz", ptx_infers_rz, binary32, tf32, policies::cuda13_rz, ptx_nan_open},
    {"ptx.tf32.rna", ptx_infers_rna, binary32, tf32, policies::ptx_rna, ptx_nan_open},
    {"ptx.tf32.rn.satfinite", ptx_infers_satfinite, binary32, tf32, policies::cuda13_satfinite, ptx_nan_open},
    {"ptx.tf32.rz.satfinite", ptx_infers_rz_satfinite, binary32, tf32, policies::cuda13_rz_satfinite, ptx_nan_open},
    {"ptx.tf32.rna.satfinite", ptx_infers_rna_satfinite, binary32, tf32, policies::ptx_rna_satfinite, ptx_nan_open},
    {"ptx.binary16.rn.from_e4m3fn", ptx_infers_rn, e4m3fn, binary16, policies::cuda13_nosat, ptx_nan_open},
    {"ptx.binary16.rn.from_e5m2", ptx_infers_rn, e5m2, binary16, policies::cuda13_nosat, ptx_nan_open},
    {"ptx.binary16.rn.from_e2m3", ptx_is_rn, e2m3, binary16, policies::cuda13_nosat},
    {"ptx.binary16.rn.from_e3m2", ptx_is_rn, e3m2, binary16, policies::cuda13_nosat},
    {"ptx.binary16.rn.from_e2m1", ptx_is_rn, e2m1, binary16, policies::cuda13_nosat},
    {"ptx.bfloat16.rn.from_e8m0fnu", ptx_infers_rn, e8m0fnu, bfloat16, policies::cuda13_nosat, ptx_nan_open},
    {"ptx.binary16.rs", ptx_is_rs, binary32, binary16, policies::ptx_rs(13, ieee), ptx_rs_open},
    {"ptx.binary16.rs.satfinite", ptx_is_rs_satfinite, binary32, binary16, policies::ptx_rs(13, saturate), ptx_rs_open},
    {"ptx.bfloat16.rs", ptx_measured_rs, binary32, bfloat16, policies::ptx_rs(16, ieee), ptx_rs_normal},
    {"ptx.bfloat16.rs.satfinite", ptx_measured_rs_satfinite, binary32, bfloat16, policies::ptx_rs(16, saturate), ptx_rs_normal},
    {"ptx.e4m3fn.rs.satfinite", ptx_measured_rs_satfinite, binary32, e4m3fn, policies::ptx_rs(16, saturate)},
    {"ptx.e5m2.rs.satfinite", ptx_measured_rs_satfinite, binary32, e5m2, policies::ptx_rs(16, saturate)},
    {"ptx.e2m3.rs.satfinite", ptx_is_rs_satfinite, binary32, e2m3, policies::ptx_rs(16, saturate), ptx_rs_open},
    {"ptx.e3m2.rs.satfinite", ptx_is_rs_satfinite, binary32, e3m2, policies::ptx_rs(16, saturate), ptx_rs_open},
    {"ptx.e2m1.rs.satfinite", ptx_measured_rs_satfinite, binary32, e2m1, policies::ptx_rs(16, saturate)},
    {"ptx.binary16.rm", ptx_infers_rm, binary32, binary16, policies::cuda13_rd},
    {"ptx.binary16.rp", ptx_infers_rp, binary32, binary16, policies::cuda13_ru},
    {"ptx.bfloat16.rm", ptx_infers_rm, binary32, bfloat16, policies::cuda13_rd},
    {"ptx.bfloat16.rp", ptx_infers_rp, binary32, bfloat16, policies::cuda13_ru},
    {"ptx.binary16.rn.ftz", ptx_infers_rn_ftz, binary32, binary16, policies::ptx_ftz(policies::cuda13_nosat)},
    {"ptx.binary16.rz.ftz", ptx_infers_rz_ftz, binary32, binary16, policies::ptx_ftz(policies::cuda13_rz)},
    {"ptx.binary16.rm.ftz", ptx_infers_rm_ftz, binary32, binary16, policies::ptx_ftz(policies::cuda13_rd)},
    {"ptx.binary16.rp.ftz", ptx_infers_rp_ftz, binary32, binary16, policies::ptx_ftz(policies::cuda13_ru)},
    {"ptx.binary32.from_binary16", ptx_infers_widening, binary16, binary32, policies::cuda13_nosat, ptx_nan_open},
    {"ptx.binary32.from_bfloat16", ptx_infers_widening, bfloat16, binary32, policies::cuda13_shift, "NaN is unspecified; here a shift"},
    {"ptx.mxint8.rn.satfinite", ptx_infers_s2f6, binary32, mxint8, policies::ptx_s2f6, ptx_s2f6_open},
    {"ptx.mxint8.rn.satfinite.from_bfloat16", ptx_infers_s2f6, bfloat16, mxint8, policies::ptx_s2f6, ptx_s2f6_open},
    {"ptx.bfloat16.rn.from_mxint8", ptx_infers_rn, mxint8, bfloat16, policies::cuda13_nosat},
    {"ptx.bfloat16.rn.satfinite.from_mxint8", ptx_infers_satfinite, mxint8, bfloat16, policies::cuda13_satfinite},
    {"ptx.bfloat16.rn.from_e4m3fn", ptx_infers_rn, e4m3fn, bfloat16, policies::cuda13_nosat, "PTX 9.2, scaled"},
    {"ptx.bfloat16.rn.satfinite.from_e4m3fn", ptx_infers_satfinite, e4m3fn, bfloat16, policies::cuda13_satfinite, "PTX 9.2, scaled"},
    {"ptx.bfloat16.rn.from_e5m2", ptx_infers_rn, e5m2, bfloat16, policies::cuda13_nosat, "PTX 9.2, scaled"},
    {"ptx.bfloat16.rn.satfinite.from_e5m2", ptx_infers_satfinite, e5m2, bfloat16, policies::cuda13_satfinite, "PTX 9.2, scaled"},
    {"ptx.bfloat16.rn.from_e2m3", ptx_infers_rn, e2m3, bfloat16, policies::cuda13_nosat, "PTX 9.2, scaled"},
    {"ptx.bfloat16.rn.satfinite.from_e2m3", ptx_infers_satfinite, e2m3, bfloat16, policies::cuda13_satfinite, "PTX 9.2, scaled"},
    {"ptx.bfloat16.rn.from_e3m2", ptx_infers_rn, e3m2, bfloat16, policies::cuda13_nosat, "PTX 9.2, scaled"},
    {"ptx.bfloat16.rn.satfinite.from_e3m2", ptx_infers_satfinite, e3m2, bfloat16, policies::cuda13_satfinite, "PTX 9.2, scaled"},
    {"ptx.bfloat16.rn.from_e2m1", ptx_infers_rn, e2m1, bfloat16, policies::cuda13_nosat, "PTX 9.2, scaled"},
    {"ptx.bfloat16.rn.satfinite.from_e2m1", ptx_infers_satfinite, e2m1, bfloat16, policies::cuda13_satfinite, "PTX 9.2, scaled"},
    // clang-format on
};

inline constexpr rule_origin cutlass_is{"CUTLASS", "NVIDIA", evidence::run,
                                        "CUTLASS 7107b05, host constructors"};
inline constexpr rule_origin cutlass_source_is{"CUTLASS", "NVIDIA", evidence::source,
                                               "CUTLASS 7107b05, host constructors"};
inline constexpr rule_origin cutlass_is_decode{"CUTLASS decode", "NVIDIA", evidence::run,
                                               "CUTLASS 7107b05"};
inline constexpr rule_origin transformer_engine_is{"TransformerEngine rs", "NVIDIA",
                                                   evidence::source, "TransformerEngine ptx.cuh"};

/// CUTLASS host constructors (from double: through float, two roundings) and TransformerEngine.
inline constexpr conversion_rule cutlass_rules[] = {
    // clang-format off
    {"cutlass.e4m3fn", cutlass_is, binary32, e4m3fn, policies::cutlass},
    {"cutlass.e5m2", cutlass_is, binary32, e5m2, policies::cutlass},
    {"cutlass.e2m3", cutlass_is, binary32, e2m3, policies::cutlass_finite},
    {"cutlass.e3m2", cutlass_is, binary32, e3m2, policies::cutlass_finite},
    {"cutlass.e2m1", cutlass_is, binary32, e2m1, policies::cutlass_finite},
    {"cutlass.ue4m3", cutlass_is, binary32, ue4m3, policies::cutlass_ue4m3, "drops the sign; its device path keeps one in bit 7"},
    {"cutlass.e8m0fnu", cutlass_is, binary32, e8m0fnu, policies::cutlass_ue8m0, "float_ue8m0_t; on the device infinity saturates: ptx.e8m0fnu.rp.satfinite"},
    {"cutlass.tf32", cutlass_is, binary32, tf32, policies::cutlass_tf32, "the low 13 bits of its 32-bit storage are left dirty and ignored on reading"},
    two_steps("cutlass.e4m3fn.from_binary64", cutlass_is, binary64, policies::host_cast, binary32, policies::cutlass, e4m3fn, "two roundings"),
    two_steps("cutlass.e5m2.from_binary64", cutlass_source_is, binary64, policies::host_cast, binary32, policies::cutlass, e5m2, "two roundings"),
    two_steps("cutlass.e2m3.from_binary64", cutlass_source_is, binary64, policies::host_cast, binary32, policies::cutlass_finite, e2m3, "two roundings"),
    two_steps("cutlass.e3m2.from_binary64", cutlass_source_is, binary64, policies::host_cast, binary32, policies::cutlass_finite, e3m2, "two roundings"),
    two_steps("cutlass.e2m1.from_binary64", cutlass_source_is, binary64, policies::host_cast, binary32, policies::cutlass_finite, e2m1, "two roundings"),
    {"cutlass.binary32.from_e4m3fn", cutlass_is_decode, e4m3fn, binary32, policies::cuda13_nosat},
    {"cutlass.binary32.from_e5m2", cutlass_is_decode, e5m2, binary32, policies::cuda13_nosat},
    {"cutlass.binary32.from_e8m0fnu", cutlass_is_decode, e8m0fnu, binary32, policies::cuda13_nosat},
    {"transformer_engine.e2m1.rs", transformer_engine_is, binary32, e2m1, policies::transformer_engine_rs, "byte i of the random word for element i"},
    // clang-format on
};

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_NVIDIA_HPP
