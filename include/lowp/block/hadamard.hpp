// SPDX-License-Identifier: Apache-2.0
/// \file
/// The random Hadamard transform: elements get random signs, then groups of n are multiplied by the
/// orthogonal matrix of +1 and -1. It spreads outliers before a block is quantised.
#ifndef LOWP_BLOCK_HADAMARD_HPP
#define LOWP_BLOCK_HADAMARD_HPP

#include <cstdint>

#include "../binary32.hpp"
#include "../detail/bits.hpp"
#include "../random/random_source.hpp"

namespace lowp {

/// The greatest number of elements of a group.
inline constexpr int most_hadamard_elements = 1024;

/// Elements that change their sign: element i if bit i mod 32 of word i / 32 is set.
struct sign_mask {
  std::uint32_t word[most_hadamard_elements / 32] = {};

  LOWP_FN bool operator[](int i) const noexcept { return (word[i / 32] >> (i % 32) & 1) != 0; }
  friend LOWP_FN bool operator==(const sign_mask&, const sign_mask&) noexcept = default;
};

/// The signs of at most 32 elements as one number, that of element i in bit i.
LOWP_FN sign_mask signs_of(std::uint32_t minus) noexcept { return {{minus}}; }

/// Random signs of n elements: those of element i in bit i mod 32 of word i / 32 of the source.
/// spec/hadamard.md HAD-2.
LOWP_FN sign_mask random_signs(const random_source& source, int n) noexcept {
  sign_mask m;
  for (int i = 0; i < n && i < most_hadamard_elements; i += 32) {
    m.word[i / 32] = random_word(source, static_cast<std::uint64_t>(i / 32));
    if (n - i < 32) m.word[i / 32] &= (std::uint32_t{1} << (n - i)) - 1;
  }
  return m;
}

/// The order in which the n terms of a result are added. spec/hadamard.md HAD-3.
enum class hadamard_sum : std::uint8_t {
  butterfly,  ///< log2 n stages of sums and differences of two, neighbours first
  in_order,   ///< terms 0, 1, 2, ... one by one: a product with the matrix
};

/// Where the factor 1/sqrt(n) goes. HAD-4.
enum class hadamard_scaling : std::uint8_t {
  after,   ///< each sum is multiplied by it
  before,  ///< each term is: the matrix has entries of that magnitude
  none,    ///< nowhere; the inverse then multiplies by 1/n, after its sums
};

/// A transform of groups of `size` numbers. HAD-1.
struct hadamard_transform {
  std::uint16_t size = 16;  ///< a power of two, 2...1024
  sign_mask minus{};        ///< of the elements of every group
  hadamard_sum sum = hadamard_sum::butterfly;
  hadamard_scaling scaling = hadamard_scaling::after;

