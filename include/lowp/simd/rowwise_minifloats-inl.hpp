// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of binary32 to rows of minifloats with a scale. The definition: `quantise_row`,
/// integer/table/rowwise_convert.hpp.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "convert.hpp"
#include "encode_even-inl.hpp"
#include "rowwise_ends-inl.hpp"

#if defined(LOWP_SIMD_ROWWISE_MINIFLOATS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ROWWISE_MINIFLOATS_INL_HPP
#undef LOWP_SIMD_ROWWISE_MINIFLOATS_INL_HPP
#else
#define LOWP_SIMD_ROWWISE_MINIFLOATS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_ROW_KERNELS
namespace rows {

/// Lanes of the bits of magnitudes, the greatest of the row among them; NaNs are greater than all.
inline float_vector largest_lanes(const float* row, std::uint64_t n) {
  integer_vector amax = hn::Zero(integers());
  const auto take = [&](float_vector x)
                        HWY_ATTR { amax = hn::Max(amax, as_signed(magnitudes(x))); };
  std::uint64_t i = 0;
  for (; i + row_lanes <= n; i += row_lanes) take(hn::LoadU(floats(), row + i));
  if (i < n) take(load_first(row + i, n - i));
  return from_bits(as_words(amax));
}

struct greatest_bits {
  template <class V>
  HWY_INLINE V operator()(V x, V y) const {
    const hn::DFromV<V> d;
    const hn::RebindToSigned<decltype(d)> di;
    return hn::BitCast(d, hn::Max(hn::BitCast(di, x), hn::BitCast(di, y)));
  }
};

/// Rows of minifloats in work. All numbers are bits of binary32.
struct minifloat_batch {
  HWY_ALIGN std::uint32_t amax[batch_rows];
  HWY_ALIGN std::uint32_t scale[batch_rows];
  std::uint32_t behind[3];  ///< the last scale
};

inline void find_largest(const float* in, std::uint64_t columns, std::size_t rows,
                         minifloat_batch& b) {
  for (std::size_t r = 0; r < rows; r += 4) {
    const float_vector v0 = largest_lanes(in + r * columns, columns);
    const auto of = [&](std::size_t i) HWY_ATTR {
      return r + i < rows ? largest_lanes(in + (r + i) * columns, columns) : v0;
    };
    over_lanes(v0, of(1), of(2), of(3), greatest_bits(), b.amax + r);
  }
  for (std::size_t r = rows; r % row_lanes != 0; ++r) b.amax[r] = 0x3f800000;
}

/// Scales of rows by their greatest magnitudes. spec/tables.md TAB-5.
inline void find_scales(const rowwise_codec& c, std::size_t rows, minifloat_batch& b) {
  const words d;
  const integer_vector least = as_signed(set_bits(constant(c.least_amax)));
  for (std::size_t r = 0; r < rows; r += row_lanes) {
    const integer_vector amax = hn::Max(as_signed(hn::Load(d, b.amax + r)), least);
    const float_vector sum = AddStep(set_real(constant(c.epsilon)), from_bits(as_words(amax)));
    hn::Store(bits_of(DivStep(set_real(constant(c.greatest)), sum)), d, b.scale + r);
  }
}

/// Products with the scale whose magnitude is clipped, the sign kept, of NaN too.
inline void scale_and_clip(const float* in, std::uint64_t n, std::uint32_t scale,
                           std::uint32_t greatest, float* out) {
  const float_vector factor = set_real(scale);
  const integer_vector most = hn::Set(integers(), static_cast<std::int32_t>(greatest));
  const word_vector sign = set_bits(0x80000000);
  const auto clip = [&](float_vector x) HWY_ATTR {
    const integer_vector m = hn::Min(as_signed(magnitudes(MulStep(x, factor))), most);
    return from_bits(hn::Or(as_words(m), hn::And(bits_of(x), sign)));
  };
  std::uint64_t i = 0;
  for (; i + row_lanes <= n; i += row_lanes) {
    hn::StoreU(clip(hn::LoadU(floats(), in + i)), floats(), out + i);
  }
  if (i < n) store_first(clip(load_first(in + i, n - i)), out + i, n - i);
}

/// Codes of rows: products of several rows, or a part of one, are converted at a time.
inline void convert_minifloats(const row_plan& p, const row_places& at, const float* in,
                               std::size_t rows, const minifloat_batch& b, std::byte* out,
                               std::uint64_t first) {
  HWY_ALIGN float scaled[batch_elements];
  std::byte codes[batch_elements];
  for (std::uint64_t start = 0; start < p.columns; start += batch_elements) {
    const std::uint64_t n = std::min(batch_elements, p.columns - start);
    for (std::size_t r = 0; r < rows; ++r) {
      scale_and_clip(in + r * p.columns + start, n, b.scale[r], constant(p.codec.greatest),
                     scaled + r * n);
    }
    simd::convert(*p.convert, reinterpret_cast<const std::byte*>(scaled), codes, rows * n,
                  first + start);
    for (std::size_t r = 0; r < rows; ++r) {
      std::memcpy(out + r * p.row_bytes + at.codes + start, codes + r * n, n);
    }
  }
}

/// Codes of rows of finite numbers by `encode_even`. False: not here, or not of such codes.
inline bool encode_even_minifloats(const row_plan& p, const row_places& at, const float* in,
                                   std::size_t rows, const minifloat_batch& b, std::byte* out) {
#if LOWP_SIMD_HAS_EVEN
  if (is_stochastic(p.codec.round) || !is_even(p.convert->to32)) return false;
  encode_plan<std::uint32_t> clipped = p.convert->to32;
  clipped.cap[0] = clipped.cap[1] = p.greatest_code;
  auto* codes = reinterpret_cast<std::uint8_t*>(out + at.codes);
  encode_even<true, 8>(clipped, {in, rows, p.columns, b.scale, 63, 1, codes, p.row_bytes});
  return true;
#else
  return static_cast<void>(p), static_cast<void>(at), static_cast<void>(in),
         static_cast<void>(rows), static_cast<void>(b), static_cast<void>(out), false;
#endif
}

inline void encode_minifloats(const row_plan& p, const float* in, std::uint64_t rows,
                              std::byte* out, std::uint64_t first) {
  const row_places at(p);
  const std::size_t most = rows_of_batch(p.columns);
  const bool has_scale = p.codec.scaling != row_scaling::none;
  row_plan part = p;  // rows, or, without scales, as much of one as the cache holds
  minifloat_batch b;
  std::fill_n(b.scale, batch_rows, 0x3f800000);
  std::fill_n(b.behind, 3, 0x3f800000);
  for (std::uint64_t done = 0; done < rows; done += most) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(most, rows - done));
    const float* row = in + done * p.columns;
    std::byte* to = out + done * p.row_bytes;
    const std::uint64_t index = first + done * p.columns;
    for (std::uint64_t start = 0; start < p.columns; start += part.columns) {
      if (!has_scale) part.columns = std::min(batch_elements, p.columns - start);
      const float* numbers = row + start;
      find_largest(numbers, part.columns, count, b);
      if (has_scale) find_scales(p.codec, count, b);
      const bool is_even = encode_even_minifloats(part, at, numbers, count, b, to + start);
      if (!is_even) convert_minifloats(part, at, numbers, count, b, to + start, index + start);
      for (std::size_t r = 0; is_even && !has_scale && r < count; ++r) {
        if (b.amax[r] < 0x7f800000) [[likely]]
          continue;
        convert_minifloats(part, at, numbers + r * part.columns, 1, b, to + start + r * p.row_bytes,
                           index + start + r * part.columns);
      }
    }
    for (std::size_t r = 0; r < count; ++r, row += p.columns, to += p.row_bytes) {
      at.fill(to);
      at.store_parameters(to, b.scale[r], 0);
      if (!has_scale || (b.amax[r] < 0x7f800000 && b.scale[r] < 0x7f800000)) [[likely]]
        continue;
      define_row(p, row, to, index + r * p.columns);
    }
  }
}

}  // namespace rows
#endif  // LOWP_HAS_ROW_KERNELS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
