// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of binary32 to rows of a codec: parameters of many rows first, then the codes of each while
/// it is in the cache. The definition: `quantise_row`, integer/table/rowwise_convert.hpp.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "convert.hpp"
#include "rowwise_codes-inl.hpp"
#include "rowwise_ends-inl.hpp"
#include "rowwise_minifloats-inl.hpp"

#if defined(LOWP_SIMD_ROWWISE_ENCODE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ROWWISE_ENCODE_INL_HPP
#undef LOWP_SIMD_ROWWISE_ENCODE_INL_HPP
#else
#define LOWP_SIMD_ROWWISE_ENCODE_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_ROW_KERNELS
namespace rows {

/// The codes of a row of integers. No place is 2^31 or more; NaN has code 0, as every negative one.
struct row_encoder {
  float_vector bias, inverse;

  HWY_INLINE integer_vector places(float_vector x) const {
    return to_integers(MulStep(SubStep(x, bias), inverse));
  }
  HWY_INLINE byte_vector whole(const float* p) const {
    const floats d;
    return pack_words(places(hn::LoadU(d, p)), places(hn::LoadU(d, p + row_lanes)),
                      places(hn::LoadU(d, p + 2 * row_lanes)),
                      places(hn::LoadU(d, p + 3 * row_lanes)));
  }
  /// n < bytes_step numbers, and whatever behind.
  HWY_INLINE byte_vector part(const float* p, std::size_t n) const {
    integer_vector q[4];
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t have = n - std::min(n, i * row_lanes);
      q[i] = places(have >= row_lanes ? hn::LoadU(floats(), p + i * row_lanes)
                    : have == 0       ? hn::Zero(floats())
                                      : load_first(p + i * row_lanes, have));
    }
    return pack_words(q[0], q[1], q[2], q[3]);
  }
};

/// The first n bytes of a vector.
HWY_INLINE void store_first_bytes(byte_vector x, std::byte* out, std::size_t n) {
#if HWY_TARGET <= HWY_AVX3
  const __mmask64 first = n >= 64 ? ~__mmask64{0} : (__mmask64{1} << n) - 1;
  _mm512_mask_storeu_epi8(out, first, x.raw);
#else
  HWY_ALIGN std::byte bytes[HWY_LANES(std::uint8_t)];
  hn::Store(x, bytes_tag(), reinterpret_cast<std::uint8_t*>(bytes));
  std::memcpy(out, bytes, n);
#endif
}

inline void encode_bytes(const row_encoder& e, const float* row, std::uint64_t n, std::byte* out) {
  std::uint64_t i = 0;
  for (; i + bytes_step <= n; i += bytes_step) {
    hn::StoreU(in_order(e.whole(row + i)), bytes_tag(), reinterpret_cast<std::uint8_t*>(out + i));
  }
#if HWY_TARGET <= HWY_AVX3
  // Short rows are hardly more than this.
  const hn::Rebind<std::uint8_t, floats> quarter;
  for (; i + row_lanes <= n; i += row_lanes) {
    const auto codes = hn::DemoteTo(quarter, e.places(hn::LoadU(floats(), row + i)));
    hn::StoreU(codes, quarter, reinterpret_cast<std::uint8_t*>(out + i));
  }
#endif
  if (i < n) store_first_bytes(in_order(e.part(row + i, n - i)), out + i, n - i);
}

inline void encode_nibbles(const row_encoder& e, const float* row, std::uint64_t n,
                           std::byte* out) {
  const byte_vector most = hn::Set(bytes_tag(), std::uint8_t{15});
  std::uint64_t i = 0;
  for (; i + 2 * bytes_step <= n; i += 2 * bytes_step) {
    const byte_vector x = hn::Min(e.whole(row + i), most);
    const byte_vector y = hn::Min(e.whole(row + i + bytes_step), most);
    hn::StoreU(pack_nibbles(x, y), bytes_tag(), reinterpret_cast<std::uint8_t*>(out + i / 2));
  }
  if (i == n) return;
  const std::size_t rest = n - i, first = std::min(rest, bytes_step);
  const byte_vector x = first == bytes_step ? e.whole(row + i) : e.part(row + i, first);
  const byte_vector y =
      rest > first ? e.part(row + i + first, rest - first) : hn::Zero(bytes_tag());
  store_first_bytes(pack_nibbles(hn::Min(x, most), hn::Min(y, most)), out + i / 2, (rest + 1) / 2);
  if (rest % 2 != 0) out[n / 2] &= std::byte{15};
}

inline void encode_pairs(const row_encoder& e, const float* row, std::uint64_t n, std::byte* out) {
  const byte_vector most = hn::Set(bytes_tag(), std::uint8_t{3});
  std::uint64_t i = 0;
  for (; i + bytes_step <= n; i += bytes_step) {
    store_pairs(hn::Min(in_order(e.whole(row + i)), most), out + i / 4);
  }
  if (i == n) return;
  std::byte last[bytes_step / 4];
  store_pairs(hn::Min(in_order(e.part(row + i, n - i)), most), last);
  std::memcpy(out + i / 4, last, (n - i + 3) / 4);
  if (n % 4 != 0) out[n / 4] &= static_cast<std::byte>((1 << 2 * (n % 4)) - 1);
}

template <int Bits>
HWY_INLINE void encode_codes(const row_encoder& e, const float* row, std::uint64_t n,
                             std::byte* out) {
  if constexpr (Bits == 8) {
    encode_bytes(e, row, n, out);
  } else if constexpr (Bits == 4) {
    encode_nibbles(e, row, n, out);
  } else {
    encode_pairs(e, row, n, out);
  }
}

