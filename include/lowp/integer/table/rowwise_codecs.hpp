// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of published row-wise codecs. A new one is one row. spec/tables.md TAB-2.
#ifndef LOWP_INTEGER_TABLE_ROWWISE_CODECS_HPP
#define LOWP_INTEGER_TABLE_ROWWISE_CODECS_HPP

#include <cstddef>
#include <cstdint>

#include "../../detail/find_row.hpp"
#include "../../formats.hpp"
#include "rowwise.hpp"

namespace lowp {

/// A codec that somebody uses.
struct named_rowwise_codec {
  const char* name;
  rowwise_codec value;
  const char* description;
  const char* source;  ///< a file of FBGEMM at 71d6f8b

  /// A row stands for its codec.
  LOWP_FN operator rowwise_codec() const noexcept { return value; }
};

namespace detail {

inline constexpr float cpu_epsilon = 1e-8f, cuda_epsilon = 1e-20f;
/// Where magnitudes of HFP8 end.
inline constexpr float forward_end = 0.9375f, backward_end = 0.875f;

/// Integers with two halves as parameters.
LOWP_FN rowwise_codec half_rows(format element) noexcept {
  return {
      .element = element, .parameter = formats::binary16, .scaling = row_scaling::rounded_range};
}
/// The same as table-batched look-ups store them: parameters first, rows of whole 16 bytes.
LOWP_FN rowwise_codec batched_rows(format element) noexcept {
  rowwise_codec c = half_rows(element);
  c.parameters_first = true;
  c.row_alignment = 16;
  return c;
}
/// HFP8 with a scale.
LOWP_FN rowwise_codec hfp8_rows(format element, float greatest, float least_amax) noexcept {
  return {.element = element,
          .parameter = formats::binary32,
          .scaling = row_scaling::magnitude,
          .code_alignment = 4,
          .epsilon = cuda_epsilon,
          .least_amax = least_amax,
          .greatest = greatest};
}

}  // namespace detail

// One codec a row, kept by hand.
// clang-format off
/// The published codecs. spec/tables.md TAB-2.
inline constexpr named_rowwise_codec all_rowwise_codecs[] = {
    {"q8_sbfloat", {.element = formats::uint8, .parameter = formats::binary32, .scaling = row_scaling::range, .epsilon = detail::cpu_epsilon},
     "8 bits, scale and bias binary32 behind them", "src/QuantUtils.cc, FloatOrHalfToFused8BitRowwiseQuantizedSBFloatRef"},
    {"q8_cuda", {.element = formats::uint8, .parameter = formats::binary32, .scaling = row_scaling::range, .code_alignment = 4, .epsilon = detail::cuda_epsilon},
     "the same as CUDA writes it, codes of whole 4 bytes", "fbgemm_gpu/src/quantize_ops/quantize_fused_8bit_rowwise.cu"},
    {"q8_cuda_first", {.element = formats::uint8, .parameter = formats::binary32, .scaling = row_scaling::range, .parameters_first = true, .code_alignment = 4, .epsilon = detail::cuda_epsilon},
     "the same with the parameters in front", "fbgemm_gpu/src/quantize_ops/quantize_fused_8bit_rowwise.cu, decoder with scale_bias_last = false"},
    {"q8_sbhalf", detail::half_rows(formats::uint8),
     "8 bits, scale and bias binary16 behind them", "src/QuantUtils.cc, FloatOrHalfToFusedNBitRowwiseQuantizedSBHalfRef"},
    {"q4_sbhalf", detail::half_rows(formats::uint4),
     "4 bits, the same", "src/QuantUtils.cc, FloatOrHalfToFusedNBitRowwiseQuantizedSBHalfRef"},
    {"q2_sbhalf", detail::half_rows(formats::uint2),
     "2 bits, the same", "src/QuantUtils.cc, FloatOrHalfToFusedNBitRowwiseQuantizedSBHalfRef"},
    {"q8_batched", detail::batched_rows(formats::uint8),
     "8 bits for batched look-ups on CUDA: parameters in front", "fbgemm_gpu table-batched embeddings for inference"},
    {"q4_batched", detail::batched_rows(formats::uint4),
     "4 bits, the same", "fbgemm_gpu table-batched embeddings for inference"},
    {"q2_batched", detail::batched_rows(formats::uint2),
     "2 bits, the same", "fbgemm_gpu table-batched embeddings for inference"},
    {"fp8_rowwise_forward", detail::hfp8_rows(hfp8_forward, detail::forward_end, detail::cuda_epsilon),
     "HFP8 forward, tables over 20 rows", "fbgemm_gpu/src/quantize_ops/quantize_fp8_rowwise.cu"},
    {"fp8_rowwise_backward", detail::hfp8_rows(hfp8_backward, detail::backward_end, detail::cuda_epsilon),
     "HFP8 backward, tables over 20 rows", "fbgemm_gpu/src/quantize_ops/quantize_fp8_rowwise.cu"},
    {"fp8_rowwise_forward_few", detail::hfp8_rows(hfp8_forward, detail::forward_end, 0),
     "HFP8 forward, tables of up to 20 rows", "fbgemm_gpu/src/quantize_ops/quantize_fp8_rowwise.cu"},
    {"fp8_rowwise_backward_few", detail::hfp8_rows(hfp8_backward, detail::backward_end, 0),
     "HFP8 backward, tables of up to 20 rows", "fbgemm_gpu/src/quantize_ops/quantize_fp8_rowwise.cu"},
    {"hfp8", {.element = hfp8_forward, .parameter = formats::binary32, .scaling = row_scaling::none, .greatest = detail::forward_end},
     "HFP8 without scale: FP8 of communication without row_dim", "fbgemm_gpu/fbgemm_gpu/quantize_comm.py"},
};
// clang-format on

/// Number of registered codecs.
inline constexpr std::size_t rowwise_codec_count =
    sizeof(all_rowwise_codecs) / sizeof(all_rowwise_codecs[0]);

/// The codec of this name, or null.
LOWP_FN const named_rowwise_codec* find_rowwise_codec(const char* name) noexcept {
  return detail::find_row(all_rowwise_codecs, name);
}

namespace detail {

consteval rowwise_codec rowwise_codec_named(const char* name) {
  return row_named(all_rowwise_codecs, name);
}

}  // namespace detail

/// The rows as constants.
namespace rowwise_codecs {

inline constexpr rowwise_codec q8_sbfloat = detail::rowwise_codec_named("q8_sbfloat");
inline constexpr rowwise_codec q8_cuda = detail::rowwise_codec_named("q8_cuda");
inline constexpr rowwise_codec q8_cuda_first = detail::rowwise_codec_named("q8_cuda_first");
inline constexpr rowwise_codec q8_sbhalf = detail::rowwise_codec_named("q8_sbhalf");
inline constexpr rowwise_codec q4_sbhalf = detail::rowwise_codec_named("q4_sbhalf");
inline constexpr rowwise_codec q2_sbhalf = detail::rowwise_codec_named("q2_sbhalf");
inline constexpr rowwise_codec q8_batched = detail::rowwise_codec_named("q8_batched");
inline constexpr rowwise_codec q4_batched = detail::rowwise_codec_named("q4_batched");
inline constexpr rowwise_codec q2_batched = detail::rowwise_codec_named("q2_batched");
inline constexpr rowwise_codec fp8_rowwise_forward =
    detail::rowwise_codec_named("fp8_rowwise_forward");
inline constexpr rowwise_codec fp8_rowwise_backward =
    detail::rowwise_codec_named("fp8_rowwise_backward");
inline constexpr rowwise_codec fp8_rowwise_forward_few =
    detail::rowwise_codec_named("fp8_rowwise_forward_few");
inline constexpr rowwise_codec fp8_rowwise_backward_few =
    detail::rowwise_codec_named("fp8_rowwise_backward_few");
inline constexpr rowwise_codec hfp8 = detail::rowwise_codec_named("hfp8");

}  // namespace rowwise_codecs

/// The least n whose codec with these elements writes n columns as FBGEMM's tensor operators want
/// them: bytes that halves can follow at an even address. spec/tables.md TAB-2.
LOWP_FN std::uint64_t tensor_columns(const rowwise_codec& c) noexcept {
  return c.parameter.width == 16 ? 16U / c.element.width : 1;
}

}  // namespace lowp

#endif  // LOWP_INTEGER_TABLE_ROWWISE_CODECS_HPP
