// SPDX-License-Identifier: Apache-2.0
/// \file
/// RISC-V Zvfofp8min, Zvfofp4min, and bfloat16, as riscv-isa-sim (softfloat) does them. The
/// rounding mode is frm; names without one are round to nearest even.
#ifndef LOWP_HARDWARE_RISCV_HPP
#define LOWP_HARDWARE_RISCV_HPP

#include "conversion_rule.hpp"

namespace lowp {

namespace policies {

/// The canonical NaN for every NaN; where NaN stands for an infinity it has no sign either.
LOWP_FN projection riscv(rounding round, overflow_rule overflow) noexcept {
  return {.round = round,
          .overflow = overflow,
          .no_infinity_sign = sign_rule::positive,
          .nan = nan_rule::all_ones,
          .nan_sign = sign_rule::positive};
}
/// bfloat16's canonical NaN is 7FC0.
LOWP_FN projection riscv_bfloat16(rounding round) noexcept {
  return {.round = round, .nan_sign = sign_rule::positive};
}

}  // namespace policies

namespace rules {

inline constexpr const char* riscv_isa_sim = "riscv-isa-sim 55b4658d, Zvfofp8min 0.2.1";

inline constexpr rule_origin riscv_is_rne{"RISC-V rne", "RISC-V", evidence::run, riscv_isa_sim};
inline constexpr rule_origin riscv_is_rne_sat{"RISC-V sat rne", "RISC-V", evidence::run,
                                              riscv_isa_sim};
inline constexpr rule_origin riscv_is_rtz{"RISC-V rtz", "RISC-V", evidence::run, riscv_isa_sim};
inline constexpr rule_origin riscv_is_rtz_sat{"RISC-V sat rtz", "RISC-V", evidence::run,
                                              riscv_isa_sim};
inline constexpr rule_origin riscv_is_rdn{"RISC-V rdn", "RISC-V", evidence::run, riscv_isa_sim};
inline constexpr rule_origin riscv_is_rdn_sat{"RISC-V sat rdn", "RISC-V", evidence::run,
                                              riscv_isa_sim};
inline constexpr rule_origin riscv_is_rup{"RISC-V rup", "RISC-V", evidence::run, riscv_isa_sim};
inline constexpr rule_origin riscv_is_rup_sat{"RISC-V sat rup", "RISC-V", evidence::run,
                                              riscv_isa_sim};
inline constexpr rule_origin riscv_is_rmm{"RISC-V rmm", "RISC-V", evidence::run, riscv_isa_sim};
inline constexpr rule_origin riscv_is_rmm_sat{"RISC-V sat rmm", "RISC-V", evidence::run,
                                              riscv_isa_sim};
inline constexpr const char* zfbfmin_text = "RISC-V Zfbfmin, Zvfbfmin 1.0";
inline constexpr rule_origin zfbfmin_is_rtz{"RISC-V bf16 rtz", "RISC-V", evidence::source,
                                            zfbfmin_text};
inline constexpr rule_origin zfbfmin_is_rdn{"RISC-V bf16 rdn", "RISC-V", evidence::source,
                                            zfbfmin_text};
inline constexpr rule_origin zfbfmin_is_rup{"RISC-V bf16 rup", "RISC-V", evidence::source,
                                            zfbfmin_text};
inline constexpr rule_origin zfbfmin_is_rmm{"RISC-V bf16 rmm", "RISC-V", evidence::source,
                                            zfbfmin_text};
inline constexpr rule_origin zfbfmin_is_decode{"RISC-V bf16 decode", "RISC-V", evidence::source,
                                               zfbfmin_text};
inline constexpr rule_origin riscv_is_decode{"RISC-V decode", "RISC-V", evidence::source,
                                             riscv_isa_sim};

/// vfncvt[.sat].f.f.q (binary32), vfncvtbf16[.sat].f.f.w (bfloat16), fcvt.bf16.s, vfwcvtbf16.f.f.v,
/// vfext.vf2; Zfbfmin and Zvfbfmin.
inline constexpr conversion_rule riscv_rules[] = {
    // clang-format off
    {"riscv.vfncvt.e4m3fn", riscv_is_rne, binary32, e4m3fn, policies::riscv(to_nearest_even, ieee)},
    {"riscv.vfncvt.e4m3fn.rtz", riscv_is_rtz, binary32, e4m3fn, policies::riscv(toward_zero, ieee)},
    {"riscv.vfncvt.e4m3fn.rdn", riscv_is_rdn, binary32, e4m3fn, policies::riscv(toward_negative, ieee)},
    {"riscv.vfncvt.e4m3fn.rup", riscv_is_rup, binary32, e4m3fn, policies::riscv(toward_positive, ieee)},
    {"riscv.vfncvt.e4m3fn.rmm", riscv_is_rmm, binary32, e4m3fn, policies::riscv(to_nearest_away, ieee)},
    {"riscv.vfncvt.sat.e4m3fn", riscv_is_rne_sat, binary32, e4m3fn, policies::riscv(to_nearest_even, saturate)},
    {"riscv.vfncvt.sat.e4m3fn.rtz", riscv_is_rtz_sat, binary32, e4m3fn, policies::riscv(toward_zero, saturate)},
    {"riscv.vfncvt.sat.e4m3fn.rdn", riscv_is_rdn_sat, binary32, e4m3fn, policies::riscv(toward_negative, saturate)},
    {"riscv.vfncvt.sat.e4m3fn.rup", riscv_is_rup_sat, binary32, e4m3fn, policies::riscv(toward_positive, saturate)},
    {"riscv.vfncvt.sat.e4m3fn.rmm", riscv_is_rmm_sat, binary32, e4m3fn, policies::riscv(to_nearest_away, saturate)},
    {"riscv.vfncvt.e5m2", riscv_is_rne, binary32, e5m2, policies::riscv(to_nearest_even, ieee)},
    {"riscv.vfncvt.e5m2.rtz", riscv_is_rtz, binary32, e5m2, policies::riscv(toward_zero, ieee)},
    {"riscv.vfncvt.e5m2.rdn", riscv_is_rdn, binary32, e5m2, policies::riscv(toward_negative, ieee)},
    {"riscv.vfncvt.e5m2.rup", riscv_is_rup, binary32, e5m2, policies::riscv(toward_positive, ieee)},
    {"riscv.vfncvt.e5m2.rmm", riscv_is_rmm, binary32, e5m2, policies::riscv(to_nearest_away, ieee)},
    {"riscv.vfncvt.sat.e5m2", riscv_is_rne_sat, binary32, e5m2, policies::riscv(to_nearest_even, saturate)},
    {"riscv.vfncvt.sat.e5m2.rtz", riscv_is_rtz_sat, binary32, e5m2, policies::riscv(toward_zero, saturate)},
    {"riscv.vfncvt.sat.e5m2.rdn", riscv_is_rdn_sat, binary32, e5m2, policies::riscv(toward_negative, saturate)},
    {"riscv.vfncvt.sat.e5m2.rup", riscv_is_rup_sat, binary32, e5m2, policies::riscv(toward_positive, saturate)},
    {"riscv.vfncvt.sat.e5m2.rmm", riscv_is_rmm_sat, binary32, e5m2, policies::riscv(to_nearest_away, saturate)},
    {"riscv.vfncvtbf16.e4m3fn.from_bfloat16", riscv_is_rne, bfloat16, e4m3fn, policies::riscv(to_nearest_even, ieee), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.e4m3fn.rtz.from_bfloat16", riscv_is_rtz, bfloat16, e4m3fn, policies::riscv(toward_zero, ieee), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.e4m3fn.rdn.from_bfloat16", riscv_is_rdn, bfloat16, e4m3fn, policies::riscv(toward_negative, ieee), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.e4m3fn.rup.from_bfloat16", riscv_is_rup, bfloat16, e4m3fn, policies::riscv(toward_positive, ieee), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.e4m3fn.rmm.from_bfloat16", riscv_is_rmm, bfloat16, e4m3fn, policies::riscv(to_nearest_away, ieee), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.sat.e4m3fn.from_bfloat16", riscv_is_rne_sat, bfloat16, e4m3fn, policies::riscv(to_nearest_even, saturate), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.sat.e4m3fn.rtz.from_bfloat16", riscv_is_rtz_sat, bfloat16, e4m3fn, policies::riscv(toward_zero, saturate), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.sat.e4m3fn.rdn.from_bfloat16", riscv_is_rdn_sat, bfloat16, e4m3fn, policies::riscv(toward_negative, saturate), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.sat.e4m3fn.rup.from_bfloat16", riscv_is_rup_sat, bfloat16, e4m3fn, policies::riscv(toward_positive, saturate), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.sat.e4m3fn.rmm.from_bfloat16", riscv_is_rmm_sat, bfloat16, e4m3fn, policies::riscv(to_nearest_away, saturate), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.e5m2.from_bfloat16", riscv_is_rne, bfloat16, e5m2, policies::riscv(to_nearest_even, ieee), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.e5m2.rtz.from_bfloat16", riscv_is_rtz, bfloat16, e5m2, policies::riscv(toward_zero, ieee), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.e5m2.rdn.from_bfloat16", riscv_is_rdn, bfloat16, e5m2, policies::riscv(toward_negative, ieee), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.e5m2.rup.from_bfloat16", riscv_is_rup, bfloat16, e5m2, policies::riscv(toward_positive, ieee), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.e5m2.rmm.from_bfloat16", riscv_is_rmm, bfloat16, e5m2, policies::riscv(to_nearest_away, ieee), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.sat.e5m2.from_bfloat16", riscv_is_rne_sat, bfloat16, e5m2, policies::riscv(to_nearest_even, saturate), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.sat.e5m2.rtz.from_bfloat16", riscv_is_rtz_sat, bfloat16, e5m2, policies::riscv(toward_zero, saturate), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.sat.e5m2.rdn.from_bfloat16", riscv_is_rdn_sat, bfloat16, e5m2, policies::riscv(toward_negative, saturate), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.sat.e5m2.rup.from_bfloat16", riscv_is_rup_sat, bfloat16, e5m2, policies::riscv(toward_positive, saturate), "exact widening, then as vfncvt"},
    {"riscv.vfncvtbf16.sat.e5m2.rmm.from_bfloat16", riscv_is_rmm_sat, bfloat16, e5m2, policies::riscv(to_nearest_away, saturate), "exact widening, then as vfncvt"},
    {"riscv.fcvt.bfloat16", riscv_is_rne, binary32, bfloat16, policies::riscv_bfloat16(to_nearest_even), "fcvt.bf16.s"},
    {"riscv.fcvt.bfloat16.rtz", zfbfmin_is_rtz, binary32, bfloat16, policies::riscv_bfloat16(toward_zero), "fcvt.bf16.s"},
    {"riscv.fcvt.bfloat16.rdn", zfbfmin_is_rdn, binary32, bfloat16, policies::riscv_bfloat16(toward_negative), "fcvt.bf16.s"},
    {"riscv.fcvt.bfloat16.rup", zfbfmin_is_rup, binary32, bfloat16, policies::riscv_bfloat16(toward_positive), "fcvt.bf16.s"},
    {"riscv.fcvt.bfloat16.rmm", zfbfmin_is_rmm, binary32, bfloat16, policies::riscv_bfloat16(to_nearest_away), "fcvt.bf16.s"},
    {"riscv.fcvt.binary32.from_bfloat16", zfbfmin_is_decode, bfloat16, binary32, policies::riscv_bfloat16(to_nearest_even), "fcvt.s.bf16: exact, canonical NaN"},
    {"riscv.vfwcvtbf16.bfloat16.from_e4m3fn", riscv_is_decode, e4m3fn, bfloat16, policies::riscv_bfloat16(to_nearest_even)},
    {"riscv.vfwcvtbf16.bfloat16.from_e5m2", riscv_is_decode, e5m2, bfloat16, policies::riscv_bfloat16(to_nearest_even)},
    {"riscv.vfext.e4m3fn.from_e2m1", riscv_is_decode, e2m1, e4m3fn, policies::riscv_bfloat16(to_nearest_even), "vfext.vf2: a table, exact"},
    // clang-format on
};

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_RISCV_HPP
