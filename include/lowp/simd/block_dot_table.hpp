// SPDX-License-Identifier: Apache-2.0
/// \file
/// Dot products of block-quantised vectors whose elements are integers in a table, for any pair of
/// formats of up to 8 bits, on every processor. spec/bulk.md BLK-10.
#ifndef LOWP_SIMD_BLOCK_DOT_TABLE_HPP
#define LOWP_SIMD_BLOCK_DOT_TABLE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "../accumulator.hpp"
#include "../block/block_dot.hpp"
#include "../detail/wide.hpp"
#include "../formats.hpp"
#include "block_dot_plan.hpp"

namespace lowp::simd {

/// A finite number as an integer times 2^exponent.
struct scaled_integer {
  std::int64_t value = 0;
  std::int32_t exponent = 0;
  bool is_special = false;  ///< infinite, NaN or of more than 62 bits
};

LOWP_FN scaled_integer scaled_integer_of(const exact& x) noexcept {
  if (x.cls == number_class::zero) return {};
  if (x.cls != number_class::finite || x.tail != 0 || x.sticky) return {0, 0, true};
  const int shift = lowp::detail::trailing_zeros(x.significand);
  if (x.significand >> shift >> 62 != 0) return {0, 0, true};
  const auto value = static_cast<std::int64_t>(x.significand >> shift);
  return {x.negative ? -value : value, x.exponent + shift, false};
}

/// Bits of the magnitude.
LOWP_FN int bits_of(std::int64_t x) noexcept {
  const auto magnitude = static_cast<std::uint64_t>(x < 0 ? -x : x);
  return magnitude == 0 ? 0 : 64 - lowp::detail::leading_zeros(magnitude);
}

/// The values of codes in bytes, in units of 2^unit.
struct element_table {
  std::int64_t value[256] = {};
  bool is_special[256] = {};
  bool has_special = false;
  int unit = 0;
  int bits = 0;  ///< of the greatest magnitude; above 62: not usable
};

LOWP_FN element_table make_element_table(format f) noexcept {
  element_table t;
  t.unit = 1 << 20;
  const std::size_t codes = std::size_t{1} << f.width;
  scaled_integer all[256];
  int highest = -(1 << 20);
  for (std::size_t c = 0; c < codes; ++c) {
    all[c] = scaled_integer_of(decode(f, c));
    if (all[c].value == 0) continue;
    t.unit = std::min<int>(t.unit, all[c].exponent);
    highest = std::max(highest, all[c].exponent + bits_of(all[c].value));
  }
  t.bits = std::max(highest - t.unit, 0);
  for (std::size_t c = 0; c < 256 && t.bits <= 62; ++c) {
    const scaled_integer& x = all[c % codes];
    if (x.value != 0) t.value[c] = x.value * (std::int64_t{1} << (x.exponent - t.unit));
    t.is_special[c] = x.is_special;
    t.has_special = t.has_special || x.is_special;
  }
  return t;
}

/// The scales of one vector: a table of those of a byte.
struct scale_table {
  bool are_bytes = false;
  scaled_integer of[256] = {};
  int bits = 0;  ///< of the greatest integer

