// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of block formats. A new one is one row of `all_block_formats` and one constant.
#ifndef LOWP_BLOCK_BLOCK_FORMATS_HPP
#define LOWP_BLOCK_BLOCK_FORMATS_HPP

#include <cstddef>

#include "../detail/find_row.hpp"
#include "../formats.hpp"
#include "block_format.hpp"

namespace lowp {

/// Integers with a sign bit, `magnitude` bits of magnitude and their first bit worth 1: multiples
/// of 2^(1 - magnitude) up to just under 2. A minifloat of one exponent bit, as its subnormals and
/// its one binade have the same steps. The elements of block floating point. spec/blocks.md BLS-5.
LOWP_FN format sign_magnitude_format(int magnitude) noexcept {
  format f = finite_format(1, magnitude - 1, nan_codes::none);
  f.bias = 1;
  return f;
}

/// The same block format with blocks of another shape.
LOWP_FN block_format with_shape(block_format f, int rows, int columns) noexcept {
  f.rows = static_cast<std::uint16_t>(rows);
  f.columns = static_cast<std::uint16_t>(columns);
  return f;
}

namespace detail {

LOWP_FN block_format mx(format element) noexcept {
  return {.element = element, .scale = formats::e8m0fnu};
}
LOWP_FN block_format bfp(int magnitude, int columns) noexcept {
  return with_shape(mx(sign_magnitude_format(magnitude)), 1, columns);
}
LOWP_FN block_format microexponents(int magnitude) noexcept {
  block_format f = bfp(magnitude, 16);
  f.level[0] = {.group = 2, .bits = 1, .lowers = true};
  return f;
}
LOWP_FN block_format hif(int magnitude) noexcept {
  return {.element = sign_magnitude_format(magnitude),
          .scale = formats::ue6m2,
          .columns = 64,
          .level = {{.group = 8, .bits = 1}, {.group = 4, .bits = 1}}};
}
LOWP_FN block_format nvfp4(int rows, outer_scale outer) noexcept {
  return {.element = formats::e2m1,
          .scale = formats::ue4m3,
          .rows = static_cast<std::uint16_t>(rows),
          .columns = 16,
          .outer = outer};
}
LOWP_FN block_format fp8_blocks(format element, int rows, format scale) noexcept {
  return with_shape({.element = element, .scale = scale}, rows, 128);
}

}  // namespace detail

/// A row of the registry.
struct named_block_format {
  const char* name;
  const char*
      recipe;  ///< what quantises it where nobody says otherwise: a name of block_recipes.hpp
  block_format value;
  const char* description;
  const char* source;

