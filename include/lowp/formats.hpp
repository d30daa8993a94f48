// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry: every named format, its names elsewhere and its source. A new format is one row of
/// `all_formats`, one line in namespace `formats` and one type alias in types.hpp.
#ifndef LOWP_FORMATS_HPP
#define LOWP_FORMATS_HPP

#include <cstddef>

#include "detail/find_row.hpp"
#include "format.hpp"

namespace lowp {

/// What other ecosystems call a format; nullptr where they have none.
struct format_names {
  const char* ocp = nullptr;        ///< OCP OFP8 and MX specifications
  const char* ml_dtypes = nullptr;  ///< ml_dtypes, JAX
  const char* pytorch = nullptr;    ///< PyTorch
  const char* cuda = nullptr;       ///< CUDA C++ type or library enumerator
  const char* ptx = nullptr;        ///< PTX operand type
  const char* cutlass = nullptr;    ///< CUTLASS
  const char* hip = nullptr;        ///< HIP, AMD
  const char* onnx = nullptr;       ///< ONNX
  const char* llvm = nullptr;       ///< LLVM APFloat
  const char* mlir = nullptr;       ///< MLIR
  const char* cpu = nullptr;        ///< Intel, Arm, RISC-V
  const char* p3109 = nullptr;      ///< IEEE P3109
};

/// A row of the registry.
struct named_format {
  const char* name;       ///< id used everywhere in lowp
  const char* type_name;  ///< the alias of number<F> in types.hpp
  format value;
  const char* description;
  const char* source;  ///< where its definition comes from
  format_names names;

