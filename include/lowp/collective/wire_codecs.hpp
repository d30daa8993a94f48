// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of codecs of wires. A new one is one row. spec/collectives.md COL-5.
#ifndef LOWP_COLLECTIVE_WIRE_CODECS_HPP
#define LOWP_COLLECTIVE_WIRE_CODECS_HPP

#include <cstddef>
#include <cstdint>

#include "../block/block_formats.hpp"
#include "../block/block_recipes.hpp"
#include "../detail/find_row.hpp"
#include "../integer/table/rowwise_codecs.hpp"
#include "wire_codec.hpp"

namespace lowp {

/// A codec that somebody uses.
struct named_wire_codec {
  const char* name;
  wire_codec value;
  const char* description;
  const char* source;

  /// A row stands for its codec.
  LOWP_FN operator wire_codec() const noexcept { return value; }
};

namespace detail {

/// Numbers for themselves; what is beyond the greatest becomes it, infinities too.
LOWP_FN wire_codec number_wire(std::uint16_t id, format element) noexcept {
  return {.id = id, .element = element, .conversion = {.overflow = overflow_rule::saturate}};
}
LOWP_FN wire_codec row_wire(std::uint16_t id, std::uint32_t row, const rowwise_codec& c) noexcept {
  return {.id = id, .kind = wire_kind::rows, .row = row, .rows = c};
}
LOWP_FN wire_codec block_wire(std::uint16_t id, std::uint32_t row, const block_format& f,
                              const block_recipe& r) noexcept {
  return {.id = id, .kind = wire_kind::blocks, .row = row, .block = f, .recipe = r};
}

}  // namespace detail

// One codec a row, kept by hand. Ids are never used again.
// clang-format off
/// The registered codecs. spec/collectives.md COL-5.
inline constexpr named_wire_codec all_wire_codecs[] = {
    {"fp32", {.id = 1}, "binary32 as it is", "own"},
    {"bf16", detail::number_wire(2, formats::bfloat16), "bfloat16, saturating", "FBGEMM 71d6f8b, fbgemm_gpu/quantize_utils.py (bf16 with clamp)"},
    {"fp16", detail::number_wire(3, formats::binary16), "binary16, saturating", "FBGEMM 71d6f8b, fbgemm_gpu/quantize_utils.py (fp16 with clamp)"},
    {"fp8_e4m3", detail::block_wire(4, 128, block_formats::fp8_1x128, block_recipes::fp8_te), "E4M3, a binary32 scale for each 128", "own: fp8_1x128 with the recipe of TransformerEngine"},
    {"fp8_e5m2", detail::block_wire(5, 128, block_formats::fp8_1x128_e5m2, block_recipes::fp8_te), "E5M2, the same", "own: fp8_1x128_e5m2 with the recipe of TransformerEngine"},
    {"mxfp8_e4m3", detail::block_wire(6, 256, block_formats::mxfp8_e4m3, block_recipes::torchao_rceil), "MXFP8 E4M3, rows of 8 blocks, no element overflows", "own: OCP MX v1.0 with the scales of torchao"},
    {"mxfp8_e5m2", detail::block_wire(7, 256, block_formats::mxfp8_e5m2, block_recipes::torchao_rceil), "MXFP8 E5M2, the same", "own: OCP MX v1.0 with the scales of torchao"},
    {"mxfp6_e2m3", detail::block_wire(8, 256, block_formats::mxfp6_e2m3, block_recipes::torchao_rceil), "MXFP6 E2M3, the same, 6 bits end to end", "own: OCP MX v1.0 with the scales of torchao"},
    {"mxfp6_e3m2", detail::block_wire(9, 256, block_formats::mxfp6_e3m2, block_recipes::torchao_rceil), "MXFP6 E3M2, the same", "own: OCP MX v1.0 with the scales of torchao"},
    {"mxfp4", detail::block_wire(10, 256, block_formats::mxfp4, block_recipes::torchao_rceil), "MXFP4, the same", "own: OCP MX v1.0 with the scales of torchao"},
    {"nvfp4", detail::block_wire(11, 256, block_formats::nvfp4_row, block_recipes::nvfp4_te), "NVFP4, rows of 16 blocks with an outer scale each", "own: nvfp4_row with the recipe of TransformerEngine"},
    {"int8", detail::row_wire(12, 128, rowwise_codecs::q8_sbfloat), "8 bits, binary32 scale and bias for each 128", "FBGEMM 71d6f8b, src/QuantUtils.cc: FusedNBitRowwise for 8 bits"},
    {"int4", detail::row_wire(13, 128, rowwise_codecs::q4_sbhalf), "4 bits, binary16 scale and bias for each 128", "FBGEMM 71d6f8b, src/QuantUtils.cc: FusedNBitRowwise"},
    {"int2", detail::row_wire(14, 128, rowwise_codecs::q2_sbhalf), "2 bits, the same", "FBGEMM 71d6f8b, src/QuantUtils.cc: FusedNBitRowwise"},
    {"fbgemm_int8", detail::row_wire(15, 32, rowwise_codecs::q8_cuda), "INT8 of torchrec on CUDA", "FBGEMM 71d6f8b, fbgemm_gpu/quantize_comm.py"},
    {"fbgemm_int8_cpu", detail::row_wire(16, 32, rowwise_codecs::q8_sbfloat), "INT8 of torchrec on CPUs", "FBGEMM 71d6f8b, fbgemm_gpu/quantize_comm.py"},
    {"fbgemm_fp8", detail::row_wire(17, 1, rowwise_codecs::hfp8), "FP8 of torchrec without row length: HFP8 without scale, clipped at 0.9375", "FBGEMM 71d6f8b, fbgemm_gpu/quantize_comm.py"},
    {"fbgemm_fp8_forward", detail::row_wire(18, 32, rowwise_codecs::fp8_rowwise_forward), "FP8 of torchrec with rows, 1-4-3, over 20 rows", "FBGEMM 71d6f8b, quantize_fp8_rowwise.cu"},
    {"fbgemm_fp8_backward", detail::row_wire(19, 32, rowwise_codecs::fp8_rowwise_backward), "FP8 of torchrec with rows, 1-5-2, over 20 rows", "FBGEMM 71d6f8b, quantize_fp8_rowwise.cu"},
    {"fbgemm_mx4", detail::block_wire(20, 32, block_formats::mxfp4, detail::block_recipe_named("fbgemm_even")), "MX4 of torchrec: 16 bytes and an exponent for each 32", "FBGEMM 71d6f8b, fbgemm_gpu/triton/quantize.py, rounding mode even"},
};
// clang-format on

/// Number of registered codecs.
inline constexpr std::size_t wire_codec_count =
    sizeof(all_wire_codecs) / sizeof(all_wire_codecs[0]);

/// The codec of this name, or null.
LOWP_FN const named_wire_codec* find_wire_codec(const char* name) noexcept {
  return detail::find_row(all_wire_codecs, name);
}

/// The codec with this id, or null.
LOWP_FN const named_wire_codec* find_wire_codec(std::uint16_t id) noexcept {
  for (const named_wire_codec& row : all_wire_codecs) {
    if (row.value.id == id) return &row;
  }
  return nullptr;
}

/// Do both codecs read the same bytes as the same numbers? Row length and rotation, which headers
/// have, do not count, nor does what only an encoder needs: rounding, scale rules.
LOWP_FN bool reads_like(const wire_codec& a, const wire_codec& b) noexcept {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case wire_kind::numbers: return a.element == b.element;
    case wire_kind::rows: {
      const rowwise_codec &x = a.rows, &y = b.rows;
      return x.element == y.element && x.parameter == y.parameter && x.scaling == y.scaling &&
             x.parameters_first == y.parameters_first && x.code_alignment == y.code_alignment &&
             x.row_alignment == y.row_alignment;
    }
    case wire_kind::blocks: return a.block == b.block;
  }
  return false;
}

