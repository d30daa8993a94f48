// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of published row-wise codecs. A new one is one row. spec/tables.md TAB-2.
#ifndef LOWP_INTEGER_ROWWISE_CODECS_HPP
#define LOWP_INTEGER_ROWWISE_CODECS_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../formats.hpp"
#include "rowwise.hpp"

namespace lowp {

/// A codec that somebody uses.
struct named_rowwise_codec {
  std::string_view name;
  rowwise_codec value;
  const char* source;
};

namespace detail {

// binary32
inline constexpr std::uint32_t ten_to_minus_8 = 0x322bcc77, ten_to_minus_20 = 0x1e3ce508;
inline constexpr std::uint32_t fifteen_sixteenths = 0x3f700000, seven_eighths = 0x3f600000;

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
LOWP_FN rowwise_codec hfp8_rows(format element, std::uint32_t greatest,
                                std::uint32_t least_amax) noexcept {
  return {.element = element,
          .parameter = formats::binary32,
          .scaling = row_scaling::magnitude,
          .code_alignment = 4,
          .epsilon = ten_to_minus_20,
          .least_amax = least_amax,
          .greatest = greatest};
}

}  // namespace detail

// One codec a row, kept by hand.
// clang-format off
/// The published codecs; files of FBGEMM at 71d6f8b.
inline constexpr named_rowwise_codec rowwise_codecs[] = {
    {"q8_sbfloat", {.element = formats::uint8, .parameter = formats::binary32, .scaling = row_scaling::range, .epsilon = detail::ten_to_minus_8},
     "src/QuantUtils.cc, FloatOrHalfToFused8BitRowwiseQuantizedSBFloatRef"},
    {"q8_cuda", {.element = formats::uint8, .parameter = formats::binary32, .scaling = row_scaling::range, .code_alignment = 4, .epsilon = detail::ten_to_minus_20},
     "fbgemm_gpu/src/quantize_ops/quantize_fused_8bit_rowwise.cu"},
    {"q8_cuda_first", {.element = formats::uint8, .parameter = formats::binary32, .scaling = row_scaling::range, .parameters_first = true, .code_alignment = 4, .epsilon = detail::ten_to_minus_20},
     "the same file, decoder with scale_bias_last = false"},
    {"q8_sbhalf", detail::half_rows(formats::uint8), "src/QuantUtils.cc, FloatOrHalfToFusedNBitRowwiseQuantizedSBHalfRef, bit rate 8"},
    {"q4_sbhalf", detail::half_rows(formats::uint4), "the same function, bit rate 4"},
    {"q2_sbhalf", detail::half_rows(formats::uint2), "the same function, bit rate 2"},
    {"q8_batched", detail::batched_rows(formats::uint8), "table-batched embeddings for inference on CUDA, 8 bits"},
    {"q4_batched", detail::batched_rows(formats::uint4), "the same, 4 bits"},
    {"q2_batched", detail::batched_rows(formats::uint2), "the same, 2 bits"},
    {"fp8_rowwise_forward", detail::hfp8_rows(hfp8_forward, detail::fifteen_sixteenths, detail::ten_to_minus_20),
     "fbgemm_gpu/src/quantize_ops/quantize_fp8_rowwise.cu, forward, over 20 rows"},
    {"fp8_rowwise_backward", detail::hfp8_rows(hfp8_backward, detail::seven_eighths, detail::ten_to_minus_20),
     "the same file, backward, over 20 rows"},
    {"fp8_rowwise_forward_few", detail::hfp8_rows(hfp8_forward, detail::fifteen_sixteenths, 0),
     "the same file, forward, up to 20 rows"},
    {"fp8_rowwise_backward_few", detail::hfp8_rows(hfp8_backward, detail::seven_eighths, 0),
     "the same file, backward, up to 20 rows"},
    {"hfp8", {.element = hfp8_forward, .parameter = formats::binary32, .scaling = row_scaling::none, .greatest = detail::fifteen_sixteenths},
     "fbgemm_gpu/fbgemm_gpu/quantize_comm.py, FP8 without row_dim"},
};
// clang-format on

/// Number of registered codecs.
inline constexpr std::size_t rowwise_codec_count =
    sizeof(rowwise_codecs) / sizeof(rowwise_codecs[0]);

/// The codec of this name, or null.
LOWP_FN const rowwise_codec* find_rowwise_codec(std::string_view name) noexcept {
  for (const named_rowwise_codec& c : rowwise_codecs) {
    if (c.name == name) return &c.value;
  }
  return nullptr;
}

/// The least n whose codec with these elements writes n columns as FBGEMM's tensor operators want
/// them: bytes that halves can follow at an even address. spec/tables.md TAB-2.
LOWP_FN std::uint64_t tensor_columns(const rowwise_codec& c) noexcept {
  return c.parameter.width == 16 ? 16U / c.element.width : 1;
}

}  // namespace lowp

#endif  // LOWP_INTEGER_ROWWISE_CODECS_HPP
