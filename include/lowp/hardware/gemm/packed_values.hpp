// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows and columns packed as floating-point values for the kernels of sums that are not aligned,
/// with the range of what was packed. spec/gemm.md GEM-10.
#ifndef LOWP_HARDWARE_GEMM_PACKED_VALUES_HPP
#define LOWP_HARDWARE_GEMM_PACKED_VALUES_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "../../detail/bits.hpp"
#include "gemm_kernel.hpp"

namespace lowp::simd {

/// Rows and columns of tiles of these kernels.
inline constexpr int value_rows = 8, value_columns = 32;

/// What the factors of an instruction, other than zeros, are multiples of and below: 2^least and
/// 2^greatest.
struct value_range {
  static constexpr std::int32_t none = 1 << 20;
  std::int32_t least = none, greatest = -none;

  LOWP_UNIT void join(const value_range& x) noexcept {
    least = x.least < least ? x.least : least;
    greatest = x.greatest > greatest ? x.greatest : greatest;
  }
};

/// A packed instruction: its range, and 64 bytes behind its begin k x count values.
inline constexpr std::size_t values_at = 64;
LOWP_UNIT constexpr std::size_t value_bytes(int k, int count, std::size_t real) noexcept {
  return values_at + (static_cast<std::size_t>(k * count) * real + 63) / 64 * 64;
}
LOWP_UNIT inline value_range range_at(const std::byte* packed) noexcept {
  value_range r;
  std::memcpy(&r, packed, sizeof r);
  return r;
}

/// Exponent of the least normal value of a minifloat.
LOWP_UNIT inline int least_normal(format f) noexcept {
  using kind = lowp::detail::kind_of_number<number_kind::minifloat>;
  return kind::least_normal_exponent(f);
}

namespace values {

template <class Real>
struct bits_of_real;
template <>
struct bits_of_real<float> {
  using type = std::uint32_t;
  static constexpr int mantissa = 23, bias = 127, fields = 255;
};
template <>
struct bits_of_real<double> {
  using type = std::uint64_t;
  static constexpr int mantissa = 52, bias = 1023, fields = 2047;
};

/// 2^e, e that of a normal number.
LOWP_UNIT inline double power_of_two(int e) noexcept {
  return lowp::detail::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52);
}

/// A factor, whose format's values `Real` has; NaN for what is not finite. Integers are their
/// values, or +1 and -1 for 0 and 1 where products are exclusive ors.
template <class Real>
LOWP_UNIT Real value_of_factor(const mma_model& m, format f, const mma_operand& x) noexcept {
  if (m.sum == mma_sum::integer) {
    const auto n = static_cast<std::int64_t>(x.significand);
    return static_cast<Real>(m.exclusive_or ? 1 - 2 * n : n);
  }
  if (x.cls == number_class::zero)
    return lowp::detail::bit_cast<Real>(static_cast<typename bits_of_real<Real>::type>(
        x.negative ? std::uint64_t{1} << (8 * sizeof(Real) - 1) : 0));
  if (x.cls != number_class::finite) return std::numeric_limits<Real>::quiet_NaN();
  // Significands up to 53 bits; in two steps, as 2^-1074 is no normal number.
  const double n = static_cast<double>(x.significand);
  const int e = x.exponent - trailing_bits(f);
  const double v = n * power_of_two(e / 2) * power_of_two(e - e / 2);
  return static_cast<Real>(x.negative ? -v : v);
}

/// How codes become factors.
enum class reading : std::uint8_t { operand, table, bfloat16, binary16, tf32, raw };

LOWP_UNIT inline reading reading_of(const mma_model& m, format f, const gemm_source& s,
                                    std::size_t real) noexcept {
  const bool plain = m.stored.width == 0 && m.sum != mma_sum::integer;
  if (stored_width(m, f) <= 8 && s.table != nullptr) return reading::table;
  if (plain && f == formats::bfloat16 && s.codes.bytes == 2) return reading::bfloat16;
  if (plain && f == formats::binary16 && s.codes.bytes == 2) return reading::binary16;
  if (m.stored == formats::binary32 && f == formats::tf32 && s.codes.bytes == 4 &&
      m.read.overflow == overflow_rule::ieee && !m.read.flush_subnormal_result &&
      (m.read.round == rounding::to_nearest_even || m.read.round == rounding::toward_zero)) {
    return reading::tf32;
  }
  const bool keeps = m.read.subnormal_input == subnormal_input_rule::keep;
  if (plain && keeps && f == formats::binary32 && s.codes.bytes == 4 && real == 4) {
    return reading::raw;
  }
  if (plain && keeps && f == formats::binary64 && s.codes.bytes == 8 && real == 8) {
    return reading::raw;
  }
  return reading::operand;
}

/// Codes of one side to values.
template <class Real>
class reader {
 public:
  LOWP_UNIT explicit reader(const gemm_source& s) noexcept
      : source_(s), format_(s.is_b ? s.model->b : s.model->a) {
    half_ = s.model->read.round == rounding::toward_zero ? 0 : 0xfff;
    how_ = reading_of(*s.model, format_, s, sizeof(Real));
    flushes_ = s.model->read.subnormal_input == subnormal_input_rule::zero;
    if (how_ != reading::table) return;
    const int width = stored_width(*s.model, format_);
    mask_ = lowp::detail::low_mask(width);
    for (code_t c = 0; c <= mask_; ++c) {
      table_[c] = value_of_factor<Real>(*s.model, format_, s.table[c]);
    }
  }
  template <reading How>
  LOWP_UNIT Real value(std::size_t v, std::size_t k) const noexcept {
    switch (How) {
      case reading::table: return table_[source_.code(v, k) & mask_];
      case reading::bfloat16: {
        auto c = static_cast<std::uint32_t>(source_.code(v, k));
        if (flushes_ && (c & 0x7f80) == 0) c &= 0x8000;
        return lowp::detail::bit_cast<float>(c << 16);
      }
      case reading::binary16: return half(static_cast<std::uint32_t>(source_.code(v, k)));
      case reading::tf32: {
        auto w = static_cast<std::uint32_t>(source_.code(v, k));
        if ((w & 0x7f800000) != 0x7f800000) w += half_ == 0 ? 0 : half_ + (w >> 13 & 1);
        if (flushes_ && (w & 0x7f800000) == 0) w &= 0x80000000;
        return lowp::detail::bit_cast<float>(w & ~std::uint32_t{0x1fff});
      }
      case reading::raw: {
        const auto bits = static_cast<typename bits_of_real<Real>::type>(source_.code(v, k));
        return lowp::detail::bit_cast<Real>(bits);
      }
      case reading::operand: break;
    }
    return value_of_factor<Real>(*source_.model, format_, source_.operand(v, k));
  }
  LOWP_UNIT reading how() const noexcept { return how_; }
  LOWP_UNIT format source_format() const noexcept { return format_; }

