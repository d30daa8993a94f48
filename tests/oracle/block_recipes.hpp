// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the registered recipes must say, typed from blocks.md sections 2 to 6 member by member;
/// from lowp come the names of members and rules, nothing of its registry.
#ifndef LOWP_TESTS_ORACLE_BLOCK_RECIPES_HPP
#define LOWP_TESTS_ORACLE_BLOCK_RECIPES_HPP

#include <string>
#include <vector>

#include <lowp/block/block_recipe.hpp>

namespace oracle {

struct recipe_row {
  std::string name;
  std::string formats;
  lowp::block_recipe recipe;
};

namespace typed {

using lowp::block_quotient;
using lowp::block_recipe;
using lowp::element_step;
using lowp::infinite_factor;
using lowp::power_step;
using lowp::quotient_steps;
using lowp::rounding;
using lowp::scale_rule;
using lowp::search_kind;
using lowp::special_rule;
using lowp::zero_block_rule;
using lowp::zero_sign_rule;

inline constexpr auto even = rounding::to_nearest_even;
inline constexpr auto away = rounding::to_nearest_away;
inline constexpr auto zero = rounding::to_nearest_zero;

inline void add_powers(std::vector<recipe_row>& rows) {
  const auto add = [&](const char* name, const char* formats, scale_rule rule, rounding mode,
                       auto change) {
    block_recipe r;
    r.rule = rule;
    r.element.round = mode;
    change(r);
    rows.push_back({name, formats, r});
  };
  const auto no_change = [](block_recipe&) {};
  add("ocp", "mx,bfp,msfp", scale_rule::floor, even, no_change);
  add("torchao_rceil", "mxfp", scale_rule::round_up, even, no_change);
  add("torchao_ceil", "mxfp", scale_rule::ceil, even, no_change);
  add("torchao_even", "mxfp", scale_rule::even, even,
      [](block_recipe& r) { r.rounds_to_infinity = true; });
  add("microxcaling_nearest", "mxfp,mxint", scale_rule::floor, away, no_change);
  add("microxcaling_python", "mxfp,mxint", scale_rule::floor_log2_binary32, even, no_change);
  add("te_mxfp8", "mxfp8", scale_rule::round_up, even, [](block_recipe& r) {
    r.nan = special_rule::ignore;
    r.infinity = special_rule::join;
    r.element.nan = lowp::nan_rule::all_ones;
    r.element.nan_sign = lowp::sign_rule::positive;
  });
  add("tosa", "mxfp", scale_rule::in_range, even, no_change);
  add("quark_mx", "mxfp,mxint", scale_rule::floor, even, [](block_recipe& r) {
    r.nan = r.infinity = special_rule::ignore;
    r.symmetric = false;
  });
  const auto to_minus_zero = [](block_recipe& r) { r.zero_sign = zero_sign_rule::exact_negative; };
  add("modelopt_mxfp4", "mxfp4", scale_rule::round_up, zero, to_minus_zero);
  add("deepgemm_mxfp4", "mxfp4", scale_rule::round_up, zero, [](block_recipe& r) {
    r.zero_sign = zero_sign_rule::positive;
    r.least_amax = 0x38d1b717;  // 1e-4
  });
  add("minimum_mse", "mx,bfp,msfp", scale_rule::floor, even, [](block_recipe& r) {
    r.search = {search_kind::neighbours, lowp::error_measure::squares, 1, 2};
  });
  const auto no_subnormals = [](block_recipe& r) {
    r.element.subnormal_input = lowp::subnormal_input_rule::zero;
  };
  add("quark_mx9", "mx4,mx6,mx9", scale_rule::floor, even, no_subnormals);
  add("hif_mx9", "mx4,mx6,mx9", scale_rule::floor, away, no_subnormals);
  const auto passing_specials = [](block_recipe& r) {
    r.nan = r.infinity = special_rule::ignore;
    r.symmetric = false;
  };
  add("quark_bfp16", "bfp16", scale_rule::floor, even, passing_specials);
  add("quark_bfp16_away", "bfp16", scale_rule::floor, away, passing_specials);
  add("quark_bfp16_compiler", "bfp16_compiler", scale_rule::in_range_signed, even,
      passing_specials);
  add("quark_bfp16_compiler_away", "bfp16_compiler", scale_rule::in_range_signed, away,
      passing_specials);
  add("hif4", "hif", scale_rule::hif4, even,
      [](block_recipe& r) { r.zero_sign = zero_sign_rule::exact_positive; });
}

/// FBGEMM: exponents -127 to 125, ties away; E3M0 takes 3 for emax and flushes below 0.25.
inline void add_fbgemm(std::vector<recipe_row>& rows) {
  const struct {
    const char* name;
    scale_rule rule;
    bool rounds_up_bits;
  } rules[] = {
      {"floor", scale_rule::floor, false},
      {"ceil", scale_rule::ceil, false},
      {"even", scale_rule::even_exclusive, true},
      {"nearest", scale_rule::nearest_log2, false},
      {"stochastic", scale_rule::stochastic, false},
      {"cpu_floor", scale_rule::floor_log2_binary32, false},
      {"cpu_ceil", scale_rule::ceil_log2_binary32, false},
      {"cpu_even", scale_rule::even_log2_binary32, true},
      {"cpu_nearest", scale_rule::nearest_log2, false},
  };
  for (const auto& rule : rules) {
    block_recipe r;
    r.rule = rule.rule;
    r.element.round = away;
    r.least_exponent = -127;
    r.greatest_exponent = 125;
    r.rounds_to_infinity = rule.rounds_up_bits;
    rows.push_back({std::string("fbgemm_") + rule.name, "mxfp4", r});
    r.exponent_offset = 1;
    r.element.flush_subnormal_result = true;
    r.element.tininess = lowp::tininess_rule::before_rounding;
    rows.push_back({std::string("fbgemm_e3m0_") + rule.name, "mx4_e3m0", r});
  }
}

/// All but cuDNN: NaN is ignored and converts to the all-ones NaN, infinity counts for amax.
inline block_recipe quotient(block_quotient q, element_step e) {
  block_recipe r;
  r.rule = scale_rule::quotient;
  r.steps.quotient = q;
  r.steps.element = e;
  r.nan = special_rule::ignore;
  r.infinity = special_rule::join;
  r.element.nan = lowp::nan_rule::all_ones;
  r.element.nan_sign = lowp::sign_rule::positive;
  return r;
}

inline void add_nvfp4(std::vector<recipe_row>& rows) {
  const auto add = [&](const char* name, const char* formats, block_quotient q, element_step e,
                       auto change) {
    block_recipe r = quotient(q, e);
    change(r);
    rows.push_back({name, formats, r});
  };
  const auto no_change = [](block_recipe&) {};
  const auto zeroing = [](block_recipe& r) { r.steps.zero_scale_zeroes = true; };
  const auto te = block_quotient::amax_by_factor;
  const auto product = element_step::by_reciprocal_of_product;
  add("nvfp4_te", "nvfp4", te, product, no_change);
  add("nvfp4_te_reference", "nvfp4", te, product, zeroing);
  add("nvfp4_te_reference_2d", "nvfp4_16x16", block_quotient::times_outer,
      element_step::by_outer_over_scale, zeroing);
  add("nvfp4_te_python", "nvfp4", te, product,
      [](block_recipe& r) { r.zero_sign = zero_sign_rule::exact_positive; });
  add("nvfp4_fouroversix_6", "nvfp4", block_quotient::times_outer, product, zeroing);
  for (const int bound : {256, 448}) {
    for (const auto measure : {lowp::error_measure::squares, lowp::error_measure::magnitudes}) {
      const bool squares = measure == lowp::error_measure::squares;
      const std::string name =
          std::string("nvfp4_4over6_") + (squares ? "mse" : "mae") + (bound == 448 ? "_448" : "");
      add(name.c_str(), "nvfp4", block_quotient::times_outer, product, [&](block_recipe& r) {
        r.search = {search_kind::four_over_six, measure, 0, 0};
        if (bound == 256) r.steps.outer_bound = 256;  // 448 is the greatest scale
      });
    }
  }
  add("nvfp4_torchao", "nvfp4", block_quotient::over_outer,
      element_step::by_reciprocal_outer_over_scale, [](block_recipe& r) {
        r.steps.infinite = infinite_factor::keep;
        r.steps.least_scale_log2 = -6;
      });
  add("nvfp4_torchao_single", "nvfp4_single", block_quotient::amax_over_max,
      element_step::by_reciprocal, [](block_recipe& r) {
        r.steps.infinite = infinite_factor::keep;
        r.steps.least_scale_log2 = -6;
      });
  add("nvfp4_modelopt", "nvfp4", block_quotient::over_product, element_step::over_product,
      [](block_recipe& r) {
        r.steps.least_scale_log2 = -9;
        r.zero_block = zero_block_rule::one;
      });
  add("nvfp4_triton", "nvfp4_single", block_quotient::amax_over_max, element_step::by_reciprocal,
      zeroing);
  add("nvfp4_cudnn", "nvfp4_single", block_quotient::amax_over_max, element_step::over_scale,
      [](block_recipe& r) {
        r.scale.round = rounding::toward_positive;
        r.steps.zero_scale_zeroes = true;  // blocks of zeros
        r.element.nan = lowp::nan_rule::quiet;
        r.element.nan_sign = lowp::sign_rule::keep;
      });
  add("nvfp4_neighbours", "nvfp4_single", block_quotient::amax_over_max,
      element_step::by_reciprocal, [](block_recipe& r) {
        r.search = {search_kind::neighbours, lowp::error_measure::squares, 2, 2};
      });
}

inline void add_fp8(std::vector<recipe_row>& rows) {
  const auto add = [&](const char* name, block_quotient q, element_step e, auto change) {
    block_recipe r = quotient(q, e);
    change(r);
    rows.push_back({name, "fp8_", r});
  };
  const auto multiplier = block_quotient::max_over_amax;
  const auto by = element_step::by_multiplier;
  add("fp8_te", multiplier, by, [](block_recipe& r) {
    r.infinity = special_rule::unit;
    r.zero_block = zero_block_rule::one;
  });
  add("fp8_te_power", multiplier, by, [](block_recipe& r) {
    r.infinity = special_rule::unit;
    r.zero_block = zero_block_rule::one;
    r.steps.power = power_step::multiplier_down;
  });
  add("fp8_fbgemm", multiplier, by, [](block_recipe& r) {
    r.steps.infinite = infinite_factor::one;
    r.zero_block = zero_block_rule::one;
    r.least_amax = 0x2b8cbccc;  // 1e-12
  });
  for (const bool divides : {true, false}) {
    for (const bool power : {false, true}) {
      const std::string name =
          std::string(divides ? "fp8_deepseek" : "fp8_deepgemm") + (power ? "_ue8m0" : "");
      add(name.c_str(), block_quotient::amax_over_max,
          divides ? element_step::over_scale : element_step::by_reciprocal, [&](block_recipe& r) {
            if (power) r.steps.power = power_step::scale_up;
            r.least_amax = 0x38d1b717;  // 1e-4
          });
    }
  }
}

}  // namespace typed

inline std::vector<recipe_row> block_recipe_rows() {
  std::vector<recipe_row> rows;
  typed::add_powers(rows);
  typed::add_fbgemm(rows);
  typed::add_nvfp4(rows);
  typed::add_fp8(rows);
  // Elements and scales saturate in all of them.
  for (recipe_row& r : rows) {
    r.recipe.element.overflow = r.recipe.scale.overflow = lowp::overflow_rule::saturate;
  }
  return rows;
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_BLOCK_RECIPES_HPP
