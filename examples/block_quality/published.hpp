// SPDX-License-Identifier: Apache-2.0
/// \file
/// Figures measured on the implementations themselves, to hold the table against.
#ifndef LOWP_EXAMPLES_BLOCK_QUALITY_PUBLISHED_HPP
#define LOWP_EXAMPLES_BLOCK_QUALITY_PUBLISHED_HPP

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string_view>

#include "subjects.hpp"

namespace quality {

/// Distributions that have figures: the first ones of `distributions`.
inline constexpr std::size_t published_distributions = 4;

/// A line of section 9 of the project's reference on block formats: 2^20 numbers of each
/// distribution through a build of the implementation.
struct published_line {
  const char* format;  ///< a block format, or a ggml type with ggml_ before its name
  const char* recipe;
  int columns;  ///< of a block, if not the format's own
  double decibels[published_distributions];
  const char* implementation;
  const char* differs = nullptr;  ///< why the figures are not those of this library
  int magnitude = 0;              ///< elements of a sign and so many bits, not the format's
};

inline constexpr double published_samples = 0x1p20;

// One line a line, kept by hand.
// clang-format off
inline constexpr published_line published[] = {
    {"mxint8", "ocp", 0, {41.67, 40.00, 39.36, 48.06}, "microxcaling"},
    {"mxfp8_e4m3", "ocp", 0, {30.64, 29.96, 29.85, 26.22}, "microxcaling"},
    {"mxfp8_e5m2", "ocp", 0, {25.36, 25.21, 25.18, 24.32}, "microxcaling"},
    {"mxfp6_e2m3", "ocp", 0, {30.94, 30.28, 30.02, 31.26}, "microxcaling"},
    {"mxfp6_e3m2", "ocp", 0, {25.36, 25.21, 25.17, 24.32}, "microxcaling"},
    {"mxfp4", "ocp", 0, {18.79, 17.94, 17.68, 16.83}, "microxcaling"},
    {"msfp12", "ocp", 32, {17.56, 16.01, 15.40, 22.70}, "microxcaling"},
    {"mxint8", "ocp", 16, {42.79, 41.45, 41.09, 48.06}, "microxcaling"},
    {"mxfp8_e4m3", "ocp", 16, {29.91, 29.48, 29.44, 26.22}, "microxcaling"},
    {"mxfp8_e5m2", "ocp", 16, {25.18, 25.08, 25.06, 24.32}, "microxcaling"},
    {"mxfp6_e2m3", "ocp", 16, {31.00, 30.58, 30.48, 31.26}, "microxcaling"},
    {"mxfp6_e3m2", "ocp", 16, {25.18, 25.08, 25.06, 24.32}, "microxcaling"},
    {"mxfp4", "ocp", 16, {18.58, 18.04, 17.95, 16.83}, "microxcaling"},
    {"msfp12", "ocp", 0, {18.64, 17.41, 17.07, 22.70}, "microxcaling"},
    {"mxint8", "ocp", 64, {41.01, 38.69, 37.66, 48.06}, "microxcaling"},
    {"mxfp8_e4m3", "ocp", 64, {31.24, 30.46, 30.24, 26.22}, "microxcaling"},
    {"mxfp8_e5m2", "ocp", 64, {25.49, 25.33, 25.27, 24.32}, "microxcaling"},
    {"mxfp6_e2m3", "ocp", 64, {30.90, 29.91, 29.38, 31.26}, "microxcaling"},
    {"mxfp6_e3m2", "ocp", 64, {25.49, 25.33, 25.27, 24.32}, "microxcaling"},
    {"mxfp4", "ocp", 64, {18.94, 17.73, 17.19, 16.83}, "microxcaling"},
    {"msfp12", "ocp", 64, {16.91, 14.73, 13.78, 22.70}, "microxcaling"},
    {"mxfp8_e4m3", "torchao_rceil", 0, {31.52, 31.53, 31.55, 32.53}, "torchao"},
    {"mxfp8_e4m3", "torchao_ceil", 0, {31.52, 31.53, 31.55, 32.53}, "torchao"},
    {"mxfp8_e4m3", "torchao_even", 0, {31.17, 30.81, 30.77, 30.81}, "torchao"},
    {"mxfp8_e5m2", "torchao_rceil", 0, {25.54, 25.56, 25.56, 26.51}, "torchao"},
    {"mxfp8_e5m2", "torchao_ceil", 0, {25.54, 25.56, 25.56, 26.51}, "torchao"},
    {"mxfp8_e5m2", "torchao_even", 0, {25.54, 25.56, 25.56, 26.51}, "torchao"},
    {"mxfp6_e2m3", "torchao_rceil", 0, {30.96, 30.23, 29.96, 32.18}, "torchao"},
    {"mxfp6_e2m3", "torchao_ceil", 0, {28.77, 27.27, 26.70, 32.14}, "torchao"},
    {"mxfp6_e2m3", "torchao_even", 0, {30.99, 30.33, 30.06, 32.26}, "torchao"},
    {"mxfp6_e3m2", "torchao_rceil", 0, {25.54, 25.56, 25.56, 26.51}, "torchao"},
    {"mxfp6_e3m2", "torchao_ceil", 0, {25.54, 25.56, 25.55, 26.51}, "torchao"},
    {"mxfp6_e3m2", "torchao_even", 0, {25.54, 25.56, 25.56, 26.51}, "torchao"},
    {"mxfp4", "torchao_rceil", 0, {18.76, 17.57, 17.13, 20.10}, "torchao"},
    {"mxfp4", "torchao_ceil", 0, {16.82, 15.40, 14.87, 20.10}, "torchao"},
    {"mxfp4", "torchao_even", 0, {19.03, 18.13, 17.82, 20.11}, "torchao"},
    {"mxfp4", "fbgemm_cpu_even", 0, {19.02, 18.12, 17.80, 20.10}, "FBGEMM"},
    {"mxfp4", "fbgemm_cpu_nearest", 0, {18.56, 17.29, 16.81, 20.10}, "FBGEMM"},
    {"mxfp4", "fbgemm_cpu_ceil", 0, {16.80, 15.33, 14.79, 20.10}, "FBGEMM"},
    {"mxfp4", "fbgemm_cpu_floor", 0, {18.78, 17.92, 17.67, 16.83}, "FBGEMM"},
    {"mxfp4", "modelopt_mxfp4", 0, {18.76, 17.57, 17.13, 20.10}, "Model-Optimizer"},
    {"nvfp4", "nvfp4_te", 0, {20.44, 20.65, 20.74, 19.85}, "TransformerEngine"},
    {"nvfp4_single", "nvfp4_torchao_single", 0, {20.44, 20.66, 20.74, 19.85}, "torchao"},
    {"nvfp4_16x16", "nvfp4_te", 0, {19.07, 17.76, 16.48, 19.15}, "TransformerEngine"},
    {"nvfp4", "nvfp4_4over6_mse", 0, {21.22, 21.19, 21.22, 21.18}, "TransformerEngine"},
    {"nvfp4", "nvfp4_4over6_mae", 0, {21.09, 21.06, 21.11, 21.07}, "TransformerEngine"},
    {"fp8_1x128", "fp8_te", 0, {31.79, 32.10, 32.39, 31.97}, "TransformerEngine"},
    {"fp8_1x128", "fp8_te_power", 0, {31.52, 31.53, 31.55, 32.53}, "TransformerEngine"},
    {"fp8_1x128_e5m2", "fp8_te", 0, {25.79, 26.09, 26.40, 25.95}, "TransformerEngine"},
    {"fp8_1x128_e5m2", "fp8_te_power", 0, {25.54, 25.56, 25.56, 26.51}, "TransformerEngine"},
    {"fp8_128x128", "fp8_te", 0, {31.55, 31.56, 31.58, 31.87}, "TransformerEngine"},
    {"ggml_q4_0", "", 0, {21.31, 19.42, 18.76, 23.73}, "ggml"},
    {"ggml_q4_1", "", 0, {22.15, 20.75, 20.58, 24.34}, "ggml"},
    {"ggml_q5_0", "", 0, {27.40, 25.43, 24.77, 30.12}, "ggml"},
    {"ggml_q5_1", "", 0, {28.44, 27.05, 26.88, 30.63}, "ggml"},
    {"ggml_q8_0", "", 0, {45.43, 43.43, 42.76, 48.48}, "ggml"},
    {"ggml_mxfp4", "", 0, {18.79, 17.94, 17.68, 16.83}, "ggml"},
    {"ggml_nvfp4", "", 0, {20.44, 20.66, 20.74, 19.85}, "ggml"},
    {"ggml_iq4_nl", "", 0, {22.08, 20.96, 20.51, 23.39}, "ggml"},
    {"ggml_iq4_xs", "", 0, {22.30, 21.04, 20.53, 23.79}, "ggml"},
    {"ggml_q2_K", "", 0, {10.55, 9.27, 9.30, 12.65}, "ggml"},
    {"ggml_q3_K", "", 0, {16.43, 15.08, 14.74, 18.05}, "ggml"},
    {"ggml_q4_K", "", 0, {22.94, 21.45, 21.25, 25.27}, "ggml"},
    {"ggml_q5_K", "", 0, {28.85, 27.37, 27.16, 31.18}, "ggml"},
    {"ggml_q6_K", "", 0, {35.03, 33.28, 32.86, 37.56}, "ggml"},
    {"ggml_q8_K", "", 0, {43.15, 39.99, 37.83, 48.15}, "ggml"},
    {"ggml_tq1_0", "", 0, {1.86, 1.61, 1.47, 6.07}, "ggml"},
    {"ggml_tq2_0", "", 0, {1.86, 1.61, 1.47, 6.07}, "ggml"},
    {"ggml_q1_0", "", 0, {4.43, 3.04, 3.07, 6.05}, "ggml"},
    {"ggml_q2_0", "", 0, {2.88, 2.78, 2.71, 6.22}, "ggml"},
    {"hif4", "hif4", 0, {21.63, 20.98, 20.91, 22.92}, "HiFloat4"},
    {"hif3", "hif4", 0, {15.19, 14.55, 14.39, 16.35}, "HiFloat4"},
    {"hif5", "hif4", 0, {27.78, 27.14, 27.12, 29.22}, "HiFloat4"},
    {"bfp16", "quark_bfp16", 0, {44.11, 43.09, 42.92, 48.08}, "AMD Quark"},
    {"mx9", "quark_mx9", 0, {46.55, 45.53, 45.27, 49.07}, "AMD Quark", "does not saturate"},
    {"mx6", "quark_mx9", 0, {28.50, 27.48, 27.23, 31.00}, "AMD Quark", "does not saturate"},
    {"mx4", "quark_mx9", 0, {16.54, 15.65, 15.41, 18.96}, "AMD Quark", "does not saturate"},
    {"mx9", "quark_mx9", 0, {46.53, 45.51, 45.25, 48.94}, "own simulation"},
    {"mx6", "quark_mx9", 0, {28.31, 27.33, 27.08, 30.05}, "own simulation"},
    {"mx4", "quark_mx9", 0, {15.71, 14.95, 14.75, 16.00}, "own simulation"},
    {"msfp16", "ocp", 0, {42.79, 41.45, 41.09, 48.06}, "own simulation"},
    {"msfp14", "ocp", 0, {30.74, 29.41, 29.02, 35.74}, "own simulation"},
    {"msfp13", "ocp", 0, {24.70, 23.38, 23.03, 29.36}, "own simulation"},
    {"msfp12", "ocp", 0, {18.64, 17.41, 17.07, 22.70}, "own simulation"},
    {"msfp12", "ocp", 0, {12.54, 11.56, 11.28, 15.63}, "own simulation", nullptr, 2},
};
// clang-format on

/// The subject that a line is about.
inline subject subject_of(const published_line& line) {
  if (std::string_view(line.format).starts_with("ggml_")) {
    return ggml_subject(*lowp::find_ggml_type(line.format + 5), true);
  }
  const auto* f = lowp::find_block_format(line.format);
  const auto* r = lowp::find_block_recipe(line.recipe);
  if (f == nullptr || r == nullptr) throw std::invalid_argument("no such format or recipe");
  lowp::named_block_format of = *f;
  if (line.columns != 0) of.value = with_shape(of, 1, line.columns);
  if (line.magnitude != 0) of.value.element = lowp::sign_magnitude_format(line.magnitude);
  return block_subject(of, *r);
}

/// Four standard errors of the difference between two independent estimates, one of 2^20 numbers,
/// and the rounding of what was published.
inline double tolerance(const decibels& here, double samples) {
  return 0.005 + 4 * here.standard_error * std::sqrt(1 + samples / published_samples);
}

}  // namespace quality

#endif  // LOWP_EXAMPLES_BLOCK_QUALITY_PUBLISHED_HPP
