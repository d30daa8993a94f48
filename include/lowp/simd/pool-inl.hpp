// SPDX-License-Identifier: Apache-2.0
/// \file
/// Bags of rows of integers pooled: all columns of a few vectors at a time, rows in the order of
/// the bag. The definition: `pool_rows` of integer/table/bag.hpp.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <hwy/highway.h>

#include "pool_definition.hpp"
#include "rowwise_decode-inl.hpp"

#if defined(LOWP_SIMD_POOL_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_POOL_INL_HPP
#undef LOWP_SIMD_POOL_INL_HPP
#else
#define LOWP_SIMD_POOL_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_ROW_KERNELS
namespace rows {

/// A bag in work.
struct bag_in_work {
  const pool_plan& p;
  const std::int64_t* indices;
  const float* weights;
  std::uint64_t length;
  std::uint64_t codes, parameters;
  float_vector factor;  ///< of a mean

  HWY_INLINE const std::byte* row(std::uint64_t place) const {
    const std::int64_t index = indices[place];
    if (index < 0) return nullptr;  // pruned
    return p.table.bytes.data() + static_cast<std::uint64_t>(index) * p.row.row_bytes;
  }
};

/// row_lanes codes of Bits bits as integers.
template <int Bits>
HWY_INLINE integer_vector load_codes(const std::byte* p) {
  if constexpr (Bits == 8) {
    return load_codes8(p);
  } else {
    return hn::And(narrow_codes<Bits>()(p), hn::Set(integers(), (1 << Bits) - 1));
  }
}

/// Sums of N vectors of columns from `first` on, or of the last `rest` columns where that is not 0.
/// False: a parameter is not finite or a result is NaN.
template <int Bits, std::size_t N>
HWY_INLINE bool pool_columns(const bag_in_work& b, std::uint64_t first, std::size_t rest,
                             float* out) {
  constexpr std::size_t step = row_lanes * Bits / 8;
  float_vector sums[N];
  for (std::size_t v = 0; v < N; ++v) sums[v] = hn::Zero(floats());
  const std::uint64_t offset = b.codes + first * Bits / 8;
  for (std::uint64_t place = 0; place < b.length; ++place) {
    constexpr std::uint64_t ahead = 8;
    if (place + ahead < b.length) {
      if (const std::byte* later = b.row(place + ahead); later != nullptr) {
        __builtin_prefetch(later + offset);
        __builtin_prefetch(later + b.parameters);
      }
    }
    const std::byte* row = b.row(place);
    if (row == nullptr) continue;
    const stored_parameters s = stored(b.p.row.codec.parameter.width == 32, row + b.parameters);
    if (!s.are_finite()) return false;
    float_vector scale = set_real(s.scale), bias = set_real(s.bias);
    if (b.weights != nullptr) {
      const float_vector weight = hn::Set(floats(), b.weights[place]);
      scale = MulStep(weight, scale);
      bias = MulStep(weight, bias);
    }
    const std::byte* codes = row + offset;
    std::byte last[row_lanes] = {};
    if (rest != 0) {
      std::memcpy(last, codes, (rest * Bits + 7) / 8);
      codes = last;
    }
    for (std::size_t v = 0; v < N; ++v) {
      const float_vector q = hn::ConvertTo(floats(), load_codes<Bits>(codes + v * step));
      sums[v] = FmaStep(q, scale, AddStep(sums[v], bias));
    }
  }
  word_vector greatest = hn::Zero(words());
  for (std::size_t v = 0; v < N; ++v) {
    if (b.p.how.mode == pooling::mean) sums[v] = MulStep(sums[v], b.factor);
    greatest = hn::Max(greatest, magnitudes(sums[v]));
    if (rest == 0) {
      hn::StoreU(sums[v], floats(), out + first + v * row_lanes);
    } else {
      store_first(sums[v], out + first, rest);
    }
  }
  return hn::AllFalse(integers(), are_nan(from_bits(greatest)));
}

template <int Bits>
HWY_INLINE bool pool_bag(const bag_in_work& b, float* out) {
  const std::uint64_t n = b.p.table.columns;
  std::uint64_t i = 0;
  bool is_done = true;
  for (; is_done && i + 8 * row_lanes <= n; i += 8 * row_lanes) {
    is_done = pool_columns<Bits, 8>(b, i, 0, out);
  }
  for (; is_done && i + 4 * row_lanes <= n; i += 4 * row_lanes) {
    is_done = pool_columns<Bits, 4>(b, i, 0, out);
  }
  for (; is_done && i + row_lanes <= n; i += row_lanes) {
    is_done = pool_columns<Bits, 1>(b, i, 0, out);
  }
  if (is_done && i < n) is_done = pool_columns<Bits, 1>(b, i, static_cast<std::size_t>(n - i), out);
  return is_done;
}

/// A bag to binary32; false: the definition has to do it.
inline bool pool_to_binary32(const pool_plan& p, std::uint64_t bag, float* out) {
  const auto begin = static_cast<std::uint64_t>(p.offsets[bag]);
  const auto length = static_cast<std::uint64_t>(p.offsets[bag + 1]) - begin;
  const machine_binary32 one = lowp::real<machine_binary32>(1.0f);
  const machine_binary32 factor =
      length == 0 ? one
                  : one / real_from_integer<machine_binary32>(static_cast<std::int64_t>(length));
  const rowwise_codec& c = p.row.codec;
  const bag_in_work b{p,
                      p.indices.data() + begin,
                      weights_of(p, begin),
                      length,
                      code_offset(c),
                      parameter_offset(c, p.row.columns),
                      set_real(factor.bits())};
  switch (c.element.width) {
    case 8: return pool_bag<8>(b, out);
    case 4: return pool_bag<4>(b, out);
    default: return pool_bag<2>(b, out);
  }
}

inline void pool_bags(const pool_plan& p, std::uint64_t first, std::uint64_t count,
                      std::byte* out) {
  const std::uint64_t n = p.table.columns, size = n * bytes_of(p.how.output);
  const bool direct = p.how.output == row_output::binary32;
  std::vector<float> room(direct ? 0 : n);
  for (std::uint64_t bag = first; bag < first + count; ++bag) {
    std::byte* to = out + bag * size;
    float* sums = direct ? reinterpret_cast<float*>(to) : room.data();
    if (!pool_to_binary32(p, bag, sums)) {
      define_bag(p, bag, to);
    } else if (p.output != nullptr) {
      simd::convert(*p.output, reinterpret_cast<const std::byte*>(sums), to, n);
    } else if (!direct) {
      add_half(sums, n, to);
    }
  }
}

}  // namespace rows
#endif  // LOWP_HAS_ROW_KERNELS

/// Bags first...first + count - 1 to their places in `out`. A `float_environment` must live.
HWY_NOINLINE void pool_bags_planned(const pool_plan& p, std::uint64_t first, std::uint64_t count,
                                    std::byte* out) {
#if LOWP_HAS_ROW_KERNELS
  if (p.row.route == row_route::integers && rows::has_fused_step) {
    return rows::pool_bags(p, first, count, out);
  }
#endif
  const std::uint64_t size = p.table.columns * bytes_of(p.how.output);
  for (std::uint64_t bag = first; bag < first + count; ++bag) define_bag(p, bag, out + bag * size);
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