  /// A row stands for its format.
  LOWP_FN operator format() const noexcept { return value; }
};

// One format a row, kept by hand.
// clang-format off

/// All registered formats. spec/formats.md FMT-1, spec/formats.json.
inline constexpr named_format all_formats[] = {
    {"binary64", "float64",
     ieee_format(11, 52),
     "IEEE 754 double; source and destination of conversions", "IEEE 754-2019",
     {.pytorch = "float64", .cuda = "CUDA_R_64F", .ptx = ".f64", .onnx = "DOUBLE", .llvm = "IEEEdouble", .mlir = "f64"}},
    {"binary32", "float32",
     ieee_format(8, 23),
     "IEEE 754 single", "IEEE 754-2019",
     {.pytorch = "float32", .cuda = "CUDA_R_32F", .ptx = ".f32", .onnx = "FLOAT", .llvm = "IEEEsingle", .mlir = "f32"}},
    {"tf32", "tfloat32",
     ieee_format(8, 10),
     "19 bits, kept in the upper bits of 32", "PTX ISA 9, cvt; MMA-Sim for AMD xf32",
     {.cuda = "tf32", .ptx = ".tf32", .cutlass = "tfloat32_t", .hip = "xf32", .llvm = "FloatTF32", .mlir = "tf32"}},
    {"pxr24", "pxr24",
     ieee_format(8, 15),
     "upper 24 bits of binary32", "OpenEXR ImfPxr24Compressor",
     {}},
    {"binary16", "float16",
     ieee_format(5, 10),
     "IEEE 754 half", "IEEE 754-2019",
     {.pytorch = "float16", .cuda = "__half", .ptx = ".f16", .cutlass = "half_t", .hip = "__half", .onnx = "FLOAT16", .llvm = "IEEEhalf", .mlir = "f16", .cpu = "FP16"}},
    {"bfloat16", "bfloat16",
     ieee_format(8, 7),
     "upper half of binary32", "Intel BF16 white paper 2018",
     {.ml_dtypes = "bfloat16", .pytorch = "bfloat16", .cuda = "__nv_bfloat16", .ptx = ".bf16", .cutlass = "bfloat16_t", .hip = "__hip_bfloat16", .onnx = "BFLOAT16", .llvm = "BFloat", .mlir = "bf16", .cpu = "BF16"}},
    {"dlfloat16", "dlfloat16",
     {.width = 16, .precision = 10, .nans = nan_codes::top, .bottom = bottom_binade::zero_only, .bias = 31},
     "IBM: no subnormals, one symbol for infinity and NaN", "Agrawal et al., ARITH 2019 (not verified against a text)",
     {}},
    {"cfloat16_shp", "cfloat16_shp",
     with_bias(finite_format(5, 10, nan_codes::none), 31),
     "Dojo signed half; the 6-bit bias comes from outside: with_bias", "Tesla Dojo white paper (subnormals as in IEEE 754: open)",
     {}},
    {"cfloat16_uhp", "cfloat16_uhp",
     {.width = 16, .precision = 11, .is_signed = false, .bias = 31},
     "Dojo unsigned half", "Tesla Dojo white paper (partly read; subnormals open)",
     {}},
    {"e5m2", "float8_e5m2",
     ieee_format(5, 2),
     "OCP FP8: upper byte of binary16", "OCP OFP8 v1.0",
     {.ocp = "E5M2", .ml_dtypes = "float8_e5m2", .pytorch = "float8_e5m2", .cuda = "__nv_fp8_e5m2", .ptx = ".e5m2", .cutlass = "float_e5m2_t", .hip = "__hip_fp8_e5m2", .onnx = "FLOAT8E5M2", .llvm = "Float8E5M2", .mlir = "f8E5M2", .cpu = "BF8"}},
    {"e4m3fn", "float8_e4m3fn",
     finite_format(4, 3, nan_codes::top),
     "OCP FP8 E4M3: no infinity, NaN 7F and FF, max 448", "OCP OFP8 v1.0",
     {.ocp = "E4M3", .ml_dtypes = "float8_e4m3fn", .pytorch = "float8_e4m3fn", .cuda = "__nv_fp8_e4m3", .ptx = ".e4m3", .cutlass = "float_e4m3_t", .hip = "__hip_fp8_e4m3", .onnx = "FLOAT8E4M3FN", .llvm = "Float8E4M3FN", .mlir = "f8E4M3FN", .cpu = "HF8"}},
    {"e4m3", "float8_e4m3",
     ieee_format(4, 3),
     "IEEE style 1/4/3, max 240; Trainium's float8_e4m3", "ml_dtypes float8.h",
     {.ml_dtypes = "float8_e4m3", .llvm = "Float8E4M3", .mlir = "f8E4M3"}},
    {"e3m4", "float8_e3m4",
     ieee_format(3, 4),
     "IEEE style 1/3/4, max 15.5", "ml_dtypes float8.h",
     {.ml_dtypes = "float8_e3m4", .llvm = "Float8E3M4", .mlir = "f8E3M4"}},
    {"e4m3fnuz", "float8_e4m3fnuz",
     finite_format(4, 3, nan_codes::negative_zero),
     "bias 8, NaN 80, max 240; AMD CDNA3", "LLVM review D141863; AMD CDNA3 ISA",
     {.ml_dtypes = "float8_e4m3fnuz", .pytorch = "float8_e4m3fnuz", .hip = "__hip_fp8_e4m3_fnuz", .onnx = "FLOAT8E4M3FNUZ", .llvm = "Float8E4M3FNUZ", .mlir = "f8E4M3FNUZ", .p3109 = "Binary8p4sf"}},
    {"e5m2fnuz", "float8_e5m2fnuz",
     finite_format(5, 2, nan_codes::negative_zero),
     "bias 16, NaN 80, max 57344; AMD CDNA3", "LLVM review D141863; AMD CDNA3 ISA",
     {.ml_dtypes = "float8_e5m2fnuz", .pytorch = "float8_e5m2fnuz", .hip = "__hip_fp8_e5m2_fnuz", .onnx = "FLOAT8E5M2FNUZ", .llvm = "Float8E5M2FNUZ", .mlir = "f8E5M2FNUZ", .p3109 = "Binary8p3sf"}},
    {"e4m3b11fnuz", "float8_e4m3b11fnuz",
     with_bias(finite_format(4, 3, nan_codes::negative_zero), 11),
     "bias 11, NaN 80, max 30", "ml_dtypes float8.h",
     {.ml_dtypes = "float8_e4m3b11fnuz", .llvm = "Float8E4M3B11FNUZ", .mlir = "f8E4M3B11FNUZ"}},
    {"e8m0fnu", "float8_e8m0fnu",
     {.width = 8, .precision = 1, .is_signed = false, .nans = nan_codes::top, .bottom = bottom_binade::no_zero, .bias = 127},
     "MX scale: powers of two, NaN FF, no zero, no sign", "OCP MX v1.0",
     {.ocp = "E8M0", .ml_dtypes = "float8_e8m0fnu", .pytorch = "float8_e8m0fnu", .cuda = "__nv_fp8_e8m0", .ptx = ".ue8m0", .cutlass = "float_ue8m0_t", .hip = "__amd_scale_t", .onnx = "FLOAT8E8M0", .llvm = "Float8E8M0FNU", .mlir = "f8E8M0FNU"}},
    {"ue4m3", "float8_ue4m3",
     {.width = 7, .precision = 4, .is_signed = false, .nans = nan_codes::top, .bias = 7},
     "NVFP4 scale: e4m3fn without sign, 7 bits in a byte", "PTX ISA 9, mma block scaling",
     {.cuda = "CUDA_R_8F_UE4M3", .ptx = ".ue4m3", .cutlass = "float_ue4m3_t"}},
    {"ue5m3", "float8_ue5m3",
     {.width = 8, .precision = 4, .is_signed = false, .nans = nan_codes::top, .bias = 15},
     "AMD gfx1250 scale, max 114688", "ROCm rocm-systems emulation, data_types.h",
     {}},
    {"ue6m2", "float8_ue6m2",
     {.width = 8, .precision = 3, .is_signed = false, .nans = nan_codes::top, .bottom = bottom_binade::no_zero, .bias = 48},
     "HiF4 scale: 2^-48...49152, NaN FF, no zero, no sign", "HiFloat4 6d937b6, quant_cy/base/QFuncs/hifx.py",
     {}},
    {"e3m2", "float6_e3m2fn",
     finite_format(3, 2, nan_codes::none),
     "OCP FP6, max 28", "OCP MX v1.0",
     {.ocp = "E3M2", .ml_dtypes = "float6_e3m2fn", .cuda = "__nv_fp6_e3m2", .ptx = ".e3m2", .cutlass = "float_e3m2_t", .hip = "bf6", .onnx = "FLOAT6E3M2", .llvm = "Float6E3M2FN", .mlir = "f6E3M2FN"}},
    {"e2m3", "float6_e2m3fn",
     finite_format(2, 3, nan_codes::none),
     "OCP FP6, max 7.5", "OCP MX v1.0",
     {.ocp = "E2M3", .ml_dtypes = "float6_e2m3fn", .cuda = "__nv_fp6_e2m3", .ptx = ".e2m3", .cutlass = "float_e2m3_t", .hip = "fp6", .onnx = "FLOAT6E2M3", .llvm = "Float6E2M3FN", .mlir = "f6E2M3FN"}},
    {"e2m1", "float4_e2m1fn",
     finite_format(2, 1, nan_codes::none),
     "OCP FP4: 0 .5 1 1.5 2 3 4 6", "OCP MX v1.0",
     {.ocp = "E2M1", .ml_dtypes = "float4_e2m1fn", .pytorch = "float4_e2m1fn_x2", .cuda = "__nv_fp4_e2m1", .ptx = ".e2m1", .cutlass = "float_e2m1_t", .hip = "fp4", .onnx = "FLOAT4E2M1", .llvm = "Float4E2M1FN", .mlir = "f4E2M1FN", .cpu = "OFP4"}},
    {"e3m0", "float4_e3m0",
     finite_format(3, 0, nan_codes::none),
     "powers of two: 0 .25 .5 1 2 4 8 16", "oneDNN float4.cpp",
     {}},
    {"e1m2", "float4_e1m2",
     with_bias(finite_format(1, 2, nan_codes::none), 1),
     "multiples of 1/4 up to 1.75", "Ascend CANN operator documents (greatest exponent 0)",
     {}},
    {"cfloat8_143", "cfloat8_143",
     {.width = 8, .precision = 4, .bottom = bottom_binade::halved, .bias = 7},
     "Dojo, no specials; the bias 0...63 comes from outside: with_bias", "Tesla Dojo white paper (subnormals follow its text)",
     {}},
    {"cfloat8_152", "cfloat8_152",
     {.width = 8, .precision = 3, .bottom = bottom_binade::halved, .bias = 15},
     "Dojo, no specials; the bias 0...63 comes from outside: with_bias", "Tesla Dojo white paper (subnormals follow its text)",
     {}},
    {"binary16p11se", "p3109_binary16p11se",
     p3109_format(16, 11, true, true),
     "P3109 signed, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary16p11se"}},
    {"binary16p8se", "p3109_binary16p8se",
     p3109_format(16, 8, true, true),
     "P3109 signed, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary16p8se"}},
    {"binary8p1se", "p3109_binary8p1se",
     p3109_format(8, 1, true, true),
     "P3109 signed, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary8p1se"}},
    {"binary8p3se", "p3109_binary8p3se",
     p3109_format(8, 3, true, true),
     "P3109 signed, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary8p3se"}},
    {"binary8p4se", "p3109_binary8p4se",
     p3109_format(8, 4, true, true),
     "P3109 signed, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary8p4se"}},
    {"binary8p5se", "p3109_binary8p5se",
     p3109_format(8, 5, true, true),
     "P3109 signed, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary8p5se"}},
    {"binary8p1ue", "p3109_binary8p1ue",
     p3109_format(8, 1, false, true),
     "P3109 unsigned, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary8p1ue"}},
    {"binary8p1uf", "p3109_binary8p1uf",
     p3109_format(8, 1, false, false),
     "P3109 unsigned, finite", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary8p1uf"}},
    {"binary8p3ue", "p3109_binary8p3ue",
     p3109_format(8, 3, false, true),
     "P3109 unsigned, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary8p3ue"}},
    {"binary8p3uf", "p3109_binary8p3uf",
     p3109_format(8, 3, false, false),
     "P3109 unsigned, finite", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary8p3uf"}},
    {"binary8p4ue", "p3109_binary8p4ue",
     p3109_format(8, 4, false, true),
     "P3109 unsigned, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary8p4ue"}},
    {"binary6p3se", "p3109_binary6p3se",
     p3109_format(6, 3, true, true),
     "P3109 signed, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary6p3se"}},
    {"binary6p3sf", "p3109_binary6p3sf",
     p3109_format(6, 3, true, false),
     "P3109 signed, finite", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary6p3sf"}},
    {"binary6p4se", "p3109_binary6p4se",
     p3109_format(6, 4, true, true),
     "P3109 signed, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary6p4se"}},
    {"binary6p4sf", "p3109_binary6p4sf",
     p3109_format(6, 4, true, false),
     "P3109 signed, finite", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary6p4sf"}},
    {"binary4p2se", "p3109_binary4p2se",
     p3109_format(4, 2, true, true),
     "P3109 signed, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary4p2se"}},
    {"binary4p2sf", "p3109_binary4p2sf",
     p3109_format(4, 2, true, false),
     "P3109 signed, finite", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary4p2sf"}},
    {"binary3p1se", "p3109_binary3p1se",
     p3109_format(3, 1, true, true),
     "P3109 signed, extended", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary3p1se"}},
    {"binary3p2uf", "p3109_binary3p2uf",
     p3109_format(3, 2, false, false),
     "P3109 unsigned, finite", "IEEE P3109 interim report 4.0, section 3",
     {.p3109 = "Binary3p2uf"}},
    {"hifloat8", "hifloat8",
     {.kind = number_kind::hifloat8, .width = 8, .has_infinity = true},
     "tapered: 3 significand bits near 1, powers of two at the ends", "en_dtypes hifloat.h; arXiv 2409.16626",
     {}},
    {"posit8", "posit8",
     posit_format(8),
     "range 2^-24...2^24, NaR 80", "Posit Standard 2022",
     {}},
    {"posit16", "posit16",
     posit_format(16),
     "range 2^-56...2^56, NaR 8000", "Posit Standard 2022",
     {}},
    {"posit32", "posit32",
     posit_format(32),
     "range 2^-120...2^120", "Posit Standard 2022",
     {}},
    {"takum8", "takum8",
     takum_format(8),
     "linear takum, range 2^-239...2^239", "arXiv 2404.18603",
     {}},
    {"takum16", "takum16",
     takum_format(16),
     "linear takum", "arXiv 2404.18603",
     {}},
    {"lns8", "lns8",
     {.kind = number_kind::logarithmic, .width = 8, .exponent_bits = 3, .bias = 64},
     "+-2^(k/8), k = -63...63; zero 00, NaN 80", "a member of the family; every user splits differently",
     {}},
    {"nf4", "nf4",
     {.kind = number_kind::codebook, .width = 4, .table = codebook_id::nf4},
     "QLoRA's normal quantiles in [-1, 1]", "arXiv 2305.14314; bitsandbytes code table",
     {}},
    {"bnb_fp4", "bnb_fp4",
     {.kind = number_kind::codebook, .width = 4, .table = codebook_id::bnb_fp4},
     "bitsandbytes FP4, not OCP E2M1", "bitsandbytes kernels",
     {}},
    {"mxint8", "mxint8",
     fixed_point_format(8, 6, true),
     "two's complement, 6 fraction bits: -2...1.984375", "OCP MX v1.0",
     {.ocp = "INT8", .ptx = ".s2f6"}},
    {"int1", "int1",
     integer_format(1, true),
     "two's complement integer", "ISO C++20 [basic.fundamental]",
     {.ml_dtypes = "int1", .pytorch = "int1"}},
    {"int2", "int2",
     integer_format(2, true),
     "two's complement integer", "ISO C++20 [basic.fundamental]",
     {.ml_dtypes = "int2", .pytorch = "int2", .onnx = "INT2"}},
    {"int4", "int4",
     integer_format(4, true),
     "two's complement integer", "ISO C++20 [basic.fundamental]",
     {.ml_dtypes = "int4", .pytorch = "int4", .onnx = "INT4"}},
    {"int8", "int8",
     integer_format(8, true),
     "two's complement integer", "ISO C++20 [basic.fundamental]",
     {.pytorch = "int8", .ptx = ".s8", .onnx = "INT8"}},
    {"int16", "int16",
     integer_format(16, true),
     "two's complement integer", "ISO C++20 [basic.fundamental]",
     {.pytorch = "int16", .ptx = ".s16", .onnx = "INT16"}},
    {"int32", "int32",
     integer_format(32, true),
     "two's complement integer", "ISO C++20 [basic.fundamental]",
     {.pytorch = "int32", .ptx = ".s32", .onnx = "INT32"}},
    {"int64", "int64",
     integer_format(64, true),
     "two's complement integer", "ISO C++20 [basic.fundamental]",
     {.pytorch = "int64", .ptx = ".s64", .onnx = "INT64"}},
    {"uint1", "uint1",
     integer_format(1, false),
     "unsigned integer", "ISO C++20 [basic.fundamental]",
     {.ml_dtypes = "uint1", .pytorch = "uint1"}},
    {"uint2", "uint2",
     integer_format(2, false),
     "unsigned integer", "ISO C++20 [basic.fundamental]",
     {.ml_dtypes = "uint2", .pytorch = "uint2", .onnx = "UINT2"}},
    {"uint4", "uint4",
     integer_format(4, false),
     "unsigned integer", "ISO C++20 [basic.fundamental]",
     {.ml_dtypes = "uint4", .pytorch = "uint4", .onnx = "UINT4"}},
    {"uint8", "uint8",
     integer_format(8, false),
     "unsigned integer", "ISO C++20 [basic.fundamental]",
     {.pytorch = "uint8", .ptx = ".u8", .onnx = "UINT8"}},
    {"uint16", "uint16",
     integer_format(16, false),
     "unsigned integer", "ISO C++20 [basic.fundamental]",
     {.pytorch = "uint16", .ptx = ".u16", .onnx = "UINT16"}},
    {"uint32", "uint32",
     integer_format(32, false),
     "unsigned integer", "ISO C++20 [basic.fundamental]",
     {.pytorch = "uint32", .ptx = ".u32", .onnx = "UINT32"}},
    {"uint64", "uint64",
     integer_format(64, false),
     "unsigned integer", "ISO C++20 [basic.fundamental]",
     {.pytorch = "uint64", .ptx = ".u64", .onnx = "UINT64"}},
};

// clang-format on

/// Number of registered formats.
inline constexpr std::size_t format_count = sizeof(all_formats) / sizeof(all_formats[0]);

namespace detail {

// A registered format at compile time; an unknown name is a compile error.
consteval format registered(const char* name) { return row_named(all_formats, name); }

}  // namespace detail

/// The registered formats as constants: `lowp::formats::e4m3fn`.
namespace formats {
inline constexpr format binary64 = detail::registered("binary64");
inline constexpr format binary32 = detail::registered("binary32");
inline constexpr format tf32 = detail::registered("tf32");
inline constexpr format pxr24 = detail::registered("pxr24");
inline constexpr format binary16 = detail::registered("binary16");
inline constexpr format bfloat16 = detail::registered("bfloat16");
inline constexpr format dlfloat16 = detail::registered("dlfloat16");
inline constexpr format cfloat16_shp = detail::registered("cfloat16_shp");
inline constexpr format cfloat16_uhp = detail::registered("cfloat16_uhp");
inline constexpr format e5m2 = detail::registered("e5m2");
inline constexpr format e4m3fn = detail::registered("e4m3fn");
inline constexpr format e4m3 = detail::registered("e4m3");
inline constexpr format e3m4 = detail::registered("e3m4");
inline constexpr format e4m3fnuz = detail::registered("e4m3fnuz");
inline constexpr format e5m2fnuz = detail::registered("e5m2fnuz");
inline constexpr format e4m3b11fnuz = detail::registered("e4m3b11fnuz");
inline constexpr format e8m0fnu = detail::registered("e8m0fnu");
inline constexpr format ue4m3 = detail::registered("ue4m3");
inline constexpr format ue5m3 = detail::registered("ue5m3");
inline constexpr format ue6m2 = detail::registered("ue6m2");
inline constexpr format e3m2 = detail::registered("e3m2");
inline constexpr format e2m3 = detail::registered("e2m3");
inline constexpr format e2m1 = detail::registered("e2m1");
inline constexpr format e3m0 = detail::registered("e3m0");
inline constexpr format e1m2 = detail::registered("e1m2");
inline constexpr format cfloat8_143 = detail::registered("cfloat8_143");
inline constexpr format cfloat8_152 = detail::registered("cfloat8_152");
inline constexpr format binary16p11se = detail::registered("binary16p11se");
inline constexpr format binary16p8se = detail::registered("binary16p8se");
inline constexpr format binary8p1se = detail::registered("binary8p1se");
inline constexpr format binary8p3se = detail::registered("binary8p3se");
inline constexpr format binary8p4se = detail::registered("binary8p4se");
inline constexpr format binary8p5se = detail::registered("binary8p5se");
inline constexpr format binary8p1ue = detail::registered("binary8p1ue");
inline constexpr format binary8p1uf = detail::registered("binary8p1uf");
inline constexpr format binary8p3ue = detail::registered("binary8p3ue");
inline constexpr format binary8p3uf = detail::registered("binary8p3uf");
inline constexpr format binary8p4ue = detail::registered("binary8p4ue");
inline constexpr format binary6p3se = detail::registered("binary6p3se");
inline constexpr format binary6p3sf = detail::registered("binary6p3sf");
inline constexpr format binary6p4se = detail::registered("binary6p4se");
inline constexpr format binary6p4sf = detail::registered("binary6p4sf");
inline constexpr format binary4p2se = detail::registered("binary4p2se");
inline constexpr format binary4p2sf = detail::registered("binary4p2sf");
inline constexpr format binary3p1se = detail::registered("binary3p1se");
inline constexpr format binary3p2uf = detail::registered("binary3p2uf");
inline constexpr format hifloat8 = detail::registered("hifloat8");
inline constexpr format posit8 = detail::registered("posit8");
inline constexpr format posit16 = detail::registered("posit16");
inline constexpr format posit32 = detail::registered("posit32");
inline constexpr format takum8 = detail::registered("takum8");
inline constexpr format takum16 = detail::registered("takum16");
inline constexpr format lns8 = detail::registered("lns8");
inline constexpr format nf4 = detail::registered("nf4");
inline constexpr format bnb_fp4 = detail::registered("bnb_fp4");
inline constexpr format mxint8 = detail::registered("mxint8");
inline constexpr format int1 = detail::registered("int1");
inline constexpr format int2 = detail::registered("int2");
inline constexpr format int4 = detail::registered("int4");
inline constexpr format int8 = detail::registered("int8");
inline constexpr format int16 = detail::registered("int16");
inline constexpr format int32 = detail::registered("int32");
inline constexpr format int64 = detail::registered("int64");
inline constexpr format uint1 = detail::registered("uint1");
inline constexpr format uint2 = detail::registered("uint2");
inline constexpr format uint4 = detail::registered("uint4");
inline constexpr format uint8 = detail::registered("uint8");
inline constexpr format uint16 = detail::registered("uint16");
inline constexpr format uint32 = detail::registered("uint32");
inline constexpr format uint64 = detail::registered("uint64");
}  // namespace formats

}  // namespace lowp

#endif  // LOWP_FORMATS_HPP