  LOWP_FN scaled_integer operator()(const block_vector& v, std::uint64_t block) const noexcept {
    if (are_bytes) return of[static_cast<std::uint8_t>(v.scales[block])];
    const code_t bits_read = lowp::detail::scale_bits_at(v, block);
    return scaled_integer_of(decode(v.f.scale, scale_code(v.f, bits_read)));
  }
};

LOWP_FN scale_table make_scale_table(const block_format& f) noexcept {
  scale_table t;
  t.bits = f.scale.precision;
  t.are_bytes = scale_bytes_of(f) == 1;
  for (std::size_t c = 0; c < 256 && t.are_bytes; ++c) {
    t.of[c] = scaled_integer_of(decode(f.scale, scale_code(f, c)));
    t.bits = std::max(t.bits, bits_of(t.of[c].value));
  }
  return t;
}

/// A pair of vectors, prepared.
struct block_dot_tables {
  bool is_usable = false;
  bool is_short = false;  ///< sums of blocks with all scales fit 53 bits
  int low_bits = 0;       ///< 0, or x is split: its lowest bits and those above are summed apart
  element_table x, y;
  std::int64_t x_high[256] = {};
  scale_table x_scale, y_scale;
  scaled_integer outer;  ///< the product of both, with the unit of products of elements
};

/// Prepares two vectors in which `check` finds nothing. Sums of a part fit 62 bits, those of blocks
/// with all scales 127.
LOWP_FN block_dot_tables make_block_dot_tables(const block_vector& x,
                                               const block_vector& y) noexcept {
  block_dot_tables t;
  const auto has_levels = [](const block_format& f) {
    return f.level[0].group != 0 || f.level[1].group != 0;
  };
  // Exponents of all factors stay within those of binary64.
  const auto has_kind = [](const block_vector& v) {
    return v.f.element.width <= 8 && embeds(v.f.scale, formats::binary32) &&
           v.outer.exponent > -200 && v.outer.exponent < 200;
  };
  if (has_levels(x.f) || has_levels(y.f) || !has_kind(x) || !has_kind(y) || !host_is_supported) {
    return t;
  }
  t.outer = scaled_integer_of(evaluate<operation::multiply>({}, x.outer, y.outer).value);
  if (t.outer.is_special || t.outer.value == 0) return t;
  t.x = make_element_table(x.f.element);
  t.y = make_element_table(y.f.element);
  t.x_scale = make_scale_table(x.f);
  t.y_scale = make_scale_table(y.f);
  t.outer.exponent += t.x.unit + t.y.unit;
  const int count = bits_of(x.f.columns), products = t.x.bits + t.y.bits + count;
  const int all = products + t.x_scale.bits + t.y_scale.bits + bits_of(t.outer.value);
  if (t.x.bits > 62 || t.y.bits > 62 || all > 127 || t.outer.exponent < -400) return t;
  t.is_short = all <= 53;
  if (products > 62) {
    t.low_bits = t.x.bits / 2;
    if (t.x.bits - t.low_bits + t.y.bits + count > 62) return t;
    for (std::size_t c = 0; c < 256; ++c) {
      t.x_high[c] = t.x.value[c] >> t.low_bits;
      t.x.value[c] -= t.x_high[c] * (std::int64_t{1} << t.low_bits);
    }
  }
  t.is_usable = true;
  return t;
}

/// The codes of a few elements, one in each byte.
class code_reader {
 public:
  static constexpr std::size_t most = 512;

  LOWP_UNIT explicit code_reader(const block_vector& v)
      : v_(v),
        is_direct_(slot_bits(v.elements) == 8 && v.elements.pack == packing{}),
        are_nibbles_(slot_bits(v.elements) == 4 &&
                     v.elements.pack == packing{.slot = v.elements.pack.slot}) {}

  /// n <= most codes from element `first` on.
  LOWP_UNIT const std::uint8_t* operator()(std::uint64_t first, std::size_t n) {
    if (is_direct_) return reinterpret_cast<const std::uint8_t*>(v_.codes) + first;
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t at = first + i;
      room_[i] = are_nibbles_ ? static_cast<std::uint8_t>(
                                    static_cast<unsigned>(v_.codes[at / 2]) >> (4 * (at & 1)) & 15)
                              : static_cast<std::uint8_t>(read_code(v_.elements, v_.codes, at));
    }
    return room_;
  }

 private:
  const block_vector& v_;
  bool is_direct_, are_nibbles_;
  std::uint8_t room_[most];
};

/// Sums of products of n elements; false: one is infinite or NaN.
template <bool IsSplit, bool HasSpecial>
LOWP_UNIT inline bool add_products(const block_dot_tables& t, const std::uint8_t* x,
                                   const std::uint8_t* y, std::size_t n, std::int64_t& low,
                                   std::int64_t& high) noexcept {
  std::int64_t l = 0, h = 0;
  bool special = false;
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC unroll 4
#endif
  for (std::size_t i = 0; i < n; ++i) {
    l += t.x.value[x[i]] * t.y.value[y[i]];
    if constexpr (IsSplit) h += t.x_high[x[i]] * t.y.value[y[i]];
    if constexpr (HasSpecial) special |= t.x.is_special[x[i]] | t.y.is_special[y[i]];
  }
  low += l;
  high += h;
  return !special;
}

/// x 2^e rounded by the machine, for x of up to 53 bits and normal powers of binary64.
LOWP_UNIT inline float scaled_binary32(std::int64_t x, std::int32_t e) noexcept {
  const auto power = static_cast<std::uint64_t>(e + 1023) << 52;
  return static_cast<float>(static_cast<double>(x) * lowp::detail::bit_cast<double>(power));
}

/// An exact dot product of a block: +-magnitude x 2^exponent.
struct block_sum {
  bool negative;
  lowp::detail::uint128 magnitude;
  std::int32_t exponent;

  LOWP_FN exact value() const noexcept {
    return lowp::detail::exact_wide(negative, magnitude, exponent, false);
  }
  /// By way of binary64, into which the magnitude is rounded to odd: two more bits than binary32
  /// has would do.
  LOWP_UNIT float to_binary32() const noexcept {
    if (magnitude == 0) return 0;
    const int shift = std::max(128 - lowp::detail::leading_zeros_wide(magnitude) - 53, 0);
    auto top = static_cast<std::int64_t>(magnitude >> shift);
    if (static_cast<lowp::detail::uint128>(top) << shift != magnitude) top |= 1;
    return scaled_binary32(negative ? -top : top, exponent + shift);
  }
};