 private:
  LOWP_UNIT Real half(std::uint32_t c) const noexcept {
    const std::uint32_t sign = (c & 0x8000) << 16, field = c >> 10 & 31, m = c & 0x7fff;
    if (field == 31) return std::numeric_limits<Real>::quiet_NaN();
    if (field != 0) return lowp::detail::bit_cast<float>(sign | ((m << 13) + (112u << 23)));
    const float tiny = flushes_ ? 0.0f : static_cast<float>(m) * 0x1p-24f;
    return lowp::detail::bit_cast<float>(sign | lowp::detail::bit_cast<std::uint32_t>(tiny));
  }

  const gemm_source& source_;
  format format_;
  reading how_{};
  bool flushes_ = false;
  std::uint32_t half_ = 0;  ///< just below half a unit, or 0 where bits are cut
  code_t mask_ = 0;
  Real table_[256];
};

}  // namespace values

/// Where and how vectors are packed: `bytes` from one instruction to the next.
struct packing_job {
  const gemm_source& from;
  std::size_t first;
  std::uint64_t instructions;
  std::byte* out;
  unsigned char* special;
  std::size_t bytes;
};

namespace values {

/// The range that goes with exponent fields from `low` to `high` of what is not zero.
template <class Real>
LOWP_UNIT value_range range_of_fields(const mma_model& m, format f, int low, int high) noexcept {
  using traits = bits_of_real<Real>;
  if (low > high) return {};
  if (m.sum == mma_sum::integer) return {0, high - traits::bias + 1};
  // Subnormal factors end where the least normal one does. Lower would be as right, and have more
  // tiles done with care.
  const int least = low - traits::bias, normal = least_normal(f);
  return {(least < normal ? normal : least) - trailing_bits(f), high - traits::bias + 1};
}

template <reading How, class Real, int Count>
LOWP_UNIT void pack(const packing_job& job, const reader<Real>& read) {
  using traits = bits_of_real<Real>;
  using bits = typename traits::type;
  const mma_model& m = *job.from.model;
  std::byte* out = job.out;
  for (std::uint64_t n = 0; n < job.instructions; ++n, out += job.bytes) {
    auto* values = reinterpret_cast<Real*>(out + values_at);
    int low = traits::fields, high = 0;
    for (int i = 0; i < m.k; ++i) {
      const auto at = static_cast<std::size_t>(n * m.k) +
                      static_cast<std::size_t>(lowp::detail::product_at(m, i));
      for (int v = 0; v < Count; ++v) {
        const Real x = read.template value<How>(job.first + static_cast<std::size_t>(v), at);
        const auto magnitude = static_cast<bits>(lowp::detail::bit_cast<bits>(x) << 1);
        const int field = static_cast<int>(magnitude >> (traits::mantissa + 1));
        low = field < low && magnitude != 0 ? field : low;
        high = field > high ? field : high;
        values[i * Count + v] = x;
      }
    }
    if (high == traits::fields) {
      high = 0;
      for (int i = 0; i < m.k * Count; ++i) {
        const auto w = static_cast<bits>(lowp::detail::bit_cast<bits>(values[i]) << 1);
        const int field = static_cast<int>(w >> (traits::mantissa + 1));
        if (field == traits::fields) {
          job.special[i % Count] = 1;
          values[i] = 0;
        } else {
          high = field > high ? field : high;
        }
      }
    }
    const value_range r = range_of_fields<Real>(m, read.source_format(), low, high);
    std::memcpy(out, &r, sizeof r);
  }
}

template <class Real, int Count>
LOWP_UNIT void pack(const packing_job& job) {
  const reader<Real> read(job.from);
  switch (read.how()) {
    case reading::operand: return pack<reading::operand, Real, Count>(job, read);
    case reading::table: return pack<reading::table, Real, Count>(job, read);
    case reading::bfloat16: return pack<reading::bfloat16, Real, Count>(job, read);
    case reading::binary16: return pack<reading::binary16, Real, Count>(job, read);
    case reading::tf32: return pack<reading::tf32, Real, Count>(job, read);
    case reading::raw: return pack<reading::raw, Real, Count>(job, read);
  }
}

}  // namespace values

/// A `gemm_pack`: the values of instruction i are v[product x Count + vector], products in the
/// order in which the unit takes them.
template <class Real, int Count>
LOWP_UNIT void pack_values(const gemm_source& from, std::size_t first, std::uint64_t instructions,
                           std::byte* out, unsigned char* special) {
  values::pack<Real, Count>(
      {from, first, instructions, out, special, value_bytes(from.model->k, Count, sizeof(Real))});
}

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_PACKED_VALUES_HPP
