// SPDX-License-Identifier: Apache-2.0
/// \file
/// Lines, each the codes of a row, then its scales, to numbers: scales of many lines are made
/// factors together, codes are read where they are. spec/collectives.md COL-2.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "dequantise_factors-inl.hpp"

#if defined(LOWP_SIMD_DEQUANTISE_LINES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_DEQUANTISE_LINES_INL_HPP
#undef LOWP_SIMD_DEQUANTISE_LINES_INL_HPP
#else
#define LOWP_SIMD_DEQUANTISE_LINES_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Reads the scales of some lines, one behind the other, and elements of one of them.
class line_reader {
 public:
  line_reader(const dequantise_plan& p, const block_lines& lines, const std::byte* in)
      : p_(p), l_(lines), in_(in) {}

  /// Of n blocks, a multiple of those of a line, from the first one on.
  const std::uint8_t* scale_bytes(std::uint64_t, std::size_t n, std::uint8_t* room) const {
    const std::byte* from = in_ + l_.code_bytes;
    for (std::size_t i = 0; i < n; i += l_.blocks, from += l_.line_bytes) {
      copy_few(from, l_.blocks, room + i);
    }
    return room;
  }
  code_t next_scale() {
    const code_t bits = scale(next_);
    if (++next_ == l_.blocks) next_ = 0, in_ += l_.line_bytes;
    return bits;
  }
  code_t code_at(std::uint64_t column) const {
    return read_code(p_.m.layout.elements, in_, column);
  }
  float define(std::uint64_t column, code_t code, float outer) const {
    const std::uint64_t columns = p_.m.f.columns;
    const int at = static_cast<int>(column % columns);
    return define_number(p_, scale(column / columns), code, at, outer);
  }

 private:
  code_t scale(std::uint64_t block) const {
    const std::byte* at = in_ + l_.code_bytes + block * l_.scale_bytes;
    std::uint32_t bits = 0;
    if (l_.scale_bytes != 4) return lowp::detail::read_bytes(at, static_cast<int>(l_.scale_bytes));
    std::memcpy(&bits, at, 4);
    return bits;
  }

  const dequantise_plan& p_;
  const block_lines& l_;
  const std::byte* in_;
  std::uint64_t next_ = 0;
};

/// The numbers of `count` lines, which have as many blocks together as a chunk.
inline void dequantise_some_lines(const dequantise_plan& p, const block_lines& l,
                                  const std::byte* in, std::size_t count, float* out) {
  constexpr std::size_t most = dequantise_chunk;
  const auto blocks = static_cast<std::size_t>(l.blocks), n = static_cast<std::size_t>(l.n);
  chunk_scales scales;
  HWY_ALIGN float each[dequantise_chunk + dequantise_room];
  HWY_ALIGN std::uint8_t room[dequantise_chunk + dequantise_room];
  float outer[most];
  bool is_special = false;
  outer[0] = 1;
  for (std::size_t r = 0; p.m.f.outer != outer_scale::none && r < count; ++r) {
    std::memcpy(outer + r, in + (r + 1) * l.line_bytes - 4, 4);
    const auto bits = lowp::detail::bit_cast<std::uint32_t>(outer[r]) & 0x7fffffff;
    is_special = is_special || bits >= 0x7f800000 || bits == 0;
  }
  line_reader reader(p, l, in);
  scales.code[0] = 0;  // lines have blocks, which g++ 12 does not see
  is_special = make_factors(p, reader, 0, count * blocks, 1.0f, scales) || is_special;
  chunk_factors factors{scales.factor, p.log2_columns, blocks};
  if (p.is_per_element) {
    spread_factors(p, 0, scales, each, n);
    factors.of = each;
  }
  chunk_codes codes{reinterpret_cast<const std::uint8_t*>(in), p.is_direct, 16, count,
                    static_cast<std::size_t>(l.line_bytes)};
  if (!p.is_direct) {
    for (std::size_t i = 0; i < n; ++i) {
      room[i] = static_cast<std::uint8_t>(read_code(p.m.layout.elements, in, i));
    }
    codes.at = room;
  }
  // Steps of decoders are longer than short lines.
  if (count > 1 && n % step_elements != 0 && !p.has_outer &&
      l.code_bytes * 8 == n * p.m.f.element.width) {
    for (std::size_t r = 0; r < count; ++r) {
      copy_few(in + r * l.line_bytes, l.code_bytes, room + r * l.code_bytes);
    }
    decode_chunk(p, {room, true}, factors, outer, out, count * n, false);
  } else {
    decode_chunk(p, codes, factors, outer, out, n, false);
  }
  for (std::size_t r = 0; is_special && r < count; ++r) {
    const float P = outer[p.m.f.outer == outer_scale::none ? 0 : r];
    const auto bits = lowp::detail::bit_cast<std::uint32_t>(P) & 0x7fffffff;
    const bool all = bits >= 0x7f800000 || (bits == 0 && p.zero_is_special);
    define_blocks(p, line_reader(p, l, in + r * l.line_bytes), 0, n, P, all,
                  scales.factor + r * blocks, out + r * n);
  }
}

/// The numbers of lines.
inline void dequantise_all_lines(const dequantise_plan& p, const block_lines& l,
                                 const std::byte* in, std::uint64_t count, float* out) {
  const bool joins = p.is_direct && !p.is_per_element;
  const std::uint64_t together = joins ? dequantise_chunk / l.n : 1;
  for (std::uint64_t r = 0; r < count; r += together) {
    const auto here = static_cast<std::size_t>(std::min(together, count - r));
    dequantise_some_lines(p, l, in + r * l.line_bytes, here, out + r * l.n);
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