/// The same of up to 53 bits.
struct short_block_sum {
  std::int64_t integer;
  std::int32_t exponent;

  LOWP_FN exact value() const noexcept {
    return exact_finite(integer < 0, static_cast<std::uint64_t>(integer < 0 ? -integer : integer),
                        exponent);
  }
  LOWP_UNIT float to_binary32() const noexcept { return scaled_binary32(integer, exponent); }
};

/// Calls `take(j, sum)` for each block j of n elements; false: something is infinite or NaN.
template <bool IsSplit, bool HasSpecial, class Take>
LOWP_UNIT inline bool for_each_sum(const block_dot_tables& t, const block_vector& x,
                                   const block_vector& y, std::uint64_t n, const Take& take) {
  code_reader read_x(x), read_y(y);
  const std::uint64_t columns = x.f.columns;
  std::int64_t low = 0, high = 0;
  const auto close = [&](std::uint64_t block) {
    const scaled_integer a = t.x_scale(x, block), b = t.y_scale(y, block);
    if (a.is_special || b.is_special) return false;
    const std::int32_t exponent = t.outer.exponent + a.exponent + b.exponent;
    if (t.is_short) {
      take(block, short_block_sum{low * a.value * b.value * t.outer.value, exponent});
    } else {
      // In this order every product fits.
      using lowp::detail::int128;
      const int128 products = int128{high} * (std::int64_t{1} << t.low_bits) + low;
      const int128 sum = products * a.value * b.value * t.outer.value;
      take(block,
           block_sum{sum < 0, static_cast<lowp::detail::uint128>(sum < 0 ? -sum : sum), exponent});
    }
    low = high = 0;
    return true;
  };
  constexpr std::uint64_t step = code_reader::most;
  std::uint64_t block = 0, in_block = 0;
  for (std::uint64_t i = 0; i < n; i += step) {
    const auto here = static_cast<std::size_t>(std::min(step, n - i));
    const std::uint8_t* a = read_x(i, here);
    const std::uint8_t* b = read_y(i, here);
    for (std::size_t k = 0; k < here;) {
      const auto run =
          static_cast<std::size_t>(std::min<std::uint64_t>(columns - in_block, here - k));
      if (!add_products<IsSplit, HasSpecial>(t, a + k, b + k, run, low, high)) return false;
      k += run;
      in_block += run;
      if (in_block < columns && i + k < n) continue;
      if (!close(block++)) return false;
      in_block = 0;
    }
  }
  return true;
}

template <class Take>
LOWP_UNIT inline bool for_each_sum(const block_dot_tables& t, const block_vector& x,
                                   const block_vector& y, std::uint64_t n, const Take& take) {
  const bool special = t.x.has_special || t.y.has_special;
  if (t.low_bits != 0) {
    return special ? for_each_sum<true, true>(t, x, y, n, take)
                   : for_each_sum<true, false>(t, x, y, n, take);
  }
  return special ? for_each_sum<false, true>(t, x, y, n, take)
                 : for_each_sum<false, false>(t, x, y, n, take);
}

/// The dot product by usable tables. A `float_environment` lives around it, which nothing of it may
/// leave. False: something is infinite or NaN, the definition must tell.
[[gnu::noinline]] LOWP_UNIT inline bool dot_by_tables(const block_dot_tables& t,
                                                      const block_vector& x, const block_vector& y,
                                                      std::uint64_t n, dot_rule rule,
                                                      float& result) {
  if (rule.sum == dot_sum::exact) {
    lowp::detail::products_of_vector sum(lowp::detail::unit_of_scaled);
    const auto add = [&](std::uint64_t, const auto& s) { sum.add(s.value()); };
    if (!for_each_sum(t, x, y, n, add)) return false;
    result = lowp::detail::bit_cast<float>(real_bits(sum.round<float32>()));
    return true;
  }
  float lane[64] = {};
  const std::uint64_t mask = rule.lanes - 1u;
  const auto add = [&](std::uint64_t block, const auto& s) {
    float& to = lane[block & mask];
    to = machine::add(to, s.to_binary32());
  };
  if (!for_each_sum(t, x, y, n, add)) return false;
  result = sum_in_halves(lane, rule.lanes);
  return true;
}

}  // namespace lowp::simd

#endif  // LOWP_SIMD_BLOCK_DOT_TABLE_HPP