  friend LOWP_FN bool operator==(const hadamard_transform&,
                                 const hadamard_transform&) noexcept = default;
};

/// The transform of Transformer Engine's NVFP4 recipe; the order of its sums is not published.
/// spec/hadamard.md HAD-5.
inline constexpr hadamard_transform transformer_engine_hadamard{16, signs_of(0xd7e8)};

/// The rule that a transform or its matrix breaks, see `check` and `message`.
enum class [[nodiscard]] hadamard_error : std::uint8_t{
    none,
    size,     ///< the size is no power of two from 2 to 1024
    columns,  ///< the columns are no multiple of the size
    pitch,    ///< rows begin less than `columns` numbers apart
};

/// Which rule a transform breaks; `hadamard_error::none` for a usable one.
LOWP_FN hadamard_error check(const hadamard_transform& t) noexcept {
  const bool usable =
      t.size >= 2 && t.size <= most_hadamard_elements && detail::is_power_of_two(t.size);
  return usable ? hadamard_error::none : hadamard_error::size;
}

/// The rule in words, for messages.
LOWP_FN const char* message(hadamard_error e) noexcept {
  switch (e) {
    case hadamard_error::none: return "no error";
    case hadamard_error::size: return "the size must be a power of two from 2 to 1024";
    case hadamard_error::columns: return "the columns must be a multiple of the size";
    case hadamard_error::pitch: return "rows must begin at least as far apart as they are long";
  }
  return "unknown";
}

/// 1/sqrt(n) rounded to binary32, exact for powers of four, n = 2, 4, ..., 1024. HAD-4.
template <binary32_real Real>
LOWP_FN Real hadamard_factor(int n) noexcept {
  constexpr std::uint32_t half_root_2 = 0x3f3504f3;
  const auto log2 =
      static_cast<std::uint32_t>(detail::trailing_zeros(static_cast<std::uint64_t>(n)));
  return real_from_bits<Real>((log2 % 2 == 0 ? binary32_bits::one : half_root_2) -
                              (log2 / 2 << 23));
}

namespace detail {

template <binary32_real Real>
LOWP_FN Real changed_sign(Real x, bool change) noexcept {
  return change ? real_from_bits<Real>(real_bits(x) ^ binary32_bits::sign) : x;
}

template <binary32_real Real>
LOWP_FN void multiply_all(Real* x, int n, Real factor) noexcept {
  for (int i = 0; i < n; ++i) x[i] = x[i] * factor;
}

template <binary32_real Real>
LOWP_FN void change_signs(const sign_mask& minus, Real* x, int n) noexcept {
  for (int i = 0; i < n; ++i) x[i] = changed_sign(x[i], minus[i]);
}

/// Stage h = 1, 2, ..., n/2 replaces elements k and k + h by their sum and their difference.
template <binary32_real Real>
LOWP_FN void butterfly_sums(Real* x, int n) noexcept {
  for (int h = 1; h < n; h *= 2) {
    for (int first = 0; first < n; first += 2 * h) {
      for (int k = first; k < first + h; ++k) {
        const Real a = x[k], b = x[k + h];
        x[k] = a + b;
        x[k + h] = a - b;
      }
    }
  }
}

/// Entry (i, j) of the matrix is -1 where i and j share an odd number of set bits.
template <binary32_real Real>
LOWP_FN void sums_in_order(Real* x, int n) noexcept {
  Real sums[most_hadamard_elements]{};
  for (int j = 0; j < n; ++j) {
    sums[j] = x[0];
    for (int i = 1; i < n; ++i) {
      const bool minus = has_odd_ones(static_cast<std::uint64_t>(i & j));
      sums[j] = sums[j] + changed_sign(x[i], minus);
    }
  }
  for (int j = 0; j < n; ++j) x[j] = sums[j];
}

/// The matrix without signs, with its factor.
template <binary32_real Real>
LOWP_FN void multiply_by_matrix(const hadamard_transform& t, Real* x) noexcept {
  const Real factor = hadamard_factor<Real>(t.size);
  if (t.scaling == hadamard_scaling::before) multiply_all(x, t.size, factor);
  if (t.sum == hadamard_sum::butterfly) {
    butterfly_sums(x, t.size);
  } else {
    sums_in_order(x, t.size);
  }
  if (t.scaling == hadamard_scaling::after) multiply_all(x, t.size, factor);
}

}  // namespace detail

/// y_j = c sum over i of s_i x_i H_ij, in place, for the `t.size` numbers at x. HAD-1.
template <binary32_real Real>
LOWP_FN void hadamard(const hadamard_transform& t, Real* x) noexcept {
  detail::change_signs(t.minus, x, t.size);
  detail::multiply_by_matrix(t, x);
}

/// The transform that takes y back to x: the same matrix, then the signs. spec/hadamard.md HAD-6.
template <binary32_real Real>
LOWP_FN void inverse_hadamard(const hadamard_transform& t, Real* y) noexcept {
  detail::multiply_by_matrix(t, y);
  if (t.scaling == hadamard_scaling::none) {
    const auto log2 = static_cast<std::uint32_t>(detail::trailing_zeros(t.size));
    detail::multiply_all(y, t.size, real_from_bits<Real>((127 - log2) << 23));
  }
  detail::change_signs(t.minus, y, t.size);
}

/// Whether rows of a matrix consist of groups, `pitch` numbers from row to row. HAD-7.
LOWP_FN hadamard_error check(const hadamard_transform& t, std::uint64_t columns,
                             std::uint64_t pitch) noexcept {
  const hadamard_error e = check(t);
  if (e != hadamard_error::none) return e;
  if (columns % t.size != 0) return hadamard_error::columns;
  return pitch < columns ? hadamard_error::pitch : hadamard_error::none;
}

/// The transform, or its inverse, of every group of a matrix's rows, in place. Nothing is written
/// where an error is returned. HAD-7.
template <binary32_real Real>
LOWP_FN hadamard_error hadamard_rows(const hadamard_transform& t, Real* x, std::uint64_t rows,
                                     std::uint64_t columns, std::uint64_t pitch) noexcept {
  const hadamard_error e = check(t, columns, pitch);
  if (e != hadamard_error::none) return e;
  for (std::uint64_t i = 0; i < rows; ++i) {
    for (std::uint64_t j = 0; j < columns; j += t.size) hadamard(t, x + i * pitch + j);
  }
  return e;
}
template <binary32_real Real>
LOWP_FN hadamard_error inverse_hadamard_rows(const hadamard_transform& t, Real* y,
                                             std::uint64_t rows, std::uint64_t columns,
                                             std::uint64_t pitch) noexcept {
  const hadamard_error e = check(t, columns, pitch);
  if (e != hadamard_error::none) return e;
  for (std::uint64_t i = 0; i < rows; ++i) {
    for (std::uint64_t j = 0; j < columns; j += t.size) inverse_hadamard(t, y + i * pitch + j);
  }
  return e;
}

}  // namespace lowp

#endif  // LOWP_BLOCK_HADAMARD_HPP