/// Will receivers that know ids take what it writes for what it is? A codec of one's own has an id
/// that is not registered, and both sides agree on it: ids are all that tells own codecs apart.
LOWP_FN bool has_right_id(const wire_codec& c) noexcept {
  const named_wire_codec* registered = find_wire_codec(c.id);
  return registered == nullptr || reads_like(c, registered->value);
}

namespace detail {

consteval wire_codec wire_codec_named(const char* name) { return row_named(all_wire_codecs, name); }

}  // namespace detail

/// The rows as constants.
namespace wire_codecs {

inline constexpr wire_codec fp32 = detail::wire_codec_named("fp32");
inline constexpr wire_codec bf16 = detail::wire_codec_named("bf16");
inline constexpr wire_codec fp16 = detail::wire_codec_named("fp16");
inline constexpr wire_codec fp8_e4m3 = detail::wire_codec_named("fp8_e4m3");
inline constexpr wire_codec fp8_e5m2 = detail::wire_codec_named("fp8_e5m2");
inline constexpr wire_codec mxfp8_e4m3 = detail::wire_codec_named("mxfp8_e4m3");
inline constexpr wire_codec mxfp8_e5m2 = detail::wire_codec_named("mxfp8_e5m2");
inline constexpr wire_codec mxfp6_e2m3 = detail::wire_codec_named("mxfp6_e2m3");
inline constexpr wire_codec mxfp6_e3m2 = detail::wire_codec_named("mxfp6_e3m2");
inline constexpr wire_codec mxfp4 = detail::wire_codec_named("mxfp4");
inline constexpr wire_codec nvfp4 = detail::wire_codec_named("nvfp4");
inline constexpr wire_codec int8 = detail::wire_codec_named("int8");
inline constexpr wire_codec int4 = detail::wire_codec_named("int4");
inline constexpr wire_codec int2 = detail::wire_codec_named("int2");
inline constexpr wire_codec fbgemm_int8 = detail::wire_codec_named("fbgemm_int8");
inline constexpr wire_codec fbgemm_int8_cpu = detail::wire_codec_named("fbgemm_int8_cpu");
inline constexpr wire_codec fbgemm_fp8 = detail::wire_codec_named("fbgemm_fp8");
inline constexpr wire_codec fbgemm_fp8_forward = detail::wire_codec_named("fbgemm_fp8_forward");
inline constexpr wire_codec fbgemm_fp8_backward = detail::wire_codec_named("fbgemm_fp8_backward");
inline constexpr wire_codec fbgemm_mx4 = detail::wire_codec_named("fbgemm_mx4");

}  // namespace wire_codecs

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_WIRE_CODECS_HPP