  /// A row stands for its format.
  LOWP_FN operator block_format() const noexcept { return value; }
};

// One block format a row, kept by hand.
// clang-format off

/// All registered block formats with shared scales; those of ggml are in ggml/types.hpp.
/// spec/blocks.md BLS-6.
inline constexpr named_block_format all_block_formats[] = {
    {"mxfp8_e5m2", "ocp", detail::mx(formats::e5m2), "32 E5M2, E8M0 scale", "OCP MX v1.0, 5.2"},
    {"mxfp8_e4m3", "ocp", detail::mx(formats::e4m3fn), "32 E4M3, E8M0 scale", "OCP MX v1.0, 5.2"},
    {"mxfp6_e3m2", "ocp", detail::mx(formats::e3m2), "32 E3M2, E8M0 scale", "OCP MX v1.0, 5.2"},
    {"mxfp6_e2m3", "ocp", detail::mx(formats::e2m3), "32 E2M3, E8M0 scale", "OCP MX v1.0, 5.2"},
    {"mxfp4", "ocp", detail::mx(formats::e2m1), "32 E2M1, E8M0 scale", "OCP MX v1.0, 5.2"},
    {"mxint8", "ocp", detail::mx(formats::mxint8), "32 INT8 with 6 fraction bits, E8M0 scale", "OCP MX v1.0, 5.2"},
    {"mx4_e3m0", "fbgemm_e3m0_even", detail::mx(formats::e3m0), "32 E3M0, E8M0 scale", "FBGEMM 71d6f8b, triton/quantize.py"},
    {"nvfp4", "nvfp4_te", detail::nvfp4(1, outer_scale::tensor), "16 E2M1, UE4M3 scale, binary32 scale of the tensor", "TransformerEngine d0067d0, common/cast/nvfp4"},
    {"nvfp4_16x16", "nvfp4_te", detail::nvfp4(16, outer_scale::tensor), "16 x 16 tiles for weights", "TransformerEngine d0067d0, common/cast/nvfp4"},
    {"nvfp4_row", "nvfp4_te", detail::nvfp4(1, outer_scale::row), "binary32 scale of each row", "TransformerEngine d0067d0, custom_recipes/reference_nvfp4.py"},
    {"nvfp4_single", "nvfp4_torchao_single", detail::nvfp4(1, outer_scale::none), "no outer scale", "torchao 36027d8, mx_formats/nvfp4_tensor.py"},
    {"fp8_1x128", "fp8_deepseek", detail::fp8_blocks(formats::e4m3fn, 1, formats::binary32), "128 E4M3 of a row, binary32 scale: activations", "DeepSeek-V3 9b4e978, inference/kernel.py"},
    {"fp8_128x128", "fp8_deepseek", detail::fp8_blocks(formats::e4m3fn, 128, formats::binary32), "tiles of 128 x 128, binary32 scale: weights", "DeepSeek-V3 9b4e978, inference/kernel.py"},
    {"fp8_1x128_e5m2", "fp8_te", detail::fp8_blocks(formats::e5m2, 1, formats::binary32), "128 E5M2 of a row, binary32 scale", "TransformerEngine d0067d0, common/recipe"},
    {"fp8_1x128_ue8m0", "fp8_deepgemm_ue8m0", detail::fp8_blocks(formats::e4m3fn, 1, formats::e8m0fnu), "128 E4M3 of a row, power-of-two scale", "DeepGEMM 54e2261, deep_gemm/utils/math.py"},
    {"fp8_128x128_ue8m0", "fp8_deepgemm_ue8m0", detail::fp8_blocks(formats::e4m3fn, 128, formats::e8m0fnu), "tiles of 128 x 128, power-of-two scale", "DeepGEMM 54e2261, deep_gemm/utils/math.py"},
    {"msfp12", "ocp", detail::bfp(3, 16), "16 of sign and 3 bits, shared exponent", "Darvish Rouhani et al., NeurIPS 2020 (not read)"},
    {"msfp13", "ocp", detail::bfp(4, 16), "16 of sign and 4 bits", "Darvish Rouhani et al., NeurIPS 2020 (not read)"},
    {"msfp14", "ocp", detail::bfp(5, 16), "16 of sign and 5 bits", "Darvish Rouhani et al., NeurIPS 2020 (not read)"},
    {"msfp15", "ocp", detail::bfp(6, 16), "16 of sign and 6 bits", "Darvish Rouhani et al., NeurIPS 2020 (not read)"},
    {"msfp16", "ocp", detail::bfp(7, 16), "16 of sign and 7 bits; Tenstorrent BFP8_B", "Darvish Rouhani et al., NeurIPS 2020 (not read); pybuda data formats"},
    {"bfp4_b", "ocp", detail::bfp(3, 16), "Tenstorrent's name of msfp12", "pybuda data formats"},
    {"bfp2_b", "ocp", detail::bfp(1, 16), "16 of sign and one bit", "pybuda data formats"},
    {"bfp16", "quark_bfp16", detail::bfp(7, 8), "8 of sign and 7 bits, shared exponent: AMD XDNA", "AMD Quark 1d27b55, custom_ops/src/bfp"},
    {"bfp16_compiler", "quark_bfp16_compiler", with_shape(detail::mx(formats::mxint8), 1, 8), "8 of two's complement", "AMD Quark 1d27b55, custom_ops/src/bfp"},
    {"mx9", "quark_mx9", detail::microexponents(7), "16 of sign and 7 bits, shared exponent, a bit for each pair", "arXiv 2302.08007; AMD Quark 1d27b55"},
    {"mx6", "quark_mx9", detail::microexponents(4), "16 of sign and 4 bits, shared exponent, a bit for each pair", "arXiv 2302.08007; AMD Quark 1d27b55"},
    {"mx4", "quark_mx9", detail::microexponents(2), "16 of sign and 2 bits, shared exponent, a bit for each pair", "arXiv 2302.08007; AMD Quark 1d27b55"},
    {"hif4", "hif4", detail::hif(3), "64 of sign and 3 bits, UE6M2 scale, bits for 8 and for 4", "HiFloat4 6d937b6, quant_cy/base/QFuncs/hifx.py"},
    {"hif5", "hif4", detail::hif(4), "64 of sign and 4 bits, UE6M2 scale, bits for 8 and for 4", "HiFloat4 6d937b6, quant_cy/base/QFuncs/hifx.py"},
    {"hif3", "hif4", detail::hif(2), "64 of sign and 2 bits, UE6M2 scale, bits for 8 and for 4", "HiFloat4 6d937b6, quant_cy/base/QFuncs/hifx.py"},
};
// clang-format on

/// Number of registered block formats.
inline constexpr std::size_t block_format_count =
    sizeof(all_block_formats) / sizeof(all_block_formats[0]);

namespace detail {

consteval block_format block_format_named(const char* name) {
  return row_named(all_block_formats, name);
}

}  // namespace detail

/// The rows as constants.
namespace block_formats {

inline constexpr block_format mxfp8_e5m2 = detail::block_format_named("mxfp8_e5m2");
inline constexpr block_format mxfp8_e4m3 = detail::block_format_named("mxfp8_e4m3");
inline constexpr block_format mxfp6_e3m2 = detail::block_format_named("mxfp6_e3m2");
inline constexpr block_format mxfp6_e2m3 = detail::block_format_named("mxfp6_e2m3");
inline constexpr block_format mxfp4 = detail::block_format_named("mxfp4");
inline constexpr block_format mxint8 = detail::block_format_named("mxint8");
inline constexpr block_format mx4_e3m0 = detail::block_format_named("mx4_e3m0");
inline constexpr block_format nvfp4 = detail::block_format_named("nvfp4");
inline constexpr block_format nvfp4_16x16 = detail::block_format_named("nvfp4_16x16");
inline constexpr block_format nvfp4_row = detail::block_format_named("nvfp4_row");
inline constexpr block_format nvfp4_single = detail::block_format_named("nvfp4_single");
inline constexpr block_format fp8_1x128 = detail::block_format_named("fp8_1x128");
inline constexpr block_format fp8_128x128 = detail::block_format_named("fp8_128x128");
inline constexpr block_format fp8_1x128_e5m2 = detail::block_format_named("fp8_1x128_e5m2");
inline constexpr block_format fp8_1x128_ue8m0 = detail::block_format_named("fp8_1x128_ue8m0");
inline constexpr block_format fp8_128x128_ue8m0 = detail::block_format_named("fp8_128x128_ue8m0");
inline constexpr block_format msfp12 = detail::block_format_named("msfp12");
inline constexpr block_format msfp13 = detail::block_format_named("msfp13");
inline constexpr block_format msfp14 = detail::block_format_named("msfp14");
inline constexpr block_format msfp15 = detail::block_format_named("msfp15");
inline constexpr block_format msfp16 = detail::block_format_named("msfp16");
inline constexpr block_format bfp4_b = detail::block_format_named("bfp4_b");
inline constexpr block_format bfp2_b = detail::block_format_named("bfp2_b");
inline constexpr block_format bfp16 = detail::block_format_named("bfp16");
inline constexpr block_format bfp16_compiler = detail::block_format_named("bfp16_compiler");
inline constexpr block_format mx9 = detail::block_format_named("mx9");
inline constexpr block_format mx6 = detail::block_format_named("mx6");
inline constexpr block_format mx4 = detail::block_format_named("mx4");
inline constexpr block_format hif4 = detail::block_format_named("hif4");
inline constexpr block_format hif5 = detail::block_format_named("hif5");
inline constexpr block_format hif3 = detail::block_format_named("hif3");

}  // namespace block_formats

/// The registered block format of a name; null if there is none.
LOWP_FN const named_block_format* find_block_format(const char* name) noexcept {
  return detail::find_row(all_block_formats, name);
}

}  // namespace lowp

#endif  // LOWP_BLOCK_BLOCK_FORMATS_HPP