template <int Bits>
HWY_NOINLINE void encode_rows_of(const row_plan& p, const float* in, std::uint64_t rows,
                                 std::byte* out, std::uint64_t first) {
  const row_places at(p);
  const std::uint64_t n = p.columns;
  const std::size_t most = rows_of_batch(n);
  row_batch b;
  for (std::uint64_t done = 0; done < rows; done += most) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(most, rows - done));
    const float* row = in + done * n;
    std::byte* to = out + done * at.row_bytes;
    find_ends(row, n, count, b);
    find_parameters(p.codec, count, b);
    for (std::size_t r = 0; r < count; ++r, row += n, to += at.row_bytes) {
      if (b.special[r] != 0) [[unlikely]] {
        define_row(p, row, to, first + (done + r) * n);
        continue;
      }
      const row_encoder e{set_real(b.bias[r]), set_real(b.inverse[r])};
      encode_codes<Bits>(e, row, n, to + at.codes);
      at.fill(to);
      at.store_parameters(to, b.scale_code[r], b.bias_code[r]);
    }
  }
}

inline void encode_integers(const row_plan& p, const float* in, std::uint64_t rows, std::byte* out,
                            std::uint64_t first) {
  switch (p.codec.element.width) {
    case 8: return encode_rows_of<8>(p, in, rows, out, first);
    case 4: return encode_rows_of<4>(p, in, rows, out, first);
    default: return encode_rows_of<2>(p, in, rows, out, first);
  }
}

/// Where numbers stand between the codes of integers; NaNs and what is below 0 at 0, as conversions
/// to integers would have them too, but NaNs slowly.
inline void find_places(const float* in, std::uint64_t n, std::uint32_t bias, std::uint32_t inverse,
                        float* out) {
  const float_vector b = set_real(bias), factor = set_real(inverse), zero = set_real(0);
  const auto place = [&](float_vector x)
                         HWY_ATTR { return greater(MulStep(SubStep(x, b), factor), zero); };
  std::uint64_t i = 0;
  for (; i + row_lanes <= n; i += row_lanes) {
    hn::StoreU(place(hn::LoadU(floats(), in + i)), floats(), out + i);
  }
  if (i < n) store_first(place(load_first(in + i, n - i)), out + i, n - i);
}

/// Rows of integers that are rounded stochastically: the places of several rows, or of a part of
/// one, are converted at a time.
inline void encode_places(const row_plan& p, const float* in, std::uint64_t rows, std::byte* out,
                          std::uint64_t first) {
  const row_places at(p);
  const std::uint64_t n = p.columns;
  const std::size_t most = rows_of_batch(n);
  HWY_ALIGN float places[batch_elements];
  std::byte codes[batch_elements];
  const array_layout layout = code_layout(p.codec);
  const bool joins = n * p.codec.element.width % 8 == 0;
  row_batch b;
  for (std::uint64_t done = 0; done < rows; done += most) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(most, rows - done));
    const float* row = in + done * n;
    std::byte* to = out + done * at.row_bytes;
    const std::uint64_t index = first + done * n;
    find_ends(row, n, count, b);
    find_parameters(p.codec, count, b);
    for (std::uint64_t start = 0; start < n; start += batch_elements) {
      const std::uint64_t here = std::min(batch_elements, n - start);
      for (std::size_t r = 0; r < count; ++r) {
        find_places(row + r * n + start, here, b.bias[r], b.inverse[r], places + r * here);
      }
      const auto* from = reinterpret_cast<const std::byte*>(places);
      if (joins && count > 1) {
        simd::convert(*p.convert, from, codes, count * n, index);
        for (std::size_t r = 0; r < count; ++r) {
          std::memcpy(to + r * at.row_bytes + at.codes, codes + r * at.code_bytes, at.code_bytes);
        }
        continue;
      }
      for (std::size_t r = 0; r < count; ++r) {
        simd::convert(*p.convert, from + 4 * r * here,
                      to + r * at.row_bytes + at.codes + bytes_of(layout, start), here,
                      index + r * n + start);
      }
    }
    for (std::size_t r = 0; r < count; ++r) {
      if (b.special[r] != 0) [[unlikely]] {
        define_row(p, row + r * n, to + r * at.row_bytes, index + r * n);
        continue;
      }
      at.fill(to + r * at.row_bytes);
      at.store_parameters(to + r * at.row_bytes, b.scale_code[r], b.bias_code[r]);
    }
  }
}

}  // namespace rows
#endif  // LOWP_HAS_ROW_KERNELS

/// Rows of numbers to rows of bytes; `first` is the index of the first element for the random
/// source. A `float_environment` must live.
[[maybe_unused]] HWY_NOINLINE void quantise_rows_planned(const row_plan& p, const float* in,
                                                         std::uint64_t rows, std::byte* out,
                                                         std::uint64_t first) {
#if LOWP_HAS_ROW_KERNELS
  if (p.route == row_route::integers) {
    if (is_stochastic(p.codec.round)) return rows::encode_places(p, in, rows, out, first);
    return rows::encode_integers(p, in, rows, out, first);
  }
  if (p.route == row_route::minifloats) return rows::encode_minifloats(p, in, rows, out, first);
#endif
  for (std::uint64_t r = 0; r < rows; ++r) {
    define_row(p, in + r * p.columns, out + r * p.row_bytes, first + r * p.columns);
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
